package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

const selectMail = `SELECT message_id, application, interview, key, outgoing, by_hand, person, name, company, asking,
	class, subject, refs, at, failed FROM mails`

// Mails returns what the query selects, oldest first; Since is included.
func (r *reader) Mails(q scheduler.MailQuery) ([]scheduler.Mail, error) {
	sql, args := mailsSQL(q)
	return all(r, "mails", sql, args, scanMail)
}

func mailsSQL(q scheduler.MailQuery) (sql string, args []any) {
	var c conditions
	if q.Application != "" {
		c.add(`application = ?`, q.Application)
	}
	if q.Except != "" {
		c.add(`application <> ?`, q.Except)
	}
	if q.Company != "" {
		c.add(`company_key = ?`, strings.ToLower(q.Company))
	}
	if q.Person != "" {
		c.add(`person = ?`, q.Person)
	}
	if q.MessageID != "" {
		c.add(`message_id = ?`, q.MessageID)
	}
	if !q.Since.IsZero() {
		c.add(`at >= ?`, q.Since)
	}
	return selectMail + c.where() + ` ORDER BY at, message_id, application, person`, c.args
}

func scanMail(s *sqlite3.Stmt) (scheduler.Mail, error) {
	m := scheduler.Mail{
		MessageID: s.ColumnText(0), Application: s.ColumnText(1), Interview: s.ColumnText(2), Key: s.ColumnText(3),
		Outgoing: s.ColumnBool(4), ByHand: s.ColumnBool(5), Person: s.ColumnText(6), Name: s.ColumnText(7),
		Company: s.ColumnText(8), Asking: s.ColumnBool(9), Class: s.ColumnText(10), Subject: s.ColumnText(11),
		At: columnTime(s, 13), Failed: s.ColumnBool(14),
	}
	var err error
	if m.References, err = decodeList(s, 12); err != nil {
		return m, fmt.Errorf("decoding %s: %w", m.MessageID, err)
	}
	return m, nil
}

// The two statements take the same values in the same order.
const (
	updateMail = `UPDATE mails SET interview = ?3, key = ?4, outgoing = ?5, by_hand = ?6, name = ?8, company = ?9,
		company_key = ?10, asking = ?11, class = ?12, subject = ?13, refs = ?14, at = ?15, failed = ?16
		WHERE message_id = ?1 AND application = ?2 AND person = ?7`
	insertMail = `INSERT INTO mails (message_id, application, interview, key, outgoing, by_hand, person, name, company,
		company_key, asking, class, subject, refs, at, failed)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)`
)

// AddMail notes a message between the candidate and one person of an
// application. It needs a Message-ID: without one, seeing it twice
// could not be told from two messages.
func (t *tx) AddMail(m scheduler.Mail) (isNew bool, err error) {
	if m.MessageID == "" {
		return false, errors.New("adding a mail: it has no message ID")
	}
	refs, err := encodeList(m.References)
	if err != nil {
		return false, fmt.Errorf("adding the mail %s: %w", m.MessageID, err)
	}
	values := []any{
		m.MessageID, m.Application, m.Interview, m.Key, m.Outgoing, m.ByHand, m.Person, m.Name, m.Company,
		strings.ToLower(m.Company), m.Asking, m.Class, m.Subject, refs, m.At, m.Failed,
	}
	err = t.write(updateMail, values...)
	if err == nil && t.conn.db.Changes() == 0 {
		isNew = true
		err = t.write(insertMail, values...)
	}
	if err != nil {
		return false, fmt.Errorf("adding the mail %s: %w", m.MessageID, err)
	}
	return isNew, nil
}

// Events returns what the query selects, oldest first.
func (r *reader) Events(q scheduler.EventQuery) ([]scheduler.Event, error) {
	sql, args := eventsSQL(q)
	events, err := all(r, "events", sql, args, scanEvent)
	if q.Limit > 0 {
		slices.Reverse(events)
	}
	return events, err
}

// eventsSQL returns the newest first if they are limited: the limit keeps the
// newest.
func eventsSQL(q scheduler.EventQuery) (sql string, args []any) {
	var c conditions
	if q.Key != "" {
		c.add(`key = ?`, q.Key)
	}
	if q.Application != "" {
		c.add(`application = ?`, q.Application)
	}
	if q.After > 0 {
		c.add(`id > ?`, q.After)
	}
	sql = `SELECT id, at, key, application, actor, what, from_state, to_state, why, evidence FROM events` + c.where()
	if q.Limit > 0 {
		return sql + ` ORDER BY id DESC LIMIT ?`, append(c.args, q.Limit)
	}
	return sql + ` ORDER BY id`, c.args
}

func scanEvent(s *sqlite3.Stmt) (scheduler.Event, error) {
	return scheduler.Event{
		ID: s.ColumnInt64(0), At: columnTime(s, 1), Key: s.ColumnText(2), Application: s.ColumnText(3),
		Actor: s.ColumnText(4), What: s.ColumnText(5), From: s.ColumnText(6), To: s.ColumnText(7),
		Why: s.ColumnText(8), Evidence: s.ColumnText(9),
	}, nil
}

// Log writes an event, whose ID the store gives. An event without a time is
// refused: nothing here could supply it.
func (t *tx) Log(e scheduler.Event) error {
	err := t.write(`INSERT INTO events (at, key, application, actor, what, from_state, to_state, why, evidence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.At, e.Key, e.Application, e.Actor, e.What, e.From, e.To, e.Why, e.Evidence)
	if err != nil {
		return fmt.Errorf("logging %s of %s: %w", e.What, e.Key, err)
	}
	return nil
}
