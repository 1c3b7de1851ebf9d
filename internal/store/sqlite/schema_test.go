package sqlite

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// schemaOf is what a database says of its own tables.
func schemaOf(t *testing.T, c *conn) string {
	t.Helper()
	head := fmt.Sprintf("application_id %s, user_version %s\n",
		texts(t, c, `PRAGMA application_id`)[0], texts(t, c, `PRAGMA user_version`)[0])
	return head + strings.Join(texts(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`), "\n") + "\n"
}

// Stores with the first schema are out there: it never changes. A new wish is
// a new entry of migrations.
func TestFirstSchemaIsFrozen(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/schema_1.golden")
	if err != nil {
		t.Fatal(err)
	}
	path := newPath(t)
	openStore(t, path, withMigrations(migrations()[:1]))
	if got := schemaOf(t, rawConn(t, path)); got != string(want) {
		t.Errorf("the first schema is now:\n%s", got)
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	first := migrations()
	last := strconv.Itoa(len(first))
	second := append(slices.Clone(first), `CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (7)`)
	broken := append(slices.Clone(second), `CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT nonsense`)

	_, err := Open(t.Context(), path, withMigrations(broken))
	if err == nil || !strings.Contains(err.Error(), "version "+strconv.Itoa(len(first)+2)) {
		t.Errorf("a migration that fails: %v, want an error that names its version", err)
	}
	c := rawConn(t, path)
	if got := texts(t, c, `PRAGMA user_version`); got[0] != last {
		t.Errorf("a migration that failed left the version at %s, want %s", got[0], last)
	}
	if got := texts(t, c, `SELECT name FROM sqlite_schema WHERE name IN ('later', 'half')`); got != nil {
		t.Errorf("a migration that failed left %v", got)
	}
	openStore(t, path, withMigrations(second))
	if got := texts(t, c, `SELECT id FROM later`); !slices.Equal(got, []string{"7"}) {
		t.Errorf("the migration left %v", got)
	}
	if got := texts(t, c, `SELECT count(*) FROM deliveries`); got[0] != "300" {
		t.Errorf("after the migration there are %s deliveries, want 300", got[0])
	}
	// Another opening finds nothing to do.
	openStore(t, path, withMigrations(second))
}

// TestMailsOfTheFirstSchema: what a store of the first schema knows of mail is
// there after the migration, and the indexes with it.
func TestMailsOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	openStore(t, path, withMigrations(migrations()[:1]))
	c := rawConn(t, path)
	exec := func(sql string) {
		t.Helper()
		if err := c.db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO mails (message_id, application, interview, key, outgoing, by_hand, person, name, company, company_key, asking, class, subject, refs, at, failed)
		VALUES ('<a@x>', 'acme', 'onsite', 'k', 1, 0, 'ken@acme.example', 'Ken', 'Acme', 'acme', 1, 'human', 'Hello', '["<b@x>"]', 1000, 1)`)
	s := openStore(t, path)
	want := scheduler.Mail{MessageID: "<a@x>", Application: "acme", Interview: "onsite", Key: "k", Outgoing: true, Person: "ken@acme.example", Name: "Ken", Company: "Acme",
		Asking: true, Class: "human", Subject: "Hello", References: []string{"<b@x>"}, At: time.UnixMilli(1000).UTC(), Failed: true}
	var got []scheduler.Mail
	err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
		got, err = r.Mails(scheduler.MailQuery{MessageID: "<a@x>"})
		return err
	})
	if err != nil || len(got) != 1 || !got[0].At.Equal(want.At) {
		t.Fatalf("after the migration there is %+v, %v", got, err)
	}
	got[0].At = want.At
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("after the migration: %+v, want %+v", got[0], want)
	}
	names := texts(t, c, `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'mails' AND sql IS NOT NULL ORDER BY name`)
	if !slices.Equal(names, []string{"mails_by_application", "mails_by_company", "mails_by_person", "mails_by_time"}) {
		t.Errorf("after the migration the indexes are %v", names)
	}
}

