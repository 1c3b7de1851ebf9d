package smtp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

func TestAcceptedMessageArrivesByteForByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		called := 0
		m := testMessage()
		r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), m, func(context.Context) error {
			called++
			if n := len(s.messages()); n != 0 {
				t.Errorf("beforeDot came after the server had stored %d messages", n)
			}
			return nil
		})
		if got := s.messages(); len(got) != 1 || got[0] != string(m.Bytes) {
			t.Errorf("stored %q, want the frozen bytes once", got)
		}
		if called != 1 {
			t.Errorf("beforeDot was called %d times", called)
		}
		want := mailer.Receipt{Outcome: mailer.Accepted, Phase: mailer.PhaseDot, Code: 250, Enhanced: "2.0.0",
			Words: "Ok: queued as 4WxYz12abc", QueueIDs: []string{"4WxYz12abc"}, DataBegun: true}
		if fmt.Sprint(r) != fmt.Sprint(want) {
			t.Errorf("receipt %+v\nwant    %+v", r, want)
		}
	})
}

func TestCommandsSayNoMoreThanTheyMust(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.offers = append(s.offers, "SMTPUTF8", "DSN", "CHUNKING")
		sendTo(t, s)
		want := []string{
			"EHLO [127.0.0.1]", "AUTH PLAIN AGRhbmFAZXhhbXBsZS5vcmcAY29ycmVjdCBob3JzZSBiYXR0ZXJ5",
			fmt.Sprintf("MAIL FROM:<dana@example.org> SIZE=%d", len(testMessage().Bytes)),
			"RCPT TO:<ken@acme.example>", "DATA",
		}
		if got := s.commands(); !slices.Equal(got, want) {
			t.Errorf("commands\n%q\nwant\n%q", got, want)
		}
	})
}

// TestOutcomeByPhaseAndReply is the table of DESIGN section 5.2.
func TestOutcomeByPhaseAndReply(t *testing.T) {
	t.Parallel()
	check := func(verb, text string, outcome mailer.Outcome, phase mailer.Phase, authRefused bool) {
		t.Helper()
		t.Run(verb+" "+strings.TrimSpace(text), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := answering(verb, text)
				if verb == "DATA" {
					s.count["refused DATA"] = 1
				}
				s.discards = outcome != mailer.Accepted
				r := sendTo(t, s)
				checkHonest(t, r, len(s.messages()))
				if r.Outcome != outcome || r.Phase != phase || r.AuthRefused != authRefused {
					t.Errorf("got %v at %s, login refused %v; want %v at %s, %v: %+v",
						r.Outcome, r.Phase, r.AuthRefused, outcome, phase, authRefused, r)
				}
				if begun := phase == mailer.PhaseData || phase == mailer.PhaseDot; r.DataBegun != begun {
					t.Errorf("DataBegun is %v at %s", r.DataBegun, phase)
				}
			})
		})
	}
	check("greeting", "421 4.3.2 busy\r\n", mailer.Deferred, mailer.PhaseConnect, false)
	check("greeting", "554 5.3.2 no service for you\r\n", mailer.Deferred, mailer.PhaseConnect, false)
	check("EHLO", "550 5.7.1 go away\r\n", mailer.Deferred, mailer.PhaseConnect, false)
	check("AUTH", "454 4.7.0 try later\r\n", mailer.Deferred, mailer.PhaseAuth, false)
	check("AUTH", "535 5.7.8 bad password\r\n", mailer.Deferred, mailer.PhaseAuth, true)
	check("AUTH", "534 5.7.9 application password needed\r\n", mailer.Deferred, mailer.PhaseAuth, true)
	check("AUTH", "504 5.5.4 unknown mechanism\r\n", mailer.Deferred, mailer.PhaseAuth, false)
	check("AUTH", "250 odd\r\n", mailer.Deferred, mailer.PhaseAuth, false)
	check("MAIL", "421 4.7.0 closing\r\n", mailer.Deferred, mailer.PhaseMail, false)
	check("MAIL", "452 4.3.1 full\r\n", mailer.Deferred, mailer.PhaseMail, false)
	check("MAIL", "530 5.7.0 log in first\r\n", mailer.Deferred, mailer.PhaseMail, true)
	check("MAIL", "550 5.7.8 log in again\r\n", mailer.Deferred, mailer.PhaseMail, true)
	check("MAIL", "553 5.1.8 not your address\r\n", mailer.Refused, mailer.PhaseMail, false)
	check("RCPT", "450 4.2.1 greylisted\r\n", mailer.Deferred, mailer.PhaseRcpt, false)
	check("RCPT", "421 closing\r\n", mailer.Deferred, mailer.PhaseRcpt, false)
	check("RCPT", "550 5.1.1 no such user\r\n", mailer.Refused, mailer.PhaseRcpt, false)
	check("RCPT", "251 will forward\r\n", mailer.Accepted, mailer.PhaseDot, false)
	check("RCPT", "354 confused\r\n", mailer.Deferred, mailer.PhaseRcpt, false)
	check("DATA", "451 4.3.0 later\r\n", mailer.Deferred, mailer.PhaseData, false)
	check("DATA", "554 5.5.1 no valid recipients\r\n", mailer.Refused, mailer.PhaseData, false)
	check("DATA", "250 confused\r\n", mailer.Deferred, mailer.PhaseData, false)
	check("DATA", "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\r\n550 5.4.5 sending limits go to https://support.example - gsmtp\r\n", mailer.Deferred, mailer.PhaseData, false)
	check("RCPT", "550 5.1.1 daily sending: no such user\r\n", mailer.Refused, mailer.PhaseRcpt, false)
	check(".", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException\r\n", mailer.Deferred, mailer.PhaseDot, false)
	check(".", "250\r\n", mailer.Accepted, mailer.PhaseDot, false)
	check(".", "250 ok\n", mailer.Accepted, mailer.PhaseDot, false)
	check(".", "299 2.9.9 odd but positive\r\n", mailer.Accepted, mailer.PhaseDot, false)
	check(".", "552 5.2.2 mailbox full\r\n", mailer.Refused, mailer.PhaseDot, false)
	check(".", "530 5.7.0 log in\r\n", mailer.Refused, mailer.PhaseDot, false)
	check(".", "450 4.7.1 greylisted\r\n", mailer.Deferred, mailer.PhaseDot, false)
	check(".", "421-4.7.28 rate limited\r\n421 4.7.28 see page\r\n", mailer.Deferred, mailer.PhaseDot, false)
	check(".", "451 4.3.0 queue error\r\n", mailer.InDoubt, mailer.PhaseDot, false)
	check(".", "421 closing\r\n", mailer.InDoubt, mailer.PhaseDot, false)
	check(".", "354 what\r\n", mailer.InDoubt, mailer.PhaseDot, false)
	check(".", "451 4.70.0 lookalike\r\n", mailer.InDoubt, mailer.PhaseDot, false)
	check(".", "450 greylisted 4.7.1\r\n", mailer.InDoubt, mailer.PhaseDot, false)
}

