package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

func screenOf(t *testing.T, columns int, out *bytes.Buffer) *screen {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return &screen{out: out, columns: columns, now: time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC), zone: paris}
}

func TestColumnsOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "Ken Osei": 8, "山田太郎": 8, "José": 4, "Jose\u0301": 4, "Ｋｅｎ": 6, "\x1b[31mrefused\x1b[0m": 7, "a\u200db": 2, "Zoë ✓": 5, "한국": 4,
	} {
		if got := columnsOf(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

// TestTablesFitTheScreen: whatever the names, no line is wider than the screen;
// where nobody knows its width nothing is cut; every cell is there.
func TestTablesFitTheScreen(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"STATE", "WHEN", "STEP", "TO", "WAITS"},
		{"planned", "tomorrow 09:41, Tue 3 Nov", "thank-you", "山田太郎", "for your word that the interview took place, which nobody but you can give"},
		{"review", "in 3 days 10:00, Thu 5 Nov", "follow-up-1", "Jose\u0301 Núñez", ""}}
	for _, columns := range []int{0, 40, 60, 80, 100, 120, 200} {
		var out bytes.Buffer
		s := screenOf(t, columns, &out)
		if err := s.table(func(row func(...string)) {
			for _, r := range rows {
				row(r...)
			}
		}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := columnsOf(strings.TrimRight(line, "\n")); columns > 0 && n > columns {
				t.Errorf("%d columns on a screen of %d: %q", n, columns, line)
			}
		}
		words := strings.Join(strings.Fields(out.String()), " ")
		for _, cell := range []string{"山田太郎", "Jose\u0301 Núñez", "follow-up-1", "can give", "tomorrow 09:41, Tue 3 Nov"} {
			if !strings.Contains(words, cell) {
				t.Errorf("at %d columns %q is gone:\n%s", columns, cell, out.String())
			}
		}
		if columns == 0 && strings.Count(out.String(), "\n") != len(rows) {
			t.Errorf("a pipe gets lines that are broken:\n%s", out.String())
		}
		if columns >= 120 { // columns stand below each other, by what is seen
			lines := strings.Split(out.String(), "\n")
			if a, b := columnsOf(lines[0][:strings.Index(lines[0], "TO ")]), columnsOf(lines[1][:strings.Index(lines[1], "山")]); a != b {
				t.Errorf("at %d columns the heading stands at %d, the cell at %d", columns, a, b)
			}
		}
	}
}

func TestLinesAreFolded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := screenOf(t, 30, &out)
	for _, piece := range []string{"    waits: it is not kno", "wn whether it took place\n", "    key: acme/onsite/thank-you/ken@acme.example\n", "short\n"} {
		if _, err := s.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	want := "    waits: it is not known\n        whether it took place\n    key:\n        acme/onsite/thank-you/ken@acme.example\nshort\n"
	if out.String() != want {
		t.Errorf("%q\nwant\n%q", out.String(), want)
	}
}

func TestWhen(t *testing.T) {
	t.Parallel()
	s := screenOf(t, 0, &bytes.Buffer{}) // it is Monday 2 November 2026, 13:00 in Paris
	check := func(at, zone, want string) {
		t.Helper()
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.when(when, zone); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	check("2026-11-02T08:41:00Z", "", "today 09:41, Mon 2 Nov")
	check("2026-11-03T08:41:00Z", "Europe/Paris", "tomorrow 09:41, Tue 3 Nov")
	check("2026-11-01T08:41:00Z", "", "yesterday 09:41, Sun 1 Nov")
	check("2026-11-05T08:41:00Z", "", "in 3 days 09:41, Thu 5 Nov")
	check("2026-10-24T08:41:00Z", "", "Sat 24 Oct 10:41") // summer time, nine days ago
	check("2026-10-26T08:41:00Z", "", "7 days ago 09:41, Mon 26 Oct")
	check("2026-11-30T08:41:00Z", "", "Mon 30 Nov 09:41")
	check("2027-01-04T08:41:00Z", "", "Mon 4 Jan 2027 09:41")
	check("2026-11-03T02:00:00Z", "America/New_York", "today 21:00, Mon 2 Nov America/New_York") // there it is still Monday
	at := time.Date(2026, 11, 3, 8, 41, 0, 0, time.UTC)
	for reason, want := range map[string]string{"Tue 3 Nov 09:41 Europe/Paris: 8 h after": "tomorrow, Tue 3 Nov 09:41 Europe/Paris: 8 h after", "you asked to send it now": "you asked to send it now"} {
		if got := s.dated(reason, at, "Europe/Paris"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// A plan for another year says so: the year of the interview may be mistyped.
	if got := s.dated("Wed 3 Nov 09:41 Europe/Paris: 8 h after", at.AddDate(1, 0, 0), "Europe/Paris"); got != "Wed 3 Nov 2027 09:41 Europe/Paris: 8 h after" {
		t.Errorf("a reason of the next year is %q", got)
	}
	if got := s.when(time.Time{}, ""); got != "-" {
		t.Errorf("no time is %q", got)
	}
}

// TestNoColourInPipes: what is no terminal gets no colour and is not folded.
func TestNoColourInPipes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := (&program{out: &out}).screen(time.Now(), time.UTC)
	if s.columns != 0 || s.colour || s.state(scheduler.Refused) != "refused" {
		t.Errorf("%+v", s)
	}
	s.colour = true
	for _, state := range scheduler.States() {
		if got := s.state(state); columnsOf(got) != len(state) || (got == string(state)) != (state == scheduler.Planned || state.InFlight()) {
			t.Errorf("%s is painted as %q", state, got)
		}
	}
}
