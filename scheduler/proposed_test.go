package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// What is proposed works: a question stands no longer once the user has done what it names,
// and no command is named that would be refused. The simulation's user does all of it
// (internal/sim/follow.go).

// TestWhoseMailIsSettled: "it was their answer" settles the question whether it was, with
// the hold that came with it, for that application alone.
func TestWhoseMailIsSettled(t *testing.T) {
	t.Parallel()
	const stranger = "From: K afterword answered acme or else <k@phone.example>\nSubject: Re: Thank you for Monday"
	for _, c := range []struct {
		what  string
		do    func(s *Service) error
		holds string
		asked int
	}{
		{"it is theirs", func(s *Service) error { return s.Answered(t.Context(), "acme") }, "", 0},
		{"it is not", func(s *Service) error { _, _, err := s.Resume(t.Context(), "acme", false); return err }, "", 0},
		{"another mail is", func(s *Service) error { _, _, err := s.Resume(t.Context(), "ken@acme.example", false); return err }, "application acme unsure", 1},
	} {
		o := desk(t, nil)
		o.take("2026-11-25 11:00", o.mail(stranger, "Thanks, speak soon."))
		if o.holding() != "application acme unsure" || len(o.store.questions) != 1 {
			t.Fatalf("held: %q, asked: %q", o.holding(), o.asked())
		}
		if err := c.do(o.acts(Facts{Policy: o.world.Policy, Application: o.world.Applications["acme"]}, "2026-11-25 12:00")); err != nil {
			t.Fatal(err)
		}
		if o.holding() != c.holds || len(o.store.questions) != c.asked {
			t.Errorf("%s: held: %q, asked: %q", c.what, o.holding(), o.asked())
		}
	}
}

// TestAddressOfABounceIsSettled: whether an address is right is asked, and answered by
// `resume ADDRESS`.
func TestAddressOfABounceIsSettled(t *testing.T) {
	t.Parallel()
	o := desk(t, nil)
	o.take("2026-11-25 11:00", o.mail(bounceOf("5.1.1", "failed", "ken@acme.example", "")))
	if len(o.store.questions) != 1 || !strings.HasSuffix(o.store.questions[0].Text, "afterword resume ken@acme.example") {
		t.Fatalf("asked %+v", o.store.questions)
	}
	s := o.acts(Facts{Policy: o.world.Policy, Application: o.world.Applications["acme"]}, "2026-11-25 12:00")
	if _, _, err := s.Resume(t.Context(), "ken@acme.example", false); err != nil {
		t.Fatal(err)
	}
	if o.holding() != "" || o.asked() != "" {
		t.Errorf("held: %q, asked: %q", o.holding(), o.asked())
	}
}

// TestInvitationIsLeftBesideAnOutcome: `resume APP` leaves an invitation, also where a
// seeming rejection goes on waiting for a word of its own.
func TestInvitationIsLeftBesideAnOutcome(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.store.questions = []Question{{Key: askedInvitation + "1/acme", Application: "acme"}, {Key: askedOutcome + "rejected/acme", Application: "acme"}}
	o.store.holds = []Hold{{Scope: ScopeApplication, Target: "acme", Source: sourceInvitation, Asking: true}, {Scope: ScopeApplication, Target: "acme", Source: sourceOutcome, Asking: true}}
	s := o.acts(f, "2026-11-25 12:00")
	if _, left, err := s.Resume(t.Context(), "acme", false); err != nil || left != 1 || o.asked() != askedOutcome+"rejected/acme" {
		t.Errorf("resumed: %d left, asked: %q, %v", left, o.asked(), err)
	}
	if _, left, err := s.Resume(t.Context(), "acme", true); err != nil || left != 0 || o.asked() != "" {
		t.Errorf("confirmed: %d left, asked: %q, %v", left, o.asked(), err)
	}
}

