package main

import (
	"slices"
	"strings"
	"testing"

	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// askedIn counts how often an account was asked to let somebody in.
func askedIn(w *mailtest.World) int { return w.Commands()["LOGIN"] + w.Commands()["AUTHENTICATE"] }

// shutOut is an account whose password was changed elsewhere, and an answer that
// comes to the other one a day later.
type shutOut struct {
	name    string // what the user is told
	letter  func(s *stage)
	refuse  func(s *stage)
	mended  func(s *stage)
	refuses func(s *stage) int // how often the account was asked
}

// TestOneAccountRefusesTheLogin: of two accounts one refuses the password. The
// other is read on, and an answer that comes there counts at once; nothing leaves,
// since the refused one may hold an answer too; it is left alone until its own
// credential changes, and all that is said names it.
func TestOneAccountRefusesTheLogin(t *testing.T) {
	t.Parallel()
	for _, c := range []shutOut{
		{name: "the watched account old (dana@old.example)",
			letter:  func(s *stage) { s.writesTo(s.world, "dana@example.org") },
			refuse:  func(s *stage) { s.other.SetPassword("another") },
			mended:  func(s *stage) { s.write("other-password", "another\n") },
			refuses: func(s *stage) int { return askedIn(s.other) }},
		{name: "dana@example.org",
			letter:  func(s *stage) { s.writesTo(s.other, "dana@old.example") },
			refuse:  func(s *stage) { s.world.SetPassword("another") },
			mended:  func(s *stage) { s.write("password", "another\n") },
			refuses: func(s *stage) int { return askedIn(s.world) }},
	} {
		elsewhere := strings.NewReplacer("Globex", "Initech", "globex", "initech", "Noor Haddad", "Ken Osei", "noor@", "ken@").Replace(solo)
		perform(t, "", map[string]string{"globex.yaml": solo, "initech.yaml": elsewhere}, func(s *stage) { c.play(s) })
	}
}

func (c shutOut) play(s *stage) {
	s.watchOther()
	s.write("other-password", "secret\n")
	s.write("config.yaml", strings.Replace(readFile(s, "config.yaml"), "username: dana@old.example, password: {file: password}", "username: dana@old.example, password: {file: other-password}", 1))
	s.open()
	s.until(4, 12, 0)
	s.want(map[string]int{"noor@globex.example": 1, "ken@initech.example": 1})
	before := c.refuses(s)
	c.refuse(s)
	s.world.DropConnections(mailtest.IMAP)
	s.other.DropConnections(mailtest.IMAP)
	s.until(5, 12, 0)
	c.letter(s)
	s.until(5, 12, 1)
	if got := s.state("globex/video/follow-up-1"); got != scheduler.Cancelled {
		s.Errorf("%s refuses: the answer to the other account does not count: follow-up-1 is %s\n%s\n%s", c.name, got, s.story(), s.log)
	}
	s.saysWhich(c.name)
	s.until(13, 12, 0)
	s.want(map[string]int{"noor@globex.example": 1, "ken@initech.example": 1})
	// By the watching connection and by the look that it asks for, which tries once more.
	asked := c.refuses(s) - before
	s.edit("initech.yaml", readFile(s, "interviews/initech.yaml")+"\n# a line that changes no credential\n")
	s.until(13, 13, 0)
	if after := c.refuses(s) - before; asked < 1 || asked > 3 || after != asked {
		s.Errorf("%s was asked %d times in nine days, and %d times with an edit of another file", c.name, asked, after)
	}
	c.mended(s)
	s.files <- struct{}{}
	s.until(13, 14, 0)
	if holds := s.statusJSON().Holds; len(holds) > 0 && slices.ContainsFunc(holds, func(h statusHold) bool { return h.Scope == scheduler.ScopeEverything }) {
		s.Errorf("%s: holds after the password was mended: %+v", c.name, holds)
	}
	s.until(17, 12, 0)
	s.want(map[string]int{"noor@globex.example": 1, "ken@initech.example": 2})
}

// saysWhich wants the account in all that the user reads of a refused login, and
// the password in none of it.
func (s *stage) saysWhich(name string) {
	s.Helper()
	_, status, _ := s.command("status")
	_, why, _ := s.command("why", "initech/video/follow-up-1")
	_, events, _ := s.command("events")
	said := map[string]string{"status": status, "why": why, "events": events}
	s.must(s.house.store.View(s.Context(), func(r scheduler.Reader) error {
		all, err := r.Notices(false)
		for _, n := range all {
			if n.Kind == "login" {
				said["the notice"] += n.Text
			}
		}
		return err
	}))
	for _, where := range []string{"status", "why", "events", "the notice"} {
		if !strings.Contains(strings.Join(strings.Fields(said[where]), " "), "refused the login of "+name) {
			s.Errorf("%s does not name %s:\n%s", where, name, said[where])
		}
		if strings.Contains(said[where], "secret") {
			s.Errorf("%s tells the password:\n%s", where, said[where])
		}
	}
}

// writesTo is Noor answering, to one of the accounts.
func (s *stage) writesTo(w *mailtest.World, address string) {
	s.Helper()
	answer := "From: Noor Haddad <noor@globex.example>\r\nTo: " + address + "\r\nSubject: Your interview\r\nMessage-ID: <x1@globex.example>\r\nDate: Thu, 05 Nov 2026 12:00:00 +0100\r\n\r\nHi Dana, we will call you on Monday.\r\n"
	s.must(w.Deliver(mailtest.Inbox, []byte(answer), s.clock.Now()))
}

// sendsElsewhere lets the account send by a server of its own, and returns what config.yaml
// says then.
func (s *stage) sendsElsewhere() (config string) {
	s.Helper()
	config = strings.Replace(readFile(s, "config.yaml"), "smtp: {host: 127.0.0.1", "smtp: {host: "+otherHost, 1)
	var err error
	s.other, err = mailtest.New(mailtest.Options{Clock: s.clock, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}, SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext}})
	s.must(err)
	s.Cleanup(func() {
		if err := s.other.Close(); err != nil {
			s.Error(err)
		}
	})
	s.write("config.yaml", config)
	return config
}

