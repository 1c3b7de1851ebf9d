package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
)

// looseQuestion is the one question about an invitation that fits no
// application, "" if none stands.
func (s *stage) looseQuestion() (text string) {
	s.Helper()
	for _, q := range s.statusJSON().Questions {
		if strings.HasPrefix(q.Key, "loose-invitation/") {
			if text != "" {
				s.Fatalf("two stand: %s / %s", text, q.Text)
			}
			text = q.Text
		}
	}
	return text
}

// looseNotices counts what the user was told of such invitations.
func (s *stage) looseNotices() (n int) {
	for _, c := range s.world.Messages(mailtest.Inbox) {
		if strings.Contains(string(c.Raw), "An invitation fits no application") {
			n++
		}
	}
	return n
}

// TestInvitationThatFitsNoApplication: it is told once, changes of it change the
// question alone, and it becomes an application by one command.
func TestInvitationThatFitsNoApplication(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.pace = unhurried
		s.open()
		s.until(5, 12, 0)
		arrives := func(method, sequence, start string) {
			t.Helper()
			raw := inviteMail(method, "first@initech", sequence, start, "Lena Fuchs <lena@initech.example>", "lena@initech.example")
			s.must(s.world.Deliver(mailtest.Inbox, raw, s.clock.Now()))
			time.Sleep(5 * time.Minute)
		}
		stands := func(want string, notices int) {
			t.Helper()
			if q := s.looseQuestion(); want == "" && q != "" || !strings.Contains(q, want) {
				t.Fatalf("asked %q, want %q", q, want)
			}
			if n := s.looseNotices(); n != notices {
				t.Fatalf("%d notices, want %d", n, notices)
			}
		}
		arrives("REQUEST", "0", "20261119T100000")
		stands(`from Lena Fuchs fits no application: "Interview first@initech", Thu 19 Nov 2026 10:00 (Europe/Paris), with Lena Fuchs <lena@initech.example>`, 1)
		arrives("REQUEST", "0", "20261119T100000") // a copy, as when it is moved
		stands("19 Nov 2026 10:00", 1)
		arrives("REQUEST", "1", "20261120T110000")
		stands("Fri 20 Nov 2026 11:00", 1)
		arrives("REQUEST", "0", "20261119T100000")
		stands("Fri 20 Nov 2026 11:00", 1)
		arrives("CANCEL", "2", "20261120T110000")
		stands("", 1)
		arrives("REQUEST", "1", "20261120T110000")
		stands("", 1)
		arrives("REQUEST", "3", "20261124T110000") // after all
		stands("Tue 24 Nov 2026 11:00", 2)
		code, out, _ := s.command()
		if code != exitWaiting || !strings.Contains(out, "afterword add --invitation ") {
			t.Fatalf("what needs the user: %d %s", code, out)
		}
		if code, out, errs := s.command("add", "--invitation", "", "--company", "Initech", "--role", "Engineer"); code != 0 {
			t.Fatalf("taking it in: %d %s %s", code, out, errs)
		}
		stands("", 2)
		text, err := osReadFile(s.dir, "interviews/initech.yaml")
		s.must(err)
		for _, w := range []string{"at: 2026-11-24 11:00", "uid: first@initech", "email: lena@initech.example", "guessed: true"} {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		s.files <- struct{}{}
		arrives("REQUEST", "3", "20261124T110000")
		stands("", 2)
	})
}

const dayOfTalks = `BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:one@hooli.example
DTSTART:20261209T140000Z
SUMMARY:First talk
ATTENDEE;CN=Gavin Bell:mailto:gavin@hooli.example
END:VEVENT
BEGIN:VEVENT
UID:two@hooli.example
DTSTART:20261209T153000Z
SUMMARY:Second talk
ATTENDEE;CN=Mo Said:mailto:mo@hooli.example
END:VEVENT
END:VCALENDAR
`

