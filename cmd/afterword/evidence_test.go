package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// handwritten is a mail by the user's own hand.
func handwritten(from, to, id string) []byte {
	return fmt.Appendf(nil, "From: Dana Reyes <%s>\r\nTo: %s\r\nSubject: Thank you\r\nDate: Mon, 02 Nov 2026 12:00:00 +0100\r\nMessage-ID: <%s@example.org>\r\n\r\nThanks for the talk.\r\n", from, to, id)
}

// TestByHandFromAnotherAccount: what lies in the Sent folder of a further
// account is the user's own mail, under an address that nothing names.
func TestByHandFromAnotherAccount(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.watchOther()
		s.open()
		s.until(2, 12, 0)
		s.must(s.other.Deliver(mailtest.Sent, handwritten("dana@old.example", "Noor Haddad <noor@globex.example>", "h1"), s.clock.Now()))
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		s.happened("cancelled", "you wrote to Noor Haddad yourself")
	})
}

// TestByHandToAnAlias: a mail by hand does the next step, whichever of the
// person's addresses it went to, and only that one step.
func TestByHandToAnAlias(t *testing.T) {
	t.Parallel()
	file := strings.Replace(solo, "email: noor@globex.example", "email: noor@globex.example\n        aliases: [noor.haddad@globex.example]", 1)
	for _, to := range []string{"noor.haddad@globex.example", "noor.haddad@globex.example, noor@globex.example"} {
		perform(t, "", map[string]string{"globex.yaml": file}, func(s *stage) {
			s.pace = unhurried
			s.open()
			s.until(6, 12, 0)
			s.want(map[string]int{"noor@globex.example": 1})
			s.must(s.world.Deliver(mailtest.Sent, handwritten("dana@example.org", to, "h2"), s.clock.Now()))
			s.until(6, 14, 0)
			if first, second := s.state("follow-up-1"), s.state("follow-up-2"); first != scheduler.Cancelled || second != scheduler.Planned {
				t.Errorf("to %s: follow-up-1 is %s and follow-up-2 %s, want cancelled and planned\n%s", to, first, second, s.story())
			}
		})
	}
}

// TestByHandToSeveralBeforeTheFile: one mail by hand thanks each of its readers,
// also where their file was written only afterwards.
func TestByHandToSeveralBeforeTheFile(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 17, 0)
		s.must(s.world.Deliver(mailtest.Sent, handwritten("dana@example.org", "noor@globex.example, ken@acme.example, mara@acme.example", "h3"), s.clock.Now()))
		s.until(2, 18, 0)
		s.edit("acme-sre.yaml", acme)
		s.said("acme-sre.yaml", "onsite", panelSaid())
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0, "ken@acme.example": 0, "mara@acme.example": 0, "tomas@acme.example": 1})
	})
}

// TestRewrittenCopyWhileTheAnswerIsOut: a copy under a Message-ID of the
// provider's own, read before the server has answered the final dot, is no mail
// by hand: it settles the doubt and touches no later step.
func TestRewrittenCopyWhileTheAnswerIsOut(t *testing.T) {
	t.Parallel()
	const who = "noor+lose-250@globex.example"
	performAt(t, "", soloTo(who), mailtest.SMTPOptions{FileSent: true, Rewrite: true}, func(s *stage) {
		s.open()
		news, err := s.world.Person("Shop <news@shop.example>")
		s.must(err)
		s.until(3, 9, 43)
		news.Writes(s.clock.Now().Add(time.Minute), "Sale", "buy\n") // makes the mailbox be read
		s.until(4, 18, 0)
		if thanks, next := s.state("thank-you"), s.state("follow-up-1"); thanks != scheduler.Sent || !next.Open() {
			t.Errorf("the thank-you is %s and follow-up-1 %s, want sent and open\n%s", thanks, next, s.story())
		}
	})
}

// TestBareIDInTheAnswer: a provider whose answer to the dot names only a part
// of the Message-ID that it puts in place of ours, and that files no copy. The
// probe shows how the whole is made, and a follow-up names what the reader saw.
func TestBareIDInTheAnswer(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{Rewrite: true, BareID: true}, func(s *stage) {
		s.open()
		s.until(12, 12, 0)
		mails := s.world.AcceptedTo("noor@globex.example")
		if len(mails) < 2 || !strings.Contains(string(mails[1].Raw), "In-Reply-To: "+mails[0].DeliveredID) {
			t.Fatalf("the follow-up does not continue what the reader knows (%d mails)\n%s", len(mails), s.story())
		}
		story, err := s.house.service.Why(s.Context(), "follow-up-1")
		s.must(err)
		if ids := story.Delivery.LearntIDs; len(ids) != 1 || ids[0] != mails[1].DeliveredID {
			t.Errorf("learnt %q, want %q", ids, mails[1].DeliveredID)
		}
	})
}

