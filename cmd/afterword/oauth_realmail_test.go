//go:build realmail

package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"afterword/internal/clock"
	"afterword/internal/oauth"
	"afterword/internal/oauth/oauthtest"
	"afterword/internal/realmail"
	"afterword/mailer"
)

// TestTokensOnRealServers: a real Dovecot and a real Postfix, which ask the
// authorization server what a token is worth, let in an account with OAuth: with
// the token that the grant brought, and with a new one where that has ended. After
// the grant was withdrawn `check` says what to do, and names no token.
func TestTokensOnRealServers(t *testing.T) {
	t.Parallel()
	server := oauthtest.New("afterword-tests", realmail.Username)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	servers := realmail.StartWithTokens(t, web.URL+"/introspect")
	config := filepath.Join(t.TempDir(), "config.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(filepath.Dir(config), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.yaml", fmt.Sprintf("me: {name: Dana Reyes, email: %[1]s, timezone: UTC}\naccount:\n  username: %[1]s\n"+
		"  password: {oauth: {provider: other, client_id: afterword-tests, token: \"%[2]s/token\", device: \"%[2]s/device\", tokens: tokens.json}}\n"+
		"  smtp: {host: localhost, port: %[3]d, security: tls}\n  imap: {host: localhost, port: %[4]d, security: tls}\nweb: {listen: \"\"}\n",
		realmail.Username, web.URL, servers.Ports.SMTPS, servers.Ports.IMAPS))
	open := func() *house {
		h, err := openHouse(t.Context(), config, outside{clock: &clock.Running{}, roots: servers.RootCAs}, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { h.Close() })
		return h
	}
	check := func(h *house) string {
		var b bytes.Buffer
		list := &checklist{p: &program{out: &b}}
		list.smtp(t.Context(), h)
		list.mailboxes(t.Context(), h)
		return b.String()
	}
	client, err := oauth.NewClient(*open().config.Account.Password.OAuth)
	if err != nil {
		t.Fatal(err)
	}
	grant, err := client.ByDevice(t.Context(), func(string, string) error { server.Decide(true); return nil })
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(grant)
	if err != nil {
		t.Fatal(err)
	}
	write("tokens.json", string(text))
	welcome := func(said string) bool {
		return strings.Contains(said, "✓ sending") && strings.Contains(said, "✓ mailbox")
	}
	h := open()
	if said := check(h); !welcome(said) {
		t.Errorf("with a new grant check says\n%s", said)
	}
	bearersGetIn(t, server, servers)
	asked := len(server.Asked())
	server.EndAccess()
	if said := check(h); !welcome(said) || len(server.Asked()) == asked {
		t.Errorf("after the token has ended check says\n%s, and the authorization server was asked %d times more", said, len(server.Asked())-asked)
	}
	server.Withdraw()
	said := check(h)
	if strings.Contains(said, "✓") || strings.Count(said, "afterword init --login") < 2 {
		t.Errorf("after the grant was withdrawn check says\n%s", said)
	}
	if kept, err := os.ReadFile(filepath.Join(filepath.Dir(config), "tokens.json")); err != nil || strings.Contains(said, grant.Refresh) || len(kept) == 0 {
		t.Errorf("check names the grant, or it is gone: %v\n%s", err, said)
	}
}

// bearersGetIn: both take what is said to a server that takes tokens by OAUTHBEARER
// alone, which these are not.
func bearersGetIn(t *testing.T, authority *oauthtest.Server, servers *realmail.Servers) {
	t.Helper()
	issued := authority.Issued()
	token := issued[slices.IndexFunc(issued, authority.Active)]
	for _, c := range []struct {
		port            int
		before, ask, in string
	}{{servers.Ports.IMAPS, "* OK", "a AUTHENTICATE OAUTHBEARER ", "a OK"}, {servers.Ports.SMTPS, "250 ", "AUTH OAUTHBEARER ", "235 "}} {
		conn, err := tls.Dial("tcp", fmt.Sprintf("localhost:%d", c.port), &tls.Config{RootCAs: servers.RootCAs, ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if c.before == "250 " {
			fmt.Fprint(conn, "EHLO [127.0.0.1]\r\n")
		}
		lines, asked := bufio.NewScanner(conn), false
		for lines.Scan() {
			line := lines.Text()
			if strings.HasPrefix(line, c.before) && !asked {
				asked = true
				fmt.Fprintf(conn, "%s%s\r\n", c.ask, base64.StdEncoding.EncodeToString(mailer.OAuthBearerLogin(realmail.Username, "localhost", c.port, token)))
			} else if asked && !strings.HasPrefix(line, "*") {
				if !strings.HasPrefix(line, c.in) {
					t.Errorf("to the token it said %q", line)
				}
				break
			}
		}
		if !asked {
			t.Errorf("port %d said nothing of use: %v", c.port, lines.Err())
		}
	}
}
