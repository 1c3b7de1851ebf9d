package sqlite

import (
	"fmt"
	"testing"
	"time"

	"afterword/scheduler"
)

// Each operation is to cost at most twice as much with a million deliveries
// stored as with a thousand.
func BenchmarkStored(b *testing.B) {
	for _, stored := range []int{1_000, 1_000_000} {
		s := openStore(b, newPath(b))
		fillFast(b, s, stored)
		for name, operation := range map[string]func(*Store, int) error{
			"wake":   func(s *Store, i int) error { return benchmarkWake(b, s) },
			"plan":   func(s *Store, i int) error { return benchmarkPlan(b, s, i*7919%stored) },
			"cancel": func(s *Store, i int) error { return benchmarkTurn(b, s, i*7919%stored) },
		} {
			b.Run(fmt.Sprintf("%s/stored=%d", name, stored), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if err := operation(s, i); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// benchmarkNow lies before everything that the benchmark plans.
func benchmarkNow() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// fillFast stores deliveries of ten per application; all are open and wake
// some day, which is the worst case for the index.
func fillFast(b *testing.B, s *Store, n int) {
	b.Helper()
	c := rawConn(b, s.path)
	execute(b, c, `PRAGMA synchronous = OFF`)
	const each = 1000
	for from := 0; from < n; from += each {
		err := c.run(`INSERT INTO deliveries (key, application, interview, step, kind, person, state, due, wake_at,
				message_id, envelope_from, envelope_to, smtputf8, message, detail)
			WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
			SELECT 'app-' || (i / 10) || '/onsite/follow-up-1/person-' || i || '@company-' || (i / 10) || '.example',
				'app-' || (i / 10), 'onsite', 'follow-up-1', 'follow-up',
				'person-' || i || '@company-' || (i / 10) || '.example', 'planned', ?3 + i, ?3 + i,
				'<' || i || '@example.org>', 'dana@example.org', 'p@x.example', 0, zeroblob(800),
				'{"body":"' || hex(zeroblob(300)) || '"}' FROM n`,
			[]any{from, min(from+each, n), benchmarkNow().Add(time.Hour)}, nil)
		if err != nil {
			b.Fatal(err)
		}
		err = c.run(`INSERT INTO message_ids SELECT message_id, key, 1 FROM deliveries WHERE id > ?`, []any{from}, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
	execute(b, c, `PRAGMA wal_checkpoint(TRUNCATE)`)
}

func benchmarkKey(i int) string {
	return fmt.Sprintf("app-%d/onsite/follow-up-1/person-%d@company-%d.example", i/10, i, i/10)
}

// benchmarkWake is a wake-up of the dispatcher that finds nothing due.
func benchmarkWake(b *testing.B, s *Store) error {
	return s.View(b.Context(), func(r scheduler.Reader) error {
		wake, err := r.Wake()
		if err != nil {
			return err
		}
		due, err := r.Woken(benchmarkNow(), 100)
		if err == nil && (len(due) != 0 || wake.IsZero()) {
			err = fmt.Errorf("%d deliveries are due, the next at %v", len(due), wake)
		}
		return err
	})
}

// benchmarkPlan reads what planning an application reads.
func benchmarkPlan(b *testing.B, s *Store, i int) error {
	return s.View(b.Context(), func(r scheduler.Reader) error {
		found, err := r.Deliveries(scheduler.DeliveryQuery{Application: fmt.Sprintf("app-%d", i/10)})
		if err == nil && len(found) != 10 {
			err = fmt.Errorf("the application has %d deliveries", len(found))
		}
		return err
	})
}

// benchmarkTurn cancels a delivery, or wants it again, with its event, durably.
func benchmarkTurn(b *testing.B, s *Store, i int) error {
	return s.Update(b.Context(), func(tx scheduler.Tx) error {
		d, err := tx.Delivery(benchmarkKey(i))
		if err != nil {
			return err
		}
		from, to, wake := d.State, scheduler.Cancelled, time.Time{}
		if from == scheduler.Cancelled {
			to, wake = scheduler.Planned, d.Due
		}
		if err := d.Move(to, "answered"); err != nil {
			return err
		}
		if err := tx.Put(d, wake); err != nil {
			return err
		}
		return tx.Log(scheduler.Event{At: benchmarkNow(), Key: d.Key, From: string(from), To: string(to)})
	})
}