// TestHoldOnAnAlias: a hold on one address of a person keeps mail to the other.
func TestHoldOnAnAlias(t *testing.T) {
	t.Parallel()
	file := strings.Replace(solo, "email: noor@globex.example", "email: noor@globex.example\n        aliases: [noor.haddad@globex.example]", 1)
	perform(t, "", map[string]string{"globex.yaml": file}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		if code, out, errs := s.command("hold", "noor.haddad@globex.example"); code != 0 {
			t.Fatalf("hold: %d %s%s", code, out, errs)
		}
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		_, out, _ := s.command("plan")
		if !strings.Contains(out, "you put it on hold") {
			t.Errorf("plan does not name the hold:\n%s", out)
		}
		s.command("resume", "noor.haddad@globex.example")
		s.until(3, 13, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestOneMailForTwoApplications: a mail that concerns two applications ends the
// silence of both.
func TestOneMailForTwoApplications(t *testing.T) {
	t.Parallel()
	recruiter := "recruiter: {name: Priya Nair, email: priya@agency.example}\n"
	second := strings.NewReplacer("globex", "initech", "Globex", "Initech", "Noor Haddad", "Ann Lee", "noor@", "ann@", "four people to nine", "two floors to three").Replace(solo)
	perform(t, "", map[string]string{"globex.yaml": recruiter + solo, "initech.yaml": recruiter + second}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		p, err := s.world.Person("Priya Nair <priya@agency.example>")
		s.must(err)
		p.Writes(s.clock.Now().Add(time.Minute), "Your interviews", "Hi Dana,\n\nboth teams meet next week.\n\nPriya\n")
		s.until(4, 13, 0)
		_, out, _ := s.command("plan")
		for _, stem := range []string{"globex", "initech"} {
			_, step, _ := strings.Cut(out, "follow-up-1 to Priya Nair ("+stem+")")
			if line, _, _ := strings.Cut(step, "\n    key:"); !strings.Contains(line, "the last mail from Priya Nair") {
				t.Errorf("%s: the silence does not begin with the recruiter's mail:\n%s", stem, out)
			}
		}
	})
}

// TestSkippedBeforeTheFileWasRenamed: a mail that the user skipped does not come
// back for a new name of the file.
func TestSkippedBeforeTheFileWasRenamed(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		if code, _, errs := s.command("skip", "thank-you"); code != 0 {
			t.Fatal(errs)
		}
		s.must(os.Rename(filepath.Join(s.dir, "interviews", "acme.yaml"), filepath.Join(s.dir, "interviews", "acme-sre.yaml")))
		s.files <- struct{}{}
		synctest.Wait()
		s.until(4, 18, 0)
		s.want(map[string]int{"ken@acme.example": 0})
		_, out, _ := s.command("plan")
		if !strings.Contains(out, "you skipped the mail to Ken Osei") {
			t.Errorf("plan does not say why:\n%s", out)
		}
	})
}

// TestInterviewPutRight: an interview whose id and date are corrected after its
// note left may be the same one: no second note leaves unasked.
func TestInterviewPutRight(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"ken@acme.example": 1})
		s.edit("acme.yaml", strings.NewReplacer("id: onsite", "id: panel-day", "2026-11-02 10:00", "2026-11-03 10:00").Replace(renameFile))
		s.until(6, 12, 0)
		s.want(map[string]int{"ken@acme.example": 1})
		s.happened("review", `got a note on Tue 3 Nov 2026 about the interview "onsite"`)
	})
}

// watchOther adds a second account, dana@old.example, that is read only.
func (s *stage) watchOther() {
	s.Helper()
	var err error
	s.other, err = mailtest.New(mailtest.Options{Clock: s.clock, Address: "dana@old.example", IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext},
		SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext}})
	s.must(err)
	s.Cleanup(func() {
		if err := s.other.Close(); err != nil {
			s.Error(err)
		}
	})
	s.write("config.yaml", readFile(s, "config.yaml")+
		"watch: [{name: old, username: dana@old.example, password: {file: password}, imap: {host: "+otherHost+", port: 143, security: insecure}}]\n")
}

