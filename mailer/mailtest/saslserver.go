package mailtest

import (
	"errors"
	"strings"

	"github.com/emersion/go-sasl"
)

// xoauth2 is the mechanism of Gmail and Outlook.
const xoauth2 = "XOAUTH2"

// tokenMechanism is the mechanism by which tokens are taken.
func (w *World) tokenMechanism() string {
	if w.options.OAuthBearer {
		return sasl.OAuthBearer
	}
	return xoauth2
}

// errNoResponse is an answer to no challenge.
var errNoResponse = errors.New("unexpected response")

// saslServer returns the server's side of a mechanism, or nil for one that is
// unknown. refused is the error that tells the client of a wrong secret.
func (w *World) saslServer(mechanism string, refused error) sasl.Server {
	check := func(fits bool) error {
		if fits {
			return nil
		}
		return refused
	}
	switch strings.ToUpper(mechanism) {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, username, password string) error {
			return check(w.passwordFits(username, password))
		})
	case sasl.Login:
		return &loginServer{check: func(username, password string) error {
			return check(w.passwordFits(username, password))
		}}
	case sasl.OAuthBearer:
		return &bearerServer{refused: refused, Server: sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if w.tokenFits(o.Username, o.Token) {
				return nil
			}
			return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
		})}
	case xoauth2:
		return &xoauth2Server{check: func(username, token string) error {
			return check(w.tokenFits(username, token))
		}}
	}
	return nil
}

// loginServer is the obsolete LOGIN mechanism, which has no RFC: the server
// asks for the name and then for the password.
type loginServer struct {
	check    func(username, password string) error
	username *string
	asked    bool
}

// Next implements sasl.Server. A client may send the name unasked.
func (s *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && !s.asked:
		s.asked = true
		return []byte("Username:"), false, nil
	case s.username == nil:
		name := string(response)
		s.username, s.asked = &name, true
		return []byte("Password:"), false, nil
	}
	return nil, true, s.check(*s.username, string(response))
}

// bearerServer takes OAUTHBEARER (RFC 7628) and refuses in the words of its protocol.
type bearerServer struct {
	sasl.Server
	refused error
}

// Next implements sasl.Server.
func (s *bearerServer) Next(response []byte) (challenge []byte, done bool, err error) {
	challenge, done, err = s.Server.Next(response)
	if why := (*sasl.OAuthBearerError)(nil); errors.As(err, &why) {
		err = s.refused
	}
	return challenge, done, err
}

// xoauth2Server takes "user=NAME\x01auth=Bearer TOKEN\x01\x01". It refuses with
// a challenge that carries the reason; the client must answer it with nothing
// before the refusal proper comes.
type xoauth2Server struct {
	check   func(username, token string) error
	refused error
}

// Next implements sasl.Server.
func (s *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if s.refused != nil {
		return nil, true, s.refused
	}
	if response == nil {
		return []byte{}, false, nil
	}
	var username, token string
	for field := range strings.SplitSeq(string(response), "\x01") {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "user":
			username = value
		case "auth":
			token = strings.TrimPrefix(value, "Bearer ")
		case "":
		default:
			return nil, true, errNoResponse
		}
	}
	if s.refused = s.check(username, token); s.refused != nil {
		return []byte(`{"status":"401","schemes":"bearer","scope":"mail"}`), false, nil
	}
	return nil, true, nil
}
