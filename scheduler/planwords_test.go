package scheduler

import (
	"strings"
	"testing"
)

// The plan says what a mail waits for by now, not what it waited for when the daemon
// last looked: here the step before it was skipped since.
func TestPlanKnowsThatTheStepBeforeWasSkipped(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 20:00")
	waits := func() string {
		items, _, err := o.acts(f, "2026-11-23 20:00").Plan(t.Context(), paris("2026-11-23 20:00"))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			if i.Step == "follow-up-1" {
				if i.WaitingFor == nil {
					return ""
				}
				return *i.WaitingFor
			}
		}
		return "no follow-up"
	}
	if got := waits(); got != waitsForStep {
		t.Fatalf("before, it waits %q", got)
	}
	d := o.delivery("thank-you")
	d.State, d.Cause = Cancelled, CauseSkipped
	o.store.set(d)
	if got := waits(); got != "" {
		t.Errorf("its turn has come, and it waits %q", got)
	}
}

// A follow-up that can be shown to the user only after its time leaves at the next one,
// and the announcement names that.
func TestAnnouncedLateNamesTheNextTime(t *testing.T) {
	t.Parallel()
	for shown, leaves := range map[string]string{"2026-11-30 16:00": "Tue 1 Dec 10:00 CET", "2026-12-01 12:00": "Wed 2 Dec 10:00 CET"} {
		f := afterThanks(func(*Facts) {})
		o := newOffice(t, f)
		o.store.set(f.Stored[0])
		o.store.mails = f.Mails
		if err := o.store.SetHold(Hold{Scope: ScopeEverything, Source: "user", Reason: "you paused everything", Set: paris("2026-11-25 18:00")}); err != nil {
			t.Fatal(err)
		}
		o.attend("acme", "2026-11-30 10:30")
		o.store.holds = nil
		o.attend("acme", shown)
		told := o.told("announce/")
		if len(told) != 1 || !strings.Contains(told[0].Text, "leaves on "+leaves+" unless you stop it") || !strings.Contains(told[0].Subject, leaves) {
			t.Errorf("shown on %s: %+v", shown, told)
		}
	}
}

// Whoever was heard on the phone sent no mail.
func TestHeardByPhoneIsNoMail(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Mails = []Mail{{Application: "acme", Class: "human", At: paris("2026-11-24 12:00")}}
	if _, whose := f.lastWord(); whose != "their last word" {
		t.Errorf("the silence counts from %q", whose)
	}
	f.Mails[0].Person = "ken@acme.example"
	if _, whose := f.lastWord(); whose != "the last mail from ken@acme.example" {
		t.Errorf("the silence counts from %q", whose)
	}
}