// TestRefusedIsTriedAgain: what the server refused leaves once more when the
// user says so, and passes every gate again.
func TestRefusedIsTriedAgain(t *testing.T) {
	t.Parallel()
	const who = "noor+550@globex.example"
	perform(t, "", soloTo(who), func(s *stage) {
		s.pace = unhurried
		s.open()
		s.until(3, 12, 0)
		if got := s.state("thank-you"); got != scheduler.Refused {
			t.Fatalf("the thank-you is %s, want refused", got)
		}
		if _, out, _ := s.command(); !strings.Contains(out, "afterword send globex/video/thank-you/"+who) {
			t.Errorf("the command alone does not say what to do:\n%s", out)
		}
		if code, out, errs := s.command("send", "thank-you"); code != 0 || !strings.Contains(out, "due now") {
			t.Errorf("send: %d %s%s", code, out, errs)
		}
		s.until(3, 12, 5)
		if got, n := s.state("thank-you"), s.attempts("thank-you"); got != scheduler.Refused || n != 2 {
			t.Errorf("after another try it is %s, tried %d times, want refused twice\n%s", got, n, s.story())
		}
	})
}

// TestWhatIsKnownOfADoubt: while a mail is in doubt, what waits behind it says
// so, and the user is shown what the mailbox shows. Silence begins when the mail
// left, whenever the doubt is settled.
func TestWhatIsKnownOfADoubt(t *testing.T) {
	t.Parallel()
	const who = "noor+drop-after-data@globex.example"
	performAt(t, "", soloTo(who), mailtest.SMTPOptions{}, func(s *stage) {
		s.pace = unhurried
		s.open()
		s.until(3, 18, 0)
		for _, d := range s.statusJSON().Deliveries {
			if d.Step != "thank-you" && (d.WaitingFor == nil || !strings.Contains(*d.WaitingFor, "is in doubt; settle it with: afterword resolve")) {
				t.Errorf("%s does not say that it waits for the doubt", d.Key)
			}
		}
		if code, out, _ := s.command(); code != 3 || !strings.Contains(out, "no copy of it was seen in your mailbox since") {
			t.Errorf("the command alone does not show what is known: %d %s", code, out)
		}
		if code, _, errs := s.command("send", "thank-you"); code != 1 || !strings.Contains(errs, "afterword resolve globex/video/thank-you/"+who) {
			t.Errorf("send of a mail in doubt: %d %s", code, errs)
		}
		s.until(5, 12, 0)
		s.command("resolve", "thank-you", "--sent")
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		if d := story.Delivery; d.State != scheduler.Sent || !d.SentAt.Equal(d.ClaimedAt) || d.SentAt.Day() != 3 {
			t.Errorf("it is %s since %s, want sent on the third", d.State, d.SentAt)
		}
	})
}

// TestCrashKeepsTheBytes: after a crash nobody knows how far a session had come,
// so that a retry is the same message whatever was edited since.
func TestCrashKeepsTheBytes(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.close()
		story := s.claimedByHand("globex/video/thank-you/noor@globex.example")
		s.write("interviews/globex.yaml", strings.Replace(solo, "four people to nine", "four people to ten", 1))
		s.open()
		s.until(3, 18, 0)
		mails := s.world.AcceptedTo("noor@globex.example")
		if len(mails) != 1 || string(mails[0].Raw) != string(story.Frozen.Bytes) {
			t.Errorf("%d mails left, and not with the bytes that were claimed\n%s", len(mails), s.story())
		}
	})
}

// claimedByHand leaves the store as a crash in the middle of a session does.
func (s *stage) claimedByHand(key string) scheduler.Delivery {
	s.Helper()
	h, err := openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: s.clock, dial: s.dial}, true)
	s.must(err)
	defer func() { s.must(h.Close()) }()
	var d scheduler.Delivery
	s.must(h.store.Update(s.Context(), func(tx scheduler.Tx) error {
		if d, err = tx.Delivery(key); err != nil {
			return err
		}
		d.Frozen = &mailer.Frozen{MessageID: "<claimed@example.org>", From: "dana@example.org", To: "noor@globex.example",
			Bytes: []byte("From: Dana Reyes <dana@example.org>\r\nTo: Noor Haddad <noor@globex.example>\r\nSubject: Thank you\r\nDate: Mon, 02 Nov 2026 18:00:00 +0100\r\nMessage-ID: <claimed@example.org>\r\n\r\nThanks.\r\n")}
		d.State, d.Attempt, d.ClaimedAt = scheduler.Sending, 1, s.clock.Now()
		return tx.Put(d, time.Time{})
	}))
	return d
}

