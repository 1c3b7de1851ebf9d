package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// soloTo is solo with another address for Noor Haddad.
func soloTo(address string) map[string]string {
	return map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@globex.example", address)}
}

// TestOwnCopyStopsARetry: a mail that was deferred and whose own copy then
// surfaces in Sent is not sent again.
func TestOwnCopyStopsARetry(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Refuse: true})
		s.until(3, 9, 50)
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		if story.Delivery.Frozen == nil {
			t.Fatal("the mail was not tried")
		}
		s.must(s.world.Deliver(mailtest.Sent, story.Delivery.Frozen.Bytes, s.clock.Now()))
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{})
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if got := s.state("thank-you"); got != scheduler.Sent {
			t.Errorf("the thank-you is %s, want sent, as its copy says", got)
		}
	})
}

// TestEvidenceWhileTheAnswerIsOut: a copy or an answer that is read while the
// server's answer to the final dot is still out settles the doubt that follows.
func TestEvidenceWhileTheAnswerIsOut(t *testing.T) {
	t.Parallel()
	const who = "noor+lose-250@globex.example"
	t.Run("copy", func(t *testing.T) {
		t.Parallel()
		performAt(t, "", soloTo(who), mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
			s.open()
			news, err := s.world.Person("Shop <news@shop.example>")
			s.must(err)
			s.until(3, 9, 43)
			news.Writes(s.clock.Now().Add(time.Minute), "Sale", "buy\n") // makes the mailbox be read
			s.until(4, 18, 0)
			if got := s.state("thank-you"); got != scheduler.Sent {
				t.Errorf("the thank-you is %s, want sent\n%s", got, s.story())
			}
		})
	})
	t.Run("answer", func(t *testing.T) {
		t.Parallel()
		performAt(t, "", soloTo(who), mailtest.SMTPOptions{}, func(s *stage) {
			s.must(s.world.ScriptFunc("Noor Haddad <"+who+">", func(r mailtest.Received) []mailtest.Reaction {
				return []mailtest.Reaction{{After: 4 * time.Minute, Letter: mailtest.Answer(r, "Thanks!")}}
			}))
			s.open()
			s.until(4, 18, 0)
			if got := s.state("thank-you"); got != scheduler.Sent {
				t.Errorf("the thank-you is %s, want sent\n%s", got, s.story())
			}
			s.want(map[string]int{who: 1})
		})
	})
}

// TestByHandBeforeTheFile: mail that the user wrote before the interview file
// existed does the step all the same.
func TestByHandBeforeTheFile(t *testing.T) {
	t.Parallel()
	perform(t, "", nil, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		own := "From: Dana Reyes <dana@example.org>\r\nTo: Noor Haddad <noor@globex.example>\r\nSubject: Thank you\r\nDate: Mon, 02 Nov 2026 12:00:00 +0100\r\nMessage-ID: <hand1@example.org>\r\n\r\nThanks for the talk.\r\n"
		s.must(s.world.Deliver(mailtest.Sent, []byte(own), s.clock.Now()))
		s.until(2, 14, 0)
		s.write("interviews/globex.yaml", solo)
		s.files <- struct{}{}
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0})
	})
}

// TestByHandToThePanel: one mail by hand to several people, some in Cc, does
// the step for each of them.
func TestByHandToThePanel(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme-sre.yaml": acme}, func(s *stage) {
		s.open()
		s.until(2, 16, 0)
		s.said("acme-sre.yaml", "onsite", panelSaid())
		own := "From: Dana Reyes <dana@example.org>\r\nTo: Ken Osei <ken@acme.example>, Mara Lindt <mara@acme.example>\r\nCc: Tomas <tomas@acme.example>\r\nSubject: Thank you\r\nDate: Mon, 02 Nov 2026 17:00:00 +0100\r\nMessage-ID: <hand2@example.org>\r\n\r\nThanks for the talk.\r\n"
		s.must(s.world.Deliver(mailtest.Sent, []byte(own), s.clock.Now()))
		s.until(3, 18, 0)
		s.want(map[string]int{"ken@acme.example": 0, "mara@acme.example": 0, "tomas@acme.example": 0})
	})
}

// TestPasswordThatEnds: a password that is refused from some moment on is not
// tried for ever, by mail, notice or probe, and no resume makes it.
func TestPasswordThatEnds(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		dials := func() int {
			return s.world.Network().Dialled(mailtest.SMTP) + s.world.Network().Dialled(mailtest.IMAP)
		}
		before := dials()
		s.world.SetPassword("other")
		s.world.DropConnections(mailtest.IMAP)
		s.until(3, 12, 0)
		s.command("resume")
		s.until(3, 18, 0)
		if n := dials() - before; n > 12 {
			t.Errorf("with a refused password the servers were dialled %d times within a day", n)
		}
		if len(s.statusJSON().Holds) == 0 {
			t.Error("status shows no hold")
		}
	})
}

// TestServerSlowerThanTheLastLook: a session that takes longer than a last look
// is good for is a failed attempt: it is not tried in circles, and the user hears
// of it.
func TestServerSlowerThanTheLastLook(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Latency: 6 * time.Second})
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if n := s.attempts("thank-you"); n < 2 || n > 8 {
			t.Errorf("the mail was tried %d times in a day, want a few", n)
		}
		if st := s.statusJSON(); len(st.Questions) == 0 {
			t.Errorf("the user is asked nothing\n%s", s.story())
		}
	})
}

