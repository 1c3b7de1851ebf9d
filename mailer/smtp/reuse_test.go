package smtp

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// batch sends messages one after the other and expects all to be accepted.
func batch(t *testing.T, sender *Sender, n int) {
	t.Helper()
	for range n {
		if r := sender.Send(t.Context(), testMessage(), agree); r.Outcome != mailer.Accepted {
			t.Fatalf("got %+v", r)
		}
	}
}

func TestBatchSharesOneConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		sender := newSender(t, plainConfig(s.dial(t)))
		batch(t, sender, 5)
		sender.Rest()
		sender.Rest()
		synctest.Wait()
		if s.dials() != 1 || len(s.messages()) != 5 {
			t.Errorf("%d connections for %d messages", s.dials(), len(s.messages()))
		}
		if last := s.commands(); last[len(last)-1] != "QUIT" || slices.Contains(last, "RSET") {
			t.Errorf("commands %q", last)
		}
	})
}

func TestRestedConnectionIsNotReused(t *testing.T) {
	t.Parallel()
	check := func(name string, between func(*server, *Sender), dials int) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				sender := newSender(t, plainConfig(s.dial(t)))
				batch(t, sender, 1)
				between(s, sender)
				batch(t, sender, 1)
				if s.dials() != dials || len(s.messages()) != 2 {
					t.Errorf("%d connections, %d messages", s.dials(), len(s.messages()))
				}
			})
		})
	}
	check("at once", func(*server, *Sender) {}, 1)
	check("after Rest", func(_ *server, s *Sender) { s.Rest() }, 2)
	check("idle a while", func(*server, *Sender) { <-time.NewTimer(idleLimit).C }, 1)
	check("idle too long", func(*server, *Sender) { <-time.NewTimer(idleLimit + time.Second).C }, 2)
	check("server gone", func(s *server, _ *Sender) { s.cutAll() }, 2)
	check("clock set back", func(_ *server, s *Sender) { s.idle.settledAt = time.Now().Add(time.Hour) }, 2)
}

// TestDeadReusedConnectionIsReplacedOnce ends the second message's session in
// various ways. Only where no MAIL was accepted may a fresh one follow.
func TestDeadReusedConnectionIsReplacedOnce(t *testing.T) {
	t.Parallel()
	check := func(verb, text string, outcome mailer.Outcome, dials int) {
		t.Run(verb+text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.answer = func(v string, time int) string {
					if verb, always := strings.CutSuffix(verb, "*"); v == verb && (time == 2 || always && time > 2) {
						return text
					}
					return ""
				}
				sender := newSender(t, plainConfig(s.dial(t)))
				batch(t, sender, 1)
				marks := 0
				r := sender.Send(t.Context(), testMessage(), func(context.Context) error { marks++; return nil })
				if r.Outcome != outcome || s.dials() != dials || marks > 1 {
					t.Errorf("got %+v after %d connections and %d marks", r, s.dials(), marks)
				}
			})
		})
	}
	check("MAIL", drop, mailer.Accepted, 2)
	check("MAIL", hang, mailer.Accepted, 2)
	check("MAIL", "421 4.4.2 idle too long\r\n", mailer.Accepted, 2)
	check("MAIL", "garbage\r\n", mailer.Accepted, 2)
	check("MAIL", "550 5.7.1 too many in this session\r\n", mailer.Accepted, 2)
	check("MAIL", "503 5.5.2 a sender was named already\r\n", mailer.Accepted, 2)
	check("MAIL", "530 5.7.0 log in first\r\n", mailer.Accepted, 2)
	check("MAIL", "451 4.3.0 later\r\n", mailer.Accepted, 2)
	check("MAIL*", "550 5.7.1 no\r\n", mailer.Refused, 2)
	check("RCPT", drop, mailer.Deferred, 1)
	check("DATA", drop, mailer.Deferred, 1)
	check(".", drop, mailer.InDoubt, 1)
}

// TestReplyLeftOverIsNotTakenForTheNext has the server answer the first message
// twice: were the second answer kept, every later reply would be off by one.
func TestReplyLeftOverIsNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(verb string, time int) string {
			if verb == "." && time == 1 {
				return queuedReply + queuedReply
			}
			return ""
		}
		sender := newSender(t, plainConfig(s.dial(t)))
		batch(t, sender, 2)
		if s.dials() != 2 || len(s.messages()) != 2 {
			t.Errorf("%d connections, %d messages", s.dials(), len(s.messages()))
		}
	})
}

func TestOnlyAcceptanceKeepsTheConnection(t *testing.T) {
	t.Parallel()
	for verb, text := range map[string]string{"RCPT": "550 5.1.1 no such user\r\n", ".": "450 4.7.1 later\r\n"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.answer = func(v string, time int) string {
					if v == verb && time == 1 {
						return text
					}
					return ""
				}
				sender := newSender(t, plainConfig(s.dial(t)))
				sender.Send(t.Context(), testMessage(), agree)
				batch(t, sender, 1)
				if s.dials() != 2 || slices.Contains(s.commands(), "RSET") || slices.Contains(s.commands(), "QUIT") {
					t.Errorf("%d connections: %q", s.dials(), s.commands())
				}
			})
		})
	}
}

func TestRestWaitsSecondsAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := answering("QUIT", hang)
		sender := newSender(t, plainConfig(s.dial(t)))
		batch(t, sender, 1)
		start := time.Now()
		sender.Rest()
		if took := time.Since(start); took != quitTimeout {
			t.Errorf("rested after %v", took)
		}
	})
}

// TestRestLeavesAMessageUnderWayAlone calls Rest between the text and the dot,
// and has a second Send wait its turn.
func TestRestLeavesAMessageUnderWayAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		sender := newSender(t, plainConfig(s.dial(t)))
		var second sync.WaitGroup
		r := sender.Send(t.Context(), testMessage(), func(context.Context) error {
			sender.Rest()
			second.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				r := sender.Send(ctx, testMessage(), agree)
				if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseConnect {
					t.Errorf("the second got %+v", r)
				}
			})
			second.Wait()
			return nil
		})
		if r.Outcome != mailer.Accepted || len(s.messages()) != 1 {
			t.Errorf("got %+v with %d stored", r, len(s.messages()))
		}
	})
}

// TestStoppingAfterAcceptanceChangesNothing cancels as soon as 250 was read.
func TestStoppingAfterAcceptanceChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		ctx, cancel := context.WithCancel(t.Context())
		dial := s.dial(t)
		config := plainConfig(func(c context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(c, network, addr)
			return &stopAfter{Conn: conn, text: queuedReply, stop: cancel}, err
		})
		sender := newSender(t, config)
		if r := sender.Send(ctx, testMessage(), agree); r.Outcome != mailer.Accepted {
			t.Errorf("got %+v", r)
		}
		batch(t, sender, 1)
		if s.dials() != 2 {
			t.Error("a connection that was being closed was kept")
		}
	})
}

type stopAfter struct {
	net.Conn
	text string
	stop func()
}

func (s *stopAfter) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if string(p[:n]) == s.text {
		s.stop()
		synctest.Wait()
	}
	return n, err
}
