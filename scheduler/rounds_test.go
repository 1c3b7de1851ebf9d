package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// round is a further interview.
func round(id, at string, people ...Person) Interview {
	i := onsite(people...)
	i.ID, i.At = id, paris(at)
	return i
}

// TestLaterRoundTakesOver: asking steps belong to the last round by date,
// whatever the order of the file, and a cancelled round takes nothing over.
func TestLaterRoundTakesOver(t *testing.T) {
	t.Parallel()
	phone, final := round("phone", "2026-11-10 10:00", person("Ann")), round("final", "2026-11-26 10:00", person("Ken"))
	phone.Interviewers[0].Name = "Ann Lee"
	want := []string{
		"thank-you ann@acme.example: expired, it was to leave by Sat 14 Nov 09:30 CET at the latest",
		"follow-up-1 ann@acme.example: cancelled, a later interview (final, Thu 26 Nov 2026) takes its place",
		"follow-up-2 ann@acme.example: cancelled, a later interview (final, Thu 26 Nov 2026) takes its place",
		"thank-you ken@acme.example: Fri 27 Nov 09:30",
		"follow-up-1 ken@acme.example: after the step before it, Thu 3 Dec 10:00",
		"follow-up-2 ken@acme.example: after the step before it, Tue 15 Dec 10:00",
	}
	checkPlan(t, acme(phone, final), monday(), want...)
	checkPlan(t, acme(final, phone), monday(), want...)
	final.Status = InterviewCancelled
	f := acme(phone, final)
	for _, d := range Plan(&f, paris("2026-11-10 12:00")) {
		if d.Interview != "phone" || d.State == Cancelled {
			t.Errorf("the final is cancelled, yet: %s", line(d))
		}
	}
}

// TestSamePersonTwiceInADay: whoever sat in two rounds of a day gets one note,
// about the first; where that one is skipped, about the other.
func TestSamePersonTwiceInADay(t *testing.T) {
	t.Parallel()
	morning, noon := round("morning", "2026-11-23 09:00", person("Ken"), person("Ann")), round("noon", "2026-11-23 13:00", person("Ken"))
	thanks := func(f Facts) map[string]State {
		m := map[string]State{}
		for _, d := range Plan(&f, monday()) {
			if d.Kind == Owed {
				m[d.Interview+" "+d.To.Email] = d.State
			}
		}
		return m
	}
	if m := thanks(acme(morning, noon)); m["morning ken@acme.example"] != Planned || m["noon ken@acme.example"] != Cancelled || m["morning ann@acme.example"] != Planned {
		t.Errorf("two rounds in a day with Ken: %v", m)
	}
	morning.Interviewers[0].Skip = "he asked not to"
	if m := thanks(acme(morning, noon)); m["noon ken@acme.example"] != Planned {
		t.Errorf("the note about the morning is skipped, and the other one is %s", m["noon ken@acme.example"])
	}
	noon.At = paris("2026-11-25 13:00") // the first note left before: a round of its own
	morning.Interviewers[0].Skip = ""
	if m := thanks(acme(morning, noon)); m["morning ken@acme.example"] != Planned || m["noon ken@acme.example"] != Planned {
		t.Errorf("two rounds two days apart: %v", m)
	}
}

