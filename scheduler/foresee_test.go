package scheduler

import (
	"strings"
	"testing"
	"time"
)

// TestLateThanksMoveWhatFollows: a follow-up is foretold from when late thanks can leave, not
// from when they should have left.
func TestLateThanksMoveWhatFollows(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	for _, c := range []struct{ at, want string }{
		{"2026-11-24 09:00", "Tue 1 Dec 10:00"}, // in time
		{"2026-11-25 18:30", "Wed 2 Dec 10:00"}, // at once
		{"2026-11-25 22:00", "Wed 2 Dec 10:00"}, // at seven in the morning
	} {
		d := planned(t, f, paris(c.at), "follow-up-1")
		if got := d.Expected.Format("Mon 2 Jan 15:04"); got != c.want || !d.Due.IsZero() {
			t.Errorf("with thanks that are still here on %s the follow-up is foretold for %s, want %s", c.at, got, c.want)
		}
	}
}

// TestQueuedMovesWhatFollows: what the user queued and approved counts for the steps that come
// after it before it has left; what waits for them does not.
func TestQueuedMovesWhatFollows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state State
		want  string
	}{
		{Approved, "Thu 3 Dec 10:00"}, // seven days after it
		{Review, "Tue 1 Dec 10:00"},
	} {
		f := afterThanks(func(f *Facts) {
			queued := Delivery{Key: Key("acme", "", stepCheckIn, "ken@acme.example"), Application: "acme", Step: stepCheckIn, Template: stepCheckIn, Kind: Asking,
				To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: c.state, ByPerson: true, Began: paris("2026-11-23 14:00"), Due: paris("2026-11-26 09:00"), Zone: "Europe/Paris"}
			f.Stored = append(f.Stored, queued)
		})
		if got := planned(t, f, paris("2026-11-25 12:00"), "follow-up-1"); got.Due.Format("Mon 2 Jan 15:04") != c.want {
			t.Errorf("beside a check-in in %s: %s, want %s", c.state, line(got), c.want)
		}
	}
}

// TestEndOfAHoldMovesNothing: the user was told when the mail leaves. A hold that ends within
// the hours of a slot does not let it leave before that.
func TestEndOfAHoldMovesNothing(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(f *Facts) {
		f.Holds = []Hold{{Scope: ScopePerson, Target: "ken@acme.example", Reason: "wait", Until: paris("2026-12-02 15:00")}}
	})
	for at, held := range map[string]string{"2026-12-01 12:00": "it is on hold until", "2026-12-02 15:30": "it was on hold until"} {
		d := planned(t, f, paris(at), "follow-up-1")
		if got := d.Due.Format("Mon 2 Jan 15:04"); got != "Thu 3 Dec 10:00" || !strings.Contains(d.Reason, held) {
			t.Errorf("on %s it leaves on %s: %s", at, got, d.Reason)
		}
	}
}

// TestPlanSaysWhatKeepsAStep: a step waits for the one before it, and for whatever else nobody
// but the user takes away.
func TestPlanSaysWhatKeepsAStep(t *testing.T) {
	t.Parallel()
	hold := func(until time.Time) func(*Facts) {
		return func(f *Facts) {
			f.Holds = []Hold{{Scope: ScopeApplication, Target: "acme", Asking: true, Reason: "Robin Vale wrote", Until: until}}
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string
	}{
		{"nothing else", func(*Facts) {}, waitsForStep},
		{"a hold", hold(time.Time{}), "Robin Vale wrote"},
		{"a hold that ends", hold(paris("2026-11-26 00:00")), waitsForStep},
		{"an offer", func(f *Facts) { f.Application.Status = StatusOffer }, "there is an offer"},
	} {
		f := with(acme(onsite(person("Ken"))), c.change)
		for _, d := range preview(&f, monday()) {
			if d.Step == "follow-up-1" && d.WaitingFor != c.want {
				t.Errorf("with %s it waits %q, want %q", c.name, d.WaitingFor, c.want)
			}
		}
	}
}

// TestPlanSaysThatItIsToBeShown: an asking mail that nobody approved is shown first, and may
// miss its time for that.
func TestPlanSaysThatItIsToBeShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ shown, at, want string }{
		{"", "2026-11-30 15:00", ""},
		{"", "2026-11-30 20:00", "to be shown to you; it leaves 18 h after that at the earliest"},
		{"2026-11-30 15:00", "2026-11-30 20:00", ""},
		{"2026-11-30 20:00", "2026-11-30 20:01", "it was shown to you on Mon 30 Nov 20:00 CET and leaves 18 h later at the earliest"},
	} {
		f := afterThanks(func(*Facts) {})
		f = reconciled(t, f, paris("2026-11-25 12:00"))
		for n := range f.Stored {
			if d := &f.Stored[n]; c.shown != "" && d.Step == "follow-up-1" {
				d.State, d.Announced = Approved, paris(c.shown)
			}
		}
		for _, d := range preview(&f, paris(c.at)) {
			if d.Step == "follow-up-1" && d.WaitingFor != c.want {
				t.Errorf("on %s, shown on %q, it waits %q, want %q", c.at, c.shown, d.WaitingFor, c.want)
			}
		}
	}
}

// TestTooLateForItsHours: what waits for hours that begin after its time says so.
func TestTooLateForItsHours(t *testing.T) {
	t.Parallel()
	f, d, _ := dueNow("thank-you")
	d.Expires = paris("2026-11-29 09:30")
	for at, want := range map[string]bool{"2026-11-27 22:00": true, "2026-11-26 22:00": false} {
		if v := Gate(&f, &d, paris(at)); v.Open || strings.HasSuffix(v.Why, "; its time is over before that, on Sun 29 Nov 09:30 CET") != want {
			t.Errorf("on %s the gate says %+v", at, v)
		}
	}
}

// TestClockSetBackBeforeTheAnswer: a mail left after it was claimed, whatever the clock says by
// then; thanks would else count as given before the meeting.
func TestClockSetBackBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	o, s := atWork(t)
	if _, err := s.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	d, _ := o.store.Delivery(kensNote)
	d.State, d.ClaimedAt = Sending, paris("2026-11-24 09:30")
	for _, state := range []State{Sending, HandedOver} {
		d.State = state
		if err := o.store.Put(d, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := settleSent(o.store, d, ActorServer, "250 ok", paris("2026-11-23 13:00")); err != nil {
		t.Fatal(err)
	}
	if got, _ := o.store.Delivery(kensNote); !got.SentAt.Equal(d.ClaimedAt) || !o.store.mails[0].At.Equal(d.ClaimedAt) {
		t.Errorf("it was claimed on %s, and left on %s", d.ClaimedAt, got.SentAt)
	}
}
