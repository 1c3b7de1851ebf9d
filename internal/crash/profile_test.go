package crash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"afterword/mailer/mailtest"
)

// built is the program's binary, linked once for all tests.
var built struct {
	once   sync.Once
	folder string // "" where no test has called for it
	err    error
}

// build makes the program's binary.
func build(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "afterword-crash-"); built.err != nil {
			return
		}
		cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", built.folder, "afterword/cmd/afterword")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is for its users, also where the race detector asks for cgo
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building the program: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "afterword")
}

// removeBuilt leaves nothing of the binary, after the last test.
func removeBuilt() error {
	if built.folder == "" {
		return nil
	}
	return os.RemoveAll(built.folder)
}

// profile is one candidate's installation whose mail is due now.
type profile struct {
	testing.TB
	account
	binary   string
	dir      string
	people   []string     // addresses, one for each mail
	released int          // files of people that were given back after holdBack
	dots     chan string  // a final dot has reached the server; the answer has not left
	touched  chan string  // a file of the state was written to
	answered atomic.Int64 // dots so far
	watcher  *fsnotify.Watcher
	log      bytes.Buffer // of the process that runs; read after its end
}

// account is what the candidate has at their provider, and how the tests see
// what the provider's server did.
type account struct {
	host       string
	security   string
	smtp, imap string // ports
	password   string
	authority  string                     // file with the certificate to trust, "" without TLS
	taken      func() map[string][]letter // what the server took, by recipient, once for each transmission
}

// letter is one transmission that the server took.
type letter struct{ id, subject string }

// me is the candidate's address.
const me = "dana@example.org"

const profileConfig = `
me: {name: Dana Reyes, email: dana@example.org, timezone: UTC}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: %[1]s, port: %[3]s, security: %[2]s}
  imap: {host: %[1]s, port: %[4]s, security: %[2]s}
sending:
  review: never
  window: {days: MON-SUN, from: "00:00", to: "24:00"}
  late_window: {days: MON-SUN, from: "00:00", to: "24:00"}
  spread: 0s
  per_hour: 100
sequences:
  default:
    - {step: thank-you, template: thank-you, to: interviewers, after: 0s, cron: "* * * * *", expires: 48h}
web: {listen: ""}
state: state/afterword.db
`

const interviewFile = `
company: Firm%[1]s
role: Site Reliability Engineer
domains: [firm%[2]d.example]
interviews:
  - id: video
    at: %[3]s
    timezone: UTC
    duration: 30m
    status: held
    interviewers:
      - {name: Ken Osei, email: %[4]s, said: the platform group grows from four people to nine this winter}
`

// newProfile is a candidate with so many mails that are due.
func newProfile(t testing.TB, binary string, mails int, at account) *profile {
	t.Helper()
	p := &profile{TB: t, account: at, binary: binary, dir: t.TempDir(), dots: make(chan string, 1000), touched: make(chan string, 1000)}
	p.write("config.yaml", fmt.Sprintf(profileConfig, at.host, at.security, at.smtp, at.imap))
	p.write("password", at.password+"\n")
	for n := range mails {
		p.addPerson(n)
	}
	p.must(os.MkdirAll(filepath.Join(p.dir, "state"), 0o700))
	p.watch()
	return p
}

// sandboxed gives a candidate an account at a server in this process. Of five
// recipients one has a server that answers late, and one has a server that
// takes the mail and hangs up.
func sandboxed(t testing.TB, binary string, mails int, slow time.Duration) *profile {
	t.Helper()
	world, err := mailtest.New(mailtest.Options{SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, Slow: slow}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	smtpAddr, imapAddr, err := world.ServeTCP()
	if err != nil {
		t.Fatal(err)
	}
	p := newProfile(t, binary, mails, account{host: "127.0.0.1", security: "insecure", smtp: port(smtpAddr), imap: port(imapAddr), password: "secret", taken: func() map[string][]letter {
		all := map[string][]letter{}
		for _, a := range world.Accepted() {
			all[a.To[0]] = append(all[a.To[0]], letter{a.MessageID, a.Subject})
		}
		return all
	}})
	for _, address := range p.people {
		p.must(world.ScriptFunc(address, func(mailtest.Received) []mailtest.Reaction {
			p.answered.Add(1)
			p.dots <- address
			return nil
		}))
	}
	return p
}

func (p *profile) addPerson(n int) {
	tag := map[int]string{1: "+slow", 3: "+drop-after-data"}[n%5]
	address := fmt.Sprintf("ken%s@firm%d.example", tag, n)
	p.people = append(p.people, address)
	letters := string(rune('a'+n/26)) + string(rune('a'+n%26))
	at := time.Now().UTC().Add(-3 * time.Hour).Format("2006-01-02 15:04")
	p.write(fmt.Sprintf("interviews/firm%d.yaml", n), fmt.Sprintf(interviewFile, letters, n, at, address))
}

// holdBack takes the interviews away, for release to bring them back one by one.
func (p *profile) holdBack() {
	p.Helper()
	interviews := filepath.Join(p.dir, "interviews")
	p.must(os.Rename(interviews, filepath.Join(p.dir, "waiting")))
	p.must(os.Mkdir(interviews, 0o700))
}

// release brings back the next interviews, each with a mail that is due.
func (p *profile) release(n int) {
	p.Helper()
	for range n {
		name := fmt.Sprintf("firm%d.yaml", p.released)
		p.must(os.Rename(filepath.Join(p.dir, "waiting", name), filepath.Join(p.dir, "interviews", name)))
		p.released++
	}
}

func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

func (p *profile) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *profile) write(name, text string) {
	p.Helper()
	path := filepath.Join(p.dir, name)
	p.must(os.MkdirAll(filepath.Dir(path), 0o700))
	p.must(os.WriteFile(path, []byte(text), 0o600))
}

