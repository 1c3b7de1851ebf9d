package imap

import (
	"bufio"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

func probe(t *testing.T, server *fake, change ...func(*Config)) (Report, error) {
	t.Helper()
	m, _ := server.open(t, change...)
	return m.Probe(t.Context())
}

func TestRefusedLoginIsToldWithoutTheSecret(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.password = "other"
		_, err := probe(t, server, func(c *Config) {
			c.Password = func(context.Context) (string, error) { return "hunter2 is mine", nil }
		})
		if !errors.Is(err, mailer.ErrLoginRefused) || !strings.Contains(err.Error(), "AUTHENTICATIONFAILED") {
			t.Errorf("error is %v", err)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells the secret that the server echoed: %v", err)
		}
	})
}

func TestBusyServerIsNoRefusedLogin(t *testing.T) {
	for _, words := range []string{"[UNAVAILABLE] maintenance", "[ALERT] Too many simultaneous connections.", "[INUSE] locked", "[SERVERBUG] Internal error occurred.", "Temporary failure"} {
		t.Run(words, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "LOGIN") {
						return false
					}
					c.say("%s NO %s\r\n", tag, words)
					return true
				}
				_, err := probe(t, server)
				if !errors.Is(err, mailer.ErrServerBusy) || errors.Is(err, mailer.ErrLoginRefused) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

func TestPasswordThatCannotBeReadIsToldBeforeAnythingIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		missing := errors.New("no such entry")
		_, err := probe(t, server, func(c *Config) {
			c.Password = func(context.Context) (string, error) { return "", missing }
		})
		if !errors.Is(err, missing) || len(server.commands("LOGIN")) != 0 {
			t.Errorf("error is %v", err)
		}
	})
}

// exchange answers AUTHENTICATE and returns what the client said.
func exchange(server *fake, accept bool) *string {
	said := new(string)
	server.hook = func(c *fakeConn, tag, command string) bool {
		if !strings.HasPrefix(command, "AUTHENTICATE") {
			return false
		}
		c.say("+ \r\n")
		line, _ := c.in.ReadString('\n')
		raw, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		*said = command + " " + string(raw)
		if accept {
			c.say("%s OK in\r\n", tag)
			return true
		}
		c.say("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")
		_, _ = c.in.ReadString('\n')
		c.say("%s NO [AUTHENTICATIONFAILED] token expired\r\n", tag)
		return true
	}
	return said
}

func TestPlainIsPreferredToLogin(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.caps += " AUTH=PLAIN"
		said := exchange(server, true)
		if _, err := probe(t, server); err != nil {
			t.Fatal(err)
		}
		if *said != "AUTHENTICATE PLAIN \x00dana\x00secret" {
			t.Errorf("said %q", *said)
		}
	})
}

