package mailer

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is what a calendar part says about its first meeting (RFC 5545), as far
// as Afterword needs it.
type Event struct {
	Method        string // REQUEST, REPLY, CANCEL, COUNTER, PUBLISH, ...: RFC 5546 section 1.4
	UID           string
	Sequence      int
	Stamp         time.Time // DTSTAMP, zero if absent: of two with one sequence the later counts
	Recurs        bool      // it is the first of several
	Occurrence    time.Time // RECURRENCE-ID: the time at which the one of a series that is meant stood before, else zero
	Further       int       // how many other meetings the object holds
	Start         time.Time // zero if unreadable; a floating time stands in UTC
	End           time.Time
	Zone          string // TZID as written; "" if Start is UTC, floating or a date
	Floating      bool   // Start is a wall time without a zone
	AllDay        bool
	Summary       string
	Location      string
	Status        string // TENTATIVE, CONFIRMED, CANCELLED or ""
	Organizer     string
	OrganizerName string
	Attendees     []Attendee
}

// Attendee is one ATTENDEE of an event.
type Attendee struct {
	Name   string
	Addr   string
	Answer string // PARTSTAT such as ACCEPTED, in upper case, "" if not said
	Type   string // CUTYPE such as ROOM, in upper case; "" is an individual (RFC 5545 section 3.2.3)
}

// Bounds of a calendar part.
const (
	maxCalendarLines = 20000
	maxAttendees     = 200
)

// CalendarEvent returns the event of a message's first calendar part, whatever
// type that part claims. The flag is false if there is none.
func (m Message) CalendarEvent() (Event, bool) {
	for _, p := range m.Parts {
		if !isCalendarPart(p) {
			continue
		}
		event, ok := ReadCalendar(p.Content)
		if !ok {
			continue
		}
		if event.Method == "" {
			event.Method = strings.ToUpper(p.Params["method"])
		}
		return event, true
	}
	return Event{}, false
}

func isCalendarPart(p Part) bool {
	return p.Type == "text/calendar" || p.Type == "application/ics" || p.Type == "text/x-vcalendar" ||
		strings.HasSuffix(strings.ToLower(p.Params["filename"]), ".ics") || strings.HasSuffix(strings.ToLower(p.Params["name"]), ".ics")
}

// ReadCalendar reads the method and the first event of an iCalendar object. It
// is bounded and forgives broken lines; the flag is false if it holds neither.
func ReadCalendar(content []byte) (Event, bool) {
	text, _ := decodeText(content, "utf-8")
	r := calendarReader{}
	lines := unfoldCalendar(text)
	for n, line := range lines {
		if n >= maxCalendarLines {
			break
		}
		if r.done {
			r.further(line)
			continue
		}
		r.line(line)
	}
	r.event.place(lines)
	return r.event, r.event.Method != "" || r.seen
}

// place moves the times of an event whose zone only its object knows into UTC.
func (e *Event) place(lines []string) {
	if !e.Floating || e.AllDay || e.Zone == "" {
		return
	}
	offset, known := offsetOf(lines, e.Zone, e.Start)
	if !known {
		return
	}
	e.Floating, e.Start = false, e.Start.Add(-offset)
	if !e.End.IsZero() {
		e.End = e.End.Add(-offset)
	}
	if !e.Occurrence.IsZero() {
		e.Occurrence = e.Occurrence.Add(-offset)
	}
}

// further counts the meetings behind the first. Those of its own series, which
// have its UID, are none.
func (r *calendarReader) further(line string) {
	if name, _, value := cutProperty(line); name == "UID" && value != r.event.UID && !slices.Contains(r.others, value) {
		r.others = append(r.others, value)
		r.event.Further++
	}
}

