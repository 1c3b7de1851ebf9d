package proofread

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// after leaves so many days and hours after the interview began, which was on
// Monday 23 November at 14:00.
func after(days, hours int) change {
	return func(in *scheduler.ProofInput) {
		in.Leaves = in.Interview.At.AddDate(0, 0, days).Add(time.Duration(hours) * time.Hour)
	}
}

func decision(day string) change {
	return func(in *scheduler.ProofInput) { in.Application.DecisionBy, _ = calendar.ParseDate(day) }
}

func both(a, b change) change { return func(in *scheduler.ProofInput) { a(in); b(in) } }

func TestThanksTiming(t *testing.T) {
	t.Parallel()
	check(t, "late-thanks", thanks, scheduler.Warning, map[string]change{
		"two days": after(2, 0), "three days": after(3, 0), "two and a bit": after(2, 3), "in the third evening": after(3, 4),
		"over a holiday": both(after(3, 0), func(in *scheduler.ProofInput) {
			in.Application.Country = "US"
			in.Interview.At = in.Interview.At.AddDate(0, 0, 1)
		}),
	}, map[string]change{"next day": after(1, -4), "same evening": after(0, 5)})
	check(t, "late-thanks", thanks, scheduler.Error, map[string]change{
		"four days": after(4, 0), "a week": after(7, 0), "ten days": after(10, 0), "a month": after(30, 0), "a quarter": after(90, 0),
	}, map[string]change{"next day": after(1, 0), "a rejection": both(after(30, 0), func(in *scheduler.ProofInput) { in.Template = "reply-to-rejection" })})
	check(t, "hasty-thanks", thanks, scheduler.Warning, map[string]change{
		"at the end": after(0, 1), "an hour later": after(0, 2), "before the end": after(0, 0),
		"in writing": both(after(0, 1), func(in *scheduler.ProofInput) { in.Template = "thank-you" }), "they decide tomorrow": both(after(0, 1), decision("2026-11-24")),
	}, map[string]change{"two hours later": after(0, 3), "they decide today": both(after(0, 1), decision("2026-11-23"))})
}

// TestTooLateForThanks: what is said of thanks that come too late helps also where they
// are late thanks already.
func TestTooLateForThanks(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	after(7, 0)(&in)
	in.Template = "thank-you-late"
	got, ok := with(rechecked(t, New(), in), "late-thanks")
	if !ok || strings.Contains(got.Text, "use thank-you-late") || !strings.Contains(got.Text, "leave them") {
		t.Errorf("of thanks after a week it says %q", got.Text)
	}
}

func TestAskingTiming(t *testing.T) {
	t.Parallel()
	check(t, "before-decision", question, scheduler.Error, map[string]change{
		"a day before": both(after(10, 0), decision("2026-12-04")), "a week before": both(after(4, 0), decision("2026-12-04")),
		"at Christmas": both(after(20, 0), decision("2026-12-24")), "months before": both(after(8, 0), decision("2027-03-01")),
		"for a check-in": both(after(10, 0), both(decision("2026-12-24"), func(in *scheduler.ProofInput) { in.Template = "check-in" })),
	}, map[string]change{"no date": func(*scheduler.ProofInput) {}, "long after": both(after(30, 0), decision("2026-12-04"))})
	check(t, "before-decision", question, scheduler.Warning, map[string]change{
		"on the day": both(after(11, 0), decision("2026-12-04")), "the day after": both(after(12, 0), decision("2026-12-04")),
		"one business day": both(after(14, 0), decision("2026-12-04")), "on a Sunday": both(after(13, 0), decision("2026-12-04")),
		"a Tuesday": both(after(8, 0), decision("2026-12-01")),
	}, map[string]change{"two business days": both(after(15, 0), decision("2026-12-04")), "no date": func(*scheduler.ProofInput) {}})
	heard := func(in *scheduler.ProofInput) {
		in.Thread = &scheduler.Mail{MessageID: "<x@acme.example>", Class: "human", At: in.Leaves.AddDate(0, 0, -1)}
	}
	check(t, "too-soon", question, scheduler.Error, map[string]change{
		"a day": after(1, 0), "two days": after(2, 0), "over a weekend": both(func(in *scheduler.ProofInput) { in.Interview.At = in.Interview.At.AddDate(0, 0, 4) }, after(4, 0)),
		"they wrote": heard, "two and a half": after(2, 4),
	}, map[string]change{
		"a week": after(7, 0), "our own thanks": func(in *scheduler.ProofInput) { heard(in); in.Thread.Outgoing = true },
		"a robot": func(in *scheduler.ProofInput) { heard(in); in.Thread.Class = "notification" },
	})
	check(t, "too-soon", question, scheduler.Warning, map[string]change{
		"three days": after(3, 0), "three and an hour": after(3, 1), "three, early": after(3, -5),
		"three, later": after(3, 2), "three, at noon": after(3, -2),
	}, map[string]change{"four days": after(4, 0), "a week": after(7, 0)})
}

