package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"afterword/internal/config"
	"afterword/internal/oauth"
	"afterword/mailer"
)

// TestAdvice: what is wrong with a server is said so that a candidate knows what
// to do. The errors are those of the libraries, not made up.
func TestAdvice(t *testing.T) {
	t.Parallel()
	cert := &x509.Certificate{DNSNames: []string{"mx.example.org"}, NotAfter: time.Unix(0, 0)}
	failed := func(err error) error {
		return fmt.Errorf("connecting: %w: %w", mailer.ErrUnreachable, &tls.CertificateVerificationError{Err: err})
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{failed(x509.HostnameError{Certificate: cert, Host: "mail.example"}), "another name than account.imap.host"},
		{failed(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "mail.example"}), "another name than account.imap.host"},
		{failed(x509.HostnameError{Certificate: cert, Host: "192.0.2.7"}), "another name than account.imap.host"},
		{failed(x509.UnknownAuthorityError{Cert: cert}), "nobody whom this machine trusts"},
		{failed(x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired}), "this machine's clock"},
		{failed(x509.CertificateInvalidError{Cert: cert, Reason: x509.IncompatibleUsage}), "cannot be trusted"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "write account.imap.security: starttls"},
		{tls.AlertError(70), "versions of TLS that are not safe"},
		{fmt.Errorf("%w: server greets with %q", mailer.ErrUnreachable, "HTTP/1.1 302 Found"), "a web page answers"},
		{fmt.Errorf("reading the greeting: short response: %q", "<html><body>Welcome to our WiFi"), "a web page answers"},
		{fmt.Errorf("%w: %w", mailer.ErrUnreachable, context.DeadlineExceeded), "account.imap.security too"},
		{&net.DNSError{Err: "no such host", Name: "imap.example", IsNotFound: true}, "check account.imap.host"},
		{fmt.Errorf("logging in: %w", mailer.ErrLoginRefused), "app password"},
		{fmt.Errorf("reading the password of dana: %w", &oauth.Refused{Provider: "microsoft", Code: "invalid_grant"}), "log in anew: afterword init --login"},
		{fmt.Errorf("reading the password of dana: %w", &oauth.Refused{Provider: "microsoft", Code: "invalid_client"}), "look at client_id"},
		{fmt.Errorf("reading the password of dana: %w", &oauth.Refused{Provider: "microsoft", Code: "invalid_request"}), "look at client_id"},
		{fmt.Errorf("reading the password of dana: %w", &oauth.Refused{Provider: "microsoft", Code: "interaction_required"}), "log in anew"},
		{errors.New("reading the folder INBOX: opening \"INBOX\": server answers BAD User is authenticated but not connected."), "IMAP is switched off for this mailbox"},
		{errors.New("reading the folder INBOX: opening \"INBOX\": server answers NO [OVERQUOTA] over quota"), "make room in it"},
		{errors.New("reading the folder INBOX: opening \"INBOX\": server answers NO [ALERT] Please log in via your web browser"), "log in on its page once"},
		{errors.New("535 5.7.8 Not accepted"), "app password"},
		{errors.New("530 log in first"), "account.password"},
		{errors.New("535 5.7.0 Too many bad auth attempts"), "asks for patience"},
		{fmt.Errorf("logging in: %w: server answers NO Maximum number of connections", mailer.ErrServerBusy), "asks for patience"},
		{fmt.Errorf("reading the password: %w", &fs.PathError{Op: "open", Path: "secret", Err: syscall.EACCES}), "look who owns it"},
		{fmt.Errorf("reading the password: %w", &config.KeyringError{Name: "dana", Err: errors.New("no bus")}), "0600"},
	} {
		if got := adviceFor(c.err, "imap"); !strings.Contains(got, c.want) {
			t.Errorf("%v: the hint is %q, want %q", c.err, got, c.want)
		}
		if got := adviceOn(c.err.Error(), "imap"); !strings.Contains(got, c.want) && c.want != "0600" {
			t.Errorf("%v: the hint of its words is %q, want %q", c.err, got, c.want)
		}
	}
}

// TestPasswordThatCannotBeRead: it is said once what was done, and the hint fits
// what is wrong with the place.
func TestPasswordThatCannotBeRead(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "password.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(t.TempDir(), "password.txt")
	if err := os.WriteFile(open, []byte("secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source config.PasswordSource
		want   string
	}{
		{config.PasswordSource{File: filepath.Join(t.TempDir(), "none")}, "afterword init --login asks for it"},
		{config.PasswordSource{File: empty}, "afterword init --login asks for it"},
		{config.PasswordSource{File: open}, "nobody but you may read it"},
		{config.PasswordSource{Env: "AFTERWORD_TEST_NO_SUCH_VARIABLE"}, "set it where the program is started"},
		{config.PasswordSource{Command: []string{"false"}}, "run the command of account.password by hand"},
	} {
		_, err := c.source.Read(t.Context())
		for _, err := range []error{fmt.Errorf("reading the password: %w", err), fmt.Errorf("probing the mailbox: reading the password of d: %w", err)} {
			if got := adviceFor(err, "imap"); !strings.Contains(got, c.want) || strings.Count(err.Error(), "reading") != 1 {
				t.Errorf("%v: the hint is %q, want %q", err, got, c.want)
			}
		}
	}
}

// TestHintOnWhatCannotBeWritten: who may not write is told so, whatever file it is.
func TestHintOnWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("locking the profile: %w", &fs.PathError{Op: "open", Path: "afterword.db.lock", Err: syscall.EACCES})
	if got := hintOn(err); !strings.Contains(got, "who owns the file and its folder") {
		t.Errorf("the hint is %q", got)
	}
}

// TestAdviceOnAWatchedAccount: it does not send the user to the keys of another account.
func TestAdviceOnAWatchedAccount(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		"reading the password of d: microsoft gives no access to the mailbox: the grant was withdrawn or has ended": "log in anew: afterword init --login old",
		"logging in as x: login refused: server answers NO":                                                         "check username and password of that account under watch in config.yaml",
		"connecting to x: no such host":                                                                             "check its imap.host under watch",
		"connecting to x: cannot be reached":                                                                        "its imap under watch in config.yaml",
	} {
		if got := adviceOn("the watched account old (x): "+state, "imap"); !strings.Contains(got, want) || strings.Contains(got, "account.") {
			t.Errorf("%s: the hint is %q, want %q", state, got, want)
		}
	}
}
