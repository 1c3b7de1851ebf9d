package mailer

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// parse reads a message written with bare LF, as these tests have it.
func parse(raw string) Message { return Parse(Split([]byte(raw))) }

func TestParseHeader(t *testing.T) {
	t.Parallel()
	m := parse("From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@werk.example>\r\n" +
		"To: \"Reyes, Dana\" <dana@example.org>, ken@acme.example (Ken Osei)\r\n" +
		"Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n =?utf-8?B?IHVuZCBEYW5r?=\r\n" +
		"Date: Tue, 5 May 2026 09:12:00 +0200\r\n" +
		"Message-ID: <m1@werk.example>\r\nIn-Reply-To: Your mail of Monday <a1@example.org> (Dana)\r\n" +
		"References: <a0@example.org>\r\n\t<a1@example.org>\r\n\r\nHallo\r\n")
	if want := []Address{{"Jürgen Müller", "jm@werk.example"}}; !slices.Equal(m.From, want) {
		t.Errorf("From %q", m.From)
	}
	if want := []Address{{"Reyes, Dana", "dana@example.org"}, {"Ken Osei", "ken@acme.example"}}; !slices.Equal(m.To, want) {
		t.Errorf("To %q", m.To)
	}
	if m.Subject != "Grüße und Dank" {
		t.Errorf("Subject %q", m.Subject)
	}
	if want := time.Date(2026, 5, 5, 7, 12, 0, 0, time.UTC); !m.Date.Equal(want) {
		t.Errorf("Date %s", m.Date)
	}
	if m.ID != "<m1@werk.example>" || !slices.Equal(m.InReplyTo, []string{"<a1@example.org>"}) ||
		!slices.Equal(m.References, []string{"<a0@example.org>", "<a1@example.org>"}) {
		t.Errorf("IDs %q %q %q", m.ID, m.InReplyTo, m.References)
	}
	if m.Text != "Hallo" || m.HeaderOnly || len(m.Defects) != 0 {
		t.Errorf("text %q, defects %q", m.Text, m.Defects)
	}
}

func TestParseToleratesBrokenHeaders(t *testing.T) {
	t.Parallel()
	check := func(raw, subject string) {
		t.Helper()
		if m := parse(raw); m.Subject != subject || m.Text != "Body" {
			t.Errorf("%q: subject %q, text %q", raw, m.Subject, m.Text)
		}
	}
	check("Subject: a\n\nBody", "a")
	check("\ufeff\r\nSubject: a\n\nBody", "a")
	check("From dana Tue May  5 09:12:00 2026\nSubject: a\n\nBody", "a")
	check("no field at all\nSubject : a\n\nBody", "a")
	check("Subject: a\n b\n\tc\n\nBody", "a b c")
	check("Subject: =?unknown-charset?Q?caf=E9?=\n\nBody", "café")
	check("Subject: caf\xe9\n\nBody", "café")
	check("Subject: =?utf-8?Q?broken\n\nBody", "=?utf-8?Q?broken")
	check("subject: a\nSubject: b\n\nBody", "a")
	check("Subject: a\x00b\n\nBody", "ab")
}

func TestParseHeaderOnly(t *testing.T) {
	t.Parallel()
	m := Parse([]byte("Subject: a\n"), nil)
	if !m.HeaderOnly || m.Text != "" || m.Subject != "a" {
		t.Errorf("%+v", m)
	}
}

func TestParseDates(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 5, 5, 9, 12, 0, 0, time.UTC)
	for _, v := range []string{
		"Tue, 5 May 2026 09:12:00 +0000", "5 May 2026 09:12:00 GMT", "Tue, 05 May 2026 11:12:00 +0200 (CEST)",
		"Tue May  5 09:12:00 2026", "2026-05-05T09:12:00Z", "Tue, 5 May 2026 09:12:00", "2026-05-05 09:12:00 +0000",
	} {
		if got := parse("Date: " + v + "\n\n").Date; !got.Equal(want) {
			t.Errorf("%q: %s", v, got)
		}
	}
	m := parse("From: a@b.example\nDate: some day\n\n")
	if !m.Date.IsZero() || !slices.Contains(m.Defects, "unreadable Date") {
		t.Errorf("an unreadable date was read as %s, defects %q", m.Date, m.Defects)
	}
}

