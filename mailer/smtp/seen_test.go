package smtp

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"

	"afterword/mailer"
)

// TestWhatIsSaidToALogin: an answer that puts a login off, or tells of a trouble of the
// server's own, refuses nobody, whatever its code: the mail waits, and nothing else does.
func TestWhatIsSaidToALogin(t *testing.T) {
	t.Parallel()
	for says, refused := range map[string]bool{
		"535 5.7.0 (#1) Too many bad auth attempts.":                             false,
		"535 5.7.8 Error: authentication failed: Connection lost to auth server": false,
		"535 5.7.8 Error: authentication failed: temporary failure":              false,
		"535 Authentication rate limit from one source exceeded":                 false,
		"550 5.7.1 Too many login failures, come back in an hour":                false,
		"535 5.7.0 Please try again in ten minutes":                              false,
		"554 5.7.0 Internal server error":                                        false,
		"454 5.7.8 Authentication failed":                                        false,
		"435 5.7.8 Unable to authenticate at present":                            false,
		"432 4.7.12 A password transition is needed":                             false,
		"501 5.5.2 Authentication failed: malformed response":                    false,
		"503 5.5.1 Authentication refused: server unavailable":                   false,
		"535 SMTP is temporarily disabled":                                       false,
		"535 Maximum number of login attempts reached":                           false,
		"501 5.5.124 Invalid data":                                               false,

		"535 5.7.8 Username and Password not accepted":                            true,
		"535 5.7.3 Authentication unsuccessful":                                   true,
		"535 5.7.139 Authentication unsuccessful, SMTP is disabled for the house": true,
		"535 Authentication credentials invalid":                                  true,
		"535 5.7.8 Authentication failed. Please try again later.":                true,
		"535 Wrong password, please try again":                                    true,
		"535 5.7.0 Incorrect password, too many failures: try later":              true,
		"501 5.5.0 Authentication failed":                                         true,
		"535 Authentication failed. Please try again later":                       true,
		"500 Wrong user name or password":                                         true,
		"534 5.7.9 An app password is needed":                                     true,
		"554 5.7.8 Error: authentication failed":                                  true,
		"530 5.7.57 Client not authenticated to send mail":                        true,
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			o := odd{verb: "AUTH*", says: says + "\r\n", want: mailer.Deferred, phase: mailer.PhaseAuth, refusal: refused}
			o.code, _, _, _ = cutCode(says)
			o.run(t)
		})
	}
}

// TestWhatIsSaidOfAMail: the basic code and the phase come first. What blames the login
// stops the account only where it can be meant: a code of its own, before the reader is named.
func TestWhatIsSaidOfAMail(t *testing.T) {
	t.Parallel()
	const mail, rcpt, data, dot = mailer.PhaseMail, mailer.PhaseRcpt, mailer.PhaseData, mailer.PhaseDot
	for _, o := range []odd{
		{verb: "RCPT", says: "554 5.7.9 Not taken for reasons of policy", want: mailer.Refused, phase: rcpt, code: 554},
		{verb: "DATA", says: "554 5.7.9 Not taken for reasons of policy", want: mailer.Refused, phase: data, code: 554},
		{verb: ".", says: "554 5.7.9 Not taken for reasons of policy", want: mailer.Refused, phase: dot, code: 554},
		{verb: "RCPT", says: "550 5.7.8 No relaying", want: mailer.Refused, phase: rcpt, code: 550},
		{verb: "MAIL", says: "450 5.7.8 Later", want: mailer.Deferred, phase: mail, code: 450},
		{verb: "MAIL", says: "451 4.0.0 Not your address", want: mailer.Deferred, phase: mail, code: 451},
		{verb: "MAIL", says: "553 5.7.1 Sender address rejected: not owned by user", want: mailer.Refused, phase: mail, code: 553},
		{verb: "MAIL*", says: "530 5.7.57 Client not authenticated to send mail", want: mailer.Deferred, phase: mail, code: 530, refusal: true},
		{verb: "MAIL*", says: "538 5.7.11 Encryption is wanted", want: mailer.Deferred, phase: mail, code: 538, refusal: true},
		{verb: ".", says: "550-\r\n550 5.4.5 Daily sending limit", want: mailer.Deferred, phase: dot, code: 550},
		{verb: ".", says: "451 #4.7.1 Greylisted", want: mailer.Deferred, phase: dot, code: 451},
		{verb: ".", says: "550 #5.1.0 Address rejected", want: mailer.Refused, phase: dot, code: 550},
		{verb: ".", says: "432 4.3.2 Thread limit exceeded", want: mailer.InDoubt, phase: dot, code: 432},
		{verb: ".", says: "451 4.7.500 Server busy", want: mailer.Deferred, phase: dot, code: 451},
		{verb: ".", says: "451 Timeout - closing connection", want: mailer.InDoubt, phase: dot, code: 451},
		{verb: ".", says: "600 what", want: mailer.InDoubt, phase: dot},
		{verb: ".", says: "550 5.7.705 Tenant has exceeded threshold", want: mailer.Refused, phase: dot, code: 550},
		{verb: ".", says: "250 2.0.0 OK\r\n421 4.4.2 bye", want: mailer.Accepted, phase: dot, code: 250},
		{verb: "RCPT", says: "252 cannot verify", want: mailer.Accepted, phase: dot, code: 250},
	} {
		t.Run(o.verb+" "+o.says, func(t *testing.T) {
			t.Parallel()
			o.says += "\r\n"
			o.run(t)
		})
	}
}

