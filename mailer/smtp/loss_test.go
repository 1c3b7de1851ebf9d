package smtp

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

func TestSlowServerIsWaitedFor(t *testing.T) {
	t.Parallel()
	check := func(pause time.Duration, want mailer.Outcome) {
		t.Run(pause.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.pause = pause
				start := time.Now()
				r := sendTo(t, s)
				if r.Outcome != want || len(s.messages()) != 1 {
					t.Errorf("got %+v, want %v", r, want)
				}
				if took := time.Since(start); took != min(pause, 10*time.Minute) {
					t.Errorf("waited %v", took)
				}
				s.leave()
			})
		})
	}
	check(9*time.Minute, mailer.Accepted)
	check(11*time.Minute, mailer.InDoubt)
}

// TestHangingServerEndsInTime lets the server fall silent at each phase.
func TestHangingServerEndsInTime(t *testing.T) {
	t.Parallel()
	check := func(verb string, outcome mailer.Outcome, phase mailer.Phase, wait time.Duration) {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := answering(verb, hang)
				start := time.Now()
				r := sendTo(t, s)
				if took := time.Since(start); took != wait {
					t.Errorf("gave up after %v, want %v", took, wait)
				}
				if r.Outcome != outcome || r.Phase != phase || r.Err == nil {
					t.Errorf("got %+v, want %v at %s", r, outcome, phase)
				}
				synctest.Wait()
				checkHonest(t, r, len(s.messages()))
			})
		})
	}
	check("greeting", mailer.Deferred, mailer.PhaseConnect, helloTimeout)
	check("EHLO", mailer.Deferred, mailer.PhaseConnect, helloTimeout)
	check("AUTH", mailer.Deferred, mailer.PhaseAuth, loginTimeout)
	check("MAIL", mailer.Deferred, mailer.PhaseMail, 5*time.Minute)
	check("RCPT", mailer.Deferred, mailer.PhaseRcpt, 5*time.Minute)
	check("DATA", mailer.Deferred, mailer.PhaseData, 2*time.Minute)
	check(".", mailer.InDoubt, mailer.PhaseDot, 10*time.Minute)
}

// TestStoppingEndsEveryWait cancels while the server is silent at each phase.
func TestStoppingEndsEveryWait(t *testing.T) {
	t.Parallel()
	stopped := errors.New("the daemon stops")
	check := func(verb string, outcome mailer.Outcome, phase mailer.Phase) {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := answering(verb, hang)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer time.AfterFunc(7*time.Second, func() { cancel(stopped) }).Stop()
				start := time.Now()
				r := newSender(t, plainConfig(s.dial(t))).Send(ctx, testMessage(), agree)
				if took := time.Since(start); took != 7*time.Second {
					t.Errorf("came back after %v", took)
				}
				if r.Outcome != outcome || r.Phase != phase || !errors.Is(r.Err, stopped) {
					t.Errorf("got %+v, want %v at %s", r, outcome, phase)
				}
			})
		})
	}
	check("greeting", mailer.Deferred, mailer.PhaseConnect)
	check("EHLO", mailer.Deferred, mailer.PhaseConnect)
	check("AUTH", mailer.Deferred, mailer.PhaseAuth)
	check("MAIL", mailer.Deferred, mailer.PhaseMail)
	check("RCPT", mailer.Deferred, mailer.PhaseRcpt)
	check("DATA", mailer.Deferred, mailer.PhaseData)
	check(".", mailer.InDoubt, mailer.PhaseDot)
}

func TestStoppedWhileTheServerReadsNothing(t *testing.T) {
	t.Parallel()
	check := func(name string, stopAfter, took time.Duration) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				stall := make(chan string)
				s.line = func(int) string { return <-stall }
				defer close(stall)
				ctx, cancel := context.WithTimeout(t.Context(), stopAfter)
				defer cancel()
				start := time.Now()
				r := newSender(t, plainConfig(s.dial(t))).Send(ctx, bigMessage(), agree)
				if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseData || time.Since(start) != took {
					t.Errorf("got %+v after %v", r, time.Since(start))
				}
			})
		})
	}
	check("stopped", 5*time.Second, 5*time.Second)
	check("timed out", time.Hour, blockTimeout)
}

func bigMessage() mailer.Frozen {
	m := testMessage()
	for range 2000 {
		m.Bytes = append(m.Bytes, "One more line of many.\r\n"...)
	}
	return m
}

func TestStoppedBeforeItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := newSender(t, plainConfig(s.dial(t))).Send(ctx, testMessage(), agree)
		if r.Outcome != mailer.Deferred || !errors.Is(r.Err, context.Canceled) || s.dials() != 0 {
			t.Errorf("got %+v after %d connections", r, s.dials())
		}
	})
}

