package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

const acme = `
company: Acme
role: Site Reliability Engineer
domains: [acme.example]
recruiter: {name: Priya Nair, email: priya@acme.example}
interviews:
  - id: onsite
    at: 2026-11-02 14:00
    duration: 1h
    interviewers:
      - {name: Ken Osei, email: ken@acme.example, lead: true}
      - {name: Mara Lindt, email: mara@acme.example}
      - {name: Tomas Ruiz, email: tomas@acme.example}
`

const globex = `
company: Globex
role: Backend Developer
domains: [globex.example]
interviews:
  - id: video
    at: 2026-11-04 15:00
    duration: 45m
    interviewers:
      - {name: Noor Haddad, email: noor@globex.example}
`

// solo is one held interview with one interviewer who said something.
const solo = `
company: Globex
role: Backend Developer
domains: [globex.example]
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

func panelSaid() map[string]string {
	return map[string]string{
		"ken@acme.example":   "the team moves the pager to follow-the-sun in spring",
		"mara@acme.example":  "every new engineer ships to production in the first week",
		"tomas@acme.example": "the storage rewrite halved your restore times",
	}
}

// TestMonth is the main job from end to end: four thank-yous, one follow-up
// after silence, none after a reply.
func TestMonth(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme-sre.yaml": acme, "globex-backend.yaml": globex}, func(s *stage) {
		s.pace = scheduler.Pace{}
		s.must(s.world.ScriptFunc("Noor Haddad <noor@globex.example>", func(r mailtest.Received) []mailtest.Reaction {
			if !strings.HasPrefix(r.Mail.Subject, "Re:") {
				return nil
			}
			return []mailtest.Reaction{{After: 26 * time.Hour, Letter: mailtest.Answer(r, "We would like to see you again.")}}
		}))
		s.open()
		s.until(2, 16, 0)
		s.said("acme-sre.yaml", "onsite", panelSaid())
		s.until(3, 9, 29)
		s.want(map[string]int{"ken@acme.example": 0, "mara@acme.example": 0, "tomas@acme.example": 0})
		s.until(3, 10, 0)
		s.want(map[string]int{"ken@acme.example": 1, "mara@acme.example": 1, "tomas@acme.example": 1, "priya@acme.example": 0})
		s.until(4, 16, 30)
		s.said("globex-backend.yaml", "video", map[string]string{"noor@globex.example": "the platform group grows from four people to nine"})
		priya, err := s.world.Person("Priya Nair <priya@acme.example>")
		s.must(err)
		priya.Writes(s.clock.Now().Add(19*time.Hour), "Your interview at Acme", "Hi Dana,\n\nthe team meets next week.\n\nPriya\n")
		s.until(5, 10, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.until(12, 12, 0)
		s.want(map[string]int{"noor@globex.example": 2})
		s.until(18, 12, 0)
		s.want(map[string]int{"ken@acme.example": 1, "mara@acme.example": 1, "tomas@acme.example": 1, "priya@acme.example": 0, "noor@globex.example": 2})
		s.happened("held", "the recruiter Priya Nair wrote")
		s.happened("cancelled", "Noor Haddad answered")
		if got := s.state("globex-backend/video/follow-up-2"); got != scheduler.Cancelled {
			t.Errorf("follow-up-2 to Globex is %s, want cancelled", got)
		}
	})
}

// TestThreading: a follow-up continues the thank-you to the same person.
func TestThreading(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(12, 12, 0)
		mails := s.world.AcceptedTo("noor@globex.example")
		if len(mails) < 2 {
			t.Fatalf("the server took %d mails, want a thank-you and a follow-up\n%s", len(mails), s.story())
		}
		follow := string(mails[1].Raw)
		if mails[1].Subject != "Re: "+mails[0].Subject || !strings.Contains(follow, "In-Reply-To: "+mails[0].MessageID) ||
			!strings.Contains(follow, "References: "+mails[0].MessageID) {
			t.Errorf("the follow-up does not continue the thank-you:\n%s", follow)
		}
	})
}

// TestInterviewerAnswers: nothing asks after an answer, wherever it lies.
func TestInterviewerAnswers(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{mailtest.Inbox, mailtest.Junk, mailtest.Archive} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
				s.must(s.world.ScriptFunc("Noor Haddad <noor@globex.example>", func(r mailtest.Received) []mailtest.Reaction {
					return []mailtest.Reaction{{After: 24 * time.Hour, Folder: folder, Letter: mailtest.Answer(r, "Thanks, we will let you know.")}}
				}))
				s.open()
				s.until(13, 12, 0)
				s.want(map[string]int{"noor@globex.example": 1})
				if got := s.state("globex/video/follow-up-1"); got != scheduler.Cancelled {
					t.Errorf("follow-up-1 is %s, want cancelled", got)
				}
			})
		})
	}
}

// TestNeverWithoutALook: while the mailbox cannot be read nothing leaves, and
// status says why; when it can be read again the mail leaves.
func TestNeverWithoutALook(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.world.Network().SetFault(mailtest.IMAP, mailtest.Fault{Refuse: true})
		s.world.DropConnections(mailtest.IMAP)
		s.until(3, 11, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		waits := ""
		for _, d := range s.statusJSON().Deliveries {
			if d.Step == "thank-you" && d.WaitingFor != nil {
				waits = *d.WaitingFor
			}
		}
		if !strings.Contains(waits, "mailbox could not be read") {
			t.Errorf("status says that the thank-you waits for %q, want the mailbox", waits)
		}
		if !slices.ContainsFunc(s.world.AcceptedTo("dana@example.org"), func(a mailtest.Accepted) bool { return strings.Contains(a.Subject, "mailbox cannot be read") }) {
			t.Error("the user was not told")
		}
		s.world.Network().SetFault(mailtest.IMAP, mailtest.Fault{})
		s.until(3, 11, 30)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRefusedPassword: it is not tried again and again, everything is on hold,
// and a corrected file goes on.
func TestRefusedPassword(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.write("password", "wrong\n")
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if n := s.world.Commands()["LOGIN"] + s.world.Commands()["AUTHENTICATE"]; n > 6 {
			t.Errorf("the refused password was tried %d times in a day", n)
		}
		found := false
		for _, h := range s.statusJSON().Holds {
			found = found || (h.Scope == scheduler.ScopeEverything && strings.Contains(h.Reason, "refused the login"))
		}
		if !found {
			t.Errorf("status shows no hold for the refused login")
		}
		s.write("password", "secret\n")
		s.files <- struct{}{}
		s.until(3, 13, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRestart: a clean stop loses nothing, and a second run sends nothing again.
func TestRestart(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.close()
		s.until(9, 12, 0)
		s.open()
		s.until(13, 12, 0)
		s.want(map[string]int{"noor@globex.example": 2})
	})
}

// TestLostAnswer: where the server may have taken the mail, it is never sent
// again; the user is told and settles it.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	doubtful := strings.ReplaceAll(solo, "noor@", "drop-after-data@")
	perform(t, "", map[string]string{"globex.yaml": doubtful}, func(s *stage) {
		s.open()
		s.until(6, 12, 0)
		if got := s.state("globex/video/thank-you"); got != scheduler.Sent && got != scheduler.InDoubt {
			t.Errorf("the thank-you is %s, want in doubt or settled by its sent copy", got)
		}
		s.want(map[string]int{"drop-after-data@globex.example": 1})
	})
}

// TestRefusedAddress: the server's own words stand in why.
func TestRefusedAddress(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@", "550@")}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		_, out, _ := s.command("why", "thank-you")
		if !strings.Contains(out, "refused") || !strings.Contains(out, "550 5.1.1") {
			t.Errorf("why does not tell the server's refusal:\n%s", out)
		}
		s.want(map[string]int{"550@globex.example": 0})
	})
}

// TestGreylisting: a deferral alarms nobody and ends in one mail.
func TestGreylisting(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@", "451@")}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"451@globex.example": 1})
		s.happened("approved", "the same bytes are tried again")
		for _, told := range s.world.AcceptedTo("dana@example.org") {
			if !strings.Contains(told.Subject, "a test mail to yourself") {
				t.Errorf("the user was alarmed: %s", told.Subject)
			}
		}
	})
}

// TestReviewAlways: nothing leaves unseen; approve, hold, resume and skip act
// while the daemon runs.
func TestReviewAlways(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 9, 45)
		s.want(map[string]int{"noor@globex.example": 0})
		if code, out, _ := s.command(); code != exitWaiting || !strings.Contains(out, "afterword review globex/video/thank-you") {
			t.Errorf("afterword alone: exit %d\n%s", code, out)
		}
		if _, out, _ := s.command("review"); !strings.Contains(out, "grows from four people to nine") {
			t.Errorf("review does not show the mail:\n%s", out)
		}
		s.command("hold", "globex")
		if code, _, errs := s.command("approve", "thank-you"); code != 0 {
			t.Fatalf("approve: %d %s", code, errs)
		}
		s.until(3, 11, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		s.command("resume", "globex")
		s.until(3, 11, 5)
		s.want(map[string]int{"noor@globex.example": 1})
		if code, _, errs := s.command("skip", "follow-up-1"); code != 0 {
			t.Fatalf("skip: %d %s", code, errs)
		}
		s.until(12, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if got := s.state("follow-up-1"); got != scheduler.Cancelled {
			t.Errorf("follow-up-1 is %s, want cancelled", got)
		}
	})
}

// TestAnsweredByPhone: `answered` counts as their mail.
func TestAnsweredByPhone(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(5, 12, 0)
		if code, _, errs := s.command("answered", "globex"); code != 0 {
			t.Fatalf("answered: %d %s", code, errs)
		}
		s.until(13, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestOutOfOffice: the follow-up waits until the person is back.
func TestOutOfOffice(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.must(s.world.Script("Noor Haddad <noor@globex.example>", "out of office until 2026-11-16"))
		s.open()
		s.until(16, 17, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.until(20, 17, 0)
		s.want(map[string]int{"noor@globex.example": 2})
	})
}

// TestBounce: an address that is dead gets nothing more, and the user is told.
func TestBounce(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.must(s.world.Script("Noor Haddad <noor@globex.example>", "bounces"))
		s.open()
		s.until(13, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if got := s.state("thank-you"); got != scheduler.Bounced {
			t.Errorf("the thank-you is %s, want bounced\n%s", got, s.story())
		}
	})
}

// TestWroteByHand: the user's own thank-you does the step.
func TestWroteByHand(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 17, 0)
		own := "From: Dana <dana@example.org>\r\nTo: Noor <noor@globex.example>\r\nSubject: Thanks\r\nMessage-ID: <own-1@example.org>\r\nDate: Mon, 02 Nov 2026 17:00:00 +0100\r\n\r\nThank you!\r\n"
		s.must(s.world.Deliver(mailtest.Sent, []byte(own), s.clock.Now()))
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		s.happened("cancelled", "you wrote to Noor Haddad yourself")
	})
}

func readFile(s *stage, name string) string {
	s.Helper()
	text, err := osReadFile(s.dir, name)
	s.must(err)
	return text
}

// TestSleep: a laptop that slept over a slot reads the mailbox first and then
// sends what may still leave, one at a time, in the late window.
func TestSleep(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": strings.ReplaceAll(acme, "interviews:", "status: active\ninterviews:")}, func(s *stage) {
		s.pace = unhurried
		s.open()
		s.until(2, 16, 0)
		s.said("acme.yaml", "onsite", panelSaid())
		s.until(2, 20, 0)
		answer := "From: Ken Osei <ken@acme.example>\r\nTo: dana@example.org\r\nSubject: Great talk\r\nMessage-ID: <ken-first@acme.example>\r\nDate: Tue, 03 Nov 2026 10:00:00 +0100\r\n\r\nHi Dana, good to meet you!\r\n"
		s.must(s.world.Deliver(mailtest.Archive, []byte(answer), s.clock.Now().Add(14*time.Hour)))
		s.clock.Step(23 * time.Hour) // asleep from Monday evening until Tuesday 19:00
		time.Sleep(10 * time.Minute)
		s.want(map[string]int{"ken@acme.example": 0, "mara@acme.example": 1, "tomas@acme.example": 1})
		if got := s.state("thank-you/ken"); got != scheduler.Review {
			t.Errorf("the note to Ken, who wrote first, is %s, want review\n%s", got, s.story())
		}
	})
}

// TestClockSetBack: a clock that jumps back sends nothing twice.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.clock.Step(-26 * time.Hour)
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestLostDatabase: with the database gone, the ledger and the Sent folder keep
// the thank-you from leaving twice.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	for _, sentCopy := range []bool{true, false} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.open()
			s.until(3, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
			if !sentCopy {
				s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
			}
			s.close()
			for _, ending := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(filepath.Join(s.dir, "afterword.db"+ending))
			}
			s.open()
			s.until(4, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
			want := scheduler.InDoubt
			if sentCopy {
				want = scheduler.Sent
			}
			if got := s.state("globex/video/thank-you"); got != want {
				t.Errorf("sent copy %v: the thank-you is %s, want %s\n%s", sentCopy, got, want, s.story())
			}
			s.command("resolve", "thank-you", "--drop")
			s.until(5, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
		})
	}
}

// TestOtherMachine: a profile that woke up elsewhere sends nothing before it is
// adopted.
func TestOtherMachine(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		s.must(s.house.store.Update(s.Context(), func(tx scheduler.Tx) error { return tx.SetMeta("machine", "another") }))
		s.close()
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		s.command("resume")
		s.until(3, 13, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if code, _, errs := s.command("adopt"); code != 0 {
			t.Fatalf("adopt: %d %s", code, errs)
		}
		s.until(3, 14, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestNoAskingBeforeTheProbe: while the mail to oneself has not arrived,
// answers might go unseen too, so nothing asks; what is owed leaves.
func TestNoAskingBeforeTheProbe(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true, SelfDelay: 9 * 24 * time.Hour}, func(s *stage) {
		s.open()
		s.until(10, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		waits := ""
		for _, d := range s.statusJSON().Deliveries {
			if d.Step == "follow-up-1" && d.WaitingFor != nil {
				waits = *d.WaitingFor
			}
		}
		if !strings.Contains(waits, "mail to yourself") {
			t.Errorf("follow-up-1 waits for %q, want the mail to oneself", waits)
		}
		s.until(12, 12, 0)
		s.want(map[string]int{"noor@globex.example": 2})
	})
}

// TestSentCopies: exactly one copy stands in Sent, whoever files it, and it is
// read. The provider's habit is learnt from the probe.
func TestSentCopies(t *testing.T) {
	t.Parallel()
	for _, files := range []bool{true, false} {
		performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: files}, func(s *stage) {
			s.pace = unhurried
			s.open()
			s.until(3, 12, 0)
			id := s.world.AcceptedTo("noor@globex.example")[0].MessageID
			copies := 0
			for _, m := range s.world.Messages(mailtest.Sent) {
				if m.MessageID != id {
					continue
				}
				copies++
				if !files && !slices.Contains(m.Flags, "\\Seen") {
					t.Errorf("the copy that was filed is not marked as read: %v", m.Flags)
				}
			}
			if copies != 1 {
				t.Errorf("provider files copies: %v: %d copies stand in Sent, want 1\n%s", files, copies, s.story())
			}
		})
	}
}

// TestRewrittenMessageID: a provider that replaces Message-IDs is seen through:
// the answer to the replaced one counts, and so does the thread.
func TestRewrittenMessageID(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true, Rewrite: true}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		theirs := s.world.AcceptedTo("noor@globex.example")[0].DeliveredID
		s.until(12, 12, 0)
		mails := s.world.AcceptedTo("noor@globex.example")
		if len(mails) < 2 || !strings.Contains(string(mails[1].Raw), "In-Reply-To: "+theirs) {
			t.Fatalf("the follow-up does not continue what the reader knows as %s (%d mails)\n%s", theirs, len(mails), s.story())
		}
		answer := "From: Noor's Assistant <assistant@elsewhere.example>\r\nTo: dana@example.org\r\nSubject: " + mails[1].Subject +
			"\r\nMessage-ID: <a1@elsewhere.example>\r\nIn-Reply-To: " + mails[1].DeliveredID + "\r\nDate: Fri, 20 Nov 2026 12:05:00 +0100\r\n\r\nWe will call you next week.\r\n"
		s.must(s.world.Deliver(mailtest.Inbox, []byte(answer), s.clock.Now()))
		time.Sleep(time.Minute)
		s.happened("received human", "")
		s.until(13, 12, 0)
		if got := s.state("follow-up-2"); got != scheduler.Cancelled && len(s.statusJSON().Holds) == 0 {
			t.Errorf("after the answer follow-up-2 is %s, and nothing is on hold", got)
		}
		s.want(map[string]int{"noor@globex.example": 2})
	})
}

// TestSendTest: the finished text goes to the candidate alone and uses nothing up.
func TestSendTest(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		before := s.sent("dana@example.org")
		s.house.outside.dial = s.world.Network().DialContext
		if _, _, err := s.house.sendTest(s.Context(), "thank-you"); err != nil {
			t.Fatal(err)
		}
		if got := s.sent("dana@example.org") - before; got != 1 {
			t.Errorf("%d tests were mailed, want 1", got)
		}
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestCameAndLeft: mail that a phone deleted for good before it was read here
// may have been an answer: what asks waits, and the user is asked. Mail that a
// phone only archived is read where it lies.
func TestCameAndLeft(t *testing.T) {
	t.Parallel()
	for _, archived := range []bool{true, false} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.open()
			s.until(4, 12, 0)
			s.close()
			news := "From: News <news@shop.example>\r\nTo: dana@example.org\r\nSubject: Offers\r\nMessage-ID: <n1@shop.example>\r\nDate: Thu, 05 Nov 2026 10:00:00 +0100\r\n\r\nBuy!\r\n"
			s.must(s.world.Deliver(mailtest.Inbox, []byte(news), s.clock.Now()))
			if archived {
				s.must(s.world.Move("<n1@shop.example>", mailtest.Inbox, mailtest.Archive))
			} else {
				s.must(s.world.Expunge(mailtest.Inbox, "<n1@shop.example>"))
			}
			s.open()
			s.until(13, 12, 0)
			want := 1
			if archived {
				want = 2
			}
			s.want(map[string]int{"noor@globex.example": want})
			if got := len(s.statusJSON().Questions) > 0; got == archived {
				t.Errorf("archived %v: the user is asked: %v", archived, got)
			}
		})
	}
}

// TestWatchedAccount: an answer that lies in a further account counts, and
// nothing leaves while that account cannot be read.
func TestWatchedAccount(t *testing.T) {
	t.Parallel()
	for _, answered := range []bool{true, false} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.watchOther()
			s.open()
			s.until(4, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
			if answered {
				answer := "From: Noor Haddad <noor@globex.example>\r\nTo: dana@old.example\r\nSubject: Your interview\r\nMessage-ID: <x1@globex.example>\r\nDate: Wed, 04 Nov 2026 13:00:00 +0100\r\n\r\nHi Dana, we will call you on Monday.\r\n"
				s.must(s.other.Deliver(mailtest.Archive, []byte(answer), s.clock.Now()))
			} else {
				s.other.Network().SetFault(mailtest.IMAP, mailtest.Fault{Refuse: true})
				s.other.DropConnections(mailtest.IMAP)
			}
			s.until(13, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
			if got := s.state("follow-up-1"); (got == scheduler.Cancelled) != answered {
				t.Errorf("answered %v: follow-up-1 is %s\n%s", answered, got, s.story())
			}
		})
	}
}

// TestDoubt: a mail of which nobody knows whether it was taken is told at once
// and again before its time ends, keeps later mail to that person back, and is
// settled by nobody but the user.
func TestDoubt(t *testing.T) {
	t.Parallel()
	doubtful := strings.ReplaceAll(solo, "noor@", "drop-after-data@")
	performAt(t, "", map[string]string{"globex.yaml": doubtful}, mailtest.SMTPOptions{}, func(s *stage) {
		told := func(words string) bool {
			return slices.ContainsFunc(s.world.AcceptedTo("dana@example.org"), func(a mailtest.Accepted) bool {
				return strings.Contains(a.Subject, words)
			})
		}
		s.open()
		s.until(3, 9, 50)
		if got := s.state("thank-you"); got != scheduler.InDoubt || !told("Afterword: In doubt") {
			t.Errorf("the thank-you is %s, told at once: %v; want in doubt, and told", got, told("Afterword: In doubt"))
		}
		s.until(4, 18, 0)
		if told("Still in doubt") {
			t.Error("the reminder came too early")
		}
		s.until(5, 9, 0)
		if !told("Still in doubt") {
			t.Error("the user was not reminded before the time ended")
		}
		s.until(12, 12, 0)
		s.want(map[string]int{"drop-after-data@globex.example": 1})
		if got := s.state("follow-up-1"); !got.Open() {
			t.Errorf("follow-up-1 is %s, want it to wait for the doubt", got)
		}
		if code, out, errs := s.command("resolve", "thank-you", "--sent"); code != 0 || !strings.Contains(out, "sent") {
			t.Fatalf("resolve: %d %s %s", code, out, errs)
		}
		if got := s.state("thank-you"); got != scheduler.Sent {
			t.Errorf("the thank-you is %s after --sent", got)
		}
	})
}

// TestHoldStopsTheDot: a hold that is committed while a mail is on its way, at
// any second before the final dot, stops it; the mail leaves once it is lifted.
func TestHoldStopsTheDot(t *testing.T) {
	t.Parallel()
	for _, second := range []int{1, 4, 7, 10} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Latency: time.Second})
			s.open()
			s.until(2, 12, 0)
			story, err := s.house.service.Why(s.Context(), "thank-you")
			s.must(err)
			time.Sleep(story.Delivery.Due.Sub(s.clock.Now()) + time.Duration(second)*time.Second)
			if got := s.state("thank-you"); got != scheduler.Sending && got != scheduler.Approved {
				t.Fatalf("after %d s it is %s already: the test looks too late", second, got)
			}
			s.command("hold", "globex")
			s.until(3, 12, 0)
			s.want(map[string]int{"noor@globex.example": 0})
			s.command("resume", "globex")
			s.until(3, 12, 30)
			s.want(map[string]int{"noor@globex.example": 1})
		})
	}
}

// TestRetryKeepsTheWindow: a retry keeps to the hours of the recipient.
func TestRetryKeepsTheWindow(t *testing.T) {
	t.Parallel()
	performAt(t, "window: {days: MON-FRI, from: \"09:00\", to: \"10:30\"}\nlate_window: {days: MON-FRI, from: \"09:00\", to: \"10:30\"}",
		map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@", "451@")}, mailtest.SMTPOptions{GreylistAlways: true}, func(s *stage) {
			s.open()
			s.until(3, 10, 35)
			tries := s.attempts("thank-you")
			s.until(4, 8, 59)
			if got := s.attempts("thank-you"); got != tries || tries < 3 {
				t.Errorf("outside the window the mail was tried %d times, inside it %d", got-tries, tries)
			}
			s.until(4, 10, 0)
			if got := s.attempts("thank-you"); got == tries {
				t.Errorf("in the next window the mail was not tried again\n%s", s.story())
			}
		})
}
