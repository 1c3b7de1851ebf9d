package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// When what is still to leave will, and conflicts between applications: each is planned
// by itself, and without this the user would learn only from the gate that the later of two
// mails is stopped.

// expected is when a mail that is still to leave is expected to do so: at its time or, if
// that is past, once its gate opens. Where that depends on more than the hour, nobody knows,
// and it is its time.
func (f *Facts) expected(d *Delivery, now time.Time) time.Time {
	at := d.When()
	if at.IsZero() || at.After(now) || d.State == Review {
		return at
	}
	switch opens, ok := f.opens(d, now); {
	case !ok || opens.Equal(now) && now.Sub(at) < 10*time.Minute: // it is about to
		return at
	case opens.Equal(now): // within the hour: what is said of it need not change with each look
		return now.Truncate(time.Hour).Add(time.Hour)
	default:
		return opens
	}
}

// opens is when the gate opens for a mail, from a moment on; false where only something
// that happens can open it.
func (f *Facts) opens(d *Delivery, from time.Time) (time.Time, bool) {
	if !d.State.Open() {
		return from, d.State.InFlight()
	}
	shown := *d
	for range 8 { // each rule moves it once, and the hours may do so again
		v := Gate(f, &shown, from)
		switch {
		case v.Why == notYetShown:
			shown.Announced = from
		case v.Open || !v.Until.After(from):
			return from, v.Open
		default:
			from = v.Until
		}
	}
	return from, false
}

// besides are the approved mails that no step waits for, most of them queued by hand, and
// that leave by themselves before long, each with that time as Due.
func (f *Facts) besides(now time.Time) []*Delivery {
	var all []*Delivery
	for n := range f.Stored {
		d := &f.Stored[n]
		if d.Interview != "" && d.Step != stepPassOn || d.Due.IsZero() || d.State != Approved && !d.State.InFlight() {
			continue
		}
		at, ok := f.opens(d, later(d.Due, now))
		if at.Equal(now) {
			at = f.expected(d, now)
		}
		if ok {
			q := *d
			q.Due = at
			all = append(all, &q)
		}
	}
	return all
}

// foreseen is a delivery of the plan, with the facts of its application.
type foreseen struct {
	f      *Facts
	d      Delivery
	leaves time.Time // when it is expected to
	waits  bool      // it leaves only if something happens
}

func foresee(f *Facts, d Delivery, now time.Time) foreseen {
	x := foreseen{f: f, d: d, leaves: f.expected(&d, now)}
	switch {
	case !d.State.Open() || x.leaves.IsZero():
		x.waits = true
	case d.WaitingFor == "" || d.WaitingFor == waitsForStep || d.WaitingFor == notYetShown:
	case d.State == Review:
		x.waits = true
	default: // perhaps it waits for an hour
		opens, ok := f.opens(&d, later(x.leaves, now.Truncate(time.Minute)))
		x.leaves, x.waits = opens, !ok
	}
	return x
}

// thankedElsewhere says that the recipient will be thanked by another application before
// this note.
func (x *foreseen) thankedElsewhere(all []foreseen, now time.Time) string {
	if !pendingNote(&x.d) {
		return ""
	}
	for n := range all {
		o := &all[n]
		byHand := o.d.Interview == "" || x.d.Interview == "" // the plan of an application compares its own
		if (byHand && o.d.Key != x.d.Key || o.d.Application != x.d.Application) && x.comesAfter(o, now) {
			return fmt.Sprintf("%s gets the note of %s on %s, and nobody is thanked twice", x.d.To.Name, o.d.Application, moment(o.leaves, o.d.Zone, now))
		}
	}
	return ""
}

// foreseeAsking says whether an asking mail comes too soon after one of another
// application, and when it will leave then, or is one too many for its recipient, if all
// leave when expected. Mail that waits for something else is not counted.
func foreseeAsking(all []foreseen, now time.Time) {
	var asking, before []*foreseen
	for n := range all {
		if x := &all[n]; x.d.Kind == Asking && !x.waits {
			asking = append(asking, x)
		}
	}
	for turns := len(asking) * (len(asking) + 1); len(asking) > 0; turns-- {
		slices.SortFunc(asking, (*foreseen).inTurn)
		x := asking[0]
		if until, words := x.tooSoon(before, now); words != "" && turns > 0 {
			x.leaves, x.d.WaitingFor = until, words // others may ask meanwhile
			continue
		}
		asking = asking[1:]
		many := x.oneTooMany(before, now)
		if many == "" {
			before = append(before, x)
		}
		x.d.WaitingFor = firstOf(many, x.d.WaitingFor)
	}
}

