package imap

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// watching runs Watch until the test ends and counts its signs.
func watching(t *testing.T, m *Mailbox) (signs *atomic.Int32, ended chan error) {
	t.Helper()
	signs, ended = new(atomic.Int32), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { ended <- m.Watch(ctx, func() { signs.Add(1) }) }()
	synctest.Wait()
	return signs, ended
}

// idling gives tests the connection that idles, to speak on it unasked.
func idling(server *fake) <-chan *fakeConn {
	conns := make(chan *fakeConn, 100)
	server.hook = func(c *fakeConn, _, command string) bool {
		if command == "IDLE" {
			conns <- c
		}
		return false
	}
	return conns
}

func TestWatchTellsOnceItIsThereAndThenEverySign(t *testing.T) {
	for _, sign := range []string{"* 5 EXISTS", "* 1 RECENT", "* 2 EXPUNGE"} {
		t.Run(sign, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				conns := idling(server)
				m, clock := server.open(t)
				signs, _ := watching(t, m)
				if signs.Load() != 1 || clock.held() != 0 {
					t.Fatalf("%d signs at the start, %d holds while waiting", signs.Load(), clock.held())
				}
				c := <-conns
				for want := int32(2); want < 5; want++ {
					c.say("%s\r\n", sign)
					synctest.Wait()
					if signs.Load() != want {
						t.Errorf("%d signs, want %d", signs.Load(), want)
					}
				}
			})
		})
	}
}

func TestWatchRestartsIdleEveryFiveMinutesInShortWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		m, clock := server.open(t)
		_, ended := watching(t, m)
		time.Sleep(time.Hour + time.Second)
		synctest.Wait()
		if n := len(server.commands("IDLE")); n < 12 || n > 14 {
			t.Errorf("idled %d times in an hour", n)
		}
		select {
		case err := <-ended:
			t.Fatalf("ended: %v", err)
		default:
		}
		clock.mu.Lock()
		defer clock.mu.Unlock()
		for _, d := range clock.waits {
			if d > longestWait || d <= 0 {
				t.Errorf("waits %v", d)
			}
		}
		if len(clock.waits) < 100 {
			t.Errorf("only %d waits", len(clock.waits))
		}
	})
}

func TestWatchPollsWhereIdleIsMissingOrRefused(t *testing.T) {
	for _, refused := range []bool{false, true} {
		bubbleName := map[bool]string{false: "missing", true: "refused"}[refused]
		t.Run(bubbleName, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				if !refused {
					server.caps = "IMAP4rev1"
				}
				grew := atomic.Bool{}
				server.hook = func(c *fakeConn, tag, command string) bool {
					switch {
					case command == "IDLE" && refused:
						c.say("%s NO not today\r\n", tag)
						return true
					case command == "NOOP" && grew.Swap(false):
						c.say("* 1 EXISTS\r\n")
					}
					return false
				}
				m, _ := server.open(t)
				signs, _ := watching(t, m)
				time.Sleep(10 * time.Minute)
				if n := len(server.commands("NOOP")); n < 9 || n > 11 {
					t.Errorf("asked %d times in ten minutes", n)
				}
				grew.Store(true)
				time.Sleep(pollEvery + time.Second)
				synctest.Wait()
				if signs.Load() != 2 {
					t.Errorf("%d signs", signs.Load())
				}
			})
		})
	}
}

func TestWatchNoticesALostConnection(t *testing.T) {
	for name, lose := range map[string]func(*fakeConn){
		"closed":     func(c *fakeConn) { c.conn.Close() },
		"black hole": func(c *fakeConn) { c.left = 0 },
		"bye":        func(c *fakeConn) { c.say("* BYE autologout\r\n"); c.conn.Close() },
		"garbage":    func(c *fakeConn) { c.say("\x00\x01\x02\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				conns := idling(server)
				hole := atomic.Bool{}
				inner := server.hook
				server.hook = func(c *fakeConn, tag, command string) bool {
					return hole.Load() || inner(c, tag, command)
				}
				m, clock := server.open(t)
				_, ended := watching(t, m)
				c := <-conns
				start := time.Now()
				if name == "black hole" {
					hole.Store(true)
					server.hook = func(*fakeConn, string, string) bool { return true }
					go swallow(c)
				} else {
					lose(c)
				}
				err := <-ended
				if !errors.Is(err, mailer.ErrConnectionLost) || clock.held() != 0 {
					t.Errorf("error is %v, %d holds", err, clock.held())
				}
				if took := time.Since(start); took > idleFor+time.Minute {
					t.Errorf("noticed after %v", took)
				}
				if name == "bye" && !strings.Contains(err.Error(), "autologout") {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

// swallow takes the DONE that ends an IDLE, so that nobody answers it.
func swallow(c *fakeConn) { _, _ = c.conn.Read(make([]byte, 64)) }

func TestWatchEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, clock := newFake(inbox()).open(t)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Watch(ctx, func() {}) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || clock.held() != 0 {
			t.Errorf("error is %v, %d holds", err, clock.held())
		}
	})
}

// jumpingClock is a clock whose Now can be stepped, as a machine that slept
// shows it.
type jumpingClock struct {
	*bubbleClock
	ahead atomic.Int64
}

func (c *jumpingClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func TestWatchAsksAtOnceAfterASleep(t *testing.T) {
	for _, jump := range []time.Duration{8 * time.Hour, -8 * time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				clock := &jumpingClock{bubbleClock: &bubbleClock{}}
				m, _ := server.open(t, func(c *Config) { c.Clock = clock })
				watching(t, m)
				clock.ahead.Store(int64(jump))
				time.Sleep(longestWait + time.Second)
				synctest.Wait()
				if n := len(server.commands("IDLE")); n != 2 {
					t.Errorf("idled %d times, the connection was not tried after the jump", n)
				}
			})
		})
	}
}

func TestLookDoesNotUseTheConnectionThatIdles(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(2)...))
		m, _ := server.open(t)
		watching(t, m)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1", "INBOX/m2")
		if server.dials != 2 || len(server.commands("IDLE")) != 1 {
			t.Errorf("%d connections, idled %d times", server.dials, len(server.commands("IDLE")))
		}
	})
}
