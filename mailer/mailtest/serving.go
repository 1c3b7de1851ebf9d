package mailtest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// intake hands connections to a library's server, which wants a listener.
type intake struct {
	queue chan net.Conn
	once  sync.Once
	done  chan struct{}
}

// newIntake returns an open intake.
func newIntake() *intake { return &intake{queue: make(chan net.Conn), done: make(chan struct{})} }

// give hands over a connection, or closes it if the server has ended.
func (i *intake) give(c net.Conn) {
	select {
	case i.queue <- c:
	case <-i.done:
		c.Close()
	}
}

// Accept implements net.Listener.
func (i *intake) Accept() (net.Conn, error) {
	select {
	case c := <-i.queue:
		return c, nil
	case <-i.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (i *intake) Close() error {
	i.once.Do(func() { close(i.done) })
	return nil
}

// Addr implements net.Listener.
func (i *intake) Addr() net.Addr { return endpointAddr("intake") }

// startServers starts the libraries' servers behind their intakes.
func (w *World) startServers() {
	w.smtp = w.newSMTPServer()
	w.imap = w.newIMAPServer()
	w.intake = map[string]*intake{SMTP: newIntake(), IMAP: newIntake()}
	// Both return when their intake closes, with nothing worth telling.
	w.work.Go(func() { _ = w.smtp.Serve(w.intake[SMTP]) })
	w.work.Go(func() { _ = w.imap.Serve(w.intake[IMAP]) })
}

// newIMAPServer returns the server without a listener.
func (w *World) newIMAPServer() *imapserver.Server {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapListExtended, imap.CapListStatus,
		imap.CapMove, imap.CapStatusSize, imap.CapSpecialUse, imap.CapLiteralPlus,
	} {
		if !w.hides(c) {
			caps[c] = struct{}{}
		}
	}
	return imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			conn, ok := c.NetConn().(*tap)
			if !ok {
				return nil, nil, errors.New("starting a session: the connection is not one of the world's")
			}
			return &imapSession{world: w, account: w.account, conn: conn}, nil, nil
		},
		Caps:         caps,
		Logger:       silentLog{},
		InsecureAuth: true, // TLS lies outside of what the library sees
	})
}

// serve accepts connections for a protocol until the listener closes.
func (w *World) serve(protocol string, l net.Listener) {
	w.mu.Lock()
	w.listeners = append(w.listeners, l)
	w.mu.Unlock()
	w.work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.welcome(protocol, c)
		}
	})
}

// welcome makes a connection ready for a library's server: TLS inside, and the
// tap inside TLS.
func (w *World) welcome(protocol string, bare net.Conn) {
	security := w.options.SMTP.Security
	var without []string
	if protocol == IMAP {
		security = w.options.IMAP.Security
		for _, c := range w.options.IMAP.Without {
			without = append(without, string(c))
		}
	}
	t := &tap{Conn: bare, bare: bare, freeze: &w.freeze, without: without, done: make(chan struct{})}
	t.greeted = security != STARTTLS
	if !w.register(protocol, t) {
		bare.Close()
		return
	}
	if security == Plaintext {
		w.intake[protocol].give(t)
		return
	}
	t.Conn = tls.Server(bare, w.serverTLS())
	if security == ImplicitTLS {
		w.intake[protocol].give(t)
		return
	}
	w.work.Go(func() {
		p := prelude{conn: bare, record: t.record, domain: w.options.Host}
		if err := p.run(); err != nil {
			t.drop()
			return
		}
		w.intake[protocol].give(t)
	})
}

// register numbers a connection and keeps it until it closes. It returns false
// once the world is closed.
func (w *World) register(protocol string, t *tap) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.conns[protocol]++
	t.record = &recorder{protocol: protocol, conn: w.conns[protocol], now: w.clock.Now, command: w.countCommand, quiet: w.options.NoTranscripts}
	w.records = append(w.records, t.record)
	w.open[t] = true
	w.work.Add(1)
	t.onClose = func(t *tap) {
		w.mu.Lock()
		delete(w.open, t)
		w.mu.Unlock()
		w.work.Done()
	}
	return true
}

// countCommand counts one IMAP command.
func (w *World) countCommand(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands[name]++
}

// Connections returns how many connections a protocol has had.
func (w *World) Connections(protocol string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.conns[protocol]
}

// Commands returns how often each IMAP command came, by its name in capitals,
// "UID FETCH" and its kin as two words.
func (w *World) Commands() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.commands)
}

// Transcripts returns what was said on every connection of a protocol.
func (w *World) Transcripts(protocol string) []Transcript {
	w.mu.Lock()
	records := slices.Clone(w.records)
	w.mu.Unlock()
	var out []Transcript
	for _, r := range records {
		if r.protocol == protocol {
			out = append(out, r.transcript())
		}
	}
	return out
}

// ServeTCP opens both servers on free loopback ports as well and returns their
// addresses. It must not be called inside a testing/synctest bubble.
func (w *World) ServeTCP() (smtpAddr, imapAddr string, err error) {
	var config net.ListenConfig
	atSMTP, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", fmt.Errorf("listening for SMTP: %w", err)
	}
	atIMAP, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", errors.Join(fmt.Errorf("listening for IMAP: %w", err), atSMTP.Close())
	}
	w.serve(SMTP, atSMTP)
	w.serve(IMAP, atIMAP)
	return atSMTP.Addr().String(), atIMAP.Addr().String(), nil
}

// Freeze lets both servers take commands and answer none of them until Thaw.
// New mail arrives in the folders, but no session is told.
func (w *World) Freeze() { w.freeze.shut() }

// Thaw ends a Freeze; what was asked meanwhile is answered.
func (w *World) Thaw() { w.freeze.lift() }

// DropConnections closes every open connection of a protocol without a word.
func (w *World) DropConnections(protocol string) {
	for _, t := range w.taps(protocol) {
		t.drop()
	}
}

// taps returns the open connections of a protocol, or all for "".
func (w *World) taps(protocol string) []*tap {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*tap
	for t := range w.open {
		if protocol == "" || t.record.protocol == protocol {
			out = append(out, t)
		}
	}
	return out
}

// Close ends the servers, the people and every connection, and returns when no
// goroutine of theirs works any more. What is scripted for later is forgotten.
// Closing twice does nothing.
func (w *World) Close() error {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	listeners := slices.Clone(w.listeners)
	w.mu.Unlock()
	if closed {
		return nil
	}
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	w.intake[SMTP].Close()
	w.intake[IMAP].Close()
	w.agenda.close()
	for _, t := range w.taps("") {
		t.drop()
	}
	w.work.Wait()
	// Nothing is left for the libraries to close, but they release what they keep.
	errs = append(errs, w.smtp.Close(), w.imap.Close())
	return errors.Join(errs...)
}
