package sim

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// monday is the day of the record: 5 January 2026, nine o'clock in UTC, which is
// ten in Paris.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// The two deliveries of the record.
const (
	thanks = "acme/round-1/thank-you/ken@acme.example"
	asks   = "acme/round-1/follow-up-1/ken@acme.example"
)

// record is what the servers and the store hold after a play in which nothing
// went wrong: a thank-you on Tuesday, a follow-up the Monday after, an answer to
// it. Each invariant must have something to judge in it.
func record() Outcome {
	ken := Person{Name: "Ken Osei", Email: "ken@acme.example", Said: "the team moves the pager"}
	app := Application{Stem: "acme", Company: "Acme", Domain: "acme.example", Zone: "Europe/Paris",
		Interviews: []Interview{{ID: "round-1", At: monday, Minutes: 45, People: []Person{ken}}}}
	o := Outcome{Plan: Plan{Start: monday.Add(-4 * time.Hour), Days: Days, Zone: "Europe/Paris", Applications: []Application{app}}, End: monday.AddDate(0, 0, 20)}
	to := scheduler.Recipient{Name: ken.Name, Email: ken.Email}
	o.Stored = map[string]scheduler.Delivery{
		thanks: {Key: thanks, Application: "acme", Interview: "round-1", Kind: scheduler.Owed, To: to, Began: monday, State: scheduler.Sent,
			Due: monday.AddDate(0, 0, 1), Expires: monday.AddDate(0, 0, 3)},
		asks: {Key: asks, Application: "acme", Interview: "round-1", Kind: scheduler.Asking, To: to, Began: monday, State: scheduler.Sent,
			Due: monday.AddDate(0, 0, 8)},
	}
	o.take(thanks, "<1@example.org>", monday.AddDate(0, 0, 1))
	o.take(asks, "<2@example.org>", monday.AddDate(0, 0, 8))
	o.Letters = []Arrived{{Kind: Human, Stem: "acme", From: ken.Email, Folder: mailtest.Inbox, MessageID: "<answer@acme.example>", At: monday.AddDate(0, 0, 9)}}
	o.Mails = []scheduler.Mail{{MessageID: "<answer@acme.example>", Application: "acme", Class: "human"}}
	o.Log = "level=INFO msg=attempt key=" + thanks + "\n"
	return o
}

// take lets the server take a delivery.
func (o *Outcome) take(key, id string, at time.Time) {
	app := o.Plan.Applications[0]
	o.Accepted = append(o.Accepted, Accepted{Accepted: mailtest.Accepted{At: at, To: []string{"ken@acme.example"}, MessageID: id},
		Key: key, Delivery: o.Stored[key], Application: app, Person: app.Interviews[0].People[0]})
}

// change changes a stored delivery, and what the server's record says of it.
func (o *Outcome) change(key string, how func(*scheduler.Delivery)) {
	d := o.Stored[key]
	how(&d)
	o.Stored[key] = d
	for n := range o.Accepted {
		if o.Accepted[n].Key == key {
			o.Accepted[n].Delivery = d
		}
	}
}

// late lets thanks leave that the user queued, for the round that began then.
func (o *Outcome) late(began time.Time) {
	d := o.Stored[thanks]
	d.Key, d.Interview, d.Began, d.Expires = "acme//thank-you-late/ken@acme.example", "", began, time.Time{}
	o.Stored[d.Key] = d
	o.take(d.Key, "<late@example.org>", monday.AddDate(0, 0, 3))
}

// doubt puts a delivery in doubt a week before the end.
func (o *Outcome) doubt(key string) {
	o.change(key, func(d *scheduler.Delivery) { d.State = scheduler.InDoubt })
	o.Events = append(o.Events, scheduler.Event{Key: key, From: "handed_over", To: "in_doubt", At: monday.AddDate(0, 0, 8)})
}

// delete lets the user delete the answer before the program reads it; then
// everything that asks is held with these words, if there are any.
func (o *Outcome) delete(why string) {
	o.Deleted, o.Letters, o.Mails = o.Letters, nil, nil
	if why != "" {
		o.Events = append(o.Events, scheduler.Event{What: "held", Why: why, At: o.Deleted[0].At.Add(time.Hour)})
	}
}

// comesLate lets the user delete the answer so long after it came, and the file of its
// application come so long after it.
func (o *Outcome) comesLate(gone, file time.Duration) {
	o.delete("")
	l := &o.Deleted[0]
	l.Gone, o.added = l.At.Add(gone), map[string]time.Time{l.Stem: l.At.Add(file)}
}

// comesLater has the file name Ken only later, and his letter, which nobody noticed, come so
// long after the meeting began.
func (o *Outcome) comesLater(after time.Duration) {
	i := &o.Plan.Applications[0].Interviews[0]
	o.Mails, i.Later, o.Letters[0].At = nil, i.People, i.At.Add(after)
}

// hour lets two more thank-yous leave after the first, so long one after the other.
func (o *Outcome) hour(sending string, apart time.Duration) {
	o.Plan.Sending = sending
	o.Accepted = o.Accepted[:1]
	for n := range 2 {
		o.take(thanks, fmt.Sprintf("<hour-%d@example.org>", n), o.Accepted[0].At.Add(time.Duration(n+1)*apart))
	}
}

// expires lets a delivery expire that was approved before it was due.
func (o *Outcome) expires(key string) {
	o.change(key, func(d *scheduler.Delivery) { d.State, d.Zone = scheduler.Expired, "Europe/Paris" })
	o.Accepted = slices.DeleteFunc(o.Accepted, func(a Accepted) bool { return a.Key == key })
	o.Events = append(o.Events, scheduler.Event{Key: key, From: "planned", To: "approved", At: monday.Add(12 * time.Hour)},
		scheduler.Event{Key: key, From: "approved", To: "expired", At: o.Stored[key].Expires})
}

// example is a change of the record, and whether an invariant must object.
type example struct {
	of     string
	what   string
	breaks bool
	change func(*Outcome)
}

