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
			"due":    func(s *Store, i int) error { return benchmarkFacts(b, s, i*7919%stored) },
			"claim":  func(s *Store, i int) error { return benchmarkClaim(b, s, i*7919%stored) },
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

// fillFast stores deliveries of ten per application, and a mail to each person;
// all are open and wake some day, which is the worst case for the index.
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
		err = c.run(`INSERT INTO mails (message_id, application, interview, key, outgoing, by_hand, person, name, company, company_key,
				asking, class, subject, at, failed)
			SELECT '<mail-' || id || '@example.org>', application, interview, key, 1, 0, person, '', 'Company ' || application,
				'company ' || application, 0, '', 'Thank you', due - 86400000, 0 FROM deliveries WHERE id > ?`, []any{from}, nil)
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

// benchmarkFacts reads what the gate asks about a mail that is due.
func benchmarkFacts(b *testing.B, s *Store, i int) error {
	stem := fmt.Sprintf("app-%d", i/10)
	a := scheduler.Application{Stem: stem, Company: "Company " + stem, Interviews: []scheduler.Interview{{ID: "onsite",
		Interviewers: []scheduler.Person{{Email: fmt.Sprintf("person-%d@company-%d.example", i, i/10)}}}}}
	w := scheduler.World{Policy: scheduler.Policy{PerHour: 100}, Applications: map[string]scheduler.Application{stem: a}}
	return s.View(b.Context(), func(r scheduler.Reader) error {
		f, err := scheduler.LoadFacts(r, w, stem, benchmarkNow().Add(1000*time.Hour))
		if err == nil && (len(f.Stored) != 10 || len(f.Mails) != 10) {
			err = fmt.Errorf("the application has %d deliveries and %d mails", len(f.Stored), len(f.Mails))
		}
		return err
	})
}

// benchmarkClaim claims a delivery with its event, durably; one that was claimed
// before is given back first.
func benchmarkClaim(b *testing.B, s *Store, i int) error {
	return s.Update(b.Context(), func(tx scheduler.Tx) error {
		d, err := tx.Delivery(benchmarkKey(i))
		if err != nil {
			return err
		}
		if d.State == scheduler.Cancelled {
			d.State = scheduler.Planned
			if err := tx.Put(d, d.Due); err != nil {
				return err
			}
		}
		for _, to := range []scheduler.State{scheduler.Approved, scheduler.Sending} {
			from := d.State
			d.State = to
			if err := tx.Put(d, d.Due); err != nil {
				return err
			}
			if err := tx.Log(scheduler.Event{At: benchmarkNow(), Key: d.Key, From: string(from), To: string(to)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// benchmarkTurn cancels a delivery, or wants it again, with its event, durably.
func benchmarkTurn(b *testing.B, s *Store, i int) error {
	return s.Update(b.Context(), func(tx scheduler.Tx) error {
		d, err := tx.Delivery(benchmarkKey(i))
		if err != nil {
			return err
		}
		if d.State == scheduler.Sending { // another operation has claimed it
			d.State = scheduler.Approved
			if err := tx.Put(d, d.Due); err != nil {
				return err
			}
		}
		from, to, wake := d.State, scheduler.Cancelled, time.Time{}
		if from == scheduler.Cancelled {
			to, wake = scheduler.Planned, d.Due
		}
		d.State = to
		if err := tx.Put(d, wake); err != nil {
			return err
		}
		return tx.Log(scheduler.Event{At: benchmarkNow(), Key: d.Key, From: string(from), To: string(to)})
	})
}
