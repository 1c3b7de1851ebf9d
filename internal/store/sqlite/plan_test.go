package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// A store of a million rows must answer as fast as one of a thousand: none of
// these may walk through a table.
func TestQueriesUseAnIndex(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	openStore(t, path)
	c := rawConn(t, path)
	check := func(name, sql string, args ...any) {
		t.Helper()
		steps := explainPlan(t, c, sql, args)
		if len(steps) == 0 {
			t.Fatalf("%s: no plan", name)
		}
		for _, step := range steps {
			if strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s: %s", name, strings.Join(steps, "; "))
			}
		}
	}
	for name, q := range map[string]scheduler.DeliveryQuery{
		"deliveries of an application": {Application: "acme"},
		"deliveries of a person":       {Person: "ken@acme.example"},
		"deliveries of both":           {Application: "acme", Person: "ken@acme.example", Fragment: "x"},
		"delivery by message ID":       {MessageID: "<a@example.org>"},
		"deliveries by state":          {States: []scheduler.State{scheduler.Sending, scheduler.HandedOver}, Limit: 3},
	} {
		sql, args := deliveriesSQL(q)
		check(name, sql, args...)
	}
	for name, q := range map[string]scheduler.MailQuery{
		"mails of an application": {Application: "acme"},
		"mails of a company":      {Company: "Acme"},
		"mails of a person":       {Person: "ken@acme.example"},
		"mail by message ID":      {MessageID: "<a@example.org>", Application: "acme"},
		"mails since":             {Since: time.Unix(1, 0)},
	} {
		sql, args := mailsSQL(q)
		check(name, sql, args...)
	}
	for name, q := range map[string]scheduler.EventQuery{
		"events of a key":          {Key: "a", Limit: 10},
		"events of an application": {Application: "acme", After: 7},
		"events after":             {After: 7},
	} {
		sql, args := eventsSQL(q)
		check(name, sql, args...)
	}
	check("delivery by key", selectDelivery+` WHERE key = ?`, "a")
	check("woken", wokenSQL, 1, 1)
	check("put", updateDelivery, make([]any, 17)...)

	// Wake reads the first entry of the index over what wakes, which is
	// called a scan and is none.
	steps := explainPlan(t, c, wakeSQL, nil)
	if len(steps) != 1 || !strings.Contains(steps[0], "COVERING INDEX deliveries_by_wake") {
		t.Errorf("wake: %s", strings.Join(steps, "; "))
	}
	// Woken takes the index's order: with a sort, a limit would spare nothing.
	if steps := explainPlan(t, c, wokenSQL, []any{1, 1}); len(steps) != 1 || !strings.Contains(steps[0], "deliveries_by_wake") {
		t.Errorf("woken: %s", strings.Join(steps, "; "))
	}
}

func explainPlan(t *testing.T, c *conn, sql string, args []any) (steps []string) {
	t.Helper()
	err := c.run(`EXPLAIN QUERY PLAN `+sql, args, func(s *sqlite3.Stmt) error {
		steps = append(steps, s.ColumnText(3))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// TestStatementsArePreparedOnce: what is kept is not prepared anew for other
// values, neither what the daemon asks at each wake-up nor what it writes.
func TestStatementsArePreparedOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	if err := openStore(t, path).Close(); err != nil { // a new schema is a reason
		t.Fatal(err)
	}
	s := openStore(t, path)
	for n := range 3 {
		now := time.Date(2026, 11, 23, 12+n, 0, 0, 0, time.UTC)
		err := s.Update(t.Context(), func(tx scheduler.Tx) error { return fillStore(tx, 2) })
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(t.Context(), func(r scheduler.Reader) error {
			woken, err := r.Woken(now, 7+n)
			if err == nil && len(woken) == 0 {
				err = errors.New("nothing woke up")
			}
			_, errWake := r.Wake()
			_, errStates := r.Deliveries(scheduler.DeliveryQuery{States: []scheduler.State{scheduler.Planned}, Fragment: fmt.Sprint(n), Limit: 3 + n})
			_, errMails := r.Mails(scheduler.MailQuery{Since: now, Person: "ken@acme.example"})
			_, errNames := r.MetaNames(fmt.Sprint("a", n))
			return errors.Join(err, errWake, errStates, errMails, errNames)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	writer := <-s.writing
	defer func() { s.writing <- writer }()
	asked := 0
	for _, c := range append([]*conn{writer}, s.readers...) {
		for sql, statement := range c.statements {
			asked++
			if again := statement.Status(sqlite3.STMTSTATUS_REPREPARE, false); again > 0 {
				t.Errorf("prepared %d times more: %s", again, sql)
			}
		}
	}
	if asked < 12 {
		t.Errorf("only %d statements were kept", asked)
	}
}
