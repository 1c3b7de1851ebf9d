package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// replace puts new content in a file's place at once and durably: a reader
// sees the old file or the new one, also after a loss of power. The file must
// still be the one that was read. A symbolic link stays one.
func replace(path string, read Revision, data []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("replacing %s: %w", path, err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return fmt.Errorf("replacing %s: %w", path, err)
	}
	temp, err := writeTemp(target, data, info.Mode().Perm())
	if err != nil {
		return fmt.Errorf("replacing %s: %w", path, err)
	}
	now, err := os.ReadFile(target)
	switch {
	case err != nil:
	case revision(now) != read:
		err = ErrChanged
	default:
		err = os.Rename(temp, target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("replacing %s: %w", path, err), os.Remove(temp))
	}
	return syncFolder(filepath.Dir(target))
}

// Create writes a file that must not exist yet, with mode 0600, once it is
// known to load. The error wraps os.ErrExist if the file exists.
func Create(path string, loads Check, data []byte) error {
	if err := loads(path, data); err != nil {
		return fmt.Errorf("creating %s: it would not load: %w", path, err)
	}
	temp, err := writeTemp(path, data, 0o600)
	if err != nil {
		return fmt.Errorf("creating %s: %w", path, err)
	}
	// A link, unlike a rename, never replaces a file.
	err = os.Link(temp, path)
	if err := errors.Join(err, os.Remove(temp)); err != nil {
		return fmt.Errorf("creating %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// writeTemp writes the content beside the target, under a name that is never
// read as an interview, and makes it durable.
func writeTemp(target string, data []byte, mode os.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*.tmp")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// syncFolder makes a rename durable. Some systems cannot sync a folder; the
// file itself is safe then, and at worst the old one is seen after a crash.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing %s: %w", dir, err)
	}
	_ = d.Sync()
	return d.Close()
}

// ReplaceSecret writes a secret into a file that only its owner can read, at once
// and durably, in the place of what stood there, if anything did.
func ReplaceSecret(path string, secret Secret) error {
	temp, err := writeTemp(path, []byte(secret.Reveal()+"\n"), 0o600)
	if err != nil {
		return fmt.Errorf("replacing %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(fmt.Errorf("replacing %s: %w", path, err), os.Remove(temp))
	}
	return syncFolder(filepath.Dir(path))
}
