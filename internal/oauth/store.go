package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"afterword/internal/config"
	"afterword/mailer"
)

// Store keeps the grant of one account.
type Store interface {
	// Load gives the grant as it is now: another process may have renewed it.
	Load(ctx context.Context) (Grant, error)
	// Save replaces it, durably and at once.
	Save(ctx context.Context, g Grant) error
	// Exclusive keeps other processes from renewing meanwhile.
	Exclusive(ctx context.Context, do func() error) error
}

// Missing says that there is no grant yet.
type Missing struct{ where, login string }

// Error names the place.
func (m *Missing) Error() string {
	return "reading the grant: there is none in " + m.where
}

// Is makes it a refused login: nothing but the user mends it.
func (m *Missing) Is(target error) bool {
	return target == mailer.ErrLoginRefused || target == mailer.ErrGrantGone
}

// Hint says how to give one.
func (m *Missing) Hint() string { return "log in: " + m.login }

// StoreOf is where an account's grant is kept: the file that the application
// names, else the keyring under the user's name. Lock is a path of this
// profile; a file beside it keeps processes apart.
func StoreOf(app config.OAuth, username, lock string) Store {
	if app.Tokens != "" {
		return fileStore{app.Tokens, app.LoginCommand()}
	}
	return keyringStore{name: keyringName(username), lock: lock + ".oauth.lock", login: app.LoginCommand()}
}

// keyringName is the entry of the keyring for a user's grant.
func keyringName(username string) string { return "oauth " + username }

// Given names what the user gave and a file keeps: it stays the same when the grant
// is renewed. It is empty where there is none that can be read.
func Given(path string) string {
	g, err := fileStore{path: path}.Load(context.Background())
	if err != nil {
		return ""
	}
	return g.origin()
}

// origin names the refresh token that the user's consent gave, of which the present
// one may be a late descendant (RFC 6749 section 6).
func (g Grant) origin() string {
	if g.Given != "" {
		return g.Given
	}
	sum := sha256.Sum256([]byte("given " + g.Refresh))
	return hex.EncodeToString(sum[:])
}

type fileStore struct{ path, login string }

func (f fileStore) Load(ctx context.Context) (Grant, error) {
	line, err := config.PasswordSource{File: f.path}.Read(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return Grant{}, &Missing{f.path, f.login}
	}
	return parse(line, f.path, f.login, err)
}

// Save writes beside the file and renames: a reader sees the old grant or the
// new one, also after a loss of power.
func (f fileStore) Save(_ context.Context, g Grant) error {
	text, err := json.Marshal(g)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".*.tmp") // mode 0600
	if err != nil {
		return fmt.Errorf("keeping the grant: %w", err)
	}
	_, err = temp.Write(append(text, '\n'))
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), f.path)
	}
	if err != nil {
		return fmt.Errorf("keeping the grant: %w", errors.Join(err, os.Remove(temp.Name())))
	}
	return nil
}

func (f fileStore) Exclusive(ctx context.Context, do func() error) error {
	return exclusive(ctx, f.path+".lock", do)
}

type keyringStore struct{ name, lock, login string }

func (k keyringStore) Load(ctx context.Context) (Grant, error) {
	line, err := config.PasswordSource{Keyring: k.name}.Read(ctx)
	if config.NotInKeyring(err) {
		return Grant{}, &Missing{"the keyring (" + k.name + ")", k.login}
	}
	return parse(line, "the keyring", k.login, err)
}

func (k keyringStore) Save(ctx context.Context, g Grant) error {
	text, err := json.Marshal(g)
	if err != nil {
		return err
	}
	return config.StoreInKeyring(ctx, k.name, config.NewSecret(string(text)))
}

func (k keyringStore) Exclusive(ctx context.Context, do func() error) error {
	return exclusive(ctx, k.lock, do)
}

func parse(line config.Secret, where, login string, err error) (Grant, error) {
	if err != nil {
		return Grant{}, err
	}
	var g Grant
	if json.Unmarshal([]byte(line.Reveal()), &g) != nil || g.Refresh == "" {
		return Grant{}, &Missing{where + " that can be read", login}
	}
	return g, nil
}

// exclusive holds a file lock. It waits as long as ctx allows: a renewal takes
// seconds.
func exclusive(ctx context.Context, path string, do func() error) error {
	l := flock.New(path, flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return fmt.Errorf("waiting for another renewal: %w", err)
	}
	return errors.Join(do(), l.Unlock())
}

// Memory is a store that lasts as long as the process: a grant that is not yet
// known to open the mailbox.
type Memory struct{ grant chan Grant }

// InMemory begins with a grant.
func InMemory(g Grant) *Memory {
	m := &Memory{grant: make(chan Grant, 1)}
	m.grant <- g
	return m
}

// Load gives the grant as it is now.
func (m *Memory) Load(context.Context) (Grant, error) {
	g := <-m.grant
	m.grant <- g
	return g, nil
}

// Save replaces it.
func (m *Memory) Save(_ context.Context, g Grant) error {
	<-m.grant
	m.grant <- g
	return nil
}

// Exclusive has no other process to keep out.
func (m *Memory) Exclusive(_ context.Context, do func() error) error { return do() }
