package calendar_test

import (
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestBusinessDays(t *testing.T) {
	t.Parallel()
	newYork := office(t, "America/New_York", "US")
	for _, test := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-23", 0, "2026-11-23"},
		{"2026-11-23", 1, "2026-11-24"},
		{"2026-11-23", 3, "2026-11-27"}, // Thursday the 26th is Thanksgiving.
		{"2026-11-23", 4, "2026-11-30"},
		{"2026-11-21", 1, "2026-11-23"}, // From a Saturday the next day that counts is Monday.
		{"2026-11-21", 0, "2026-11-21"},
		{"2026-11-20", 1, "2026-11-23"},
		{"2026-11-26", 1, "2026-11-27"}, // From the holiday itself.
		{"2026-12-24", 1, "2026-12-28"},
		{"2026-12-31", 1, "2027-01-04"},
		{"2026-11-23", -3, "2026-11-23"},
	} {
		if got := newYork.AddBusinessDays(day(t, test.from), test.n); got != day(t, test.want) {
			t.Errorf("%d business days after %s: got %s, want %s", test.n, test.from, got, test.want)
		}
	}
}

func TestBusinessDaysFollowTheWindowsDays(t *testing.T) {
	t.Parallel()
	sundayToThursday := calendar.Place{Zone: time.UTC, Window: window(t, "SUN-THU", "08:00", "18:00")}
	if got := sundayToThursday.AddBusinessDays(day(t, "2026-11-26"), 1); got != day(t, "2026-11-29") {
		t.Errorf("the business day after Thursday: got %s, want Sunday 2026-11-29", got)
	}
	for date, want := range map[string]bool{"2026-11-27": false, "2026-11-28": false, "2026-11-29": true} {
		if got := sundayToThursday.IsBusinessDay(day(t, date)); got != want {
			t.Errorf("%s is a business day: got %t, want %t", date, got, want)
		}
	}
}

func TestCountingBusinessDaysEndsWithoutAWindow(t *testing.T) {
	t.Parallel()
	var nowhere calendar.Place
	if got := nowhere.AddBusinessDays(day(t, "2026-11-27"), 2); got != day(t, "2026-11-29") {
		t.Errorf("got %s, want every day to count", got)
	}
	if nowhere.InWindow(instant(t, "2026-11-27T10:00:00Z")) {
		t.Error("a place without a window is open")
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "FR")
	for _, test := range []struct{ from, span, want, what string }{
		{"2026-11-23T14:45:00+01:00", "12h", "2026-11-24T02:45:00+01:00", "elapsed"},
		{"2026-11-23T14:45:00+01:00", "2d", "2026-11-25T14:45:00+01:00", "days"},
		{"2026-11-23T14:45:00+01:00", "4bd", "2026-11-27T14:45:00+01:00", "business days"},
		{"2026-11-23T14:45:00+01:00", "5bd", "2026-11-30T14:45:00+01:00", "business days over a weekend"},
		{"2026-11-23T14:45:00+01:00", "1d12h", "2026-11-25T02:45:00+01:00", "days, then hours"},
		{"2026-11-23T14:45:00+01:00", "0s", "2026-11-23T14:45:00+01:00", "nothing"},
		{"2026-11-23T14:45:00.25+01:00", "1w", "2026-11-30T14:45:00.25+01:00", "fractions stay"},
		{"2026-03-28T12:00:00+01:00", "24h", "2026-03-29T13:00:00+02:00", "24 hours into summer time"},
		{"2026-03-28T12:00:00+01:00", "1d", "2026-03-29T12:00:00+02:00", "one day into summer time"},
		{"2026-03-28T02:30:00+01:00", "1d", "2026-03-29T03:00:00+02:00", "one day, into the gap"},
		{"2026-10-24T02:30:00+02:00", "1d", "2026-10-25T02:30:00+02:00", "one day, to the first of two"},
		{"2026-10-24T12:00:00+02:00", "24h", "2026-10-25T11:00:00+01:00", "24 hours into winter time"},
		{"2026-10-25T02:30:00+01:00", "0d", "2026-10-25T02:30:00+01:00", "no days keep the second of two"},
		{"2026-10-25T02:30:00+01:00", "1h", "2026-10-25T03:30:00+01:00", "an hour after the second of two"},
		{"2026-05-13T10:00:00+02:00", "1bd", "2026-05-15T10:00:00+02:00", "over Ascension"},
		{"2026-11-23T23:30:00Z", "1d", "2026-11-25T00:30:00+01:00", "the date is that of the place"},
	} {
		wantInstant(t, test.what, paris.Add(instant(t, test.from), span(t, test.span)), instant(t, test.want))
	}
}

func TestAddOverAMissingDay(t *testing.T) {
	t.Parallel()
	apia := calendar.Place{Zone: zone(t, "Pacific/Apia"), Window: calendar.AllHours()}
	from := instant(t, "2011-12-29T10:00:00-10:00")
	wantInstant(t, "one day", apia.Add(from, span(t, "1d")), instant(t, "2011-12-31T00:00:00+14:00"))
	wantInstant(t, "two days", apia.Add(from, span(t, "2d")), instant(t, "2011-12-31T10:00:00+14:00"))
	wantInstant(t, "24 hours", apia.Add(from, span(t, "24h")), instant(t, "2011-12-31T10:00:00+14:00"))
}

