package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/wneessen/go-mail/smtp"
)

// Over real loopback sockets the same world answers, in real time.
func TestServeTCP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	smtpAddr, imapAddr, err := w.ServeTCP()
	must(t, err)
	dialTLS := func(addr string) net.Conn {
		conn, err := (&tls.Dialer{Config: clientTLS(w)}).DialContext(t.Context(), "tcp", addr)
		must(t, err)
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	c, err := smtp.NewClient(dialTLS(smtpAddr), w.Host())
	must(t, err)
	must(t, c.Auth(smtp.PlainAuth("", dana, "secret", w.Host(), false)))
	// A reset may overtake the answer on a real socket: only the server is asked.
	_, _, _ = transmit(c, "reset-after-250@acme.example", note(ken, "<one@example.org>", "Hi"))
	only(t, w.Accepted())
	if err := c.Noop(); err == nil {
		t.Error("the connection lives on after the reset")
	}
	must(t, w.Deliver(Inbox, incoming("<x@acme.example>"), time.Time{}))
	in := imapclient.New(dialTLS(imapAddr), nil)
	defer in.Close()
	must(t, in.Login(dana, "secret").Wait())
	selected, err := in.Select(Inbox, nil).Wait()
	must(t, err)
	if selected.NumMessages != 1 {
		t.Errorf("INBOX has %d messages, want 1", selected.NumMessages)
	}
}

// The certificate holds for the servers' names, in every year that a test may
// choose, and for nobody else.
func TestCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{CertHosts: []string{"imap.example.org"}, Rand: rand.NewChaCha8([32]byte{1})})
	leaf, err := x509.ParseCertificate(w.authority.server.Certificate[0])
	must(t, err)
	check := func(name string, year int, good bool) {
		t.Helper()
		_, err := leaf.Verify(x509.VerifyOptions{
			DNSName: name, Roots: w.CertPool(), CurrentTime: time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC),
		})
		if (err == nil) != good {
			t.Errorf("%s in %d: %v", name, year, err)
		}
	}
	check("mail.sandbox.example", 2000, true)
	check("imap.example.org", 2026, true)
	check("127.0.0.1", 2060, true)
	check("smtp.example.org", 2026, false)
	check("mail.sandbox.example", 2101, false)
}

// A source of keys that fails is an error, not a panic.
func TestNoRandomness(t *testing.T) {
	t.Parallel()
	_, err := New(Options{Rand: iotest.ErrReader(io.ErrUnexpectedEOF)})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "making the certificate authority: ") {
		t.Errorf("got %v", err)
	}
}

// Two worlds cannot share a network: the second says so and leaves nothing.
func TestNetworkTaken(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		if _, err := New(Options{Network: w.Network()}); err == nil || !strings.HasPrefix(err.Error(), "listening at smtp: ") {
			t.Errorf("a second world on one network: %v", err)
		}
		n := NewNetwork()
		l, err := n.Listen(IMAP)
		must(t, err)
		defer l.Close()
		if _, err := New(Options{Network: n}); err == nil || !strings.HasPrefix(err.Error(), "listening at imap: ") {
			t.Errorf("IMAP is taken: %v", err)
		}
		again, err := n.Listen(SMTP)
		if err != nil {
			t.Fatalf("the failed world kept its endpoint: %v", err)
		}
		again.Close()
	})
}

// A connection that is in the making when the world closes ends with it.
func TestCloseWithEveryKindOfConnection(t *testing.T) {
	for _, security := range []Security{ImplicitTLS, STARTTLS, Plaintext} {
		inBubbleNamed(t, []string{"tls", "starttls", "plaintext"}[security], func(t *testing.T) {
			w := newWorld(t, Options{SMTP: SMTPOptions{Security: security}, IMAP: IMAPOptions{Security: security}})
			for _, endpoint := range []string{SMTP, IMAP} {
				conn, err := w.Network().Dial(t.Context(), endpoint)
				must(t, err)
				defer conn.Close()
			}
			later(time.Second)
			must(t, w.Close())
			if open := len(w.taps("")); open != 0 {
				t.Errorf("%d connections are open after Close", open)
			}
		})
	}
}

// inBubbleNamed is inBubble as a subtest.
func inBubbleNamed(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { inBubble(t, f) })
}
