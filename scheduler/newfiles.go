package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"
)

// Mail that was read before any file named its sender matched nothing, and the cursor
// has passed it. So the store remembers what the files named when they were last read,
// which also shows changes made while no program ran; when somebody new is named, the
// folders are read again.

// metaMarks holds what the files last named, as hashes, so that nothing that `forget`
// removes is readable here.
const metaMarks = "files.marks"

// metaBroken holds since when an application's file has been unreadable, so that its
// mail could not be recognised.
func metaBroken(stem string) string { return "broken/" + stem }

// noteNew makes the next look read the folders again if the files name somebody new, or
// if a broken file became readable: mail read meanwhile may have been taken for
// nobody's. Messages that were applied are not applied twice.
func (d *Daemon) noteNew(ctx context.Context) error {
	now, mended := d.Clock.Now(), time.Time{}
	again := false
	err := d.Store.Update(ctx, func(tx Tx) (err error) {
		if mended, err = noteBroken(tx, d.world, now); err != nil {
			return err
		}
		if again, err = noteMarks(tx, d.world, now); err != nil {
			return err
		}
		if again = again || !mended.IsZero(); !again {
			return nil
		}
		return tx.SetMeta(metaAgain, "yes")
	})
	if err != nil {
		return err
	}
	if !mended.IsZero() {
		d.mended = mended
	}
	if again {
		signal(d.news)
	}
	return nil
}

// noteBroken records which files are unreadable. It returns since when one was that is
// readable now, zero if none.
func noteBroken(tx Tx, w World, now time.Time) (mended time.Time, err error) {
	for _, stem := range slices.Sorted(maps.Keys(w.Applications)) {
		a := w.Applications[stem]
		text, err := tx.Meta(metaBroken(stem))
		if err != nil {
			return mended, err
		}
		switch unknown := a.Broken != "" && len(a.People()) == 0; {
		case unknown && text == "":
			err = tx.SetMeta(metaBroken(stem), now.UTC().Format(time.RFC3339))
		case !unknown && text != "":
			if since, err := time.Parse(time.RFC3339, text); err == nil && (mended.IsZero() || since.Before(mended)) {
				mended = since
			}
			err = tx.SetMeta(metaBroken(stem), "")
		}
		if err != nil {
			return mended, err
		}
	}
	return mended, nil
}

// noteMarks records what the files name and reports whether any of it is new in an
// application with an interview that has begun.
func noteMarks(tx Tx, w World, now time.Time) (isNew bool, err error) {
	before, err := tx.Meta(metaMarks)
	if err != nil {
		return false, err
	}
	known, all := map[string]bool{}, map[string]bool{}
	for mark := range strings.FieldsSeq(before) {
		known[mark] = true
	}
	for _, a := range w.Applications {
		begun := begunBefore(a, now)
		for _, mark := range marks(a) {
			all[mark] = true
			isNew = isNew || begun && !known[mark]
		}
	}
	text := strings.Join(append([]string{"of"}, slices.Sorted(maps.Keys(all))...), " ") // never empty: that is who never looked
	if text == before {
		return false, nil
	}
	return isNew && before != "", tx.SetMeta(metaMarks, text)
}

// marks are what mail is recognized by as an application's.
func marks(a Application) []string {
	all := []string{"company " + strings.ToLower(a.Company)}
	for _, domain := range a.Domains {
		all = append(all, "domain "+strings.ToLower(domain))
	}
	for _, p := range a.People() {
		for _, address := range p.Addresses() {
			all = append(all, NormalAddress(address))
		}
	}
	for n, mark := range all {
		sum := sha256.Sum256([]byte(mark))
		all[n] = hex.EncodeToString(sum[:6])
	}
	return all
}

// metaAgain tells the next look to read the folders again, back to the earliest
// interview. A look that is under way is not affected.
const metaAgain = "look.again"

// rewind drops the cursors but keeps the count of INBOX: otherwise mail that came and
// left unread at this moment would go unnoticed.
func (d *Daemon) rewind(ctx context.Context, count *tally) error {
	count.rewind()
	err := d.Store.Update(ctx, func(tx Tx) error {
		for _, c := range count.cursors {
			if err := tx.SetCursor(c); err != nil {
				return err
			}
		}
		if err := tx.SetMeta(metaTally, count.text()); err != nil {
			return err
		}
		return tx.SetMeta(metaAgain, "")
	})
	count.again = err != nil
	return err
}