// foreseeRate says of mail that is planned for an hour in which so many leave that
// the limit puts it off, until when. It counts with what waits for nothing but its
// time, an approval or the step before it.
func foreseeRate(all []foreseen, now time.Time) {
	var inTurn []*foreseen
	for n := range all {
		if x := &all[n]; !x.waits || x.d.State == Review && !x.leaves.IsZero() {
			inTurn = append(inTurn, &all[n])
		}
	}
	if len(inTurn) == 0 || inTurn[0].f.Policy.PerHour <= 0 {
		return
	}
	slices.SortFunc(inTurn, (*foreseen).inTurn)
	most, left := inTurn[0].f.Policy.PerHour, slices.Clone(inTurn[0].f.SentLately)
	for _, x := range inTurn {
		leaves := later(x.leaves, now)
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

// tooSoon says until when, and in words why, the mail waits because of those that ask
// before it; no words if it does not.
func (x *foreseen) tooSoon(before []*foreseen, now time.Time) (until time.Time, words string) {
	i, ok := x.f.Application.round(x.d.Interview)
	if !ok {
		return x.leaves, ""
	}
	to, gap, place := personOf(&x.f.Application, i, &x.d), x.f.Policy.Limits.Gap, placeOf(x.f, &x.d, now)
	until = x.leaves
	for _, o := range before {
		other := o.d.asMail()
		if o.d.Application != x.d.Application && !x.f.isWith(&other, to) && !x.f.sameCompany(o.d.Company) {
			continue
		}
		wait := gap
		if step := x.f.stepOf(&x.d); step != nil && o.d.Application == x.d.Application && place.Add(o.leaves, step.After).After(place.Add(o.leaves, gap)) {
			wait = step.After // it counts from what leaves before it, and that moved
		}
		if next := x.f.nextMatch(&x.d, place, place.Add(o.leaves, wait)); until.Before(next) {
			until = next
			words = fmt.Sprintf("for %s after the %s of %s, which is to ask %s on %s; it is expected to leave on %s then",
				wait.Words(), o.d.Step, o.d.Application, firstOf(o.d.To.Name, o.d.To.Email), moment(o.leaves, o.d.Zone, now), moment(until, x.d.Zone, now))
		}
	}
	return until, words
}

// oneTooMany says that the mail is beyond the limit for its recipient if those before it
// leave, "" if not.
func (x *foreseen) oneTooMany(before []*foreseen, now time.Time) string {
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

// inTurn orders mails by when they leave.
func (x *foreseen) inTurn(o *foreseen) int {
	return cmp.Or(x.leaves.Compare(o.leaves), byTime(x.d, o.d))
}

// comesAfter reports whether another delivery thanks the same person before this one does.
func (x *foreseen) comesAfter(o *foreseen, now time.Time) bool {
	if !pendingNote(&x.d) || !pendingNote(&o.d) || o.inTurn(x) >= 0 {
		return false
	}
	i, ok := x.f.meeting(&x.d, now)
	if !ok || o.leaves.Before(i.At) {
		return false
	}
	asked := o.d.asMail()
	return x.f.isWith(&asked, personOf(&x.f.Application, i, &x.d))
}

// thankedSooner says which earlier note will take the place of one that was just
// approved.
func thankedSooner(r Reader, f *Facts, d Delivery, now time.Time) (string, error) {
	all, err := r.Deliveries(DeliveryQuery{States: []State{Approved, Sending, HandedOver}, Brief: true})
	slices.SortFunc(all, byTime)
	x := foreseen{f: f, d: d, leaves: d.When()}
	for _, o := range all {
		if o.Key != d.Key && x.comesAfter(&foreseen{d: o, leaves: o.When()}, now) {
			return fmt.Sprintf("%s gets the note of %s first, due %s, and nobody is thanked twice", d.To.Name, o.Application, moment(o.Due, o.Zone, now)), err
		}
	}
	return "", err
}

// pendingNote reports whether the delivery thanks, and may still leave at a known time.
func pendingNote(d *Delivery) bool {
	return d.Kind == Owed && !d.Due.IsZero() && (d.State.Open() || d.State.InFlight() || d.State == InDoubt)
}
