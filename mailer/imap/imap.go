// Package imap reads the user's mailbox: what is new since the last look,
// whether something came, and where copies and drafts are filed.
//
// It changes nothing that it finds: folders are opened with EXAMINE, bodies are
// asked for with PEEK, and what writes is APPEND alone. The one exception are
// drafts that this program appended itself, see RemoveDraft. What the server says is taken for hostile until the guard has bounded and screened it.
package imap

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// Security is how a connection is protected.
type Security string

// The ways to protect a connection. Insecure is for loopback and for servers
// inside the process only.
const (
	TLS      Security = "tls"
	STARTTLS Security = "starttls"
	Insecure Security = "insecure"
)

// Clock tells the time and waits. Hold keeps a stepping clock from jumping
// until release is called.
type Clock interface {
	Now() time.Time
	NewTimer(d time.Duration) (c <-chan time.Time, stop func())
	Hold() (release func())
}

// Config says which account is read and how.
type Config struct {
	Account  string // name in cursors and messages; "" for the sending account
	Host     string
	Port     int
	Security Security
	Username string
	// Password returns the password, or with OAuth the access token. It is
	// asked anew for every login and its answer is not kept.
	Password func(ctx context.Context) (string, error)
	OAuth    bool
	RootCAs  *x509.CertPool // nil: those of the system
	// Dial opens the connection below TLS; nil dials TCP with a keepalive that
	// finds a dead peer within half a minute.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// InProcess says that Dial leads to a server inside this process. It lifts
	// the rule that Insecure reaches loopback addresses only.
	InProcess bool
	// Folders are the folders to read instead of all of them. INBOX and the
	// Sent folders are read in any case: the reply rules rest on them.
	Folders []string
	Clock   Clock
	// Pace is how long the watching connection waits between two signs of life;
	// zero means idleFor or pollEvery, in steps of longestWait. The simulation
	// gives a slower one.
	Pace time.Duration
}

// Mailbox is one account. Its methods are safe for concurrent use; they share
// one connection for work, one after the other, and Watch has its own.
type Mailbox struct {
	cfg Config
	// work holds the desk while nobody works at it. Who takes it out owns it: a
	// mutex would stall virtual time.
	work chan *desk
	life context.Context // ends with Close
	end  context.CancelFunc
	once sync.Once
	deaf atomic.Int32 // watches in a row whose first IDLE was left without an answer
}

// New checks the configuration. It opens no connection.
func New(cfg Config) (*Mailbox, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("setting up imap: %w", err)
	}
	life, end := context.WithCancel(context.Background())
	m := &Mailbox{cfg: cfg, work: make(chan *desk, 1), life: life, end: end}
	m.work <- &desk{floors: map[string]mailer.Cursor{}}
	return m, nil
}

func (c Config) check() error {
	switch {
	case c.Host == "":
		return errors.New("no host")
	case c.Clock == nil:
		return errors.New("no clock")
	case c.Password == nil:
		return errors.New("no password")
	case c.Security != TLS && c.Security != STARTTLS && c.Security != Insecure:
		return fmt.Errorf("unknown security %q, expected tls, starttls or insecure", c.Security)
	case c.Security == Insecure && !c.inProcess() && !isLoopback(c.Host):
		return fmt.Errorf("insecure works on loopback only, not with %s", c.Host)
	}
	return nil
}

func (c Config) inProcess() bool { return c.InProcess && c.Dial != nil }

// isLoopback takes the name localhost on trust; the address it led to is
// looked at again once the connection stands.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// endsHere looks at the address that a name led to: "localhost" is only a word.
func endsHere(conn net.Conn) bool {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// Close ends what is under way and closes the connections. It waits for the
// work connection, not for Watch.
func (m *Mailbox) Close() error {
	m.once.Do(func() {
		m.end()
		d := <-m.work
		d.drop()
		m.work <- d
	})
	return nil
}

// errClosed is what every method answers after Close.
var errClosed = errors.New("mailbox is closed")

// live returns a context that also ends when the mailbox is closed.
func (m *Mailbox) live(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	if m.life.Err() != nil {
		cancel(errClosed)
	}
	stop := context.AfterFunc(m.life, func() { cancel(errClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

// desk is the connection that does not idle, and what is remembered with it.
type desk struct {
	session *session // nil until it is needed
	// floors says per folder up to where a reading without a cursor went: holes
	// among the message numbers below it are old and mean nothing.
	floors map[string]mailer.Cursor
	// bareSince is since when the server lists no folder but INBOX although others were
	// read, zero if it does not.
	bareSince time.Time
}

func (d *desk) drop() {
	if d.session != nil {
		d.session.close()
		d.session = nil
	}
}

// lease is the right to use the desk. One goroutine has it.
type lease struct {
	*desk
	box   *Mailbox
	dials int
	used  bool // the session was dialled or found alive under this lease
}

// borrow waits for the desk. The caller must call release.
func (m *Mailbox) borrow(ctx context.Context) (*lease, error) {
	return m.borrowTo(ctx, (*session).noop)
}

// borrowTo asks a kept connection for a sign of life in a way of its own.
func (m *Mailbox) borrowTo(ctx context.Context, ask func(*session, context.Context) error) (*lease, error) {
	select {
	case d := <-m.work:
		l := &lease{desk: d, box: m}
		if ctx.Err() != nil {
			l.release()
			return nil, context.Cause(ctx)
		}
		l.wake(ctx, ask)
		return l, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// wake drops a kept connection that does not answer any more: a half-open link
// looks alive for weeks.
func (l *lease) wake(ctx context.Context, ask func(*session, context.Context) error) {
	if l.session != nil && ask(l.session, ctx) != nil {
		l.drop()
	}
}

// maxDials bounds the connections of one lease, so that a server that cuts
// every answer is not dialled for ever. The last ones are not for fetching:
// they settle what was fetched.
const (
	maxDials      = 64
	settlingDials = 2
)

// open returns the live session, connecting if there is none. A server that
// ended the one in use and asked for patience is not dialled again.
func (l *lease) open(ctx context.Context) (*session, error) {
	if l.session != nil && !l.session.dead() {
		l.used = true
		return l.session, nil
	}
	if l.session != nil && l.used {
		if err := l.session.guard.loss(); errors.Is(err, errPatience) {
			return nil, err
		}
	}
	l.drop()
	if l.dials++; l.dials > maxDials {
		return nil, errTooManyDials
	}
	s, err := l.box.connect(ctx)
	if err != nil {
		return nil, err
	}
	l.session, l.used = s, true
	return s, nil
}

// release gives the desk back, without its connection if that is dead.
func (l *lease) release() {
	if l.session != nil && (l.session.dead() || l.session.listing != nil) {
		l.drop()
	}
	l.box.work <- l.desk
}
