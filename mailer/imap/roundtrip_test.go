package imap

import (
	"fmt"
	"strings"
	"testing"
)

// answerBoth answers a command only once the one that should follow came too. A
// program that waits for the answer to the first meets its deadline.
func answerBoth(t *testing.T, c *fakeConn, tag, command, next string) {
	t.Helper()
	line, err := c.in.ReadString('\n')
	if err != nil {
		t.Errorf("after %s no %s came: %v", command, next, err)
		return
	}
	secondTag, second, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !strings.HasPrefix(second, next) {
		t.Errorf("after %s came %s, want %s", command, second, next)
	}
	c.answer(tag, command)
	c.answer(secondTag, second)
}

func TestLookOnNewsWaitsForFourAnswers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(2)...))
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		waits := 0
		server.hook = func(c *fakeConn, tag, command string) bool {
			waits++
			verb, _, _ := strings.Cut(command, " ")
			switch verb {
			case "NOOP":
				answerBoth(t, c, tag, command, "LIST")
			case "EXAMINE":
				answerBoth(t, c, tag, command, "UID SEARCH UID 3:*")
			default:
				return false
			}
			return true
		}
		server.folders[0].add(letter("news", "x"))
		r.look(t, m)
		r.want(t, "INBOX/news")
		if waits != 4 {
			t.Errorf("waited for %d answers, want 4: of the folders, the search, the header and the body", waits)
		}
		if server.dials != 1 {
			t.Errorf("dialled %d times", server.dials)
		}
	})
}

// TestKeptConnectionDiesAtTheFirstAnswers cuts a kept connection at every byte
// of what it says first.
func TestKeptConnectionDiesAtTheFirstAnswers(t *testing.T) {
	for left := range 120 {
		t.Run(fmt.Sprint("after ", left), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(2)...))
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				r.subjects = nil
				cut := false
				server.hook = func(c *fakeConn, _, command string) bool {
					if command == "NOOP" && !cut {
						c.left, cut = left, true
					}
					return false
				}
				server.folders[0].add(letter("news", "x"))
				r.look(t, m)
				r.want(t, "INBOX/news")
				if !cut || server.dials != 2 {
					t.Errorf("dialled %d times", server.dials)
				}
			})
		})
	}
}

// A folder that was made anew has another UIDVALIDITY; what was searched for
// by the old numbers is not used.
func TestSearchAheadOfRenumberedFolderIsNotUsed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(3)...))
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		again := inbox(letter("new1", "x"), letter("new2", "x"))
		again.validity = 8
		server.folders[0] = again
		r.look(t, m)
		r.want(t, "INBOX/new1", "INBOX/new2")
	})
}
