package scheduler

import (
	"slices"
	"strings"
	"testing"
)

// stateOf is what the plan says of one step, in a line.
func stateOf(t *testing.T, f Facts, at, step string) string {
	t.Helper()
	return line(planned(t, f, paris(at), step))
}

// TestRenamedStepsAreNotAskedAgain: whatever was renamed, the first follow-up
// that left is done, and the second one is still to come.
func TestRenamedStepsAreNotAskedAgain(t *testing.T) {
	t.Parallel()
	asked := func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.sent("follow-up-1", "ken@acme.example", paris("2026-12-01 10:00"))
		f.Stored[1].StepIndex = 1
	}
	for name, rename := range map[string]func(*Facts){
		"the interview": func(f *Facts) { f.Application.Interviews[0].ID = "panel-day" },
		"the step":      func(f *Facts) { f.Policy.Sequences["default"][1].Name = "nudge-1" },
		"the file": func(f *Facts) {
			f.Application.Stem, f.Stored = "acme-sre", nil
		},
		"the file and the step": func(f *Facts) {
			f.Application.Stem, f.Stored = "acme-sre", nil
			f.Policy.Sequences["default"][1].Name = "nudge-1"
		},
	} {
		f := with(acme(onsite(person("Ken"))), func(f *Facts) { asked(f); rename(f) })
		first := stateOf(t, f, "2026-12-02 12:00", f.Policy.Sequences["default"][1].Name)
		if !strings.Contains(first, "already settled with") {
			t.Errorf("%s was renamed, and: %s", name, first)
		}
		if second := stateOf(t, f, "2026-12-02 12:00", "follow-up-2"); !strings.Contains(second, "Thu 10 Dec 10:00") {
			t.Errorf("%s was renamed, and the second follow-up: %s", name, second)
		}
	}
}

// TestAnsweredIsNotUndoneByANewName: an answer ends steps that nobody planned
// before; one that waits in the store stays, and so do the recruiter's words.
func TestAnsweredIsNotUndoneByANewName(t *testing.T) {
	t.Parallel()
	priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
	facts := func(from string) Facts {
		return with(acme(onsite(person("Ken"))), func(f *Facts) {
			f.Application.Recruiter = &priya
			f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
			f.heardFrom(from, "human", paris("2026-11-25 11:00"))
		})
	}
	for from, ends := range map[string]bool{"ken@acme.example": true, "": true, "boss@acme.example": true, "priya@acme.example": false} {
		d := planned(t, facts(from), paris("2026-11-25 12:00"), "follow-up-1")
		if (d.Cause == CauseAnswered) != ends {
			t.Errorf("after a mail from %q: %s", from, line(d))
		}
	}
	f := facts("ken@acme.example")
	f.Policy.Replies.Interviewer = ReplyRestarts
	if d := planned(t, f, paris("2026-11-25 12:00"), "follow-up-1"); d.State != Planned {
		t.Errorf("under restart: %s", line(d))
	}
	f = facts("ken@acme.example")
	f.Stored = append(f.Stored, Delivery{Key: Key("acme", "onsite", "follow-up-1", priya.Email), Application: "acme", Interview: "onsite",
		Step: "follow-up-1", Kind: Asking, To: Recipient{Email: priya.Email}, State: Planned})
	if d := planned(t, f, paris("2026-11-25 12:00"), "follow-up-1"); d.State != Planned {
		t.Errorf("one that the user planned anew: %s", line(d))
	}
}

// TestDeclinedUnderAnotherName: what the user skipped, or the person asked not
// to get, does not come back for a new id of the interview.
func TestDeclinedUnderAnotherName(t *testing.T) {
	t.Parallel()
	for _, cause := range []Cause{CauseSkipped, CauseNoMore, CauseSuperseded} {
		f := acme(onsite(person("Ken")))
		f.Stored = []Delivery{{Key: Key("acme", "old", "thank-you", "ken@acme.example"), Application: "acme", Interview: "old", Step: "thank-you",
			Kind: Owed, To: Recipient{Name: "Ken Osei", Email: "k@acme.example"}, State: Cancelled, Cause: cause, Began: f.Application.Interviews[0].At}}
		d := planned(t, f, monday(), "thank-you")
		if want := cause != CauseSuperseded; (d.Cause == cause) != want || (d.State == Cancelled) != want {
			t.Errorf("the one of the old id is cancelled (%s), and the new one: %s", cause, line(d))
		}
	}
}

