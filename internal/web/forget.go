package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"afterword/scheduler"
)

// forgetView asks once more before an application is forgotten.
type forgetView struct {
	Stem, Company, File, Since string
	Sent, Came, Planned        int
	People                     []string // whom no other application knows
	Others                     []string // who stay, for another one knows them
	Doubt                      need     // what must be settled before; its title is "" if nothing
}

// forgetting is the page before the button: what goes, and what stays.
func (p *Page) forgetting(r *http.Request, f *frame) (string, error) {
	stem := r.PathValue("stem")
	o, err := p.Service.Dossier(r.Context(), stem)
	if err != nil {
		return "", err
	}
	_, all, err := p.Service.Files.Read()
	if err != nil {
		return "", err
	}
	a := o.Application
	v := forgetView{Stem: stem, Company: cmp.Or(a.Company, companyOf(o), stem), Since: p.Desk.Revision(stem)}
	if v.Since != "" {
		v.File = a.File
	}
	for _, m := range o.Mails {
		if m.Outgoing {
			v.Sent++
		} else {
			v.Came++
		}
	}
	for _, d := range o.Deliveries {
		switch {
		case d.State == scheduler.InDoubt || d.State.InFlight():
			v.Doubt = troubled(d)
		case d.State.Open():
			v.Planned++
		}
	}
	for _, one := range peopleOf(a) {
		if knownElsewhere(all, stem, one) {
			v.Others = append(v.Others, one.Name)
		} else {
			v.People = append(v.People, one.Name)
		}
	}
	f.Title, f.Section, f.Data = "Forget "+v.Company, "applications", v
	return "forget", nil
}

// knownElsewhere reports whether another application has a person.
func knownElsewhere(all []scheduler.Application, stem string, one personView) bool {
	for _, a := range all {
		for _, other := range a.People() {
			if a.Stem != stem && one.Email != "" && strings.EqualFold(other.Email, one.Email) {
				return true
			}
		}
	}
	return false
}

// forget does it, once the page that tells what goes was answered.
func (p *Page) forget(r *http.Request) (done, error) {
	if r.PostFormValue("confirm") != "yes" {
		return done{}, errors.New("nothing was forgotten: open the page of the application and confirm it there")
	}
	said, err := p.Desk.Forget(r.Context(), r.PostFormValue("application"), r.PostFormValue("since"))
	return done{to: "/applications", note: said}, err
}

// forgetPersonView asks once more before a person is forgotten.
type forgetPersonView struct {
	Who, Name  string
	Sent, Came int
	In, Open   []personIn // their applications, and those that are not over
}

// forgettingPerson is the page before that button.
func (p *Page) forgettingPerson(r *http.Request, f *frame) (string, error) {
	who := r.URL.Query().Get("who")
	s, err := p.Service.Search(r.Context())
	if err != nil {
		return "", err
	}
	v := forgetPersonView{Who: who}
	var theirs []string
	for _, a := range scheduler.United(s.Applications) {
		for _, one := range a.People() {
			if !scheduler.IsPerson(one, who) {
				continue
			}
			in := personIn{cmp.Or(a.Company, a.Stem), applicationHref(a.Stem), ""}
			v.Name, v.In, theirs = one.Name, append(v.In, in), append(theirs, one.Addresses()...)
			if !a.Status.Over() {
				v.Open = append(v.Open, in)
			}
		}
	}
	if v.Name == "" {
		return "", fmt.Errorf("looking for %s: %w", who, scheduler.ErrNotFound)
	}
	for _, m := range s.Mails {
		switch {
		case !slices.ContainsFunc(theirs, func(a string) bool { return scheduler.NormalAddress(a) == m.Person }):
		case m.Outgoing:
			v.Sent++
		default:
			v.Came++
		}
	}
	f.Title, f.Section, f.Data = "Forget "+v.Name, "people", v
	return "forgetperson", nil
}

// forgetPerson does it, once that page was answered.
func (p *Page) forgetPerson(r *http.Request) (done, error) {
	if r.PostFormValue("confirm") != "yes" {
		return done{}, errors.New("nobody was forgotten: open their page under People and confirm it there")
	}
	said, err := p.Desk.ForgetPerson(r.Context(), r.PostFormValue("who"))
	return done{to: "/people", note: said}, err
}
