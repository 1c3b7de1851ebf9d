// Package sqlite keeps the store of package scheduler in one SQLite file.
//
// One connection writes, in transactions that take the write lock at their
// start; a few others read. All are in WAL mode, so readers never wait for the
// writer. Every commit is synced to the disk before it is reported: a claim
// that a power cut could undo would be a second mail.
//
// Nothing here runs in the background and no SQL reads a clock, so that a
// store can be used in virtual time.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Store is a scheduler.Store in an SQLite file. It is safe for concurrent use,
// and other processes may have the same file open.
type Store struct {
	path     string
	uri      string
	settings settings

	// writing and asking hold their one connection while nobody uses it. The
	// connection is nil where it has to be opened first. A channel, not a
	// mutex: waiting ends with the context.
	writing chan *conn
	asking  chan *conn // asks for the version, nothing else
	closed  chan struct{}

	briefs  *briefs
	mu      sync.Mutex // guards readers; never held while waiting
	readers []*conn    // idle
}

var _ scheduler.Store = (*Store)(nil)

// idleReaders is how many reading connections are kept open; more are opened
// while more are in use, so that a View inside a View never waits for itself.
const idleReaders = 2

// Update runs f in one writing transaction. It waits for other writers, of
// this process and of others, until ctx ends. When it returns nil the
// transaction is on the disk. The Tx serves one goroutine, until f returns.
// An error after which the store cannot be relied on is a
// scheduler.ErrStoreFailed; the next transaction then opens the file anew, but
// for a disk that had no room. If
// it was the sync of the commit that failed, nobody knows what the disk has:
// the transaction is then found to be stored in full or not at all.
func (s *Store) Update(ctx context.Context, f func(scheduler.Tx) error) error {
	c, err := s.takeWriter(ctx)
	if err != nil {
		return fmt.Errorf("updating the store: %w", err)
	}
	defer func() { s.putBack(s.writing, c) }()
	// What f returns is its caller's own error and passes as it is.
	err = c.transact(ctx, `BEGIN IMMEDIATE`, func(t *tx) error { return f(t) })
	// Only a write says that there is no room, never a sync: what was begun is taken
	// back, the connection is as good as before, and it is needed again and again
	// until there is room.
	if errors.Is(err, scheduler.ErrStoreFailed) && !errors.Is(err, sqlite3.FULL) {
		c.broken = true
	}
	return err
}

// View runs f on a snapshot: commits during f are not seen. The Reader serves
// one goroutine, until f returns.
func (s *Store) View(ctx context.Context, f func(scheduler.Reader) error) error {
	c, err := s.takeReader(ctx)
	if err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	defer func() { s.keepReader(c) }()
	err = c.transact(ctx, `BEGIN`, func(t *tx) error { return f(&t.reader) })
	if errors.Is(err, scheduler.ErrStoreFailed) {
		c.broken = true
	}
	return err
}

// Version returns a number that differs from the last one if and only if
// somebody changed the store in between. It means nothing to another Store.
func (s *Store) Version(ctx context.Context) (int64, error) {
	c, err := s.take(ctx, s.asking)
	if err != nil {
		return 0, fmt.Errorf("asking for the store's version: %w", err)
	}
	defer func() { s.putBack(s.asking, c) }()
	defer c.interruptBy(ctx)()
	// This connection never writes: every commit is another's.
	version, err := c.number(`PRAGMA data_version`)
	if err != nil {
		return 0, fmt.Errorf("asking for the store's version: %w", explain(ctx, err))
	}
	return version, nil
}

// Close waits for the writer and closes the file; a View under way keeps its
// own connection until it ends. A second Close does nothing, everything else
// fails after the first.
func (s *Store) Close() error {
	var asker, writer *conn
	for _, place := range []struct {
		from chan *conn
		to   **conn
	}{{s.writing, &writer}, {s.asking, &asker}} {
		select {
		case *place.to = <-place.from:
		case <-s.closed:
			return nil
		}
	}
	close(s.closed)
	s.mu.Lock()
	conns := append(s.readers, asker, writer)
	s.readers = nil
	s.mu.Unlock()
	var errs []error
	// The writer goes last: it moves the log into the file.
	for _, c := range conns {
		if c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}
