package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// pair is a held interview with two people, of whom Ken is the contact.
const pair = `
company: Acme
role: Site Reliability Engineer
domains: [acme.example]
interviews:
  - id: onsite
    at: 2026-11-02 09:00
    duration: 45m
    status: held
    interviewers:
      - {name: Ken Osei, email: ken@acme.example, lead: true, said: the team moves the pager to follow-the-sun in spring}
      - {name: Mara Lindt, email: mara@acme.example, said: the storage rewrite halved your restore times}
`

// TestRestartAsksAnew: with `interviewer: restart` a follow-up that was approved
// before an answer is planned anew and approved anew, whoever of them answers.
func TestRestartAsksAnew(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": pair}, func(s *stage) {
		s.write("config.yaml", fmt.Sprintf(stageConfig, "")+"replies: {interviewer: restart}\n")
		s.open()
		s.until(10, 9, 30)
		if code, _, errs := s.command("approve", "acme/onsite/follow-up-1"); code != 0 {
			t.Fatalf("approving the follow-up: %s\n%s", errs, s.story())
		}
		mara, err := s.world.Person("Mara Lindt <mara@acme.example>")
		s.must(err)
		mara.Writes(s.clock.Now().Add(time.Minute), "Your interview", "Hi Dana,\n\nthe team meets next week.\n\nMara\n")
		s.until(10, 9, 40)
		if got := s.state("acme/onsite/follow-up-1"); got != scheduler.Planned {
			t.Errorf("after the answer the follow-up is %s, want planned\n%s", got, s.story())
		}
		s.until(20, 12, 0)
		s.want(map[string]int{"ken@acme.example": 1, "mara@acme.example": 1})
		if got := s.state("acme/onsite/follow-up-1"); got != scheduler.Review {
			t.Errorf("days after the answer the follow-up is %s, want review\n%s", got, s.story())
		}
	})
}

// TestWrittenMeanwhile: thanks that a server may hold, and whose reader has
// written since, leave only if the user says so, and then as they are.
func TestWrittenMeanwhile(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": pair}, func(s *stage) {
		var breaks atomic.Bool
		s.through = func(c net.Conn) net.Conn { return &brokenInData{c, &breaks} }
		ken, err := s.world.Person("Ken Osei <ken@acme.example>")
		s.must(err)
		s.open()
		s.until(3, 9, 0)
		breaks.Store(true)
		ken.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nit was good to meet you.\n\nKen\n")
		s.until(3, 9, 45)
		if got := s.attempts("thank-you/ken"); got == 0 {
			t.Fatalf("the thank-you was not tried\n%s", s.story())
		}
		s.until(3, 10, 15)
		breaks.Store(false)
		s.until(3, 15, 0)
		s.want(map[string]int{"ken@acme.example": 0, "mara@acme.example": 1})
		if got := s.state("thank-you/ken"); got != scheduler.Review {
			t.Fatalf("after the answer the thank-you is %s, want review\n%s", got, s.story())
		}
		s.happened("review", "a server may hold its text already")
		if code, _, errs := s.command("approve", "thank-you/ken"); code != 0 {
			t.Errorf("approving it as it stands: %s", errs)
		}
		s.until(3, 15, 5)
		s.want(map[string]int{"ken@acme.example": 1})
	})
}

// brokenInData is a connection that ends when a mail to Ken begins, while it is
// told to.
type brokenInData struct {
	net.Conn
	breaks *atomic.Bool
}

// Write breaks the connection before the header leaves.
func (c *brokenInData) Write(p []byte) (int, error) {
	if c.breaks.Load() && bytes.Contains(p, []byte("\r\nTo: ")) && bytes.Contains(p, []byte("ken@acme.example")) {
		return 0, errors.Join(syscall.ECONNRESET, c.Close())
	}
	return c.Conn.Write(p)
}

// TestReadAfterRenumbering: what came while the program was off is read although the
// server gave the folder new numbers meanwhile, and although it came before any
// interview: the rejection of an interview to come.
func TestReadAfterRenumbering(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": strings.ReplaceAll(pair, "2026-11-02 09:00", "2026-11-05 09:00")}, func(s *stage) {
		mara, err := s.world.Person("Mara Lindt <mara@acme.example>")
		s.must(err)
		s.open()
		s.until(2, 12, 0)
		s.close()
		mara.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nwe have decided to move forward with other candidates and will not take your application further.\n\nMara\n")
		s.until(3, 18, 0)
		s.must(s.world.SetUIDValidity(mailtest.Inbox, 7777))
		s.open()
		s.until(3, 18, 30)
		story := s.story()
		if !strings.Contains(story, "rejection") {
			t.Errorf("the rejection was not noticed\n%s", story)
		}
	})
}

