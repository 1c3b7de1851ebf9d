package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"afterword/scheduler"
)

// screen is standard output for a person. On a terminal, lines are wrapped to its width
// and states are coloured; elsewhere nothing is wrapped, cut or coloured, so that a
// script gets the plain text.
type screen struct {
	out     io.Writer
	columns int // 0: not a terminal
	colour  bool
	now     time.Time
	zone    *time.Location // the user's
	begun   bytes.Buffer   // a line without its end
}

// screen wraps the output for a command of a profile.
func (p *program) screen(now time.Time, zone *time.Location) *screen {
	s := &screen{out: p.out, now: now, zone: zone}
	if f, ok := terminalOf(p.out); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.columns = w
		}
		_, plain := os.LookupEnv("NO_COLOR") // no-color.org: whatever its value
		s.colour = !plain && os.Getenv("TERM") != "dumb"
	}
	return s
}

// Write folds whole lines.
func (s *screen) Write(b []byte) (int, error) {
	if s.columns == 0 {
		return s.out.Write(b)
	}
	s.begun.Write(b)
	for {
		line, err := s.begun.ReadString('\n')
		if err != nil {
			s.begun.WriteString(line)
			return len(b), nil
		}
		if _, err := io.WriteString(s.out, folded(line, s.columns)); err != nil {
			return 0, err
		}
	}
}

// folded breaks a line at its blanks; what follows is set in by four more. A
// word that is longer than the line stays whole, so that a key can be copied.
func folded(line string, columns int) string {
	text := strings.TrimRight(line, "\n")
	if columnsOf(text) <= columns {
		return line
	}
	margin := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return foldedTo(text, columns, margin, margin+"    ")
}

// foldedTo breaks a text into lines; the first and the others begin with a
// margin, which counts.
func foldedTo(text string, columns int, first, margin string) string {
	var lines []string
	now, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && columnsOf(now)+1+columnsOf(word) > columns {
			lines = append(lines, now)
			now, empty = margin, true
		}
		if !empty {
			now += " "
		}
		now, empty = now+word, false
	}
	return strings.Join(append(lines, now), "\n") + "\n"
}

// paint finds the sequences that choose a colour (ECMA-48 section 8.3.117).
var paint = regexp.MustCompile("\x1b\\[[0-9;]*m")

// body sets in a mail's text. A paragraph of one long line is folded, without
// another margin.
func (s *screen) body(text, margin string) string {
	if s.columns == 0 {
		return indent(text, margin) + "\n"
	}
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		if line = strings.TrimSpace(line); line == "" {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(foldedTo(line, s.columns, margin, margin))
	}
	return b.String()
}

