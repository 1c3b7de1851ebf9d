package scheduler

import (
	"fmt"
	"slices"
	"strings"
)

// recipients are the people of an owed step, in the order of the file.
func (p *planner) recipients(step *Step) []Person {
	switch step.To {
	case ToInterviewers:
		return p.i.Interviewers
	case ToRecruiter:
		if p.f.Application.Recruiter != nil {
			return []Person{*p.f.Application.Recruiter}
		}
		return nil
	case ToLead:
		for n := range p.i.Interviewers {
			if p.i.Interviewers[n].Lead {
				return p.i.Interviewers[n : n+1]
			}
		}
	}
	if c, ok := p.f.Application.Contact(*p.i); ok {
		return []Person{c}
	}
	return nil
}

// noLead says whom a step for the lead goes to where no interviewer is marked as one, "" where
// one is or there is nobody.
func noLead(a *Application, i *Interview, step *Step) string {
	if step.To != ToLead || slices.ContainsFunc(i.Interviewers, func(q Person) bool { return q.Lead }) {
		return ""
	}
	c, ok := a.Contact(*i)
	if !ok {
		return ""
	}
	return fmt.Sprintf("no interviewer of %s is marked lead, so it goes to %s", i.ID, firstOf(c.Name, c.Email))
}

// WithoutLead says of the steps for the lead, in the interviews that still count, where no
// interviewer is marked as one. It is no fault: the contact gets them.
func WithoutLead(pol *Policy, a *Application) []string {
	var all []string
	steps := pol.Sequences[a.Sequence]
	for n := range a.Interviews {
		for k := range steps {
			words := noLead(a, &a.Interviews[n], &steps[k])
			if words != "" && !a.Status.Over() && a.Broken == "" && a.Interviews[n].Status != InterviewCancelled {
				all = append(all, fmt.Sprintf("%s, %s: %s", a.Stem, steps[k].Name, words))
			}
		}
	}
	return all
}

// stepPassOn is the template and the step of the note that asks the recruiter to pass
// thanks on.
const stepPassOn = "pass-on"

// passOn plans the one note of a round to the recruiter about people without
// an address. It names them all, and waits for the user.
func (p *planner) passOn(n int, step *Step, people []Person) []Delivery {
	names := listNames(people)
	r := p.f.Application.Recruiter
	if nobody := p.cannotPassOn(step, people); nobody != "" {
		none := p.base(n, step, &Person{Name: names})
		none.unwanted(CauseUnwanted, fmt.Sprintf("no sure address is known for %s, and %s; give it: %s",
			names, nobody, addressWays(ShellWord(p.f.Application.Stem), people)))
		return []Delivery{none}
	}
	note := *step
	note.Name, note.Template = stepPassOn, stepPassOn
	d := p.base(n, &note, r)
	if !p.isNew(d.Key) {
		return nil
	}
	d.Personal = fmt.Sprintf("no sure address is known for %s, so %s is asked to pass the thanks on", names, r.Name)
	_, was := p.f.thanked(r, p.i, d.Key)
	_, will := p.willBeThanked(r)
	switch {
	case p.isOver(&d):
	case was:
		d.unwanted(CauseSuperseded, fmt.Sprintf("no sure address is known for %s, and %s, who could pass the thanks on, got a note already", names, r.Name))
	case will:
		d.unwanted(CauseSuperseded, fmt.Sprintf("no sure address is known for %s, and another note is meant for %s, who could pass the thanks on", names, r.Name))
	default:
		p.timeOwed(&d, step, r, 1)
	}
	return []Delivery{d}
}

// cannotPassOn says why the recruiter cannot be asked to thank these people, "" if that
// is possible.
func (p *planner) cannotPassOn(step *Step, people []Person) string {
	r := p.f.Application.Recruiter
	switch {
	case step.To != ToInterviewers || r == nil || !r.Reachable():
		return "there is nobody who could pass the thanks on"
	case slices.ContainsFunc(people, func(q Person) bool { return samePerson(&q, r) }):
		return r.Name + ", who could pass the thanks on, is meant"
	}
	if why := p.f.deadAddress(r.Email, ""); why != "" {
		return r.Name + " cannot pass the thanks on: " + why
	}
	return ""
}

// thankedForGone returns a note to the person about an interview that the file no longer
// names and that was sent before this one began. It may be the same interview with its
// id and date corrected.
func (p *planner) thankedForGone(to *Person) (*Delivery, bool) {
	for n := range p.f.Stored {
		s := &p.f.Stored[n]
		if s.Kind != Owed || s.State != Sent || s.Interview == "" {
			continue
		}
		_, there := p.f.Application.round(s.Interview)
		if m := s.asMail(); !there && p.f.isWith(&m, to) {
			return s, true
		}
	}
	return nil, false
}

// passedOn reports whether the recruiter was asked to thank this person, whose
// address became known only later.
func (p *planner) passedOn(to *Person) bool {
	for n := range p.f.Stored {
		d := &p.f.Stored[n]
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

// contact is the recipient of an asking step. If the contact has no usable address, the
// next person is taken, which the user must approve; moved says why. If nobody is left,
// ok is false and moved says so.
func (p *planner) contact(step *Step) (to *Person, moved string, ok bool) {
	order := [2][]Person{p.recipients(step)}
	if step.To == ToContact {
		order[1] = p.i.Interviewers
	}
	var first *Person
	for _, people := range order {
		for n := range people {
			c := &people[n]
			if first == nil {
				first = c
			}
			why := p.unreachable(c)
			if why == "" && moved != "" {
				moved += ", so it goes to " + c.Name
			}
			if why == "" {
				return c, moved, true
			}
			moved = firstOf(moved, why)
		}
	}
	switch {
	case first == nil && step.To == ToRecruiter:
		return &Person{}, "the file names no recruiter", false
	case first == nil:
		return &Person{}, "the file names nobody to write to", false
	}
	return first, moved + ", and there is nobody else to write to", false
}

// unreachable says why no mail can reach a person, "" if it may.
func (p *planner) unreachable(c *Person) string {
	if !c.Reachable() {
		return "no sure address is known for " + c.Name
	}
	return p.f.deadAddress(c.Email, "")
}
