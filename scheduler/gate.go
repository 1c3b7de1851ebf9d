package scheduler

import (
	"fmt"
	"time"

	"afterword/scheduler/calendar"
)

// Verdict is the gate's answer about one approved delivery.
type Verdict struct {
	Open    bool      // it may leave now, after a last look
	Why     string    // what keeps it, in words
	Until   time.Time // when to ask again; zero: when something changes
	Expired bool      // its time is over
	Ask     bool      // only the user can go on: it becomes a question
}

// Gate decides whether an approved delivery may leave at now. Nothing skips
// it, neither a wish to send at once nor a retry.
func Gate(f Facts, d Delivery, now time.Time) Verdict {
	rules := []func(Facts, Delivery, time.Time) (Verdict, bool){
		gateFiles, gateStatus, gateExpiry, gateHolds, gateDoubt, gatePeople, gateTime, gateAsking, gateWindow, gateRate,
	}
	for _, rule := range rules {
		if v, stop := rule(f, d, now); stop {
			return v
		}
	}
	return Verdict{Open: true}
}

// gateFiles keeps everything of a file that cannot be read.
func gateFiles(f Facts, d Delivery, _ time.Time) (Verdict, bool) {
	if f.Policy.Broken != "" {
		return Verdict{Why: "config.yaml cannot be read: " + f.Policy.Broken}, true
	}
	if f.Application.Broken != "" {
		return Verdict{Why: "its interview file cannot be read: " + f.Application.Broken}, true
	}
	return Verdict{}, false
}

// gateStatus obeys the status that the user gave the application.
func gateStatus(f Facts, d Delivery, _ time.Time) (Verdict, bool) {
	switch s := f.Application.Status; {
	case s == StatusPaused:
		return Verdict{Why: "its file says paused"}, true
	case s == StatusOffer && d.Kind == Asking:
		return Verdict{Why: "there is an offer"}, true
	case s.Over():
		return Verdict{Why: "the application is " + string(s)}, true
	}
	return Verdict{}, false
}

// gateExpiry ends what comes too late.
func gateExpiry(_ Facts, d Delivery, now time.Time) (Verdict, bool) {
	if !d.Expires.IsZero() && !now.Before(d.Expires) {
		return Verdict{Expired: true, Why: "its time ended on " + moment(d.Expires, d.Zone)}, true
	}
	return Verdict{}, false
}

// gateHolds obeys every hold, and says whose it is.
func gateHolds(f Facts, d Delivery, now time.Time) (Verdict, bool) {
	for _, h := range f.Holds {
		if h.Covers(d, d.Began, now) {
			return Verdict{Why: h.Reason, Until: h.Until}, true
		}
	}
	return Verdict{}, false
}

// gateDoubt keeps later mail to a person while an earlier one is in doubt.
func gateDoubt(f Facts, d Delivery, _ time.Time) (Verdict, bool) {
	if f.Doubted[NormalAddress(d.To.Email)] {
		return Verdict{Why: "an earlier mail to " + d.To.Email + " is in doubt; settle it with `afterword resolve`"}, true
	}
	return Verdict{}, false
}

// gatePeople looks at the person whatever the key says: nobody is thanked twice.
func gatePeople(f Facts, d Delivery, _ time.Time) (Verdict, bool) {
	i, ok := f.Application.Interview(d.Interview)
	if d.Kind != Owed || !ok || d.SendNow && d.Personal != "" {
		return Verdict{}, false
	}
	p := personOf(f.Application, i, d)
	if m, thanked := f.thanked(p, i, d.Key); thanked {
		return Verdict{Why: fmt.Sprintf("%s was already written to on %s", d.To.Name, moment(m.At, d.Zone)), Ask: true}, true
	}
	return Verdict{}, false
}

// gateTime keeps what is not due, and what waits after a deferral.
func gateTime(_ Facts, d Delivery, now time.Time) (Verdict, bool) {
	switch {
	case d.Due.IsZero():
		return Verdict{Why: "it waits for the step before it"}, true
	case now.Before(d.Due):
		return Verdict{Why: "it is due on " + moment(d.Due, d.Zone), Until: d.Due}, true
	case now.Before(d.RetryAt):
		return Verdict{Why: "the server asked to wait until " + moment(d.RetryAt, d.Zone), Until: d.RetryAt}, true
	}
	return Verdict{}, false
}

