package main

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
)

// calendarMail is an invitation with one attendee beside the candidate.
func calendarMail(method string, sequence, start string) []byte {
	lines := []string{
		"From: Noor Haddad <noor@globex.example>", "To: dana@example.org", "Subject: Second round", "Message-ID: <" + method + sequence + "@globex.example>",
		"Date: Thu, 05 Nov 2026 10:00:00 +0100", "Content-Type: text/calendar; charset=utf-8; method=" + method, "",
		"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT", "UID:round2@globex.example", "SEQUENCE:" + sequence, "DTSTAMP:20261105T090000Z",
		"DTSTART;TZID=Romance Standard Time:" + start, "DURATION:PT1H", "SUMMARY:Second round", "ORGANIZER;CN=Noor Haddad:mailto:noor@globex.example",
		"ATTENDEE;CUTYPE=INDIVIDUAL;CN=Dana Reyes:mailto:dana@example.org", "ATTENDEE;CUTYPE=INDIVIDUAL;CN=Lena Fuchs:mailto:lena@globex.example",
		"ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room1@globex.example", "END:VEVENT", "END:VCALENDAR", "",
	}
	return []byte(strings.Join(lines, "\r\n"))
}

// TestInvitationIsOfferedAndTaken: an invitation, its update and its
// cancellation are each offered, and written only when the user says so.
func TestInvitationIsOfferedAndTaken(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(5, 12, 0)
		arrives := func(method, sequence, start, asked string) {
			t.Helper()
			s.must(s.world.Deliver(mailtest.Inbox, calendarMail(method, sequence, start), s.clock.Now()))
			time.Sleep(time.Minute)
			qs := s.statusJSON().Questions
			if len(qs) != 1 || !strings.Contains(qs[0].Text, asked) {
				t.Fatalf("asked %+v, want one question with %q\n%s", qs, asked, s.story())
			}
		}
		takes := func(said string, inFile ...string) {
			t.Helper()
			code, out, errs := s.command("add", "globex", "--invitation", "")
			if code != 0 || !strings.Contains(out, said) {
				t.Fatalf("add: %d %q %q, want %q", code, out, errs, said)
			}
			text, err := osReadFile(s.dir, "interviews/globex.yaml")
			s.must(err)
			for _, w := range inFile {
				if !strings.Contains(text, w) {
					t.Errorf("no %q in\n%s", w, text)
				}
			}
			s.files <- struct{}{}
			time.Sleep(time.Minute)
			if n := len(s.statusJSON().Questions); n != 0 {
				t.Errorf("%d questions stand after it was taken in", n)
			}
		}
		arrives("REQUEST", "0", "20261119T140000", "Lena Fuchs <lena@globex.example>")
		if text, err := osReadFile(s.dir, "interviews/globex.yaml"); err != nil || strings.Contains(text, "Lena") {
			t.Fatalf("written without a word of the user: %v", err)
		}
		takes("interview round-2 on Thu 19 Nov 2026 14:00 (Europe/Paris), with 1 person", "id: round-2", "at: 2026-11-19 14:00", "guessed: true", "uid: round2@globex.example")
		arrives("REQUEST", "1", "20261120T100000", "moves the interview")
		takes(`the interview "round-2" is now on Fri 20 Nov 2026 10:00`, "at: 2026-11-20 10:00")
		arrives("CANCEL", "2", "20261120T100000", "cancels the interview")
		takes(`the interview "round-2" is cancelled`, "status: cancelled")
	})
}
