package calendar

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Wall is a date and a time of day as a clock on the wall shows it, without a zone.
type Wall struct {
	Date
	Hour, Minute, Second int
}

// ParseWall reads a wall time such as "2026-11-23 14:00". Seconds may follow, and a T may stand for the space. Dates and
// times that no clock shows are refused, and so is a zone or an offset: that stands in a key of its own.
func ParseWall(text string) (Wall, error) {
	const expected = "expected a date and a time such as 2026-11-23 14:00, without a zone"
	day, clock, ok := strings.Cut(text, " ")
	if !ok {
		day, clock, ok = strings.Cut(text, "T")
	}
	if !ok {
		return Wall{}, fmt.Errorf("reading time: found %s, %s", found(text), expected)
	}
	date, err := ParseDate(day)
	if err != nil {
		return Wall{}, fmt.Errorf("reading time: found %s, %s: %w", found(text), expected, err)
	}
	hour, minute, second, ok := clockOfText(clock)
	w := Wall{date, hour, minute, second}
	if !ok || !w.Valid() {
		return Wall{}, fmt.Errorf("reading time: found %s, %s", found(text), expected)
	}
	return w, nil
}

// clockOfText splits 14:00 or 14:00:30. The hour may have one digit; the others have two. Ranges are not checked.
func clockOfText(text string) (hour, minute, second int, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 || len(parts[0]) > 2 {
		return 0, 0, 0, false
	}
	numbers := [3]int{}
	for i, part := range parts {
		number, isNumber := digits(part)
		if !isNumber || i > 0 && len(part) != 2 {
			return 0, 0, 0, false
		}
		numbers[i] = number
	}
	return numbers[0], numbers[1], numbers[2], true
}

// WallOf returns what a clock in t's own location shows at t. Fractions of a second are dropped.
func WallOf(t time.Time) Wall {
	hour, minute, second := t.Clock()
	return Wall{DateOf(t), hour, minute, second}
}

// asUTC is the wall time as an instant for arithmetic and for cron, as if the place kept UTC.
func (w Wall) asUTC() time.Time {
	return time.Date(w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second, 0, time.UTC)
}

// Valid tells whether a clock can show the wall time in some zone: the date exists and the hour is 0 to 23.
func (w Wall) Valid() bool { return w.Date.Valid() && WallOf(w.asUTC()) == w }

// Compare returns -1, 0 or +1 for a wall time before, equal to or after other.
func (w Wall) Compare(other Wall) int {
	return cmp.Or(w.Date.Compare(other.Date), cmp.Compare(w.Hour, other.Hour),
		cmp.Compare(w.Minute, other.Minute), cmp.Compare(w.Second, other.Second))
}

// String writes the wall time as ParseWall reads it, with seconds only where there are any.
func (w Wall) String() string {
	if w.Second == 0 {
		return fmt.Sprintf("%s %02d:%02d", w.Date, w.Hour, w.Minute)
	}
	return fmt.Sprintf("%s %02d:%02d:%02d", w.Date, w.Hour, w.Minute, w.Second)
}

// Resolve returns the instant at which a clock in zone shows w; a nil zone is UTC. A wall time that the zone leaves out
// (a gap of minutes, an hour or a whole day) gives the first instant after the gap, one that it shows twice gives the
// first of the two. time.Date promises neither. An hour of 24 means the start of the next date.
//
// It never decreases: of two wall times the later never resolves to an earlier instant.
func Resolve(w Wall, zone *time.Location) time.Time {
	// No zone was ever further than this from UTC, so the walk starts before every instant that could show w.
	const furthestOffset = 26 * 60 * 60
	if zone == nil {
		zone = time.UTC
	}
	wall := w.asUTC().Unix()
	t := time.Unix(wall-furthestOffset, 0).In(zone)
	for {
		_, offset := t.Zone()
		start, end := offsetBounds(t)
		shows := time.Unix(wall-int64(offset), 0).In(zone)
		switch {
		case !start.IsZero() && shows.Before(start):
			return start // The period before ended too early to show w, and this one starts past it.
		case end.IsZero() || shows.Before(end):
			return shows
		}
		t = end
	}
}

// offsetBounds returns a stretch of time around t in which the offset from UTC stays the same: from start up to, but not
// at, end. Either is zero where there is no bound. The stretch may be shorter than it could be.
//
// It is time.Time.ZoneBounds but for one flaw: past the transitions that the tz database lists, which in its slim form is
// past the last change of rules, Go takes every year for one of 365 days, so that on 31 December of a leap year the end
// that it names has already passed. There the offset holds until the next year begins in UTC.
func offsetBounds(t time.Time) (start, end time.Time) {
	start, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		end = time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
	}
	return start, end
}

// earliestWall returns the smallest wall time that resolves to t or later, where t has no fraction of a second. It is
// what the clock shows at t, but for two cases: just after a gap it is the first wall time that was left out, and in the
// second pass of a repeated hour it is the first wall time after the repetition.
func earliestWall(t time.Time) Wall {
	shown := WallOf(t)
	start, _ := offsetBounds(t)
	if start.IsZero() {
		return shown
	}
	_, offsetBefore := start.Add(-time.Second).Zone()
	edge := WallOf(time.Unix(start.Unix()+int64(offsetBefore), 0).UTC())
	repeated := edge.Compare(shown) > 0
	afterGap := t.Equal(start) && edge.Compare(shown) < 0
	if repeated || afterGap {
		return edge
	}
	return shown
}
