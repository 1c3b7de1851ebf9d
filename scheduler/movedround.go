package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A delivery is sent once. If a meeting is moved to after its thank-you was sent, no
// step thanks for it any more; the user is told.

// askedMoved begins the keys of these questions; the rest is the delivery's.
const askedMoved = "moved/"

// askMoved asks about each note that left before its meeting, as the file has
// it now.
func askMoved(tx Tx, f *Facts, now time.Time) error {
	for n := range f.Stored {
		d := &f.Stored[n]
		i, ok := leftTooSoon(f, d)
		if !ok {
			continue
		}
		text := fmt.Sprintf("The note to %s about %s (%s) left on %s, and the file now puts that interview on %s. A note leaves once, so nobody is thanked for the new day. "+
			"If you meet again, give that meeting an interview of its own, with another id",
			firstOf(d.To.Name, d.To.Email), TheInterview(i.ID), d.Key, calendarDay(d.SentAt, i.Zone), calendarDay(i.At, i.Zone))
		if _, err := personNamed(f.Application, d.To.Email); err == nil && f.goneAddress(d.To.Email, "") == "" {
			text += fmt.Sprintf("; or after it: afterword queue %s %s --to %s", ShellWord(d.Application), d.Template, ShellWord(d.To.Email))
		}
		if err := ask(tx, *d, askedMoved+d.Key, text, now); err != nil {
			return err
		}
	}
	return nil
}

// leftTooSoon reports whether a note left before its meeting begins, which is
// still to be held or was, and nothing else thanks the person for it.
func leftTooSoon(f *Facts, d *Delivery) (*Interview, bool) {
	if d.Kind != Owed || d.State != Sent || d.Interview == "" || d.SentAt.IsZero() || f.Application.Status.Over() {
		return nil, false
	}
	i, ok := f.Application.round(d.Interview)
	if !ok || i.Status == InterviewCancelled || !i.At.After(d.SentAt) {
		return nil, false
	}
	if !slices.ContainsFunc(f.Application.People(), func(p Person) bool { return hasAddress(&p, d.To.Email) }) {
		return nil, false // who left the file is thanked no more
	}
	to := personOf(&f.Application, i, d)
	if _, thanked := f.thanked(to, i, d.Key); thanked || to.Skip != "" {
		return nil, false
	}
	for _, other := range f.Stored {
		if other.Kind == Owed && other.State.Open() && samePerson(personOf(&f.Application, i, &other), to) {
			return nil, false
		}
	}
	return i, true
}

// movedStands reports whether such a question is still to be answered; ours is
// false for other questions.
func movedStands(f *Facts, key string) (open, ours bool) {
	rest, ours := strings.CutPrefix(key, askedMoved)
	if !ours {
		return false, false
	}
	d, ok := f.stored(rest)
	_, open = leftTooSoon(f, d)
	return ok && open, true
}
