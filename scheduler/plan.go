package scheduler

import (
	"fmt"
	"time"

	"afterword/scheduler/calendar"
)

// Plan says which deliveries the files want for one application, each with its
// due time and its reason. A delivery in the state cancelled is one that was
// considered and is not wanted, with the cause; expired, one that comes too
// late to begin with. Plan is pure: the same facts give the same plan.
func Plan(f Facts, now time.Time) []Delivery {
	if f.Application.Broken != "" {
		return nil
	}
	var wanted []Delivery
	rounds := f.rounds()
	for n, i := range rounds {
		p := planner{f: f, i: i, now: now, last: n == len(rounds)-1, taken: map[time.Time]bool{}}
		if !p.last {
			p.next = rounds[n+1]
		}
		wanted = append(wanted, p.round()...)
	}
	return wanted
}

// planner plans one interview.
type planner struct {
	f     Facts
	i     Interview
	next  Interview // the round after this one, unless last
	last  bool
	now   time.Time
	taken map[time.Time]bool // minutes that a note of the round has
	done  time.Time          // when the steps so far are expected to have left
	ready bool               // the steps so far are settled
}

// round plans the steps of one interview, in their order.
func (p *planner) round() []Delivery {
	var all []Delivery
	p.ready = true
	for n, step := range p.f.Policy.Sequences[p.f.Application.Sequence] {
		var ds []Delivery
		if step.Kind == Asking {
			ds = p.asking(n, step)
		} else {
			ds = p.owed(n, step)
		}
		for _, d := range ds {
			p.note(d)
		}
		all = append(all, ds...)
	}
	return all
}

// note takes a planned delivery into account for the steps after it.
func (p *planner) note(d Delivery) {
	stored, known := p.f.stored(d.Key)
	switch {
	case d.Step == stepPassOn || d.State != Planned:
		return
	case !known || stored.State.Open() || stored.State.InFlight():
		p.ready = false
		if at := d.when(); at.After(p.done) {
			p.done = at
		}
	}
}

// when is the due time, or the expected one while the due time waits.
func (d Delivery) when() time.Time {
	if d.Due.IsZero() {
		return d.Expected
	}
	return d.Due
}

// base fills in what does not depend on time.
func (p *planner) base(n int, step Step, to Person) Delivery {
	a := p.f.Application
	template := step.Template
	if own := to.Templates[step.Name]; own != "" {
		template = own
	}
	return Delivery{
		Key:         Key(a.Stem, p.i.ID, step.Name, to.Email),
		Application: a.Stem, Company: a.Company, Interview: p.i.ID, Step: step.Name, StepIndex: n, Kind: step.Kind,
		To: Recipient{Name: to.Name, Email: to.Email}, Template: template, State: Planned,
		Began: p.i.At, Zone: zoneFor(p.f.Policy, a, p.i, to).String(),
	}
}

// unwanted marks a delivery as considered and not wanted.
func unwanted(d Delivery, cause Cause, why string) Delivery {
	d.State, d.Cause, d.Why = Cancelled, cause, why
	return d
}

// recipients are the people of an owed step, in the order of the file.
func (p *planner) recipients(step Step) []Person {
	switch step.To {
	case ToInterviewers:
		return p.i.Interviewers
	case ToRecruiter:
		if p.f.Application.Recruiter != nil {
			return []Person{*p.f.Application.Recruiter}
		}
		return nil
	case ToLead:
		for _, person := range p.i.Interviewers {
			if person.Lead {
				return []Person{person}
			}
		}
	}
	if c, ok := p.f.Application.Contact(p.i); ok {
		return []Person{c}
	}
	return nil
}

// owed plans an owed step: one note for each interviewer, and one note that
// asks the recruiter to pass the thanks on to those without an address.
func (p *planner) owed(n int, step Step) []Delivery {
	var ds []Delivery
	var unreachable []Person
	people := p.recipients(step)
	p.reserve(step, people)
	for rank, to := range people {
		d := p.base(n, step, to)
		d.Rank = rank
		switch {
		case to.Skip != "":
			ds = append(ds, unwanted(d, CauseSkipped, "your reason not to thank "+to.Name+": "+to.Skip))
		case !to.Reachable():
			unreachable = append(unreachable, to)
		default:
			ds = append(ds, p.ownNote(d, step, to))
		}
	}
	if len(unreachable) > 0 {
		ds = append(ds, p.passOn(n, step, unreachable))
	}
	return ds
}

// ownNote is the note to one person who can be reached.
func (p *planner) ownNote(d Delivery, step Step, to Person) Delivery {
	if d, over := p.overOr(d); over {
		return d
	}
	if m, ok := p.f.thanked(to, p.i, d.Key); ok {
		return unwanted(d, CauseThanked, fmt.Sprintf("%s was already written to on %s", to.Name, calendarDay(m.At, p.i.Zone)))
	}
	if p.f.wroteFirst(to, p.i) {
		d.Personal = to.Name + " wrote first, so the note becomes an answer"
	}
	return p.timeOwed(d, step, to)
}

