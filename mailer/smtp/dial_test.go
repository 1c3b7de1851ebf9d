package smtp

import (
	"net"
	"testing"

	"afterword/mailer"
)

// TestOverRealSockets is the one test outside a bubble: it dials as production
// does, a loopback address in the clear.
func TestOverRealSockets(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skipf("no loopback address to listen on: %v", err)
	}
	defer listener.Close()
	s := newServer()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.accept(t, conn, conn)
		}
	}()
	config := plainConfig(nil)
	config.Host, config.Port = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
	sender := newSender(t, config)
	batch(t, sender, 3)
	if r := sender.Send(t.Context(), bigMessage(), agree); r.Outcome != mailer.Accepted {
		t.Errorf("got %+v", r)
	}
	sender.Rest()
	if got := s.messages(); len(got) != 4 || got[3] != string(bigMessage().Bytes) || s.dials() != 1 {
		t.Errorf("%d messages over %d connections", len(got), s.dials())
	}
}
