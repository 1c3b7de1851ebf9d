package oauth

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/config"
	"afterword/internal/oauth/oauthtest"
	"afterword/mailer"
)

const dana = "dana@example.org"

// application is one at a server that answers there.
func application(base string) config.OAuth {
	return config.OAuth{Provider: config.OtherOAuth, ClientID: "afterword-tests", Authorize: base + "/authorize", Token: base + "/token", Device: base + "/device", Scopes: []string{"mail"}}
}

func newClient(t *testing.T, base string) *Client {
	t.Helper()
	c, err := NewClient(application(base))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// memory is a store of one grant.
type memory struct {
	mu    sync.Mutex
	grant Grant
	saved int
	fails error
	full  error // what saving alone comes to
}

func (m *memory) Load(context.Context) (Grant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.grant, m.fails
}

func (m *memory) Save(_ context.Context, g Grant) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full != nil {
		return m.full
	}
	m.grant, m.saved = g, m.saved+1
	return m.fails
}

func (m *memory) Exclusive(_ context.Context, do func() error) error { return do() }

// browse follows where the address leads, as a browser whose user agrees.
func browse(t *testing.T) func(string) error {
	return func(address string) error {
		answer, err := http.Get(address)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if answer.StatusCode != http.StatusOK || !strings.Contains(string(text), "close this page") {
			t.Errorf("the browser shows %s %q", answer.Status, text)
		}
		return err
	}
}

func TestGrantInTheBrowser(t *testing.T) {
	t.Parallel()
	server := oauthtest.New("afterword-tests", dana)
	server.Secret = "of the application"
	web := httptest.NewServer(server)
	defer web.Close()
	c := newClient(t, web.URL)
	c.Secret = server.Secret
	asked := url.Values{}
	grant, err := c.ByBrowser(t.Context(), dana, func(address string) error {
		u, err := url.Parse(address)
		asked = u.Query()
		return errors.Join(err, browse(t)(address))
	})
	if err != nil || grant.Refresh == "" || grant.Secret != server.Secret {
		t.Fatalf("grant %+v, %v", grant, err)
	}
	if asked.Get("login_hint") != dana || asked.Get("scope") != "mail" || !strings.HasPrefix(asked.Get("redirect_uri"), "http://127.0.0.1:") {
		t.Errorf("asked for %v", asked)
	}
	token, err := NewSource(c, &memory{grant: grant}, time.Now).Token(t.Context())
	if err != nil || !server.Active(token) {
		t.Errorf("the token %q: %v", token, err)
	}
}

// TestOnlyTheAnswerThatFitsCounts: another page cannot end the wait, nor slip a
// code of its own in.
func TestOnlyTheAnswerThatFitsCounts(t *testing.T) {
	t.Parallel()
	server := oauthtest.New("afterword-tests", dana)
	web := httptest.NewServer(server)
	defer web.Close()
	grant, err := newClient(t, web.URL).ByBrowser(t.Context(), dana, func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		back, state := u.Query().Get("redirect_uri"), u.Query().Get("state")
		wrong := []struct{ method, url, host string }{
			{"GET", back + "?code=stolen", ""}, {"GET", back + "?code=stolen&state=guess", ""}, {"GET", back + "favicon.ico", ""},
			{"POST", back + "?code=stolen&state=" + state, ""}, {"GET", back + "?code=stolen&state=" + state, "evil.example"},
			{"GET", back + "?error=access_denied&state=guess", ""}, {"GET", back + "other?code=stolen&state=" + state, ""},
		}
		for _, w := range wrong {
			request, err := http.NewRequest(w.method, w.url, nil)
			if err != nil {
				return err
			}
			request.Host = w.host
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				return err
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusNotFound {
				t.Errorf("%+v is answered %s", w, answer.Status)
			}
		}
		return browse(t)(address)
	})
	if err != nil || grant.Refresh == "" {
		t.Fatalf("grant %+v, %v", grant, err)
	}
	if got := server.Asked()[0].Get("code"); got == "stolen" {
		t.Error("the stolen code was taken")
	}
}

