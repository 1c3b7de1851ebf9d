package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// What the server takes is kept byte for byte, with all that is known of it.
func TestAcceptedMessage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		raw := note(ken, "<one@example.org>", "Thank you")
		send(t, w, ken, raw)
		send(t, w, "priya@acme.example", note("priya@acme.example", "<two@example.org>", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="))
		a := w.Accepted()
		if len(a) != 2 {
			t.Fatalf("%d messages accepted, want 2", len(a))
		}
		if !bytes.Equal(a[0].Raw, raw) {
			t.Errorf("kept %q\nwant %q", a[0].Raw, raw)
		}
		if a[0].MessageID != "<one@example.org>" || a[0].Subject != "Thank you" || a[0].From != dana ||
			a[0].Number != 1 || a[0].Conn != 1 || !a[0].At.Equal(time.Now()) {
			t.Errorf("noted as %+v", a[0])
		}
		if a[1].Subject != "Grüße" || a[1].Conn != 2 {
			t.Errorf("the second is noted as %+v", a[1])
		}
		if got := only(t, w.AcceptedTo("PRIYA@acme.example")); got.MessageID != "<two@example.org>" {
			t.Errorf("to Priya went %s", got.MessageID)
		}
		if got := w.AcceptedTo("nobody@acme.example"); len(got) != 0 {
			t.Errorf("to nobody went %v", got)
		}
	})
}

// Each magic recipient does what its name says: where the client fails, with
// which code, and whether the message is with the server all the same.
func TestMagicRecipients(t *testing.T) {
	check := func(to, step string, want int, kept bool) {
		t.Run(to, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, Options{})
				c := smtpClient(t, w)
				got, _, err := transmit(c, to, note(to, "<m@example.org>", "Hi"))
				if got != step || code(err) != want {
					t.Errorf("stopped at %s with code %d (%v), want %s with %d", got, code(err), err, step, want)
				}
				synctest.Wait()
				if is := len(w.AcceptedTo(to)) == 1; is != kept {
					t.Errorf("the server kept it: %v, want %v", is, kept)
				}
			})
		})
	}
	check("451@acme.example", atRcpt, 451, false)
	check("ken+451@acme.example", atRcpt, 451, false)
	check("451-data@acme.example", atDot, 451, true)
	check("550@acme.example", atRcpt, 550, false)
	check("KEN+550@acme.example", atRcpt, 550, false)
	check("554-data@acme.example", atDot, 554, false)
	check("451-dot@acme.example", atDot, 451, false)
	check("554-once@acme.example", atDot, 554, false)
	check("drop-after-data@acme.example", atDot, 0, true)
	check("drop-in-data@acme.example", atDot, 0, false)
	check("reset-after-250@acme.example", done, 0, true)
	check("ken+reset-after-250@acme.example", done, 0, true)
	check("slow@acme.example", done, 0, true)
	check("ken+jobs@acme.example", done, 0, true)
	check("4510@acme.example", done, 0, true)
}

// Enhanced codes are those that the program decides by.
func TestMagicCodes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		for to, want := range map[string]string{
			"451@acme.example":      "4.7.1",
			"451-data@acme.example": "4.3.0",
			"550@acme.example":      "5.1.1",
			"554-data@acme.example": "5.6.0",
			"451-dot@acme.example":  "4.7.1",
			"554-once@acme.example": "5.7.1",
		} {
			_, _, err := transmit(smtpClient(t, w), to, note(to, "<m@example.org>", "Hi"))
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", to, err, want)
			}
		}
	})
}

// What is put off, or refused once, is taken at the second try, unless the server
// never does.
func TestGreylisting(t *testing.T) {
	check := func(to string, always bool, first, want string) {
		t.Run(fmt.Sprintf("%s, always %v", to, always), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, Options{SMTP: SMTPOptions{GreylistAlways: always}})
				raw := note(to, "<m@example.org>", "Hi")
				if step, _, _ := transmit(smtpClient(t, w), to, raw); step != first {
					t.Fatalf("the first try came to %s", step)
				}
				if step, _, err := transmit(smtpClient(t, w), to, raw); step != want {
					t.Errorf("the second try came to %s (%v), want %s", step, err, want)
				}
			})
		})
	}
	check("ken+451@acme.example", false, atRcpt, done)
	check("ken+451@acme.example", true, atRcpt, atRcpt)
	check("ken+451-dot@acme.example", false, atDot, done)
	check("ken+451-dot@acme.example", true, atDot, atDot)
	check("ken+554-once@acme.example", false, atDot, done)
}

