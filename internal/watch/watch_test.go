package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience bounds a wait for the operating system; a test that needs it fails.
const patience = 30 * time.Second

func kind(path string) Kind {
	switch base := filepath.Base(path); {
	case strings.HasSuffix(base, ".db-wal"):
		return Store
	case strings.HasSuffix(base, ".tmp"):
		return Nothing
	}
	return File
}

func watching(t *testing.T, dirs ...string) *Folders {
	t.Helper()
	w, err := New(dirs, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func expect(t *testing.T, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("%s went unnoticed", what)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestEditsAreNoticed: written in place, replaced as editors do, made, removed.
func TestEditsAreNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "acme.yaml")
	write(t, path, "one")
	w := watching(t, dir)
	write(t, path, "two")
	expect(t, w.Files(), "an edit in place")
	write(t, filepath.Join(dir, "x.tmp"), "three")
	if err := os.Rename(filepath.Join(dir, "x.tmp"), path); err != nil {
		t.Fatal(err)
	}
	expect(t, w.Files(), "a file that was replaced")
	write(t, path, "four")
	expect(t, w.Files(), "an edit of the file that replaced it")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	expect(t, w.Files(), "a file that was removed")
}

// TestFolderMadeLater: a folder that is made after the start, or made again, is
// watched like the others.
func TestFolderMadeLater(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	late := filepath.Join(dir, "templates")
	w := watching(t, late)
	for range 2 {
		if err := os.Mkdir(late, 0o700); err != nil {
			t.Fatal(err)
		}
		expect(t, w.Files(), "a new folder")
		write(t, filepath.Join(late, "thank-you.txt"), "one")
		expect(t, w.Files(), "a file in the new folder")
		if err := os.RemoveAll(late); err != nil {
			t.Fatal(err)
		}
		expect(t, w.Files(), "a folder that was removed")
	}
}

// TestStoreApartFromFiles: a commit is not taken for an edit, nor the reverse.
func TestStoreApartFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := watching(t, dir)
	write(t, filepath.Join(dir, "afterword.db-wal"), "commit")
	expect(t, w.Store(), "a commit")
	select {
	case <-w.Files():
		t.Error("a commit was taken for an edit")
	default:
	}
	write(t, filepath.Join(dir, "config.yaml"), "edit")
	expect(t, w.Files(), "an edit")
}

// TestMissingFolder: a folder that does not exist is left out, the others are
// watched.
func TestMissingFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := watching(t, dir, filepath.Join(dir, "templates"))
	write(t, filepath.Join(dir, "a.yaml"), "x")
	expect(t, w.Files(), "an edit")
}

// TestFolderAddedLater: a folder that is added while the watch runs is watched,
// and one that is watched already stays so.
func TestFolderAddedLater(t *testing.T) {
	t.Parallel()
	dir, later := t.TempDir(), t.TempDir()
	w := watching(t, dir)
	if err := w.Add([]string{dir, later}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(later, "password"), "x")
	expect(t, w.Files(), "an edit in the folder that was added")
	write(t, filepath.Join(dir, "a.yaml"), "x")
	expect(t, w.Files(), "an edit in the folder that was there")
}
