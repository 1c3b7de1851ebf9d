package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/internal/watch"
	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// newProvider opens a second provider, where the account has another password,
// and returns the config that moves there, with another address.
func (s *stage) newProvider() (config string) {
	s.Helper()
	var err error
	s.other, err = mailtest.New(mailtest.Options{Clock: s.clock, Address: "dana@new.example", Password: "another",
		SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, FileSent: true}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
	s.must(err)
	s.Cleanup(func() {
		if err := s.other.Close(); err != nil {
			s.Error(err)
		}
	})
	s.write("password2", "another\n")
	return strings.NewReplacer("dana@example.org", "dana@new.example", "{file: password}", "{file: password2}",
		"127.0.0.1, port: 465", otherHost+", port: 465", "127.0.0.1, port: 993", otherHost+", port: 993").Replace(readFile(s, "config.yaml"))
}

// refusals counts the logins that a provider refused: a password that was said
// to the wrong server is one.
func refusals(w *mailtest.World) int {
	n := 0
	for protocol, words := range map[string]string{mailtest.SMTP: "S: 535", mailtest.IMAP: "AUTHENTICATIONFAILED"} {
		for _, t := range w.Transcripts(protocol) {
			n += strings.Count(t.String(), words)
		}
	}
	return n
}

// TestAccountMoves: another provider and another address are taken up while the
// daemon runs. From then on everything goes there, the probe first, and neither
// server is told the other's password.
func TestAccountMoves(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 8, 0)
		moved := s.newProvider()
		before := s.sent("dana@example.org")
		s.write("config.yaml", moved)
		s.files <- struct{}{}
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0, "dana@example.org": before})
		if got := s.other.AcceptedTo("noor@globex.example"); len(got) != 1 || !strings.Contains(string(got[0].Raw), "From: \"Dana Reyes\" <dana@new.example>") {
			t.Fatalf("the new provider took %d mails for Noor, want one from the new address\n%s\n%s", len(got), s.story(), s.log)
		}
		if got := s.other.AcceptedTo("dana@new.example"); len(got) == 0 || !strings.Contains(got[0].Subject, "a test mail to yourself") {
			t.Errorf("no probe was sent for the new account, but %d mails", len(got))
		}
		s.must(s.other.Deliver(mailtest.Inbox, handwritten("noor@globex.example", "dana@new.example", "a1"), s.clock.Now()))
		s.until(4, 9, 0)
		if got := s.state("follow-up-1"); got != scheduler.Cancelled {
			t.Errorf("follow-up-1 is %s after an answer to the new account, want cancelled\n%s", got, s.story())
		}
		if a, b := refusals(s.world), refusals(s.other); a+b > 0 {
			t.Errorf("the old server refused %d logins, the new one %d: a password went to the wrong one", a, b)
		}
	})
}

// TestAnswerLiesInTheNewAccount: what lies in the mailbox that the account moves
// to is read from its beginning, although the numbers of the old one would say
// that it was read: both count from one.
func TestAnswerLiesInTheNewAccount(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		moved := s.newProvider()
		s.must(s.other.Deliver(mailtest.Inbox, handwritten("noor@globex.example", "dana@new.example", "a1"), s.clock.Now()))
		for range 30 {
			s.must(s.other.Deliver(mailtest.Inbox, handwritten("news@shop.example", "dana@new.example", "n"), s.clock.Now()))
		}
		s.write("config.yaml", moved)
		s.files <- struct{}{}
		s.until(4, 13, 0)
		if got := s.state("follow-up-1"); got != scheduler.Cancelled {
			t.Errorf("follow-up-1 is %s, want cancelled by the answer that lay there\n%s", got, s.story())
		}
	})
}

// TestAccountMovesUnderAMail: a mail that was on its way stops before its dot and
// leaves by the new account, once.
func TestAccountMovesUnderAMail(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.world.Network().SetFault(mailtest.SMTP, mailtest.Fault{Latency: time.Second})
		s.open()
		s.until(2, 12, 0)
		moved := strings.ReplaceAll(s.newProvider(), "email: dana@new.example", "email: dana@example.org")
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		time.Sleep(story.Delivery.Due.Sub(s.clock.Now()) + 5*time.Second)
		if got := s.state("thank-you"); got != scheduler.Sending {
			t.Fatalf("the mail is %s, want it on its way", got)
		}
		s.write("config.yaml", moved) // nobody has noticed the edit when the dot is due
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if got := len(s.other.AcceptedTo("noor@globex.example")); got != 1 {
			t.Errorf("the new provider took %d mails, want one\n%s\n%s", got, s.story(), s.log)
		}
	})
}

