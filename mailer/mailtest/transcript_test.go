package mailtest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// newRecorder returns a recorder that collects command names.
func newRecorder(protocol string) (*recorder, *[]string) {
	var names []string
	r := &recorder{protocol: protocol, conn: 1, now: func() time.Time { return time.Unix(0, 0) }}
	r.command = func(name string) { names = append(names, name) }
	return r, &names
}

// Commands are counted by their names and nothing else is, however the bytes
// are cut on their way.
func TestCommandsAreCounted(t *testing.T) {
	t.Parallel()
	session := "a1 login dana {6+}\r\nsecret\r\na2 SELECT INBOX\r\na3 IDLE\r\nDONE\r\n" +
		"a4 UID FETCH 1:* (FLAGS)\r\na5 APPEND Sent {16+}\r\nx NOOP\r\ny NOOP\r\n\r\na6 uid store 1 +FLAGS (\\Seen)\r\n"
	want := "LOGIN SELECT IDLE UID FETCH APPEND UID STORE"
	for size := 1; size < len(session); size++ {
		r, names := newRecorder(IMAP)
		for rest := session; rest != ""; {
			n := min(size, len(rest))
			r.fromClient([]byte(rest[:n]))
			rest = rest[n:]
		}
		if got := strings.Join(*names, " "); got != want {
			t.Fatalf("in pieces of %d: %s, want %s", size, got, want)
		}
		if text := r.transcript().String(); strings.Contains(text, "secret") || strings.Contains(text, "y NOOP") {
			t.Fatalf("in pieces of %d the transcript is\n%s", size, text)
		}
	}
}

// Secrets are replaced, the rest is told as it was.
func TestRedaction(t *testing.T) {
	t.Parallel()
	check := func(protocol string, lines, want []string) {
		t.Helper()
		r, _ := newRecorder(protocol)
		for _, line := range lines {
			if text, ok := strings.CutPrefix(line, "S: "); ok {
				r.fromServer([]byte(text + "\r\n"))
				continue
			}
			r.fromClient([]byte(line + "\r\n"))
		}
		if got := r.transcript().String(); got != strings.Join(want, "\n")+"\n" {
			t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	}
	check(SMTP,
		[]string{"auth login", "S: 334 VXNlcm5hbWU6", "ZGFuYQ==", "S: 334 UGFzc3dvcmQ6", "c2VjcmV0", "S: 535 5.7.8 no", "MAIL FROM:<a@b>"},
		[]string{"C: auth login", "S: 334 VXNlcm5hbWU6", "C: ***", "S: 334 UGFzc3dvcmQ6", "C: ***", "S: 535 5.7.8 no", "C: MAIL FROM:<a@b>"})
	check(IMAP,
		[]string{"a AUTHENTICATE PLAIN", "S: + ", "AGRhbmEAc2VjcmV0", "S: a OK", "b NOOP"},
		[]string{"C: a AUTHENTICATE PLAIN", "S: + ", "C: ***", "S: a OK", "C: b NOOP"})
	check(IMAP,
		[]string{"a LOGIN {4+}", "dana secret", "S: a OK", "b NOOP"},
		[]string{"C: a LOGIN ***", "C: ***", "S: a OK", "C: b NOOP"})
	check(IMAP,
		[]string{`a LOGIN "dana" "secret"`, "S: a NO", "b authenticate plain AGRhbmEAc2VjcmV0"},
		[]string{"C: a LOGIN ***", "S: a NO", "C: b authenticate plain ***"})
}

// Literals are found as RFC 9051 section 4.3 writes them.
func TestLiteralSize(t *testing.T) {
	t.Parallel()
	check := func(line string, want int64, found bool) {
		t.Helper()
		if n, ok := literalSize(line); n != want || ok != found {
			t.Errorf("%q: got %d, %v", line, n, ok)
		}
	}
	check("a APPEND Sent {310}", 310, true)
	check("a APPEND Sent {310+}", 310, true)
	check("a APPEND Sent {}", 0, false)
	check("a APPEND Sent {-1}", 0, false)
	check("a APPEND Sent {99999999999999999999}", 0, false)
	check("a NOOP", 0, false)
	check("}", 0, false)
}

// FuzzRecorder: no bytes of a client upset the recorder, and how they are cut
// makes no difference to what it tells.
func FuzzRecorder(f *testing.F) {
	f.Add([]byte("a LOGIN {3}\r\nabc {2+}\r\nxy\r\nb NOOP\r\n"), uint8(3))
	f.Add([]byte("AUTH PLAIN x\r\n\n\r\n{5}\r\n"), uint8(1))
	f.Fuzz(func(t *testing.T, raw []byte, size uint8) {
		for _, protocol := range []string{SMTP, IMAP} {
			whole, names := newRecorder(protocol)
			whole.fromClient(raw)
			cut, cutNames := newRecorder(protocol)
			for rest := raw; len(rest) > 0; {
				n := min(int(size)+1, len(rest))
				cut.fromClient(rest[:n])
				rest = rest[n:]
			}
			if whole.transcript().String() != cut.transcript().String() || fmt.Sprint(*names) != fmt.Sprint(*cutNames) {
				t.Errorf("%s in pieces of %d:\n%s\nwhole:\n%s", protocol, int(size)+1, cut.transcript(), whole.transcript())
			}
		}
	})
}

// A world that keeps no transcripts counts the commands all the same, also behind
// a login with secrets.
func TestQuietRecorderCountsOn(t *testing.T) {
	t.Parallel()
	r, names := newRecorder(IMAP)
	r.quiet = true
	r.fromServer([]byte("* OK ready\r\n"))
	r.fromClient([]byte("a1 AUTHENTICATE XOAUTH2\r\n"))
	r.fromServer([]byte("+ \r\n"))
	r.fromClient([]byte("dXNlcg==\r\n"))
	r.fromServer([]byte("a1 OK in\r\n"))
	r.fromClient([]byte("a2 SELECT INBOX\r\n"))
	if got := strings.Join(*names, " "); got != "AUTHENTICATE SELECT" {
		t.Errorf("counted %q", got)
	}
	if text := r.transcript().String(); text != "" {
		t.Errorf("it keeps %q", text)
	}
}
