package crash

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

// settledAfter is how many commit points after the final dot the outcome is
// known to be stored: its writes, their sync, and what follows that.
const settledAfter = 3

// dieAt kills the program before its nth commit point.
func dieAt(n int) func(*life, point) {
	return func(l *life, next point) {
		if next.commit == n {
			l.kill()
		}
	}
}

// dieSettled kills the program once the outcome of so many mails is stored.
func dieSettled(mails int) func(*life, point) {
	last := 0
	return func(l *life, next point) {
		if next.verb == "dot" && next.dots == mails {
			last = next.commit + settledAfter
		}
		if last > 0 && next.commit >= last {
			l.kill()
		}
	}
}

// mayTrace skips the test where the machine does not let a process trace its
// own child.
func mayTrace(t *testing.T) {
	t.Helper()
	if text, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope"); err == nil && text[0] > '1' {
		t.Skip("this machine lets nobody trace a process")
	}
}

// inDanger is how many of the last commit points of an undisturbed life lie
// around its mail: from the claim to the outcome, and a few before.
const inDanger = 30

// chosen picks the commit points for TestKilledAtEveryCommit: all where the
// mail is in danger and a sample of those before; with AFTERWORD_KILLS all, and
// few with -short.
func chosen(last int) (all []int) {
	for n := last; n > 0; n-- {
		switch {
		case testing.Short() && n%12 != 2:
		case os.Getenv("AFTERWORD_KILLS") == "" && n <= last-inDanger && n%5 != 2:
		default:
			all = append(all, n)
		}
	}
	return all
}

// TestKilledAtEveryCommit: one mail on a new profile. The program is killed at
// one commit point after the other, from the creation of the store to the
// outcome of the mail, and then finishes: the server has the mail exactly once.
func TestKilledAtEveryCommit(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	binary := build(t)
	whole, _ := sandboxed(t, binary, 1, 0).live(dieSettled(1))
	last := whole[len(whole)-1]
	if last.dots != 1 || last.commit <= inDanger {
		t.Fatalf("an undisturbed life ends with %+v after %d points", last, len(whole))
	}
	var mu sync.Mutex
	var sum tally
	points := chosen(last.commit)
	t.Run("commit", func(t *testing.T) {
		for _, n := range points {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				p := sandboxed(t, binary, 1, 0)
				p.live(dieAt(n))
				one := p.recover(dieSettled(1))
				p.takenOnce()
				mu.Lock()
				defer mu.Unlock()
				sum.add(one)
			})
		}
	})
	t.Logf("%d of %d commit points, %d kills: %d times in doubt, %d of them delivered", len(points), last.commit, sum.kills, sum.doubts, sum.delivered)
}

// recover runs the program until everything is settled, and tells it what
// became of what is in doubt. The kill that came before counts too.
func (p *profile) recover(at func(*life, point)) (sum tally) {
	p.Helper()
	for sum.kills < 20 {
		sum.kills++
		sum.note(p)
		if p.settled() {
			return sum
		}
		if _, killed := p.live(at); !killed {
			p.doubtsAreTold()
		}
	}
	p.Fatalf("not everything is settled: %+v\n%s", p.status(), p.log.String())
	return sum
}

// TestKilledAgainAndAgain: one profile with many mails. Its nth life ends at
// its nth commit point, whatever the lives before have left, until a life has
// come to the outcome of its second mail.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	mails, stride := 40, 1
	if testing.Short() {
		mails, stride = 8, 12
	}
	p := sandboxed(t, build(t), mails, 200*time.Millisecond)
	var sum tally
	for n := 1; !p.settled(); n += stride {
		points, killed := p.live(dieAt(n))
		sum.kills++
		if !killed || len(points) > 0 && points[len(points)-1].dots > 2 {
			break
		}
		if sum.kills%4 == 0 {
			sum.note(p)
		}
	}
	sum.add(p.recover(func(*life, point) {}))
	p.takenOnce()
	t.Logf("%d mails, %d kills: %d times in doubt, %d of them delivered", mails, sum.kills, sum.doubts, sum.delivered)
}
