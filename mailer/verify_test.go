package mailer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// aFrozen is a good mail with every optional header but Auto-Submitted.
func aFrozen(t testing.TB) Frozen {
	t.Helper()
	d := aDraft()
	d.Subject = "Merci – à lundi"
	d.Body += "a line that is long enough to be broken softly, so that there is such a break = here\n"
	d.Thread = Thread{InReplyTo: "<two@acme.example>", References: []string{"<one@dana.example>"}}
	return mustCompose(t, d)
}

// replaced returns the mail with old replaced once; it must be there, or the
// test would check nothing.
func replaced(t testing.TB, f Frozen, old, new string) Frozen {
	t.Helper()
	if bytes.Count(f.Bytes, []byte(old)) == 0 {
		t.Fatalf("%q does not stand in\n%s", old, f.Bytes)
	}
	f.Bytes = bytes.Replace(f.Bytes, []byte(old), []byte(new), 1)
	return f
}

// defect is one thing that is wrong with the bytes: old replaced by new.
type defect struct{ old, new string }

func checkDefects(t *testing.T, defects map[string]defect) {
	t.Helper()
	for name, c := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := replaced(t, aFrozen(t), c.old, c.new)
			if err := Verify(f, "dana@dana.example", "ken@acme.example"); err == nil {
				t.Errorf("accepted\n%s", f.Bytes)
			} else if !strings.HasPrefix(err.Error(), "verifying ") {
				t.Errorf("the error is %q", err)
			}
		})
	}
}

func TestVerifyRefusesEachDefect(t *testing.T) {
	t.Parallel()
	const id = "<abcdefghijklmnopqrstuvwxyz234567@dana.example>"
	const to = "To: \"Ken Osei\" <ken@acme.example>\r\n"
	const from = "From: \"Dana Reyes\" <dana@dana.example>\r\n"
	const subject = "Subject: "
	checkDefects(t, map[string]defect{
		"bare LF":                   {"Hi Ken,\r\n", "Hi Ken,\n"},
		"bare CR":                   {"Hi Ken,\r\n", "Hi Ken,\r"},
		"CR within a line":          {"Hi Ken", "Hi\rKen"},
		"two CR":                    {"Hi Ken,\r\n", "Hi Ken,\r\r\n"},
		"bare LF in the header":     {"MIME-Version: 1.0\r\n", "MIME-Version: 1.0\n"},
		"NUL in the body":           {"Hi Ken", "Hi\x00Ken"},
		"NUL in the header":         {"Dana Reyes", "Dana\x00Reyes"},
		"tab in the header":         {"Dana Reyes", "Dana\tReyes"},
		"long line":                 {"Hi Ken", strings.Repeat("x", 999)},
		"long header line":          {"<one@dana.example>", "<" + strings.Repeat("x", 999) + "@dana.example>"},
		"long encoded line":         {"Hi Ken", strings.Repeat("x", 77)},
		"Bcc":                       {subject, "Bcc: x@evil.example\r\n" + subject},
		"Cc":                        {subject, "Cc: x@evil.example\r\n" + subject},
		"Reply-To":                  {subject, "Reply-To: x@evil.example\r\n" + subject},
		"Sender":                    {subject, "Sender: x@evil.example\r\n" + subject},
		"X-Mailer":                  {subject, "X-Mailer: afterword\r\n" + subject},
		"User-Agent":                {subject, "User-Agent: afterword\r\n" + subject},
		"List-Unsubscribe":          {subject, "List-Unsubscribe: <mailto:x@evil.example>\r\n" + subject},
		"Received":                  {subject, "Received: from host\r\n" + subject},
		"Return-Path":               {subject, "Return-Path: <dana@dana.example>\r\n" + subject},
		"resent":                    {subject, "Resent-To: x@evil.example\r\n" + subject},
		"blank before the colon":    {"To: ", "To : "},
		"line without a colon":      {subject, "hello\r\n" + subject},
		"folded first line":         {"Date: ", " Date: "},
		"blank line of white space": {subject, " \r\n" + subject},
		"header ends early":         {subject, "\r\n" + subject},
		"To twice":                  {to, to + to},
		"to in another case twice":  {to, to + strings.Replace(to, "To", "TO", 1)},
		"From twice":                {from, from + from},
		"Message-ID twice":          {"Message-ID: " + id, "Message-ID: " + id + "\r\nMessage-Id: " + id},
		"Subject twice":             {subject, "Subject: x\r\n" + subject},
		"no To":                     {to, ""},
		"no From":                   {from, ""},
		"no Message-ID":             {"Message-ID: " + id + "\r\n", ""},
		"no MIME-Version":           {"MIME-Version: 1.0\r\n", ""},
		"no Content-Type":           {"Content-Type: text/plain; charset=UTF-8\r\n", ""},
		"no encoding":               {"Content-Transfer-Encoding: quoted-printable\r\n", ""},
		"empty In-Reply-To":         {"In-Reply-To: <two@acme.example>", "In-Reply-To: "},
		"another recipient":         {"ken@acme.example", "mei@acme.example"},
		"recipient in another case": {"ken@acme.example", "Ken@acme.example"},
		"second recipient":          {"<ken@acme.example>", "<ken@acme.example>, <x@evil.example>"},
	})
}

