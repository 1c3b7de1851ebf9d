package calendar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// next finds a slot that the test expects to exist.
func next(t *testing.T, p calendar.Place, expr, from string, blocked calendar.Blocked) calendar.Slot {
	t.Helper()
	slot, err := p.Next(expression(t, expr), instant(t, from), blocked)
	if err != nil {
		t.Fatalf("%s from %s: %v", expr, from, err)
	}
	return slot
}

func TestNextInAnOrdinaryWeek(t *testing.T) {
	t.Parallel()
	newYork := office(t, "America/New_York", "US")
	for _, test := range []struct{ expr, from, want, skipped string }{
		{"30 9 * * MON-FRI", "2026-11-23T09:00:00-05:00", "2026-11-23T09:30:00-05:00", ""},
		{"30 9 * * MON-FRI", "2026-11-23T09:30:00-05:00", "2026-11-23T09:30:00-05:00", ""},
		{"30 9 * * MON-FRI", "2026-11-23T09:30:00.000000001-05:00", "2026-11-24T09:30:00-05:00", ""},
		{"30 9 * * MON-FRI", "2026-11-25T12:00:00-05:00", "2026-11-27T09:30:00-05:00",
			"Thu 26 Nov is a holiday (Thanksgiving Day)"},
		{"30 9 * * MON-FRI", "2026-11-27T12:00:00-05:00", "2026-11-30T09:30:00-05:00", ""},
		{"30 9 * * *", "2026-11-27T12:00:00-05:00", "2026-11-30T09:30:00-05:00",
			"Sat 28 Nov is outside MON-FRI; Sun 29 Nov is outside MON-FRI"},
		{"0 10 * * TUE-FRI", "2026-11-29T00:00:00-05:00", "2026-12-01T10:00:00-05:00", ""},
		{"* * * * *", "2026-11-27T18:00:00-05:00", "2026-11-30T08:00:00-05:00",
			"Sat 28 Nov is outside MON-FRI; Sun 29 Nov is outside MON-FRI"},
		{"0 * * * *", "2026-11-23T17:30:00-05:00", "2026-11-24T08:00:00-05:00", ""},
		{"0 7,18,19 * * *", "2026-11-23T00:00:00-05:00", "", ""},
		{"30 30 9 * * *", "2026-11-23T09:30:00-05:00", "2026-11-23T09:30:30-05:00", ""},
		{"0 9 1 1 *", "2026-11-23T00:00:00-05:00", "", ""}, // New Year's Day is a holiday every year.
		{"0 9 29 2 *", "2026-11-23T00:00:00-05:00", "", ""},
		{"0 9 * * SAT", "2026-11-23T00:00:00-05:00", "", ""},
		{"@daily", "2026-11-23T00:00:00-05:00", "", ""},
		{"@hourly", "2026-11-23T00:00:00-05:00", "2026-11-23T08:00:00-05:00", ""},
		{"@every 5h", "2026-11-23T00:00:00-05:00", "2026-11-23T10:00:00-05:00", ""},
		{"30 9 * * MON-FRI", "2026-11-24T02:00:00Z", "2026-11-24T09:30:00-05:00", ""}, // Still Monday in New York.
	} {
		slot, err := newYork.Next(expression(t, test.expr), instant(t, test.from), nil)
		what := test.expr + " from " + test.from
		if test.want == "" {
			var never *calendar.NeverError
			if !errors.As(err, &never) {
				t.Errorf("%s: got %s and error %v, want a NeverError", what, slot.At, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		wantInstant(t, what, slot.At, instant(t, test.want))
		if got := sentences(slot.Skipped); got != test.skipped {
			t.Errorf("%s: skipped %q, want %q", what, got, test.skipped)
		}
	}
}

// sentences joins what was passed over, as a plan would print it.
func sentences(skipped []calendar.Skip) string {
	words := make([]string, len(skipped))
	for i, skip := range skipped {
		words[i] = skip.String()
	}
	return strings.Join(words, "; ")
}

func TestNextAcrossChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, days, opens, closes, expr, from, want, what string }{
		{"Europe/Paris", "*", "00:00", "24:00", "30 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00",
			"a match in the gap fires at its end"},
		{"Europe/Paris", "*", "00:00", "24:00", "30 2 * * *", "2026-03-29T03:00:00+02:00", "2026-03-29T03:00:00+02:00",
			"and is not before its end"},
		{"Europe/Paris", "*", "00:00", "24:00", "30 2 * * *", "2026-03-29T03:00:01+02:00", "2026-03-30T02:30:00+02:00",
			"but not a second time"},
		{"Europe/Paris", "*", "01:00", "03:00", "30 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-30T02:30:00+02:00",
			"the end of the gap is outside a window that ends there"},
		{"Europe/Paris", "*", "00:00", "24:00", "30 2 * * *", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00",
			"a repeated match fires the first time"},
		{"Europe/Paris", "*", "00:00", "24:00", "30 2 * * *", "2026-10-25T02:30:01+02:00", "2026-10-26T02:30:00+01:00",
			"and not the second time"},
		{"Europe/Paris", "*", "00:00", "24:00", "*/10 * * * *", "2026-10-25T02:51:00+02:00", "2026-10-25T03:00:00+01:00",
			"nothing fires in the second pass of the hour"},
		{"America/Sao_Paulo", "*", "00:00", "24:00", "@daily", "2018-11-03T12:00:00-03:00", "2018-11-04T01:00:00-02:00",
			"a missing midnight"},
		{"America/Sao_Paulo", "*", "00:00", "24:00", "30 23 * * *", "2018-02-17T23:40:00-02:00", "2018-02-18T23:30:00-03:00",
			"an evening that comes twice"},
		{"Australia/Lord_Howe", "*", "00:00", "24:00", "10 2 * * *", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00",
			"a gap of half an hour"},
		{"Australia/Lord_Howe", "*", "00:00", "24:00", "45 1 * * *", "2026-04-05T01:46:00+11:00", "2026-04-06T01:45:00+10:30",
			"half an hour that comes twice"},
		{"Pacific/Apia", "*", "00:00", "24:00", "0 10 30 12 *", "2011-12-01T00:00:00-10:00", "2011-12-31T00:00:00+14:00",
			"a match on a day that never was"},
		{"Pacific/Apia", "MON-FRI", "00:00", "24:00", "0 10 * * *", "2011-12-29T12:00:00-10:00", "2012-01-02T10:00:00+14:00",
			"a Friday that never was, before a weekend"},
		{"America/Nuuk", "SUN", "00:00", "24:00", "30 23 * * SAT", "2025-03-29T12:00:00-02:00", "2025-03-30T00:00:00-01:00",
			"a gap that ends on the next date is judged there"},
		{"America/Nuuk", "SAT", "00:00", "24:00", "30 23 * * SAT", "2025-03-29T12:00:00-02:00", "2025-04-05T23:30:00-01:00",
			"and not on the date that was asked for"},
	} {
		place := calendar.Place{Zone: zone(t, test.zone), Window: window(t, test.days, test.opens, test.closes)}
		wantInstant(t, test.zone+", "+test.what, next(t, place, test.expr, test.from, nil).At, instant(t, test.want))
	}
}

func TestNextKeepsBlockedDatesFree(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "FR")
	away, errAway := calendar.ParseDateRange("2026-12-20..2027-01-03")
	quiet, errQuiet := calendar.ParseYearlyRange("01-04..01-05")
	if errAway != nil || errQuiet != nil {
		t.Fatal(errAway, errQuiet)
	}
	blocked := func(d calendar.Date) (string, calendar.Date) {
		switch {
		case away.Contains(d):
			return "away", away.FreeFrom(d)
		case quiet.Contains(d):
			return "quiet", calendar.Date{} // The zero date means the next day.
		}
		return "", calendar.Date{}
	}
	slot := next(t, paris, "0 10 * * *", "2026-12-18T12:00:00+01:00", blocked)
	wantInstant(t, "after the holidays", slot.At, instant(t, "2027-01-06T10:00:00+01:00"))
	want := "Sat 19 Dec is outside MON-FRI; Sun 20 Dec is outside MON-FRI; Mon 21 Dec is left out (away) until Mon 4 Jan 2027; " +
		"Mon 4 Jan is left out (quiet); Tue 5 Jan is left out (quiet)"
	if got := sentences(slot.Skipped); got != want {
		t.Errorf("skipped %q, want %q", got, want)
	}
}

