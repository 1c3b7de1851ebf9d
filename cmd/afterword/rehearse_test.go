package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/scheduler"
)

// rehearsing is a profile on the disk whose servers are sockets that nobody may
// dial, and whose password nobody can read.
type rehearsing struct {
	*testing.T
	dir    string
	dialed atomic.Int64
}

func newRehearsing(t *testing.T) *rehearsing {
	t.Helper()
	r := &rehearsing{T: t, dir: t.TempDir()}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.dialed.Add(1)
			_ = c.Close()
		}
	}()
	port := l.Addr().(*net.TCPAddr).Port
	r.write("config.yaml", fmt.Sprintf("me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}\n"+
		"account:\n  password: {command: [touch, %[1]s]}\n  smtp: {host: 127.0.0.1, port: %[2]d, security: insecure}\n  imap: {host: 127.0.0.1, port: %[2]d, security: insecure}\n"+
		"sending: {review: always}\nnotify: {mail: true, ntfy: 'http://127.0.0.1:%[2]d/topic', webhook: 'http://127.0.0.1:%[2]d/hook'}\n",
		filepath.Join(r.dir, "password-was-asked"), port))
	r.write("interviews/acme.yaml", "company: Acme\nrole: Engineer   # as they call it\ninterviews:\n  - at: 2026-11-23 14:00\n"+
		"    interviewers: [{name: Ken Osei, email: ken@acme.example, said: the pager moves in spring}, {name: Mara Lindt, email: mara@acme.example}]\n")
	return r
}

func (r *rehearsing) write(name, text string) {
	r.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// afterword runs a command at a time of Paris.
func (r *rehearsing) afterword(at time.Time, args ...string) (code int, out, errs string) {
	c := &clock.Running{}
	c.Step(time.Until(at))
	var o, e bytes.Buffer
	root := newRoot(&program{in: strings.NewReader(""), out: &o, err: &e, clock: c, configPath: filepath.Join(r.dir, "config.yaml")})
	root.SetArgs(args)
	return finish(&e, root.ExecuteContext(r.Context())), o.String(), e.String()
}

// content names every file of the profile with what it holds.
func (r *rehearsing) content() string {
	r.Helper()
	var b strings.Builder
	err := filepath.WalkDir(r.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		info, statErr := e.Info()
		if statErr != nil {
			return statErr
		}
		fmt.Fprintf(&b, "%s %x %s\n", path, sha256.Sum256(data), info.ModTime())
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return b.String()
}

// TestRehearsalLeavesNoTrace: a rehearsal of the user's own files shows what
// would leave and why, with its text, until nothing is to come; no socket is
// opened, no password is read, no file of the profile is touched. What the store
// knows is known there too.
func TestRehearsalLeavesNoTrace(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a week of it takes a minute under the race detector; the other rehearsal is played there")
	}
	r := newRehearsing(t)
	at := time.Date(2026, 11, 23, 8, 0, 0, 123, time.UTC)
	if code, _, errs := r.afterword(at, "hold", "mara@acme.example", "--reason", "she asked for patience"); code != 0 {
		t.Fatal(errs)
	}
	before := r.content()
	code, out, errs := r.afterword(at, "rehearse", "--answer", "Ken=2d: we will call you", "--texts")
	if code != 0 {
		t.Fatalf("%d %s\n%s", code, errs, out)
	}
	for _, w := range []string{
		"nothing leaves the machine", "Ken Osei answers after 2d.",
		"Tue 24 Nov 09:", "acme, thank-you, Ken Osei: sent", "8 h after the interview's end",
		"Subject: ", "the pager moves in spring",
		"Thu 26 Nov 09:", "received human: a person of the application answers: Ken Osei",
		"follow-up-1, Ken Osei: cancelled: Ken Osei answered", "The end, on ",
	} {
		if !strings.Contains(out, w) {
			t.Errorf("no %q in\n%s", w, out)
		}
	}
	if strings.Contains(out, "thank-you, Mara Lindt: sent") {
		t.Errorf("a hold of the store was forgotten:\n%s", out)
	}
	if n := r.dialed.Load(); n > 0 {
		t.Errorf("%d connections were opened", n)
	}
	if after := r.content(); after != before {
		t.Errorf("files changed:\n%s\n%s", before, after)
	}
}

// TestRehearsalAsItIs: where the user says nothing, nothing leaves that waits
// for their word, and what they would be asked is told. A missing account is no
// obstacle.
func TestRehearsalAsItIs(t *testing.T) {
	t.Parallel()
	r := newRehearsing(t)
	r.write("config.yaml", "me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}\n")
	until := "2026-11-27"
	if testing.Short() {
		until = "2026-11-24 10:00"
	}
	code, out, errs := r.afterword(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "rehearse", "--as-is", "--silent", "--until", until)
	if code != 0 || !strings.Contains(out, "Ken Osei: sent") || strings.Contains(out, "Mara Lindt: sent") || !strings.Contains(out, "Nobody answers.") || !testing.Short() && !strings.Contains(out, "you would be asked: The mail to Mara Lindt") {
		t.Errorf("%d %s\n%s", code, errs, out)
	}
}

// TestRehearsalWays: a delivery of any state is taken over as it is.
func TestRehearsalWays(t *testing.T) {
	t.Parallel()
	for _, to := range append(scheduler.States(), "nowhere") {
		way := pathTo(to)
		if (len(way) == 0) != (to == "nowhere") {
			t.Errorf("the way to %s is %v", to, way)
		}
	}
}
