package mailer

import (
	"testing"
	"time"
)

func TestDelegate(t *testing.T) {
	t.Parallel()
	check := func(body, name, addr string) {
		t.Helper()
		r := Classify(parse("From: Ken Osei <ken@acme.example>\nSubject: Automatic reply: hello\nAuto-Submitted: auto-replied\n" +
			"Content-Type: text/plain; charset=utf-8\nDate: Tue, 4 Aug 2026 09:00:00 +0000\n\n" + body))
		if r.Delegate.Name != name || r.Delegate.Addr != addr {
			t.Errorf("%q: %q <%s>, want %q <%s>", body, r.Delegate.Name, r.Delegate.Addr, name, addr)
		}
	}
	check("I am away until Monday. Please contact Mei Tanaka (mei@acme.example) in urgent cases.", "Mei Tanaka", "mei@acme.example")
	check("Ken Osei is no longer with the company. Please write to jobs@acme.example.", "", "jobs@acme.example")
	check("I have left the company. My successor is Tom Berg, tom.berg@acme.example.", "Tom Berg", "tom.berg@acme.example")
	check("Bitte wenden Sie sich an Frau Eva Klein: eva.klein@acme.example", "Eva Klein", "eva.klein@acme.example")
	check("En mon absence, vous pouvez contacter Louise Petit au 01 23 45 67 89.", "Louise Petit", "")
	check("In dringenden Fällen erreichen Sie mich unter ken@acme.example.", "", "")
	check("I am away. You can reach me at home.", "", "")
	check("Please do not contact us.", "", "")
}

func FuzzStatement(f *testing.F) {
	for _, s := range []string{"We will get back to you by Friday.", "Contact A B <a@b.c>", "wir melden uns Anfang Dezember", "no no no decision"} {
		f.Add(s, int64(1778000000))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		m := Message{NewText: text, Subject: text, From: []Address{{"", "a@b.example"}}}
		c := newClassifier(&m)
		c.meant = readStatement(text[:min(len(text), maxNoticeBytes)], time.Unix(seconds%4e9, 0).UTC())
		seen := map[Intent]bool{}
		for _, h := range c.meant.hints() {
			if seen[h.Intent] || h.Sentence == "" {
				t.Fatalf("%+v", c.meant.shown)
			}
			seen[h.Intent] = true
		}
		if by := c.meant.decideBy; seen[Decision] == by.IsZero() || !by.IsZero() && (!by.After(c.meant.sent) || by.Sub(c.meant.sent) > maxPromise) {
			t.Fatalf("promised by %s on %s", by, c.meant.sent)
		}
		if d := c.delegate(); len(d.Addr) > 255 {
			t.Fatal("too long an address")
		}
	})
}
