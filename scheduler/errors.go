package scheduler

import "errors"

// What a store reports beside the errors of its caller.
var (
	// ErrNotFound says that what was asked for is not in the store.
	ErrNotFound = errors.New("not found")
	// ErrStoreFailed says that the store cannot be relied on: an I/O error, a
	// full disk, damage. Nothing may be sent until it was opened and read
	// anew: a transaction that failed so may be found stored. A store that is
	// merely busy does not report it.
	ErrStoreFailed = errors.New("the store failed")
	// ErrStoreBusy says that another process keeps the store from being
	// written. Nothing is wrong with it; what was to be written is tried again.
	ErrStoreBusy = errors.New("another process is writing to the store")
)

// ignoreMissing takes what is not there any more for nothing to do.
func ignoreMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
