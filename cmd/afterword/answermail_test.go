package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// noticed is the newest notice whose subject holds these words.
func (s *stage) noticed(words string) mailtest.Accepted {
	s.Helper()
	all := s.world.AcceptedTo("dana@example.org")
	for n := len(all) - 1; n >= 0; n-- {
		if strings.Contains(all[n].Subject, words) {
			return all[n]
		}
	}
	s.Fatalf("no notice %q among %d\n%s%s", words, len(all), s.story(), s.log)
	return mailtest.Accepted{}
}

// textOf is what a reader sees of an accepted mail.
func textOf(m mailtest.Accepted) string {
	header, body := mailer.Split(m.Raw)
	return mailer.Parse(header, body).Text
}

// referencesOf are the references of a mail as its reader has it.
func referencesOf(m mailtest.Accepted) []string {
	header, _ := mailer.Split(m.Delivered)
	return mailer.Parse(header, nil).References
}

// phone is a mail that the user's phone files in Sent, in answer to a notice.
type phone struct {
	from, to, id, text, extra string
}

func (p phone) raw(notice mailtest.Accepted) []byte {
	quoted := "> " + strings.ReplaceAll(strings.ReplaceAll(textOf(notice), "\r", ""), "\n", "\n> ")
	text := fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: %s\nMessage-ID: %s\nIn-Reply-To: %s\nReferences: %s\nDate: Tue, 03 Nov 2026 10:00:00 +0100\n%s"+
		"Content-Type: text/plain; charset=utf-8\n\n%s\n\nSent from my iPhone\n\nOn 3 Nov 2026, at 09:00, Dana Reyes <dana@example.org> wrote:\n\n%s\n",
		either(p.from, "Dana Reyes <dana@example.org>"), either(p.to, "dana@example.org"), notice.Subject, either(p.id, "<phone-1@phone.example>"), notice.DeliveredID, strings.Join(append(referencesOf(notice), notice.DeliveredID), " "), p.extra, p.text, quoted)
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

// answers files the user's answer in Sent, and in INBOX as a mail to oneself is.
func (s *stage) answers(notice mailtest.Accepted, p phone) {
	s.Helper()
	raw := p.raw(notice)
	s.must(s.world.Deliver(mailtest.Sent, raw, s.clock.Now()))
	s.must(s.world.Deliver(mailtest.Inbox, raw, s.clock.Now()))
	time.Sleep(time.Minute)
}

// confirmed checks the newest confirmation: in the exchange of its answer, with
// these words.
func (s *stage) confirmed(words string) mailtest.Accepted {
	s.Helper()
	c := s.noticed("Re: Afterword: ")
	header, _ := mailer.Split(c.Raw)
	m := mailer.Parse(header, nil)
	if len(m.InReplyTo) != 1 || len(m.References) < 2 || m.Header.Get("auto-submitted") != "auto-generated" {
		s.Errorf("the confirmation answers %v, refers to %v, auto-submitted %q", m.InReplyTo, m.References, m.Header.Get("auto-submitted"))
	}
	if !strings.Contains(strings.Join(strings.Fields(textOf(c)), " "), words) {
		s.Errorf("the confirmation does not say %q:\n%s\n%s", words, textOf(c), s.story())
	}
	return c
}

// confirmations is how many there are.
func (s *stage) confirmations() (n int) {
	for _, m := range s.world.AcceptedTo("dana@example.org") {
		if strings.HasPrefix(m.Subject, "Re: ") {
			n++
		}
	}
	return n
}

// TestApproveFromThePhone: a notice shows the mail, ok lets it leave, and the
// confirmation is no answer to anything.
func TestApproveFromThePhone(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you: the mail to Noor Haddad")
		for _, words := range []string{"the platform group grows from four people", "Answer this mail with: ok, skip or stop"} {
			if !strings.Contains(strings.Join(strings.Fields(textOf(notice)), " "), words) {
				t.Errorf("the notice does not say %q:\n%s", words, textOf(notice))
			}
		}
		s.answers(notice, phone{text: "OK!"})
		s.confirmed("Approved: the mail to Noor Haddad")
		s.happened("answered by mail", `you answered "ok"`)
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if n := s.confirmations(); n != 1 {
			t.Errorf("%d confirmations, want one\n%s", n, s.story())
		}
		s.answers(notice, phone{id: "<phone-2@phone.example>", text: "skip"})
		if text := textOf(s.confirmed("Nothing was done: ")); strings.Contains(text, "Answer this mail with") {
			t.Errorf("of a mail that has left is offered:\n%s", text)
		}
	})
}

