package scheduler

import (
	"strings"
	"testing"

	"afterword/mailer"
)

// hears reads a mail of the recruiter.
func (g *guest) hears(text string) Reaction {
	g.Helper()
	m := mailer.Parse(mailer.Split([]byte("From: Priya Nair <priya@acme.example>\r\nTo: dana@example.org\r\nSubject: Re: Thank you\r\nMessage-ID: <x@acme.example>\r\n" +
		"In-Reply-To: <y@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\nDate: Wed, 25 Nov 2026 10:00:00 +0100\r\n\r\n" + text)))
	in := Incoming{Message: m, Reading: mailer.Classify(m), Match: mailer.Match{Application: "acme", Strength: 3, Recruiter: true, Person: "priya@acme.example"}, Arrived: g.now}
	return React(&g.facts, in, g.now)
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	check := func(text string, want ...string) {
		t.Helper()
		r := g.hears(text)
		all := r.Tell
		for _, s := range r.Suggest {
			all += "\n" + s.Text
		}
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%q: no %q in %q", text, w, all)
			}
		}
	}
	check("Unfortunately we have decided to move forward with other candidates.",
		"Is this a rejection for acme?", `"Unfortunately we have decided to move forward with other candidates."`, "afterword set acme status rejected", "afterword resume acme --confirm")
	check("We are delighted to offer you the position.", "Is this an offer", "afterword set acme status offer")
	check("We will get back to you by 4 December.", "decide by 2026-12-04", "afterword set acme decision_by 2026-12-04")
	check("Would you be available for a call on Tuesday?", "arrange the next step", "Would you be available for a call on Tuesday?")
	check("Could you please send us two references?", "It seems to ask for something")
	g.facts.Application.DecisionBy = date("2026-12-04")
	if r := g.hears("We will get back to you by 4 December."); len(r.Suggest) > 0 {
		t.Errorf("what the file says already is asked: %+v", r.Suggest)
	}
}

// What a person wrote and was not understood is told with what to do if it tells
// the outcome; where something was read, or asked, there is nothing to add.
func TestAnOutcomeThatWasNotReadIsToldSo(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	const told = "No outcome was read in it."
	if r := g.hears("The stars were against us. Warmly, Priya"); !strings.Contains(r.Tell, "afterword resume acme. "+told) || !strings.Contains(r.Tell, "afterword set acme status rejected") || len(r.Suggest) > 0 {
		t.Errorf("told %q, asked %+v", r.Tell, r.Suggest)
	}
	for _, text := range []string{"Unfortunately we have decided to move forward with other candidates.", "You will hear from us by Friday.", "Could you please send us two references?", "Which of the two did you mean?"} {
		if r := g.hears(text); strings.Contains(r.Tell, told) {
			t.Errorf("%q: %q", text, r.Tell)
		}
	}
	g.facts.Application.Status = StatusRejected
	if r := g.hears("Thank you for your kind words."); strings.Contains(r.Tell, told) {
		t.Errorf("of an application that is over: %q", r.Tell)
	}
}

// A suggestion may hold; it never cancels, releases or ends anything.
func TestSuggestionsDecideNothing(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	for _, text := range []string{"The position has been filled.", "We want to make you an offer.", "You will hear from us by Friday."} {
		if r := g.hears(text); r.Dead != "" || r.Answered || r.NoMore || r.Bounced != "" {
			t.Errorf("%q: %+v", text, r)
		}
	}
}

func TestSuggestionsAreTakenBack(t *testing.T) {
	t.Parallel()
	g := newGuest(t)
	check := func(status Status, decision, key string, want bool) {
		t.Helper()
		f := g.facts
		f.Application.Status, f.Application.DecisionBy = status, date(decision)
		if got, ours := suggestionStands(&f, key, g.now); got != want || !ours {
			t.Errorf("%s of %s, %s: %v %v", key, status, decision, got, ours)
		}
	}
	check(StatusActive, "2026-12-01", "outcome/rejected/<x>/acme", true)
	check(StatusRejected, "2026-12-01", "outcome/rejected/<x>/acme", false)
	check(StatusOffer, "2026-12-01", "outcome/offer/<x>/acme", false)
	check(StatusOffer, "2026-12-01", "outcome/rejected/<x>/acme", true)
	check(StatusActive, "2026-12-01", "promise/2026-12-04/<x>/acme", true)
	check(StatusActive, "2026-12-04", "promise/2026-12-04/<x>/acme", false)
	check(StatusActive, "2026-12-01", "promise/2026-11-20/<x>/acme", false)
	check(StatusClosed, "2026-12-01", "invitation/abc/acme", false)
}

// Once the file says what the mail seemed to say, the question and the hold
// that waited for it are gone; another outcome leaves both.
func TestConfirmedOutcomeLiftsItsHold(t *testing.T) {
	t.Parallel()
	check := func(status Status, holds, questions int) {
		t.Helper()
		g := newGuest(t)
		g.facts.Application.Status = status
		g.store.holds = []Hold{{Scope: ScopeApplication, Target: "acme", Source: sourceOutcome}}
		_, _ = g.store.Ask(Question{Key: "outcome/offer/<x>/acme", Application: "acme"})
		if err := takeBack(g.store, &g.facts, g.now); err != nil {
			t.Fatal(err)
		}
		if len(g.store.holds) != holds || len(g.store.questions) != questions {
			t.Errorf("%s leaves %d holds and %d questions, want %d and %d", status, len(g.store.holds), len(g.store.questions), holds, questions)
		}
	}
	check(StatusActive, 1, 1)
	check(StatusOffer, 0, 0)
	check(StatusRejected, 1, 0)
}
