package calendar

import (
	"fmt"
	"strings"
	"time"
)

// DateRange is a stretch of dates, both ends included.
type DateRange struct {
	First, Last Date
}

// ParseDateRange reads 2026-12-20..2027-01-03, or a single date. A range that ends before it starts is refused.
func ParseDateRange(text string) (DateRange, error) {
	first, last, isRange := strings.Cut(text, "..")
	if !isRange {
		last = first
	}
	from, errFrom := ParseDate(first)
	to, errTo := ParseDate(last)
	if errFrom != nil || errTo != nil {
		return DateRange{}, fmt.Errorf(
			"reading dates: found %s, expected days that exist, such as 2026-12-20..2027-01-03 or 2026-12-20", found(text))
	}
	if to.Before(from) {
		return DateRange{}, fmt.Errorf("reading dates: found %s, expected an end that is not before the start", found(text))
	}
	return DateRange{from, to}, nil
}

// Contains tells whether d lies in the range.
func (r DateRange) Contains(d Date) bool { return !d.Before(r.First) && !d.After(r.Last) }

// FreeFrom returns the first date from d on that lies outside the range, as Place.Next wants it of a blocked day.
func (r DateRange) FreeFrom(d Date) Date {
	if !r.Contains(d) {
		return d
	}
	return r.Last.AddDays(1)
}

// String writes the range as ParseDateRange reads it.
func (r DateRange) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	return r.First.String() + ".." + r.Last.String()
}

// DayOfYear is a day that comes every year. 29 February comes in leap years only.
type DayOfYear struct {
	Month time.Month
	Day   int
}

// leapYear is any year that has a 29 February, to check days of the year against.
const leapYear = 2024

func dayOfYearOfText(text string) (DayOfYear, bool) {
	d, ok := dateOfText(fmt.Sprintf("%04d-%s", leapYear, text))
	return DayOfYear{d.Month, d.Day}, ok && d.Valid()
}

func (d DayOfYear) before(other DayOfYear) bool {
	return d.Month < other.Month || d.Month == other.Month && d.Day < other.Day
}

// String writes the day as month-day: 12-23.
func (d DayOfYear) String() string { return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day) }

// YearlyRange is a stretch of days that comes every year, both ends included. Where Last is before First it goes over
// the new year.
type YearlyRange struct {
	First, Last DayOfYear
}

// ParseYearlyRange reads 12-23..01-02, or a single day such as 12-24.
func ParseYearlyRange(text string) (YearlyRange, error) {
	first, last, isRange := strings.Cut(text, "..")
	if !isRange {
		last = first
	}
	from, okFrom := dayOfYearOfText(first)
	to, okTo := dayOfYearOfText(last)
	if !okFrom || !okTo {
		return YearlyRange{}, fmt.Errorf(
			"reading days of the year: found %s, expected month-day, such as 12-23..01-02 or 12-24", found(text))
	}
	return YearlyRange{from, to}, nil
}

// Contains tells whether d lies in the range.
func (r YearlyRange) Contains(d Date) bool {
	day := DayOfYear{d.Month, d.Day}
	if r.Last.before(r.First) {
		return !day.before(r.First) || !r.Last.before(day)
	}
	return !day.before(r.First) && !r.Last.before(day)
}

// FreeFrom returns the first date from d on that lies outside the range, as Place.Next wants it of a blocked day. Of a
// range that never ends it returns a date beyond everything that Next looks at.
func (r YearlyRange) FreeFrom(d Date) Date {
	for range 2 * longestSpanDays {
		if !r.Contains(d) {
			return d
		}
		d = d.AddDays(1)
	}
	return d
}

// String writes the range as ParseYearlyRange reads it.
func (r YearlyRange) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	return r.First.String() + ".." + r.Last.String()
}
