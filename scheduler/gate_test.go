package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// dueNow is an approved delivery of a step that is due, with facts that let it
// go.
func dueNow(step string) (Facts, Delivery, time.Time) {
	f, now := acme(onsite(person("Ken"))), paris("2026-11-24 09:30")
	if step != "thank-you" {
		f, now = afterThanks(func(*Facts) {}), paris("2026-12-01 10:00")
	}
	for _, d := range Plan(&f, now) {
		if d.Step == step {
			d.State, d.ByPerson = Approved, true
			return f, d, now
		}
	}
	panic("no such step: " + step)
}

// gateCase is one thing that keeps a due mail, or does not.
type gateCase struct {
	name, step string
	change     func(f *Facts, d *Delivery, now *time.Time)
	why        string // "" means that it may leave
	asks       bool
}

// askedAt is a mail that asked Ken.
func askedAt(at time.Time) Mail {
	return Mail{MessageID: "<asked>", Application: "acme", Outgoing: true, Asking: true, Person: "ken@acme.example", At: at}
}

// longAgo is after the interview, and more than a gap before 1 December.
func longAgo() time.Time { return paris("2026-11-23 15:00") }

// filesAndPeople: what files, holds and the status of an application keep.
func filesAndPeople() []gateCase {
	return []gateCase{
		{"thanks", "thank-you", func(*Facts, *Delivery, *time.Time) {}, "", false},
		{"a follow-up", "follow-up-1", func(*Facts, *Delivery, *time.Time) {}, "", false},
		{"broken config", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Policy.Broken = "line 3" }, "config.yaml cannot be read: line 3", false},
		{"broken file", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Broken = "line 3" }, "its interview file cannot be read", false},
		{"paused", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Status = StatusPaused }, "its file says paused", false},
		{"closed", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Status = StatusClosed }, "the application is closed", false},
		{"closed, but queued by hand", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			f.Application.Status, d.Interview = StatusRejected, ""
		}, "", false},
		{"an offer keeps asking mail", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Status = StatusOffer }, "there is an offer", false},
		{"an offer lets thanks go", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Status = StatusOffer }, "", false},
		{"expired", "thank-you", func(_ *Facts, d *Delivery, now *time.Time) { d.Expires = *now }, "its time ended", false},
		{"every mail is to be seen", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			f.Policy.Review, d.ByPerson = ReviewAlways, false
		}, "you want to see every mail first", false},
		{"every mail is to be seen, and this one was", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			f.Policy.Review, d.ByPerson = ReviewAlways, true
		}, "", false},
		{"its reader left the file", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			d.To.Email = "gone@acme.example"
		}, "its file does not name gone@acme.example any more", false},
		{"its reader left the file, queued", "thank-you", func(_ *Facts, d *Delivery, _ *time.Time) {
			d.To.Email, d.Interview = "gone@acme.example", ""
		}, "its file does not name gone@acme.example any more", true},
		{"its reader's address is not sure any more", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			f.Application.Interviews[0].Interviewers[0].Guessed, d.Interview = true, ""
		}, "its file calls ken@acme.example a guess", true},
		{"its reader has another address now", "thank-you", func(f *Facts, d *Delivery, _ *time.Time) {
			p := &f.Application.Interviews[0].Interviewers[0]
			p.Email, p.Aliases = "ken.osei@acme.example", []string{d.To.Email}
		}, "", false},
	}
}

// hourCases: what the hour keeps, and the meeting.
func hourCases() []gateCase {
	return []gateCase{
		{"too early", "thank-you", func(_ *Facts, _ *Delivery, now *time.Time) { *now = now.Add(-time.Second) }, "it is due on Tue 24 Nov 09:30 CET", false},
		{"set aside", "thank-you", func(_ *Facts, d *Delivery, now *time.Time) { d.RetryAt = now.Add(time.Minute) }, "it could not be made", false},
		{"deferred", "thank-you", func(_ *Facts, d *Delivery, now *time.Time) {
			d.RetryAt, d.Failures, d.LastAnswer = now.Add(time.Minute), 1, "450 4.2.0 greylisted"
		}, "the last attempt was deferred: 450 4.2.0 greylisted; it is tried again on", false},
		{"no turn yet", "follow-up-1", func(_ *Facts, d *Delivery, _ *time.Time) { d.Due = time.Time{} }, "the step before it", false},
		{"unknown meeting", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Interviews[0].Status = InterviewPlanned }, "it is not known whether", false},
		{"unknown meeting, asking", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.Interviews[0].Status = InterviewPlanned }, "it is not known whether", false},
		{"still talking", "thank-you", func(f *Facts, d *Delivery, now *time.Time) {
			f.Application.Interviews[0].At, d.SendNow = *now, true
		}, "the interview has not ended yet", false},
		{"late, in the late window", "thank-you", func(_ *Facts, _ *Delivery, now *time.Time) { *now = paris("2026-11-24 20:59") }, "", false},
		{"late, in the night", "thank-you", func(_ *Facts, _ *Delivery, now *time.Time) { *now = paris("2026-11-24 21:00") }, "outside the hours", false},
		{"a slot of today is open until the window closes", "follow-up-1", func(_ *Facts, _ *Delivery, now *time.Time) { *now = paris("2026-12-01 17:59") }, "", false},
		{"asking mail has no late window", "follow-up-1", func(_ *Facts, _ *Delivery, now *time.Time) { *now = paris("2026-12-01 19:00") }, "outside the hours", false},
		{"unless it missed two slots and the user says so", "follow-up-1", func(_ *Facts, d *Delivery, now *time.Time) {
			*now, d.Missed, d.SendNow = paris("2026-12-01 19:00"), 2, true
		}, "", false},
		{"a holiday", "follow-up-1", func(_ *Facts, _ *Delivery, now *time.Time) { *now = paris("2026-12-25 10:00") }, "outside the hours", false},
	}
}

