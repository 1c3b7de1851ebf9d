package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"afterword/mailer"
)

// The tests in this file break the line after every byte of a session, in both
// directions, and hold the outcome against what the server really stored.

var errCut = errors.New("the line was cut")

// cutLine passes a number of bytes on and then breaks both ends.
type cutLine struct {
	net.Conn
	left   atomic.Int64
	silent bool // the writer is told that the lost bytes were written
}

func newCutLine(conn net.Conn, after int, silent bool) *cutLine {
	c := &cutLine{Conn: conn, silent: silent}
	c.left.Store(int64(after))
	return c
}

// Write passes on what is left. A kernel takes bytes that the peer never sees,
// so the loss may also show on the next read only.
func (c *cutLine) Write(p []byte) (int, error) {
	left := c.left.Add(-int64(len(p))) + int64(len(p))
	if int64(len(p)) < left {
		return c.Conn.Write(p)
	}
	n, _ := c.Conn.Write(p[:max(left, 0)])
	_ = c.Conn.Close()
	if c.silent {
		return len(p), nil
	}
	return n, errCut
}

// cutCase is one broken session.
type cutCase struct {
	fromClient, fromServer int // bytes that pass in each direction
	silent                 bool
	answer                 string // to the dot
}

const uncut = 1 << 30

// run sends one message over the broken line and returns what both sides think.
func (c cutCase) run(t *testing.T, change func(*server, *Config)) (mailer.Receipt, *server, bool) {
	s := newServer()
	s.answer = func(verb string, _ int) string {
		if verb == "." {
			return c.answer
		}
		return ""
	}
	marked := false
	config := plainConfig(func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		s.accept(t, near, newCutLine(far, c.fromServer, c.silent))
		return newCutLine(near, c.fromClient, c.silent), nil
	})
	change(s, &config)
	sender := newSender(t, config)
	r := sender.Send(t.Context(), testMessage(), func(context.Context) error {
		marked = true
		return nil
	})
	sender.Rest()
	synctest.Wait()
	return r, s, marked
}

// check runs the case and applies what must hold wherever the line broke.
func (c cutCase) check(t *testing.T, change func(*server, *Config)) mailer.Receipt {
	var r mailer.Receipt
	synctest.Test(t, func(t *testing.T) {
		var s *server
		var marked bool
		r, s, marked = c.run(t, change)
		checkHonest(t, r, len(s.messages()))
		if !marked && r.Phase == mailer.PhaseDot {
			t.Errorf("%+v: the dot left before the books knew: %+v", c, r)
		}
		if stored := s.messages(); len(stored) == 1 && stored[0] != string(testMessage().Bytes) {
			t.Errorf("%+v: the server stored a mutilated message: %q", c, stored[0])
		}
		if len(s.messages()) > 1 {
			t.Errorf("%+v: stored twice", c)
		}
		if t.Failed() {
			t.Logf("case %+v", c)
		}
	})
	return r
}

func unchanged(*server, *Config) {}

// traffic counts the bytes of a whole session in each direction.
func traffic(t *testing.T, change func(*server, *Config)) (fromClient, fromServer int) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		var near, far *cutLine
		config := plainConfig(func(context.Context, string, string) (net.Conn, error) {
			a, b := net.Pipe()
			near, far = newCutLine(a, uncut, false), newCutLine(b, uncut, false)
			s.accept(t, near, far)
			return near, nil
		})
		change(s, &config)
		sender := newSender(t, config)
		if r := sender.Send(t.Context(), testMessage(), agree); r.Outcome != mailer.Accepted {
			t.Fatalf("the uncut session failed: %+v", r)
		}
		sender.Rest()
		synctest.Wait()
		fromClient, fromServer = uncut-int(near.left.Load()), uncut-int(far.left.Load())
	})
	return fromClient, fromServer
}

// TestCutAfterEveryByte is the heart of the sending promise.
func TestCutAfterEveryByte(t *testing.T) {
	t.Parallel()
	up, down := traffic(t, unchanged)
	if up < 300 || down < 200 {
		t.Fatalf("a session of %d and %d bytes is no session", up, down)
	}
	for _, silent := range []bool{false, true} {
		for _, answer := range []string{"", "451 4.3.0 queue error\r\n", "550-5.7.1 no\r\n550 5.7.1 spam\r\n"} {
			t.Run(fmt.Sprintf("silent %v %.3s", silent, answer), func(t *testing.T) {
				t.Parallel()
				seen := map[mailer.Outcome]int{}
				for n := range up + 1 {
					c := cutCase{n, uncut, silent, answer}
					seen[c.cutStored(t)]++
				}
				for n := range down + 1 {
					c := cutCase{uncut, n, silent, answer}
					seen[c.cutStored(t)]++
				}
				if seen[mailer.Deferred] < 300 || seen[mailer.InDoubt] < 3 || answer == "" && seen[mailer.Accepted] == 0 {
					t.Errorf("outcomes %v: the cuts did not reach every phase", seen)
				}
			})
		}
	}
}

// cutStored runs a case whose server stores only what it then answers 2xx or
// 4xx to: the 451 that delivers all the same is part of the test.
func (c cutCase) cutStored(t *testing.T) mailer.Outcome {
	return c.check(t, func(s *server, _ *Config) {
		s.discards = c.answer != "" && c.answer[0] == '5'
	}).Outcome
}

// TestCutUnderTLS breaks sessions below the encryption, at every eleventh byte.
func TestCutUnderTLS(t *testing.T) {
	t.Parallel()
	cert, pool := testCertificate(t, "mx.example.org")
	for _, security := range []string{TLS, STARTTLS} {
		t.Run(security, func(t *testing.T) {
			t.Parallel()
			change := secured(security, cert, func(c *Config) { c.RootCAs = pool })
			up, down := traffic(t, change)
			for n := 0; n <= up; n += 11 {
				cutCase{n, uncut, n%2 == 0, ""}.check(t, change)
			}
			for n := 0; n <= down; n += 11 {
				cutCase{uncut, n, n%2 == 0, ""}.check(t, change)
			}
		})
	}
}

// secured puts TLS into a session between a server and its client.
func secured(security string, cert *tls.Config, more func(*Config)) func(*server, *Config) {
	return func(s *server, c *Config) {
		s.cert, s.implicit = cert, security == TLS
		if security == STARTTLS {
			s.offers = append(s.offers, "STARTTLS")
		}
		c.Security, c.InProcess = security, false
		more(c)
	}
}
