package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// PasswordSource says where an account's password is. It holds no secret.
// Exactly one of its fields is set.
type PasswordSource struct {
	Env     string   // name of an environment variable
	File    string   // path of a file that only its owner can read
	Command []string // prints the password on its first line
	Keyring string   // user name in the system's keyring, see keyringService
	OAuth   *OAuth
}

// Empty reports whether no source is set.
func (p PasswordSource) Empty() bool { return p.sources() == 0 }

// commandTime bounds a password command; it may ask the user to unlock a key.
const commandTime = 30 * time.Second

// maxPassword is the longest password that is read, in bytes.
const maxPassword = 64 << 10

// errNoPassword is wrapped where the account logs in by OAuth, whose tokens
// are no password and are renewed elsewhere.
var errNoPassword = errors.New("an account with OAuth has no password")

// Read fetches the password anew each time, so that a changed one is seen
// without a restart. No error repeats what was read; the caller says that it was
// a password.
func (p PasswordSource) Read(ctx context.Context) (Secret, error) {
	switch {
	case p.Env != "":
		text, isSet := os.LookupEnv(p.Env)
		if !isSet {
			return Secret{}, fmt.Errorf("environment variable %s is not set", p.Env)
		}
		return secretOf(text, "environment variable "+p.Env)
	case p.File != "":
		return readPasswordFile(p.File)
	case len(p.Command) > 0:
		return runPasswordCommand(ctx, p.Command)
	case p.Keyring != "":
		return readKeyring(ctx, p.Keyring, keyring.Get)
	case p.OAuth != nil:
		return Secret{}, errNoPassword
	}
	return Secret{}, errors.New("no source is set")
}

// secretOf takes the first line: password managers print notes after it.
func secretOf(text, where string) (Secret, error) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return Secret{}, fmt.Errorf("%s is empty", where)
	}
	return NewSecret(line), nil
}

func readPasswordFile(path string) (Secret, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Secret{}, err
	}
	switch {
	case !info.Mode().IsRegular() || info.Size() > maxPassword:
		return Secret{}, fmt.Errorf("%s is no small file", path)
	case info.Mode().Perm()&0o077 != 0:
		return Secret{}, fmt.Errorf("others may read %s (mode %04o); run chmod 600 on it", path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Secret{}, err
	}
	return secretOf(string(data), "file "+path)
}

// runPasswordCommand runs the command without a shell. Its error output is not
// repeated, since nobody knows what it holds.
func runPasswordCommand(ctx context.Context, command []string) (Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	out := &boundedBuffer{left: maxPassword}
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	name := filepath.Base(command[0])
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return Secret{}, fmt.Errorf("running %s: %w", name, err)
	}
	return secretOf(out.kept.String(), "the output of "+name)
}

// boundedBuffer keeps the first bytes written to it and drops the rest.
type boundedBuffer struct {
	kept bytes.Buffer // not embedded: io.Copy would go around Write
	left int
}

// Write never fails, so that a talkative command ends by itself.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	keep := min(len(p), b.left)
	b.left -= keep
	b.kept.Write(p[:keep])
	return len(p), nil
}
