package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/archive"
	"afterword/internal/config"
	"afterword/internal/profile"
	"afterword/internal/store/sqlite"
)

func (p *program) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Writes everything but passwords into one file that `restore` reads; the daemon may run meanwhile",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: p.with(false, func(cmd *cobra.Command, args []string, h *house) error {
			m, err := p.backup(cmd.Context(), h, args[0])
			if err != nil {
				return fmt.Errorf("backing up: %w", err)
			}
			return p.tellBackup(args[0], m, h)
		}),
	}
}

// backup writes the file and reads it back.
func (p *program) backup(ctx context.Context, h *house, path string) (archive.Manifest, error) {
	if err := lostSecret(h); err != nil {
		return archive.Manifest{}, err
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return archive.Manifest{}, hinted{fmt.Errorf("there is no folder %s", filepath.Dir(path)), "make it first, or name another place"}
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), ".afterword-backup-*") // mode 0700
	if err != nil {
		return archive.Manifest{}, err
	}
	defer os.RemoveAll(folder)
	// The moment is noted before the store is copied: what happens later may not
	// be in the copy.
	m := archive.Manifest{Made: p.clock.Now().UTC(), Config: absolute(h.config.Path), Machine: profile.Machine(h.config.StatePath)}
	store := ""
	if db, ok := h.store.(*sqlite.Store); ok {
		store = filepath.Join(folder, keptStore)
		if err := copyStore(ctx, db, store); err != nil {
			return m, err
		}
	}
	all, err := sources(h.config, store)
	if err != nil {
		return m, err
	}
	if err := archive.Write(path, m, all); err != nil {
		return m, mayBeForeign(err)
	}
	return archive.Read(path)
}

// copyStore copies the store as it is at one moment, and looks whether the copy
// is sound: a backup of a damaged store would be trusted for nothing.
func copyStore(ctx context.Context, db *sqlite.Store, to string) error {
	if err := db.Backup(ctx, to); err != nil {
		return err
	}
	return soundStore(ctx, to)
}

// soundStore reads a whole store.
func soundStore(ctx context.Context, path string) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(db.Check(ctx), db.Close())
}

// mayBeForeign says what to do about a file that is not to be replaced.
func mayBeForeign(err error) error {
	if errors.Is(err, archive.ErrForeign) || errors.Is(err, archive.ErrDamaged) || errors.Is(err, archive.ErrNewer) {
		return hinted{err, "name a new file"}
	}
	return err
}

// tellBackup says what the file holds, and what it does not.
func (p *program) tellBackup(path string, m archive.Manifest, h *house) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s: %s, %d KB, read back and compared\n", path, countOf(len(m.Files), "file"), (info.Size()+1023)/1024)
	if _, err := os.Stat(h.config.StatePath); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(p.out, "No daemon ran here yet, so that there is no store in it.")
	}
	fmt.Fprintln(p.out, "It names everybody you spoke to and holds the texts of your mails: keep it where only you can read it.")
	if left := leftOut(h.config); len(left) > 0 {
		fmt.Fprintf(p.out, "Not in it: %s\n", strings.Join(left, ", "))
	}
	return nil
}

// leftOut are the passwords, which no backup holds.
func leftOut(c *config.Config) []string {
	left := passwordFiles(c)
	for _, a := range c.Accounts() {
		if a.Password.Keyring != "" {
			left = append(left, "the password in the keyring")
			break
		}
	}
	if c.Notify.NtfyToken.Keyring != "" || c.Notify.WebhookSecret.Keyring != "" {
		left = append(left, "the secrets of notify in the keyring")
	}
	return left
}
