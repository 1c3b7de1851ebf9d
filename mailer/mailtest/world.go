// Package mailtest is a mail provider and the people behind it, in process: an
// SMTP server, an IMAP server with one account, and persons who answer, are
// away, bounce or stay silent by script. Faults can be had at every byte. The
// sandbox of the program and the end-to-end tests stand on it.
//
// Everything runs inside a testing/synctest bubble as well as in real time: no
// socket is opened unless ServeTCP is called, and all that is scripted follows
// the Clock.
package mailtest

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

// Security is how a server protects its connections.
type Security int

// The ways of protection. The zero value is the program's default.
const (
	ImplicitTLS Security = iota
	STARTTLS
	Plaintext
)

// SMTPOptions are the habits of the sending server.
type SMTPOptions struct {
	Security       Security
	UTF8           bool          // announces SMTPUTF8 (RFC 6531)
	MaxBytes       int64         // announced by SIZE; 0 for no limit
	GreylistAlways bool          // 451@ is put off every time, not only the first
	Slow           time.Duration // how late slow@ is answered; 0 means 5 minutes
	Rewrite        bool          // replaces Message-ID and Date, as some providers do
	BareID         bool          // with Rewrite: the answer to the dot names only what stands before the host
	FileSent       bool          // files its own copy in Sent
	SentDelay      time.Duration // how late that copy appears
	SelfDelay      time.Duration // how late mail to the account itself arrives
}

// IMAPOptions are the habits of the reading server.
type IMAPOptions struct {
	Security Security
	Without  []imap.Cap // capabilities that it does not have, such as imap.CapIdle
}

// Options describe a World. The zero value of each field has a meaning.
type Options struct {
	Clock     Clock                   // nil means RunningClock
	Network   *Network                // nil means a new one
	Address   string                  // the account's; "" means dana@example.org
	Aliases   []string                // further addresses of the account
	Username  string                  // "" means Address
	Password  string                  // "" means "secret"
	Token     string                  // for XOAUTH2 or OAUTHBEARER; "" refuses every token
	TokenFits func(token string) bool // in the place of Token, for tokens that end; may be nil
	Host      string                  // the servers' name; "" means mail.sandbox.example
	CertHosts []string                // further names in the certificate; Host, localhost and loopback are in it
	Seed      uint64                  // of the Message-IDs of people
	Rand      io.Reader               // of the keys; nil means crypto/rand
	Delivered func(id string)         // called with the Message-ID of each mail that arrives in INBOX, while the clock is held
	SMTP      SMTPOptions
	IMAP      IMAPOptions
	// OAuthBearer: tokens are taken by the mechanism of RFC 7628, and not by XOAUTH2.
	OAuthBearer bool
	// NoTranscripts leaves out what Transcripts returns: in a world of weeks nobody reads it.
	NoTranscripts bool
}

// World is the provider and its people. All methods are safe for concurrent
// use.
type World struct {
	options   Options
	clock     Clock
	network   *Network
	authority *authority
	account   *account
	agenda    *agenda
	freeze    gate
	smtp      *smtp.Server
	imap      *imapserver.Server
	intake    map[string]*intake
	work      sync.WaitGroup // goroutines of this package, and open connections

	mu         sync.Mutex
	password   string
	token      string
	accepted   []Accepted
	people     map[string]scripted
	greylisted map[string]bool
	letters    int // Message-IDs given out
	records    []*recorder
	commands   map[string]int
	conns      map[string]int
	open       map[*tap]bool
	listeners  []net.Listener
	closed     bool
}