// TestNoticeIsRefusedTheLogin: where a mail to oneself is the first to meet a password that
// is wrong by now, everything is held and says so, although no mail is due for days; the
// notice comes once the password is right.
func TestNoticeIsRefusedTheLogin(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		config := s.sendsElsewhere()
		s.open()
		s.until(3, 18, 0)
		s.other.SetPassword("another")
		told := len(s.other.AcceptedTo("dana@example.org"))
		s.writesTo(s.world, "dana@example.org")
		s.until(3, 18, 30)
		held := false
		for _, h := range s.statusJSON().Holds {
			held = held || strings.Contains(h.Reason, "the SMTP server refused the login")
		}
		if !held {
			t.Errorf("nothing says that the login is refused: %+v", s.statusJSON().Holds)
		}
		s.other.SetPassword("secret")
		s.write("config.yaml", config+"# the provider mended it\n")
		s.files <- struct{}{}
		s.until(3, 19, 30)
		if left := len(s.statusJSON().Holds); left != 0 || len(s.other.AcceptedTo("dana@example.org")) <= told {
			t.Errorf("after the password was mended: %d holds, %d notices and %d before", left, len(s.other.AcceptedTo("dana@example.org")), told)
		}
	})
}

// TestSendingIsRefused: the server of outgoing mail refuses the login. The mailbox is
// read on, and an answer there counts.
func TestSendingIsRefused(t *testing.T) {
	t.Parallel()
	elsewhere := strings.NewReplacer("Globex", "Initech", "globex", "initech", "Noor Haddad", "Ken Osei", "noor@", "ken@").Replace(solo)
	perform(t, "", map[string]string{"globex.yaml": solo, "initech.yaml": elsewhere}, func(s *stage) {
		config := s.sendsElsewhere()
		s.open()
		s.until(3, 9, 0)
		s.other.SetPassword("another")
		before := len(s.other.Transcripts(mailtest.SMTP))
		s.until(3, 18, 0)
		asked := len(s.other.Transcripts(mailtest.SMTP)) - before
		s.writesTo(s.world, "dana@example.org")
		s.until(3, 18, 1)
		if got := s.state("globex/video/follow-up-1"); got != scheduler.Cancelled {
			s.Errorf("the answer does not count: follow-up-1 is %s\n%s\n%s", got, s.story(), s.log)
		}
		s.saysWhich("dana@example.org")
		s.until(4, 8, 0)
		// Twice: the password is read anew before it is given up.
		if after := len(s.other.Transcripts(mailtest.SMTP)) - before; asked != 2 || after != 2 {
			s.Errorf("the server of outgoing mail was asked in %d sessions, and %d until the next day", asked, after)
		}
		s.other.SetPassword("secret")
		s.write("config.yaml", config+"# the provider mended it\n")
		s.files <- struct{}{}
		s.until(4, 18, 0)
		for who, want := range map[string]int{"noor@globex.example": 0, "ken@initech.example": 1} {
			if got := len(s.other.AcceptedTo(who)); got != want {
				s.Errorf("%d mails left for %s, want %d", got, who, want)
			}
		}
	})
}

// TestAddressThatTheServerCannotTake: an address with letters outside ASCII, and a server
// that knows none. Nobody is told to send it again, which could not help, but how to
// write another address, and that command works as it is printed.
func TestAddressThatTheServerCannotTake(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@", "nóor@")}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		if got := s.notices("Refused"); got != 1 {
			t.Fatalf("it was told %d times\n%s", got, s.story())
		}
		const way = "another address of theirs, afterword set globex email 'Noor Haddad' ADDRESS; or leave it, afterword skip"
		for _, n := range s.world.AcceptedTo("dana@example.org") {
			header, body := mailer.Split(n.Raw)
			if text := strings.Join(strings.Fields(mailer.Parse(header, body).Text), " "); strings.HasPrefix(n.Subject, "Refused") && (!strings.Contains(text, way) || strings.Contains(text, "afterword send")) {
				t.Errorf("the notice says\n%s", text)
			}
		}
		if code, out, _ := s.command(); code != 3 || !strings.Contains(out, way) {
			t.Errorf("code %d\n%s", code, out)
		}
		s.wantCommand("because: it cannot be handed to the server: ", "why", "thank-you")
		s.wantCommand("is now noor@globex.example", "set", "globex", "email", "Noor Haddad", "noor@globex.example")
	})
}
