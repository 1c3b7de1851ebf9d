package calendar_test

import (
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// zone loads a zone that the test cannot do without.
func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loaded, err := calendar.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// instant reads RFC 3339. Expected instants carry their offset, so that they owe nothing to the code under test.
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// wall reads a wall time that the test knows to be right.
func wall(t testing.TB, text string) calendar.Wall {
	t.Helper()
	w, err := calendar.ParseWall(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// day reads a date that the test knows to be right.
func day(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// span reads a span that the test knows to be right.
func span(t testing.TB, text string) calendar.Span {
	t.Helper()
	s, err := calendar.ParseSpan(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// expression reads a cron expression that the test knows to be right.
func expression(t testing.TB, text string) calendar.Cron {
	t.Helper()
	c, err := calendar.ParseCron(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// window builds a window from the texts that a file would have.
func window(t testing.TB, days, from, to string) calendar.Window {
	t.Helper()
	set, errDays := calendar.ParseWeekdays(days)
	opens, errFrom := calendar.ParseTimeOfDay(from)
	closes, errTo := calendar.ParseTimeOfDay(to)
	built := calendar.Window{Days: set, From: opens, To: closes}
	for _, err := range []error{errDays, errFrom, errTo, built.Validate()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return built
}

// holidays finds a country that the test cannot do without.
func holidays(t testing.TB, code string) *calendar.Holidays {
	t.Helper()
	found, err := calendar.ForCountry(code)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// office is a place that works from Monday to Friday, 08:00 to 18:00.
func office(t testing.TB, zoneName, country string) calendar.Place {
	t.Helper()
	return calendar.Place{
		Zone: zone(t, zoneName), Window: window(t, "MON-FRI", "08:00", "18:00"), Holidays: holidays(t, country),
	}
}

// wantInstant compares instants and shows both where they differ.
func wantInstant(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %s, want %s", what, got.Format(time.RFC3339Nano), want.Format(time.RFC3339Nano))
	}
}
