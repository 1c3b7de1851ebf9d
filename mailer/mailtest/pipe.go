package mailtest

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// link is one connection: a stream of bytes each way. Both ends share one
// mutex, which is never held while anything waits, so that a link never keeps
// virtual time from moving.
type link struct {
	mu       sync.Mutex
	toServer stream
	toClient stream
	unread   *atomic.Int64 // bytes of the whole network that wait for a reader
}

// stream is one direction of a link. Its buffer has no bound: a writer never
// waits, as the kernel's buffers would let it for mail of ordinary size.
type stream struct {
	changed  chan struct{} // of a reader that waits: closed when it should look again; else nil
	chunks   []chunk
	latency  time.Duration
	passed   int64 // bytes that went through since the break was armed
	fault    Break
	end      error // what the reader finds behind the last chunk; nil while the stream is open
	deaf     bool  // the reading end was closed
	refused  bool  // something was written since
	hole     bool  // bytes and the end of the stream vanish from here on
	readBy   time.Time
	writeBy  time.Time
	resetDue bool // the next close of the writer is seen as a reset
}

// chunk is what one Write put into a stream.
type chunk struct {
	bytes []byte
	due   time.Time // when it reaches the reader
}

// pipeConn is one end of a link.
type pipeConn struct {
	link   *link
	in     *stream
	out    *stream
	local  endpointAddr
	remote endpointAddr
	gone   bool // Close was called; guarded by link.mu
}

// endpointAddr is the name of an end of a connection of the Network.
type endpointAddr string

// Network returns "mailtest".
func (endpointAddr) Network() string { return "mailtest" }

// String returns the name.
func (a endpointAddr) String() string { return string(a) }

// newLink returns the two ends of a fresh link.
func newLink(name string, f Fault, unread *atomic.Int64) (client, server *pipeConn) {
	l := &link{unread: unread}
	l.toServer = stream{latency: f.Latency, fault: f.ToServer}
	l.toClient = stream{latency: f.Latency, fault: f.ToClient}
	client = &pipeConn{link: l, in: &l.toClient, out: &l.toServer, local: "client", remote: endpointAddr(name)}
	server = &pipeConn{link: l, in: &l.toServer, out: &l.toClient, local: endpointAddr(name), remote: "client"}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trip(&l.toServer)
	l.trip(&l.toClient)
	return client, server
}

// wait returns what is closed when the stream's reader should look again.
func (s *stream) wait() <-chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// wake lets the readers of the stream that wait look again.
func (s *stream) wake() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// trip carries out the fault of s once its bytes have passed.
func (l *link) trip(s *stream) {
	if s.fault.Kind == Intact || s.passed < s.fault.After {
		return
	}
	switch s.fault.Kind {
	case Cut:
		l.finish(io.EOF)
	case Reset:
		l.finish(syscall.ECONNRESET)
	case BlackHole:
		s.hole = true
	}
	s.fault = Break{}
}

// finish ends both directions. What has passed can still be read, as it lies
// in the receiver's kernel already; then comes end.
func (l *link) finish(end error) {
	for _, s := range []*stream{&l.toServer, &l.toClient} {
		if s.end == nil && !s.hole {
			s.end = end
		}
		s.wake()
	}
}

// arm sets the faults of both directions from now on.
func (l *link) arm(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.toServer.latency, l.toServer.fault, l.toServer.passed = f.Latency, f.ToServer, 0
	l.toClient.latency, l.toClient.fault, l.toClient.passed = f.Latency, f.ToClient, 0
	l.trip(&l.toServer)
	l.trip(&l.toClient)
}

// Read implements net.Conn. It returns io.EOF bare, as sockets do.
func (c *pipeConn) Read(p []byte) (int, error) {
	for {
		c.link.mu.Lock()
		n, at, err := c.tryRead(p)
		var changed <-chan struct{}
		if n == 0 && err == nil {
			changed = c.in.wait()
		}
		c.link.mu.Unlock()
		if n > 0 || errors.Is(err, io.EOF) {
			return n, err
		}
		if err != nil {
			return 0, c.failure("read", err)
		}
		await(changed, at)
	}
}

// tryRead reads what is due. Where nothing is, it returns the time to look
// again at the latest, zero for never.
func (c *pipeConn) tryRead(p []byte) (n int, at time.Time, err error) {
	now := time.Now()
	switch {
	case c.gone:
		return 0, at, net.ErrClosed
	case !c.in.readBy.IsZero() && !now.Before(c.in.readBy):
		return 0, at, os.ErrDeadlineExceeded
	}
	at = c.in.readBy
	if len(c.in.chunks) == 0 {
		return 0, at, c.in.end
	}
	first := &c.in.chunks[0]
	if now.Before(first.due) {
		return 0, earliest(at, first.due), nil
	}
	n = copy(p, first.bytes)
	first.bytes = first.bytes[n:]
	if len(first.bytes) == 0 {
		c.in.chunks = c.in.chunks[1:]
	}
	c.link.unread.Add(int64(-n))
	return n, at, nil
}

