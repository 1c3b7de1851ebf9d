package main

import (
	"testing"

	"afterword/scheduler"
)

// TestAHoldAndItsQuestionAreNamedOnce: where a question names what ends the hold that came
// with it, `afterword` alone shows the question. The user's own hold, and one of another
// application, are shown all the same.
func TestAHoldAndItsQuestionAreNamedOnce(t *testing.T) {
	const source = "outcome"
	outcome := func(stem string) scheduler.Hold {
		return scheduler.Hold{Scope: scheduler.ScopeApplication, Target: stem, Source: source}
	}
	if h := outcome("acme"); !h.AsksOutcome() {
		t.Fatalf("%q is no longer the source of a seeming outcome", source)
	}
	missed := scheduler.Hold{Scope: scheduler.ScopeEverything, Source: "gap", Reason: "mail came and left. Go on with: afterword resume"}
	qs := []scheduler.Question{{Text: "Is this a rejection for acme? If it is: afterword set acme status rejected. If not: afterword resume acme --confirm"},
		{Text: "Mail came and was gone. Follow-ups wait until: afterword resume"}}
	for _, c := range []struct {
		hold scheduler.Hold
		want bool
	}{
		{outcome("acme"), true},
		{outcome("acme-2"), false},
		{outcome("acm"), false},
		{missed, true},
		{scheduler.Hold{Scope: scheduler.ScopeEverything, Source: scheduler.SourceUser, Reason: "you answered stop"}, false},
		{scheduler.Hold{Scope: scheduler.ScopeApplication, Target: "acme", Source: "recruiter", Reason: "the recruiter Priya Nair wrote"}, false},
	} {
		if got := askedAbout(qs, c.hold); got != c.want {
			t.Errorf("%+v is named by a question: %v, want %v", c.hold, got, c.want)
		}
	}
	if askedAbout(qs[:1], missed) {
		t.Error("a hold on everything is named by a question about one application")
	}
}
