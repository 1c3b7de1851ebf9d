//go:build realmail

package crash

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/realmail"
)

// storm is everything at once: the program at a real Postfix and Dovecot, over
// a network that fails, on a machine where every process may die.
type storm struct {
	*profile
	*postfix
	lines  []*wire
	chance *rand.Rand
	cmd    *exec.Cmd // the program that runs

	kills, cuts, restarts int
}

// inAStorm makes a candidate with so many mails whose way to the servers leads
// over wires.
func inAStorm(t *testing.T, binary string, mails int, chance *rand.Rand) *storm {
	t.Helper()
	servers := realmail.Start(t)
	s := &storm{postfix: &postfix{TB: t, Servers: servers, killed: map[string]int{}}, chance: chance}
	s.lines = []*wire{newWire(t, servers.Ports.SMTPS), newWire(t, servers.Ports.IMAPS)}
	at := account{host: realmail.Host, security: "tls", smtp: s.lines[0].port(), imap: s.lines[1].port(),
		password: realmail.Password, authority: servers.Authority, taken: s.postfix.taken}
	s.profile = newProfile(t, binary, mails, at)
	return s
}

// while lets up to so many milliseconds pass.
func (s *storm) while(most int) {
	s.profile.until(time.Duration(s.chance.IntN(most)) * time.Millisecond)
}

// disaster is one thing that goes wrong while the program works.
func (s *storm) disaster() {
	switch s.chance.IntN(8) {
	default: // half of all
		s.profile.kill(s.cmd)
		s.kills++
		s.cmd = s.profile.start()
	case 0, 1:
		lines := s.lines[s.chance.IntN(2):]
		if s.chance.IntN(2) == 0 {
			lines = s.lines
		}
		for _, l := range lines {
			l.cut(s.chance.IntN(2) == 0)
		}
		s.while(1500)
		for _, l := range lines {
			l.restore(s.chance.IntN(2) == 0)
		}
		s.cuts++
	case 2:
		s.strike(services()[s.chance.IntN(len(services()))], 0)
		s.work.Wait()
	case 3:
		server := []*realmail.Server{s.Dovecot, s.Postfix}[s.chance.IntN(2)]
		s.profile.must(server.Stop())
		s.while(800)
		s.profile.must(server.Start())
		s.restarts++
	}
}

// rage lets so many things go wrong, and one more mail fall due before each.
func (s *storm) rage(disasters int) (sum tally) {
	s.profile.holdBack()
	s.cmd = s.profile.start()
	for n := range disasters {
		s.release(1)
		if s.chance.IntN(2) == 0 { // when a mail is about to be handed over
			s.nth(1, s.touched, "afterword.db.ledger")
			s.while(30)
		} else {
			s.while(1500)
		}
		s.disaster()
		if n%8 == 7 {
			s.profile.kill(s.cmd)
			s.kills++
			sum.note(s.profile)
			s.profile.again()
			s.cmd = s.profile.start()
		}
	}
	s.profile.kill(s.cmd)
	s.kills++
	return sum
}

// stormOfAProfile bounds what one profile sends: no more than per_hour allows.
const stormOfAProfile = 40

// TestStorm: the built program works at a real Postfix and Dovecot while it is
// killed, the network is cut and restored, processes of Postfix die and both
// servers are started anew, at moments chosen by chance. Each mail is taken by
// the server exactly once, and what is unknown in between is in doubt.
// AFTERWORD_STORM says how many things go wrong, AFTERWORD_SEED which. Each seed
// has servers of its own and mostly waits, so that several fit side by side
// (-parallel).
func TestStorm(t *testing.T) {
	t.Parallel()
	want, first := number(t, "AFTERWORD_STORM", 16), number(t, "AFTERWORD_SEED", 1)
	binary := build(t)
	var all stormCount
	t.Cleanup(func() {
		if !t.Failed() {
			t.Logf("for docs/reliability.tsv: %s first_seed=%d", &all, first)
		}
	})
	for n := range (want + stormOfAProfile - 1) / stormOfAProfile {
		seed, most := first+n, min(stormOfAProfile, want-n*stormOfAProfile)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := inAStorm(t, binary, most, rand.New(rand.NewPCG(uint64(seed), 17)))
			sum := s.rage(most)
			sum.add(s.profile.finish())
			s.takenOnce()
			t.Logf("%d mails: %d kills of the program, %d of postfix's processes %s, %d restarts of a server, %d cuts of the network; %d times in doubt, %d of these delivered; postfix itself delivered %d twice",
				len(s.people), s.kills, s.total(), strings.TrimPrefix(fmt.Sprint(s.killed), "map"), s.restarts, s.cuts, sum.doubts, sum.delivered, s.copies)
			if s.kills == 0 {
				t.Error("nothing went wrong")
			}
			all.add(s, most, sum)
		})
	}
}

// stormCount adds up what the seeds of a run went through.
type stormCount struct {
	mu    sync.Mutex
	tally // its kills are those of the program

	disasters, servers, restarts, cuts int
}

func (c *stormCount) add(s *storm, disasters int, sum tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.disasters, c.servers = c.disasters+disasters, c.servers+s.total()
	c.restarts, c.cuts = c.restarts+s.restarts, c.cuts+s.cuts
	sum.kills = s.kills
	c.tally.add(sum)
}

// String is the line of docs/reliability.tsv behind commit and day; a broken
// promise has failed the test.
func (c *stormCount) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("storm\t%d\tkills=%d server_kills=%d restarts=%d cuts=%d twice=0 lost=0 in_doubt=%d taken_of_these=%d",
		c.disasters, c.kills, c.servers, c.restarts, c.cuts, c.doubts, c.delivered)
}
