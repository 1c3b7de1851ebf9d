package smtp

import (
	"errors"
	"net"
	"sync/atomic"
)

// replyBudget is how much a server may say before it hears from us again. A TLS
// handshake with a long chain of certificates stays far below it.
const replyBudget = 256 << 10

var errTooMuch = errors.New("the server talks without end")

// boundedConn stops a server that floods its client, in or below TLS.
type boundedConn struct {
	net.Conn
	left atomic.Int64
}

func newBoundedConn(conn net.Conn) *boundedConn {
	b := &boundedConn{Conn: conn}
	b.left.Store(replyBudget)
	return b
}

// Read reads until the budget is spent.
func (b *boundedConn) Read(p []byte) (int, error) {
	left := b.left.Load()
	if left <= 0 {
		return 0, errTooMuch
	}
	if int64(len(p)) > left {
		p = p[:left]
	}
	n, err := b.Conn.Read(p)
	b.left.Add(-int64(n))
	return n, err
}

// Write grants a new budget: the server is allowed to answer.
func (b *boundedConn) Write(p []byte) (int, error) {
	b.left.Store(replyBudget)
	return b.Conn.Write(p)
}
