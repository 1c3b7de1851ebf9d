package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"afterword/mailer"
)

// ErrNoStore is that of a write to NoStore.
var ErrNoStore = errors.New("there is none yet; `afterword run` makes it")

// NoStore is the store of a profile that was never run: it knows nothing, and
// nothing can be written to it.
type NoStore struct{}

// Update fails: there is nothing to write to.
func (NoStore) Update(context.Context, func(Tx) error) error {
	return fmt.Errorf("writing to the store: %w", ErrNoStore)
}

// View shows emptiness.
func (NoStore) View(_ context.Context, f func(Reader) error) error { return f(nothing{}) }

// Version never changes.
func (NoStore) Version(context.Context) (int64, error) { return 0, nil }

// Close does nothing.
func (NoStore) Close() error { return nil }

// nothing is a Reader without content.
type nothing struct{}

func (nothing) Delivery(string) (Delivery, error)            { return Delivery{}, ErrNotFound }
func (nothing) Deliveries(DeliveryQuery) ([]Delivery, error) { return nil, nil }
func (nothing) Wake() (time.Time, error)                     { return time.Time{}, nil }
func (nothing) Woken(time.Time, int) ([]Delivery, error)     { return nil, nil }
func (nothing) Holds() ([]Hold, error)                       { return nil, nil }
func (nothing) Questions() ([]Question, error)               { return nil, nil }
func (nothing) QuestionsOf(string) ([]Question, error)       { return nil, nil }
func (nothing) Mails(MailQuery) ([]Mail, error)              { return nil, nil }
func (nothing) Events(EventQuery) ([]Event, error)           { return nil, nil }
func (nothing) Cursors() ([]mailer.Cursor, error)            { return nil, nil }
func (nothing) Notices(bool) ([]Notice, error)               { return nil, nil }
func (nothing) Meta(string) (string, error)                  { return "", nil }
func (nothing) MetaNames(string) ([]string, error)           { return nil, nil }
