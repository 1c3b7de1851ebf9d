package imap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// fetches reports whether the command asks for the message with the UID.
func fetches(command string, uid uint32) bool {
	set, ok := strings.CutPrefix(command, "UID FETCH ")
	set, _, _ = strings.Cut(set, " ")
	return ok && inSet(set, uid)
}

func TestMessageThatKillsTheConnectionIsFoundAndPassedOver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(40)...))
		server.hook = func(c *fakeConn, _, command string) bool {
			if fetches(command, 23) {
				c.say("* 23 FETCH (UID 23 RFC822.SIZE bananas)\r\n")
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		result := r.look(t, m)
		if len(result.Trouble) != 0 || len(result.Gaps) != 0 {
			t.Errorf("result is %+v", result)
		}
		if len(r.all) != 40 || r.cursors["INBOX"].UID != 40 {
			t.Fatalf("read %d messages, cursor %+v", len(r.all), r.cursors["INBOX"])
		}
		for i, one := range r.all {
			if one.UID != uint32(i+1) || one.Unreadable != (one.UID == 23) {
				t.Errorf("message %d: UID %d, unreadable %v", i, one.UID, one.Unreadable)
			}
		}
		r.subjects = nil
		r.look(t, m)
		r.want(t)
	})
}

func TestRefusedBodyMakesOneMessageUnreadable(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(5)...))
		server.hook = func(c *fakeConn, tag, command string) bool {
			if fetches(command, 2) && strings.Contains(command, "[TEXT]") {
				c.say("%s NO [SERVERBUG] cannot\r\n", tag)
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1", "INBOX/unreadable 2", "INBOX/m3", "INBOX/m4", "INBOX/m5")
		if len(r.all[1].Header) == 0 || string(r.all[2].Body) != "body\r\n" {
			t.Errorf("message 2 lost its header, or 3 its body")
		}
		if server.dials != 1 {
			t.Errorf("dialled %d times for an answer of NO", server.dials)
		}
	})
}

// A connection of which bytes are lost answers a FETCH with an error and the next
// one not at all: the message is asked for on another before it is given up.
func TestBadConnectionIsNotBlamedOnAMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...))
		times := 0
		server.hook = func(c *fakeConn, tag, command string) bool {
			if !fetches(command, 1) {
				return false
			}
			switch times++; times {
			case 1:
				c.say("%s NO [SERVERBUG] Internal server error\r\n", tag)
				return true
			case 2:
				c.conn.Close()
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1")
	})
}

func TestServerThatAsksForPatienceIsNotBlamedOnAMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(3)...))
		busy := true
		server.hook = func(c *fakeConn, tag, command string) bool {
			if busy && strings.HasPrefix(command, "UID FETCH") {
				c.say("%s NO [UNAVAILABLE] later\r\n", tag)
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		result := r.look(t, m)
		if len(result.Trouble) != 1 || !errors.Is(result.Trouble[0].Err, mailer.ErrServerBusy) {
			t.Fatalf("trouble is %+v", result.Trouble)
		}
		r.want(t)
		busy = false
		r.look(t, m)
		r.want(t, "INBOX/m1", "INBOX/m2", "INBOX/m3")
	})
}

// A change of flags that arrives in the middle takes the place of the answer in
// the library; the message must be asked for again.
func TestFlagUpdateDoesNotHideAMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(4)...))
		times := 0
		server.hook = func(c *fakeConn, _, command string) bool {
			if fetches(command, 3) && !strings.Contains(command, "[TEXT]") {
				if times++; times == 1 {
					c.say("* 3 FETCH (UID 3 FLAGS (\\Seen))\r\n")
				}
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		if !slices.Contains(r.subjects, "INBOX/m3") || len(r.all) != 4 || times != 2 {
			t.Errorf("read %q, asked %d times", r.subjects, times)
		}
	})
}

func TestMessageRemovedBetweenSearchAndFetchIsAGapNotUnreadable(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letters(1)...)
		server := newFake(box)
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		box.add(letter("gone", "x"))
		box.add(letter("stays", "x"))
		server.hook = func(_ *fakeConn, _, command string) bool {
			if fetches(command, 2) {
				box.messages = slices.DeleteFunc(box.messages, func(m fakeMessage) bool { return m.uid == 2 })
			}
			return false
		}
		result := r.look(t, m)
		r.want(t, "INBOX/stays")
		if len(result.Gaps) != 1 {
			t.Errorf("gaps are %+v", result.Gaps)
		}
	})
}

func TestServerThatCutsEveryAnswerGetsAnEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(120)...))
		server.hook = func(c *fakeConn, _, command string) bool {
			if strings.HasPrefix(command, "UID FETCH") {
				c.conn.Close()
				return true
			}
			return false
		}
		m, clock := server.open(t)
		r := newReader()
		_, err := m.Look(t.Context(), r.request(false), r.apply)
		if !errors.Is(err, mailer.ErrConnectionLost) {
			t.Errorf("error is %v", err)
		}
		if server.dials > maxDials || clock.held() != 0 {
			t.Errorf("dialled %d times, %d holds", server.dials, clock.held())
		}
		first := r.cursors["INBOX"].UID
		if first == 0 || len(r.all) != int(first) {
			t.Fatalf("no progress: cursor %d, %d messages", first, len(r.all))
		}
		_, _ = m.Look(t.Context(), r.request(false), r.apply)
		if r.cursors["INBOX"].UID <= first {
			t.Errorf("the second look did not pass %d", first)
		}
	})
}

