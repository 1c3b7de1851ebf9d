package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Verdict is the answer of the gate about one delivery.
type Verdict struct {
	Open  bool      // it may leave now, after a last look
	Why   string    // what keeps it, in words
	Until time.Time // when to ask again; zero: when something changes
	Ask   bool      // only the user can go on: it becomes a question
}

// rule is one reason not to send; stop reports whether it applies.
type rule func(f *Facts, d *Delivery, now time.Time) (v Verdict, stop bool)

// standing are the rules that do not depend on the hour.
func standing() [9]rule {
	return [...]rule{gateFiles, gateStatus, gateExpiry, gateHolds, gateReader, gateDoubt, gatePeople, gateMet, gateLimits}
}

// Gate decides whether an approved delivery may leave at now. Nothing bypasses it,
// neither the user's wish to send at once nor a retry.
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

// heldBack reports whether anything but the hour keeps the delivery from leaving.
func heldBack(f *Facts, d *Delivery, now time.Time) bool {
	for _, r := range standing() {
		if _, stop := r(f, d, now); stop {
			return true
		}
	}
	return false
}

// gateFiles: the application's file, or config.yaml, cannot be read.
func gateFiles(f *Facts, _ *Delivery, _ time.Time) (Verdict, bool) {
	why := f.broken()
	return Verdict{Why: why}, why != ""
}

// gateStatus: the status that the user gave the application forbids it. A mail queued by
// hand belongs to no interview and may leave after the end.
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

// gateSeen: the user wants to see every mail and has not approved this one. The setting
// may have changed since the policy approved it.
func gateSeen(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	approved := d.State == Approved || d.State.InFlight() // what is planned or in review is shown anyway
	return Verdict{Why: seeAllWords}, approved && f.Policy.Review == ReviewAlways && !d.ByPerson
}

// gateExpiry: its time is over.
func gateExpiry(_ *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	if !d.Expires.IsZero() && !now.Before(d.Expires) {
		return Verdict{Why: "its time ended on " + moment(d.Expires, d.Zone, now)}, true
	}
	return Verdict{}, false
}

// gateHolds: a hold covers it. The reason is the hold's own; of several, that of the one
// that lasts longest.
func gateHolds(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	longest := longestHold(f, d, now)
	if longest == nil {
		return Verdict{}, false
	}
	return Verdict{Why: longest.Reason, Until: longest.Until}, true
}

// longestHold is the one that lasts longest of those that keep the delivery from leaving,
// nil if there is none.
func longestHold(f *Facts, d *Delivery, now time.Time) (longest *Hold) {
	for n := range f.Holds {
		h := &f.Holds[n]
		if !h.Covers(d, d.Began, now) || longest != nil && !h.outlasts(longest) {
			continue
		}
		longest = h
	}
	return longest
}

// gateReader: its file no longer names the address, or calls it a guess. A planned mail
// is cancelled with its recipient; one queued by hand asks the user.
func gateReader(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	switch {
	case f.Application.isSureOf(d.To.Email):
		return Verdict{}, false
	case f.Application.names(d.To.Email):
		return Verdict{Why: "its file calls " + d.To.Email + " a guess", Ask: d.Interview == ""}, true
	}
	return Verdict{Why: "its file does not name " + d.To.Email + " any more", Ask: d.Interview == ""}, true
}

// gateDoubt: an earlier mail to the person is in doubt.
func gateDoubt(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	i, _ := f.Application.round(d.Interview)
	for _, p := range f.readers(i, d) {
		if q, ok := f.doubted(p); ok {
			return Verdict{Why: "an earlier mail to " + q.To.Email + " is in doubt; settle it with: afterword resolve " + ShellWord(q.Key)}, true
		}
	}
	return Verdict{}, false
}

// gatePeople: the person was thanked for this interview, or perhaps was, under whatever
// key.
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

// readers are the people a mail may be for: the person its file names now and, if the
// name has changed since, the one it was written to.
func (f *Facts) readers(i *Interview, d *Delivery) []*Person {
	p := personOf(&f.Application, i, d)
	if sameName(p.Name, d.To.Name) {
		return []*Person{p}
	}
	return []*Person{p, {Name: d.To.Name, Email: d.To.Email}}
}

// meeting is the interview that a delivery speaks of: its own, or for thanks queued by
// hand the latest one with their reader at that time. The answer to a rejection thanks for the whole
// process, and other mail queued by hand speaks of no meeting.
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

