package mailtest

import (
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/wneessen/go-mail/smtp"
)

// The words of the tests' account.
const (
	dana = "dana@example.org"
	ken  = "ken@acme.example"
)

// inBubble runs a test with virtual time. The bubble itself fails the test if
// a goroutine is left behind.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// newWorld starts a world that ends with the test.
func newWorld(t *testing.T, o Options) *World {
	t.Helper()
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("closing the world: %v", err)
		}
	})
	return w
}

// plaintext are options without TLS, where every byte on the wire is told.
func plaintext() Options {
	return Options{SMTP: SMTPOptions{Security: Plaintext}, IMAP: IMAPOptions{Security: Plaintext}}
}

// must stops the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dial connects to an endpoint, inside TLS where the world has it implicit.
func dial(t *testing.T, w *World, endpoint string) net.Conn {
	t.Helper()
	conn, err := w.Network().Dial(t.Context(), endpoint)
	must(t, err)
	security := w.options.SMTP.Security
	if endpoint == IMAP {
		security = w.options.IMAP.Security
	}
	if security == ImplicitTLS {
		conn = tls.Client(conn, clientTLS(w))
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// clientTLS trusts the world's authority and nothing else.
func clientTLS(w *World) *tls.Config {
	return &tls.Config{RootCAs: w.CertPool(), ServerName: w.Host(), MinVersion: tls.VersionTLS12}
}

// smtpClient is a real client that has logged in.
func smtpClient(t *testing.T, w *World) *smtp.Client {
	t.Helper()
	c, err := smtp.NewClient(dial(t, w, SMTP), w.Host())
	must(t, err)
	must(t, c.Hello("laptop.example"))
	must(t, c.Auth(smtp.PlainAuth("", dana, "secret", w.Host(), true)))
	return c
}

// The steps of transmit.
const (
	atMail = "mail"
	atRcpt = "rcpt"
	atData = "data"
	atDot  = "dot"
	done   = "done"
)

// transmit sends one message as the program does and tells how far it came.
func transmit(c *smtp.Client, to string, raw []byte) (step string, reply string, err error) {
	if err := c.Mail("<" + dana + ">"); err != nil {
		return atMail, "", err
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return atRcpt, "", err
	}
	w, err := c.Data()
	if err != nil {
		return atData, "", err
	}
	if _, err := w.Write(raw); err != nil {
		return atData, "", err
	}
	if err := w.Close(); err != nil {
		return atDot, "", err
	}
	return done, w.(*smtp.DataCloser).ServerResponse(), nil
}

// send sends a message that must be accepted.
func send(t *testing.T, w *World, to string, raw []byte) {
	t.Helper()
	c := smtpClient(t, w)
	if step, _, err := transmit(c, to, raw); err != nil {
		t.Fatalf("sending to %s failed at %s: %v", to, step, err)
	}
	must(t, c.Quit())
}

// note is a small thank-you.
func note(to, id, subject string) []byte {
	return []byte(strings.Join([]string{
		"From: Dana Reyes <" + dana + ">",
		"To: Ken Osei <" + to + ">",
		"Subject: " + subject,
		"Date: Mon, 23 Nov 2026 09:30:00 +0100",
		"Message-ID: " + id,
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"",
		"Hi Ken,",
		"",
		"thank you for your time yesterday.",
		".a line that begins with a dot",
		"",
	}, "\r\n"))
}

// code returns the SMTP code of an error, 0 for an error without one.
func code(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// imapClient is a real client that has logged in.
func imapClient(t *testing.T, w *World, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c := imapclient.New(dial(t, w, IMAP), o)
	t.Cleanup(func() { c.Close() })
	must(t, c.Login(dana, "secret").Wait())
	return c
}

// only returns the one element that must be there.
func only[T any](t *testing.T, all []T) T {
	t.Helper()
	if len(all) != 1 {
		t.Fatalf("got %d of them, want exactly one: %+v", len(all), all)
	}
	return all[0]
}

// contains fails unless text holds every part.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}

// ledger collects words from several goroutines.
type ledger struct {
	mu    sync.Mutex
	words []string
}

// add appends a word.
func (l *ledger) add(word string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.words = append(l.words, word)
}

// String joins the words so far.
func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.words, " ")
}

// later lets virtual time pass and everything come to rest.
func later(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
