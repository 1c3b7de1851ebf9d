package calendar

import (
	"fmt"
	"time"
)

// Place is where the recipient lives: the zone of the clock on the wall, the window in which mail may arrive, and the
// holidays. A nil Zone is UTC, a nil Holidays has none. Places are values and safe for concurrent use.
type Place struct {
	Zone     *time.Location
	Window   Window
	Holidays *Holidays
}

func (p Place) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// IsBusinessDay tells whether d is a day of the window that is no holiday. A window without days, which Validate
// refuses, counts as one with all of them, so that counting business days always comes to an end.
func (p Place) IsBusinessDay(d Date) bool {
	days := p.Window.Days
	if days&EveryDay != 0 && !days.Contains(d.Weekday()) {
		return false
	}
	_, holiday := p.Holidays.Name(d)
	return !holiday
}

// AddBusinessDays returns the n-th business day after d, counted from the next day whatever d itself is. Where n is not
// positive it returns d.
func (p Place) AddBusinessDays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if p.IsBusinessDay(d) {
			n--
		}
	}
	return d
}

// Add returns the instant that lies s after t, in the place's zone. Weeks, days and business days move the date and keep
// the wall time, resolved as Resolve does; the elapsed part is added last. A span without a calendar part is a plain
// duration, also across a change of the clocks.
func (p Place) Add(t time.Time, s Span) time.Time {
	local := t.In(p.zone())
	if elapsed, plain := s.Duration(); plain {
		return local.Add(elapsed)
	}
	wall := WallOf(local)
	wall.Date = p.AddBusinessDays(wall.Date.AddDays(7*s.Weeks+s.Days), s.BusinessDays)
	fraction := time.Duration(local.Nanosecond())
	return Resolve(wall, p.zone()).Add(fraction + s.Elapsed)
}

// StartOfDay returns the first instant of d at the place: 00:00, or the end of the gap where that does not exist.
func (p Place) StartOfDay(d Date) time.Time { return Resolve(Wall{Date: d}, p.zone()) }

// opening returns when the window opens and closes on d, whatever day that is. The two are equal where a gap swallows
// the whole window.
func (p Place) opening(d Date) (opens, closes time.Time) {
	return Resolve(p.Window.From.on(d), p.zone()), Resolve(p.Window.To.on(d), p.zone())
}

// OpenUntil returns the end of the window that t lies in, which is an instant of the same day or the next midnight. It
// returns false where t lies in none: outside the hours, on another day, or on a holiday.
func (p Place) OpenUntil(t time.Time) (time.Time, bool) {
	d := DateOf(t.In(p.zone()))
	if !p.Window.Days.Contains(d.Weekday()) || !p.IsBusinessDay(d) {
		return time.Time{}, false
	}
	opens, closes := p.opening(d)
	if t.Before(opens) || !t.Before(closes) {
		return time.Time{}, false
	}
	return closes, true
}

// InWindow tells whether mail may leave at t: within the window's hours, on one of its days, and on no holiday.
func (p Place) InWindow(t time.Time) bool {
	_, open := p.OpenUntil(t)
	return open
}

// NextOpen returns the first instant not before t at which the window is open: t itself, or the next opening. It fails
// where the window stays closed for 400 days.
func (p Place) NextOpen(t time.Time) (time.Time, error) {
	local := t.In(p.zone())
	if p.InWindow(local) {
		return local, nil
	}
	today := DateOf(local)
	for i := range longestSpanDays + 1 {
		opens, _ := p.opening(today.AddDays(i))
		if !opens.Before(t) && p.InWindow(opens) {
			return opens, nil
		}
	}
	return time.Time{}, fmt.Errorf("finding an open window: %s stays closed for %d days", p.Window, longestSpanDays)
}