func TestAddAnswersInTheZoneOfThePlace(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "")
	for _, text := range []string{"12h", "2d", "0s"} {
		if got := paris.Add(instant(t, "2026-11-23T13:45:00Z"), span(t, text)).Location(); got != paris.Zone {
			t.Errorf("after %s the answer stands in %s, want Europe/Paris", text, got)
		}
	}
}

func TestStartOfDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, date, want string }{
		{"Europe/Paris", "2026-11-23", "2026-11-23T00:00:00+01:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Asia/Gaza", "2019-03-29", "2019-03-29T01:00:00+03:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
		{"America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00"}, // Midnight comes twice.
	} {
		place := calendar.Place{Zone: zone(t, test.zone)}
		wantInstant(t, test.zone, place.StartOfDay(day(t, test.date)), instant(t, test.want))
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	newYork := office(t, "America/New_York", "US")
	for _, test := range []struct{ at, closes, what string }{
		{"2026-11-23T08:00:00-05:00", "2026-11-23T18:00:00-05:00", "the start is inside"},
		{"2026-11-23T07:59:59.999-05:00", "", "just before the start"},
		{"2026-11-23T17:59:59.999-05:00", "2026-11-23T18:00:00-05:00", "just before the end"},
		{"2026-11-23T18:00:00-05:00", "", "the end is outside"},
		{"2026-11-28T12:00:00-05:00", "", "a Saturday"},
		{"2026-11-26T12:00:00-05:00", "", "Thanksgiving"},
		{"2026-11-23T22:30:00Z", "2026-11-23T18:00:00-05:00", "an instant in another zone"},
		{"2026-11-23T12:30:00Z", "", "07:30 at the place"},
	} {
		closes, open := newYork.OpenUntil(instant(t, test.at))
		if open != (test.closes != "") || newYork.InWindow(instant(t, test.at)) != open {
			t.Errorf("%s: open is %t", test.what, open)
			continue
		}
		if open {
			wantInstant(t, test.what, closes, instant(t, test.closes))
		}
	}
}

func TestWindowWhoseEdgeMeetsAChangeOfTheClocks(t *testing.T) {
	t.Parallel()
	paris := zone(t, "Europe/Paris")
	for _, test := range []struct{ from, to, at, closes, what string }{
		{"00:00", "02:30", "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00", "an end in the gap is the gap's end"},
		{"02:30", "06:00", "2026-03-29T03:00:00+02:00", "2026-03-29T06:00:00+02:00", "a start in the gap is the gap's end"},
		{"02:10", "02:50", "2026-03-29T03:00:00+02:00", "", "a window within the gap does not open"},
		{"02:30", "06:00", "2026-10-25T02:30:00+02:00", "2026-10-25T06:00:00+01:00", "it opens at the first of two starts"},
		{"02:30", "06:00", "2026-10-25T02:10:00+01:00", "2026-10-25T06:00:00+01:00", "and stays open over the repetition"},
		{"00:00", "02:30", "2026-10-25T02:29:00+02:00", "2026-10-25T02:30:00+02:00", "it closes at the first of two ends"},
		{"00:00", "02:30", "2026-10-25T02:10:00+01:00", "", "and stays closed over the repetition"},
		{"08:00", "24:00", "2026-10-24T23:59:00+02:00", "2026-10-25T00:00:00+02:00", "24:00 is the next midnight"},
	} {
		place := calendar.Place{Zone: paris, Window: window(t, "*", test.from, test.to)}
		closes, open := place.OpenUntil(instant(t, test.at))
		if open != (test.closes != "") {
			t.Errorf("%s: open is %t", test.what, open)
			continue
		}
		if open {
			wantInstant(t, test.what, closes, instant(t, test.closes))
		}
	}
}

func TestNextOpen(t *testing.T) {
	t.Parallel()
	newYork := office(t, "America/New_York", "US")
	for _, test := range []struct{ from, want, what string }{
		{"2026-11-23T12:34:56.5-05:00", "2026-11-23T12:34:56.5-05:00", "open already"},
		{"2026-11-23T03:00:00-05:00", "2026-11-23T08:00:00-05:00", "later today"},
		{"2026-11-23T18:00:00-05:00", "2026-11-24T08:00:00-05:00", "tomorrow"},
		{"2026-11-25T19:00:00-05:00", "2026-11-27T08:00:00-05:00", "after Thanksgiving"},
		{"2026-11-27T18:00:00-05:00", "2026-11-30T08:00:00-05:00", "after the weekend"},
	} {
		got, err := newYork.NextOpen(instant(t, test.from))
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
		}
		wantInstant(t, test.what, got, instant(t, test.want))
	}
}

func TestNextOpenSaysThatAWindowStaysClosed(t *testing.T) {
	t.Parallel()
	if got, err := (calendar.Place{}).NextOpen(instant(t, "2026-11-23T12:00:00Z")); err == nil {
		t.Errorf("a place without a window opens at %s", got)
	}
}
