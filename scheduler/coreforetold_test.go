package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// What is foretold comes true: where nobody does anything any more, and every server takes what
// it is given, each mail that `plan` names a time for, and nothing that it waits for, leaves then.

// TestForetold holds what `plan` says in the middle of many lives against what comes of it.
// One life in a thousand may differ: of two mails that may leave in the same minute either may
// be the first, and what follows from that is not foretold.
func TestForetold(t *testing.T) {
	t.Parallel()
	lives, draw := 1500, chances()
	if testing.Short() {
		lives = 200
	}
	told, otherwise := 0, 0
	for seed := range lives {
		c := lived(t, uint64(seed)+1, draw)
		n, faults := c.foretold()
		told += n
		if len(faults) == 0 {
			continue
		}
		if otherwise++; otherwise <= 3 {
			t.Logf("seed %d: %s", seed+1, strings.Join(faults, "\n"))
		}
	}
	t.Logf("%d times were foretold in %d lives; %d of those went otherwise", told, lives, otherwise)
	if otherwise > 1+lives/1000 || told < lives/5 {
		t.Error("too many, or nothing was foretold")
	}
}

// lived is the first part of a life.
func lived(t *testing.T, seed uint64, draw []int) *core {
	l, taken := drawLife(seed, draw), 0
	c := newCore(&quick{l.seed}, &taken)
	all := c.all()
	for _, s := range l.steps[:40] {
		func() {
			defer func() {
				if b, broke := recover().(broken); broke {
					t.Fatalf("seed %d: %s", seed, b)
				}
			}()
			c.try(&quick{s.seed}, all[s.act])
		}()
	}
	c.dice = &quick{l.seed}
	return c
}

// foretold compares the times that the plan names at this moment with those at which the mails
// leave.
func (c *core) foretold() (told int, faults []string) {
	if c.flight != nil || c.files.policy.Broken != "" || c.truth.strange || c.stepped {
		return 0, nil // mail is under way, or nothing may leave
	}
	c.takeUp()
	items, _, err := c.user.Plan(c.ctx, c.clock.now)
	c.must(err)
	last := c.clock.now
	for _, i := range items {
		last = later(last, i.At)
	}
	o := c.aside()
	left := o.inPeace(last.Add(96 * time.Hour))
	stuck := map[string]bool{}
	for _, i := range items {
		at, gone := left[i.Key]
		delete(left, i.Key)
		free := c.isFree(o, i, stuck[i.Application])
		if c.files.policy.Review == ReviewAlways && i.State == Planned && (i.WaitingFor == nil || *i.WaitingFor == waitsForStep) {
			faults = append(faults, i.Key+" is to be seen first, and the plan does not say so")
		}
		if i.State.Open() && (!free || !gone) || i.State == InDoubt {
			stuck[i.Application] = true
		}
		if free {
			told++
			faults = append(faults, c.compared(o, i, at)...)
		}
	}
	for key, at := range left {
		faults = append(faults, fmt.Sprintf("%s was not foretold and left on %s", key, at))
	}
	if len(faults) > 0 {
		faults = append(faults, "foretold on "+c.clock.now.String(), o.describe())
	}
	return told, faults
}

// compared says in what a mail that left at that time, or never, differs from what was foretold.
func (c *core) compared(o *core, i PlanItem, at time.Time) []string {
	slack := 5 * time.Minute
	if c.files.policy.PerHour < 3 { // of those that leave within a minute the last may be another one
		slack += time.Hour
	}
	switch d := o.store.get(i.Key); {
	case i.At.IsZero():
		return []string{i.Key + " has no time, and waits for nothing"}
	case at.IsZero() && strings.Contains(d.Why, "nobody is thanked twice"):
		return nil // another note was the first
	case at.IsZero():
		return []string{fmt.Sprintf("%s was foretold for %s (%s) and never left: it is %s, %s, %s", i.Key, i.At, i.Reason, d.State, d.Why, d.WaitingFor)}
	case at.Before(i.At.Add(-time.Second)) || at.After(later(i.At, c.clock.now).Add(slack)):
		return []string{fmt.Sprintf("%s was foretold for %s (%s) and left on %s: %s", i.Key, i.At, i.Reason, at, d.Reason)}
	}
	return nil
}

