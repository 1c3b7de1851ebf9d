package smtp

import (
	"strings"
	"testing"
	"testing/synctest"

	"afterword/mailer"
)

// odd is a server that says one thing otherwise than most do.
type odd struct {
	verb, says string   // once; a verb with * always
	offers     []string // other keywords
	oauth      bool
	want       mailer.Outcome
	phase      mailer.Phase
	code       int
	refusal    bool   // of the login
	words      string // in the server's reply or the error
}

func (o odd) run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		if o.offers != nil {
			s.offers = o.offers
		}
		verb, always := strings.CutSuffix(o.verb, "*")
		s.answer = func(v string, time int) string {
			if v == verb && (always || time == 1) {
				return o.says
			}
			return ""
		}
		config := plainConfig(s.dial(t))
		config.OAuth = o.oauth
		sender := newSender(t, config)
		r := sender.Send(t.Context(), testMessage(), agree)
		sender.Rest()
		told := r.Words
		if r.Err != nil {
			told += r.Err.Error()
		}
		if r.Outcome != o.want || r.Phase != o.phase || r.Code != o.code || r.AuthRefused != o.refusal || !strings.Contains(told, o.words) {
			t.Errorf("got %+v, want %+v", r, o)
		}
		if o.want == mailer.Accepted && len(s.messages()) != 1 {
			t.Errorf("accepted, and the server has %d messages", len(s.messages()))
		}
	})
}

// TestOddServers holds what servers say that is right by RFC 5321, or was seen
// although it is not, against what it must come to.
func TestOddServers(t *testing.T) {
	t.Parallel()
	const dot, auth, connect = mailer.PhaseDot, mailer.PhaseAuth, mailer.PhaseConnect
	ok := func(verb, says string, code int) odd {
		return odd{verb: verb, says: says, want: mailer.Accepted, phase: dot, code: code}
	}
	offering := func(offers ...string) odd {
		return odd{offers: offers, want: mailer.Accepted, phase: dot, code: 250}
	}
	for name, o := range map[string]odd{
		"greeting without text":      ok("greeting", "220\r\n", 250),
		"greeting with a blank":      ok("greeting", "220 \r\n", 250),
		"greeting of many lines":     ok("greeting", "220-mx\r\n220-\r\n220-no spam\r\n220\r\n", 250),
		"greeting ends in LF":        ok("greeting", "220 mx\n", 250),
		"hello ends without text":    ok("EHLO", "250-mx\r\n250-AUTH PLAIN\r\n250\r\n", 250),
		"hello with an empty line":   ok("EHLO", "250-mx\r\n250-\r\n250 AUTH PLAIN\r\n", 250),
		"login without text":         ok("AUTH", "235\r\n", 250),
		"login of two lines":         ok("AUTH", "235-hello\r\n235 welcome\r\n", 250),
		"MAIL without text":          ok("MAIL", "250\r\n", 250),
		"RCPT will forward":          ok("RCPT", "251 will forward\r\n", 250),
		"DATA without text":          ok("DATA", "354\r\n", 250),
		"DATA of two lines":          ok("DATA", "354-go\r\n354 on\r\n", 250),
		"the answer without text":    ok(".", "250\r\n", 250),
		"the answer ends in LF":      ok(".", "250 ok\n", 250),
		"one answer for each (LMTP)": ok(".", "250 2.0.0 <ken> ok\r\n250 2.0.0 <mara> ok\r\n", 250),
		"small keywords":             offering("size 100000", "auth plain"),
		"AUTH= of old":               offering("AUTH=PLAIN LOGIN"),
		"AUTH in two lines":          offering("AUTH PLAIN", "AUTH GSSAPI"),
		"AUTH with blanks":           offering("AUTH  LOGIN   PLAIN"),
		"no extension but AUTH":      offering("AUTH LOGIN"),
		"a size that is none":        offering("SIZE lots", "AUTH PLAIN"),
		"any size":                   offering("SIZE 0", "AUTH PLAIN"),

		"too many connections": {verb: "greeting*", says: "421 4.3.2 later\r\n", want: mailer.Deferred, phase: connect, code: 421, words: "later"},
		"no service":           {verb: "greeting*", says: "554 5.7.1 no\r\n", want: mailer.Deferred, phase: connect, code: 554},
		"another kind of 2xx":  {verb: "greeting*", says: "250 hi\r\n", want: mailer.Deferred, phase: connect, code: 250},
		"two greetings":        {verb: "greeting*", says: "220 a\r\n220 b\r\n", want: mailer.Deferred, phase: connect, words: "out of turn"},
		"hello, and goodbye":   {verb: "EHLO*", says: "421 bye\r\n", want: mailer.Deferred, phase: connect, code: 421},
		"login later":          {verb: "AUTH*", says: "454 4.7.0 temporary\r\n", want: mailer.Deferred, phase: auth, code: 454},
		"login, and goodbye":   {verb: "AUTH*", says: "421 4.7.0 bye\r\n", want: mailer.Deferred, phase: auth, code: 421},
		"password of an app":   {verb: "AUTH*", says: "534-5.7.9 Application-specific\r\n534 5.7.9 password\r\n", want: mailer.Deferred, phase: auth, code: 534, refusal: true, words: "Application-specific password"},
		"question to PLAIN":    {verb: "AUTH*", says: "334 \r\n", want: mailer.Deferred, phase: auth, words: "logging in"},
		"no base64":            {verb: "AUTH*", says: "334 ***\r\n", want: mailer.Deferred, phase: auth, words: "logging in"},
		"RCPT, and goodbye":    {verb: "RCPT", says: "421 bye\r\n", want: mailer.Deferred, phase: mailer.PhaseRcpt, code: 421},
		"too many recipients":  {verb: "RCPT", says: "452 too many recipients\r\n", want: mailer.Deferred, phase: mailer.PhaseRcpt, code: 452},
		"full, of many lines":  {verb: "MAIL", says: "452-4.3.1 disk\r\n452 4.3.1 full\r\n", want: mailer.Deferred, phase: mailer.PhaseMail, code: 452, words: "disk full"},
		"no EHLO parameters":   {verb: "MAIL", says: "555 5.5.4 SIZE?\r\n", want: mailer.Refused, phase: mailer.PhaseMail, code: 555},
		"RCPT refused, bare":   {verb: "RCPT", says: "550\r\n", want: mailer.Refused, phase: mailer.PhaseRcpt, code: 550},
		"DATA taken for MAIL":  {verb: "DATA", says: "250 ok\r\n", want: mailer.Deferred, phase: mailer.PhaseData, code: 250},
		"two codes in one":     {verb: ".", says: "250-ok\r\n550 no\r\n", want: mailer.InDoubt, phase: dot},
		"a code that runs on":  {verb: ".", says: "250ok\r\n", want: mailer.InDoubt, phase: dot},
		"still going ahead":    {verb: ".", says: "354 go on\r\n", want: mailer.InDoubt, phase: dot, code: 354},
		"the dot, and goodbye": {verb: ".", says: "421 4.3.0 bye\r\n", want: mailer.InDoubt, phase: dot, code: 421},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.run(t)
		})
	}
}

