package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// askedAddress begins the keys of the questions about people whom no note of a
// meeting can reach.
const askedAddress = "address/"

// unthanked are the people of a meeting that took place whom no thank-you can reach: no
// sure address is known (those from an invitation are guesses at first), and nobody can
// pass thanks on. They count as long as thanks can be given.
func unthanked(f *Facts, i *Interview, now time.Time) []Person {
	if i.Status == InterviewCancelled || !tookPlace(i) || f.Application.Status.Over() || f.passesOn(i) {
		return nil
	}
	n := slices.IndexFunc(f.Policy.Sequences[f.Application.Sequence], func(s Step) bool { return s.Kind == Owed && s.To == ToInterviewers })
	if n < 0 {
		return nil
	}
	step := f.Policy.Sequences[f.Application.Sequence][n].Name
	var all []Person
	for n := range i.Interviewers {
		p := &i.Interviewers[n]
		if p.Skip != "" || p.Reachable() || thanksAreOver(f, i, p, now) {
			continue
		}
		if _, was := f.thanked(p, i, Key(f.Application.Stem, i.ID, step, p.Email)); !was {
			all = append(all, *p)
		}
	}
	return all
}

// passesOn reports whether the recruiter is, or was, asked to pass thanks on. A
// recruiter who gets a thank-you is not asked, since nobody gets two mails.
func (f *Facts) passesOn(i *Interview) bool {
	r := f.Application.Recruiter
	if r == nil || !r.Reachable() {
		return false
	}
	key := Key(f.Application.Stem, i.ID, stepPassOn, r.Email)
	if d, known := f.stored(key); known && d.State != Cancelled {
		return true
	}
	_, was := f.thanked(r, i, key)
	return !was && !slices.ContainsFunc(i.Interviewers, func(q Person) bool { return q.Skip == "" && samePerson(&q, r) })
}

// lateThanks is for how many business days after the interview late thanks are
// offered.
const lateThanks = 3

// thanksAreOver reports whether even late thanks cannot leave any more.
func thanksAreOver(f *Facts, i *Interview, p *Person, now time.Time) bool {
	place := lateWindow(&f.Policy, placeFor(&f.Policy, &f.Application, i, p))
	next, err := place.NextOpen(now)
	return err != nil || !next.Before(place.StartOfDay(lastForThanks(f, i, p).AddDays(1)))
}

// lastForThanks is the last day on which late thanks are offered.
func lastForThanks(f *Facts, i *Interview, p *Person) calendar.Date {
	place := placeFor(&f.Policy, &f.Application, i, p)
	return place.AddBusinessDays(dateIn(i.End(), place.Zone), lateThanks)
}

// askAddress asks for the addresses without which somebody will not be thanked.
func askAddress(tx Tx, f *Facts, i *Interview, now time.Time) error {
	people := unthanked(f, i, now)
	if len(people) == 0 {
		return nil
	}
	stem := ShellWord(f.Application.Stem)
	text := fmt.Sprintf("No thank-you leaves to %s after %s with %s: no sure address is known. Give it: %s. Or say why not: afterword set %s skip %s REASON",
		listNames(people), TheInterview(i.ID), f.Application.Company, addressWays(stem, people), stem, ShellWord(firstOf(people[0].Name, people[0].Email)))
	return ask(tx, Delivery{Application: f.Application.Stem}, askedAddress+f.Application.Stem+"/"+i.ID, text, now)
}

// addressWays are the commands that tell the addresses of people.
func addressWays(stem string, people []Person) string {
	var ways []string
	for _, p := range people {
		if p.Email == "" {
			ways = append(ways, fmt.Sprintf("afterword set %s email %s ADDRESS", stem, ShellWord(p.Name)))
			continue
		}
		ways = append(ways, fmt.Sprintf("if %s is right: afterword set %s guessed %s false", p.Email, stem, ShellWord(p.Email)))
	}
	return strings.Join(ways, "; ")
}
