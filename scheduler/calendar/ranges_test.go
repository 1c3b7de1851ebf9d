package calendar_test

import (
	"strings"
	"testing"

	"afterword/scheduler/calendar"
)

func TestDateRangeIncludesBothEnds(t *testing.T) {
	t.Parallel()
	away, err := calendar.ParseDateRange("2026-12-20..2027-01-03")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"2026-12-19": false, "2026-12-20": true, "2026-12-31": true, "2027-01-01": true, "2027-01-03": true,
		"2027-01-04": false, "2025-12-25": false, "2027-12-25": false,
	} {
		if got := away.Contains(day(t, text)); got != want {
			t.Errorf("%s contains %s: got %t, want %t", away, text, got, want)
		}
	}
	for text, want := range map[string]string{
		"2026-12-19": "2026-12-19", "2026-12-20": "2027-01-04", "2027-01-03": "2027-01-04", "2027-02-01": "2027-02-01",
	} {
		if got := away.FreeFrom(day(t, text)); got != day(t, want) {
			t.Errorf("%s is free from %s: got %s, want %s", away, text, got, want)
		}
	}
}

func TestASingleDateIsARange(t *testing.T) {
	t.Parallel()
	r, err := calendar.ParseDateRange("2026-12-24")
	if err != nil || r.First != r.Last || !r.Contains(day(t, "2026-12-24")) || r.Contains(day(t, "2026-12-25")) {
		t.Errorf("got %s and error %v, want 24 December 2026 alone", r, err)
	}
	if r.String() != "2026-12-24" {
		t.Errorf("written as %s, want 2026-12-24", r)
	}
}

func TestParseDateRangeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "..", "2026-12-20..", "..2026-12-20", "2027-01-03..2026-12-20", "2026-02-30", "2026-02-28..2026-02-30",
		"2026-12-20...2027-01-03", "2026-12-20..2026-12-21..2026-12-22", "2026-12-20 .. 2026-12-21", "2026-12-20-2026-12-21",
		"12-20..01-03",
	} {
		got, err := calendar.ParseDateRange(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "reading dates: found ") || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%q: error %q does not say what was found and what is expected", text, err)
		}
	}
}

func TestYearlyRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text    string
		in, out []string
	}{
		{"12-23..01-02",
			[]string{"2026-12-23", "2026-12-31", "2027-01-01", "2027-01-02", "2030-12-25"},
			[]string{"2026-12-22", "2027-01-03", "2026-06-15"}},
		{"08-01..08-31", []string{"2026-08-01", "2027-08-31"}, []string{"2026-07-31", "2026-09-01"}},
		{"12-24", []string{"2026-12-24", "2027-12-24"}, []string{"2026-12-23", "2026-12-25"}},
		{"02-29", []string{"2024-02-29"}, []string{"2026-02-28", "2026-03-01"}},
		{"02-20..02-29", []string{"2026-02-28", "2024-02-29"}, []string{"2026-03-01"}},
		{"02-29..03-02", []string{"2026-03-01", "2024-02-29"}, []string{"2026-02-28", "2026-03-03"}},
		{"01-01..12-31", []string{"2026-01-01", "2026-12-31", "2024-02-29"}, nil},
	} {
		r, err := calendar.ParseYearlyRange(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		for _, text := range test.in {
			if !r.Contains(day(t, text)) {
				t.Errorf("%s does not contain %s", test.text, text)
			}
		}
		for _, text := range test.out {
			if r.Contains(day(t, text)) {
				t.Errorf("%s contains %s", test.text, text)
			}
		}
		if r.String() != test.text {
			t.Errorf("%s is written as %s", test.text, r)
		}
	}
}

func TestYearlyRangeIsFreeFrom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, from, want string }{
		{"12-23..01-02", "2026-12-22", "2026-12-22"},
		{"12-23..01-02", "2026-12-23", "2027-01-03"},
		{"12-23..01-02", "2027-01-02", "2027-01-03"},
		{"12-24", "2026-12-24", "2026-12-25"},
		{"02-20..02-29", "2026-02-28", "2026-03-01"},
		{"02-20..02-29", "2024-02-28", "2024-03-01"},
	} {
		r, err := calendar.ParseYearlyRange(test.text)
		if got := r.FreeFrom(day(t, test.from)); err != nil || got != day(t, test.want) {
			t.Errorf("%s from %s: got %s (%v), want %s", test.text, test.from, got, err, test.want)
		}
	}
}

func TestARangeOfTheWholeYearIsNeverFreeInTime(t *testing.T) {
	t.Parallel()
	r, err := calendar.ParseYearlyRange("01-01..12-31")
	if err != nil {
		t.Fatal(err)
	}
	from := day(t, "2026-11-23")
	if got := from.DaysUntil(r.FreeFrom(from)); got <= 400 {
		t.Errorf("free after %d days, want beyond everything that Next looks at", got)
	}
}

func TestParseYearlyRangeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "..", "12-23..", "..01-02", "02-30", "13-01", "00-10", "12-32", "12-00", "1-2", "2026-12-23..2027-01-02", "12/23",
		"12-23...01-02", "12-23..01-02..01-03", "24 Dec",
	} {
		got, err := calendar.ParseYearlyRange(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.Contains(err.Error(), "expected month-day, such as 12-23..01-02") {
			t.Errorf("%q: error %q does not say what is expected", text, err)
		}
	}
}

func FuzzParseRanges(f *testing.F) {
	for _, seed := range []string{"2026-12-20..2027-01-03", "2026-12-24", "12-23..01-02", "02-29", "..", "12-24..", "-12-23"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := calendar.ParseDateRange(text); err == nil {
			again, err := calendar.ParseDateRange(r.String())
			if err != nil || again != r || !r.Contains(r.First) || !r.Contains(r.Last) || r.Contains(r.FreeFrom(r.First)) {
				t.Errorf("%q was read as %s, which does not hold together (%v)", text, r, err)
			}
		}
		if r, err := calendar.ParseYearlyRange(text); err == nil {
			if again, err := calendar.ParseYearlyRange(r.String()); err != nil || again != r {
				t.Errorf("%q is written as %s, which reads as %s (%v)", text, r, again, err)
			}
		}
	})
}
