package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
)

// fullStore refuses every write while it is full.
type fullStore struct {
	*memory
	full bool
}

// Update implements Store.
func (s *fullStore) Update(ctx context.Context, f func(Tx) error) error {
	if s.full {
		return fmt.Errorf("%w: the disk is full", ErrStoreFailed)
	}
	return s.memory.Update(ctx, f)
}

// TestFilesSavedOnAFullDisk: who corrects a password, or logs in anew, while the
// store takes no write is not asked to do so again once it does.
func TestFilesSavedOnAFullDisk(t *testing.T) {
	t.Parallel()
	f := inPlay("acme", "Acme", "2026-11-02")
	files := &papers{policy: f.Policy, apps: []Application{f.Application}}
	s := &fullStore{memory: newMemory()}
	d := &Daemon{Store: s, Files: files, Writers: Writers{Renderer: scribe{}, Proofreader: scribe{}}, Clock: &handClock{now: paris("2026-11-02 12:00")}, Log: slog.New(slog.DiscardHandler),
		news: make(chan struct{}, 1), Changed: func() bool { return false }, begun: true}
	if err := d.readFiles(); err != nil {
		t.Fatal(err)
	}
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
