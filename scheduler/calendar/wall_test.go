package calendar_test

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestParseWall(t *testing.T) {
	t.Parallel()
	date := calendar.Date{Year: 2026, Month: time.November, Day: 23}
	for text, want := range map[string]calendar.Wall{
		"2026-11-23 14:00":    {Date: date, Hour: 14},
		"2026-11-23T14:00":    {Date: date, Hour: 14},
		"2026-11-23 9:05":     {Date: date, Hour: 9, Minute: 5},
		"2026-11-23 14:00:30": {Date: date, Hour: 14, Second: 30},
		"2026-11-23T00:00:00": {Date: date},
		"2026-11-23 23:59:59": {Date: date, Hour: 23, Minute: 59, Second: 59},
	} {
		got, err := calendar.ParseWall(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v and error %v, want %v", text, got, err, want)
		}
		if again, err := calendar.ParseWall(got.String()); err != nil || again != want {
			t.Errorf("%q is written as %q, which reads as %v (%v)", text, got.String(), again, err)
		}
	}
}

func TestParseWallRefusesWhatNoClockShows(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026-11-23", "14:00", "2026-02-30 14:00", "2026-11-23 24:00", "2026-11-23 25:00", "2026-11-23 14:60",
		"2026-11-23 14:00:60", "2026-11-23 14", "2026-11-23 14:0", "2026-11-23  14:00", "2026-11-23 14:00:00.5",
		"2026-11-23 14:00Z", "2026-11-23T14:00+01:00", "2026-11-23 14:00 Europe/Paris", "2026-11-23 2pm", "2026-11-23t14:00",
		"2026-11-23 -1:00", "2026-11-23 014:00", "2026-11-23 14:00:", "2026-11-23 :00", "11/23/2026 14:00",
	} {
		got, err := calendar.ParseWall(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "reading time: found ") || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%q: error %q does not say what was found and what is expected", text, err)
		}
	}
}

func TestWallOrder(t *testing.T) {
	t.Parallel()
	ascending := []string{
		"2026-11-22 23:59:59", "2026-11-23 00:00", "2026-11-23 00:00:01", "2026-11-23 00:01", "2026-11-23 01:00",
	}
	for i, first := range ascending {
		for j, second := range ascending {
			got := wall(t, first).Compare(wall(t, second))
			if got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("comparing %s with %s gave %d", first, second, got)
			}
		}
	}
}

