package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// conn is one connection with its prepared statements. One goroutine uses it
// at a time.
type conn struct {
	db         *sqlite3.Conn
	statements map[string]*sqlite3.Stmt
	broken     bool    // must be closed, not used again
	briefs     *briefs // of the store
}

// busyRetries times busyWait bounds how long a busy store is waited for.
const (
	busyWait    = 5 * time.Millisecond
	busyRetries = 2000
)

// openConn opens a connection with the settings that every one has.
func openConn(ctx context.Context, uri, synchronous string) (*conn, error) {
	db, err := sqlite3.OpenContext(ctx, uri)
	if err != nil {
		return nil, explain(ctx, err)
	}
	c := &conn{db: db, statements: map[string]*sqlite3.Stmt{}}
	if err := c.configure(ctx, synchronous); err != nil {
		return nil, errors.Join(explain(ctx, err), c.close())
	}
	return c, nil
}

// configure sets what SQLite does not remember in the file. Temporary data
// stays in memory, so that no mail is left in a temporary folder.
func (c *conn) configure(ctx context.Context, synchronous string) error {
	if err := c.db.BusyHandler(waitWhileBusy); err != nil {
		return err
	}
	// A statement that is kept is prepared once: without this, one whose values
	// might speak for another plan is prepared anew each time it is run.
	if _, err := c.db.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return err
	}
	defer c.interruptBy(ctx)()
	return c.db.Exec(`PRAGMA synchronous = ` + synchronous + `;
		PRAGMA foreign_keys = ON;
		PRAGMA trusted_schema = OFF;
		PRAGMA cell_size_check = ON;
		PRAGMA cache_size = -512;
		PRAGMA temp_store = MEMORY;`)
}

// waitWhileBusy is the busy timeout: SQLite's own reads the wall clock and
// sleeps a random time, which no simulation could repeat.
func waitWhileBusy(ctx context.Context, count int) (retry bool) {
	if count >= busyRetries {
		return false
	}
	timer := time.NewTimer(busyWait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// interruptBy makes ctx end what the connection does, until the returned
// function is called.
func (c *conn) interruptBy(ctx context.Context) (restore func()) {
	old := c.db.SetInterrupt(ctx)
	return func() { c.db.SetInterrupt(old) }
}

// prepare returns the statement for the SQL text, which must come from a
// bounded set: statements are kept as long as the connection.
func (c *conn) prepare(sql string) (*sqlite3.Stmt, error) {
	if s := c.statements[sql]; s != nil {
		return s, nil
	}
	s, tail, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if s == nil || tail != "" {
		return nil, errors.Join(fmt.Errorf("preparing %q: not one statement", sql), s.Close())
	}
	c.statements[sql] = s
	return s, nil
}

// run executes a statement and calls row, which may be nil, for each row.
func (c *conn) run(sql string, args []any, row func(*sqlite3.Stmt) error) (err error) {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	// Reset reports the error of the last step once more; the first report is
	// the one that counts.
	defer func() {
		err = first(err, s.Reset(), s.ClearBindings())
	}()
	for i, arg := range args {
		if err := bind(s, i+1, arg); err != nil {
			return err
		}
	}
	for s.Step() {
		if row == nil {
			continue
		}
		if err := row(s); err != nil {
			return err
		}
	}
	return s.Err()
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// number runs a statement whose answer is one integer; no row is 0.
func (c *conn) number(sql string) (n int64, err error) {
	err = c.run(sql, nil, func(s *sqlite3.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	})
	return n, err
}

func bind(s *sqlite3.Stmt, i int, arg any) error {
	switch v := arg.(type) {
	case nil:
		return s.BindNull(i)
	case string:
		return s.BindText(i, v)
	case []byte:
		return s.BindBlob(i, v)
	case bool:
		return s.BindBool(i, v)
	case int:
		return s.BindInt(i, v)
	case int64:
		return s.BindInt64(i, v)
	case uint32:
		return s.BindInt64(i, int64(v))
	case time.Time:
		if v.IsZero() {
			return s.BindNull(i)
		}
		return s.BindInt64(i, v.UnixMilli())
	}
	return fmt.Errorf("binding parameter %d: %T has no column type", i, arg)
}

// columnTime reads a time in UTC, zero for NULL.
func columnTime(s *sqlite3.Stmt, col int) time.Time {
	if s.ColumnType(col) == sqlite3.NULL {
		return time.Time{}
	}
	return time.UnixMilli(s.ColumnInt64(col)).UTC()
}

// transact runs f between begin and COMMIT. Whatever ends f otherwise, an
// error, a panic or runtime.Goexit, rolls back.
func (c *conn) transact(ctx context.Context, begin string, f func(*tx) error) error {
	defer c.interruptBy(ctx)()
	if err := c.run(begin, nil, nil); err != nil {
		return explain(ctx, err)
	}
	t := &tx{reader{conn: c, ctx: ctx}}
	committed := false
	defer func() {
		t.ended = true
		if !committed {
			c.rollback()
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	// A statement that failed half-way may not be committed even where f
	// chose to ignore its error.
	if t.failed != nil {
		return t.failed
	}
	if err := c.run(`COMMIT`, nil, nil); err != nil {
		return explain(ctx, err)
	}
	committed = true
	return nil
}

// rollback ends a transaction that is still open: SQLite ends it by itself
// after some errors. If even that fails the connection is of no more use.
func (c *conn) rollback() {
	defer c.interruptBy(context.Background())()
	if !c.db.GetAutocommit() && c.run(`ROLLBACK`, nil, nil) != nil {
		c.broken = true
	}
}

func (c *conn) close() error {
	for _, statement := range c.statements {
		// Finalizing reports the last error of the statement again.
		_ = statement.Close()
	}
	clear(c.statements)
	return c.db.Close()
}
