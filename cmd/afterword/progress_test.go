package main

import (
	"log/slog"
	"strings"
	"testing"
)

// TestReadingIsShownOnATerminal: the line of the first reading is written over,
// gives way to the log, and is gone at the end.
func TestReadingIsShownOnATerminal(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	s := &shared{out: &screen, meter: &meter{out: &screen, what: "reading the mailbox"}}
	log := slog.New(slog.NewTextHandler(s, nil))
	s.reading(1200, 6800, false)
	if got := visible(screen.String()); got != "reading the mailbox: 1,200 of 8,000 messages" {
		t.Errorf("shown %q", got)
	}
	log.Info("held", "key", "acme")
	if got := visible(screen.String()); !strings.HasSuffix(got, "msg=held key=acme\n") || strings.Contains(got, "1,200") {
		t.Errorf("with a line of the log the screen shows %q", got)
	}
	s.reading(8000, 0, false)
	if got := visible(screen.String()); !strings.HasSuffix(got, "key=acme\nreading the mailbox: 8,000 messages") {
		t.Errorf("shown %q", got)
	}
	s.reading(8000, 0, true)
	if got := visible(screen.String()); !strings.HasSuffix(got, "key=acme\n") {
		t.Errorf("at the end the screen shows %q", got)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
}

// visible is what stands on a screen after such a text: a carriage return goes
// back to the beginning of the line.
func visible(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		var row []byte
		at := 0
		for _, c := range []byte(line) {
			switch {
			case c == '\r':
				at = 0
				continue
			case at < len(row):
				row[at] = c
			default:
				row = append(row, c)
			}
			at++
		}
		lines = append(lines, strings.TrimRight(string(row), " "))
	}
	return strings.Join(lines, "\n")
}
