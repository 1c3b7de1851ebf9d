package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
)

// toldAbout counts the mails to the user whose subject holds the words.
func (s *stage) toldAbout(words string) int {
	n := 0
	for _, m := range s.world.AcceptedTo("dana@example.org") {
		if strings.Contains(m.Subject, words) {
			n++
		}
	}
	return n
}

// writesBack puts a mail of the user's into Sent, as another program does.
func (s *stage) writesBack(to, subject string) {
	s.Helper()
	raw := "From: Dana Reyes <dana@example.org>\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nMessage-ID: <back-" + strings.ReplaceAll(subject, " ", "-") +
		"@example.org>\r\nDate: " + s.clock.Now().Format(time.RFC1123Z) + "\r\n\r\nThe platform team.\r\n"
	s.must(s.world.Deliver(mailtest.Sent, []byte(raw), s.clock.Now()))
}

// TestYourTurn: what somebody asked is told once after a business day without an
// answer in Sent, stands in status until there is one, and is never told where
// the answer came in time.
func TestYourTurn(t *testing.T) {
	t.Parallel()
	const question = "Hi Dana,\r\n\r\nthanks for your note. Which of the two teams would you prefer?"
	for name, answered := range map[string]bool{"unanswered": false, "answered": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
				s.pace = unhurried
				s.open()
				s.until(3, 11, 0)
				s.must(s.world.Deliver(mailtest.Inbox, letter("Noor Haddad <noor@globex.example>", "Two teams", "", question), s.clock.Now()))
				s.until(3, 15, 0)
				if answered {
					s.writesBack("noor@globex.example", "Re: Two teams")
				}
				s.until(4, 10, 55)
				if n := s.toldAbout("Your turn"); n != 0 {
					t.Fatalf("it was told %d times before a business day was over", n)
				}
				s.until(4, 11, 20)
				if answered {
					if n, q := s.toldAbout("Your turn"), s.statusJSON().Questions; n != 0 || len(q) != 0 {
						t.Errorf("an answer lies in Sent, and it was told %d times and stands in status: %v", n, q)
					}
					return
				}
				if q := s.statusJSON().Questions; len(q) != 1 || !strings.Contains(q[0].Text, "Which of the two teams would you prefer?") {
					t.Errorf("status asks %v, want whose turn it is", q)
				}
				s.writesBack("noor@globex.example", "Re: Two teams")
				s.until(4, 12, 0)
				if n, q := s.toldAbout("Your turn"), s.statusJSON().Questions; n != 1 || len(q) != 0 {
					t.Errorf("told %d times, want once; after the answer status asks %v", n, q)
				}
			})
		})
	}
}

// TestWeeklySummary: it comes at its time, once; where the machine was off then,
// once it is on again; and never twice for one week.
func TestWeeklySummary(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]bool{"on": false, "off": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
				s.write("config.yaml", fmt.Sprintf(stageConfig, "")+"notify: {digest: \"0 18 * * TUE\"}\n")
				s.open()
				s.until(3, 12, 0)
				if off {
					s.close()
				} else {
					s.until(3, 17, 55)
				}
				if n := s.toldAbout("Your week"); n != 0 {
					t.Errorf("%d summaries came before Tuesday evening", n)
				}
				if off {
					s.until(4, 8, 30)
					s.open()
					s.until(4, 8, 40)
				} else {
					s.until(3, 18, 20)
				}
				s.close()
				s.until(4, 9, 0)
				s.open()
				s.until(4, 9, 20)
				if n := s.toldAbout("Your week"); n != 1 {
					t.Fatalf("%d summaries came, want one\n%s", n, s.log.String())
				}
				for _, m := range s.world.AcceptedTo("dana@example.org") {
					text := string(m.Raw)
					if strings.Contains(m.Subject, "Your week") && (!strings.Contains(text, "afterword debrief globex --round video") || !strings.Contains(text, "follow-up-1 to Noor Haddad (Globex)")) {
						t.Errorf("the summary says\n%s", text)
					}
				}
			})
		})
	}
}