// TestUnclearAnswersToTheDotAreDoubt gives replies that say neither yes nor no.
func TestUnclearAnswersToTheDotAreDoubt(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": drop, "garbage": "hello there\r\n", "NUL in the code": "2\x0050 ok\r\n",
		"NUL first": "\x00250 ok\r\n", "code too high": "650 ok\r\n", "code too low": "150 ok\r\n",
		"letters": "25O ok\r\n", "code runs on": "2500 ok\r\n", "space first": " 250 ok\r\n",
		"empty line": "\r\n", "mixed codes": "250-ok\r\n550 no\r\n", "mixed with text": "250-ok\r\nfree text\r\n",
		"without end": "250-" + strings.Repeat("x", 70<<10) + "\r\n250 ok\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := sendTo(t, answering(".", text))
				if r.Outcome != mailer.InDoubt || r.Err == nil || r.Code != 0 {
					t.Errorf("got %+v, want doubt with a cause", r)
				}
			})
		})
	}
}

func TestRefusedByBeforeDotLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		held := errors.New("a hold was set")
		r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), testMessage(), func(context.Context) error { return held })
		synctest.Wait()
		if r.Outcome != mailer.Deferred || r.Phase != mailer.PhaseData || !errors.Is(r.Err, held) || !r.DataBegun {
			t.Errorf("got %+v", r)
		}
		if n := len(s.messages()); n != 0 {
			t.Errorf("the server stored %d messages", n)
		}
		if last := s.commands(); last[len(last)-1] != "DATA" {
			t.Errorf("something was said after DATA: %q", last)
		}
	})
}

func TestAPanicBeforeTheDotLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		sender := newSender(t, plainConfig(s.dial(t)))
		func() {
			defer func() { _ = recover() }()
			sender.Send(t.Context(), testMessage(), func(context.Context) error { panic("bug") })
		}()
		sender.Rest()
		synctest.Wait()
		if n := len(s.messages()); n != 0 {
			t.Errorf("the server stored %d messages", n)
		}
		if r := sender.Send(t.Context(), testMessage(), nil); r.Outcome != mailer.Accepted {
			t.Errorf("the sender is stuck after a panic: %+v", r)
		}
	})
}

