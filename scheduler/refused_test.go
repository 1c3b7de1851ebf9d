package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// shutAccounts is a daemon whose accounts refuse the login as the looks say.
func shutAccounts(t *testing.T, s Store, logins ...string) (*Daemon, *papers) {
	t.Helper()
	f := inPlay("acme", "Acme", "2026-11-02")
	files := &papers{policy: f.Policy, apps: []Application{f.Application}}
	files.policy.Logins = logins
	d := &Daemon{Store: s, Files: files, Writers: Writers{Renderer: scribe{}, Proofreader: scribe{}}, Clock: &handClock{now: paris("2026-11-02 12:00")}, Log: slog.New(slog.DiscardHandler),
		news: make(chan struct{}, 1), Changed: func() bool { return false }, begun: true, Watched: make([]Mailbox, len(logins)-1), Called: []string{"dana@example.org", "the watched account old"}}
	if err := d.readFiles(); err != nil {
		t.Fatal(err)
	}
	return d, files
}

// looked ends a look in which accounts refused the login.
func (d *Daemon) lookedAt(t *testing.T, refused ...int) error {
	end := lookEnd{count: newTally(nil, time.Time{}, ""), refused: map[int]error{}, logins: d.world.Policy.Logins}
	for _, n := range refused {
		end.refused[n] = fmt.Errorf("logging in: %w: no", mailer.ErrLoginRefused)
	}
	return d.noteLook(t.Context(), end)
}

// heldFor are the reasons of the holds on everything.
func heldFor(t *testing.T, s *memory) (all []string) {
	t.Helper()
	holds, err := s.Holds()
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range holds {
		if h.Scope == ScopeEverything {
			all = append(all, h.Reason)
		}
	}
	return all
}

// TestEachAccountIsRefusedByItself: the hold names each account that refused the
// login, and goes on for those whose credential is the same as before.
func TestEachAccountIsRefusedByItself(t *testing.T) {
	t.Parallel()
	s := newMemory()
	d, files := shutAccounts(t, s, "1", "2")
	const first, other = "refused the login of dana@example.org;", "refused the login of the watched account old;"
	want := func(when string, names ...string) {
		t.Helper()
		held := strings.Join(heldFor(t, s), "\n")
		for _, name := range []string{first, other} {
			wanted := strings.Contains(strings.Join(names, " "), name)
			if strings.Contains(held, name) != wanted {
				t.Errorf("%s: held is %q, want of %q: %v", when, held, name, wanted)
			}
		}
		if (len(d.refused) > 0) != (len(names) > 0) || d.mayCarry(d.Clock.Now()) != (len(names) == 0) {
			t.Errorf("%s: %d accounts refused, mail may leave: %v", when, len(d.refused), d.mayCarry(d.Clock.Now()))
		}
	}
	for _, refused := range [][]int{{1}, {1}, {0, 1}, {0, 1}} {
		if err := d.lookedAt(t, refused...); err != nil {
			t.Fatal(err)
		}
	}
	want("both refused", first, other)
	if told, err := s.Notices(false); err != nil || len(told) != 2 {
		t.Errorf("told %d times of two accounts (%v)", len(told), err)
	}
	for _, c := range []struct {
		when   string
		logins []string
		names  []string
	}{{"nothing changed", []string{"1", "2"}, []string{first, other}}, {"one credential changed", []string{"3", "2"}, []string{other}}, {"the other too", []string{"3", "4"}, nil}} {
		files.policy.Logins = c.logins
		if err := d.filesChanged(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(c.when, c.names...)
	}
	if err := d.lookedAt(t); err != nil || d.world.Trouble != "" {
		t.Errorf("both let in: %v, trouble %q", err, d.world.Trouble)
	}
}

// TestToldWhileAnAccountIsShut: the summary and what waits for the user's answer are told
// although one of the accounts refuses its password, and say which was not read. Where none
// was read nothing is said.
func TestToldWhileAnAccountIsShut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		logins  []string
		refused []int
		told    bool
		words   string
	}{
		{[]string{"1", "2"}, []int{1}, true, "the watched account old"},
		{[]string{"1", "2"}, nil, true, "lies in Sent since"},
		{[]string{"1", "2"}, []int{0, 1}, false, ""},
		{[]string{"1"}, []int{0}, false, ""},
	} {
		s := newMemory()
		d, files := shutAccounts(t, s, c.logins...)
		d.Clock = &handClock{now: paris("2026-11-29 19:00")}
		files.policy.Digest = cron("0 18 * * SUN")
		if err := d.readFiles(); err != nil {
			t.Fatal(err)
		}
		asks := Mail{MessageID: "<asks@acme.example>", Application: "acme", Person: "ken@acme.example", Name: "Ken Osei", Class: "human", Subject: "When?", At: paris("2026-11-24 10:00")}
		if err := errors.Join(func() error { _, err := s.AddMail(asks); return err }(), s.SetMeta(metaAsks+"acme/"+asks.MessageID, "2026-11-25T10:00:00Z When can you come?"), s.SetMeta(metaDigest, "2026-11-22T17:00:00Z")); err != nil {
			t.Fatal(err)
		}
		if err := d.lookedAt(t, c.refused...); err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, n := range s.notices {
			told[n.Kind] = n.Text
		}
		if told[noticeTurn] != "" != c.told || told[noticeDigest] != "" != c.told || !strings.Contains(told[noticeTurn], c.words) ||
			len(c.refused) > 0 && !strings.Contains(told[noticeDigest], c.words) {
			t.Errorf("%v refused: told %q", c.refused, told)
		}
	}
}

