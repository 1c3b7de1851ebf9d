package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

var errOnPurpose = errors.New("on purpose")

// writeEverything uses every method that writes.
func writeEverything(tx scheduler.Tx) error {
	_, errAsk := tx.Ask(scheduler.Question{Key: "q"})
	_, errMail := tx.AddMail(scheduler.Mail{MessageID: "<a@x>"})
	_, errNotify := tx.Notify(scheduler.Notice{Key: "n"})
	return errors.Join(
		tx.Put(planned("a", "acme", "ken@acme.example"), noon()),
		tx.Log(scheduler.Event{At: noon(), What: "planned"}),
		tx.SetHold(scheduler.Hold{Scope: scheduler.ScopeEverything}),
		tx.SetMeta("epoch", "1"),
		tx.SetCursor(mailer.Cursor{Folder: "INBOX", UID: 1}),
		errAsk, errMail, errNotify,
	)
}

// count returns how many things are in the store.
func count(t *testing.T, s scheduler.Store) (n int) {
	t.Helper()
	n += len(deliveries(t, s, scheduler.DeliveryQuery{}))
	n += len(view(t, s, scheduler.Reader.Holds))
	n += len(view(t, s, scheduler.Reader.Questions))
	n += len(findMails(t, s, scheduler.MailQuery{}))
	n += len(view(t, s, func(r scheduler.Reader) ([]scheduler.Event, error) { return r.Events(scheduler.EventQuery{}) }))
	n += len(view(t, s, scheduler.Reader.Cursors))
	n += len(view(t, s, func(r scheduler.Reader) ([]scheduler.Notice, error) { return r.Notices(false) }))
	if view(t, s, func(r scheduler.Reader) (string, error) { return r.Meta("epoch") }) != "" {
		n++
	}
	return n
}

const everything = 8

func errorRollsBack(t *testing.T, open Opener) {
	s := start(t, open)
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		return errors.Join(writeEverything(tx), errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("Update returned %v, want the error of its function", err)
	}
	if n := count(t, s); n != 0 {
		t.Errorf("%d things stayed of a transaction that failed", n)
	}
	update(t, s, writeEverything)
	if n := count(t, s); n != everything {
		t.Errorf("the next transaction left %d things, want %d", n, everything)
	}
}

func panicRollsBack(t *testing.T, open Opener) {
	s := start(t, open)
	func() {
		defer func() {
			if got := recover(); got != errOnPurpose {
				t.Errorf("the panic came out as %v", got)
			}
		}()
		_ = s.Update(t.Context(), func(tx scheduler.Tx) error {
			if err := writeEverything(tx); err != nil {
				return err
			}
			panic(errOnPurpose)
		})
	}()
	if n := count(t, s); n != 0 {
		t.Errorf("%d things stayed of a transaction that panicked", n)
	}
	update(t, s, writeEverything)
}

func ownWritesAreSeen(t *testing.T, open Opener) {
	s := start(t, open)
	update(t, s, func(tx scheduler.Tx) error {
		if err := writeEverything(tx); err != nil {
			return err
		}
		d, err := tx.Delivery("a")
		if err != nil {
			return err
		}
		d.State = scheduler.Cancelled
		if err := tx.Put(d, time.Time{}); err != nil {
			return err
		}
		wake, err := tx.Wake()
		if !wake.IsZero() {
			t.Errorf("after its delivery was cancelled the transaction still wakes at %v", wake)
		}
		return err
	})
	same(t, "the state", delivery(t, s, "a").State, scheduler.Cancelled)
}

// A function that ignores a failed write must not commit the half of it that
// went through.
func halfAWriteIsNotCommitted(t *testing.T, open Opener) {
	s := start(t, open)
	put(t, s, planned("a", "acme", "ken@acme.example"))
	clash := planned("b", "acme", "ida@acme.example")
	clash.Frozen.MessageID = "<a@example.org>"
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		if err := tx.Put(clash, time.Time{}); err == nil {
			t.Error("two deliveries have one own Message-ID")
		}
		return nil
	})
	if err == nil {
		t.Error("the transaction was committed although a write in it failed")
	}
	same(t, "what stands", keys(deliveries(t, s, scheduler.DeliveryQuery{})), []string{"a"})
}

