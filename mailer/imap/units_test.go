package imap

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"pgregory.net/rapid"

	"afterword/mailer"
)

func TestUIDsAfter(t *testing.T) {
	t.Parallel()
	check := func(all goimap.NumSet, after uint32, want string) {
		t.Helper()
		got, err := uidsAfter(all, after)
		if err != nil {
			got = nil
		}
		if fmt.Sprint(got, err != nil) != want {
			t.Errorf("%v after %d: %v, %v; want %s", all, after, got, err, want)
		}
	}
	check(nil, 0, "[] false")
	check(goimap.UIDSetNum(1, 2, 3), 0, "[1 2 3] false")
	check(goimap.UIDSetNum(1, 2, 3), 2, "[3] false")
	check(goimap.UIDSetNum(3), 3, "[] false")
	check(goimap.UIDSet{{Start: 7, Stop: 8}, {Start: 2, Stop: 3}, {Start: 3, Stop: 3}}, 0, "[2 3 7 8] false")
	check(goimap.UIDSet{{Start: 4294967294, Stop: 4294967295}}, 4294967294, "[4294967295] false")
	check(goimap.UIDSet{{Start: 1, Stop: 4294967295}}, 0, "[] true")
	check(goimap.UIDSet{{Start: 5, Stop: 0}}, 0, "[] true")
	check(goimap.SeqSetNum(1), 0, "[] true")
}

func TestParseResponse(t *testing.T) {
	t.Parallel()
	check := func(line, kind, code, text string) {
		t.Helper()
		r := parseResponse([]byte(line))
		if r.kind != kind || r.code != code || string(r.text) != text {
			t.Errorf("%q: kind %q, code %q, text %q", line, r.kind, r.code, r.text)
		}
	}
	check("* OK [UIDNEXT 5] next\r\n", "OK", "UIDNEXT", "[UIDNEXT 5] next")
	check("* 5 exists\r\n", "EXISTS", "", "")
	check("* 1 FETCH (UID 1)\r\n", "FETCH", "", "(UID 1)")
	check("* LIST(\\A) \"/\" x\n", "LIST", "", "(\\A) \"/\" x")
	check("T1 no [inuse] x\r\n", "NO", "INUSE", "[inuse] x")
	check("+ idling \r\n", "", "", " idling")
	check("* 5 OK [CAPABILITY (\r\n", "OK", "CAPABILITY", "[CAPABILITY (")
	check("\r\n", "", "", "")
	check("*\r\n", "", "", "")
}

func TestBusyAnswers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"[LIMIT] x": true, "[unavailable] x": true, "[INUSE] x": true, "[THROTTLED] x": true,
		"Account exceeded bandwidth limits": true, "Please try again": true, "Too many connections": true,
		"[AUTHENTICATIONFAILED] try again later": false, "[EXPIRED] later": false, "Invalid credentials": false,
	} {
		answer := &goimap.Error{Type: goimap.StatusResponseTypeNo, Text: text}
		if code, rest, ok := strings.Cut(strings.TrimPrefix(text, "["), "] "); ok {
			answer.Code, answer.Text = goimap.ResponseCode(code), rest
		}
		err := refusal(answer)
		if errors.Is(err, mailer.ErrServerBusy) != want || !strings.HasPrefix(err.Error(), "server answers NO") {
			t.Errorf("%q: %v, busy %v", text, err, !want)
		}
	}
}

func TestWordsOfAServerBecomeOneShortLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" plain ": "plain", "a\r\nb\x00c\x1b[31m": "a  b c [31m", "bad \xff byte": "bad ? byte",
		strings.Repeat("é", 300): strings.Repeat("é", 200) + "...",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestSecretIsHiddenInBothForms(t *testing.T) {
	t.Parallel()
	m := &Mailbox{cfg: Config{Username: "dana"}}
	got := mailer.HideSecrets("NO dana/hunter2 aHVudGVyMg== failed", m.encodings("hunter2"))
	if got != "NO dana/(hidden) (hidden) failed" {
		t.Errorf("words are %q", got)
	}
	if mailer.HideSecrets("words", m.encodings("")) != "words" {
		t.Error("an empty secret changed the words")
	}
}