// The examples of what was sent: to whom, how often, when.
func sendingExamples() []example {
	return []example{
		{"never twice", "one delivery taken twice", true, func(o *Outcome) { o.take(thanks, "<1@example.org>", monday.AddDate(0, 0, 1).Add(time.Hour)) }},
		{"never twice", "two thank-yous for one round", true, func(o *Outcome) { o.take(thanks, "<3@example.org>", monday.AddDate(0, 0, 1).Add(time.Hour)) }},
		{"never twice", "a thank-you for each of two rounds", false, func(o *Outcome) {
			d := o.Stored[thanks]
			d.Key, d.Interview = "acme/round-2/thank-you/ken@acme.example", "round-2"
			o.Stored[d.Key] = d
			o.take(d.Key, "<3@example.org>", monday.AddDate(0, 0, 2))
		}},
		{"only what was planned", "a mail that no delivery is", true, func(o *Outcome) { o.take("", "<3@example.org>", monday.AddDate(0, 0, 2)) }},
		{"only what was planned", "a mail to a stranger", true, func(o *Outcome) { o.Accepted[0].Person = Person{} }},
		{"only what was planned", "a mail to two at once", true, func(o *Outcome) { o.Accepted[0].To = []string{"ken@acme.example", "mara@acme.example"} }},
		{"only what was planned", "a mail to another than the delivery's", true, func(o *Outcome) { o.Accepted[0].To = []string{"mara@acme.example"} }},
		{"only what was planned", "the file writes the address in capitals", false, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.To.Email = "Ken@Acme.example" })
		}},
		{"nothing asks after an answer", "asked a day after the answer", true, func(o *Outcome) { o.Letters[0].At = monday.AddDate(0, 0, 7) }},
		{"nothing asks after an answer", "asked while the answer arrived", false, func(o *Outcome) { o.Letters[0].At = monday.AddDate(0, 0, 8).Add(-20 * time.Second) }},
		{"nothing asks after an answer", "asked after who had left the file wrote from elsewhere", false, func(o *Outcome) {
			o.leaves(leftFile)
			o.Letters[0].At, o.Letters[0].MessageID = monday.AddDate(0, 0, 7), "<answer@home.example>"
		}},
		{"nothing asks after an answer", "asked after who had left the file wrote from the company", true, func(o *Outcome) {
			o.leaves(leftFile)
			o.Letters[0].At = monday.AddDate(0, 0, 7)
		}},
		{"nothing asks after an answer", "asked because the user said so", false, func(o *Outcome) {
			o.Letters[0].At = monday.AddDate(0, 0, 7)
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 7).Add(time.Hour), what: "resume", on: "acme"})
		}},
		{"nothing asks after an answer", "the user spoke before the answer", true, func(o *Outcome) {
			o.Letters[0].At = monday.AddDate(0, 0, 7)
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 6), what: "resume", on: "acme"})
		}},
		{"nothing asks after an answer", "asked during an absence", false, func(o *Outcome) { o.Letters[0].At, o.Letters[0].Kind = monday.AddDate(0, 0, 7), OutOfOffice }},
		{"nothing after the end", "asked after the rejection", true, func(o *Outcome) { o.ends("rejected", monday.AddDate(0, 0, 7)) }},
		{"nothing after the end", "asked while the file could not be read", true, func(o *Outcome) { o.ends(unreadable, monday.AddDate(0, 0, 7)) }},
		{"nothing after the end", "asked after the file was mended", false, func(o *Outcome) {
			o.ends(unreadable, monday.AddDate(0, 0, 7))
			o.ends(readable, monday.AddDate(0, 0, 8))
			o.Accepted[1].At = monday.AddDate(0, 0, 8).Add(time.Millisecond)
		}},
		{"nothing after the end", "mended, and closed as before", true, func(o *Outcome) {
			o.ends("closed", monday.AddDate(0, 0, 6))
			o.ends(unreadable, monday.AddDate(0, 0, 7))
			o.ends(readable, monday.AddDate(0, 0, 7).Add(time.Hour))
		}},
		{"never twice", "thanked although the user had written", true, func(o *Outcome) {
			o.byHand = []byHand{{at: monday.Add(10 * time.Hour), to: "ken@acme.example"}}
		}},
		{"never twice", "the user wrote while it left", false, func(o *Outcome) {
			o.byHand = []byHand{{at: monday.AddDate(0, 0, 1).Add(-10 * time.Second), to: "ken@acme.example"}}
		}},
		{"nothing after the end", "thanked who had left the file", true, func(o *Outcome) { o.leaves(leftFile) }},
		{"nothing after the end", "thanked who had left the file and come back", false, func(o *Outcome) { o.leaves(leftFile); o.leaves(joinedFile) }},
		{"nothing after the end", "thanked by a copy of the profile", true, func(o *Outcome) { o.elsewhere = []span{{monday, monday.AddDate(0, 0, 2)}} }},
		{"nothing after the end", "rejected after the mail", false, func(o *Outcome) { o.ends("rejected", monday.AddDate(0, 0, 9)) }},
		{"nothing after the end", "paused and active again before the mail", false, func(o *Outcome) {
			o.ends("paused", monday.AddDate(0, 0, 6))
			o.ends("active", monday.AddDate(0, 0, 7))
		}},
	}
}

func (o *Outcome) ends(status string, at time.Time) {
	o.closed = append(o.closed, act{at: at, what: status, on: "acme"})
}

