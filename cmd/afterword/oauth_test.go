package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"afterword/internal/oauth"
	"afterword/internal/oauth/oauthtest"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// pipeline is a listener whose connections are pipes, for a server in a bubble.
type pipeline struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipeline) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipeline) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeline) Close() error   { close(p.done); return nil }
func (p *pipeline) Addr() net.Addr { return &net.TCPAddr{} }

// authorized gives the stage an account with OAuth, and its server.
func (s *stage) authorized() *oauthtest.Server {
	s.Helper()
	server := oauthtest.New("afterword-tests", "dana@example.org")
	server.Rotate = true
	server.Granted = func(token string) { s.world.SetToken(token) }
	line := &pipeline{conns: make(chan net.Conn), done: make(chan struct{})}
	web, transport := &http.Server{Handler: server}, &http.Transport{DialContext: line.dial}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(line) }()
	s.Cleanup(func() {
		if s.stop != nil {
			s.close()
		}
		transport.CloseIdleConnections()
		web.Close()
		<-ended
	})
	s.web = &http.Client{Transport: transport}
	config, err := osReadFile(s.dir, "config.yaml")
	s.must(err)
	s.write("config.yaml", strings.Replace(config, "{file: password}",
		"{oauth: {provider: other, client_id: afterword-tests, token: \"http://127.0.0.1/token\", device: \"http://127.0.0.1/device\", tokens: tokens.json}}", 1))
	s.grant(server)
	return server
}

// grant lets the user agree, as `init --login` asks them to.
func (s *stage) grant(server *oauthtest.Server) {
	s.Helper()
	h, err := openHouse(s.Context(), s.dir+"/config.yaml", outside{clock: s.clock}, false)
	s.must(err)
	defer h.Close()
	client, err := oauth.NewClient(*h.config.Account.Password.OAuth)
	s.must(err)
	client.HTTP = s.web
	grant, err := client.ByDevice(s.Context(), func(string, string) error { server.Decide(true); return nil })
	s.must(err)
	text, err := json.Marshal(grant)
	s.must(err)
	s.write("tokens.json", string(text))
}

// TestAccountWithOAuth: mail is read and sent by tokens that end after an hour,
// for days.
func TestAccountWithOAuth(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		server := s.authorized()
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		// Once by the user, then while it is used at most once for each token's hour.
		if n := len(server.Asked()); n > 2+30 {
			t.Errorf("the authorization server was asked %d times in 28 hours", n)
		}
		s.until(11, 12, 0)
		s.want(map[string]int{"noor@globex.example": 2})
		s.close()
	})
}

// TestAccountWithOAuthBearer: servers that take tokens by the standard mechanism alone
// are read from and sent by, also after a token that they had taken is refused.
func TestAccountWithOAuthBearer(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.must(s.world.Close())
		var err error
		s.world, err = mailtest.New(mailtest.Options{Clock: s.clock, Seed: 1, OAuthBearer: true, SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, FileSent: true}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
		s.must(err)
		server := s.authorized()
		s.open()
		s.until(2, 18, 0)
		server.EndAccess()
		s.world.SetToken("none fits")
		s.world.DropConnections(mailtest.IMAP)
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		for _, protocol := range []string{mailtest.IMAP, mailtest.SMTP} {
			if first := s.world.Transcripts(protocol)[0].String(); !strings.Contains(first, "OAUTHBEARER") || strings.Contains(first, "XOAUTH2") {
				t.Errorf("%s: the first session was\n%s", protocol, first)
			}
		}
		s.until(11, 12, 0)
		s.want(map[string]int{"noor@globex.example": 2})
		s.close()
	})
}

// TestWithdrawnGrant: a grant that was withdrawn stops the account with one
// clear sentence; the authorization server is not asked again and again; a new
// grant is noticed.
func TestWithdrawnGrant(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		server := s.authorized()
		server.Withdraw()
		s.world.SetToken("none fits")
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if n := len(server.Asked()); n > 8 {
			t.Errorf("the authorization server was asked %d times in a day", n)
		}
		found := 0
		for _, h := range s.statusJSON().Holds {
			if h.Scope == scheduler.ScopeEverything && strings.Contains(h.Reason, "access to the mailbox of dana@example.org was withdrawn or has ended; log in anew: afterword init --login") {
				found++
			}
		}
		if found == 0 {
			t.Errorf("status does not say that access was withdrawn: %+v", s.statusJSON().Holds)
		}
		server.Restore()
		s.grant(server)
		s.files <- struct{}{}
		s.until(3, 13, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.close()
	})
}

// TestRenewedGrantIsNoNewOne: a server refuses every token, as one does that lets no
// program read this mailbox. Each renewal writes another refresh token into the file;
// that is nothing that the user changed, and nobody is asked again for it.
func TestRenewedGrantIsNoNewOne(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		server := s.authorized()
		server.Granted = func(string) {}
		s.world.SetToken("none fits")
		given := readFile(s, "tokens.json")
		s.open()
		for range 20 {
			s.files <- struct{}{} // as the watch does that sees the file change
			time.Sleep(time.Minute)
		}
		if readFile(s, "tokens.json") == given {
			t.Error("the file did not change, so that this shows nothing")
		}
		asked, logins := len(server.Asked()), askedIn(s.world)
		if asked > 8 || logins > 6 {
			t.Errorf("the authorization server was asked %d times, the mail server %d times", asked, logins)
		}
		s.grant(server)
		s.files <- struct{}{}
		time.Sleep(time.Minute)
		if after := askedIn(s.world); after == logins {
			t.Error("a grant that the user gave anew is not tried")
		}
		s.close()
	})
}