// earliest returns the earlier of two times, of which a may be zero for never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// await returns when changed is closed, or at the time at unless that is zero.
func await(changed <-chan struct{}, at time.Time) {
	if at.IsZero() {
		<-changed
		return
	}
	t := time.NewTimer(time.Until(at))
	defer t.Stop()
	select {
	case <-changed:
	case <-t.C:
	}
}

// Write implements net.Conn. It never waits.
func (c *pipeConn) Write(p []byte) (int, error) {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if err := c.writable(); err != nil {
		return 0, c.failure("write", err)
	}
	if c.out.hole {
		return len(p), nil
	}
	pass := int64(len(p))
	if c.out.fault.Kind != Intact {
		pass = min(pass, c.out.fault.After-c.out.passed)
	}
	c.put(p[:pass])
	c.link.trip(c.out)
	if c.out.end != nil && pass < int64(len(p)) {
		return int(pass), c.failure("write", c.broken())
	}
	return len(p), nil
}

// put appends bytes to the outgoing stream.
func (c *pipeConn) put(p []byte) {
	c.out.passed += int64(len(p))
	if len(p) == 0 || c.out.deaf {
		return
	}
	due := time.Now().Add(c.out.latency)
	if n := len(c.out.chunks); n > 0 && due.Before(c.out.chunks[n-1].due) {
		due = c.out.chunks[n-1].due
	}
	c.out.chunks = append(c.out.chunks, chunk{bytes: append([]byte(nil), p...), due: due})
	c.link.unread.Add(int64(len(p)))
	c.out.wake()
}

// writable says why nothing can be written, if so.
func (c *pipeConn) writable() error {
	switch {
	case c.gone:
		return net.ErrClosed
	case !c.out.writeBy.IsZero() && !time.Now().Before(c.out.writeBy):
		return os.ErrDeadlineExceeded
	case c.out.end != nil && !c.out.hole:
		return c.broken()
	case c.out.deaf && !c.in.hole && !c.out.hole:
		// As over TCP, the first write finds nothing amiss; the answer to it
		// is what tells that nobody reads any more.
		if c.out.refused {
			return syscall.EPIPE
		}
		c.out.refused = true
	}
	return nil
}

// broken translates how the stream ended into what its writer sees.
func (c *pipeConn) broken() error {
	if errors.Is(c.out.end, syscall.ECONNRESET) {
		return syscall.ECONNRESET
	}
	return syscall.EPIPE
}

// Close implements net.Conn. The peer reads what was written, then the end of
// the stream.
func (c *pipeConn) Close() error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.gone {
		return nil
	}
	c.gone = true
	c.in.deaf = true
	for _, left := range c.in.chunks {
		c.link.unread.Add(int64(-len(left.bytes)))
	}
	c.in.chunks = nil
	if c.out.end == nil && !c.out.hole {
		c.out.end = io.EOF
		if c.out.resetDue {
			c.out.end = syscall.ECONNRESET
		}
	}
	c.in.wake()
	c.out.wake()
	return nil
}

// closeWithReset closes the connection so that the peer, once it has read what
// was written before, finds it reset.
func (c *pipeConn) closeWithReset() {
	c.link.mu.Lock()
	c.out.resetDue = true
	c.link.mu.Unlock()
	c.Close()
}

// LocalAddr implements net.Conn.
func (c *pipeConn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *pipeConn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements net.Conn.
func (c *pipeConn) SetDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.in.readBy, c.out.writeBy = t, t })
}

// SetReadDeadline implements net.Conn.
func (c *pipeConn) SetReadDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.in.readBy = t })
}

// SetWriteDeadline implements net.Conn.
func (c *pipeConn) SetWriteDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.out.writeBy = t })
}

// setDeadlines changes deadlines and lets a waiting reader notice one that is
// nearer: a later one it finds when it looks at the time of the old.
func (c *pipeConn) setDeadlines(set func()) error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.gone {
		return c.failure("set", net.ErrClosed)
	}
	before := c.in.readBy
	set()
	if by := c.in.readBy; !by.IsZero() && earliest(before, by).Equal(by) {
		c.in.wake()
	}
	return nil
}

// failure dresses an error as a socket's, so that callers that look for a
// net.Error or for the errno find it.
func (c *pipeConn) failure(op string, err error) error {
	return &net.OpError{Op: op, Net: "mailtest", Source: c.local, Addr: c.remote, Err: err}
}
