package smtp

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// playing answers the nth thing that it hears with the nth part of what is said,
// the greeting among them, and as usual where a part is empty or none is left.
// To the final dot it tells the truth: what else may be said there is the
// subject of FuzzAnswerToTheDot.
func playing(said []byte) *server {
	parts := bytes.Split(said, []byte("|"))
	s := newServer()
	heard := 0
	s.answer = func(verb string, _ int) string {
		heard++
		if verb == "." || heard > len(parts) {
			return ""
		}
		return string(parts[heard-1])
	}
	return s
}

// FuzzDialogue sends a mail to a server that says anything at any moment but
// after the final dot. The sending ends within the time that RFC 5321 section
// 4.5.3.2 allows for all of its steps, and what it reports is true: a mail that
// was called accepted is stored, one that was called refused or deferred is not,
// and only a final dot leaves doubt.
func FuzzDialogue(f *testing.F) {
	for _, seed := range []string{
		"", "220 hi\r\n|250 mx\r\n|235 in\r\n|250 ok\r\n|250 ok\r\n|354 go\r\n", "554 no\r\n", "220 hi\r\n|500 what\r\n|250 mx\r\n",
		"|250-mx\r\n250-SIZE 10\r\n250 AUTH PLAIN\r\n", "|250-mx\r\n250-SIZE 99999999999999999999\r\n250 AUTH\r\n", "||334 \r\n|535 no\r\n", "||454 4.7.0 later\r\n",
		"|||452 4.3.1 full\r\n", "||||550 5.1.1 nobody\r\n", "||||251 elsewhere\r\n", "|||||354-go\r\n354 on\r\n", "|||||250 ok\r\n", "|||||421 closing\r\n",
		"||||250 ok\r\n354 go\r\n250 queued\r\n", "|||||354 go\r\n250 queued\r\n", "|||||354 go\r\n550 no\r\n", "220 hi\r\n220 hi again\r\n", "|" + drop, "|||||" + hang, "220-\r\n", "\xff\x00\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		if len(said) > 1<<14 {
			t.Skip()
		}
		synctest.Test(t, func(t *testing.T) {
			s := playing(said)
			sender := newSender(t, plainConfig(s.dial(t)))
			begun, dots := time.Now(), 0
			r := sender.Send(t.Context(), testMessage(), func(ctx context.Context) error { dots++; return nil })
			if took := time.Since(begun); took > time.Hour {
				t.Errorf("it took %v", took)
			}
			sender.Rest()
			s.cutAll()
			synctest.Wait()
			checkHonest(t, r, len(s.messages()))
			if dots > 1 || dots == 0 && len(s.messages()) > 0 {
				t.Errorf("asked %d times before the dot, %d stored", dots, len(s.messages()))
			}
		})
	})
}
