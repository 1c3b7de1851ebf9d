package sim

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"

	"afterword/internal/clock"
	"afterword/internal/oauth/oauthtest"
	"afterword/internal/store/faultfs"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// Options are what a play needs beside its plan.
type Options struct {
	Start  Starter
	Folder string // an empty one, on the real disk
}

// Report is what became of a plan.
type Report struct {
	Plan       Plan
	Trace      []string
	Violations []Violation
	Counts     Counts
	Disk       []string // what the disk was asked for, by boot
}

// Violation is a promise that was not kept.
type Violation struct {
	Invariant string // its name, as Invariants has it
	Text      string
}

// String names both.
func (v Violation) String() string { return v.Invariant + ": " + v.Text }

// Run makes the plan of a seed and plays it. It must be called inside a
// testing/synctest bubble.
func Run(ctx context.Context, seed uint64, o Options) Report { return Play(ctx, Make(seed), o) }

// Play lets the program live through a plan, inside a testing/synctest bubble,
// and judges what the servers saw.
func Play(ctx context.Context, p Plan, o Options) Report {
	s := &stage{ctx: ctx, plan: p, options: o, report: Report{Plan: p, Counts: newCounts()}, heard: map[string]time.Time{}, known: map[string]Application{},
		broken: map[string]bool{}, added: map[string]time.Time{}, moves: map[string]int{}, seen: map[string]scheduler.Delivery{}, moved: map[string]time.Time{}}
	if err := s.play(); err != nil {
		s.violate("the world", "%v", err)
	}
	return s.report
}

// stage is a plan while it is played. The conductor, one goroutine, does what
// the plan says; the servers' goroutines call back under mu.
type stage struct {
	ctx     context.Context
	plan    Plan
	options Options
	report  Report

	truth     *clock.Running // the time of the world
	own       *clock.Running // the machine's, which may be wrong
	servers   *mailtest.World
	second    *mailtest.World   // the second account's, nil if there is none
	authority *oauthtest.Server // nil where the account has a password
	wires     *wires
	random    *seeded
	log       bytes.Buffer
	known     map[string]Application // by stem

	machine            *Machine
	program            Program
	boots              int
	queue              []task
	tasks              int
	skews              []skew
	acts               []act
	closed             []act
	byHand             []byHand
	answers            []said
	troubles           []span
	restores           []time.Time
	asides             []time.Time                   // when something came straight into another folder than INBOX
	before             map[string]scheduler.Delivery // what was stored some hours before the end
	left               []act                         // who left a file, or came into it: "stem/interview/address"
	decides            []act                         // by when a company decides, as the user notes it: stem
	off                []act                         // interviews that were called off: "stem/interview"
	holdings           []holding
	edits              []edited
	wholeConfig        []byte    // while config.yaml is broken
	configBroken       time.Time // since when
	unreadable         []span    // when config.yaml was broken
	elsewhere          []span    // when a copy of the profile ran on another machine
	host, home         string    // the machine's name, and that of the one on which the profile lives
	adopting           bool      // `adopt` was tried, and the program ended meanwhile
	moving, adopted    time.Time // since when it is on a new one that the user has not adopted, zero if on none; when it was adopted last
	moved              map[string]time.Time
	backup             faultfs.Image // nil while there is none
	broken             map[string]bool
	gone               []spanOf
	diskless           []span
	added              map[string]time.Time // when the file of an application came that was not there from the start
	passwords, seconds int
	secondPasswords    int // of the second account
	validity           uint32
	seen               map[string]scheduler.Delivery // by Message-ID: what a store knew that was given up
	down               []span                        // when the program did not run
	downSince          time.Time                     // zero while it does
	restart            bool                          // a start is planned already
	mayBeGone          bool                          // something may have ended the grant since the user agreed
	over               bool

	mu      sync.Mutex
	letters []letter
	deleted []Arrived            // letters that the user deleted for good
	filed   int                  // letters that the user put elsewhere
	heard   map[string]time.Time // when a Message-ID arrived
	taken   map[string]int       // mails that each person got
	moves   map[string]int       // of the state table
}

// task is what the conductor does at a time.
type task struct {
	at time.Time
	n  int
	do func()
}

// letter is one that was written to the user.
type letter struct {
	Kind   Letter
	Stem   string
	From   string
	Folder string
	Fate   Fate
}

// act is what the user did: to a key, a stem, or everything ("").
type act struct {
	at   time.Time
	what string
	on   string
}

// span is a time from one moment to another.
type span struct{ from, to time.Time }

// skew is how wrong the machine's clock is from a time on.
type skew struct {
	from time.Time
	by   time.Duration
}

func (s *stage) violate(invariant, format string, args ...any) {
	s.report.Violations = append(s.report.Violations, Violation{Invariant: invariant, Text: fmt.Sprintf(format, args...)})
}

// note adds a line to the trace.
func (s *stage) note(format string, args ...any) {
	s.report.Trace = append(s.report.Trace, s.truth.Now().UTC().Format("02 15:04:05.000000 ")+fmt.Sprintf(format, args...))
}

