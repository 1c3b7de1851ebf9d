// Package realmail starts a real Dovecot and a real Postfix for tests: on
// loopback, from one temporary folder, for one candidate. It is test support
// and no part of the program.
//
// Mail to the candidate's domain goes from Postfix by LMTP to Dovecot. Mail to
// anybody else ends in a Maildir, one file for each recipient, and is counted
// there; nothing is ever relayed and no name is looked up. Any user name logs
// in to Dovecot with the one password and finds an account of its own.
package realmail

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The account that the servers hold for the candidate.
const (
	Host     = "localhost" // the name in the certificate
	Domain   = "example.org"
	Username = "dana@" + Domain
	Password = "secret-of-the-tests"
)

// required is the value of AFTERWORD_REALMAIL under which missing servers are a
// failure and no reason to skip.
const required = "required"

// Servers are one Dovecot and one Postfix that work together. All methods are
// safe for concurrent use but for the starting and stopping of one server.
type Servers struct {
	Dovecot, Postfix *Server
	Ports            Ports
	RootCAs          *x509.CertPool // trusts the certificate of both
	Authority        string         // a file with the authority that signed it
	dir              string
	password         string // that Dovecot takes now
}

// Ports are where the servers listen on 127.0.0.1.
type Ports struct {
	IMAP, IMAPS int // plain text, and TLS from the first byte
	SMTP, SMTPS int // plain text without a login, and submission with one over TLS
	LMTP        int // Dovecot's delivery
}

// Start starts both servers and ends them with the test, also when it fails or
// its process dies. Where they cannot be had the test is skipped with the
// reason, or fails if AFTERWORD_REALMAIL is "required".
func Start(t testing.TB) *Servers {
	t.Helper()
	return StartWithTokens(t, "")
}

// StartWithTokens is Start with servers that also take the access tokens of an
// authorization server (XOAUTH2 and, by RFC 7628, OAUTHBEARER): Dovecot asks it
// at the address what each is worth (RFC 7662). No address means none.
func StartWithTokens(t testing.TB, introspection string) *Servers {
	t.Helper()
	if err := missing(); err != nil {
		if os.Getenv("AFTERWORD_REALMAIL") == required {
			t.Fatalf("starting real mail servers: %v", err)
		}
		t.Skipf("no real mail servers here: %v", err)
	}
	s, err := prepare(t, introspection)
	if err != nil {
		t.Fatalf("preparing real mail servers: %v", err)
	}
	for _, server := range []*Server{s.Dovecot, s.Postfix} {
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Errorf("%v", err)
			}
			if t.Failed() {
				t.Logf("%s wrote:\n%s", server.name, tail(server.log))
			}
		})
		if err := server.Start(); err != nil {
			t.Fatalf("%v", err)
		}
	}
	return s
}

// missing says what this machine lacks: the programs, or the rights that
// Postfix asks for.
func missing() error {
	for _, name := range []string{"dovecot", "postfix", "postconf", "sh"} {
		if _, err := program(name); err != nil {
			return fmt.Errorf("%s is not installed", name)
		}
	}
	if os.Geteuid() != 0 {
		return errors.New("postfix starts as root only")
	}
	return nil
}

// program finds a program, also where only root's PATH leads.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath(filepath.Join("/usr/sbin", name))
}

// prepare lays out the folder of both servers. It stands directly below /tmp and
// not where the tests' own folders do, because the path of a Unix socket is at
// most 107 bytes long.
func prepare(t testing.TB, introspection string) (*Servers, error) {
	dir, err := os.MkdirTemp("/tmp", "realmail-")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("removing the servers' folder: %v", err)
		}
	})
	// The servers' own users must reach what is theirs below it.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	s := &Servers{dir: dir, password: Password, Authority: filepath.Join(dir, authorityFile)}
	var release func()
	if s.Ports, release, err = freePorts(); err != nil {
		return nil, err
	}
	t.Cleanup(release)
	if s.RootCAs, err = writeCertificate(dir); err != nil {
		return nil, err
	}
	o, err := lookUp("nobody") // who owns nothing else; Dovecot stores no mail as root
	if err != nil {
		return nil, err
	}
	l := layout{Dir: dir, Ports: s.Ports, owner: o, Domain: Domain, Password: Password, Folders: folders(), Introspection: introspection}
	if s.Dovecot, err = newDovecot(l); err != nil {
		return nil, err
	}
	s.Postfix, err = newPostfix(l)
	return s, err
}

// SetPassword changes the one password, as a provider does: Dovecot is started
// anew, and whoever was logged in must log in again.
func (s *Servers) SetPassword(password string) error {
	conf := filepath.Join(s.dir, "dovecot.conf")
	text, err := os.ReadFile(conf)
	if err != nil {
		return fmt.Errorf("changing the password: %w", err)
	}
	if err := s.Dovecot.Stop(); err != nil {
		return err
	}
	changed := strings.ReplaceAll(string(text), s.password, password)
	if err := os.WriteFile(conf, []byte(changed), 0o644); err != nil {
		return fmt.Errorf("changing the password: %w", err)
	}
	s.password = password
	return s.Dovecot.Start()
}

// layout is what the configurations are filled in with.
type layout struct {
	Dir string
	Ports
	owner
	Domain, Password string
	Folders          []string
	Introspection    string // where Dovecot asks what an access token is worth, "" if it takes none
}

// folders are those of a new account beside INBOX; each bears the name of its
// special use (RFC 6154).
func folders() []string { return []string{"Sent", "Drafts", "Junk", "Trash", "Archive"} }

// owner is whom files belong to.
type owner struct{ UID, GID int }

// lookUp finds a user of this machine by name.
func lookUp(name string) (owner, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return owner{}, fmt.Errorf("choosing an owner of files: %w", err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return owner{}, fmt.Errorf("choosing an owner of files: %w", err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return owner{}, fmt.Errorf("choosing an owner of files: %w", err)
	}
	return owner{UID: uid, GID: gid}, nil
}

// folder makes a folder that belongs to the owner.
func (o owner) folder(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	return os.Chown(path, o.UID, o.GID)
}
