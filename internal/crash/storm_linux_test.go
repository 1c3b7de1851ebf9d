//go:build realmail

package crash

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
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
// AFTERWORD_STORM says how many things go wrong, AFTERWORD_SEED which.
func TestStorm(t *testing.T) {
	t.Parallel()
	want, seed := number(t, "AFTERWORD_STORM", 16), number(t, "AFTERWORD_SEED", 1)
	binary := build(t)
	for done := 0; done < want && !t.Failed(); done += stormOfAProfile {
		n := min(stormOfAProfile, want-done)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := inAStorm(t, binary, n, rand.New(rand.NewPCG(uint64(seed), 17)))
			sum := s.rage(n)
			sum.add(s.profile.finish())
			s.takenOnce()
			t.Logf("%d mails: %d kills of the program, %d of postfix's processes %s, %d restarts of a server, %d cuts of the network; %d times in doubt, %d of these delivered; postfix itself delivered %d twice",
				len(s.people), s.kills, s.total(), strings.TrimPrefix(fmt.Sprint(s.killed), "map"), s.restarts, s.cuts, sum.doubts, sum.delivered, s.copies)
			if s.kills == 0 {
				t.Error("nothing went wrong")
			}
		})
		seed++
	}
}
