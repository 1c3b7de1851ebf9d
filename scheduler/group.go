package scheduler

import (
	"sync"
	"time"
)

// hand holds a stepping clock still while its goroutine works: such a clock moves only
// when every hand is down. On a real clock it does nothing. It belongs to one goroutine.
type hand struct {
	clock   Clock
	release func()
}

func raise(c Clock) *hand { return &hand{clock: c, release: c.Hold()} }

// rest lowers the hand, calls wait, which must return when the timer fires, and raises
// it again.
func (h *hand) rest(d time.Duration, wait func(timer <-chan time.Time)) {
	timer, stop := h.clock.NewTimer(d)
	h.release()
	wait(timer)
	h.release = h.clock.Hold()
	stop()
}

// pause rests for a duration, or until ended is closed.
func (h *hand) pause(d time.Duration, ended <-chan struct{}) {
	h.rest(d, func(timer <-chan time.Time) {
		select {
		case <-timer:
		case <-ended:
		}
	})
}

// group starts goroutines and reports when all of them have ended.
type group struct {
	clock Clock
	wg    sync.WaitGroup
	once  sync.Once
	done  chan struct{}
}

func newGroup(c Clock) *group { return &group{clock: c, done: make(chan struct{})} }

// start runs f on a new goroutine, with its hand raised before the goroutine begins.
func (g *group) start(f func(*hand)) {
	g.wg.Add(1)
	h := raise(g.clock)
	go func() {
		defer g.wg.Done()
		defer func() { h.release() }()
		f(h)
	}()
}

// ended returns a channel that is closed when every goroutine has ended. None may be
// started after the first call.
func (g *group) ended() <-chan struct{} {
	g.once.Do(func() {
		go func() {
			g.wg.Wait()
			close(g.done)
		}()
	})
	return g.done
}