// slow@ answers after the set time, and the mail is there long before.
func TestSlowAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{Slow: 9 * time.Minute}})
		start := time.Now()
		answered := make(chan error, 1)
		c := smtpClient(t, w)
		go func() {
			_, _, err := transmit(c, "slow@acme.example", note(ken, "<m@example.org>", "Hi"))
			answered <- err
		}()
		synctest.Wait()
		if len(w.Accepted()) != 1 {
			t.Error("the mail is not with the server before the answer")
		}
		must(t, <-answered)
		if got := time.Since(start); got != 9*time.Minute {
			t.Errorf("answered after %v, want 9m", got)
		}
	})
}

// lose-250@ keeps the connection open and says nothing, for ever.
func TestLostAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		conn := dial(t, w, SMTP)
		c, err := smtp.NewClient(conn, w.Host())
		must(t, err)
		must(t, c.Auth(smtp.PlainAuth("", dana, "secret", w.Host(), true)))
		start := time.Now()
		conn.SetDeadline(start.Add(10 * time.Minute))
		step, _, err := transmit(c, "lose-250@acme.example", note(ken, "<m@example.org>", "Hi"))
		var timeout net.Error
		if step != atDot || !asError(err, &timeout) || !timeout.Timeout() || time.Since(start) != 10*time.Minute {
			t.Errorf("came to %s after %v: %v", step, time.Since(start), err)
		}
		if len(w.Accepted()) != 1 {
			t.Error("the server does not have the mail")
		}
	})
}

// asError is errors.As for a net.Error.
func asError(err error, target *net.Error) bool {
	for err != nil {
		if e, ok := err.(net.Error); ok {
			*target = e
			return true
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = u.Unwrap()
	}
	return false
}

// reset-after-250@ is accepted first; only what follows fails.
func TestResetAfterAcceptance(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		c := smtpClient(t, w)
		if step, _, err := transmit(c, "reset-after-250@acme.example", note(ken, "<m@example.org>", "Hi")); step != done {
			t.Fatalf("came to %s: %v", step, err)
		}
		if err := c.Noop(); err == nil {
			t.Error("the connection lives on after the 250")
		}
	})
}

// Every mechanism takes the right secret and refuses the wrong one as real
// servers do; without any, nothing is sent.
func TestSMTPAuthentication(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{Token: "ya29.token"})
		host := w.Host()
		check := func(name string, auth smtp.Auth, want int) {
			t.Helper()
			c, err := smtp.NewClient(dial(t, w, SMTP), host)
			must(t, err)
			err = c.Auth(auth)
			if (err == nil) != (want == 235) || err != nil && code(err) != want {
				t.Errorf("%s: got %v, want %d", name, err, want)
			}
			if want == 535 && !strings.Contains(err.Error(), "5.7.8") {
				t.Errorf("%s: %v lacks the enhanced code", name, err)
			}
		}
		check("plain", smtp.PlainAuth("", dana, "secret", host, true), 235)
		check("plain, wrong", smtp.PlainAuth("", dana, "sesame", host, true), 535)
		check("plain, wrong user", smtp.PlainAuth("", ken, "secret", host, true), 535)
		check("login", smtp.LoginAuth(dana, "secret", host, true), 235)
		check("login, wrong", smtp.LoginAuth(dana, "sesame", host, true), 535)
		check("xoauth2", smtp.XOAuth2Auth(dana, "ya29.token"), 235)
		check("xoauth2, wrong", smtp.XOAuth2Auth(dana, "stale"), 535)
		w.SetPassword("changed")
		check("after a change", smtp.PlainAuth("", dana, "secret", host, true), 535)
		check("after a change, new", smtp.PlainAuth("", dana, "changed", host, true), 235)
		w.SetToken("")
		check("without tokens", smtp.XOAuth2Auth(dana, ""), 535)

		c, err := smtp.NewClient(dial(t, w, SMTP), host)
		must(t, err)
		if err := c.Mail("<" + dana + ">"); code(err) != 530 {
			t.Errorf("unauthenticated MAIL: %v, want 530", err)
		}
	})
}

// Where tokens end, the server asks whoever gives them, at each login.
func TestTokensThatEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		good := "first"
		w := newWorld(t, Options{Token: "ya29.token", TokenFits: func(token string) bool { return token == good }})
		check := func(user, token string, want int) {
			t.Helper()
			c, err := smtp.NewClient(dial(t, w, SMTP), w.Host())
			must(t, err)
			if err := c.Auth(smtp.XOAuth2Auth(user, token)); (err == nil) != (want == 235) || err != nil && code(err) != want {
				t.Errorf("%s of %s: got %v, want %d", token, user, err, want)
			}
		}
		check(dana, "first", 235)
		check(ken, "first", 535)
		check(dana, "ya29.token", 535)
		good = "second"
		check(dana, "first", 535)
		check(dana, "second", 235)
	})
}

