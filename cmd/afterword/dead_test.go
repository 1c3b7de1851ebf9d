package main

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
)

// Mara is in two rounds at Acme, of which the second comes to be known later, and
// in one of another application there.
const (
	firstRound = `
company: Acme
role: Site Reliability Engineer
domains: [acme.example]
recruiter: {name: Priya Nair, email: priya@acme.example}
interviews:
  - id: onsite
    at: 2026-11-02 09:00
    duration: 45m
    status: held
    interviewers:
      - {name: Mara Lindt, email: mara@acme.example, said: the storage rewrite halved your restore times}
`
	secondRound = `
  - id: final
    at: 2026-11-09 09:00
    duration: 45m
    status: held
    interviewers:
      - {name: Mara Lindt, email: mara@acme.example, said: you write a short design note before any larger change}
`
	anotherRole = `
company: Acme
role: Data Analyst
domains: [acme.example]
interviews:
  - id: video
    at: 2026-11-09 15:00
    duration: 45m
    status: held
    interviewers:
      - {name: Mara Lindt, email: mara@acme.example, said: your customers asked for an audit trail more than for speed}
`
)

// TestDeadAddressStaysDead: who has left the company gets no thanks for a later
// round, and none in another application, whether these were known when the word
// of it came or not.
func TestDeadAddressStaysDead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, after string }{
		{"what is planned is cancelled", anotherRole, ""},
		{"what comes later is not planned", "", anotherRole},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"acme-sre.yaml": firstRound}, func(s *stage) {
				if c.before != "" {
					s.write("interviews/acme-data.yaml", c.before)
				}
				s.open()
				s.until(3, 12, 0)
				s.want(map[string]int{"mara@acme.example": 1})
				s.world.WritesAt(s.clock.Now().Add(time.Hour), mailtest.Letter{From: "Mara Lindt <mara@acme.example>", Subject: "Automatic reply: Thank you",
					Extra: []mailtest.Field{{Name: "Auto-Submitted", Value: "auto-replied"}}, Body: "I have left the company. This mailbox is not read any more.\n"})
				s.until(5, 12, 0)
				s.write("interviews/acme-sre.yaml", firstRound+secondRound[1:])
				if c.after != "" {
					s.write("interviews/acme-data.yaml", c.after)
				}
				s.files <- struct{}{}
				s.until(17, 12, 0)
				s.want(map[string]int{"mara@acme.example": 1, "priya@acme.example": 1})
			})
		})
	}
}

// TestNothingIsQueuedForWhoHasLeft: mail that the user queues for somebody who has left the
// company is refused and says why, until that person writes.
func TestNothingIsQueuedForWhoHasLeft(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme-sre.yaml": firstRound}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.world.WritesAt(s.clock.Now().Add(time.Hour), mailtest.Letter{From: "Mara Lindt <mara@acme.example>", Subject: "Automatic reply: Thank you",
			Extra: []mailtest.Field{{Name: "Auto-Submitted", Value: "auto-replied"}}, Body: "I have left the company. This mailbox is not read any more.\n"})
		s.until(3, 18, 0)
		if code, _, said := s.command("queue", "acme-sre", "check-in", "--to", "Mara"); code != 1 || !strings.Contains(said, "the owner of mara@acme.example has left the company") {
			t.Errorf("queued for somebody who has left: exit %d, %q", code, said)
		}
		s.world.WritesAt(s.clock.Now().Add(time.Hour), mailtest.Letter{From: "Mara Lindt <mara@acme.example>", Subject: "Your notes",
			Body: "Hi Dana,\n\nI am back at Acme after all. Which book did you mean?\n\nMara\n"})
		s.until(4, 12, 0)
		if code, _, said := s.command("queue", "acme-sre", "check-in", "--to", "Mara"); code != 0 {
			t.Errorf("queued for somebody who writes again: exit %d, %q", code, said)
		}
	})
}