// TestNobodyIsThankedTwice: an address, an alias, or the same name at the same
// company is one person, in this file or another.
func TestNobodyIsThankedTwice(t *testing.T) {
	t.Parallel()
	got := paris("2026-11-23 18:00") // after the interview began
	for _, c := range []struct {
		name  string
		mail  Mail
		again bool
	}{
		{"the address, in another file", Mail{Application: "old", Person: "ken@acme.example"}, false},
		{"an alias", Mail{Application: "old", Person: "kosei@acme.example"}, false},
		{"the same name at the same company", Mail{Application: "old", Person: "k.osei@acme.example", Name: "ken  osei", Company: "ACME"}, false},
		{"the same name elsewhere", Mail{Application: "globex", Person: "ken@globex.example", Name: "Ken Osei", Company: "Globex"}, true},
		{"written by hand", Mail{Application: "acme", Person: "ken@acme.example", ByHand: true}, false},
		{"one that came back", Mail{Application: "old", Person: "ken@acme.example", Failed: true}, true},
		{"asking mail", Mail{Application: "old", Person: "ken@acme.example", Asking: true}, true},
		{"their own mail", Mail{Application: "acme", Person: "ken@acme.example", Class: "auto_reply"}, true},
	} {
		ken := person("Ken")
		ken.Aliases = []string{"kosei@acme.example"}
		c.mail.At, c.mail.Outgoing, c.mail.MessageID = got, c.mail.Class == "", "<m>"
		f := with(acme(onsite(ken)), func(f *Facts) { f.Elsewhere = []Mail{c.mail} })
		d := planned(t, f, paris("2026-11-23 19:00"), "thank-you")
		if (d.State == Planned) != c.again {
			t.Errorf("%s: the thank-you is %s", c.name, line(d))
		}
		d.State, d.Due = Approved, paris("2026-11-24 09:30")
		if v := Gate(&f, &d, d.Due); v.Open != c.again {
			t.Errorf("%s: the gate says %+v", c.name, v)
		}
		f.Elsewhere[0].At = paris("2026-11-20 18:00") // for an earlier meeting
		if d := planned(t, f, paris("2026-11-23 19:00"), "thank-you"); d.State != Planned {
			t.Errorf("%s, before the interview began: %s", c.name, line(d))
		}
	}
}

// TestPassOn: people without a sure address get nothing; one note in review
// names them all to the recruiter.
func TestPassOn(t *testing.T) {
	t.Parallel()
	unknown, guessed := Person{Name: "Ada Lin"}, Person{Name: "Grace Wu", Email: "grace@acme.example", Guessed: true}
	priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
	f := with(acme(onsite(person("Ken"), unknown, guessed)), func(f *Facts) { f.Application.Recruiter = &priya })
	const moved = "no sure address is known for Ada Lin and Grace Wu, so Priya Nair is asked to pass the thanks on"
	checkPlan(t, f, monday(),
		"thank-you ken@acme.example: Tue 24 Nov 09:30",
		"pass-on priya@acme.example: Tue 24 Nov 09:31, in review: "+moved,
		"follow-up-1 priya@acme.example: after the step before it, Tue 1 Dec 10:00",
		"follow-up-2 priya@acme.example: after the step before it, Thu 10 Dec 10:00")
	f.Application.Recruiter = nil
	checkPlan(t, f, monday(),
		"thank-you ken@acme.example: Tue 24 Nov 09:30",
		"thank-you Ada Lin and Grace Wu: cancelled, no sure address is known for Ada Lin and Grace Wu, and there is nobody who could pass the thanks on; give it: afterword set acme email 'Ada Lin' ADDRESS; if grace@acme.example is right: afterword set acme guessed grace@acme.example false",
		"follow-up-1 ken@acme.example: after the step before it, Tue 1 Dec 10:00",
		"follow-up-2 ken@acme.example: after the step before it, Thu 10 Dec 10:00")
}

// TestPassOnIsPlannedAsTheGateHasIt: what somebody said shows that the meeting took
// place, so that `plan` says what the note to the recruiter really waits for.
func TestPassOnIsPlannedAsTheGateHasIt(t *testing.T) {
	t.Parallel()
	ken := person("Ken")
	for said, want := range map[string]string{
		"":                       "for your word that the interview took place",
		"the pager moves in May": "for your approval: no sure address is known for Ada Lin, so Priya Nair is asked to pass the thanks on",
	} {
		ken.Said = said
		f := with(acme(onsite(ken, Person{Name: "Ada Lin"})), func(f *Facts) {
			f.Application.Recruiter = &Person{Name: "Priya Nair", Email: "priya@acme.example"}
			f.Application.Interviews[0].Status = InterviewPlanned
		})
		for _, d := range preview(&f, paris("2026-11-23 13:00")) {
			if got := d.awaited(f.Policy.Review, nil); d.Step == stepPassOn && got != want {
				t.Errorf("said %q: it waits %v, want %q", said, got, want)
			}
		}
	}
}