// TestNoPieceOfASecretIsShown: a server repeats what it does not understand, and cuts it.
func TestNoPieceOfASecretIsShown(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("eyJhbGciOiJSUzI1NiJ9", 250)
	line := base64.StdEncoding.EncodeToString([]byte("user=" + testUser + "\x01auth=Bearer " + token + "\x01\x01"))
	for _, cut := range []int{60, 300, len(line)} {
		synctest.Test(t, func(t *testing.T) {
			s := answering("AUTH", "500 5.5.1 what is AUTH XOAUTH2 "+line[:cut]+"\r\n")
			config := plainConfig(s.dial(t))
			config.OAuth, config.Password = true, func(context.Context) (string, error) { return token, nil }
			r := newSender(t, config).Send(t.Context(), testMessage(), agree)
			if r.Outcome != mailer.Deferred || !strings.HasPrefix(r.Words, "what is AUTH XOAUTH2 (hidden)") || len(r.Words) > 60 {
				t.Errorf("it shows %q", r.Words)
			}
		})
	}
}

// TestLimitsThatPass: a 4xx that speaks of what the account may send is known as a limit.
func TestLimitsThatPass(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"450 4.7.1 Too many messages: only 50 per hour":               true,
		"451 4.7.1 Daily sending limit exceeded":                      true,
		"452 4.3.1 Number of messages per hour exceeded":              true,
		"450 4.2.0 Greylisted, come back in 300 seconds":              false,
		"452 4.5.3 Too many recipients":                               false,
		"450 4.2.1 The user you write to is receiving mail too often": false,
		"452 4.2.2 The mailbox is over its quota for today":           false,
		"421 4.3.2 Too many connections":                              false,
		"250 2.0.0 Daily sending limit exceeded next time":            false,
	} {
		code, text, _, _ := cutCode(line)
		if got := isLimit(reply{code: code, lines: []string{text}}); got != want {
			t.Errorf("%s: a limit: %v, want %v", line, got, want)
		}
	}
}

// TestMechanismThatIsOfferedInVain: the next one that both know is tried, and a refused
// password is presented by one alone.
func TestMechanismThatIsOfferedInVain(t *testing.T) {
	t.Parallel()
	for first, c := range map[string]struct {
		outcome      mailer.Outcome
		tries, dials int
	}{
		"504 PLAIN is not permitted here": {mailer.Accepted, 2, 1}, "500 what?": {mailer.Accepted, 2, 1}, "454 4.7.0 later": {mailer.Deferred, 1, 1},
		"501 5.5.0 Authentication failed": {mailer.Accepted, 2, 2}, // by one mechanism, once more
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer()
			s.offers, s.password = []string{"AUTH PLAIN LOGIN"}, testPassword
			s.answer = func(verb string, time int) string {
				if verb == "AUTH" && time == 1 {
					return first + "\r\n"
				}
				return ""
			}
			sender := newSender(t, plainConfig(s.dial(t)))
			r := sender.Send(t.Context(), testMessage(), agree)
			sender.Rest()
			if r.Outcome != c.outcome || s.count["AUTH"] != c.tries || s.dials() != c.dials {
				t.Errorf("%s: got %+v after %d logins on %d connections", first, r, s.count["AUTH"], s.dials())
			}
		})
	}
}

// TestQuestionsInPlainWords: a question of a login need not be base64 to be understood: a
// token is known as refused, and a name and a password are given.
func TestQuestionsInPlainWords(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(verb string, _ int) string {
			return map[string]string{"AUTH": `334 {"status":"401"}` + "\r\n", "": "535 5.7.8 no\r\n"}[verb]
		}
		config := plainConfig(s.dial(t))
		config.OAuth = true
		if r := newSender(t, config).Send(t.Context(), testMessage(), agree); !r.AuthRefused || r.Code != 535 {
			t.Errorf("got %+v", r)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.offers = []string{"AUTH LOGIN"}
		s.prompts = []string{"Username:", "Password:"}
		sender := newSender(t, plainConfig(s.dial(t)))
		r := sender.Send(t.Context(), testMessage(), agree)
		sender.Rest()
		if r.Outcome != mailer.Accepted {
			t.Errorf("got %+v", r)
		}
	})
}
