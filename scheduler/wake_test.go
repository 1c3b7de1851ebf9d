package scheduler

import (
	"testing"
	"time"
)

// TestWokenOnce: what a mail asked to be looked after for is done with a look, also
// where it is over by then or its file is missing. A daemon that is woken by its own
// commits would never come to rest.
func TestWokenOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stem  string
		state State
		told  bool
	}{
		"sent": {"acme", Sent, false}, "expired": {"acme", Expired, false}, "open": {"acme", Approved, false}, "in doubt": {"acme", InDoubt, true},
		"in doubt, without a file": {"globex", InDoubt, true}, "planned, without a file": {"globex", Planned, false},
	} {
		s := newMemory()
		d, _ := shutAccounts(t, s, "1")
		now := d.Clock.Now()
		mail := mailOf(inPlay(c.stem, "Company", "2026-11-02"), "follow-up-1", c.state, "2026-11-02 10:00")
		mail.Expires = now.Add(time.Hour)
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
