package scheduler

import (
	"errors"
	"fmt"
	"time"

	"afterword/scheduler/calendar"
)

// When a step is due (DESIGN section 4): a base time plus `after`, moved to the first
// match of the cron line inside the window at the recipient's place, plus the spread.

// timeOwed sets the due time of an owed note. It depends only on the interview and the
// settings, so it does not move when the note is late, and the expiry counts from it.
func (p *planner) timeOwed(d *Delivery, step *Step, to *Person, panel int) {
	place := placeFor(&p.f.Policy, &p.f.Application, p.i, to)
	from, cron := place.Add(p.i.End(), step.After), step.Cron
	why := []string{since(step.After, interviewEnd, from, place, p.i.End())}
	slot, err := place.Next(cron, from, nil)
	if soon, late, ok := p.decidedToday(place); ok && soon.At.Before(slotOr(slot, err, soon)) {
		slot, place, err = soon, late, nil
		why = []string{"they decide on the interview's own day, so 2 h after its end instead of " + step.After.Words()}
		cron = anyMinute()
	}
	if err != nil {
		d.unwanted(CauseUnwanted, p.neverWords(err, place, false))
		return
	}
	for next := slot; p.crowded(d, place, next.At); {
		// The panel is larger than what is left of the window: the next one.
		if len(why) == 1 {
			why = append(why, "others of the panel take every minute that is left on "+shortDay(dateIn(next.At, place.Zone)))
		}
		if next, err = place.Next(cron, closing(place, next.At), nil); err != nil {
			break // two notes in one minute are the smaller evil
		}
		slot = next
	}
	p.assign(d, place, slot.At)
	d.FirstDue, d.Expires = d.Due, place.Add(d.Due, expiry(step))
	d.Reason = reason(why, cron, slot, d.Due, place, panel)
	p.atOnce(d)
	if !p.now.Before(d.Expires) {
		d.State, d.Why = Expired, "it was to leave by "+moment(d.Expires, d.Zone, p.now)+" at the latest"
	}
}

// neverWords say that no time comes at which the mail may leave. Of an asking mail the
// user's own days of rest may be the cause.
func (p *planner) neverWords(err error, place calendar.Place, asking bool) string {
	var never *calendar.NeverError
	if !errors.As(err, &never) {
		return "it can never leave: " + err.Error()
	}
	rest := ""
	if asking && len(p.f.Policy.Quiet)+len(p.f.Policy.Me.Away) > 0 {
		rest = " and outside your quiet days and absences"
	}
	return fmt.Sprintf("it can never leave: no time of %q lies within %s%s in the 400 days from %s %d on", never.Cron, place.Window, rest, never.From.Words(), never.From.Year)
}

// slotOr is the time of a slot or, if there is none, a moment after the other one.
func slotOr(slot calendar.Slot, err error, other calendar.Slot) time.Time {
	if err != nil {
		return other.At.Add(time.Second)
	}
	return slot.At
}

// decidedToday is the slot of a thank-you when they decide on the day of the interview:
// two hours after its end, if mail may leave then.
func (p *planner) decidedToday(place calendar.Place) (calendar.Slot, calendar.Place, bool) {
	by := p.f.Application.DecisionBy
	if by.IsZero() || (by != dateIn(p.i.At, place.Zone) && (p.i.Zone == nil || by != dateIn(p.i.At, p.i.Zone))) {
		return calendar.Slot{}, place, false
	}
	late := lateWindow(&p.f.Policy, place)
	from := late.Add(p.i.End(), soon())
	slot, err := late.Next(anyMinute(), from, nil)
	return slot, late, err == nil && dateIn(slot.At, late.Zone) == dateIn(from, late.Zone)
}

// soon is the pause before a thank-you when they decide the same day.
func soon() calendar.Span { return calendar.Span{Elapsed: 2 * time.Hour} }

// anyMinute is the cron line that matches every minute.
func anyMinute() calendar.Cron {
	c, err := calendar.ParseCron(everyMinute)
	if err != nil {
		panic("parsing a constant cron line: " + err.Error())
	}
	return c
}

const everyMinute = "* * * * *"

// expiry is how late an owed note may be. Asking mail has no default.
func expiry(step *Step) calendar.Span {
	if step.Expires.IsZero() && step.Kind == Owed {
		return calendar.Span{Elapsed: 48 * time.Hour}
	}
	return step.Expires
}

// crowded reports whether other notes of the round take every minute from the slot to
// the end of its window.
func (p *planner) crowded(d *Delivery, place calendar.Place, slot time.Time) bool {
	if _, open := place.OpenUntil(slot); !open {
		return false
	}
	if s, ok := p.f.stored(d.Key); ok && s.Slot.Equal(slot) {
		return false // it has its minute
	}
	return p.isTaken(place.Assign(slot, calendar.Spread(d.Key, p.f.Policy.Spread), p.isTaken))
}