// TestMailOfABrokenFile: while a file cannot be read since the program started, nobody
// knows whose mail its people's is. Once it can be read, that mail is read again, also
// by the next run, and also what came before the interview.
func TestMailOfABrokenFile(t *testing.T) {
	t.Parallel()
	for day, restarts := range map[string]bool{"2026-11-02 09:00": true, "2026-11-05 09:00": false} {
		good := strings.ReplaceAll(pair, "2026-11-02 09:00", day)
		perform(t, "", map[string]string{"acme.yaml": "company: [\n"}, func(s *stage) {
			mara, err := s.world.Person("Mara Lindt <mara@acme.example>")
			s.must(err)
			s.until(2, 12, 0)
			s.open()
			mara.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nwe have decided to move forward with other candidates and will not take your application further.\n\nMara\n")
			s.until(4, 18, 0)
			if restarts {
				s.close()
			}
			s.write("interviews/acme.yaml", good)
			if restarts {
				s.open()
			} else {
				s.files <- struct{}{}
			}
			s.until(4, 18, 30)
			if story := s.story(); !strings.Contains(story, "rejection") {
				t.Errorf("interview on %s: the rejection was not noticed\n%s", day, story)
			}
		})
	}
}

// TestFileAddedWhileNothingRuns: a file that comes while the program is off, about an
// interview that was held, finds the answer that was read before it as nobody's.
func TestFileAddedWhileNothingRuns(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(strings.ReplaceAll(pair, "acme", "globex"), "Acme", "Globex")
	for _, files := range []map[string]string{{}, {"globex.yaml": other}} {
		perform(t, "", files, func(s *stage) {
			mara, err := s.world.Person("Mara Lindt <mara@acme.example>")
			s.must(err)
			s.until(2, 12, 0)
			s.open()
			mara.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nwe will let you know.\n\nMara\n")
			s.until(4, 18, 0)
			s.close()
			s.write("interviews/acme.yaml", pair)
			s.open()
			s.until(4, 18, 30)
			s.happened("cancelled", "Mara Lindt answered")
		})
	}
}

// TestHoleWhileFilesChange: the folders are read again because a file came while the
// program was off. What came and left INBOX meanwhile is asked about all the same, and
// what lies there, read before or not, asks nothing.
func TestHoleWhileFilesChange(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(strings.ReplaceAll(pair, "acme", "globex"), "Acme", "Globex")
	for _, gone := range []bool{true, false} {
		perform(t, "", map[string]string{"globex.yaml": other}, func(s *stage) {
			mara, err := s.world.Person("Mara Lindt <mara@acme.example>")
			s.must(err)
			s.until(2, 12, 0)
			s.open()
			mara.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nit was good to meet you.\n\nMara\n")
			s.until(4, 18, 0)
			s.close()
			mara.Writes(s.clock.Now().Add(time.Hour), "Your interview", "Hi Dana,\n\nwe will let you know.\n\nMara\n")
			s.until(4, 20, 0)
			if all := s.world.Messages(mailtest.Inbox); gone {
				s.must(s.world.Expunge(mailtest.Inbox, all[len(all)-1].MessageID))
			}
			s.write("interviews/acme.yaml", pair)
			s.open()
			s.until(4, 20, 30)
			if story := s.story(); strings.Contains(story, "came and left INBOX") != gone {
				t.Errorf("it was deleted: %v\n%s", gone, story)
			}
			s.happened("cancelled", "Mara Lindt answered") // by the first letter: they were read again
		})
	}
}

// TestProbeOfInit: the mail to oneself that `init` sent is seen by a daemon that
// starts later, before any interview: without it no follow-up ever leaves.
func TestProbeOfInit(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": strings.ReplaceAll(pair, "2026-11-02 09:00", "2026-11-05 09:00")}, func(s *stage) {
		id, closeLedger, err := openIdentity(filepath.Join(s.dir, "afterword.db"))
		s.must(err)
		h, err := openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: s.clock, dial: s.dial, watcher: s}, true)
		s.must(err)
		sender, err := h.sender()
		s.must(err)
		r, err := scheduler.SendProbe(s.Context(), h.store, sender, h.probe(), func(key string) string { return id.name(key, "dana@example.org") }, s.clock.Now())
		s.must(errors.Join(err, r.Err, closeLedger(), h.Close()))
		time.Sleep(20 * time.Minute)
		s.open()
		time.Sleep(10 * time.Minute)
		s.happened("probe arrived", "INBOX")
	})
}

// dotless loses the final dot of the first mail, and the connection with it.
type dotless struct {
	net.Conn
	lost *atomic.Bool
}

// Write loses the first final dot.
func (c *dotless) Write(p []byte) (int, error) {
	if string(p) == ".\r\n" && c.lost.CompareAndSwap(false, true) {
		return 0, errors.Join(syscall.ECONNRESET, c.Conn.Close())
	}
	return c.Conn.Write(p)
}

// TestLostProbe: where the mail to oneself is lost on its way, the user is asked,
// and another one is sent a day later, which lets follow-ups leave.
func TestLostProbe(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": pair}, func(s *stage) {
		lost := &atomic.Bool{}
		s.through = func(c net.Conn) net.Conn { return &dotless{c, lost} }
		s.pace = unhurried
		s.open()
		s.until(2, 12, 0)
		if _, out, _ := s.command(); !strings.Contains(out, "another one is sent on each of the next days") {
			t.Errorf("nobody asks about the mail that is lost:\n%s", out)
		}
		s.until(10, 12, 0)
		s.happened("probe arrived", "INBOX")
		if n := s.sent("ken@acme.example"); n != 2 {
			t.Errorf("Ken got %d mails, want the thank-you and a follow-up\n%s", n, s.story())
		}
		if _, out, _ := s.command(); strings.Contains(out, "of the next days") {
			t.Errorf("the question stands though the mail has arrived:\n%s", out)
		}
	})
}
