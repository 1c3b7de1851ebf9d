package scheduler

import (
	"sync"
	"time"
)

// hand is a goroutine's word that it is at work: a stepping clock stands still
// while any hand is up. It belongs to one goroutine.
type hand struct {
	clock   Clock
	release func()
}

func raise(c Clock) *hand { return &hand{clock: c, release: c.Hold()} }

// rest waits by the function, which must return when the timer fires; the hand
// is down meanwhile.
func (h *hand) rest(d time.Duration, wait func(timer <-chan time.Time)) {
	timer, stop := h.clock.NewTimer(d)
	h.release()
	wait(timer)
	h.release = h.clock.Hold()
	stop()
}

// pause rests for a time, or until ended.
func (h *hand) pause(d time.Duration, ended <-chan struct{}) {
	h.rest(d, func(timer <-chan time.Time) {
		select {
		case <-timer:
		case <-ended:
		}
	})
}

// group starts goroutines and tells when all of them have ended.
type group struct {
	clock Clock
	wg    sync.WaitGroup
	once  sync.Once
	done  chan struct{}
}

func newGroup(c Clock) *group { return &group{clock: c, done: make(chan struct{})} }

// start runs f on a goroutine of its own, with its hand up from before it
// begins.
func (g *group) start(f func(*hand)) {
	g.wg.Add(1)
	h := raise(g.clock)
	go func() {
		defer g.wg.Done()
		defer func() { h.release() }()
		f(h)
	}()
}

// ended is closed when every goroutine has ended. None may be started after it
// was asked for.
func (g *group) ended() <-chan struct{} {
	g.once.Do(func() {
		go func() {
			g.wg.Wait()
			close(g.done)
		}()
	})
	return g.done
}
