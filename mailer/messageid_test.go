package mailer

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestMessageIDIsAFunctionOfSecretAndKey(t *testing.T) {
	t.Parallel()
	secret := []byte("0123456789abcdef0123456789abcdef")
	const key = "acme-sre/onsite/thank-you/ken@acme.example"
	id := MessageID(secret, key, "Dana@Bücher.example")
	if !regexp.MustCompile(`^<[a-z2-7]{32}@xn--bcher-kva\.example>$`).MatchString(id) {
		t.Fatalf("MessageID = %q", id)
	}
	if again := MessageID(bytes.Clone(secret), key, "dana@xn--bcher-kva.example"); again != id {
		t.Errorf("the same key gives %q, then %q", id, again)
	}
	if other := MessageID(secret, key+"x", "dana@bücher.example"); other == id {
		t.Error("another key gives the same id")
	}
	if other := MessageID([]byte("another secret"), key, "dana@bücher.example"); other == id {
		t.Error("another secret gives the same id")
	}
}

// The value was computed apart from this code; a change would orphan every
// answer to mail sent before it.
func TestMessageIDStaysTheSame(t *testing.T) {
	t.Parallel()
	const want = "<ziug44d6ellgjxyovcm2v6ygv4huwqaz@dana.example>"
	if got := MessageID([]byte("secret"), "a/b/c/d@e.example", "me@dana.example"); got != want {
		t.Errorf("MessageID = %q, want %q", got, want)
	}
}

func TestRandomMessageID(t *testing.T) {
	t.Parallel()
	source := bytes.NewReader(bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7}, 8))
	first, err := RandomMessageID(source, "dana@dana.example")
	if err != nil || !strings.HasSuffix(first, "@dana.example>") {
		t.Fatalf("RandomMessageID = %q, %v", first, err)
	}
	second, err := RandomMessageID(source, "dana@dana.example")
	if err != nil || second == first {
		t.Errorf("the second is %q, %v", second, err)
	}
	if id, err := RandomMessageID(source, "dana@dana.example"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("with too little randomness: %q, %v", id, err)
	}
	if _, err := RandomMessageID(iotest.ErrReader(io.ErrClosedPipe), "dana@dana.example"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestScanIDs(t *testing.T) {
	t.Parallel()
	check := func(name, input string, want ...string) {
		t.Helper()
		if got := scanIDs(input); !slices.Equal(got, want) {
			t.Errorf("%s: scanIDs(%q) = %q, want %q", name, input, got, want)
		}
	}
	check("one", "<a@b.example>", "<a@b.example>")
	check("several", "<a@b> <c@d>\t<e@f>", "<a@b>", "<c@d>", "<e@f>")
	check("no blanks between", "<a@b><c@d>", "<a@b>", "<c@d>")
	check("twice", "<a@b> <a@b>", "<a@b>")
	check("commas", "<a@b>,<c@d>", "<a@b>", "<c@d>")
	check("phrase before", "Your message of Mon, 23 Nov 2026 <a@b>", "<a@b>")
	check("quoted phrase", `"Dana's message" <a@b>`, "<a@b>")
	check("folded between", "<a@b>\r\n <c@d>", "<a@b>", "<c@d>")
	check("folded inside", "<aaaa\r\n bbbb@c.exa\r\n\tmple>", "<aaaabbbb@c.example>")
	check("comment", "<a@b> (Ken's message of (some) day <x@y>)", "<a@b>")
	check("comment with brackets reversed", "(was: <old@x>) <a@b>", "<a@b>")
	check("open parenthesis", "(never closed <a@b>", "<a@b>")
	check("parentheses inside", "<a(1)@b>", "<a(1)@b>")
	check("no brackets", "a@b.example", "<a@b.example>")
	check("no brackets, several", "a@b c@d", "<a@b>", "<c@d>")
	check("missing right bracket", "<a@b", "<a@b>")
	check("missing right bracket, words after", "<a@b and more words", "<a@b>")
	check("missing right bracket in a list", "<a@b <c@d>", "<a@b>", "<c@d>")
	check("missing left bracket", "a@b>", "<a@b>")
	check("missing left bracket in a list", "<a@b> c@d>", "<a@b>", "<c@d>")
	check("doubled brackets", "<<a@b>>", "<a@b>")
	check("encoded words", "=?utf-8?q?=3Ca=40b=2Eexample=3E?=", "<a@b.example>")
	check("encoded words, folded", "=?utf-8?q?=3Caaa?=\r\n =?utf-8?q?bbb=40c=3E?=", "<aaabbb@c>")
	check("unknown encoding stays", "=?nonsense?q?x?= <a@b>", "<a@b>")
	check("dollar and equals", "<01$a=b%c@d>", "<01$a=b%c@d>")
	check("quotes around", `"<a@b>"`, "<a@b>")
	check("case is kept", "<AbC@D.Example>", "<AbC@D.Example>")
	check("no at sign", "<abc> def")
	check("nothing before the at sign", "<@b> <a@>")
	check("empty", "")
	check("control characters", "<a\x00b@c> <d@e>", "<d@e>")
	check("beyond ASCII", "<é@c> <d@e>", "<d@e>")
}

func TestScanIDsIsBounded(t *testing.T) {
	t.Parallel()
	long := "<" + strings.Repeat("a", 600) + "@b>"
	if got := scanIDs(long + " <c@d>"); !slices.Equal(got, []string{"<c@d>"}) {
		t.Errorf("an identifier of 600 bytes gives %d identifiers", len(got))
	}
	var many strings.Builder
	for i := range 5000 {
		many.WriteString("<" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + "@" + string(rune('a'+i/26%26)) + ">")
	}
	if got := len(scanIDs(many.String())); got != maxScanIDs {
		t.Errorf("of 5000 identifiers %d were returned", got)
	}
	far := strings.Repeat(" ", maxScanBytes) + "<a@b>"
	if got := scanIDs(far); len(got) != 0 {
		t.Errorf("beyond the bound was found %q", got)
	}
	for _, hostile := range []string{strings.Repeat("(", maxScanBytes), strings.Repeat("<", maxScanBytes), strings.Repeat("()", maxScanBytes/2), strings.Repeat("(<", maxScanBytes/2)} {
		if got := scanIDs(hostile); len(got) != 0 {
			t.Errorf("%q... gives %q", hostile[:4], got)
		}
	}
}

func FuzzScanIDs(f *testing.F) {
	for _, seed := range []string{"<a@b>", "<a@b> (c) <d@e>", "a@b", "((<a@b>", "=?utf-8?q?=3Ca=40b=3E?=", "<a\r\n b@c>", "<<>>@", "\\(<", "<(>)@", "=?@0000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		ids := scanIDs(input)
		for i, id := range ids {
			if !isReference(id) || !strings.Contains(id, "@") {
				t.Fatalf("%q gives %q, which cannot stand in a header", input, id)
			}
			if slices.Contains(ids[:i], id) {
				t.Fatalf("%q gives %q twice", input, id)
			}
		}
		if again := scanIDs(strings.Join(ids, " ")); !slices.Equal(again, ids) {
			t.Fatalf("%q gives %q, and these give %q", input, ids, again)
		}
	})
}
