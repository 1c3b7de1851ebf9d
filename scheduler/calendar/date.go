package calendar

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a civil date of the Gregorian calendar, without a zone. The zero value stands for no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date such as 2026-12-04. Dates that do not exist (30 February) are refused, never rolled over.
func ParseDate(text string) (Date, error) {
	d, ok := dateOfText(text)
	if !ok {
		return Date{}, fmt.Errorf("reading date: found %s, expected year-month-day such as 2026-12-04", found(text))
	}
	if !d.Valid() {
		return Date{}, fmt.Errorf("reading date: found %s, expected a day that exists, such as 2026-12-04", found(text))
	}
	return d, nil
}

// dateOfText splits year-month-day with four, two and two digits, and does not ask whether that day exists.
func dateOfText(text string) (Date, bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 3 || len(parts[0]) != 4 || len(parts[1]) != 2 || len(parts[2]) != 2 {
		return Date{}, false
	}
	year, okYear := digits(parts[0])
	month, okMonth := digits(parts[1])
	day, okDay := digits(parts[2])
	return Date{year, time.Month(month), day}, okYear && okMonth && okDay
}

// digits reads a number of at most nine ASCII digits. Unlike strconv.Atoi it takes no sign.
func digits(text string) (int, bool) {
	if text == "" || len(text) > 9 {
		return 0, false
	}
	for _, char := range []byte(text) {
		if char < '0' || char > '9' {
			return 0, false
		}
	}
	number, err := strconv.Atoi(text)
	return number, err == nil
}

// DateOf returns the date on which t falls in t's own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// midnightUTC is the date as an instant for arithmetic. UTC has days of equal length, so nothing is lost.
func (d Date) midnightUTC() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// AddDays returns the date n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date { return DateOf(d.midnightUTC().AddDate(0, 0, n)) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnightUTC().Weekday() }

// DaysUntil returns how many days later other is; negative where it is earlier.
func (d Date) DaysUntil(other Date) int {
	const day = 24 * 60 * 60
	return int((other.midnightUTC().Unix() - d.midnightUTC().Unix()) / day)
}

// Compare returns -1, 0 or +1 for a date before, equal to or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before tells whether d is an earlier date than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After tells whether d is a later date than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// IsZero tells whether d is the zero value, which stands for no date.
func (d Date) IsZero() bool { return d == Date{} }

// Valid tells whether the date exists, in the years 1 to 9999.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && DateOf(d.midnightUTC()) == d
}

// String writes the date as ParseDate reads it.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// Words writes the date for a sentence whose reader knows the year, such as "Wed 25 Nov".
func (d Date) Words() string { return d.midnightUTC().Format("Mon 2 Jan") }

// WordsIn writes the date for a sentence that speaks of the given year: "Wed 25 Nov", or "Fri 1 Jan 2027" in any other.
func (d Date) WordsIn(year int) string {
	if d.Year == year {
		return d.Words()
	}
	return d.midnightUTC().Format("Mon 2 Jan 2006")
}