func TestNextIsNotHeldUpByABlockThatLooksBack(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "")
	monday := day(t, "2026-11-23")
	blocked := func(d calendar.Date) (string, calendar.Date) {
		if d == monday {
			return "odd", monday.AddDays(-3)
		}
		return "", calendar.Date{}
	}
	slot := next(t, paris, "0 10 * * *", "2026-11-23T00:00:00+01:00", blocked)
	wantInstant(t, "the day after", slot.At, instant(t, "2026-11-24T10:00:00+01:00"))
}

func TestNextSaysThatItNeverMatches(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "FR")
	always := func(d calendar.Date) (string, calendar.Date) { return "resting", d.AddDays(1) }
	for _, test := range []struct {
		expr    string
		blocked calendar.Blocked
	}{{"0 10 * * SAT,SUN", nil}, {"0 7 * * *", nil}, {"* * * * *", always}} {
		_, err := paris.Next(expression(t, test.expr), instant(t, "2026-11-23T12:00:00+01:00"), test.blocked)
		want := fmt.Sprintf("finding a time for %q: it never matches inside MON-FRI 08:00-18:00 within 400 days of 2026-11-23",
			test.expr)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", test.expr, err, want)
		}
	}
}

func TestNextOfTheZeroCronFails(t *testing.T) {
	t.Parallel()
	if slot, err := office(t, "UTC", "").Next(calendar.Cron{}, instant(t, "2026-11-23T12:00:00Z"), nil); err == nil {
		t.Errorf("the zero cron matched at %s", slot.At)
	}
}

