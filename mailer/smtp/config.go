package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// The ways to secure a session.
const (
	TLS      = "tls"      // TLS from the first byte (RFC 8314 section 3.3)
	STARTTLS = "starttls" // upgrade before anything else, mandatory (RFC 3207)
	Insecure = "insecure" // plain text, to a server on this machine only
)

// literalHello is the name given in EHLO when none is configured. RFC 5321
// section 4.1.4 asks a client without a name of its own for an address literal.
// The loopback address says nothing about the candidate's machine or network,
// and unlike "localhost" it passes servers that insist on a qualified name.
const literalHello = "[127.0.0.1]"

// DialFunc opens a connection to addr, "host:port".
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Config says how to reach and enter a submission server.
type Config struct {
	Host     string
	Port     int
	Security string // TLS, STARTTLS or Insecure

	// Username may be empty for a server that asks for no login; then Password
	// is never called.
	Username string
	// Password returns the password or, with OAuth, the access token. It is
	// called anew for every login and never kept.
	Password func(ctx context.Context) (string, error)
	OAuth    bool // log in by XOAUTH2 or OAUTHBEARER

	RootCAs *x509.CertPool // nil: the system's
	Dial    DialFunc       // nil: TCP with keep-alive
	// InProcess says that Dial leads to a server inside this process. It lifts
	// the rule that Insecure reaches loopback addresses only.
	InProcess bool

	HelloName string // "": the loopback address literal
	// AnswerTimeout limits the wait for the answer to the final dot. Zero means
	// ten minutes, the least that RFC 5321 section 4.5.3.2.6 allows.
	AnswerTimeout time.Duration
}

// check refuses a configuration that cannot work or would not be safe.
func (c Config) check() error {
	if c.Host == "" || strings.ContainsFunc(c.Host, isUnsafe) {
		return fmt.Errorf("reading the server's name: %q is no host name", c.Host)
	}
	if c.Port < 1 || c.Port > 65535 {
		return fmt.Errorf("reading the server's port: %d is outside 1 to 65535", c.Port)
	}
	if strings.ContainsFunc(c.HelloName, isUnsafe) {
		return fmt.Errorf("reading the name for EHLO: %q holds a space or a control character", c.HelloName)
	}
	if c.Username != "" && c.Password == nil {
		return errors.New("reading the login: a user name needs a source for its password")
	}
	if c.AnswerTimeout < 0 {
		return fmt.Errorf("reading the answer timeout: %v is negative", c.AnswerTimeout)
	}
	return c.checkSecurity()
}

func (c Config) checkSecurity() error {
	switch c.Security {
	case TLS, STARTTLS:
		return nil
	case Insecure:
		if c.inProcess() || isLoopback(c.Host) {
			return nil
		}
		return fmt.Errorf("reading the security: insecure reaches this machine only, and %s is another", c.Host)
	}
	return fmt.Errorf("reading the security: %q is none of tls, starttls, insecure", c.Security)
}

func (c Config) inProcess() bool { return c.InProcess && c.Dial != nil }

// withDefaults fills in what was left open.
func (c Config) withDefaults() Config {
	if c.HelloName == "" {
		c.HelloName = literalHello
	}
	if c.AnswerTimeout == 0 {
		c.AnswerTimeout = 10 * time.Minute
	}
	return c
}

func (c Config) addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// tlsConfig verifies the certificate for the configured host and takes TLS 1.2
// or later (RFC 8996 forbids what came before).
func (c Config) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: c.Host, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}
}

// isLoopback takes the name localhost on trust; the address it led to is
// looked at again once the connection stands.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// isUnsafe reports characters that would end or split an SMTP argument.
func isUnsafe(r rune) bool { return r <= ' ' || r == 0x7F }