func TestSilentServerMeetsTheDeadline(t *testing.T) {
	for _, verb := range []string{"CAPABILITY", "LOGIN", "LIST", "EXAMINE", "UID SEARCH", "IDLE"} {
		t.Run(verb, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				server.hook = func(_ *fakeConn, _, command string) bool { return strings.HasPrefix(command, verb) }
				m, clock := server.open(t)
				start := time.Now()
				r := newReader()
				result, err := m.Look(t.Context(), r.request(false), r.apply)
				if verb == "IDLE" {
					err = m.Watch(t.Context(), func() {})
				}
				if err == nil && len(result.Trouble) == 0 {
					t.Fatal("nothing was wrong")
				}
				if err == nil {
					err = result.Trouble[0].Err
				}
				if !errors.Is(err, mailer.ErrConnectionLost) && !errors.Is(err, mailer.ErrUnreachable) {
					t.Errorf("error is %v", err)
				}
				if took := time.Since(start); took > 10*time.Minute || clock.held() != 0 {
					t.Errorf("took %v, %d holds", took, clock.held())
				}
			})
		})
	}
}

func TestEndOfTheContextIsTheReason(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(2)...))
		server.hook = func(_ *fakeConn, _, command string) bool { return strings.HasPrefix(command, "UID FETCH") }
		m, _ := server.open(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r := newReader()
		_, err := m.Look(ctx, r.request(false), r.apply)
		if !errors.Is(err, context.DeadlineExceeded) || len(r.all) != 0 {
			t.Errorf("error is %v after %d messages", err, len(r.all))
		}
	})
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.hook = func(_ *fakeConn, _, command string) bool { return strings.HasPrefix(command, "LIST") }
		m, clock := server.open(t)
		ended := make(chan error, 2)
		go func() { _, err := m.Look(t.Context(), mailer.LookRequest{}, newReader().apply); ended <- err }()
		go func() { ended <- m.Watch(t.Context(), func() {}) }()
		synctest.Wait()
		_ = m.Close()
		for range 2 {
			if err := <-ended; !errors.Is(err, errClosed) {
				t.Errorf("error is %v", err)
			}
		}
		if err := m.Watch(t.Context(), func() {}); !errors.Is(err, errClosed) || clock.held() != 0 {
			t.Errorf("after Close: %v, %d holds", err, clock.held())
		}
	})
}

// The connection is cut after every byte that the server sends in a whole look:
// whatever happens, no message is lost and none is called unreadable.
func TestCutAfterEveryByte(t *testing.T) {
	t.Parallel()
	total := 0
	synctest.Test(t, func(t *testing.T) {
		server := cutServer(1 << 20)
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		server.mu.Lock()
		total = 1<<20 - server.last
		server.mu.Unlock()
	})
	if total < 800 {
		t.Fatalf("a look of %d bytes proves nothing", total)
	}
	for n := range total {
		synctest.Test(t, func(t *testing.T) {
			server := cutServer(n)
			m, clock := server.open(t)
			r := newReader()
			_, err := m.Look(t.Context(), r.request(false), r.apply)
			if err != nil && !errors.Is(err, mailer.ErrConnectionLost) && !errors.Is(err, mailer.ErrUnreachable) {
				t.Errorf("cut at %d: %v", n, err)
			}
			r.look(t, m)
			if want := "INBOX/a INBOX/b Sent/c"; strings.Join(r.subjects, " ") != want {
				t.Errorf("cut at %d: read %q", n, r.subjects)
			}
			for _, one := range r.all {
				if string(one.Body) != "body of "+subject(one)+"\r\n" {
					t.Errorf("cut at %d: body is %q", n, one.Body)
				}
			}
			if clock.held() != 0 {
				t.Errorf("cut at %d: %d holds", n, clock.held())
			}
		})
	}
}

type cuttingFake struct {
	*fake
	last int // what the first connection may still send
}

// cutServer cuts its first connection after n bytes.
func cutServer(n int) *cuttingFake {
	f := newFake(
		inbox(letter("a", "body of a\r\n"), letter("b", "body of b\r\n")),
		newFolder("Sent", `\Sent`, letter("c", "body of c\r\n")),
	)
	c := &cuttingFake{fake: f, last: n}
	f.cut = func(dial int) int {
		if dial == 1 {
			return n
		}
		return -1
	}
	f.hook = func(conn *fakeConn, _, _ string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		c.last = conn.left
		return false
	}
	return c
}

