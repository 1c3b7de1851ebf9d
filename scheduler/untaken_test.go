package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"afterword/mailer"
)

// fullStore refuses every write while it is full.
type fullStore struct {
	*memory
	full  bool
	asked int // in vain
}

// Update implements Store.
func (s *fullStore) Update(ctx context.Context, f func(Tx) error) error {
	if s.full {
		s.asked++
		return fmt.Errorf("%w: the disk is full", ErrStoreFailed)
	}
	return s.memory.Update(ctx, f)
}

// TestFilesSavedOnAFullDisk: who corrects a password, or logs in anew, while the
// store takes no write is not asked to do so again once it does.
func TestFilesSavedOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := &fullStore{memory: newMemory()}
	d, files := shutAccounts(t, s, "a password")
	held := func() int {
		holds, err := s.Holds()
		if err != nil {
			t.Fatal(err)
		}
		return len(holds)
	}
	if err := s.SetHold(Hold{Scope: ScopeEverything, Source: sourceLogin, Reason: "the login was refused"}); err != nil {
		t.Fatal(err)
	}
	s.full, files.policy.Logins = true, []string{"another password"}
	if err := d.filesChanged(t.Context()); !errors.Is(err, ErrStoreFailed) || held() != 1 {
		t.Fatalf("on a full disk: %v, %d holds", err, held())
	}
	s.full = false
	if err := d.filesChanged(t.Context()); err != nil || held() != 0 {
		t.Errorf("with room again: %v, %d holds", err, held())
	}
}

// TestFilesReadAgainOnAFullDisk: a change that the store could not take is not tried
// before it works, however often the files are read meanwhile: each try has the mailbox
// read at once, which leads to the next. A further change is taken in.
func TestFilesReadAgainOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := &fullStore{memory: newMemory()}
	d, files := shutAccounts(t, s, "a password")
	s.full, files.apps = true, nil
	for n, want := range []int{1, 1, 1, 2} {
		if n == 3 {
			files.policy.Me.Name = "Dana R. Reyes"
		}
		if err := d.filesChanged(t.Context()); err != nil && d.storeTrouble(err) != nil {
			t.Fatal(err)
		}
		if s.asked != want {
			t.Errorf("reading %d: the store was asked %d times, want %d", n+1, s.asked, want)
		}
	}
}

// TestMailGoesOnAfterAFullDisk: mail that was about to leave when the store failed is
// looked after once that works again. Nothing else would wake it before it expires.
func TestMailGoesOnAfterAFullDisk(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Application.Interviews[0].Interviewers[0].Said = "the pager moves"
	s, clock := &fullStore{memory: newMemory()}, &handClock{now: paris("2026-11-24 09:40")}
	d := &Daemon{Store: s, Files: &papers{policy: f.Policy, apps: []Application{f.Application}}, Writers: Writers{Renderer: scribe{}, Proofreader: scribe{}}, Clock: clock,
		Log: slog.New(slog.DiscardHandler), begun: true}
	if err := errors.Join(d.readFiles(), d.attendAll(t.Context(), []string{"acme"})); err != nil {
		t.Fatal(err)
	}
	about, waiting := d.line.front()
	if !waiting {
		t.Fatal("no mail may leave")
	}
	// The courier takes it, and its last look meets the full disk.
	d.line.drop(about)
	s.full = true
	if err := d.attendAll(t.Context(), []string{"acme"}); !errors.Is(err, ErrStoreFailed) || d.storeTrouble(err) != nil {
		t.Fatalf("on a full disk: %v", err)
	}
	s.full, clock.now = false, clock.now.Add(time.Hour)
	if due, err := s.Woken(clock.now, 9); err != nil || len(due) > 0 {
		t.Fatalf("an hour later the store wakes %d mails (%v)", len(due), err)
	}
	if err := d.storeWorks(t.Context()); err != nil || d.storeFailures > 0 {
		t.Fatalf("with room again: %v, %d failures", err, d.storeFailures)
	}
	if next, waiting := d.line.front(); !waiting || next.key != about.key {
		t.Errorf("with room again %q may leave (%v), want %q", next.key, waiting, about.key)
	}
}

// letterbox is a mailbox with one letter that is never read to its end.
type letterbox struct{ Mailbox }

func (letterbox) Look(ctx context.Context, _ mailer.LookRequest, apply func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	letter := mailer.Fetched{Folder: "INBOX", Role: mailer.RoleInbox, UID: 1, UIDValidity: 1, Header: []byte("From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\n")}
	return mailer.LookResult{}, apply(ctx, mailer.Batch{Messages: []mailer.Fetched{letter}, Cursor: mailer.Cursor{Folder: "INBOX", UIDValidity: 1, UID: 1}})
}

// decides lets somebody do what the deciding goroutine is asked for, until the test ends.
func (d *Daemon) decides(t *testing.T) {
	d.asks = make(chan func())
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	go func() {
		for {
			select {
			case ask := <-d.asks:
				ask()
			case <-end:
				return
			}
		}
	}()
}

// TestLookOnAFullDisk: a look that the store cannot take asks it once, and is made
// again when it can.
func TestLookOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := &fullStore{memory: newMemory(), full: true}
	d, _ := shutAccounts(t, s, "1")
	d.Mailbox, d.Tables = letterbox{}, mailer.LoadTables()
	d.decides(t)
	for look := 1; look <= 3; look++ {
		if err := d.look(t.Context(), true); !errors.Is(err, ErrStoreFailed) {
			t.Fatalf("a look that the store did not take: %v", err)
		}
		if s.asked != look || d.storeFailures != look {
			t.Errorf("after %d looks the store was asked %d times and failed %d times", look, s.asked, d.storeFailures)
		}
	}
	s.full = false
	if err := d.look(t.Context(), true); err != nil || s.asked != 3 {
		t.Errorf("with room again: %v", err)
	}
}
