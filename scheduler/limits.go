package scheduler

import (
	"fmt"
	"slices"
	"time"
)

// The limits on asking mail: so many unanswered ones per application and per person, and
// a gap between any two. Mail that bounced or was refused does not count; mail that the
// user sent by hand does.

// bound is the effective limit: a file can only make it stricter.
func bound(limit int) int { return min(limit, HardLimit) }

// isAsking reports whether the message is asking mail that may have been read.
func (m *Mail) isAsking() bool { return m.Outgoing && m.Asking && !m.Failed }

// heard is when anybody of an application last wrote or was met, as far as the facts of
// this application reach.
func (f *Facts) heard(stem string, now time.Time) time.Time {
	var at time.Time
	later := func(t time.Time) {
		if t.After(at) {
			at = t
		}
	}
	rounds, mails := f.Application.Interviews, f.Mails
	if stem != f.Application.Stem {
		rounds, mails = f.All[stem].Interviews, f.Elsewhere
	}
	for n := range rounds {
		i := &rounds[n]
		if i.Status != InterviewCancelled && tookPlace(i) && !i.End().After(now) {
			later(i.End())
		}
	}
	for n := range mails {
		m := &mails[n]
		if !m.Outgoing && m.Speaks() && (stem == f.Application.Stem || m.Application == stem) {
			later(m.At)
		}
	}
	return at
}

// beyond says why a mail to the person would exceed a limit even if nobody replies to
// the mails planned before it; "" if the limits allow it. Before are the people whom
// those ask.
func (f *Facts) beyond(to *Person, before []Person, now time.Time) string {
	lim, person := f.Policy.Limits, 0
	for n := range before {
		if samePerson(&before[n], to) {
			person++
		}
	}
	if words := beyondWords(f.asked(now)+len(before), bound(lim.PerApplication), f.Application.Company); words != "" {
		return words
	}
	return beyondWords(f.askedPerson(to, now)+person, bound(lim.PerPerson), to.Name)
}

// inLine says what a stored step is waiting for if its turn has not come.
func (f *Facts) inLine(d *Delivery, now time.Time) string {
	i, _ := f.Application.round(d.Interview)
	var before []Person
	for n := range f.Stored {
		s := &f.Stored[n]
		if s.Kind == Asking && s.State.Open() && s.Interview == d.Interview && s.StepIndex < d.StepIndex {
			before = append(before, *personOf(&f.Application, i, s))
		}
	}
	return firstOf(f.beyond(personOf(&f.Application, i, d), before, now), waitsForStep)
}

// beyondWords says why one more mail after n unanswered ones is too many.
func beyondWords(n, limit int, whom string) string {
	switch {
	case n < limit:
		return ""
	case limit <= 0:
		return unansweredWords(0, whom)
	}
	return fmt.Sprintf("for an answer: this would be unanswered mail number %d that asks %s, and your limits allow %d", n+1, whom, limit)
}

// asked counts the unanswered asking mails of this application.
func (f *Facts) asked(now time.Time) int {
	heard := f.heard(f.Application.Stem, now)
	var asked []string // one mail may ask several people
	for n := range f.Mails {
		if m := &f.Mails[n]; m.isAsking() && m.At.After(heard) && !slices.Contains(asked, m.MessageID) {
			asked = append(asked, m.MessageID)
		}
	}
	return len(asked)
}

// askedPerson counts the unanswered asking mails to one person in all applications. A
// mail counts as answered when the person wrote in any application, or anybody wrote in
// its own.
func (f *Facts) askedPerson(p *Person, now time.Time) int {
	var spoke time.Time
	for _, m := range f.allMails() {
		if !m.Outgoing && m.Speaks() && m.At.After(spoke) && f.isWith(m, p) {
			spoke = m.At
		}
	}
	var heard map[string]time.Time
	var asked []string
	for k, m := range f.allMails() {
		stem := m.Application
		if k < len(f.Mails) {
			stem = f.Application.Stem
		}
		if !m.isAsking() || !m.At.After(spoke) || !f.isWith(m, p) {
			continue
		}
		if heard == nil {
			heard = map[string]time.Time{}
		}
		if _, known := heard[stem]; !known {
			heard[stem] = f.heard(stem, now)
		}
		if m.At.After(heard[stem]) && !slices.Contains(asked, m.MessageID) {
			asked = append(asked, m.MessageID)
		}
	}
	return len(asked)
}

// lastAsked is the newest asking mail to the person or to anyone of the
// company, in any application: the gap counts from it.
func (f *Facts) lastAsked(p *Person) time.Time {
	var at time.Time
	for k, m := range f.allMails() {
		if m.isAsking() && m.At.After(at) && (k < len(f.Mails) || f.sameCompany(m.Company) || f.isWith(m, p)) {
			at = m.At
		}
	}
	return at
}
