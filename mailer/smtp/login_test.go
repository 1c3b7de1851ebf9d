package smtp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"afterword/mailer"
)

func TestLoginMechanisms(t *testing.T) {
	t.Parallel()
	check := func(offer string, oauth bool, mechanism string) {
		t.Run(fmt.Sprint(offer, oauth), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.offers = []string{offer}
				config := plainConfig(s.dial(t))
				config.OAuth = oauth
				r := newSender(t, config).Send(t.Context(), testMessage(), agree)
				said := strings.Join(s.commands(), "\n")
				if mechanism == "" {
					if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseAuth || r.AuthRefused || strings.Contains(said, "AUTH") {
						t.Errorf("got %+v after\n%s", r, said)
					}
					return
				}
				if r.Outcome != mailer.Accepted || !strings.Contains(said, "AUTH "+mechanism) {
					t.Errorf("got %+v after\n%s", r, said)
				}
			})
		})
	}
	check("AUTH PLAIN LOGIN XOAUTH2", false, "PLAIN")
	check("AUTH LOGIN XOAUTH2", false, "LOGIN")
	check("AUTH login", false, "LOGIN")
	check("AUTH PLAIN LOGIN XOAUTH2", true, "XOAUTH2")
	check("AUTH PLAIN OAUTHBEARER XOAUTH2", true, "XOAUTH2")
	check("AUTH PLAIN OAuthBearer", true, "OAUTHBEARER")
	check("AUTH PLAIN OAUTHBEARER", false, "PLAIN")
	check("AUTH PLAIN LOGIN", true, "")
	check("AUTH GSSAPI", false, "")
	check("SIZE", false, "")
}

func TestMechanismsOfOlderServers(t *testing.T) {
	t.Parallel()
	s := newSender(t, plainConfig(newServer().dial(t)))
	for _, offer := range []string{"SCRAM-SHA-256", "CRAM-MD5"} {
		if s.mechanism([]string{"GSSAPI", offer}, testPassword) == nil {
			t.Errorf("no login with a server that offers %s", offer)
		}
	}
}

func TestNoLoginWithoutUser(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		config := plainConfig(s.dial(t))
		config.Username = ""
		config.Password = func(context.Context) (string, error) { t.Error("password was read"); return "", nil }
		if r := newSender(t, config).Send(t.Context(), testMessage(), agree); r.Outcome != mailer.Accepted {
			t.Errorf("got %+v", r)
		}
	})
}

// TestRefusedPasswordIsReadAnewOnce gives a password that changed meanwhile.
func TestRefusedPasswordIsReadAnewOnce(t *testing.T) {
	t.Parallel()
	check := func(name string, passwords []string, outcome mailer.Outcome, refused bool) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				config := plainConfig(s.dial(t))
				read := 0
				config.Password = func(context.Context) (string, error) {
					read++
					return passwords[read-1], nil
				}
				r := newSender(t, config).Send(t.Context(), testMessage(), agree)
				if r.Outcome != outcome || r.AuthRefused != refused || read != len(passwords) {
					t.Errorf("got %+v after %d passwords", r, read)
				}
				if s.dials() != read {
					t.Errorf("%d connections for %d passwords", s.dials(), read)
				}
			})
		})
	}
	check("right", []string{testPassword}, mailer.Accepted, false)
	check("changed", []string{"old", testPassword}, mailer.Accepted, false)
	check("wrong twice", []string{"old", "older"}, mailer.Deferred, true)
}

func TestPasswordThatCannotBeRead(t *testing.T) {
	t.Parallel()
	locked := errors.New("the keyring is locked")
	check := func(name, password string, err error) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				config := plainConfig(s.dial(t))
				config.Password = func(context.Context) (string, error) { return password, err }
				r := newSender(t, config).Send(t.Context(), testMessage(), agree)
				if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseAuth || r.AuthRefused || s.dials() != 0 {
					t.Errorf("got %+v", r)
				}
				if err != nil && !errors.Is(r.Err, err) {
					t.Errorf("the cause is lost: %v", r.Err)
				}
			})
		})
	}
	check("locked", "", locked)
	check("empty", "", nil)
}

// TestSecretsNeverShow has the server repeat what it was given in every reply
// that ends up in a receipt.
func TestSecretsNeverShow(t *testing.T) {
	t.Parallel()
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + testUser + "\x00" + testPassword))
	bearer := base64.StdEncoding.EncodeToString([]byte("user=" + testUser + "\x01auth=Bearer " + testPassword + "\x01\x01"))
	echoes := []string{testPassword, plain, bearer, base64.StdEncoding.EncodeToString([]byte(testPassword))}
	for verb, code := range map[string]string{"AUTH": "535", "MAIL": "550", "RCPT": "550", "DATA": "554", ".": "250"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := answering(verb, code+"-5.7.8 got "+strings.Join(echoes, " and ")+"\r\n"+code+" 5.7.8 id=\""+plain+"\"\r\n")
				if verb == "DATA" {
					s.count["refused DATA"] = 1
				}
				sender := newSender(t, plainConfig(s.dial(t)))
				r := sender.Send(t.Context(), testMessage(), agree)
				_, err := sender.Probe(t.Context())
				shown := fmt.Sprintf("%+v %v", r, err)
				for _, secret := range echoes {
					if strings.Contains(shown, secret) {
						t.Errorf("%q shows in %s", secret, shown)
					}
				}
				if !strings.Contains(shown, "(hidden)") {
					t.Errorf("the echo did not reach the receipt: %s", shown)
				}
			})
		})
	}
}

func TestHiddenErrorsStayExaminableWhereTheyCan(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	hidden := newSecrets(Config{Username: testUser}, testPassword)
	if err := hidden.hideError(fmt.Errorf("reading: %w", cause)); !errors.Is(err, cause) {
		t.Errorf("%v lost its cause", err)
	}
	if err := hidden.hideError(errors.New("bad " + testPassword)); strings.Contains(err.Error(), testPassword) {
		t.Errorf("%v shows the password", err)
	}
	if got := newSecrets(Config{Username: testUser}, "").hide("text"); got != "text" {
		t.Errorf("without a secret the text became %q", got)
	}
}