func TestVerifyRefusesEachFurtherDefect(t *testing.T) {
	t.Parallel()
	const id = "<abcdefghijklmnopqrstuvwxyz234567@dana.example>"
	const subject = "Subject: "
	checkDefects(t, map[string]defect{
		"recipient in the name":     {`"Ken Osei" `, `x@evil.example, "Ken Osei" `},
		"list in a bare name":       {`"Ken Osei" `, `Ken, Osei `},
		"name that closes early":    {`"Ken Osei" `, `"Ken" <x@evil.example>, "Osei" `},
		"name that never closes":    {`"Ken Osei" `, `"Ken Osei `},
		"name with a hidden CR":     {`"Ken Osei" `, `=?UTF-8?q?Ken=0DOsei?= `},
		"name with an override":     {`"Ken Osei" `, `=?UTF-8?q?Ken=E2=80=AEOsei?= `},
		"raw name":                  {`"Ken Osei" `, `"Kén Osei" `},
		"address without brackets":  {"\"Ken Osei\" <ken@acme.example>", "ken@acme.example"},
		"comment after the address": {"<ken@acme.example>", "<ken@acme.example> (Ken)"},
		"group":                     {`"Ken Osei" <ken@acme.example>`, `Team: <ken@acme.example>`},
		"another sender":            {"<dana@dana.example>", "<dan@dana.example>"},
		"another Message-ID":        {id, strings.Replace(id, "abc", "abd", 1)},
		"two Message-IDs":           {id, id + " <x@dana.example>"},
		"two parents":               {"In-Reply-To: <two@acme.example>", "In-Reply-To: <two@acme.example> <x@y>"},
		"parent without brackets":   {"In-Reply-To: <two@acme.example>", "In-Reply-To: two@acme.example"},
		"reference without bracket": {"<one@dana.example>", "<one@dana.example"},
		"too many references":       {"<one@dana.example>", strings.Repeat("<a@b>\r\n ", 60) + "<a@b>"},
		"raw subject":               {"=?UTF-8?q?", "é =?UTF-8?q?"},
		"subject hides a CR":        {"=?UTF-8?q?", "=?UTF-8?q?=0D"},
		"subject hides an override": {"=?UTF-8?q?", "=?UTF-8?q?=E2=80=AE"},
		"subject in no charset":     {"=?UTF-8?q?", "=?x-unknown?q?"},
		"impossible date":           {"24 Nov 2026", "31 Nov 2026"},
		"date in words":             {"Tue, 24 Nov 2026 09:37:00 +0100", "tomorrow"},
		"html":                      {"text/plain", "text/html"},
		"multipart":                 {"text/plain; charset=UTF-8", "multipart/mixed; boundary=x"},
		"another charset":           {"charset=UTF-8", "charset=latin1"},
		"flowed":                    {"charset=UTF-8", "charset=UTF-8; format=flowed"},
		"8bit":                      {"quoted-printable", "8bit"},
		"base64":                    {"quoted-printable", "base64"},
		"MIME 2":                    {"MIME-Version: 1.0", "MIME-Version: 2.0"},
		"automatic to another":      {subject, "Auto-Submitted: auto-generated\r\n" + subject},
		"raw body":                  {"Hi Ken", "Hi Kén"},
		"half an escape":            {"Hi Ken,", "Hi Ken=4"},
		"no escape":                 {"Hi Ken,", "Hi =ZZ Ken,"},
		"lower-case escape":         {"Hi Ken,", "Hi =3d Ken,"},
		"broken UTF-8":              {"Hi Ken,", "Hi =FF Ken,"},
		"encoded NUL":               {"Hi Ken,", "Hi =00 Ken,"},
		"encoded CR":                {"Hi Ken,", "Hi =0D Ken,"},
		"encoded escape":            {"Hi Ken,", "Hi =1B Ken,"},
		"encoded override":          {"Hi Ken,", "Hi =E2=80=AE Ken,"},
		"trailing blank":            {"Hi Ken,", "Hi Ken, "},
		"trailing tab":              {"Hi Ken,", "Hi Ken,\t"},
	})
}