// TestHostileSubject: odd mail of others keeps no notice from the user.
func TestHostileSubject(t *testing.T) {
	t.Parallel()
	for n, subject := range []string{"Hello \u202egnp.exe", strings.Repeat("long ", 400)} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.open()
			s.until(3, 12, 0)
			before := s.sent("dana@example.org")
			p, err := s.world.Person("Noor Haddad <noor@globex.example>")
			s.must(err)
			p.Writes(s.clock.Now().Add(time.Minute), subject, "Hi Dana,\n\nlet us talk.\n")
			s.until(3, 14, 0)
			if s.sent("dana@example.org") == before {
				t.Errorf("subject %d: the user was not told of the answer\n%s", n, s.log.String())
			}
		})
	}
}

// TestRecruiterOfTwo: one mail of a recruiter who has two applications of the
// user in hand holds both.
func TestRecruiterOfTwo(t *testing.T) {
	t.Parallel()
	recruiter := "recruiter: {name: Priya Nair, email: priya@agency.example}\n"
	second := strings.NewReplacer("globex", "initech", "Globex", "Initech", "Noor Haddad", "Ann Lee", "four people to nine", "two floors to three").Replace(solo)
	perform(t, "", map[string]string{"globex.yaml": recruiter + solo, "initech.yaml": recruiter + second}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		p, err := s.world.Person("Priya Nair <priya@agency.example>")
		s.must(err)
		p.Writes(s.clock.Now().Add(time.Minute), "Your interviews", "Hi Dana,\n\nboth teams meet next week.\n\nPriya\n")
		s.until(4, 13, 0)
		held := map[string]bool{}
		for _, h := range s.statusJSON().Holds {
			if h.Target != nil {
				held[*h.Target] = true
			}
		}
		if !held["globex"] || !held["initech"] {
			t.Errorf("on hold: %v, want both applications", fmt.Sprint(held))
		}
	})
}

// TestAnswerStopsTheDot: an answer that was read while a follow-up was on its
// way stops it before its final dot, and it does not leave later either.
func TestAnswerStopsTheDot(t *testing.T) {
	t.Parallel()
	writes := func(s *stage) {
		p, err := s.world.Person("Noor Haddad <noor@globex.example>")
		s.must(err)
		p.Writes(s.clock.Now().Add(time.Second), "Your application", "Hi Dana,\n\nwe talk about it on Monday.\n\nNoor\n")
	}
	for name, c := range map[string]struct {
		replies string
		says    func(*stage)
	}{
		"mail":      {"cancel", writes},
		"restart":   {"restart", writes},
		"telephone": {"cancel", func(s *stage) { s.command("answered", "globex") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
				s.write("config.yaml", readFile(s, "config.yaml")+"replies: {interviewer: "+c.replies+"}\n")
				s.open()
				s.until(10, 10, 0)
				s.want(map[string]int{"noor@globex.example": 1})
				s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Latency: time.Second})
				for n := 0; s.state("follow-up-1") != scheduler.Sending; n++ {
					if n == 600 {
						s.Fatalf("the follow-up never was on its way\n%s", s.story())
					}
					time.Sleep(3 * time.Second)
				}
				c.says(s)
				s.until(12, 12, 0)
				s.want(map[string]int{"noor@globex.example": 1})
				if got := s.state("follow-up-1"); got != scheduler.Cancelled {
					t.Errorf("follow-up-1 is %s, want cancelled\n%s", got, s.story())
				}
			})
		})
	}
}

// TestStatusStopsTheDot: a status that was saved while the mail was on its way
// stops it, even if nobody has noticed the edit yet.
func TestStatusStopsTheDot(t *testing.T) {
	t.Parallel()
	editStopsTheDot(t, "status: withdrawn\n"+solo)
}

// TestEditStopsTheDot: so does whatever else the file says by then that leaves no
// such mail to be sent.
func TestEditStopsTheDot(t *testing.T) {
	t.Parallel()
	for name, edited := range map[string]string{
		"a reason not to thank": strings.Replace(solo, "email:", "skip: was ill\n        email:", 1),
		"another meeting":       strings.NewReplacer("id: video", "id: call", "2026-11-02", "2026-11-20", "held", "planned").Replace(solo),
		"somebody else":         strings.NewReplacer("Noor Haddad", "Ida Berg", "noor@", "ida@").Replace(solo),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			editStopsTheDot(t, edited)
		})
	}
}

// editStopsTheDot saves a file while the thanks that it speaks of are on their way.
func editStopsTheDot(t *testing.T, edited string) {
	if edited == solo {
		t.Fatal("nothing is edited")
	}
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Latency: time.Second})
		s.open()
		s.until(2, 12, 0)
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		time.Sleep(story.Delivery.Due.Sub(s.clock.Now()) + 5*time.Second)
		if got := s.state("thank-you"); got != scheduler.Sending {
			t.Fatalf("the mail is %s, want it on its way", got)
		}
		s.write("interviews/globex.yaml", edited)
		s.until(3, 10, 0)
		s.want(map[string]int{"noor@globex.example": 0})
	})
}
