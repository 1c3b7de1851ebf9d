package main

import (
	"encoding/json"
	"strings"
	"testing"

	"afterword/mailer/mailtest"
)

// inviteMail is an invitation with a UID, a start and an attendee; extra lines
// come into its event.
func inviteMail(method, uid, sequence, start, from, attendee string, extra ...string) []byte {
	lines := []string{
		"From: " + from, "To: dana@example.org", "Subject: Interview", "Message-ID: <" + uid + method + sequence + ">",
		"Date: Mon, 02 Nov 2026 09:00:00 +0100", "Content-Type: multipart/alternative; boundary=x", "",
		"--x", "Content-Type: text/plain", "", "You are invited.", "--x", "Content-Type: text/calendar; charset=utf-8; method=" + method, "",
		"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT", "UID:" + uid, "SEQUENCE:" + sequence, "DTSTAMP:20261102T080000Z",
		"DTSTART;TZID=Europe/Paris:" + start, "DURATION:PT1H", "SUMMARY:Interview " + uid, "ORGANIZER:mailto:" + attendee,
		"ATTENDEE;CN=Dana Reyes:mailto:dana@example.org", "ATTENDEE;CN=Lena Fuchs:mailto:" + attendee,
	}
	lines = append(append(lines, extra...), "END:VEVENT", "END:VCALENDAR", "--x--", "")
	return []byte(strings.Join(lines, "\r\n"))
}

// TestAddFromMailbox: invitations with people from outside are listed in their
// newest version, without those that are off, long over, or in a file; the one
// that is chosen makes an interview, with addresses that wait to be confirmed.
func TestAddFromMailbox(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		arrives := func(raw []byte) { s.must(s.world.Deliver(mailtest.Inbox, raw, s.clock.Now())) }
		arrives(inviteMail("REQUEST", "later@initech", "0", "20261118T100000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("REQUEST", "moved@initech", "0", "20261112T100000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("REQUEST", "moved@initech", "1", "20261113T110000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("REQUEST", "off@initech", "0", "20261114T100000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("CANCEL", "off@initech", "1", "20261114T100000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("REQUEST", "alone@me", "0", "20261115T100000", "Dana <dana@example.org>", "dana@example.org"))
		arrives(inviteMail("REQUEST", "old@initech", "0", "20260901T100000", "Lena <lena@initech.example>", "lena@initech.example"))
		arrives(inviteMail("REQUEST", "second@globex", "0", "20261120T100000", "Noor <noor@globex.example>", "noor@globex.example"))
		code, out, errs := s.command("add", "--from-mailbox", "--json")
		if code != 0 {
			t.Fatalf("add --from-mailbox --json: %d %s", code, errs)
		}
		var list []foundJSON
		s.must(json.Unmarshal([]byte(out), &list))
		var uids []string
		for _, one := range list {
			uids = append(uids, one.UID)
		}
		if got := strings.Join(uids, " "); got != "moved@initech later@initech second@globex" {
			t.Fatalf("listed %s\n%s", got, out)
		}
		if a := list[2].Application; a == nil || *a != "globex" || list[0].Application != nil || *list[0].At != "2026-11-13T11:00:00+01:00" {
			t.Errorf("%s", out)
		}
		if code, _, errs := s.command("add", "--from-mailbox", "--choose", "4"); code != exitUsage || !strings.Contains(errs, "from 1 to 3") {
			t.Errorf("choosing what is not there: %d %s", code, errs)
		}
		if code, _, errs := s.command("add", "--from-mailbox", "--choose", "1", "--company", "Initech", "--role", "Engineer"); code != 0 {
			t.Fatalf("add: %d %s", code, errs)
		}
		text, err := osReadFile(s.dir, "interviews/initech.yaml")
		s.must(err)
		for _, w := range []string{"at: 2026-11-13 11:00", "timezone: Europe/Paris", "duration: 60m", "uid: moved@initech", "name: Lena Fuchs", "email: lena@initech.example", "guessed: true"} {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		code, out, errs = s.command("add", "--from-mailbox", "--choose", "1")
		if code != 0 || !strings.Contains(out, "round-2") && !strings.Contains(out, "initech") {
			t.Errorf("a second round: %d %s %s", code, out, errs)
		}
		if code, out, _ = s.command("add", "--from-mailbox"); code != exitFailed || !strings.Contains(out, "belong to globex") {
			t.Errorf("nothing was chosen: %d %s", code, out)
		}
	})
}
