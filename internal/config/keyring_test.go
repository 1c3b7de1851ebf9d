package config

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

// TestPasswordFromKeyring stores a password and reads it back through the
// library's own stand-in for the system's keyring. It is the only test that
// touches it: the stand-in is one for the whole process.
func TestPasswordFromKeyring(t *testing.T) {
	keyring.MockInit()
	source := PasswordSource{Keyring: "dana@example.org"}
	_, err := source.Read(t.Context())
	var told *KeyringError
	if !errors.As(err, &told) || !strings.Contains(err.Error(), "service afterword and the user dana@example.org") || !strings.Contains(told.Hint(), "config.example.yaml") {
		t.Errorf("a keyring without the password: %v", err)
	}
	if err := StoreInKeyring(t.Context(), "dana@example.org", NewSecret("hunter2")); err != nil {
		t.Fatal(err)
	}
	if got := reveal(t, source); got != "hunter2" {
		t.Errorf("got %q", got)
	}
	if err := StoreInKeyring(t.Context(), "dana@example.org", Secret{}); err == nil {
		t.Error("an empty password was stored")
	}
}

// TestKeyringThatIsNotThere: where there is no desktop session the error says so
// and names the ways that work without one.
func TestKeyringThatIsNotThere(t *testing.T) {
	t.Parallel()
	noSession := func(string, string) (string, error) {
		return "", errors.New(`exec: "dbus-launch": executable file not found in $PATH`)
	}
	_, err := readKeyring(t.Context(), "dana", noSession)
	var told *KeyringError
	if !errors.As(err, &told) || !strings.Contains(told.Hint(), "0600") || !strings.Contains(told.Hint(), "command") || !strings.Contains(err.Error(), "dbus-launch") {
		t.Errorf("got %v with the hint %q", err, told.Hint())
	}
	refusing := func(_, _, password string) error { return fmt.Errorf("no collection") }
	if err := storeInKeyring(t.Context(), "dana", NewSecret("hunter2"), refusing); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a keyring that takes nothing: %v", err)
	}
}

// TestKeyringThatWaits: a keyring that waits for somebody to unlock it holds
// nobody up for ever.
func TestKeyringThatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		unlocked := make(chan struct{})
		locked := func(string, string) (string, error) { <-unlocked; return "hunter2", nil }
		_, err := readKeyring(t.Context(), "dana", locked)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a locked keyring: %v", err)
		}
		close(unlocked)
	})
}

// TestKeyringInUTF16 reads what cmdkey of Windows stored.
func TestKeyringInUTF16(t *testing.T) {
	t.Parallel()
	stored := func(string, string) (string, error) { return "p\x00\xe4\x00\x09\x26", nil }
	s, err := readKeyring(t.Context(), "dana", stored)
	if err != nil || s.Reveal() != "pä☉" {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
}
