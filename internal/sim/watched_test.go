package sim

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"afterword/scheduler"
)

// oneDelivery is a store with one delivery, of which nothing is kept if the
// transaction fails.
type oneDelivery struct {
	scheduler.Store
	scheduler.Tx
	stands scheduler.State
}

// Update implements scheduler.Store.
func (o *oneDelivery) Update(_ context.Context, f func(scheduler.Tx) error) error {
	before := o.stands
	err := f(o)
	if err != nil {
		o.stands = before
	}
	return err
}

// Delivery implements scheduler.Tx.
func (o *oneDelivery) Delivery(string) (scheduler.Delivery, error) {
	return scheduler.Delivery{State: o.stands}, nil
}

// Put implements scheduler.Tx.
func (o *oneDelivery) Put(d scheduler.Delivery, _ time.Time) error {
	o.stands = d.State
	return nil
}

// TestMovesAreCounted: every move of a transaction that was committed counts, also
// several of one delivery, and none of one that was not.
func TestMovesAreCounted(t *testing.T) {
	t.Parallel()
	var moves []string
	m := &Machine{moved: func(more []string) { moves = append(moves, more...) }}
	store := m.Watched(&oneDelivery{stands: scheduler.Expired})
	take := func(then error, states ...scheduler.State) {
		t.Helper()
		err := store.Update(t.Context(), func(tx scheduler.Tx) error {
			for _, s := range states {
				if err := tx.Put(scheduler.Delivery{State: s}, time.Time{}); err != nil {
					return err
				}
			}
			return then
		})
		if !errors.Is(err, then) {
			t.Errorf("%v ended with %v, want %v", states, err, then)
		}
	}
	take(nil, scheduler.Review, scheduler.Review, scheduler.Approved)
	take(errors.New("the disk is full"), scheduler.Sending)
	take(nil, scheduler.Cancelled)
	if want := []string{"expired -> review", "review -> approved", "approved -> cancelled"}; !slices.Equal(moves, want) {
		t.Errorf("counted %q, want %q", moves, want)
	}
}