// watch tells of each write to the log of the store and to the ledger.
func (p *profile) watch() {
	var err error
	p.watcher, err = fsnotify.NewWatcher()
	p.must(err)
	p.must(p.watcher.Add(filepath.Join(p.dir, "state")))
	p.Cleanup(func() { _ = p.watcher.Close() })
	go func() {
		for e := range p.watcher.Events {
			if e.Op == fsnotify.Write && (strings.HasSuffix(e.Name, "-wal") || strings.HasSuffix(e.Name, ".ledger")) {
				select {
				case p.touched <- filepath.Base(e.Name):
				default: // nobody looks
				}
			}
		}
	}()
}

// command is the program with this profile.
func (p *profile) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(p.Context(), p.binary, append([]string{"--config", filepath.Join(p.dir, "config.yaml")}, args...)...)
	if p.authority != "" {
		cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+p.authority)
	}
	return cmd
}

// start runs the daemon.
func (p *profile) start() *exec.Cmd {
	p.Helper()
	p.log.Reset()
	cmd := p.command("run")
	cmd.Stderr, cmd.Stdout = &p.log, &p.log
	p.must(cmd.Start())
	return cmd
}

// kill ends the daemon without a word and drains what its life had told.
func (p *profile) kill(cmd *exec.Cmd) {
	p.Helper()
	p.must(cmd.Process.Signal(syscall.SIGKILL))
	_ = cmd.Wait() // killed
	p.drain()
}

// drain forgets what a life told that is over.
func (p *profile) drain() {
	for {
		select {
		case <-p.dots:
		case <-p.touched:
		default:
			return
		}
	}
}

// delivery is what `status --json` says of one mail.
type delivery struct {
	Key        string
	State      string
	Kind       string
	To         struct{ Email string }
	WaitingFor *string `json:"waiting_for"`
	MessageID  *string `json:"message_id"`
}

// String is a line for whoever reads why a test failed.
func (d delivery) String() string {
	waiting := ""
	if d.WaitingFor != nil {
		waiting = ", waiting for " + *d.WaitingFor
	}
	return d.Key + " is " + d.State + waiting + "\n"
}

// status asks the program as a script would.
func (p *profile) status() []delivery {
	p.Helper()
	out, err := p.command("status", "--json").Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 3) {
		p.Fatalf("status: %v\n%s", err, out)
	}
	var s struct{ Deliveries []delivery }
	p.must(json.Unmarshal(out, &s))
	return s.Deliveries
}

// check compares what the program knows of a mail with what the server took:
// never twice, and never lost without being in doubt.
func (p *profile) check(d delivery, taken []letter) {
	p.Helper()
	switch {
	case len(taken) > 1:
		p.Errorf("%s: the server took it %d times: %v", d.Key, len(taken), taken)
	case len(taken) == 0 && d.State == "sent":
		p.Errorf("%s is called sent, and the server never took it", d.Key)
	case len(taken) == 1 && d.State != "sent" && d.State != "in_doubt" && d.State != "handed_over":
		p.Errorf("%s is %s, and the server took it", d.Key, d.State)
	case len(taken) == 1 && d.MessageID != nil && *d.MessageID != taken[0].id:
		p.Errorf("%s: the server took %s, and the program calls it %s", d.Key, taken[0].id, *d.MessageID)
	}
}

