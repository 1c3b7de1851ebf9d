package imap

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// oddly answers a FETCH of headers in the words of a server of its own; %[1]d is the
// message's number, %[2]d its UID, %[3]d the size of its header and %[4]s that header.
func oddly(words string) func(c *fakeConn, tag, command string) bool {
	return func(c *fakeConn, tag, command string) bool {
		set, isFetch := strings.CutPrefix(command, "UID FETCH ")
		set, _, _ = strings.Cut(set, " ")
		if !isFetch || strings.Contains(command, "[TEXT]") {
			return false
		}
		for n, m := range c.selected.messages {
			if header, _, _ := strings.Cut(m.raw, "\r\n\r\n"); inSet(set, m.uid) {
				c.say(words+"%[5]s", n+1, m.uid, len(header)+4, header+"\r\n\r\n", "")
			}
		}
		c.say("%s OK done\r\n", tag)
		return true
	}
}

// searching answers the searches of INBOX; HERE stands for the command's tag.
func searching(words string) func(c *fakeConn, tag, command string) bool {
	return func(c *fakeConn, tag, command string) bool {
		if !strings.HasPrefix(command, "UID SEARCH") || c.selected.name != "INBOX" {
			return false
		}
		c.say("%s", strings.ReplaceAll(words, "HERE", strconv.Quote(tag))+tag+" OK done\r\n")
		return true
	}
}

// TestOddAnswersHideNoMail: however a server writes its answers, what it has is read,
// each message with its own text, and none is called unreadable.
func TestOddAnswersHideNoMail(t *testing.T) {
	const text = " BODY[HEADER.FIELDS (SUBJECT)]<0> {%[3]d}\r\n%[4]s"
	const date = ` INTERNALDATE "23-Nov-2026 12:00:00 +0000"`
	for name, hook := range map[string]func(*fakeConn, string, string) bool{
		"no date":                oddly("* %[1]d FETCH (UID %[2]d FLAGS () RFC822.SIZE 5" + text + ")\r\n"),
		"a date that is none":    oddly("* %[1]d FETCH (UID %[2]d FLAGS () INTERNALDATE \"some day (soon)\" RFC822.SIZE 5" + text + ")\r\n"),
		"a date of nothing":      oddly("* %[1]d FETCH (INTERNALDATE NIL UID %[2]d RFC822.SIZE 5" + text + ")\r\n"),
		"the day nought":         oddly("* %[1]d FETCH (UID %[2]d INTERNALDATE \"00-Jan-0000 00:00:00 +0000\" RFC822.SIZE 5" + text + ")\r\n"),
		"a size of nothing":      oddly("* %[1]d FETCH (UID %[2]d FLAGS ()" + date + " RFC822.SIZE NIL" + text + ")\r\n"),
		"a size below nought":    oddly("* %[1]d FETCH (UID %[2]d FLAGS ()" + date + " RFC822.SIZE -1" + text + ")\r\n"),
		"flags of nothing":       oddly("* %[1]d FETCH (UID %[2]d FLAGS NIL" + date + " RFC822.SIZE 5" + text + ")\r\n"),
		"a client's literal":     oddly("* %[1]d FETCH (UID %[2]d" + date + strings.Replace(text, "d}", "d+}", 1) + ")\r\n"),
		"a binary literal":       oddly("* %[1]d FETCH (UID %[2]d" + date + strings.Replace(text, "{", "~{", 1) + ")\r\n"),
		"more than was asked":    oddly("* %[1]d FETCH (X-GM-MSGID 12 MODSEQ (7) X-A (\"a)\" ({2}\r\n)( b)) UID %[2]d" + date + text + ")\r\n"),
		"blanks":                 oddly("* %[1]d FETCH ( UID %[2]d  FLAGS ()" + date + "  RFC822.SIZE 5" + text + " )\r\n"),
		"the number last":        oddly("* %[1]d FETCH (FLAGS ()" + date + " RFC822.SIZE 5" + text + " UID %[2]d)\r\n"),
		"in small letters":       oddly("* %[1]d fetch (flags ()" + strings.ToLower(date[:13]) + date[13:] + " body[header.fields (subject)]<0> {%[3]d}\r\n%[4]s uid %[2]d)\r\n"),
		"with news in between":   oddly("* %[1]d FETCH (FLAGS (\\Seen))\r\n* 1 EXPUNGE\r\n* %[1]d FETCH (UID %[2]d" + date + text + ")\r\n* VANISHED (EARLIER) 4,6:9\r\n* 0 EXISTS\r\n* OK [ALERT] Bo\xeete\r\n"),
		"found in pieces":        searching("* SEARCH 3\r\n* SEARCH 4\r\n"),
		"found in better pieces": searching("* ESEARCH (TAG HERE) UID ALL 3\r\n* ESEARCH (TAG HERE) UID ALL 4\r\n"),
		"counted only":           searching("* ESEARCH (TAG HERE) UID COUNT 2 MAX 4\r\n"),
		"an index that lags":     searching("* SEARCH 2\r\n"),
		"nothing said":           searching(""),
		"without the command":    searching("* ESEARCH UID ALL 3:4\r\n"),
		"found in small letters": searching("* esearch (tag HERE) uid all 3:4\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				box := inbox(letters(2)...)
				server := newFake(box)
				server.caps += " ESEARCH"
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				box.add(letter("m3", "body of m3\r\n"))
				box.add(letter("m4", "body of m4\r\n"))
				r.subjects, r.all = nil, nil
				server.hook = hook
				result := r.look(t, m)
				r.want(t, "INBOX/m3", "INBOX/m4")
				if len(result.Trouble)+len(result.Gaps) != 0 {
					t.Errorf("result is %+v", result)
				}
				for _, one := range r.all {
					if string(one.Body) != "body of "+subject(one)+"\r\n" {
						t.Errorf("the text of %s is %q", subject(one), one.Body)
					}
				}
			})
		})
	}
}

