package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Verdict is the gate's answer about one approved delivery.
type Verdict struct {
	Open  bool      // it may leave now, after a last look
	Why   string    // what keeps it, in words
	Until time.Time // when to ask again; zero: when something changes
	Ask   bool      // only the user can go on: it becomes a question
}

// rule is one reason not to send; stop tells whether it applies.
type rule func(f *Facts, d *Delivery, now time.Time) (v Verdict, stop bool)

// standing are the rules that keep a mail whatever the hour.
func standing() [9]rule {
	return [...]rule{gateFiles, gateStatus, gateExpiry, gateHolds, gateReader, gateDoubt, gatePeople, gateMet, gateLimits}
}

// Gate decides whether an approved delivery may leave at now. Nothing skips
// it, neither a wish to send at once nor a retry.
func Gate(f *Facts, d *Delivery, now time.Time) Verdict {
	for _, r := range standing() {
		if v, stop := r(f, d, now); stop {
			return v
		}
	}
	for _, r := range [...]rule{gateSeen, gateTime, gateProbe, gateRest, gateGap, gateAnnounced, gateWindow, gateApart, gateRate} {
		if v, stop := r(f, d, now); stop {
			return v
		}
	}
	return Verdict{Open: true}
}

// heldBack reports whether anything but the hour keeps the delivery.
func heldBack(f *Facts, d *Delivery, now time.Time) bool {
	for _, r := range standing() {
		if _, stop := r(f, d, now); stop {
			return true
		}
	}
	return false
}

// gateFiles keeps everything of a file that cannot be read.
func gateFiles(f *Facts, _ *Delivery, _ time.Time) (Verdict, bool) {
	why := f.broken()
	return Verdict{Why: why}, why != ""
}

// gateStatus obeys the status that the user gave the application. A reply that
// was queued by hand belongs to no interview and leaves also when it is over.
func gateStatus(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	switch s := f.Application.Status; {
	case s == StatusPaused:
		return Verdict{Why: "its file says paused"}, true
	case s == StatusOffer && d.Kind == Asking:
		return Verdict{Why: "there is an offer"}, true
	case s.Over() && d.Interview != "":
		return Verdict{Why: "the application is " + string(s)}, true
	}
	return Verdict{}, false
}

// gateSeen keeps what nobody has seen from leaving where every mail is to be seen: the user may have said
// so since it was approved.
func gateSeen(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	approved := d.State == Approved || d.State.InFlight() // what is planned or in review is shown anyway
	return Verdict{Why: seeAllWords}, approved && f.Policy.Review == ReviewAlways && !d.ByPerson
}

// gateExpiry ends what comes too late.
func gateExpiry(_ *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if !d.Expires.IsZero() && !now.Before(d.Expires) {
		return Verdict{Why: "its time ended on " + moment(d.Expires, d.Zone, now)}, true
	}
	return Verdict{}, false
}

// gateHolds obeys every hold, and says whose it is.
func gateHolds(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	for n := range f.Holds {
		h := &f.Holds[n]
		if h.Covers(d, d.Began, now) {
			return Verdict{Why: h.Reason, Until: h.Until}, true
		}
	}
	return Verdict{}, false
}

// gateReader keeps what goes to somebody whom the file does not name any more: their address was put
// right, is not sure after all, or they had nothing to do with it. What is planned is cancelled with its reader, what is queued asks.
func gateReader(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	switch {
	case f.Application.isSureOf(d.To.Email):
		return Verdict{}, false
	case f.Application.names(d.To.Email):
		return Verdict{Why: "its file calls " + d.To.Email + " a guess", Ask: d.Interview == ""}, true
	}
	return Verdict{Why: "its file does not name " + d.To.Email + " any more", Ask: d.Interview == ""}, true
}

// gateDoubt keeps later mail to a person while an earlier one is in doubt.
func gateDoubt(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	i, _ := f.Application.round(d.Interview)
	for _, p := range f.readers(i, d) {
		if q, ok := f.doubted(p); ok {
			return Verdict{Why: "an earlier mail to " + q.To.Email + " is in doubt; settle it with: afterword resolve " + ShellWord(q.Key)}, true
		}
	}
	return Verdict{}, false
}

// gatePeople looks at the person whatever the key says: nobody is thanked twice.
func gatePeople(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	i, ok := f.meeting(d, now)
	if d.Kind != Owed || !ok {
		return Verdict{}, false
	}
	for _, p := range f.readers(i, d) {
		if m, thanked := f.thanked(p, i, d.Key); thanked {
			return Verdict{Why: fmt.Sprintf("%s was already written to on %s, and nobody is thanked twice", d.To.Name, moment(m.At, d.Zone, now)), Ask: true}, true
		}
		if s, perhaps := f.perhapsThanked(p, i, d.Key); perhaps {
			return Verdict{Why: declinedWords(s), Ask: true}, true
		}
	}
	return Verdict{}, false
}