// The examples of late thanks, and of a profile that moved.
func laterExamples() []example {
	return []example{
		{"never twice", "late thanks for the same round", true, func(o *Outcome) { o.late(monday) }},
		{"never twice", "late thanks for the round after it was moved", false, func(o *Outcome) {
			o.moved = map[string]time.Time{"acme/round-1": monday.AddDate(0, 0, 7)}
			o.late(monday.AddDate(0, 0, 7))
		}},
		{"never twice", "late thanks for another round", false, func(o *Outcome) { o.late(monday.AddDate(0, 0, 7)) }},
		{"nothing after the end", "late thanks after the application was closed", false, func(o *Outcome) {
			o.late(monday.AddDate(0, 0, 7))
			o.Accepted = o.Accepted[2:]
			o.ends("closed", monday.AddDate(0, 0, 1))
		}},
		{"nothing after the end", "late thanks while the file says paused", true, func(o *Outcome) {
			o.late(monday.AddDate(0, 0, 7))
			o.Accepted = o.Accepted[2:]
			o.ends("paused", monday.AddDate(0, 0, 1))
		}},
		{"nothing is stuck", "held as a copy although it was adopted", true, func(o *Outcome) {
			o.Holds, o.adopted = []scheduler.Hold{{Source: "machine", Set: monday}}, monday.Add(time.Hour)
		}},
		{"nothing is stuck", "held as a copy since an old store was put back", false, func(o *Outcome) {
			o.Holds, o.adopted = []scheduler.Hold{{Source: "machine", Set: monday.Add(2 * time.Hour)}}, monday.Add(time.Hour)
		}},
	}
}

// The examples of when mail may leave.
func timeExamples() []example {
	asked := func(n int, at time.Time) func(*Outcome) { return func(o *Outcome) { o.Accepted[n].At = at } }
	return []example{
		{"inside the window", "asked on a Sunday", true, asked(1, monday.AddDate(0, 0, 6))},
		{"inside the window", "asked at seven in the morning", true, asked(1, monday.AddDate(0, 0, 8).Add(-3*time.Hour))},
		{"inside the window", "asked at seven, after two slots were missed and the user said send", false, func(o *Outcome) {
			asked(1, monday.AddDate(0, 0, 8).Add(-3*time.Hour))(o)
			o.Accepted[1].Delivery.Missed = 2
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 7), what: "send", on: o.Accepted[1].Key})
		}},
		{"inside the window", "asked at seven, after one slot was missed and the user said send", true, func(o *Outcome) {
			asked(1, monday.AddDate(0, 0, 8).Add(-3*time.Hour))(o)
			o.Accepted[1].Delivery.Missed = 1
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 7), what: "send", on: o.Accepted[1].Key})
		}},
		{"inside the window", "thanked at seven in the morning", false, asked(0, monday.AddDate(0, 0, 1).Add(-3*time.Hour))},
		{"inside the window", "thanked in the night", true, asked(0, monday.AddDate(0, 0, 1).Add(13*time.Hour))},
		{"inside the window", "ten in Paris is two in Los Angeles", true, func(o *Outcome) { o.Accepted[0].Application.Zone = "America/Los_Angeles" }},
		{"inside the window", "the machine's clock is four hours slow", false, func(o *Outcome) {
			o.skews = []skew{{from: monday, by: -4 * time.Hour}, {from: monday.AddDate(0, 0, 2)}}
			o.Accepted[0].At = monday.AddDate(0, 0, 1).Add(14 * time.Hour)
		}},
	}
}

// The examples of mail that comes too often, or too late.
func oftenExamples() []example {
	asked := func(n int, at time.Time) func(*Outcome) { return func(o *Outcome) { o.Accepted[n].At = at } }
	return []example{
		{"inside the limits", "asked again after five days", true, func(o *Outcome) { o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 13)) }},
		{"inside the limits", "asked again after seven days", false, func(o *Outcome) { o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 15)) }},
		{"inside the limits", "the first of the two bounced", false, func(o *Outcome) {
			o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 13))
			o.Letters = []Arrived{{Kind: Bounce, Stem: "acme", From: "ken@acme.example", At: monday.AddDate(0, 0, 9)}}
		}},
		{"inside the limits", "whoever was asked first has left, says a letter that was deleted since", false, func(o *Outcome) {
			o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 13))
			o.Deleted = append(o.Deleted, Arrived{Kind: Gone, Stem: "acme", From: "ken@acme.example", At: monday.AddDate(0, 0, 9)})
		}},
		{"inside the limits", "asked a third time without an answer", true, func(o *Outcome) {
			o.Letters = nil
			o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 15))
			o.take(asks, "<4@example.org>", monday.AddDate(0, 0, 22))
		}},
		{"inside the limits", "asked a third time after an answer", false, func(o *Outcome) {
			o.take(asks, "<3@example.org>", monday.AddDate(0, 0, 15))
			o.take(asks, "<4@example.org>", monday.AddDate(0, 0, 22))
		}},
		{"inside the limits", "three within the hour where two may leave", true, func(o *Outcome) { o.hour("per_hour: 2", 20*time.Minute) }},
		{"inside the limits", "three within the hour, an old store put back before", true, func(o *Outcome) {
			o.hour("per_hour: 2", 20*time.Minute)
			o.restores = []time.Time{monday}
		}},
		{"inside the limits", "three within the hour, an old store put back between", false, func(o *Outcome) {
			o.hour("per_hour: 2", 20*time.Minute)
			o.restores = []time.Time{monday.AddDate(0, 0, 1).Add(time.Minute)}
		}},
		{"inside the limits", "three within the hour, the clock set before", true, func(o *Outcome) {
			o.hour("per_hour: 2", 20*time.Minute)
			o.skews = []skew{{from: monday, by: time.Hour}}
		}},
		{"inside the limits", "three within the hour, the clock set between", false, func(o *Outcome) {
			o.hour("per_hour: 2", 20*time.Minute)
			o.skews = []skew{{from: monday.AddDate(0, 0, 1).Add(time.Minute), by: time.Hour}}
		}},
		{"inside the limits", "three within more than an hour", false, func(o *Outcome) { o.hour("per_hour: 2", 31*time.Minute) }},
		{"inside the limits", "twenty may leave where nothing is said", false, func(o *Outcome) { o.hour("spread: 5m", time.Minute) }},
		{"inside the window", "asked on a holiday", true, func(o *Outcome) {
			o.Plan.Sending = "spread: 5m\nholidays: FR"
			o.Accepted[1].At = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		}},
		{"inside the window", "another country's holiday", false, func(o *Outcome) {
			o.Plan.Sending = "holidays: US"
			o.Accepted[1].At = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		}},
		{"not after it expired", "thanked after a week, and the store allows it", true, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.Expires = monday.AddDate(0, 0, 9) })
			o.Accepted[0].At = monday.AddDate(0, 0, 7)
		}},
		{"not after it expired", "thanked after a week, and the interview was moved", false, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.Expires = monday.AddDate(0, 0, 9) })
			o.moved = map[string]time.Time{"acme/round-1": monday.AddDate(0, 0, 4)}
			o.Accepted[0].At = monday.AddDate(0, 0, 7)
		}},
		{"not after it expired", "thanked before an old store was put back, which has an earlier date", false, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.Expires = monday })
			o.restores = []time.Time{monday.AddDate(0, 0, 5)}
		}},
		{"not after it expired", "thanked after the date of an old store that was put back", true, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.Expires = monday })
			o.restores = []time.Time{monday}
		}},
		{"not after it expired", "thanked after three days", true, asked(0, monday.AddDate(0, 0, 3).Add(2*time.Minute))},
		{"not after it expired", "thanked in the last minute", false, asked(0, monday.AddDate(0, 0, 3).Add(-time.Minute))},
	}
}

