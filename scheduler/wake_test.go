package scheduler

import (
	"fmt"
	"testing"
	"time"

	"afterword/mailer"
)

// TestWokenOnce: what a mail asked to be looked after for is done with a look, also
// where it is over by then or its file is missing. A daemon that is woken by its own
// commits would never come to rest.
func TestWokenOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stem  string
		state State
		left  time.Duration // of its time
		told  bool
	}{
		"sent": {"acme", Sent, time.Hour, false}, "expired": {"acme", Expired, time.Hour, false}, "open": {"acme", Approved, time.Hour, false},
		"in doubt": {"acme", InDoubt, time.Hour, true}, "in doubt, and its time is over": {"acme", InDoubt, 0, false},
		"in doubt, without a file": {"globex", InDoubt, time.Hour, true}, "planned, without a file": {"globex", Planned, time.Hour, false},
	} {
		s := newMemory()
		d, _ := shutAccounts(t, s, "1")
		now := d.Clock.Now()
		mail := mailOf(inPlay(c.stem, "Company", "2026-11-02"), "follow-up-1", c.state, "2026-11-02 10:00")
		mail.Expires = now.Add(c.left)
		s.set(mail)
		if err := s.SetWake(mail.Key, now.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := d.wakeDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if due, err := s.Woken(now, 9); err != nil || len(due) > 0 {
			t.Errorf("%s: it asks for more at once: %v (%v)", name, due, err)
		}
		told := false
		for _, n := range s.notices {
			told = told || n.Subject == "Still in doubt: the mail to Ken Osei"
		}
		if told != c.told {
			t.Errorf("%s: told of the doubt again: %v", name, told)
		}
	}
}

// TestPauseAfterAStoppedDot: a mail that is stopped before its dot does not dial the
// server again at once, whatever two rules may think of it.
func TestPauseAfterAStoppedDot(t *testing.T) {
	t.Parallel()
	s := newMemory()
	d, _ := shutAccounts(t, s, "1")
	now := d.Clock.Now()
	claimed := mailOf(inPlay("acme", "Acme", "2026-11-02"), "follow-up-1", Sending, "2026-11-02 10:00")
	s.set(claimed)
	if !d.mayCarry(now) {
		t.Fatal("nothing may leave before")
	}
	stopped := mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Err: fmt.Errorf("%w: the file wants none", ErrNotReady)}
	if _, _, err := d.settle(t.Context(), claimed, stopped, lastLook{began: now}); err != nil {
		t.Fatal(err)
	}
	if d.mayCarry(now.Add(boundedWait-time.Second)) || !d.mayCarry(now.Add(boundedWait)) {
		t.Errorf("the next mail may leave %s after a stopped dot", d.notBefore.Sub(now))
	}
}