// readers are who a mail is for: the person of its file and, where the file calls them
// otherwise by now, who they were when it was made.
func (f *Facts) readers(i *Interview, d *Delivery) []*Person {
	p := personOf(&f.Application, i, d)
	if sameName(p.Name, d.To.Name) {
		return []*Person{p}
	}
	return []*Person{p, {Name: d.To.Name, Email: d.To.Email}}
}

// meeting is the interview that a delivery speaks of: its own, or for thanks
// that were queued by hand the one that was the latest then. The answer to a rejection thanks for
// the time as a whole, and what else is queued speaks of no meeting.
func (f *Facts) meeting(d *Delivery, now time.Time) (*Interview, bool) {
	if d.Interview != "" {
		return f.Application.round(d.Interview)
	}
	if d.Kind != Owed || d.Template == templateRejection {
		return &Interview{}, false
	}
	i := f.queuedFor(d, now)
	return i, i.ID != ""
}

// queuedFor is the interview that mail queued by hand speaks of: the one that was the
// latest when it was queued, be it cancelled since, or is now, if that one has been moved.
func (f *Facts) queuedFor(d *Delivery, now time.Time) *Interview {
	for _, i := range slices.Concat(f.rounds(), f.Application.Interviews) {
		if i.At.Equal(d.Began) {
			return &i
		}
	}
	return latestRound(f, now)
}

// templateRejection is the template of the answer to a rejection.
const templateRejection = "reply-to-rejection"

// gateMet keeps what speaks of a meeting that nobody knows to have happened.
func gateMet(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	i, ok := f.meeting(d, now)
	switch {
	case !ok:
		return Verdict{}, false
	case i.Status == InterviewCancelled && d.Interview == "": // others are cancelled with it
		return Verdict{Why: fmt.Sprintf("the interview %q was cancelled", i.ID), Ask: true}, true
	case now.Before(i.End()) && !now.Before(d.Due) && !d.Due.IsZero():
		return Verdict{Why: "the interview has not ended yet", Until: i.End()}, true
	case !met(i, d) && !now.Before(i.End()):
		return Verdict{Why: unknownMeetingWords(f, i)}, true
	}
	return Verdict{}, false
}

// unknownMeetingWords say what is not known of a meeting, and the commands by
// which the user says it.
func unknownMeetingWords(f *Facts, i *Interview) string {
	stem, status, round := ShellWord(f.Application.Stem), "status", ""
	if len(f.Application.Interviews) > 1 {
		status, round = ShellWord("interviews["+i.ID+"].status"), " --round "+ShellWord(i.ID)
	}
	return fmt.Sprintf("it is not known whether the interview took place; if it did: afterword set %s %s held, or note what was said: afterword debrief %s%s", stem, status, stem, round)
}

// gateLimits keeps asking mail within its bounds. Beyond them it becomes a
// question.
func gateLimits(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if d.Kind != Asking {
		return Verdict{}, false
	}
	i, _ := f.Application.round(d.Interview)
	lim := f.Policy.Limits
	if n := f.asked(now); n >= bound(lim.PerApplication) {
		return Verdict{Why: unansweredWords(n, f.Application.Company) + ", the limit for one application", Ask: true}, true
	}
	if n := f.askedPerson(personOf(&f.Application, i, d), now); n >= bound(lim.PerPerson) {
		return Verdict{Why: unansweredWords(n, d.To.Name) + ", the limit for one person", Ask: true}, true
	}
	return Verdict{}, false
}

// unansweredWords counts the mails that asked and got no answer.
func unansweredWords(n int, whom string) string {
	switch n {
	case 0:
		return "mail that asks is not allowed by your limits"
	case 1:
		return "a mail that asks " + whom + " is unanswered already"
	}
	return fmt.Sprintf("%d mails that ask %s are unanswered already", n, whom)
}

// gateTime keeps what is not due, and what waits after a deferral.
func gateTime(_ *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	switch {
	case d.Due.IsZero():
		return Verdict{Why: "it waits " + waitsForStep}, true
	case now.Before(d.Due):
		return Verdict{Why: "it is due on " + moment(d.Due, d.Zone, now), Until: d.Due}, true
	case now.Before(d.RetryAt):
		return Verdict{Why: whyAgain(d) + "; it is tried again on " + moment(d.RetryAt, d.Zone, now), Until: d.RetryAt}, true
	}
	return Verdict{}, false
}

// whyAgain says why a mail that was due waits for another attempt.
func whyAgain(d *Delivery) string {
	switch {
	case d.Failures == 0:
		return "it could not be made from the facts and the template"
	case d.LastAnswer != "":
		return "the last attempt was deferred: " + d.LastAnswer
	}
	return "the last attempt did not reach an end"
}

// gateProbe keeps asking mail until the account has shown that mail arrives in
// a folder that is watched: the answer to an earlier mail might go unseen too.
func gateProbe(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	if d.Kind != Asking || !f.Unproven {
		return Verdict{}, false
	}
	return Verdict{Why: "the mail to yourself that shows what the account does was not yet seen arriving"}, true
}

