package sim

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"afterword/internal/clock"
	"afterword/internal/store/faultfs"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// Program is the program under test, started on a Machine.
type Program interface {
	// Stop ends it as SIGTERM does and waits; without power it waits only.
	Stop() error
	// Command runs the program's command line on the same profile.
	Command(args ...string) (code int, said string)
	// Page answers a request to the program's page, as one of its user.
	Page(w http.ResponseWriter, r *http.Request)
	// View reads the store.
	View(see func(scheduler.Reader) error) error
	// MessageID is the Message-ID of a delivery's transmission.
	MessageID(key string) string
}

// Starter starts the program on a machine.
type Starter func(ctx context.Context, m *Machine) (Program, error)

// Machine is what the program runs on between two starts: a folder with the
// user's files, a disk with the store and the ledger, a clock and a network.
type Machine struct {
	Name   string // by which a program knows that its profile was copied
	Folder string // the user's files, on the real disk
	Shared string // an empty folder for what SQLite shares in memory
	Disk   *faultfs.Disk
	Clock  *clock.Running
	Pace   Pace
	Secret []byte
	Random io.Reader
	Roots  *x509.CertPool // whom the program trusts; nil where nothing is encrypted
	Log    io.Writer

	files, commits chan struct{}
	wires          *wires
	moved          func(moves []string) // is told of the moves of each commit

	// What a death leaves, and how long until somebody starts it again.
	kept     faultfs.Kept
	keptSeed uint64
	deadFor  time.Duration

	mu     sync.Mutex
	cutIn  int // at which operation of the next mail it dies, 0 for none
	dead   bool
	died   chan struct{} // closed at the death
	conns  []net.Conn
	onDead []func()
}

// Files and Store make the machine a scheduler.Watcher.
func (m *Machine) Files() <-chan struct{} { return m.files }

// Store tells of commits of the commands.
func (m *Machine) Store() <-chan struct{} { return m.commits }

// saved tells the program that a file was saved.
func (m *Machine) saved() { signal(m.files) }

// committed tells the program that a command has committed.
func (m *Machine) committed() { signal(m.commits) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// WhenDead calls f when the machine dies, so that its program ends.
func (m *Machine) WhenDead(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onDead = append(m.onDead, f)
}

// die ends everything at once: connections, disk, program.
func (m *Machine) die() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return
	}
	m.dead = true
	close(m.died)
	for _, c := range m.conns {
		_ = c.Close()
	}
	for _, f := range m.onDead {
		f()
	}
}

// cutInSession lets the machine die at the nth operation after it begins to hand over
// the next mail that is none to the user. TLS hides when that is.
func (m *Machine) cutInSession(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cutIn = n
}

// sends sees to it that a machine dies that is to die while it sends.
func (m *Machine) sends() {
	m.mu.Lock()
	n := m.cutIn
	m.cutIn = 0
	m.mu.Unlock()
	if n > 0 {
		m.Disk.CutPower(m.Disk.Operations()+n, m.die)
	}
}

// Dead reports whether the machine, or the program on it, was killed.
func (m *Machine) Dead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

// Dial reaches the servers as long as there are power and a network. What is
// said to the sending server counts as an operation of the disk, so that the
// power can go just before it.
func (m *Machine) Dial(ctx context.Context, _, addr string) (net.Conn, error) {
	endpoint := endpointOf(addr)
	c, err := m.wires.dial(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return nil, errors.Join(faultfs.ErrPower, c.Close())
	}
	m.conns = append(m.conns, c)
	if endpoint == mailtest.SMTP {
		return &poweredConn{Conn: c, machine: m, secret: m.Roots != nil}, nil
	}
	return c, nil
}

// poweredConn lets the power go just before something is said to the server, the
// final dot for example.
type poweredConn struct {
	net.Conn
	machine *Machine
	secret  bool        // it is encrypted: the words are not to be seen, only how many
	toSelf  bool        // the mail under way is a notice
	deaf    atomic.Bool // the next words of the server are lost, and the connection with them
}

// Write counts as an operation of the disk. A final dot may be lost on its way.
func (c *poweredConn) Write(p []byte) (int, error) {
	words := fmt.Sprintf("say %.20q", p)
	if c.secret {
		words = fmt.Sprintf("say %d bytes", len(p))
	}
	if err := c.machine.Disk.Point(words); err != nil {
		return 0, err
	}
	if bytes.Contains(p, []byte("RCPT TO:<")) {
		c.toSelf = bytes.Contains(p, []byte("RCPT TO:<dana@example.org>"))
		if !c.toSelf {
			c.machine.sends()
		}
	}
	if string(p) == ".\r\n" && c.machine.wires.losesDot(c.toSelf) {
		return 0, errors.Join(syscall.ECONNRESET, c.Conn.Close())
	}
	if string(p) == ".\r\n" && !c.toSelf && c.machine.wires.losesAnswer() {
		c.deaf.Store(true)
	}
	return c.Conn.Write(p)
}

