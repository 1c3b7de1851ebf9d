package scheduler

import (
	"fmt"
	"time"

	"afterword/scheduler/calendar"
)

// A slot, the match of a step's cron line, stays open until its window closes that day.
// After that an asking mail takes the next match; owed mail may still leave in the late
// window.

// openSlot is the first slot whose window has not closed and that leaves the user the
// time to object. A mail that waits for somebody keeps its slot until that wait is over.
func (p *planner) openSlot(d *Delivery, place calendar.Place, cron calendar.Cron, first calendar.Slot, why []string) (calendar.Slot, []string, error) {
	slot, err := first, error(nil)
	for days := range 2 {
		if closing(place, slot.At).After(p.now) {
			break
		}
		if slot, err = place.Next(cron, place.StartOfDay(dateIn(p.now, place.Zone).AddDays(days)), p.f.Policy.resting); err != nil {
			return slot, why, err
		}
	}
	if p.waits(d) {
		slot = p.keptSlot(d, place, cron, first, slot)
	}
	if !slot.At.Equal(first.At) {
		why = append(why, fmt.Sprintf("its time of %s has passed", shortMoment(first.At, place)))
	}
	return p.afterShown(d, place, cron, slot, why)
}

// keptSlot is the stored slot if it lies between the first one and the first open one;
// else the first.
func (p *planner) keptSlot(d *Delivery, place calendar.Place, cron calendar.Cron, first, open calendar.Slot) calendar.Slot {
	s, ok := p.f.stored(d.Key)
	if !ok || s.Slot.Before(first.At) || s.Slot.After(open.At) {
		return first
	}
	if kept, err := place.Next(cron, s.Slot, p.f.Policy.resting); err == nil && kept.At.Equal(s.Slot) {
		return kept
	}
	return first
}

// afterShown moves a slot that would leave the user less time to object than configured.
func (p *planner) afterShown(d *Delivery, place calendar.Place, cron calendar.Cron, slot calendar.Slot, why []string) (calendar.Slot, []string, error) {
	s, known := p.f.stored(d.Key)
	if !known || s.Announced.IsZero() || !needsAnnouncing(&p.f.Policy, s) || p.waits(d) {
		return slot, why, nil
	}
	shown := s.Announced.Add(p.f.Policy.Announce)
	if shown.Before(closing(place, slot.At)) {
		return slot, why, nil
	}
	why = append(why, fmt.Sprintf("it was shown to you on %s and leaves %s later at the earliest", shortMoment(s.Announced, place), hours(p.f.Policy.Announce)))
	slot, err := place.Next(cron, shown, p.f.Policy.resting)
	return slot, why, err
}

// nextMatch is when the step of a delivery may leave from a moment on: that moment if its
// step is gone, or the user wants it at once.
func (f *Facts) nextMatch(d *Delivery, place calendar.Place, from time.Time) time.Time {
	step := f.stepOf(d)
	if step == nil {
		return from
	}
	slot, err := place.Next(step.Cron, from, f.Policy.resting)
	if err != nil {
		return from
	}
	return place.Assign(slot.At, calendar.Spread(d.Key, f.Policy.Spread), nil)
}

// stepOf is the step that times a delivery, nil if it is gone or the user wants the mail at
// once.
func (f *Facts) stepOf(d *Delivery) *Step {
	steps := f.Policy.Sequences[f.Application.Sequence]
	if d.SendNow || d.StepIndex < 0 || d.StepIndex >= len(steps) || steps[d.StepIndex].Name != d.Step {
		return nil
	}
	return &steps[d.StepIndex]
}

// leaves is when an asking mail leaves that is shown to the user now: at its time or, if
// that leaves them too little time to object, at the next one.
func (f *Facts) leaves(d *Delivery, now time.Time) time.Time {
	place, shown := placeOf(f, d, now), now.Add(f.Policy.Announce)
	if shown.Before(closing(place, d.Slot)) {
		return later(d.Due, shown)
	}
	return f.nextMatch(d, place, shown)
}

// waits reports whether an asking mail waits for somebody and not for its time.
func (p *planner) waits(d *Delivery) bool {
	if s, ok := p.f.stored(d.Key); ok && s.State == Review {
		return true
	}
	for n := range p.f.Holds {
		h := &p.f.Holds[n]
		if h.Until.IsZero() && h.Covers(d, d.Began, p.now) {
			return true
		}
	}
	status := p.f.Application.Status
	return status == StatusPaused || status == StatusOffer || !tookPlace(p.i)
}

// tooManyMissed is how many slots an asking mail may miss before the user is
// offered another hour.
const tooManyMissed = 2

// missed counts the slots that passed while the mail was free to leave: the machine was
// off or the servers could not be reached.
func (p *planner) missed(d *Delivery, place calendar.Place, cron calendar.Cron) int {
	s, ok := p.f.stored(d.Key)
	if !ok || s.State != Approved || s.Slot.IsZero() || s.SendNow || p.waits(d) || heldBack(p.f, s, p.now) {
		return s.Missed
	}
	n := s.Missed
	for at := s.Slot; n < tooManyMissed && !closing(place, at).After(p.now); n++ {
		next, err := place.Next(cron, closing(place, at), p.f.Policy.resting)
		if err != nil {
			return n + 1
		}
		at = next.At
	}
	return n
}

// How late an asking mail may be, when the daemon first sees it, to be sent without
// asking, or at all.
const (
	staleAfter = 5 * 24 * time.Hour
	deadAfter  = 21 * 24 * time.Hour
)

// settleAsking decides what the order of the steps and lateness mean for an asking mail.
func (p *planner) settleAsking(d *Delivery) {
	if d.State != Planned {
		return
	}
	stored, known := p.f.stored(d.Key)
	if !p.ready && !d.SendNow {
		d.Expected, d.Due, d.Slot, d.FirstDue = d.Due, time.Time{}, time.Time{}, time.Time{}
		d.WaitingFor = waitsForStep
		return
	}
	if !d.Expires.IsZero() && !p.now.Before(d.Expires) {
		d.State, d.Why = Expired, "it was to leave by "+moment(d.Expires, d.Zone, p.now)+" at the latest"
		return
	}
	if known && !stored.Due.IsZero() && stored.State != Cancelled {
		d.Personal = firstOf(d.Personal, stored.Personal)
		return
	}
	switch late := p.now.Sub(d.FirstDue); {
	case late > deadAfter:
		d.State, d.Why = Expired, fmt.Sprintf("its time was %s, more than 21 days ago", moment(d.FirstDue, d.Zone, p.now))
	case late > staleAfter:
		d.Personal = firstOf(d.Personal, fmt.Sprintf("its time was %s, more than 5 days ago", moment(d.FirstDue, d.Zone, p.now)))
	}
}

// waitsForStep is what a step waits for whose turn has not come.
const waitsForStep = "for the step before it"
