package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"afterword/scheduler"
)

// peopleView is everybody whom the files and the store know.
type peopleView struct{ People []knownPerson }

// knownPerson is what is known about one person, in all applications.
type knownPerson struct {
	Name, Email, Title string
	Aliases            []string
	In                 []personIn
	Said               []string
	Notes              []string
	Sent, Came         int
	Last               moment
	Holds              []string
}

// personIn is an application in which the person is.
type personIn struct{ Company, Href, Role string }

func (p *Page) people(r *http.Request, f *frame) (string, error) {
	s, err := p.Service.Search(r.Context())
	if err != nil {
		return "", err
	}
	w := p.words()
	var v peopleView
	at := map[string]int{}
	for _, a := range s.Applications {
		for _, one := range peopleOf(a) {
			id := strings.ToLower(cmp.Or(one.Email, a.Stem+"/"+one.Name))
			n, known := at[id]
			if !known {
				n = len(v.People)
				at[id] = n
				v.People = append(v.People, knownPerson{Name: one.Name, Email: one.Email, Title: one.Title})
			}
			k := &v.People[n]
			k.In = append(k.In, personIn{cmp.Or(a.Company, a.Stem), applicationHref(a.Stem), one.Role})
			k.Said = append(k.Said, one.Said...)
			if one.Notes != "" {
				k.Notes = append(k.Notes, one.Notes)
			}
		}
	}
	for n := range v.People {
		v.People[n].count(w, s)
	}
	slices.SortStableFunc(v.People, func(a, b knownPerson) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	f.Title, f.Section, f.Data = "People", "people", v
	return "people", nil
}

// count adds what was exchanged with a person.
func (k *knownPerson) count(w words, s scheduler.SearchReport) {
	if k.Email == "" {
		return
	}
	address := scheduler.NormalAddress(k.Email)
	var last scheduler.Mail
	for _, m := range s.Mails {
		if m.Person != address {
			continue
		}
		if m.Outgoing {
			k.Sent++
		} else {
			k.Came++
		}
		if m.At.After(last.At) {
			last = m
		}
	}
	k.Last = w.moment(last.At)
	for _, h := range s.Holds {
		if h.Scope == scheduler.ScopePerson && h.Target == address {
			k.Holds = append(k.Holds, sentence(plainWords(h.Reason)))
		}
	}
}
