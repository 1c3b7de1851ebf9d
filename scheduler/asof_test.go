package scheduler

import (
	"context"
	"testing"
)

// halfStore fails only once a change has been made.
type halfStore struct{ *memory }

func (s halfStore) Update(ctx context.Context, f func(Tx) error) error {
	if err := s.memory.Update(ctx, f); err == nil {
		return nil
	}
	return ErrStoreFailed
}

// TestEachMailIsShownOnce: also where the store fails behind the look.
func TestEachMailIsShownOnce(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	s := o.acts(f, "2026-11-23 17:00")
	s.Store = halfStore{o.store}
	all, err := s.Previews(t.Context(), "", paris("2026-11-23 17:00"))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, p := range all {
		shown[p.Delivery.Key]++
	}
	if len(shown) == 0 || len(shown) != len(all) {
		t.Errorf("shown are %v", shown)
	}
}