// TestOkToAnOlderText: what was edited since it was shown is not approved; the
// confirmation shows it as it stands and takes the next ok.
func TestOkToAnOlderText(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you")
		s.said("globex.yaml", "video", map[string]string{"noor@globex.example": "the on-call week is split between two offices"})
		s.answers(notice, phone{text: "ok"})
		anew := s.confirmed("says something else by now")
		if got := s.state("globex/video/thank-you"); got != scheduler.Review || !strings.Contains(textOf(anew), "two offices") {
			t.Errorf("after an ok to the older text it is %s, and the new one is told as\n%s", got, textOf(anew))
		}
		s.answers(anew, phone{id: "<phone-2@phone.example>", text: "ok"})
		s.confirmed("Approved")
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if sent := s.world.AcceptedTo("noor@globex.example"); len(sent) == 1 && !strings.Contains(textOf(sent[0]), "two offices") {
			t.Errorf("another text left:\n%s", textOf(sent[0]))
		}
	})
}

// TestStopFromThePhone: after stop nothing leaves, not even a mail that was due
// when it came; ok to its confirmation ends the pause.
func TestStopFromThePhone(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, stopFromThePhone)
}

// TestStopWhereNoticesAreRenamed: some providers give each mail another Message-ID
// and do not say which it was. The notice is known by the exchange that it opens.
func TestStopWhereNoticesAreRenamed(t *testing.T) {
	t.Parallel()
	for _, filed := range []bool{true, false} {
		t.Run(fmt.Sprint("filed ", filed), func(t *testing.T) {
			t.Parallel()
			performAt(t, "review: always", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: filed, Rewrite: true}, stopFromThePhone)
		})
	}
}

// stopFromThePhone stops everything in answer to one notice, and goes on in answer
// to the confirmation.
func stopFromThePhone(s *stage) {
	s.Helper()
	s.open()
	s.until(2, 20, 0)
	notice := s.noticed("Waits for you")
	s.command("approve", "globex/video/thank-you")
	s.must(s.world.Deliver(mailtest.Sent, phone{text: "Stop, I will call her"}.raw(notice), s.clock.Now())) // seen by the look before the mail at the latest
	s.until(3, 16, 0)
	s.want(map[string]int{"noor@globex.example": 0})
	stopped := s.confirmed("Everything is on hold")
	s.answers(stopped, phone{id: "<phone-2@phone.example>", text: "ok"})
	s.confirmed("The pause is over")
	s.until(4, 12, 0)
	s.want(map[string]int{"noor@globex.example": 1})
}

// TestSkipAndHeardFromThePhone: skip takes one mail off, heard what asks.
func TestSkipAndHeardFromThePhone(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]scheduler.State{"Skip.": scheduler.Cancelled, "heard, thanks": scheduler.Cancelled, "hm": scheduler.Sent} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
				s.open()
				s.until(10, 9, 0)
				notice := s.noticed("Leaves ")
				s.answers(notice, phone{text: word})
				s.until(12, 12, 0)
				if got := s.state("globex/video/follow-up-1"); got != want {
					t.Errorf("after %q the follow-up is %s, want %s\n%s", word, got, want, s.story())
				}
				if n := s.confirmations(); n != 1 {
					t.Errorf("%d confirmations", n)
				}
			})
		})
	}
}

// asked is solo before anybody said whether it took place.
const asked = `
company: Globex
role: Backend Developer
domains: [globex.example]
interviews:
  - id: video
    at: 2026-11-02 09:00
    duration: 45m   # a call
    interviewers:
      - {name: Noor Haddad, email: noor@globex.example}
      - {name: Ken Osei, email: ken@globex.example}
`

// TestWhatTheySaidFromThePhone: lines with names go into the file, and the
// thank-yous use them.
func TestWhatTheySaidFromThePhone(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": asked}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		question := s.noticed("A question about globex")
		if !strings.Contains(textOf(question), `such as "Noor: what`) {
			t.Errorf("the question does not say how to answer:\n%s", textOf(question))
		}
		s.answers(question, phone{text: "Noor: the platform group grows from four people to nine\nKim: hello"})
		s.confirmed(`Nothing was done: nobody of the interview "video" is called "Kim". Its people: Noor Haddad; Ken Osei`)
		s.answers(question, phone{id: "<phone-2@phone.example>", text: "Noor: the platform group grows from four people\nto nine this winter\nKen Osei: the storage rewrite halved your restore times\n\nDana"})
		s.confirmed("Noor Haddad: the platform group grows from four people to nine this winter")
		file, err := osReadFile(s.dir, "interviews/globex.yaml")
		s.must(err)
		if !strings.Contains(file, "status: held") || !strings.Contains(file, "nine this winter") || !strings.Contains(file, "# a call") {
			t.Errorf("the file says\n%s", file)
		}
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@globex.example": 1})
		for _, m := range s.world.AcceptedTo("noor@globex.example") {
			if !strings.Contains(strings.Join(strings.Fields(textOf(m)), " "), "from four people to nine this winter") {
				t.Errorf("the thank-you does not use what was said:\n%s", textOf(m))
			}
		}
	})
}

