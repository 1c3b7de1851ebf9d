package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A person is forgotten when every application of theirs is over: that they
// answered, or that a mail went to them, may be what keeps another mail of it
// from leaving.

// somebody stands for who was forgotten, where a sentence about another mail
// named them.
const somebody = "somebody who was forgotten had to do with it"

// ForgetPerson removes what the store knows of a person, named by an address of
// theirs or, where the files know none, by the name. The ledger keeps its HMACs;
// it may be nil where there is none.
func (s *Service) ForgetPerson(ctx context.Context, l Ledger, who string) (Forgotten, error) {
	gather := func(r Reader, w World) (*memories, error) {
		if err := restingFor(r, w.With(who), who); err != nil {
			return nil, err
		}
		return memoriesOfPerson(r, w, who)
	}
	return s.forget(ctx, l, "", gather, func(tx Tx, w World, f Forgetting) error { return unname(tx, w.With(who), f.Mentions) })
}

// IsPerson reports whether somebody of the files is meant.
func IsPerson(p Person, who string) bool {
	if p.Email == "" {
		return strings.EqualFold(oneSpace(p.Name), oneSpace(who))
	}
	return slices.ContainsFunc(p.Addresses(), func(a string) bool { return NormalAddress(a) == NormalAddress(who) })
}

// With lists the applications that have a person.
func (w World) With(who string) []Application {
	var all []Application
	for _, a := range w.Applications {
		if slices.ContainsFunc(a.People(), func(p Person) bool { return IsPerson(p, who) }) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b Application) int { return strings.Compare(a.Stem, b.Stem) })
	return all
}

// restingFor refuses while an application of theirs is open, or mail of it may be
// on its way.
func restingFor(r Reader, theirs []Application, who string) error {
	if len(theirs) == 0 {
		return fmt.Errorf("looking for %s: %w", who, ErrNotFound)
	}
	for _, a := range theirs {
		if a.Broken != "" {
			return refuse("mend its file first", "the file of %s cannot be read", a.Stem)
		}
		if !a.Status.Over() {
			return refuse("say how it ended first (afterword set "+ShellWord(a.Stem)+" status closed), or forget the whole application",
				"%s is still open: what is known of them may be what keeps a mail of it from leaving", a.Stem)
		}
		if err := settledFor(r, a.Stem); err != nil {
			return err
		}
	}
	return nil
}

// memoriesOfPerson gathers the words that name a person, and those of everybody
// else, which stay.
func memoriesOfPerson(r Reader, w World, who string) (*memories, error) {
	m := newMemories(w.Policy.Me)
	m.done.Person = true
	for _, a := range w.Applications {
		m.note(false, append(a.Domains, a.Company, a.Stem)...)
		for _, p := range a.everybody() {
			m.note(IsPerson(p, who), append(p.Addresses(), p.Name)...)
		}
	}
	ds, err := r.Deliveries(DeliveryQuery{})
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		if m.own[NormalAddress(d.To.Email)] {
			m.keys = append(m.keys, d.Key)
			m.note(true, d.To.Name)
		}
	}
	ms, err := r.Mails(MailQuery{})
	for _, x := range ms {
		if m.own[NormalAddress(x.Person)] {
			m.done.count(x)
			m.note(true, x.Name)
		}
	}
	return m, err
}

// everybody is who stands in an application, each as often as there.
func (a Application) everybody() []Person {
	var all []Person
	if a.Recruiter != nil {
		all = append(all, *a.Recruiter)
	}
	for _, i := range a.Interviews {
		all = append(all, i.Interviewers...)
	}
	return all
}

// unname takes a person out of the sentences about mail to others. All of it is
// over, so that nothing wakes it.
func unname(tx Tx, theirs []Application, mentions func(string) bool) error {
	for _, a := range theirs {
		ds, err := tx.Deliveries(DeliveryQuery{Application: a.Stem})
		if err != nil {
			return err
		}
		for _, d := range ds {
			named := false
			for _, text := range []*string{&d.Why, &d.StoppedWhy, &d.WaitingFor, &d.Reason} {
				if mentions(*text) {
					*text, named = somebody, true
				}
			}
			if !named {
				continue
			}
			if err := tx.Put(d, time.Time{}); err != nil {
				return err
			}
		}
	}
	return nil
}
