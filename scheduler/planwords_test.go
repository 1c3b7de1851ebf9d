package scheduler

import (
	"maps"
	"slices"
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

// waiting is what a plan, `status`, `why` and `preview` say that each mail waits for; they must agree.
func waiting(t *testing.T, s *Service, at string) map[string]string {
	t.Helper()
	items, _, err := s.Plan(t.Context(), paris(at))
	if err != nil {
		t.Fatal(err)
	}
	st, err := s.StatusNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, other := map[string]string{}, map[string]string{}
	for _, list := range []struct {
		items []PlanItem
		into  map[string]string
	}{{items, all}, {st.Items(), other}} {
		for _, i := range list.items {
			if i.WaitingFor != nil && i.State.Open() {
				list.into[i.Step] = *i.WaitingFor
			}
		}
	}
	if !maps.Equal(all, other) {
		t.Errorf("planned they wait\n%q\nand by `status`\n%q", all, other)
	}
	for step, words := range all {
		story, err := s.Why(t.Context(), step)
		if err != nil || story.Delivery.WaitingFor != words {
			t.Errorf("%s waits %q, and by `why` %q (%v)", step, words, story.Delivery.WaitingFor, err)
		}
		shown, err := s.Previews(t.Context(), step, paris(at))
		if err != nil || len(shown) != 1 || shown[0].Delivery.WaitingFor != words {
			t.Errorf("%s waits %q, and by `preview` %+v (%v)", step, words, shown, err)
		}
	}
	return all
}

// Who wants to see every mail first is told of each as soon as it is planned, and not a day
// before it leaves.
func TestApprovalIsForetold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		review      ReviewMode
		thanks, ask string
	}{
		{ReviewAlways, "for your approval: you want to see every mail first", "for the step before it, and then for your approval: you want to see every mail first"},
		{ReviewFlagged, "", "for the step before it"}, {ReviewNever, "", "for the step before it"},
	} {
		f := acme(onsite(person("Ken")))
		f.Policy.Review = c.review
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 08:00") // the interview is to come, and its thanks leave the day after
		f.Application.Interviews[0].Status = InterviewHeld
		got := waiting(t, o.acts(f, "2026-11-23 08:00"), "2026-11-23 08:00")
		if got["thank-you"] != c.thanks || got["follow-up-1"] != c.ask {
			t.Errorf("under %s they wait %q", c.review, got)
		}
	}
}

// Who approved a follow-up before the note that it will continue has left is told that it will
// ask again: by then it is another text.
func TestApprovalAgainIsForetold(t *testing.T) {
	t.Parallel()
	const again = "for your approval again, since it continues the thank-you to Ken Osei, which is to leave before it"
	for name, c := range map[string]struct {
		change func(f *Facts, d *Delivery)
		want   string
	}{
		"approved":           {func(*Facts, *Delivery) {}, waitsForStep + ", and then " + again},
		"by the policy":      {func(_ *Facts, d *Delivery) { d.ByPerson = false }, waitsForStep},
		"nothing is to wait": {func(f *Facts, _ *Delivery) { f.Policy.Review = ReviewNever }, waitsForStep},
		"to somebody else":   {func(_ *Facts, d *Delivery) { d.To.Email = "mara@acme.example" }, waitsForStep},
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 20:00")
		d := o.delivery("follow-up-1")
		d.State, d.ByPerson, d.Text = Approved, true, Text{Subject: "Any news?", Body: "Is there news?"}
		d.TextHash = TextHash(d.To, d.Text)
		d.Approved = d.TextHash
		c.change(&f, &d)
		all := []Delivery{o.delivery("thank-you"), d}
		if got := d.awaited(f.Policy.Review, all); got != c.want {
			t.Errorf("%s: it waits %q, want %q", name, got, c.want)
		}
		if name == "approved" {
			o.store.set(d)
			if got := waiting(t, o.acts(f, "2026-11-23 20:00"), "2026-11-23 20:00"); got["follow-up-1"] != c.want {
				t.Errorf("%s: they wait %q", name, got)
			}
		}
		all[0].State = Sent
		if got := d.awaited(f.Policy.Review, all); got != waitsForStep {
			t.Errorf("%s: once the note has left it waits %q", name, got)
		}
	}
}

// A step for the lead says that nobody is marked as one, and who gets it.
func TestNobodyIsLead(t *testing.T) {
	t.Parallel()
	for _, lead := range []bool{false, true} {
		f := acme(onsite(person("Ken"), person("Mara")))
		f.Policy.Sequences["default"][1].To = ToLead
		f.Application.Interviews[0].Interviewers[1].Lead = lead
		want, to := "no interviewer of onsite is marked lead, so it goes to Ken Osei", "ken@acme.example"
		if lead {
			want, to = "", "mara@acme.example"
		}
		d := planned(t, f, paris("2026-11-24 12:00"), "follow-up-1")
		if told := strings.HasSuffix(d.Reason, "; "+want); d.To.Email != to || told == lead {
			t.Errorf("lead marked %v: it goes to %s: %s", lead, d.To.Email, d.Reason)
		}
		all := WithoutLead(&f.Policy, &f.Application)
		if lead && len(all) != 0 || !lead && !slices.Equal(all, []string{"acme, follow-up-1: " + want}) {
			t.Errorf("lead marked %v: the file is told %q", lead, all)
		}
		f.Application.Status = StatusWithdrawn
		if all := WithoutLead(&f.Policy, &f.Application); len(all) != 0 {
			t.Errorf("it is over, and the file is told %q", all)
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