func TestBadHour(t *testing.T) {
	t.Parallel()
	check(t, "bad-hour", question, scheduler.Warning, map[string]change{
		"at night": after(7, 9), "early": after(7, -8), "Sunday": after(6, 0),
		"a holiday": both(after(32, 0), func(in *scheduler.ProofInput) { in.Application.Country = "FR" }),
		"own hours": both(after(7, 0), func(in *scheduler.ProofInput) {
			days, _ := calendar.ParseWeekdays("MON-FRI")
			in.Place = calendar.Place{Zone: in.Leaves.Location(), Window: calendar.Window{Days: days, From: 8 * 60, To: 12 * 60}}
		}),
	}, map[string]change{
		"in the afternoon": after(7, 0), "at nine": after(8, -5),
		"Sunday is a weekday there": both(after(6, 0), func(in *scheduler.ProofInput) {
			days, _ := calendar.ParseWeekdays("SUN-THU")
			in.Place = calendar.Place{Zone: in.Leaves.Location(), Window: calendar.Window{Days: days, From: 8 * 60, To: 18 * 60}}
		}),
	})
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	from := func(a string) change {
		return func(in *scheduler.ProofInput) { in.From, in.Me.EmployerDomains = a, []string{"current.example"} }
	}
	check(t, "employer-address", thanks, scheduler.Error, map[string]change{
		"at work": from("dana@current.example"), "capitals": from("dana@CURRENT.example"), "below": from("dana@eu.current.example"),
		"far below": from("dana@hr.eu.current.example"), "with a tag": from("dana+jobs@current.example"),
	}, map[string]change{"own": from("dana@example.org"), "looks alike": from("dana@notcurrent.example")})
	to := func(a string) change { return func(in *scheduler.ProofInput) { in.To.Email = a } }
	check(t, "odd-address", thanks, scheduler.Warning, map[string]change{
		"elsewhere": to("ken@globex.example"), "a letter away": to("ken@acne.example"), "swapped": to("ken@amce.example"), "free mail": to("ken@gmail.com"), "one letter more": to("ken@acmee.example"),
	}, map[string]change{
		"the company": to("ken@acme.example"), "below": to("ken@mail.acme.example"), "no domain known": func(in *scheduler.ProofInput) { in.Application.Domains = nil },
		"the recruiter's": both(to("ken@agency.example"), func(in *scheduler.ProofInput) {
			in.Application.Recruiter = &scheduler.Person{Email: "p@agency.example"}
		}),
	})
	panel := func(s string) change {
		return func(in *scheduler.ProofInput) { in.Panel = []scheduler.Text{{Subject: s}} }
	}
	check(t, "same-subject", thanks, scheduler.Warning, map[string]change{
		"the same": panel("Thank you for the conversation about the Site Reliability Engineer role"), "capitals": panel("THANK YOU for the conversation about the site reliability engineer role"),
		"small":      panel("thank you for the conversation about the site reliability engineer role"),
		"at the end": panel("Thank you for the conversation about the Site Reliability Engineer role "),
		"blanks":     panel(" Thank you  for the conversation about the Site Reliability Engineer role"),
	}, map[string]change{"another": panel("Good to meet you, Mara"), "none": func(*scheduler.ProofInput) {}})
	absent := func(p scheduler.Person) change {
		return func(in *scheduler.ProofInput) { in.Interview.Interviewers = append(in.Interview.Interviewers, p) }
	}
	check(t, "not-thanked", thanks, scheduler.Warning, map[string]change{
		"no address": absent(scheduler.Person{Name: "Ada"}), "with a title": absent(scheduler.Person{Name: "Ada", Title: "Chief"}),
		"whose words are known": absent(scheduler.Person{Name: "Ada", Said: "nights are quiet"}), "guessed": absent(scheduler.Person{Name: "Ada", Email: "a@acme.example", Guessed: true}),
		"no use of a recruiter": both(absent(scheduler.Person{Name: "Ada"}), func(in *scheduler.ProofInput) { in.Application.Recruiter = &scheduler.Person{Name: "P"} }),
	}, map[string]change{
		"a reason": absent(scheduler.Person{Name: "Ada", Skip: "left the room"}), "all reached": func(*scheduler.ProofInput) {},
		"passed on": both(absent(scheduler.Person{Name: "Ada"}), func(in *scheduler.ProofInput) {
			in.Application.Recruiter = &scheduler.Person{Name: "P", Email: "p@acme.example"}
		}),
	})
}

func TestHints(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	in.Interview.Kind, in.Interview.ZoneStated = "video", false
	fs := New().Check(in)
	for _, code := range []string{"zone-assumed", "no-debrief", "no-date"} {
		if f, ok := with(fs, code); !ok || f.Severity != scheduler.Hint {
			t.Errorf("%s: %+v, want a hint", code, f)
		}
	}
	in.Interview.ZoneStated, in.Interview.Debrief.WentWell = true, "x"
	decision("2026-12-04")(&in)
	for _, f := range New().Check(in) {
		t.Errorf("nothing is left to hint at: %+v", f)
	}
}
