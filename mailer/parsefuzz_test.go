package mailer

import (
	"bytes"
	"strings"
	"testing"
)

// A header read in parts must bound what it holds and lose no field that came
// before a broken line.
func FuzzReadHeader(f *testing.F) {
	for _, s := range []string{"A: b\r\n c\r\n\r\n", "From x\nA : b\n", ": x\nA:\n\tb\rC: d\n", "\ufeff\n\nA: =?x?q?=41?=\n", "A: b\nnot a field\nC: d\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := readHeader(raw)
		if len(h.list) > maxHeaderFields {
			t.Fatal("too many fields")
		}
		for _, field := range h.list {
			if field.name == "" || field.name != strings.ToLower(field.name) || len(field.value) > maxFieldBytes || strings.Contains(field.value, "\n") {
				t.Fatalf("field %q: %q", field.name, field.value)
			}
		}
		// A line that begins with a space, a tab or "<" would continue the first.
		more := readHeader(append([]byte("X-First: kept\n"), bytes.TrimLeft(raw, "\ufeff\r\n \t<")...))
		if more.first("x-first") != "kept" {
			t.Fatalf("a field was lost: %+v", more)
		}
	})
}

// Whatever a report says: its recipients are bounded, and what is named as an
// address is one.
func FuzzReadDeliveryStatus(f *testing.F) {
	for _, s := range []string{
		"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; ken@acme.example\nAction: failed\nStatus: 5.1.1\n",
		"Final-Recipient: rfc822;<ken@acme.example>\nFinal-Recipient: x\n\n\n\nAction: delayed (soon)\nStatus: 4.4.7 (x)\n",
		"Original-Recipient: rfc822; \"a b\"@x.example\nDiagnostic-Code: smtp; 550-5.1.1 no\n\tsuch user\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		list := readDeliveryStatus(raw)
		if len(list) > maxRecipients+2 {
			t.Fatalf("%d recipients", len(list))
		}
		for _, r := range list {
			if r.empty() || r.final != "" && !strings.Contains(r.final, "@") || r.status != "" && statusEnd(r.status) != len(r.status) {
				t.Fatalf("recipient %+v", r)
			}
		}
	})
}

// The words of a report yield addresses of the text and nothing else.
func FuzzNoticeAddresses(f *testing.F) {
	for _, s := range []string{"<ken@acme.example>: 550", "收件人：ken@acme.example。", "RCPT TO:<ken@acme.example>", "[SMTP:ken@acme.example]: x", "a@@b.c @ @x.y", "\"a b\"@c.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		named := namedAddresses(text)
		if len(named) > maxFailed {
			t.Fatal("too many addresses")
		}
		for _, n := range named {
			if !strings.Contains(text, n.addr) || strings.Count(n.addr, "@") != 1 {
				t.Fatalf("%q is no address of %q", n.addr, text)
			}
		}
		notice, copied := splitCopy(text)
		if notice != text && notice+copied != text {
			t.Fatalf("%q was cut into %q and %q", text, notice, copied)
		}
	})
}

// Address fields hold anything; what is read of them is bounded.
func FuzzParseAddressList(f *testing.F) {
	for _, s := range []string{"A <a@b.example>, c@d.example (C)", "g: a@b.example, c@d.example;", "\"x, y\" <a@b>", "<@r:a@b.example>", "=?utf-8?q?a=2C?= <a@b.example>", "a@b\\,c@d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		list := parseAddresses(v)
		if len(list) > maxAddresses {
			t.Fatal("too many addresses")
		}
		for _, a := range list {
			if !strings.Contains(a.Addr, "@") || strings.ToValidUTF8(a.Name, "") != a.Name {
				t.Fatalf("address %+v", a)
			}
		}
	})
}
