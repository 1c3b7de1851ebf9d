// Package clock holds the two clocks of the program: one that runs by itself,
// and one that jumps from event to event for the demo, the rehearsal and the
// story on real servers.
package clock

import (
	"sync"
	"time"
)

// Running is the time of the machine plus an offset that tests step. The zero
// value is the plain time of the machine. Safe for concurrent use.
type Running struct {
	mu     sync.Mutex
	offset time.Duration
}

// Now is the machine's time plus the offset. Without an offset it carries the
// monotonic reading that shows sleep and clock steps.
func (c *Running) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offset == 0 {
		return time.Now()
	}
	return time.Now().Round(0).Add(c.offset)
}

// Step moves the clock, forwards or back, as somebody who sets it does.
func (c *Running) Step(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += by
}

// NewTimer returns a channel that receives once after d.
func (c *Running) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Hold does nothing: the machine's time waits for nobody.
func (c *Running) Hold() func() { return func() {} }