// TestSearchOutOfOrder: a server that refuses to search, at the first look or later, says
// all the same what it has.
func TestSearchOutOfOrder(t *testing.T) {
	for _, refusal := range []string{"NO Search index not available", "NO [SERVERBUG] Internal error", "BAD unknown command"} {
		t.Run(refusal, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				box := inbox(letters(2)...)
				box.messages[0].at = box.messages[0].at.AddDate(-1, 0, 0)
				server := newFake(box)
				server.hook = func(c *fakeConn, tag, command string) bool {
					if strings.HasPrefix(command, "UID SEARCH") {
						c.say("%s %s\r\n", tag, refusal)
						return true
					}
					return fetches(command, 3) && strings.Contains(command, "[TEXT]") && c.fail(tag)
				}
				m, _ := server.open(t)
				r := newReader()
				req := r.request(false)
				req.Since = box.messages[1].at.AddDate(0, 0, -1)
				if result, err := m.Look(t.Context(), req, r.apply); err != nil || len(result.Trouble) != 0 {
					t.Fatalf("%+v, %v", result, err)
				}
				r.want(t, "INBOX/m2")
				box.add(letter("torn", "x"))
				box.add(letter("m4", "x"))
				r.look(t, m)
				r.want(t, "INBOX/unreadable 3", "INBOX/m4")
				r.look(t, m)
				r.want(t)
			})
		})
	}
}

// fail refuses a command for good.
func (c *fakeConn) fail(tag string) bool {
	c.say("%s NO it is torn\r\n", tag)
	return true
}

