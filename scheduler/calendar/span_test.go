package calendar_test

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]calendar.Span{
		"90s":      {Elapsed: 90 * time.Second},
		"30m":      {Elapsed: 30 * time.Minute},
		"12h":      {Elapsed: 12 * time.Hour},
		"48h":      {Elapsed: 48 * time.Hour},
		"1h30m15s": {Elapsed: time.Hour + 30*time.Minute + 15*time.Second},
		"2d":       {Days: 2},
		"1w":       {Weeks: 1},
		"5bd":      {BusinessDays: 5},
		"1d12h":    {Days: 1, Elapsed: 12 * time.Hour},
		"2w3d1h":   {Weeks: 2, Days: 3, Elapsed: time.Hour},
		"5bd2h":    {BusinessDays: 5, Elapsed: 2 * time.Hour},
		"0s":       {},
		"0bd":      {},
		"007d":     {Days: 7},
		"400d":     {Days: 400},
		"57w1d":    {Weeks: 57, Days: 1},
		"9600h":    {Elapsed: 9600 * time.Hour},
		"399d24h":  {Days: 399, Elapsed: 24 * time.Hour},
	} {
		got, err := calendar.ParseSpan(text)
		if err != nil || got != want {
			t.Errorf("%s: got %+v and error %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseSpanRefuses(t *testing.T) {
	t.Parallel()
	for text, cause := range map[string]string{
		"":                       "it is empty",
		"12":                     "has no unit",
		"1d12":                   "has no unit",
		"h":                      "does not start with a digit",
		"-2d":                    "does not start with a digit",
		"+2d":                    "does not start with a digit",
		" 2d":                    "does not start with a digit",
		"2d ":                    "does not start with a digit",
		"2 d":                    "whole numbers, each with its unit",
		"1.5h":                   "whole numbers, each with its unit",
		"1,5h":                   "whole numbers, each with its unit",
		"2D":                     "whole numbers, each with its unit",
		"2days":                  "is unknown, repeated or out of order",
		"1y":                     "is unknown, repeated or out of order",
		"1mo":                    "is unknown, repeated or out of order",
		"5µs":                    "whole numbers, each with its unit",
		"12h1d":                  "is unknown, repeated or out of order",
		"1d1d":                   "is unknown, repeated or out of order",
		"1h2h":                   "is unknown, repeated or out of order",
		"1d2bd":                  "cannot be combined",
		"1w2bd":                  "cannot be combined",
		"401d":                   "longer than 400 days",
		"401bd":                  "longer than 400 days",
		"58w":                    "longer than 400 days",
		"57w2d":                  "longer than 400 days",
		"9601h":                  "longer than 400 days",
		"400d1s":                 "longer than 400 days",
		"576001m":                "longer than 400 days",
		"999999999w":             "longer than 400 days",
		"999999999s":             "longer than 400 days",
		"999999999h":             "longer than 400 days",
		"9999999999s":            "too large",
		"99999999999999999999bd": "too large",
	} {
		got, err := calendar.ParseSpan(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.Contains(err.Error(), cause) || !strings.Contains(err.Error(), "expected a span such as 30m") {
			t.Errorf("%q: error %q, want it to say %q and what is expected", text, err, cause)
		}
	}
}

func TestSpanIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{ // The text again, and its words.
		"90s":     {"1m30s", "1 m 30 s"},
		"30m":     {"30m", "30 m"},
		"12h":     {"12h", "12 h"},
		"48h":     {"48h", "48 h"},
		"1d":      {"1d", "1 day"},
		"2d":      {"2d", "2 days"},
		"7d":      {"7d", "7 days"},
		"1w":      {"1w", "1 week"},
		"2w1d":    {"2w1d", "2 weeks 1 day"},
		"1bd":     {"1bd", "1 business day"},
		"4bd":     {"4bd", "4 business days"},
		"1d12h":   {"1d12h", "1 day 12 h"},
		"4bd1h1m": {"4bd1h1m", "4 business days 1 h 1 m"},
		"0d":      {"0s", "0 s"},
	} {
		s := span(t, text)
		if s.String() != want[0] || s.Words() != want[1] {
			t.Errorf("%s: written as %q and %q, want %q and %q", text, s.String(), s.Words(), want[0], want[1])
		}
	}
}

func TestOnlyElapsedSpansHaveADuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"90s": 90 * time.Second, "48h": 48 * time.Hour, "0d": 0} {
		if got, ok := span(t, text).Duration(); !ok || got != want {
			t.Errorf("%s: got %s and %t, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"1d", "1w", "1bd", "1d12h"} {
		if _, ok := span(t, text).Duration(); ok {
			t.Errorf("%s has a fixed duration, although its length depends on the calendar", text)
		}
	}
}

func TestSpanIsZero(t *testing.T) {
	t.Parallel()
	if !span(t, "0h").IsZero() || span(t, "1s").IsZero() || span(t, "1bd").IsZero() {
		t.Error("only a span without length is zero")
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"90s", "1d12h", "5bd", "2w3d1h2m3s", "-1h", "1.5h", "999999999s", "00000000000w", "5bd1d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := calendar.ParseSpan(text)
		if err != nil {
			return
		}
		if s.Weeks < 0 || s.Days < 0 || s.BusinessDays < 0 || s.Elapsed < 0 {
			t.Errorf("%q was read as %+v, which has a negative part", text, s)
		}
		if days := s.Weeks*7 + s.Days + s.BusinessDays + int(s.Elapsed.Hours()/24); days > 400 {
			t.Errorf("%q was read as %+v, which is longer than 400 days", text, s)
		}
		if again, err := calendar.ParseSpan(s.String()); err != nil || again != s {
			t.Errorf("%q is written as %q, which reads as %+v (%v)", text, s, again, err)
		}
	})
}
