package smtp

import (
	"encoding/base64"
	"errors"

	"afterword/mailer"
)

// secrets are the strings of one login that must never be shown. Servers have
// been seen to repeat a command in the reply that refuses it.
type secrets []string

func newSecrets(c Config, password string) secrets {
	username := c.Username
	if password == "" {
		return nil
	}
	s := secrets{password}
	for _, sent := range []string{
		password,
		"\x00" + username + "\x00" + password,
		"user=" + username + "\x01auth=Bearer " + password + "\x01\x01",
		string(mailer.OAuthBearerLogin(username, c.Host, c.Port, password)),
	} {
		s = append(s, base64.StdEncoding.EncodeToString([]byte(sent)))
	}
	return s
}

// hide replaces every secret in text, and longer pieces of one.
func (s secrets) hide(text string) string { return mailer.HideSecrets(text, s) }

func (s secrets) hideReply(r reply) reply {
	hidden := reply{code: r.code}
	for _, line := range r.lines {
		hidden.lines = append(hidden.lines, s.hide(line))
	}
	return hidden
}

// hideError keeps an error as it is, so that it can be examined, unless its
// text holds a secret.
func (s secrets) hideError(err error) error {
	if err == nil || s.hide(err.Error()) == err.Error() {
		return err
	}
	return errors.New(s.hide(err.Error()))
}