// untoldExamples are those of mail that is nobody's: no file tells whose it is yet, or any more.
func untoldExamples() []example {
	return []example{
		{"every answer is noticed", "one deleted before a file told whose it is", false, func(o *Outcome) { o.comesLate(time.Hour, 10*24*time.Hour) }},
		{"every answer is noticed", "one deleted as the file came", false, func(o *Outcome) { o.comesLate(24*time.Hour, 24*time.Hour-time.Minute) }},
		{"every answer is noticed", "one deleted long after the file came", true, func(o *Outcome) { o.comesLate(24*time.Hour, time.Hour) }},
		{"every answer is noticed", "one deleted while a file came and the program was off", false, func(o *Outcome) {
			o.comesLate(24*time.Hour, time.Hour)
			o.down = []span{{o.Deleted[0].At.Add(time.Minute), o.End}}
		}},
		{"every answer is noticed", "one that came and went while the program was off, before the file", true, func(o *Outcome) {
			o.comesLate(time.Hour, 24*time.Hour)
			o.down = []span{{o.Deleted[0].At.Add(-time.Minute), o.End}}
		}},
		{"every answer is noticed", "one deleted while the file of another one came", true, func(o *Outcome) {
			o.comesLate(time.Hour, 24*time.Hour)
			o.Deleted[0].Stem = "globex"
		}},
		{"every answer is noticed", "an answer from elsewhere, of somebody who had left the file", false, func(o *Outcome) {
			o.leaves(leftFile)
			o.Mails, o.Letters[0].At, o.Letters[0].MessageID = nil, monday.AddDate(0, 0, 7), "<answer@home.example>"
		}},
		{"every answer is noticed", "an answer from the company, of somebody who had left the file", true, func(o *Outcome) {
			o.leaves(leftFile)
			o.Mails, o.Letters[0].At = nil, monday.AddDate(0, 0, 7)
		}},
	}
}

// notReadBackExamples are letters that an old store, which was put back, need not have read.
func notReadBackExamples() []example {
	return []example{
		{"every answer is noticed", "an answer of an application that is over, in a folder that an old store knew by another number", false, func(o *Outcome) {
			o.Mails, o.renumbered, o.restores = nil, true, []time.Time{monday.AddDate(0, 0, 10)}
			o.ends("withdrawn", monday.AddDate(0, 0, 11))
		}},
		{"every answer is noticed", "the same, while the application goes on", true, func(o *Outcome) {
			o.Mails, o.renumbered, o.restores = nil, true, []time.Time{monday.AddDate(0, 0, 10)}
			o.ends("withdrawn", monday.AddDate(0, 0, 11))
			o.ends("active", monday.AddDate(0, 0, 12))
		}},
		{"every answer is noticed", "the same, after the store was put back", true, func(o *Outcome) {
			o.Mails, o.renumbered, o.restores = nil, true, []time.Time{monday.AddDate(0, 0, 8)}
			o.ends("withdrawn", monday.AddDate(0, 0, 11))
		}},
	}
}

