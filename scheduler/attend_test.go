package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDidItHappen: a thank-you waits until the meeting is known to have
// happened; the user is asked 30 minutes after its end, told again 3 hours
// before the slot, and the question goes when the file answers it.
func TestDidItHappen(t *testing.T) {
	t.Parallel()
	i := onsite(person("Ken"))
	i.Status = InterviewPlanned
	o := newOffice(t, acme(i))
	o.attend("acme", "2026-11-23 15:14")
	if o.asked() != "" {
		t.Errorf("29 minutes after the end the user is asked %q", o.asked())
	}
	o.attend("acme", "2026-11-23 15:15")
	if o.asked() != "happened/acme/onsite" {
		t.Errorf("30 minutes after the end the user is asked %q", o.asked())
	}
	o.attend("acme", "2026-11-24 06:29")
	if n := len(o.told("again/")); n != 0 {
		t.Errorf("told again %d times more than 3 hours before the slot", n)
	}
	if ready := o.attend("acme", "2026-11-24 09:30"); len(ready) != 0 || o.delivery("thank-you").State != Review {
		t.Errorf("nobody knows whether it happened, yet %d may leave and the thank-you is %s", len(ready), o.delivery("thank-you").State)
	}
	if n := len(o.told("again/")); n != 1 {
		t.Errorf("told again %d times, want once", n)
	}
	if n := len(o.told("review/")); n != 0 {
		t.Errorf("the question is told a second time as a review, %d times", n)
	}
	i.Interviewers[0].Said = "the pager moves"
	a := o.world.Applications["acme"]
	a.Interviews = []Interview{i}
	o.world.Applications["acme"] = a
	if ready := o.attend("acme", "2026-11-24 09:40"); len(ready) != 1 {
		t.Errorf("with what he said %d mails may leave: %s", len(ready), line(o.delivery("thank-you")))
	}
	if o.asked() != "" {
		t.Errorf("the file answered, and %q stands", o.asked())
	}
}

// TestApprovalDoesNotReplaceTheMeeting: approved before the meeting for a whole
// round, thanks still wait for the word that it happened.
func TestApprovalDoesNotReplaceTheMeeting(t *testing.T) {
	t.Parallel()
	i := onsite(person("Ken"))
	i.Status = InterviewPlanned
	o := newOffice(t, acme(i))
	o.attend("acme", "2026-11-23 12:00")
	d := o.delivery("thank-you")
	d.State, d.ByPerson, d.Approved = Approved, true, d.TextHash
	o.store.set(d)
	if ready := o.attend("acme", "2026-11-24 09:30"); len(ready) != 0 {
		t.Errorf("an approved note about a meeting that nobody knows of may leave")
	}
	if w := o.delivery("thank-you").WaitingFor; !strings.Contains(w, "not known whether the interview took place") {
		t.Errorf("it waits for %q", w)
	}
}

// TestExpiredThanks are a question; late thanks are offered for three business
// days, and the question goes when the user skips it.
func TestExpiredThanks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ at, words string }{
		{"2026-11-26 12:00", "afterword queue acme thank-you-late --to ken@acme.example"},
		{"2026-11-27 12:00", "afterword skip acme/onsite/thank-you/ken@acme.example"}, // Tue, Wed, Thu are the three
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.world.Policy.Review = ReviewAlways
		o.attend("acme", "2026-11-24 10:00")
		o.attend("acme", c.at)
		key := "expired/acme/onsite/thank-you/ken@acme.example"
		if !strings.Contains(o.asked(), key) || !strings.Contains(o.question(key).Text, c.words) {
			t.Errorf("at %s the questions are %q: %s", c.at, o.asked(), o.question(key).Text)
		}
		if o.delivery("thank-you").State != Expired {
			t.Errorf("at %s the thank-you is %s", c.at, o.delivery("thank-you").State)
		}
		skipped := cancel(o.delivery("thank-you"), CauseSkipped, "too late").Delivery
		o.store.set(skipped)
		o.attend("acme", c.at)
		if strings.Contains(o.asked(), key) {
			t.Errorf("the user skipped it, and the question stands: %s", o.asked())
		}
	}
}

