package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func open(t *testing.T, path string) *Ledger {
	t.Helper()
	l, err := Open(path, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func add(t *testing.T, l *Ledger, key, address string, attempt int) {
	t.Helper()
	if err := l.Append(key, address, attempt, time.UnixMilli(1700000000000)); err != nil {
		t.Fatal(err)
	}
}

func TestRemembersAcrossReopening(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	add(t, l, "acme/onsite/thank-you/ken@acme.example", "ken@acme.example", 1)
	add(t, l, "acme/onsite/thank-you/mara@acme.example", "mara@acme.example", 2)
	left := time.UnixMilli(1700000060000)
	if err := l.Append("acme/onsite/thank-you/ken@acme.example", "ken@acme.example", 3, left); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	looked, err := Read(path, []byte("secret"))
	if err != nil || looked.Attempt("acme/onsite/thank-you/mara@acme.example") != 2 || looked.Append("x", "x@acme.example", 1, left) == nil {
		t.Errorf("what is only looked at: %v", err)
	}
	again := open(t, path)
	if got := again.Attempt("acme/onsite/thank-you/ken@acme.example"); got != 3 {
		t.Errorf("the ledger knows attempt %d for Ken, want 3", got)
	}
	if got := again.HandedOver("acme/onsite/thank-you/ken@acme.example"); !got.Equal(left) {
		t.Errorf("the third attempt was handed over at %s, want %s", got, left)
	}
	if got := again.HandedOver("acme/onsite/thank-you/tomas@acme.example"); !got.IsZero() {
		t.Errorf("what was never handed over was at %s", got)
	}
	if got := again.Attempt("acme/onsite/thank-you/tomas@acme.example"); got != 0 {
		t.Errorf("the ledger knows attempt %d for Tomas, want none", got)
	}
	if got := again.Strangers([]string{"acme/onsite/thank-you/ken@acme.example"}); got != 1 {
		t.Errorf("the ledger names %d strangers, want Mara alone", got)
	}
}

// TestNamesNobody: who finds the file learns neither a key nor an address.
func TestNamesNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	add(t, open(t, path), "acme/onsite/thank-you/ken@acme.example", "ken@acme.example", 1)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"acme", "ken", "onsite", "thank"} {
		if strings.Contains(string(text), word) {
			t.Errorf("the ledger shows %q: %s", word, text)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the ledger's mode is %v (%v), want 0600", info.Mode(), err)
	}
}

// TestTornLine: after a crash at any byte of the last line, the lines before it
// stand and the next one is written whole.
func TestTornLine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	add(t, l, "one", "a@b.example", 1)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	add(t, l, "two", "a@b.example", 1)
	both, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(first); cut < len(both); cut++ {
		torn := filepath.Join(t.TempDir(), "torn.ledger")
		if err := os.WriteFile(torn, both[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, torn)
		if l.Attempt("one") != 1 || l.Attempt("two") != 0 {
			t.Fatalf("cut at %d: the ledger knows one=%d two=%d, want 1 and 0", cut, l.Attempt("one"), l.Attempt("two"))
		}
		add(t, l, "three", "a@b.example", 1)
		if again := open(t, torn); again.Attempt("three") != 1 || again.Attempt("one") != 1 {
			t.Fatalf("cut at %d: the line after the torn one is lost", cut)
		}
	}
}

// TestDamage: a line that was changed anywhere but at the end stops everything.
func TestDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	add(t, l, "one", "a@b.example", 1)
	add(t, l, "two", "a@b.example", 1)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range text {
		damaged := append([]byte(nil), text...)
		damaged[at] ^= 1
		bad := filepath.Join(t.TempDir(), "bad.ledger")
		if err := os.WriteFile(bad, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(bad, []byte("secret"))
		if err == nil && l.Attempt("one") == 1 && l.Attempt("two") == 1 {
			t.Fatalf("a changed byte at %d went unnoticed and named the same", at)
		}
		if err == nil {
			// Only a damaged line end at the very end reads as a torn line.
			if at != len(text)-1 {
				t.Errorf("a changed byte at %d went unnoticed", at)
			}
			_ = l.Close()
		}
	}
}

// failingFile fails as a disk does: what it is told to write may be there in
// part, or may be said to be there and is not.
type failingFile struct {
	*os.File
	keep     int // bytes of a failing write that stay
	failing  bool
	syncOnly bool
}

func (f *failingFile) Write(p []byte) (int, error) {
	if f.failing && !f.syncOnly {
		n, _ := f.File.Write(p[:f.keep])
		return n, syscall.ENOSPC
	}
	return f.File.Write(p)
}

func (f *failingFile) Sync() error {
	if f.failing {
		return syscall.EIO
	}
	return f.File.Sync()
}

// TestFailedAppend: a line that could not be written is not known, and leaves
// nothing that would make the file unreadable once lines follow it.
func TestFailedAppend(t *testing.T) {
	t.Parallel()
	for name, failing := range map[string]failingFile{
		"nothing fits":          {keep: 0},
		"half a line fits":      {keep: 40},
		"the sync fails":        {syncOnly: true},
		"nearly all of it fits": {keep: 79},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x.ledger")
			file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			failing.File = file
			l, err := On(&failing, path, []byte("secret"))
			if err != nil {
				t.Fatal(err)
			}
			add(t, l, "one", "a@b.example", 1)
			failing.failing = true
			if err := l.Append("two", "a@b.example", 1, time.UnixMilli(0)); err == nil {
				t.Fatal("a line that could not be written was reported as safe")
			}
			if got := l.Attempt("two"); got != 0 {
				t.Errorf("the ledger knows attempt %d of what it could not write", got)
			}
			failing.failing = false
			add(t, l, "three", "a@b.example", 1)
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			again := open(t, path)
			if again.Attempt("one") != 1 || again.Attempt("two") != 0 || again.Attempt("three") != 1 {
				t.Errorf("one=%d two=%d three=%d, want 1, 0 and 1", again.Attempt("one"), again.Attempt("two"), again.Attempt("three"))
			}
		})
	}
}

