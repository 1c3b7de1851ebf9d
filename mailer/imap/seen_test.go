package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// replying answers each command that begins with a verb with one text, in which TAG
// stands for the command's.
func replying(server *fake, verb, text string) {
	server.hook = func(c *fakeConn, tag, command string) bool {
		if !strings.HasPrefix(command, verb) {
			return false
		}
		c.say("%s\r\n", strings.ReplaceAll(text, "TAG", tag))
		return true
	}
}

// TestWhatIsSaidToALogin: a server that puts a login off, or has a trouble of its own,
// refuses nobody: nothing is held, and it is tried again. One that finds fault with the
// credential is not asked again.
func TestWhatIsSaidToALogin(t *testing.T) {
	for text, refused := range map[string]bool{
		"TAG NO Server Unavailable. 15":                                            false,
		"TAG NO Maximum number of connections from user exceeded":                  false,
		"TAG NO Authentication rate limit from one source exceeded":                false,
		"TAG NO Request is throttled. Suggested Backoff Time: 299961 milliseconds": false,
		"TAG NO Internal server error":                                             false,
		"TAG NO System error":                                                      false,
		"TAG NO Too many bad login attempts.":                                      false,
		"TAG NO The connection to the password service was lost: timeout":          false,
		"TAG NO [AUTHENTICATIONFAILED] Too many logins from your address":          false,
		"TAG NO [AUTHENTICATIONFAILED] Temporarily out of service":                 false,
		"TAG NO Login abgewiesen: vorübergehende Störung":                          false,
		"TAG NO Try again in 10 minutes":                                           false,
		"TAG BAD Command Argument Error. 12":                                       false,
		"TAG BAD User is authenticated but not connected.":                         false,
		"TAG NO Login frequency limited":                                           false,
		"TAG NO [CORRUPTION] The index is broken":                                  false,
		"TAG NO Your address is blocked for 30 minutes":                            false,
		"TAG NO Cannot connect to the directory":                                   false,
		"TAG NO User lookup failed":                                                false,
		"TAG NO Not possible at the moment":                                        false,
		"TAG NO Server shutting down":                                              false,
		"* BYE Too many login failures":                                            false,
		"* BYE [UNAVAILABLE] Authentication failed":                                false,
		"* BYE Server shutting down":                                               false,
		"TAG NO The mailbox is in use by another session":                          false,
		"TAG NO Database query failure":                                            false,
		"TAG NO [SERVERBUG] oops":                                                  false,

		"TAG NO LOGIN failed.":                                                                                                   true,
		"TAG NO AUTHENTICATE failed.":                                                                                            true,
		"TAG NO Login failed, please try again":                                                                                  true,
		"TAG NO Wrong password. Please correct it and try again later.":                                                          true,
		"TAG NO Invalid login or password (too many failures, try later)":                                                        true,
		"TAG NO [AUTHENTICATIONFAILED] Authentication failed. Please try again later.":                                           true,
		"TAG NO [EXPIRED] The password has expired, change it later than never":                                                  true,
		"TAG NO [ALERT] An app password is needed":                                                                               true,
		"TAG NO IMAP is disabled for this account, try again later when you enabled it":                                          true,
		"TAG NO LOGIN failed. Account is blocked. Sign in with a browser.":                                                       true,
		"TAG NO user dana not found":                                                                                             true,
		"TAG NO Login fail. The account is abnormal, the password is incorrect, login frequency limited, or the system is busy.": true,
		"TAG NO [CONTACTADMIN] Temporarily closed, ask the administrator":                                                        true,
		"TAG NO Sign in within 30 days":                                                                                          true,
		"TAG NO This address is blocked for good":                                                                                true,
		"TAG NO You cannot use IMAP in this plan":                                                                                true,
		"* BYE Autologout; authentication failed":                                                                                true,
		"TAG NO The password in use is none of an app":                                                                           true,
		"TAG NO This service is not available in your plan":                                                                      true,
		"TAG NO Server authentication failure":                                                                                   true,
		"TAG NO Log in with the temporary password first":                                                                        true,
		"TAG BAD Invalid credentials":                                                                                            true,
		"TAG BAD Invalid credentials, try again later":                                                                           true,
		"* BYE Wrong password, try again later":                                                                                  true,
		"TAG NO Authentication failed, try again later":                                                                          true,
		"TAG BAD LOGIN failed":                                                                                                   true,
		"TAG NO The server does not know this user":                                                                              true,
	} {
		t.Run(text, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				replying(server, "LOGIN", text)
				_, err := probe(t, server)
				if errors.Is(err, mailer.ErrLoginRefused) != refused || errors.Is(err, mailer.ErrServerBusy) == refused {
					t.Errorf("the error is %v, refused %v", err, !refused)
				}
			})
		})
	}
}