// askingCases: what keeps asking mail by its day, or until the user saw it.
func askingCases() []gateCase {
	return []gateCase{
		{"quiet", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Policy.Quiet = append(f.Policy.Quiet, yearly("12-01..12-02"))
		}, "asking mail rests", false},
		{"their promise", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) { f.Application.DecisionBy = date("2026-11-30") }, "they promised to decide by Mon 30 Nov", false},
		{"no probe yet", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) { f.Unproven = true }, "was not yet seen arriving", false},
		{"no probe yet, thanks", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) { f.Unproven = true }, "", false},
		{"not shown yet", "follow-up-1", func(_ *Facts, d *Delivery, _ *time.Time) { d.ByPerson = false }, "it was not yet shown to you", false},
		{"shown too late", "follow-up-1", func(_ *Facts, d *Delivery, now *time.Time) {
			d.ByPerson, d.Announced = false, now.Add(-17*time.Hour)
		}, "leaves 18 h later at the earliest", false},
		{"shown in time", "follow-up-1", func(_ *Facts, d *Delivery, now *time.Time) { d.ByPerson, d.Announced = false, now.Add(-18*time.Hour) }, "", false},
		{"review: never shows nothing", "follow-up-1", func(f *Facts, d *Delivery, _ *time.Time) { d.ByPerson, f.Policy.Review = false, ReviewNever }, "", false},
	}
}

// boundCases: what limits, doubt and the rate keep.
func boundCases() []gateCase {
	return []gateCase{
		{"one for the application", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Policy.Limits.PerApplication = 1
			f.Mails = append(f.Mails, askedAt(longAgo()))
		}, "the limit for one application", true},
		{"one that bounced counts for nothing", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Policy.Limits.PerApplication = 1
			m := askedAt(longAgo())
			m.Failed = true
			f.Mails = append(f.Mails, m)
		}, "", false},
		{"they wrote since", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Policy.Limits.PerApplication = 1
			f.Mails = append(f.Mails, askedAt(longAgo()))
			f.heardFrom("mara@acme.example", "human", longAgo().Add(time.Hour))
		}, "", false},
		{"one for the person, elsewhere", "follow-up-1", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Policy.Limits.PerPerson = 1
			m := askedAt(longAgo())
			m.Application = "other"
			f.Elsewhere = append(f.Elsewhere, m)
		}, "the limit for one person", true},
		{"the gap", "follow-up-1", func(f *Facts, _ *Delivery, now *time.Time) {
			f.Mails = append(f.Mails, askedAt(now.Add(-6*24*time.Hour)))
		}, "7 days must lie between two", false},
		{"the gap, somebody else at the company", "follow-up-1", func(f *Facts, _ *Delivery, now *time.Time) {
			m := askedAt(now.Add(-6 * 24 * time.Hour))
			m.Application, m.Person, m.Company = "other", "zoe@acme.example", "ACME"
			f.Elsewhere = append(f.Elsewhere, m)
		}, "7 days must lie between two", false},
		{"in doubt", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Doubted = []Delivery{{Key: "k", To: Recipient{Email: "KEN@acme.example"}}}
		}, "an earlier mail to KEN@acme.example is in doubt", false},
		{"in doubt, under an older address", "thank-you", func(f *Facts, _ *Delivery, _ *time.Time) {
			f.Doubted = []Delivery{{Key: "k", Company: "Acme", To: Recipient{Name: "Ken Osei", Email: "old@acme.example"}}}
		}, "is in doubt", false},
		{"another of its panel in this minute", "thank-you", beside("onsite", Sent, 59*time.Second), "another note about the interview", false},
		{"another of its panel in the minute before", "thank-you", beside("onsite", Sent, -time.Second), "", false},
		{"another of its panel that may have left", "thank-you", beside("onsite", InDoubt, 30*time.Second), "another note about the interview", false},
		{"another of its panel that was claimed in the minute before, and may have left in this one", "thank-you", beside("onsite", InDoubt, -20*time.Second), "another note about the interview", false},
		{"another of its panel that left before this minute, if it did", "thank-you", beside("onsite", InDoubt, -61*time.Second), "", false},
		{"another of its panel that did not leave", "thank-you", beside("onsite", Refused, 30*time.Second), "", false},
		{"one of another round", "thank-you", beside("phone", Sent, 30*time.Second), "", false},
		{"thanks do not keep what asks", "follow-up-1", beside("onsite", Sent, 30*time.Second), "", false},
		{"the rate", "thank-you", func(f *Facts, _ *Delivery, now *time.Time) { f.SentLately = slices.Repeat([]time.Time{*now}, 20) }, "20 mails left within the hour already", false},
	}
}