// Whatever messages are bad, and however answers lack some at first, a
// dissection gets exactly the good ones, settles all, and ends.
func TestDissectionFindsExactlyTheBadOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var uids []goimap.UID
		for i := range rapid.IntRange(0, 60).Draw(t, "messages") {
			uids = append(uids, goimap.UID(i+1))
		}
		bad := rapid.SliceOf(rapid.UintRange(1, 60)).Draw(t, "bad")
		shy := rapid.SliceOf(rapid.UintRange(1, 60)).Draw(t, "left out of larger answers")
		calls := 0
		d := dissection[bool]{got: map[goimap.UID]bool{}, fetch: func(part []goimap.UID) (map[goimap.UID]bool, error) {
			calls++
			got := map[goimap.UID]bool{}
			for _, uid := range part {
				if slices.Contains(bad, uint(uid)) {
					return nil, &notFetched{io.ErrUnexpectedEOF}
				}
				if len(part) == 1 || !slices.Contains(shy, uint(uid)) {
					got[uid] = true
				}
			}
			return got, nil
		}}
		if err := d.visit(uids); err != nil || d.done != len(uids) || calls > 5*len(uids)+1 {
			t.Fatalf("settled %d of %d in %d calls: %v", d.done, len(uids), calls, err)
		}
		for _, uid := range uids {
			if d.got[uid] == slices.Contains(bad, uint(uid)) {
				t.Errorf("message %d: got %v", uid, d.got[uid])
			}
		}
	})
}

// A failure that is not the messages' fault stops at once, and what was settled
// before it is a prefix.
func TestDissectionStopsAtAFailureOfTheServer(t *testing.T) {
	t.Parallel()
	uids := []goimap.UID{1, 2, 3, 4, 5, 6, 7, 8}
	d := dissection[bool]{got: map[goimap.UID]bool{}, fetch: func(part []goimap.UID) (map[goimap.UID]bool, error) {
		if len(part) > 2 {
			return nil, &notFetched{io.ErrUnexpectedEOF}
		}
		if slices.Contains(part, 5) {
			return nil, mailer.ErrServerBusy
		}
		return map[goimap.UID]bool{part[0]: true, part[len(part)-1]: true}, nil
	}}
	if err := d.visit(uids); !errors.Is(err, mailer.ErrServerBusy) || d.done != 4 {
		t.Errorf("settled %d, %v", d.done, err)
	}
}

// TestMessageThatFailsAlone: a message is left out once the server has refused it
// twice or the connection was lost at it twice. A refusal and a loss, in either order,
// are not yet its fault.
func TestMessageThatFailsAlone(t *testing.T) {
	t.Parallel()
	no, loss := &notFetched{refusal(&goimap.Error{Type: "NO"})}, &notFetched{io.ErrUnexpectedEOF}
	check := func(name string, tries int, read bool, answers ...error) {
		t.Helper()
		asked := 0
		d := dissection[int]{got: map[goimap.UID]int{}, fetch: func(uids []goimap.UID) (map[goimap.UID]int, error) {
			asked++
			if err := answers[asked-1]; err != nil {
				return nil, err
			}
			return map[goimap.UID]int{uids[0]: 1}, nil
		}}
		err := d.visit([]goimap.UID{8})
		if _, got := d.got[8]; err != nil || got != read || asked != tries || d.done != 1 {
			t.Errorf("%s: read %v after %d attempts (%v), want %v after %d", name, got, asked, err, read, tries)
		}
	}
	check("refused and lost", 3, true, no, loss, nil)
	check("lost and refused", 3, true, loss, no, nil)
	check("refused twice", 2, false, no, no)
	check("lost twice", 2, false, loss, loss)
	check("refused, lost and refused", 3, false, no, loss, no)
}
