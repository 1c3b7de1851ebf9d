package scheduler

import (
	"errors"
	"testing"
	"time"
)

// TestChangeReadForAMissingFile: the files are read again where one is missing, and
// what else has changed by then is taken up with it: whoever hears of that change
// afterwards finds nothing new.
func TestChangeReadForAMissingFile(t *testing.T) {
	t.Parallel()
	for _, heard := range []bool{false, true} {
		s := &fullStore{memory: newMemory()}
		d, files := shutAccounts(t, s, "1")
		now := d.Clock.Now()
		missing := mailOf(inPlay("globex", "Globex", "2026-11-02"), "follow-up-1", Planned, "2026-11-10 10:00")
		if err := s.Put(missing, now); err != nil {
			t.Fatal(err)
		}
		if err := d.lookedAt(t, 0); err != nil {
			t.Fatal(err)
		}
		files.policy.Logins = []string{"2"}
		files.apps = append(files.apps[:1:1], inPlay("initech", "Initech", "2026-11-02").Application)
		s.full = true
		if err := d.wakeDue(t.Context(), now); !errors.Is(err, ErrStoreFailed) {
			t.Fatalf("on a full disk: %v", err)
		}
		s.full = false
		if err := d.wakeDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if heard {
			if err := d.filesChanged(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		planned, err := s.Deliveries(DeliveryQuery{Application: "initech"})
		if held := heldFor(t, s.memory); err != nil || len(planned) == 0 || len(held) > 0 || len(d.refused) > 0 {
			t.Errorf("heard of it too %v: %d mails of the new file planned, holds %q, %d logins refused (%v)", heard, len(planned), held, len(d.refused), err)
		}
		if due, err := s.Woken(now.Add(time.Minute), 9); err != nil || len(due) > 0 {
			t.Errorf("woken again at once: %d (%v)", len(due), err)
		}
	}
}
