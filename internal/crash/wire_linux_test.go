//go:build realmail

package crash

import (
	"net"
	"sync"
	"testing"
)

// wire is the network between the program and one port of a server, which can
// be cut: either the lines break and nobody answers the phone, or everything is
// silent, as behind a dead radio link.
type wire struct {
	testing.TB
	target   string
	listener net.Listener
	work     sync.WaitGroup

	mu      sync.Mutex
	ends    map[net.Conn]bool
	broken  bool          // new lines end at once
	silence chan struct{} // closed once bytes pass again; nil where they do
	closed  bool
}

// newWire leads from a port of its own to a port of this machine.
func newWire(t testing.TB, port int) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{TB: t, target: (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}).String(), listener: l, ends: map[net.Conn]bool{}}
	w.work.Go(w.accept)
	t.Cleanup(w.close)
	return w
}

// port is where the program finds the server.
func (w *wire) port() string { return port(w.listener.Addr().String()) }

// cut ends what passes, until restore.
func (w *wire) cut(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if silent && w.silence == nil {
		w.silence = make(chan struct{})
	}
	if !silent {
		w.broken = true
		w.hangUp()
	}
}

// restore lets bytes pass again. Lines that were silent go on as if nothing had
// been, or are dead, as where an address has changed meanwhile.
func (w *wire) restore(resume bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = false
	if w.silence == nil {
		return
	}
	if !resume {
		w.hangUp()
	}
	close(w.silence)
	w.silence = nil
}

// hangUp breaks every line. The caller holds the lock.
func (w *wire) hangUp() {
	for c := range w.ends {
		_ = c.Close() // the other side may have been quicker
	}
}

func (w *wire) close() {
	_ = w.listener.Close() // ends accept
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.restore(false)
	w.mu.Lock()
	w.hangUp()
	w.mu.Unlock()
	w.work.Wait()
}

func (w *wire) accept() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return // closed
		}
		w.work.Go(func() { w.connect(c) })
	}
}

// connect leads one line to the server and back until either side ends it.
func (w *wire) connect(c net.Conn) {
	if !w.keep(c) {
		return
	}
	w.quiet()
	server, err := net.Dial("tcp", w.target)
	if err != nil { // it is being started anew
		w.drop(c)
		return
	}
	if !w.keep(server) {
		w.drop(c)
		return
	}
	w.work.Go(func() { w.pump(server, c) })
	w.pump(c, server)
}

// keep counts a line among those that a cut breaks, or ends it where there is a
// cut.
func (w *wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken || w.closed {
		_ = c.Close()
		return false
	}
	w.ends[c] = true
	return true
}

func (w *wire) drop(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends, c)
	_ = c.Close() // perhaps for the second time
}

// quiet waits as long as nothing passes.
func (w *wire) quiet() {
	w.mu.Lock()
	silence := w.silence
	w.mu.Unlock()
	if silence != nil {
		<-silence
	}
}

// pump carries bytes one way and ends both lines when there are no more.
func (w *wire) pump(to, from net.Conn) {
	defer w.drop(to)
	defer w.drop(from)
	block := make([]byte, 16<<10)
	for {
		n, err := from.Read(block)
		w.quiet()
		if n > 0 {
			if _, err := to.Write(block[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
