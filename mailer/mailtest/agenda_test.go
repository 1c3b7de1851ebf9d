package mailtest

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// steppingClock stands still while anybody holds it and else may jump to its
// next timer, or by a second if that is sooner, as if the program waited too.
type steppingClock struct {
	mu     sync.Mutex
	now    time.Time
	holds  int
	gaps   int // timers that were let go of without a hold
	timers map[*stepTimer]bool
}

// stepTimer is one timer; a fired one counts as a hold until it is stopped.
type stepTimer struct {
	at    time.Time
	c     chan time.Time
	fired bool
}

// newSteppingClock begins on a Monday in November.
func newSteppingClock() *steppingClock {
	return &steppingClock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), timers: make(map[*stepTimer]bool)}
}

// Now implements Clock.
func (c *steppingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// NewTimer implements Clock.
func (c *steppingClock) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &stepTimer{at: c.now.Add(d), c: make(chan time.Time, 1)}
	c.timers[timer] = true
	return timer.c, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if timer.fired && c.holds == 0 {
			c.gaps++
		}
		delete(c.timers, timer)
	}
}

// Hold implements Clock.
func (c *steppingClock) Hold() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holds++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.holds--
	}
}

// step jumps if nobody holds the clock, and says whether it did.
func (c *steppingClock) step() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.now.Add(time.Second)
	for timer := range c.timers {
		if timer.fired {
			return false
		}
		if timer.at.Before(next) {
			next = timer.at
		}
	}
	if c.holds > 0 {
		return false
	}
	c.now = next
	for timer := range c.timers {
		if !timer.at.After(next) {
			timer.fired = true
			timer.c <- next
		}
	}
	return true
}

// held returns how often the clock is held.
func (c *steppingClock) held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.holds
}

// The agenda leaves a stepping clock no gap to jump through: everything happens
// at the very time it is set for, also what is entered on the way.
func TestSteppingClockNeverRunsAhead(t *testing.T) {
	t.Parallel()
	clock := newSteppingClock()
	a := newAgenda(clock)
	defer a.close()
	var (
		mu   sync.Mutex
		done int
		late []time.Duration
	)
	var enter func(at time.Time, more int)
	enter = func(at time.Time, more int) {
		a.add(at, func() {
			mu.Lock()
			defer mu.Unlock()
			done++
			if by := clock.Now().Sub(at); by != 0 {
				late = append(late, by)
			}
			if more > 0 {
				enter(at.Add(700*time.Millisecond), more-1)
			}
		})
	}
	for i := range 5 {
		enter(clock.Now().Add(time.Duration(i)*300*time.Millisecond+time.Millisecond), 200)
	}
	for a.waiting() > 0 || clock.held() > 0 {
		if !clock.step() {
			runtime.Gosched()
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if clock.gaps > 0 || clock.holds != 0 {
		t.Errorf("%d gaps, %d holds left", clock.gaps, clock.holds)
	}
	if done != 5*201 || len(late) > 0 {
		t.Errorf("%d done, want %d; %d of them late, first by %v", done, 5*201, len(late), append(late, 0)[0])
	}
}

// An entry that comes in while the agenda is about to rest keeps the clock held
// until somebody has looked at it.
func TestNewEntryKeepsTheHold(t *testing.T) {
	t.Parallel()
	clock := newSteppingClock()
	a := &agenda{clock: clock, news: make(chan struct{}, 1)}
	a.add(clock.Now(), func() {})
	a.letGo()
	if clock.held() != 1 {
		t.Error("the hold of an entry that nobody looked at was given back")
	}
	<-a.news
	a.letGo()
	a.letGo()
	if clock.held() != 0 {
		t.Errorf("held %d times after the look", clock.held())
	}
}

// A world at rest holds nothing, and one that was closed neither.
func TestHoldsAreGivenBack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		clock := newSteppingClock()
		heldWhileTold := 0
		w := newWorld(t, Options{Clock: clock, Delivered: func(string) { heldWhileTold = clock.held() }})
		must(t, w.Script(ken, "answers after 2 days"))
		send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
		must(t, w.Deliver(Inbox, incoming("<x@acme.example>"), time.Time{}))
		later(0)
		if clock.held() != 0 || heldWhileTold == 0 {
			t.Errorf("held %d times at rest, %d times while a mail was told of", clock.held(), heldWhileTold)
		}
		if got := w.Messages(Inbox); len(got) != 1 {
			t.Errorf("%d mails though the clock stood still", len(got))
		}
		for range 2 * 24 * 3600 {
			clock.step()
		}
		later(0)
		if got := w.Messages(Inbox); len(got) != 2 || !got[1].At.Equal(clock.Now()) {
			t.Errorf("after two days by the clock: %d mails", len(got))
		}
		w.At(clock.Now().Add(time.Hour), func() {})
		must(t, w.Close())
		w.At(clock.Now(), func() {})
		if clock.held() != 0 {
			t.Errorf("held %d times after Close", clock.held())
		}
	})
}