func TestNextFindsTheLastOf400Days(t *testing.T) {
	t.Parallel()
	place := calendar.Place{Zone: time.UTC, Window: calendar.AllHours()}
	for from, found := range map[string]bool{"2026-11-23T00:00:00Z": true, "2026-11-22T23:59:59Z": false} {
		// 28 December 2027 is 400 days after 23 November 2026; the block leaves nothing before it.
		last := day(t, "2027-12-28")
		blocked := func(d calendar.Date) (string, calendar.Date) {
			if d.Before(last) {
				return "resting", last
			}
			return "", calendar.Date{}
		}
		slot, err := place.Next(expression(t, "@daily"), instant(t, from), blocked)
		if (err == nil) != found {
			t.Errorf("from %s: got %s and error %v", from, slot.At, err)
		}
	}
}

// The effort is counted, not timed: a closed day costs one question however many matches it has.
func TestADenseExpressionAsksOncePerClosedDay(t *testing.T) {
	t.Parallel()
	place := calendar.Place{Zone: time.UTC, Window: calendar.AllHours()}
	opens := day(t, "2026-12-01")
	asked := 0
	blocked := func(d calendar.Date) (string, calendar.Date) {
		asked++
		if d.Before(opens) {
			return "closed", calendar.Date{}
		}
		return "", calendar.Date{}
	}
	slot := next(t, place, "* * * * * *", "2026-11-24T00:00:00Z", blocked)
	wantInstant(t, "the end of the week", slot.At, instant(t, "2026-12-01T00:00:00Z"))
	if asked != 8 || len(slot.Skipped) != 7 {
		t.Errorf("a week of closed days took %d questions and %d skips, want 8 and 7", asked, len(slot.Skipped))
	}
}

func TestSlotReason(t *testing.T) {
	t.Parallel()
	newYork := office(t, "America/New_York", "US")
	for _, test := range []struct{ expr, from, want string }{
		{"30 9 * * MON-FRI", "2026-11-23T09:00:00-05:00", `first match of "30 9 * * MON-FRI"`},
		{"30 9 * * MON-FRI", "2026-11-25T12:00:00-05:00",
			`first match of "30 9 * * MON-FRI"; Thu 26 Nov is a holiday (Thanksgiving Day)`},
		{"0 10 24-30 11 *", "2026-11-26T00:00:00-05:00",
			`first match of "0 10 24-30 11 *"; Thu 26 Nov is a holiday (Thanksgiving Day)`},
		{"0 10 25,28,29 * *", "2026-12-25T00:00:00-05:00",
			`first match of "0 10 25,28,29 * *"; Fri 25 Dec is a holiday (Christmas Day)`},
	} {
		slot := next(t, newYork, test.expr, test.from, nil)
		if got := slot.Reason(expression(t, test.expr)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestSlotReasonIsShortWhereMuchWasPassedOver(t *testing.T) {
	t.Parallel()
	place := calendar.Place{Zone: time.UTC, Window: window(t, "SUN", "08:00", "18:00")}
	slot := next(t, place, "0 9 * * *", "2026-11-23T00:00:00Z", nil)
	want := `first match of "0 9 * * *"; Mon 23 Nov is outside SUN; Tue 24 Nov is outside SUN; Wed 25 Nov is outside SUN; ` +
		"and 3 more passed over"
	if got := slot.Reason(expression(t, "0 9 * * *")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSlotReasonTellsThatAGapMovedIt(t *testing.T) {
	t.Parallel()
	place := calendar.Place{Zone: zone(t, "Europe/Paris"), Window: calendar.AllHours()}
	slot := next(t, place, "30 2 * * *", "2026-03-28T12:00:00+01:00", nil)
	want := `first match of "30 2 * * *"; 2026-03-29 02:30 does not exist there, so 2026-03-29 03:00`
	if got := slot.Reason(expression(t, "30 2 * * *")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
