package smtp

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// slowly says what is written to it in pieces: after each byte for which
// rests is true it rests for a while.
type slowly struct {
	net.Conn
	said  *int // bytes so far
	rests func(byte int) bool
	rest  time.Duration
	ended func() // called at each Close
}

func (s slowly) Close() error {
	s.ended()
	return s.Conn.Close()
}

func (s slowly) Write(p []byte) (n int, err error) {
	for n < len(p) {
		end := n + 1
		for end < len(p) && !s.rests(*s.said+end-n) {
			end++
		}
		k, err := s.Conn.Write(p[n:end])
		n, *s.said = n+k, *s.said+k
		if err != nil {
			return n, err
		}
		if s.rests(*s.said) {
			<-time.NewTimer(s.rest).C
		}
	}
	return n, nil
}

// inPieces sends the test message to a server that speaks so, and returns how
// many bytes it said.
func inPieces(t *testing.T, rests func(int) bool, rest time.Duration) (said int) {
	t.Helper()
	s := newServer()
	s.answer = func(verb string, _ int) string {
		return map[string]string{
			"greeting": "220-mx.example.org\r\n220 ESMTP\r\n", "AUTH": "235-2.7.0 hello\r\n235 2.7.0 welcome\r\n",
			".": "250-2.0.0 Ok:\r\n250 2.0.0 queued as 4WxYz12abc\r\n",
		}[verb]
	}
	ended := make(chan struct{})
	dial := func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		s.accept(t, near, slowly{far, &said, rests, rest, sync.OnceFunc(func() { close(ended) })})
		return near, nil
	}
	sender := newSender(t, plainConfig(dial))
	r := sender.Send(t.Context(), testMessage(), agree)
	checkHonest(t, r, len(s.messages()))
	if r.Outcome != mailer.Accepted || len(r.QueueIDs) != 1 || s.dials() != 1 {
		t.Errorf("got %+v over %d connections", r, s.dials())
	}
	sender.Rest()
	<-ended
	return said
}

// TestAnswersInPieces: where a network cuts what a server says is no part of it.
func TestAnswersInPieces(t *testing.T) {
	t.Parallel()
	total := 0
	synctest.Test(t, func(t *testing.T) {
		total = inPieces(t, func(int) bool { return true }, 100*time.Millisecond)
	})
	if total < 200 {
		t.Fatalf("the server said %d bytes in all", total)
	}
	for at := 1; at < total; at++ {
		synctest.Test(t, func(t *testing.T) {
			inPieces(t, func(n int) bool { return n == at }, 20*time.Second)
		})
	}
}
