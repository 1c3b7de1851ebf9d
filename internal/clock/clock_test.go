package clock

import (
	"sync"
	"testing"
	"time"
)

func start() time.Time { return time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC) }

// worker rests again and again for d, and notes when it woke.
func worker(c *Stepping, wg *sync.WaitGroup, times int, d time.Duration, woke func(time.Time)) {
	release := c.Hold()
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range times {
			timer, stop := c.NewTimer(d)
			release()
			at := <-timer
			release = c.Hold()
			stop()
			woke(at)
		}
		release()
	}()
}

// TestJumpsFromTimerToTimer: hours pass in no time, in the order of the timers.
func TestJumpsFromTimerToTimer(t *testing.T) {
	t.Parallel()
	c := NewStepping(start(), start().Add(48*time.Hour))
	hold := c.Hold()
	var mu sync.Mutex
	var seen []time.Time
	note := func(at time.Time) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, at)
	}
	var wg sync.WaitGroup
	worker(c, &wg, 3, 5*time.Hour, note)
	worker(c, &wg, 4, 3*time.Hour, note)
	hold()
	wg.Wait()
	want := []int{3, 5, 6, 9, 10, 12, 15}
	if len(seen) != len(want) {
		t.Fatalf("woke %d times, want %d", len(seen), len(want))
	}
	for n, hours := range want {
		if !seen[n].Equal(start().Add(time.Duration(hours) * time.Hour)) {
			t.Errorf("wake %d came at %s, want %d h after the start", n, seen[n].Sub(start()), hours)
		}
	}
}

// TestStandsStillWhileHeld: nothing moves while anybody works.
func TestStandsStillWhileHeld(t *testing.T) {
	t.Parallel()
	c := NewStepping(start(), start().Add(time.Hour))
	release := c.Hold()
	timer, stop := c.NewTimer(time.Minute)
	select {
	case <-timer:
		t.Fatal("the clock jumped although it was held")
	default:
	}
	if !c.Now().Equal(start()) {
		t.Errorf("the clock moved to %s", c.Now())
	}
	release()
	release() // again does nothing
	<-timer
	if got := c.Now().Sub(start()); got != time.Minute {
		t.Errorf("the clock stands %s after the start, want 1m", got)
	}
	second, stopSecond := c.NewTimer(time.Minute)
	select {
	case <-second:
		t.Fatal("the clock jumped between the firing of a timer and the end of its wait")
	default:
	}
	stop()
	<-second
	stopSecond()
}

// TestTimersOfOneInstant fire in the order in which they were made, one at a
// time.
func TestTimersOfOneInstant(t *testing.T) {
	t.Parallel()
	c := NewStepping(start(), start().Add(time.Hour))
	hold := c.Hold()
	var timers []<-chan time.Time
	var stops []func()
	for range 5 {
		timer, stop := c.NewTimer(time.Minute)
		timers, stops = append(timers, timer), append(stops, stop)
	}
	hold()
	for n := range timers {
		<-timers[n]
		for later := n + 1; later < len(timers); later++ {
			select {
			case <-timers[later]:
				t.Fatalf("timer %d fired before timer %d was done", later, n)
			default:
			}
		}
		stops[n]()
	}
}

// TestEndsAtTheLimit: the clock never passes it, and says when it is there.
func TestEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	c := NewStepping(start(), start().Add(time.Hour))
	_, stop := c.NewTimer(2 * time.Hour)
	<-c.Over()
	if got := c.Now().Sub(start()); got != time.Hour {
		t.Errorf("the clock stands %s after the start, want 1h", got)
	}
	stop()
}

// TestStoppedTimersAreForgotten: who gave up waiting holds nobody up.
func TestStoppedTimersAreForgotten(t *testing.T) {
	t.Parallel()
	c := NewStepping(start(), start().Add(time.Hour))
	hold := c.Hold()
	_, stop := c.NewTimer(time.Minute)
	timer, stopSecond := c.NewTimer(2 * time.Minute)
	stop()
	stop()
	hold()
	<-timer
	if got := c.Now().Sub(start()); got != 2*time.Minute {
		t.Errorf("the clock stands %s after the start, want 2m", got)
	}
	stopSecond()
}

// TestRunningSteps: a step of the clock moves Now, and an unstepped clock keeps
// the reading that shows sleep.
func TestRunningSteps(t *testing.T) {
	t.Parallel()
	var c Running
	before := c.Now()
	c.Step(72 * time.Hour)
	if got := c.Now().Sub(before); got < 72*time.Hour || got > 73*time.Hour {
		t.Errorf("after a step of 72 h the clock is %s ahead", got)
	}
	c.Step(-72 * time.Hour)
	if c.Now().Before(before) {
		t.Error("stepping back went too far")
	}
	release := c.Hold()
	timer, stop := c.NewTimer(0)
	<-timer
	stop()
	release()
}