// TestRetryPauses: a deferred mail is tried again after a minute, 5 minutes, a
// quarter of an hour, an hour and three hours, and then waits for the user.
func TestRetryPauses(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Refuse: true})
		s.until(3, 18, 0)
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		var at []time.Time
		for _, e := range story.Events {
			if strings.HasPrefix(e.Why, "attempt ") {
				at = append(at, e.At)
			}
		}
		want := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour}
		if len(at) != len(want)+1 {
			t.Fatalf("it was tried %d times, want %d\n%s", len(at), len(want)+1, s.story())
		}
		for n, pause := range want {
			if got := at[n+1].Sub(at[n]).Round(time.Second); got != pause {
				t.Errorf("pause %d was %s, want %s", n+1, got, pause)
			}
		}
		if st := s.statusJSON(); len(st.Questions) != 1 || !strings.Contains(st.Questions[0].Text, "afterword send globex/video/thank-you/") {
			t.Errorf("the user is asked %v", st.Questions)
		}
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{})
		s.command("send", "thank-you")
		s.until(3, 18, 5)
		s.want(map[string]int{"noor@globex.example": 1})
		if st := s.statusJSON(); len(st.Questions) != 0 {
			t.Errorf("after it left the user is still asked %v", st.Questions)
		}
	})
}

// TestSendingLimit: an account that has sent all that it may in a day refuses the message
// with words about itself; the mail is tried again an hour later, and nobody is said to be dead.
func TestSendingLimit(t *testing.T) {
	t.Parallel()
	limited := strings.ReplaceAll(solo, "noor@", "noor+550-limit@")
	perform(t, "", map[string]string{"globex.yaml": limited}, func(s *stage) {
		s.open()
		s.until(3, 10, 0)
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		if d := story.Delivery; d.State != scheduler.Approved || !strings.Contains(d.Why, "Daily user sending limit exceeded") {
			t.Errorf("the account is at its limit, and the mail is %s: %s", d.State, d.Why)
		}
		s.until(3, 10, 50)
		s.want(map[string]int{"noor+550-limit@globex.example": 1})
		if got := s.state("follow-up-1"); got != scheduler.Planned {
			t.Errorf("the follow-up is %s", got)
		}
	})
}

// TestEditOfADeferredMail: an edit takes effect while every attempt failed
// before DATA; afterwards the server may know the bytes, and they stay.
func TestEditOfADeferredMail(t *testing.T) {
	t.Parallel()
	for _, inData := range []bool{false, true} {
		who := "noor@globex.example"
		if inData {
			who = "noor+drop-in-data@globex.example"
		}
		perform(t, "", soloTo(who), func(s *stage) {
			s.open()
			s.until(2, 18, 0)
			if !inData {
				s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Refuse: true})
			}
			s.until(3, 9, 55)
			before, err := s.house.service.Why(s.Context(), "thank-you")
			s.must(err)
			if before.Delivery.Attempt == 0 || before.Delivery.AnyData != inData {
				t.Fatalf("tried %d times, as far as DATA: %v", before.Delivery.Attempt, before.Delivery.AnyData)
			}
			s.said("globex.yaml", "video", map[string]string{who: "the platform group moves to another floor this winter"})
			s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{})
			s.until(3, 11, 30)
			after, err := s.house.service.Why(s.Context(), "thank-you")
			s.must(err)
			if same := string(before.Delivery.Frozen.Bytes) == string(after.Delivery.Frozen.Bytes); same != inData {
				t.Errorf("in DATA %v: the bytes are the same: %v", inData, same)
			}
			if inData {
				return
			}
			d := after.Delivery
			if mails := s.world.AcceptedTo(who); len(mails) != 1 || string(mails[0].Raw) != string(d.Frozen.Bytes) || !strings.Contains(d.Text.Body, "moves to another floor") {
				t.Errorf("%d mails left, not with the text that was corrected\n%s", len(mails), s.story())
			}
		})
	}
}
