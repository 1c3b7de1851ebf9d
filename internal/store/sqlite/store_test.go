package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/internal/store/storetest"
	"afterword/mailer"
	"afterword/scheduler"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		path := newPath(t)
		return func(t *testing.T) scheduler.Store {
			t.Helper()
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "state", "afterword.db") }

// openStore opens a store that is closed when the test ends.
func openStore(t testing.TB, path string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

// rawConn is a connection past all checks of the package.
func rawConn(t testing.TB, path string) *conn {
	t.Helper()
	c, err := openConn(t.Context(), fileURI(path, ""), "FULL")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Errorf("closing the connection: %v", err)
		}
	})
	return c
}

func execute(t testing.TB, c *conn, sql string) {
	t.Helper()
	if err := c.db.Exec(sql); err != nil {
		t.Fatalf("executing %s: %v", sql, err)
	}
}

// texts returns the first column of a query.
func texts(t testing.TB, c *conn, sql string, args ...any) (list []string) {
	t.Helper()
	err := c.run(sql, args, func(s *sqlite3.Stmt) error {
		list = append(list, s.ColumnText(0))
		return nil
	})
	if err != nil {
		t.Fatalf("querying %s: %v", sql, err)
	}
	return list
}

func setMeta(s *Store, ctx context.Context, value string) error {
	return s.Update(ctx, func(tx scheduler.Tx) error { return tx.SetMeta("probe", value) })
}

func getMeta(t testing.TB, s *Store) (value string) {
	t.Helper()
	err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
		value, err = r.Meta("probe")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func example(key string) scheduler.Delivery {
	return scheduler.Delivery{
		Key: key, Application: "acme", State: scheduler.Planned, To: scheduler.Recipient{Email: "ken@acme.example"},
		Frozen: &mailer.Frozen{MessageID: "<" + key + "@example.org>", From: "dana@example.org", To: "ken@acme.example", Bytes: []byte("Hi\r\n")},
	}
}

func TestNestedUpdateIsRefused(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	err := s.Update(t.Context(), func(scheduler.Tx) error { return setMeta(s, t.Context(), "inner") })
	if !errors.Is(err, errNested) {
		t.Errorf("an update inside another: %v, want errNested", err)
	}
	if err := setMeta(s, t.Context(), "after"); err != nil {
		t.Errorf("the next update: %v", err)
	}
}

// Two goroutines that update in turn are not nested, however they are started.
func TestUpdateFromAnotherGoroutineWaits(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	done := make(chan error, 1)
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		go func() { done <- setMeta(s, t.Context(), "second") }()
		return tx.SetMeta("probe", "first")
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if got := getMeta(t, s); got != "second" {
		t.Errorf("the value is %q, want second", got)
	}
}

// A View that a Close overtakes reads to its end and leaves nothing open.
func TestCloseDuringView(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	if err := setMeta(s, t.Context(), "kept"); err != nil {
		t.Fatal(err)
	}
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		if err := s.Close(); err != nil {
			return err
		}
		value, err := r.Meta("probe")
		if value != "kept" {
			t.Errorf("read %q, want kept", value)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.readers) != 0 {
		t.Errorf("%d connections stayed open", len(s.readers))
	}
}

func TestViewCannotWrite(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		if _, writes := r.(scheduler.Tx); writes {
			t.Error("what a View gives can write")
		}
		return r.(*reader).conn.db.Exec(`DELETE FROM events`)
	})
	if !errors.Is(err, sqlite3.READONLY) {
		t.Errorf("writing on a reading connection: %v, want a refusal", err)
	}
}

// The simulation runs the store in virtual time. Whoever waits for it must let
// that time pass, in this process as for another one's lock.
func TestVirtualTime(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		s, other := openStore(t, path), openStore(t, path)
		start := time.Now()
		err := s.Update(t.Context(), func(tx scheduler.Tx) error {
			done := make(chan error)
			for _, waiter := range []*Store{s, other} {
				go func() {
					ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
					defer cancel()
					done <- setMeta(waiter, ctx, "never")
				}()
			}
			for range 2 {
				if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("waiting ended with %v, want the deadline", err)
				}
			}
			return tx.SetMeta("probe", "in time")
		})
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != 7*time.Second {
			t.Errorf("the waiting took %v of virtual time, want 7s", waited)
		}
		if got := getMeta(t, other); got != "in time" {
			t.Errorf("the value is %q", got)
		}
	})
}

func TestBusyIsNoFailure(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		s, other := openStore(t, path), openStore(t, path)
		err := other.Update(t.Context(), func(scheduler.Tx) error { return setMeta(s, t.Context(), "never") })
		if !errors.Is(err, scheduler.ErrStoreBusy) || errors.Is(err, scheduler.ErrStoreFailed) {
			t.Errorf("writing to a store that another process holds: %v, want scheduler.ErrStoreBusy alone", err)
		}
		if err := setMeta(s, t.Context(), "then"); err != nil {
			t.Errorf("writing afterwards: %v", err)
		}
	})
}
