package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// letter is one raw mail to the candidate.
func letter(from, subject, extra, text string) []byte {
	return []byte("From: " + from + "\r\nTo: dana@example.org\r\nSubject: " + subject + "\r\nMessage-ID: <" + strings.ReplaceAll(subject, " ", "-") + "@else.example>\r\n" +
		extra + "Date: Thu, 05 Nov 2026 10:00:00 +0100\r\n\r\n" + text + "\r\n")
}

// recruited is solo with a recruiter.
const recruited = "recruiter: {name: Priya Nair, email: priya@globex.example}\n" + "company: Globex\nrole: Backend Developer\ndomains: [globex.example]\n" + `
interviews:
  - id: video
    at: 2026-11-02 09:00
    duration: 45m
    status: held
    interviewers:
      - name: Noor Haddad
        email: noor@globex.example
        said: the platform group grows from four people to nine this winter
`

// TestNoMoreLasts: who asked not to be written to gets nothing more, in no
// application and under no new step, and no resume of everything changes that.
func TestNoMoreLasts(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		s.must(s.world.Deliver(mailtest.Inbox, letter("Noor Haddad <noor@globex.example>", "Please stop", "", "Please do not contact me any more."), s.clock.Now()))
		time.Sleep(time.Minute)
		s.happened("held", "asked not to be written to")
		s.command("resume")
		s.write("interviews/other.yaml", strings.NewReplacer("Backend Developer", "Platform Lead", "2026-11-02", "2026-11-05", "four people", "five people").Replace(solo))
		s.files <- struct{}{}
		s.until(13, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRenamedFileKeepsAnswers: after a file was renamed, an answer from another
// address to mail sent before still stops what asks.
func TestRenamedFileKeepsAnswers(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		id := s.world.AcceptedTo("noor@globex.example")[0].MessageID
		s.must(os.Rename(filepath.Join(s.dir, "interviews", "globex.yaml"), filepath.Join(s.dir, "interviews", "globex-backend.yaml")))
		s.files <- struct{}{}
		time.Sleep(time.Minute)
		s.must(s.world.Deliver(mailtest.Inbox, letter("N. Haddad <nh@private.example>", "Re: Thank you", "In-Reply-To: "+id+"\r\n", "Thanks, we will be in touch."), s.clock.Now()))
		time.Sleep(time.Minute)
		s.happened("received human", "")
		s.until(13, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRenamedFileKeepsHolds: renaming a file resumes nothing.
func TestRenamedFileKeepsHolds(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		s.command("hold", "globex")
		s.must(os.Rename(filepath.Join(s.dir, "interviews", "globex.yaml"), filepath.Join(s.dir, "interviews", "globex-backend.yaml")))
		s.files <- struct{}{}
		s.until(5, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
	})
}

// TestRejectionWaitsForTheUser: what seems to be a rejection stops everything,
// and a plain resume does not send follow-ups into it.
func TestRejectionWaitsForTheUser(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": recruited}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		no := "Dear Dana,\r\n\r\nThank you for your time. Unfortunately we have decided to move forward with other candidates."
		s.must(s.world.Deliver(mailtest.Inbox, letter("Priya Nair <priya@globex.example>", "Your application", "", no), s.clock.Now()))
		time.Sleep(time.Minute)
		if len(s.statusJSON().Questions) != 1 {
			t.Fatalf("the user is asked %d questions, want one\n%s", len(s.statusJSON().Questions), s.story())
		}
		if _, out, _ := s.command("resume", "globex"); !strings.Contains(out, "1 hold left") {
			t.Errorf("resume says %q, want that one hold is left", out)
		}
		s.until(18, 12, 0)
		s.want(map[string]int{"priya@globex.example": 0})
		s.write("interviews/globex.yaml", "status: rejected\n"+recruited)
		s.files <- struct{}{}
		time.Sleep(time.Minute)
		if n := len(s.statusJSON().Questions); n != 0 {
			t.Errorf("%d questions stand after the file said rejected", n)
		}
		if got := s.state("follow-up-1"); got != scheduler.Cancelled {
			t.Errorf("follow-up-1 is %s after the file said rejected", got)
		}
	})
}

// TestBrokenFileIsTold: a file that breaks while the daemon runs is told by
// mail, once.
func TestBrokenFileIsTold(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		s.write("interviews/globex.yaml", "rolle: x\n"+solo)
		for range 3 {
			s.files <- struct{}{}
			time.Sleep(time.Minute)
		}
		told := 0
		for _, m := range s.world.AcceptedTo("dana@example.org") {
			if strings.Contains(m.Subject, "cannot be read: globex") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the broken file was told %d times, want once", told)
		}
	})
}