// TestExpiredThanksSayWhatTheyWaitedFor: who reads that a mail was not sent reads
// why.
func TestExpiredThanksSayWhatTheyWaitedFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	if err := o.store.SetHold(Hold{Scope: ScopeApplication, Target: "acme", Source: "user", Reason: "you hold it", Set: paris("2026-11-23 18:00")}); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-24 09:30")
	o.attend("acme", "2026-11-26 09:30")
	text := o.question("expired/acme/onsite/thank-you/ken@acme.example").Text
	if !strings.Contains(text, "It waited: you hold it.") {
		t.Errorf("the question is %q", text)
	}
}

// TestExpiredThanksRepeatNoPassingWait: what kept a mail for a minute two days ago is
// not why it was not sent.
func TestExpiredThanksRepeatNoPassingWait(t *testing.T) {
	t.Parallel()
	for _, waited := range []string{"another note about the interview" + inThisMinute, "20 mails" + inThisHour} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		o.attend("acme", "2026-11-24 09:30")
		d := o.delivery("thank-you")
		d.WaitingFor = waited
		o.store.set(d)
		o.attend("acme", "2026-11-26 09:30")
		if text := o.question("expired/acme/onsite/thank-you/ken@acme.example").Text; strings.Contains(text, "It waited") || !strings.Contains(text, "was not sent") {
			t.Errorf("the question is %q", text)
		}
	}
}

// TestTheRateIsAskedAgainWhenThereIsRoom: also where a mail is asked for at the very
// instant at which it falls due. It is the third of four mails that makes room for
// a limit of two.
func TestTheRateIsAskedAgainWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Stored = Plan(&f, paris("2026-11-24 09:30"))
	f.Stored[0].State = Approved
	f.Policy.PerHour = 2
	f.SentLately = []time.Time{paris("2026-11-24 08:31"), paris("2026-11-24 08:40"), paris("2026-11-24 08:50"), paris("2026-11-24 09:20")}
	if next, want := f.Stored[0].nextWake(&f, paris("2026-11-24 09:30")), paris("2026-11-24 09:50").Add(time.Millisecond); !next.Equal(want) {
		t.Errorf("due at 09:30 and kept by the rate, it is looked at again at %s, want %s", next, want)
	}
}

// TestToldBeforeExpiry: what waits is told when it begins to wait, and again
// three hours before it is too late.
func TestToldBeforeExpiry(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.world.Policy.Review = ReviewAlways
	o.attend("acme", "2026-11-24 09:30")
	if n := len(o.told("review/")); n != 1 {
		t.Errorf("told %d times that a mail waits, want once", n)
	}
	o.attend("acme", "2026-11-26 06:29")
	if n := len(o.told("expires/")); n != 0 {
		t.Errorf("told %d times more than 3 hours before", n)
	}
	o.attend("acme", "2026-11-26 06:30")
	if n := len(o.told("expires/")); n != 1 {
		t.Errorf("told %d times 3 hours before it expires, want once", n)
	}
}

// TestFirstSeenTooLateAsks: a follow-up first seen 22 days late is over, and
// the user is asked.
func TestFirstSeenTooLateAsks(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-12-23 12:00")
	if d := o.delivery("follow-up-1"); d.State != Expired {
		t.Errorf("follow-up-1 is %s", d.State)
	}
	if !strings.Contains(o.asked(), "expired/acme/onsite/follow-up-1/ken@acme.example") {
		t.Errorf("the questions are %q", o.asked())
	}
}