// TestHeaderOfNothingIsNotRead: so a server answers for a message that another program
// has just removed. If it is still there, nobody may take it for read.
func TestHeaderOfNothingIsNotRead(t *testing.T) {
	for n, header := range []string{"NIL", "\"\"", "{0}\r\n", "NIL", "\"\"", "{0}\r\n"} {
		removed := n < 3
		t.Run(fmt.Sprint(header, removed), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				box := inbox(letters(2)...)
				server := newFake(box)
				nothing := oddly("* %[1]d FETCH (UID %[2]d FLAGS () INTERNALDATE \"23-Nov-2026 12:00:00 +0000\" RFC822.SIZE 90 BODY[HEADER.FIELDS (SUBJECT)]<0> " + header + ")\r\n")
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !fetches(command, 2) {
						return false
					}
					if !removed {
						return nothing(c, tag, command)
					}
					defer func() { box.messages = box.messages[:1] }()
					return nothing(c, tag, command)
				}
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				for _, one := range r.all {
					if len(one.Header) == 0 && !one.Unreadable {
						t.Errorf("%s, removed %v: message %d counts as read", header, removed, one.UID)
					}
				}
				there := slices.ContainsFunc(r.all, func(one mailer.Fetched) bool { return one.UID == 2 })
				if there == removed {
					t.Errorf("%s, removed %v: read %q", header, removed, r.subjects)
				}
			})
		})
	}
}

// TestConnectionThatRefusesIsReplaced: what stands behind a connection may be gone while
// the connection itself answers. The next look has another one.
func TestConnectionThatRefusesIsReplaced(t *testing.T) {
	for _, verb := range []string{"LIST", "EXAMINE"} {
		t.Run(verb, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				box := inbox(letters(1)...)
				server := newFake(box, newFolder("Odd", ""))
				m, _ := server.open(t)
				r := newReader()
				r.look(t, m)
				box.add(letter("answer", "x"))
				server.hook = func(c *fakeConn, tag, command string) bool {
					if server.dials == 1 && strings.HasPrefix(command, verb) {
						c.say("%s BAD User is authenticated but not connected.\r\n", tag)
						return true
					}
					return false
				}
				result, err := m.Look(t.Context(), r.request(false), r.apply)
				if err == nil && len(result.Trouble) == 0 {
					t.Fatalf("%s: the refusal was no trouble", verb)
				}
				r.look(t, m)
				r.want(t, "INBOX/m1", "INBOX/answer")
				if server.dials != 2 {
					t.Errorf("%s: dialled %d times", verb, server.dials)
				}
			})
		})
	}
}

// TestFolderThatNeverOpensKeepsTheConnection: some servers list folders that nobody may
// open, and a login for each look is much to ask.
func TestFolderThatNeverOpensKeepsTheConnection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...), newFolder("Public", ""))
		server.hook = func(c *fakeConn, tag, command string) bool {
			if command == `EXAMINE "Public"` || command == "EXAMINE Public" {
				c.say("%s NO [NOPERM] not yours\r\n", tag)
				return true
			}
			return false
		}
		m, _ := server.open(t)
		r := newReader()
		for range 3 {
			if result := r.look(t, m); len(result.Trouble) != 1 {
				t.Errorf("trouble is %+v", result.Trouble)
			}
		}
		if server.dials != 1 {
			t.Errorf("dialled %d times", server.dials)
		}
	})
}

// TestListWithoutFoldersIsNotBelieved: a server that lists none of the folders that were
// read before has lost sight of them, and an answer may lie in Junk. After an hour they
// are gone for good.
func TestListWithoutFoldersIsNotBelieved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		junk := newFolder("Junk", `\Junk`)
		server := newFake(inbox(letters(1)...), junk, newFolder("Archive", `\Archive`))
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		junk.add(letter("answer", "x"))
		lost := true
		server.hook = func(c *fakeConn, tag, command string) bool {
			if lost && strings.HasPrefix(command, "LIST") {
				c.say("%s OK done\r\n", tag)
				return true
			}
			return false
		}
		for range 2 {
			_, err := m.Look(t.Context(), r.request(false), r.apply)
			if err == nil || !strings.Contains(fmt.Sprint(err), "INBOX alone, and 2 others were read before") {
				t.Fatalf("error is %v", err)
			}
			time.Sleep(time.Minute)
		}
		lost = false
		r.look(t, m)
		r.want(t, "INBOX/m1", "Junk/answer")
		lost = true
		_, _ = m.Look(t.Context(), r.request(false), r.apply)
		time.Sleep(time.Hour)
		r.look(t, m)
	})
}