// beside is a note to Mara that was claimed at a moment of the minute in which Ken's is
// to leave.
func beside(round string, state State, at time.Duration) func(*Facts, *Delivery, *time.Time) {
	return func(f *Facts, _ *Delivery, now *time.Time) {
		claimed := now.Truncate(time.Minute).Add(at)
		*now = now.Truncate(time.Minute).Add(59 * time.Second)
		f.Stored = append(f.Stored, Delivery{Key: "acme/" + round + "/thank-you/mara@acme.example", Application: "acme", Interview: round, Step: "thank-you", Kind: Owed,
			To: Recipient{Name: "Mara Osei", Email: "mara@acme.example"}, State: state, ClaimedAt: claimed})
	}
}

// TestGate opens for mail that nothing keeps, and names what keeps the rest.
func TestGate(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(filesAndPeople(), hourCases(), askingCases(), boundCases()) {
		f, d, now := dueNow(c.step)
		c.change(&f, &d, &now)
		v := Gate(&f, &d, now)
		if v.Open != (c.why == "") || !strings.Contains(v.Why, c.why) || v.Ask != c.asks {
			t.Errorf("%s: the gate says %+v, want %q (asks: %v)", c.name, v, c.why, c.asks)
		}
		if !v.Until.IsZero() && !v.Until.After(now) {
			t.Errorf("%s: the gate is to be asked again at %s, which is not after %s", c.name, v.Until, now)
		}
	}
}

// TestHardLimit: no setting allows a fourth unanswered mail.
func TestHardLimit(t *testing.T) {
	t.Parallel()
	f, d, now := dueNow("follow-up-1")
	f.Policy.Limits.PerApplication, f.Policy.Limits.PerPerson = 99, 99
	for n := range HardLimit + 1 {
		if v := Gate(&f, &d, now); v.Open != (n < HardLimit) {
			t.Errorf("with %d unanswered mails the gate says %+v", n, v)
		}
		f.Mails = append(f.Mails, Mail{MessageID: fmt.Sprint(n), Outgoing: true, Asking: true, Person: "ken@acme.example", At: paris("2026-11-23 15:00").Add(time.Duration(n) * time.Minute)})
	}
}

// TestHolds: a hold keeps what it covers: everything, an application, a person
// in all applications, one delivery; only asking mail, only earlier rounds.
func TestHolds(t *testing.T) {
	t.Parallel()
	f, d, now := dueNow("thank-you")
	for _, c := range []struct {
		name string
		hold Hold
		open bool
	}{
		{"everything", Hold{Scope: ScopeEverything}, false},
		{"the application", Hold{Scope: ScopeApplication, Target: "acme"}, false},
		{"another application", Hold{Scope: ScopeApplication, Target: "globex"}, true},
		{"the person", Hold{Scope: ScopePerson, Target: "ken@acme.example"}, false},
		{"another person", Hold{Scope: ScopePerson, Target: "mara@acme.example"}, true},
		{"the delivery", Hold{Scope: ScopeDelivery, Target: d.Key}, false},
		{"asking mail only", Hold{Scope: ScopeEverything, Asking: true}, true},
		{"rounds before it", Hold{Scope: ScopeEverything, Before: paris("2026-11-23 15:00")}, false},
		{"earlier rounds", Hold{Scope: ScopeEverything, Before: paris("2026-11-23 14:00")}, true},
		{"until later", Hold{Scope: ScopeEverything, Until: now.Add(time.Hour)}, false},
		{"until now", Hold{Scope: ScopeEverything, Until: now}, true},
	} {
		c.hold.Reason = "because of " + c.name
		f.Holds = []Hold{c.hold}
		v := Gate(&f, &d, now)
		if v.Open != c.open || (!c.open && (v.Why != c.hold.Reason || !v.Until.Equal(c.hold.Until))) {
			t.Errorf("%s: the gate says %+v", c.name, v)
		}
	}
	until := func(hours int, why string) Hold {
		return Hold{Scope: ScopeEverything, Reason: why, Until: now.Add(time.Duration(hours) * time.Hour)}
	}
	f.Holds = []Hold{until(2, "for two hours"), until(9, "for nine hours"), until(3, "for three hours")}
	if v := Gate(&f, &d, now); v.Why != "for nine hours" {
		t.Errorf("of three holds the gate names %q", v.Why)
	}
	f.Holds = append(f.Holds, Hold{Scope: ScopePerson, Target: "ken@acme.example", Reason: "for good"}, until(99, "for days"))
	if v := Gate(&f, &d, now); v.Why != "for good" || !v.Until.IsZero() {
		t.Errorf("beside a hold without an end the gate says %+v", v)
	}
}
