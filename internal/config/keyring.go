package config

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/zalando/go-keyring"
)

// keyringService is the service under which passwords stand in the system's
// keyring; the name in config.yaml is the user there. On Linux these are the
// attributes service and username of the Secret Service, on macOS the service and
// the account of a generic password, on Windows the two with a colon between them.
const keyringService = "afterword"

// KeyringError says why the keyring gave or took no password. Doing begins it
// where no caller says what was done.
type KeyringError struct {
	Doing, Name string
	Err         error
}

// Error names the entry; it never repeats what stands there.
func (e *KeyringError) Error() string {
	if errors.Is(e.Err, keyring.ErrNotFound) {
		return fmt.Sprintf("%sthe keyring has none for the service %s and the user %s", e.Doing, keyringService, e.Name)
	}
	return fmt.Sprintf("%sthe keyring (service %s, user %s) cannot be used: %v", e.Doing, keyringService, e.Name, e.Err)
}

// Unwrap gives the cause.
func (e *KeyringError) Unwrap() error { return e.Err }

// Hint says what helps.
func (e *KeyringError) Hint() string {
	if errors.Is(e.Err, keyring.ErrNotFound) {
		return "store it there; config.example.yaml shows the command of each system"
	}
	return "a keyring needs an unlocked desktop session; on a server use password: {file: ...} with a file of mode 0600, or {command: [...]}"
}

// NotInKeyring reports whether the keyring can be used and has no such entry.
func NotInKeyring(err error) bool { return errors.Is(err, keyring.ErrNotFound) }

// readKeyring asks the system's keyring, which may ask the user to unlock it.
func readKeyring(ctx context.Context, name string, get func(service, user string) (string, error)) (Secret, error) {
	text, err := answered(ctx, func() (string, error) { return get(keyringService, name) })
	if err != nil {
		return Secret{}, &KeyringError{Name: name, Err: err}
	}
	return secretOf(asUTF8(text), "the keyring's entry for "+name)
}

// StoreInKeyring puts a password where {keyring: name} finds it.
func StoreInKeyring(ctx context.Context, name string, password Secret) error {
	return storeInKeyring(ctx, name, password, keyring.Set)
}

func storeInKeyring(ctx context.Context, name string, password Secret, set func(service, user, password string) error) error {
	line, err := secretOf(password.Reveal(), "what is to be stored")
	if err != nil {
		return err
	}
	_, err = answered(ctx, func() (string, error) { return "", set(keyringService, name, line.Reveal()) })
	if err != nil {
		return &KeyringError{"storing password: ", name, err}
	}
	return nil
}

// answered waits for the keyring no longer than for a password command. The
// keyring itself knows no deadline: what it says later is dropped.
func answered(ctx context.Context, ask func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		text, err := ask()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		return a.text, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("waiting for its answer: %w", context.Cause(ctx))
	}
}

// asUTF8 reads what cmdkey of Windows stores, which is UTF-16 in little
// endian; no password holds a NUL.
func asUTF8(text string) string {
	if len(text)%2 != 0 || !strings.ContainsRune(text, 0) {
		return text
	}
	var units []uint16
	for i := 0; i < len(text); i += 2 {
		units = append(units, uint16(text[i])|uint16(text[i+1])<<8)
	}
	return string(utf16.Decode(units))
}
