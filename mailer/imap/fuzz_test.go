package imap

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// babble is a server that says what it likes: the first line as its greeting,
// and to each command the lines up to the next one that begins with "T ", under
// the command's tag. In the end it falls silent.
func babble(said []byte) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			greeting, rest, _ := bytes.Cut(said, []byte("\n"))
			_, _ = server.Write(append(greeting, '\n'))
			for in := bufio.NewReader(server); ; {
				command, err := in.ReadString('\n')
				if err != nil {
					return
				}
				tag, _, _ := strings.Cut(command, " ")
				var answer []byte
				if answer, rest = untilTagged(rest, tag); len(answer) > 0 {
					_, _ = server.Write(answer)
				}
			}
		}()
		return client, nil
	}
}

// untilTagged cuts off the lines up to the first tagged one, with the tag put in.
func untilTagged(said []byte, tag string) (answer, rest []byte) {
	for rest = said; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		text, tagged := bytes.CutPrefix(line, []byte("T "))
		if tagged {
			return append(append(answer, tag+" "...), append(text, '\n')...), rest
		}
		answer = append(append(answer, bytes.ReplaceAll(line, []byte(`"T"`), []byte(`"`+tag+`"`))...), '\n')
	}
	return answer, nil
}

// answers are what a real server says to a look. The fuzzer goes on from there.
const answers = "* OK ready\r\n* CAPABILITY IMAP4rev1\r\nT OK\r\nT OK in\r\n* CAPABILITY IMAP4rev1 ESEARCH LIST-STATUS LIST-EXTENDED\r\nT OK\r\n" +
	"* LIST () \"/\" INBOX\r\n* STATUS INBOX (UIDNEXT 3 UIDVALIDITY 7)\r\nT OK\r\n" +
	"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\nT OK\r\n* ESEARCH (TAG \"T\") UID ALL 1:2\r\nT OK\r\n" +
	"* 1 FETCH (UID 1 FLAGS (\\Seen) INTERNALDATE \"23-Nov-2026 12:00:00 +0000\" RFC822.SIZE 9 BODY[HEADER.FIELDS (SUBJECT)]<0> {15}\r\nSubject: m1\r\n\r\n)\r\n" +
	"* 2 FETCH (UID 2 FLAGS () INTERNALDATE \"23-Nov-2026 12:00:00 +0000\" RFC822.SIZE 9 BODY[HEADER.FIELDS (SUBJECT)]<0> {15}\r\nSubject: m2\r\n\r\n)\r\nT OK\r\n"

// lookAtBabble looks once and returns the messages, checking what every look keeps.
func lookAtBabble(t *testing.T, said []byte) (read int) {
	clock := &bubbleClock{}
	m, err := New(Config{Host: "mail.example", Port: 143, Security: Insecure, Username: "dana", Dial: babble(said), InProcess: true, Clock: clock,
		Password: func(context.Context) (string, error) { return "secret", nil }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
	defer cancel()
	last := map[string]mailer.Cursor{}
	_, err = m.Look(ctx, mailer.LookRequest{}, func(_ context.Context, b mailer.Batch) error {
		before := last[b.Cursor.Folder]
		if before.UIDValidity == b.Cursor.UIDValidity && before.UID > b.Cursor.UID {
			t.Errorf("the cursor goes from %+v back to %+v", before, b.Cursor)
		}
		for _, one := range b.Messages {
			if one.UID > b.Cursor.UID || one.UID <= before.UID && before.UIDValidity == b.Cursor.UIDValidity {
				t.Errorf("message %d between %+v and %+v", one.UID, before, b.Cursor)
			}
		}
		last[b.Cursor.Folder], read = b.Cursor, read+len(b.Messages)
		return nil
	})
	if ctx.Err() != nil {
		t.Errorf("the look had no end: %v", err)
	}
	_ = m.Close()
	if clock.held() != 0 {
		t.Error("the clock is held")
	}
	return read
}

// TestBabbleIsUnderstood shows that the fuzzer begins with a look that succeeds.
func TestBabbleIsUnderstood(t *testing.T) {
	bubble(t, func(t *testing.T) {
		if read := lookAtBabble(t, []byte(answers)); read != 2 {
			t.Errorf("read %d messages", read)
		}
	})
}

// FuzzLook checks that whatever a server says, a look comes to an end in bounded
// time, hands over nothing out of order, and holds nothing for ever.
func FuzzLook(f *testing.F) {
	f.Add([]byte(answers))
	for at := range strings.Count(answers, "T OK") {
		parts := strings.SplitAfterN(answers, "T OK", at+2)
		before := strings.TrimSuffix(strings.Join(parts[:at+1], ""), "T OK")
		f.Add([]byte(before + "T NO [LIMIT] later\r\n"))
		f.Add([]byte(before + "* BYE [UNAVAILABLE] later\r\n"))
	}
	f.Add([]byte(strings.ReplaceAll(answers, "1:2", "4294967295:1,*")))
	f.Add([]byte(strings.ReplaceAll(answers, "* ESEARCH (TAG \"T\") UID ALL 1:2", "* SEARCH 9 8 7 6 5 4 3 2 1 0")))
	f.Fuzz(func(t *testing.T, said []byte) {
		synctest.Test(t, func(t *testing.T) { lookAtBabble(t, said) })
	})
}

// FuzzStartTLS checks the few lines that are read before anything is secret:
// the reading ends, takes no byte after the answer, and secures only after an OK.
func FuzzStartTLS(f *testing.F) {
	for _, seed := range []string{"* OK hi\r\nS1 OK go\r\n", "* OK hi\r\n* 1 EXISTS\r\nS1 NO\r\n", "* PREAUTH\r\n", "* OK\r\nS1 OK\r\nS2 slipped in\r\n", "\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		in := bytes.NewReader(said)
		err := startTLS(t.Context(), &input{r: in})
		read := said[:len(said)-in.Len()]
		if len(read) > (maxClearLines+1)*4096 {
			t.Errorf("read %d bytes", len(read))
		}
		if err != nil {
			return
		}
		lines := bytes.Split(bytes.TrimSuffix(read, []byte("\n")), []byte("\n"))
		if last := lines[len(lines)-1]; !bytes.HasPrefix(last, []byte("S1 ")) || parseResponse(last).kind != "OK" || read[len(read)-1] != '\n' {
			t.Errorf("secured after %q", read)
		}
	})
}