// TestUnwrittenSectors: after a power cut the last line may have its end and
// not its beginning. It was never reported as safe and is dropped; the same
// damage further up stops everything.
func TestUnwrittenSectors(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	add(t, l, "one", "a@b.example", 1)
	first := int(l.size)
	add(t, l, "two", "a@b.example", 1)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, to int
		reads    bool
	}{
		"in the last line": {first, first + 30, true}, "in the line before": {10, 20, false},
	} {
		torn := filepath.Join(t.TempDir(), "torn.ledger")
		damaged := append([]byte(nil), text...)
		clear(damaged[c.from:c.to])
		if err := os.WriteFile(torn, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(torn, []byte("secret"))
		if (err == nil) != c.reads {
			t.Fatalf("zeros %s: opening says %v, want success: %v", name, err, c.reads)
		}
		if err != nil {
			continue
		}
		if l.Attempt("one") != 1 || l.Attempt("two") != 0 {
			t.Errorf("zeros %s: one=%d two=%d, want 1 and 0", name, l.Attempt("one"), l.Attempt("two"))
		}
		_ = l.Close()
	}
}

func FuzzRead(f *testing.F) {
	f.Add("v1 1 aa bb 1 00000000\n")
	f.Add("v1 1700000000000 0123 4567 1")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "x.ledger")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(path, []byte("secret"))
		if err != nil {
			return
		}
		defer l.Close()
		if err := l.Append("k", "a@b.example", 1, time.UnixMilli(0)); err != nil {
			t.Fatal(err)
		}
		if l.Attempt("k") < 1 {
			t.Error("what was appended is not known")
		}
	})
}

// TestLooserLedgerIsTightened: a ledger that was restored so that others may read
// it is the owner's alone again.
func TestLooserLedgerIsTightened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.ledger")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := Open(path, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err = errors.Join(err, l.Close()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the ledger has the mode %v, %v", info.Mode(), err)
	}
}

// TestMerge: both ledgers' lines, each once; the one beside the store is
// complete only where it can be the backup's own, grown since.
func TestMerge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	add(t, l, "a", "a@x.example", 1)
	backup := content(t, path)
	add(t, l, "b", "b@x.example", 1)
	here := content(t, path)
	gap := func(text string) string {
		return string(Gap([]byte(text), []byte("secret"), time.UnixMilli(1700000000000)))
	}
	for _, c := range []struct {
		name         string
		here, backup string
		lines        int
		complete     bool
	}{
		{"grown since", here, backup, 2, true},
		{"the same", backup, backup, 1, true},
		{"lost", "", backup, 1, false},
		{"behind", backup, here, 2, false},
		{"a line about to be written", here + "v1 17", backup, 2, true},
		{"a damaged line", strings.Replace(here, "v1", "v2", 1), backup, 2, false},
		{"a gap since", gap(here), backup, 3, false},
		{"a gap of before", gap(here), gap(backup), 3, true},
		{"a gap of another profile", string(Gap([]byte(here), []byte("another"), time.UnixMilli(1))), backup, 3, true},
	} {
		merged, complete := Merge([]byte(c.here), []byte(c.backup), []byte("secret"))
		if strings.Count(string(merged), "\n") != c.lines || complete != c.complete {
			t.Errorf("%s: complete %v, want %v, and %d lines of\n%s", c.name, complete, c.complete, c.lines, merged)
		}
	}
}

// TestGapIsNoDelivery: the line of a gap is read, and is nobody's.
func TestGapIsNoDelivery(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	if err := os.WriteFile(path, Gap(nil, []byte("secret"), time.UnixMilli(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := open(t, path).Strangers(nil); n != 0 {
		t.Errorf("the ledger names %d deliveries, want none", n)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestHandedTo: to whom mail went is known, by deliveries and not by attempts.
func TestHandedTo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.ledger")
	l := open(t, path)
	for attempt := range 3 {
		add(t, l, "acme/onsite/thank-you/ken@acme.example", "ken@acme.example", attempt)
	}
	add(t, l, "acme/onsite/follow-up-1/ken@acme.example", "ken@acme.example", 1)
	for _, l := range []*Ledger{l, open(t, path)} {
		if ken, mara := l.HandedTo("ken@acme.example"), l.HandedTo("mara@acme.example"); ken != 2 || mara != 0 {
			t.Errorf("handed over: %d to Ken and %d to Mara, want 2 and none", ken, mara)
		}
	}
}