func TestStoppedDuringTheMarker(t *testing.T) {
	t.Parallel()
	check := func(name string, marker error, outcome mailer.Outcome) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				ctx, cancel := context.WithCancel(t.Context())
				r := newSender(t, plainConfig(s.dial(t))).Send(ctx, testMessage(), func(context.Context) error {
					cancel()
					synctest.Wait()
					return marker
				})
				synctest.Wait()
				if r.Outcome != outcome || len(s.messages()) != 0 {
					t.Errorf("got %+v with %d stored", r, len(s.messages()))
				}
			})
		})
	}
	check("books not written", context.Canceled, mailer.Deferred)
	// The books say handed over: only evidence may say otherwise.
	check("books written", nil, mailer.InDoubt)
}

// TestLosesItsAnswer stores the message and breaks before, within or after the
// answer: the first two are doubt, the last is accepted whatever follows.
func TestLosesItsAnswer(t *testing.T) {
	t.Parallel()
	check := func(name, text string, outcome mailer.Outcome) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := answering(".", text)
				dial := s.dial(t)
				config := plainConfig(func(ctx context.Context, network, addr string) (net.Conn, error) {
					conn, err := dial(ctx, network, addr)
					return &resetAfter{Conn: conn, text: text}, err
				})
				sender := newSender(t, config)
				r := sender.Send(t.Context(), testMessage(), agree)
				sender.Rest()
				if r.Outcome != outcome || len(s.messages()) != 1 {
					t.Errorf("got %+v with %d stored, want %v", r, len(s.messages()), outcome)
				}
			})
		})
	}
	check("before", drop, mailer.InDoubt)
	check("within the code", "25", mailer.InDoubt)
	check("within the words", "250 2.0.0 O", mailer.InDoubt)
	check("before the line feed", "250 2.0.0 Ok\r", mailer.InDoubt)
	check("between lines", "250-2.0.0 Ok\r\n", mailer.InDoubt)
	check("after", "250 2.0.0 Ok\r\n", mailer.Accepted)
}

// resetAfter breaks as soon as it has passed on a given text.
type resetAfter struct {
	net.Conn
	text string
}

func (r *resetAfter) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	if string(p[:n]) == r.text {
		_ = r.Conn.Close()
	}
	return n, err
}

func TestDialTrouble(t *testing.T) {
	t.Parallel()
	refused := errors.New("connection refused")
	check := func(name string, wait time.Duration, dial DialFunc) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				r := newSender(t, plainConfig(dial)).Send(t.Context(), testMessage(), agree)
				if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseConnect || r.Err == nil || time.Since(start) != wait {
					t.Errorf("got %+v after %v", r, time.Since(start))
				}
			})
		})
	}
	check("refused", 0, func(context.Context, string, string) (net.Conn, error) { return nil, refused })
	check("black hole", dialTimeout, func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
}

// TestFloodIsCutOff lets the server talk without end before one has
// seen the end of one reply.
func TestFloodIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		read := 0
		config := plainConfig(func(context.Context, string, string) (net.Conn, error) {
			return &flood{read: &read}, nil
		})
		r := newSender(t, config).Send(t.Context(), testMessage(), agree)
		if r.Outcome != mailer.Deferred || !errors.Is(r.Err, errTooLong) || read > replyBudget {
			t.Errorf("got %+v after %d bytes", r, read)
		}
	})
}

type flood struct {
	net.Conn
	read *int
}

func (f *flood) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "220-more\r\n"[*f.read%10]
		*f.read++
	}
	return len(p), nil
}
func (f *flood) Write(p []byte) (int, error)      { return len(p), nil }
func (f *flood) SetDeadline(time.Time) error      { return nil }
func (f *flood) SetReadDeadline(time.Time) error  { return nil }
func (f *flood) SetWriteDeadline(time.Time) error { return nil }
func (f *flood) Close() error                     { return nil }

// TestSlowReaderIsWaitedFor takes a minute for each part of a large message,
// longer in all than any single wait.
func TestSlowReaderIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.line = func(number int) string {
			if number%150 == 0 {
				<-time.NewTimer(time.Minute).C
			}
			return ""
		}
		start := time.Now()
		r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), bigMessage(), agree)
		if r.Outcome != mailer.Accepted || time.Since(start) < 12*time.Minute {
			t.Errorf("got %+v after %v", r, time.Since(start))
		}
	})
}

// TestStoppedJustBeforeTheMarker cancels with the last byte of the text: the
// books must not be told that the message is handed over.
func TestStoppedJustBeforeTheMarker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		ctx, cancel := context.WithCancel(t.Context())
		dial := s.dial(t)
		sender := newSender(t, plainConfig(func(c context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(c, network, addr)
			return &stopAtEnd{Conn: conn, stop: cancel}, err
		}))
		r := sender.Send(ctx, testMessage(), func(context.Context) error {
			t.Error("the books were told that the dot leaves")
			return nil
		})
		synctest.Wait()
		if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseData || !errors.Is(r.Err, context.Canceled) || len(s.messages()) != 0 {
			t.Errorf("got %+v", r)
		}
	})
}

// stopAtEnd cancels when the last line of the test message was written.
type stopAtEnd struct {
	net.Conn
	stop func()
}

func (s *stopAtEnd) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	if strings.HasSuffix(string(p), "Dana\r\n") {
		s.stop()
	}
	return n, err
}
