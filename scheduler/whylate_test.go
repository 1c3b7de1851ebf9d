package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A hold that ends before the time of a follow-up delays neither its announcement nor
// its leaving: the plan said that it leaves then.
func TestHoldThatEndsBeforeItsTime(t *testing.T) {
	t.Parallel()
	for until, announced := range map[string]int{"2026-12-01 00:00": 1, "2026-12-01 12:00": 0, "": 0} {
		f := afterThanks(func(*Facts) {})
		o := newOffice(t, f)
		o.store.set(f.Stored[0])
		o.store.mails = f.Mails
		h := Hold{Scope: ScopeApplication, Target: "acme", Source: "user", Reason: "you hold it", Set: paris("2026-11-25 18:00")}
		if until != "" {
			h.Until = paris(until)
		}
		if err := o.store.SetHold(h); err != nil {
			t.Fatal(err)
		}
		o.attend("acme", "2026-11-30 10:30")
		o.attend("acme", "2026-11-30 16:00")
		if n := len(o.told("announce/")); n != announced {
			t.Errorf("held until %q it was announced %d times, want %d: %s", until, n, announced, line(o.delivery("follow-up-1")))
		}
	}
}

// Whoever asks why a mail was not sent in time reads what it waited for; one that waited
// for nothing would have left if the program had run.
func TestExpiredSaysWhyNotInTime(t *testing.T) {
	t.Parallel()
	for _, held := range []bool{false, true} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		if held {
			if err := o.store.SetHold(Hold{Scope: ScopeApplication, Target: "acme", Source: "user", Reason: "you hold it", Set: paris("2026-11-23 18:00")}); err != nil {
				t.Fatal(err)
			}
		}
		o.attend("acme", "2026-11-23 20:00")
		o.attend("acme", "2026-11-27 20:00") // nobody looked after it meanwhile
		d, want := o.delivery("thank-you"), "it was to leave by Thu 26 Nov 09:30 CET at the latest; the program did not run when it could have left, or this machine was off or asleep"
		if held {
			want = "it was to leave by Thu 26 Nov 09:30 CET at the latest; it waited: you hold it"
		}
		if d.State != Expired || d.Why != want {
			t.Errorf("held: %t: it is %s, since %q, want %q", held, d.State, d.Why, want)
		}
	}
}

// Whoever asks why a mail left later than its time reads what it waited for until then.
func TestWaitThatEndedIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	if err := o.store.SetHold(Hold{Scope: ScopeApplication, Target: "acme", Source: "user", Reason: "you hold it", Set: paris("2026-11-23 18:00"), Until: paris("2026-11-24 12:00")}); err != nil {
		t.Fatal(err)
	}
	waited := func() string {
		n := slices.IndexFunc(o.store.events, func(e Event) bool { return e.What == "waited" })
		if n < 0 {
			return ""
		}
		return o.store.events[n].Why
	}
	o.attend("acme", "2026-11-23 20:00")
	o.attend("acme", "2026-11-24 11:00")
	if got := waited(); got != "" {
		t.Errorf("it still waits, and the story says %q", got)
	}
	ready := o.attend("acme", "2026-11-24 12:00")
	if got := waited(); len(ready) != 1 || got != "since its time, Tue 24 Nov 09:30 CET: you hold it" {
		t.Errorf("%d may leave, and the story says %q", len(ready), got)
	}
	d := o.delivery("thank-you")
	d.Attempt = 1
	if got := attemptWords(&d, paris("2026-11-24 12:00")); got != "attempt 1; its time was Tue 24 Nov 09:30 CET" {
		t.Errorf("it leaves as %q", got)
	}
	if got := attemptWords(&d, paris("2026-11-24 09:31")); got != "attempt 1" {
		t.Errorf("on time it leaves as %q", got)
	}
}

// A mail whose time ends before the hours for mail open again is not said to wait for
// them alone.
func TestTimeEndsBeforeTheWindowOpens(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	d := planned(t, f, monday(), "thank-you")
	d.State, d.Due, d.Expires = Approved, paris("2026-11-27 09:30"), paris("2026-11-29 09:30")
	for at, says := range map[string]bool{"2026-11-27 22:00": true, "2026-11-26 22:00": false} {
		now := paris(at)
		d.Due = now.Add(-12 * time.Hour)
		v := Gate(&f, &d, now)
		if v.Open || strings.Contains(v.Why, "its time is over before that, on Sun 29 Nov 09:30 CET") != says {
			t.Errorf("at %s: %q", at, v.Why)
		}
	}
}