func TestHostileAnswersEndTheConnectionAndSayWhy(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"capability spin":  {"* OK [CAPABILITY(\r\n", "parenthesis among its capabilities"},
		"capability data":  {"* CAPABILITY IMAP4rev1 ()\r\n", "parenthesis among its capabilities"},
		"capability open":  {"* CAPABILITY (\r\n", "unbalanced"},
		"deep nesting":     {"* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", 5000) + "\r\n", "nests deeper"},
		"huge literal":     {"* 1 FETCH (UID 1 BODY[] {999999999}\r\n", "literal of 999999999 bytes"},
		"no literal size":  {"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n", "literal of no size"},
		"endless line":     {"* LIST () \"/\" " + strings.Repeat("a", maxResponse+1), "more than 2097152 bytes"},
		"garbage":          {"\x00\xff\x13\r\n", "no response"},
		"open code":        {"* OK [ALERT\r\n", "without its end"},
		"open quote":       {"* LIST () \"/\" \"abc\r\n", "open quotation mark"},
		"unbalanced":       {"* LIST (() \"/\" abc\r\n", "unbalanced"},
		"bye":              {"* BYE [UNAVAILABLE] going down\r\n", "going down"},
		"wrong tag":        {"T99999 OK done\r\n", "unknown tag"},
		"hostile range":    {"* LIST () \"/\" INBOX\r\n", ""},
		"error in library": {"* LIST (\\Noselect\r\n", "unbalanced"},
		"no attributes":    {"* LIST \"/\" x\r\n", "in LIST"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				server.hook = func(c2 *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "LIST") {
						return false
					}
					c2.say("%s", c.answer)
					if strings.HasPrefix(c.answer, "* BYE") {
						c2.conn.Close()
						return true
					}
					c2.say("%s OK done\r\n", tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				_, err := m.Look(t.Context(), r.request(false), r.apply)
				if c.want == "" {
					if err != nil {
						t.Errorf("error is %v", err)
					}
					return
				}
				if !errors.Is(err, mailer.ErrConnectionLost) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error is %v", err)
				}
				if strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 600 {
					t.Errorf("error is no line for a log: %q", err)
				}
			})
		})
	}
}

func TestByeIsToldAsBusy(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.greeting = "* BYE too many connections"
		m, _ := server.open(t)
		_, err := m.Look(t.Context(), mailer.LookRequest{}, newReader().apply)
		if !errors.Is(err, mailer.ErrServerBusy) || !errors.Is(err, mailer.ErrUnreachable) || !strings.Contains(err.Error(), "too many connections") {
			t.Errorf("error is %v", err)
		}
	})
}

func TestHostileSearchRangeIsNotExpanded(t *testing.T) {
	for _, answer := range []string{"* ESEARCH (TAG %q) UID ALL 1:4294967295\r\n", "* SEARCH 0\r\n", "* ESEARCH (TAG %q) ALL 1:5\r\n"} {
		t.Run(answer, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "UID SEARCH") {
						return false
					}
					if strings.Contains(answer, "%q") {
						c.say(answer, tag)
					} else {
						c.say("%s", answer)
					}
					c.say("%s OK done\r\n", tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				result := r.look(t, m)
				if len(result.Trouble) != 1 || len(r.all) != 0 {
					t.Errorf("trouble %+v, %d messages", result.Trouble, len(r.all))
				}
			})
		})
	}
}

func TestKeptConnectionThatDiedIsReplaced(t *testing.T) {
	for _, how := range []string{"closed", "black hole"} {
		t.Run(how, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				box := inbox(letters(1)...)
				server := newFake(box)
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				box.add(letter("answer", "x"))
				var old atomic.Pointer[fakeConn]
				server.hook = func(c *fakeConn, _, _ string) bool {
					old.CompareAndSwap(nil, c)
					if c != old.Load() {
						return false
					}
					if how == "closed" {
						c.conn.Close()
					}
					return true
				}
				start := time.Now()
				r.look(t, m)
				r.want(t, "INBOX/m1", "INBOX/answer")
				if took := time.Since(start); took > time.Minute {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestRenumberedWhileReadIsTrouble(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letters(2)...)
		server := newFake(box)
		server.hook = func(c *fakeConn, _, command string) bool {
			if fetches(command, 1) && box.validity == 7 {
				box.validity = 8
				c.conn.Close()
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		result := r.look(t, m)
		if len(result.Trouble) != 1 || !strings.Contains(fmt.Sprint(result.Trouble[0].Err), "renumbered") {
			t.Errorf("trouble is %+v", result.Trouble)
		}
		r.look(t, m)
		r.want(t, "INBOX/m1", "INBOX/m2")
	})
}

func TestUnreachableServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		m, clock := server.open(t, func(c *Config) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route") }
		})
		_, err := m.Look(t.Context(), mailer.LookRequest{}, newReader().apply)
		if !errors.Is(err, mailer.ErrUnreachable) || !strings.Contains(err.Error(), "no route") || clock.held() != 0 {
			t.Errorf("error is %v", err)
		}
	})
}
