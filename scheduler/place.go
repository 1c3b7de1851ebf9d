package scheduler

import (
	"time"

	"afterword/scheduler/calendar"
)

// zoneFor is the recipient's zone: the person's, the application's, the
// interview's, the candidate's, in this order.
func zoneFor(pol Policy, a Application, i Interview, p Person) *time.Location {
	for _, z := range []*time.Location{p.Zone, a.Zone, i.Zone, pol.Me.Zone} {
		if z != nil {
			return z
		}
	}
	return time.UTC
}

// placeFor is where and when the recipient reads mail. A country that the
// calendar does not know has no holidays: the file's reader refuses it first.
func placeFor(pol Policy, a Application, i Interview, p Person) calendar.Place {
	country := a.Country
	if country == "" {
		country = pol.Holidays
	}
	days, err := calendar.ForCountry(country)
	if err != nil {
		days = nil
	}
	return calendar.Place{Zone: zoneFor(pol, a, i, p), Window: pol.Window, Holidays: days}
}

// lateWindow is the place with the wider window for owed mail that is late.
func lateWindow(pol Policy, place calendar.Place) calendar.Place {
	place.Window = pol.Late
	return place
}

// dateIn is the civil date of a moment in a zone.
func dateIn(t time.Time, zone *time.Location) calendar.Date { return calendar.DateOf(t.In(zone)) }