// TestGrantThatEnded: what is said of it holds the command that asks for another one of
// that very account.
func TestGrantThatEnded(t *testing.T) {
	t.Parallel()
	d := &Daemon{Called: []string{"dana@example.org", "the watched account old"}, Login: []string{"afterword init --login", "afterword init --login old"}}
	for account, want := range []string{
		"access to the mailbox of dana@example.org was withdrawn or has ended; log in anew: afterword init --login",
		"access to the mailbox of the watched account old was withdrawn or has ended; log in anew: afterword init --login old",
	} {
		if got := d.reason(refusal{account: account, protocol: "IMAP", gone: true}); got != want {
			t.Errorf("account %d: %q, want %q", account, got, want)
		}
	}
}

// guarded is a mailbox that a test answers for.
type guarded struct {
	Mailbox
	look func(ctx context.Context) error
}

func (g guarded) Look(ctx context.Context, _ mailer.LookRequest, _ func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	return mailer.LookResult{}, g.look(ctx)
}

// TestCredentialCorrectedDuringALook: the user corrects a password while a look is under
// way that began with the old one. What that look found says nothing of the new one: the
// account is asked at the next look, and until then nothing leaves.
func TestCredentialCorrectedDuringALook(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"refused by this look": false, "refused by an earlier one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newMemory()
			d, files := shutAccounts(t, s, "1", "old")
			d.decides(t)
			correct := func(ctx context.Context) error {
				files.policy.Logins = []string{"1", "new"}
				return d.do(ctx, func() error { return d.filesChanged(ctx) })
			}
			refuse := func(context.Context) error { return fmt.Errorf("logging in: %w: no", mailer.ErrLoginRefused) }
			let := func(context.Context) error { return nil }
			sending, watched := guarded{look: let}, guarded{look: func(ctx context.Context) error { return errors.Join(correct(ctx), refuse(ctx)) }}
			if known {
				if err := d.lookedAt(t, 1); err != nil {
					t.Fatal(err)
				}
				sending.look = correct
			}
			d.Mailbox, d.Watched = sending, []Mailbox{watched}
			if err := d.look(t.Context(), true); !errors.Is(err, mailer.ErrLoginRefused) || d.world.Trouble == "" {
				t.Fatalf("the look read an account that did not let it in: %v, trouble %q", err, d.world.Trouble)
			}
			asked := false
			d.Mailbox, d.Watched = guarded{look: let}, []Mailbox{guarded{look: func(context.Context) error { asked = true; return nil }}}
			if err := d.look(t.Context(), true); err != nil || !asked || len(heldFor(t, s)) > 0 || !d.mayCarry(d.Clock.Now()) {
				t.Errorf("after the correction: %v, asked with the new password: %v, held for %q, mail may leave: %v", err, asked, heldFor(t, s), d.mayCarry(d.Clock.Now()))
			}
		})
	}
}

// TestRefusedLoginOnAFullDisk: what the store could not take of a refused login it
// takes at the next look, although nobody asks the account again.
func TestRefusedLoginOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := &fullStore{memory: newMemory(), full: true}
	d, _ := shutAccounts(t, s, "1", "2")
	if err := d.lookedAt(t, 1); !errors.Is(err, ErrStoreFailed) || d.mayCarry(d.Clock.Now()) {
		t.Fatalf("on a full disk: %v, mail may leave: %v", err, d.mayCarry(d.Clock.Now()))
	}
	s.full = false
	if err := d.lookedAt(t, 1); err != nil {
		t.Fatal(err)
	}
	told, err := s.Notices(false)
	if held := heldFor(t, s.memory); err != nil || len(held) != 1 || len(told) != 1 {
		t.Errorf("with room again: holds %q, told %d times (%v)", held, len(told), err)
	}
}

