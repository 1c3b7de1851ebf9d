package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// fillStore stores n deliveries with a mail, an event and a hold each.
func fillStore(tx scheduler.Tx, n int) error {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i := range n {
		d := example(fmt.Sprintf("app-%d/onsite/thank-you/ken@acme.example", i))
		_, errMail := tx.AddMail(scheduler.Mail{MessageID: d.Frozen.MessageID, At: at})
		err := errors.Join(errMail,
			tx.Put(d, at),
			tx.Log(scheduler.Event{At: at, Key: d.Key, What: "planned"}),
			tx.SetHold(scheduler.Hold{Scope: scheduler.ScopeDelivery, Target: d.Key}),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

func TestCheckFindsNothingInASoundStore(t *testing.T) {
	t.Parallel()
	if err := openStore(t, filledFile(t)).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Damage in the middle of a file is not seen when it is opened.
func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("\xa5", 3*4096)), info.Size()/4096/2*4096)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	err = openStore(t, path).Check(t.Context())
	if !errors.Is(err, ErrDamaged) || !errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("three pages overwritten: %v, want ErrDamaged and ErrStoreFailed", err)
	}
}

func TestCheckFindsOrphans(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	s := openStore(t, path)
	execute(t, rawConn(t, path), `PRAGMA foreign_keys = OFF; INSERT INTO message_ids VALUES ('<lost@x>', 'nobody', 0)`)
	if err := s.Check(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "message_ids") {
		t.Errorf("a message ID of a delivery that is not there: %v, want ErrDamaged and its table", err)
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	s := openStore(t, filledFile(t))
	path := filepath.Join(t.TempDir(), "It's a backup? 100%.db")
	if err := os.WriteFile(path, []byte("an older one"), 0o644); err != nil {
		t.Fatal(err)
	}
	// A backup is taken while somebody writes, and has what was committed.
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		if err := tx.SetMeta("probe", "not committed"); err != nil {
			return err
		}
		return s.Backup(t.Context(), path)
	})
	if err != nil {
		t.Fatal(err)
	}
	copied := openStore(t, path)
	if err := copied.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got := getMeta(t, copied); got != "" {
		t.Errorf("the copy has %q, which was not committed", got)
	}
	var found []scheduler.Delivery
	err = copied.View(t.Context(), func(r scheduler.Reader) (err error) {
		found, err = r.Deliveries(scheduler.DeliveryQuery{})
		return err
	})
	if err != nil || len(found) != 300 {
		t.Errorf("the copy has %d deliveries (%v), want 300", len(found), err)
	}
}

func TestBackupThatFailsLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	s := openStore(t, filledFile(t))
	folder := t.TempDir()
	path := filepath.Join(folder, "backup.db")
	if err := os.WriteFile(path, []byte("an older one"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("a backup in a context that has ended: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(folder, "none", "backup.db")); err == nil {
		t.Error("a backup went into a folder that is not there")
	}
	kept, err := os.ReadFile(path)
	if err != nil || string(kept) != "an older one" {
		t.Errorf("the older backup is now %q (%v)", kept, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v (%v), want the older backup alone", entries, err)
	}
}