// assign sets the due time: the slot plus the spread. It stays the same while the slot
// does and the window allows it.
func (p *planner) assign(d *Delivery, place calendar.Place, slot time.Time) {
	d.Slot = slot
	stored, ok := p.f.stored(d.Key)
	closes, open := place.OpenUntil(slot)
	if ok && stored.Slot.Equal(slot) && !stored.SendNow && open && !stored.Due.Before(slot) && stored.Due.Before(closes) {
		d.Due = stored.Due.In(place.Zone)
	} else {
		d.Due = place.Assign(slot, calendar.Spread(d.Key, p.f.Policy.Spread), p.isTaken)
	}
	p.take(d.Due)
}

// atOnce keeps the times of a mail that the user asked to send now, unless its interview
// was postponed since. If the date of the interview was corrected, the mail gets the
// time that follows from that.
func (p *planner) atOnce(d *Delivery) {
	s, ok := p.f.stored(d.Key)
	if !ok || !s.SendNow || !s.State.Open() || d.Began.After(s.Began) && p.i.End().After(s.Due) {
		return
	}
	d.Slot, d.Due, d.FirstDue, d.Reason, d.SendNow = s.Slot, s.Due, s.FirstDue, s.Reason, true
	if s.Expires.IsZero() || d.Expires.Before(s.Expires) {
		d.Expires = s.Expires
	}
}

// timeAsking gives an asking mail its due time, counted from the last word in
// either direction.
func (p *planner) timeAsking(d *Delivery, step *Step, to *Person) {
	place := placeFor(&p.f.Policy, &p.f.Application, p.i, to)
	from, why := p.earliest(d, step, to, place)
	first, err := place.Next(step.Cron, from, p.f.Policy.resting)
	slot := first
	if err == nil && p.ready {
		slot, why, err = p.openSlot(d, place, step.Cron, first, why)
	}
	if err != nil {
		d.unwanted(CauseUnwanted, p.neverWords(err, place, true))
		return
	}
	d.Missed = p.missed(d, place, step.Cron)
	p.assign(d, place, slot.At)
	d.FirstDue = d.Due
	if !first.At.Equal(slot.At) {
		d.FirstDue = place.Assign(first.At, calendar.Spread(d.Key, p.f.Policy.Spread), nil)
	}
	if !step.Expires.IsZero() {
		d.Expires = place.Add(d.FirstDue, step.Expires)
	}
	d.Reason = reason(why, step.Cron, slot, d.Due, place, 1)
	p.atOnce(d)
}

// earliest is the first moment at which an asking mail may leave, with every
// reason that moved it there.
func (p *planner) earliest(d *Delivery, step *Step, to *Person, place calendar.Place) (time.Time, []string) {
	base, what := p.silence()
	from := place.Add(base, step.After)
	why := []string{since(step.After, what, from, place, base)}
	later := func(at time.Time, reason func() string) {
		if at.After(from) {
			from, why = at, append(why, reason())
		}
	}
	if by := p.f.Application.DecisionBy; !by.IsZero() {
		later(patience(place, by), func() string {
			return fmt.Sprintf("they promised to decide by %s, and it waits 2 business days more", shortDay(by))
		})
	}
	gap := p.f.Policy.Limits.Gap
	if last := p.f.lastAsked(to); !last.IsZero() {
		later(place.Add(wholeMinute(last), gap), func() string { return gap.Words() + " must lie after the last mail that asked" })
	}
	for _, q := range p.besides {
		if q.Kind == Asking {
			later(place.Add(q.Due, gap), func() string { return gap.Words() + " must lie after the " + q.Step + " before it" })
		}
	}
	if !p.ready && !p.asks.IsZero() {
		later(place.Add(p.asks, gap), func() string { return gap.Words() + " must lie after the mail before it that asks" })
	}
	for n := range p.f.Holds {
		if h := &p.f.Holds[n]; h.concerns(d, d.Began) { // its end moves nothing: the user was told when the mail leaves
			later(h.Until, func() string { return p.heldUntil(h, place) })
		}
	}
	return from, why
}

// heldUntil says until when a hold keeps a mail, or kept it.
func (p *planner) heldUntil(h *Hold, place calendar.Place) string {
	is := "is"
	if !p.now.Before(h.Until) {
		is = "was"
	}
	return fmt.Sprintf("it %s on hold until %s: %s", is, shortMoment(h.Until, place), h.Reason)
}

// wholeMinute is the minute in which a mail left or came. The seconds that sending takes put
// nothing off by a day: what left on 10:00:02 left at ten, as the cron line of the next step says it.
func wholeMinute(at time.Time) time.Time { return at.Truncate(time.Minute) }

// silence is where the wait of an asking step begins.
func (p *planner) silence() (time.Time, string) {
	base, what := p.i.End(), interviewEnd
	if at, whose := p.f.lastWord(); at.After(base) {
		base, what = wholeMinute(at), whose
	}
	for _, q := range p.besides {
		if q.Due.After(base) {
			base, what = q.Due, "the "+q.Step+" before it, if that leaves as planned,"
		}
	}
	if !p.ready && p.done.After(base) {
		base, what = p.done, "the step before it, if that leaves as planned,"
	}
	return base, what
}