// The expected instants are worked out by hand from the published changes of the clocks.
func TestResolve(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, wall, want, what string }{
		{"UTC", "2026-03-29 02:30", "2026-03-29T02:30:00Z", "UTC has no gaps"},
		{"Europe/Paris", "2026-11-23 14:00", "2026-11-23T14:00:00+01:00", "an ordinary time"},
		{"Europe/Paris", "2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00", "the last second before the gap"},
		{"Europe/Paris", "2026-03-29 02:00", "2026-03-29T03:00:00+02:00", "the start of the gap"},
		{"Europe/Paris", "2026-03-29 02:30", "2026-03-29T03:00:00+02:00", "within the gap"},
		{"Europe/Paris", "2026-03-29 03:00", "2026-03-29T03:00:00+02:00", "the end of the gap"},
		{"Europe/Paris", "2026-10-25 01:59", "2026-10-25T01:59:00+02:00", "before the repeated hour"},
		{"Europe/Paris", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00", "within the repeated hour"},
		{"Europe/Paris", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00", "after the repeated hour"},
		{"America/New_York", "2026-03-08 02:30", "2026-03-08T03:00:00-04:00", "gap"},
		{"America/New_York", "2026-11-01 01:30", "2026-11-01T01:30:00-04:00", "repeated"},
		{"America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T01:00:00-02:00", "midnight does not exist"},
		{"America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04T01:00:00-02:00", "half past midnight does not either"},
		{"America/Sao_Paulo", "2018-02-17 23:30", "2018-02-17T23:30:00-02:00", "the hour before midnight comes twice"},
		{"America/Sao_Paulo", "2018-02-18 00:00", "2018-02-18T00:00:00-03:00", "midnight comes once"},
		{"Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-04T02:30:00+11:00", "a gap of half an hour"},
		{"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45:00+11:00", "half an hour comes twice"},
		{"Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-05T02:00:00+10:30", "after it"},
		{"Asia/Gaza", "2019-03-29 00:30", "2019-03-29T01:00:00+03:00", "midnight does not exist"},
		{"Antarctica/Troll", "2026-03-29 01:30", "2026-03-29T03:00:00+02:00", "a gap of two hours"},
		{"Antarctica/Troll", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00", "two hours come twice"},
		{"Africa/Casablanca", "2024-03-10 02:30", "2024-03-10T02:30:00+01:00", "Ramadan begins"},
		{"Africa/Casablanca", "2024-04-14 02:30", "2024-04-14T03:00:00+01:00", "Ramadan ends"},
		{"Pacific/Kiritimati", "1994-12-31 12:00", "1995-01-01T00:00:00+14:00", "a day that never was"},
		{"Pacific/Kiritimati", "2026-06-01 09:30", "2026-06-01T09:30:00+14:00", "the furthest east"},
		{"Pacific/Apia", "2011-12-29 23:59:59", "2011-12-29T23:59:59-10:00", "the last second before the missing day"},
		{"Pacific/Apia", "2011-12-30 00:00", "2011-12-31T00:00:00+14:00", "the missing day begins"},
		{"Pacific/Apia", "2011-12-30 23:59", "2011-12-31T00:00:00+14:00", "the missing day ends"},
		{"America/Nuuk", "2024-03-30 22:30", "2024-03-30T22:30:00-02:00", "before a gap that ends at midnight"},
		{"America/Nuuk", "2025-03-29 23:30", "2025-03-30T00:00:00-01:00", "a gap that ends on the next date"},
		{"America/St_Johns", "2010-11-07 00:00:30", "2010-11-07T00:00:30-02:30", "a repetition that goes back over midnight"},
		{"America/St_Johns", "2010-11-06 23:30", "2010-11-06T23:30:00-02:30", "the evening before comes twice"},
	} {
		wantInstant(t, test.zone+" "+test.wall+", "+test.what,
			calendar.Resolve(wall(t, test.wall), zone(t, test.zone)), instant(t, test.want))
	}
}

func TestResolveAnswersInTheZone(t *testing.T) {
	t.Parallel()
	paris := zone(t, "Europe/Paris")
	for _, text := range []string{"2026-11-23 14:00", "2026-03-29 02:30"} {
		if got := calendar.Resolve(wall(t, text), paris).Location(); got != paris {
			t.Errorf("%s: the answer stands in %s, want Europe/Paris", text, got)
		}
	}
}

func TestResolveOfNoZoneIsUTC(t *testing.T) {
	t.Parallel()
	wantInstant(t, "nil zone", calendar.Resolve(wall(t, "2026-11-23 14:00"), nil), instant(t, "2026-11-23T14:00:00Z"))
}

func TestResolveReadsHour24AsTheNextMidnight(t *testing.T) {
	t.Parallel()
	end := calendar.Wall{Date: day(t, "2018-11-03"), Hour: 24}
	wantInstant(t, "24:00 before a missing midnight",
		calendar.Resolve(end, zone(t, "America/Sao_Paulo")), instant(t, "2018-11-04T01:00:00-02:00"))
}

func FuzzParseWall(f *testing.F) {
	for _, seed := range []string{
		"2026-11-23 14:00", "2026-11-23T14:00:30", "2026-02-30 10:00", "0001-01-01 00:00", "9999-12-31 23:59:59", " ",
	} {
		f.Add(seed)
	}
	lordHowe := zone(f, "Australia/Lord_Howe")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := calendar.ParseWall(text)
		if err != nil {
			return
		}
		if again, err := calendar.ParseWall(w.String()); !w.Valid() || err != nil || again != w {
			t.Errorf("%q was read as %s, which reads back as %s (%v)", text, w, again, err)
		}
		if shown := calendar.WallOf(calendar.Resolve(w, lordHowe)); shown.Compare(w) < 0 {
			t.Errorf("%s resolved to %s, which is earlier", w, shown)
		}
	})
}