// queuedFor is the interview that thanks queued by hand are for: the latest one with their
// reader when they were queued, even if cancelled since; if that one was moved, the latest
// one now.
func (f *Facts) queuedFor(d *Delivery, now time.Time) *Interview {
	for _, i := range slices.Concat(f.rounds(), f.Application.Interviews) {
		if i.At.Equal(d.Began) {
			return &i
		}
	}
	if met := latestWith(f, &Person{Name: d.To.Name, Email: d.To.Email}, now); met != nil {
		return met
	}
	return latestRound(f, now)
}

// templateRejection is the template of the answer to a rejection, templateLate that of
// thanks which come late.
const (
	templateRejection = "reply-to-rejection"
	templateLate      = "thank-you-late"
)

// gateMet: it speaks of a meeting that is cancelled, not over yet, or not known to have
// taken place.
func gateMet(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	i, ok := f.meeting(d, now)
	switch {
	case !ok:
		return Verdict{}, false
	case i.Status == InterviewCancelled && d.Interview == "": // others are cancelled with it
		return Verdict{Why: TheInterview(i.ID) + " was cancelled", Ask: true}, true
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

// gateLimits: the limit of unanswered asking mails is reached. That becomes a question
// to the user.
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

// gateTime: it is not due yet, or waits for the next attempt after a deferral.
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

// gateProbe: no asking mail before the probe was seen arriving in a watched folder.
// Otherwise the reply to an earlier mail might go unseen as well.
func gateProbe(f *Facts, d *Delivery, _ time.Time) (Verdict, bool) {
	if d.Kind != Asking || !f.Unproven {
		return Verdict{}, false
	}
	return Verdict{Why: "the mail to yourself that shows what the account does was not yet seen arriving"}, true
}

// gateRest: asking mail rests on this day, or the date by which they promised to decide
// has not passed.
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

// gateGap: the last asking mail to the person or the company is too recent.
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

// gateAnnounced: an asking mail that no person approved was not yet shown to the user,
// or not long enough ago.
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

// gateWindow: it is outside the hours for mail at the recipient's place. The late window
// is open to owed mail whose slot found the machine off, and to asking mail that missed
// too many slots if the user chose to send it.
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
	over := ""
	if !d.Expires.IsZero() && !next.Before(d.Expires) {
		over = "; its time is over before that, on " + moment(d.Expires, d.Zone, now)
	}
	return Verdict{Why: fmt.Sprintf("until %s: it is outside the hours for mail at %s's place, %s%s", moment(next, d.Zone, now), d.To.Name, place.Window, over), Until: next}, true
}

// gateApart: another note to the same panel left in this minute. People who sit side by
// side compare what they got.
func gateApart(f *Facts, d *Delivery, now time.Time) (Verdict, bool) {
	minute := now.Truncate(time.Minute)
	for n := range f.Stored {
		o := &f.Stored[n]
		perhaps := o.State == Cancelled && o.Cause == CauseDropped // out of doubt: it may have left
		if !o.State.mayHaveLeft() && !perhaps || d.Kind != Owed || o.Kind != Owed || d.Interview == "" || o.Interview != d.Interview || o.Key == d.Key {
			continue
		}
		mayLeave := o.ClaimedAt // where the server's answer is not known: it left within a look's age of its claim
		if o.State.InFlight() || o.State == InDoubt || perhaps || o.SentAt.Equal(o.ClaimedAt) && o.Why != serverTookIt {
			mayLeave = o.ClaimedAt.Add(f.Policy.LastLook)
		}
		if o.SentAt.Truncate(time.Minute).Equal(minute) || !minute.Before(o.ClaimedAt.Truncate(time.Minute)) && !minute.After(mayLeave) {
			return Verdict{Why: "another note about " + TheInterview(d.Interview) + inThisMinute, Until: minute.Add(time.Minute)}, true
		}
	}
	return Verdict{}, false
}

// The ends of what a mail waits for no longer than a minute or an hour.
const (
	inThisMinute = " has left in this minute"
	inThisHour   = " left within the hour already"
)

// passing reports whether a wait ended long before the time of the mail was over: it
// is not why the mail did not leave.
func passing(waited string) bool {
	return strings.HasSuffix(waited, inThisMinute) || strings.HasSuffix(waited, inThisHour)
}

// gateRate: the mails of the last hour have reached the limit. There is room again once
// enough of them are more than an hour old.
func gateRate(f *Facts, _ *Delivery, _ time.Time) (Verdict, bool) {
	sent, most := len(f.SentLately), f.Policy.PerHour
	if most <= 0 || sent < most {
		return Verdict{}, false
	}
	room := f.SentLately[sent-most].Add(time.Hour + time.Millisecond) // the store keeps milliseconds
	return Verdict{Why: fmt.Sprintf("%d mails"+inThisHour, sent), Until: room}, true
}