func TestGrantThatIsNotGiven(t *testing.T) {
	t.Parallel()
	server := oauthtest.New("afterword-tests", dana)
	server.Withdraw()
	web := httptest.NewServer(server)
	defer web.Close()
	_, err := newClient(t, web.URL).ByBrowser(t.Context(), dana, func(address string) error {
		answer, err := http.Get(address)
		if err == nil {
			answer.Body.Close()
		}
		return err
	})
	if err == nil || err.Error() != "the authorization server gives no access to the mailbox: the grant was not given" {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = newClient(t, web.URL).ByBrowser(ctx, dana, func(string) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was ended: %v", err)
	}
	closed := errors.New("no browser here")
	if _, err = newClient(t, web.URL).ByBrowser(t.Context(), dana, func(string) error { return closed }); !errors.Is(err, closed) {
		t.Errorf("a browser that cannot be opened: %v", err)
	}
}

// bubble runs a test in virtual time with the server on in-memory connections.
func bubble(t *testing.T, act func(t *testing.T, server *oauthtest.Server, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := oauthtest.New("afterword-tests", dana)
		line := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		web := &http.Server{Handler: server}
		ended := make(chan error, 1)
		go func() { ended <- web.Serve(line) }()
		transport := &http.Transport{DialContext: line.dial}
		c := newClient(t, "http://127.0.0.1")
		c.HTTP = &http.Client{Transport: transport}
		act(t, server, c)
		transport.CloseIdleConnections()
		web.Close()
		<-ended
	})
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestGrantByACode(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		shown := ""
		began := time.Now()
		grant, err := c.ByDevice(t.Context(), func(address, code string) error {
			shown = address + " " + code
			time.AfterFunc(time.Minute, func() { server.Decide(true) })
			return nil
		})
		if err != nil || grant.Refresh == "" || shown != "https://id.example/device ABCD-EFGH" {
			t.Fatalf("grant %+v, %v; shown %q", grant, err, shown)
		}
		if n := len(server.Asked()); time.Since(began) < time.Minute || n > 14 {
			t.Errorf("asked %d times in %s: more often than the server allows", n, time.Since(began))
		}
	})
}

func TestCodeThatIsNotConfirmed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		_, err := c.ByDevice(t.Context(), func(string, string) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "was not confirmed in time") {
			t.Errorf("a code that ended: %v", err)
		}
		_, err = c.ByDevice(t.Context(), func(string, string) error { server.Decide(false); return nil })
		if err == nil || !strings.Contains(err.Error(), "the grant was not given") {
			t.Errorf("a code that was denied: %v", err)
		}
		stop := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err = c.ByDevice(ctx, func(string, string) error { cancel(stop); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a wait that was ended: %v", err)
		}
	})
}

// granted is a source with a grant of the server.
func granted(t *testing.T, server *oauthtest.Server, c *Client) (*Source, *memory) {
	t.Helper()
	grant, err := c.ByDevice(t.Context(), func(string, string) error { server.Decide(true); return nil })
	if err != nil {
		t.Fatal(err)
	}
	store := &memory{grant: grant}
	return NewSource(c, store, time.Now), store
}

func TestTokenIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		server.Rotate = true
		source, store := granted(t, server, c)
		ask := func() string {
			token, err := source.Token(t.Context())
			if err != nil || !server.Active(token) {
				t.Fatalf("the token %q: %v", token, err)
			}
			return token
		}
		first := ask()
		time.Sleep(54 * time.Minute)
		if again := ask(); again != first {
			t.Error("a token that lasts was asked for anew")
		}
		time.Sleep(2 * time.Minute) // 4 minutes before its end
		second := ask()
		if second == first || store.saved != 2 {
			t.Errorf("the token was not renewed in time, or the new grant not kept: %d times", store.saved)
		}
		other, err := source.Token(mailer.AskAnew(t.Context(), second))
		if err != nil || other == second {
			t.Errorf("a token that was refused is given again: %v", err)
		}
		// Where the server ends the former one, connections would else end each
		// other's access in turn.
		if same, err := source.Token(mailer.AskAnew(t.Context(), second)); err != nil || same != other {
			t.Errorf("a second connection with the same refused token asked for one more: %v", err)
		}
	})
}