// columnsOf is how many columns a text takes: two for a wide character (Unicode
// Standard Annex 11), none for one that combines with what stands before it.
func columnsOf(text string) (n int) {
	for _, r := range paint.ReplaceAllString(text, "") {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r == 0x200d, r >= 0xfe00 && r <= 0xfe0f:
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// state writes a state, on a terminal in the colour of what it wants of the user.
func (s *screen) state(state scheduler.State) string {
	const red, green, yellow, grey = "31", "32", "33", "90"
	code := ""
	switch state {
	case scheduler.InDoubt, scheduler.Refused, scheduler.Bounced:
		code = red
	case scheduler.Review:
		code = yellow
	case scheduler.Sent, scheduler.Approved:
		code = green
	case scheduler.Cancelled, scheduler.Expired:
		code = grey
	}
	return s.in(code, string(state))
}

// severity writes how much a finding weighs.
func (s *screen) severity(of scheduler.Severity) string {
	if of == scheduler.Error {
		return s.in("31", string(of))
	}
	return s.in("33", string(of))
}

// in writes a text in a colour.
func (s *screen) in(code, text string) string {
	if !s.colour || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// warn writes what the user should see first.
func (s *screen) warn(text string) string { return s.in("33", text) }

// when writes a moment at a place in words and as it stands in a calendar:
// "tomorrow 09:41, Tue 3 Nov". The zone is named where it is not the user's.
func (s *screen) when(t time.Time, zone string) string {
	if t.IsZero() {
		return "-"
	}
	loc := s.zone
	if l, err := time.LoadLocation(zone); err == nil && zone != "" {
		loc = l
	}
	t = t.In(loc)
	day := t.Format("Mon 2 Jan")
	if t.Year() != s.now.In(loc).Year() {
		day = t.Format("Mon 2 Jan 2006")
	}
	text := day + " " + t.Format("15:04")
	if words := daysAway(t, s.now.In(loc)); words != "" {
		text = words + " " + t.Format("15:04") + ", " + day
	}
	if loc.String() != s.zone.String() {
		text += " " + loc.String()
	}
	return text
}

// dated is a reason that begins with its moment, with the day in words before it,
// and with the year where that is not the present one: it may be a slip.
func (s *screen) dated(reason string, t time.Time, zone string) string {
	loc := s.zone
	if l, err := time.LoadLocation(zone); err == nil && zone != "" {
		loc = l
	}
	t = t.In(loc)
	rest, begins := strings.CutPrefix(reason, t.Format("Mon 2 Jan 15:04"))
	if t.IsZero() || !begins {
		return reason
	}
	if t.Year() != s.now.In(loc).Year() {
		reason = t.Format("Mon 2 Jan 2006 15:04") + rest
	}
	if words := daysAway(t, s.now.In(loc)); words != "" {
		reason = words + ", " + reason
	}
	return reason
}

// daysAway names a day near today, "" for one further away than a week.
func daysAway(t, now time.Time) string {
	midnight := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch days := int(midnight(t).Sub(midnight(now)).Hours() / 24); {
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days == -1:
		return "yesterday"
	case days > 1 && days <= 7:
		return fmt.Sprintf("in %d days", days)
	case days < -1 && days >= -7:
		return fmt.Sprintf("%d days ago", -days)
	}
	return ""
}

// table prints columns that fit their content, and the screen: where they do not
// fit beside each other each row is written down, one cell on a line.
func (s *screen) table(rows func(row func(cells ...string))) error {
	var all [][]string
	rows(func(cells ...string) { all = append(all, cells) })
	wide := widths(all)
	total := -2
	for _, w := range wide {
		total += w + 2
	}
	if over := total - s.columns; s.columns > 0 && over > 0 && len(all) > 0 {
		last := len(wide) - 1
		if wide[last]-over < leastCell {
			return s.listed(all[0], all[1:])
		}
		wide[last] -= over
		all = inLines(all, wide[last])
	}
	for _, row := range all {
		var line strings.Builder
		for n, c := range row {
			line.WriteString(c + strings.Repeat(" ", max(0, wide[n]+2-columnsOf(c))))
		}
		if _, err := fmt.Fprintln(s.out, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// leastCell is how narrow the last column of a table may get.
const leastCell = 24

// inLines breaks the last cell of each row into lines of a width.
func inLines(rows [][]string, columns int) (all [][]string) {
	for _, row := range rows {
		last := len(row) - 1
		for n, part := range strings.Split(strings.TrimRight(foldedTo(row[last], columns, "", ""), "\n"), "\n") {
			line := make([]string, len(row))
			if n == 0 {
				copy(line, row)
			}
			line[last] = part
			all = append(all, line)
		}
	}
	return all
}

// listed writes rows for a narrow screen: the first two cells as a heading, the
// others below it under their names.
func (s *screen) listed(heads []string, rows [][]string) error {
	for _, row := range rows {
		if _, err := fmt.Fprintln(s, strings.TrimSpace(strings.Join(row[:min(2, len(row))], "  "))); err != nil {
			return err
		}
		for n := 2; n < len(row); n++ {
			if row[n] == "" {
				continue
			}
			if _, err := fmt.Fprintf(s, "  %s: %s\n", strings.ToLower(heads[n]), row[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// widths are those of the columns.
func widths(rows [][]string) (wide []int) {
	for _, row := range rows {
		for n, c := range row {
			if n == len(wide) {
				wide = append(wide, 0)
			}
			wide[n] = max(wide[n], columnsOf(c))
		}
	}
	return wide
}