// TestPassOnThenKnown: an address that becomes known later ends the request
// while it is open; after it left, the note of their own waits for the user.
func TestPassOnThenKnown(t *testing.T) {
	t.Parallel()
	priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
	f := with(acme(onsite(Person{Name: "Ada Lin"})), func(f *Facts) { f.Application.Recruiter = &priya })
	f = reconciled(t, f, monday())
	if f.Stored[0].Step != stepPassOn || f.Stored[0].State != Planned {
		t.Fatalf("the store begins with %s", line(f.Stored[0]))
	}
	known := with(f, func(f *Facts) {
		f.Application.Interviews = []Interview{onsite(Person{Name: "Ada Lin", Email: "ada@acme.example"})}
	})
	if g := reconciled(t, known, monday()); g.Stored[0].State != Cancelled {
		t.Errorf("the request to pass thanks on is %s after the address became known", g.Stored[0].State)
	}
	known.Stored[0].State, known.Stored[0].Text.Body = Sent, "I would like to thank Ada Lin as well"
	if d := planned(t, known, monday(), "thank-you"); !strings.Contains(d.Personal, "asked to pass your thanks on") {
		t.Errorf("the note to somebody thanked by way of the recruiter: %s", line(d))
	}
}

// TestRecruiterWhoInterviews gets one note, and no request on top of it.
func TestRecruiterWhoInterviews(t *testing.T) {
	t.Parallel()
	priya := person("Priya")
	f := with(acme(onsite(priya, Person{Name: "Ada Lin"})), func(f *Facts) {
		f.Application.Recruiter = &priya
		f.Policy.Sequences["default"] = append([]Step{f.Policy.Sequences["default"][0],
			{Name: "thank-recruiter", Template: "thank-you-recruiter", To: ToRecruiter, After: span("8h"), Cron: cron("0 11 * * MON-FRI"), Kind: Owed}},
			f.Policy.Sequences["default"][1:]...)
	})
	owed := 0
	for _, d := range Plan(&f, monday()) {
		if d.Kind == Owed && d.State == Planned {
			owed++
		}
	}
	if owed != 1 {
		t.Errorf("Priya gets %d notes, want 1", owed)
	}
}

// TestContactMovesOn: after a dead address the next person is asked, in review;
// where nobody is left the plan says so.
func TestContactMovesOn(t *testing.T) {
	t.Parallel()
	priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
	base := with(acme(onsite(person("Ken"))), func(f *Facts) { f.Application.Recruiter = &priya })
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string
	}{
		{"recruiter first", func(*Facts) {}, "follow-up-1 priya@acme.example: after the step before it, Tue 1 Dec 10:00"},
		{"lead, where there is no recruiter", func(f *Facts) {
			lead := person("Mara")
			lead.Lead = true
			f.Application.Recruiter = nil
			f.Application.Interviews = []Interview{onsite(person("Ken"), lead)}
		}, "follow-up-1 mara@acme.example: after the step before it, Tue 1 Dec 10:00"},
		{"a contact without an address", func(f *Facts) { f.Application.Recruiter = &Person{Name: "Priya Nair"} },
			"follow-up-1 ken@acme.example: after the step before it, Tue 1 Dec 10:00"},
		{"nobody at all", func(f *Facts) { f.Application.Recruiter, f.Application.Interviews = nil, []Interview{onsite()} },
			"follow-up-1 : cancelled, the file names nobody to write to"},
		{"everybody dead", func(f *Facts) {
			f.Application.Recruiter = nil
			f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
			f.Stored[0].State = Bounced
		}, "follow-up-1 ken@acme.example: cancelled, mail to ken@acme.example came back, and there is nobody else to write to"},
	} {
		f := with(base, c.change)
		if got := line(planned(t, f, monday(), "follow-up-1")); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	dead := with(base, func(f *Facts) {
		f.Stored = []Delivery{{Key: "x", Interview: "onsite", Step: "follow-up-1", To: Recipient{Email: "priya@acme.example"}, State: Cancelled, Cause: CauseDead}}
	})
	if d := planned(t, dead, monday(), "follow-up-1"); d.To.Email != "ken@acme.example" || d.Personal != "mail to priya@acme.example came back, so it goes to Ken Osei" {
		t.Errorf("after a dead address: to %s, in review: %q", d.To.Email, d.Personal)
	}
}

