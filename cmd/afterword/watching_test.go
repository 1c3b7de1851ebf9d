package main

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"afterword/mailer/mailtest"
)

// notices counts the mails to the user whose subject holds some words.
func (s *stage) notices(words string) int {
	s.Helper()
	mails := s.world.AcceptedTo("dana@example.org")
	return len(slices.DeleteFunc(slices.Clone(mails), func(a mailtest.Accepted) bool { return !strings.Contains(a.Subject, words) }))
}

// TestFolderThatIsRefused: one that could never be opened is left out, and the
// user hears of it once; one that was read before is not, and mail waits for it.
func TestFolderThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, readBefore := range []bool{false, true} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			s.world.CreateFolder("Public")
			if !readBefore {
				s.must(s.world.RefuseFolder("Public", true))
			}
			s.open()
			s.until(2, 18, 0)
			s.must(s.world.RefuseFolder("Public", true))
			s.until(4, 12, 0)
			want, told := 1, 1
			if readBefore {
				want, told = 0, 0
			}
			s.want(map[string]int{"noor@globex.example": want})
			if got := s.notices("left out: Public"); got != told {
				t.Errorf("read before %v: told %d times, want %d", readBefore, got, told)
			}
			if got := s.notices("mailbox cannot be read") > 0; got != readBefore {
				t.Errorf("read before %v: told that mail waits: %v", readBefore, got)
			}
		})
	}
}

// TestAnswerBehindAnotherAccount: that one account cannot be read hides nothing of
// the other.
func TestAnswerBehindAnotherAccount(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
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
		s.open()
		s.until(4, 12, 0)
		s.world.Network().SetFault(mailtest.IMAP, mailtest.Fault{Refuse: true})
		s.world.DropConnections(mailtest.IMAP)
		answer := "From: Noor Haddad <noor@globex.example>\r\nTo: dana@old.example\r\nSubject: Your interview\r\nMessage-ID: <x1@globex.example>\r\nDate: Wed, 04 Nov 2026 13:00:00 +0100\r\n\r\nHi Dana, we will call you on Monday.\r\n"
		s.must(s.other.Deliver(mailtest.Inbox, []byte(answer), s.clock.Now()))
		time.Sleep(10 * time.Minute)
		s.happened("received human", "Noor Haddad")
	})
}

// TestCheckSaysWhatIsOffered: what each account's server offers, what becomes of
// it, and which folders answers could hide in.
func TestCheckSaysWhatIsOffered(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		var err error
		s.other, err = mailtest.New(mailtest.Options{Clock: s.clock, Address: "dana@old.example", SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext},
			IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext, Without: []imap.Cap{imap.CapIdle, imap.CapListStatus}}})
		s.must(err)
		s.Cleanup(func() {
			if err := s.other.Close(); err != nil {
				s.Error(err)
			}
		})
		s.must(s.other.DeleteFolder(mailtest.Junk))
		s.write("config.yaml", readFile(s, "config.yaml")+
			"watch: [{name: old, username: dana@old.example, password: {file: password}, imap: {host: "+otherHost+", port: 143, security: insecure}}]\n")
		s.world.CreateFolder("Public")
		s.must(s.world.RefuseFolder("Public", true))
		s.open()
		var out bytes.Buffer
		c := &checklist{p: &program{out: &out}}
		c.mailboxes(s.Context(), s.house)
		first, second, _ := strings.Cut(out.String(), "mailbox of old:")
		for text, wants := range map[string][]string{
			first: {"✓ mailbox: watched: ", "with IDLE: new mail in INBOX is told at once", "with LIST-STATUS: all other folders are asked together",
				"✗ folder Public: ", "Permission denied", "✓ Sent folder", "✓ Junk folder"},
			second: {"without IDLE: INBOX is asked every minute", "without LIST-STATUS: ", "✗ Junk folder"},
		} {
			for _, want := range wants {
				if !strings.Contains(text, want) {
					t.Errorf("check does not say %q:\n%s", want, text)
				}
			}
		}
		if c.failed != 2 {
			t.Errorf("%d things are not in place", c.failed)
		}
	})
}

// TestAnswerBeforeTheFile: a colleague wrote before the interview's file came,
// which names nobody's address: the mail is read again and counts.
func TestAnswerBeforeTheFile(t *testing.T) {
	t.Parallel()
	perform(t, "", nil, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		answer := "From: Ada Berg <ada@globex.example>\r\nTo: dana@example.org\r\nSubject: Your interview\r\nDate: Mon, 02 Nov 2026 12:00:00 +0100\r\nMessage-ID: <early1@globex.example>\r\n\r\nWe will call you.\r\n"
		s.must(s.world.Deliver(mailtest.Inbox, []byte(answer), s.clock.Now()))
		s.until(2, 14, 0)
		s.write("interviews/globex.yaml", strings.ReplaceAll(solo, "        email: noor@globex.example\n", ""))
		s.files <- struct{}{}
		s.until(2, 15, 0)
		s.happened("received human", "Ada Berg")
	})
}

// TestSavingFilesDoesNotSlowTheWatch: whoever saves files again and again is as quickly told
// of an answer as before. An edit of config.yaml has the mailbox dialled anew, one of an
// interview's file does not.
func TestSavingFilesDoesNotSlowTheWatch(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		idles := s.world.Commands()["IDLE"]
		for n := range 8 {
			s.edit("globex.yaml", strings.Replace(solo, "nine", strconv.Itoa(9+n), 1))
			time.Sleep(5 * time.Second)
		}
		if more := s.world.Commands()["IDLE"] - idles; more != 0 {
			s.Errorf("the watching connection began %d times anew for edits of an interview", more)
		}
		config := readFile(s, "config.yaml")
		for n := range 8 {
			s.write("config.yaml", config+strings.Repeat("#\n", n+1))
			s.files <- struct{}{}
			time.Sleep(5 * time.Second)
		}
		s.writesTo(s.world, "dana@example.org")
		time.Sleep(3 * time.Second)
		s.happened("received human", "Noor Haddad")
	})
}
