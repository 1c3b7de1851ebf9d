package imap

import (
	"context"
	"errors"
	"strings"
	"testing"

	"afterword/mailer"
)

// TestEveryServerIsReadWithWhatItOffers: the same mail is found whatever a
// server can do, and what it can do is used.
func TestEveryServerIsReadWithWhatItOffers(t *testing.T) {
	for caps, want := range map[string]struct {
		search, list string
		status       int
		atOnce       bool
	}{
		"IMAP4rev1":                           {"UID SEARCH UID", `LIST "" "*"`, 2, false},
		"IMAP4rev1 SPECIAL-USE LIST-EXTENDED": {"UID SEARCH UID", `LIST "" "*" RETURN (SPECIAL-USE)`, 2, false},
		"IMAP4rev1 LIST-EXTENDED LIST-STATUS": {"UID SEARCH UID", `LIST "" "*" RETURN (STATUS`, 0, true},
		"IMAP4rev1 ESEARCH CONDSTORE IDLE":    {"UID SEARCH RETURN (ALL) UID", `LIST "" "*"`, 2, false},
		"IMAP4rev2":                           {"UID SEARCH RETURN (ALL) UID", `LIST "" "*" RETURN (`, 0, true},
	} {
		t.Run(caps, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(3)...), newFolder("Junk", "", letters(1)...))
				server.caps = caps
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "UID SEARCH RETURN") {
						return false
					}
					if len(c.selected.messages) == 0 || strings.Contains(command, "UID 4:") {
						c.say("* ESEARCH (TAG %q) UID\r\n%s OK done\r\n", tag, tag) // nothing found: no ALL (RFC 4731 section 3.1)
						return true
					}
					c.say("* ESEARCH (TAG %q) UID ALL 1:%d\r\n%s OK done\r\n", tag, len(c.selected.messages), tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				if result := r.look(t, m); result.AtOnce != want.atOnce || len(result.Trouble) > 0 {
					t.Errorf("result is %+v", result)
				}
				r.want(t, "INBOX/m1", "INBOX/m2", "INBOX/m3", "Junk/m1")
				r.look(t, m)
				r.want(t)
				if got := server.commands("UID SEARCH"); !strings.HasPrefix(got[0], want.search) {
					t.Errorf("searched by %q", got[0])
				}
				if got := server.commands("LIST")[0]; !strings.HasPrefix(got, want.list) {
					t.Errorf("listed by %q", got)
				}
				if got := len(server.commands("STATUS")); got != 2*want.status {
					t.Errorf("asked for the status %d times in two looks", got)
				}
				for _, command := range server.commands("") {
					if strings.Contains(command, "ENVELOPE") || strings.Contains(command, "BODYSTRUCTURE") || strings.Contains(command, "CONDSTORE") {
						t.Errorf("asked for %q", command)
					}
				}
			})
		})
	}
}

// TestByeThatNamesALimitIsNotDialledAgainAtOnce: the message under the hand is
// not to blame, and a server at its limit is left alone.
func TestByeThatNamesALimitIsNotDialledAgainAtOnce(t *testing.T) {
	for _, at := range []string{"LIST", "EXAMINE", "UID SEARCH", "UID FETCH"} {
		for words, patience := range map[string]bool{
			"[UNAVAILABLE] maintenance": true, "Too many connections": true, "[LIMIT] x": true, "internal error": false,
		} {
			t.Run(at+" "+words, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					server := newFake(inbox(letters(3)...))
					server.hook = func(c *fakeConn, _, command string) bool {
						if !strings.HasPrefix(command, at) {
							return false
						}
						c.say("* BYE %s\r\n", words)
						c.conn.Close()
						return true
					}
					m, _ := server.open(t)
					result, err := m.Look(t.Context(), mailer.LookRequest{}, func(context.Context, mailer.Batch) error { return nil })
					if patience && (server.dials != 1 || !errors.Is(err, mailer.ErrServerBusy)) {
						t.Errorf("%d connections, error is %v, result %+v", server.dials, err, result)
					}
					if !patience && server.dials < 2 {
						t.Errorf("given up after %d connections", server.dials)
					}
				})
			})
		}
	}
}

// TestBatchesSayWhatIsLeft: whoever waits for the first reading sees an end.
func TestBatchesSayWhatIsLeft(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(250)...))
		m, _ := server.open(t)
		var left []int
		_, err := m.Look(t.Context(), mailer.LookRequest{}, func(_ context.Context, b mailer.Batch) error {
			if len(b.Messages) > 0 {
				left = append(left, b.Left)
			}
			return nil
		})
		if err != nil || len(left) < 2 || left[0] != 150 || left[len(left)-1] != 0 {
			t.Errorf("left are %v, %v", left, err)
		}
	})
}