// gateAsking keeps the limits of asking mail, and shows it to the user first.
func gateAsking(f Facts, d Delivery, now time.Time) (Verdict, bool) {
	if d.Kind != Asking {
		return Verdict{}, false
	}
	i, _ := f.Application.Interview(d.Interview)
	address := NormalAddress(d.To.Email)
	lim := f.Policy.Limits
	switch {
	case !tookPlace(i):
		return Verdict{Why: "it is not known whether the interview took place", Ask: true}, true
	case f.asked(now) >= min(lim.PerApplication, HardLimit):
		return Verdict{Why: fmt.Sprintf("%d mails that ask are unanswered already, the limit for one application", f.asked(now)), Ask: true}, true
	case f.askedPerson(address, now) >= min(lim.PerPerson, HardLimit):
		return Verdict{Why: fmt.Sprintf("%d mails that ask %s are unanswered already, the limit for one person", f.askedPerson(address, now), d.To.Name), Ask: true}, true
	}
	if last := f.lastAsked(address); !last.IsZero() {
		place := placeFor(f.Policy, f.Application, i, Person{})
		if next := place.Add(last, lim.Gap); now.Before(next) {
			return Verdict{Why: fmt.Sprintf("less than %s since the last mail that asked", lim.Gap.Words()), Until: next}, true
		}
	}
	return gateAnnounced(f, d, now)
}

// gateAnnounced gives the user the time to object to asking mail that no
// person approved.
func gateAnnounced(f Facts, d Delivery, now time.Time) (Verdict, bool) {
	if !needsAnnouncing(f.Policy, d) {
		return Verdict{}, false
	}
	if d.Announced.IsZero() {
		return Verdict{Why: "it was not yet shown to you"}, true
	}
	if from := d.Announced.Add(f.Policy.Announce); now.Before(from) {
		return Verdict{Why: fmt.Sprintf("it was shown to you on %s and leaves %s later at the earliest", moment(d.Announced, d.Zone), f.Policy.Announce), Until: from}, true
	}
	return Verdict{}, false
}

// gateWindow keeps mail inside the hours of the recipient. Owed mail whose slot
// found the machine off may use the wider window.
func gateWindow(f Facts, d Delivery, now time.Time) (Verdict, bool) {
	i, _ := f.Application.Interview(d.Interview)
	place := placeFor(f.Policy, f.Application, i, personOf(f.Application, i, d))
	if place.InWindow(now) {
		return Verdict{}, false
	}
	if d.Kind == Owed {
		if closed, ok := place.OpenUntil(d.Due); !ok || !now.Before(closed) {
			place = lateWindow(f.Policy, place)
		}
		if place.InWindow(now) {
			return Verdict{}, false
		}
	}
	next, err := place.NextOpen(now)
	if err != nil {
		return Verdict{Why: err.Error(), Ask: true}, true
	}
	return Verdict{Why: "outside the hours for mail at " + d.To.Name + "'s place", Until: next}, true
}

// gateRate keeps to the mails per hour.
func gateRate(f Facts, _ Delivery, now time.Time) (Verdict, bool) {
	if n := f.Policy.PerHour; n > 0 && f.SentLately >= n {
		return Verdict{Why: fmt.Sprintf("%d mails left within the hour already", f.SentLately), Until: now.Add(time.Minute)}, true
	}
	return Verdict{}, false
}

// personOf finds the delivery's person in the files, for their zone and
// aliases.
func personOf(a Application, i Interview, d Delivery) Person {
	for _, p := range i.Interviewers {
		if NormalAddress(p.Email) == NormalAddress(d.To.Email) {
			return p
		}
	}
	for _, p := range a.People() {
		if NormalAddress(p.Email) == NormalAddress(d.To.Email) {
			return p
		}
	}
	return Person{Name: d.To.Name, Email: d.To.Email}
}

// moment writes a time for people, at the place that the zone names.
func moment(t time.Time, zone string) string {
	if loc, err := calendar.LoadZone(zone); err == nil {
		t = t.In(loc)
	}
	return t.Format("Mon 2 Jan 15:04 MST")
}