// TestCalledOffAfterTheAnswer: what the file says since of a meeting is newer than an
// answer that is read only later: it stays cancelled, and nobody is thanked for it.
func TestCalledOffAfterTheAnswer(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"ok", "Noor: the platform group grows from four people to nine"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"globex.yaml": asked}, func(s *stage) {
				s.open()
				s.until(2, 12, 0)
				question := s.noticed("A question about globex")
				s.close()
				s.answers(question, phone{text: text})
				off := strings.Replace(asked, "duration: 45m", "status: cancelled\n    duration: 45m", 1)
				s.write("interviews/globex.yaml", off)
				s.open()
				s.until(2, 12, 30)
				c := s.confirmed(`Nothing was done: the interview "video" is cancelled in its file. If it took place after all: afterword debrief globex --round video`)
				if text := textOf(c); strings.Contains(text, "it took place)") || strings.Contains(text, "moved 2026") || strings.Contains(text, "what they said") {
					t.Errorf("what would be refused once more is offered:\n%s", text)
				}
				file, err := osReadFile(s.dir, "interviews/globex.yaml")
				s.must(err)
				if file != off {
					t.Errorf("the file says\n%s", file)
				}
				s.until(4, 12, 0)
				s.want(map[string]int{"noor@globex.example": 0, "ken@globex.example": 0})
			})
		})
	}
}

// TestMovedFromThePhone: the file has the new date, at the hour of before where
// none is given, and no question stands.
func TestMovedFromThePhone(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": asked}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		question := s.noticed("A question about globex")
		s.answers(question, phone{text: "moved 3/12"})
		s.confirmed("is not one day for sure")
		s.answers(question, phone{id: "<phone-2@phone.example>", text: "Moved to Thursday 5 November"})
		s.confirmed("is on Thu 5 Nov")
		file, err := osReadFile(s.dir, "interviews/globex.yaml")
		s.must(err)
		if !strings.Contains(file, "at: 2026-11-05 09:00") {
			t.Errorf("the file says\n%s", file)
		}
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if st := s.statusJSON(); len(st.Questions) != 0 {
			t.Errorf("it asks %+v", st.Questions)
		}
	})
}

// TestAnswersOfOthersAreNone: a forged sender, a guessed id, a mail to somebody
// else and an automatic answer change nothing, and nobody answers them.
func TestAnswersOfOthersAreNone(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you")
		guessed := notice
		guessed.DeliveredID = "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org>"
		guessed.Delivered = bytes.ReplaceAll(notice.Delivered, []byte(referencesOf(notice)[0]), []byte("<bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@example.org>"))
		deliver := func(folder string, n mailtest.Accepted, p phone) {
			s.must(s.world.Deliver(folder, p.raw(n), s.clock.Now()))
			time.Sleep(15 * time.Minute)
		}
		for n, p := range []phone{
			{from: "Mallory <m@evil.example>"}, {to: "friend@else.example"}, {to: "dana@example.org, friend@else.example"}, {extra: "Bcc: friend@else.example\n"},
			{extra: "Auto-Submitted: auto-replied\n"}, {extra: "X-Autoreply: yes\n"}, {extra: "Precedence: bulk\n"},
		} {
			p.id, p.text = fmt.Sprintf("<no-%d@phone.example>", n), "ok"
			deliver(mailtest.Sent, notice, p)
		}
		deliver(mailtest.Sent, guessed, phone{id: "<guess@phone.example>", text: "ok"})
		for _, folder := range []string{mailtest.Inbox, mailtest.Archive, mailtest.Junk} { // forged: only the account itself files in Sent
			deliver(folder, notice, phone{id: "<forged-" + folder + "@phone.example>", text: "ok"})
		}
		deliver(mailtest.Sent, guessed, phone{to: "friend@else.example", id: "<last@phone.example>", text: "Hi"}) // whatever waits is carried out by now
		if got := s.state("globex/video/thank-you"); got != scheduler.Review || s.confirmations() != 0 {
			t.Errorf("it is %s after %d confirmations\n%s", got, s.confirmations(), s.story())
		}
	})
}

