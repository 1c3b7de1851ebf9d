package mailer

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
)

// aDraft is a mail that is right in every part; tests change one of them.
func aDraft() Draft {
	return Draft{
		From:      Address{"Dana Reyes", "dana@dana.example"},
		To:        Address{"Ken Osei", "ken@acme.example"},
		Subject:   "Thank you for Monday",
		Body:      "Hi Ken,\n\nthank you for your time.\n\nDana\n",
		Date:      time.Date(2026, 11, 24, 9, 37, 0, 0, time.FixedZone("CET", 3600)),
		MessageID: "<abcdefghijklmnopqrstuvwxyz234567@dana.example>",
	}
}

// received is a mail as an ordinary mail program reads it.
type received struct {
	header        mail.Header
	subject, body string
	from, to      mail.Address
}

func receive(t testing.TB, raw []byte) received {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("the mail cannot be read: %v\n%s", err, raw)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatalf("the body cannot be decoded: %v\n%s", err, raw)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatalf("the subject cannot be decoded: %v", err)
	}
	r := received{header: m.Header, subject: subject, body: strings.ReplaceAll(string(body), "\r\n", "\n")}
	for name, into := range map[string]*mail.Address{"From": &r.from, "To": &r.to} {
		list, err := m.Header.AddressList(name)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s is %q: %v, %v", name, m.Header.Get(name), list, err)
		}
		*into = *list[0]
	}
	return r
}

// mustCompose composes and lets the independent check have its say.
func mustCompose(t testing.TB, d Draft) Frozen {
	t.Helper()
	f, err := Compose(d)
	if err != nil {
		t.Fatalf("Compose: %v", err)
	}
	if err := Verify(f, d.From.Addr, d.To.Addr); err != nil {
		t.Fatalf("Verify: %v\n%s", err, f.Bytes)
	}
	return f
}

func TestComposeGolden(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.Thread = Thread{InReplyTo: "<two@acme.example>", References: []string{"<one@dana.example>", "<two@acme.example>"}}
	f := mustCompose(t, d)
	want := strings.ReplaceAll(`Date: Tue, 24 Nov 2026 09:37:00 +0100
In-Reply-To: <two@acme.example>
MIME-Version: 1.0
Message-ID: <abcdefghijklmnopqrstuvwxyz234567@dana.example>
References: <one@dana.example> <two@acme.example>
Subject: Thank you for Monday
From: "Dana Reyes" <dana@dana.example>
To: "Ken Osei" <ken@acme.example>
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain; charset=UTF-8

Hi Ken,

thank you for your time.

Dana
`, "\n", "\r\n")
	if string(f.Bytes) != want {
		t.Errorf("composed\n%s\nwant\n%s", f.Bytes, want)
	}
	if f.From != "dana@dana.example" || f.To != "ken@acme.example" || f.MessageID != d.MessageID || f.UTF8 {
		t.Errorf("the envelope is %q, %q, %q, %t", f.From, f.To, f.MessageID, f.UTF8)
	}
}

func TestComposeTwiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.Subject, d.Body = "Grüße aus München", "Schöne Grüße 🙂\n"
	d.Thread.References = []string{"<a@b>", "<c@d>"}
	first := mustCompose(t, d)
	for range 20 {
		if again := mustCompose(t, d); !bytes.Equal(first.Bytes, again.Bytes) {
			t.Fatalf("composed\n%s\nthen\n%s", first.Bytes, again.Bytes)
		}
	}
	if slices.Compare(d.Thread.References, []string{"<a@b>", "<c@d>"}) != 0 {
		t.Errorf("composing changed the draft: %q", d.Thread.References)
	}
}