// Read loses the answer to a final dot, which the server has given.
func (c *poweredConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.deaf.Load() {
		return 0, errors.Join(syscall.ECONNRESET, c.Conn.Close())
	}
	return n, err
}

// wires are the way to the servers, and what is wrong with it. Each connection
// has a latency of its own, so that no two of them carry anything at one instant.
type wires struct {
	network *mailtest.Network
	second  *mailtest.Network // of the second account, nil if there is none

	mu      sync.Mutex
	count   map[string]int // connections of each server
	absent  bool
	refused map[string]bool // servers that take no connection
	next    map[string][]mailtest.Fault
	dots    int  // how many final dots the next connections lose
	answers int  // of how many final dots the answer is lost
	unheard bool // the dot that was lost last was that of a notice
	broken  int  // connections that got a fault
	now     func() time.Time
	hit     []span // when connections for sending were to break
}

// latency is each way's, of the nth connection: some milliseconds, of which no few
// add up to the same.
func latency(n int) time.Duration {
	return 2*time.Millisecond + time.Duration(uint32(n)*2654435761%6000000) // Knuth's multiplicative hashing
}

// faultyFor is how long a connection may be in use before its fault meets it.
const faultyFor = 15 * time.Minute

func (w *wires) dial(ctx context.Context, endpoint string) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.absent {
		return nil, &net.OpError{Op: "dial", Net: "sim", Err: syscall.ENETUNREACH}
	}
	if w.refused[endpoint] {
		return nil, &net.OpError{Op: "dial", Net: "sim", Err: syscall.ECONNREFUSED}
	}
	fault := mailtest.Fault{}
	if lined := w.next[endpoint]; len(lined) > 0 {
		fault, w.next[endpoint] = lined[0], lined[1:]
		w.broken++
		if endpoint == mailtest.SMTP {
			w.hit = append(w.hit, span{w.now(), w.now().Add(faultyFor)})
		}
	}
	w.count[endpoint]++
	fault.Latency = latency(2*w.count[endpoint] + map[string]int{mailtest.SMTP: 1, secondIMAP: 1_000_000, authorityPort: 2_000_000}[endpoint])
	network := w.network
	if endpoint == secondIMAP {
		network, endpoint = w.second, mailtest.IMAP
	}
	network.FaultOnce(endpoint, fault)
	return network.DialContext(ctx, "sim", endpoint) // waits for nothing: no fault hangs
}

// refuse lets a server take no connection, or take them again.
func (w *wires) refuse(endpoint string, refused bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[endpoint] = refused
}

// breakNext gives a fault to the next connection.
func (w *wires) breakNext(endpoint string, f mailtest.Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next[endpoint] = append(w.next[endpoint], f)
}

// armed reports whether a fault waits for the next connection.
func (w *wires) armed(endpoint string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.next[endpoint]) > 0
}

// loseDots lets the next final dots be lost: the connection breaks in their place.
func (w *wires) loseDots(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dots += n
}

// loseAnswers lets the answers to the next final dots be lost, but for those of
// notices: the server has taken the mail, and nobody knows.
func (w *wires) loseAnswers(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers += n
}

// losesAnswer says whether the answer to a final dot is lost.
func (w *wires) losesAnswer() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers == 0 {
		return false
	}
	w.answers--
	w.broken++
	w.hit = append(w.hit, span{w.now(), w.now()})
	return true
}

// losesDot says whether a final dot is lost, that of a notice or of a mail. The
// program sends a notice twice where the first is in doubt, and not more often, so
// that of two in a row one arrives.
func (w *wires) losesDot(ofNotice bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	spared := w.unheard && ofNotice
	if ofNotice {
		w.unheard = false
	}
	if w.dots == 0 || spared {
		return false
	}
	w.unheard = ofNotice
	w.dots--
	w.broken++
	w.hit = append(w.hit, span{w.now(), w.now()})
	return true
}

// hits are when sending connections were to break.
func (w *wires) hits() []span {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hit
}

// setAbsent takes the network away, or brings it back with every fault forgotten.
func (w *wires) setAbsent(absent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.absent, w.dots, w.answers = absent, 0, 0
	clear(w.next)
}

// mend forgets the faults that met nobody.
func (w *wires) mend() {
	w.setAbsent(false)
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.refused)
}

// seeded is a source of bytes that a seed decides. It is safe for concurrent use.
type seeded struct {
	mu     sync.Mutex
	source io.Reader
}

// Read implements io.Reader.
func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}