// TestNoPieceOfASecretIsShown: a server repeats what it was sent, cut short, in quotes,
// or at a length at which the error itself is cut.
func TestNoPieceOfASecretIsShown(t *testing.T) {
	token := strings.Repeat("eyJhbGciOiJSUzI1NiJ9", 30)
	line := base64.StdEncoding.EncodeToString([]byte("user=dana\x01auth=Bearer " + token + "\x01\x01"))
	for secret, said := range map[string]string{
		token:                       "TAG NO what is " + line[:150],
		token + "x":                 "TAG NO what is AUTHENTICATE XOAUTH2 " + line,
		`my "own" pass\word`:        `TAG NO what is LOGIN dana "my \"own\" pass\\word"`,
		"correct horse and battery": "TAG NO " + strings.Repeat("long ", 36) + "correct horse and battery",
	} {
		synctest.Test(t, func(t *testing.T) {
			server := newFake(inbox())
			server.password = secret
			oauth := strings.HasPrefix(secret, "ey")
			if oauth {
				server.caps += " AUTH=XOAUTH2 SASL-IR"
			}
			server.hook = func(c *fakeConn, tag, command string) bool {
				if !strings.HasPrefix(command, "LOGIN") && !strings.HasPrefix(command, "AUTHENTICATE") {
					return false
				}
				c.say("%s\r\n", strings.ReplaceAll(said, "TAG", tag))
				return true
			}
			_, err := probe(t, server, func(c *Config) {
				c.OAuth = oauth
				c.Password = func(context.Context) (string, error) { return secret, nil }
			})
			for _, piece := range []string{line[8:40], line[100:120], "own", "correct h", token[:20]} {
				if err == nil || strings.Contains(err.Error(), piece) {
					t.Errorf("it shows %q: %v", piece, err)
				}
			}
		})
	}
}

func TestEmptyPasswordIsNotSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.password = ""
		_, err := probe(t, server)
		if err == nil || !strings.Contains(err.Error(), "empty") || server.dials > 1 || len(server.commands("LOGIN")) > 0 {
			t.Errorf("the error is %v, and the server heard %q", err, server.commands(""))
		}
	})
}

// TestGreetings: a server that cannot serve now is one that cannot be reached.
func TestGreetings(t *testing.T) {
	for _, greeting := range []string{
		"* NO [UNAVAILABLE] internal server error (#1)", "* BYE Too many connections", "* BAD no", "554 no", "* PREAUTH hello",
	} {
		t.Run(greeting, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.greeting = greeting
				_, err := probe(t, server)
				if !errors.Is(err, mailer.ErrUnreachable) || errors.Is(err, mailer.ErrLoginRefused) || len(server.commands("LOGIN")) > 0 {
					t.Errorf("the error is %v", err)
				}
			})
		})
	}
}