func TestParseAddressLists(t *testing.T) {
	t.Parallel()
	check := func(v string, want ...Address) {
		t.Helper()
		if got := parseAddresses(v); !slices.Equal(got, want) {
			t.Errorf("%q: %q", v, got)
		}
	}
	check("a@b.example", Address{"", "a@b.example"})
	check("A B <a@b.example>,, <c@d.example>;", Address{"A B", "a@b.example"}, Address{"", "c@d.example"})
	check(`"A \"the\" B" <a@b.example>`, Address{`A "the" B`, "a@b.example"})
	check("team: a@b.example, C <c@d.example>;, e@f.example", Address{"", "a@b.example"}, Address{"C", "c@d.example"}, Address{"", "e@f.example"})
	check("undisclosed-recipients:;")
	check("A (a, b) <a@b.example>", Address{"A (a, b)", "a@b.example"})
	check("<@relay.example:a@b.example>", Address{"", "a@b.example"})
	check("A <a@b.example", Address{"A", "a@b.example"})
	check("MAILER-DAEMON")
	check("=?utf-8?Q?Last=2C_First?= <a@b.example>", Address{"Last, First", "a@b.example"})
}

func TestParsePrefersPlainText(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: multipart/mixed; boundary=o\n\n--o\n" +
		"Content-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/plain\n\nplain\n--i\n" +
		"Content-Type: text/html\n\n<p>html</p>\n--i--\n--o\nContent-Type: text/plain\n\nfooter\n--o\n" +
		"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnot for reading\n--o--\n")
	if strings.Join(strings.Fields(m.Text), " ") != "plain footer" {
		t.Errorf("text %q", m.Text)
	}
	if len(m.Parts) != 4 || m.Parts[3].Params["filename"] != "a.txt" {
		t.Errorf("parts %q", m.Parts)
	}
}

func TestParseFallsBackToHTML(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/plain\n\n \n--i\n" +
		"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>caf=C3=A9</p>\n--i--\n")
	if m.Text != "café" {
		t.Errorf("text %q", m.Text)
	}
}

func TestParseTransferEncodings(t *testing.T) {
	t.Parallel()
	check := func(encoding, charset, body, want string) {
		t.Helper()
		m := parse("Content-Type: text/plain; charset=" + charset + "\nContent-Transfer-Encoding: " + encoding + "\n\n" + body)
		if m.Text != want {
			t.Errorf("%s %s: %q, want %q", encoding, charset, m.Text, want)
		}
	}
	check("base64", "utf-8", "Y2Fmw6k=", "café")
	check("BASE64", "utf-8", "Y2Fm\n!w6k", "café")
	check("quoted-printable", "iso-8859-1", "caf=E9=\nx", "caféx")
	check("quoted-printable", "utf-8", "100=% =ZZ =C3=A9", "100=% =ZZ é")
	check("8bit", "windows-1252", "caf\xe9", "café")
	check("8bit", "nobody-knows-it", "caf\xe9", "café")
	check("7bit", "iso-2022-jp", "\x1b$B$\"\x1b(B", "あ")
	check("8bit", "ks_c_5601-1987", "\xb0\xa1", "가")
	check("x-unknown", "utf-8", "plain", "plain")
}

func TestParseBrokenMultiparts(t *testing.T) {
	t.Parallel()
	check := func(raw, want string) {
		t.Helper()
		m := parse(raw)
		if strings.Join(strings.Fields(m.Text), " ") != want {
			t.Errorf("%q: text %q, want %q", raw, m.Text, want)
		}
	}
	check("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n", "one two")        // no final boundary
	check("Content-Type: multipart/mixed\n\n--xx\nContent-Type: text/plain\n\none\n--xx--\n", "one") // no boundary said
	check("Content-Type: multipart/mixed; boundary=zz\n\njust text\n", "just text")
	check("Content-Type: multipart/mixed; boundary=b\n\n--b\nno header here\n--b--\n", "no header here")
	check("Content-Type: multipart/mixed; boundary=b\n\n--bb\n\nlonger\n--b\n\none\n--b--\n", "one")
	check("Content-Type: text\n\nhello\n", "hello")
	check("Content-Type: ;;;\n\nhello\n", "hello")
	check("Content-Type: multipart/mixed; boundary=\"b\"; boundary=c\n\n--b\n\none\n--b--\n", "one")
}

// A forwarded mail is no word of the sender's.
func TestParseKeepsForwardedMailApart(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nlook at this\n--b\nContent-Type: message/rfc822\n\n" +
		"Subject: inner\nMessage-ID: <inner@x.example>\n\ninner text\n--b--\n")
	if strings.TrimSpace(m.Text) != "look at this" {
		t.Errorf("text %q", m.Text)
	}
	if len(m.Parts) != 2 || !bytes.Contains(m.Parts[1].Content, []byte("inner text")) {
		t.Errorf("parts %q", m.Parts)
	}
}

func TestParseParametersOfRFC2231(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf\n" +
		"Content-Disposition: attachment; filename*=utf-8''Lebenslauf%20M%C3%BCller.pdf\n\nx\n--b--\n")
	if len(m.Parts) != 1 || m.Parts[0].Params["filename"] != "Lebenslauf Müller.pdf" {
		t.Errorf("parts %q", m.Parts)
	}
}