// TestAnnounce: asking mail that no person approved is shown 18 hours before it
// leaves, with its text, and leaves only after it really was shown.
func TestAnnounce(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-11-30 15:59")
	if len(o.told("announce/")) != 0 {
		t.Errorf("announced more than 18 hours before")
	}
	o.attend("acme", "2026-11-30 16:00")
	told := o.told("announce/")
	if len(told) != 1 || !strings.Contains(told[0].Text, "afterword answered acme") || !strings.Contains(told[0].Text, "Tue 1 Dec 10:00") {
		t.Fatalf("announced %d times: %+v", len(told), told)
	}
	if ready := o.attend("acme", "2026-12-01 10:00"); len(ready) != 0 {
		t.Errorf("it may leave although it could not be shown")
	}
	d := o.delivery("follow-up-1")
	d.Announced = paris("2026-11-30 16:00")
	o.store.set(d)
	if ready := o.attend("acme", "2026-12-01 10:00"); len(ready) != 1 {
		t.Errorf("shown in time, and %d may leave: %s", len(ready), o.delivery("follow-up-1").WaitingFor)
	}
}

// TestShownBefore: a text that comes back after another one had taken its place
// counts as shown when it was, and the mail takes its slot by that at once.
func TestShownBefore(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-12-01 09:30")
	shown := o.told("announce/")[0]
	if err := o.store.Told(shown.ID, Telling{Shown: true, At: paris("2026-12-01 09:30")}, true); err != nil {
		t.Fatal(err)
	}
	says := func(text string) {
		a := f.Application
		a.Interviews = slices.Clone(a.Interviews)
		a.Interviews[0].Interviewers = slices.Clone(a.Interviews[0].Interviewers)
		a.Interviews[0].Interviewers[0].Said = text
		o.world.Applications = map[string]Application{"acme": a}
	}
	says("another thing")
	o.attend("acme", "2026-12-01 09:40")
	says(f.Application.Interviews[0].Interviewers[0].Said)
	o.attend("acme", "2026-12-01 09:50") // which looks a second time, and wants nothing to change
	if got := o.delivery("follow-up-1"); !got.Announced.Equal(paris("2026-12-01 09:30")) || !got.Slot.Equal(paris("2026-12-02 10:00")) {
		t.Errorf("shown on %s, it takes the slot of %s", got.Announced, got.Slot)
	}
	if n := len(o.told("announce/")); n != 2 {
		t.Errorf("%d announcements of two texts", n)
	}
}

// TestWantedAgainAfterItWasShown: a follow-up that was shown, cancelled because the
// file did not want it, and is wanted again, takes one slot and keeps it. Attending
// once more writes nothing (core seed 7002019343).
func TestWantedAgainAfterItWasShown(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-12-01 09:30")
	for n := range o.store.notices {
		if o.store.notices[n].Kind == noticeAnnounce {
			o.store.notices[n].Told = paris("2026-12-01 09:30")
		}
	}
	d := o.delivery("follow-up-1")
	d.Announced = paris("2026-12-01 09:30")
	o.store.set(d)
	closed := f.Application
	closed.Status = StatusClosed
	o.world.Applications["acme"] = closed
	o.attend("acme", "2026-12-01 09:50")
	if d := o.delivery("follow-up-1"); d.State != Cancelled {
		t.Fatalf("of a closed application it is %s", d.State)
	}
	o.world.Applications["acme"] = f.Application
	o.attend("acme", "2026-12-01 10:00")
	if d := o.delivery("follow-up-1"); d.State != Approved || !d.Due.Equal(paris("2026-12-02 10:00")) || !d.Announced.Equal(paris("2026-12-01 09:30")) {
		t.Errorf("wanted again it is %s, due %s, shown %s", d.State, d.Due, d.Announced)
	}
}

// TestNotAnnouncedWhileHeld: what does not leave at that time is not said to.
func TestNotAnnouncedWhileHeld(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*office){
		"hold":   func(o *office) { o.store.holds = []Hold{{Scope: ScopeEverything, Reason: "pause"}} },
		"limits": func(o *office) { o.world.Policy.Limits.PerApplication = 0 },
		"unknown": func(o *office) {
			a := o.world.Applications["acme"]
			a.Interviews[0].Status = InterviewPlanned
			o.world.Applications["acme"] = a
		},
	} {
		f := afterThanks(func(*Facts) {})
		o := newOffice(t, f)
		o.store.set(f.Stored[0])
		o.store.mails = f.Mails
		change(o)
		o.attend("acme", "2026-11-30 17:00")
		if n := len(o.told("announce/")); n != 0 {
			t.Errorf("%s: announced although it will not leave", name)
		}
	}
}