// TestHelloOfAnOldServer: who knows no EHLO offers nothing, whatever HELO says.
func TestHelloOfAnOldServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(verb string, _ int) string {
			return map[string]string{"EHLO": "502 5.5.1 what?\r\n", "HELO": "250-mx\r\n250 AUTH PLAIN\r\n"}[verb]
		}
		config := plainConfig(s.dial(t))
		config.Username = ""
		sender := newSender(t, config)
		if r := sender.Send(t.Context(), testMessage(), agree); r.Outcome != mailer.Accepted {
			t.Errorf("got %+v", r)
		}
		sender.Rest()
		if heard := strings.Join(s.commands(), " | "); !strings.Contains(heard, "HELO [") || strings.Contains(heard, "AUTH") {
			t.Errorf("it heard %s", heard)
		}
	})
}

// TestRefusedTokenIsKnownAsOne: a server says why in a question, is answered as the
// mechanism wants it (with nothing, or with one byte), and then refuses, with whatever code.
func TestRefusedTokenIsKnownAsOne(t *testing.T) {
	t.Parallel()
	for n, end := range []string{"535 5.7.8 no\r\n", "500 5.5.1 no\r\n", "535\r\n", "535 5.7.8 no\r\n", "500 5.5.1 no\r\n"} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer()
			noted := ""
			if n > 2 {
				s.offers, noted = []string{"AUTH OAUTHBEARER"}, "AQ=="
			}
			s.answer = func(verb string, _ int) string {
				return map[string]string{"AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n", "": end}[verb]
			}
			config := plainConfig(s.dial(t))
			config.OAuth = true
			sender := newSender(t, config)
			r := sender.Send(t.Context(), testMessage(), agree)
			sender.Rest()
			if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseAuth || !r.AuthRefused || s.dials() != 2 {
				t.Errorf("%q: got %+v after %d connections, want a refused login, tried twice", end, r, s.dials())
			}
			for _, c := range s.commands() {
				if c == "*" || c == "QUIT" {
					t.Errorf("%q was said to a server that had refused", c)
				}
			}
			if said := s.commands(); said[len(said)-1] != noted {
				t.Errorf("to the reasons it said %q, want %q", said[len(said)-1], noted)
			}
		})
	}
}

// TestALoginThatNeverEnds is given up.
func TestALoginThatNeverEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(verb string, _ int) string {
			if verb == "AUTH" || verb == "" {
				return "334 \r\n"
			}
			return ""
		}
		config := plainConfig(s.dial(t))
		config.OAuth = true
		r := newSender(t, config).Send(t.Context(), testMessage(), agree)
		if r.Outcome != mailer.Deferred || r.AuthRefused || len(s.commands()) > 2+mostChallenges {
			t.Errorf("got %+v after %d commands", r, len(s.commands()))
		}
	})
}
