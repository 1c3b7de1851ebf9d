package scheduler

import (
	"strings"
	"testing"
)

// TestWhoOnlyLooksLikeThemIsShown: a mail that bears an interviewer's name and comes from
// an address which looks like theirs counts as nobody's, and the question about it shows
// the address as servers know it.
func TestWhoOnlyLooksLikeThemIsShown(t *testing.T) {
	t.Parallel()
	for address, shown := range map[string]string{
		"ken@\u0430cme.example":          "Ken Osei <ken@xn--cme-5cd.example>", // a Cyrillic letter
		"ken@acme.example.phish.example": "Ken Osei <ken@acme.example.phish.example>",
	} {
		o := desk(t, nil)
		o.take("2026-11-25 11:00", o.mail("From: Ken Osei <"+address+">\nSubject: Re: Thank you for Monday", "Please do not contact me any more."))
		if got := o.outcome(paris("2026-11-25 11:01")); got != "mara on; asks held; asked" {
			t.Errorf("%s: %q", address, got)
		}
		if len(o.store.questions) != 1 || !strings.Contains(o.store.questions[0].Text, "from "+shown+" belong to acme?") {
			t.Errorf("%s: asked %+v, want %s in it", address, o.store.questions, shown)
		}
	}
}
