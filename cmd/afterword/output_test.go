package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
)

// full is a file on a disk that has room for some bytes only.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, fmt.Errorf("write plan.txt: %w", syscall.ENOSPC)
	}
	return len(b), nil
}

// TestOutputThatIsNotTaken: what a command could not print whole is a failure,
// told with what to do; a failure of its own comes first.
func TestOutputThatIsNotTaken(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	code := run(t.Context(), []string{"--help"}, strings.NewReader(""), &full{room: 10}, &errs)
	if code != exitFailed || !strings.Contains(errs.String(), "what was written is not all") || !strings.Contains(errs.String(), "make room on the disk") {
		t.Errorf("printing on a full disk ends with %d and says %q, want %d and what is wrong", code, errs.String(), exitFailed)
	}
	if code := run(t.Context(), []string{"--help"}, strings.NewReader(""), io.Discard, &errs); code != exitDone {
		t.Errorf("printing elsewhere ends with %d, want %d", code, exitDone)
	}
	out := &output{Writer: &full{}}
	_, _ = out.Write([]byte("lost"))
	own := errors.New("of the command itself")
	if err := out.after(own); !errors.Is(err, own) {
		t.Errorf("after a failed command: %v, want the command's own error", err)
	}
	if err := out.after(errWaiting); errors.Is(err, errWaiting) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("after a list of what waits: %v, want that it was not printed", err)
	}
}
