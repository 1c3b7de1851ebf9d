package scheduler

import (
	"slices"
	"strings"
)

// A person may stand in several entries of the files: for each meeting of theirs, in each
// application. Whoever is written to, asked, held or heard is the person, not the entry.

// byStem are applications by the names of their files. Entries for one person know
// all their addresses; what the caller holds stays as it is.
func byStem(apps []Application) map[string]Application {
	all := make(map[string]Application, len(apps))
	known := entriesByAddress(apps)
	for _, a := range apps {
		if known != nil {
			a = known.unite(a)
		}
		all[a.Stem] = a
	}
	return all
}

// entries are those of all files, by each of their addresses.
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
				known[address] = append(known[address], *p)
			}
			return false
		})
	}
	if !unsure {
		return nil
	}
	return known
}

// unite gives everybody of an application the addresses that other entries for
// them have. What one entry of the file is sure of is no guess in another.
func (e entries) unite(a Application) Application {
	file := a
	if a.Recruiter != nil {
		r := e.united(*a.Recruiter)
		a.Recruiter = &r
	}
	a.Interviews = slices.Clone(a.Interviews)
	for n := range a.Interviews {
		people := slices.Clone(a.Interviews[n].Interviewers)
		for k, p := range people {
			p.Guessed = p.Guessed && !file.isSureOf(p.Email)
			people[k] = e.united(p)
		}
		a.Interviews[n].Interviewers = people
	}
	return a
}

// united is a person with the addresses of every entry that shares one with them, or
// with such an entry. An address that an entry only guesses is not learnt.
func (e entries) united(p Person) Person {
	own := slices.Clone(p.Addresses())
	for n := 0; n < len(own); n++ {
		for _, o := range e[NormalAddress(own[n])] {
			if !akin(p.Name, o.Name) {
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

// akin reports whether two names may be one person's: they have a word in common, or
// one of them is not known.
func akin(a, b string) bool {
	words := strings.Fields(strings.ToLower(b))
	return strings.TrimSpace(a) == "" || len(words) == 0 ||
		slices.ContainsFunc(strings.Fields(strings.ToLower(a)), func(w string) bool { return slices.Contains(words, w) })
}