// The server announces what its options say.
func TestExtensions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{UTF8: true, MaxBytes: 2000}})
		c := smtpClient(t, w)
		for _, name := range []string{"8BITMIME", "ENHANCEDSTATUSCODES", "SIZE", "SMTPUTF8", "AUTH"} {
			if ok, _ := c.Extension(name); !ok {
				t.Errorf("%s is not announced", name)
			}
		}
		big := append(note(ken, "<m@example.org>", "Hi"), bytes.Repeat([]byte("0123456789\r\n"), 400)...)
		if _, _, err := transmit(c, ken, big); code(err) != 552 {
			t.Errorf("a mail above SIZE: %v, want 552", err)
		}
		plain := newWorld(t, Options{Network: NewNetwork()})
		if ok, _ := smtpClient(t, plain).Extension("SMTPUTF8"); ok {
			t.Error("SMTPUTF8 is announced though it was not asked for")
		}
	})
}

// STARTTLS is demanded before anything else, and the session goes on inside.
func TestSMTPStartTLS(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{Security: STARTTLS}})
		c, err := smtp.NewClient(dial(t, w, SMTP), w.Host())
		must(t, err)
		if err := c.Mail("<" + dana + ">"); code(err) != 530 {
			t.Errorf("MAIL before TLS: %v, want 530", err)
		}
		must(t, c.Noop())
		must(t, c.StartTLS(clientTLS(w)))
		must(t, c.Auth(smtp.PlainAuth("", dana, "secret", w.Host(), false)))
		step, reply, err := transmit(c, ken, note(ken, "<m@example.org>", "Hi"))
		if step != done || !strings.Contains(reply, "queued as") {
			t.Errorf("came to %s: %q, %v", step, reply, err)
		}
		must(t, c.Quit())
		text := w.Transcripts(SMTP)[0].String()
		contains(t, text, "C: STARTTLS\nS: 220 2.0.0 Ready to start TLS\nC: EHLO", "S: 354", "C: QUIT")
		if strings.Count(text, "ESMTP Service Ready") != 1 {
			t.Errorf("the server greeted again after TLS:\n%s", text)
		}
	})
}

// A client that leaves before TLS takes its connection with it.
func TestQuitBeforeTLS(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{Security: STARTTLS}})
		c, err := smtp.NewClient(dial(t, w, SMTP), w.Host())
		must(t, err)
		must(t, c.Quit())
		conn := dial(t, w, SMTP)
		fmt.Fprintf(conn, "%s\r\n", strings.Repeat("x", 2*maxPreludeLine))
		synctest.Wait()
		if open := w.taps(SMTP); len(open) != 0 {
			t.Errorf("%d connections are still open", len(open))
		}
	})
}

// The transcript shows the session and no secret.
func TestTranscriptHidesSecrets(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{Token: "ya29.token"})
		for _, auth := range []smtp.Auth{
			smtp.PlainAuth("", dana, "secret", w.Host(), true),
			smtp.LoginAuth(dana, "secret", w.Host(), true),
			smtp.XOAuth2Auth(dana, "ya29.token"),
			smtp.XOAuth2Auth(dana, "wrong"),
		} {
			c, err := smtp.NewClient(dial(t, w, SMTP), w.Host())
			must(t, err)
			if err := c.Auth(auth); err == nil {
				_, _, err = transmit(c, ken, note(ken, "<m@example.org>", "Hi"))
				must(t, err)
			}
		}
		synctest.Wait()
		for _, session := range w.Transcripts(SMTP) {
			text := session.String()
			for _, secret := range []string{"c2VjcmV0", "ZGFuYUBleGFtcGxlLm9yZw", "ya29", "AGRhbm", "dXNlcj"} {
				if strings.Contains(text, secret) {
					t.Errorf("session %d shows %q:\n%s", session.Conn, secret, text)
				}
			}
			contains(t, text, "S: 220 ", "***")
		}
		contains(t, w.Transcripts(SMTP)[0].String(), "C: AUTH PLAIN ***\nS: 235 2.0.0", "C: Hi Ken,", "S: 250 2.0.0 Ok: queued as 00000001")
	})
}

// A provider that rewrites tells the new Message-ID in its answer, delivers
// under it, and the sent copy bears it too.
func TestRewrittenMessageID(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{Rewrite: true, FileSent: true}})
		_, reply, err := transmit(smtpClient(t, w), ken, note(ken, "<one@example.org>", "Hi"))
		must(t, err)
		synctest.Wait()
		a := only(t, w.Accepted())
		contains(t, reply, "2.0.0 Ok: queued as "+a.DeliveredID)
		if a.MessageID != "<one@example.org>" || a.DeliveredID == a.MessageID {
			t.Errorf("written as %s, delivered as %s", a.MessageID, a.DeliveredID)
		}
		copied := only(t, w.Messages(Sent))
		if copied.MessageID != a.DeliveredID || !summarise(copied.Raw).Date.Equal(time.Now()) {
			t.Errorf("the sent copy is %s of %v", copied.MessageID, summarise(copied.Raw).Date)
		}
		if strings.Contains(string(copied.Raw), "<one@example.org>") {
			t.Error("the sent copy still bears the old Message-ID")
		}
		contains(t, string(copied.Raw), "\r\n\r\nHi Ken,\r\n", "Subject: Hi\r\n")
	})
}