// The examples of what the program knows, keeps and tells.
func knowingExamples() []example {
	return []example{
		{"sent, or waiting with a reason", "nothing is known of a thank-you", true, func(o *Outcome) { delete(o.Stored, thanks) }},
		{"sent, or waiting with a reason", "planned, and nothing says why", true, func(o *Outcome) { o.change(thanks, func(d *scheduler.Delivery) { d.State = scheduler.Planned }) }},
		{"sent, or waiting with a reason", "waits for the user", false, func(o *Outcome) {
			o.change(thanks, func(d *scheduler.Delivery) { d.State, d.WaitingFor = scheduler.Review, "your approval" })
		}},
		{"sent, or waiting with a reason", "the interview was yesterday", false, func(o *Outcome) {
			delete(o.Stored, thanks)
			o.End = monday.AddDate(0, 0, 1)
		}},
		{"sent, or waiting with a reason", "the interview was moved to yesterday", false, func(o *Outcome) {
			delete(o.Stored, thanks)
			o.moved = map[string]time.Time{"acme/round-1": o.End.AddDate(0, 0, -1)}
		}},
		{"sent, or waiting with a reason", "written into a late file and out of it while the program was off", false, func(o *Outcome) {
			o.neverRead(24 * time.Hour)
		}},
		{"sent, or waiting with a reason", "taken out of a late file after the program had read it", true, func(o *Outcome) {
			o.neverRead(30 * time.Minute)
		}},
		{"every answer is noticed", "an answer that nobody read", true, func(o *Outcome) { o.Mails = nil }},
		{"every answer is noticed", "an answer that came before the machine slept to the end", false, func(o *Outcome) {
			o.Mails = nil
			o.down = []span{{o.Letters[0].At.Add(30 * time.Minute), o.End}}
		}},
		{"every answer is noticed", "an answer that came while the machine slept", true, func(o *Outcome) {
			o.Mails = nil
			o.down = []span{{o.Letters[0].At.Add(-time.Hour), o.Letters[0].At.Add(8 * time.Hour)}}
		}},
		{"every answer is noticed", "an answer that only an event names", false, func(o *Outcome) {
			o.Mails = nil
			o.Events = append(o.Events, scheduler.Event{Evidence: "<answer@acme.example>"})
		}},
		{"every answer is noticed", "an answer deleted before anybody read it", true, func(o *Outcome) { o.delete("") }},
		{"every answer is noticed", "one deleted unread, and the user was asked", false, func(o *Outcome) {
			o.delete("mail came and left INBOX before it could be read here")
		}},
		{"every answer is noticed", "one deleted unread, and the user was asked about an earlier one", true, func(o *Outcome) {
			o.delete("mail came and left INBOX before it could be read here")
			o.Events[len(o.Events)-1].At = o.Deleted[0].At.Add(-time.Hour)
		}},
		{"every answer is noticed", "one deleted unread, and the user was asked after the clock was set back", false, func(o *Outcome) {
			o.delete("mail came and left INBOX before it could be read here")
			o.Events[len(o.Events)-1].At = o.Deleted[0].At.Add(-time.Hour)
			o.skews = []skew{{from: o.Deleted[0].At.Add(30 * time.Minute), by: -2 * time.Hour}}
		}},
		{"every answer is noticed", "one deleted unread, and something came into Junk before the next look", false, func(o *Outcome) {
			o.delete("")
			o.asides = []time.Time{o.Deleted[0].At.Add(20 * time.Hour)}
			o.troubles = []span{{o.Deleted[0].At.Add(-time.Hour), o.Deleted[0].At.Add(24 * time.Hour)}}
		}},
		{"every answer is noticed", "one deleted unread, and something came into Junk after the next look", true, func(o *Outcome) {
			o.delete("")
			o.asides = []time.Time{o.Deleted[0].At.Add(20 * time.Hour)}
			o.troubles = []span{{o.Deleted[0].At.Add(-time.Hour), o.Deleted[0].At.Add(6 * time.Hour)}}
		}},
		{"every answer is noticed", "one deleted unread in a folder that was renumbered", false, func(o *Outcome) {
			o.delete("")
			o.renumbered = true
		}},
		{"nothing asks after an answer", "asked after an answer that was deleted", true, func(o *Outcome) {
			o.delete("mail came and left INBOX before it could be read here")
			o.Deleted[0].At = monday.AddDate(0, 0, 7)
		}},
		{"every answer is noticed", "before the meeting, from whom the file names only later", false, func(o *Outcome) { o.comesLater(-time.Hour) }},
		{"every answer is noticed", "after it, from whom the file names only later", true, func(o *Outcome) { o.comesLater(time.Hour) }},
		{"every answer is noticed", "a newsletter that nobody read", false, func(o *Outcome) { o.Mails, o.Letters[0].Kind, o.Letters[0].Stem = nil, Receipt, "" }},
	}
}

// The examples of mail that is stuck, and of what the store and the log say.
func stuckExamples() []example {
	return []example{
		{"nothing is stuck", "on its way for ever", true, func(o *Outcome) { o.change(asks, func(d *scheduler.Delivery) { d.State = scheduler.Sending }) }},
		{"nothing is stuck", "approved, due and standing still", true, func(o *Outcome) { o.change(asks, func(d *scheduler.Delivery) { d.State = scheduler.Approved }) }},
		{"nothing is stuck", "its hour came at the very end", false, func(o *Outcome) {
			o.change(asks, func(d *scheduler.Delivery) { d.State = scheduler.Approved })
			o.before = map[string]scheduler.Delivery{asks: {WaitingFor: "working hours"}}
		}},
		{"nothing is stuck", "still cannot read the mailbox", true, func(o *Outcome) {
			o.change(asks, func(d *scheduler.Delivery) {
				d.State, d.WaitingFor = scheduler.Approved, "the mailbox could not be read"
			})
		}},
		{"nothing is stuck", "expired, and nothing had kept it", true, func(o *Outcome) { o.expires(thanks) }},
		{"nothing is stuck", "expired as soon as an old store was put back", false, func(o *Outcome) {
			o.expires(thanks)
			o.restores = []time.Time{o.Stored[thanks].Expires.Add(-time.Hour)}
		}},
		{"nothing is stuck", "an old store was put back, and nothing kept it since", true, func(o *Outcome) {
			o.expires(thanks)
			o.restores = []time.Time{o.Stored[thanks].Due.Add(time.Hour)}
		}},
		{"nothing is stuck", "expired, and the user was told why", false, func(o *Outcome) {
			o.expires(thanks)
			o.Questions = []scheduler.Question{{Text: "The mail to Ken (" + thanks + ") was not sent. It waited: a hold."}}
		}},
		{"nothing is stuck", "expired, and skipped before it was asked about", false, func(o *Outcome) {
			o.expires(thanks)
			o.change(thanks, func(d *scheduler.Delivery) { d.State, d.Cause = scheduler.Cancelled, scheduler.CauseSkipped })
		}},
		{"nothing is stuck", "expired, and cancelled by nobody", true, func(o *Outcome) {
			o.expires(thanks)
			o.change(thanks, func(d *scheduler.Delivery) { d.State, d.Cause = scheduler.Cancelled, scheduler.CauseClosed })
		}},
		{"nothing is stuck", "expired, and the user queued late thanks in its place", false, func(o *Outcome) {
			o.expires(thanks)
			o.late(monday)
		}},
		{"nothing is stuck", "expired in a store that was put back after it had left", false, func(o *Outcome) {
			o.expires(thanks)
			o.take(thanks, "<1@example.org>", monday.AddDate(0, 0, 1))
		}},
		{"nothing is stuck", "expired while the machine was off", false, func(o *Outcome) {
			o.expires(thanks)
			o.down = []span{{monday, monday.AddDate(0, 0, 4)}}
		}},
		{"nothing is stuck", "approved and on hold", false, func(o *Outcome) {
			o.change(asks, func(d *scheduler.Delivery) { d.State, d.WaitingFor = scheduler.Approved, "a hold" })
		}},
	}
}

