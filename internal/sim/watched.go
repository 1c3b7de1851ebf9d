package sim

import (
	"context"
	"time"

	"afterword/scheduler"
)

// Watched is a store whose moves of the state table the machine counts. Events
// would not tell all of them: where the ledger knows more than a store that was put
// back, one event tells a way of several moves.
func (m *Machine) Watched(s scheduler.Store) scheduler.Store { return &watchedStore{s, m.moved} }

// watchedStore counts what is committed.
type watchedStore struct {
	scheduler.Store
	moved func(moves []string)
}

// Update implements scheduler.Store.
func (w *watchedStore) Update(ctx context.Context, f func(scheduler.Tx) error) error {
	var moves []string
	err := w.Store.Update(ctx, func(tx scheduler.Tx) error {
		return f(&watchedTx{tx, &moves})
	})
	if err == nil {
		w.moved(moves)
	}
	return err
}

// watchedTx notes each move.
type watchedTx struct {
	scheduler.Tx
	moves *[]string
}

// Put implements scheduler.Tx.
func (w *watchedTx) Put(d scheduler.Delivery, wake time.Time) error {
	before, known := w.Tx.Delivery(d.Key)
	err := w.Tx.Put(d, wake)
	if err == nil && known == nil && before.State != d.State {
		*w.moves = append(*w.moves, moveName(string(before.State), string(d.State)))
	}
	return err
}
