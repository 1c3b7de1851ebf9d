package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/internal/clock"
	"afterword/internal/realmail"
)

// TestCertificatesOnRealServers: what `check` says of a real Dovecot and a real
// Postfix whose certificate is good, is vouched for by nobody, or is for another
// name, and of a port that speaks no TLS.
func TestCertificatesOnRealServers(t *testing.T) {
	t.Parallel()
	servers := realmail.Start(t)
	const profile = "me: {name: Dana Reyes, email: dana@example.org, timezone: UTC}\naccount:\n  username: dana@example.org\n  password: {file: password}\n" +
		"  smtp: {host: %[1]s, port: 465}\n  imap: {host: %[1]s, port: %[2]d, security: %[3]s}\nweb: {listen: \"\"}\n"
	for _, c := range []struct {
		name, host, security string
		port                 int
		roots                *x509.CertPool
		smtp, imap           string // in what is said of each
	}{
		{"good", realmail.Host, "tls", servers.Ports.IMAPS, servers.RootCAs, "✓ sending", "✓ mailbox"},
		{"nobody vouches", realmail.Host, "tls", servers.Ports.IMAPS, x509.NewCertPool(), "nobody whom this machine trusts", "nobody whom this machine trusts"},
		{"another name", "mail.example.org", "tls", servers.Ports.IMAPS, servers.RootCAs, "another name than account.smtp.host", "another name than account.imap.host"},
		{"no TLS at that port", realmail.Host, "tls", servers.Ports.IMAP, servers.RootCAs, "✓ sending", "write account.imap.security: starttls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range map[string]string{"config.yaml": fmt.Sprintf(profile, c.host, c.port, c.security), "password": realmail.Password + "\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			// Whatever the name, the way leads to the servers of this test.
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				port := c.port
				if strings.HasSuffix(addr, ":465") {
					port = servers.Ports.SMTPS
				}
				return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
			}
			h, err := openHouse(t.Context(), filepath.Join(dir, "config.yaml"), outside{clock: &clock.Running{}, dial: dial, roots: c.roots}, false)
			if err != nil {
				t.Fatal(err)
			}
			for what, want := range map[string]string{"smtp": c.smtp, "imap": c.imap} {
				var b bytes.Buffer
				list := &checklist{p: &program{out: &b}}
				if what == "smtp" {
					list.smtp(t.Context(), h)
				} else {
					list.mailboxes(t.Context(), h)
				}
				if !strings.Contains(b.String(), want) || strings.Contains(b.String(), realmail.Password) {
					t.Errorf("%s: check says %swant %q", what, b.String(), want)
				}
			}
		})
	}
}
