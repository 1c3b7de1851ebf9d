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
	"strconv"
	"strings"
	"syscall"

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
		process := strings.TrimSpace(string(who))
		if process == "" {
			process = "unknown"
		}
		return nil, fmt.Errorf("locking the profile: %w (process %s)", ErrHeld, process)
	}
	// Who holds it is for the words of the next one only: a full disk that has no
	// room for a number keeps no mail from being read.
	_ = os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600)
	return l.Unlock, nil
}

// Works reports whether the process that last held the profile seems to be alive. It
// asks without the lock, which a daemon that starts just then would find taken. Where the
// system cannot say, or gave the number to another process, the answer is wrong: what
// rests on it must be right either way.
func Works(state string) bool {
	text, err := os.ReadFile(state + ".lock")
	if err != nil {
		return false
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || id <= 0 {
		return false
	}
	process, err := os.FindProcess(id)
	if err != nil {
		return false
	}
	err = process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}

// pagePath is where the running daemon leaves the link of its page for
// whoever may read the profile.
func pagePath(state string) string { return state + ".page" }

// KeepLink leaves the link of the page for Link, readable by its owner only,
// until forget is called. It makes no other file on the way, since the folder is
// watched.
func KeepLink(state, link string) (forget func() error, err error) {
	path := pagePath(state)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keeping the link of the page: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // new: nobody has it open, and it leads nowhere else
	if err != nil {
		return nil, fmt.Errorf("keeping the link of the page: %w", err)
	}
	_, err = f.WriteString(link + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("keeping the link of the page: %w", err)
	}
	return func() error { return os.Remove(path) }, nil
}

// Link is the link of the page that the daemon of this profile serves, "" where
// there is none. One that was killed leaves its link behind.
func Link(state string) (string, error) {
	text, err := os.ReadFile(pagePath(state))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// secretBytes is the length of the profile's secret.
const secretBytes = 32

// Secret reads the secret beside the store, and makes it where there is
// neither a secret nor a store nor a ledger: a lost secret would change every
// Message-ID and make the ledger unreadable, so that nothing could tell what was
// sent already.
func Secret(state, ledger string) ([]byte, error) {
	path := state + ".secret"
	secret, err := readSecret(path)
	if errors.Is(err, fs.ErrNotExist) {
		for _, there := range []string{state, ledger} {
			if _, err := os.Stat(there); err == nil {
				return nil, fmt.Errorf("reading the profile's secret: %s is missing beside %s; restore it from a backup", filepath.Base(path), filepath.Base(there))
			}
		}
		return newSecret(path)
	}
	return secret, err
}

// readSecret reads the secret, which nobody else may.
func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
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

// Lost says that the store or the ledger is there and the secret is not, or
// cannot be used: the daemon then refuses to start. It makes nothing.
func Lost(state, ledger string) error {
	for _, there := range []string{state, ledger} {
		if _, err := os.Stat(there); err == nil {
			_, err := Secret(state, ledger)
			return err
		}
	}
	return nil
}

// newSecret makes the secret in another file and gives it its name when it is
// on the disk: whenever the program is killed, the secret is there in full or
// not at all. Where another process was faster, its secret holds.
func newSecret(path string) ([]byte, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("making the profile's secret: %w", err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return readSecret(path)
	}
	if err != nil { // a file system without links
		err = os.Rename(f.Name(), path)
	}
	return secret, err
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

// Spare keeps space beside the store that FreeSpare gives back when the disk is
// full, so that the outcome of a mail under way can still be written.
func Spare(state string) error {
	path := sparePath(state)
	if info, err := os.Stat(path); err == nil && info.Size() >= spareBytes {
		return nil
	}
	if err := os.WriteFile(path, make([]byte, spareBytes), 0o600); err != nil {
		// What was written of it would take room that is needed.
		return errors.Join(fmt.Errorf("keeping spare space: %w", err), os.Remove(path))
	}
	return nil
}

// FreeSpare gives the space back; there may be none.
func FreeSpare(state string) { _ = os.Remove(sparePath(state)) }

func sparePath(state string) string { return state + ".spare" }