// play is the whole of it.
func (s *stage) play() (err error) {
	s.truth, s.own = &clock.Running{}, &clock.Running{}
	s.step(time.Until(s.plan.Start))
	source := rand.NewChaCha8([32]byte{byte(s.plan.Seed), byte(s.plan.Seed >> 8), byte(s.plan.Seed >> 16), byte(s.plan.Seed >> 24)})
	s.random = &seeded{source: source}
	if err := s.openServers(); err != nil {
		return err
	}
	defer func() {
		for _, w := range s.accounts() {
			err = errors.Join(err, w.Close())
		}
	}()
	closeAuthority, err := s.openAuthority()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAuthority()) }()
	if err := s.writeFiles(); err != nil {
		return err
	}
	for _, e := range s.plan.Events {
		s.at(s.plan.Start.Add(e.At), func() { s.happen(e) })
	}
	peace := s.plan.Start.Add(time.Duration(s.plan.Days-Peace) * 24 * time.Hour)
	s.at(peace.Add(7*time.Microsecond), s.makePeace)
	s.boot(nil)
	end := s.plan.Start.Add(time.Duration(s.plan.Days) * 24 * time.Hour)
	s.at(end.Add(-enough+9*time.Microsecond), func() { s.before = s.deliveries() })
	s.at(end, func() { s.over = true })
	for !s.over {
		if next := s.queue[0]; s.reach(next.at) {
			s.queue = s.queue[1:]
			next.do()
			synctest.Wait()
		}
	}
	s.judge()
	if s.plan.Seed%2 == 0 {
		s.follow()
	} else {
		s.followPage()
	}
	s.halt()
	s.report.Counts.finish(s)
	return nil
}

// step moves both clocks, as time does while a machine sleeps.
func (s *stage) step(by time.Duration) {
	s.truth.Step(by)
	s.own.Step(by)
}

// at plans a task. What lies in the past is done next.
func (s *stage) at(when time.Time, do func()) {
	s.tasks++
	n, _ := slices.BinarySearchFunc(s.queue, when, func(t task, when time.Time) int {
		if t.at.After(when) {
			return 1
		}
		return -1
	})
	s.queue = slices.Insert(s.queue, n, task{at: when, n: s.tasks, do: do})
}

// reach lets time pass until a moment. It returns false where a death came first,
// which is seen to at once and may have planned something for an earlier moment.
func (s *stage) reach(when time.Time) bool {
	var died chan struct{}
	if s.machine != nil && !s.restart {
		died = s.machine.died
	}
	select {
	case <-died:
		s.died()
		return false
	default:
	}
	wait := when.Sub(s.truth.Now())
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-died: // seen to in the next round
	}
	synctest.Wait()
	return false
}

func (s *stage) openServers() error {
	h := s.plan.Habits
	var without []imap.Cap
	if h.NoIdle {
		without = append(without, imap.CapIdle)
	}
	network := mailtest.NewNetwork()
	s.wires = &wires{network: network, now: s.truth.Now, count: map[string]int{}, next: map[string][]mailtest.Fault{}, refused: map[string]bool{}}
	var err error
	security := mailtest.Plaintext
	if h.TLS {
		security = mailtest.ImplicitTLS
	}
	s.servers, err = mailtest.New(mailtest.Options{Clock: s.truth, Network: network, NoTranscripts: true, Rand: s.random, Seed: s.plan.Seed, Password: password, TokenFits: func(token string) bool { return s.authority != nil && s.authority.Active(token) }, Delivered: s.arrived,
		SMTP: mailtest.SMTPOptions{Security: security, FileSent: h.FileSent, SentDelay: h.Sent, SelfDelay: h.Self, Rewrite: h.Rewrite},
		IMAP: mailtest.IMAPOptions{Security: security, Without: without}})
	if err != nil {
		return err
	}
	if err := s.openSecond(); err != nil {
		return errors.Join(err, s.servers.Close())
	}
	s.taken = map[string]int{}
	for _, a := range s.plan.Applications {
		s.known[a.Stem] = a
		for _, p := range a.Everybody() {
			if err := s.servers.ScriptFunc(fmt.Sprintf("%s <%s>", p.Name, p.Email), s.behave(a, p)); err != nil {
				return err
			}
		}
	}
	return nil
}

// password is the account's. No log may hold it.
const password = "correct-horse-battery"

// secret is the profile's. No log may hold it either.
const secret = "the secret of the simulation, 32"

// config is the user's config.yaml; %s takes zone, lines of sending, and what an
// interviewer's answer does.
const config = `
me: {name: Dana Reyes, email: dana@example.org, timezone: %s}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: 127.0.0.1, port: 465, security: insecure}
  imap: {host: 127.0.0.1, port: 993, security: insecure}
sending:
  %s
web: {listen: ""}
replies: {interviewer: %s}
`