// The examples of what the program says of what was sent.
func tellingExamples() []example {
	return []example{
		{"store and server agree", "sent, and the server has nothing", true, func(o *Outcome) { o.Accepted = o.Accepted[:1] }},
		{"store and server agree", "taken, and the store calls it cancelled", true, func(o *Outcome) { o.change(asks, func(d *scheduler.Delivery) { d.State = scheduler.Cancelled }) }},
		{"store and server agree", "taken, and the user gave it up in doubt", false, func(o *Outcome) {
			o.change(asks, func(d *scheduler.Delivery) { d.State, d.Cause = scheduler.Cancelled, scheduler.CauseDropped })
		}},
		{"store and server agree", "bounced, and the server has nothing", true, func(o *Outcome) {
			o.change(asks, func(d *scheduler.Delivery) { d.State = scheduler.Bounced })
			o.Accepted = o.Accepted[:1]
		}},
		{"doubt and refusal are told", "a doubt in silence", true, func(o *Outcome) { o.doubt(asks) }},
		{"doubt and refusal are told", "a notice of another mail", true, func(o *Outcome) {
			o.doubt(asks)
			o.Notices = append(o.Notices, mailtest.Accepted{Raw: []byte("\r\n\r\n" + thanks + " is in doubt\r\n")})
		}},
		{"doubt and refusal are told", "a notice that named it the day before", true, func(o *Outcome) {
			o.doubt(asks)
			o.Notices = append(o.Notices, mailtest.Accepted{At: monday.AddDate(0, 0, 7), Raw: []byte("\r\n\r\n" + asks + " waits for you\r\n")})
		}},
		{"doubt and refusal are told", "a notice that names it, folded", false, func(o *Outcome) {
			o.doubt(asks)
			o.Notices = append(o.Notices, mailtest.Accepted{At: monday.AddDate(0, 0, 8), Raw: []byte("\r\n\r\n" + asks[:12] + "=\r\n" + asks[12:] + " is in doubt\r\n")})
		}},
		{"doubt and refusal are told", "a doubt that ended within the minute", false, func(o *Outcome) {
			o.doubt(asks)
			o.Events = append(o.Events, scheduler.Event{Key: asks, From: "in_doubt", To: "sent", At: monday.AddDate(0, 0, 8).Add(30 * time.Second)})
		}},
		{"doubt and refusal are told", "a doubt that ended at once, and the clock was set back between", false, func(o *Outcome) {
			o.doubt(asks)
			o.Events = append(o.Events, scheduler.Event{Key: asks, From: "in_doubt", To: "sent", At: monday.AddDate(0, 0, 8).Add(-time.Hour)})
		}},
		{"no secret in the log", "the password", true, func(o *Outcome) { o.Log += "level=DEBUG said=\"AUTH PLAIN " + password + "\"\n" }},
		{"no secret in the log", "the profile's secret in base64", true, func(o *Outcome) { o.Log += base64.StdEncoding.EncodeToString([]byte(secret)) }},
		{"no secret in the log", "the password in base64, as AUTH PLAIN says it", true, func(o *Outcome) {
			o.Log += base64.StdEncoding.EncodeToString([]byte("\x00dana@example.org\x00" + password + "-2"))
		}},
		{"no secret in the log", "a token", true, func(o *Outcome) { o.Log += "level=DEBUG auth=token-1\n"; o.tokens = []string{"token-1"} }},
		{"no secret in the log", "a name", true, func(o *Outcome) { o.Log += "level=INFO to=\"Ken Osei\"\n" }},
		{"no secret in the log", "what somebody said", true, func(o *Outcome) { o.Log += "the team moves the pager\n" }},
		{"no secret in the log", "another key", false, func(o *Outcome) { o.Log += "level=INFO key=" + asks + "\n" }},
	}
}

// leaves lets Ken leave the file, or come back into it, the day before the thanks.
func (o *Outcome) leaves(what string) {
	o.left = append(o.left, act{at: monday.Add(time.Hour), what: what, on: "acme/round-1/ken@acme.example"})
}

// neverRead lets the file come late and Ken leave it within the hour, while the program is
// off for some time since; nothing is known of thanks for him.
func (o *Outcome) neverRead(off time.Duration) {
	delete(o.Stored, thanks)
	o.leaves(leftFile)
	o.added = map[string]time.Time{"acme": monday.Add(20 * time.Minute)}
	o.down = append(o.down, span{monday, monday.Add(off)})
}

// answer lets the user answer a notice, and the program carry it out and confirm it.
func (o *Outcome) answer(word string, at time.Time) {
	const id = "<phone@phone.example>"
	o.answers = append(o.answers, said{at: at, id: id, word: word, notice: "<notice@example.org>", told: at.Add(-time.Hour)})
	o.Events = append(o.Events, scheduler.Event{What: "answered by mail", Evidence: id, At: at.Add(time.Minute)})
	o.Notices = append(o.Notices, mailtest.Accepted{At: at.Add(time.Minute), MessageID: "<confirmed@example.org>", Raw: []byte("In-Reply-To: " + id + "\r\n\r\nDone.\r\n")})
}

// tells lets a notice of the outbox reach the user so often, an hour apart.
func (o *Outcome) tells(times int) {
	o.Outbox = append(o.Outbox, outboxed{scheduler.Notice{Key: "review/" + asks, At: monday}, "<notice@example.org>"})
	for n := range times {
		o.Notices = append(o.Notices, mailtest.Accepted{At: monday.Add(time.Duration(n) * time.Hour), MessageID: "<notice@example.org>"})
	}
}

// tellsTogether names the notice, and tells one of that subject with others as one message.
func (o *Outcome) tellsTogether(subject string) {
	o.Outbox[len(o.Outbox)-1].Subject = "Waits for you"
	o.Notices = append(o.Notices, mailtest.Accepted{At: monday, Raw: []byte("Subject: 2 at once\r\n\r\nThese came at once, so that they stand in one message.\r\n\r\n" + subject + "\r\n")})
}