// settle does what a user does about doubt: looks whether the mail came, and
// says so. It returns how many mails were in doubt, and of how many the server
// had taken.
func (p *profile) settle() (doubts, delivered int) {
	p.Helper()
	all, taken := p.status(), p.taken()
	for _, d := range all {
		got := taken[d.To.Email]
		p.check(d, got)
		if d.State != "in_doubt" {
			continue
		}
		verdict := "--not-sent"
		if len(got) > 0 {
			verdict = "--sent"
			delivered++
		}
		doubts++
		p.tell("resolve", d.Key, verdict)
	}
	return doubts, delivered
}

// doubtsAreTold: what is in doubt now was told by a mail to oneself.
func (p *profile) doubtsAreTold() {
	p.Helper()
	for _, d := range p.status() {
		told := slices.ContainsFunc(p.taken()[me], func(l letter) bool { return strings.Contains(l.subject, "In doubt") })
		if d.State == "in_doubt" && !told {
			p.Errorf("%s is in doubt, and nobody was told:\n%s", d.Key, p.log.String())
		}
	}
}

// tell gives a command as the user does.
func (p *profile) tell(args ...string) {
	p.Helper()
	if out, err := p.command(args...).CombinedOutput(); err != nil {
		p.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// takenOnce is the sum of it all: the server has every mail exactly once.
func (p *profile) takenOnce() {
	p.Helper()
	taken, ids := p.taken(), map[string]bool{}
	for _, address := range p.people {
		if got := taken[address]; len(got) != 1 || ids[got[0].id] {
			p.Errorf("the server took %v for %s, want one mail of its own", got, address)
		} else {
			ids[got[0].id] = true
		}
	}
}

// again does what a user does about mail that the server put off: it is sent
// now.
func (p *profile) again() {
	p.Helper()
	for _, d := range p.status() {
		if d.State == "approved" && d.WaitingFor != nil {
			p.tell("send", d.Key)
		}
	}
}

// calm reports whether nothing is left for the program to do: it knows each mail
// (a program that is asked before it has read its files knows none of the last),
// and each is sent, or in doubt and the user was told, or waits for such doubts: a life
// that ended between the ledger's line and the marker looks like a restored
// backup, and then nothing leaves until they are settled.
func (p *profile) calm(all []delivery) bool {
	told := slices.ContainsFunc(p.taken()[me], func(l letter) bool { return strings.Contains(l.subject, "In doubt") })
	return len(all) >= len(p.people) && !slices.ContainsFunc(all, func(d delivery) bool {
		held := d.WaitingFor != nil && strings.Contains(*d.WaitingFor, "settle what is in doubt first")
		return d.State != "sent" && (d.State != "in_doubt" && !held || !told)
	})
}

// finish lets the program work in peace until everything is settled. What was
// put off is sent now, and what is in doubt is resolved, as a user does.
func (p *profile) finish() (sum tally) {
	p.Helper()
	for range 20 {
		p.again()
		cmd := p.start()
		p.untilCalm(cmd)
		p.must(cmd.Process.Signal(syscall.SIGTERM))
		if err := cmd.Wait(); err != nil {
			p.Errorf("after SIGTERM: %v\n%s", err, p.log.String())
		}
		p.drain()
		p.doubtsAreTold()
		if sum.note(p); p.settled() {
			return sum
		}
	}
	p.Fatalf("not everything is settled: %v", p.status())
	return sum
}

// untilCalm waits as long as the program gets on with its mails. Where it rests
// for a moment it is told once to send what it has put off: on a slow disk
// each command takes from it the time that it would send in.
func (p *profile) untilCalm(cmd *exec.Cmd) {
	p.Helper()
	late := time.NewTimer(3 * time.Minute)
	defer late.Stop()
	seen, asked := "", false
	for all := p.status(); !p.calm(all); all = p.status() {
		select {
		case <-p.quiet():
		case <-late.C:
			p.kill(cmd)
			p.Fatalf("the program sends no more: %v\n%s", all, p.log.String())
		}
		switch now := fmt.Sprint(all); {
		case now != seen:
			seen, asked = now, false
			late.Reset(3 * time.Minute)
		case !asked:
			asked = true
			p.again()
		}
	}
}

// quiet tells when the program has rested for a while, or has sent many: asking it
// after each mail costs more than the mail.
func (p *profile) quiet() <-chan struct{} {
	rests := make(chan struct{})
	go func() {
		defer close(rests)
		for range 20 {
			select {
			case <-p.dots:
			case <-time.After(patience / 4):
				return
			case <-p.Context().Done():
				return
			}
		}
	}()
	return rests
}

// number is one that the environment may set.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
