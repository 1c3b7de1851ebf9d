package sqlite

import (
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

func scanDelivery(s *sqlite3.Stmt) (scheduler.Delivery, error) {
	d := scheduler.Delivery{
		Key: s.ColumnText(0), Application: s.ColumnText(1), Interview: s.ColumnText(2), Step: s.ColumnText(3),
		Kind: scheduler.Kind(s.ColumnText(4)), State: scheduler.State(s.ColumnText(5)),
		Due: columnTime(s, 6), SentAt: columnTime(s, 7),
	}
	if s.ColumnType(8) != sqlite3.NULL {
		d.Frozen = &mailer.Frozen{
			MessageID: s.ColumnText(8), From: s.ColumnText(9), To: s.ColumnText(10),
			UTF8: s.ColumnBool(11), Bytes: s.ColumnBlob(12, nil),
		}
	}
	var err error
	if d.LearntIDs, err = decodeList(s, 13); err == nil {
		err = decodeDetail(s.ColumnRawText(14), &d)
	}
	if err != nil {
		return d, fmt.Errorf("decoding %s: %w", d.Key, err)
	}
	return d, nil
}

// Delivery returns the delivery with that key.
func (r *reader) Delivery(key string) (scheduler.Delivery, error) {
	found, err := all(r, key, selectDelivery+` WHERE key = ?`, []any{key}, scanDelivery)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if len(found) == 0 {
		return scheduler.Delivery{}, fmt.Errorf("reading %s: %w", key, scheduler.ErrNotFound)
	}
	return found[0], nil
}

// Deliveries returns what the query selects, by due time, then key; those
// without a due time come last.
func (r *reader) Deliveries(q scheduler.DeliveryQuery) ([]scheduler.Delivery, error) {
	sql, args := deliveriesSQL(q)
	if q.Brief {
		return all(r, "deliveries", sql, args, scanBrief)
	}
	return all(r, "deliveries", sql, args, scanDelivery)
}

// scanBrief leaves out what takes most of the room of a delivery.
func scanBrief(s *sqlite3.Stmt) (scheduler.Delivery, error) {
	d, err := scanDelivery(s)
	d.Text.Body, d.Edited = "", nil
	return d, err
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
	sql = selectDelivery
	if q.Brief {
		sql = briefDelivery
	}
	sql += c.where() + deliveryOrder
	if q.Limit > 0 {
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
	return all(r, "what is due", wokenSQL, []any{now.UnixMilli(), limit}, scanDelivery)
}
