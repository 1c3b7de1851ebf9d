//go:build realmail

package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"afterword/internal/realmail"
)

// behindPostfix gives a candidate an account at a real Postfix and Dovecot,
// over TLS and with a login.
func behindPostfix(t *testing.T, binary string, mails int) (*profile, *postfix) {
	t.Helper()
	servers := realmail.Start(t)
	at := account{host: realmail.Host, security: "tls", smtp: fmt.Sprint(servers.Ports.SMTPS), imap: fmt.Sprint(servers.Ports.IMAPS),
		password: realmail.Password, authority: servers.Authority}
	x := &postfix{TB: t, Servers: servers, killed: map[string]int{}}
	at.taken = x.taken
	return newProfile(t, binary, mails, at), x
}

// postfix is the provider's server, and what was done to it.
type postfix struct {
	testing.TB
	*realmail.Servers
	work sync.WaitGroup // kills that are still to come

	mu     sync.Mutex
	killed map[string]int // processes, by the name of their service
	copies int            // further deliveries of mail that Postfix took once
}

// taken waits until Postfix has delivered all that it took, and reads it where
// it ends. Each time that it takes a mail it gives it a number: a mail that is
// there twice under one number was taken once, and delivered again by a
// Postfix whose processes were killed in between, as it may be.
func (x *postfix) taken() map[string][]letter {
	x.Helper()
	x.work.Wait()
	ctx, cancel := context.WithTimeout(x.Context(), time.Minute)
	defer cancel()
	for queued := -1; queued != 0; {
		var err error
		if queued, err = x.Queued(); err != nil {
			x.Fatal(err)
		}
		if queued > 0 {
			// A service that was killed must first come back.
			if err := x.FlushPostfix(); err != nil {
				x.Fatal(err)
			}
			select {
			case <-time.After(200 * time.Millisecond):
			case <-ctx.Done():
				x.Fatalf("postfix still has %d mails", queued)
			}
		}
	}
	others, err := x.Others()
	if err != nil {
		x.Fatal(err)
	}
	inbox, err := x.Inbox(realmail.Username)
	if err != nil {
		x.Fatal(err)
	}
	all, numbers := map[string][]letter{}, map[string]bool{}
	x.copies = 0
	for _, a := range append(others, inbox...) {
		if a.QueueID == "" {
			x.Fatalf("a mail for %s has no number:\n%s", a.To, a.Raw)
		}
		if numbers[a.QueueID] {
			x.copies++
			continue
		}
		numbers[a.QueueID] = true
		all[a.To] = append(all[a.To], letter{a.MessageID, a.Subject})
	}
	return all
}

// strike kills one of Postfix's processes after a while.
func (x *postfix) strike(name string, after time.Duration) {
	x.work.Go(func() {
		if after > 0 {
			<-time.After(after)
		}
		found, err := x.KillPostfix(name)
		if err != nil {
			x.Errorf("killing postfix's %s: %v", name, err)
		}
		if found && name == realmail.Master {
			err = x.RevivePostfix()
		}
		if err != nil {
			x.Error(err)
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		if found {
			x.killed[name]++
		}
	})
}

// total is how many of Postfix's processes were killed.
func (x *postfix) total() (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, k := range x.killed {
		n += k
	}
	return n
}

// services are those that a mail passes on its way in and out, and the master
// of all.
func services() []string {
	return []string{"smtpd", "cleanup", "qmgr", "virtual", "trivial-rewrite", realmail.Master}
}

// ambush chooses at each final dot who dies and when: the program before the
// dot or at one of the commits that follow, a process of Postfix before the
// dot or soon after it, or both.
func (x *postfix) ambush(chance *rand.Rand) func(*life, point) {
	last := 0
	return func(l *life, next point) {
		if last > 0 && next.commit >= last {
			l.kill()
			return
		}
		if next.verb != "dot" {
			return
		}
		name := services()[chance.IntN(len(services()))]
		after := time.Duration(chance.IntN(30000)) * time.Microsecond
		switch chance.IntN(5) {
		case 0:
			l.kill()
		case 1:
			last = next.commit + 1 + chance.IntN(6)
		case 2:
			x.strike(name, after)
			last = next.commit + 1 + chance.IntN(4)
		case 3:
			x.strike(name, after)
		case 4: // before the dot: the thread that would say it stands still
			x.strike(name, 0)
			x.work.Wait()
		}
	}
}

// TestKillsWithPostfix: the program and the processes of a real Postfix are
// killed around the final dot. At the end Postfix has taken every mail exactly
// once, and what was unknown in between was in doubt.
func TestKillsWithPostfix(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	mails := 20
	if os.Getenv("AFTERWORD_KILLS") != "" {
		mails = 80
	}
	p, x := behindPostfix(t, build(t), mails)
	chance := rand.New(rand.NewPCG(4, 7))
	var sum tally
	for range 2 * mails {
		if p.settled() {
			break
		}
		_, killed := p.live(x.ambush(chance))
		if killed {
			sum.kills++
		}
		sum.note(p)
		p.again()
	}
	if !p.settled() {
		more := p.recover(func(*life, point) {})
		sum.add(more)
	}
	p.takenOnce()
	t.Logf("%d mails, %d kills of the program, %d of postfix's processes %v: %d times in doubt, %d of them delivered; postfix itself delivered %d twice",
		len(p.people), sum.kills, x.total(), x.killed, sum.doubts, sum.delivered, x.copies)
	if sum.kills < 5 || x.total() < 5 {
		t.Errorf("only %d and %d kills", sum.kills, x.total())
	}
}
