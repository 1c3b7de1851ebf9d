package mailtest

import (
	"container/heap"
	"sync"
	"time"
)

// agenda carries out what is set for a time, on one goroutine, in the order of
// time and then of entry, so that the same script gives the same course. It
// holds the clock while it works or has something new to look at, and else
// waits on a timer of the clock.
type agenda struct {
	clock Clock
	news  chan struct{} // holds one token while an entry was not looked at
	quit  chan struct{}
	ended chan struct{}

	mu       sync.Mutex
	entries  entryHeap
	count    int
	releases []func() // holds taken by add, given back by the goroutine
	closed   bool
}

// entry is one thing to do.
type entry struct {
	at     time.Time
	number int
	do     func()
}

// newAgenda starts the goroutine.
func newAgenda(clock Clock) *agenda {
	a := &agenda{clock: clock, news: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	go a.run()
	return a
}

// add enters do for a time; what lies in the past is done at once. After close
// nothing is entered.
func (a *agenda) add(at time.Time, do func()) {
	release := a.clock.Hold()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		release()
		return
	}
	a.count++
	heap.Push(&a.entries, entry{at: at, number: a.count, do: do})
	a.releases = append(a.releases, release)
	select {
	case a.news <- struct{}{}:
	default:
	}
}

// waiting returns how many entries are not done yet.
func (a *agenda) waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.entries)
}

// close ends the goroutine after the entry that it works on.
func (a *agenda) close() {
	a.mu.Lock()
	closed := a.closed
	a.closed = true
	a.mu.Unlock()
	if !closed {
		close(a.quit)
	}
	<-a.ended
}

// run works until close.
func (a *agenda) run() {
	defer close(a.ended)
	defer a.letGo()
	for {
		for do := a.due(); do != nil; do = a.due() {
			do()
		}
		if !a.rest() {
			return
		}
	}
}

// due takes the next entry whose time has come. It returns nil if there is
// none, or if the agenda was closed.
func (a *agenda) due() func() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.entries) == 0 || a.clock.Now().Before(a.entries[0].at) {
		return nil
	}
	return heap.Pop(&a.entries).(entry).do
}

// rest waits for the next entry's time or for a new entry, and returns holding
// the clock in both cases. It returns false if the agenda was closed. The timer
// is made before the holds are given back, and a new hold is taken before the
// timer is, so that a stepping clock never sees a gap.
func (a *agenda) rest() bool {
	a.mu.Lock()
	var wake <-chan time.Time
	stop := func() {}
	if len(a.entries) > 0 {
		wake, stop = a.clock.NewTimer(max(0, a.entries[0].at.Sub(a.clock.Now())))
	}
	a.mu.Unlock()
	a.letGo()
	defer stop()
	select {
	case <-a.quit:
		return false
	case <-wake:
		release := a.clock.Hold()
		a.mu.Lock()
		a.releases = append(a.releases, release)
		a.mu.Unlock()
	case <-a.news:
	}
	return true
}

// letGo gives back the holds, unless an entry came in that nobody looked at.
func (a *agenda) letGo() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.news) > 0 && !a.closed {
		return
	}
	for _, release := range a.releases {
		release()
	}
	a.releases = nil
}

// entryHeap orders entries by time and number.
type entryHeap []entry

// Len implements heap.Interface.
func (h entryHeap) Len() int { return len(h) }

// Less implements heap.Interface.
func (h entryHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].number < h[j].number
	}
	return h[i].at.Before(h[j].at)
}

// Swap implements heap.Interface.
func (h entryHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *entryHeap) Push(x any) { *h = append(*h, x.(entry)) }

// Pop implements heap.Interface.
func (h *entryHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}
