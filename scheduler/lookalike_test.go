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
	long := strings.Repeat("ken", 200)
	for from, shown := range map[string]string{
		"Ken Osei <ken@\u0430cme.example>":          "Ken Osei <ken@xn--cme-5cd.example>", // a Cyrillic letter
		"ken@\u0430cme.example":                     "ken@xn--cme-5cd.example",
		"Ken Osei <ken@acme.example.phish.example>": "Ken Osei <ken@acme.example.phish.example>",
		"Ken Osei <" + long + "@phish.example>":     "Ken Osei <" + long[:61] + "...@phish.example>", // its domain is not cut
	} {
		o := desk(t, nil)
		o.take("2026-11-25 11:00", o.mail("From: "+from+"\nSubject: Re: Thank you for Monday", "Please do not contact me any more."))
		if got := o.outcome(paris("2026-11-25 11:01")); got != "mara on; asks held; asked" {
			t.Errorf("%s: %q", from, got)
		}
		if len(o.store.questions) != 1 || !strings.Contains(o.store.questions[0].Text, "from "+shown+" belong to acme?") {
			t.Errorf("%s: asked %+v, want %s in it", from, o.store.questions, shown)
		}
	}
}
