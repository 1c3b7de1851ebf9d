package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Change is one step of a reconciliation: the delivery as it shall be, and the
// event that tells of it.
type Change struct {
	Delivery Delivery
	Event    Event // At is filled in by whoever commits it
}

// Reconcile compares what the files want with what is stored and returns the
// changes that make them agree. It never touches a delivery that has left, is
// on its way or was settled by a person. Running it twice changes nothing.
func Reconcile(f *Facts, wanted []Delivery) []Change {
	if f.broken() != "" {
		return nil // a file that cannot be read wants nothing and cancels nothing
	}
	var changes []Change
	named := map[string]bool{}
	for n := range wanted {
		w := &wanted[n]
		named[w.Key] = true
		stored, known := f.stored(w.Key)
		switch {
		case !known:
			changes = append(changes, adopt(w)...)
		case stored.State.Open():
			changes = append(changes, update(stored, w)...)
		case stored.State == Cancelled && w.State == Planned && stored.Cause.Undone():
			changes = append(changes, revive(*stored, *w))
		case movedBehind(stored, w.Began):
			changes = append(changes, meetsLater(*stored, *w)...)
		}
	}
	for n := range f.Stored {
		s := &f.Stored[n]
		if s.State.Open() && !named[s.Key] && s.Interview != "" {
			changes = append(changes, cancel(*s, CauseUnwanted, whyUnwanted(f, s, wanted)))
		}
	}
	return changes
}

// whyUnwanted says what in the file made a delivery superfluous.
func whyUnwanted(f *Facts, d *Delivery, wanted []Delivery) string {
	i, ok := f.Application.round(d.Interview)
	switch {
	case !ok:
		return TheInterview(d.Interview) + " is not in the file any more"
	case i.Status == InterviewCancelled:
		return TheInterview(d.Interview) + " was cancelled"
	}
	if !slices.ContainsFunc(f.Policy.Sequences[f.Application.Sequence], func(s Step) bool { return s.Name == d.Step }) {
		return fmt.Sprintf("the sequence %q has no step %q any more", f.Application.Sequence, d.Step)
	}
	// One person is asked for each round: who is no longer the contact may well
	// be in the file.
	for n := range wanted {
		if w := &wanted[n]; d.Kind == Asking && w.Interview == d.Interview && w.Step == d.Step && w.State.Open() {
			return fmt.Sprintf("the file gave it to %s instead", w.To.Name)
		}
	}
	if f.Application.names(d.To.Email) && !f.Application.isSureOf(d.To.Email) {
		return "its file calls " + d.To.Email + " a guess"
	}
	return fmt.Sprintf("the step %q of %s is not for %s any more", d.Step, TheInterview(d.Interview), d.To.Email)
}

// unwantedBy says why the files, as they stand now, do not want a mail that is on its way:
// if it came back it would be cancelled. "" if they want it, or do not decide about it.
func unwantedBy(f *Facts, d *Delivery, now time.Time) string {
	if d.Interview == "" {
		return "" // queued by hand
	}
	under := d.State
	d.State = Approved // as it would be
	wanted := Plan(f, now)
	d.State = under
	for n := range wanted {
		switch w := &wanted[n]; {
		case w.Key != d.Key:
		case w.State == Cancelled:
			return w.Why
		default:
			return ""
		}
	}
	return whyUnwanted(f, d, wanted)
}

// adopt stores a new delivery. What is not wanted to begin with is not stored.
func adopt(w *Delivery) []Change {
	if w.State == Cancelled {
		return nil
	}
	e := Event{Key: w.Key, Application: w.Application, Actor: ActorDaemon, What: "planned", To: string(Planned), Why: w.Reason}
	if w.State != Expired {
		return []Change{{*w, e}}
	}
	born, why := *w, w.Why
	born.State, born.Why = Planned, ""
	return []Change{{born, e}, {*w, moveEvent(born, Expired, ActorDaemon, why)}}
}

// update brings an open delivery up to what the files say.
func update(s, w *Delivery) []Change {
	switch w.State {
	case Cancelled:
		return []Change{cancel(*s, w.Cause, w.Why)}
	case Expired:
		return []Change{end(*s, w.Why)}
	}
	n := *s
	n.To, n.Template, n.StepIndex, n.Rank = w.To, w.Template, w.StepIndex, w.Rank
	n.Began, n.Zone, n.Expected = w.Began, w.Zone, w.Expected
	n.Personal, n.Missed, n.SendNow = w.Personal, w.Missed, w.SendNow
	n.Slot, n.Due, n.FirstDue, n.Expires, n.Reason = w.Slot, w.Due, w.FirstDue, w.Expires, w.Reason
	what := ""
	switch {
	case !s.Due.Equal(n.Due) && s.Due.IsZero():
		what = "scheduled"
	case !s.Due.Equal(n.Due):
		what = "moved"
	case sameButTimes(s, &n):
		return nil
	}
	e := Event{Key: n.Key, Application: n.Application, Actor: ActorDaemon, What: what, From: string(s.State), To: string(n.State), Why: n.Reason}
	return []Change{{n, e}}
}