func TestVerifyRefusesAnotherEnvelope(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(f *Frozen, wantFrom, wantTo *string){
		"approved for another":   func(_ *Frozen, _, to *string) { *to = "mei@acme.example" },
		"another sender wanted":  func(_ *Frozen, from, _ *string) { *from = "dan@dana.example" },
		"plus tag was not asked": func(_ *Frozen, _, to *string) { *to = "ken+x@acme.example" },
		"nobody approved":        func(_ *Frozen, _, to *string) { *to = "" },
		"envelope to another":    func(f *Frozen, _, _ *string) { f.To = "mei@acme.example" },
		"envelope and approval":  func(f *Frozen, _, to *string) { f.To, *to = "mei@acme.example", "mei@acme.example" },
		"envelope from another":  func(f *Frozen, _, _ *string) { f.From = "dan@dana.example" },
		"no envelope":            func(f *Frozen, _, _ *string) { f.From, f.To = "", "" },
		"SMTPUTF8 for nothing":   func(f *Frozen, _, _ *string) { f.UTF8 = true },
		"another delivery":       func(f *Frozen, _, _ *string) { f.MessageID = "<x@dana.example>" },
		"no id":                  func(f *Frozen, _, _ *string) { f.MessageID = "" },
		"no bytes":               func(f *Frozen, _, _ *string) { f.Bytes = nil },
		"only a header":          func(f *Frozen, _, _ *string) { f.Bytes, _, _ = bytes.Cut(f.Bytes, []byte("\r\n\r\n")) },
		"no body":                func(f *Frozen, _, _ *string) { f.Bytes = cutBody(f.Bytes) },
		"cut in mid-line":        func(f *Frozen, _, _ *string) { f.Bytes = f.Bytes[:len(f.Bytes)-4] },
		"cut after a soft break": func(f *Frozen, _, _ *string) { f.Bytes = f.Bytes[:bytes.LastIndex(f.Bytes, []byte("=\r\n"))+3] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, from, to := aFrozen(t), "dana@dana.example", "ken@acme.example"
			change(&f, &from, &to)
			if err := Verify(f, from, to); err == nil {
				t.Errorf("accepted %q -> %q, approved %q -> %q\n%s", f.From, f.To, from, to, f.Bytes)
			}
		})
	}
}

