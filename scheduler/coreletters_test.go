package scheduler

import (
	"fmt"
	"time"

	"afterword/mailer"
)

// letter is a message in the mailbox, with what DESIGN section 6 says it does.
type letter struct {
	in     Incoming
	row    row
	names  string // key of the delivery that it names
	isCopy bool   // it is the copy of that delivery in Sent
	isOwn  bool   // the user wrote it by hand
}

// effect is what a row of the table does to a kind of mail.
type effect int

const (
	goesOn  effect = iota
	rests          // until the user resumes
	ends           // never again
	waits          // until a date
	suspect        // for later rows: what would end rests
)

// row is one row of the table of reply rules.
type row struct {
	name         string
	owed, asking effect
	onePerson    bool // it concerns the person or the address alone
	make         func(c *core, in *Incoming)
}

// rows is the table, once more and in its own words.
func rows() []row {
	as := func(kind mailer.Kind) func(*core, *Incoming) {
		return func(_ *core, in *Incoming) { in.Reading.Kind = kind }
	}
	return []row{
		{"an interviewer answers", goesOn, ends, false, func(c *core, in *Incoming) { in.Reading.Kind, in.Match.Interviewer = mailer.Human, true }},
		{"a recruiter writes", goesOn, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Recruiter, in.Match.Person = mailer.Human, true, "priya@acme.example"
		}},
		{"a colleague writes", goesOn, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Colleague, in.Match.Person, in.Match.Strength = mailer.Human, true, "", 4
		}},
		{"a robot writes", goesOn, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Person, in.Match.Strength = mailer.Notification, "", 4
		}},
		{"out of office until a date", waits, waits, true, func(c *core, in *Incoming) {
			in.Reading.Kind, in.Reading.ReturnDate = mailer.AutoReply, c.world().AddDate(0, 0, 5)
		}},
		{"out of office", waits, waits, true, as(mailer.AutoReply)},
		{"left the company", ends, ends, true, func(_ *core, in *Incoming) { in.Reading.Kind, in.Reading.LeftFirm = mailer.AutoReply, true }},
		{"an invitation", goesOn, rests, false, as(mailer.CalendarRequest)},
		{"a cancelled invitation", rests, rests, false, as(mailer.CalendarCancel)},
		{"a list", goesOn, goesOn, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Person, in.Match.Strength = mailer.Bulk, "", 5
		}},
		{"a read receipt", goesOn, goesOn, false, as(mailer.ReadReceipt)},
		{"a delay notice", goesOn, goesOn, false, as(mailer.Delay)},
		{"a challenge", goesOn, rests, true, as(mailer.Challenge)},
		{"a bounce that is not final", goesOn, goesOn, true, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Reading.Class = mailer.Bounce, mailer.Transient
		}},
		{"a bounce of an address", rests, rests, true, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Reading.Class = mailer.Bounce, mailer.Permanent
		}},
		{"a bounce of our mail", ends, ends, true, bounceOurs},
		{"no more mail, please", ends, ends, true, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Reading.NoMore, in.Match.Interviewer = mailer.Human, true, true
		}},
		{"a rejection", rests, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Reading.Rejection, in.Match.Recruiter, in.Match.Person = mailer.Human, true, true, "priya@acme.example"
		}},
		{"an offer of a robot", rests, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Reading.Offer, in.Match.Person = mailer.Notification, true, ""
		}},
		{"only words fit", goesOn, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Strength, in.Match.Interviewer = mailer.Human, 6, true
		}},
		{"nobody can read it", goesOn, rests, false, func(_ *core, in *Incoming) { in.Reading.Kind, in.Unseen = mailer.Human, true }},
		{"an interviewer, perhaps of another application", goesOn, rests, false, func(_ *core, in *Incoming) {
			in.Reading.Kind, in.Match.Interviewer, in.Rivals = mailer.Human, true, []string{"globex"}
		}},
	}
}

// bounceOurs names a mail that a server has taken; without one it is a bounce of
// an address.
func bounceOurs(c *core, in *Incoming) {
	in.Reading.Kind, in.Reading.Class = mailer.Bounce, mailer.Permanent
	for _, key := range c.truth.order {
		d := c.truth.taken[key]
		if d.Application == in.Match.Application {
			in.Match.OurID, in.Match.Person = d.Frozen.MessageID, NormalAddress(d.To.Email)
			in.Reading.Failed = []string{d.To.Email}
		}
	}
}

// write puts a letter into the mailbox.
func (c *core) write(t dice) {
	all := rows()
	r := all[c0(t, len(all), "row")]
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	i := a.Interviews[0]
	from := i.Interviewers[c0(t, len(i.Interviewers), "from")]
	if from.Email == "" {
		return // nobody knows their address
	}
	in := Incoming{Arrived: c.world(), Match: mailer.Match{Application: a.Stem, Strength: 3, Person: NormalAddress(from.Email)}}
	if in.Arrived.Before(i.At) {
		in.Match.Early = true
	}
	c.letters++
	in.Message.ID = fmt.Sprintf("<%d@acme.example>", c.letters)
	in.Message.Subject = "Re: the interview"
	writes := from.Addresses()
	in.Message.From = []mailer.Address{{Name: from.Name, Addr: writes[c0(t, len(writes), "address")]}}
	in.Reading.Class = mailer.Unknown
	r.make(c, &in)
	if a.Recruiter != nil && in.Match.Interviewer && samePerson(a.Recruiter, &from) { // who is both is the recruiter
		in.Match.Recruiter = true
		if r.asking == ends && !r.onePerson {
			r.asking = rests
		}
	}
	if in.Match.Person != NormalAddress(from.Email) { // it comes from whom it is matched with, or from nobody of the file
		in.Message.From = []mailer.Address{{Name: "Robin Osei", Addr: firstOf(in.Match.Person, "robin@acme.example")}}
	}
	if in.Match.OurID == "" && oneIn(t, 3, "names our mail") {
		for _, key := range c.truth.order {
			if d := c.truth.taken[key]; NormalAddress(d.To.Email) == in.Match.Person && d.Application == a.Stem {
				in.Match.OurID = d.Frozen.MessageID
			}
		}
	}
	in.Suspect = oneIn(t, 8, "fails DMARC")
	l := letter{in: in, row: r}
	for _, key := range c.truth.order {
		if c.truth.taken[key].Frozen.MessageID == in.Match.OurID {
			l.names = key
		}
	}
	c.lying = append(c.lying, l)
}

// fileCopy lets the provider file the copy of a mail that it took.
func (c *core) fileCopy(t dice) {
	key := one(t, c.truth.order)
	c.lying = append(c.lying, letter{names: key, isCopy: true, in: Incoming{Arrived: minTime(c.truth.at[key], c.clock.now)}})
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
