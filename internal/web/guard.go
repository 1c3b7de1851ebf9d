package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// Who may use the page. Whoever can reach it can stop mail and let it go, so
// that three things are asked of every request: that it was sent to this very
// host and port (a foreign name that resolves to this machine is refused: DNS
// rebinding), that no other site sent it, and that it bears the cookie which
// only the link of `run` gives, to the user of this machine who followed it.

// tokenBytes is the length of the token and of the cookie's value: 256 bits.
const tokenBytes = 32

// contentPolicy lets the page load nothing but its own style sheet, scripts and
// images, and talk to nobody but itself. RFC 9110 knows no such field; it is W3C
// Content Security Policy Level 3.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard decides who may come in.
type guard struct {
	hosts   map[string]bool // what Host may say
	token   string          // in the link
	session string          // what the cookie is made of
	cookie  string          // its name; cookies know no ports, so the name does
	cross   *http.CrossOriginProtection
}

// newGuard guards a page that listens at an address, with tokens from random.
func newGuard(listen string, random io.Reader) (*guard, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("opening the page at %s: %w", listen, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("opening the page at %s: it is for this machine only", listen)
	}
	g := &guard{hosts: map[string]bool{listen: true, "localhost:" + port: true}, cookie: "afterword-" + port, cross: http.NewCrossOriginProtection()}
	for _, into := range []*string{&g.token, &g.session} {
		if *into, err = newToken(random); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func newToken(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("making the page's token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// isHere reports whether a request was sent to this page and by no other site.
func (g *guard) isHere(r *http.Request) bool {
	if !g.hosts[r.Host] {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Host == r.Host
}

// knows reports whether the request bears the cookie of this start.
func (g *guard) knows(r *http.Request) bool {
	c, err := r.Cookie(g.cookie)
	return err == nil && same(c.Value, g.pass(peerOf(r)))
}

// pass is the cookie's value for a user of this machine.
func (g *guard) pass(user string) string {
	if user == "" {
		return g.session
	}
	h := hmac.New(sha256.New, []byte(g.session))
	h.Write([]byte(user))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// wrap puts the guard before the pages. Without the cookie only the open paths
// are served; refuse shows why anything else is not.
func (g *guard) wrap(pages http.Handler, open func(path string) bool, refuse func(w http.ResponseWriter, r *http.Request, status int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // no-referrer would hide the Origin of the page's own forms
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		switch {
		case !g.isHere(r) || g.cross.Check(r) != nil:
			// Not a word about what runs here.
			http.Error(w, "This request was sent by another site, or to another name than this page's. Nothing was done.", http.StatusForbidden)
		case !g.knows(r) && !open(r.URL.Path):
			refuse(w, r, http.StatusUnauthorized)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// enter turns the token of the link into the cookie. The answer is a page that
// goes on by itself: a redirect would arrive without a cookie that is strict,
// where the link was followed from another site such as a web mail.
func (g *guard) enter(w http.ResponseWriter, r *http.Request) bool {
	if !same(r.URL.Query().Get("token"), g.token) {
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookie, Value: g.pass(peerOf(r)), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return true
}
