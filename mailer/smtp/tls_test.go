package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// tlsCase is one way in which a session may or may not become secure.
type tlsCase struct {
	security string
	names    []string                // of the certificate
	distrust bool                    // its issuer is unknown
	expired  bool                    // it ended in 1999, the day after it began
	change   func(*server)           // the server's misbehaviour
	dial     func(DialFunc) DialFunc // the attacker's
	want     mailer.Outcome          // deferred means: nothing secret left
	cause    func(t *testing.T, err error)
}

func (c tlsCase) run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cert, pool := testCertificate(t, c.names...)
		if c.expired {
			cert, pool = testCertificateUntil(t, time.Date(1999, 1, 2, 0, 0, 0, 0, time.UTC), c.names...)
		}
		if c.distrust {
			pool = x509.NewCertPool()
		}
		s := newServer()
		dial := s.dial(t)
		if c.dial != nil {
			dial = c.dial(dial)
		}
		config := plainConfig(dial)
		secured(c.security, cert, func(conf *Config) { conf.RootCAs = pool })(s, &config)
		if c.change != nil {
			c.change(s)
		}
		r := newSender(t, config).Send(t.Context(), testMessage(), agree)
		s.cutAll()
		synctest.Wait()
		if r.Outcome != c.want {
			t.Fatalf("got %+v, want %v", r, c.want)
		}
		checkHonest(t, r, len(s.messages()))
		if c.want == mailer.Deferred {
			c.checkNothingLeft(t, s, r)
		}
	})
}

func (c tlsCase) checkNothingLeft(t *testing.T, s *server, r mailer.Receipt) {
	if r.Phase != mailer.PhaseConnect || r.AuthRefused {
		t.Errorf("got %+v", r)
	}
	for _, command := range s.commands() {
		if strings.HasPrefix(command, "AUTH") || strings.HasPrefix(command, "MAIL") {
			t.Errorf("%q left over a line that is not secure", command)
		}
	}
	if c.cause != nil {
		c.cause(t, r.Err)
	}
}

// caused expects one error in the chain.
func caused(want error) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		if !errors.Is(err, want) {
			t.Errorf("cause %v, want %v", err, want)
		}
	}
}

func wrongHost(t *testing.T, err error) {
	var wrong x509.HostnameError
	if !errors.As(err, &wrong) {
		t.Errorf("cause %v, want a wrong host name", err)
	}
}

func hasEnded(t *testing.T, err error) {
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) || invalid.Reason != x509.Expired {
		t.Errorf("cause %v, want a certificate that has expired", err)
	}
}

func TestSessionsAreSecureOrNotAtAll(t *testing.T) {
	t.Parallel()
	good := []string{"mx.example.org"}
	old := func(s *server) {
		s.cert = &tls.Config{Certificates: s.cert.Certificates, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	}
	tls12 := func(s *server) { s.cert = &tls.Config{Certificates: s.cert.Certificates, MaxVersion: tls.VersionTLS12} }
	stripped := func(s *server) { s.offers = []string{"AUTH PLAIN"} }
	injecting := func(text string) func(*server) {
		return func(s *server) {
			s.answer = func(verb string, _ int) string {
				if verb == "STARTTLS" {
					return text
				}
				return ""
			}
		}
	}
	for name, c := range map[string]tlsCase{
		"tls":                  {security: TLS, names: good, want: mailer.Accepted},
		"starttls":             {security: STARTTLS, names: good, want: mailer.Accepted},
		"tls 1.2":              {security: TLS, names: good, change: tls12, want: mailer.Accepted},
		"tls 1.1":              {security: TLS, names: good, change: old, want: mailer.Deferred},
		"starttls with 1.1":    {security: STARTTLS, names: good, change: old, want: mailer.Deferred},
		"other host":           {security: TLS, names: []string{"evil.example"}, want: mailer.Deferred, cause: wrongHost},
		"starttls, other host": {security: STARTTLS, names: []string{"evil.example"}, want: mailer.Deferred, cause: wrongHost},
		"expired":              {security: TLS, names: good, expired: true, want: mailer.Deferred, cause: hasEnded},
		"starttls, expired":    {security: STARTTLS, names: good, expired: true, want: mailer.Deferred, cause: hasEnded},
		"unknown issuer":       {security: TLS, names: good, distrust: true, want: mailer.Deferred},
		"stripped":             {security: STARTTLS, names: good, change: stripped, want: mailer.Deferred, cause: caused(errNoSTARTTLS)},
		"refused":              {security: STARTTLS, names: good, change: injecting("454 4.7.0 not now\r\n"), want: mailer.Deferred},
		"injected reply":       {security: STARTTLS, names: good, change: injecting("220 ready\r\n250-mx\r\n250 AUTH PLAIN\r\n"), want: mailer.Deferred, cause: caused(errInjected)},
		"injected byte":        {security: STARTTLS, names: good, change: injecting("220 ready\r\n\n"), want: mailer.Deferred, cause: caused(errInjected)},
		"plain text for tls":   {security: TLS, names: good, change: func(s *server) { s.implicit = false }, want: mailer.Deferred},
		"hello only in clear":  {security: STARTTLS, names: good, change: func(s *server) { s.cert = nil }, want: mailer.Deferred},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

// TestInsecureStaysOnThisMachine has localhost lead to another machine.
func TestInsecureStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	check := func(remote string, want mailer.Outcome) {
		t.Run(remote, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				dial := s.dial(t)
				config := plainConfig(func(ctx context.Context, network, addr string) (net.Conn, error) {
					conn, err := dial(ctx, network, addr)
					return elsewhere{conn, remote}, err
				})
				config.Host, config.InProcess = "localhost", false
				r := newSender(t, config).Send(t.Context(), testMessage(), agree)
				if r.Outcome != want || (want == mailer.Deferred) != errors.Is(r.Err, errNotHere) {
					t.Errorf("got %+v, want %v", r, want)
				}
			})
		})
	}
	check("127.0.0.1:587", mailer.Accepted)
	check("[::1]:587", mailer.Accepted)
	check("192.0.2.7:587", mailer.Deferred)
	check("localhost:587", mailer.Deferred) // an address is needed, not one more name
}

type elsewhere struct {
	net.Conn
	addr string
}

func (e elsewhere) RemoteAddr() net.Addr { return textAddr(e.addr) }

type textAddr string

func (textAddr) Network() string  { return "tcp" }
func (a textAddr) String() string { return string(a) }
