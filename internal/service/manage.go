package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Manager installs the service for one user of a system.
type Manager struct {
	GOOS   string
	Home   string // the user's folder
	Config string // the user's folder for settings
	UID    int
	// Run runs a command of the system and returns what it printed.
	Run func(ctx context.Context, name string, args ...string) (string, error)
}

// Installed is what Install did.
type Installed struct {
	Path    string // of the text
	Started bool
	Err     error // why it was not started; the text is in place
}

// path is where the system looks for the text. Windows keeps its own copy; the
// file is what it was told.
func (m Manager) path() (string, error) {
	switch m.GOOS {
	case "linux":
		return filepath.Join(m.Config, "systemd", "user", unitName), nil
	case "darwin":
		return filepath.Join(m.Home, "Library", "LaunchAgents", macLabel+".plist"), nil
	case "windows":
		return filepath.Join(m.Config, "afterword", "task.xml"), nil
	}
	return "", fmt.Errorf("no kind of service is known for %s", m.GOOS)
}

// Install writes the text and starts the service, now and whenever the user logs
// in. One that runs is started anew.
func (m Manager) Install(ctx context.Context, p Program) (Installed, error) {
	path, err := m.path()
	if err != nil {
		return Installed{}, err
	}
	text, err := Text(m.GOOS, p)
	if err != nil {
		return Installed{}, err
	}
	if err := write(path, text); err != nil {
		return Installed{}, err
	}
	done := Installed{Path: path}
	done.Err = m.runAll(ctx, m.starting(path))
	done.Started = done.Err == nil
	return done, nil
}

// starting are the commands that start the service.
func (m Manager) starting(path string) [][]string {
	switch m.GOOS {
	case "linux":
		return [][]string{{"systemctl", "--user", "daemon-reload"}, {"systemctl", "--user", "enable", unitName}, {"systemctl", "--user", "restart", unitName}}
	case "darwin":
		return [][]string{{"-launchctl", "bootout", m.macTarget()}, {"launchctl", "bootstrap", m.macDomain(), path}}
	}
	return [][]string{{"schtasks", "/Create", "/TN", taskName, "/XML", path, "/F"}, {"schtasks", "/Run", "/TN", taskName}}
}

// stopping are the commands that end the service for good.
func (m Manager) stopping() [][]string {
	switch m.GOOS {
	case "linux":
		return [][]string{{"-systemctl", "--user", "disable", "--now", unitName}}
	case "darwin":
		return [][]string{{"-launchctl", "bootout", m.macTarget()}}
	}
	return [][]string{{"-schtasks", "/End", "/TN", taskName}, {"schtasks", "/Delete", "/TN", taskName, "/F"}}
}

func (m Manager) macDomain() string { return fmt.Sprintf("gui/%d", m.UID) }
func (m Manager) macTarget() string { return m.macDomain() + "/" + macLabel }

// runAll runs commands until one fails. Of one that begins with "-" it does not
// matter whether it does.
func (m Manager) runAll(ctx context.Context, commands [][]string) error {
	for _, c := range commands {
		name, optional := strings.CutPrefix(c[0], "-")
		out, err := m.Run(ctx, name, c[1:]...)
		if err != nil && !optional {
			return fmt.Errorf("%s: %w: %s", strings.Join(c, " "), err, strings.TrimSpace(out))
		}
	}
	return nil
}

// ErrNotInstalled says that there is no service of this user.
var ErrNotInstalled = errors.New("no service is installed")

// Uninstall stops the service and removes its text.
func (m Manager) Uninstall(ctx context.Context) (path string, err error) {
	if path, err = m.path(); err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return path, ErrNotInstalled
	}
	if err := m.runAll(ctx, m.stopping()); err != nil {
		return path, err
	}
	if err := os.Remove(path); err != nil {
		return path, err
	}
	if m.GOOS == "linux" {
		return path, m.runAll(ctx, [][]string{{"-systemctl", "--user", "daemon-reload"}})
	}
	return path, nil
}

// Status is what the system says of the service.
type Status struct {
	Path    string
	Running bool
	Words   string // the system's own
}

// Status asks the system.
func (m Manager) Status(ctx context.Context) (Status, error) {
	path, err := m.path()
	if err != nil {
		return Status{}, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Status{Path: path}, ErrNotInstalled
	}
	s := Status{Path: path}
	switch m.GOOS {
	case "linux":
		s.Words, err = m.Run(ctx, "systemctl", "--user", "is-active", unitName)
		s.Running = strings.TrimSpace(s.Words) == "active"
	case "darwin":
		s.Words, err = m.Run(ctx, "launchctl", "print", m.macTarget())
		s.Running = strings.Contains(s.Words, "state = running")
	case "windows":
		s.Words, err = m.Run(ctx, "schtasks", "/Query", "/TN", taskName, "/FO", "LIST")
		s.Running = strings.Contains(s.Words, "Running")
	}
	s.Words = strings.TrimSpace(s.Words)
	if err != nil && s.Words == "" {
		s.Words = err.Error()
	}
	return s, nil
}

// write puts a text in its place, unless it is there already.
func write(path string, text []byte) error {
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, text, 0o644); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, path)
}
