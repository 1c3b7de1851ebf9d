package sim

import (
	"slices"
	"time"
)

// The holidays of the four calendars that plans use, by rules of the world's own:
// the program's come from tables that this file does not ask.

// feasts are a country's holidays in one year, as days in UTC, with those on which
// they are made up for.
func feasts(country string, year int) (all []time.Time) {
	on := func(month time.Month, day int) time.Time { return time.Date(year, month, day, 0, 0, 0, 0, time.UTC) }
	easter := easterSunday(year)
	after := func(days int) time.Time { return easter.AddDate(0, 0, days) }
	switch country {
	case "FR":
		return []time.Time{on(1, 1), after(1), on(5, 1), on(5, 8), after(39), after(50), on(7, 14), on(8, 15), on(11, 1), on(11, 11), on(12, 25)}
	case "DE":
		return []time.Time{on(1, 1), after(-2), after(1), on(5, 1), after(39), after(50), on(10, 3), on(12, 25), on(12, 26)}
	case "GB":
		all = []time.Time{on(1, 1), after(-2), after(1), nth(on(5, 1), time.Monday, 1), last(on(5, 31), time.Monday), last(on(8, 31), time.Monday), on(12, 25), on(12, 26)}
		return append(all, nextWorkdays(on(1, 1)), nextWorkdays(on(12, 25), on(12, 26)), nextWorkdays(on(12, 26), on(12, 25)))
	case "US":
		for _, fixed := range []time.Time{on(1, 1), on(6, 19), on(7, 4), on(11, 11), on(12, 25), on(12, 32)} {
			all = append(all, fixed, nearestWorkday(fixed))
		}
		return append(all, nth(on(1, 1), time.Monday, 3), nth(on(2, 1), time.Monday, 3), last(on(5, 31), time.Monday), nth(on(9, 1), time.Monday, 1),
			nth(on(10, 1), time.Monday, 2), nth(on(11, 1), time.Thursday, 4))
	}
	return nil
}

// isHoliday reports whether a moment lies on a holiday of a country. The day on
// which New Year is made up for may lie in the year before.
func isHoliday(country string, at time.Time) bool {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return slices.ContainsFunc(feasts(country, at.Year()), day.Equal)
}

// easterSunday is Easter of the Gregorian calendar, from the age of the moon (the
// rule of Gauss, with Lilius's corrections).
func easterSunday(year int) time.Time {
	century := year / 100
	moon := (19*(year%19) + century - century/4 - (8*century+13)/25 + 15) % 30
	if moon == 29 || moon == 28 && year%19 > 10 {
		moon--
	}
	full := time.Date(year, 3, 21+moon, 0, 0, 0, 0, time.UTC)
	return full.AddDate(0, 0, 7-int(full.Weekday()))
}

// nth is the nth such day of the week in the month that begins on a day.
func nth(first time.Time, day time.Weekday, n int) time.Time {
	return first.AddDate(0, 0, (int(day)-int(first.Weekday())+7)%7+7*(n-1))
}

// last is the last such day of the week in the month that ends on a day.
func last(end time.Time, day time.Weekday) time.Time {
	return end.AddDate(0, 0, -((int(end.Weekday()) - int(day) + 7) % 7))
}

func isWeekend(day time.Time) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}

// nearestWorkday is the Friday before a Saturday, and the Monday after a Sunday.
func nearestWorkday(day time.Time) time.Time {
	switch day.Weekday() {
	case time.Saturday:
		return day.AddDate(0, 0, -1)
	case time.Sunday:
		return day.AddDate(0, 0, 1)
	}
	return day
}

// nextWorkdays is when a holiday on a weekend is made up for: on the next working
// day that the other one does not have. Christmas goes before Boxing Day.
func nextWorkdays(day time.Time, others ...time.Time) time.Time {
	if !isWeekend(day) {
		return day
	}
	made := day
	for isWeekend(made) || slices.ContainsFunc(others, made.Equal) {
		made = made.AddDate(0, 0, 1)
	}
	for _, o := range others {
		if o.Before(day) && isWeekend(o) && nextWorkdays(o).Equal(made) {
			made = made.AddDate(0, 0, 1)
		}
	}
	return made
}