func (s *stage) writeFiles() error {
	folder := filepath.Join(s.options.Folder, "home")
	if err := os.MkdirAll(filepath.Join(folder, "interviews"), 0o700); err != nil {
		return err
	}
	text := strings.Replace(config, "timezone:", s.plan.away()+"timezone:", 1)
	if s.plan.Second {
		text = strings.Replace(text, "timezone:", "aliases: ["+secondAddress+"], timezone:", 1) + watching
	}
	if s.plan.Habits.TLS {
		text = strings.Replace(text, "security: insecure}\n", "security: tls}\n", 2)
	}
	files := map[string]string{"password": password + "\n", "password2": secondPassword + "\n", "config.yaml": fmt.Sprintf(s.plan.account(text), s.plan.Zone, strings.ReplaceAll(s.plan.Sending, "\n", "\n  "), map[bool]string{false: "cancel", true: "restart"}[s.plan.Restart])}
	for _, a := range s.plan.Applications {
		if s.plan.comesLate(a.Stem) {
			s.broken[a.Stem] = true
			continue
		}
		files[filepath.Join("interviews", a.Stem+".yaml")] = a.file()
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if s.authority != nil {
		s.consents()
	}
	return nil
}

// boot starts the program on what is left of a disk.
func (s *stage) boot(image faultfs.Image) {
	s.boots++
	s.mendConfig()
	s.mayBeGone = s.mayBeGone || s.boots > 1 && s.plan.OAuth == rotated // it ended while it asked, perhaps
	shared := filepath.Join(s.options.Folder, fmt.Sprintf("boot-%d", s.boots))
	if err := os.Mkdir(shared, 0o700); err != nil {
		s.violate("the world", "%v", err)
		return
	}
	s.machine = s.newMachine(shared, image)
	var err error
	if s.restart {
		s.down = append(s.down, span{s.downSince, s.truth.Now()})
	}
	s.restart = false
	if s.program, err = s.options.Start(s.ctx, s.machine); err != nil {
		s.violate("starts on what is left", "boot %d: %v", s.boots, err)
		s.program = nil
	}
	s.note("started")
	synctest.Wait()
}

// newMachine is a machine with what is left of a disk.
func (s *stage) newMachine(shared string, image faultfs.Image) *Machine {
	var roots *x509.CertPool
	if s.plan.Habits.TLS {
		roots = s.servers.CertPool()
	}
	return &Machine{Roots: roots, Name: "the machine of the simulation" + s.host, Folder: filepath.Join(s.options.Folder, "home"), Shared: shared, Disk: faultfs.New(shared, image), Clock: s.own, Pace: s.plan.Pace,
		Secret: []byte(secret), Random: s.random, Log: &s.log,
		died: make(chan struct{}), files: make(chan struct{}, 1), commits: make(chan struct{}, 1), wires: s.wires, moved: s.noteMoves}
}

// noteMoves counts the moves of a commit.
func (s *stage) noteMoves(moves []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range moves {
		s.moves[m]++
	}
}

// halt ends the program and keeps what is on the disk.
func (s *stage) halt() faultfs.Image {
	if s.program != nil {
		if err := s.program.Stop(); err != nil && !s.machine.Dead() {
			s.violate("stops cleanly", "%v", err)
		}
		s.program = nil
	}
	s.report.Counts.Operations += s.machine.Disk.Operations()
	for n := 1; n <= s.machine.Disk.Operations(); n++ {
		s.report.Disk = append(s.report.Disk, fmt.Sprintf("boot %d, %d: %s", s.boots, n, s.machine.Disk.Trace(n)))
	}
	return s.machine.Disk.Image(faultfs.All, 0)
}

// view reads the store, if the program runs.
func (s *stage) view(see func(scheduler.Reader) error) {
	if s.program == nil || s.machine.Dead() {
		return
	}
	if err := s.program.View(see); err != nil && !s.machine.Dead() {
		s.violate("the store can be read", "%v", err)
	}
}

// deliveries are all of the store, by key.
func (s *stage) deliveries() map[string]scheduler.Delivery {
	all := map[string]scheduler.Delivery{}
	for _, d := range s.stored("") {
		all[d.Key] = d
	}
	return all
}

// command is something that the user says, noted with what it was about.
func (s *stage) command(on string, args ...string) bool {
	if s.program == nil || s.machine.Dead() {
		return false
	}
	code, said := s.program.Command(args...)
	s.note("afterword %s: exit %d", strings.Join(args, " "), code)
	if code == 1 && strings.Contains(said, "panic") {
		s.violate("commands do not panic", "%v: %s", args, said)
	}
	if code == 0 || s.machine.Dead() { // where the machine dies meanwhile, nobody knows whether it was stored
		s.acts = append(s.acts, act{at: s.truth.Now(), what: args[0], on: on})
	}
	if args[0] == "set" {
		s.machine.saved()
	} else {
		s.machine.committed()
	}
	synctest.Wait()
	return code == 0
}
