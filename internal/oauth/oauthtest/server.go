// Package oauthtest is an authorization server for tests: browser and device
// grants, renewal with rotation, withdrawal, and introspection. It is strict
// where RFC 6749, RFC 7636 and RFC 8628 are.
package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Server is the authorization server of one user and one application. Its
// fields are set before it serves; its methods are safe for concurrent use.
type Server struct {
	ClientID string
	Secret   string // of the application; "" for none
	User     string // whose mailbox it is
	Lifetime int    // of access tokens, in seconds; 0: it states none
	Rotate   bool   // each renewal ends the refresh token that it used
	// Granted is told of each access token, so that a mail server takes it. It
	// may be nil.
	Granted func(token string)
	// Random makes codes and tokens; nil means crypto/rand. Now says when an access
	// token ends; nil means that none does.
	Random func() string
	Now    func() time.Time

	mu        sync.Mutex
	codes     map[string]url.Values // by code: the authorization request
	refresh   map[string]bool
	access    map[string]time.Time // until when; zero: for good
	issued    []string             // every token so far
	devices   map[string]string    // by device code: pending | granted | denied
	withdrawn bool
	failing   int // the next requests for a token that fail
	asked     []url.Values
}

// New makes a server without grants.
func New(clientID, user string) *Server {
	return &Server{ClientID: clientID, User: user, Lifetime: 3600, codes: map[string]url.Values{},
		refresh: map[string]bool{}, access: map[string]time.Time{}, devices: map[string]string{}}
}

// ServeHTTP answers at /authorize, /token, /device and /introspect.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil { // before the lock: what is asked may never arrive in full
		refuse(w, "invalid_request")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.URL.Path {
	case "/authorize":
		s.authorize(w, r)
	case "/token":
		s.token(w, r)
	case "/device":
		s.device(w, r)
	case "/introspect":
		s.introspect(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Withdraw ends every grant and token, as a user does in their account.
func (s *Server) Withdraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.withdrawn, s.refresh, s.access = true, map[string]bool{}, map[string]time.Time{}
}

// EndAccess ends every access token; what was granted goes on.
func (s *Server) EndAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.access = map[string]time.Time{}
}

// Fail lets the next n requests for a token end in an error of the server.
func (s *Server) Fail(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = n
}

// Decide answers for the user to every code that a device waits with.
func (s *Server) Decide(granted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for code := range s.devices {
		s.devices[code] = map[bool]string{true: "granted", false: "denied"}[granted]
	}
}

// Asked are the requests for tokens so far.
func (s *Server) Asked() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.asked...)
}

// Active reports whether an access token opens the mailbox.
func (s *Server) Active(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opens(token)
}

// opens is Active under mu.
func (s *Server) opens(token string) bool {
	until, known := s.access[token]
	return known && (until.IsZero() || s.Now().Before(until))
}

// Good reports whether a refresh token still gives access.
func (s *Server) Good(refresh string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refresh[refresh]
}

// Issued are the tokens of both kinds that were given so far.
func (s *Server) Issued() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.issued...)
}

// Consent gives a refresh token, as at the end of a user's agreement, also after
// Withdraw.
func (s *Server) Consent() (refresh string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.withdrawn = false
	refresh = s.random()
	s.refresh[refresh] = true
	s.issued = append(s.issued, refresh)
	return refresh
}

func (s *Server) random() string {
	if s.Random != nil {
		return s.Random()
	}
	return rand.Text()
}

// authorize grants at once what is asked well (RFC 6749 section 4.1.1 with
// RFC 7636 section 4.3), and sends the browser back with the code.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.Form
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" || q.Get("client_id") != s.ClientID || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("state") == "" {
		refuse(w, "invalid_request")
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if s.withdrawn {
		answer.Set("error", "access_denied")
	} else {
		code := s.random()
		s.codes[code] = q
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.PostForm)
	q := r.PostForm
	switch {
	case s.failing > 0:
		s.failing--
		http.Error(w, "out of order", http.StatusServiceUnavailable)
	case q.Get("client_id") != s.ClientID || q.Get("client_secret") != s.Secret:
		refuse(w, "invalid_client")
	case q.Get("grant_type") == "authorization_code":
		s.byCode(w, q)
	case q.Get("grant_type") == "refresh_token":
		s.byRefresh(w, q)
	case q.Get("grant_type") == "urn:ietf:params:oauth:grant-type:device_code":
		s.byDevice(w, q)
	default:
		refuse(w, "unsupported_grant_type")
	}
}

// byCode checks the verifier against the challenge (RFC 7636 section 4.6). A
// code works once.
func (s *Server) byCode(w http.ResponseWriter, q url.Values) {
	asked, ok := s.codes[q.Get("code")]
	delete(s.codes, q.Get("code"))
	sum := sha256.Sum256([]byte(q.Get("code_verifier")))
	if !ok || asked.Get("redirect_uri") != q.Get("redirect_uri") || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		refuse(w, "invalid_grant")
		return
	}
	s.give(w, "")
}

func (s *Server) byRefresh(w http.ResponseWriter, q url.Values) {
	old := q.Get("refresh_token")
	if !s.refresh[old] {
		refuse(w, "invalid_grant")
		return
	}
	if s.Rotate {
		delete(s.refresh, old)
		old = ""
	}
	s.give(w, old)
}

// byDevice answers as RFC 8628 section 3.5 says.
func (s *Server) byDevice(w http.ResponseWriter, q url.Values) {
	switch s.devices[q.Get("device_code")] {
	case "granted":
		delete(s.devices, q.Get("device_code"))
		s.give(w, "")
	case "pending":
		refuse(w, "authorization_pending")
	case "denied":
		refuse(w, "access_denied")
	default:
		refuse(w, "expired_token")
	}
}

func (s *Server) device(w http.ResponseWriter, r *http.Request) {
	if r.PostForm.Get("client_id") != s.ClientID {
		refuse(w, "invalid_client")
		return
	}
	code := s.random()
	s.devices[code] = "pending"
	say(w, map[string]any{"device_code": code, "user_code": "ABCD-EFGH", "verification_uri": "https://id.example/device", "expires_in": 900, "interval": 5})
}

// give makes an access token, and a refresh token where none is kept.
func (s *Server) give(w http.ResponseWriter, kept string) {
	token, until := s.random(), time.Time{}
	if s.Now != nil && s.Lifetime > 0 {
		until = s.Now().Add(time.Duration(s.Lifetime) * time.Second)
	}
	s.access[token], s.issued = until, append(s.issued, token)
	answer := map[string]any{"access_token": token, "token_type": "Bearer"}
	if s.Lifetime > 0 {
		answer["expires_in"] = s.Lifetime
	}
	if kept == "" {
		kept = s.random()
		s.refresh[kept], s.issued = true, append(s.issued, kept)
		answer["refresh_token"] = kept
	}
	if s.Granted != nil {
		s.Granted(token)
	}
	say(w, answer)
}

// introspect tells a mail server whose a token is (RFC 7662).
func (s *Server) introspect(w http.ResponseWriter, r *http.Request) {
	token := r.Form.Get("token")
	if !s.opens(token) {
		say(w, map[string]any{"active": false})
		return
	}
	say(w, map[string]any{"active": true, "username": s.User, "email": s.User, "scope": "mail"})
}

func say(w http.ResponseWriter, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // who went away needs no answer
}

func refuse(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "as the test asked"})
}

// Restore lets the user grant again after Withdraw.
func (s *Server) Restore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.withdrawn = false
}
