package scheduler

import (
	"cmp"
	"time"

	"afterword/scheduler/calendar"
)

// zoneFor is the recipient's zone: the first that is known of the person's, the
// application's, the interview's, that of the application's last interview (even if
// cancelled), and the candidate's.
func zoneFor(pol *Policy, a *Application, i *Interview, p *Person) *time.Location {
	last := i.Zone
	if n := len(a.Interviews); last == nil && n > 0 {
		last = a.Interviews[n-1].Zone
	}
	return cmp.Or(p.Zone, a.Zone, last, pol.Me.zone())
}

// placeFor is where and when the recipient reads mail. A country that the
// calendar does not know has no holidays: the file's reader refuses it first.
func placeFor(pol *Policy, a *Application, i *Interview, p *Person) calendar.Place {
	days, _ := calendar.ForCountry(cmp.Or(a.Country, pol.Holidays))
	return calendar.Place{Zone: zoneFor(pol, a, i, p), Window: pol.Window, Holidays: days}
}

// placeOf is the place of a delivery's recipient. For a mail queued by hand it is where
// the meeting that it speaks of took place, or the latest one.
func placeOf(f *Facts, d *Delivery, now time.Time) calendar.Place {
	i, ok := f.Application.round(d.Interview)
	if !ok {
		i = f.queuedFor(d, now)
	}
	return placeFor(&f.Policy, &f.Application, i, personOf(&f.Application, i, d))
}

// lateWindow is the place with the wider window for owed mail that is late.
func lateWindow(pol *Policy, place calendar.Place) calendar.Place {
	place.Window = pol.Late
	return place
}

// dateIn is the civil date of a moment in a zone.
func dateIn(t time.Time, zone *time.Location) calendar.Date { return calendar.DateOf(t.In(zone)) }

// closing is when the window closes on the day of a moment; the end of the day if the
// window is not open then.
func closing(place calendar.Place, t time.Time) time.Time {
	if closes, ok := place.OpenUntil(t); ok {
		return closes
	}
	return place.StartOfDay(dateIn(t, place.Zone).AddDays(1))
}

// resting says on which days asking mail rests, and until when.
func (pol *Policy) resting(day calendar.Date) (string, calendar.Date) {
	for _, r := range pol.Quiet {
		if r.Contains(day) {
			return "your quiet days " + r.String(), r.FreeFrom(day)
		}
	}
	for _, r := range pol.Me.Away {
		if r.Contains(day) {
			return "you are away " + r.String(), r.FreeFrom(day)
		}
	}
	return "", calendar.Date{}
}

// patience is the earliest moment of asking mail after the date by which they promised
// to decide: the start of the second business day after it. Zero if they promised none.
func patience(place calendar.Place, by calendar.Date) time.Time {
	if by.IsZero() {
		return time.Time{}
	}
	return place.StartOfDay(place.AddBusinessDays(by, 2))
}
