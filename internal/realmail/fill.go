package realmail

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Fill writes messages into a folder of an account as files of its Maildir, a
// minute apart with the last one at last: what Dovecot gives as INTERNALDATE is
// a file's time. It is for folders that were filled over years, before anything
// logs in to the account, and far quicker than delivery. INBOX is the folder "".
func (s *Servers) Fill(account, folder string, messages int, last time.Time, raw func(i int) []byte) error {
	o, err := lookUp("nobody")
	if err != nil {
		return err
	}
	dir := filepath.Join(s.dir, "mail", account)
	for _, sub := range []string{"", "Maildir"} {
		if err := o.folder(filepath.Join(dir, sub)); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("filling a folder: %w", err)
		}
	}
	dir = filepath.Join(dir, "Maildir")
	if folder != "" {
		dir = filepath.Join(dir, "."+folder)
		if err := o.folder(dir); err != nil {
			return fmt.Errorf("filling a folder: %w", err)
		}
	}
	for _, sub := range []string{"new", "tmp", "cur"} {
		if err := o.folder(filepath.Join(dir, sub)); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("filling a folder: %w", err)
		}
	}
	for i := range messages {
		at := last.Add(time.Duration(i+1-messages) * time.Minute)
		path := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%dP1.localhost:2,S", at.Unix(), i))
		if err := o.file(path, raw(i), at); err != nil {
			return fmt.Errorf("filling a folder: %w", err)
		}
	}
	return nil
}

// file writes a file that belongs to the owner and was changed at a time.
func (o owner) file(path string, content []byte, at time.Time) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	if err := os.Chtimes(path, at, at); err != nil {
		return err
	}
	return os.Chown(path, o.UID, o.GID)
}
