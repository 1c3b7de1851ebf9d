//go:build realmail

package realmail

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// letter is a message with CRLF line ends.
func letter(id, from, to string) string {
	return strings.ReplaceAll(fmt.Sprintf("From: %s\nTo: %s\nSubject: =?utf-8?q?Caf=C3=A9?=\nMessage-ID: %s\n\nHello.\n", from, to, id), "\n", "\r\n")
}

// submission logs in at Postfix as a mail program does.
func submission(t *testing.T, s *Servers, password string) (*smtp.Client, error) {
	t.Helper()
	c, err := smtp.DialTLS(net.JoinHostPort(Host, fmt.Sprint(s.Ports.SMTPS)), &tls.Config{RootCAs: s.RootCAs, ServerName: Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, c.Auth(sasl.NewPlainClient("", Username, password))
}

func submit(t *testing.T, s *Servers, id string, to ...string) {
	t.Helper()
	c, err := submission(t, s, Password)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail(Username, to, strings.NewReader(letter(id, Username, to[0]))); err != nil {
		t.Fatal(err)
	}
}

// TestMailIsCountedWhereItEnds: one submission, two recipients outside, one of
// them the candidate.
func TestMailIsCountedWhereItEnds(t *testing.T) {
	t.Parallel()
	s := Start(t)
	submit(t, s, "<1@example.org>", "Ken@acme.example", "mara+x@globex.example", Username)
	for range 2 {
		if _, err := s.AwaitOther(t.Context(), "<1@example.org>"); err != nil {
			t.Fatal(err)
		}
	}
	await1(t, func() (bool, error) {
		n, err := s.Queued()
		return n == 0, err
	})
	others, err := s.Others()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Accepted{}
	for _, a := range others {
		got[a.To] = a
	}
	if len(others) != 2 || got["ken@acme.example"].Subject != "Café" || got["mara+x@globex.example"].MessageID != "<1@example.org>" {
		t.Errorf("delivered %d: %+v", len(others), others)
	}
	inbox, err := s.Inbox(Username)
	if err != nil || len(inbox) != 1 || inbox[0].To != Username || !strings.Contains(string(inbox[0].Raw), "Hello.") {
		t.Errorf("the candidate's inbox holds %+v, %v", inbox, err)
	}
}

func await1(t *testing.T, done func() (bool, error)) {
	t.Helper()
	if err := await(t.Context(), done); err != nil {
		t.Fatal(err)
	}
}

// TestNobodySubmitsWithoutTheLogin: a wrong password and none are both refused.
func TestNobodySubmitsWithoutTheLogin(t *testing.T) {
	t.Parallel()
	s := Start(t)
	if _, err := submission(t, s, "wrong"); err == nil {
		t.Error("a wrong password was taken")
	}
	c, err := smtp.DialTLS(net.JoinHostPort(Host, fmt.Sprint(s.Ports.SMTPS)), &tls.Config{RootCAs: s.RootCAs, ServerName: Host})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail(Username, []string{"ken@acme.example"}, strings.NewReader(letter("<2@example.org>", Username, "ken@acme.example"))); err == nil {
		t.Error("mail was taken without a login")
	}
	if others, err := s.Others(); err != nil || len(others) != 0 {
		t.Errorf("delivered %+v, %v", others, err)
	}
}

// TestAccountHasItsFolders: over TLS, with the special uses that the program
// looks for, and what Deliver brought lies in INBOX, unseen.
func TestAccountHasItsFolders(t *testing.T) {
	t.Parallel()
	s := Start(t)
	if err := s.Deliver("ken@acme.example", Username, []byte(letter("<3@acme.example>", "ken@acme.example", Username))); err != nil {
		t.Fatal(err)
	}
	c, err := imapclient.DialTLS(net.JoinHostPort(Host, fmt.Sprint(s.Ports.IMAPS)), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.RootCAs, ServerName: Host}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(Username, Password).Wait(); err != nil {
		t.Fatal(err)
	}
	list, err := c.List("", "*", nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]string{}
	for _, l := range list {
		for _, a := range l.Attrs {
			uses[string(a)] = l.Mailbox
		}
	}
	for _, name := range folders() {
		if uses[`\`+name] != name {
			t.Errorf("no folder with the special use %s: %v", name, uses)
		}
	}
	selected, err := c.Select("INBOX", nil).Wait()
	if err != nil || selected.NumMessages != 1 {
		t.Errorf("INBOX: %+v, %v", selected, err)
	}
}

// TestMailWaitsForAStoppedServer: what Postfix took while Dovecot was gone is
// delivered later, and a stopped server takes no connections.
func TestMailWaitsForAStoppedServer(t *testing.T) {
	t.Parallel()
	s := Start(t)
	if err := s.Postfix.Stop(); err != nil {
		t.Fatal(err)
	}
	if c, err := net.Dial("tcp", loopback(s.Ports.SMTPS)); err == nil {
		c.Close()
		t.Error("postfix was stopped and takes connections")
	}
	if err := s.Dovecot.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := s.Deliver("", Username, nil); err == nil {
		t.Error("dovecot was stopped and takes mail")
	}
	for _, server := range []*Server{s.Dovecot, s.Postfix} {
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}
	submit(t, s, "<4@example.org>", "ken@acme.example")
	if _, err := s.AwaitOther(t.Context(), "<4@example.org>"); err != nil {
		t.Fatal(err)
	}
}