// TestOddWordsOfAServer: what a server says otherwise than most, and is understood all
// the same: the mail is read.
func TestOddWordsOfAServer(t *testing.T) {
	read := func(name, verb, body string, say func(c *fakeConn, tag string)) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letter("one", "body\r\n")))
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, verb) {
						return false
					}
					say(c, tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				result, err := m.Look(t.Context(), r.request(false), r.apply)
				if err != nil || len(result.Trouble) > 0 || !slices.Equal(r.subjects, []string{"INBOX/one"}) || string(r.all[0].Body) != body {
					t.Errorf("read %q, trouble %v, %v", r.subjects, result.Trouble, err)
				}
			})
		})
	}
	examine := func(format string) func(*fakeConn, string) {
		return func(c *fakeConn, tag string) {
			c.selected = c.fake.folder("INBOX")
			c.say(format+"%s OK done\r\n", tag)
		}
	}
	read("blanks before a number", "EXAMINE", "body\r\n", examine("*    1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n*  OK [UIDNEXT 2] ok\r\n"))
	read("a line of its own after the answer", "EXAMINE", "body\r\n", examine("* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n[COPYUID 1 2 3]\r\n"))
	read("brackets in a login's answer", "LOGIN", "body\r\n", func(c *fakeConn, tag string) {
		c.say("%s OK [Error=\"Wrong.Server:no (x)\" Result=0 Proxy=A:1993:SSL] LOGIN completed.\r\n", tag)
	})
	read("a blank before the last parenthesis", "UID FETCH", "", func(c *fakeConn, tag string) {
		head := "Subject: one\r\n\r\n"
		c.say("* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"23-Nov-2026 12:00:00 +0000\" RFC822.SIZE 9 BODY[HEADER]<0> {%d}\r\n%s BODY[TEXT]<0> \"\" )\r\n%s OK done\r\n", len(head), head, tag)
	})
	read("a size that is a lie", "UID FETCH", "", func(c *fakeConn, tag string) {
		head := "Subject: one\r\n\r\n"
		c.say("* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"23-Nov-2026 12:00:00 +0000\" RFC822.SIZE 0 BODY[HEADER]<0> {%d}\r\n%s BODY[TEXT]<0> NIL)\r\n%s OK done\r\n", len(head), head, tag)
	})
	read("a date of few digits, and blanks at a body's end", "UID FETCH", "  ", func(c *fakeConn, tag string) {
		head := "Subject: one\r\n\r\n"
		c.say("* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"3-Nov-2026 12:00:00 +0000\" RFC822.SIZE 9 BODY[HEADER]<0> {%d}\r\n%s BODY[TEXT]<0> {2}\r\n  )\r\n%s OK done\r\n", len(head), head, tag)
	})
}

// TestExtensionThatIsRefused: what a server offers and then refuses is done without.
func TestExtensionThatIsRefused(t *testing.T) {
	for name, sign := range map[string]string{"LIST-STATUS": "RETURN (STATUS", "ESEARCH": "SEARCH RETURN"} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letter("one", "body\r\n")))
				server.caps += " ESEARCH"
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.Contains(command, "RETURN (") {
						return false
					}
					if !strings.Contains(command, sign) {
						return command[:1] == "U" && plainSearch(c, tag)
					}
					c.say("%s BAD Command Argument Error. 12\r\n", tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				r.want(t, "INBOX/one")
				server.folders[0].add(letter("two", "body\r\n"))
				r.look(t, m)
				r.want(t, "INBOX/two")
			})
		})
	}
}

// plainSearch answers a search with RETURN as ESEARCH has it.
func plainSearch(c *fakeConn, tag string) bool {
	last := c.selected.messages[len(c.selected.messages)-1].uid
	c.say("* ESEARCH (TAG %q) UID ALL %d\r\n%s OK done\r\n", tag, last, tag)
	return true
}

// TestFolderThatIsRefusedForNow: a server in trouble has not refused a folder for good.
func TestFolderThatIsRefusedForNow(t *testing.T) {
	for words, forGood := range map[string]bool{
		"NO Server Unavailable. 15": false, "NO System Error (Failure)": false, "NO [SERVERBUG] x": false, "NO Mailbox is busy, locked": false,
		"BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds": false, "BAD User is authenticated but not connected.": false,
		`NO there is no mailbox called "Temporary, later"`: true, "NO [NONEXISTENT] Mailbox does not exist: Read later": true, "NO [CANNOT] the server error folder": true,
		"NO [NOPERM] not yours": true, "NO [NONEXISTENT] gone": true, "NO The item could not be found": true,
	} {
		t.Run(words, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(), newFolder("Notes", "", letter("one", "x\r\n")))
				replying(server, `EXAMINE "Notes"`, "TAG "+words)
				m, _ := server.open(t)
				result := newReader().look(t, m)
				if len(result.Trouble) != 1 || errors.Is(result.Trouble[0].Err, mailer.ErrFolderRefused) != forGood {
					t.Errorf("trouble %v, for good %v", result.Trouble, !forGood)
				}
			})
		})
	}
}

// TestServerThatWantsToKnowWhoAsks: some open no folder before the client has said its
// name (RFC 2971). It is said once to such a server, and to no other.
func TestServerThatWantsToKnowWhoAsks(t *testing.T) {
	for _, strict := range []bool{true, false} {
		t.Run(fmt.Sprint(strict), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letter("one", "body\r\n")))
				server.caps += " ID"
				known := map[*fakeConn]bool{}
				server.hook = func(c *fakeConn, tag, command string) bool {
					switch {
					case strings.HasPrefix(command, "ID "):
						known[c] = true
						c.say("* ID NIL\r\n%s OK done\r\n", tag)
						return true
					case strict && strings.HasPrefix(command, "EXAMINE") && !known[c]:
						c.say("%s NO Unsafe Login. Please ask for help\r\n", tag)
						return true
					}
					return false
				}
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				r.want(t, "INBOX/one")
				if said := server.commands("ID "); strict != (len(said) == 1) || strict && said[0] != `ID ("name" "Afterword")` {
					t.Errorf("it said %q", said)
				}
			})
		})
	}
}

