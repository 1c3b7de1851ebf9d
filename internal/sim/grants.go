package sim

import (
	"encoding/base32"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"afterword/internal/oauth/oauthtest"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// Some accounts log in with OAuth: by tokens that end after an hour, from an
// authorization server that fails as every server does.

// Where the authorization server is, for the program and among the endpoints.
const (
	authority     = "127.0.0.3"
	authorityPort = "authority"
)

// byGrant is what config.yaml says in the place of a password.
const byGrant = `{oauth: {provider: other, client_id: afterword-sim, token: "http://` + authority + `/token", device: "http://` + authority + `/device", tokens: tokens.json}}`

// grants lets a fifth of the accounts log in with OAuth.
func (m *maker) grants() {
	dice := dice(m.plan.Seed, "tokens")
	if dice.IntN(5) > 0 {
		return
	}
	m.plan.OAuth = []int{kept, rotated, rotated}[dice.IntN(3)]
	for range 1 + dice.IntN(6) {
		m.addSome(dice, grantKinds(), 30*time.Hour)
	}
}

// Whether an account logs in with OAuth, and what becomes of a refresh token.
const (
	passwordOnly = iota
	kept         // it lasts
	rotated      // each renewal gives another one and ends it
)

// grantKinds are what happens to an account that logs in with OAuth.
func grantKinds() []Kind {
	return []Kind{AuthorityGone, AuthorityFails, AuthorityFails, CutsAuthority, AccessEnds, AccessEnds, GrantEnds}
}

// openAuthority starts the authorization server, and lets the user agree once. It
// returns what ends it.
func (s *stage) openAuthority() (end func() error, err error) {
	if s.plan.OAuth == passwordOnly {
		return func() error { return nil }, nil
	}
	dice := dice(s.plan.Seed, "every token")
	s.authority = oauthtest.New("afterword-sim", me)
	s.authority.Rotate, s.authority.Now = s.plan.OAuth == rotated, s.truth.Now
	s.authority.Random = func() string { // called under the server's lock
		var b [20]byte
		for n := range b {
			b[n] = byte(dice.Uint32())
		}
		return base32.StdEncoding.EncodeToString(b[:])
	}
	listener, err := s.wires.network.Listen(authorityPort)
	if err != nil {
		return nil, err
	}
	web, ended := &http.Server{Handler: s.authority}, make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	return func() error {
		err := web.Close()
		if closed := <-ended; !errors.Is(closed, http.ErrServerClosed) {
			err = errors.Join(err, closed)
		}
		return err
	}, nil
}

// consents lets the user agree, anew or for the first time, as `init --login` does.
func (s *stage) consents() {
	text := fmt.Sprintf("{\"refresh_token\":%q}\n", s.authority.Consent())
	s.files(os.WriteFile(filepath.Join(s.options.Folder, "home", "tokens.json"), []byte(text), 0o600))
	s.mayBeGone = s.plan.OAuth == rotated && s.wires.armed(authorityPort) // the next token may be lost on the way
}

// ofGrant is what happens to the account's access.
func (s *stage) ofGrant(e Event, chance *rand.Rand) {
	if s.authority == nil {
		return
	}
	switch e.Kind {
	case AuthorityGone:
		s.wires.refuse(authorityPort, true)
		s.after(e, func() { s.wires.refuse(authorityPort, false) })
	case AuthorityFails:
		s.authority.Fail(1 + chance.IntN(6))
	case CutsAuthority:
		s.wires.breakNext(authorityPort, breakage(chance, 600))
		s.mayBeGone = s.mayBeGone || s.plan.OAuth == rotated
	case AccessEnds:
		s.authority.EndAccess()
	case GrantEnds:
		s.authority.Withdraw()
		s.mayBeGone = true
	}
	if e.Kind == AccessEnds || e.Kind == GrantEnds {
		s.trouble(0)
		s.servers.DropConnections(mailtest.SMTP)
		s.servers.DropConnections(mailtest.IMAP)
	}
}

// logsInAnew is the user agreeing once more where the program says that its access is
// gone.
func (s *stage) logsInAnew() {
	if s.authority == nil || s.program == nil || s.machine.Dead() {
		return
	}
	gone := ""
	s.view(func(r scheduler.Reader) error {
		holds, err := r.Holds()
		for _, h := range holds {
			if h.Source == "login" {
				gone = h.Reason
			}
		}
		return err
	})
	if gone != "" {
		s.note("the user logs in anew: %s", gone)
		s.refusedRightly(gone)
		s.consents()
		s.machine.saved()
		synctest.Wait()
	}
}

// refusedRightly holds it against the program if it stands still for want of a grant
// although the one that it has is good, or although nothing has ended it: it was not
// withdrawn, and no answer with the next refresh token can have been lost.
func (s *stage) refusedRightly(why string) {
	now := s.truth.Now()
	if slices.ContainsFunc(s.troubles, func(t span) bool { return !now.Before(t.from) && now.Before(t.to) }) {
		return // on a disk that fails no hold is lifted
	}
	text, err := os.ReadFile(filepath.Join(s.options.Folder, "home", "tokens.json"))
	s.files(err)
	_, rest, _ := strings.Cut(string(text), `"refresh_token":"`)
	if token, _, _ := strings.Cut(rest, `"`); s.second == nil && (s.authority.Good(token) || !s.mayBeGone) {
		s.violate("nothing is stuck", "the program waits for the user (%s), and nothing has ended its grant", why)
	}
}

// tokens are what no log may hold.
func (s *stage) tokens() []string {
	if s.authority == nil {
		return nil
	}
	return s.authority.Issued()
}

// Web is the machine's way to the authorization server.
func (m *Machine) Web() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: m.Dial, DisableKeepAlives: true}}
}

// account is config.yaml with the way to log in that the plan has.
func (p Plan) account(text string) string {
	if p.OAuth == passwordOnly {
		return text
	}
	return strings.Replace(text, "{file: password}", byGrant, 1)
}
