package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// What is shown is true at the moment at which it is shown, also where no daemon
// runs between two calls of `run --once`: the files are taken up as a daemon would
// take them up now, and what follows is given back to nobody but the reader.

// errLooked takes back what a look changed.
var errLooked = errors.New("it was looked at, and nothing is kept")

// stems are the names of the applications, in order.
func (w World) stems() []string { return slices.Sorted(maps.Keys(w.Applications)) }

// asOf lets look see the store as it is once all that the files say of these
// applications at now is attended to. Nothing of that is kept, told or logged. A
// store that takes no change, such as none at all, is shown as it stands; look may
// have run before that is known, and runs once more then.
func (s *Service) asOf(ctx context.Context, w World, now time.Time, stems []string, look func(Reader) error) error {
	if s.Book != nil {
		book, err := s.Book()
		if err != nil {
			return s.Store.View(ctx, look) // nothing can be worked out, and what is wrong is told elsewhere
		}
		w.Ledger, w.Name = book, func(key string) string { return "<" + key + ">" } // of a doubt that is not kept
	}
	err := s.Store.Update(ctx, func(tx Tx) error {
		state, err := tx.Meta(metaIMAP)
		if err != nil {
			return err
		}
		if state != "" && state != imapReads {
			w.Trouble = unreadWords + state
		}
		for _, stem := range stems {
			if _, known := w.Applications[stem]; !known {
				continue // its file is gone, and nothing says yet that this is meant
			}
			if _, err := s.Writers.attend(tx, w, stem, now); err != nil {
				return err
			}
		}
		if err := look(tx); err != nil {
			return err
		}
		return errLooked
	})
	switch {
	case errors.Is(err, errLooked):
		return nil
	case errors.Is(err, ErrNoStore) || errors.Is(err, ErrStoreFailed):
		return s.Store.View(ctx, look)
	}
	return err
}
