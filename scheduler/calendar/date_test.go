package calendar_test

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestParseDateReadsDaysThatExist(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]calendar.Date{
		"2026-12-04": {2026, time.December, 4},
		"2024-02-29": {2024, time.February, 29},
		"2000-02-29": {2000, time.February, 29},
		"0001-01-01": {1, time.January, 1},
		"9999-12-31": {9999, time.December, 31},
	} {
		got, err := calendar.ParseDate(text)
		if err != nil || got != want {
			t.Errorf("%s: got %v and error %v, want %v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("%s is written back as %s", text, got)
		}
	}
}

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026", "2026-12", "2026-13-01", "2026-00-10", "2026-02-30", "2026-02-29", "1900-02-29", "2026-04-31",
		"2026-12-00", "2026-12-32", "0000-01-01", "26-12-04", "2026-2-4", "2026/12/04", "04-12-2026", " 2026-12-04",
		"2026-12-04 ", "2026-12-+4", "2026--2-04", "2026-12-04-01", "２０２６-12-04", "2026-12-04T10:00", "9/8",
	} {
		got, err := calendar.ParseDate(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "reading date: found ") || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%q: error %q does not say what was found and what is expected", text, err)
		}
	}
}

func TestErrorsQuoteOnlyTheBeginningOfALongText(t *testing.T) {
	t.Parallel()
	_, err := calendar.ParseDate(strings.Repeat("1", 1_000_000))
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("a text of a million digits gave an error of %d characters", len(err.Error()))
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from string
		days int
		want string
	}{
		{"2026-11-23", 1, "2026-11-24"},
		{"2026-12-31", 1, "2027-01-01"},
		{"2024-02-28", 1, "2024-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2026-03-01", -1, "2026-02-28"},
		{"2026-03-28", 2, "2026-03-30"}, // Over the change of the clocks in Europe.
		{"2026-11-23", 0, "2026-11-23"},
		{"2026-11-23", 365, "2027-11-23"},
	} {
		from, want := day(t, test.from), day(t, test.want)
		if got := from.AddDays(test.days); got != want {
			t.Errorf("%s plus %d days: got %s, want %s", from, test.days, got, want)
		}
		if got := from.DaysUntil(want); got != test.days {
			t.Errorf("from %s until %s: got %d days, want %d", from, want, got, test.days)
		}
	}
}

func TestDateOrder(t *testing.T) {
	t.Parallel()
	ascending := []string{"2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01", "2026-02-02"}
	for i, first := range ascending {
		for j, second := range ascending {
			a, b := day(t, first), day(t, second)
			if a.Before(b) != (i < j) || a.After(b) != (i > j) || (a.Compare(b) == 0) != (i == j) {
				t.Errorf("%s and %s are in the wrong order", a, b)
			}
		}
	}
}

func TestDateOfDependsOnTheLocation(t *testing.T) {
	t.Parallel()
	at := instant(t, "2026-11-23T23:30:00Z")
	for name, want := range map[string]string{"UTC": "2026-11-23", "Asia/Tokyo": "2026-11-24", "America/Lima": "2026-11-23"} {
		if got := calendar.DateOf(at.In(zone(t, name))); got != day(t, want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestDateWordsAndWeekday(t *testing.T) {
	t.Parallel()
	thanksgiving := day(t, "2026-11-26")
	if got := thanksgiving.Words(); got != "Thu 26 Nov" {
		t.Errorf("words: got %q, want %q", got, "Thu 26 Nov")
	}
	if got := thanksgiving.Weekday(); got != time.Thursday {
		t.Errorf("weekday: got %s, want Thursday", got)
	}
}

func TestTheZeroDateIsNoDate(t *testing.T) {
	t.Parallel()
	var none calendar.Date
	if !none.IsZero() || none.Valid() {
		t.Errorf("zero date: IsZero %t, Valid %t, want true and false", none.IsZero(), none.Valid())
	}
	if day(t, "2026-01-01").IsZero() {
		t.Error("2026-01-01 counts as no date")
	}
	if (calendar.Date{Year: 2026, Month: 2, Day: 30}).Valid() {
		t.Error("30 February counts as valid")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-12-04", "2026-02-30", "0000-00-00", "-001-01-01", "2026-12-04\x00", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("%q: an error and the date %s", text, d)
			}
			return
		}
		if !d.Valid() || d.String() != text || d.AddDays(1).AddDays(-1) != d || !d.Before(d.AddDays(1)) {
			t.Errorf("%q was read as %s, which is no sound date", text, d)
		}
	})
}