// Hostile mail is read up to a bound, and the result says so.
func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	nested := strings.Builder{}
	for i := range 3000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	check := func(what, raw, defect string) {
		t.Helper()
		m := parse(raw)
		if !slices.Contains(m.Defects, defect) {
			t.Errorf("%s: defects %q", what, m.Defects)
		}
		total := 0
		for _, p := range m.Parts {
			total += len(p.Content)
		}
		if total > maxTotalBytes || len(m.Parts) > maxParts || len(m.Text) > maxTextBytes || len(m.From) > maxAddresses {
			t.Errorf("%s: %d parts, %d bytes, %d of text", what, len(m.Parts), total, len(m.Text))
		}
	}
	check("fields", strings.Repeat("X: y\n", 5000)+"\n", "too many header fields")
	check("header", "X: "+strings.Repeat("y", 1<<20)+"\n\n", "header cut at its bound")
	check("depth", nested.String(), "nested too deep")
	check("parts", "Content-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat("--b\n\nx\n", 5000), "too many parts")
	check("body", "X: y\n\n"+strings.Repeat("line of text\n", 1<<20), "body cut at its bound")
	parse("From: " + strings.Repeat("a@b.example,:", 20000) + "\n\n")
	parse("References: " + strings.Repeat("<a@b> ", 20000) + "\n\n")
	parse("Content-Type: text/html\n\n" + strings.Repeat("<div><blockquote>", 100000))
	parse("X: y\n\n" + strings.Repeat("On 1 wrote\n", 30000))
	parse("X: y\n\n" + strings.Repeat("From: x\n\n", 30000))
}

// Five times the size must not cost more memory once the bounds are reached.
func TestParseMemoryDoesNotGrowWithTheMessage(t *testing.T) {
	header := []byte("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n")
	body := []byte("--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat(strings.Repeat("A", 76)+"\r\n", 50<<20/78))
	used := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Classify(Parse(header, body[:n]))
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	used(len(body)) // compiles the tables
	small, large := used(10<<20), used(len(body))
	if large > small+1<<20 || large > 16<<20 {
		t.Errorf("10 MB took %d bytes, 50 MB took %d", small, large)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	check := func(raw, header, body string) {
		t.Helper()
		h, b := Split([]byte(raw))
		if string(h) != header || string(b) != body || b == nil {
			t.Errorf("%q: %q and %q", raw, h, b)
		}
	}
	check("A: b\r\n\r\nbody", "A: b\r\n\r\n", "body")
	check("A: b\n\nbody\n\nmore", "A: b\n\n", "body\n\nmore")
	check("\n\nA: b\n\nbody", "\n\nA: b\n\n", "body")
	check("A: b", "A: b", "")
	check("", "", "")
}

// A line that is no field takes what is folded below it along; identifiers that
// were folded without their space stay with their field.
func TestBrokenFolding(t *testing.T) {
	t.Parallel()
	m := parse("References: <a@x.example>\n<b@x.example>\n\t<c@x.example>\nSubject: Hello\nthis is no field\n nor is this\nTo: d@x.example\n\nHi\n")
	if len(m.References) != 3 || m.Subject != "Hello" || len(m.To) != 1 {
		t.Errorf("references %q, subject %q, to %v", m.References, m.Subject, m.To)
	}
}

// Whatever the bytes: no panic, valid text, and the bounds hold.
func FuzzParse(f *testing.F) {
	for _, s := range allSamples(f) {
		f.Add([]byte(s.raw))
	}
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(Split(raw))
		for _, s := range []string{m.Subject, m.Text, m.NewText} {
			if strings.ToValidUTF8(s, "") != s || strings.ContainsRune(s, 0) {
				t.Fatalf("text that is none: %q", s)
			}
		}
		if len(m.Parts) > maxParts || len(m.Text) > maxTextBytes {
			t.Fatal("a bound was passed")
		}
		if strings.Contains(m.Subject, "\n") {
			t.Fatalf("subject of two lines: %q", m.Subject)
		}
	})
}

// Whatever the message: a kind of the contract, a class exactly for bounces.
func FuzzClassify(f *testing.F) {
	for _, s := range allSamples(f) {
		f.Add([]byte(s.raw))
	}
	kinds := []Kind{Human, AutoReply, Bounce, Delay, CalendarRequest, CalendarReply, CalendarCancel, ReadReceipt, Challenge, Bulk, Notification, Other}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := Classify(Parse(Split(raw)))
		if !slices.Contains(kinds, r.Kind) || len(r.Evidence) == 0 {
			t.Fatalf("kind %q on %q", r.Kind, r.Evidence)
		}
		if (r.Class != "") != (r.Kind == Bounce) {
			t.Fatalf("kind %s with class %q", r.Kind, r.Class)
		}
		if (len(r.Hints) > 0) != (r.Sentence != "") {
			t.Fatalf("intent without its sentence, or the reverse: %+v", r)
		}
		if len(r.Failed) > maxFailed {
			t.Fatal("too many addresses")
		}
	})
}
