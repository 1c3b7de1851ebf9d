package sim

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"afterword/mailer/mailtest"
)

// Some users have a second mailbox, an older address that a few people still write
// to. The program reads it and never sends from it.

// The second account: its address, its host, and its name among the endpoints.
const (
	secondAddress  = "dana@old.example"
	secondHost     = "127.0.0.2"
	secondIMAP     = "second"
	secondPassword = "horse-battery-correct"
)

// watching is what config.yaml says of it.
const watching = `watch: [{name: old, username: ` + secondAddress + `, password: {file: password2}, imap: {host: ` + secondHost + `, port: 993, security: insecure}}]
`

// second lets a quarter of the users have it: a third of the answers go there, and
// each account fails while the other works.
func (m *maker) second() {
	dice := dice(m.plan.Seed, "two accounts")
	if dice.IntN(4) > 0 {
		return
	}
	m.plan.Second = true
	for _, a := range m.plan.Applications {
		for _, p := range a.Everybody() {
			for n := range p.Answers {
				switch how := &p.Answers[n]; how.Kind {
				case Human, Rejection, Invitation, Forwarded, OutOfOffice, Gone:
					how.Second = dice.IntN(3) == 0
				}
			}
		}
	}
	for range 2 + dice.IntN(5) {
		m.addSome(dice, secondKinds(), 40*time.Hour)
	}
}

// secondKinds are what happens to either account where there are two.
func secondKinds() []Kind {
	return []Kind{FirstFails, FirstFails, SecondFails, SecondFails, SecondPassword, CutsSecond}
}

// openSecond starts the second account's servers.
func (s *stage) openSecond() (err error) {
	if !s.plan.Second {
		return nil
	}
	network := mailtest.NewNetwork()
	s.wires.second = network
	var without []imap.Cap
	if s.plan.Seed%3 == 0 {
		without = append(without, imap.CapIdle)
	}
	s.second, err = mailtest.New(mailtest.Options{Clock: s.truth, Network: network, NoTranscripts: true, Seed: s.plan.Seed ^ 0x2ec0, Password: secondPassword, Delivered: s.arrived,
		Address: secondAddress, Host: "mail.old.example", SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext},
		IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext, Without: without}})
	return err
}

// accounts are the servers of every account, the one that sends first.
func (s *stage) accounts() []*mailtest.World {
	if s.second == nil {
		return []*mailtest.World{s.servers}
	}
	return []*mailtest.World{s.servers, s.second}
}

// dropConnections ends every connection to every server.
func (s *stage) dropConnections() {
	for _, w := range s.accounts() {
		w.DropConnections(mailtest.SMTP)
		w.DropConnections(mailtest.IMAP)
	}
}

// ofAccounts is what happens to one of two accounts.
func (s *stage) ofAccounts(e Event, chance *rand.Rand) {
	if s.second == nil {
		return
	}
	switch e.Kind {
	case FirstFails:
		s.refuse(e, mailtest.IMAP, s.servers)
	case SecondFails:
		s.refuse(e, secondIMAP, s.second)
	case CutsSecond:
		s.wires.breakNext(secondIMAP, breakage(chance, 6000))
	case SecondPassword:
		fresh := func() string { return fmt.Sprintf("%s-%d", secondPassword, s.secondPasswords) }
		s.secondPasswords++
		s.second.SetPassword(fresh())
		s.second.DropConnections(mailtest.IMAP)
		s.after(e, func() { // the newest, if it has changed once more since
			s.files(os.WriteFile(filepath.Join(s.options.Folder, "home", "password2"), []byte(fresh()+"\n"), 0o600))
			s.machine.saved()
		})
	}
}

// refuse lets an account refuse every connection for reading for a while.
func (s *stage) refuse(e Event, endpoint string, w *mailtest.World) {
	s.wires.refuse(endpoint, true)
	w.DropConnections(mailtest.IMAP)
	s.after(e, func() { s.wires.refuse(endpoint, false) })
}

// bringSecond brings letters to the second account that somebody answers to it. It is
// called under mu.
func (s *stage) bringSecond(at time.Time, all []mailtest.Reaction) {
	for _, r := range all {
		s.second.WritesAt(at.Add(r.After), r.Letter)
	}
}

// either is the account that something unasked comes to.
func (s *stage) either(e Event) *mailtest.World {
	all := s.accounts()
	return all[e.N%uint64(len(all))]
}

// ownAddress is the user's in an account.
func (s *stage) ownAddress(w *mailtest.World) string {
	if w == s.second {
		return secondAddress
	}
	return me
}

// endpointOf is where an address leads.
func endpointOf(addr string) string {
	switch {
	case strings.HasPrefix(addr, secondHost+":"):
		return secondIMAP
	case strings.HasPrefix(addr, authority+":"):
		return authorityPort
	case strings.HasSuffix(addr, ":465"):
		return mailtest.SMTP
	}
	return mailtest.IMAP
}