// TestPasswordIsTriedOnceMore: it is read anew, on a connection of its own, and no more.
func TestPasswordIsTriedOnceMore(t *testing.T) {
	for name, c := range map[string]struct {
		read    []string
		refused bool
		tries   int
	}{
		"right": {[]string{"secret"}, false, 1}, "changed meanwhile": {[]string{"old", "secret"}, false, 2}, "wrong": {[]string{"wrong", "wrong", "secret"}, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server, reads := newFake(inbox()), 0
				_, err := probe(t, server, func(cfg *Config) {
					cfg.Password = func(context.Context) (string, error) { reads++; return c.read[reads-1], nil }
				})
				if tries := len(server.commands("LOGIN")); errors.Is(err, mailer.ErrLoginRefused) != c.refused || tries != c.tries || server.dials != c.tries {
					t.Errorf("tried %d times on %d connections: %v", tries, server.dials, err)
				}
			})
		})
	}
}

// TestServerThatOffersIdleInVain: one that says nothing to IDLE is asked by NOOP after
// the second watch that ended so.
func TestServerThatOffersIdleInVain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		server.hook = func(_ *fakeConn, _, command string) bool { return command == "IDLE" }
		m, _ := server.open(t)
		for range mostDeaf {
			if err := m.Watch(t.Context(), func() {}); !errors.Is(err, mailer.ErrConnectionLost) {
				t.Fatalf("the watch ended with %v", err)
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		heard := 0
		err := m.Watch(ctx, func() {
			if heard++; heard == 1 {
				time.AfterFunc(10*time.Minute+30*time.Second, stop) // between two NOOPs
			}
		})
		if !errors.Is(err, context.Canceled) || heard == 0 || len(server.commands("NOOP")) < 8 || len(server.commands("IDLE")) != mostDeaf {
			t.Errorf("the watch ended with %v after %d signs, and asked %d times", err, heard, len(server.commands("NOOP")))
		}
	})
}

// TestMechanismThatIsOfferedInVain: LOGIN is the way in where PLAIN is offered and not
// known; a password that was refused is not presented in another way.
func TestMechanismThatIsOfferedInVain(t *testing.T) {
	for says, logins := range map[string]int{"BAD what is AUTHENTICATE": 1, "BAD AUTHENTICATE failed: unsupported mechanism": 1, "BAD Invalid credentials, try again later": 0, "BAD Invalid credentials": 0, "BAD Server busy": 0, "NO AUTHENTICATE failed": 0} {
		t.Run(says, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.caps += " AUTH=PLAIN"
				replying(server, "AUTHENTICATE", "TAG "+says)
				if _, err := probe(t, server); (err == nil) != (logins > 0) || len(server.commands("LOGIN")) != logins {
					t.Errorf("%v, after %q", err, server.commands(""))
				}
			})
		})
	}
}

// TestQuestionsInPlainWords: what a server says before it is given the password, or of a
// token that it refuses, need not be base64.
func TestQuestionsInPlainWords(t *testing.T) {
	for question, oauth := range map[string]bool{`{"status":"401"}`: true, "": true, "go ahead": false, "continue": false} {
		t.Run(question, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.caps += " AUTH=PLAIN AUTH=XOAUTH2"
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "AUTHENTICATE") {
						return false
					}
					if oauth {
						c.say("+ \r\n")
						_, _ = c.in.ReadString('\n')
					}
					c.say("+ %s\r\n", question)
					line, _ := c.in.ReadString('\n')
					if raw, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line)); string(raw) != "\x00dana\x00secret" {
						c.say("%s NO AUTHENTICATE failed.\r\n", tag)
						return true
					}
					c.say("%s OK in\r\n", tag)
					return true
				}
				_, err := probe(t, server, func(c *Config) { c.OAuth = oauth })
				if errors.Is(err, mailer.ErrLoginRefused) != oauth || !oauth && err != nil {
					t.Errorf("the error is %v", err)
				}
			})
		})
	}
}