func TestBodySurvives(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"plain":                  "Hi Ken,\nthank you.\n",
		"From at a line's start": "From here on all is well.\nFrom\nFrom \n From\n",
		"long From line":         "From " + strings.Repeat("x", 68) + "abc\n",
		"From line of 76":        "From " + strings.Repeat("y", 71) + "\nnext\n",
		"lone dot":               "one\n.\ntwo\n..\n...\n.hidden\n",
		"long dot line":          "." + strings.Repeat("z", 75) + "\nnext\n",
		"only a dot":             ".\n",
		"trailing blanks":        "one  \ntwo\t\n   \n\t\n",
		"very long line":         strings.Repeat("A sentence that nobody wraps. ", 200) + "\n",
		"very long word":         strings.Repeat("w", 5000) + "\n",
		"long line of accents":   strings.Repeat("é", 1500) + "\n",
		"emoji":                  "👩‍💻 thanks 🙏🏽 and 🇫🇷\n",
		"equals signs":           "a=b =3D = =\n=",
		"scripts":                "Привет, 你好, こんにちは, שלום\u200f, مرحبا\u200e\n",
		"empty lines":            "\n\n\nHi\n\n\n",
		"signature":              "Hi\n\n-- \nDana\n",
		"no last line end":       "Hi Ken",
		"quotes":                 "> On Monday you wrote:\n>From x\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := aDraft()
			d.Body = body
			got := receive(t, mustCompose(t, d).Bytes).body
			if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(body, "\n") {
				t.Errorf("sent %q, received %q", body, got)
			}
		})
	}
}

func TestBodyLinesNeedNoCare(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.Body = "From me\n.\n.x\n" + strings.Repeat("a. From b ", 100) + "\n." + strings.Repeat("é", 100) + "\n"
	_, body, _ := bytes.Cut(mustCompose(t, d).Bytes, []byte("\r\n\r\n"))
	for line := range bytes.Lines(body) {
		if line[0] == '.' || bytes.HasPrefix(line, []byte("From ")) || len(line) > 78 {
			t.Errorf("the line %q is changed on the way", line)
		}
	}
}

func TestSubjectSurvives(t *testing.T) {
	t.Parallel()
	for name, subject := range map[string]string{
		"plain":                "Re: Interview on 23 November",
		"accents":              "Merci pour l'échange de lundi",
		"long":                 strings.Repeat("a subject that goes on ", 20) + "end",
		"long with accents":    strings.Repeat("é", 200),
		"emoji":                "Thanks 🙏🏽 👩‍💻",
		"one long word":        strings.Repeat("x", 300),
		"runs of blanks":       "a  b" + strings.Repeat(" ", 90) + "c",
		"blanks at the ends":   "  a subject ",
		"looks encoded":        "=?utf-8?q?Bcc=3A_x?=",
		"half encoded":         "about =? and ?=",
		"underscores":          "snake_case – and = signs?",
		"a header in it":       "Bcc: x@evil.example",
		"word of 75 and blank": strings.Repeat("q", 75) + " r",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := aDraft()
			d.Subject = subject
			f := mustCompose(t, d)
			header, _, _ := bytes.Cut(f.Bytes, []byte("\r\n\r\n"))
			for line := range bytes.SplitSeq(header, []byte("\r\n")) {
				if len(line) > 78 {
					t.Errorf("a header line of %d bytes: %q", len(line), line)
				}
			}
			if got := receive(t, f.Bytes).subject; got != subject {
				t.Errorf("sent %q, received %q", subject, got)
			}
		})
	}
}

func TestNamesAndAddressesSurvive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		to       Address
		name     string
		envelope string
		utf8     bool
	}{
		{Address{"", "ken@acme.example"}, "", "ken@acme.example", false},
		{Address{"Osei, Ken (Acme)", "Ken@Acme.example"}, "Osei, Ken (Acme)", "Ken@acme.example", false},
		{Address{`Ken "K" O\sei; <x@y>`, "ken@acme.example"}, `Ken "K" O\sei; <x@y>`, "ken@acme.example", false},
		{Address{"René Ångström, Dr.", "rene@acme.example"}, "René Ångström, Dr.", "rene@acme.example", false},
		{Address{"山田 太郎", "taro@例え.example"}, "山田 太郎", "taro@xn--r8jz45g.example", false},
		{Address{strings.Repeat("Ünal ", 20) + "X", "u@acme.example"}, strings.Repeat("Ünal ", 20) + "X", "u@acme.example", false},
		{Address{strings.Repeat("Long Name ", 15) + "X", "u@acme.example"}, strings.Repeat("Long Name ", 15) + "X", "u@acme.example", false},
		{Address{"  Ken   Osei ", "ken@bücher.example"}, "Ken Osei", "ken@xn--bcher-kva.example", false},
		{Address{"José", "josé@bücher.example"}, "José", "josé@xn--bcher-kva.example", true},
	} {
		d := aDraft()
		d.To = c.to
		f := mustCompose(t, d)
		got := receive(t, f.Bytes)
		if got.to.Name != c.name || got.to.Address != c.envelope || f.To != c.envelope || f.UTF8 != c.utf8 {
			t.Errorf("to %+v: received %+v, envelope %q, UTF8 %t", c.to, got.to, f.To, f.UTF8)
		}
	}
}

