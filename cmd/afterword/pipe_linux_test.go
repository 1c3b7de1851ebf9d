package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"afterword/templates"
)

// pipe makes a named pipe on which somebody waits to say a text.
func pipe(t *testing.T, path, text string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, _ = w.WriteString(text) // nobody may be listening any more
			err = w.Close()
		}
		done <- err
	}()
	t.Cleanup(func() {
		r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // whoever still waits is let go
		if err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		_ = r.Close()
	})
}

// TestPipesAreNotRead: a pipe or a device in the place of a file might keep the program
// for ever, so that it did not even end when it was told to.
func TestPipesAreNotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words := filepath.Join(dir, "words.txt")
	pipe(t, words, "zyzzyva\n")
	if got := (&wordList{path: words}).read(); len(got) > 0 {
		t.Errorf("of a pipe the words %q were read", got)
	}
	pipe(t, filepath.Join(dir, "thank-you.txt"), "Subject: Hi\n\nHi\n")
	if _, err := templates.Load(dir); err == nil || !strings.Contains(err.Error(), "found a device or pipe, expected a file") {
		t.Errorf("a template that is a pipe: %v", err)
	}
}