func transactionEnds(t *testing.T, open Opener) {
	s := start(t, open)
	var tx scheduler.Tx
	var r scheduler.Reader
	update(t, s, func(given scheduler.Tx) error {
		tx = given
		return nil
	})
	if err := s.View(t.Context(), func(given scheduler.Reader) error {
		r = given
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := tx.SetMeta("late", "1"); err == nil {
		t.Error("a transaction could be written to after its end")
	}
	if _, err := r.Holds(); err == nil {
		t.Error("a transaction could be read after its end")
	}
}

func snapshot(t *testing.T, open Opener) {
	s := start(t, open)
	update(t, s, func(tx scheduler.Tx) error { return tx.SetMeta("epoch", "1") })
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		before, err := r.Meta("epoch")
		if err != nil {
			return err
		}
		update(t, s, func(tx scheduler.Tx) error { return tx.SetMeta("epoch", "2") })
		after, err := r.Meta("epoch")
		if before != "1" || after != "1" {
			t.Errorf("one View saw %q, then %q", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the value afterwards", view(t, s, func(r scheduler.Reader) (string, error) { return r.Meta("epoch") }), "2")
}

func viewInUpdate(t *testing.T, open Opener) {
	s := start(t, open)
	update(t, s, func(tx scheduler.Tx) error {
		if err := tx.SetMeta("epoch", "1"); err != nil {
			return err
		}
		var nest func(depth int)
		nest = func(depth int) {
			got := view(t, s, func(r scheduler.Reader) (string, error) {
				if depth > 0 {
					nest(depth - 1)
				}
				return r.Meta("epoch")
			})
			if got != "" {
				t.Errorf("a View saw %q, which is not committed yet", got)
			}
		}
		nest(6)
		return nil
	})
}

func reopen(t *testing.T, open Opener) {
	s := open(t)
	update(t, s, writeEverything)
	putAt(t, s, "b", noon().Add(time.Hour))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = start(t, open)
	if n := count(t, s); n != everything+1 {
		t.Errorf("%d things were found again, want %d", n, everything+1)
	}
	want := planned("a", "acme", "ken@acme.example")
	same(t, "the delivery", delivery(t, s, "a"), want)
	same(t, "the next wake-up", nextWake(t, s), noon())
}

// Two handles, as of two processes, and two goroutines on each read and then
// write: nobody may build on what another is about to change.
func noUpdateIsLost(t *testing.T, open Opener) {
	const each = 25
	handles := []scheduler.Store{start(t, open), start(t, open)}
	increment := func(tx scheduler.Tx) error {
		text, err := tx.Meta("count")
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(text)
		return tx.SetMeta("count", strconv.Itoa(n+1))
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for range each {
				if err := handles[worker%2].Update(t.Context(), increment); err != nil {
					t.Errorf("worker %d: %v", worker, err)
				}
			}
		})
	}
	all.Wait()
	for _, s := range handles {
		got := view(t, s, func(r scheduler.Reader) (string, error) { return r.Meta("count") })
		same(t, "the count", got, strconv.Itoa(4*each))
	}
}

// Somebody else writes, here or in another process: whoever waits stops with
// the context, and nothing of theirs stays.
func waitingEndsWithTheContext(t *testing.T, open Opener) {
	holder, other := start(t, open), start(t, open)
	for name, waiter := range map[string]scheduler.Store{"same handle": holder, "other handle": other} {
		update(t, holder, func(scheduler.Tx) error {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() {
				done <- waiter.Update(ctx, func(tx scheduler.Tx) error { return tx.SetMeta("waited", "1") })
			}()
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("%s: waiting ended with %v, want the context's error", name, err)
			}
			return nil
		})
		got := view(t, waiter, func(r scheduler.Reader) (string, error) { return r.Meta("waited") })
		same(t, "what the one that waited wrote", got, "")
	}
}

func contextThatHasEnded(t *testing.T, open Opener) {
	s := start(t, open)
	update(t, s, writeEverything)
	ran := func(error) error {
		t.Error("a transaction ran in a context that had ended")
		return nil
	}
	for name, err := range map[string]error{
		"Update": s.Update(ended(t), func(scheduler.Tx) error { return ran(nil) }),
		"View":   s.View(ended(t), func(scheduler.Reader) error { return ran(nil) }),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want the context's error", name, err)
		}
	}
	// A context that ends inside is an end without a commit.
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx scheduler.Tx) error {
		defer cancel()
		return tx.SetMeta("epoch", "2")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update whose context ended inside: %v, want the context's error", err)
	}
	same(t, "the value", view(t, s, func(r scheduler.Reader) (string, error) { return r.Meta("epoch") }), "1")
}

func version(t *testing.T, open Opener) {
	s, other := start(t, open), start(t, open)
	ask := func() int64 {
		t.Helper()
		v, err := s.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	last := ask()
	changed := func(what string, want bool) {
		t.Helper()
		now := ask()
		if (now != last) != want {
			t.Errorf("after %s the version went from %d to %d", what, last, now)
		}
		last = now
	}
	changed("nothing", false)
	update(t, s, writeEverything)
	changed("an own commit", true)
	changed("nothing", false)
	update(t, other, func(tx scheduler.Tx) error { return tx.SetMeta("epoch", "2") })
	changed("another's commit", true)
	update(t, other, func(tx scheduler.Tx) error { return tx.SetMeta("epoch", "3") })
	update(t, s, func(tx scheduler.Tx) error { return tx.SetMeta("epoch", "2") })
	changed("a commit and the one that undid it", true)
	_ = s.Update(t.Context(), func(tx scheduler.Tx) error { return errors.Join(writeEverything(tx), errOnPurpose) })
	changed("a rollback", false)
	count(t, s)
	changed("reading", false)
}

func closing(t *testing.T, open Opener) {
	s := open(t)
	update(t, s, writeEverything)
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	_, errVersion := s.Version(t.Context())
	for name, err := range map[string]error{
		"Update":  s.Update(t.Context(), func(scheduler.Tx) error { return nil }),
		"View":    s.View(t.Context(), func(scheduler.Reader) error { return nil }),
		"Version": errVersion,
	} {
		if err == nil {
			t.Errorf("%s worked on a closed store", name)
		}
	}
}
