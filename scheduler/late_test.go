package scheduler

import (
	"strings"
	"testing"
	"time"
)

// afterThanks is the facts after the thank-you left on Tuesday 24 November at
// 9:30: follow-up-1 is due on Tuesday 1 December at 10:00.
func afterThanks(change func(*Facts)) Facts {
	return with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		change(f)
	})
}

// TestOwedDoesNotMoveForBeingLate, and expires 48 h after its first due time.
func TestOwedDoesNotMoveForBeingLate(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	for _, now := range []string{"2026-11-23 16:00", "2026-11-24 09:30", "2026-11-24 20:00", "2026-11-26 09:29"} {
		d := planned(t, f, paris(now), "thank-you")
		if !d.Due.Equal(paris("2026-11-24 09:30")) || !d.Expires.Equal(paris("2026-11-26 09:30")) || d.State != Planned {
			t.Errorf("at %s: %s, expires %s", now, line(d), d.Expires)
		}
	}
	if d := planned(t, f, paris("2026-11-26 09:30"), "thank-you"); d.State != Expired {
		t.Errorf("after 48 h: %s", line(d))
	}
	f.Policy.Sequences["default"][0].Expires = span("0s") // missing in the file
	if d := planned(t, f, monday(), "thank-you"); !d.Expires.Equal(paris("2026-11-26 09:30")) {
		t.Errorf("without `expires` a thank-you expires %s, want 48 h after its time", d.Expires)
	}
}

// TestAskingTakesTheNextMatch once the window of its slot has closed, and not
// before.
func TestAskingTakesTheNextMatch(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	for _, c := range []struct{ now, want string }{
		{"2026-11-24 12:00", "2026-12-01 10:00"},
		{"2026-12-01 17:59", "2026-12-01 10:00"},
		{"2026-12-01 18:00", "2026-12-02 10:00"},
		{"2026-12-04 18:00", "2026-12-08 10:00"}, // Friday's slot is over; Monday has none
	} {
		d := planned(t, f, paris(c.now), "follow-up-1")
		if !d.Due.Equal(paris(c.want)) || !d.FirstDue.Equal(paris("2026-12-01 10:00")) {
			t.Errorf("at %s it is due %s (first %s), want %s", c.now, d.Due, d.FirstDue, c.want)
		}
	}
}

// TestWaitingMailLooksForNoOtherSlot: what is on hold, in review or of an
// unknown meeting keeps its slot until the wait is over.
func TestWaitingMailLooksForNoOtherSlot(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Facts){
		"hold":   func(f *Facts) { f.Holds = []Hold{{Scope: ScopeApplication, Target: "acme"}} },
		"paused": func(f *Facts) { f.Application.Status = StatusPaused },
		"offer":  func(f *Facts) { f.Application.Status = StatusOffer },
		"review": func(f *Facts) {
			f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/follow-up-1/ken@acme.example", State: Review, Due: paris("2026-12-01 10:00"), Slot: paris("2026-12-01 10:00")})
		},
		"unknown": func(f *Facts) { f.Application.Interviews[0].Status = InterviewPlanned },
	} {
		d := planned(t, afterThanks(change), paris("2026-12-03 12:00"), "follow-up-1")
		if !d.Due.Equal(paris("2026-12-01 10:00")) {
			t.Errorf("%s: %s, want the slot of Tue 1 Dec", name, line(d))
		}
	}
}

// TestFirstSeenLate: an asking step that the daemon sees for the first time
// more than 5 days after its slot waits in review; past 21 days it is over.
func TestFirstSeenLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		now   string
		state State
		say   string
	}{
		{"2026-12-06 09:00", Planned, ""},
		{"2026-12-06 11:00", Planned, "its time was Tue 1 Dec 10:00 CET, more than 5 days ago"},
		{"2026-12-22 09:00", Planned, "its time was Tue 1 Dec 10:00 CET, more than 5 days ago"},
		{"2026-12-22 11:00", Expired, ""},
	} {
		d := planned(t, afterThanks(func(*Facts) {}), paris(c.now), "follow-up-1")
		if d.State != c.state || d.Personal != c.say {
			t.Errorf("at %s: %s, in review for %q; want %s, %q", c.now, d.State, d.Personal, c.state, c.say)
		}
	}
	known := reconciled(t, afterThanks(func(*Facts) {}), paris("2026-11-24 12:00"))
	if d := planned(t, known, paris("2026-12-20 11:00"), "follow-up-1"); d.Personal != "" || d.State != Planned {
		t.Errorf("a mail that was planned in time is late and became: %s", line(d))
	}
}

