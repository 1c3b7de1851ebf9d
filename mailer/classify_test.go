package mailer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sample is a message of our own with what a reader must find in it.
type sample struct {
	name string
	want map[string]string // flags stand with an empty value
	raw  string
}

// samples reads a file of messages, each headed by a line "=== " with what is
// expected.
func samples(tb testing.TB, file string) []sample {
	tb.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var list []sample
	for _, block := range strings.Split("\n"+string(b), "\n=== ")[1:] {
		head, raw, _ := strings.Cut(block, "\n")
		s := sample{name: filepath.Base(file) + " " + head, want: map[string]string{}, raw: raw + "\n"}
		for _, word := range strings.Fields(head) {
			key, value, _ := strings.Cut(word, "=")
			s.want[key] = value
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		tb.Fatalf("%s holds no message", file)
	}
	return list
}

func allSamples(tb testing.TB) []sample {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "classify", "*.txt"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no messages: %v", err)
	}
	var all []sample
	for _, file := range files {
		all = append(all, samples(tb, file)...)
	}
	return all
}

func (s sample) check(t *testing.T, r Reading) {
	t.Helper()
	expect := func(what, got string) {
		t.Helper()
		if want, ok := s.want[what]; ok && !slices.Contains(strings.Split(want, "|"), got) {
			t.Errorf("%s is %q, want %q; evidence %q", what, got, want, r.Evidence)
		}
	}
	expect("kind", string(r.Kind))
	expect("class", string(r.Class))
	expect("status", r.Status)
	expect("failed", strings.Join(r.Failed, ","))
	expect("original", r.OriginalID)
	day := "none"
	if !r.ReturnDate.IsZero() {
		day = r.ReturnDate.Format(time.DateOnly)
	}
	expect("return", day)
	for flag, got := range map[string]bool{"left": r.LeftFirm, "rejection": r.Rejection, "offer": r.Offer, "nomore": r.NoMore} {
		if _, want := s.want[flag]; got != want {
			t.Errorf("%s is %v, shown by %q", flag, got, r.Sentence)
		}
	}
}

func TestClassifySamples(t *testing.T) {
	t.Parallel()
	all := allSamples(t)
	if len(all) < 300 {
		t.Fatalf("only %d messages", len(all))
	}
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := Classify(Parse(Split([]byte(s.raw))))
			s.check(t, r)
			if len(r.Evidence) == 0 {
				t.Error("no evidence")
			}
		})
	}
}

// The same message with CRLF line ends, as it comes from a server, must read
// the same.
func TestClassifyDoesNotDependOnLineEnds(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		crlf := strings.ReplaceAll(s.raw, "\n", "\r\n")
		s.check(t, Classify(Parse(Split([]byte(crlf)))))
	}
}

// With the header alone nothing may be taken for a final failure, and nobody
// for a robot who is none.
func TestClassifyHeaderOnlyIsCautious(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		header, _ := Split([]byte(s.raw))
		r := Classify(Parse(header, nil))
		if r.Class == Permanent || r.Class == Transient {
			t.Errorf("%s: class %s from the header alone", s.name, r.Class)
		}
		if s.want["kind"] == string(Human) && r.Kind != Human {
			t.Errorf("%s: read as %s from the header alone", s.name, r.Kind)
		}
		if r.Rejection || r.Offer || r.NoMore || r.LeftFirm {
			t.Errorf("%s: an intent without a body", s.name)
		}
	}
}

func TestClassifyShowsTheSentence(t *testing.T) {
	t.Parallel()
	raw := "From: priya@acme.example\nSubject: News\n\nDear Dana, thanks again.\n" +
		"Unfortunately we have decided to move forward\nwith other candidates. Best wishes.\n"
	r := Classify(Parse(Split([]byte(raw))))
	want := "Unfortunately we have decided to move forward with other candidates."
	if !r.Rejection || r.Sentence != want {
		t.Errorf("sentence %q, rejection %v", r.Sentence, r.Rejection)
	}
}

// Quoted mail is ours: what stands in it must never be taken for their words.
func TestClassifyIgnoresQuotedWords(t *testing.T) {
	t.Parallel()
	for _, quote := range []string{
		"On Mon, 4 May 2026, Dana <d@example.org> wrote:\n> please do not contact me again, we offer you the position\n",
		"-----Original Message-----\nFrom: Dana\n\nWe have decided to move forward with other candidates.\n",
		"From: Dana Reyes\nSent: Monday, 4 May 2026 10:00\nTo: Ken\nSubject: Hi\n\nthe position has been filled\n",
		"Am 04.05.2026 um 10:00 schrieb Dana:\n> Ken has left the company\n",
	} {
		r := Classify(Parse([]byte("From: ken@acme.example\n"), []byte("Thanks, talk soon.\n\n"+quote)))
		if r.Rejection || r.Offer || r.NoMore || r.LeftFirm {
			t.Errorf("quoted words were taken for theirs: %q", r.Sentence)
		}
	}
}

func TestClassifyServiceReports(t *testing.T) {
	t.Parallel()
	head := "From: no-reply@notify.example\nSubject: Notification\n\n"
	check := func(body string, kind Kind, class Class, failed ...string) {
		t.Helper()
		r := Classify(Parse(Split([]byte(head + body))))
		if r.Kind != kind || r.Class != class || !slices.Equal(r.Failed, failed) {
			t.Errorf("%s: read as %s %s %q", body, r.Kind, r.Class, r.Failed)
		}
	}
	check(`{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"k@acme.example"}]}}`, Bounce, Permanent, "k@acme.example")
	check(`{"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}`, Bounce, Transient)
	check(`{"Message" : "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\"}}"}`, Bounce, Permanent)
	check(`{"notificationType":"Delivery"}`, Notification, "")
	check(`{"notificationType":"Complaint"}`, Other, "")
	check(`{"eventType":"DeliveryDelay"}`, Delay, "")
}

// A person's name in the address of a relay is one, where no other is said.
func TestARelaysSenderWithoutADisplayName(t *testing.T) {
	t.Parallel()
	check := func(from string, want Kind) {
		t.Helper()
		m := parse("From: " + from + "\nTo: dana@example.org\nSubject: Site Reliability Engineer at Acme\n\nHi Dana, great meeting you. I will call you about your application.\n")
		if r := Classify(m); r.Kind != want {
			t.Errorf("%s: %s on %q", from, r.Kind, r.Evidence)
		}
	}
	check("priya.nair+abc123@us.greenhouse-mail.io", Human)
	check("Priya Nair <abc123@us.greenhouse-mail.io>", Human)
	check("acme@myworkday.com", Notification)
	check("Acme <acme@myworkday.com>", Notification)
}
