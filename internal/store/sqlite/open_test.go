package sqlite

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"afterword/scheduler"
)

func TestOnlyTheOwnerReads(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	path := newPath(t)
	s := openStore(t, path)
	if err := setMeta(s, t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{
		filepath.Dir(path): 0o700 | fs.ModeDir, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600, copied: 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has the mode %v, want %v", filepath.Base(name), info.Mode(), want)
		}
	}
}

// TestLooserStoreIsTightened: a store that was copied so that others may read it
// is the owner's alone again.
func TestLooserStoreIsTightened(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	path := newPath(t)
	if err := openStore(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	openStore(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store has the mode %v, %v", info.Mode(), err)
	}
}

func TestPathsOfAllKinds(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	link := filepath.Join(folder, "link.db")
	target := filepath.Join(folder, "target.db")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(folder, "Zoë's state? #1 & 100%+", "a?b=c&d%20e.db"), link} {
		s := openStore(t, path)
		if err := setMeta(s, t.Context(), "kept"); err != nil {
			t.Fatal(err)
		}
		if got := getMeta(t, openStore(t, path)); got != "kept" {
			t.Errorf("%s: a second handle reads %q", path, got)
		}
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written to (%v)", path, err)
		}
	}
}

// refused opens a file that is not to be touched and returns the error.
func refused(t *testing.T, path string, opts ...Option) error {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, openErr := Open(t.Context(), path, opts...)
	if openErr == nil {
		t.Error("the file was opened")
		return s.Close()
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a file that was refused has changed (%v)", err)
	}
	if !strings.Contains(openErr.Error(), path) {
		t.Errorf("the error does not name the file: %v", openErr)
	}
	return openErr
}

// filledFile returns the path of a store with some hundred deliveries in it.
func filledFile(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx scheduler.Tx) error {
		return fillStore(tx, 300)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	newer := append(migrations(), `CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT`)
	if err := openStore(t, path, withMigrations(newer)).Close(); err != nil {
		t.Fatal(err)
	}
	err := refused(t, path)
	if !errors.Is(err, ErrNewer) || errors.Is(err, ErrDamaged) {
		t.Errorf("a newer schema: %v, want ErrNewer", err)
	}
}

func TestDamagedFileIsRefused(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(filledFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(whole) < 20*4096 {
		t.Fatalf("the store has only %d bytes", len(whole))
	}
	zeroed := append(make([]byte, 100), whole[100:]...)
	for name, content := range map[string][]byte{
		"half":          whole[:len(whole)/2],
		"one page less": whole[:len(whole)-4096],
		"one byte less": whole[:len(whole)-1],
		"one page":      whole[:4096],
		"header only":   whole[:100],
		"one byte":      whole[:1],
		"no header":     zeroed,
		"text":          []byte(strings.Repeat("Dear diary, ", 1000)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "damaged.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			err := refused(t, path)
			if !errors.Is(err, ErrDamaged) || !errors.Is(err, scheduler.ErrStoreFailed) {
				t.Errorf("got %v, want ErrDamaged and ErrStoreFailed", err)
			}
			if err != nil && !strings.Contains(err.Error(), "restore") {
				t.Errorf("the error does not say what to do: %v", err)
			}
		})
	}
}

// TestKilledWhileItWasCreated: the file has been made longer, nothing stands in
// it yet, and the journal says that it was empty
// (https://sqlite.org/fileformat.html, section 3: the rollback journal).
func TestKilledWhileItWasCreated(t *testing.T) {
	t.Parallel()
	journal := make([]byte, 512)
	copy(journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
	binary.BigEndian.PutUint32(journal[12:], 42)   // the nonce of its checksums
	binary.BigEndian.PutUint32(journal[20:], 512)  // the size of a sector
	binary.BigEndian.PutUint32(journal[24:], 4096) // the size of a page
	path := filepath.Join(t.TempDir(), "new.db")
	for name, content := range map[string][]byte{"": make([]byte, 4096), "-journal": journal} {
		if err := os.WriteFile(path+name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := setMeta(openStore(t, path), t.Context(), "1"); err != nil {
		t.Error(err)
	}
}

func TestForeignDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "places.db")
	execute(t, rawConn(t, path), `CREATE TABLE bookmarks (url TEXT)`)
	if err := refused(t, path); !errors.Is(err, ErrForeign) {
		t.Errorf("another program's database: %v, want ErrForeign", err)
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), filepath.Join(file, "afterword.db"))
	if !errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("a folder that is a file: %v, want ErrStoreFailed", err)
	}
}

func TestOpenStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, newPath(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("opening in a context that has ended: %v", err)
	}
}

// A laptop where the daemon and a command start at the same time.
func TestFirstOpeningsAtOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Errorf("opening a new store: %v", err)
				return
			}
			if err := errors.Join(setMeta(s, t.Context(), "1"), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestFileIsNotReplacedByAnEmptyOne(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Version(t.Context()); !errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("a store whose file was taken away: %v, want ErrStoreFailed", err)
	}
	_ = s.Close()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty file took the place of the lost one (%v)", err)
	}
}
