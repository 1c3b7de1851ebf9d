package smtp

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"unicode"

	"afterword/mailer"
)

func read(text string) (reply, error) { return readReply(bufio.NewReader(strings.NewReader(text))) }

func TestReplyParts(t *testing.T) {
	t.Parallel()
	check := func(text string, code int, enhanced, words string) {
		t.Helper()
		r, err := read(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			return
		}
		if r.code != code || r.enhanced() != enhanced || r.words() != words {
			t.Errorf("%q is %d, %q, %q; want %d, %q, %q", text, r.code, r.enhanced(), r.words(), code, enhanced, words)
		}
	}
	check("250 ok\r\n", 250, "", "ok")
	check("250\r\n", 250, "", "")
	check("250 \n", 250, "", "")
	check("250-2.1.0 one\r\n250-2.1.0 two\r\n250 2.1.0 three\r\n", 250, "2.1.0", "one two three")
	check("550 5.7.1\r\n", 550, "5.7.1", "")
	check("550 5.1234.1 text\r\n", 550, "", "5.1234.1 text")
	check("550 3.1.1 text\r\n", 550, "", "3.1.1 text")
	check("550 5.1 text\r\n", 550, "", "5.1 text")
	check("550 5.1.x text\r\n", 550, "", "5.1.x text")
	check("550 192.0.2.1 is listed\r\n", 550, "", "192.0.2.1 is listed")
	check("550 5.1.1 a\x00b\x1b[31m\u202ec\x80\r\n", 550, "5.1.1", "a b [31m c?")
	check("554 5.1.1   spaced\tout\r\n", 554, "5.1.1", "spaced out")
	check("250 cr\rinside\r\n", 250, "", "cr inside")
	check("250 "+strings.Repeat("é", 2000)+"\r\n", 250, "", strings.Repeat("é", maxWords)+" ...")
}

func TestReplyThatIsNone(t *testing.T) {
	t.Parallel()
	check := func(text string, want error) {
		t.Helper()
		if r, err := read(text); !errors.Is(err, want) {
			t.Errorf("%.40q gave %v and %v, want %v", text, r, err, want)
		}
	}
	check("", io.EOF)
	check("250 ok", io.EOF)
	check("250", io.EOF)
	check("250-ok\r\n", io.EOF)
	check("250-ok\r\n25", io.EOF)
	check("\r\n", errGarbage)
	check("25\r\n", errGarbage)
	check("2\x0050 ok\r\n", errGarbage)
	check("２50 ok\r\n", errGarbage)
	check("250_ok\r\n", errGarbage)
	check("250-ok\r\n251 ok\r\n", errGarbage)
	check("250-ok\r\nok\r\n", errGarbage)
	check("250 "+strings.Repeat("x", maxReply)+"\r\n", errTooLong)
	check(strings.Repeat("250-x\r\n", maxReply/7+1)+"250 x\r\n", errTooLong)
}

// TestLongReplyLineStillCounts reads a line far over the 512 octets of the
// standard: the code stands at its start.
func TestLongReplyLineStillCounts(t *testing.T) {
	t.Parallel()
	text := "250 2.0.0 " + strings.Repeat("y", 3*maxLine) + "\r\n421 next\r\n"
	r := bufio.NewReader(iotest.OneByteReader(strings.NewReader(text)))
	first, err := readReply(r)
	if err != nil || first.code != 250 || len(first.lines[0]) > maxLine {
		t.Fatalf("got %d with %d characters, %v", first.code, len(first.lines[0]), err)
	}
	if second, err := readReply(r); err != nil || second.code != 421 {
		t.Errorf("the next reply is %v, %v", second, err)
	}
}

func TestReplyAsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"550-5.1.1 no\r\n550 5.1.1 such user\r\n": "550 5.1.1 no such user",
		"250\r\n": "250",
	} {
		if r, err := read(text); err != nil || r.String() != want {
			t.Errorf("%q reads %q, %v", text, r, err)
		}
	}
}

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{
		"250 ok\r\n", "250-a\r\n250 b\r\n", "250", "2\x0050\r\n", "550 5.1.1 <a@b>\r\n", "250-\n250 \n", "250-ok\r\n550 no\r\n",
		"250 2.6.0 <x@y> [InternalId=1, Hostname=h] Queued\r\n", strings.Repeat("250-x\r\n", 50),
	} {
		f.Add([]byte(seed))
	}
	whole := regexp.MustCompile(`^(?s:([2-5][0-9]{2})-[^\n]*\n)*[2-5][0-9]{2}( [^\n]*|\r)?\n`)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := readReply(bufio.NewReader(iotest.HalfReader(strings.NewReader(string(text)))))
		if err != nil {
			return
		}
		if !whole.Match(text) {
			t.Errorf("%q was taken for a reply", text)
		}
		if r.code < 200 || r.code > 599 || len(r.lines) == 0 {
			t.Errorf("%q became %+v", text, r)
		}
		if words := r.words(); strings.ContainsFunc(words, unicode.IsControl) || len([]rune(words)) > maxWords+4 {
			t.Errorf("words %q", words)
		}
		for _, id := range queueIDs(r) {
			if id == "" || len(id) > maxQueueIDLen || strings.ContainsFunc(id, unicode.IsSpace) {
				t.Errorf("id %q", id)
			}
		}
	})
}

// FuzzAnswerToTheDot plays any bytes as the answer and then closes. The oracle
// is a pattern that shares nothing with the parser.
func FuzzAnswerToTheDot(f *testing.F) {
	for _, seed := range []string{"250 ok\r\n", "250 ok", "451 4.7.1 x\r\n", "550 no\r\n", "250-a\r\n", "250-a\r\n550 b\r\n", "\x00250 ok\r\n"} {
		f.Add(seed)
	}
	positive := regexp.MustCompile(`^(2[0-9]{2}-[^\n]*\n)*2[0-9]{2}( [^\n]*|\r)?\n`)
	negative := regexp.MustCompile(`^(?:[45][0-9]{2}-[^\n]*\n)*(?:5[0-9]{2}(?: [^\n]*|\r)?\n|4[0-9]{2} +4\.7\.|4[0-9]{2}- *4\.7\.)`)
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || len(text) > 1<<16 {
			t.Skip()
		}
		var r mailer.Receipt
		synctest.Test(t, func(t *testing.T) {
			s := answering(".", text)
			s.line = nil
			sender := newSender(t, plainConfig(s.dial(t)))
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				r = sender.Send(t.Context(), testMessage(), agree)
			}()
			synctest.Wait()
			s.cutAll()
			<-ended
			sender.Rest()
		})
		if r.Outcome == mailer.Accepted && !positive.MatchString(text) {
			t.Errorf("%q was taken for an acceptance: %+v", text, r)
		}
		if (r.Outcome == mailer.Refused || r.Outcome == mailer.Deferred) && !negative.MatchString(text) {
			t.Errorf("%q was taken for a refusal: %+v", text, r)
		}
	})
}

func TestQueueIDs(t *testing.T) {
	t.Parallel()
	check := func(text string, want ...string) {
		t.Helper()
		r, err := read(text + "\r\n")
		if got := queueIDs(r); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q names %q, %v; want %q", text, got, err, want)
		}
	}
	check("250 2.0.0 Ok: queued as 4F3A21BC09", "4F3A21BC09")
	check("250 OK id=1abcDE-0003Xy-2k", "1abcDE-0003Xy-2k")
	check("250 2.0.0 OK  1700000000 5b1f17b1804b1-432f643b5a5sm12345.12 - gsmtp", "5b1f17b1804b1-432f643b5a5sm12345.12")
	check("250 Ok 0100018c1234abcd-12345678-9abc-4def-8123-0123456789ab-000000", "0100018c1234abcd-12345678-9abc-4def-8123-0123456789ab-000000")
	check("250 2.6.0 <A1@PROD.EXAMPLE.COM> [InternalId=123, Hostname=AB1.prod.example] 12345 bytes in 0.123, 98.7 KB/sec Queued mail for delivery", "<A1@PROD.EXAMPLE.COM>", "123")
	check("250 2.0.0 31ABCdef012345 Message accepted for delivery", "31ABCdef012345")
	check("250-2.0.0 <a@b>\r\n250 2.0.0 <a@b> again", "<a@b>")
	check("250 message-id=<new@host.example>", "<new@host.example>")
	check("250 Thank you for your message")
	check("250 <> <@> <a@> <open@host")
	check("250")
	check("250 id=" + strings.Repeat("a1", 200))
	check("250 "+strings.Repeat("id=1 id=2 id=3 id=4 id=5 ", 3)+"id=6 id=7 id=8 id=9", "1", "2", "3", "4", "5", "6", "7", "8")
}
