package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/health"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// TestPulse: while the daemon works, through a night, a mail and a mailbox that
// cannot be reached, each of its parts lives.
func TestPulse(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		if dead := (&scheduler.Pulse{}).Dead(s.clock.Now()); len(dead) != 2 {
			t.Errorf("before it begins %v are dead, want both parts", dead)
		}
		s.pace = unhurried
		s.open()
		for range 30 * 12 { // every five minutes
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			if dead := s.house.pulse.Dead(s.clock.Now()); len(dead) > 0 {
				t.Fatalf("%s: %v", s.clock.Now(), dead)
			}
		}
		s.want(map[string]int{"noor@globex.example": 1})
		s.wantHealth(http.StatusOK, `"ok":true,"dead":[],"mailbox":"ok"`)
		house := s.house
		s.close()
		if dead := house.pulse.Dead(s.clock.Now()); len(dead) != 1 || dead[0] != scheduler.PartMailbox {
			t.Errorf("after it has ended %v are dead", dead)
		}
	})
}

// wantHealth asks as a monitor does.
func (s *stage) wantHealth(code int, body string) {
	s.Helper()
	w := httptest.NewRecorder()
	health.Handler(s.house.health).ServeHTTP(w, httptest.NewRequest(http.MethodGet, health.Path, nil))
	if w.Code != code || !strings.Contains(w.Body.String(), body) {
		s.Errorf("the health is %d %s, want %d and %s", w.Code, w.Body, code, body)
	}
}

// stuckStore is a store whose writing never comes back while it is stuck.
type stuckStore struct {
	scheduler.Store
	stuck atomic.Bool
	free  chan struct{}
}

func (s *stuckStore) Update(ctx context.Context, f func(scheduler.Tx) error) error {
	if s.stuck.Load() {
		<-s.free
	}
	return s.Store.Update(ctx, f)
}

// TestStuckDispatcher: a deciding goroutine that hangs stops the watchdog's food
// and is told to monitors; once it goes on, it lives.
func TestStuckDispatcher(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		s.pace = scheduler.Pace{}
		s.open()
		s.until(2, 12, 0)
		held := &stuckStore{Store: s.house.store, free: make(chan struct{})}
		s.close()
		s.stuck = held
		s.open()
		s.until(2, 13, 0)
		held.stuck.Store(true)
		s.wantCommand("", "pause") // a commit has the daemon attend
		s.until(3, 12, 0)
		if dead := s.house.pulse.Dead(s.clock.Now()); len(dead) == 0 || dead[0] != scheduler.PartDispatcher {
			t.Errorf("a stuck dispatcher: %v are dead", dead)
		}
		held.stuck.Store(false)
		close(held.free)
		s.until(3, 12, 1)
		if dead := s.house.pulse.Dead(s.clock.Now()); len(dead) > 0 {
			t.Errorf("when it goes on %v are dead", dead)
		}
	})
}

// deafConn is a connection that neither answers nor ends, whatever deadline it
// is given.
type deafConn struct {
	net.Conn
	free <-chan struct{}
}

func (c *deafConn) Read([]byte) (int, error) { <-c.free; return 0, io.EOF }

// TestStuckReader: a reader that hangs in a connection which no deadline ends is
// found dead.
func TestStuckReader(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		free := make(chan struct{})
		s.through = func(c net.Conn) net.Conn { return &deafConn{c, free} }
		s.open()
		s.until(2, 12, 0)
		if dead := s.house.pulse.Dead(s.clock.Now()); len(dead) != 1 || dead[0] != scheduler.PartMailbox {
			t.Errorf("a stuck reader: %v are dead", dead)
		}
		s.wantHealth(http.StatusServiceUnavailable, `"ok":false,"dead":["mailbox"]`)
		close(free)
	})
}

// lookOnce is `run --once` on the stage.
func (s *stage) lookOnce() (code int, out string) {
	s.Helper()
	id, closeLedger, err := openIdentity(filepath.Join(s.dir, "afterword.db"))
	s.must(err)
	s.house, err = openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: s.clock, dial: s.dial, watcher: unwatched{}}, true)
	s.must(err)
	s.house.once = true
	err = s.house.work(s.Context(), slog.New(slog.NewTextHandler(s.log, nil)), id, nil)
	var said bytes.Buffer
	p := &program{out: &said, err: &said, clock: s.clock}
	if err == nil {
		err = p.onceDone(s.Context(), s.house)
	}
	code = finish(&said, errors.Join(err, s.house.Close(), closeLedger()))
	return code, said.String()
}

// TestRunOnce: each run looks, sends what is due and ends; two in a row, or one
// every hour for days, send nothing twice and leave nothing out.
func TestRunOnce(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		if code, out := s.lookOnce(); code != exitDone || out != "" {
			t.Errorf("with nothing due: code %d, %q", code, out)
		}
		s.until(3, 10, 0)
		for range 2 {
			if code, out := s.lookOnce(); code != exitDone {
				t.Errorf("with a thank-you due: code %d, %q\n%s", code, out, s.log)
			}
			s.want(map[string]int{"noor@globex.example": 1})
		}
		for range 24 * 9 {
			time.Sleep(time.Hour)
			s.lookOnce()
		}
		s.want(map[string]int{"noor@globex.example": 2})
	})
}

// TestRunOnceEnds: what waits for the user, a mailbox that refuses the login and
// a server that cannot be reached each have their code.
func TestRunOnceEnds(t *testing.T) {
	t.Parallel()
	performAt(t, "review: always", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		s.until(3, 9, 0)
		if code, out := s.lookOnce(); code != exitWaiting || !strings.Contains(out, "afterword review globex/video/thank-you") {
			t.Errorf("something waits: code %d, %q", code, out)
		}
		s.write("password", "wrong\n")
		if code, out := s.lookOnce(); code != exitFailed || !strings.Contains(out, "afterword: ") {
			t.Errorf("a refused login: code %d, %q", code, out)
		}
	})
}
