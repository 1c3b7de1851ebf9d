package calendar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"afterword/scheduler/calendar"
)

// drawPlace makes any place that a file could describe.
func drawPlace(t *rapid.T) calendar.Place {
	zoneName := rapid.SampledFrom([]string{
		"America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Gaza", "Antarctica/Troll",
		"Africa/Casablanca", "Pacific/Kiritimati", "Pacific/Apia", "America/Nuuk", "UTC",
	}).Draw(t, "zone")
	loaded, err := calendar.LoadZone(zoneName)
	if err != nil {
		t.Fatal(err)
	}
	country, err := calendar.ForCountry(rapid.SampledFrom([]string{"", "US", "FR", "DE-BY", "JP", "GB"}).Draw(t, "country"))
	if err != nil {
		t.Fatal(err)
	}
	from := rapid.IntRange(0, 1439).Draw(t, "opens")
	return calendar.Place{
		Zone:     loaded,
		Holidays: country,
		Window: calendar.Window{
			Days: calendar.Weekdays(rapid.IntRange(1, 127).Draw(t, "days")),
			From: calendar.TimeOfDay(from),
			To:   calendar.TimeOfDay(rapid.IntRange(from+1, 1440).Draw(t, "closes")),
		},
	}
}

// drawCron makes an expression from fields that all exist, sparse and dense.
func drawCron(t *rapid.T) calendar.Cron {
	text := fmt.Sprintf("%s %s %s %s %s",
		rapid.SampledFrom([]string{"*", "0", "30", "7,37", "*/20", "5-55/10"}).Draw(t, "minute"),
		rapid.SampledFrom([]string{"*", "9", "2", "8-18", "*/3", "0,23"}).Draw(t, "hour"),
		rapid.SampledFrom([]string{"*", "?", "13", "1,15", "28-31"}).Draw(t, "day of month"),
		rapid.SampledFrom([]string{"*", "*", "JAN-JUN", "11"}).Draw(t, "month"),
		rapid.SampledFrom([]string{"*", "MON-FRI", "TUE-FRI", "SAT,SUN", "5"}).Draw(t, "day of week"))
	c, err := calendar.ParseCron(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// drawInstant makes an instant of the years 2011 to 2040, with a fraction of a second.
func drawInstant(t *rapid.T, name string) time.Time {
	second := rapid.Int64Range(1_293_840_000, 2_240_524_800).Draw(t, name)
	return time.Unix(second, rapid.SampledFrom([]int64{0, 0, 1, 999_999_999}).Draw(t, name+" nanosecond"))
}

// drawBlocked makes a rest that comes every year, and tells on which dates it applies.
func drawBlocked(t *rapid.T) calendar.Blocked {
	rest, err := calendar.ParseYearlyRange(
		rapid.SampledFrom([]string{"12-23..01-02", "08-01..08-31", "02-29", "11-13"}).Draw(t, "rest"))
	if err != nil {
		t.Fatal(err)
	}
	return func(d calendar.Date) (string, calendar.Date) {
		if rest.Contains(d) {
			return "rest", rest.FreeFrom(d)
		}
		return "", calendar.Date{}
	}
}

func TestNextKeepsItsPromises(t *testing.T) {
	t.Parallel()
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		place, cron, blocked, from := drawPlace(t), drawCron(t), drawBlocked(t), drawInstant(t, "from")
		slot, err := place.Next(cron, from, blocked)
		if err != nil {
			if never := (*calendar.NeverError)(nil); !errors.As(err, &never) {
				t.Fatalf("error %v is no NeverError", err)
			}
			return
		}
		found++
		date := calendar.DateOf(slot.At)
		_, holiday := place.Holidays.Name(date)
		reason, _ := blocked(date)
		switch {
		case slot.At.Before(from):
			t.Fatalf("%s is before %s", slot.At, from)
		case !place.InWindow(slot.At):
			t.Fatalf("%s is outside %s", slot.At, place.Window)
		case holiday:
			t.Fatalf("%s is a holiday", date)
		case reason != "":
			t.Fatalf("%s is blocked", date)
		case !cron.Matches(slot.Asked):
			t.Fatalf("%s does not match %s", slot.Asked, cron)
		case !calendar.Resolve(slot.Asked, place.Zone).Equal(slot.At):
			t.Fatalf("%s does not resolve to %s", slot.Asked, slot.At)
		}
		again, err := place.Next(cron, slot.At, blocked)
		if err != nil || !again.At.Equal(slot.At) {
			t.Fatalf("asked from the slot itself, Next gave %s (%v) instead of %s", again.At, err, slot.At)
		}
	})
	if found == 0 {
		t.Error("no drawn place had a slot")
	}
}

func TestNextIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place, cron, blocked, from := drawPlace(t), drawCron(t), drawBlocked(t), drawInstant(t, "from")
		later := from.Add(time.Duration(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "later by")))
		first, errFirst := place.Next(cron, from, blocked)
		second, errSecond := place.Next(cron, later, blocked)
		if errFirst != nil || errSecond != nil {
			return
		}
		if second.At.Before(first.At) {
			t.Fatalf("from %s it is %s, but from %s it is %s", from, first.At, later, second.At)
		}
		if !later.After(first.At) && !second.At.Equal(first.At) {
			t.Fatalf("between %s and %s lies nothing, yet Next gave %s and %s", from, later, first.At, second.At)
		}
	})
}

func TestSkippedDatesAscendAndAreClosed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place, cron, blocked, from := drawPlace(t), drawCron(t), drawBlocked(t), drawInstant(t, "from")
		slot, err := place.Next(cron, from, blocked)
		if err != nil {
			return
		}
		var before calendar.Date
		for _, skip := range slot.Skipped {
			reason, _ := blocked(skip.Date)
			if place.Window.Days.Contains(skip.Date.Weekday()) && place.IsBusinessDay(skip.Date) && reason == "" {
				t.Fatalf("%s was skipped although it is open: %s", skip.Date, skip)
			}
			if !skip.Date.After(before) || !skip.Until.After(skip.Date) || !skip.Date.Before(calendar.DateOf(slot.At)) {
				t.Fatalf("%s is out of order before %s", skip, slot.At)
			}
			before = skip.Date
		}
	})
}

func TestBusinessDaysAreCountedRight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place, from := drawPlace(t), calendar.DateOf(drawInstant(t, "from").UTC())
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := place.AddBusinessDays(from, n)
		count := 0
		for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
			if place.IsBusinessDay(d) {
				count++
			}
		}
		if count != n || !place.IsBusinessDay(to) {
			t.Fatalf("%s to %s has %d business days, want %d, the last of them included", from, to, count, n)
		}
	})
}

func TestAddKeepsTheWallTimeAndNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place, from := drawPlace(t), drawInstant(t, "from")
		s := calendar.Span{Days: rapid.IntRange(1, 60).Draw(t, "days")}
		if rapid.Bool().Draw(t, "business days") {
			s = calendar.Span{BusinessDays: s.Days}
		}
		got := place.Add(from, s)
		if !got.After(from) {
			t.Fatalf("%s plus %s is %s", from, s, got)
		}
		shown, asked := calendar.WallOf(got), calendar.WallOf(from.In(place.Zone))
		asked.Date = shown.Date
		// Where the clocks change, a gap may have moved the time, but then the time of day asked for does not exist.
		if gap := calendar.WallOf(calendar.Resolve(asked, place.Zone)) != asked; shown != asked && !gap && shown.Date.Year != 2011 {
			t.Fatalf("%s plus %s is %s, another time of day", from.In(place.Zone), s, got)
		}
	})
}

func TestResolveNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place := drawPlace(t)
		first := drawInstant(t, "wall").UTC()
		second := first.Add(time.Duration(rapid.Int64Range(0, int64(30*time.Hour)).Draw(t, "later by")))
		a, b := calendar.Resolve(calendar.WallOf(first), place.Zone), calendar.Resolve(calendar.WallOf(second), place.Zone)
		if b.Before(a) {
			t.Fatalf("wall time %s is %s, but the later %s is %s", first, a, second, b)
		}
	})
}

func TestAssignStaysInTheWindowAndTakesNothingTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place, cron := drawPlace(t), drawCron(t)
		slot, err := place.Next(cron, drawInstant(t, "from"), nil)
		if err != nil {
			return
		}
		seen := map[int64]bool{}
		for range rapid.IntRange(1, 40).Draw(t, "notes") {
			offset := rapid.IntRange(0, 30).Draw(t, "offset")
			at := place.Assign(slot.At, offset, func(t time.Time) bool { return seen[t.Unix()] })
			if at.Before(slot.At) || !place.InWindow(at) {
				t.Fatalf("%s is before the slot %s, or outside %s", at, slot.At, place.Window)
			}
			if seen[at.Unix()] && !at.Equal(slot.At) {
				t.Fatalf("%s was given twice", at)
			}
			seen[at.Unix()] = true
		}
	})
}
