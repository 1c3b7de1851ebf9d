package scheduler

import (
	"encoding/json"
	"fmt"
)

// loadJSON reads a value that the store's meta table keeps under a name; the flag is
// false if there is none.
func loadJSON[T any](r Reader, name string) (v T, known bool, err error) {
	text, err := r.Meta(name)
	if err != nil || text == "" {
		return v, false, err
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, false, fmt.Errorf("reading %s: %w", name, err)
	}
	return v, true, nil
}

// saveJSON keeps a value under a name.
func saveJSON(tx Tx, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return tx.SetMeta(name, string(b))
}
