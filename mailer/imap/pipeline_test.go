package imap

import (
	"strings"
	"testing"
)

// TestNextFetchIsSentAhead: a server that answers a FETCH only once it has the
// next command has it, and every message is handed over once and in order.
func TestNextFetchIsSentAhead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const many = 3 * headersAtOnce
		server := newFake(inbox(letters(many)...))
		ahead := 0
		server.hook = func(c *fakeConn, _, command string) bool {
			if strings.HasPrefix(command, "UID FETCH") && ahead == 0 {
				ahead++
				if _, err := c.in.Peek(1); err != nil {
					t.Errorf("the next command does not come before the answer: %v", err)
				}
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		if ahead == 0 || len(r.subjects) != many {
			t.Fatalf("%d messages were handed over, want %d", len(r.subjects), many)
		}
		for i := 1; i < len(r.all); i++ {
			if r.all[i].UID <= r.all[i-1].UID {
				t.Fatalf("message %d comes after %d", r.all[i].UID, r.all[i-1].UID)
			}
		}
	})
}