// overOr says why nothing of the application is wanted any more, if so.
func (p *planner) overOr(d Delivery) (Delivery, bool) {
	if s := p.f.Application.Status; s.Over() {
		return unwanted(d, CauseClosed, "the application is "+string(s)), true
	}
	return d, false
}

// reserve marks the minutes that stored notes of the round have already, so
// that a note that is added finds a free one.
func (p *planner) reserve(step Step, people []Person) {
	for _, to := range people {
		key := Key(p.f.Application.Stem, p.i.ID, step.Name, to.Email)
		if d, ok := p.f.stored(key); ok && !d.Due.IsZero() && d.State != Cancelled {
			p.taken[d.Due.Truncate(time.Minute)] = true
		}
	}
}

// The template and step of the note that asks to pass the thanks on.
const stepPassOn = "pass-on"

// passOn plans the one note to the recruiter about people without an address.
func (p *planner) passOn(n int, step Step, people []Person) Delivery {
	names := people[0].Name
	for _, q := range people[1:] {
		names += ", " + q.Name
	}
	r := p.f.Application.Recruiter
	if r == nil || !r.Reachable() {
		d := p.base(n, step, Person{Name: names})
		return unwanted(d, CauseUnwanted, "no address is known for "+names+", and there is no recruiter who could pass the thanks on")
	}
	note := step
	note.Name, note.Template = stepPassOn, stepPassOn
	d := p.base(n, note, *r)
	d.Personal = "no address is known for " + names + "; the recruiter is asked to pass the thanks on"
	if d, over := p.overOr(d); over {
		return d
	}
	return p.timeOwed(d, step, *r)
}

// asking plans an asking step: one mail to the contact.
func (p *planner) asking(n int, step Step) []Delivery {
	to, moved, ok := p.contact(step)
	if !ok {
		return nil
	}
	d := p.base(n, step, to)
	d.Personal = moved
	if step.Template == templateFollowUp && p.i.Debrief.BetterAnswer != "" && to.Templates[step.Name] == "" {
		d.Template = templateFollowUpAnswer
	}
	if d, over := p.overOr(d); over {
		return []Delivery{d}
	}
	if !p.last {
		why := fmt.Sprintf("a later interview (%s, %s) takes its place", p.next.ID, calendarDay(p.next.At, p.next.Zone))
		return []Delivery{unwanted(d, CauseSuperseded, why)}
	}
	if by, ok := p.stepDone(step, d.Key); ok {
		return []Delivery{unwanted(d, CauseUnwanted, "this step was already settled with "+by.To.Email)}
	}
	return []Delivery{p.timeAsking(d, step, to)}
}

// The templates that a step of the name follow-up stands for.
const (
	templateFollowUp       = "follow-up"
	templateFollowUpAnswer = "follow-up-answer"
)

// contact is whom an asking step goes to. An address that is known to be dead
// passes the step on to the next person, which a person must approve.
func (p *planner) contact(step Step) (Person, string, bool) {
	dead := map[string]bool{}
	for _, d := range p.f.Stored {
		if d.State == Bounced || d.Cause == CauseDead {
			dead[NormalAddress(d.To.Email)] = true
		}
	}
	var order []Person
	if step.To == ToContact {
		if c, ok := p.f.Application.Contact(p.i); ok {
			order = append([]Person{c}, p.i.Interviewers...)
		}
	} else {
		order = p.recipients(step)
	}
	moved := ""
	for _, c := range order {
		switch {
		case !c.Reachable():
			moved = fmt.Sprintf("no sure address is known for %s", c.Name)
		case dead[NormalAddress(c.Email)]:
			moved = fmt.Sprintf("mail to %s came back", c.Email)
		default:
			return c, moved, true
		}
	}
	return Person{}, "", false
}

// stepDone reports whether an asking step of this interview was already
// settled with somebody else: no second person is asked in its place.
func (p *planner) stepDone(step Step, key string) (Delivery, bool) {
	for _, d := range p.f.Stored {
		if d.Interview != p.i.ID || d.Step != step.Name || d.Key == key {
			continue
		}
		settled := d.State == Sent || d.State.InFlight() || d.State == InDoubt ||
			(d.State == Cancelled && !d.Cause.Undone() && d.Cause != CauseDead)
		if settled {
			return d, true
		}
	}
	return Delivery{}, false
}

func calendarDay(t time.Time, zone *time.Location) string {
	if zone != nil {
		t = t.In(zone)
	}
	return t.Format("Mon 2 Jan 2006")
}

// anyMinute is the cron line of a step that may leave at any time of an open
// window.
func anyMinute() calendar.Cron {
	c, err := calendar.ParseCron("* * * * *")
	if err != nil {
		panic("parsing a constant cron line: " + err.Error())
	}
	return c
}