// TestInvitationToADayOfTalks: of a mail that holds several meetings and fits no
// application the first is asked about; once it is one, so are the others.
func TestInvitationToADayOfTalks(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(5, 12, 0)
		raw := inviteMail("REQUEST", "day-1@initech", "0", "20261119T100000", "Lena Fuchs <lena@initech.example>", "lena@initech.example",
			"END:VEVENT", "BEGIN:VEVENT", "UID:day-2@initech", "DTSTAMP:20261102T080000Z", "DTSTART;TZID=Europe/Paris:20261119T113000", "DURATION:PT1H", "SUMMARY:Second talk",
			"ATTENDEE;CN=Otto Brandt:mailto:otto@initech.example")
		s.must(s.world.Deliver(mailtest.Inbox, raw, s.clock.Now()))
		time.Sleep(5 * time.Minute)
		if q := s.looseQuestion(); !strings.Contains(q, "Interview day-1@initech") {
			t.Fatalf("asked %q", q)
		}
		if code, out, errs := s.command("add", "--invitation", "", "--company", "Initech", "--role", "Engineer"); code != 0 {
			t.Fatalf("taking it in: %d %s %s", code, out, errs)
		}
		s.files <- struct{}{}
		time.Sleep(time.Minute)
		if code, out, errs := s.command("add", "initech", "--invitation", ""); code != 0 || !strings.Contains(out, "Thu 19 Nov 2026 11:30") {
			t.Fatalf("taking the second in: %d %s %s", code, out, errs)
		}
		text, err := osReadFile(s.dir, "interviews/initech.yaml")
		s.must(err)
		for _, w := range []string{"uid: day-1@initech", "uid: day-2@initech", "email: otto@initech.example"} {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		for n := range 2 { // two more, in one mail to an application that is there
			raw := inviteMail("REQUEST", "more-1@initech", "0", "20261126T100000", "Lena Fuchs <lena@initech.example>", "lena@initech.example",
				"END:VEVENT", "BEGIN:VEVENT", "UID:more-2@initech", "DTSTAMP:20261102T080000Z", "DTSTART;TZID=Europe/Paris:20261126T113000", "DURATION:PT1H", "SUMMARY:Fourth talk",
				"ATTENDEE;CN=Otto Brandt:mailto:otto@initech.example")
			s.must(s.world.Deliver(mailtest.Inbox, raw, s.clock.Now())) // the second is a copy
			time.Sleep(5 * time.Minute)
			if q := s.statusJSON().Questions; n == 0 && len(q) < 2 {
				t.Fatalf("%+v", q)
			}
		}
		key := ""
		for _, q := range s.statusJSON().Questions {
			if _, rest, ok := strings.Cut(q.Text, "more-1@initech"); ok {
				_, rest, _ = strings.Cut(rest, "--invitation ")
				key = rest[:8]
			}
		}
		if code, o, errs := s.command("add", "initech", "--invitation", key); code != 0 || !strings.Contains(o, `still waits: "Fourth talk", Thu 26 Nov 2026 11:30`) {
			t.Fatalf("%s: %d %s %s", key, code, o, errs)
		}
		if code, o, errs := s.command("add", "initech", "--invitation", ""); code != 0 || strings.Contains(o, "still waits") {
			t.Fatalf("the last: %d %s %s", code, o, errs)
		}
		day := filepath.Join(s.dir, "day.ics")
		s.must(os.WriteFile(day, []byte(dayOfTalks), 0o600))
		code, out, errs := s.command("add", "--from", day, "--company", "Hooli", "--role", "Engineer")
		if code != 0 || !strings.Contains(out, "also \"Second talk\", Wed 9 Dec 2026 16:30 (Europe/Paris): afterword add hooli --invitation ") {
			t.Fatalf("from a file: %d %s %s", code, out, errs)
		}
		if code, out, errs := s.command("add", "hooli", "--invitation", ""); code != 0 || !strings.Contains(out, "Wed 9 Dec 2026 16:30") {
			t.Fatalf("taking what the file held besides: %d %s %s", code, out, errs)
		}
	})
}

// TestInvitationsThatAreNone: the user's ordinary calendar is not told of, what
// is over or written down is taken back, and of who was dismissed nothing is
// told again.
func TestInvitationsThatAreNone(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.pace = unhurried
		s.open()
		s.until(5, 12, 0)
		arrives := func(uid, start, from, attendee string, extra ...string) string {
			t.Helper()
			s.must(s.world.Deliver(mailtest.Inbox, inviteMail("REQUEST", uid, "0", start, from, attendee, extra...), s.clock.Now()))
			time.Sleep(5 * time.Minute)
			return s.looseQuestion()
		}
		for _, none := range []string{
			arrives("past@initech", "20261104T100000", "Lena <lena@initech.example>", "lena@initech.example"),
			arrives("friend@gmail", "20261119T190000", "Jo <jo@gmail.com>", "jo@gmail.com"),
			arrives("alone@me", "20261119T100000", "Dana <dana@example.org>", "dana@example.org"),
			arrives("colleague@me", "20261119T100000", "Max <max@example.org>", "max@example.org"),
			arrives("robot@shop", "20261119T100000", "Shop <noreply@shop.example>", "noreply@shop.example"),
			arrives("weekly@choir", "20261119T190000", "Kim <kim@choir.example>", "kim@choir.example", "RRULE:FREQ=WEEKLY"),
		} {
			if none != "" {
				t.Errorf("told: %s", none)
			}
		}
		if q := arrives("dentist", "20261112T080000", "Practice <desk@dentist.example>", "desk@dentist.example"); q == "" {
			t.Fatal("an invitation from outside is not told")
		}
		key := s.looseQuestion()
		key = key[strings.LastIndex(key, "--invitation ")+len("--invitation "):]
		key, _, _ = strings.Cut(key, " ")
		if code, out, errs := s.command("add", "--invitation", key, "--dismiss"); code != 0 || !strings.Contains(out, "desk@dentist.example") {
			t.Fatalf("dismissing: %d %s %s", code, out, errs)
		}
		if q := arrives("dentist-again", "20261113T080000", "Practice <desk@dentist.example>", "desk@dentist.example"); q != "" {
			t.Errorf("told of who was dismissed: %s", q)
		}
		if q := arrives("landlord", "20261113T180000", "Rent <rent@landlord.example>", "rent@landlord.example"); q == "" {
			t.Fatal("a second invitation from outside is not told")
		}
		notice := s.noticed("An invitation fits no application")
		if text := strings.Join(strings.Fields(textOf(notice)), " "); !strings.Contains(text, "Answer this mail with: skip (it is no interview) or stop") {
			t.Errorf("the notice reads\n%s", text)
		}
		s.answers(notice, phone{text: "skip"})
		s.confirmed("Of invitations from rent@landlord.example you are not told again.")
		if q := s.looseQuestion(); q != "" {
			t.Errorf("it stands after skip: %s", q)
		}
		if q := arrives("tomorrow@initech", "20261106T100000", "Lena <lena@initech.example>", "lena@initech.example"); q == "" {
			t.Fatal("an invitation for tomorrow is not told")
		}
		s.until(6, 12, 0)
		if q := s.looseQuestion(); q != "" {
			t.Errorf("it stands when it is over: %s", q)
		}
	})
}
