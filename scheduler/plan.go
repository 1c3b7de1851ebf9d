package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plan says which deliveries the files want for one application, each with its due time
// and the reason for it. State Cancelled marks one that was considered and is not
// wanted, with the cause; Expired, one that would be too late from the start. Plan is
// pure: the same facts and time give the same plan.
func Plan(f *Facts, now time.Time) []Delivery {
	if f.broken() != "" {
		return nil
	}
	rounds := f.rounds()
	wanted := make([]Delivery, 0, f.most(rounds))
	var notes []note
	besides := f.besides(now)
	for n := range rounds {
		p := newPlanner(f, &rounds[n], now)
		p.last, p.notes, p.besides = n == len(rounds)-1, notes, besides
		if !p.last {
			p.next = &rounds[n+1]
		}
		wanted = p.round(wanted)
		notes = p.notes
	}
	if d, ok := checkIn(f, rounds, wanted, now); ok {
		wanted = append(wanted, d)
	}
	return wanted
}

// most is how many deliveries a plan may have.
func (f *Facts) most(rounds []Interview) int {
	all := 1 // a check-in
	for n := range rounds {
		for _, step := range f.Policy.Sequences[f.Application.Sequence] {
			all++
			if step.To == ToInterviewers {
				all += len(rounds[n].Interviewers) - 1
			}
		}
	}
	return max(all, 1)
}

// planner plans the deliveries of one interview.
type planner struct {
	f       *Facts
	i       *Interview
	next    *Interview // the round after this one, unless last
	last    bool
	now     time.Time
	taken   []time.Time // minutes that a mail of the round has
	names   []string    // keys that the round has
	notes   []note      // thanks that are still to leave, of this round and earlier ones
	done    time.Time   // when the steps so far are expected to have left
	asks    time.Time   // the same of those that ask
	ready   bool        // the steps so far are settled
	asked   []Person    // whom the steps so far are still to ask
	besides []*Delivery // about to leave, and no step waits for them
}

// note is a thank-you that is still to leave.
type note struct {
	to    *Person
	round *Interview
	due   time.Time
}

// newPlanner marks the minutes taken by stored mail of the interview, so that an added
// note gets a free one.
func newPlanner(f *Facts, i *Interview, now time.Time) *planner {
	p := &planner{f: f, i: i, now: now, ready: true}
	for n := range f.Stored {
		if d := &f.Stored[n]; d.Interview == i.ID && !d.Due.IsZero() && d.State != Cancelled {
			p.take(d.Due)
		}
	}
	return p
}

func (p *planner) take(t time.Time) { p.taken = append(p.taken, t.Truncate(time.Minute)) }

func (p *planner) isTaken(t time.Time) bool {
	return slices.ContainsFunc(p.taken, t.Truncate(time.Minute).Equal)
}

// round adds the steps of one interview to the plan, in their order.
func (p *planner) round(all []Delivery) []Delivery {
	steps := p.f.Policy.Sequences[p.f.Application.Sequence]
	for n := range steps {
		before := len(all)
		if step := &steps[n]; step.Kind != Asking {
			all = p.owed(all, n, step)
		} else {
			all = p.asking(all, n, step)
		}
		for k := range all[before:] {
			d := &all[before+k]
			if words := noLead(&p.f.Application, p.i, &steps[n]); words != "" && d.State == Planned && !strings.Contains(d.Reason, words) {
				d.Reason += "; " + words
			}
			p.follow(d)
		}
	}
	return all
}

// follow records a delivery for the steps after it, which wait for it. The note that
// asks the recruiter to pass thanks on waits for the user and delays nothing else.
func (p *planner) follow(d *Delivery) {
	if d.Step == stepPassOn || !pending(p.f, d) {
		return
	}
	p.ready = false
	at := p.f.expected(p.merged(d), p.now)
	if at.After(p.done) {
		p.done = at
	}
	if d.Kind == Asking && at.After(p.asks) {
		p.asks = at
	}
}

// merged is a delivery of the plan with what is stored of it.
func (p *planner) merged(d *Delivery) *Delivery {
	s, known := p.f.stored(d.Key)
	if !known || !s.State.Open() {
		return d
	}
	m := *s
	m.Due, m.Expected, m.Expires, m.SendNow = d.Due, d.Expected, d.Expires, d.SendNow
	return &m
}

// pending reports whether a wanted delivery is still to be done: neither sent nor
// settled in another way.
func pending(f *Facts, d *Delivery) bool {
	if d.State != Planned {
		return false
	}
	stored, known := f.stored(d.Key)
	s := stored.State
	return !known || s.Open() || s.InFlight() || s == InDoubt || (s == Cancelled && stored.Cause.Undone()) || movedBehind(stored, d.Began)
}

