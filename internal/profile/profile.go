// Package profile keeps what makes one candidate's installation one: the lock
// that lets a single daemon work on a store, and the secret behind the
// Message-IDs.
package profile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// ErrHeld says that another daemon works on the store.
var ErrHeld = errors.New("another afterword runs on this profile")

// Lock takes the profile for the life of the process, and says who holds it if
// somebody does. Release gives it back.
func Lock(state string) (release func() error, err error) {
	path := state + ".lock"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("locking the profile: %w", err)
	}
	l := flock.New(path, flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the profile: %w", err)
	}
	if !ok {
		who, _ := os.ReadFile(path)
		return nil, fmt.Errorf("locking the profile: %w (process %s)", ErrHeld, strings.TrimSpace(string(who)))
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("locking the profile: %w", err), l.Unlock())
	}
	return l.Unlock, nil
}

// secretBytes is the length of the profile's secret.
const secretBytes = 32

// Secret reads the secret beside the store, and makes it where there is
// neither a secret nor a store nor a ledger: a lost secret would change every
// Message-ID and make the ledger unreadable, so that nothing could tell what was
// sent already.
func Secret(state, ledger string) ([]byte, error) {
	path := state + ".secret"
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		for _, there := range []string{state, ledger} {
			if _, err := os.Stat(there); err == nil {
				return nil, fmt.Errorf("reading the profile's secret: %s is missing beside %s; restore it from a backup", filepath.Base(path), filepath.Base(there))
			}
		}
		return newSecret(path)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the profile's secret: %w", err)
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("reading the profile's secret: others can read %s; chmod 600 it", path)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretBytes {
		return nil, fmt.Errorf("reading the profile's secret: %s is damaged; restore it from a backup", path)
	}
	return secret, nil
}

func newSecret(path string) ([]byte, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(secret) + "\n")
	return secret, errors.Join(err, f.Sync(), f.Close())
}

// Machine names this machine and the store's place on it, so that a copy of
// the store notices that it is one. It is a hash: nothing of it can be read.
func Machine(state string) string {
	id, err := os.ReadFile("/etc/machine-id")
	if err != nil || len(id) == 0 {
		host, _ := os.Hostname()
		id = []byte(host)
	}
	path, err := filepath.Abs(state)
	if err != nil {
		path = state
	}
	sum := sha256.Sum256(append(append(id, 0), path...))
	return hex.EncodeToString(sum[:8])
}

// spareBytes is more than the store needs to write one outcome.
const spareBytes = 1 << 20

// Spare keeps space beside the store that free gives back when the disk is
// full, so that the outcome of a mail under way can still be written.
func Spare(state string) (free func(), err error) {
	path := state + ".spare"
	if info, err := os.Stat(path); err != nil || info.Size() < spareBytes {
		if err := os.WriteFile(path, make([]byte, spareBytes), 0o600); err != nil {
			// What was written of it would take room that is needed.
			return nil, errors.Join(fmt.Errorf("keeping spare space: %w", err), os.Remove(path))
		}
	}
	return func() { _ = os.Remove(path) }, nil
}