// TestOfferNamesWhomNobodyHolds: after an offer the question names whose mail still goes
// on, as long as there is any.
func TestOfferNamesWhomNobodyHolds(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Application.Status = StatusOffer
	o := newOffice(t, f)
	for _, stem := range []string{"globex", "hooli"} {
		o.world.Applications[stem] = Application{Stem: stem, Company: stem, Status: StatusActive, Sequence: "default"}
	}
	o.attend("acme", "2026-11-24 08:00")
	s := o.acts(f, "2026-11-24 09:00")
	s.Files = &papers{policy: f.Policy, apps: []Application{f.Application, o.world.Applications["globex"], o.world.Applications["hooli"]}}
	for _, step := range []struct{ hold, still string }{{"", "globex hooli"}, {"globex", "hooli"}, {"hooli", ""}} {
		if step.hold != "" {
			if _, err := s.Hold(t.Context(), step.hold, time.Time{}, ""); err != nil {
				t.Fatal(err)
			}
			if touched, err := o.store.Meta(metaTouched + "acme"); err != nil || touched == "" {
				t.Errorf("after %s was held nobody looks at the question: %v", step.hold, err)
			}
		}
		o.attend("acme", "2026-11-24 10:00")
		var still []string
		for _, stem := range []string{"globex", "hooli"} {
			if strings.Contains(strings.Join(o.texts(), " "), "afterword hold "+stem) {
				still = append(still, stem)
			}
		}
		if strings.Join(still, " ") != step.still || (step.still == "") != (o.asked() == "") {
			t.Errorf("after %q is held it asks %q", step.hold, o.texts())
		}
	}
}

// texts are those of the open questions.
func (o *office) texts() (all []string) {
	for _, q := range o.store.questions {
		all = append(all, q.Text)
	}
	return all
}

// TestLateThanksAreForTheirMeeting: thanks that the user queues are for the latest meeting
// with their reader, not for a later one with others; and the question about the expired
// note stands no longer.
func TestLateThanksAreForTheirMeeting(t *testing.T) {
	t.Parallel()
	second := onsite(person("Mara"))
	second.ID, second.At = "second", paris("2026-11-24 14:00")
	f := acme(onsite(person("Ken")), second)
	o := newOffice(t, f)
	o.attend("acme", "2026-11-26 12:00")
	if d := o.delivery("thank-you"); d.State != Expired || !strings.Contains(o.asked(), askedExpired+d.Key) {
		t.Fatalf("it is %s, asked: %q", d.State, o.asked())
	}
	d := o.queue(f, "thank-you-late", "2026-11-26 12:30")
	if i, ok := f.meeting(&d, paris("2026-11-26 12:30")); !ok || i.ID != "onsite" {
		t.Errorf("the note to Ken speaks of %q", i.ID)
	}
	o.attend("acme", "2026-11-26 12:31")
	if strings.Contains(o.asked(), askedExpired+Key("acme", "onsite", "thank-you", "ken@acme.example")) {
		t.Errorf("asked: %q", o.asked())
	}
}

// TestQuestionAboutAnExpiredMail proposes late thanks as long as they can be given, and
// not what would have let the mail leave in time.
func TestQuestionAboutAnExpiredMail(t *testing.T) {
	t.Parallel()
	i := onsite(person("Ken"))
	i.Status = ""
	f := acme(i)
	o := newOffice(t, f)
	o.attend("acme", "2026-11-24 09:00")
	o.attend("acme", "2026-11-26 10:00")
	key := askedExpired + o.delivery("thank-you").Key
	text := o.question(key).Text
	if !strings.Contains(text, "it is not known whether the interview took place. Thanks can still") || strings.Contains(text, "debrief") {
		t.Errorf("in time it asks %q", text)
	}
	o.attend("acme", "2026-12-01 10:00")
	if text := o.question(key).Text; strings.Contains(text, "queue") || !strings.Contains(text, "Write yourself, or leave it: afterword skip") {
		t.Errorf("later it asks %q", text)
	}
}

// TestWaysOfAMailWithErrors: a mail that waits because of an error names what helps: a
// correction, and the approval that lifts it, if there is one.
func TestWaysOfAMailWithErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		found []Finding
		want  string
	}{
		{nil, "Approve it: afterword approve k"},
		{[]Finding{{Code: "length", Severity: Warning}}, "Approve it: afterword approve k"},
		{[]Finding{{Code: "length", Severity: Error}, {Code: "copy-paste", Severity: Error}, {Code: "length", Severity: Error}},
			"Correct it: afterword edit k|Or let it leave all the same: afterword approve k --despite length,copy-paste"},
		{[]Finding{{Code: PromiseCodes()[0], Severity: Error}}, "Correct it: afterword edit k"},
	} {
		if got := strings.Join(ways("k", c.found), "|"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.found, got, c.want)
		}
	}
}