// gateRest keeps asking mail on the days on which it rests, and until the date
// that they promised has gone by.
func gateRest(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if d.Kind != Asking {
		return Verdict{}, false
	}
	place := placeOf(f, d, now)
	if reason, until := f.Policy.resting(dateIn(now, place.Zone)); reason != "" {
		return Verdict{Why: "asking mail rests: " + reason, Until: place.StartOfDay(until)}, true
	}
	if from := patience(place, f.Application.DecisionBy); now.Before(from) {
		return Verdict{Why: "they promised to decide by " + f.Application.DecisionBy.WordsIn(now.Year()), Until: from}, true
	}
	return Verdict{}, false
}

// gateGap keeps the gap between any two mails that ask.
func gateGap(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if d.Kind != Asking {
		return Verdict{}, false
	}
	i, _ := f.Application.round(d.Interview)
	last := f.lastAsked(personOf(&f.Application, i, d))
	if next := placeOf(f, d, now).Add(last, f.Policy.Limits.Gap); !last.IsZero() && now.Before(next) {
		return Verdict{Why: fmt.Sprintf("the last mail that asked left on %s, and %s must lie between two", moment(last, d.Zone, now), f.Policy.Limits.Gap.Words()), Until: next}, true
	}
	return Verdict{}, false
}

// notYetShown is what asking mail waits for whose notice was not sent yet.
const notYetShown = "it was not yet shown to you"

// gateAnnounced gives the user the time to object to asking mail that no
// person approved.
func gateAnnounced(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if !needsAnnouncing(&f.Policy, d) {
		return Verdict{}, false
	}
	if d.Announced.IsZero() {
		return Verdict{Why: notYetShown}, true
	}
	if from := d.Announced.Add(f.Policy.Announce); now.Before(from) {
		return Verdict{Why: fmt.Sprintf("it was shown to you on %s and leaves %s later at the earliest", moment(d.Announced, d.Zone, now), hours(f.Policy.Announce)), Until: from}, true
	}
	return Verdict{}, false
}

// needsAnnouncing reports whether the mail leaves only after the user had time
// to look at it: asking mail that no person approved.
func needsAnnouncing(pol *Policy, d *Delivery) bool {
	return d.Kind == Asking && !d.ByPerson && pol.Review != ReviewNever && pol.Announce > 0
}

// gateWindow keeps mail inside the hours of the recipient. Owed mail whose slot
// found the machine off may use the wider window, and so may asking mail that
// missed too many slots, if the user says so.
func gateWindow(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	place := placeOf(f, d, now)
	if place.InWindow(now) {
		return Verdict{}, false
	}
	closed, inside := place.OpenUntil(d.Due)
	late := d.Kind == Owed && (!inside || !now.Before(closed))
	if late || (d.SendNow && d.Missed >= tooManyMissed) {
		if place = lateWindow(&f.Policy, place); place.InWindow(now) {
			return Verdict{}, false
		}
	}
	next, err := place.NextOpen(now)
	if err != nil {
		return Verdict{Why: err.Error(), Ask: true}, true
	}
	return Verdict{Why: fmt.Sprintf("until %s: it is outside the hours for mail at %s's place, %s", moment(next, d.Zone, now), d.To.Name, place.Window), Until: next}, true
}

// gateApart keeps the notes of one panel out of one minute, also those that are late
// together: people who sit side by side compare what they got.
func gateApart(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	minute := now.Truncate(time.Minute)
	for n := range f.Stored {
		o := &f.Stored[n]
		perhaps := o.State == Cancelled && o.Cause == CauseDropped // out of doubt: it may have left
		if !o.State.mayHaveLeft() && !perhaps || d.Kind != Owed || o.Kind != Owed || d.Interview == "" || o.Interview != d.Interview || o.Key == d.Key {
			continue
		}
		mayLeave := o.ClaimedAt // where the server's answer is not known: it left within a look's age of its claim
		if o.State.InFlight() || o.State == InDoubt || perhaps || o.SentAt.Equal(o.ClaimedAt) {
			mayLeave = o.ClaimedAt.Add(f.Policy.LastLook)
		}
		if o.SentAt.Truncate(time.Minute).Equal(minute) || !minute.Before(o.ClaimedAt.Truncate(time.Minute)) && !minute.After(mayLeave) {
			return Verdict{Why: "another note about the interview " + strconv.Quote(d.Interview) + " has left in this minute", Until: minute.Add(time.Minute)}, true
		}
	}
	return Verdict{}, false
}

// gateRate keeps to the mails per hour. There is room again once so many of
// them lie more than an hour back that fewer are left than the limit.
func gateRate(f *Facts, _ *Delivery, _ time.Time) (Verdict, bool) {
	sent, most := len(f.SentLately), f.Policy.PerHour
	if most <= 0 || sent < most {
		return Verdict{}, false
	}
	room := f.SentLately[sent-most].Add(time.Hour + time.Millisecond) // the store keeps milliseconds
	return Verdict{Why: fmt.Sprintf("%d mails left within the hour already", sent), Until: room}, true
}