// TestLeftOutBesideAnotherAccount: that a second account is read between two looks at
// a folder does not begin its count anew.
func TestLeftOutBesideAnotherAccount(t *testing.T) {
	t.Parallel()
	d := &Daemon{}
	broken := []mailer.FolderTrouble{{Folder: "F", Role: mailer.RoleOther, Err: errors.New("connection lost")}}
	for look := 1; look <= looksToLeaveOut; look++ {
		_, leftOut := d.neverReadOf(0).sort(broken, nil)
		if (len(leftOut) == 1) != (look == looksToLeaveOut) {
			t.Errorf("look %d leaves it out: %v", look, len(leftOut) == 1)
		}
		d.neverReadOf(1).sort(nil, nil)
	}
}

// server is a server of outgoing mail that a test answers for.
type server func() mailer.Receipt

func (s server) Send(context.Context, mailer.Frozen, func(context.Context) error) mailer.Receipt {
	return s()
}
func (server) Rest() {}

// correctedWhile is a daemon that sends something while the user corrects the password,
// and is refused the login with the old one or the new.
func correctedWhile(t *testing.T, correct bool, send func(t *testing.T, d *Daemon, refuse server)) (*Daemon, *memory) {
	t.Helper()
	s := newMemory()
	d, files := shutAccounts(t, s, "old")
	d.decides(t)
	d.Tables, d.Name = mailer.LoadTables(), func(string) string { return "<1@example.org>" }
	d.Compose = func(*Facts, Delivery, time.Time) (mailer.Frozen, error) {
		return mailer.Frozen{MessageID: "<1@example.org>"}, nil
	}
	if err := s.SetMeta(metaEpoch, "0"); err != nil {
		t.Fatal(err)
	}
	send(t, d, func() mailer.Receipt {
		if correct {
			files.policy.Logins = []string{"new"}
			if err := d.do(t.Context(), func() error { return d.filesChanged(t.Context()) }); err != nil {
				t.Error(err)
			}
		}
		return mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseAuth, Code: 535, Words: "no", AuthRefused: true}
	})
	return d, s
}

// TestCredentialCorrectedWhileSending: the user corrects the password while a connection
// is under way that was opened with the old one. The answer to it says nothing of the new
// one: the server is asked again, by mail, probe and notices, and nothing is held.
func TestCredentialCorrectedWhileSending(t *testing.T) {
	t.Parallel()
	for what, send := range map[string]func(t *testing.T, d *Daemon, refuse server){
		"a mail": func(t *testing.T, d *Daemon, refuse server) {
			d.Clock = &handClock{now: paris("2026-11-03 09:45")}
			var claimed Delivery
			err := d.do(t.Context(), func() (err error) {
				if err = d.attendAll(t.Context(), []string{"acme"}); err != nil {
					return err
				}
				next, _ := d.line.front()
				claimed, err = d.claim(t.Context(), next)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			r := refuse()
			if err := d.do(t.Context(), func() error { _, _, err := d.settle(t.Context(), claimed, r, lastLook{}); return err }); err != nil {
				t.Fatal(err)
			}
		},
		"the probe": func(t *testing.T, d *Daemon, refuse server) {
			d.Sender = refuse
			d.Probe = Probe{Account: "dana", Compose: func(string, time.Time) (mailer.Frozen, error) { return mailer.Frozen{}, nil }}
			d.sendProbe(t.Context())
		},
		"a notice": func(t *testing.T, d *Daemon, refuse server) {
			d.Channels = []Channel{{Name: "mail", Account: true, Notifier: notifies(func() error { refuse(); return mailer.ErrLoginRefused })}}
			d.helpers = newGroup(d.Clock)
			d.open = []Notice{{ID: 1, Key: "reply1", Kind: "reply"}}
			if err := d.do(t.Context(), func() error { return d.flush(t.Context(), d.Clock.Now()) }); err != nil {
				t.Fatal(err)
			}
			<-d.helpers.ended()
		},
	} {
		for _, correct := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, corrected: %v", what, correct), func(t *testing.T) {
				t.Parallel()
				d, s := correctedWhile(t, correct, send)
				if held := heldFor(t, s); (len(held) > 0) == correct {
					t.Errorf("held for %q", held)
				}
				if d.smtpRefused == correct || what == "a notice" && d.mayTell(0, d.Clock.Now()) != correct {
					t.Errorf("mail to oneself rests: %v", d.smtpRefused)
				}
			})
		}
	}
}

// notifies is a notifier that a test answers for.
type notifies func() error

func (n notifies) Notify(context.Context, Notice) error { return n() }
