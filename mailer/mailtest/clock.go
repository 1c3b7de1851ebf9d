package mailtest

import "time"

// Clock is the time that the world lives by. It has the shape of the program's
// own clock, so that one stepping clock can drive both sides.
type Clock interface {
	// Now returns the time that mail is dated with.
	Now() time.Time
	// NewTimer returns a channel that receives once after d, and a stop that
	// the waiting goroutine calls when it is done waiting, however it ended.
	NewTimer(d time.Duration) (c <-chan time.Time, stop func())
	// Hold keeps a stepping clock from jumping until release is called.
	Hold() (release func())
}

// RunningClock is package time itself: real time, or virtual time inside a
// testing/synctest bubble. It runs by itself, so that holding it does nothing.
type RunningClock struct{}

// Now returns time.Now.
func (RunningClock) Now() time.Time { return time.Now() }

// NewTimer wraps time.NewTimer.
func (RunningClock) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Hold does nothing.
func (RunningClock) Hold() func() { return func() {} }
