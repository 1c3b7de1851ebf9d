package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"afterword/scheduler/calendar"
)

// Conflicts between applications. Each is planned by itself; without this the user would
// learn only from the gate that the later of two mails is stopped.

// foreseen is a delivery of the plan, with the facts of its application.
type foreseen struct {
	f *Facts
	d Delivery
}

// thankedElsewhere says that the recipient will be thanked by another application before
// this note.
func (x *foreseen) thankedElsewhere(all []foreseen, now time.Time) string {
	if !pendingNote(&x.d) {
		return ""
	}
	for n := range all {
		if o := &all[n]; o.d.Application != x.d.Application && x.comesAfter(&o.d) {
			return fmt.Sprintf("%s gets the note of %s on %s, and nobody is thanked twice", x.d.To.Name, o.d.Application, moment(o.d.Due, o.d.Zone, now))
		}
	}
	return ""
}

// inLine is an asking mail of the plan, when it will leave if all before it do, and what
// puts it off until then.
type inLine struct {
	*foreseen
	at    time.Time
	words string
}

// foreseeAsking says whether an asking mail comes too soon after one of another
// application, and when it will leave then, or is one too many for its recipient, if all
// leave when expected. Mail that waits for something else is not counted.
func foreseeAsking(all []foreseen, now time.Time) {
	var asking, before []inLine
	for n := range all {
		d := &all[n].d
		waits := d.WaitingFor != "" && d.WaitingFor != waitsForStep && d.WaitingFor != notYetShown
		if d.Kind == Asking && d.State.Open() && !waits && !d.When().IsZero() {
			asking = append(asking, inLine{foreseen: &all[n], at: d.When()})
		}
	}
	for turns := len(asking) * (len(asking) + 1); len(asking) > 0; turns-- {
		slices.SortFunc(asking, func(a, b inLine) int { return cmp.Or(a.at.Compare(b.at), byTime(a.d, b.d)) })
		x := asking[0]
		if moved, words := x.tooSoon(before, now); words != "" && turns > 0 {
			asking[0].at, asking[0].words = moved, words
			continue
		}
		asking = asking[1:]
		many := x.oneTooMany(before, now)
		if many == "" {
			before = append(before, x)
		}
		x.d.WaitingFor = firstOf(many, x.words, x.d.WaitingFor)
	}
}

// foreseeRate says of mail that is planned for an hour in which so many leave that
// the limit puts it off, until when. It counts with what waits for nothing but its
// time, an approval or the step before it.
func foreseeRate(all []foreseen, now time.Time) {
	var inTurn []*foreseen
	for n := range all {
		d := &all[n].d
		waits := d.WaitingFor != "" && d.WaitingFor != waitsForStep && d.WaitingFor != notYetShown && d.State != Review
		if d.State.Open() && !waits && !d.When().IsZero() {
			inTurn = append(inTurn, &all[n])
		}
	}
	if len(inTurn) == 0 || inTurn[0].f.Policy.PerHour <= 0 {
		return
	}
	slices.SortFunc(inTurn, func(a, b *foreseen) int { return byTime(a.d, b.d) })
	most, left := inTurn[0].f.Policy.PerHour, slices.Clone(inTurn[0].f.SentLately)
	for _, x := range inTurn {
		leaves := later(x.d.When(), now)
		if n := len(left); n >= most && left[n-most].Add(time.Hour).After(leaves) {
			leaves = left[n-most].Add(time.Hour)
			x.d.WaitingFor = firstOf(x.d.WaitingFor, fmt.Sprintf("for others to leave first, at most %d an hour do; not before %s", most, moment(leaves, x.d.Zone, now)))
		}
		left = append(left, leaves)
	}
}

// later is the later of two moments.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tooSoon says until when, and in words why, the mail waits because of those of other
// applications before it; no words if it does not.
func (x inLine) tooSoon(before []inLine, now time.Time) (at time.Time, words string) {
	i, ok := x.f.Application.round(x.d.Interview)
	if !ok {
		return x.at, ""
	}
	to, gap, place := personOf(&x.f.Application, i, &x.d), x.f.Policy.Limits.Gap, placeOf(x.f, &x.d, now)
	for _, o := range before {
		other := o.d.asMail()
		next := place.Add(o.at, gap)
		if o.d.Application == x.d.Application || !x.f.isWith(&other, to) && !x.f.sameCompany(o.d.Company) || !x.at.Before(next) {
			continue
		}
		at = x.nextMatch(place, next)
		words = fmt.Sprintf("for %s after the %s of %s, which is to ask %s on %s; it is expected to leave on %s then",
			gap.Words(), o.d.Step, o.d.Application, firstOf(o.d.To.Name, o.d.To.Email), moment(o.at, o.d.Zone, now), moment(at, x.d.Zone, now))
	}
	return at, words
}

// nextMatch is when the step may leave from a moment on, that moment if its step is gone.
func (x inLine) nextMatch(place calendar.Place, from time.Time) time.Time {
	steps := x.f.Policy.Sequences[x.f.Application.Sequence]
	if x.d.StepIndex < 0 || x.d.StepIndex >= len(steps) || steps[x.d.StepIndex].Name != x.d.Step {
		return from
	}
	slot, err := place.Next(steps[x.d.StepIndex].Cron, from, x.f.Policy.resting)
	if err != nil {
		return from
	}
	return place.Assign(slot.At, calendar.Spread(x.d.Key, x.f.Policy.Spread), nil)
}

// oneTooMany says that the mail is beyond the limit for its recipient if those before it
// leave, "" if not.
func (x inLine) oneTooMany(before []inLine, now time.Time) string {
	i, ok := x.f.Application.round(x.d.Interview)
	if !ok {
		return ""
	}
	to := personOf(&x.f.Application, i, &x.d)
	asked := x.f.askedPerson(to, now)
	for _, o := range before {
		if other := o.d.asMail(); x.f.isWith(&other, to) {
			asked++
		}
	}
	return beyondWords(asked, bound(x.f.Policy.Limits.PerPerson), to.Name)
}

// comesAfter reports whether another delivery thanks the same person before this one does.
func (x *foreseen) comesAfter(o *Delivery) bool {
	if !pendingNote(&x.d) || !pendingNote(o) {
		return false
	}
	i, ok := x.f.Application.round(x.d.Interview)
	if !ok || o.Due.Before(i.At) {
		return false
	}
	asked := o.asMail()
	return x.f.isWith(&asked, personOf(&x.f.Application, i, &x.d)) && byTime(*o, x.d) < 0
}

// thankedSooner says which earlier note will take the place of one that was just
// approved.
func thankedSooner(r Reader, f *Facts, d Delivery, now time.Time) (string, error) {
	all, err := r.Deliveries(DeliveryQuery{States: []State{Approved, Sending, HandedOver}, Brief: true})
	slices.SortFunc(all, func(a, b Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) })
	for n := range all {
		if o := &all[n]; (&foreseen{f, d}).comesAfter(o) {
			return fmt.Sprintf("%s gets the note of %s first, due %s, and nobody is thanked twice", d.To.Name, o.Application, moment(o.Due, o.Zone, now)), err
		}
	}
	return "", err
}

// pendingNote reports whether the delivery thanks, and may still leave at a known time.
func pendingNote(d *Delivery) bool {
	return d.Kind == Owed && !d.Due.IsZero() && (d.State.Open() || d.State.InFlight() || d.State == InDoubt)
}