// TestOAuthBearer: the standard mechanism serves where it alone is announced, and the
// reasons of a refusal are answered as it wants it.
func TestOAuthBearer(t *testing.T) {
	for _, accept := range []bool{true, false} {
		t.Run(map[bool]string{true: "accepted", false: "refused"}[accept], func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.caps += " AUTH=OAUTHBEARER AUTH=PLAIN"
				var said []string
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "AUTHENTICATE") {
						return false
					}
					said = append(said, command)
					for n, ask := range []string{"", "eyJzdGF0dXMiOiI0MDEifQ=="} {
						if n == 1 && accept {
							break
						}
						c.say("+ %s\r\n", ask)
						line, _ := c.in.ReadString('\n')
						raw, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
						said = append(said, string(raw))
					}
					if accept {
						c.say("%s OK in\r\n", tag)
					} else {
						c.say("%s NO [AUTHENTICATIONFAILED] token expired: %s\r\n", tag, base64.StdEncoding.EncodeToString([]byte(said[1])))
					}
					return true
				}
				_, err := probe(t, server, func(c *Config) { c.OAuth = true })
				want := []string{"AUTHENTICATE OAUTHBEARER", "n,a=dana,\x01host=mail.example\x01port=143\x01auth=Bearer secret\x01\x01", "\x01"}
				if accept {
					want = want[:2]
				}
				if !slices.Equal(said, want) {
					t.Errorf("said %q, want %q", said, want)
				}
				if accept != (err == nil) || !accept && (!errors.Is(err, mailer.ErrLoginRefused) || !strings.Contains(err.Error(), "token expired: (hidden)")) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

func TestOAuth(t *testing.T) {
	for _, accept := range []bool{true, false} {
		bubbleName := map[bool]string{true: "accepted", false: "refused"}[accept]
		t.Run(bubbleName, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.caps += " AUTH=OAUTHBEARER AUTH=XOAUTH2 AUTH=PLAIN"
				said := exchange(server, accept)
				_, err := probe(t, server, func(c *Config) { c.OAuth = true })
				if *said != "AUTHENTICATE XOAUTH2 user=dana\x01auth=Bearer secret\x01\x01" {
					t.Errorf("said %q", *said)
				}
				if accept != (err == nil) || !accept && !errors.Is(err, mailer.ErrLoginRefused) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

// TestTokenRefusedInAnOutage: where the authorization server fails while another token
// is asked for, the refusal of the old one says nothing of the user's grant, and the
// user is not told to mend anything. A grant that has ended is told as that.
func TestTokenRefusedInAnOutage(t *testing.T) {
	gone := fmt.Errorf("renewing: %w: %w", mailer.ErrGrantGone, mailer.ErrLoginRefused)
	for name, why := range map[string]error{"an outage": errors.New("out of order"), "a grant that is gone": gone} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.caps += " AUTH=XOAUTH2"
				exchange(server, false)
				_, err := probe(t, server, func(c *Config) {
					c.OAuth = true
					c.Password = func(ctx context.Context) (string, error) {
						if mailer.WasRefused(ctx, "of yesterday") {
							return "", why
						}
						return "of yesterday", nil
					}
				})
				if !errors.Is(err, why) || errors.Is(err, mailer.ErrLoginRefused) != errors.Is(why, mailer.ErrLoginRefused) {
					t.Errorf("the error is %v, want %v", err, why)
				}
			})
		})
	}
}

func TestLoginDisabledSendsNoPassword(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.caps = "IMAP4rev1 LOGINDISABLED"
		_, err := probe(t, server)
		if !errors.Is(err, mailer.ErrLoginRefused) || len(server.commands("LOGIN")) != 0 {
			t.Errorf("error is %v", err)
		}
	})
}

func TestServerThatLogsInUnaskedIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.greeting = "* PREAUTH [CAPABILITY IMAP4rev1] welcome"
		if _, err := probe(t, server); !errors.Is(err, mailer.ErrUnreachable) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestInsecureOnlyWhereNobodyListens(t *testing.T) {
	t.Parallel()
	password := func(context.Context) (string, error) { return "", nil }
	base := Config{Host: "mail.example", Security: Insecure, Password: password, Clock: &bubbleClock{}}
	if _, err := New(base); err == nil || !strings.Contains(err.Error(), "loopback only") {
		t.Errorf("error is %v", err)
	}
	for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
		base.Host = host
		if _, err := New(base); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	base.Security = "ssl"
	if _, err := New(base); err == nil || !strings.Contains(err.Error(), "tls, starttls or insecure") {
		t.Errorf("error is %v", err)
	}
}