// TestTwoProcessesRenew: each finds the grant that the other one left.
func TestTwoProcessesRenew(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		server.Rotate = true
		one, store := granted(t, server, c)
		two := NewSource(c, store, time.Now)
		for range 3 {
			for _, s := range []*Source{one, two} {
				if token, err := s.Token(t.Context()); err != nil || !server.Active(token) {
					t.Fatalf("the token %q: %v", token, err)
				}
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestWithdrawnGrantIsOneClearSentence(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		source, store := granted(t, server, c)
		server.Withdraw()
		_, err := source.Token(t.Context())
		if !errors.Is(err, mailer.ErrLoginRefused) || !errors.Is(err, mailer.ErrGrantGone) {
			t.Fatalf("error is %v", err)
		}
		if err.Error() != "the authorization server gives no access to the mailbox: the grant was withdrawn or has ended (as the test asked)" {
			t.Errorf("it says %q", err)
		}
		if h := (interface{ Hint() string })(nil); !errors.As(err, &h) || !strings.Contains(h.Hint(), "afterword init --login") {
			t.Error("it says not what helps")
		}
		if strings.Contains(err.Error(), store.grant.Refresh) {
			t.Error("it shows the grant")
		}
	})
}

// TestServerOutOfOrderIsNoRefusal: what passes by itself does not stop the
// account, and what it says shows no secret.
func TestServerOutOfOrderIsNoRefusal(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		source, store := granted(t, server, c)
		server.Fail(2)
		_, err := source.Token(t.Context())
		if err == nil || errors.Is(err, mailer.ErrLoginRefused) || !strings.Contains(err.Error(), "503") || strings.Contains(err.Error(), store.grant.Refresh) {
			t.Errorf("error is %v", err)
		}
		server.Fail(0)
		token, err := source.Token(t.Context())
		if err != nil || !server.Active(token) {
			t.Errorf("afterwards: %v", err)
		}
		store.fails = errors.New("the disk is full")
		if _, err := source.Token(mailer.AskAnew(t.Context(), token)); !errors.Is(err, store.fails) {
			t.Errorf("a store that fails: %v", err)
		}
	})
}

func TestKnownServers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		app              config.OAuth
		authorize, scope string
	}{
		{config.OAuth{Provider: "google", ClientID: "x"}, "https://accounts.google.com/", "https://mail.google.com/"},
		{config.OAuth{Provider: "microsoft", ClientID: "x"}, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize", "SMTP.Send"},
		{config.OAuth{Provider: "microsoft", ClientID: "x", Tenant: "uni.example"}, "https://login.microsoftonline.com/uni.example/", "offline_access"},
	} {
		got, err := NewClient(c.app)
		if err != nil || !strings.HasPrefix(got.endpoint.AuthURL, c.authorize) || !strings.Contains(strings.Join(got.scopes, " "), c.scope) {
			t.Errorf("%+v: %+v, %v", c.app, got, err)
		}
	}
	for _, app := range []config.OAuth{{Provider: "google"}, {Provider: "microsoft", ClientID: "x", Tenant: "a/b?"}, {Provider: "nobody", ClientID: "x"}} {
		if _, err := NewClient(app); !errors.Is(err, mailer.ErrLoginRefused) {
			t.Errorf("%+v: %v", app, err)
		}
	}
}

func TestGrantInAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tokens.json")
	store := StoreOf(config.OAuth{Tokens: path}, dana, "")
	if _, err := store.Load(t.Context()); !errors.Is(err, mailer.ErrGrantGone) {
		t.Errorf("no file yet: %v", err)
	}
	for _, want := range []Grant{{Refresh: "one"}, {Refresh: "two", Secret: "s"}} {
		err := store.Exclusive(t.Context(), func() error { return store.Save(t.Context(), want) })
		if got, loadErr := store.Load(t.Context()); err != nil || loadErr != nil || got != want {
			t.Errorf("kept %+v: %+v, %v, %v", want, got, err, loadErr)
		}
	}
	if err := (fileStore{path: filepath.Join(path, "below")}).Save(t.Context(), Grant{Refresh: "x"}); err == nil {
		t.Error("a place that is none was written to")
	}
}
