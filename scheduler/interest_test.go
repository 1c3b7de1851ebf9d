package scheduler

import (
	"testing"

	"afterword/mailer"
)

// TestInterest pins of which mail the body is fetched: none that may be an
// answer may be left out, and mass mail that names nothing is nobody's answer.
func TestInterest(t *testing.T) {
	f := acme(onsite(person("Ken"), Person{Name: "Jürgen Müller", Email: "jm@acme.example"}))
	in := newInterest(World{Policy: policy(), Applications: f.All}, mailer.LoadTables())
	const list = "List-Unsubscribe: <mailto:off@shop.example>\r\n"
	for _, c := range []struct {
		what, header string
		want         bool
	}{
		{"a person from an unknown address", "From: kenny1987@mail.example\r\nTo: dana@example.org\r\nSubject: Monday\r\n", true},
		{"a newsletter to the user", list + "From: news@shop.example\r\nTo: dana@example.org\r\nSubject: Offers\r\n", false},
		{"mass mail by its precedence", "Precedence: bulk\r\nFrom: a@shop.example\r\nTo: dana@example.org\r\n", false},
		{"a recruiting system that names nobody", list + "From: no-reply@us.greenhouse-mail.io\r\nSubject: An update\r\n", true},
		{"a robot that names nobody", "From: noreply@jobs.example\r\nSubject: Your application\r\n", true},
		{"a recruiting system behind Reply-To", list + "From: talent@shop.example\r\nReply-To: x@hire.lever.co\r\n", true},
		{"a list that names the company", list + "From: talent@jobs.example\r\nSubject: News of ACME\r\n", true},
		{"a name in encoded words", list + "From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <x@relay.example>\r\n", true},
		{"a subject in encoded words", list + "From: x@relay.example\r\nSubject: =?utf-8?B?QWNtZSB0aGFua3MgeW91?=\r\n", true},
		{"a list answer to a message", list + "From: x@relay.example\r\nIn-Reply-To: <1@example.org>\r\n", true},
		{"an answer in the very first line", "In-Reply-To: <1@example.org>\r\nPrecedence: bulk\r\n", true},
		{"an automatic reply", "Precedence: bulk\r\nAuto-Submitted: auto-replied\r\n", true},
		{"a report", list + "Content-Type: multipart/report; report-type=delivery-status\r\n", true},
		{"the user's own mail", list + "From: Dana <DANA@example.org>\r\n", true},
		{"no header at all", "", true},
	} {
		if got := in.wants(mailer.Fetched{Header: []byte(c.header)}); got != c.want {
			t.Errorf("%s: wanted %v, want %v", c.what, got, c.want)
		}
	}
}