// TestQueuedThanksAskForTheMeeting: thanks that are queued by hand leave
// neither twice nor before the meeting, while the answer to a rejection does.
func TestQueuedThanksAskForTheMeeting(t *testing.T) {
	t.Parallel()
	due := paris("2026-11-24 10:00")
	queued := func(template string) *Delivery {
		return &Delivery{Key: Key("acme", "", template, "ken@acme.example"), Application: "acme", Template: template, Step: template, Kind: Owed,
			To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: Approved, Due: due, Zone: "Europe/Paris"}
	}
	f := acme(onsite(person("Ken")))
	if v := Gate(&f, queued("thank-you-late"), due); !v.Open {
		t.Errorf("nobody thanked Ken yet, and late thanks wait: %s", v.Why)
	}
	thanked := with(f, func(f *Facts) { f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30")) })
	if v := Gate(&thanked, queued("thank-you-late"), due); v.Open || !v.Ask || !strings.Contains(v.Why, "nobody is thanked twice") {
		t.Errorf("Ken was thanked, and late thanks: %+v", v)
	}
	dropped := with(f, func(f *Facts) {
		d := queued("thank-you")
		d.State, d.Cause, d.Began = Cancelled, CauseDropped, onsite().At
		f.Stored = append(slices.Clone(f.Stored), *d)
	})
	if v := Gate(&dropped, queued("thank-you-late"), due); v.Open || !v.Ask || !strings.Contains(v.Why, "nobody knows whether it arrived") {
		t.Errorf("the thanks to Ken were dropped in doubt, and late thanks: %+v", v)
	}
	if v := Gate(&dropped, queued("reply-to-rejection"), due); !v.Open {
		t.Errorf("the thanks to Ken were dropped in doubt, and the answer to a rejection waits: %s", v.Why)
	}
	later := with(thanked, func(f *Facts) { // another meeting has begun since they were queued
		second := onsite(person("Mara"))
		second.ID, second.At = "second", paris("2026-11-30 14:00")
		f.Application.Interviews = append(slices.Clone(f.Application.Interviews), second)
	})
	d := queued("thank-you-late")
	d.Began = onsite().At
	if v := Gate(&later, d, paris("2026-12-01 10:00")); v.Open || !strings.Contains(v.Why, "nobody is thanked twice") {
		t.Errorf("Ken was thanked, and late thanks after another meeting: %+v", v)
	}
	if i := renderInput(&later, d, paris("2026-12-01 10:00")).Interview; i.ID != "onsite" {
		t.Errorf("late thanks for the onsite speak of %q", i.ID)
	}
	if v := Gate(&thanked, queued("reply-to-rejection"), due); !v.Open {
		t.Errorf("the answer to a rejection waits: %s", v.Why)
	}
	unknown := acme(onsite(person("Ken")))
	unknown.Application.Interviews[0].Status = InterviewPlanned
	if v := Gate(&unknown, queued("thank-you"), due); v.Open {
		t.Error("nobody knows whether the meeting took place, and queued thanks leave")
	}
}

// TestCompanyAndAddressCorrectedTogether: within a file the name is enough.
func TestCompanyAndAddressCorrectedTogether(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.Mails[0].Name = "Ken Osei"
		f.Application.Company, f.Application.Interviews[0].Interviewers[0].Email = "Acme Corp", "k.osei@acme.example"
	})
	if d := planned(t, f, paris("2026-11-24 12:00"), "thank-you"); d.Cause != CauseThanked {
		t.Errorf("company and address were corrected together, and the thank-you: %s", line(d))
	}
}

// TestBeyondTheLimits: the plan says which follow-ups the limits keep, before
// it comes to that.
func TestBeyondTheLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		person, application int
		first, second       string
	}{
		{2, 2, "for the step before it", "for the step before it"},
		{1, 2, "for the step before it", "for an answer: this would be unanswered mail number 2 that asks Ken Osei, and your limits allow 1"},
		{2, 1, "for the step before it", "for an answer: this would be unanswered mail number 2 that asks Acme, and your limits allow 1"},
		{0, 2, "mail that asks is not allowed by your limits", "mail that asks is not allowed by your limits"},
	} {
		f := acme(onsite(person("Ken")))
		f.Policy.Limits.PerPerson, f.Policy.Limits.PerApplication = c.person, c.application
		stored := reconciled(t, f, monday())
		for step, want := range map[string]string{"follow-up-1": c.first, "follow-up-2": c.second} {
			d := planned(t, f, monday(), step)
			if d.WaitingFor != want {
				t.Errorf("limits %d and %d: %s waits %q, want %q", c.person, c.application, step, d.WaitingFor, want)
			}
			if got := waitingFor(&stored, &d, Gate(&stored, &d, monday()), monday()); got != want {
				t.Errorf("limits %d and %d: stored, %s waits %q, want %q", c.person, c.application, step, got, want)
			}
		}
	}
}

// TestOnlyWhatNeedsTheUserIsTooLateSoon: an approved mail that is merely not
// due yet leaves in time, and one that waits for the user does not.
func TestOnlyWhatNeedsTheUserIsTooLateSoon(t *testing.T) {
	t.Parallel()
	d := Delivery{Expires: paris("2026-11-24 10:30")}
	for why, c := range map[string]struct {
		v    Verdict
		free bool
	}{
		"open":            {Verdict{Open: true}, true},
		"not due yet":     {Verdict{Until: paris("2026-11-24 09:30")}, true},
		"too late by far": {Verdict{Until: paris("2026-11-25 09:30")}, false},
		"held":            {Verdict{Why: "a hold"}, false},
	} {
		if leavesInTime(&d, c.v) != c.free {
			t.Errorf("%s: leaves in time is %t", why, !c.free)
		}
	}
}