// TestMissedSlots counts the slots that went by while the mail was free to
// leave, up to the number at which the user is asked.
func TestMissedSlots(t *testing.T) {
	t.Parallel()
	approved := func(state State) Facts {
		return afterThanks(func(f *Facts) {
			f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/follow-up-1/ken@acme.example", Application: "acme", Interview: "onsite", Step: "follow-up-1",
				Kind: Asking, To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: state, Due: paris("2026-12-01 10:00"), Slot: paris("2026-12-01 10:00")})
		})
	}
	for _, c := range []struct {
		now   string
		state State
		want  int
	}{
		{"2026-12-01 17:00", Approved, 0}, {"2026-12-01 18:00", Approved, 1}, {"2026-12-02 18:00", Approved, 2},
		{"2026-12-12 18:00", Approved, 2}, {"2026-12-12 18:00", Review, 0}, {"2026-12-12 18:00", Planned, 0},
	} {
		f := approved(c.state)
		if d := planned(t, f, paris(c.now), "follow-up-1"); d.Missed != c.want {
			t.Errorf("%s at %s: missed %d slots, want %d", c.state, c.now, d.Missed, c.want)
		}
		g := reconciled(t, f, paris(c.now))
		if d := planned(t, g, paris(c.now), "follow-up-1"); d.Missed != c.want {
			t.Errorf("%s at %s: planning again counts %d, want %d", c.state, c.now, d.Missed, c.want)
		}
	}
}

// TestShownTooLate: an announcement that leaves the user less than the time of
// the setting moves the mail to the next slot, once.
func TestShownTooLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ shown, want string }{
		{"2026-11-30 16:00", "2026-12-01 10:00"},
		{"2026-11-30 16:01", "2026-12-01 10:00"}, // told a minute late: it leaves a minute late
		{"2026-12-01 09:00", "2026-12-02 10:00"}, // 18 h on is Wed 3:00
	} {
		f := afterThanks(func(f *Facts) {
			f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/follow-up-1/ken@acme.example", Interview: "onsite", Step: "follow-up-1", Kind: Asking,
				State: Approved, Due: paris("2026-12-01 10:00"), Slot: paris("2026-12-01 10:00"), Announced: paris(c.shown)})
		})
		for range 3 {
			d := planned(t, f, paris("2026-12-01 09:30"), "follow-up-1")
			if !d.Due.Equal(paris(c.want)) {
				t.Fatalf("shown at %s it is due %s, want %s (%s)", c.shown, d.Due, c.want, d.Reason)
			}
			f = reconciled(t, f, paris("2026-12-01 09:30"))
		}
	}
}

// TestSendNowStaysPut: planning leaves alone what the user asked to send now.
func TestSendNowStaysPut(t *testing.T) {
	t.Parallel()
	at := paris("2026-11-24 08:05")
	f := reconciled(t, acme(onsite(person("Ken"))), monday())
	f.Stored[0].SendNow, f.Stored[0].Due, f.Stored[0].Slot, f.Stored[0].Reason = true, at, at, "you asked to send it now"
	f = reconciled(t, f, at)
	if d := f.Stored[0]; !d.Due.Equal(at) || d.Reason != "you asked to send it now" || !d.Expires.Equal(paris("2026-11-26 09:30")) {
		t.Errorf("what the user sends now was moved to %s, expires %s: %s", d.Due, d.Expires, d.Reason)
	}
}

