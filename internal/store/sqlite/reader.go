package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"afterword/mailer"
	"afterword/scheduler"
)

// reader answers from one transaction. It implements scheduler.Reader.
type reader struct {
	conn   *conn
	ctx    context.Context
	ended  bool
	failed error // the first error after which nothing may be committed
}

// tx also writes. It implements scheduler.Tx.
type tx struct{ reader }

var _ scheduler.Tx = (*tx)(nil)

// query runs a statement that changes nothing.
func (r *reader) query(sql string, args []any, row func(*sqlite3.Stmt) error) error {
	if r.ended {
		return errEnded
	}
	err := explain(r.ctx, r.conn.run(sql, args, row))
	if errors.Is(err, scheduler.ErrStoreFailed) && r.failed == nil {
		r.failed = err
	}
	return err
}

// write runs a statement that changes something. Its failure fails the whole
// transaction: what a method writes belongs together.
func (t *tx) write(sql string, args ...any) error {
	if t.ended {
		return errEnded
	}
	err := explain(t.ctx, t.conn.run(sql, args, nil))
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

// all collects what read makes of each row of a query.
func all[T any](r *reader, what, sql string, args []any, read func(*sqlite3.Stmt) (T, error)) ([]T, error) {
	var list []T
	err := r.query(sql, args, func(s *sqlite3.Stmt) error {
		item, err := read(s)
		list = append(list, item)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	return list, nil
}

// conditions builds a WHERE clause from what a query limits.
type conditions struct {
	terms []string
	args  []any
}

func (c *conditions) add(term string, args ...any) {
	c.terms = append(c.terms, term)
	c.args = append(c.args, args...)
}

func (c *conditions) where() string {
	if len(c.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.terms, " AND ")
}

// encodeList makes a JSON list of texts, NULL for an empty one.
func encodeList(list []string) (any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	encoded, err := json.Marshal(list)
	return string(encoded), err
}

func decodeList(s *sqlite3.Stmt, col int) (list []string, err error) {
	if s.ColumnType(col) == sqlite3.NULL {
		return nil, nil
	}
	err = json.Unmarshal(s.ColumnRawText(col), &list)
	return list, err
}

// Meta reads a named value.
func (r *reader) Meta(name string) (value string, err error) {
	err = r.query(`SELECT value FROM meta WHERE name = ?`, []any{name}, func(s *sqlite3.Stmt) error {
		value = s.ColumnText(0)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	return value, nil
}

// MetaNames returns the names with that beginning, in order; the values need
// not be read.
func (r *reader) MetaNames(prefix string) ([]string, error) {
	// Names are UTF-8, in which no byte is 0xff: all that begin so lie below.
	return all(r, "the names of "+prefix, `SELECT name FROM meta WHERE name >= ? AND name < ? ORDER BY name`, []any{prefix, prefix + "\xff"},
		func(s *sqlite3.Stmt) (string, error) { return s.ColumnText(0), nil })
}

// SetMeta sets a named value; "" is as good as absent.
func (t *tx) SetMeta(name, value string) error {
	if value == "" {
		if err := t.write(`DELETE FROM meta WHERE name = ?`, name); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
		return nil
	}
	err := t.write(`INSERT INTO meta (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`, name, value)
	if err != nil {
		return fmt.Errorf("setting %s: %w", name, err)
	}
	return nil
}

// Cursors returns how far each folder was read, by account and folder.
func (r *reader) Cursors() ([]mailer.Cursor, error) {
	return all(r, "the cursors", `SELECT account, folder, uidvalidity, uid FROM cursors ORDER BY account, folder`, nil,
		func(s *sqlite3.Stmt) (mailer.Cursor, error) {
			return mailer.Cursor{
				Account: s.ColumnText(0), Folder: s.ColumnText(1),
				UIDValidity: uint32(s.ColumnInt64(2)), UID: uint32(s.ColumnInt64(3)),
			}, nil
		})
}

// SetCursor replaces the cursor of the same account and folder, also by one
// that lies before it: the folder may have been made anew.
func (t *tx) SetCursor(c mailer.Cursor) error {
	err := t.write(`INSERT INTO cursors (account, folder, uidvalidity, uid) VALUES (?, ?, ?, ?)
		ON CONFLICT (account, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid
		WHERE (uidvalidity, uid) <> (excluded.uidvalidity, excluded.uid)`,
		c.Account, c.Folder, c.UIDValidity, c.UID)
	if err != nil {
		return fmt.Errorf("setting the cursor of %s: %w", c.Folder, err)
	}
	return nil
}