// Only a provider that files its own copies does so, when it says it does.
func TestSentCopies(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{SMTP: SMTPOptions{FileSent: true, SentDelay: 3 * time.Second}})
		raw := note(ken, "<one@example.org>", "Hi")
		send(t, w, ken, raw)
		synctest.Wait()
		if got := w.Messages(Sent); len(got) != 0 {
			t.Error("the copy is there before its time")
		}
		later(3 * time.Second)
		copied := only(t, w.Messages(Sent))
		if !bytes.Equal(copied.Raw, raw) || fmt.Sprint(copied.Flags) != `[\Seen]` {
			t.Errorf("filed %v %q", copied.Flags, copied.Raw)
		}
		other := newWorld(t, Options{Network: NewNetwork()})
		send(t, other, ken, raw)
		synctest.Wait()
		if got := other.Messages(Sent); len(got) != 0 {
			t.Errorf("filed though the provider does not: %v", got)
		}
	})
}

// Mail to oneself arrives, under any of one's addresses, with a verdict on top.
func TestMailToOneself(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var told ledger
		w := newWorld(t, Options{
			Aliases:   []string{"d.reyes@example.org"},
			Delivered: told.add,
			SMTP:      SMTPOptions{SelfDelay: 2 * time.Second},
		})
		for i, to := range []string{dana, "D.Reyes@example.org", "dana+probe@example.org", "eve@example.org"} {
			send(t, w, to, note(to, fmt.Sprintf("<%d@example.org>", i), "Probe"))
		}
		synctest.Wait()
		if told.String() != "" {
			t.Error("the mail arrived at once")
		}
		later(2 * time.Second)
		if told.String() != "<0@example.org> <1@example.org> <2@example.org>" {
			t.Errorf("told of %v", told.String())
		}
		in := w.Messages(Inbox)
		if len(in) != 3 {
			t.Fatalf("%d in INBOX, want 3", len(in))
		}
		contains(t, string(in[0].Raw), "Return-Path: <dana@example.org>\r\n", "dmarc=pass header.from=example.org\r\nFrom: Dana")
	})
}

// However early the client's bytes end, the server takes the message if and
// only if the final dot came whole, and a client that saw 250 is never wrong.
func TestCutAtEveryByteOfASession(t *testing.T) {
	t.Parallel()
	raw := note(ken, "<m@example.org>", "Hi")
	last := int64(0)
	complete := false
	for after := int64(0); !complete && after < 2000; after++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, plaintext())
			w.Network().FaultOnce(SMTP, Fault{ToServer: Break{Cut, after}})
			accepted := trySend(t, w, raw)
			synctest.Wait()
			kept := len(w.Accepted()) == 1
			if accepted && !kept {
				t.Errorf("cut after %d bytes: the client saw 250, the server has nothing", after)
			}
			if kept && last == 0 {
				last = after
			}
			complete = accepted
			if last > 0 && !kept {
				t.Errorf("cut after %d bytes: lost, though %d were enough", after, last)
			}
		})
	}
	if last == 0 || !complete {
		t.Fatalf("no cut let the message through (first kept at %d, complete %v)", last, complete)
	}
}

// However early the server's bytes end, the client never believes more than
// the server did.
func TestCutAtEveryByteOfTheAnswers(t *testing.T) {
	t.Parallel()
	raw := note(ken, "<m@example.org>", "Hi")
	doubts, complete := 0, false
	for after := int64(0); !complete && after < 2000; after++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, plaintext())
			w.Network().FaultOnce(SMTP, Fault{ToClient: Break{Reset, after}})
			complete = trySend(t, w, raw)
			synctest.Wait()
			kept := len(w.Accepted()) == 1
			if complete && !kept {
				t.Errorf("cut after %d bytes: the client saw 250, the server has nothing", after)
			}
			if kept && !complete {
				doubts++
			}
		})
	}
	if !complete || doubts == 0 {
		t.Errorf("complete %v, cuts that leave doubt %d: want some of both", complete, doubts)
	}
}

// trySend sends over a connection that may fail anywhere and says whether the
// client saw the message accepted.
func trySend(t *testing.T, w *World, raw []byte) bool {
	t.Helper()
	conn := dial(t, w, SMTP)
	c, err := smtp.NewClient(conn, w.Host())
	if err != nil {
		return false
	}
	defer conn.Close()
	if err := c.Auth(smtp.PlainAuth("", dana, "secret", w.Host(), true)); err != nil {
		return false
	}
	step, _, _ := transmit(c, ken, raw)
	return step == done
}
