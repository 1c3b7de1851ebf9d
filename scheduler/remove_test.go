package scheduler

import (
	"strings"
	"testing"
	"time"
)

// TestRemove cancels what is left, tells what cannot be taken back, and takes
// back what was asked; a file that comes back is planned anew.
func TestRemove(t *testing.T) {
	t.Parallel()
	o, s := atWork(t)
	doubted, err := o.store.Delivery("acme/onsite/thank-you/mara@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	doubted.State = InDoubt
	o.store.set(doubted)
	if _, err := o.store.Ask(Question{Key: "mail/1", Application: "acme", Text: "?"}); err != nil {
		t.Fatal(err)
	}
	done, err := s.Remove(t.Context(), "acme")
	if err != nil || done.Cancelled == 0 || len(done.Unsettled) != 1 || done.Unsettled[0].Key != doubted.Key {
		t.Fatalf("removing: %+v, %v", done, err)
	}
	if d, _ := o.store.Delivery(kensNote); d.State != Cancelled || !strings.Contains(d.Why, "you removed") {
		t.Errorf("Ken's note is %s: %s", d.State, d.Why)
	}
	if asked := o.asked(); asked != "" {
		t.Errorf("still asked: %s", asked)
	}
	if err := o.store.Put(Delivery{Key: doubted.Key, Application: "acme", State: Sent, Kind: Owed}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-23 18:00")
	if d, _ := o.store.Delivery(kensNote); d.State != Review {
		t.Errorf("with its file back, Ken's note is %s: %s", d.State, d.Why)
	}
}