// sameButTimes reports whether nothing that the files state has changed.
func sameButTimes(a, b *Delivery) bool {
	return a.To == b.To && a.Template == b.Template && a.StepIndex == b.StepIndex && a.Rank == b.Rank &&
		a.Began.Equal(b.Began) && a.Zone == b.Zone && a.Reason == b.Reason && a.Expires.Equal(b.Expires) &&
		a.Slot.Equal(b.Slot) && a.FirstDue.Equal(b.FirstDue) && a.Personal == b.Personal && a.Missed == b.Missed && a.Expected.Equal(b.Expected)
}

// cancel moves an open delivery to cancelled.
func cancel(s Delivery, cause Cause, why string) Change {
	e := moveEvent(s, Cancelled, ActorDaemon, why)
	s.State, s.Cause, s.Why, s.WaitingFor = Cancelled, cause, why, ""
	return Change{s, e}
}

// end moves an open delivery to expired. What it waited for until then belongs to the
// reason: the time alone does not say why it did not leave in time.
func end(s Delivery, why string) Change {
	why += whyNotInTime(&s)
	e := moveEvent(s, Expired, ActorDaemon, why)
	s.State, s.Why, s.WaitingFor = Expired, why, ""
	return Change{s, e}
}

// whyNotInTime is what kept a delivery until its time was over, as the end of a sentence.
// One that waited for nothing would have left if anybody had looked after it.
func whyNotInTime(s *Delivery) string {
	switch {
	case s.WaitingFor != "" && !passing(s.WaitingFor):
		return itWaited + withoutWays(s.WaitingFor)
	case s.WaitingFor == "" && s.State == Approved && !s.Due.IsZero():
		return "; the program did not run when it could have left, or this machine was off or asleep"
	}
	return ""
}

// withoutWays leaves out of a reason what would have ended it, which helps no more.
func withoutWays(reason string) string {
	if why, ways, _ := strings.Cut(reason, "; "); strings.Contains(ways, "afterword ") {
		return why
	}
	return reason
}

// itWaited stands before what a mail waited for until its time was over.
const itWaited = "; it waited: "

// revive plans a delivery anew that was cancelled only because nobody wanted it.
func revive(s, w Delivery) Change {
	e := moveEvent(s, Planned, ActorDaemon, "wanted again: "+w.Reason)
	w.Announced, w.Attempt, w.Marked, w.LearntIDs, w.Edited = s.Announced, s.Attempt, s.Marked, s.LearntIDs, s.Edited
	w.Text, w.TextHash, w.Findings = s.Text, s.TextHash, s.Findings // what was shown to the user is this text
	w.Unsaid = s.Unsaid
	if s.AnyData { // the server may hold these bytes: another attempt must repeat them
		w.AnyData, w.Frozen = true, s.Frozen
	}
	return Change{w, e}
}

// movedBehind reports whether the meeting of a mail whose time was over, or of thanks that
// had been given already, is now a later one than when that was found: the date in the
// file is another, and so is what there is to thank or to ask for.
func movedBehind(s *Delivery, began time.Time) bool {
	ended := s.State == Expired || s.State == Cancelled && s.Cause == CauseThanked
	return ended && began.After(s.Began)
}

// meetsLater plans a mail anew whose meeting was moved behind its end. One whose new
// time is over too by now ends for that, so that its user is asked.
func meetsLater(s, w Delivery) []Change {
	why := w.Why
	switch {
	case w.State == Planned && s.State == Expired:
		return takeUpMoved(s, w)
	case w.State == Planned:
		return []Change{revive(s, w)}
	case w.State == Expired && s.State == Cancelled:
		w.State, w.Why = Planned, ""
		again := revive(s, w)
		return []Change{again, end(again.Delivery, why)}
	}
	return nil
}

// takeUpMoved plans a mail anew whose meeting was moved after its time was over.
func takeUpMoved(s, w Delivery) []Change {
	again := revive(s, w)
	opened := s
	opened.State, opened.Why = Review, "the interview was moved to "+moment(w.Began, w.Zone, s.Began)
	again.Event.From = string(Review)
	return []Change{{opened, moveEvent(s, Review, ActorUser, opened.Why)}, again}
}

// moveEvent tells of a change of state.
func moveEvent(d Delivery, to State, actor, why string) Event {
	return Event{Key: d.Key, Application: d.Application, Actor: actor, What: string(to), From: string(d.State), To: string(to), Why: why}
}
