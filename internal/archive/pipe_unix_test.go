//go:build unix

package archive

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe: what is no file is neither waited for nor replaced.
func TestPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{pipe, "/dev/zero", t.TempDir()} {
		if _, err := Read(path); !errors.Is(err, ErrForeign) {
			t.Errorf("reading %s: %v", path, err)
		}
		if _, err := Extract(path, t.TempDir()); !errors.Is(err, ErrForeign) {
			t.Errorf("unpacking %s: %v", path, err)
		}
	}
	if err := Write(pipe, Manifest{}, nil); !errors.Is(err, ErrForeign) {
		t.Errorf("in the place of a pipe: %v", err)
	}
}