// isFree reports whether nothing but the hour, and a step that is foretold itself, keeps a mail.
// What is written anew once another mail has left may ask again, and what asks counts from what left.
func (c *core) isFree(o *core, i PlanItem, stuck bool) bool {
	waits := ""
	if i.WaitingFor != nil {
		waits = *i.WaitingFor
	}
	step := waits == waitsForStep || waits == notYetShown
	again := slices.ContainsFunc(o.store.events, func(e Event) bool {
		return e.Application == i.Application && strings.Contains(e.Why, "changed since you") ||
			i.Kind == Asking && e.To == string(Expired) && e.At.After(c.clock.now)
	})
	unseen := c.files.policy.Review == ReviewAlways && !c.store.get(i.Key).ByPerson
	return i.State.Open() && i.State != Review && (waits == "" || step) && !(step && stuck) && !again && !unseen
}

// aside is the life as it goes on in peace from here, on a copy of everything.
func (c *core) aside() *core {
	ledger := &paper{maps.Clone(c.ledger.attempts), maps.Clone(c.ledger.times), maps.Clone(c.ledger.readers)}
	o := &core{dice: c.dice, ctx: c.ctx, clock: &handClock{c.clock.now}, behind: c.behind, place: c.place,
		files: &papers{c.files.policy, c.files.apps}, store: copyStore(c.store), ledger: ledger, computer: c.computer, tables: c.tables, actions: new(int)}
	o.truth = newTruth()
	o.store.moved = nil
	o.user = Service{Store: o.store, Files: o.files, Writers: c.user.Writers, Clock: o.clock}
	o.begin()
	return o
}

// inPeace lets time go by until then, and says when each mail left.
func (c *core) inPeace(until time.Time) map[string]time.Time {
	left := map[string]time.Time{}
	for range 4000 {
		c.leave(left)
		if c.clock.now.After(until) {
			return left
		}
		c.pass(c.soon().Sub(c.clock.now))
	}
	c.Fatalf("it does not come to rest before %s\n%s", until, c.describe())
	return left
}

// soon is the next moment at which something may happen by itself, after some hours at the latest.
func (c *core) soon() time.Time {
	now := c.clock.now
	next := now.Add(6 * time.Hour)
	wake, err := c.store.Wake()
	c.must(err)
	for _, at := range []time.Time{wake, c.daemon.notBefore} {
		switch {
		case at.IsZero():
		case at.After(now):
			next = minTime(next, at)
		case at.Equal(wake): // it was looked at a moment ago
			next = minTime(next, now.Add(20*time.Second))
		}
	}
	return next
}

// leave lets all leave that may, with a server that takes it.
func (c *core) leave(left map[string]time.Time) {
	for c.flight == nil {
		next, waiting := c.daemon.line.front()
		if !waiting || !c.daemon.mayCarry(c.clock.now) {
			return
		}
		c.daemon.line.drop(next)
		claimed, err := c.daemon.claim(c.ctx, next)
		if err != nil {
			c.notCarried(next, err)
			return
		}
		for c.flight = (&flight{claimed: claimed, look: lastLook{began: c.clock.now}}); c.flight != nil; {
			f := c.flight
			if err := c.daemon.mark(c.ctx, f.claimed, f.look.began); err != nil {
				c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Err: err, DataBegun: true})
				continue
			}
			left[f.claimed.Key] = c.clock.now
			c.settle(mailer.Receipt{Outcome: mailer.Accepted, Phase: mailer.PhaseDot, Code: 250, Words: "taken", DataBegun: true})
		}
	}
}
