package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestWhomALookServes: a look that was made for one mail lets another leave only
// while it is young, if it began after that mail fell due, and if nobody has
// hinted at mail since.
func TestWhomALookServes(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)
	ready := func(due, retry time.Time) []Delivery {
		return []Delivery{{Key: "globex/video/thank-you/noor@globex.example", Application: "globex", Due: due, RetryAt: retry}}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx      context.Context
		line     []Delivery
		after    time.Duration // since the look began
		lastLook time.Duration
		change   func(*Daemon)
		want     bool
	}{
		"a young look":               {line: ready(began, time.Time{}), after: time.Second, want: true},
		"nobody waits":               {after: time.Second},
		"an old look":                {line: ready(began, time.Time{}), after: lookServes},
		"a clock that was set back":  {line: ready(began, time.Time{}), after: -time.Second},
		"last_look is very short":    {line: ready(began, time.Time{}), after: time.Second, lastLook: 2 * time.Second},
		"it fell due afterwards":     {line: ready(began.Add(time.Millisecond), time.Time{}), after: time.Second},
		"its pause ended afterwards": {line: ready(began, began.Add(time.Millisecond)), after: time.Second},
		"a hint came":                {line: ready(began, time.Time{}), after: time.Second, change: func(d *Daemon) { d.hearNews() }},
		"the server failed":          {line: ready(began, time.Time{}), after: time.Second, change: func(d *Daemon) { d.notBefore = began.Add(time.Minute) }},
		"an outcome is not recorded": {line: ready(began, time.Time{}), after: time.Second, change: func(d *Daemon) { d.unsettled = append(d.unsettled, nil) }},
		"the program stops":          {ctx: stopped, line: ready(began, time.Time{}), after: time.Second},
	} {
		d := &Daemon{news: make(chan struct{}, 1)}
		d.world.Policy.LastLook = c.lastLook
		d.line.replace("globex", c.line)
		look := lastLook{began: began, heard: d.heard.Load()}
		if c.change != nil {
			c.change(d)
		}
		if c.ctx == nil {
			c.ctx = t.Context()
		}
		if _, served := d.served(c.ctx, look, began.Add(c.after)); served != c.want {
			t.Errorf("%s: served %v, want %v", name, served, c.want)
		}
	}
}

// TestLineup: who fell due first leaves first, and an application that is looked
// at anew keeps no older turn.
func TestLineup(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)
	mail := func(key string, due time.Duration) Delivery { return Delivery{Key: key, Due: at.Add(due)} }
	var l lineup
	l.replace("b", []Delivery{mail("b/2", time.Minute), mail("b/1", 0)})
	l.replace("a", []Delivery{mail("a/1", 0), mail("a/2", time.Hour)})
	l.replace("c", []Delivery{mail("c/1", -time.Minute)})
	l.replace("c", nil)
	l.replace("a", []Delivery{mail("a/1", 0)})
	if got := l.stems(); len(got) != 2 || got[0] != "a" || got[1] != "b" {
		t.Errorf("the applications in the line: %v", got)
	}
	var left []string
	for first, waiting := l.front(); waiting; first, waiting = l.front() {
		left = append(left, first.key)
		l.drop(first)
		l.drop(first) // twice is as good as once
	}
	if len(left) != 3 || left[0] != "a/1" || left[1] != "b/1" || left[2] != "b/2" || len(l.of) != 0 {
		t.Errorf("they left in the order %v, %v stay", left, l.of)
	}
}

// TestLogNamesNobody: why a mail was not sent is logged without the words of the
// rules, which name people; what the store says of itself names nobody.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		fmt.Errorf("%w: Ken Osei was already written to", ErrNotReady),
		errors.New(`the template "thank-you": Ken Osei has no team`),
	} {
		if said := whyNotSent(err); strings.Contains(said, "Ken") || !strings.Contains(said, "afterword why") {
			t.Errorf("of %q the log says %q", err, said)
		}
	}
	if said := whyNotSent(fmt.Errorf("%w: disk full", ErrStoreFailed)); !strings.Contains(said, "disk full") {
		t.Errorf("of a full disk the log says %q", said)
	}
}
