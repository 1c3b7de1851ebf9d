package mailtest

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"sync"
)

// tap is the server's end of one connection, inside TLS. It records both
// directions and carries out what the libraries offer no way to do: losing an
// answer, resetting right after one, freezing, hiding a capability.
type tap struct {
	net.Conn          // what the library reads and writes: TLS or the bare connection
	bare     net.Conn // the connection under TLS
	record   *recorder
	freeze   *gate
	without  []string   // capabilities to hide from IMAP answers
	onClose  func(*tap) // called once
	once     sync.Once
	done     chan struct{} // closed by Close

	mu         sync.Mutex
	greeted    bool // the library's first line was dropped or need not be
	mute       bool // answers vanish
	resetAfter string
}

// Read implements net.Conn. While the world is frozen, what arrived is held
// back until it thaws or the connection ends.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if n > 0 {
		t.record.fromClient(p[:n])
		if !t.freeze.wait(t.done) {
			return 0, net.ErrClosed
		}
	}
	return n, err
}

// Write implements net.Conn.
func (t *tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	mute, greeted, reset := t.mute, t.greeted, t.resetAfter
	t.greeted = true
	t.mu.Unlock()
	if mute || !greeted {
		return len(p), nil
	}
	out := hideCapabilities(p, t.without)
	t.record.fromServer(out)
	if _, err := t.Conn.Write(out); err != nil {
		return 0, err
	}
	if reset != "" && bytes.HasPrefix(p, []byte(reset)) {
		t.reset()
	}
	return len(p), nil
}

// Close implements net.Conn.
func (t *tap) Close() error {
	var err error
	t.once.Do(func() {
		close(t.done)
		err = t.Conn.Close()
		t.onClose(t)
	})
	return err
}

// drop closes the connection without a word, not even TLS's own farewell.
func (t *tap) drop() {
	t.bare.Close()
	t.Close()
}

// reset ends the connection as a reset. On a real socket the bytes written
// last may be lost with it.
func (t *tap) reset() {
	switch c := t.bare.(type) {
	case *pipeConn:
		c.closeWithReset()
	case *net.TCPConn:
		c.SetLinger(0)
		c.Close()
	}
	t.Close()
}

// silence lets every further answer vanish while the connection stays open.
func (t *tap) silence() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mute = true
}

// resetAfterAnswer resets the connection behind the next answer that begins
// with the prefix.
func (t *tap) resetAfterAnswer(prefix string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resetAfter = prefix
}

// hideCapabilities removes words from a capability list. The library writes
// some capabilities unasked; only an answer's first line is looked at, so that
// no mail's text is changed.
func hideCapabilities(p []byte, names []string) []byte {
	first, rest, _ := bytes.Cut(p, []byte("\r\n"))
	line := string(first)
	if len(names) == 0 || !isCapabilityLine(line) {
		return p
	}
	head, tail, bracket := strings.Cut(line, "]")
	words := slices.DeleteFunc(strings.Split(head, " "), func(w string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, w) })
	})
	line = strings.Join(words, " ")
	if bracket {
		line += "]" + tail
	}
	return append([]byte(line+"\r\n"), rest...)
}

// isCapabilityLine says whether an IMAP answer lists capabilities (RFC 9051
// sections 7.1 and 7.2.2).
func isCapabilityLine(line string) bool {
	if strings.HasPrefix(line, "* CAPABILITY ") {
		return true
	}
	_, answer, _ := strings.Cut(line, " ")
	return strings.HasPrefix(answer, "OK [CAPABILITY ")
}

// gate holds readers back while it is shut.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // nil while the gate is open, else closed when it opens
}

// shut closes the gate.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = make(chan struct{})
	}
}

// lift opens the gate and lets go who waits.
func (g *gate) lift() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != nil {
		close(g.open)
		g.open = nil
	}
}

// wait returns true once the gate is open, false if done was closed before.
func (g *gate) wait(done <-chan struct{}) bool {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	if open == nil {
		return true
	}
	select {
	case <-open:
		return true
	case <-done:
		return false
	}
}