// TestLimitBecomesAQuestion when the mail would leave.
func TestLimitBecomesAQuestion(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(f *Facts) { f.Policy.Limits.PerApplication = 0 })
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-12-01 09:00")
	if o.asked() != "" {
		t.Errorf("asked too early: %s", o.asked())
	}
	o.attend("acme", "2026-12-01 10:00")
	if !strings.Contains(o.asked(), "gate/acme/onsite/follow-up-1") {
		t.Errorf("the questions are %q", o.asked())
	}
}

// TestOfferAsksAboutTheOthers in one question, which ends with the offer.
func TestOfferAsksAboutTheOthers(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Application.Status = StatusOffer
	o := newOffice(t, f)
	o.world.Applications["globex"] = Application{Stem: "globex", Company: "Globex", Status: StatusActive, Sequence: "default"}
	o.world.Applications["old"] = Application{Stem: "old", Company: "Initech", Status: StatusRejected, Sequence: "default"}
	o.attend("acme", "2026-11-24 08:00")
	if q := o.question("offer/acme").Text; !strings.Contains(q, "Globex (afterword hold globex)") || strings.Contains(q, "Initech") {
		t.Errorf("the question is %q", q)
	}
	a := o.world.Applications["acme"]
	a.Status = StatusActive
	o.world.Applications["acme"] = a
	o.attend("acme", "2026-11-24 08:10")
	if strings.Contains(o.asked(), "offer/") {
		t.Errorf("without an offer the questions are %q", o.asked())
	}
}

// TestMissedSlotsAreAsked: after two slots the late window or another hour is
// offered.
func TestMissedSlotsAreAsked(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(*Facts) {})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	o.attend("acme", "2026-11-30 16:00")
	d := o.delivery("follow-up-1")
	d.Announced = paris("2026-11-30 16:00")
	o.store.set(d)
	o.attend("acme", "2026-12-02 08:00") // the machine slept through Tuesday
	if d := o.delivery("follow-up-1"); !d.Due.Equal(paris("2026-12-02 10:00")) || d.Missed != 1 || o.asked() != "" {
		t.Errorf("after one missed slot: %s, missed %d, asked %q", line(d), d.Missed, o.asked())
	}
	o.attend("acme", "2026-12-02 19:00")
	if q := o.question("missed/acme/onsite/follow-up-1/ken@acme.example").Text; !strings.Contains(q, "MON-FRI 07:00-21:00") || !strings.Contains(q, "another hour") {
		t.Errorf("after two missed slots the questions are %q: %s", o.asked(), q)
	}
}

// TestGoneFile: a file that vanishes holds its mail, and cancels it after an
// hour; one that comes back in time changes nothing, and later plans anew.
func TestGoneFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.attend("acme", "2026-11-24 07:00")
	file := o.world.Applications["acme"]
	delete(o.world.Applications, "acme")
	if ready := o.attend("acme", "2026-11-24 09:30"); len(ready) != 0 {
		t.Errorf("mail of a file that is gone may leave")
	}
	if d := o.delivery("thank-you"); d.State.Open() != true || !strings.Contains(d.WaitingFor, "acme.yaml is gone") {
		t.Errorf("without its file the thank-you is %s and waits for %q", d.State, d.WaitingFor)
	}
	if wake, _ := o.store.Wake(); !wake.Equal(paris("2026-11-24 10:30")) {
		t.Errorf("looks again at %s, want an hour after the file vanished", wake)
	}
	o.attend("acme", "2026-11-24 10:29")
	if d := o.delivery("thank-you"); !d.State.Open() {
		t.Errorf("after 59 minutes the thank-you is %s", d.State)
	}
	o.world.Unread = "the folder cannot be read"
	o.attend("acme", "2026-11-24 10:30")
	if d := o.delivery("thank-you"); !d.State.Open() {
		t.Errorf("while the folder cannot be read the thank-you is %s", d.State)
	}
	o.world.Unread = ""
	o.attend("acme", "2026-11-24 10:31")
	if d := o.delivery("thank-you"); d.State != Cancelled || !strings.Contains(d.Why, "gone for an hour") {
		t.Errorf("after an hour the thank-you is %s: %s", d.State, d.Why)
	}
	o.world.Applications["acme"] = file
	if ready := o.attend("acme", "2026-11-24 11:00"); len(ready) != 1 {
		t.Errorf("the file is back, and %d mails may leave: %s", len(ready), line(o.delivery("thank-you")))
	}
}