// TestStateOfSendingIsOfThisLogin: that a login was refused is shown until the credential
// changes or a mail is taken, be it a notice.
func TestStateOfSendingIsOfThisLogin(t *testing.T) {
	t.Parallel()
	s := newMemory()
	d, files := shutAccounts(t, s, "old")
	d.decides(t)
	d.Channels = []Channel{{Name: "mail", Account: true}}
	state := func(want string) {
		t.Helper()
		if got, err := s.Meta(metaSMTP); err != nil || got != want {
			t.Errorf("the state of sending is %q, want %q (%v)", got, want, err)
		}
	}
	refused := func() {
		t.Helper()
		d.sendingWith = loginOf(d.world.Policy.Logins, 0)
		if err := d.do(t.Context(), func() error {
			return d.noteServer(t.Context(), mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseAuth, Code: 535, Words: "no", AuthRefused: true}, d.Clock.Now())
		}); err != nil {
			t.Fatal(err)
		}
		state("535 no")
	}
	refused()
	files.policy.Logins = []string{"new"}
	if err := d.do(t.Context(), func() error { return d.filesChanged(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	state("")
	refused()
	if err := d.do(t.Context(), func() error { return d.noteChannel(t.Context(), 0, nil) }); err != nil {
		t.Fatal(err)
	}
	state("ok")
	for _, step := range []struct{ own, other, want string }{{"newest", "a", ""}, {"newest", "b", "ok"}} { // that of a watched account says nothing
		if step.want != "" {
			if err := s.SetMeta(metaSMTP, "ok"); err != nil {
				t.Fatal(err)
			}
		}
		files.policy.Logins = []string{step.own, step.other}
		if err := d.do(t.Context(), func() error { return d.filesChanged(t.Context()) }); err != nil {
			t.Fatal(err)
		}
		state(step.want)
	}
}

// TestWhatCouldNotBeReadIsSettled: the questions about mail of which nothing is known, and
// their holds, end when the user goes on.
func TestWhatCouldNotBeReadIsSettled(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	now := paris("2026-11-25 11:00")
	if err := noteGap(o.store, now); err != nil {
		t.Fatal(err)
	}
	if err := holdForUnreadable(o.store, "message 3 of INBOX", now); err != nil {
		t.Fatal(err)
	}
	if len(o.store.questions) != 2 || len(o.store.holds) != 2 {
		t.Fatalf("asked: %q, held: %q", o.asked(), o.holding())
	}
	if _, _, err := o.acts(f, "2026-11-25 12:00").Resume(t.Context(), "", false); err != nil {
		t.Fatal(err)
	}
	if o.asked() != "" || o.holding() != "" {
		t.Errorf("asked: %q, held: %q", o.asked(), o.holding())
	}
}

// TestExpiredThanksOfACancelledMeeting: nobody is asked about a note whose meeting was
// called off since.
func TestExpiredThanksOfACancelledMeeting(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-26 12:00")
	if !strings.Contains(o.asked(), askedExpired) {
		t.Fatalf("asked: %q", o.asked())
	}
	f.Application.Interviews[0].Status = InterviewCancelled
	o.world.Applications["acme"] = f.Application
	o.attend("acme", "2026-11-26 12:10")
	if strings.Contains(o.asked(), askedExpired) {
		t.Errorf("after it was called off it asks %q", o.texts())
	}
}

// TestLateThanksOnlyWhereTheyCanBeQueued: the question about an expired note proposes late
// thanks only to somebody who can be written to, by whatever address; and queued ones to
// another address of theirs settle it.
func TestLateThanksOnlyWhereTheyCanBeQueued(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(o *office, ken *Person)
		want   bool
	}{
		"as before": {func(*office, *Person) {}, true},
		"by a new address": {func(_ *office, ken *Person) {
			ken.Email, ken.Aliases = "ken@osei.example", []string{"ken@acme.example"}
		}, true},
		"the address is a guess": {func(_ *office, ken *Person) { ken.Guessed = true }, false},
		"has left": {func(o *office, _ *Person) {
			o.store.mails = append(o.store.mails, Mail{MessageID: "<gone@acme.example>", Application: "acme", Person: "ken@acme.example", Class: "auto_reply", Failed: true, At: paris("2026-11-26 09:00")})
		}, false},
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-11-26 12:00")
		key := askedExpired + o.delivery("thank-you").Key
		c.change(o, &f.Application.Interviews[0].Interviewers[0])
		o.world.Applications["acme"] = f.Application
		o.attend("acme", "2026-11-26 12:10")
		text := o.question(key).Text
		if got := strings.Contains(text, "afterword queue acme thank-you-late"); got != c.want {
			t.Errorf("%s: %q", name, text)
		}
		if !c.want {
			continue
		}
		o.queue(f, templateLate, "2026-11-26 12:30")
		o.attend("acme", "2026-11-26 12:31")
		if strings.Contains(o.asked(), key) {
			t.Errorf("%s: queued, and asked: %q", name, o.texts())
		}
	}
}

// TestWhyItWaitsIsOfToday: a note in review says why it waits by now, also when its meeting
// was moved to a day far off.
func TestWhyItWaitsIsOfToday(t *testing.T) {
	t.Parallel()
	i := onsite(person("Ken"))
	i.Status = InterviewPlanned
	f := acme(i)
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 20:00")
	if d := o.delivery("thank-you"); d.State != Review || !strings.Contains(d.Why, "it is not known whether") {
		t.Fatalf("it is %s: %s", d.State, d.Why)
	}
	f.Application.Interviews[0].At = paris("2026-12-03 14:00")
	o.world.Applications["acme"] = f.Application
	o.attend("acme", "2026-11-24 08:00")
	if d := o.delivery("thank-you"); d.Why != "the interview has not taken place yet" {
		t.Errorf("it is %s: %s", d.State, d.Why)
	}
}

// TestSoonTooLateNamesWhatHelps: the warning before a note expires names what lets it go on,
// and nothing that does not.
func TestSoonTooLateNamesWhatHelps(t *testing.T) {
	t.Parallel()
	const approve = "afterword approve acme/onsite/thank-you/ken@acme.example"
	for name, c := range map[string]struct {
		change func(f *Facts)
		holds  []Hold
		want   string
	}{
		"in review":            {func(f *Facts) { f.Policy.Review = ReviewAlways }, nil, " To go on: " + approve},
		"a hold on the person": {func(*Facts) {}, []Hold{{Scope: ScopePerson, Target: "ken@acme.example", Source: SourceUser, Reason: "wait"}}, " To go on: afterword resume ken@acme.example"},
		"a hold on everything": {func(f *Facts) { f.Policy.Review = ReviewAlways }, []Hold{{Scope: ScopeEverything, Source: SourceUser, Reason: "wait"}}, " To go on: afterword resume, and " + approve},
		"a refused login":      {func(*Facts) {}, []Hold{{Scope: ScopeEverything, Source: sourceLogin, Reason: "correct the password"}}, ""},
		"its file says paused": {func(f *Facts) { f.Application.Status = StatusPaused }, nil, ""},
	} {
		f := acme(onsite(person("Ken")))
		c.change(&f)
		o := newOffice(t, f)
		o.store.holds = c.holds
		for _, at := range []string{"2026-11-24 08:00", "2026-11-26 07:00"} {
			o.attend("acme", at)
		}
		told := o.told("expires/")
		if len(told) != 1 {
			t.Fatalf("%s: told %+v", name, told)
		}
		text, _, _ := strings.Cut(told[0].Text, "\n")
		_, waits, _ := strings.Cut(text, " It waits: ")
		if _, ways, named := strings.Cut(waits, "."); named && ways != c.want || !named {
			t.Errorf("%s: %q, want %q at its end", name, waits, c.want)
		}
	}
}
