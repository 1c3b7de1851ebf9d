package scheduler

import (
	"context"
	"strings"
)

// What the user does by a command or on the page is worked out with the files as that
// program reads them. A daemon may know them otherwise: an edit that was undone before it
// was noticed, say. So it looks once more after each application that was touched, and has
// the last word.

// metaTouched begins the names under which these applications stand, each with its stem.
const metaTouched = "touched/"

func touch(tx Tx, stem string) error { return tx.SetMeta(metaTouched+stem, "1") }

// attendTouched looks after the applications that the user's actions have touched.
func (d *Daemon) attendTouched(ctx context.Context) error {
	if len(d.touched) == 0 {
		return nil
	}
	stems := map[string][]string{}
	for _, name := range d.touched {
		stems[strings.TrimPrefix(name, metaTouched)] = nil
	}
	if d.lacksAny(stems) { // a file that was written a moment ago
		if err := d.filesChanged(ctx); err != nil {
			return err
		}
	}
	for _, name := range d.touched {
		stem, now := strings.TrimPrefix(name, metaTouched), d.Clock.Now()
		err := d.Store.Update(ctx, func(tx Tx) error {
			if err := tx.SetMeta(name, ""); err != nil {
				return err
			}
			return d.attend(tx, stem, now)
		})
		if err != nil {
			return err
		}
	}
	return d.noteStore(ctx)
}
