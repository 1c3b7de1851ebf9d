package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// Grant is what the user gave: it renews access until they withdraw it.
type Grant struct {
	Refresh string `json:"refresh_token"`
	Secret  string `json:"client_secret,omitempty"` // of the application, see Client.Secret
	Given   string `json:"given,omitempty"`         // see origin; "" until the grant is first renewed by another token
}

// noCode stands for the code of an answer that has none.
const noCode = "no code"

var errNoLasting = errors.New("the server gave access for an hour and nothing that lasts")

func (c *Client) grant(t *oauth2.Token) (Grant, error) {
	if t.RefreshToken == "" {
		return Grant{}, &Unready{errNoLasting.Error(), "the application must be allowed to keep access (offline_access); for Google, withdraw the grant at https://myaccount.google.com/connections and try again"}
	}
	return Grant{Refresh: t.RefreshToken, Secret: c.Secret}, nil
}

// answered is what the browser brought back.
type answered struct {
	code string
	err  error
}

// ByBrowser asks in a browser on this machine. Open is given the address to
// show; the answer comes to a port of the loopback interface that only waits
// for it (RFC 8252 section 7.3). Account is suggested as whose mailbox it is.
// It waits until ctx ends.
func (c *Client) ByBrowser(ctx context.Context, account string, open func(address string) error) (Grant, error) {
	const doing = "asking for access in the browser"
	if c.endpoint.AuthURL == "" {
		return Grant{}, &Unready{"the server has no address for a browser", "state authorize in config.yaml, or use the code on another device"}
	}
	var listen net.ListenConfig
	port, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return Grant{}, fmt.Errorf("%s: %w", doing, err)
	}
	host := port.Addr().String()
	if c.app.Provider == "microsoft" {
		// Any port will do there for this name alone.
		_, number, _ := net.SplitHostPort(host)
		host = "localhost:" + number
	}
	conf := c.config("http://" + host + "/")
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	answers := make(chan answered, 1)
	server := &http.Server{Handler: waiter{state: state, host: host, answers: answers}, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	served := make(chan error, 1)
	go func() { served <- server.Serve(port) }()
	defer func() {
		// The page that says that all is well is on its way to the browser.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-served
	}()
	options := []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("login_hint", account)}
	if c.app.Provider == "google" {
		options = append(options, oauth2.SetAuthURLParam("prompt", "consent")) // else a second grant has no refresh token
	}
	if err := open(conf.AuthCodeURL(state, options...)); err != nil {
		return Grant{}, fmt.Errorf("%s: %w", doing, err)
	}
	select {
	case a := <-answers:
		if a.err != nil {
			return Grant{}, c.named(a.err)
		}
		return c.exchange(ctx, conf, a.code, verifier)
	case err := <-served:
		served <- err
		return Grant{}, fmt.Errorf("%s: %w", doing, err)
	case <-ctx.Done():
		return Grant{}, fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	}
}

// named says who refused.
func (c *Client) named(err error) error {
	if r := (*Refused)(nil); errors.As(err, &r) {
		r.Provider = c.name()
	}
	return err
}

func (c *Client) exchange(ctx context.Context, conf *oauth2.Config, code, verifier string) (Grant, error) {
	token, err := conf.Exchange(c.with(ctx), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return Grant{}, c.judge("taking the grant", err, code, verifier)
	}
	return c.grant(token)
}

// waiter takes the one answer that fits. Whatever else comes to the port, from
// a page that guesses for example, changes nothing.
type waiter struct {
	state, host string
	answers     chan answered
}

// ServeHTTP repeats nothing of what came.
func (w waiter) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	out.Header().Set("Content-Security-Policy", "default-src 'none'")
	out.Header().Set("Cache-Control", "no-store")
	out.Header().Set("Referrer-Policy", "no-referrer")
	query := in.URL.Query()
	fits := subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(w.state)) == 1
	if in.Method != http.MethodGet || in.URL.Path != "/" || in.Host != w.host || !fits {
		out.WriteHeader(http.StatusNotFound)
		return
	}
	a := answered{code: query.Get("code")}
	page := "<title>Afterword</title><p>Afterword has what it needs. You can close this page."
	switch {
	case query.Get("error") != "":
		a.err = &Refused{Code: short(query.Get("error")), words: short(query.Get("error_description"))}
	case a.code == "":
		a.err = &Refused{Code: noCode}
	}
	if a.err != nil {
		page = "<title>Afterword</title><p>Access was not given. The terminal says more; you can close this page."
	}
	fmt.Fprint(out, page)
	select {
	case w.answers <- a:
	default: // the first one counts
	}
}

// ByDevice asks by a code that the user types on any device. Show is given the
// address and the code. It waits until the code ends, or ctx does.
func (c *Client) ByDevice(ctx context.Context, show func(address, code string) error) (Grant, error) {
	if c.endpoint.DeviceAuthURL == "" {
		return Grant{}, &Unready{c.name() + " has no codes for other devices", "use a browser on this machine"}
	}
	conf := c.config("")
	device, err := conf.DeviceAuth(c.with(ctx))
	if err != nil {
		return Grant{}, c.judge("asking for a code", err)
	}
	if device.DeviceCode == "" || device.UserCode == "" || device.VerificationURI == "" {
		return Grant{}, errors.New("asking for a code: the server's answer lacks it")
	}
	if err := show(short(device.VerificationURI), short(device.UserCode)); err != nil {
		return Grant{}, err
	}
	token, err := c.confirmed(ctx, conf, device)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return Grant{}, &Refused{Provider: c.name(), Code: "expired_token"}
	}
	if err != nil {
		return Grant{}, c.judge("waiting for the code to be confirmed", err, device.DeviceCode)
	}
	return c.grant(token)
}

// mostOutages bounds the failures of the server while a code waits, of which it may not
// have said how long it lasts.
const mostOutages = 200

// confirmed waits until the user has typed the code. A server that fails meanwhile is asked
// again (RFC 8628 section 3.5): who has the code before them must not begin anew.
func (c *Client) confirmed(ctx context.Context, conf *oauth2.Config, device *oauth2.DeviceAuthResponse) (token *oauth2.Token, err error) {
	for range mostOutages {
		token, err = conf.DeviceAccessToken(c.with(ctx), device)
		var said *oauth2.RetrieveError
		var lost *url.Error // a request of which the code's own end is no cause
		passes := errors.As(err, &said) && !isFinal(said) || errors.As(err, &lost)
		if err == nil || ctx.Err() != nil || !passes {
			break
		}
	}
	return token, err
}
