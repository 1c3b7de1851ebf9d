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

// Mail that was read before a file named its sender was nobody's, and no cursor leads
// back to it. What the files named when they were read last is therefore remembered,
// so that it shows also where they change while no program runs.

// metaMarks names what the files last named, as hashes: what `forget` removes shall
// not stand here.
const metaMarks = "files.marks"

// metaBroken names the moment since when nobody knows whose mail an application's
// is: its file could not be read when the program started.
func metaBroken(stem string) string { return "broken/" + stem }

// noteNew has the folders read once more where the files name what they did not name
// before, or where one of them can be read at last: what came meanwhile may have been
// read, and set aside as nobody's. What was applied before is not applied again.
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

// noteBroken remembers which files tell nothing, not even whose mail is theirs. It
// returns since when one was such that can be read now, zero if none was.
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

// noteMarks remembers what the files name, and reports whether some of it is new, in an
// application of which an interview has begun.
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

// metaAgain says that the next look shall read the folders again, back to the earliest
// interview. A look that is under way when the files change ends as it began.
const metaAgain = "look.again"

// rewind forgets how far the folders were read, but not what is counted in INBOX: what
// came there and left unread just then would be asked about by nobody.
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
