package scheduler

import (
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Lives of the core in volume. Each step of a life has a seed of its own, so that
// one can be taken out and the others stay what they are: that is how a failure
// is shrunk here. TestCore plays the same actions under rapid.

// step is one action of a quick life, as its number among all of them.
type step struct {
	act  int
	seed uint64
}

// quickLife is a life that follows from its seed.
type quickLife struct {
	seed  uint64
	steps []step
}

// drawLife draws a life. Chances holds the number of each action as often as it
// has chances.
func drawLife(seed uint64, chances []int) quickLife {
	q := quick{seed ^ 0x5851f42d4c957f2d}
	l := quickLife{seed, make([]step, 80+q.below(120, "steps"))}
	for n := range l.steps {
		l.steps[n] = step{chances[q.below(len(chances), "action")], q.next()}
	}
	return l
}

// chances lists the number of each action as often as it has chances.
func chances() (all []int) {
	for n, a := range (&core{}).all() {
		for range a.chances {
			all = append(all, n)
		}
	}
	return all
}

// play lives the life and says which promise it broke, "" for none.
func (l quickLife) play(sum *coreSum) (failure string) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case broken:
			failure = string(e)
		default:
			panic(e)
		}
	}()
	c := newCore(&quick{l.seed}, &sum.actions)
	all := c.all()
	for _, s := range l.steps {
		c.try(&quick{s.seed}, all[s.act])
	}
	c.finish(&quick{^l.seed})
	sum.add(c)
	return ""
}

// try takes an action, if it is possible now.
func (c *core) try(t dice, a act) {
	defer func() {
		if e := recover(); e != nil && e != (skipped{}) {
			panic(e)
		}
	}()
	c.act(t, a)
}

// shrunk leaves out of a life that fails whatever it fails without.
func (l quickLife) shrunk(failure string) (quickLife, string) {
	for size := len(l.steps) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(l.steps); {
			fewer := quickLife{l.seed, append(append([]step{}, l.steps[:at]...), l.steps[at+size:]...)}
			if f := fewer.play(newCoreSum()); f != "" {
				l, failure = fewer, f
			} else {
				at += size
			}
		}
	}
	return l, failure
}

// String names the actions in their order.
func (l quickLife) String() string {
	var names []string
	all := (&core{}).all()
	for _, s := range l.steps {
		names = append(names, all[s.act].name)
	}
	return strings.Join(names, ", ")
}

// volume is how many actions to take, and the first seed. The tests of every day
// take the same lives each time.
func volume(t *testing.T) (actions int, seed uint64) {
	actions, seed = 2_000_000, 1
	if testing.Short() {
		actions = 10_000
	}
	text := os.Getenv("AFTERWORD_CORE_ACTIONS")
	if text == "" {
		return actions, seed
	}
	actions, err := strconv.Atoi(text)
	if err != nil || actions <= 0 {
		t.Fatalf("AFTERWORD_CORE_ACTIONS=%s: want a number of actions", text)
	}
	seed = uint64(rand.Uint32())
	if text := os.Getenv("AFTERWORD_SEED"); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("AFTERWORD_SEED=%s: want a number", text)
		}
	}
	return actions, seed
}

// TestCoreInVolume plays lives of the decision core on all cores until enough
// actions were taken. A life that breaks a promise is shrunk, and played again by
// AFTERWORD_CORE_ACTIONS=1 and AFTERWORD_SEED.
func TestCoreInVolume(t *testing.T) {
	t.Parallel()
	want, seed := volume(t)
	defer debug.SetGCPercent(debug.SetGCPercent(3200)) // a life is garbage soon, and small
	var lives, taken, failures atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	sum, draw := newCoreSum(), chances()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			own := newCoreSum()
			for taken.Load() < int64(want) && !t.Failed() {
				l, before := drawLife(seed+uint64(lives.Add(1))-1, draw), own.actions
				if failure := l.play(own); failure != "" {
					failures.Add(1)
					l, failure = l.shrunk(failure)
					t.Errorf("seed %d: %s\nafter: %s", l.seed, failure, l)
				}
				taken.Add(int64(own.actions - before))
			}
			mu.Lock()
			defer mu.Unlock()
			sum.merge(own)
		})
	}
	all.Wait()
	last := seed + uint64(lives.Load()) - 1
	t.Logf("core: %s; seeds %d to %d", sum, seed, last)
	t.Logf("for docs/reliability.tsv: %d\tlives=%d seed=%d thanks=%d follow_ups=%d broken=%d", sum.actions, lives.Load(), seed, sum.dots[Owed], sum.dots[Asking], failures.Load())
	if !t.Failed() && sum.actions >= manyActions {
		sum.checkMoves(t)
	}
	if want >= 10_000 && (sum.dots[Owed] == 0 || sum.dots[Asking] == 0) {
		t.Error("nothing left: nothing was tested")
	}
}
