package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"time"
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

// foreseeAsking says whether an asking mail comes too soon after one of another
// application, or is one too many for its recipient, if all leave when expected. Mail
// that waits for something else is not counted.
func foreseeAsking(all []foreseen, now time.Time) {
	var asking []*foreseen
	for n := range all {
		d := &all[n].d
		waits := d.WaitingFor != "" && d.WaitingFor != waitsForStep && d.WaitingFor != notYetShown
		if d.Kind == Asking && d.State.Open() && !waits && !d.When().IsZero() {
			asking = append(asking, &all[n])
		}
	}
	slices.SortFunc(asking, func(a, b *foreseen) int { return byTime(a.d, b.d) })
	var before []*Delivery
	for _, x := range asking {
		words, leaves := x.askedElsewhere(before, now)
		if leaves {
			before = append(before, &x.d)
		}
		x.d.WaitingFor = firstOf(words, x.d.WaitingFor)
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

// askedElsewhere says what the mail waits for because of those before it, and whether it
// will leave later all the same.
func (x *foreseen) askedElsewhere(before []*Delivery, now time.Time) (words string, leaves bool) {
	i, ok := x.f.Application.round(x.d.Interview)
	if !ok {
		return "", true
	}
	to, gap := personOf(&x.f.Application, i, &x.d), x.f.Policy.Limits.Gap
	place, asked := placeOf(x.f, &x.d, now), x.f.askedPerson(to, now)
	for _, o := range before {
		other := o.asMail()
		with := x.f.isWith(&other, to)
		if with {
			asked++
		}
		if o.Application != x.d.Application && (with || x.f.sameCompany(o.Company)) && x.d.When().Before(place.Add(o.When(), gap)) {
			words = fmt.Sprintf("for %s after the %s of %s, which is to ask %s on %s", gap.Words(), o.Step, o.Application, firstOf(o.To.Name, o.To.Email), moment(o.When(), o.Zone, now))
		}
	}
	if many := beyondWords(asked, bound(x.f.Policy.Limits.PerPerson), to.Name); many != "" {
		return many, false
	}
	return words, true
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