// TestAnsweredOnce: a copy, another folder, a restart and the whole Sent folder read
// anew obey an answer no second time.
func TestAnsweredOnce(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you")
		s.answers(notice, phone{text: "stop"})
		s.command("resume")
		s.must(s.world.Deliver(mailtest.Sent, phone{text: "stop"}.raw(notice), s.clock.Now()))
		time.Sleep(15 * time.Minute)
		s.close()
		s.must(s.world.SetUIDValidity(mailtest.Sent, 7777))
		s.open()
		time.Sleep(15 * time.Minute)
		if holds := s.statusJSON().Holds; len(holds) != 0 || s.confirmations() != 1 {
			t.Errorf("%d confirmations, holds %+v\n%s", s.confirmations(), holds, s.story())
		}
	})
}

// putAway changes the store while no daemon runs.
func (s *stage) putAway(change func(scheduler.Tx) error) {
	s.Helper()
	h, err := openHouse(s.Context(), s.dir+"/config.yaml", outside{clock: s.clock, dial: s.dial, watcher: s}, true)
	s.must(err)
	s.must(h.store.Update(s.Context(), change))
	s.must(h.Close())
}

// TestAnswerOutlivesACrash: an answer that was read just before the end is carried
// out by the next run, and what an earlier run wrote into the file is not undone.
func TestAnswerOutlivesACrash(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": asked}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		question := s.noticed("A question about globex")
		s.answers(question, phone{text: "Noor: the platform group grows from four people to nine"})
		s.close()
		// As it was between the writing of the file and the commit.
		s.putAway(func(tx scheduler.Tx) error {
			if err := tx.SetMeta("answer-done/<phone-1@phone.example>", ""); err != nil {
				return err
			}
			names, err := tx.MetaNames("about/question/happened/")
			s.must(err)
			key := strings.TrimPrefix(names[0], "about/")
			stop := fmt.Sprintf(`{"notice": %q, "about": {}, "text": "stop", "arrived": "2026-11-02T11:00:00Z"}`, key)
			if err := tx.SetMeta("answer-waits/<phone-2@phone.example>", stop); err != nil {
				return err
			}
			return tx.SetMeta("answer-waits/<phone-1@phone.example>", fmt.Sprintf(`{"notice": %q, "about": {"application": "globex", "round": "video", "answers": ["said"]},
				"text": "Noor: the platform group grows from four people to nine", "arrived": "2026-11-02T11:00:00Z"}`, key))
		})
		before, err := osReadFile(s.dir, "interviews/globex.yaml")
		s.must(err)
		s.open()
		time.Sleep(time.Second)
		if holds := s.statusJSON().Holds; len(holds) != 1 || !strings.Contains(holds[0].Reason, "you answered stop") {
			t.Errorf("the stop that waited was not carried out at once: %+v", holds)
		}
		s.command("resume")
		after, err := osReadFile(s.dir, "interviews/globex.yaml")
		s.must(err)
		if before != after || !strings.Contains(after, "four people to nine") {
			t.Errorf("the file was\n%s\nand is\n%s", before, after)
		}
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if n := s.confirmations(); n != 2 {
			t.Errorf("%d confirmations, want one for each answer", n)
		}
	})
}

// TestAnswerBeforeARestore: what was answered after the backup was made is not
// carried out a second time when the backup is put back.
func TestAnswerBeforeARestore(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you")
		file := s.dir + "/kept.afterword"
		s.wantCommand("read back", "backup", file)
		s.answers(notice, phone{text: "stop"})
		s.command("resume")
		s.close()
		s.wantCommand("restored", "restore", "--force", file)
		s.open()
		time.Sleep(15 * time.Minute)
		s.confirmed("may have been carried out already")
		for _, h := range s.statusJSON().Holds {
			if h.Scope == scheduler.ScopeEverything && strings.Contains(h.Reason, "you answered stop") {
				t.Errorf("it was obeyed once more: %+v\n%s", h, s.story())
			}
		}
		s.answers(notice, phone{id: "<phone-2@phone.example>", text: "skip"})
		s.confirmed("Skipped")
	})
}

// TestAnswerToAReplacedID: a provider that gives notices another Message-ID, and
// says which it was, is seen through.
func TestAnswerToAReplacedID(t *testing.T) {
	t.Parallel()
	perform(t, "review: always", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		notice := s.noticed("Waits for you")
		replaced := notice
		replaced.MessageID = "<AM0PR01@provider.example>"
		raw := strings.Replace(string(notice.Raw), "Message-ID: "+notice.MessageID, "X-Microsoft-Original-Message-ID: "+notice.MessageID+"\r\nMessage-ID: "+replaced.MessageID, 1)
		s.must(s.world.Deliver(mailtest.Inbox, []byte(raw), s.clock.Now()))
		time.Sleep(time.Minute)
		s.answers(replaced, phone{text: "ok"})
		s.confirmed("Approved: the mail to Noor Haddad")
	})
}