// The examples of notices and their answers.
func answerExamples() []example {
	const once, others, told = "an answer is carried out once", "nobody else's mail is an answer", "each notice is told, and once"
	return []example{
		{once, "carried out and confirmed", false, func(o *Outcome) { o.answer("skip", monday) }},
		{once, "carried out a second time", true, func(o *Outcome) { o.answer("skip", monday); o.Events = append(o.Events, o.Events...) }},
		{once, "not carried out", true, func(o *Outcome) { o.answer("skip", monday); o.Events = nil }},
		{once, "not confirmed", true, func(o *Outcome) { o.answer("skip", monday); o.Notices = nil }},
		{once, "its confirmation was lost twice", false, func(o *Outcome) {
			o.answer("skip", monday)
			o.Notices, o.troubles = nil, []span{{monday, monday}, {monday.Add(time.Minute), monday.Add(time.Minute)}}
			o.Outbox = []outboxed{{scheduler.Notice{Key: "answered/<phone@phone.example>", At: monday, Told: monday.Add(time.Minute)}, "<confirmed@example.org>"}}
		}},
		{once, "confirmed by two mails", true, func(o *Outcome) {
			o.answer("skip", monday)
			o.Notices = append(o.Notices, mailtest.Accepted{MessageID: "<again@example.org>", Raw: o.Notices[0].Raw})
		}},
		{once, "not carried out, and the store does not know the notice", false, func(o *Outcome) {
			o.answer("skip", monday)
			o.Events, o.restores = nil, []time.Time{monday}
		}},
		{once, "asked after stop", true, func(o *Outcome) { o.answer("stop", monday.AddDate(0, 0, 7)) }},
		{once, "asked after stop and go on", false, func(o *Outcome) {
			o.answer("stop", monday.AddDate(0, 0, 6))
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 7), what: goOn})
		}},
		{once, "asked after stop, and an application was resumed", true, func(o *Outcome) {
			o.answer("stop", monday.AddDate(0, 0, 6))
			o.acts = append(o.acts, act{at: monday.AddDate(0, 0, 7), what: "resume", on: "acme"})
		}},
		{others, "a forged one was obeyed", true, func(o *Outcome) { o.answer("ok", monday); o.answers[0].forged = true }},
		{others, "a forged one was not", false, func(o *Outcome) { o.answer("ok", monday); o.answers[0].forged, o.Events = true, nil }},
		{told, "told", false, func(o *Outcome) { o.tells(1) }},
		{told, "never told", true, func(o *Outcome) { o.tells(0) }},
		{told, "told with others as one", false, func(o *Outcome) { o.tells(0); o.tellsTogether("Waits for you") }},
		{told, "left out of those that were told as one", true, func(o *Outcome) { o.tells(0); o.tellsTogether("Somebody else's") }},
		{told, "over before it could be told", false, func(o *Outcome) {
			o.tells(0)
			o.Outbox[0].Tellings = []scheduler.Telling{{Channel: "mail", Why: "over by then: the mail was approved"}}
		}},
		{told, "refused by its channel", true, func(o *Outcome) {
			o.tells(0)
			o.Outbox[0].Tellings = []scheduler.Telling{{Channel: "mail", Why: "no other channel is for it"}}
		}},
		{told, "told twice", true, func(o *Outcome) { o.tells(2) }},
		{told, "told twice, and the connection broke", false, func(o *Outcome) { o.tells(2); o.troubles = []span{{monday, monday}} }},
		{told, "told twice, and the connection broke later", true, func(o *Outcome) {
			o.tells(2)
			o.troubles = []span{{monday.Add(30 * time.Minute), monday.Add(40 * time.Minute)}}
		}},
		{told, "told by a store that was put back", false, func(o *Outcome) { o.tells(2); o.restores = []time.Time{monday.Add(20 * time.Minute)} }},
	}
}

// decide names a day by which Acme decides, so long after the first Monday.
func (o *Outcome) decide(days int, at time.Time) {
	o.decides = append(o.decides, act{at: at, what: monday.AddDate(0, 0, days).Format(time.DateOnly), on: "acme"})
}

// The examples of when asking mail rests.
func restExamples() []example {
	const window = "inside the window"
	asked := monday.AddDate(0, 0, 8)
	return []example{
		{window, "asked while the user is away", true, func(o *Outcome) { o.Plan.Away = []days{{asked.AddDate(0, 0, -3), asked}} }},
		{window, "asked on a quiet day", true, func(o *Outcome) { o.Plan.Quiet = []days{{asked, asked.AddDate(0, 0, 2)}} }},
		{window, "asked the day after", false, func(o *Outcome) { o.Plan.Away = []days{{asked.AddDate(0, 0, -3), asked.AddDate(0, 0, -1)}} }},
		{window, "thanked while the user is away", false, func(o *Outcome) { o.Plan.Away = []days{{monday, monday.AddDate(0, 0, 3)}} }},
		{window, "asked on the first working day after their own", true, func(o *Outcome) { o.decide(7, monday) }},
		{window, "asked on the second", false, func(o *Outcome) { o.decide(4, monday) }},
		{window, "the file named the day from the start", true, func(o *Outcome) {
			o.Accepted[1].Application.DecisionBy = monday.AddDate(0, 0, 7).Format(time.DateOnly)
		}},
		{window, "they named it after they were asked", false, func(o *Outcome) { o.decide(9, asked.Add(time.Hour)) }},
	}
}

