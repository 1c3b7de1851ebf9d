package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"afterword/scheduler"
)

// The words on the screen. Rules: a time is said with its weekday and its
// zone; a state is said in lower case; a sentence for the user names the
// command that helps; nothing is said twice.

// printJSON prints one value for a script.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printLine prints one value on one line, for streams of them.
func printLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// table prints columns that fit their content.
func table(w io.Writer, rows func(row func(cells ...string))) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	rows(func(cells ...string) { fmt.Fprintln(t, strings.Join(cells, "\t")) })
	return t.Flush()
}

// clockTime writes a moment at the place that the zone names, with the year where
// it is not that of now.
func clockTime(t time.Time, zone string, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		loc, zone = t.Location(), t.Format("MST")
	}
	layout := "Mon 2 Jan 15:04 "
	if t = t.In(loc); t.Year() != now.In(loc).Year() {
		layout = "Mon 2 Jan 2006 15:04 "
	}
	return t.Format(layout) + zone
}

// name writes a person.
func name(to scheduler.PlanTo) string { return either(to.Name, either(to.Email, "nobody")) }

// optional gives null for a time or text that is absent.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// stamp writes a time as RFC 3339 with the zone's offset, null if zero.
func stamp(t time.Time, zone string) *string {
	if t.IsZero() {
		return nil
	}
	if loc, err := time.LoadLocation(zone); err == nil && zone != "" {
		t = t.In(loc)
	}
	return optional(t.Format(time.RFC3339))
}

// indent sets a text off from what surrounds it.
func indent(text, by string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for n, l := range lines {
		if l != "" {
			lines[n] = by + l
		}
	}
	return strings.Join(lines, "\n")
}

// countOf writes a number of things.
func countOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// either is the text, or another one where it is empty.
func either(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
