package sqlite

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

// firstRows is a row for every table of the first schema, in which no column is
// empty that may hold something.
const firstRows = `
INSERT INTO deliveries VALUES (1, 'acme/onsite/thank-you/ken@acme.example', 'acme', 'onsite', 'thank-you', 'thank-you', 'ken@acme.example', 'planned',
  1000, 900, NULL, '<k@example.org>', 'dana@example.org', 'ken@acme.example', 0, x'0d0a', '["<learnt@x>"]', '{}');
UPDATE deliveries SET state = 'approved';
UPDATE deliveries SET state = 'sending', wake_at = NULL;
UPDATE deliveries SET state = 'handed_over';
UPDATE deliveries SET state = 'sent', sent_at = 1100;
INSERT INTO message_ids VALUES ('<k@example.org>', 'acme/onsite/thank-you/ken@acme.example', 1), ('<learnt@x>', 'acme/onsite/thank-you/ken@acme.example', 0);
INSERT INTO events VALUES (7, 1100, 'acme/onsite/thank-you/ken@acme.example', 'acme', 'daemon', 'sent', 'handed_over', 'sent', 'accepted', '250 2.0.0 Ok');
INSERT INTO holds VALUES (3, 'application', 'acme', 'reply', 'priya wrote', 5000, 1, 400, 1200);
INSERT INTO questions VALUES (2, 'q', 'acme', 'Did it happen?', 300, 'afterword set acme');
INSERT INTO mails VALUES ('<a@x>', 'acme', 'onsite', 'k', 1, 0, 'ken@acme.example', 'Ken', 'Acme', 'acme', 1, 'human', 'Hello', '["<b@x>"]', 1000, 1);
INSERT INTO cursors VALUES ('main', 'INBOX', 4000000000, 17);
INSERT INTO notices VALUES (5, 'n', 100, 'doubt', 'In doubt', 'text', 'discreet', 200);
INSERT INTO meta VALUES ('epoch', '9');
`

// rowsOf is all that a database holds: for each table its rows, every value
// written as SQL. It asks for the columns that are given, or for all of them.
func rowsOf(t *testing.T, c *conn, columns map[string][]string) (rows map[string][]string, asked map[string][]string) {
	t.Helper()
	if columns == nil {
		columns = map[string][]string{}
		for _, table := range texts(t, c, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`) {
			columns[table] = texts(t, c, `SELECT name FROM pragma_table_info(?)`, table)
		}
	}
	rows = map[string][]string{}
	for table, names := range columns {
		values := "quote(" + strings.Join(names, ") || ', ' || quote(") + ")"
		rows[table] = texts(t, c, fmt.Sprintf(`SELECT %s FROM %s ORDER BY 1`, values, table))
	}
	return rows, columns
}

// TestStoreOfTheFirstSchema: a store that the first version of the program
// left, with something in every table, is opened by this one. It becomes what
// this version would have made, and nothing that stood in it is gone.
func TestStoreOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	if err := openStore(t, path, withMigrations(migrations()[:1])).Close(); err != nil {
		t.Fatal(err)
	}
	c := rawConn(t, path)
	frozen, err := os.ReadFile("testdata/schema_1.golden")
	if err != nil || schemaOf(t, c) != string(frozen) {
		t.Fatalf("this is not the first schema (%v)", err)
	}
	execute(t, c, firstRows)
	before, columns := rowsOf(t, c, nil)
	for table, rows := range before {
		if len(rows) == 0 {
			t.Errorf("%s is empty: the test knows nothing of it", table)
		}
	}
	s := openStore(t, path)
	after, _ := rowsOf(t, c, columns)
	for _, table := range slices.Sorted(maps.Keys(before)) {
		same(t, "the rows of "+table, after[table], before[table])
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	fresh := newPath(t)
	openStore(t, fresh)
	same(t, "the schema", strings.Split(schemaOf(t, c), "\n"), strings.Split(schemaOf(t, rawConn(t, fresh)), "\n"))
	d := readOne(t, s, "acme/onsite/thank-you/ken@acme.example")
	if d.State != scheduler.Sent || d.Frozen == nil || d.Frozen.MessageID != "<k@example.org>" || !slices.Equal(d.LearntIDs, []string{"<learnt@x>"}) {
		t.Errorf("the delivery reads %+v", d)
	}
}

func readOne(t *testing.T, s *Store, key string) (d scheduler.Delivery) {
	t.Helper()
	err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
		d, err = r.Delivery(key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNoticesOfTheSecondSchema: what the user was told before there were channels
// is told on none of them again, and what waited still waits.
func TestNoticesOfTheSecondSchema(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	if err := openStore(t, path, withMigrations(migrations()[:2])).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, rawConn(t, path), `INSERT INTO notices (id, key, at, kind, subject, text, discreet, told) VALUES
		(1, 'told', 100, 'reply', 's', 't', 'd', 200), (2, 'untold', 100, 'reply', 's', 't', 'd', NULL)`)
	s := openStore(t, path)
	var open, all []scheduler.Notice
	err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
		if open, err = r.Notices(true); err == nil {
			all, err = r.Notices(false)
		}
		return err
	})
	if err != nil || len(open) != 1 || open[0].Key != "untold" {
		t.Errorf("after the migration the open notices are %+v, %v", open, err)
	}
	if len(all) != 2 || all[0].Settled.UnixMilli() != 200 || all[0].Told.UnixMilli() != 200 {
		t.Errorf("after the migration the notices are %+v", all)
	}
}