// TestInsecureLooksWhereItEnds has localhost lead to another machine: a name is
// only a word, and no password is said there in the clear.
func TestInsecureLooksWhereItEnds(t *testing.T) {
	t.Parallel()
	for addr, allowed := range map[string]bool{"127.0.0.1:143": true, "[::1]:143": true, "192.0.2.7:143": false, "[2001:db8::1]:143": false, "localhost:143": false} {
		t.Run(addr, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				m, _ := server.open(t, func(cfg *Config) {
					cfg.Host, cfg.InProcess = "localhost", false
					cfg.Dial = func(ctx context.Context, network, at string) (net.Conn, error) {
						conn, err := server.dial(ctx, network, at)
						return elsewhere{conn, addr}, err
					}
				})
				_, err := m.Probe(t.Context())
				if (err == nil) != allowed || !allowed && !errors.Is(err, errNotHere) {
					t.Errorf("error is %v, allowed %v", err, allowed)
				}
				if !allowed && len(server.commands("LOGIN"))+len(server.commands("AUTHENTICATE")) != 0 {
					t.Error("the password was sent")
				}
			})
		})
	}
}

type elsewhere struct {
	net.Conn
	addr string
}

func (e elsewhere) RemoteAddr() net.Addr { return textAddr(e.addr) }

type textAddr string

func (textAddr) Network() string  { return "tcp" }
func (a textAddr) String() string { return string(a) }

// certificate makes a server certificate for mail.example and its authority.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	return certificateUntil(t, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
}

func certificateUntil(t *testing.T, end time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"mail.example"},
		NotBefore: time.Unix(0, 0), NotAfter: end,
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// securing puts TLS between dial and the fake server; before is what the server
// says in the clear, line by line, after each line of the client but the first.
func securing(server *fake, cert tls.Certificate, most uint16, before ...string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, end := net.Pipe()
		go func() {
			for i, line := range before {
				if i > 0 {
					if _, err := bufio.NewReader(end).ReadString('\n'); err != nil {
						end.Close()
						return
					}
				}
				_, _ = end.Write([]byte(line))
			}
			secured := tls.Server(end, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: most})
			c := &fakeConn{fake: server, conn: secured, in: bufio.NewReader(secured), left: -1}
			if len(before) > 0 {
				c.started = true
			}
			c.serve()
		}()
		return client, nil
	}
}

func TestTLSAndSTARTTLS(t *testing.T) {
	t.Parallel()
	cert, pool := certificate(t)
	over, overPool := certificateUntil(t, time.Unix(1000, 0))
	for name, c := range map[string]struct {
		security Security
		before   []string
		cert     *tls.Certificate // nil: a good one
		most     uint16           // the server's TLS version; 0: the newest
		host     string
		roots    *x509.CertPool
		want     string // in the error; "" for success
	}{
		"tls":                 {security: TLS, host: "mail.example", roots: pool},
		"tls, other name":     {security: TLS, host: "evil.example", roots: pool, want: "evil.example"},
		"tls, unknown issuer": {security: TLS, host: "mail.example", roots: x509.NewCertPool(), want: "certificate"},
		"tls, expired":        {security: TLS, host: "mail.example", roots: overPool, cert: &over, want: "expired"},
		"tls 1.2":             {security: TLS, host: "mail.example", roots: pool, most: tls.VersionTLS12},
		"tls 1.1":             {security: TLS, host: "mail.example", roots: pool, most: tls.VersionTLS11, want: "protocol version"},
		"starttls with 1.1": {security: STARTTLS, host: "mail.example", roots: pool, most: tls.VersionTLS11,
			before: []string{"* OK hello\r\n", "S1 OK go\r\n"}, want: "protocol version"},
		"starttls, other name": {security: STARTTLS, host: "evil.example", roots: pool,
			before: []string{"* OK hello\r\n", "S1 OK go\r\n"}, want: "evil.example"},
		"starttls": {security: STARTTLS, host: "mail.example", roots: pool,
			before: []string{"* OK hello\r\n", "* OK [ALERT] soon\r\nS1 OK go\r\n"}},
		"starttls refused": {security: STARTTLS, host: "mail.example", roots: pool,
			before: []string{"* OK hello\r\n", "S1 NO not here\r\n"}, want: "not here"},
		"starttls logged in": {security: STARTTLS, host: "mail.example", roots: pool,
			before: []string{"* PREAUTH hello\r\n"}, want: "PREAUTH"},
		"starttls injection": {security: STARTTLS, host: "mail.example", roots: pool,
			before: []string{"* OK hello\r\n", "S1 OK go\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] evil\r\n"}, want: "reached"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				m, _ := server.open(t, func(cfg *Config) {
					cfg.Security, cfg.Host, cfg.RootCAs = c.security, c.host, c.roots
					cfg.Dial = securing(server, *cmp.Or(c.cert, &cert), c.most, c.before...)
				})
				_, err := m.Probe(t.Context())
				if c.want == "" {
					if err != nil {
						t.Errorf("error is %v", err)
					}
					return
				}
				if !errors.Is(err, mailer.ErrUnreachable) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error is %v", err)
				}
				if len(server.commands("LOGIN"))+len(server.commands("AUTHENTICATE")) != 0 {
					t.Error("the password was sent")
				}
			})
		})
	}
}

