package scheduler

import (
	"slices"
	"strings"

	"afterword/mailer"
)

// A person may have several entries in the files: one per meeting, in each application.
// Holds, limits and thanks concern the person, not the entry.

// byStem are applications by the names of their files, with everybody united.
func byStem(apps []Application) map[string]Application {
	all := make(map[string]Application, len(apps))
	for _, a := range United(apps) {
		all[a.Stem] = a
	}
	return all
}

// United returns the applications in their order, with every entry of a person knowing
// all their addresses. The argument is not changed.
func United(apps []Application) []Application {
	known := entriesByAddress(apps)
	if known == nil {
		return apps
	}
	united := make([]Application, len(apps))
	for n, a := range apps {
		united[n] = known.unite(a)
	}
	return united
}

// entries are those of all files, by each of their addresses, and each once: an agency's
// recruiter may stand alike in a thousand files.
type entries map[string][]Person

// entriesByAddress is nil where nobody has more than one address, or one that is only
// guessed: there is nothing to be learnt then.
func entriesByAddress(apps []Application) entries {
	unsure := false
	known := entries{}
	for n := range apps {
		apps[n].anybody(func(p *Person) bool {
			unsure = unsure || len(p.Aliases) > 0 || p.Guessed
			for _, address := range p.Addresses() {
				address = NormalAddress(address)
				if !slices.ContainsFunc(known[address], p.isEntered) {
					known[address] = append(known[address], *p)
				}
			}
			return false
		})
	}
	if !unsure {
		return nil
	}
	return known
}

// unite adds to everybody of an application the addresses of their other entries. An
// address that one entry is sure of is no guess in another.
func (e entries) unite(a Application) Application {
	file := a
	if a.Recruiter != nil {
		r := e.united(file.sure(*a.Recruiter))
		a.Recruiter = &r
	}
	a.Interviews = slices.Clone(a.Interviews)
	for n := range a.Interviews {
		people := slices.Clone(a.Interviews[n].Interviewers)
		for k, p := range people {
			people[k] = e.united(file.sure(p))
		}
		a.Interviews[n].Interviewers = people
	}
	return a
}

// sure is somebody whose address is no guess where another entry for them is sure of it.
func (a *Application) sure(p Person) Person {
	p.Guessed = p.Guessed && !a.anybody(func(q *Person) bool {
		return !q.Guessed && hasAddress(q, p.Email) && (fitsName(p.Name, q.Name) || fitsName(q.Name, p.Name))
	})
	return p
}

// fitsName reports whether every word of one name begins a word of the other, as in J.
// Smith and Jane Smith.
func fitsName(short, whole string) bool {
	return !slices.ContainsFunc(strings.Fields(short), func(word string) bool { return !mailer.NameFits(whole, word) })
}

// isEntered reports whether another entry names the same person alike.
func (p *Person) isEntered(o Person) bool {
	return p.Name == o.Name && p.Guessed == o.Guessed && p.Email == o.Email && slices.Equal(p.Aliases, o.Aliases)
}

// united is the person with the addresses of every entry that shares one, directly or
// through another entry. An address that an entry only guesses is not taken over.
func (e entries) united(p Person) Person {
	own := slices.Clone(p.Addresses())
	for n := 0; n < len(own); n++ {
		for _, o := range e[NormalAddress(own[n])] {
			if !mailer.Akin(p.Name, o.Name) {
				continue // two people read one mailbox
			}
			theirs := o.Addresses()
			if o.Guessed {
				theirs = o.Aliases
			}
			for _, address := range theirs {
				if !slices.ContainsFunc(own, func(x string) bool { return NormalAddress(x) == NormalAddress(address) }) {
					own = append(own, address)
				}
			}
		}
	}
	if len(own) > len(p.Addresses()) && p.Email != "" {
		p.Aliases = own[1:]
	} else if len(own) > len(p.Aliases) && p.Email == "" {
		p.Aliases = own
	}
	return p
}