func TestComposeBoundsTheThread(t *testing.T) {
	t.Parallel()
	d := aDraft()
	for i := range 60 {
		d.Thread.References = append(d.Thread.References, fmt.Sprintf("<%d.%s@acme.example>", i, strings.Repeat("r", 100)))
	}
	d.Thread.References = append(d.Thread.References, "<no blank in here@acme.example>", "naked@acme.example", "<0@"+strings.Repeat("x", 2000)+">", "")
	d.Thread.InReplyTo = "<parent@acme.example>"
	got := receive(t, mustCompose(t, d).Bytes)
	ids := strings.Fields(got.header.Get("References"))
	if len(ids) != 21 || ids[0] != d.Thread.References[0] || ids[1] != d.Thread.References[41] || ids[20] != "<parent@acme.example>" {
		t.Errorf("References are %d: %q", len(ids), ids)
	}
	if got.header.Get("In-Reply-To") != "<parent@acme.example>" {
		t.Errorf("In-Reply-To is %q", got.header.Get("In-Reply-To"))
	}
}

func TestParentStandsLastOnce(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.Thread = Thread{InReplyTo: "<b@c>", References: []string{"<a@c>", "<b@c>", "<a@c>"}}
	if got := receive(t, mustCompose(t, d).Bytes).header.Get("References"); got != "<a@c> <b@c>" {
		t.Errorf("References are %q", got)
	}
	d.Thread = Thread{InReplyTo: "<" + strings.Repeat("odd ", 9) + "@c>"}
	if got := receive(t, mustCompose(t, d).Bytes).header; got.Get("In-Reply-To") != "" || got.Get("References") != "" {
		t.Errorf("an identifier with blanks went out: %v", got)
	}
}

func TestNoticeToOneself(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.To, d.AutoSubmitted = d.From, "auto-generated"
	if got := receive(t, mustCompose(t, d).Bytes).header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("Auto-Submitted is %q", got)
	}
	d.To = aDraft().To
	if _, err := Compose(d); err == nil {
		t.Error("a mail to another person says that it is automatic")
	}
}

