package leak

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// suite stands for the tests of a package.
type suite func() int

func (s suite) Run() int { return s() }

// afterwards runs a suite, with little patience, and returns what was said. The
// tests of this package run one after the other: they look at the process.
func afterwards(t *testing.T, wait time.Duration, s suite) (int, string) {
	t.Helper()
	var out bytes.Buffer
	c := After(s)
	c.out, c.wait = &out, wait
	return c.Run(), out.String()
}

func TestNothingIsLeft(t *testing.T) {
	code, said := afterwards(t, patience, func() int {
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { close(ended) }()
		<-ended
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		return 0
	})
	if code != 0 || said != "" {
		t.Errorf("got %d: %s", code, said)
	}
}

// TestLateEndIsNoLeak: a goroutine that ends after the last test.
func TestLateEndIsNoLeak(t *testing.T) {
	ended := make(chan struct{})
	code, said := afterwards(t, patience, func() int {
		go func() {
			<-ended
		}()
		time.AfterFunc(30*time.Millisecond, func() { close(ended) })
		return 0
	})
	if code != 0 {
		t.Errorf("got %d: %s", code, said)
	}
}

func TestGoroutineThatStaysIsToldWithItsStack(t *testing.T) {
	end := make(chan struct{})
	defer close(end)
	code, said := afterwards(t, 20*time.Millisecond, func() int {
		go func() { <-end }()
		return 0
	})
	if code != 1 || !strings.Contains(said, "TestGoroutineThatStays") || !strings.Contains(said, "leak_test.go") {
		t.Errorf("got %d: %s", code, said)
	}
}

func TestOpenFileIsToldWithItsName(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("files are counted on Linux only")
	}
	path := filepath.Join(t.TempDir(), "forgotten")
	var f *os.File
	code, said := afterwards(t, 20*time.Millisecond, func() (code int) {
		var err error
		if f, err = os.Create(path); err != nil {
			t.Error(err)
		}
		return 0
	})
	if code != 1 || !strings.Contains(said, path) {
		t.Errorf("got %d: %s", code, said)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestFailedTestsStayFailed: their code is kept, and nothing is looked at.
func TestFailedTestsStayFailed(t *testing.T) {
	if code, said := afterwards(t, patience, func() int { return 3 }); code != 3 || said != "" {
		t.Errorf("got %d: %s", code, said)
	}
}
