package crash

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"afterword/mailer/mailtest"
)

// build makes the program's binary.
func build(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "afterword")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "afterword/cmd/afterword")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return binary
}

// profile is one candidate's installation whose mail is due now, and the
// servers of their provider.
type profile struct {
	testing.TB
	binary   string
	dir      string
	world    *mailtest.World
	people   []string     // addresses
	dots     chan string  // a final dot has reached the server; the answer has not left
	touched  chan string  // a file of the state was written to
	answered atomic.Int64 // dots so far
	watcher  *fsnotify.Watcher
	log      bytes.Buffer // of the process that runs; read after its end
}

const profileConfig = `
me: {name: Dana Reyes, email: dana@example.org, timezone: UTC}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: 127.0.0.1, port: %s, security: insecure}
  imap: {host: 127.0.0.1, port: %s, security: insecure}
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

// newProfile sets up servers on loopback and a candidate with so many mails
// that are due. Of five recipients one has a server that answers late, and one
// has a server that takes the mail and hangs up.
func newProfile(t testing.TB, binary string, mails int, slow time.Duration) *profile {
	t.Helper()
	p := &profile{TB: t, binary: binary, dir: t.TempDir(), dots: make(chan string, 1000), touched: make(chan string, 1000)}
	var err error
	p.world, err = mailtest.New(mailtest.Options{SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, Slow: slow}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
	p.must(err)
	t.Cleanup(func() { p.must(p.world.Close()) })
	smtpAddr, imapAddr, err := p.world.ServeTCP()
	p.must(err)
	p.write("config.yaml", fmt.Sprintf(profileConfig, port(smtpAddr), port(imapAddr)))
	p.write("password", "secret\n")
	for n := range mails {
		p.addPerson(n)
	}
	p.must(os.MkdirAll(filepath.Join(p.dir, "state"), 0o700))
	p.watch()
	return p
}

func (p *profile) addPerson(n int) {
	tag := map[int]string{1: "+slow", 3: "+drop-after-data"}[n%5]
	address := fmt.Sprintf("ken%s@firm%d.example", tag, n)
	p.people = append(p.people, address)
	letters := string(rune('a'+n/26)) + string(rune('a'+n%26))
	at := time.Now().UTC().Add(-3 * time.Hour).Format("2006-01-02 15:04")
	p.write(fmt.Sprintf("interviews/firm%d.yaml", n), fmt.Sprintf(interviewFile, letters, n, at, address))
	p.must(p.world.ScriptFunc(address, func(mailtest.Received) []mailtest.Reaction {
		p.answered.Add(1)
		p.dots <- address
		return nil
	}))
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

// start runs the daemon.
func (p *profile) start() *exec.Cmd {
	p.Helper()
	p.log.Reset()
	cmd := exec.Command(p.binary, "--config", filepath.Join(p.dir, "config.yaml"), "run")
	cmd.Stderr, cmd.Stdout = &p.log, &p.log
	p.must(cmd.Start())
	return cmd
}

// kill ends the daemon without a word and drains what its life had told.
func (p *profile) kill(cmd *exec.Cmd) {
	p.Helper()
	p.must(cmd.Process.Signal(syscall.SIGKILL))
	_ = cmd.Wait() // killed
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

// status asks the program as a script would.
func (p *profile) status() []delivery {
	p.Helper()
	out, err := exec.CommandContext(p.Context(), p.binary, "--config", filepath.Join(p.dir, "config.yaml"), "status", "--json").Output()
	var exit *exec.ExitError
	if err != nil && !(asExit(err, &exit) && exit.ExitCode() == 3) {
		p.Fatalf("status: %v\n%s", err, out)
	}
	var s struct{ Deliveries []delivery }
	p.must(json.Unmarshal(out, &s))
	return s.Deliveries
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

// settle does what a user does about doubt: looks whether the mail came, and
// says so. It returns how many mails were in doubt, and of how many the server
// had taken.
func (p *profile) settle() (doubts, delivered int) {
	p.Helper()
	for _, d := range p.status() {
		if d.State != "in_doubt" {
			continue
		}
		verdict := "--not-sent"
		if len(p.world.AcceptedTo(d.To.Email)) > 0 {
			verdict = "--sent"
			delivered++
		}
		doubts++
		cmd := exec.CommandContext(p.Context(), p.binary, "--config", filepath.Join(p.dir, "config.yaml"), "resolve", d.Key, verdict)
		if out, err := cmd.CombinedOutput(); err != nil {
			p.Fatalf("resolving %s: %v\n%s", d.Key, err, out)
		}
	}
	return doubts, delivered
}

// taken counts the mails that the server took, by address.
func (p *profile) taken() map[string]int {
	counts := map[string]int{}
	for _, a := range p.world.Accepted() {
		counts[a.To[0]]++
	}
	return counts
}