// TestNoMailServer: what answers in the place of an IMAP server is told in its own words.
func TestNoMailServer(t *testing.T) {
	for greeting, want := range map[string]string{
		"220 mail.example ESMTP":    `no IMAP server, it says "220 mail.example ESMTP"`,
		"+OK POP3 ready":            `no IMAP server, it says "+OK POP3 ready"`,
		"HTTP/1.1 400 Bad Request":  `no IMAP server, it says "HTTP/1.1 400 Bad Request"`,
		"\x15\x03\x01\x00\x02\x02F": `no IMAP server, it says "`,
	} {
		t.Run(greeting, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox())
				server.greeting = greeting
				m, _ := server.open(t)
				_, err := m.Look(t.Context(), mailer.LookRequest{}, newReader().apply)
				if !errors.Is(err, mailer.ErrUnreachable) || !strings.Contains(err.Error(), want) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

// TestProperAnswersAreLeftAlone: what is written as the library reads it comes out byte for
// byte and without a copy, whatever stands in the texts, and whatever is broken needs mending
// once.
func TestProperAnswersAreLeftAlone(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[dice.IntN(len(of))] }
	text := func() string {
		var b strings.Builder
		for range dice.IntN(60) {
			b.WriteString(pick("(", ")", `"`, `\`, "{9}\r\n", "\r", "\n", " ", "[", "]", "~{", "+", ">", " UID 5", string([]byte{byte(dice.IntN(256))})))
		}
		return b.String()
	}
	for range 20_000 {
		items := []string{pick("UID 7", "uid 4294967295")}
		for _, one := range []string{"FLAGS (" + pick("", `\Seen`, `\Draft NonJunk \*`) + ")", `INTERNALDATE "` + pick(" 3", "03", "23") + "-nov-2026 12:00:00 " + pick("+0000", "-0730") + `"`, fmt.Sprint("RFC822.SIZE ", dice.Int64())} {
			if dice.IntN(2) == 0 {
				items = slices.Insert(items, dice.IntN(len(items)+1), one)
			}
		}
		for range dice.IntN(3) {
			said := text()
			value := fmt.Sprintf("{%d}\r\n%s", len(said), said)
			if dice.IntN(3) == 0 {
				value = `"` + strings.NewReplacer("\r", "", "\n", "", `\`, `\\`, `"`, `\"`).Replace(said) + `"`
			}
			items = append(items, pick("BODY[HEADER]", "BODY[TEXT]<0>", "body[]")+" "+pick(value, value, value, "NIL"))
		}
		whole := "* 3 FETCH (" + strings.Join(items, " ") + ")\r\n"
		said := []byte(whole)
		if got := mendedFetch(said); string(got) != whole || &got[0] != &said[0] {
			t.Fatalf("%q becomes %q, or a copy of it", whole, got)
		}
		at := dice.IntN(len(whole) - 2)
		broken := whole[:at] + pick("(", ")", " ", `"`, "{", "{3+}\r\nabc", "~", "[", "]", "X 5 ") + whole[at+dice.IntN(2):]
		once := string(mendedFetch([]byte(broken)))
		if again := string(mendedFetch([]byte(once))); again != once {
			t.Fatalf("%q becomes %q, then %q", broken, once, again)
		}
	}
}

// FuzzMendedFetch: an answer that was mended needs no mending, and stays one response.
func FuzzMendedFetch(f *testing.F) {
	for _, said := range []string{"* 1 FETCH (UID 1 FLAGS NIL BODY[] ~{2}\r\nab X (1 \"a\"))\r\n", "* 1 FETCH (BODY[TEXT]<0> {1+}\r\n) INTERNALDATE x UID 2)\r\n"} {
		f.Add([]byte(said))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		once := mendedFetch(slices.Clone(said))
		if again := mendedFetch(slices.Clone(once)); string(again) != string(once) {
			t.Errorf("%q becomes %q, then %q", said, once, again)
		}
	})
}
