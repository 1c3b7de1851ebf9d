package scheduler

import (
	"fmt"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// timeOwed gives an owed note its due time (DESIGN section 4, "A step's time").
// The time depends only on the interview and the settings, so it does not move
// for being late.
func (p *planner) timeOwed(d Delivery, step Step, to Person) Delivery {
	place := placeFor(p.f.Policy, p.f.Application, p.i, to)
	base, after, cron := p.i.End(), step.After, step.Cron
	why := fmt.Sprintf("%s after the interview's end", after.Words())
	if by := p.f.Application.DecisionBy; !by.IsZero() && by == calendar.DateOf(base.In(place.Zone)) {
		after, cron, place = soon(), anyMinute(), lateWindow(p.f.Policy, place)
		why = "they decide on the interview's own day, so 2 h after its end"
	}
	from := place.Add(base, after)
	slot, err := place.Next(cron, from, nil)
	if err != nil {
		return unwanted(d, CauseUnwanted, err.Error())
	}
	d = p.assign(d, place, slot.At)
	d.FirstDue = d.Due
	d.Expires = place.Add(d.Due, expiry(step))
	d.Reason = reason(why+" is "+shortMoment(from, place), cron, slot, d)
	return d
}

// soon is the pause before a thank-you when they decide the same day.
func soon() calendar.Span { return mustSpan("2h") }

// expiry is how long an owed note may be late; asking mail has none of its own.
func expiry(step Step) calendar.Span {
	if step.Expires.IsZero() && step.Kind == Owed {
		return mustSpan("48h")
	}
	return step.Expires
}

// mustSpan reads a span that stands in this program.
func mustSpan(text string) calendar.Span {
	s, err := calendar.ParseSpan(text)
	if err != nil {
		panic("parsing a constant span: " + err.Error())
	}
	return s
}

// assign adds the spread, once: while the slot stays the same, so does the due
// time.
func (p *planner) assign(d Delivery, place calendar.Place, slot time.Time) Delivery {
	d.Slot = slot
	if stored, ok := p.f.stored(d.Key); ok && (stored.SendNow || (stored.Slot.Equal(slot) && !stored.Due.IsZero())) {
		d.Due = stored.Due
		p.taken[d.Due.Truncate(time.Minute)] = true
		return d
	}
	taken := func(t time.Time) bool { return p.taken[t.Truncate(time.Minute)] }
	d.Due = place.Assign(slot, calendar.Spread(d.Key, p.f.Policy.Spread), taken)
	p.taken[d.Due.Truncate(time.Minute)] = true
	return d
}

// timeAsking gives an asking mail its due time, counted from the last word in
// either direction.
func (p *planner) timeAsking(d Delivery, step Step, to Person) Delivery {
	place := placeFor(p.f.Policy, p.f.Application, p.i, to)
	base, why := p.silence()
	from := place.Add(base, step.After)
	parts := []string{fmt.Sprintf("%s after %s is %s", step.After.Words(), why, shortMoment(from, place))}
	from, parts = p.postpone(d, place, from, parts)
	slot, err := place.Next(step.Cron, from, p.resting)
	if err != nil {
		return unwanted(d, CauseUnwanted, err.Error())
	}
	first := slot.At
	if p.ready && !p.held(d) {
		if slot, err = p.openSlot(place, step.Cron, slot); err != nil {
			return unwanted(d, CauseUnwanted, err.Error())
		}
		if !first.Equal(slot.At) {
			parts = append(parts, fmt.Sprintf("the slot of %s has passed", calendarDay(first, place.Zone)))
		}
	}
	d = p.assign(d, place, slot.At)
	d.FirstDue = d.Due
	if !first.Equal(slot.At) {
		d.FirstDue = first
	}
	d.Reason = reason(strings.Join(parts, "; "), step.Cron, slot, d)
	if !step.Expires.IsZero() {
		d.Expires = place.Add(d.FirstDue, step.Expires)
	}
	return p.settleAsking(d)
}

// openSlot is the first slot whose window has not closed yet: a slot stays
// open until its window closes that day. What is on hold does not come here;
// it waits for the end of the hold before it looks for another slot.
func (p *planner) openSlot(place calendar.Place, cron calendar.Cron, slot calendar.Slot) (calendar.Slot, error) {
	today := calendar.DateOf(p.now.In(place.Zone))
	for days := range 2 {
		closes, ok := place.OpenUntil(slot.At)
		if !ok || closes.After(p.now) {
			break
		}
		var err error
		if slot, err = place.Next(cron, place.StartOfDay(today.AddDays(days)), p.resting); err != nil {
			return slot, err
		}
	}
	return slot, nil
}

// silence is where the wait of an asking step begins.
func (p *planner) silence() (time.Time, string) {
	base, why := p.i.End(), "the interview's end"
	if at, whose := p.f.lastWord(); at.After(base) {
		base, why = at, whose
	}
	if !p.ready && p.done.After(base) {
		base, why = p.done, "the step before it"
	}
	return base, why
}

// postpone moves the earliest moment of an asking mail behind the date they
// promised, the gap between asking mails and the announcement.
func (p *planner) postpone(d Delivery, place calendar.Place, from time.Time, parts []string) (time.Time, []string) {
	later := func(at time.Time, why string) {
		if at.After(from) {
			from, parts = at, append(parts, why)
		}
	}
	if by := p.f.Application.DecisionBy; !by.IsZero() {
		later(place.StartOfDay(place.AddBusinessDays(by, 2)), fmt.Sprintf("they promised to decide by %s, plus 2 business days", by))
	}
	if last := p.f.lastAsked(NormalAddress(d.To.Email)); !last.IsZero() {
		gap := p.f.Policy.Limits.Gap
		later(place.Add(last, gap), fmt.Sprintf("%s after the last mail that asked", gap.Words()))
	}
	if stored, ok := p.f.stored(d.Key); ok && p.mustAnnounce(stored) && !stored.Announced.IsZero() {
		shown := stored.Announced.Add(p.f.Policy.Announce)
		if !stored.Slot.IsZero() && shown.After(stored.Due) {
			later(shown, fmt.Sprintf("it was shown to you on %s, and waits %s", stored.Announced.In(place.Zone).Format("Mon 2 Jan 15:04"), p.f.Policy.Announce))
		}
	}
	return from, parts
}

// mustAnnounce reports whether the mail leaves only after the user had time to
// look at it: asking mail that no person approved.
func (p *planner) mustAnnounce(d Delivery) bool { return needsAnnouncing(p.f.Policy, d) }

func needsAnnouncing(pol Policy, d Delivery) bool {
	return d.Kind == Asking && !d.ByPerson && pol.Review != ReviewNever && pol.Announce > 0
}

// resting says on which days asking mail rests.
func (p *planner) resting(day calendar.Date) (string, calendar.Date) {
	for _, r := range p.f.Policy.Quiet {
		if r.Contains(day) {
			return "your quiet days " + r.String(), r.FreeFrom(day)
		}
	}
	for _, r := range p.f.Policy.Me.Away {
		if r.Contains(day) {
			return "you are away " + r.String(), r.FreeFrom(day)
		}
	}
	return "", calendar.Date{}
}

// The ages at which an asking mail that the daemon sees for the first time is
// no longer sent by itself, or not at all.
const (
	staleAfter = 5 * 24 * time.Hour
	deadAfter  = 21 * 24 * time.Hour
)

// settleAsking decides what lateness and the order of steps make of an asking
// mail.
func (p *planner) settleAsking(d Delivery) Delivery {
	if !p.ready {
		d.Expected, d.Due, d.Slot = d.Due, time.Time{}, time.Time{}
		d.WaitingFor = "the step before it"
		return d
	}
	stored, known := p.f.stored(d.Key)
	if known && !stored.Due.IsZero() {
		d.Personal = firstOf(d.Personal, stored.Personal)
		return d
	}
	switch late := p.now.Sub(d.FirstDue); {
	case late > deadAfter:
		d.State, d.Why = Expired, fmt.Sprintf("its time was %s, more than 21 days ago", calendarDay(d.FirstDue, p.i.Zone))
	case late > staleAfter:
		d.Personal = firstOf(d.Personal, fmt.Sprintf("its time was %s, more than 5 days ago", calendarDay(d.FirstDue, p.i.Zone)))
	}
	return d
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// held reports whether a hold without an end keeps the delivery.
func (p *planner) held(d Delivery) bool {
	for _, h := range p.f.Holds {
		if h.Until.IsZero() && h.Covers(d, d.Began, p.now) {
			return true
		}
	}
	return p.f.Application.Status == StatusPaused
}

// shortMoment writes a time at the place, without its zone.
func shortMoment(t time.Time, place calendar.Place) string {
	return t.In(place.Zone).Format("Mon 2 Jan 15:04")
}

// reason is the sentence that plan and why print.
func reason(why string, cron calendar.Cron, slot calendar.Slot, d Delivery) string {
	text := why + "; " + slot.Reason(cron)
	if plus := d.Due.Sub(slot.At); plus != 0 {
		text += fmt.Sprintf("; %+d m so that notes do not leave together", int(plus/time.Minute))
	}
	return text
}