// unfoldCalendar joins continuation lines (RFC 5545 section 3.1).
func unfoldCalendar(text string) []string {
	var lines []string
	var line strings.Builder
	for raw := range strings.Lines(text) {
		raw = strings.TrimRight(raw, "\r\n")
		if line.Len() > 0 && raw != "" && (raw[0] == ' ' || raw[0] == '\t') {
			if line.Len() < maxFieldBytes {
				line.WriteString(raw[1:])
			}
			continue
		}
		lines = append(lines, line.String())
		line.Reset()
		line.WriteString(raw)
		if len(lines) > maxCalendarLines {
			break
		}
	}
	return append(lines, line.String())
}

type calendarReader struct {
	event Event
	stack []string // open components
	seen  bool     // an event was begun
	done  bool     // the first event has ended
	lasts time.Duration

	others []string // UIDs of further events
}

func (r *calendarReader) line(line string) {
	name, params, value := cutProperty(line)
	switch name {
	case "BEGIN":
		if len(r.stack) < maxDepth {
			r.stack = append(r.stack, strings.ToUpper(value))
		}
		r.seen = r.seen || strings.EqualFold(value, "VEVENT")
		return
	case "END":
		r.done = r.seen && strings.EqualFold(value, "VEVENT")
		if e := &r.event; r.done && e.End.IsZero() && !e.Start.IsZero() && r.lasts > 0 {
			e.End = e.Start.Add(r.lasts) // DURATION may stand before DTSTART
		}
		if n := len(r.stack); n > 0 {
			r.stack = r.stack[:n-1]
		}
		return
	case "METHOD":
		r.event.Method = strings.ToUpper(strings.TrimSpace(value))
		return
	}
	if n := len(r.stack); n > 0 && r.stack[n-1] == "VEVENT" {
		r.property(name, params, value)
	}
}

func (r *calendarReader) property(name string, params map[string]string, value string) {
	e := &r.event
	switch name {
	case "UID":
		e.UID = value
	case "SEQUENCE":
		if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 {
			e.Sequence = n
		}
	case "DTSTAMP":
		e.Stamp, _, _ = calendarTime("", value)
	case "RECURRENCE-ID":
		e.Occurrence, _, _ = calendarTime(params["TZID"], value)
	case "RRULE", "RDATE":
		e.Recurs = true
	case "DTSTART":
		e.setStart(params, value)
	case "DTEND":
		e.End, _, _ = calendarTime(params["TZID"], value)
	case "DURATION":
		r.lasts, _ = calendarDuration(value)
	case "SUMMARY":
		e.Summary = calendarText(value)
	case "LOCATION":
		e.Location = calendarText(value)
	case "STATUS":
		e.Status = strings.ToUpper(value)
	case "ORGANIZER":
		e.Organizer, e.OrganizerName = calendarAddress(value), strings.TrimSpace(params["CN"])
	case "ATTENDEE":
		if len(e.Attendees) < maxAttendees {
			e.Attendees = append(e.Attendees, Attendee{strings.TrimSpace(params["CN"]), calendarAddress(value),
				strings.ToUpper(params["PARTSTAT"]), strings.ToUpper(params["CUTYPE"])})
		}
	}
}

// cutProperty splits a content line into its name in upper case, its parameters
// and its value (RFC 5545 section 3.1). A colon within quotes is no separator.
func cutProperty(line string) (name string, params map[string]string, value string) {
	quoted := false
	start := 0
	var pieces []string
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ';' || c == ':':
			pieces = append(pieces, line[start:i])
			start = i + 1
			if c == ':' {
				value = line[i+1:]
				i = len(line)
			}
		}
	}
	if len(pieces) == 0 {
		return "", nil, ""
	}
	for _, p := range pieces[1:] {
		if k, v, ok := strings.Cut(p, "="); ok {
			if params == nil {
				params = map[string]string{}
			}
			params[strings.ToUpper(k)] = strings.Trim(v, `"`)
		}
	}
	return strings.ToUpper(strings.TrimSpace(pieces[0])), params, value
}

func calendarText(v string) string {
	v = strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(v)
	return strings.Join(strings.Fields(v), " ")
}

func calendarAddress(v string) string {
	if len(v) >= 7 && strings.EqualFold(v[:7], "mailto:") {
		v = v[7:]
	}
	return strings.TrimSpace(v)
}