// TestCheckIn: after seven business days of new silence with nothing planned a
// check-in is laid before the user, and never without silence.
func TestCheckIn(t *testing.T) {
	t.Parallel()
	answered := func(change func(*Facts)) Facts {
		return afterThanks(func(f *Facts) {
			f.heardFrom("ken@acme.example", "human", paris("2026-11-26 09:00"))
			for _, step := range []string{"follow-up-1", "follow-up-2"} {
				f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/" + step + "/ken@acme.example", Interview: "onsite", Step: step, Kind: Asking, State: Cancelled, Cause: CauseAnswered})
			}
			change(f)
		})
	}
	check := func(name string, f Facts, now, want string) {
		t.Helper()
		got := ""
		for _, d := range Plan(&f, paris(now)) {
			if strings.HasPrefix(d.Step, stepCheckIn) {
				got = line(d)
			}
		}
		if got != want {
			t.Errorf("%s at %s: %q, want %q", name, now, got, want)
		}
	}
	const offered = "check-in ken@acme.example: Mon 7 Dec 09:00, in review: nothing is planned with Acme since the last mail from ken@acme.example; a check-in would keep you in their minds"
	check("too soon", answered(func(*Facts) {}), "2026-12-07 08:59", "") // Thu 26 Nov + 7 bd = Mon 7 Dec 9:00
	check("silence", answered(func(*Facts) {}), "2026-12-07 09:00", offered)
	check("months of silence", answered(func(*Facts) {}), "2027-02-28 09:00", strings.Replace(offered, "Mon 7 Dec 09:00", "Mon 1 Mar 08:00", 1))
	check("years of silence", answered(func(*Facts) {}), "2029-12-07 09:00", "")
	check("years of silence, considered", answered(func(f *Facts) { f.Application.Status = StatusConsidered }), "2029-12-07 09:00",
		"check-in ken@acme.example: Fri 7 Dec 08:00, in review: Acme still considers you and nothing is planned; a check-in would keep you in their minds")
	check("laid before the user in time", answered(func(f *Facts) {
		f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/check-in/ken@acme.example", Application: "acme", Interview: "onsite", Step: stepCheckIn, Kind: Asking,
			State: Review, Due: paris("2026-12-07 09:00"), Slot: paris("2026-12-07 09:00"), To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}})
	}), "2029-12-07 09:00", offered)
	check("a hold", answered(func(f *Facts) { f.Holds = []Hold{{Scope: ScopeApplication, Target: "acme", Asking: true}} }), "2026-12-07 09:00", "")
	check("a later round", answered(func(f *Facts) {
		f.Application.Interviews = append(f.Application.Interviews, round("final", "2026-12-10 10:00", person("Ann")))
	}), "2026-12-07 09:00", "")
	check("limits", answered(func(f *Facts) { f.Policy.Limits.PerApplication = 0 }), "2026-12-07 09:00", "")
	check("over", answered(func(f *Facts) { f.Application.Status = StatusRejected }), "2026-12-07 09:00", "")
	check("considered, on the day they said so", answered(func(f *Facts) { f.Application.Status = StatusConsidered }), "2026-11-26 12:00", "")
	check("considered, too soon", answered(func(f *Facts) { f.Application.Status = StatusConsidered }), "2026-12-02 08:59", "") // Thu 26 Nov + 4 bd = Wed 2 Dec 9:00
	check("considered", answered(func(f *Facts) { f.Application.Status = StatusConsidered }), "2026-12-02 09:00",
		"check-in ken@acme.example: Wed 2 Dec 09:00, in review: Acme still considers you and nothing is planned; a check-in would keep you in their minds")
	check("with follow-ups planned", afterThanks(func(f *Facts) { f.Application.Status = StatusConsidered }), "2026-12-20 12:00", "")
}