func cutBody(raw []byte) []byte {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	return raw[:end+4]
}

// The line checks look at the bytes before anything is decoded, and say where.
func TestVerifyNamesTheLine(t *testing.T) {
	t.Parallel()
	for new, want := range map[string]string{
		"Hi\x00Ken": "a NUL", "Hi\rKen": "a bare CR or LF", "Hi\nKen": "a bare CR or LF", strings.Repeat("x", 999): "1000 bytes",
	} {
		err := Verify(replaced(t, aFrozen(t), "Hi Ken", new), "dana@dana.example", "ken@acme.example")
		if err == nil || !strings.Contains(err.Error(), "line ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want one about %s", cut(new), err, want)
		}
	}
}

// The Message-ID must be at the sender's domain even where all else agrees.
func TestVerifyWantsTheSendersDomain(t *testing.T) {
	t.Parallel()
	f := replaced(t, aFrozen(t), "234567@dana.example>", "234567@host.example>")
	f.MessageID = strings.Replace(f.MessageID, "@dana.example", "@host.example", 1)
	if err := Verify(f, "dana@dana.example", "ken@acme.example"); err == nil || !strings.Contains(err.Error(), "domain") {
		t.Errorf("a Message-ID at another host: %v", err)
	}
}

func TestVerifyAcceptsOtherSpellingsOfTheApproved(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.To.Addr = "José@Bücher.example"
	f := mustCompose(t, d)
	for _, want := range []string{"José@Bücher.example", "josé@xn--bcher-kva.example", "JOSÉ@BÜCHER.EXAMPLE"} {
		if err := Verify(f, "Dana@DANA.example", want); err != nil {
			t.Errorf("approved %q: %v", want, err)
		}
	}
	f.UTF8 = false
	if err := Verify(f, "dana@dana.example", d.To.Addr); err == nil {
		t.Error("an address beyond ASCII was accepted without SMTPUTF8")
	}
}

func TestVerifyNoticeToOneself(t *testing.T) {
	t.Parallel()
	d := aDraft()
	d.To, d.AutoSubmitted = d.From, "auto-generated"
	f := mustCompose(t, d)
	f = replaced(t, f, "auto-generated", "no")
	if err := Verify(f, d.From.Addr, d.To.Addr); err == nil {
		t.Error("an unknown value of Auto-Submitted was accepted")
	}
}

// No single control byte and no byte beyond ASCII may slip in anywhere.
func TestVerifyRefusesEveryInsertedControl(t *testing.T) {
	t.Parallel()
	good := aFrozen(t)
	for _, c := range []byte{0, '\r', '\n', 0x0b, 0x1b, 0x7f, 0x80, 0xff} {
		for i := 0; i <= len(good.Bytes); i++ {
			f := good
			f.Bytes = fmt.Appendf(nil, "%s%c%s", good.Bytes[:i], 'x', good.Bytes[i:])
			f.Bytes[i] = c
			if err := Verify(f, f.From, f.To); err == nil {
				t.Fatalf("the byte %#x at %d was accepted:\n%q", c, i, f.Bytes)
			}
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(aFrozen(f).Bytes)
	f.Add(mustCompose(f, aDraft()).Bytes)
	f.Add([]byte("\r\n\r\n"))
	f.Add([]byte("From: <\r\n\r\n=\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		frozen := aFrozen(t)
		frozen.Bytes = raw
		if Verify(frozen, frozen.From, frozen.To) != nil {
			return
		}
		got := receive(t, raw)
		if got.from.Address != frozen.From || got.to.Address != frozen.To {
			t.Fatalf("accepted for %q, another program reads %+v and %+v", frozen.To, got.from, got.to)
		}
		for _, name := range []string{"Cc", "Bcc", "Reply-To", "Sender"} {
			if got.header.Get(name) != "" {
				t.Fatalf("accepted with %s", name)
			}
		}
	})
}
