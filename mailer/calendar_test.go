package mailer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// calendarObject builds an object around the lines of one event.
func calendarObject(method string, lines ...string) []byte {
	all := append([]string{"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT"}, lines...)
	all = append(all, "END:VEVENT", "END:VCALENDAR", "")
	return []byte(strings.Join(all, "\r\n"))
}

// firstMeeting is the first event of an object; the flag is false if it holds none.
func firstMeeting(content []byte) (Event, bool) {
	all := ReadMeetings(content)
	if len(all) == 0 {
		return Event{}, false
	}
	return all[0], true
}

func TestReadMeetings(t *testing.T) {
	t.Parallel()
	e, ok := firstMeeting(calendarObject("REQUEST",
		"UID:abc@acme.example", "SEQUENCE:2", "DTSTART;TZID=Europe/Paris:20260520T140000", "DURATION:PT45M",
		"SUMMARY:Interview\\, round 2\\nwith", "  Ken", "STATUS:CONFIRMED",
		"ORGANIZER;CN=Priya:mailto:priya@acme.example",
		`ATTENDEE;CN="Osei; Ken";PARTSTAT=accepted:MAILTO:ken@acme.example`,
		"BEGIN:VALARM", "SUMMARY:not the event's", "END:VALARM"))
	if !ok || e.Method != "REQUEST" || e.UID != "abc@acme.example" || e.Sequence != 2 || e.Status != "CONFIRMED" {
		t.Errorf("%+v", e)
	}
	if want := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC); !e.Start.Equal(want) || !e.End.Equal(want.Add(45*time.Minute)) || e.Floating {
		t.Errorf("from %s to %s", e.Start, e.End)
	}
	if e.Summary != "Interview, round 2 with Ken" || e.Organizer != "priya@acme.example" {
		t.Errorf("summary %q, organizer %q", e.Summary, e.Organizer)
	}
	if want := []Attendee{{"Osei; Ken", "ken@acme.example", ""}}; !slices.Equal(e.Attendees, want) {
		t.Errorf("attendees %q", e.Attendees)
	}
}

