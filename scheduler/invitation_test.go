package scheduler

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// invitation is a mail with a calendar part.
func invitation(t *testing.T, ics, id string) mailer.Message {
	t.Helper()
	method := "REQUEST"
	if strings.Contains(ics, "METHOD:CANCEL") {
		method = "CANCEL"
	}
	return mailer.Parse(mailer.Split([]byte("From: Priya Nair <priya@acme.example>\r\nTo: dana@example.org\r\nSubject: Invitation\r\nMessage-ID: <" + id + "@acme.example>\r\n" +
		"Content-Type: text/calendar; charset=utf-8; method=" + method + "\r\n\r\n" + ics)))
}

func readICS(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "calendar", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// guest is what the tests of invitations share: a store and an application.
type guest struct {
	*testing.T
	store *memory
	facts Facts
	now   time.Time
}

func newGuest(t *testing.T) *guest {
	t.Helper()
	a := Application{Stem: "acme", Company: "Acme", Role: "SRE", Status: StatusActive, Recruiter: &Person{Name: "Priya Nair", Email: "priya@acme.example"},
		Interviews: []Interview{{ID: "interview", At: paris("2026-11-23 14:00"), Zone: zone("Europe/Paris"), Duration: 45 * time.Minute,
			Interviewers: []Person{{Name: "Ken Osei", Email: "ken@acme.example"}}}}}
	return &guest{t, newMemory(), Facts{Policy: policy(), Application: a, All: map[string]Application{"acme": a}}, paris("2026-11-25 11:00")}
}

// read gives a calendar message to the program.
func (g *guest) read(ics, id string) (Incoming, Reaction) {
	g.Helper()
	m := invitation(g.T, ics, id)
	in := Incoming{Message: m, Reading: mailer.Classify(m), Match: mailer.Match{Application: "acme", Strength: 3}, Arrived: g.now}
	var err error
	if err = readInvitations(g.store, mailer.LoadTables(), &g.facts, &in, g.now); err != nil {
		g.Fatal(err)
	}
	return in, React(&g.facts, in, g.now)
}

func TestInvitationsOfEachVendor(t *testing.T) {
	t.Parallel()
	check := func(file, at, place, people string, lasts time.Duration, words ...string) {
		t.Helper()
		in, r := newGuest(t).read(readICS(t, file), file)
		inv := in.Invitation
		if inv == nil || inv.Change != NewInterview {
			t.Fatalf("%s: %+v", file, inv)
		}
		if got := inv.At.Format("2006-01-02 15:04"); got != at || inv.Zone != place || inv.Duration != lasts || inv.names() != people {
			t.Errorf("%s: %s %s for %s with %s", file, got, inv.Zone, inv.Duration, inv.names())
		}
		if len(r.Suggest) != 1 || len(r.Holds) == 0 || r.Question != "" {
			t.Fatalf("%s: %+v", file, r)
		}
		for _, w := range append(words, "afterword add acme --invitation "+inv.Key) {
			if !strings.Contains(r.Suggest[0].Text, w) {
				t.Errorf("%s: no %q in %q", file, w, r.Suggest[0].Text)
			}
		}
	}
	check("google.ics", "2026-12-03 14:00", "Europe/Paris", "Mei Tanaka <mei.tanaka@acme.example>", time.Hour, "Technical interview")
	check("outlook.ics", "2026-12-03 14:00", "Europe/Berlin", "Ken Osei <ken@acme.example>", 90*time.Minute, "Zweites Gespräch")
	check("apple.ics", "2026-12-03 14:00", "Europe/Paris", "Ken Osei <ken@acme.example>", 30*time.Minute, "no zone", "recurs")
}

// An update moves, a cancellation cancels; what is older, replayed or changes
// nothing asks nothing and holds nothing.
func TestInvitationVersions(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	first := readICS(t, "google.ics")
	in, _ := g.read(first, "1")
	if in.Invitation == nil {
		t.Fatal("no offer")
	}
	if in, r := g.read(first, "2"); !in.Stale || in.Invitation != nil || len(r.Holds)+len(r.Suggest) > 0 || r.Question != "" {
		t.Errorf("replayed: %+v %+v", in.Invitation, r)
	}
	a := g.facts.Application
	a.Interviews = append(a.Interviews, Interview{ID: "round-2", UID: in.Invitation.UID, At: in.Invitation.At, Zone: zone("Europe/Paris"), Duration: time.Hour, Status: InterviewPlanned})
	g.facts.Application = a
	moved := strings.NewReplacer("SEQUENCE:0", "SEQUENCE:2", "20261203T13", "20261204T09", "20261203T14", "20261204T10").Replace(first)
	if in, _ := g.read(moved, "3"); in.Invitation == nil || in.Invitation.Change != MovedInterview || in.Invitation.Interview != "round-2" ||
		!in.Invitation.At.Equal(paris("2026-12-04 10:00")) {
		t.Errorf("moved: %+v", in.Invitation)
	}
	if in, _ := g.read(strings.Replace(moved, "SEQUENCE:2", "SEQUENCE:1", 1), "4"); !in.Stale {
		t.Errorf("an older version: %+v", in.Invitation)
	}
	off := strings.NewReplacer("METHOD:REQUEST", "METHOD:CANCEL", "SEQUENCE:0", "SEQUENCE:3", "STATUS:CONFIRMED", "STATUS:CANCELLED").Replace(first)
	if in, r := g.read(off, "5"); in.Invitation == nil || in.Invitation.Change != CancelledInterview || len(r.Holds) != 2 {
		t.Errorf("cancelled: %+v %+v", in.Invitation, r)
	}
}

// An interview that the user wrote down is not offered again.
func TestInvitationToAKnownInterview(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	g.facts.Application.Interviews[0].At = paris("2026-12-03 14:00")
	if in, r := g.read(readICS(t, "google.ics"), "1"); !in.Stale || len(r.Suggest) > 0 {
		t.Errorf("%+v", in.Invitation)
	}
	moved := strings.NewReplacer("SEQUENCE:0", "SEQUENCE:1", "20261203T", "20261204T").Replace(readICS(t, "google.ics"))
	if in, _ := g.read(moved, "2"); in.Invitation == nil || in.Invitation.Interview != "interview" || in.Invitation.Change != MovedInterview {
		t.Errorf("moved: %+v", in.Invitation)
	}
}

// severalMeetings is an invitation to a day of three talks, the second of which
// the user wrote down already, and to a series whose first meeting was moved.
const severalMeetings = `BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:on-1@acme.example
DTSTAMP:20261124T090000Z
DTSTART;TZID=Europe/Paris:20261203T100000
DURATION:PT45M
SUMMARY:Talk with Mara
ATTENDEE;CN=Mara Lindt:mailto:mara@acme.example
END:VEVENT
BEGIN:VEVENT
UID:on-2@acme.example
DTSTAMP:20261124T090000Z
DTSTART;TZID=Europe/Paris:20261123T140000
DURATION:PT45M
END:VEVENT
BEGIN:VEVENT
UID:series@acme.example
DTSTAMP:20261124T090000Z
DTSTART;TZID=Europe/Paris:20261210T090000
DURATION:PT30M
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Weekly word
END:VEVENT
BEGIN:VEVENT
UID:series@acme.example
RECURRENCE-ID;TZID=Europe/Paris:20261210T090000
DTSTAMP:20261124T090000Z
DTSTART;TZID=Europe/Paris:20261211T110000
DURATION:PT30M
END:VEVENT
BEGIN:VEVENT
UID:series@acme.example
RECURRENCE-ID;TZID=Europe/Paris:20261217T090000
DTSTAMP:20261124T090000Z
DTSTART;TZID=Europe/Paris:20261218T090000
DURATION:PT30M
END:VEVENT
END:VCALENDAR
`

// Each meeting of one mail is offered by itself; taking one leaves the others,
// and what waits for them, until the last is taken.
func TestInvitationToSeveralMeetings(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	ics := strings.ReplaceAll(severalMeetings, "\n", "\r\n")
	in, r := g.read(ics, "1")
	if in.Invitation == nil || in.Invitation.UID != "on-1@acme.example" || len(in.Further) != 1 || in.Further[0].UID != "series@acme.example" ||
		!in.Further[0].At.Equal(paris("2026-12-11 11:00")) || !in.Further[0].Recurs || in.Invitation.Further != 0 {
		t.Fatalf("%+v %+v", in.Invitation, in.Further)
	}
	if len(r.Suggest) != 2 || r.Suggest[0].Key == r.Suggest[1].Key || r.Question != "" {
		t.Fatalf("%+v", r)
	}
	if _, err := carryOut(g.store, &g.facts, in, r, "", g.now); err != nil {
		t.Fatal(err)
	}
	s := &Service{Store: g.store, Clock: fixed(g.now)}
	if _, err := s.Invitation(t.Context(), "acme", ""); err == nil {
		t.Error("one of two was chosen")
	}
	for n, inv := range append([]Invitation{*in.Invitation}, in.Further...) {
		if waits := len(g.store.holds) > 0; !waits {
			t.Errorf("nothing waits before number %d is taken", n)
		}
		if err := s.TakeInvitation(t.Context(), inv, "round"); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.store.holds) != 0 {
		t.Errorf("all are taken, and there waits %+v", g.store.holds)
	}
	if in, r := g.read(ics, "2"); !in.Stale || in.Invitation != nil || len(in.Further)+len(r.Suggest)+len(r.Holds) != 0 {
		t.Errorf("the same again: %+v %+v", in.Invitation, r)
	}
	if in, _ := g.read(strings.Replace(ics, "DTSTART;TZID=Europe/Paris:20261211T110000", "SEQUENCE:1\r\nDTSTART;TZID=Europe/Paris:20261211T120000", 1), "3"); in.Invitation == nil || !in.Invitation.At.Equal(paris("2026-12-11 12:00")) || len(in.Further) != 0 {
		t.Errorf("the first of the series was moved again: %+v", in.Invitation)
	}
}

// A mail that cancels several cancels each, and one of more meetings than are
// offered says so.
func TestInvitationsOffAndTooMany(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	g.facts.Application.Interviews = append(g.facts.Application.Interviews, Interview{ID: "one", UID: "on-1@acme.example", At: paris("2026-12-03 10:00"), Zone: zone("Europe/Paris")},
		Interview{ID: "three", UID: "series@acme.example", At: paris("2026-12-11 11:00"), Zone: zone("Europe/Paris")})
	in, r := g.read(strings.ReplaceAll(strings.Replace(severalMeetings, "REQUEST", "CANCEL", 1), "\n", "\r\n"), "1")
	if in.Invitation == nil || in.Invitation.Interview != "one" || len(in.Further) != 1 || in.Further[0].Interview != "three" || in.Further[0].Change != CancelledInterview || len(r.Holds) != 2 {
		t.Errorf("%+v %+v %+v", in.Invitation, in.Further, r)
	}
	many := "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
	for n := range 12 {
		many += strings.ReplaceAll("BEGIN:VEVENT\r\nUID:m-#\r\nDTSTAMP:20261124T090000Z\r\nDTSTART:202612#T090000Z\r\nEND:VEVENT\r\n", "#", strconv.Itoa(10+n))
	}
	if _, r := newGuest(t).read(many+"END:VCALENDAR\r\n", "2"); len(r.Suggest) != 8 || !strings.Contains(r.Suggest[0].Text, "holds 4 more than are offered") {
		t.Errorf("%d: %+v", len(r.Suggest), r.Suggest)
	}
}

// Another meeting of the series that an interview belongs to is not that
// interview; the one that stood at its time is.
func TestInvitationToOneOfASeries(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	g.facts.Application.Interviews[0].UID, g.facts.Application.Interviews[0].At = "series@acme.example", paris("2026-12-03 14:00")
	one := func(method, occurrence, start string) string {
		return strings.Join([]string{"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT", "UID:series@acme.example", "DTSTAMP:20261125T090000Z", "RECURRENCE-ID;TZID=Europe/Paris:" + occurrence,
			"DTSTART;TZID=Europe/Paris:" + start, "DURATION:PT45M", "SUMMARY:Talk", "ORGANIZER:mailto:priya@acme.example", "END:VEVENT",
			"BEGIN:VEVENT", "UID:second@acme.example", "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
	}
	if in, r := g.read(one("CANCEL", "20261210T140000", "20261210T140000"), "1"); in.Invitation != nil || len(r.Suggest) > 0 {
		t.Errorf("another was cancelled: %+v", in.Invitation)
	}
	in, r := g.read(one("REQUEST", "20261203T140000", "20261204T100000"), "2")
	if in.Invitation == nil || in.Invitation.Change != MovedInterview || in.Invitation.Interview != "interview" || !in.Invitation.At.Equal(paris("2026-12-04 10:00")) {
		t.Fatalf("moved: %+v", in.Invitation)
	}
	if len(r.Suggest) != 1 { // the other meeting of the mail has no time
		t.Errorf("%+v", r.Suggest)
	}
	g.facts.Application.Interviews[0].At = in.Invitation.At
	if in, _ := g.read(strings.Replace(one("CANCEL", "20261203T140000", "20261204T100000"), "20261125T09", "20261125T10", 1), "3"); in.Invitation == nil || in.Invitation.Change != CancelledInterview {
		t.Errorf("the moved one was cancelled: %+v", in.Invitation)
	}
}

// Whatever a calendar part holds: an offer is complete, or there is none.
func FuzzInvitation(f *testing.F) {
	for _, name := range []string{"google.ics", "outlook.ics", "apple.ics"} {
		b, err := os.ReadFile(filepath.Join("testdata", "calendar", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	tables := mailer.LoadTables()
	f.Fuzz(func(t *testing.T, ics string) {
		g := newGuest(t)
		m := mailer.Message{Parts: []mailer.Part{{Type: "text/calendar", Content: []byte(ics)}}}
		in := Incoming{Message: m, Reading: mailer.Reading{Kind: mailer.CalendarRequest}, Arrived: g.now}
		if err := readInvitations(g.store, tables, &g.facts, &in, g.now); err != nil {
			t.Fatal(err)
		}
		inv := in.Invitation
		if inv != nil && (inv.UID == "" || inv.At.IsZero() || inv.Zone == "" || inv.Duration <= 0 || inv.Key == "" || len(inv.People) > mostInvited+1) {
			t.Fatalf("%+v", inv)
		}
	})
}

// A zone that is a mere offset is none that a file takes: the same moment is offered in the user's own.
func TestInvitationWithAnOffsetForAZone(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Etc/GMT-3": "Thu 10 Dec 2026 12:00 (Europe/Paris)", "EST": "Thu 10 Dec 2026 20:00 (Europe/Paris)", "Europe/Helsinki": "Thu 10 Dec 2026 14:00 (Europe/Helsinki)"} {
		g := newGuest(t)
		ics := "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:next@acme.example\r\nDTSTART;TZID=" + name + ":20261210T140000\r\nDTEND;TZID=" + name + ":20261210T150000\r\nSUMMARY:Next round\r\n" +
			"ORGANIZER:mailto:priya@acme.example\r\nATTENDEE:mailto:dana@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
		event := invitation(t, ics, "next").CalendarEvents()[0]
		if got := eventOffer(&g.facts, event).When(); got != want {
			t.Errorf("%s: offered %s, want %s", name, got, want)
		}
	}
}
