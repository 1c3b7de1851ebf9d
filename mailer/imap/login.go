package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"afterword/mailer"
)

// login authenticates and learns the capabilities. A refusal is told as
// mailer.ErrLoginRefused.
func (m *Mailbox) login(ctx context.Context, s *session) error {
	secret, err := m.credential(ctx)
	if err != nil {
		return err
	}
	// A greeting that names no way to log in does not name all.
	waysIn := func() bool { return len(s.caps.AuthMechanisms()) > 0 }
	if err := s.learn(ctx, waysIn); err != nil {
		return err
	}
	doing := "logging in as " + m.cfg.Username
	if err := m.present(ctx, s, doing, secret); err != nil {
		if secret, err = m.anotherToken(ctx, err, secret); err != nil {
			return err
		}
		if err := m.present(ctx, s, doing, secret); err != nil {
			return err
		}
	}
	return s.learn(ctx, func() bool { return true })
}

func (m *Mailbox) present(ctx context.Context, s *session, doing, secret string) error {
	s.guard.told.Store(false)
	s.guard.spoken.Store(s.caps.Has(goimap.CapSASLIR))
	s.guard.login.Store(true)
	err := s.within(ctx, connectTime, doing, func(c *imapclient.Client) error {
		return m.authenticate(c, s.caps, secret)
	})
	s.guard.login.Store(false)
	if err != nil {
		if words := s.guard.refusesLogin(); words != "" {
			return fmt.Errorf("%s: %w: server says bye: %s", doing, mailer.ErrLoginRefused, mailer.HideSecrets(words, m.encodings(secret)))
		}
		return loginFailure(doing, err, m.encodings(secret))
	}
	return nil
}

// credential is what the account logs in with now.
func (m *Mailbox) credential(ctx context.Context) (string, error) {
	secret, err := m.cfg.Password(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the password of %s: %w", m.cfg.Username, err)
	}
	if secret == "" {
		return "", fmt.Errorf("reading the password of %s: it is empty", m.cfg.Username)
	}
	return secret, nil
}

// anotherToken asks for a token in the place of one that was refused before its
// end: a server may end tokens when a password changes, and a clock that was set
// back keeps one for too long. Where no other can be had, the error is why: the
// refusal was the old token's, and says nothing of the user's grant while the
// authorization server is out of order.
func (m *Mailbox) anotherToken(ctx context.Context, refused error, secret string) (string, error) {
	if !m.cfg.OAuth || !errors.Is(refused, mailer.ErrLoginRefused) {
		return "", refused
	}
	another, err := m.credential(mailer.AskAnew(ctx, secret))
	switch {
	case err != nil:
		return "", err
	case another == secret:
		return "", refused
	}
	return another, nil
}

// learn takes what the server can do from what it says unasked in its greeting and
// with a login (RFC 9051 sections 7.1 and 6.2.2), if that will do, and else asks.
func (s *session) learn(ctx context.Context, enough func() bool) error {
	if s.guard.told.Swap(false) {
		if s.caps = s.client.Caps(); enough() && len(s.caps) > 0 {
			return nil
		}
	}
	return s.capability(ctx)
}

// capability asks what the server can do now: that changes with the login.
func (s *session) capability(ctx context.Context) error {
	return s.within(ctx, connectTime, "asking for capabilities", func(c *imapclient.Client) (err error) {
		s.caps, err = c.Capability().Wait()
		return err
	})
}

// authenticate chooses the mechanism. AUTHENTICATE PLAIN comes before LOGIN,
// which has no agreed way to carry a password outside ASCII.
func (m *Mailbox) authenticate(c *imapclient.Client, caps goimap.CapSet, secret string) error {
	switch {
	case m.cfg.OAuth && caps.Has(goimap.AuthCap(mailer.OAuthBearer)) && !caps.Has(goimap.AuthCap("XOAUTH2")):
		return c.Authenticate(bearer(m.bearerLogin(secret)))
	case m.cfg.OAuth:
		return c.Authenticate(&xoauth2{username: m.cfg.Username, token: secret})
	case caps.Has(goimap.AuthCap("PLAIN")):
		err := c.Authenticate(sasl.NewPlainClient("", m.cfg.Username, secret))
		if !offersInVain(err) || caps.Has(goimap.CapLoginDisabled) {
			return err
		}
	case caps.Has(goimap.CapLoginDisabled):
		return &goimap.Error{
			Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodePrivacyRequired,
			Text: "the server offers no way to log in with a password here",
		}
	}
	return c.Login(m.cfg.Username, secret).Wait()
}

// offersInVain reports the answer of a server that does not know a mechanism it offers.
func offersInVain(err error) bool {
	var answer *goimap.Error
	if !errors.As(err, &answer) || answer.Type != goimap.StatusResponseTypeBad {
		return false
	}
	r := refusal(answer)
	return !r.busy && !r.bug && !r.refusesLogin()
}

// loginFailure tells a refused credential from a server that is busy or gone.
// Servers are known to echo what they were sent, so the secret is taken out.
func loginFailure(doing string, err error, secrets []string) error {
	var r *refused
	if !errors.As(err, &r) {
		if err.Error() == mailer.HideSecrets(err.Error(), secrets) {
			return err
		}
		return fmt.Errorf("%s: %w", doing, mailer.ErrConnectionLost)
	}
	kind := mailer.ErrServerBusy
	if r.refusesLogin() {
		kind = mailer.ErrLoginRefused
	}
	return fmt.Errorf("%s: %w: server answers %s", doing, kind, oneLine(mailer.HideSecrets(r.words(), secrets)))
}

// encodings are the forms in which a secret goes over the line, plain, in quotation marks
// or as SASL encodes it.
func (m *Mailbox) encodings(secret string) []string {
	if secret == "" {
		return nil
	}
	var forms []string
	for _, text := range []string{string(m.bearerLogin(secret)), "user=" + m.cfg.Username + "\x01auth=Bearer " + secret + "\x01\x01", "\x00" + m.cfg.Username + "\x00" + secret, secret} {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return append(forms, secret, inQuotes.Replace(secret))
}

func (m *Mailbox) bearerLogin(token string) []byte {
	return mailer.OAuthBearerLogin(m.cfg.Username, m.cfg.Host, m.cfg.Port, token)
}

// bearer is the SASL mechanism OAUTHBEARER: what is said first. The library's own takes
// the reasons of a refusal for a failure of the exchange and says nothing any more.
type bearer []byte

// Start implements sasl.Client.
func (b bearer) Start() (mech string, ir []byte, err error) { return mailer.OAuthBearer, b, nil }

// Next implements sasl.Client.
func (b bearer) Next([]byte) ([]byte, error) { return mailer.OAuthBearerNoted(), nil }

// xoauth2 is the SASL mechanism of Gmail and Outlook. On refusal the server
// sends details as a challenge and expects an empty answer before its NO.
type xoauth2 struct{ username, token string }

func (x *xoauth2) Start() (mech string, ir []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.username + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