// New starts both servers on the network's endpoints SMTP and IMAP. Close ends
// them.
func New(o Options) (*World, error) {
	w := &World{
		options:    o.withDefaults(),
		people:     make(map[string]scripted),
		greylisted: make(map[string]bool),
		commands:   make(map[string]int),
		conns:      make(map[string]int),
		open:       make(map[*tap]bool),
	}
	w.clock, w.network = w.options.Clock, w.options.Network
	w.password, w.token = w.options.Password, w.options.Token
	if err := w.certify(); err != nil {
		return nil, err
	}
	atSMTP, err := w.network.Listen(SMTP)
	if err != nil {
		return nil, err
	}
	atIMAP, err := w.network.Listen(IMAP)
	if err != nil {
		return nil, errors.Join(err, atSMTP.Close())
	}
	w.account = newAccount(w.clock.Now)
	w.agenda = newAgenda(w.clock)
	w.startServers()
	w.serve(SMTP, atSMTP)
	w.serve(IMAP, atIMAP)
	return w, nil
}

// certify makes the certificates, unless no server needs any.
func (w *World) certify() error {
	if w.options.SMTP.Security == Plaintext && w.options.IMAP.Security == Plaintext {
		w.authority = &authority{pool: x509.NewCertPool()}
		return nil
	}
	hosts := append([]string{w.options.Host, "localhost", "127.0.0.1", "::1"}, w.options.CertHosts...)
	var err error
	w.authority, err = newAuthority(w.options.Rand, hosts)
	return err
}

// withDefaults fills in what was left empty.
func (o Options) withDefaults() Options {
	text := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	text(&o.Address, "dana@example.org")
	text(&o.Username, o.Address)
	text(&o.Password, "secret")
	text(&o.Host, "mail.sandbox.example")
	if o.Clock == nil {
		o.Clock = RunningClock{}
	}
	if o.Network == nil {
		o.Network = NewNetwork()
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.SMTP.Slow == 0 {
		o.SMTP.Slow = 5 * time.Minute
	}
	return o
}

// Network returns the network that the servers listen on.
func (w *World) Network() *Network { return w.network }

// CertPool returns the authority that clients must trust, empty if both servers
// are in plain text.
func (w *World) CertPool() *x509.CertPool { return w.authority.pool.Clone() }

// Host returns the name that clients find in the certificate.
func (w *World) Host() string { return w.options.Host }

// Accepted returns every message that the SMTP server took, in order.
func (w *World) Accepted() []Accepted {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.accepted)
}

// AcceptedTo returns the messages that the server took for one recipient.
func (w *World) AcceptedTo(address string) []Accepted {
	return slices.DeleteFunc(w.Accepted(), func(a Accepted) bool {
		return !slices.ContainsFunc(a.To, func(to string) bool { return bareAddress(to) == bareAddress(address) })
	})
}

// Waiting returns how many scripted things have not happened yet.
func (w *World) Waiting() int { return w.agenda.waiting() }

// SetPassword changes the account's password for logins to come.
func (w *World) SetPassword(password string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.password = password
}

// SetToken changes the account's XOAUTH2 token; "" refuses every token.
func (w *World) SetToken(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.token = token
}

// passwordFits checks a login.
func (w *World) passwordFits(username, password string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return username == w.options.Username && same(password, w.password)
}

// tokenFits checks an XOAUTH2 login.
func (w *World) tokenFits(username, token string) bool {
	if fits := w.options.TokenFits; fits != nil {
		return username == w.options.Username && fits(token)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.token != "" && username == w.options.Username && same(token, w.token)
}

// same compares secrets in constant time, as a server should.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// newID returns the Message-ID of the next letter.
func (w *World) newID(domain string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.letters++
	return w.makeID("letter", w.letters, domain)
}

// makeID derives a Message-ID from the seed and a number: the same script
// always gives the same IDs.
func (w *World) makeID(kind string, number int, domain string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", w.options.Seed, kind, number))
	return fmt.Sprintf("<%x.%d@%s>", sum[:8], number, domain)
}

// delivered tells who asked that a mail has arrived.
func (w *World) delivered(id string) {
	if w.options.Delivered != nil {
		w.options.Delivered(id)
	}
}

// hides says whether the IMAP server does without a capability.
func (w *World) hides(c imap.Cap) bool { return slices.Contains(w.options.IMAP.Without, c) }

// serverTLS returns the servers' side of TLS.
func (w *World) serverTLS() *tls.Config { return w.authority.serverTLS() }