// The database refuses what package scheduler refuses, even from a program
// that does not ask it.
func TestTriggerKnowsTheMoves(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	openStore(t, path)
	c := rawConn(t, path)
	for _, from := range append(scheduler.States(), "") {
		for _, to := range scheduler.States() {
			err := rawMove(t, c, from, to)
			if (err == nil) != scheduler.Legal(from, to) {
				t.Errorf("from %q to %s: the database says %v, scheduler.Legal %v", from, to, err, scheduler.Legal(from, to))
			}
			if err != nil && !errors.Is(err, sqlite3.CONSTRAINT_TRIGGER) {
				t.Errorf("from %q to %s: %v is no refusal by a trigger", from, to, err)
			}
		}
	}
}

// rawMove moves a row that begins in a state, which the triggers would not
// allow: they are put aside while it is made. Without a state it begins in to.
func rawMove(t *testing.T, c *conn, from, to scheduler.State) error {
	t.Helper()
	execute(t, c, `BEGIN`)
	defer execute(t, c, `ROLLBACK`)
	insert := `INSERT INTO deliveries (key, application, interview, step, kind, person, state, detail,
		message_id, envelope_from, envelope_to, smtputf8, message)
		VALUES ('k', '', '', '', '', '', ?, '{}', '<a@x>', 'a@x', 'b@x', 0, x'00')`
	if from == "" {
		return c.run(insert, []any{string(to)}, nil)
	}
	trigger := texts(t, c, `SELECT sql FROM sqlite_schema WHERE name = 'deliveries_begin'`)[0]
	execute(t, c, `DROP TRIGGER deliveries_begin`)
	if err := c.run(insert, []any{string(from)}, nil); err != nil {
		t.Fatal(err)
	}
	execute(t, c, trigger)
	return c.run(`UPDATE deliveries SET state = ? WHERE key = 'k'`, []any{string(to)}, nil)
}

func TestDatabaseRefuses(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := openStore(t, path)
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		d := example("claimed")
		for _, state := range []scheduler.State{scheduler.Planned, scheduler.Approved, scheduler.Sending} {
			d.State = state
			if err := tx.Put(d, time.Time{}); err != nil {
				return err
			}
		}
		return tx.Put(example("open"), time.Time{})
	})
	if err != nil {
		t.Fatal(err)
	}
	c := rawConn(t, path)
	for what, sql := range map[string]string{
		"a state that nobody knows":      `UPDATE deliveries SET state = 'posted' WHERE key = 'open'`,
		"a key that changes":             `UPDATE deliveries SET key = 'other' WHERE key = 'open'`,
		"a claimed message that changes": `UPDATE deliveries SET message = x'01' WHERE key = 'claimed'`,
		"a claim that would wake":        `UPDATE deliveries SET wake_at = 1 WHERE key = 'claimed'`,
		"half a message":                 `UPDATE deliveries SET message = NULL WHERE key = 'open'`,
		"a text for a time":              `UPDATE deliveries SET due = 'tomorrow' WHERE key = 'open'`,
		"a message ID of nothing":        `INSERT INTO message_ids VALUES ('<b@x>', 'nobody', 0)`,
		"a second owner of an ID":        `INSERT INTO message_ids VALUES ('<open@example.org>', 'claimed', 1)`,
	} {
		if err := c.db.Exec(sql); !errors.Is(err, sqlite3.CONSTRAINT) {
			t.Errorf("%s: %v, want a refusal", what, err)
		}
	}
	execute(t, c, `UPDATE deliveries SET wake_at = 1 WHERE key = 'open'`)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	c := <-s.writing
	defer func() { s.writing <- c }()
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "temp_store": "2",
	} {
		if got := texts(t, c, `PRAGMA `+pragma)[0]; got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
	lax := openStore(t, newPath(t), WithSynchronous("OFF"))
	other := <-lax.writing
	defer func() { lax.writing <- other }()
	if got := texts(t, other, `PRAGMA synchronous`)[0]; got != "0" {
		t.Errorf("synchronous = OFF was asked for, it is %s", got)
	}
}