// The examples of what the user holds, and of words of the user's own.
func heldExamples() []example {
	const end, planned = "nothing after the end", "only what was planned"
	asked := monday.AddDate(0, 0, 8)
	holds := func(on string, until time.Time) func(o *Outcome) {
		return func(o *Outcome) { o.holdings = []holding{{monday.AddDate(0, 0, 5), until, on}} }
	}
	writes := func(text string) func(o *Outcome) {
		return func(o *Outcome) {
			o.edits = []edited{{at: monday.AddDate(0, 0, 7), key: asks, words: "page 7"}}
			o.Accepted[1].Raw = []byte("\r\n\r\n" + text + "\r\n")
		}
	}
	return []example{
		{end, "asked while the application was held", true, holds("acme", time.Time{})},
		{end, "asked while the person was held", true, holds("ken@acme.example", time.Time{})},
		{end, "asked during a pause", true, holds("", asked.Add(time.Hour))},
		{end, "asked after a pause", false, holds("", asked.Add(-time.Hour))},
		{end, "another was held", false, holds("mara@acme.example", time.Time{})},
		{end, "asked after it was resumed", false, func(o *Outcome) {
			holds("acme", time.Time{})(o)
			o.acts = []act{{at: monday.AddDate(0, 0, 6), what: "resume", on: "acme"}}
		}},
		{end, "another was resumed", true, func(o *Outcome) {
			holds("acme", time.Time{})(o)
			o.acts = []act{{at: monday.AddDate(0, 0, 6), what: "resume", on: "globex"}}
		}},
		{end, "asked while config.yaml was broken", true, func(o *Outcome) { o.unreadable = []span{{asked.Add(-time.Hour), asked.Add(time.Hour)}} }},
		{end, "thanked for what was called off", true, func(o *Outcome) { o.off = []act{{at: monday, on: "acme/round-1"}} }},
		{end, "asked after an offer", true, func(o *Outcome) { o.ends("offer", monday) }},
		{end, "thanked after an offer", false, func(o *Outcome) { o.ends("offer", monday); o.Accepted = o.Accepted[:1] }},
		{planned, "without the words that the user wrote", true, writes("Hello")},
		{planned, "in the words that the user wrote", false, writes("Hello, page 7")},
	}
}

// The examples of mail that a hold kept and that then ran out of time, and of letters that
// were first read while their application had no file.
func excusedExamples() []example {
	const stuck, noticed = "nothing is stuck", "every answer is noticed"
	day := func(days int, hour time.Duration) time.Time { return monday.AddDate(0, 0, days).Add(hour * time.Hour) }
	holds := func(on string, until time.Time) func(o *Outcome) {
		return func(o *Outcome) {
			o.expires(thanks)
			o.holdings = []holding{{day(0, 1), until, on}}
		}
	}
	// The letter comes two days before the interview. The program is off from an hour
	// before that to three hours after it, and the file gone for some hours.
	early := func(stem string, from, to time.Duration) func(o *Outcome) {
		return func(o *Outcome) {
			o.Mails, o.Letters[0].At = nil, day(-2, 0)
			o.down = []span{{day(-2, -1), day(-2, 3)}}
			o.gone = []spanOf{{span{day(-2, from), day(-2, to)}, stem}}
		}
	}
	return []example{
		{stuck, "it was held until its last open hours", false, holds("", day(2, 11))},
		{stuck, "it was held until the user resumed it in its last hours", false, func(o *Outcome) {
			holds("acme", time.Time{})(o)
			o.acts = []act{{at: day(2, 11), what: "resume", on: "acme"}}
		}},
		{stuck, "stop held it until its last open hours", false, func(o *Outcome) {
			o.expires(thanks)
			o.answers, o.acts = []said{{word: "stop", at: day(0, 1)}}, []act{{at: day(2, 11), what: goOn}}
		}},
		{stuck, "a stop ended a day before its time did", true, func(o *Outcome) {
			o.expires(thanks)
			o.answers, o.acts = []said{{word: "stop", at: day(0, 1)}}, []act{{at: day(1, 11), what: goOn}}
		}},
		{stuck, "a hold ended a day before its time did", true, holds("", day(1, 11))},
		{stuck, "another was held", true, holds("globex", day(2, 11))},
		{stuck, "a hold kept it to the end, and nothing told so", true, holds("", time.Time{})},
		{noticed, "the file was gone when the letter was first read", false, early("acme", 1, 9)},
		{noticed, "another file was gone", true, early("globex", 1, 9)},
		{noticed, "the file was back when the program started", true, early("acme", 1, 2)},
		{noticed, "the file went after the program had started", true, early("acme", 4, 9)},
		{noticed, "an old store was put back while the file was gone", false, func(o *Outcome) {
			early("acme", 4, 9)(o)
			o.down, o.restores = nil, []time.Time{o.gone[0].from.Add(time.Hour)}
		}},
		{noticed, "the file was gone, and the letter came after an interview that was called off", false, func(o *Outcome) {
			early("acme", 1, 9)(o)
			o.Plan.Applications[0].Interviews[0].At = day(-3, 0)
			o.off = []act{{at: day(-2, 8), on: "acme/round-1"}}
		}},
		{noticed, "the file was gone, and the letter came after the interview", true, func(o *Outcome) {
			early("acme", 1, 9)(o)
			o.Plan.Applications[0].Interviews[0].At = day(-3, 0)
		}},
	}
}

// TestInvariants: what breaks an invariant is seen by it, what only looks like it
// is not, and none of them objects to the record itself. No invariant is without
// examples of both.
func TestInvariants(t *testing.T) {
	t.Parallel()
	broken, fine := map[string]int{}, map[string]int{}
	checks := map[string]func(Outcome) []string{}
	for _, i := range Invariants() {
		checks[i.Name] = i.Check
		if said := i.Check(record()); len(said) > 0 {
			t.Errorf("%q objects to the record: %q", i.Name, said)
		}
	}
	for _, e := range slices.Concat(sendingExamples(), laterExamples(), timeExamples(), oftenExamples(), restExamples(), heldExamples(), excusedExamples(), knowingExamples(), notReadBackExamples(), stuckExamples(), untoldExamples(), tellingExamples(), answerExamples()) {
		check, there := checks[e.of]
		if !there {
			t.Fatalf("%q is no invariant", e.of)
		}
		o := record()
		e.change(&o)
		if said := check(o); e.breaks != (len(said) > 0) {
			t.Errorf("%s, %q: objects %v, want %v; it says %q", e.of, e.what, len(said) > 0, e.breaks, said)
		}
		if e.breaks {
			broken[e.of]++
		} else {
			fine[e.of]++
		}
	}
	for name := range checks {
		if broken[name] == 0 || fine[name] == 0 {
			t.Errorf("%q has %d examples that break it and %d that do not", name, broken[name], fine[name])
		}
	}
}
