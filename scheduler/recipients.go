package scheduler

import (
	"fmt"
	"strings"
)

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

// The template and step of the note that asks to pass the thanks on.
const stepPassOn = "pass-on"

// passOn plans the one note of a round to the recruiter about people without
// an address. It names them all, and waits for the user.
func (p *planner) passOn(n int, step Step, people []Person) []Delivery {
	names := listNames(people)
	none := p.base(n, step, Person{Name: names})
	r := p.f.Application.Recruiter
	if step.To != ToInterviewers || r == nil || !r.Reachable() {
		return []Delivery{unwanted(none, CauseUnwanted, "no sure address is known for "+names+", and there is nobody who could pass the thanks on")}
	}
	note := step
	note.Name, note.Template = stepPassOn, stepPassOn
	d := p.base(n, note, *r)
	if p.names[d.Key] {
		return nil
	}
	p.names[d.Key] = true
	d.Personal = fmt.Sprintf("no sure address is known for %s, so %s is asked to pass the thanks on", names, r.Name)
	if d, over := p.overOr(d); over {
		return []Delivery{d}
	}
	_, was := p.f.thanked(*r, p.i, d.Key)
	if _, will := p.willBeThanked(*r); was || will {
		why := fmt.Sprintf("no sure address is known for %s, and %s, who could pass the thanks on, gets a note already", names, r.Name)
		return []Delivery{unwanted(d, CauseSuperseded, why)}
	}
	return []Delivery{p.timeOwed(d, step, *r, 1)}
}

// passedOn reports whether the recruiter was asked to thank this person, whose
// address became known only later.
func (p *planner) passedOn(to Person) bool {
	for _, d := range p.f.Stored {
		if d.Interview == p.i.ID && d.Step == stepPassOn && (d.State == Sent || d.State == InDoubt || d.State.InFlight()) &&
			to.Name != "" && strings.Contains(d.Text.Body, to.Name) {
			return true
		}
	}
	return false
}

// listNames writes names as a sentence does.
func listNames(people []Person) string {
	var names []string
	for _, q := range people {
		names = append(names, firstOf(q.Name, q.Email, "somebody"))
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// contact is whom an asking step goes to. Where the contact's address is not
// known or leads nowhere the step moves on to the next person, which the user
// must approve; moved says why. Where nobody is left it says that.
func (p *planner) contact(step Step) (to Person, moved string, ok bool) {
	order := p.recipients(step)
	if step.To == ToContact {
		order = append(order, p.i.Interviewers...)
	}
	if len(order) == 0 {
		return Person{}, "the file names nobody to write to", false
	}
	for _, c := range order {
		dead := p.f.deadAddress(c.Email, "")
		switch {
		case !c.Reachable():
			moved = firstOf(moved, "no sure address is known for "+c.Name)
		case dead != "":
			moved = firstOf(moved, dead)
		default:
			if moved != "" {
				moved += ", so it goes to " + c.Name
			}
			return c, moved, true
		}
	}
	return order[0], moved + ", and there is nobody else to write to", false
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
