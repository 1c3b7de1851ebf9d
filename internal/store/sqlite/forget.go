package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Forget removes an application so that nothing of it is left in the file or its
// log: what is deleted is overwritten, the file is written anew, and the log is
// emptied. An error after the removal itself says so; the same call may then be
// made again.
func (s *Store) Forget(ctx context.Context, f scheduler.Forgetting, change func(scheduler.Tx) error) error {
	what := cmp.Or(f.Application, "a person")
	c, err := s.take(ctx, s.writing)
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", what, err)
	}
	defer func() { s.putBack(s.writing, c) }()
	if err := c.db.Exec(`PRAGMA secure_delete = ON`); err != nil {
		return fmt.Errorf("forgetting %s: %w", what, explain(ctx, err))
	}
	// What is deleted leaves the file only when the file is written anew, which takes
	// as much room as it has. Where that is not there nothing is forgotten yet.
	if err := s.rewrite(ctx, c); err != nil {
		return fmt.Errorf("forgetting %s: writing the store anew, nothing is forgotten yet: %w", what, err)
	}
	err = c.transact(ctx, `BEGIN IMMEDIATE`, func(t *tx) error {
		if err := t.forget(f); err != nil {
			return err
		}
		return change(t)
	})
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", what, err)
	}
	if err := s.scrub(ctx, c); err != nil {
		return fmt.Errorf("%s is forgotten, but its bytes may still lie in %s: %w", what, s.path, err)
	}
	return nil
}

// forget deletes the rows.
func (t *tx) forget(f scheduler.Forgetting) error {
	if f.Application == "" {
		return t.forgetPeople(f)
	}
	for _, statement := range []string{
		`DELETE FROM deliveries WHERE application = ?`, // their Message-IDs go with them
		`DELETE FROM events WHERE application = ?`,
		`DELETE FROM questions WHERE application = ?`,
		`DELETE FROM mails WHERE application = ?`,
		`DELETE FROM holds WHERE scope = 'application' AND target = ?`,
	} {
		if err := t.write(statement, f.Application); err != nil {
			return err
		}
	}
	for _, person := range f.People {
		if err := t.write(`DELETE FROM holds WHERE scope = 'person' AND target = ?`, person); err != nil {
			return err
		}
	}
	for _, table := range []struct{ find, remove string }{
		{`SELECT id, key || ' ' || to_state || ' ' || why || ' ' || evidence FROM events WHERE application = ''`, `DELETE FROM events WHERE id = ?`},
		{`SELECT id, key || ' ' || text || ' ' || command FROM questions WHERE application = ''`, `DELETE FROM questions WHERE id = ?`},
		{`SELECT id, target || ' ' || reason FROM holds`, `DELETE FROM holds WHERE id = ? AND scope IN ('delivery', 'person')`},
		{`SELECT id, ifnull(key, '') || ' ' || subject || ' ' || text || ' ' || discreet FROM notices`, `DELETE FROM notices WHERE id = ?`},
		{`SELECT rowid, name || ' ' || value FROM meta`, `DELETE FROM meta WHERE rowid = ?`},
	} {
		if err := t.forgetMentions(table.find, table.remove, f.Mentions); err != nil {
			return err
		}
	}
	return nil
}

// forgetPeople deletes what went to people or came from them, and what mentions
// them, in whatever application. A hold that keeps more than their own mail stays,
// without their name.
func (t *tx) forgetPeople(f scheduler.Forgetting) error {
	for _, person := range f.People {
		for _, statement := range []string{
			`DELETE FROM events WHERE key IN (SELECT key FROM deliveries WHERE person = ?)`,
			`DELETE FROM deliveries WHERE person = ?`,
			`DELETE FROM mails WHERE person = ?`,
			`DELETE FROM holds WHERE scope = 'person' AND target = ?`,
		} {
			if err := t.write(statement, person); err != nil {
				return err
			}
		}
	}
	for _, table := range []struct{ find, remove string }{
		{`SELECT id, key || ' ' || to_state || ' ' || why || ' ' || evidence FROM events`, `DELETE FROM events WHERE id = ?`},
		{`SELECT id, key || ' ' || text || ' ' || command FROM questions`, `DELETE FROM questions WHERE id = ?`},
		{`SELECT id, target || ' ' || reason FROM holds WHERE scope IN ('delivery', 'person')`, `DELETE FROM holds WHERE id = ?`},
		{`SELECT id, reason FROM holds`, `UPDATE holds SET reason = 'somebody who was forgotten' WHERE id = ?`},
		{`SELECT id, ifnull(key, '') || ' ' || subject || ' ' || text || ' ' || discreet FROM notices`, `DELETE FROM notices WHERE id = ?`},
		{`SELECT rowid, name || ' ' || value FROM meta`, `DELETE FROM meta WHERE rowid = ?`},
	} {
		if err := t.forgetMentions(table.find, table.remove, f.Mentions); err != nil {
			return err
		}
	}
	return nil
}

// forgetMentions deletes the rows whose text mentions what is forgotten.
func (t *tx) forgetMentions(find, remove string, mentions func(string) bool) error {
	var found []int64
	err := t.query(find, nil, func(s *sqlite3.Stmt) error {
		if mentions(s.ColumnText(1)) {
			found = append(found, s.ColumnInt64(0))
		}
		return nil
	})
	for _, id := range found {
		if err == nil {
			err = t.write(remove, id)
		}
	}
	return err
}

// rewrite writes the file anew. The log begins anew before and after it, so that
// what comes next uses the room that it has taken already.
func (s *Store) rewrite(ctx context.Context, c *conn) error {
	defer c.interruptBy(ctx)()
	for _, statement := range []string{`PRAGMA wal_checkpoint(RESTART)`, `VACUUM`, `PRAGMA wal_checkpoint(RESTART)`} {
		if err := c.db.Exec(statement); err != nil {
			return explain(ctx, err)
		}
	}
	return nil
}

// scrub writes the file anew without what was deleted, and empties the log.
func (s *Store) scrub(ctx context.Context, c *conn) error {
	if err := s.rewrite(ctx, c); err != nil {
		return err
	}
	defer c.interruptBy(ctx)()
	// Readers keep the log from being emptied: they end first.
	s.mu.Lock()
	readers := s.readers
	s.readers = nil
	s.mu.Unlock()
	var errs []error
	for _, r := range readers {
		errs = append(errs, r.close())
	}
	busy, err := c.number(`PRAGMA wal_checkpoint(TRUNCATE)`)
	if err == nil && busy != 0 {
		err = errors.New("somebody else reads the store")
	}
	return errors.Join(append(errs, explain(ctx, err))...)
}
