package main

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/config"
	"afterword/mailer"
	"afterword/scheduler"
)

// TestPreviewReadsTheBytes: what preview shows is read from the bytes, and says
// what was written, whatever they had to be encoded as; a mail that cannot
// become bytes says why.
func TestPreviewReadsTheBytes(t *testing.T) {
	t.Parallel()
	h := &house{clock: &clock.Running{}, outside: outside{random: rand.Reader},
		config: &config.Config{Policy: scheduler.Policy{Me: scheduler.Me{Name: "Dana Reyes", Email: "dana@example.org", Zone: time.UTC}}}}
	d := scheduler.Delivery{Key: "acme/talk/thank-you/ken@acme.example", To: scheduler.Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: scheduler.Planned}
	for _, body := range []string{
		"Hi Ken,\n\nthank you.\n", "Grüße aus München, für Ken — danke.\n", ".\n..\nFrom here on\n", strings.Repeat("a long line ", 100) + "end\n", "> quoted\n\n-- \nDana\n",
	} {
		text := scheduler.Text{Subject: "Merci für é — " + strings.Repeat("long ", 30) + "end", Body: body, Thread: scheduler.Thread{InReplyTo: "<1@acme.example>", References: []string{"<1@acme.example>"}}}
		j := h.decoded(scheduler.Preview{Delivery: d, Text: text, From: "dana@example.org"})
		if j.Body != body || j.Subject != text.Subject {
			t.Errorf("%q, %q is shown as %q, %q", text.Subject, body, j.Subject, j.Body)
		}
		if j.Headers["To"] != "Ken Osei <ken@acme.example>" || j.Headers["From"] != "Dana Reyes <dana@example.org>" || j.Headers["In-Reply-To"] != "<1@acme.example>" || j.Headers["Message-ID"] != "" {
			t.Errorf("the headers are %v", j.Headers)
		}
	}
	j := h.decoded(scheduler.Preview{Delivery: d, Text: scheduler.Text{Subject: "s", Body: "a\x00b"}, From: "dana@example.org"})
	if len(j.Lints) != 1 || j.Lints[0].Severity != scheduler.Error {
		t.Errorf("a mail that cannot become bytes has the findings %v", j.Lints)
	}
	d.AnyData, d.Frozen = true, &mailer.Frozen{Bytes: []byte("Subject: on its way\r\nMessage-ID: <x@example.org>\r\n\r\nthese bytes\r\n")}
	j = h.decoded(scheduler.Preview{Delivery: d, Text: scheduler.Text{Subject: "s", Body: "b"}})
	if j.Subject != "on its way" || j.Body != "these bytes\n" || j.Headers["Message-ID"] != "<x@example.org>" {
		t.Errorf("the bytes of the last attempt are shown as %q, %q, %v", j.Subject, j.Body, j.Headers)
	}
}

// TestProblemIsShownOnce: why a mail cannot be made takes the place of what was
// found when it was last tried, which was the same.
func TestProblemIsShownOnce(t *testing.T) {
	t.Parallel()
	v := scheduler.Preview{Problem: "rendering: too long", Findings: []scheduler.Finding{{Code: "template", Severity: scheduler.Error, Text: "rendering: too long"}}}
	if lints := previewOf(v).Lints; len(lints) != 1 || lints[0].Text != v.Problem {
		t.Errorf("shown are %+v, want the one problem", lints)
	}
}