func TestNothingShowsTheMachine(t *testing.T) {
	t.Parallel()
	want := []string{"Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
	var got []string
	for name := range receive(t, mustCompose(t, aDraft()).Bytes).header {
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the headers are %q, want %q", got, want)
	}
}

func TestComposeRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Draft){
		"CRLF in the subject":         func(d *Draft) { d.Subject = "x\r\nBcc: y@evil.example" },
		"LF in the subject":           func(d *Draft) { d.Subject = "x\ny" },
		"tab in the subject":          func(d *Draft) { d.Subject = "x\ty" },
		"NUL in the subject":          func(d *Draft) { d.Subject = "x\x00" },
		"next line in the subject":    func(d *Draft) { d.Subject = "x\u0085y" },
		"line separator":              func(d *Draft) { d.Subject = "x\u2028y" },
		"paragraph separator":         func(d *Draft) { d.Subject = "x\u2029y" },
		"bidi override":               func(d *Draft) { d.Subject = "x\u202ey" },
		"directional mark in subject": func(d *Draft) { d.Subject = "x\u200fy" },
		"broken UTF-8 in the subject": func(d *Draft) { d.Subject = "x\xff" },
		"empty subject":               func(d *Draft) { d.Subject = "  " },
		"huge subject":                func(d *Draft) { d.Subject = strings.Repeat("x ", 300) },
		"CR in the body":              func(d *Draft) { d.Body = "x\r\ny" },
		"bare CR in the body":         func(d *Draft) { d.Body = "x\ry" },
		"NUL in the body":             func(d *Draft) { d.Body = "x\x00" },
		"escape in the body":          func(d *Draft) { d.Body = "\x1b[2J" },
		"form feed in the body":       func(d *Draft) { d.Body = "x\fy" },
		"line separator in the body":  func(d *Draft) { d.Body = "x\u2028y" },
		"override in the body":        func(d *Draft) { d.Body = "x\u202ey" },
		"isolate in the body":         func(d *Draft) { d.Body = "x\u2066y" },
		"broken UTF-8 in the body":    func(d *Draft) { d.Body = "x\xc3" },
		"empty body":                  func(d *Draft) { d.Body = "\n \n" },
		"huge body":                   func(d *Draft) { d.Body = strings.Repeat("x\n", maxBody) },
		"CRLF in the name":            func(d *Draft) { d.To.Name = "Ken\r\nBcc: y@evil.example" },
		"LF in the sender's name":     func(d *Draft) { d.From.Name = "Dana\n" },
		"isolate in the name":         func(d *Draft) { d.To.Name = "Ken \u2067x\u2069" },
		"encoded word in the name":    func(d *Draft) { d.To.Name = "=?utf-8?q?x=0D=0A?=" },
		"huge name":                   func(d *Draft) { d.To.Name = strings.Repeat("x", 300) },
		"CRLF in the address":         func(d *Draft) { d.To.Addr = "ken@acme.example>\r\nRCPT TO:<x@evil.example" },
		"two recipients":              func(d *Draft) { d.To.Addr = "ken@acme.example, mei@acme.example" },
		"brackets in the address":     func(d *Draft) { d.To.Addr = "<ken@acme.example>" },
		"blank in the address":        func(d *Draft) { d.To.Addr = "ken osei@acme.example" },
		"no recipient":                func(d *Draft) { d.To = Address{} },
		"no sender":                   func(d *Draft) { d.From = Address{} },
		"no date":                     func(d *Draft) { d.Date = time.Time{} },
		"date beyond four digits":     func(d *Draft) { d.Date = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"no message id":               func(d *Draft) { d.MessageID = "" },
		"message id elsewhere":        func(d *Draft) { d.MessageID = "<a@host.example>" },
		"message id of two":           func(d *Draft) { d.MessageID = "<a@x> <b@dana.example>" },
		"message id without brackets": func(d *Draft) { d.MessageID = "a@dana.example" },
		"CRLF in the message id":      func(d *Draft) { d.MessageID = "<a\r\nBcc: x@dana.example>" },
		"CRLF in the parent":          func(d *Draft) { d.Thread.InReplyTo = "<a@b>\r\nBcc: <x@evil.example>" },
		"LF in a reference":           func(d *Draft) { d.Thread.References = []string{"<a@b>", "<c\n@d>"} },
		"CRLF in auto-submitted":      func(d *Draft) { d.To = d.From; d.AutoSubmitted = "auto-generated\r\nX: y" },
		"unknown auto-submitted":      func(d *Draft) { d.To = d.From; d.AutoSubmitted = "no" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := aDraft()
			change(&d)
			f, err := Compose(d)
			if err == nil {
				t.Fatalf("composed\n%s", f.Bytes)
			}
			if !strings.HasPrefix(err.Error(), "composing mail: ") || strings.ContainsAny(err.Error(), "\r\n\x1b") {
				t.Errorf("the error is %q", err)
			}
		})
	}
}

func FuzzComposeVerify(f *testing.F) {
	f.Add("Ken Osei", "ken@acme.example", "Thanks", "Hi\n", "<a@b>", "<c@d> <e@f>")
	f.Add("山田", "josé@bücher.example", "Grüße  =?x?=", "From x\n.\n trailing \n", "", "")
	f.Add("a\"b\\", "o'k@x.example", strings.Repeat("é ", 99), strings.Repeat("é=", 99), "<\x7f@x>", "<a b@c>")
	f.Add("", "k@x", "\u00a0", "\ufeff", "<=?utf-8?q?x?=@y>", "x")
	f.Fuzz(func(t *testing.T, name, addr, subject, body, parent, references string) {
		d := aDraft()
		d.To = Address{name, addr}
		d.Subject, d.Body = subject, body
		d.Thread = Thread{InReplyTo: parent, References: strings.Split(references, " ")}
		frozen, err := Compose(d)
		if err != nil {
			return
		}
		if err := Verify(frozen, d.From.Addr, addr); err != nil {
			t.Fatalf("Verify: %v\n%s", err, frozen.Bytes)
		}
		got := receive(t, frozen.Bytes)
		if got.subject != subject {
			t.Fatalf("subject %q arrives as %q", subject, got.subject)
		}
		if strings.TrimSuffix(got.body, "\n") != strings.TrimSuffix(body, "\n") {
			t.Fatalf("body %q arrives as %q", body, got.body)
		}
		if got.to.Address != frozen.To || got.to.Name != strings.Join(strings.Fields(name), " ") {
			t.Fatalf("to %q <%s> arrives as %+v", name, addr, got.to)
		}
	})
}