// TestCapabilitiesAreAskedForOnlyWhereTheyAreNotTold: what a server says of itself in its
// greeting and with the login costs no question, and counts as its answer would.
func TestCapabilitiesAreAskedForOnlyWhereTheyAreNotTold(t *testing.T) {
	t.Parallel()
	const before, after = "IMAP4rev1 AUTH=PLAIN", "IMAP4rev1 IMAP4rev2 IDLE ESEARCH"
	for name, c := range map[string]struct {
		greeting string
		login    []string // what is said to the login, {tag} in the place of its tag
		asked    int
	}{
		"told in both":                     {"* OK [CAPABILITY " + before + "] ready", []string{"{tag} OK [CAPABILITY " + after + "] in"}, 0},
		"told in a line of its own":        {"* OK [capability " + before + "] ready", []string{"* CAPABILITY " + after, "{tag} OK in"}, 0},
		"in a line, with another code":     {"* OK [CAPABILITY " + before + "] ready", []string{"* CAPABILITY " + after, "{tag} OK [ALERT] in"}, 0},
		"not told with the login":          {"* OK [CAPABILITY " + before + "] ready", []string{"{tag} OK in"}, 1},
		"not told in the greeting":         {"* OK ready", []string{"{tag} OK [CAPABILITY " + after + "] in"}, 1},
		"never told":                       {"* OK ready", []string{"{tag} OK in"}, 2},
		"told nothing":                     {"* OK [CAPABILITY] ready", []string{"{tag} OK [CAPABILITY] in"}, 2},
		"a greeting that names no way in":  {"* OK [CAPABILITY IMAP4rev1] ready", []string{"{tag} OK [CAPABILITY " + after + "] in"}, 1},
		"a line before it says something ": {"* OK [CAPABILITY " + before + "] ready", []string{"* OK [CAPABILITY " + after + "] soon", "{tag} OK in"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...))
				server.greeting = c.greeting
				in := false
				server.hook = func(conn *fakeConn, tag, command string) bool {
					switch {
					case command == "CAPABILITY":
						conn.say("* CAPABILITY %s\r\n%s OK done\r\n", map[bool]string{false: before, true: after}[in], tag)
					case strings.HasPrefix(command, "AUTHENTICATE PLAIN"):
						conn.say("+ \r\n")
						_, _ = conn.in.ReadString('\n')
						in = true
						conn.say("%s\r\n", strings.ReplaceAll(strings.Join(c.login, "\r\n"), "{tag}", tag))
					default:
						return false
					}
					return true
				}
				m, _ := server.open(t)
				l, err := m.borrow(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer l.release()
				s, err := l.open(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if asked := len(server.commands("CAPABILITY")); asked != c.asked {
					t.Errorf("asked %d times, want %d", asked, c.asked)
				}
				if !s.caps.Has("ESEARCH") || !s.caps.Has("IDLE") || s.caps.Has("AUTH=PLAIN") || s.caps.Has("IMAP4rev2") || !s.client.Caps().Has("ESEARCH") {
					t.Errorf("known are %v, and to the library %v", s.caps, s.client.Caps())
				}
			})
		})
	}
}
