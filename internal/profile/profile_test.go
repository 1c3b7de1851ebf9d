package profile

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestOneDaemonPerProfile: the second one is told who holds it, and may go on
// once the first has ended.
func TestOneDaemonPerProfile(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "new", "afterword.db")
	release, err := Lock(state)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(state); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "process ") {
		t.Errorf("the second lock gives %v, want that another one holds it, and which", err)
	}
	if !Works(state) {
		t.Error("nobody seems to work on it")
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(state)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

// TestNobodyWorks: on a profile that was never run, whose process has ended, or whose lock
// says nothing.
func TestNobodyWorks(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "afterword.db")
	if Works(state) {
		t.Error("somebody seems to work where nothing ever ran")
	}
	ended := exec.Command(os.Args[0], "-test.run=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"", "x", "-1", "0", strconv.Itoa(ended.Process.Pid)} {
		if err := os.WriteFile(state+".lock", []byte(says+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if Works(state) {
			t.Errorf("somebody seems to work where the lock says %q", says)
		}
	}
}

// TestSecretStays: made once, private, and never made anew beside a store or a
// ledger that rest on it.
func TestSecretStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, ledger := filepath.Join(dir, "a.db"), filepath.Join(dir, "a.db.ledger")
	first, err := Secret(state, ledger)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Secret(state, ledger)
	if err != nil || !bytes.Equal(first, second) || len(first) != 32 {
		t.Errorf("the secret changed or is short (%d bytes, %v)", len(second), err)
	}
	info, err := os.Stat(state + ".secret")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret's mode is %v (%v), want 0600", info.Mode(), err)
	}
	for _, left := range []string{state, ledger} {
		if err := os.Remove(state + ".secret"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(left, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Secret(state, ledger); err == nil || !strings.Contains(err.Error(), "missing beside "+filepath.Base(left)) {
			t.Errorf("beside %s a lost secret gives %v, want a refusal", filepath.Base(left), err)
		}
		if err := os.Remove(left); err != nil {
			t.Fatal(err)
		}
		if _, err := Secret(state, ledger); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSecretMadeAtOnce: the daemon and a command that both make it have the
// same one, and nothing else is left.
func TestSecretMadeAtOnce(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "new", "afterword.db")
	secrets := make([][]byte, 8)
	var all sync.WaitGroup
	for n := range secrets {
		all.Go(func() {
			var err error
			if secrets[n], err = Secret(state, state+".ledger"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, s := range secrets {
		if len(s) == 0 || !bytes.Equal(s, secrets[0]) {
			t.Fatalf("different secrets: %x", secrets)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(state)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestSecretRefused: one that others can read, and one that is damaged.
func TestSecretRefused(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "a.db")
	if _, err := Secret(state, state+".ledger"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(state+".secret", 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Secret(state, state+".ledger"); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a secret that others can read gives %v", err)
	}
	if err := os.Chmod(state+".secret", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(state+".secret", []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Secret(state, state+".ledger"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged secret gives %v", err)
	}
}

// TestMachine: a copy of the store in another place is another one.
func TestMachine(t *testing.T) {
	t.Parallel()
	first, again, other := Machine("/a/afterword.db"), Machine("/a/afterword.db"), Machine("/b/afterword.db")
	if first == other || first != again || first == "" {
		t.Error("the machine's name does not tell places apart, or changes")
	}
}

// TestSpare: space is kept, given back once, and kept again.
func TestSpare(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "a.db")
	if err := Spare(state); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(state + ".spare"); err != nil || info.Size() < 1<<20 {
		t.Fatalf("no space is kept: %v", err)
	}
	FreeSpare(state)
	FreeSpare(state)
	if _, err := os.Stat(state + ".spare"); err == nil {
		t.Error("the space was not given back")
	}
	if err := Spare(state); err != nil {
		t.Error(err)
	}
}
