package clock

import (
	"container/heap"
	"sync"
	"time"
)

// Stepping stands still while anything is in hand, and else jumps to the next
// timer. Who works holds it; who waits has a timer and no hold. A timer that
// fired counts as in hand until its stop is called, so that nothing jumps
// between the firing and the work. Safe for concurrent use.
type Stepping struct {
	mu     sync.Mutex
	now    time.Time
	held   int // holds, and timers that fired and were not stopped yet
	queue  timers
	serial int
	limit  time.Time
	over   chan struct{}
	ended  bool
}

// NewStepping begins at start. It never jumps past limit: when nothing is left
// to do before it, Over is closed and the clock stands at limit.
func NewStepping(start, limit time.Time) *Stepping {
	return &Stepping{now: start, limit: limit, over: make(chan struct{})}
}

// Over is closed when the clock has come to its limit.
func (s *Stepping) Over() <-chan struct{} { return s.over }

// Now is the time at which the clock stands.
func (s *Stepping) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Hold keeps the clock where it is until release is called. Calling release
// again does nothing.
func (s *Stepping) Hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held++
	var once sync.Once
	return func() { once.Do(s.letGo) }
}

func (s *Stepping) letGo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held--
	s.jump()
}

// NewTimer returns a channel that receives once when the clock has come to d
// from now, and a stop that must be called when the wait is over.
func (s *Stepping) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	t := &timer{at: s.now.Add(max(d, 0)), serial: s.serial, c: make(chan time.Time, 1)}
	heap.Push(&s.queue, t)
	s.jump()
	return t.c, func() { s.stop(t) }
}

func (s *Stepping) stop(t *timer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case t.stopped:
		return
	case t.fired:
		s.held--
	default:
		heap.Remove(&s.queue, t.index)
	}
	t.stopped = true
	s.jump()
}

// jump fires the next timer if nothing is in hand. Timers of one instant fire
// one after the other, in the order in which they were made.
func (s *Stepping) jump() {
	if s.held > 0 || len(s.queue) == 0 || s.ended {
		return
	}
	if s.queue[0].at.After(s.limit) {
		s.now, s.ended = s.limit, true
		close(s.over)
		return
	}
	t := heap.Pop(&s.queue).(*timer)
	if t.at.After(s.now) {
		s.now = t.at
	}
	t.fired = true
	s.held++
	t.c <- s.now
}

// timer is one wait.
type timer struct {
	at             time.Time
	serial, index  int
	c              chan time.Time
	fired, stopped bool
}

// timers is a heap by time, then by order of making.
type timers []*timer

func (q timers) Len() int { return len(q) }
func (q timers) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].serial < q[j].serial
	}
	return q[i].at.Before(q[j].at)
}
func (q timers) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push adds a timer; for container/heap.
func (q *timers) Push(x any) {
	t := x.(*timer)
	t.index = len(*q)
	*q = append(*q, t)
}

// Pop removes the last timer; for container/heap.
func (q *timers) Pop() any {
	old := *q
	t := old[len(old)-1]
	*q = old[:len(old)-1]
	return t
}