// isSettled reports whether the stored delivery is final: it left, was refused, or ended
// for a reason that the files cannot undo. It then keeps its times, and nothing more is
// worked out for it.
func (p *planner) isSettled(d *Delivery) bool {
	s, known := p.f.stored(d.Key)
	switch {
	case !known || s.State == Cancelled && s.Cause.Undone() || movedBehind(s, d.Began):
		return false
	case s.State.Open() || s.State.InFlight() || s.State == InDoubt:
		return false // it may still leave, or have to be waited for
	}
	d.Slot, d.Due, d.FirstDue, d.Expires, d.Reason = s.Slot, s.Due, s.FirstDue, s.Expires, s.Reason
	return true
}

// base is a delivery with everything that does not depend on time.
func (p *planner) base(n int, step *Step, to *Person) Delivery {
	a := &p.f.Application
	return Delivery{
		Key:         Key(a.Stem, p.i.ID, step.Name, to.Email),
		Application: a.Stem, Company: a.Company, Interview: p.i.ID, Step: step.Name, StepIndex: n, Kind: step.Kind,
		To: Recipient{Name: to.Name, Email: to.Email}, Template: firstOf(to.Templates[step.Name], step.Template), State: Planned,
		Began: p.i.At, Zone: zoneFor(&p.f.Policy, a, p.i, to).String(),
	}
}

// unwanted marks a delivery as considered and not wanted.
func (d *Delivery) unwanted(cause Cause, why string) {
	d.State, d.Cause, d.Why = Cancelled, cause, why
}

// isOver reports whether the application is over, and marks the delivery as unwanted if
// so.
func (p *planner) isOver(d *Delivery) bool {
	s := p.f.Application.Status
	if s.Over() {
		d.unwanted(CauseClosed, "the application is "+string(s))
	}
	return s.Over()
}

// owed adds a thank-you step to the plan: one note to each interviewer, and one note
// that asks the recruiter to pass thanks on to those without an address.
func (p *planner) owed(ds []Delivery, n int, step *Step) []Delivery {
	var unreachable []Person
	people := p.recipients(step)
	for rank := range people {
		to := &people[rank]
		if to.Skip == "" && !to.Reachable() {
			unreachable = append(unreachable, *to)
			continue
		}
		ds = append(ds, p.base(n, step, to))
		d := &ds[len(ds)-1]
		d.Rank = rank
		switch reason := p.reasonNotToThank(to); {
		case reason != "":
			d.unwanted(CauseSkipped, "your reason not to thank "+to.Name+": "+reason)
		case p.isNew(d.Key):
			p.ownNote(d, step, to, len(people))
		default: // two entries with one address are one person
			ds = ds[:len(ds)-1]
		}
	}
	if len(unreachable) > 0 {
		ds = append(ds, p.passOn(n, step, unreachable)...)
	}
	return ds
}

// isNew reports whether the key is new to the interview's plan, and records it.
func (p *planner) isNew(key string) bool {
	if slices.Contains(p.names, key) {
		return false
	}
	p.names = append(p.names, key)
	return true
}

// reasonNotToThank is what the file gives for the meeting, "" if nothing. It counts for the
// recruiter too, if the recruiter is the interviewer of whom it is said.
func (p *planner) reasonNotToThank(to *Person) string {
	for n := range p.i.Interviewers {
		if q := &p.i.Interviewers[n]; q.Skip != "" && samePerson(q, to) {
			return q.Skip
		}
	}
	return to.Skip
}

// ownNote decides about the thank-you to one person who can be reached.
func (p *planner) ownNote(d *Delivery, step *Step, to *Person, panel int) {
	if p.isSettled(d) || p.isOver(d) {
		return
	}
	if m, ok := p.f.thanked(to, p.i, d.Key); ok {
		d.unwanted(CauseThanked, fmt.Sprintf("%s was already written to on %s, and nobody is thanked twice", to.Name, calendarDay(m.At, p.i.Zone)))
		return
	}
	if e, ok := p.willBeThanked(to); ok {
		// It stays true where that note never leaves.
		d.unwanted(CauseSuperseded, fmt.Sprintf("one note to %s is meant for this interview too, that about %s of %s; nobody is thanked twice",
			to.Name, TheInterview(e.round.ID), calendarDay(e.round.At, e.round.Zone)))
		return
	}
	if s, ok := p.declined(d, to); ok {
		d.unwanted(s.Cause, declinedWords(s))
		return
	}
	if dead := p.f.deadAddress(to.Email, d.Key); dead != "" {
		d.unwanted(CauseUnwanted, dead)
		return
	}
	switch {
	case p.f.wroteFirst(to, p.i):
		d.Personal = to.Name + " wrote first, so the note becomes an answer"
	case p.passedOn(to):
		d.Personal = fmt.Sprintf("the recruiter was asked to pass your thanks on to %s; a note of its own comes on top of that", to.Name)
	}
	if s, ok := p.thankedForGone(to); ok {
		d.Personal = firstOf(d.Personal, fmt.Sprintf("%s got a note on %s about %s, which the file names no more; if this is the same meeting, skip this one",
			to.Name, calendarDay(s.SentAt, p.i.Zone), TheInterview(s.Interview)))
	}
	p.timeOwed(d, step, to, panel)
	if pending(p.f, d) {
		p.notes = append(p.notes, note{to: to, round: p.i, due: d.Due})
	}
}