// TestWatchedAccountJoins: an account that is added while the daemon runs is read
// before anything leaves, answers that lie there already included.
func TestWatchedAccountJoins(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.watchOther()
		s.must(s.other.Deliver(mailtest.Inbox, handwritten("noor@globex.example", "dana@old.example", "w1"), s.clock.Now()))
		s.files <- struct{}{}
		s.until(4, 13, 0)
		if got := s.state("follow-up-1"); got != scheduler.Cancelled {
			t.Errorf("follow-up-1 is %s, want cancelled by the answer in the account that was added\n%s", got, s.story())
		}
	})
}

// TestPasswordMoves: a credential that is kept elsewhere from now on is one that
// changed; the login that was refused is tried again.
func TestPasswordMoves(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.write("password", "wrong\n")
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		s.write("right", "secret\n")
		s.write("config.yaml", strings.Replace(readFile(s, "config.yaml"), "{file: password}", "{file: right}", 1))
		s.files <- struct{}{}
		s.until(3, 13, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestWatchedFiles: an edit of a password file is noticed wherever it lies, and
// nothing else that happens in its folder is.
func TestWatchedFiles(t *testing.T) {
	t.Parallel()
	perform(t, "", nil, func(s *stage) {
		far := s.TempDir()
		s.write("config.yaml", strings.Replace(readFile(s, "config.yaml"), "{file: password}", "{file: "+filepath.Join(far, "pw")+"}", 1))
		h, err := openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: s.clock}, false)
		s.must(err)
		if !slices.Contains(watchedFolders(h.config), far) {
			t.Errorf("the password's folder is not watched, only %v", watchedFolders(h.config))
		}
		for path, want := range map[string]watch.Kind{
			filepath.Join(far, "pw"): watch.File, filepath.Join(far, "other"): watch.Nothing,
			filepath.Join(s.dir, "config.yaml"): watch.File, filepath.Join(s.dir, "interviews", "acme.yaml"): watch.File,
			filepath.Join(s.dir, "templates"): watch.File, filepath.Join(s.dir, "afterword.db-wal"): watch.Store,
			filepath.Join(s.dir, "afterword.db.lock"): watch.Nothing,
		} {
			if got := h.kindOf(path); got != want {
				t.Errorf("%s is of kind %d, want %d", path, got, want)
			}
		}
	})
}

// TestInternationalMail: a sender and a person whose domains and names are not
// ASCII, greylisted first. Every attempt is the same mail, which needs no
// SMTPUTF8 and reads as it was written.
func TestInternationalMail(t *testing.T) {
	t.Parallel()
	interview := strings.NewReplacer("noor@globex.example", "451@\u4f8b\u3048.example", "globex.example", "\u4f8b\u3048.example",
		"Noor Haddad", "N\u00f3ra \u00c5ngstr\u00f6m", "platform group", "platform group \U0001f469\u200d\U0001f4bb").Replace(solo)
	perform(t, "", map[string]string{"globex.yaml": interview}, func(s *stage) {
		s.write("config.yaml", strings.NewReplacer("email: dana@example.org", "email: dana@b\u00fccher.example", "Dana Reyes", "D\u00e1na Rey\u00e9s").Replace(readFile(s, "config.yaml")))
		s.open()
		s.until(3, 18, 0)
		got := s.world.AcceptedTo("451@xn--r8jz45g.example")
		if len(got) != 1 || s.attempts("thank-you") < 2 {
			t.Fatalf("%d mails left in %d attempts\n%s\n%s", len(got), s.attempts("thank-you"), s.story(), s.log)
		}
		header, body := mailer.Split(got[0].Raw)
		m := mailer.Parse(header, body)
		if got[0].From != "dana@xn--bcher-kva.example" || !strings.HasSuffix(got[0].MessageID, "@xn--bcher-kva.example>") || !strings.Contains(m.Text, "\U0001f469\u200d\U0001f4bb") {
			t.Errorf("from %s, id %s\n%s", got[0].From, got[0].MessageID, m.Text)
		}
	})
}