func TestCalendarTimes(t *testing.T) {
	t.Parallel()
	check := func(line, want string, floating, allDay bool) {
		t.Helper()
		e, _ := firstMeeting(calendarObject("REQUEST", line))
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

// A zone that only the object itself knows places its meeting.
func TestCalendarZonesOfTheObject(t *testing.T) {
	t.Parallel()
	european := []string{"BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
		"BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"}
	american := []string{"BEGIN:STANDARD", "DTSTART:20071104T020000", "TZOFFSETTO:-0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "END:STANDARD",
		"BEGIN:DAYLIGHT", "DTSTART:20070311T020000", "TZOFFSETTO:-0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "END:DAYLIGHT"}
	check := func(zone []string, id, start, want string, floating bool) {
		t.Helper()
		lines := append([]string{"BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VTIMEZONE", "TZID:Customized Time Zone"}, zone...)
		lines = append(lines, "END:VTIMEZONE", "BEGIN:VEVENT", "UID:u", "DTSTART;TZID="+id+":"+start, "DURATION:PT1H", "END:VEVENT", "END:VCALENDAR", "")
		e, _ := firstMeeting([]byte(strings.Join(lines, "\r\n")))
		if got := e.Start.Format(time.RFC3339); got != want || e.Floating != floating || e.End.Sub(e.Start) != time.Hour {
			t.Errorf("%s %s: %s, floating %v, until %s", id, start, got, e.Floating, e.End)
		}
	}
	check(european, "Customized Time Zone", "20261203T140000", "2026-12-03T13:00:00Z", false)
	check(european, `"Customized Time Zone"`, "20260603T140000", "2026-06-03T12:00:00Z", false)
	check(european, "Customized Time Zone", "20260203T1400", "2026-02-03T13:00:00Z", false)
	check(european, "Customized Time Zone", "20261025T010000", "2026-10-24T23:00:00Z", false)
	check(european, "Customized Time Zone", "20261025T040000", "2026-10-25T03:00:00Z", false)
	check(american, "Customized Time Zone", "20261203T140000", "2026-12-03T19:00:00Z", false)
	check(american, "Customized Time Zone", "20260308T140000", "2026-03-08T18:00:00Z", false)
	check(american, "Customized Time Zone", "20260307T140000", "2026-03-07T19:00:00Z", false)
	check([]string{"BEGIN:STANDARD", "TZOFFSETTO:+0530", "END:STANDARD"}, "Customized Time Zone", "20261203T140000", "2026-12-03T08:30:00Z", false)
	check(nil, "Customized Time Zone", "20261203T140000", "2026-12-03T14:00:00Z", true)
	check(european, "Another", "20261203T140000", "2026-12-03T14:00:00Z", true)
	check([]string{"BEGIN:STANDARD", "RRULE:BYDAY=X", "END:STANDARD", "BEGIN:DAYLIGHT", "RRULE:BYDAY=9SU", "END:DAYLIGHT"}, "Customized Time Zone", "20261203T140000", "2026-12-03T14:00:00Z", true)
}

// One of a series is told from the others, and what else an object holds is
// counted.
func TestCalendarSeriesAndLoops(t *testing.T) {
	t.Parallel()
	e, _ := firstMeeting(calendarObject("CANCEL", "UID:s", "RECURRENCE-ID;TZID=Europe/Paris:20261210T140000", "DTSTART;TZID=Europe/Paris:20261210T150000",
		"END:VEVENT", "BEGIN:VEVENT", "UID:s", "END:VEVENT", "BEGIN:VEVENT", "UID:b", "END:VEVENT", "BEGIN:VEVENT", "UID:c", "END:VEVENT", "BEGIN:VEVENT", "UID:c"))
	if want := time.Date(2026, 12, 10, 13, 0, 0, 0, time.UTC); !e.Occurrence.Equal(want) || e.Further != 3 || e.UID != "s" {
		t.Errorf("%+v", e)
	}
}

// TestManyMeetings: a series is one meeting however many exceptions stand before its
// beginning, and what is not given is counted.
func TestManyMeetings(t *testing.T) {
	t.Parallel()
	event := func(uid, more string) []string {
		return strings.Split("BEGIN:VEVENT\nUID:"+uid+"\n"+more+"\nEND:VEVENT", "\n")
	}
	for _, c := range []struct {
		name              string
		exceptions, after int
		given, beyond     int
	}{
		{"exceptions first", 20, 0, 1, 0},
		{"all are given", 3, 7, 8, 0},
		{"more than are given", 12, 10, 8, 3},
		{"more than are read", 0, 150, 8, 143},
	} {
		lines := []string{"BEGIN:VCALENDAR", "METHOD:PUBLISH"}
		for n := range c.exceptions {
			day := 20261202 + n
			lines = append(lines, event("series", fmt.Sprintf("RECURRENCE-ID:%dT090000Z\nDTSTART:%dT100000Z", day, day))...)
		}
		lines = append(lines, event("series", "DTSTART:20261201T090000Z\nRRULE:FREQ=DAILY;COUNT=30")...)
		for n := range c.after {
			lines = append(lines, event(fmt.Sprint("single-", n), "DTSTART:20261205T090000Z")...)
		}
		all := ReadMeetings([]byte(strings.Join(append(lines, "END:VCALENDAR"), "\r\n")))
		if len(all) != c.given || all[0].UID != "series" || !all[0].Recurs || all[0].Start.Day() != 1 || all[0].Further+1-len(all) != c.beyond {
			t.Errorf("%s: %d are given, want %d, and %d are not, want %d; the first is %+v", c.name, len(all), c.given, all[0].Further+1-len(all), c.beyond, all[0])
		}
	}
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

func FuzzReadMeetings(f *testing.F) {
	f.Add(calendarObject("REQUEST", "DTSTART;TZID=Europe/Paris:20260520T140000", "DURATION:PT45M", "ATTENDEE;CN=\"a:b\":mailto:c"))
	f.Add([]byte("BEGIN:VEVENT\nBEGIN:VEVENT\nEND:X\n \n:\n;;=:\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		all := ReadMeetings(content)
		if len(all) > mostMeetings {
			t.Fatalf("%d meetings", len(all))
		}
		for _, e := range all {
			if len(e.Attendees) > maxAttendees {
				t.Fatal("too many attendees")
			}
		}
	})
}
