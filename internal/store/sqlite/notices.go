package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

const selectNotice = `SELECT id, coalesce(key, ''), at, kind, subject, text, discreet, told, tellings, settled FROM notices`

// Notices returns the outbox, oldest first, or what of it is still to be told.
func (r *reader) Notices(open bool) ([]scheduler.Notice, error) {
	sql := selectNotice
	if open {
		sql += ` WHERE settled IS NULL`
	}
	return all(r, "the notices", sql+` ORDER BY id`, nil, func(s *sqlite3.Stmt) (scheduler.Notice, error) {
		tellings, err := decodeTellings(s, 8)
		return scheduler.Notice{
			ID: s.ColumnInt64(0), Key: s.ColumnText(1), At: columnTime(s, 2), Kind: s.ColumnText(3),
			Subject: s.ColumnText(4), Text: s.ColumnText(5), Discreet: s.ColumnText(6), Told: columnTime(s, 7),
			Tellings: tellings, Settled: columnTime(s, 9),
		}, err
	})
}

// storedTelling is a telling as a notice's row holds it.
type storedTelling struct {
	Channel string `json:"channel"`
	At      *int64 `json:"at_ms,omitempty"`
	Shown   bool   `json:"shown,omitempty"`
	Why     string `json:"why,omitempty"`
}

func encodeTelling(t scheduler.Telling) (string, error) {
	encoded, err := json.Marshal(storedTelling{Channel: t.Channel, At: millis(t.At), Shown: t.Shown, Why: t.Why})
	return string(encoded), err
}

func decodeTellings(s *sqlite3.Stmt, col int) (all []scheduler.Telling, err error) {
	if s.ColumnType(col) == sqlite3.NULL {
		return nil, nil
	}
	var stored []storedTelling
	err = json.Unmarshal(s.ColumnRawText(col), &stored)
	for _, t := range stored {
		all = append(all, scheduler.Telling{Channel: t.Channel, At: moment(t.At), Shown: t.Shown, Why: t.Why})
	}
	return all, err
}

// Notify puts a notice into the outbox. The first one with a key stands, told
// or not; a notice without a key is always new.
func (t *tx) Notify(n scheduler.Notice) (isNew bool, err error) {
	var key any
	if n.Key != "" {
		key = n.Key
	}
	err = t.write(`INSERT INTO notices (key, at, kind, subject, text, discreet) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO NOTHING`, key, n.At, n.Kind, n.Subject, n.Text, n.Discreet)
	if err != nil {
		return false, fmt.Errorf("noting what to tell about %s: %w", n.Key, err)
	}
	return t.conn.db.Changes() == 1, nil
}

// Told notes what became of a notice on one channel. The first channel that
// tells it gives the time at which the user was told.
func (t *tx) Told(noticeID int64, telling scheduler.Telling, settled bool) error {
	var told, end time.Time
	if telling.Why == "" {
		told = telling.At
	}
	if settled {
		end = telling.At
	}
	encoded, err := encodeTelling(telling)
	if err == nil {
		err = t.write(`UPDATE notices SET tellings = json_insert(coalesce(tellings, '[]'), '$[#]', json(?2)),
			told = coalesce(told, ?3), settled = coalesce(?4, settled) WHERE id = ?1`, noticeID, encoded, told, end)
	}
	if err == nil && t.conn.db.Changes() == 0 {
		err = scheduler.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("noting that notice %d was told: %w", noticeID, err)
	}
	return nil
}
