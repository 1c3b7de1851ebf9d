package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	library "github.com/wneessen/go-mail/smtp"

	"afterword/mailer"
)

const (
	dialTimeout  = time.Minute
	helloTimeout = 5 * time.Minute // RFC 5321 section 4.5.3.2.1
	loginTimeout = 2 * time.Minute
)

var (
	errNoSTARTTLS = errors.New("the server offers no STARTTLS, and the account requires it")
	errInjected   = errors.New("text was slipped in before TLS began: somebody may sit on the line")
	errNotHere    = errors.New("security is insecure and the address is not on this machine")
)

// open connects, secures and logs in. A refused login is tried once more with
// the password read anew: it may have been changed since, and tokens expire.
func (s *Sender) open(ctx context.Context) (*session, *failure) {
	password, failed := s.password(ctx)
	if failed == nil {
		var opened *session
		if opened, failed = s.openWith(ctx, password); failed == nil {
			return opened, nil
		}
	}
	if !failed.authRefused || ctx.Err() != nil {
		return nil, failed
	}
	if password, failed = s.password(mailer.AskAnew(ctx, password)); failed != nil {
		return nil, failed
	}
	return s.openWith(ctx, password)
}

// openWith logs in with a password that was read before it dials, because asking
// a keyring may take longer than a server waits for a login.
func (s *Sender) openWith(ctx context.Context, password string) (*session, *failure) {
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, &failure{phase: mailer.PhaseConnect, err: because(ctx, fmt.Errorf("dialling: %w", err))}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	opened := &session{conn: conn, secrets: newSecrets(s.config, password)}
	if failed := s.enter(ctx, opened, password); failed != nil {
		_ = conn.Close()
		failed.err = opened.secrets.hideError(because(ctx, failed.err))
		return nil, failed
	}
	return opened, nil
}

func (s *Sender) password(ctx context.Context) (string, *failure) {
	if s.config.Username == "" {
		return "", nil
	}
	password, err := s.config.Password(ctx)
	if err == nil && password == "" {
		err = errors.New("it is empty")
	}
	if err != nil {
		return "", &failure{phase: mailer.PhaseAuth, err: fmt.Errorf("reading the password: %w", err), authRefused: errors.Is(err, mailer.ErrLoginRefused)}
	}
	return password, nil
}

func (s *Sender) dial(ctx context.Context) (*boundedConn, error) {
	dial := s.config.Dial
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := dial(ctx, "tcp", s.config.addr())
	if err != nil {
		return nil, err
	}
	if s.config.Security == Insecure && !s.config.inProcess() && !endsHere(conn) {
		_ = conn.Close()
		return nil, errNotHere
	}
	return newBoundedConn(conn), nil
}

// endsHere looks at the address that a name led to: "localhost" is only a word.
func endsHere(conn net.Conn) bool {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	return err == nil && host != "localhost" && isLoopback(host)
}

// enter takes a fresh connection to the point where MAIL may be said.
func (s *Sender) enter(ctx context.Context, opened *session, password string) *failure {
	if failed := s.greet(ctx, opened); failed != nil {
		return failed
	}
	if s.config.Username != "" {
		if failed := s.login(opened, password); failed != nil {
			return failed
		}
	}
	if err := opened.conn.SetDeadline(time.Time{}); err != nil {
		return &failure{phase: mailer.PhaseConnect, err: err}
	}
	return nil
}

// wrap begins TLS where it is to stand from the first byte.
func (s *Sender) wrap(ctx context.Context, conn net.Conn) (net.Conn, error) {
	if s.config.Security != TLS {
		return conn, nil
	}
	secured := tls.Client(conn, s.config.tlsConfig())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("beginning TLS: %w", err)
	}
	return secured, nil
}

// mechanism picks a login that both sides know, nil if there is none. PLAIN is
// first: the session is encrypted to a verified server or never leaves this
// machine, and it is the one that servers get right. The library's own refusal
// to use it in the clear is lifted because Config.check forbids that earlier.
func (s *Sender) mechanism(offered []string, password string) library.Auth {
	user, host := s.config.Username, s.config.Host
	switch {
	case s.config.OAuth:
		if slices.Contains(offered, "XOAUTH2") {
			return library.XOAuth2Auth(user, password)
		}
		if slices.Contains(offered, mailer.OAuthBearer) {
			return bearer(mailer.OAuthBearerLogin(user, host, s.config.Port, password))
		}
	case slices.Contains(offered, "PLAIN"):
		return library.PlainAuth("", user, password, host, true)
	case slices.Contains(offered, "LOGIN"):
		return library.LoginAuth(user, password, host, true)
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return library.ScramSHA256Auth(user, password)
	case slices.Contains(offered, "CRAM-MD5"):
		return library.CRAMMD5Auth(user, password)
	}
	return nil
}

// bearer is the login by OAUTHBEARER, which the library does not know: what is said first.
type bearer []byte

// Start implements library.Auth.
func (b bearer) Start(*library.ServerInfo) (name string, first []byte, err error) {
	return mailer.OAuthBearer, b, nil
}

// Next implements library.Auth. All that a server asks is to be heard out.
func (b bearer) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return mailer.OAuthBearerNoted(), nil
}

// because names the end of the context as the cause where there is one: the
// closed connection is only how it shows.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("stopping the session: %w", context.Cause(ctx))
	}
	return err
}
