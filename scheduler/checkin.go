package scheduler

import (
	"fmt"
	"time"

	"afterword/scheduler/calendar"
)

// stepCheckIn is the template, and the step, of the mail that ends a silence when
// nothing else is planned. Later ones of the same round get a number.
const stepCheckIn = "check-in"

// checkInAfter is how long a silence, with nothing planned, must last before a check-in
// is shown to the user. It is shorter for an application whose status is considered.
func checkInAfter(s Status) calendar.Span {
	if s == StatusConsidered {
		return calendar.Span{BusinessDays: 4}
	}
	return calendar.Span{BusinessDays: 7}
}

// checkIn plans a mail for an application that is still in play while nothing
// else is to leave, after a new silence. It always waits for the user.
func checkIn(f *Facts, rounds []Interview, wanted []Delivery, now time.Time) (Delivery, bool) {
	if len(rounds) == 0 || !stillInPlay(f, &rounds[len(rounds)-1], wanted, now) {
		return Delivery{}, false
	}
	p := newPlanner(f, &rounds[len(rounds)-1], now)
	p.last = true
	name, ok := p.checkInName()
	step := &Step{Name: name, Template: stepCheckIn, To: ToContact, Kind: Asking, After: checkInAfter(f.Application.Status), Cron: anyMinute()}
	to, moved, reachable := p.contact(step)
	if !ok || !reachable || f.asked(now) >= bound(f.Policy.Limits.PerApplication) || f.askedPerson(to, now) >= bound(f.Policy.Limits.PerPerson) {
		return Delivery{}, false
	}
	d := p.base(len(f.Policy.Sequences[f.Application.Sequence]), step, to)
	from, _ := p.earliest(&d, step, to, placeFor(&f.Policy, &f.Application, p.i, to))
	if now.Before(from) || p.forgotten(name, from) {
		return Delivery{}, false
	}
	_, what := p.silence()
	d.Personal = fmt.Sprintf("nothing is planned with %s since %s; a check-in would keep you in their minds", f.Application.Company, what)
	if f.Application.Status == StatusConsidered {
		d.Personal = f.Application.Company + " still considers you and nothing is planned; a check-in would keep you in their minds"
	}
	d.Personal = firstOf(moved, d.Personal)
	p.timeAsking(&d, step, to)
	return d, d.State == Planned
}

// mostCheckInSilence is how long after its time a check-in is still offered. Later
// nobody there remembers the candidate, and a file added years later is a record. The
// weekly summary still names the application.
const mostCheckInSilence = 90 * 24 * time.Hour

// forgotten reports whether the time of a check-in that was not shown to the user yet is
// long over. It never is for an application whose status is considered.
func (p *planner) forgotten(name string, from time.Time) bool {
	d, known := p.stepStored(name)
	return p.f.Application.Status != StatusConsidered && !(known && d.State.Open()) && p.now.Sub(from) > mostCheckInSilence
}

// stillInPlay reports whether the last round is over, nothing is to leave or in doubt,
// and nothing keeps the application waiting.
func stillInPlay(f *Facts, last *Interview, wanted []Delivery, now time.Time) bool {
	status := f.Application.Status
	if (status != StatusActive && status != StatusConsidered) || now.Before(last.End()) || !tookPlace(last) {
		return false
	}
	probe := Delivery{Application: f.Application.Stem, Kind: Asking, Began: last.At}
	for n := range f.Holds {
		if h := &f.Holds[n]; h.Covers(&probe, last.At, now) {
			return false
		}
	}
	for n := range wanted {
		if pending(f, &wanted[n]) {
			return false
		}
	}
	for n := range f.Stored {
		d := &f.Stored[n]
		if (d.State.Open() && d.Interview == "") || d.State.InFlight() || d.State == InDoubt {
			return false
		}
	}
	return true
}

// checkInName is the name of the next check-in: the open one, or a new one if they wrote
// since the last one was settled. A check-in that the user skipped stays skipped until
// then.
func (p *planner) checkInName() (string, bool) {
	heard := p.f.heard(p.f.Application.Stem, p.now)
	for n := 1; n <= HardLimit; n++ {
		name := stepCheckIn
		if n > 1 {
			name = fmt.Sprintf("%s-%d", stepCheckIn, n)
		}
		d, known := p.stepStored(name)
		if !known || d.State.Open() || (d.State == Cancelled && (d.Cause.Undone() || d.Cause == CauseDead)) {
			return name, true
		}
		if d.State != Cancelled && !d.SentAt.Before(heard) || d.Cause == CauseSkipped && !d.Due.Before(heard) {
			return "", false
		}
	}
	return "", false
}

// stepStored returns the newest delivery of a step of this round, to whomever.
func (p *planner) stepStored(name string) (*Delivery, bool) {
	found := &Delivery{}
	for n := range p.f.Stored {
		d := &p.f.Stored[n]
		if d.Interview == p.i.ID && d.Step == name && (found.Key == "" || d.State.Open()) {
			found = d
		}
	}
	return found, found.Key != ""
}
