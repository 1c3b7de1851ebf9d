package main

import (
	"fmt"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// Wherever a day or a time is typed it may be typed in the same ways: as the files
// write it, or as a notice may be answered ("friday", "4 Dec", "3.12. 14:00"). What
// is not one day for sure stays as it was typed, for its reader to refuse.

// typedDay is a day as the files write it.
func typedDay(text string, now time.Time) string {
	text = strings.TrimSpace(text)
	if _, err := calendar.ParseDate(text); err == nil {
		return text
	}
	if at, timed, ok := mailer.ReadMoved(text, now); ok && !timed {
		return at.Format(time.DateOnly)
	}
	return text
}

// typedTime is a wall time as the files write it. Where only a day is typed, the
// time of day is that of was, a meeting that moves; zero: there is none.
func typedTime(text string, now time.Time, was calendar.Wall) string {
	text = strings.TrimSpace(text)
	if _, err := calendar.ParseWall(text); err == nil {
		return text
	}
	at, timed, ok := mailer.ReadMoved(text, now)
	if !ok || !timed && was == (calendar.Wall{}) {
		return text
	}
	wall := calendar.WallOf(at)
	if !timed {
		wall.Hour, wall.Minute, wall.Second = was.Hour, was.Minute, was.Second
	}
	return wall.String()
}

// moment reads a time given on the command line; a day alone begins at midnight.
func moment(text string, now time.Time, zone *time.Location, otherwise time.Time) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	now = now.In(zone)
	if day, err := calendar.ParseDate(typedDay(text, now)); err == nil {
		return calendar.Resolve(calendar.Wall{Date: day}, zone), nil
	}
	if wall, err := calendar.ParseWall(typedTime(text, now, calendar.Wall{})); err == nil {
		return calendar.Resolve(wall, zone), nil
	}
	return otherwise, usageError{fmt.Errorf("reading a time: found %q, expected such as 2026-11-24, 2026-11-24 09:30, friday or 2026-11-24T09:30:00+01:00", text)}
}
