package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Check reads the whole file and reports damage inside it, which Open cannot
// see, as ErrDamaged and scheduler.ErrStoreFailed. It takes about a second for
// each million deliveries and keeps nobody from writing.
func (s *Store) Check(ctx context.Context) error {
	return s.View(ctx, func(r scheduler.Reader) error {
		in := r.(*reader)
		var found []error
		note := func(st *sqlite3.Stmt) error {
			if line := st.ColumnText(0); line != "ok" {
				found = append(found, errors.New(line))
			}
			return nil
		}
		err := in.query(`PRAGMA integrity_check(20)`, nil, note)
		if err == nil {
			err = in.query(`SELECT 'a row of ' || "table" || ' refers to nothing' FROM pragma_foreign_key_check LIMIT 20`, nil, note)
		}
		if err == nil && len(found) > 0 {
			err = fmt.Errorf("%w: %w: %w", scheduler.ErrStoreFailed, ErrDamaged, errors.Join(found...))
		}
		if err != nil {
			return fmt.Errorf("checking the store %s: %w", s.path, err)
		}
		return nil
	})
}

// Backup writes a copy of the store, as it is at one moment, to path; others
// may go on writing. The copy is readable by its owner only, compact, and on
// the disk when Backup returns. A file that is already there is replaced only
// once the copy is complete.
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.backup(ctx, path); err != nil {
		return fmt.Errorf("backing up the store to %s: %w", path, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, path string) error {
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	if err := s.copyInto(ctx, part.Name()); err != nil {
		return errors.Join(err, part.Close())
	}
	// VACUUM INTO does not sync what it writes.
	if err := errors.Join(part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// copyInto writes into an existing, empty file on a connection of its own:
// the pool's may not write.
func (s *Store) copyInto(ctx context.Context, path string) error {
	if s.isClosed() {
		return errClosed
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	c, err := s.open(ctx)
	if err != nil {
		return err
	}
	restore := c.interruptBy(ctx)
	err = explain(ctx, c.run(`VACUUM INTO ?`, []any{fileURI(path, "")}, nil))
	restore()
	return errors.Join(err, c.close())
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
