package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/mailer"
	"afterword/scheduler"
)

const (
	selectDelivery = `SELECT key, application, interview, step, kind, state, due, sent_at,
	message_id, envelope_from, envelope_to, smtputf8, message, learnt_ids, detail FROM deliveries`
	briefDelivery = `SELECT key, application, interview, step, kind, state, due, sent_at,
	message_id, envelope_from, envelope_to, smtputf8, NULL, learnt_ids, detail FROM deliveries`
)

// Undated deliveries wait for others and come last.
const deliveryOrder = ` ORDER BY due IS NULL, due, key`

// scanColumns fills in what has a column of its own.
func scanColumns(s *sqlite3.Stmt, d *scheduler.Delivery) (err error) {
	d.Key, d.Application, d.Interview, d.Step = s.ColumnText(0), s.ColumnText(1), s.ColumnText(2), s.ColumnText(3)
	d.Kind, d.State = scheduler.Kind(s.ColumnText(4)), scheduler.State(s.ColumnText(5))
	d.Due, d.SentAt = columnTime(s, 6), columnTime(s, 7)
	if s.ColumnType(8) != sqlite3.NULL {
		d.Frozen = &mailer.Frozen{
			MessageID: s.ColumnText(8), From: s.ColumnText(9), To: s.ColumnText(10),
			UTF8: s.ColumnBool(11), Bytes: s.ColumnBlob(12, nil),
		}
	}
	if d.LearntIDs, err = decodeList(s, 13); err != nil {
		return undecoded(d.Key, err)
	}
	return nil
}

func undecoded(key string, err error) error { return fmt.Errorf("decoding %s: %w", key, err) }

// Delivery returns the delivery with that key.
func (r *reader) Delivery(key string) (scheduler.Delivery, error) {
	found, err := all(r, key, selectDelivery+` WHERE key = ?`, []any{key}, r.conn.briefs.scanWhole)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if len(found) == 0 {
		return scheduler.Delivery{}, fmt.Errorf("reading %s: %w", key, scheduler.ErrNotFound)
	}
	return found[0], nil
}

// Deliveries returns what the query selects, by due time, then key; those
// without a due time come last. In brief they come in no order.
func (r *reader) Deliveries(q scheduler.DeliveryQuery) ([]scheduler.Delivery, error) {
	sql, args := deliveriesSQL(q)
	if q.Brief {
		return all(r, "deliveries", sql, args, r.conn.briefs.scan)
	}
	found, err := all(r, "deliveries", sql, args, r.conn.briefs.scanWhole)
	if q.Limit == 0 {
		slices.SortFunc(found, byDue)
	}
	return found, err
}

// byDue is deliveryOrder.
func byDue(a, b scheduler.Delivery) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.Key, b.Key))
}

func deliveriesSQL(q scheduler.DeliveryQuery) (sql string, args []any) {
	var c conditions
	if q.Application != "" {
		c.add(`application = ?`, q.Application)
	}
	if q.Except != "" {
		c.add(`application <> ?`, q.Except)
	}
	if q.Person != "" {
		c.add(`person = ?`, q.Person)
	}
	if len(q.States) > 0 {
		// A fixed number of variants: each state is asked for once.
		states := slices.Compact(slices.Sorted(slices.Values(q.States)))
		var list []any
		for _, state := range states {
			list = append(list, string(state))
		}
		c.add(`state IN (?`+strings.Repeat(`, ?`, len(list)-1)+`)`, list...)
	}
	if q.MessageID != "" {
		c.add(`key IN (SELECT key FROM message_ids WHERE message_id = ?)`, q.MessageID)
	}
	if q.Fragment != "" {
		c.add(`instr(key, ?) > 0`, strings.ToLower(q.Fragment))
	}
	// SQLite would sort whole rows, texts and frozen bytes included, in memory that it
	// never gives back: what is read in whole is sorted afterwards.
	sql = selectDelivery
	if q.Brief {
		sql = briefDelivery
	}
	sql += c.where()
	if q.Limit > 0 {
		if !q.Brief {
			sql += deliveryOrder
		}
		sql, c.args = sql+` LIMIT ?`, append(c.args, q.Limit)
	}
	return sql, c.args
}

// Wake returns the earliest wake_at.
func (r *reader) Wake() (wake time.Time, err error) {
	err = r.query(wakeSQL, nil, func(s *sqlite3.Stmt) error {
		wake = columnTime(s, 0)
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the next wake-up: %w", err)
	}
	return wake, nil
}

const (
	wakeSQL  = `SELECT wake_at FROM deliveries WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1`
	wokenSQL = selectDelivery + ` WHERE wake_at IS NOT NULL AND wake_at <= ? ORDER BY wake_at, key LIMIT ?`
)

// Woken returns the deliveries that want attention at now; a limit of 0 is
// none.
func (r *reader) Woken(now time.Time, limit int) ([]scheduler.Delivery, error) {
	if limit <= 0 {
		limit = -1
	}
	return all(r, "what is due", wokenSQL, []any{now.UnixMilli(), limit}, r.conn.briefs.scanWhole)
}