// TestDeadAddressGetsNoThanks in a later round either.
func TestDeadAddressGetsNoThanks(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken")), round("final", "2026-11-26 10:00", person("Ken"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.Stored[0].State, f.Mails[0].Failed = Bounced, true
	})
	for _, d := range Plan(&f, paris("2026-11-26 12:00")) {
		if d.Interview == "final" && d.State == Planned {
			t.Errorf("mail to Ken came back, yet: %s", line(d))
		}
	}
}

// TestRestart: where the setting says so, an answer plans the asking steps anew
// and in review, counted from the answer.
func TestRestart(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.Policy.Replies.Interviewer = ReplyRestarts
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.heardFrom("ken@acme.example", "human", paris("2026-11-25 09:00"))
	})
	const want = "follow-up-1 ken@acme.example: Tue 1 Dec 10:00, in review: ken@acme.example answered on Wed 25 Nov 2026, so it was planned anew"
	if got := line(planned(t, f, paris("2026-11-25 10:00"), "follow-up-1")); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestNoRestartAnyMore: what an answer planned anew still asks before it leaves, where the
// user wants answers to end the asking since.
func TestNoRestartAnyMore(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Policy.Replies.Interviewer = ReplyRestarts
	f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
	f = reconciled(t, f, paris("2026-11-24 10:00"))
	f.heardFrom("ken@acme.example", "human", paris("2026-11-25 09:00"))
	f.Policy.Replies.Interviewer = ReplyCancels
	const want = "follow-up-1 ken@acme.example: Tue 1 Dec 10:00, in review: ken@acme.example answered on Wed 25 Nov 2026"
	if got := line(planned(t, f, paris("2026-11-26 10:00"), "follow-up-1")); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	f.Mails[len(f.Mails)-1].Person = "robin@acme.example" // a colleague, whose hold the user has lifted
	if d := planned(t, f, paris("2026-11-26 10:00"), "follow-up-1"); d.Personal != "" {
		t.Errorf("after a colleague's mail: %s", line(d))
	}
}

// TestWroteFirstAsAnotherEntry: whoever wrote is known by name where their mail counts as
// that of an entry whose address is only guessed.
func TestWroteFirstAsAnotherEntry(t *testing.T) {
	t.Parallel()
	guessed, sure := person("Ken"), person("Ken")
	guessed.Email, guessed.Guessed, guessed.Aliases = "ken@osei.example", true, []string{"ken@acme.example"}
	f := acme(onsite(guessed), round("final", "2026-11-26 10:00", sure))
	f.heardFrom("ken@osei.example", "human", paris("2026-11-26 12:00"))
	f.Mails[0].Name = sure.Name
	for _, d := range Plan(&f, paris("2026-11-26 13:00")) {
		if d.Interview == "final" && d.Kind == Owed && !strings.Contains(d.Personal, "wrote first") {
			t.Errorf("%s", line(d))
		}
	}
}

// TestNothingAfterTheEnd: a status that ends an application cancels what is
// left, and undoing it plans it again.
func TestNothingAfterTheEnd(t *testing.T) {
	t.Parallel()
	for _, s := range []Status{StatusAccepted, StatusRejected, StatusWithdrawn, StatusClosed} {
		f := reconciled(t, acme(onsite(person("Ken"))), monday())
		f = with(f, func(f *Facts) { f.Application.Status = s })
		f = reconciled(t, f, monday().Add(time.Hour))
		for _, d := range f.Stored {
			if d.State != Cancelled || d.Cause != CauseClosed || d.Why != "the application is "+string(s) {
				t.Errorf("%s: %s", s, line(d))
			}
		}
		f = with(f, func(f *Facts) { f.Application.Status = StatusActive })
		if f = reconciled(t, f, monday().Add(2*time.Hour)); f.Stored[0].State != Planned {
			t.Errorf("%s undone: %s", s, line(f.Stored[0]))
		}
	}
}

