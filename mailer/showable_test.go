package mailer

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// hostile holds what moves a cursor, sets a title, rings, hides what follows and turns
// the direction, as bytes of UTF-8.
const hostile = "\x1b]0;owned\x07\x1b[2J\x1b[8mhid\x7fden\u009b2Jgnp\u202eexe\u2066.\u2069\u2028end"

// unshowable is everything of a value that no screen should get.
func unshowable(v any) (found []string) {
	var walk func(v reflect.Value, at string)
	walk = func(v reflect.Value, at string) {
		switch v.Kind() {
		case reflect.String:
			if text := v.String(); strings.ContainsFunc(text, isUnshowable) {
				found = append(found, fmt.Sprintf("%s: %q", at, text))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i), at+"[]")
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(v.MapIndex(k), at+"."+k.String())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i), at+"."+v.Type().Field(i).Name)
				}
			}
		}
	}
	walk(reflect.ValueOf(v), "")
	return found
}

// encodedWord writes a text as RFC 2047 has it.
func encodedWord(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "=%02X", c)
	}
	return "=?utf-8?q?" + b.String() + "?="
}

// TestNothingOfALetterMovesTheScreen: what is read of a letter is shown in a terminal and
// on the page, and must neither command the one nor read backwards on the other.
func TestNothingOfALetterMovesTheScreen(t *testing.T) {
	t.Parallel()
	entities := strings.NewReplacer("\x1b", "&#27;", "\u202e", "&#x202e;", "\x07", "&#7;").Replace(hostile)
	head := func(name, subject string) string {
		return "From: " + name + " <ken" + hostile + "@acme.example>\r\nTo: Dana <dana@example.org>\r\nSubject: " + subject +
			"\r\nMessage-ID: <a" + hostile + "@acme.example>\r\nIn-Reply-To: <b" + hostile + "@acme.example>\r\nX-Mailer: " + hostile + "\r\n"
	}
	invitation := "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u" + hostile + "\r\nDTSTART:20261202T130000Z\r\nSUMMARY:Talk " + hostile +
		"\r\nORGANIZER;CN=\"Ken " + hostile + "\":mailto:ken" + hostile + "@acme.example\r\nATTENDEE;CN=" + strings.ReplaceAll(hostile, ";", "") + ":mailto:x@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	report := "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt failed." + hostile +
		"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ken" + hostile + "@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no" + hostile + "\r\n\r\n--b--\r\n"
	const plain = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
	for name, raw := range map[string]string{
		"raw":           head("Ken "+hostile, "Re: "+hostile) + plain + "Hi Dana,\r\n\r\nwe decided " + hostile + " to go on.\r\n",
		"no UTF-8":      head("K\xe9n "+hostile, "R\xe9 "+hostile) + "\r\nHi D\xe9na,\r\n\r\nwe decided " + hostile + " to go on.\r\n",
		"encoded words": head(encodedWord("Ken "+hostile), encodedWord(hostile)) + plain + "Hi Dana\r\n",
		"HTML":          head("Ken", "Hi") + "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hi Dana, " + entities + "</p><pre>" + entities + "</pre>",
		"invitation":    head("Ken", "Hi") + "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + invitation,
		"report":        head("MAILER-DAEMON", "Undelivered") + report,
	} {
		m := parse(raw)
		seen := []any{m, Classify(m)}
		if name == "invitation" {
			events := m.CalendarEvents()
			if len(events) != 1 || len(events[0].Attendees) != 1 {
				t.Fatalf("the invitation was not read: %+v", events)
			}
			seen = append(seen, events[0])
		}
		for _, what := range seen {
			for _, found := range unshowable(what) {
				t.Errorf("%s%s", name, found)
			}
		}
		if !strings.Contains(m.From[0].Addr, "@acme.example") || m.Subject == "" {
			t.Errorf("%s: read as from %q, %q", name, m.From, m.Subject)
		}
	}
	const hebrew = "\u200fשלום\u200e Dana\tand\r\nmore\n"
	if got := showable(hebrew); got != hebrew {
		t.Errorf("%q became %q", hebrew, got)
	}
}

// TestWhatIsToldOfALetterIsShort: names and subjects stand in questions and notices, and
// a letter of kilobytes in them would hide everything else there.
func TestWhatIsToldOfALetterIsShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("größer ", 2000)
	m := parse("From: " + long + " <ken@acme.example>\r\nSubject: " + long + "\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\n" +
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nSUMMARY:" + long + "\r\nORGANIZER;CN=" + long + ":mailto:ken@acme.example\r\nATTENDEE;CN=" + long +
		":mailto:x@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	e, read := m.CalendarEvent()
	if !read || len(e.Attendees) != 1 || m.From[0].Addr != "ken@acme.example" {
		t.Fatalf("not read: %+v", m)
	}
	check := func(what, got string, most int) {
		t.Helper()
		if n := len([]rune(got)); n > most+len("...") || !strings.HasSuffix(got, "...") || !strings.HasPrefix(got, "größer größer") {
			t.Errorf("%s has %d characters", what, n)
		}
	}
	check("the name", m.From[0].Name, maxShownName)
	check("the subject", m.Subject, maxShownSubject)
	check("the summary", e.Summary, maxShownSubject)
	check("the organizer", e.OrganizerName, maxShownName)
	check("the attendee", e.Attendees[0].Name, maxShownName)
	short := strings.Repeat("ü", maxShownName)
	if got := firstRunes(short, maxShownName); got != short {
		t.Errorf("a name of %d characters was cut", maxShownName)
	}
}
