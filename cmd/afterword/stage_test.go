package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/clock"
	"afterword/internal/config"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// stage is the whole program inside a synctest bubble: real files, a real
// SQLite store, the real SMTP and IMAP adapters, and mailtest behind them.
// Time is virtual: a month passes while nobody waits.
type stage struct {
	*testing.T
	dir     string
	clock   *clock.Running
	world   *mailtest.World
	other   *mailtest.World // a second account, nil if there is none
	house   *house
	web     *http.Client // of the authorization server, nil if there is none
	log     *bytes.Buffer
	files   chan struct{}
	commits chan struct{}
	stop    context.CancelFunc
	ended   chan error
	stuck   *stuckStore               // stands before the store; nil: nothing does
	through func(c net.Conn) net.Conn // stands before each connection; nil: nothing does
	hooks   map[string]*hook          // by address: who is told by HTTP
	pace    scheduler.Pace
}

// unhurried is the pace of most stories: a day of the daemon's own has 4,320
// turns and 144 looks in which nothing happens, and the stories that are about
// these play at its own.
var unhurried = scheduler.Pace{Wait: 2 * time.Minute, Sweep: time.Hour}

// drowsy is the pace with -short. Under the race detector a turn and a look are
// dear, and one is like the next; most stories get their news from the server and
// heed no minute. Those that do say that they are unhurried.
var drowsy = scheduler.Pace{Wait: 10 * time.Minute, Sweep: 6 * time.Hour}

// stageConfig is the profile of the tests; %s takes further lines of sending.
const stageConfig = `
me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: 127.0.0.1, port: 465, security: insecure}
  imap: {host: 127.0.0.1, port: 993, security: insecure}
sending:
  holidays: FR
%s
web: {listen: ""}
`

// perform runs a test on a stage that opens on Monday 2 November 2026, 08:00
// in Paris. The interviews are files by name. With -short it plays a sample.
func perform(t *testing.T, sending string, interviews map[string]string, act func(*stage)) {
	t.Helper()
	if testing.Short() && !sampled(t.Name()) {
		t.Skip("not among the stories that -short plays")
	}
	performAt(t, sending, interviews, mailtest.SMTPOptions{FileSent: true}, act)
}

// sampled chooses half of the stories by name: a day of one takes seconds under
// the race detector, and every goroutine is at work in the other half too.
func sampled(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name)) // never fails
	return h.Sum32()%2 == 0
}

// performAt is perform with a server of other habits.
func performAt(t *testing.T, sending string, interviews map[string]string, habits mailtest.SMTPOptions, act func(*stage)) {
	t.Helper()
	habits.Security = mailtest.Plaintext
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, dir: t.TempDir(), clock: &clock.Running{}, log: &bytes.Buffer{}, files: make(chan struct{}, 1), commits: make(chan struct{}, 1), pace: unhurried}
		if testing.Short() {
			s.pace = drowsy
		}
		s.clock.Step(time.Until(time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)))
		s.write("config.yaml", fmt.Sprintf(stageConfig, indent(sending, "  ")))
		s.write("password", "secret\n")
		s.must(os.MkdirAll(filepath.Join(s.dir, "interviews"), 0o700))
		for name, text := range interviews {
			s.write(filepath.Join("interviews", name), text)
		}
		var err error
		s.world, err = mailtest.New(mailtest.Options{Clock: s.clock, Seed: 1,
			SMTP: habits, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
		s.must(err)
		s.Cleanup(func() {
			if s.stop != nil {
				s.close()
			}
			if err := s.world.Close(); err != nil {
				s.Error(err)
			}
		})
		act(s)
	})
}

// dial leads to the world, or to the other one by its address.
func (s *stage) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if h := s.hooks[addr]; h != nil {
		return h.dial(ctx)
	}
	if s.other != nil && strings.HasPrefix(addr, otherHost) {
		return s.other.Network().DialContext(ctx, network, addr)
	}
	c, err := s.world.Network().DialContext(ctx, network, addr)
	if err == nil && s.through != nil {
		c = s.through(c)
	}
	return c, err
}

// otherHost is where the other world's servers are.
const otherHost = "127.0.0.2"

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) write(name, text string) {
	s.Helper()
	s.must(os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600))
}

// Files and Store make the stage the daemon's watcher.
func (s *stage) Files() <-chan struct{} { return s.files }

// Store tells of commits of the commands.
func (s *stage) Store() <-chan struct{} { return s.commits }

