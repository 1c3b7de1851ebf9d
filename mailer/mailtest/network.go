package mailtest

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The endpoints that a World listens at.
const (
	SMTP = "smtp"
	IMAP = "imap"
)

// BreakKind is a way for one direction of a connection to fail.
type BreakKind int

// The ways to fail. The zero value is none.
const (
	Intact    BreakKind = iota
	Cut                 // both ends find the connection closed
	Reset               // both ends find the connection reset
	BlackHole           // this direction swallows everything and says nothing
)

// Break is a failure that comes as soon as After bytes have passed in its
// direction; after none, it comes with the connection itself.
type Break struct {
	Kind  BreakKind
	After int64
}

// Fault is what goes wrong with a connection. The zero value is a good one.
type Fault struct {
	Refuse   bool          // dialling is refused
	Hang     bool          // dialling waits until its context ends
	Latency  time.Duration // each way, on top of none
	ToServer Break
	ToClient Break
}

// Network is an in-memory network of buffered connections. All its methods are
// safe for concurrent use. It opens no socket and keeps no goroutine, so that
// it works inside a testing/synctest bubble, where it must have been made.
type Network struct {
	unread atomic.Int64

	mu        sync.Mutex
	listeners map[string]*listener
	names     map[string]string // further names of endpoints, such as host:port
	standing  map[string]Fault
	next      map[string][]Fault
	links     map[string][]*pipeConn
	dialled   map[string]int
}

// NewNetwork returns a network without listeners or faults.
func NewNetwork() *Network {
	return &Network{
		listeners: make(map[string]*listener),
		names:     make(map[string]string),
		standing:  make(map[string]Fault),
		next:      make(map[string][]Fault),
		links:     make(map[string][]*pipeConn),
		dialled:   make(map[string]int),
	}
}

// Listen opens an endpoint. Its name must be free.
func (n *Network) Listen(endpoint string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[endpoint] != nil {
		return nil, fmt.Errorf("listening at %s: %w", endpoint, syscall.EADDRINUSE)
	}
	l := &listener{network: n, endpoint: endpoint, queue: make(chan net.Conn, 128), done: make(chan struct{})}
	n.listeners[endpoint] = l
	return l, nil
}

// Name lets an endpoint be dialled by a further name, such as a host and port.
func (n *Network) Name(name, endpoint string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.names[name] = endpoint
}

// SetFault lets every later connection to the endpoint have the fault, until
// the next SetFault. Connections that are open stay as they are.
func (n *Network) SetFault(endpoint string, f Fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.standing[endpoint] = f
}

// FaultOnce gives the fault to the next connection only; several calls line up.
func (n *Network) FaultOnce(endpoint string, f Fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.next[endpoint] = append(n.next[endpoint], f)
}

// BreakOpen gives the fault to every connection that is open at the endpoint.
// Its bytes count from now; Refuse and Hang mean nothing here.
func (n *Network) BreakOpen(endpoint string, f Fault) {
	n.mu.Lock()
	open := slices.Clone(n.links[endpoint])
	n.mu.Unlock()
	for _, c := range open {
		c.link.arm(f)
	}
}

// Dialled returns how often the endpoint was dialled, refusals included.
func (n *Network) Dialled(endpoint string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dialled[endpoint]
}

// Busy says whether bytes are on their way or wait for a reader. Bytes in a
// black hole do not count. A stepping clock must not jump while it is true.
func (n *Network) Busy() bool { return n.unread.Load() > 0 }

// Dial connects to an endpoint.
func (n *Network) Dial(ctx context.Context, endpoint string) (net.Conn, error) {
	return n.DialContext(ctx, "mailtest", endpoint)
}

// DialContext connects to an endpoint by its name, by a name that Name gave it,
// or by any host with a well-known mail port (RFC 8314 section 7). It has the
// shape of net.Dialer's method.
func (n *Network) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	endpoint, f, l := n.route(addr)
	fail := func(err error) error {
		return &net.OpError{Op: "dial", Net: network, Addr: endpointAddr(addr), Err: err}
	}
	if f.Hang {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return nil, fail(ctx.Err())
	}
	if l == nil || f.Refuse {
		return nil, fail(syscall.ECONNREFUSED)
	}
	client, server := newLink(endpoint, f, &n.unread)
	select {
	case l.queue <- server:
		n.remember(endpoint, client)
		return client, nil
	case <-l.done:
		return nil, fail(syscall.ECONNREFUSED)
	case <-ctx.Done():
		return nil, fail(ctx.Err())
	}
}

// route finds the endpoint that addr means, and takes the fault of this dial.
func (n *Network) route(addr string) (string, Fault, *listener) {
	n.mu.Lock()
	defer n.mu.Unlock()
	endpoint := n.resolve(addr)
	n.dialled[endpoint]++
	f := n.standing[endpoint]
	if lined := n.next[endpoint]; len(lined) > 0 {
		f, n.next[endpoint] = lined[0], lined[1:]
	}
	return endpoint, f, n.listeners[endpoint]
}

// resolve returns the endpoint that addr means, or addr itself.
func (n *Network) resolve(addr string) string {
	if endpoint, ok := n.names[addr]; ok {
		return endpoint
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	switch port {
	case "25", "465", "587":
		return SMTP
	case "143", "993":
		return IMAP
	}
	return addr
}

// remember notes an open connection and forgets those that both ends closed.
func (n *Network) remember(endpoint string, c *pipeConn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.links[endpoint] = append(slices.DeleteFunc(n.links[endpoint], (*pipeConn).over), c)
}

// over says whether no end of the connection is in use any more.
func (c *pipeConn) over() bool {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	return c.in.deaf && c.out.deaf
}

// listener is an open endpoint.
type listener struct {
	network  *Network
	endpoint string
	queue    chan net.Conn
	once     sync.Once
	done     chan struct{}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.done:
		return nil, net.ErrClosed
	case c := <-l.queue:
		return c, nil
	}
}

// Close implements net.Listener. Connections that nobody accepted are closed.
func (l *listener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		delete(l.network.listeners, l.endpoint)
		l.network.mu.Unlock()
		close(l.done)
		for {
			select {
			case c := <-l.queue:
				c.Close()
				continue
			default:
			}
			return
		}
	})
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return endpointAddr(l.endpoint) }
