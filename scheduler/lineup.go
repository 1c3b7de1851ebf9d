package scheduler

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// turn is one mail in the line.
type turn struct {
	key         string
	application string
	due         time.Time // since when it may: its due time, or the end of the pause after a deferral
}

func (a turn) compare(b turn) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.key, b.key)) }

// lineup is the mails that passed the gate when it was last asked, the one that fell due
// first in front. The gate is asked again before each of them leaves.
type lineup struct {
	turns []turn // sorted
	of    map[string][]turn
}

// replace replaces the mails of an application.
func (l *lineup) replace(stem string, ready []Delivery) {
	for _, t := range slices.Clone(l.of[stem]) {
		l.drop(t)
	}
	for _, d := range ready {
		t := turn{key: d.Key, application: stem, due: d.Due}
		if d.RetryAt.After(t.due) {
			t.due = d.RetryAt
		}
		n, _ := slices.BinarySearchFunc(l.turns, t, turn.compare)
		l.turns = slices.Insert(l.turns, n, t)
		if l.of == nil {
			l.of = map[string][]turn{}
		}
		l.of[stem] = append(l.of[stem], t)
	}
}

func (l *lineup) empty() bool { return len(l.turns) == 0 }

// front is the next mail.
func (l *lineup) front() (turn, bool) {
	if l.empty() {
		return turn{}, false
	}
	return l.turns[0], true
}

// drop takes one mail out of the line.
func (l *lineup) drop(t turn) {
	n, found := slices.BinarySearchFunc(l.turns, t, turn.compare)
	if !found {
		return
	}
	if n == 0 {
		l.turns = l.turns[1:] // as a rule
	} else {
		l.turns = slices.Delete(l.turns, n, n+1)
	}
	l.of[t.application] = slices.DeleteFunc(l.of[t.application], func(o turn) bool { return o.key == t.key })
	if len(l.of[t.application]) == 0 {
		delete(l.of, t.application)
	}
}

// stems are the applications of the mails in the line.
func (l *lineup) stems() []string { return slices.Sorted(maps.Keys(l.of)) }
