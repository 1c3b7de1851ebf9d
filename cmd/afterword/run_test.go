package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/profile"
	"afterword/internal/watch"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// running is `afterword run` on real sockets, real files and real time.
type running struct {
	*testing.T
	dir   string
	world *mailtest.World
	store <-chan struct{}
	ended chan error
	stop  context.CancelFunc
	log   *lockedBuffer
}

// runConfig leaves the ports open.
const runConfig = `
me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: 127.0.0.1, port: %s, security: insecure}
  imap: {host: 127.0.0.1, port: %s, security: insecure}
web: {listen: ""}
`

// runDaemon starts the command as main does, and waits for its store.
func runDaemon(t *testing.T, interviews map[string]string) *running {
	t.Helper()
	world, err := mailtest.New(mailtest.Options{SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, FileSent: true}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
	if err != nil {
		t.Fatal(err)
	}
	atSMTP, atIMAP, err := world.ServeTCP()
	if err != nil {
		t.Fatal(err)
	}
	r := &running{T: t, dir: t.TempDir(), world: world, ended: make(chan error, 1), log: &lockedBuffer{}}
	_, smtpPort, _ := net.SplitHostPort(atSMTP)
	_, imapPort, _ := net.SplitHostPort(atIMAP)
	r.write("config.yaml", fmt.Sprintf(runConfig, smtpPort, imapPort))
	r.write("password", "secret\n")
	if err := os.MkdirAll(filepath.Join(r.dir, "interviews"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range interviews {
		r.write(filepath.Join("interviews", name), text)
	}
	w, err := watch.New([]string{r.dir}, func(path string) watch.Kind {
		if strings.HasSuffix(path, "-wal") || strings.HasSuffix(path, ".db") {
			return watch.Store
		}
		return watch.Nothing
	})
	if err != nil {
		t.Fatal(err)
	}
	r.store = w.Store()
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	p := &program{in: strings.NewReader(""), out: &bytes.Buffer{}, err: r.log, clock: &clock.Running{}, configPath: filepath.Join(r.dir, "config.yaml")}
	go func() { r.ended <- p.run(ctx, runFlags{level: "info"}) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-r.ended, w.Close(), world.Close()); err != nil {
			t.Errorf("stopping: %v\n%s", err, r.log.String())
		}
	})
	return r
}

func (r *running) write(name, text string) {
	r.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// until waits for the store to show something, looking after each commit.
func (r *running) until(what string, shown func(scheduler.StatusReport) bool) {
	r.Helper()
	patience := time.After(time.Minute)
	for {
		p := &program{out: &bytes.Buffer{}, err: &bytes.Buffer{}, clock: &clock.Running{}, configPath: filepath.Join(r.dir, "config.yaml")}
		if h, err := p.open(r.Context(), false); err == nil {
			st, err := h.service.Status(r.Context())
			if closeErr := h.Close(); closeErr != nil {
				r.Fatal(closeErr)
			}
			if err == nil && shown(st) {
				return
			}
		}
		select {
		case <-r.store:
		case <-patience:
			r.Fatalf("waited in vain for %s\n%s", what, r.log.String())
		}
	}
}

// lockedBuffer is a log that a test reads while it grows.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is what was written so far.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// find returns the one delivery whose key holds the fragment.
func find(st scheduler.StatusReport, fragment string) (scheduler.Delivery, bool) {
	for _, d := range st.Deliveries {
		if strings.Contains(d.Key, fragment) {
			return d, true
		}
	}
	return scheduler.Delivery{}, false
}

// future is an interview some months ahead, so that nothing leaves by itself.
func future(date, person string) string {
	return "company: Acme\nrole: Engineer\ninterviews:\n  - {id: talk, at: " + date + " 14:00, interviewers: [{name: Ken Osei, email: " + person + "}]}\n"
}

// TestEditsAreTakenUp: the running daemon notices an interview that moves, one
// that is added by an editor that replaces files, a file that breaks and is
// mended, and what another command does.
func TestEditsAreTakenUp(t *testing.T) {
	t.Parallel()
	r := runDaemon(t, map[string]string{"acme.yaml": future("2031-03-03", "ken@acme.example")})
	r.until("the plan", func(st scheduler.StatusReport) bool {
		d, ok := find(st, "acme/talk/thank-you")
		return ok && d.Due.UTC().Format(time.DateOnly) == "2031-03-04"
	})
	r.write("interviews/acme.yaml", future("2031-03-10", "ken@acme.example"))
	r.until("the moved interview", func(st scheduler.StatusReport) bool {
		d, ok := find(st, "acme/talk/thank-you")
		return ok && d.Due.UTC().Format(time.DateOnly) == "2031-03-11"
	})
	r.write("interviews/.globex.yaml.swp", strings.ReplaceAll(future("2031-04-07", "noor@globex.example"), "Acme", "Globex"))
	if err := os.Rename(filepath.Join(r.dir, "interviews", ".globex.yaml.swp"), filepath.Join(r.dir, "interviews", "globex.yaml")); err != nil {
		t.Fatal(err)
	}
	r.until("the added application", func(st scheduler.StatusReport) bool {
		_, ok := find(st, "globex/talk/thank-you")
		return ok
	})
	r.write("interviews/acme.yaml", "company: [\n")
	r.until("the broken file", func(st scheduler.StatusReport) bool {
		d, ok := find(st, "acme/talk/thank-you")
		return ok && d.State.Open() && strings.Contains(d.WaitingFor, "cannot be read")
	})
	r.write("interviews/acme.yaml", future("2031-03-10", "mara@acme.example"))
	r.until("the exchanged interviewer", func(st scheduler.StatusReport) bool {
		ken, knowsKen := find(st, "thank-you/ken")
		_, knowsMara := find(st, "thank-you/mara")
		return knowsKen && knowsMara && ken.State == scheduler.Cancelled
	})
}

// TestTwoDaemons: the second one says who is there and what to do, and ends.
func TestTwoDaemons(t *testing.T) {
	t.Parallel()
	r := runDaemon(t, map[string]string{"acme.yaml": future("2031-03-03", "ken@acme.example")})
	r.until("the first daemon", func(st scheduler.StatusReport) bool { return len(st.Deliveries) > 0 })
	p := &program{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}, clock: &clock.Running{}, configPath: filepath.Join(r.dir, "config.yaml")}
	err := p.run(t.Context(), runFlags{level: "info"})
	if !errors.Is(err, profile.ErrHeld) || !strings.Contains(hintOn(err), "stop the other first") {
		t.Errorf("the second daemon says %v (%s), want that another one runs, and what to do", err, hintOn(err))
	}
}

// A stop that comes while the program still opens its store is a clean stop.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"config.yaml": fmt.Sprintf(runConfig, "465", "993"), "password": "secret\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "interviews"), 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var said bytes.Buffer
	if code := run(ctx, []string{"--config", filepath.Join(dir, "config.yaml"), "run"}, strings.NewReader(""), &said, &said); code != exitDone {
		t.Errorf("ended with %d, want %d: %s", code, exitDone, said.String())
	}
}
