package scheduler

import (
	"fmt"
	"time"
)

// goneAfter is how long a file may be missing, while its folder is readable, before its
// mail is cancelled. Editors that replace a file and folders that are being synchronised
// take less.
const goneAfter = time.Hour

// metaGone names the moment since which a file is missing.
func metaGone(stem string) string { return "gone/" + stem }

// attendGone looks after an application without a file: it is held, and
// cancelled when the file has been missing for an hour. It reports whether the
// file is missing.
func attendGone(tx Tx, world World, f *Facts, now time.Time) (bool, error) {
	stem := f.Application.Stem
	text, err := tx.Meta(metaGone(stem))
	if err != nil {
		return false, err
	}
	if _, there := world.Applications[stem]; there {
		if text != "" {
			err = tx.SetMeta(metaGone(stem), "")
		}
		return false, err
	}
	since, err := time.Parse(time.RFC3339, text)
	if err != nil || since.After(now) { // missing for the first time, or the clock was set back
		since = now
		if err := tx.SetMeta(metaGone(stem), now.UTC().Format(time.RFC3339)); err != nil {
			return true, err
		}
	}
	over := !now.Before(since.Add(goneAfter)) && world.Unread == ""
	for _, d := range f.Stored {
		if err := leaveGone(tx, f, d, over, since.Add(goneAfter), now); err != nil {
			return true, err
		}
	}
	return true, tellAgainOfDoubt(tx, f, now)
}

// leaveGone holds or cancels one delivery of a file that is missing.
func leaveGone(tx Tx, f *Facts, d Delivery, over bool, until, now time.Time) error {
	switch {
	case !d.State.Open():
		return nil
	case over:
		c := cancel(d, CauseUnwanted, fmt.Sprintf("the file %s.yaml has been gone for an hour", d.Application))
		return put(tx, c.Delivery, now, c.Event, time.Time{})
	case !until.After(now): // the folder cannot be read: look again later
		until = now.Add(goneAfter)
	}
	if why := f.broken(); d.WaitingFor != why {
		d.WaitingFor = why
		return tx.Put(d, until)
	}
	return tx.SetWake(d.Key, until)
}