// willBeThanked reports whether another planned note thanks the person for this
// interview too: one that leaves after the interview began, from another step or from an
// earlier round of the same day. A note about a meeting that may not have taken place
// does not replace one about a meeting that did.
func (p *planner) willBeThanked(to *Person) (note, bool) {
	for _, e := range p.notes {
		if samePerson(e.to, to) && !e.due.Before(p.i.At) && (happened(e.round, e.to) || !happened(p.i, to)) {
			return e, true
		}
	}
	return note{}, false
}

// asking adds a follow-up step to the plan: one mail to the contact, if it is not
// planned already.
func (p *planner) asking(all []Delivery, n int, step *Step) []Delivery {
	to, moved, ok := p.contact(step)
	d := p.base(n, step, to)
	switch {
	case !ok:
		d.unwanted(CauseUnwanted, moved)
	case !p.isNew(d.Key):
		return all
	}
	all = append(all, d)
	if ok {
		p.ask(&all[len(all)-1], n, step, to, moved)
	}
	return all
}

// ask decides about the follow-up to a contact who can be reached.
func (p *planner) ask(d *Delivery, n int, step *Step, to *Person, moved string) {
	if p.isSettled(d) {
		return
	}
	d.Personal = moved
	if step.Template == templateFollowUp && p.i.Debrief.BetterAnswer != "" && to.Templates[step.Name] == "" {
		d.Template = templateFollowUpAnswer
	}
	if p.isOver(d) {
		return
	}
	if !p.last {
		d.unwanted(CauseSuperseded, fmt.Sprintf("a later interview (%s, %s) takes its place", p.next.ID, calendarDay(p.next.At, p.next.Zone)))
		return
	}
	if p.settledBefore(d, n, to) {
		return
	}
	d.Personal = firstOf(d.Personal, p.afterAnAnswer())
	p.timeAsking(d, step, to)
	p.settleAsking(d)
	if d.State != Planned {
		return
	}
	if words := p.f.beyond(to, p.asked, p.now); words != "" {
		d.WaitingFor = words
	}
	if pending(p.f, d) {
		p.asked = append(p.asked, *to)
	}
}

// afterAnAnswer says why what asks is to be seen first, "" if nobody answered. Under
// `cancel` the answer of an interviewer has ended it already, but not one that came while
// the user wanted `restart`; what a colleague wrote is done with when the user resumes.
func (p *planner) afterAnAnswer() string {
	m, ok := p.f.answeredBy(p.i)
	restarts := p.f.Policy.Replies.Interviewer == ReplyRestarts
	if !ok || !restarts && m.Person != "" && !p.f.Application.anybody(func(q *Person) bool { return p.f.isWith(m, q) }) {
		return ""
	}
	said := fmt.Sprintf("%s answered on %s", firstOf(m.Name, m.Person, "somebody there"), calendarDay(m.At, p.i.Zone))
	if restarts {
		said += ", so it was planned anew"
	}
	return said
}

// settledBefore marks a follow-up as unwanted if its step was done, declined or answered
// before, perhaps under another name or address.
func (p *planner) settledBefore(d *Delivery, n int, to *Person) bool {
	if by, ok := p.stepDone(n, d.Key); ok {
		d.unwanted(CauseUnwanted, "this step was already settled with "+by.with)
		return true
	}
	if s, ok := p.declined(d, to); ok {
		d.unwanted(s.Cause, declinedWords(s))
		return true
	}
	m, ok := p.answered(d)
	if ok {
		d.unwanted(CauseAnswered, fmt.Sprintf("%s answered on %s", firstOf(m.Name, m.Person, "somebody there"), calendarDay(m.At, p.i.Zone)))
	}
	return ok
}

// The templates that a step of the name follow-up stands for.
const (
	templateFollowUp       = "follow-up"
	templateFollowUpAnswer = "follow-up-answer"
)

func calendarDay(t time.Time, zone *time.Location) string {
	if zone != nil {
		t = t.In(zone)
	}
	return t.Format("Mon 2 Jan 2006")
}