// TestSkippedStaysSkipped whatever the files do.
func TestSkippedStaysSkipped(t *testing.T) {
	t.Parallel()
	f := reconciled(t, acme(onsite(person("Ken"))), monday())
	f.Stored[0] = cancel(f.Stored[0], CauseSkipped, "you skipped it").Delivery
	away := reconciled(t, with(f, func(f *Facts) { f.Application.Interviews = []Interview{onsite()} }), monday())
	back := reconciled(t, with(away, func(f *Facts) { f.Application.Interviews = []Interview{onsite(person("Ken"))} }), monday())
	if back.Stored[0].Cause != CauseSkipped || back.Stored[0].State != Cancelled {
		t.Errorf("the skipped mail came back: %s", line(back.Stored[0]))
	}
	if back.Stored[1].State != Planned {
		t.Errorf("the follow-up of an interviewer who was taken out and put back is %s", line(back.Stored[1]))
	}
}

// TestNobodyPassesThanksOn: a recruiter whose address is dead is not asked to pass thanks on,
// and nobody is asked to pass them on to themselves; the user is told why, and may give the address.
func TestNobodyPassesThanksOn(t *testing.T) {
	t.Parallel()
	lena := Person{Name: "Lena Brandt"}
	for name, x := range map[string]struct {
		to   Person
		gone bool
		want string
	}{
		"somebody may":       {lena, false, "is asked to pass the thanks on"},
		"they have left":     {lena, true, "Priya Osei cannot pass the thanks on: the owner of priya@acme.example has left the company"},
		"they are meant":     {Person{Name: "Priya Osei"}, false, "Priya Osei, who could pass the thanks on, is meant"},
		"meant and gone too": {Person{Name: "Priya Osei"}, true, "Priya Osei, who could pass the thanks on, is meant"},
	} {
		f := with(acme(onsite(x.to)), func(f *Facts) {
			r := person("Priya")
			f.Application.Recruiter = &r
		})
		if x.gone {
			f.Mails = append(f.Mails, Mail{MessageID: "<gone@acme.example>", Application: "acme", Person: "priya@acme.example", Class: string(mailer.AutoReply), Failed: true, At: paris("2026-11-23 18:00")})
		}
		said := ""
		for _, d := range Plan(&f, paris("2026-11-23 19:00")) {
			if d.Kind == Owed {
				said += d.Why + d.Personal
			}
		}
		if !strings.Contains(said, x.want) {
			t.Errorf("%s: the thanks say %q, want %q", name, said, x.want)
		}
	}
}

// TestReasonNotToThankTheRecruiter: whom the file gives a reason not to thank for a meeting
// is not thanked for it as the recruiter either; another recruiter is.
func TestReasonNotToThankTheRecruiter(t *testing.T) {
	t.Parallel()
	for recruiter, want := range map[string]State{"Ken": Cancelled, "Priya": Planned} {
		ken, r := person("Ken"), person(recruiter)
		ken.Skip = "was ill"
		f := acme(onsite(ken, person("Mara")))
		f.Application.Recruiter = &r
		f.Policy.Sequences = map[string][]Step{f.Application.Sequence: {
			{Name: "thank-recruiter", Template: "thank-you-recruiter", To: ToRecruiter, After: span("8h"), Cron: cron("0 11 * * MON-FRI"), Kind: Owed}}}
		if d := planned(t, f, paris("2026-11-23 16:00"), "thank-recruiter"); d.State != want {
			t.Errorf("%s: %s", recruiter, line(d))
		}
	}
}