// TestBrokenConfigChangesNothing: neither plan nor store move while config.yaml
// cannot be read.
func TestBrokenConfigChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.attend("acme", "2026-11-23 16:00")
	before := o.delivery("thank-you")
	o.world.Policy = Policy{Broken: "line 3: what is this"}
	if ready := o.attend("acme", "2026-11-24 09:30"); len(ready) != 0 {
		t.Errorf("mail may leave under a config that cannot be read")
	}
	if d := o.delivery("thank-you"); d.State != before.State || !d.Due.Equal(before.Due) || !strings.Contains(d.WaitingFor, "line 3") {
		t.Errorf("%s is %s, due %s, and waits for %q", d.Key, d.State, d.Due, d.WaitingFor)
	}
}

// TestRenamedFile: the same interview under another file name thanks nobody
// again, and the limits go on counting.
func TestRenamedFile(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(f *Facts) { f.sent("follow-up-1", "ken@acme.example", paris("2026-12-01 10:00")) })
	o := newOffice(t, f)
	o.store.mails = f.Mails
	delete(o.world.Applications, "acme")
	renamed := f.Application
	renamed.Stem = "acme-engineer"
	o.world.Applications["acme-engineer"] = renamed
	o.attend("acme-engineer", "2026-12-01 12:00")
	facts, err := LoadFacts(o.store, o.world, "acme-engineer", paris("2026-12-01 12:00"))
	if err != nil {
		t.Fatal(err)
	}
	if n := facts.asked(paris("2026-12-01 12:00")); n != 1 {
		t.Errorf("after the renaming %d asking mails count, want 1", n)
	}
	if _, err := o.store.Delivery("acme-engineer/onsite/thank-you/ken@acme.example"); err == nil {
		t.Errorf("a second thank-you is planned")
	}
}

// TestWakes: each delivery asks to be looked at when time alone may change it.
func TestWakes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	var got []string
	at := monday()
	for range 6 {
		if _, err := o.writers.attend(o.store, o.world, "acme", at); err != nil {
			t.Fatal(err)
		}
		at = o.store.wakeOf("acme/onsite/thank-you/ken@acme.example")
		if at.IsZero() {
			break
		}
		got = append(got, at.In(zone("Europe/Paris")).Format("Mon 15:04"))
	}
	// Its time, the end of its window, three hours before it expires, its end.
	if g := strings.Join(got, ", "); !strings.Contains(g, "Tue 09:30, Tue 18:00") || !strings.Contains(g, "Thu 06:30") || !strings.HasSuffix(g, "Thu 09:30") {
		t.Errorf("the thank-you is looked at %s", g)
	}
}

// TestNothingIsAnnouncedBeforeItHasATime: a mail that waits for the step before
// it is not shown as one that is about to leave, however it came to be approved.
func TestNothingIsAnnouncedBeforeItHasATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.attend("acme", "2026-11-23 16:00")
	d := o.delivery("follow-up-2")
	d.State = Approved
	if err := o.store.Put(d, d.Due); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-23 17:00")
	if told := o.told(noticeAnnounce); len(told) != 0 {
		t.Errorf("told before it has a time: %q", told[0].Subject)
	}
}