// open starts the daemon on the stage's files.
func (s *stage) open() {
	s.Helper()
	id, closeLedger, err := openIdentity(filepath.Join(s.dir, "afterword.db"))
	s.must(err)
	s.house, err = openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: s.clock, dial: s.dial, web: s.web, watcher: s, pace: s.pace}, true)
	s.must(err)
	s.house.between = make(chan func(identity))
	if s.stuck != nil {
		s.stuck.Store = s.house.store
		s.house.store = s.stuck
	}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	ctx, stop := context.WithCancel(context.WithoutCancel(s.Context()))
	s.stop, s.ended = stop, make(chan error, 1)
	go func() { s.ended <- errors.Join(s.house.work(ctx, log, id, nil), closeLedger()) }()
	synctest.Wait()
}

// close ends the daemon as SIGTERM does.
func (s *stage) close() {
	s.Helper()
	s.stop()
	s.stop = nil
	if err := errors.Join(<-s.ended, s.house.Close()); err != nil {
		s.Error(err)
	}
}

// until lets time pass until a moment in Paris.
func (s *stage) until(day, hour, minute int) {
	s.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	s.must(err)
	wait := time.Date(2026, 11, day, hour, minute, 0, 0, paris).Sub(s.clock.Now())
	if wait < 0 {
		s.Fatalf("it is %s already", s.clock.Now().In(paris))
	}
	time.Sleep(wait)
	synctest.Wait()
}

// said notes what people said, as the user does in an editor.
func (s *stage) said(file, interview string, words map[string]string) {
	s.Helper()
	var set []config.Change
	for email, w := range words {
		set = append(set, config.Change{Path: fmt.Sprintf("interviews[%s].interviewers[%s].said", interview, email), Text: w})
	}
	s.must(config.Edit(filepath.Join(s.dir, "interviews", file), config.InterviewCheck(s.house.config.Policy), set...))
	s.files <- struct{}{}
	synctest.Wait()
}

// sent is what the server took for an address.
func (s *stage) sent(address string) int { return len(s.world.AcceptedTo(address)) }

// want checks how many mails the server took for each address.
func (s *stage) want(counts map[string]int) {
	s.Helper()
	for address, n := range counts {
		if got := s.sent(address); got != n {
			s.Errorf("%s: the server took %d mails for %s, want %d\n%s", s.clock.Now().UTC().Format(time.DateTime), got, address, n, s.story())
		}
	}
}

// story is what the program says happened.
func (s *stage) story() string {
	events, err := s.house.service.Events(s.Context(), scheduler.EventQuery{})
	s.must(err)
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%s %s%s %s: %s [%s]\n", e.At.Format("02 15:04:05"), e.Application, e.Key, e.What, e.Why, e.Evidence)
	}
	return b.String()
}

// happened checks that an event with these words is in the story.
func (s *stage) happened(what, why string) {
	s.Helper()
	events, err := s.house.service.Events(s.Context(), scheduler.EventQuery{})
	s.must(err)
	for _, e := range events {
		if e.What == what && strings.Contains(e.Why, why) {
			return
		}
	}
	s.Errorf("no event %q with %q\n%s", what, why, s.story())
}

// command runs the program's command line on the stage's profile, and lets the
// daemon see what it committed.
func (s *stage) command(args ...string) (code int, out, errs string) {
	s.Helper()
	var o, e bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &o, err: &e, configPath: filepath.Join(s.dir, "config.yaml"), clock: s.clock, outside: outside{dial: s.dial}}
	root := newRoot(p)
	root.SetArgs(args)
	code = finish(&e, root.ExecuteContext(s.Context()))
	select {
	case s.commits <- struct{}{}:
	default:
	}
	synctest.Wait()
	return code, o.String(), e.String()
}

// state reads the state of the one delivery that a fragment names.
func (s *stage) state(fragment string) scheduler.State {
	s.Helper()
	story, err := s.house.service.Why(s.Context(), fragment)
	s.must(err)
	return story.Delivery.State
}

// attempts is how often a delivery was tried.
func (s *stage) attempts(fragment string) int {
	s.Helper()
	story, err := s.house.service.Why(s.Context(), fragment)
	s.must(err)
	return story.Delivery.Attempt
}

// statusJSON is what `status --json` says.
func (s *stage) statusJSON() statusJSON {
	s.Helper()
	code, out, errs := s.command("status", "--json")
	if code != 0 {
		s.Fatalf("status: %d %s", code, errs)
	}
	var st statusJSON
	s.must(json.Unmarshal([]byte(out), &st))
	return st
}

func osReadFile(dir, name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	return string(text), err
}
