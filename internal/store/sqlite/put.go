package sqlite

import (
	"fmt"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Put inserts or replaces a delivery. The move is checked against the state in
// the store, not the one that the caller has read, and once more by the
// database. While a claim stands the frozen message cannot change. The moment
// of waking is kept for open and in-doubt deliveries only.
func (t *tx) Put(d scheduler.Delivery, wake time.Time) error {
	if err := t.put(d, wake); err != nil {
		return fmt.Errorf("putting %s: %w", d.Key, err)
	}
	return nil
}

func (t *tx) put(d scheduler.Delivery, wake time.Time) error {
	before, err := t.before(d.Key)
	if err != nil {
		return err
	}
	if !scheduler.Legal(before.state, d.State) {
		if before.state == "" {
			return fmt.Errorf("beginning as %s: a new delivery begins planned", d.State)
		}
		return fmt.Errorf("moving from %s to %s: not a legal move", before.state, d.State)
	}
	values, err := deliveryValues(d, wake)
	if err != nil {
		return err
	}
	statement := insertDelivery
	switch {
	case before.state == "":
	case before.application == d.Application && before.person == scheduler.NormalAddress(d.To.Email):
		statement = moveDelivery
	default:
		statement = updateDelivery
	}
	if err := t.write(statement, values...); err != nil {
		return err
	}
	return t.setMessageIDs(d, before)
}

// SetWake changes the moment of waking alone; for what is neither open nor in
// doubt there is none. Setting the same again writes nothing.
func (t *tx) SetWake(key string, wake time.Time) error {
	if err := t.setWake(key, upward(wake)); err != nil {
		return fmt.Errorf("setting when %s wakes: %w", key, err)
	}
	return nil
}

func (t *tx) setWake(key string, wake time.Time) error {
	state := scheduler.State("")
	var was time.Time
	err := t.query(`SELECT state, wake_at FROM deliveries WHERE key = ?`, []any{key}, func(s *sqlite3.Stmt) error {
		state, was = scheduler.State(s.ColumnText(0)), columnTime(s, 1)
		return nil
	})
	if err != nil {
		return err
	}
	if state == "" {
		return scheduler.ErrNotFound
	}
	if !wakes(state) {
		wake = time.Time{}
	}
	if wake.Equal(was) {
		return nil
	}
	return t.write(`UPDATE deliveries SET wake_at = ? WHERE key = ?`, wake, key)
}

// wakes reports whether a delivery in the state can want attention.
func wakes(state scheduler.State) bool { return state.Open() || state == scheduler.InDoubt }

// stored is what a Put has to know of the row it replaces; its state is ""
// where there is none.
type stored struct {
	state               scheduler.State
	application, person string
	own                 string
	learnt              []string
}

func (t *tx) before(key string) (b stored, err error) {
	err = t.query(`SELECT state, message_id, learnt_ids, application, person FROM deliveries WHERE key = ?`, []any{key}, func(s *sqlite3.Stmt) error {
		b.state, b.own = scheduler.State(s.ColumnText(0)), s.ColumnText(1)
		b.application, b.person = s.ColumnText(3), s.ColumnText(4)
		b.learnt, err = decodeList(s, 2)
		return err
	})
	return b, err
}

// The statements take the same values in the same order; a key is ?1. SQLite
// writes an index anew whenever a column of it is set, be it to the same value:
// moveDelivery leaves alone what hardly ever changes.
const (
	insertDelivery = `INSERT INTO deliveries (key, application, interview, step, kind, person, state, due, wake_at, sent_at,
		message_id, envelope_from, envelope_to, smtputf8, message, learnt_ids, detail)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)`
	updateDelivery = `UPDATE deliveries SET application = ?2, interview = ?3, step = ?4, kind = ?5, person = ?6, state = ?7,
		due = ?8, wake_at = ?9, sent_at = ?10, message_id = ?11, envelope_from = ?12, envelope_to = ?13, smtputf8 = ?14,
		message = ?15, learnt_ids = ?16, detail = ?17 WHERE key = ?1`
	moveDelivery = `UPDATE deliveries SET interview = ?3, step = ?4, kind = ?5, state = ?7,
		due = ?8, wake_at = ?9, sent_at = ?10, message_id = ?11, envelope_from = ?12, envelope_to = ?13, smtputf8 = ?14,
		message = ?15, learnt_ids = ?16, detail = ?17 WHERE key = ?1`
)

func deliveryValues(d scheduler.Delivery, wake time.Time) ([]any, error) {
	learnt, err := encodeList(d.LearntIDs)
	if err != nil {
		return nil, err
	}
	detail, err := encodeDetail(d)
	if err != nil {
		return nil, err
	}
	if !wakes(d.State) {
		wake = time.Time{}
	}
	frozen := make([]any, 5)
	if f := d.Frozen; f != nil {
		bytes := f.Bytes
		if bytes == nil {
			bytes = []byte{} // nil would be stored as no message at all
		}
		frozen = []any{f.MessageID, f.From, f.To, f.UTF8, bytes}
	}
	values := []any{
		d.Key, d.Application, d.Interview, d.Step, string(d.Kind), scheduler.NormalAddress(d.To.Email), string(d.State),
		d.Due, upward(wake), d.SentAt,
	}
	return append(append(values, frozen...), learnt, detail), nil
}

// upward rounds to the next whole millisecond. Were the moment of waking cut
// off, the dispatcher would wake too early, find nothing due, and wake again.
func upward(t time.Time) time.Time {
	if t.IsZero() || t.Nanosecond()%int(time.Millisecond) == 0 {
		return t
	}
	return t.Truncate(time.Millisecond).Add(time.Millisecond)
}

// setMessageIDs keeps the table by which replies and bounces find the
// delivery. Most changes touch no ID.
func (t *tx) setMessageIDs(d scheduler.Delivery, before stored) error {
	own := ""
	if d.Frozen != nil {
		own = d.Frozen.MessageID
	}
	if own == before.own && slices.Equal(d.LearntIDs, before.learnt) {
		return nil
	}
	if err := t.write(`DELETE FROM message_ids WHERE key = ?`, d.Key); err != nil {
		return err
	}
	for i, id := range append([]string{own}, d.LearntIDs...) {
		if id == "" {
			continue
		}
		// A server may hand back the ID that it was given.
		err := t.write(`INSERT INTO message_ids (message_id, key, own) VALUES (?, ?, ?)
			ON CONFLICT (message_id, key) DO NOTHING`, id, d.Key, i == 0)
		if err != nil {
			return fmt.Errorf("noting the message ID %s: %w", id, err)
		}
	}
	return nil
}