// TestCheckInOnce: one check-in for each silence; one that was skipped stays so
// until they write again.
func TestCheckInOnce(t *testing.T) {
	t.Parallel()
	base := afterThanks(func(f *Facts) {
		f.heardFrom("ken@acme.example", "human", paris("2026-11-26 09:00"))
		for _, step := range []string{"follow-up-1", "follow-up-2"} {
			f.Stored = append(f.Stored, Delivery{Key: "acme/onsite/" + step + "/ken@acme.example", Interview: "onsite", Step: step, Kind: Asking, State: Cancelled, Cause: CauseAnswered})
		}
	})
	f := reconciled(t, base, paris("2026-12-07 09:00"))
	last := &f.Stored[len(f.Stored)-1]
	if last.Step != stepCheckIn {
		t.Fatalf("the store ends with %s", line(*last))
	}
	if g := reconciled(t, f, paris("2026-12-08 09:00")); len(g.Stored) != len(f.Stored) || !g.Stored[len(g.Stored)-1].State.Open() {
		t.Errorf("a day later the check-in is %s", line(g.Stored[len(g.Stored)-1]))
	}
	*last = cancel(*last, CauseSkipped, "not now").Delivery
	for _, d := range Plan(&f, paris("2026-12-20 09:00")) {
		if strings.HasPrefix(d.Step, stepCheckIn) {
			t.Errorf("after it was skipped: %s", line(d))
		}
	}
	f = with(f, func(f *Facts) { f.heardFrom("ken@acme.example", "human", paris("2026-12-10 09:00")) })
	if d := planned(t, f, paris("2026-12-21 12:00"), "check-in-2"); d.Personal == "" || d.Due.Before(paris("2026-12-21 09:00").Add(-time.Hour)) {
		t.Errorf("after a new word and a new silence: %s", line(d))
	}
}

// TestWantedAgainForgetsTheHurry: what the user asked to send at once, and closed
// and opened again since, waits for the step before it like any other.
func TestWantedAgainForgetsTheHurry(t *testing.T) {
	t.Parallel()
	f := reconciled(t, acme(onsite(person("Ken"))), monday())
	for n := range f.Stored {
		if f.Stored[n].Step == "follow-up-2" {
			f.Stored[n].SendNow, f.Stored[n].State, f.Stored[n].Cause = true, Cancelled, CauseClosed
		}
	}
	f = reconciled(t, f, monday())
	for _, c := range Reconcile(&f, Plan(&f, monday())) {
		t.Errorf("reconciling twice changes %s: %+v", c.Delivery.Key, c.Event)
	}
}

// TestSendNowIsOfThatMeeting: what the user wanted to leave at once was about a meeting that had
// taken place; where that is put off to a later day the thanks wait for it, and are not over by
// the time of the first one. A date that is only put right, or was to come anyhow, changes nothing.
func TestSendNowIsOfThatMeeting(t *testing.T) {
	t.Parallel()
	said := paris("2026-11-23 16:00")
	for name, c := range map[string]struct {
		moved time.Time
		want  string // what the thanks say of their time
	}{
		"as it was":              {paris("2026-11-23 14:00"), "you asked to send it now"},
		"put right, and past":    {paris("2026-11-23 15:00"), "you asked to send it now"},
		"put off to another day": {paris("2026-11-30 14:00"), "8 h after"},
		"put forward":            {paris("2026-11-20 14:00"), "you asked to send it now"},
	} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		o.attend("acme", "2026-11-23 15:30")
		d := o.delivery("thank-you")
		d.SendNow, d.Due, d.Slot, d.Reason = true, said, said, "you asked to send it now"
		o.store.set(d)
		a := o.world.Applications["acme"]
		a.Interviews[0].At = c.moved
		o.world.Applications["acme"] = a
		o.attend("acme", "2026-11-23 16:10")
		got := o.delivery("thank-you")
		if !strings.Contains(got.Reason, c.want) || got.SendNow != (c.want == "you asked to send it now") {
			t.Errorf("%s: it is to leave on %s: %q, at once: %v", name, got.Due, got.Reason, got.SendNow)
		}
		if c.moved.After(said) && !got.Expires.After(c.moved) {
			t.Errorf("%s: it is over on %s", name, got.Expires)
		}
	}
}
