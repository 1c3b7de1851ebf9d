package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

var (
	// ErrNewer says that a later version of the program wrote the file.
	ErrNewer = errors.New("a newer version of afterword wrote this store; update afterword, or restore a backup that this version made")
	// ErrDamaged says that the file is cut short, overwritten or inconsistent.
	ErrDamaged = errors.New("the file is damaged or cut short; keep it, and restore the latest backup")
	// ErrForeign says that the file is a database of another program.
	ErrForeign = errors.New("this is a database of another program")

	// errNested says that a function given to Update called Update.
	errNested = errors.New("an update inside another would wait for itself")
	errEnded  = errors.New("the transaction has ended")
	errClosed = errors.New("the store is closed")
)

// explain turns an error of the database into one that callers can act on:
// whether to stop sending, to try again, or to look at their own deadline.
func explain(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, scheduler.ErrStoreFailed) {
		return err
	}
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return err
	}
	switch code {
	case sqlite3.INTERRUPT:
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
	case sqlite3.BUSY, sqlite3.LOCKED:
		// The busy handler gives up when the context ends, too.
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return fmt.Errorf("%w: %w", scheduler.ErrStoreBusy, err)
	case sqlite3.CORRUPT, sqlite3.NOTADB:
		return fmt.Errorf("%w: %w: %w", scheduler.ErrStoreFailed, ErrDamaged, err)
	case sqlite3.IOERR, sqlite3.FULL, sqlite3.CANTOPEN, sqlite3.READONLY, sqlite3.PERM, sqlite3.PROTOCOL, sqlite3.NOLFS:
		return fmt.Errorf("%w: %w", scheduler.ErrStoreFailed, err)
	}
	return err
}
