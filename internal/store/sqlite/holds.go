package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Holds returns all holds, also those whose end has passed, oldest first.
func (r *reader) Holds() ([]scheduler.Hold, error) {
	return all(r, "the holds", `SELECT id, scope, target, source, reason, until, asking, began_before, set_at
		FROM holds ORDER BY id`, nil, func(s *sqlite3.Stmt) (scheduler.Hold, error) {
		return scheduler.Hold{
			ID: s.ColumnInt64(0), Scope: scheduler.Scope(s.ColumnText(1)), Target: s.ColumnText(2),
			Source: s.ColumnText(3), Reason: s.ColumnText(4), Until: columnTime(s, 5),
			Asking: s.ColumnBool(6), Before: columnTime(s, 7), Set: columnTime(s, 8),
		}, nil
	})
}

// SetHold sets a hold; the one that it replaces gives it its ID.
func (t *tx) SetHold(h scheduler.Hold) error {
	err := t.write(`INSERT INTO holds (scope, target, source, reason, until, asking, began_before, set_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (scope, target, source) DO UPDATE SET reason = excluded.reason, until = excluded.until,
		asking = excluded.asking, began_before = excluded.began_before, set_at = excluded.set_at`,
		string(h.Scope), h.Target, h.Source, h.Reason, h.Until, h.Asking, h.Before, h.Set)
	if err != nil {
		return fmt.Errorf("holding %s %s: %w", h.Scope, h.Target, err)
	}
	return nil
}

// Lift removes holds and returns how many there were.
func (t *tx) Lift(scope scheduler.Scope, target, source string) (int, error) {
	err := t.write(`DELETE FROM holds WHERE scope = ?1 AND target = ?2 AND (?3 = '' OR source = ?3)`,
		string(scope), target, source)
	if err != nil {
		return 0, fmt.Errorf("lifting the hold on %s %s: %w", scope, target, err)
	}
	return int(t.conn.db.Changes()), nil
}

// Questions returns what the user is asked, oldest first.
func (r *reader) Questions() ([]scheduler.Question, error) { return r.questions("") }

// QuestionsOf returns those about one application: of thousands no others are read.
func (r *reader) QuestionsOf(application string) ([]scheduler.Question, error) {
	return r.questions(` WHERE application = ?`, application)
}

func (r *reader) questions(where string, args ...any) ([]scheduler.Question, error) {
	return all(r, "the questions", `SELECT key, application, text, asked, command FROM questions`+where+` ORDER BY id`, args,
		func(s *sqlite3.Stmt) (scheduler.Question, error) {
			return scheduler.Question{
				Key: s.ColumnText(0), Application: s.ColumnText(1), Text: s.ColumnText(2),
				Asked: columnTime(s, 3), Command: s.ColumnText(4),
			}, nil
		})
}

// Ask lets a question stand. If it already does, its words follow the facts,
// but it keeps its place and the time when it was first asked. Asking the same
// again writes nothing: the daemon asks at every turn.
func (t *tx) Ask(q scheduler.Question) (isNew bool, err error) {
	err = t.write(`INSERT INTO questions (key, application, text, asked, command) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (key) DO NOTHING`, q.Key, q.Application, q.Text, q.Asked, q.Command)
	if err == nil && t.conn.db.Changes() == 1 {
		return true, nil
	}
	if err == nil {
		err = t.write(`UPDATE questions SET application = ?2, text = ?3, command = ?4
			WHERE key = ?1 AND (application, text, command) <> (?2, ?3, ?4)`, q.Key, q.Application, q.Text, q.Command)
	}
	if err != nil {
		return false, fmt.Errorf("asking %s: %w", q.Key, err)
	}
	return false, nil
}

// Answer removes a question. One that does not stand, because the facts
// answered it or another process did, needs no answer.
func (t *tx) Answer(questionKey string) error {
	if err := t.write(`DELETE FROM questions WHERE key = ?`, questionKey); err != nil {
		return fmt.Errorf("answering %s: %w", questionKey, err)
	}
	return nil
}