// TestEarlyWordsAreNoAnswerToTheDot lets the server speak in mid-message.
func TestEarlyWordsAreNoAnswerToTheDot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mailer.Outcome{
		"250 2.0.0 Ok: queued\r\n": mailer.Deferred,
		"421 4.4.2 timeout\r\n":    mailer.Deferred,
		"552 5.3.4 too big\r\n":    mailer.Refused,
		"noise\r\n":                mailer.Deferred,
		drop:                       mailer.Deferred,
	} {
		t.Run(strings.TrimSpace(strings.Trim(text, "\x00")), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.line = func(number int) string {
					switch number {
					case 5:
						return text
					case 6:
						<-time.After(time.Millisecond) // virtual: by its end the word was heard
					}
					return ""
				}
				m := testMessage()
				m.Bytes = append(m.Bytes, []byte(strings.Repeat("One more line of many.\r\n", 1000))...)
				r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), m, func(context.Context) error {
					t.Error("the books were told that the dot leaves")
					return nil
				})
				<-time.After(2 * time.Millisecond) // the server has heard all
				synctest.Wait()
				checkHonest(t, r, len(s.messages()))
				if r.Outcome != want || r.Phase != mailer.PhaseData || !r.DataBegun {
					t.Errorf("got %+v, want %v", r, want)
				}
			})
		})
	}
}

// TestAnswerDuringTheMarkerIsNotTaken lets the server say 250 between the last
// line and the dot, while the books are written: nothing was handed over yet.
func TestAnswerDuringTheMarkerIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"word": queuedReply, "loss": drop} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				speak := make(chan string)
				s.line = func(number int) string {
					if number == 10 { // the last line of the message
						return <-speak
					}
					return ""
				}
				r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), testMessage(), func(context.Context) error {
					speak <- text
					synctest.Wait()
					return nil
				})
				synctest.Wait()
				if r.Outcome != mailer.InDoubt || len(s.messages()) != 0 {
					t.Errorf("got %+v with %d stored, want doubt and no dot", r, len(s.messages()))
				}
			})
		})
	}
}

func TestRewrittenIdsAreReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := sendTo(t, answering(".", "250 2.6.0 <NEW123@prod.example> [InternalId=4711, Hostname=AB1.prod.example] Queued mail for delivery\r\n"))
		if want := []string{"<NEW123@prod.example>", "4711"}; !slices.Equal(r.QueueIDs, want) {
			t.Errorf("ids %q, want %q", r.QueueIDs, want)
		}
	})
}

func TestSMTPUTF8OnlyWhereNeededAndOffered(t *testing.T) {
	t.Parallel()
	m := testMessage()
	m.To, m.UTF8 = "jürgen@acme.example", true
	check := func(name string, offers string, outcome mailer.Outcome) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.offers = append(s.offers, offers)
				r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), m, agree)
				said := strings.Contains(strings.Join(s.commands(), "\n"), " SMTPUTF8")
				if r.Outcome != outcome || said != (outcome == mailer.Accepted) {
					t.Errorf("got %+v, said SMTPUTF8: %v", r, said)
				}
				if outcome == mailer.Refused && !strings.Contains(r.Err.Error(), "SMTPUTF8") {
					t.Errorf("the reason is not clear: %v", r.Err)
				}
			})
		})
	}
	check("offered", "SMTPUTF8", mailer.Accepted)
	check("not offered", "X", mailer.Refused)
}

func TestSizeIsHeldAgainstTheLimit(t *testing.T) {
	t.Parallel()
	size := len(testMessage().Bytes)
	for offer, want := range map[string]mailer.Outcome{
		fmt.Sprint("SIZE ", size): mailer.Accepted, fmt.Sprint("SIZE ", size-1): mailer.Refused,
		"SIZE 0": mailer.Accepted, "SIZE": mailer.Accepted, "SIZE lots": mailer.Accepted, "SIZE -5": mailer.Accepted,
	} {
		t.Run(offer, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.offers = []string{offer, "AUTH PLAIN"}
				if r := sendTo(t, s); r.Outcome != want || r.Code == 0 != (want == mailer.Refused) {
					t.Errorf("got %+v, want %v", r, want)
				}
			})
		})
	}
}

func TestUnsafeMessageNeverLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		m := testMessage()
		m.To = "ken@acme.example> NOTIFY=NEVER"
		r := newSender(t, plainConfig(s.dial(t))).Send(t.Context(), m, agree)
		if r.Outcome != mailer.Refused || r.Err == nil || s.dials() != 0 {
			t.Errorf("got %+v after %d connections", r, s.dials())
		}
	})
}

// TestReplyAheadOfItsCommandIsNotTaken answers DATA before it was said.
func TestReplyAheadOfItsCommandIsNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := answering("RCPT", "250 2.1.5 Ok\r\n354 go ahead\r\n")
		r := sendTo(t, s)
		if r.Outcome != mailer.Deferred || r.DataBegun || !errors.Is(r.Err, errOutOfTurn) {
			t.Errorf("got %+v", r)
		}
		if slices.Contains(s.commands(), "DATA") {
			t.Error("DATA was said to a server that is out of step")
		}
	})
}
