package sqlite

import (
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
