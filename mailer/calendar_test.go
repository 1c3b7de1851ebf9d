package mailer

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// calendarText builds an object around the lines of one event.
func calendarObject(method string, lines ...string) []byte {
	all := append([]string{"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT"}, lines...)
	all = append(all, "END:VEVENT", "END:VCALENDAR", "")
	return []byte(strings.Join(all, "\r\n"))
}

func TestReadCalendar(t *testing.T) {
	t.Parallel()
	e, ok := ReadCalendar(calendarObject("REQUEST",
		"UID:abc@acme.example", "SEQUENCE:2", "DTSTART;TZID=Europe/Paris:20260520T140000", "DURATION:PT45M",
		"SUMMARY:Interview\\, round 2\\nwith", "  Ken", "LOCATION:Room 1", "STATUS:CONFIRMED",
		"ORGANIZER;CN=Priya:mailto:priya@acme.example",
		`ATTENDEE;CN="Osei; Ken";PARTSTAT=accepted:MAILTO:ken@acme.example`,
		"BEGIN:VALARM", "SUMMARY:not the event's", "END:VALARM"))
	if !ok || e.Method != "REQUEST" || e.UID != "abc@acme.example" || e.Sequence != 2 || e.Status != "CONFIRMED" {
		t.Errorf("%+v", e)
	}
	if want := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC); !e.Start.Equal(want) || !e.End.Equal(want.Add(45*time.Minute)) || e.Floating {
		t.Errorf("from %s to %s", e.Start, e.End)
	}
	if e.Summary != "Interview, round 2 with Ken" || e.Location != "Room 1" || e.Organizer != "priya@acme.example" {
		t.Errorf("summary %q, location %q, organizer %q", e.Summary, e.Location, e.Organizer)
	}
	if want := []Attendee{{"Osei; Ken", "ken@acme.example", "ACCEPTED", ""}}; !slices.Equal(e.Attendees, want) {
		t.Errorf("attendees %q", e.Attendees)
	}
}

func TestCalendarTimes(t *testing.T) {
	t.Parallel()
	check := func(line, want string, floating, allDay bool) {
		t.Helper()
		e, _ := ReadCalendar(calendarObject("REQUEST", line))
		got := "none"
		if !e.Start.IsZero() {
			got = e.Start.UTC().Format(time.RFC3339)
		}
		if got != want || e.Floating != floating || e.AllDay != allDay {
			t.Errorf("%s: %s, floating %v, all day %v", line, got, e.Floating, e.AllDay)
		}
	}
	check("DTSTART:20260520T120000Z", "2026-05-20T12:00:00Z", false, false)
	check("DTSTART:20260520T120000", "2026-05-20T12:00:00Z", true, false)
	check("DTSTART;VALUE=DATE:20260520", "2026-05-20T00:00:00Z", true, true)
	check("DTSTART;TZID=America/New_York:20260520T120000", "2026-05-20T16:00:00Z", false, false)
	check("DTSTART;TZID=W. Europe Standard Time:20260520T140000", "2026-05-20T12:00:00Z", false, false)
	check(`DTSTART;TZID="Pacific Standard Time":20260520T050000`, "2026-05-20T12:00:00Z", false, false)
	check("DTSTART;TZID=/vendor.example/2026/Europe/Paris:20260520T140000", "2026-05-20T12:00:00Z", false, false)
	check("DTSTART;TZID=Nowhere/City:20260520T140000", "2026-05-20T14:00:00Z", true, false)
	check("DTSTART:some day", "none", false, false)
}

func TestCalendarDurations(t *testing.T) {
	t.Parallel()
	check := func(v string, want time.Duration, ok bool) {
		t.Helper()
		if got, read := calendarDuration(v); got != want || read != ok {
			t.Errorf("%s: %s %v", v, got, read)
		}
	}
	check("PT1H30M", 90*time.Minute, true)
	check("P1D", 24*time.Hour, true)
	check("P2W", 14*24*time.Hour, true)
	check("+PT15S", 15*time.Second, true)
	check("-PT15M", 0, false)
	check("PT", 0, false)
	check("P99999999999999W", 0, false)
}

// The zones of Outlook's names must all be known to the time library.
func TestWindowsZonesExist(t *testing.T) {
	t.Parallel()
	n := 0
	for _, line := range tableLines(windowsZoneTable) {
		windows, iana, ok := strings.Cut(line, " = ")
		if _, err := time.LoadLocation(iana); !ok || err != nil {
			t.Errorf("%s: %v", windows, err)
		}
		n++
	}
	if n < 80 {
		t.Errorf("only %d zones", n)
	}
}

func TestCalendarEventOfAMessage(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: text/calendar; method=cancel\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nEND:VEVENT\nEND:VCALENDAR\n")
	e, ok := m.CalendarEvent()
	if !ok || e.Method != "CANCEL" || e.UID != "u1" {
		t.Errorf("%+v %v", e, ok)
	}
	if _, ok := parse("Content-Type: text/calendar\n\nnothing of the kind\n").CalendarEvent(); ok {
		t.Error("an event was found in none")
	}
}

func FuzzReadCalendar(f *testing.F) {
	f.Add(calendarObject("REQUEST", "DTSTART;TZID=Europe/Paris:20260520T140000", "DURATION:PT45M", "ATTENDEE;CN=\"a:b\":mailto:c"))
	f.Add([]byte("BEGIN:VEVENT\nBEGIN:VEVENT\nEND:X\n \n:\n;;=:\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		e, ok := ReadCalendar(content)
		if len(e.Attendees) > maxAttendees {
			t.Fatal("too many attendees")
		}
		if !ok && (e.UID != "" || e.Method != "") {
			t.Fatalf("no event, but %+v", e)
		}
	})
}
