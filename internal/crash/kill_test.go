package crash

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

// moment is when the program is killed.
type moment struct {
	name string
	wait func(p *profile, chance *rand.Rand, cmd *exec.Cmd)
}

// patience is how long a life goes on for which its moment does not come.
const patience = 2 * time.Second

func moments() []moment {
	return []moment{
		{"at random", func(p *profile, chance *rand.Rand, _ *exec.Cmd) {
			if chance.IntN(3) > 0 {
				p.awake()
			}
			p.until(time.Duration(chance.IntN(700)) * time.Millisecond)
		}},
		{"while the server takes the mail", func(p *profile, chance *rand.Rand, _ *exec.Cmd) {
			p.awake()
			p.nth(1+chance.IntN(3), p.dots, "")
		}},
		{"after a line of the ledger", func(p *profile, chance *rand.Rand, _ *exec.Cmd) {
			p.awake()
			p.nth(1+chance.IntN(2), p.touched, "afterword.db.ledger")
		}},
		{"at a write of the store", func(p *profile, chance *rand.Rand, _ *exec.Cmd) {
			p.awake()
			p.nth(1+chance.IntN(120), p.touched, "afterword.db-wal")
		}},
		{"soon after the dot", func(p *profile, chance *rand.Rand, _ *exec.Cmd) {
			p.awake()
			p.nth(1+chance.IntN(2), p.dots, "")
			p.until(time.Duration(chance.IntN(8000)) * time.Microsecond)
		}},
	}
}

// until lets real time pass: the program under test is another process.
func (p *profile) until(d time.Duration) {
	select {
	case <-time.After(d):
	case <-p.Context().Done():
	}
}

// awake waits until the program has opened its store: on a machine with much else
// to do that takes longer than what comes after.
func (p *profile) awake() {
	select {
	case <-p.touched:
	case <-time.After(20 * patience):
	}
}

// nth waits for the nth time that something is told, or for any if what is "". A
// life that rests has nothing more to tell.
func (p *profile) nth(n int, told <-chan string, what string) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for n > 0 {
		var got string
		var from <-chan string
		select {
		case got = <-p.dots:
			from = p.dots
		case got = <-p.touched:
			from = p.touched
		case <-late.C:
			return
		}
		if from == told && (what == "" || got == what) {
			n--
		}
		late.Reset(patience / 2)
	}
}

// tally is what the kills led to.
type tally struct{ kills, doubts, delivered int }

func (s *tally) add(o tally) {
	s.kills, s.doubts, s.delivered = s.kills+o.kills, s.doubts+o.doubts, s.delivered+o.delivered
}

// note settles what is in doubt.
func (s *tally) note(p *profile) {
	doubts, delivered := p.settle()
	s.doubts, s.delivered = s.doubts+doubts, s.delivered+delivered
}

// torment kills the program again and again until everything is settled or the
// kills are used up, and then lets it finish in peace.
func (p *profile) torment(kills int, chance *rand.Rand) (sum tally) {
	p.Helper()
	for sum.kills < kills && int(p.answered.Load()) < len(p.people) {
		m := moments()[chance.IntN(len(moments()))]
		cmd := p.start()
		m.wait(p, chance, cmd)
		p.kill(cmd)
		sum.kills++
		if sum.kills%4 == 0 {
			sum.note(p)
		}
	}
	sum.add(p.finish())
	return sum
}

// settled reports whether every mail is known to have left.
func (p *profile) settled() bool {
	sent := 0
	for _, d := range p.status() {
		if d.State == "sent" {
			sent++
		}
	}
	return sent == len(p.people)
}

// TestKills: the program is killed at moments that matter and at random. Every
// mail is taken by the server exactly once, and what is unknown is in doubt.
func TestKills(t *testing.T) {
	t.Parallel()
	binary := build(t)
	profiles, mails, kills := 2, 32, 45
	if testing.Short() {
		profiles, mails, kills = 1, 8, 6
	}
	if text := os.Getenv("AFTERWORD_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		profiles, mails, kills = max(1, n/150), 90, min(n, 150)
	}
	seed, all := number(t, "AFTERWORD_SEED", 0), tally{}
	var mu sync.Mutex
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		t.Logf("for docs/reliability.tsv: %d\tmails=%d twice=0 lost=0 in_doubt=%d taken_of_these=%d seed=%d", all.kills, profiles*mails, all.doubts, all.delivered, seed)
	})
	for n := range profiles {
		n += seed
		t.Run(fmt.Sprint("profile ", n), func(t *testing.T) {
			t.Parallel()
			p := sandboxed(t, binary, mails, 200*time.Millisecond)
			sum := p.torment(kills, rand.New(rand.NewPCG(uint64(n), 7)))
			p.takenOnce()
			t.Logf("%d mails, %d kills: %d times in doubt, %d of them delivered", len(p.people), sum.kills, sum.doubts, sum.delivered)
			mu.Lock()
			all.add(sum)
			mu.Unlock()
			if sum.kills < 3 {
				t.Errorf("only %d kills: the mails were sent too quickly", sum.kills)
			}
		})
	}
}
