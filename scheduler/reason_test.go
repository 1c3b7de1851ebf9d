package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// TestReason pins the sentences that plan prints: each part true by itself.
func TestReason(t *testing.T) {
	t.Parallel()
	check := func(step, want string, now time.Time, change func(*Facts)) {
		t.Helper()
		f := with(acme(onsite(person("Ken"), person("Mara"))), change)
		if d := planned(t, f, now, step); d.Reason != want {
			t.Errorf("the reason of %s is\n%s\nwant\n%s", step, d.Reason, want)
		}
	}
	thanked := func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.sent("thank-you", "mara@acme.example", paris("2026-11-24 09:31"))
	}
	check("thank-you", `Tue 24 Nov 09:37 Europe/Paris: 12 h after the interview's end is 02:45; first match of "30 9 * * MON-FRI"; +7 m so that the panel's notes do not leave together`,
		monday(), func(f *Facts) {
			f.Policy.Sequences["default"][0].After = span("12h")
			f.Stored = []Delivery{{Key: "acme/onsite/thank-you/ken@acme.example", Interview: "onsite", State: Planned,
				Slot: paris("2026-11-24 09:30"), Due: paris("2026-11-24 09:37")}}
		})
	check("thank-you", `Tue 24 Nov 09:30 Europe/Paris: 8 h after the interview's end is Mon 23 Nov 22:45; first match of "30 9 * * MON-FRI"`,
		monday(), func(*Facts) {})
	check("thank-you", `Mon 23 Nov 16:45 Europe/Paris: they decide on the interview's own day, so 2 h after its end instead of 8 h; the first minute from then at which mail may leave`,
		monday(), func(f *Facts) { f.Application.DecisionBy = date("2026-11-23") })
	check("thank-you", `Mon 23 Nov 15:00 Europe/Paris: the interview's end is 14:45; first match of "0 * * * *"`,
		monday(), func(f *Facts) {
			f.Policy.Sequences["default"][0].After, f.Policy.Sequences["default"][0].Cron = span("0s"), cron("0 * * * *")
		})
	check("follow-up-1", `Tue 1 Dec 10:00 Europe/Paris: 4 business days after the last mail to mara@acme.example is Mon 30 Nov 09:31; first match of "0 10 * * TUE-FRI"`,
		paris("2026-11-24 10:00"), thanked)
	check("follow-up-1", `Tue 1 Dec 10:00 Europe/Paris: 4 business days after the step before it, if that leaves as planned, is Mon 30 Nov 09:31; first match of "0 10 * * TUE-FRI"`,
		monday(), func(*Facts) {})
	check("follow-up-1", `Wed 2 Dec 10:00 Europe/Paris: 4 business days after the last mail to mara@acme.example is Mon 30 Nov 09:31; its time of Tue 1 Dec 10:00 has passed; first match of "0 10 * * TUE-FRI"`,
		paris("2026-12-01 19:00"), thanked)
	check("follow-up-1", `Wed 9 Dec 10:00 Europe/Paris: 4 business days after the last mail to mara@acme.example is Mon 30 Nov 09:31; they promised to decide by Mon 7 Dec, and it waits 2 business days more; first match of "0 10 * * TUE-FRI"`,
		paris("2026-11-24 10:00"), func(f *Facts) { thanked(f); f.Application.DecisionBy = date("2026-12-07") })
}

// TestReasonOfAHold names who is away and until when.
func TestReasonOfAHold(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.Holds = []Hold{{Scope: ScopePerson, Target: "ken@acme.example", Reason: "Ken is away", Until: paris("2026-12-07 00:00")}}
	})
	const want = `Tue 8 Dec 10:00 Europe/Paris: 4 business days after the last mail to ken@acme.example is Mon 30 Nov 09:30; it is on hold until Mon 7 Dec 00:00: Ken is away; first match of "0 10 * * TUE-FRI"`
	if d := planned(t, f, paris("2026-11-24 10:00"), "follow-up-1"); d.Reason != want {
		t.Errorf("the reason is\n%s\nwant\n%s", d.Reason, want)
	}
}

// TestReasonNamesOtherYears: a date of another year than that in which the mail
// leaves, or than now where a sentence is said now, names its year. What the
// user wrote stays as it is.
func TestReasonNamesOtherYears(t *testing.T) {
	t.Parallel()
	round := onsite(person("Ken"))
	round.At = paris("2026-12-21 14:00")
	f := with(acme(round), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-12-22 09:30"))
		f.Application.DecisionBy = date("2027-01-04")
		f.Policy.Quiet = append(f.Policy.Quiet, yearly("12-23..01-08"))
		f.Holds = []Hold{{Scope: ScopePerson, Target: "ken@acme.example", Reason: "away in 2027 too", Until: paris("2027-01-07 00:00")}}
	})
	const want = `Tue 12 Jan 10:00 Europe/Paris: 4 business days after the last mail to ken@acme.example is Tue 29 Dec 2026 09:30; ` +
		`they promised to decide by Mon 4 Jan, and it waits 2 business days more; it is on hold until Thu 7 Jan 00:00: away in 2027 too; ` +
		`first match of "0 10 * * TUE-FRI"; Thu 7 Jan is left out (your quiet days 12-23..01-08) until Sat 9 Jan`
	if d := planned(t, f, paris("2026-12-23 10:00"), "follow-up-1"); d.Reason != want {
		t.Errorf("the reason is\n%s\nwant\n%s", d.Reason, want)
	}
	f = with(f, func(f *Facts) { f.Holds, f.Application.DecisionBy = nil, calendar.Date{} })
	const skipped = `Tue 29 Dec 2026 is left out (your quiet days 12-23..01-08) until Sat 9 Jan`
	if d := planned(t, f, paris("2026-12-23 10:00"), "follow-up-1"); !strings.HasSuffix(d.Reason, skipped) {
		t.Errorf("the reason is\n%s\nwant at its end\n%s", d.Reason, skipped)
	}
	for at, want := range map[string]string{
		"2029-02-01 10:00": "it was to leave by Thu 26 Nov 2026 09:30 CET at the latest",
		"2026-12-01 10:00": "it was to leave by Thu 26 Nov 09:30 CET at the latest",
	} {
		if d := planned(t, acme(onsite(person("Ken"))), paris(at), "thank-you"); d.State != Expired || d.Why != want {
			t.Errorf("at %s the thanks are %s: %s, want %s", at, d.State, d.Why, want)
		}
	}
}
