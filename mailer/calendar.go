package mailer

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is what a calendar part says about one meeting (RFC 5545), as far as
// Afterword needs it.
type Event struct {
	Method        string // REQUEST, REPLY, CANCEL, COUNTER, PUBLISH, ...: RFC 5546 section 1.4
	UID           string
	Sequence      int
	Stamp         time.Time // DTSTAMP, zero if absent: of two with one sequence the later counts
	Recurs        bool      // it is the first of several
	Occurrence    time.Time // RECURRENCE-ID: the time at which the one of a series that is meant stood before, else zero
	Further       int       // of the first: how many other meetings the object holds
	Start         time.Time // zero if unreadable; a floating time stands in UTC
	End           time.Time
	Zone          string // TZID as written; "" if Start is UTC, floating or a date
	Floating      bool   // Start is a wall time without a zone
	AllDay        bool
	Summary       string
	Status        string // TENTATIVE, CONFIRMED, CANCELLED or ""
	Organizer     string
	OrganizerName string
	Attendees     []Attendee
}

// Attendee is one ATTENDEE of an event.
type Attendee struct {
	Name string
	Addr string
	Type string // CUTYPE such as ROOM, in upper case; "" is an individual (RFC 5545 section 3.2.3)
}

// Bounds of a calendar part.
const (
	maxCalendarLines = 20000
	maxAttendees     = 200
	mostMeetings     = 8   // of one object are given; what else it holds is counted
	mostEvents       = 100 // of one object are read, exceptions to a series among them
)

// CalendarEvent returns the event of a message's first calendar part, whatever
// type that part claims. The flag is false if there is none.
func (m Message) CalendarEvent() (Event, bool) {
	all := m.CalendarEvents()
	if len(all) == 0 {
		return Event{}, false
	}
	return all[0], true
}

// CalendarEvents returns all events of that part, in its order and at most
// eight.
func (m Message) CalendarEvents() []Event {
	for _, p := range m.Parts {
		if !isCalendarPart(p) {
			continue
		}
		all := ReadMeetings(p.Content)
		for n := range all {
			if all[n].Method == "" {
				all[n].Method = strings.ToUpper(p.Params["method"])
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return nil
}

func isCalendarPart(p Part) bool {
	return p.Type == "text/calendar" || p.Type == "application/ics" || p.Type == "text/x-vcalendar" ||
		strings.HasSuffix(strings.ToLower(p.Params["filename"]), ".ics") || strings.HasSuffix(strings.ToLower(p.Params["name"]), ".ics")
}

// ReadMeetings reads the events of an iCalendar object and gives the first eight of its
// meetings. It is bounded and forgives broken lines. Where there is a method alone, one event bears it. Of
// a series that begins in the object only the beginning is given, at the time to
// which an exception may have moved it.
func ReadMeetings(content []byte) []Event {
	text, _ := decodeText(content, "utf-8")
	r := calendarReader{}
	lines := unfoldCalendar(text)
	for n, line := range lines {
		if n >= maxCalendarLines {
			break
		}
		r.line(line)
	}
	if len(r.stack) > 0 && slices.Contains(r.stack, "VEVENT") {
		r.end() // its end was cut off
	}
	if len(r.all) == 0 && r.method != "" {
		r.all = []Event{{}}
	}
	for n := range r.all {
		r.all[n].Method = r.method
		r.all[n].place(lines)
	}
	all := withoutExceptions(r.all)
	for _, e := range r.all {
		delete(r.unread, e.UID)
	}
	if len(all) > 0 {
		all[0].Further = len(all) - 1 + len(r.unread)
	}
	return all[:min(len(all), mostMeetings)]
}

// withoutExceptions leaves out the events that change one meeting of a series
// which begins in the same object (RFC 5545 section 3.8.4.4), and what is there
// twice. An exception to the first meeting gives the series its beginning.
func withoutExceptions(events []Event) []Event {
	var all []Event
	for _, e := range events {
		excepted := func(other Event) bool {
			return other.UID == e.UID && !e.Occurrence.IsZero() && other.Recurs && other.Occurrence.IsZero()
		}
		again := func(other Event) bool { return other.UID == e.UID && other.Occurrence.Equal(e.Occurrence) }
		if e.UID == "" || !slices.ContainsFunc(events, excepted) && !slices.ContainsFunc(all, again) {
			all = append(all, e)
		}
	}
	for n := range all {
		first := all[n]
		for _, e := range events {
			if first.Recurs && first.Occurrence.IsZero() && e.UID == first.UID && !e.Occurrence.IsZero() && e.Occurrence.Equal(first.Start) {
				all[n].Start, all[n].End, all[n].Zone, all[n].Floating = e.Start, e.End, e.Zone, e.Floating
				all[n].Sequence = max(first.Sequence, e.Sequence)
				if e.Stamp.After(first.Stamp) {
					all[n].Stamp = e.Stamp
				}
			}
		}
	}
	return all
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
	event  Event
	lasts  time.Duration
	stack  []string // open components
	method string
	all    []Event
	unread map[string]bool // by UID: what lies beyond what is read
}

func (r *calendarReader) line(line string) {
	name, params, value := cutProperty(line)
	switch name {
	case "BEGIN":
		if len(r.stack) < maxDepth {
			r.stack = append(r.stack, strings.ToUpper(value))
		}
		if strings.EqualFold(value, "VEVENT") {
			r.event, r.lasts = Event{}, 0
		}
		return
	case "END":
		if strings.EqualFold(value, "VEVENT") && slices.Contains(r.stack, "VEVENT") {
			r.end()
		}
		if n := len(r.stack); n > 0 {
			r.stack = r.stack[:n-1]
		}
		return
	case "METHOD":
		if r.method == "" {
			r.method = strings.ToUpper(strings.TrimSpace(value))
		}
		return
	}
	if n := len(r.stack); n > 0 && r.stack[n-1] == "VEVENT" {
		r.property(name, params, value)
	}
}

// end closes an event.
func (r *calendarReader) end() {
	e := r.event
	if e.End.IsZero() && !e.Start.IsZero() && r.lasts > 0 {
		e.End = e.Start.Add(r.lasts) // DURATION may stand before DTSTART
	}
	if len(r.all) < mostEvents {
		r.all = append(r.all, e)
		return
	}
	if r.unread == nil {
		r.unread = map[string]bool{}
	}
	r.unread[e.UID] = true
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
		e.Summary = firstRunes(calendarText(value), maxShownSubject)
	case "STATUS":
		e.Status = strings.ToUpper(value)
	case "ORGANIZER":
		e.Organizer, e.OrganizerName = calendarAddress(value), firstRunes(strings.TrimSpace(params["CN"]), maxShownName)
	case "ATTENDEE":
		if len(e.Attendees) < maxAttendees {
			e.Attendees = append(e.Attendees, Attendee{firstRunes(strings.TrimSpace(params["CN"]), maxShownName), calendarAddress(value), strings.ToUpper(params["CUTYPE"])})
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
