package scheduler

import (
	"cmp"
	"slices"
	"time"

	"afterword/mailer"
)

// World is what the files say at one moment.
type World struct {
	Policy       Policy
	Applications map[string]Application  // by stem
	written      []Application           // the same as the files have them, for who forgets: nobody is united
	Unread       string                  // why the files could not be read lately, "" if they were: what they said before stands
	Trouble      string                  // why no mail can leave now: a server cannot be reached
	shut         string                  // the accounts that refuse the login and are not read, "" if all are
	Ledger       Ledger                  // what was handed over, whatever the store says; nil on a dry run
	Name         func(key string) string // the own Message-ID of a delivery; nil on a dry run
	interest     func() interest         // which headers name anybody; nil: none does
	recall       *recall                 // our own mail of late, while a batch is read
	sieve        func() *mailer.Matcher  // sets aside mail that concerns no application; nil: none does
}

// LoadFacts gathers what the files say and the store remembers about one
// application. An application without a file is broken: held, not cancelled.
func LoadFacts(r Reader, w World, stem string, now time.Time) (*Facts, error) {
	a, ok := w.Applications[stem]
	if !ok {
		a = Application{Stem: stem, Broken: "the file " + stem + ".yaml is gone"}
	}
	f := &Facts{Policy: w.Policy, Trouble: w.Trouble, Application: a, All: w.Applications, unread: w.Unread, shut: w.shut}
	var err error
	if f.Stored, err = r.Deliveries(DeliveryQuery{Application: stem}); err != nil {
		return f, err
	}
	if f.Mails, err = r.Mails(MailQuery{Application: stem}); err != nil {
		return f, err
	}
	if f.Holds, err = r.Holds(); err != nil {
		return f, err
	}
	if f.Doubted, err = r.Deliveries(DeliveryQuery{States: []State{InDoubt}}); err != nil {
		return f, err
	}
	if f.Unproven, err = probeMissing(r); err != nil {
		return f, err
	}
	if f.restored, err = loadRestorations(r); err != nil {
		return f, err
	}
	if err = f.loadRate(r, now); err != nil {
		return f, err
	}
	addresses := f.addresses()
	if err = f.loadElsewhere(r, addresses); err != nil {
		return f, err
	}
	if err = f.loadFormer(r, addresses); err != nil {
		return f, err
	}
	f.adoptRenamed()
	f.spreadHolds()
	return f, f.adoptHolds(r)
}

// spreadHolds extends a hold on one address of a person to their other addresses. The
// hold of a bounce concerns only its own address.
func (f *Facts) spreadHolds() {
	for _, h := range slices.Clone(f.Holds) {
		if h.Scope != ScopePerson || h.Source == sourceBounce {
			continue
		}
		for _, h.Target = range f.Application.addressesOf(h.Target)[1:] {
			f.Holds = append(f.Holds, h)
		}
	}
}

// loadFormer finds mail and deliveries of a file that no longer exists with the same
// people at the same company: the file was renamed.
func (f *Facts) loadFormer(r Reader, addresses []string) error {
	for _, address := range addresses {
		ds, err := r.Deliveries(DeliveryQuery{Person: address, Except: f.Application.Stem})
		if err != nil {
			return err
		}
		for n := range ds {
			d := &ds[n]
			if _, there := f.All[d.Application]; !there && d.Application != f.Application.Stem && f.sameCompany(d.Company) {
				f.Former = append(f.Former, *d)
			}
		}
	}
	return nil
}

// addresses are the normal addresses of everybody of the application, each once.
func (f *Facts) addresses() []string {
	var all []string
	add := func(address string) {
		if a := NormalAddress(address); a != "" && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	person := func(p *Person) {
		add(p.Email)
		for _, alias := range p.Aliases {
			add(alias)
		}
	}
	if f.Application.Recruiter != nil {
		person(f.Application.Recruiter)
	}
	for n := range f.Application.Interviews {
		for k := range f.Application.Interviews[n].Interviewers {
			person(&f.Application.Interviews[n].Interviewers[k])
		}
	}
	return all
}

// adoptHolds extends the holds of a file that no longer exists to the file of the same
// company: renaming a file resumes nothing.
func (f *Facts) adoptHolds(r Reader) error {
	for n, h := range f.Holds {
		if _, there := f.All[h.Target]; h.Scope != ScopeApplication || there || h.Target == f.Application.Stem {
			continue
		}
		ds, err := r.Deliveries(DeliveryQuery{Application: h.Target, Limit: 1})
		if err != nil {
			return err
		}
		if len(ds) > 0 && f.sameCompany(ds[0].Company) {
			f.Holds[n].Target = f.Application.Stem
		}
	}
	return nil
}

func (f *Facts) loadRate(r Reader, now time.Time) error {
	if f.Policy.PerHour <= 0 {
		return nil // nobody asks
	}
	ms, err := r.Mails(MailQuery{Since: now.Add(-time.Hour)})
	for _, m := range ms {
		// One that a clock which was set back since dates far ahead says nothing of this hour.
		if m.Outgoing && m.Key != "" && m.At.Before(now.Add(time.Hour)) {
			f.SentLately = append(f.SentLately, m.At)
		}
	}
	slices.SortFunc(f.SentLately, time.Time.Compare)
	return err
}

// loadElsewhere finds mail with the same people, or the same company, in other
// applications, including those whose files are gone.
func (f *Facts) loadElsewhere(r Reader, addresses []string) error {
	type mailTo struct{ id, application, person string }
	var seen map[mailTo]bool
	add := func(q MailQuery) error {
		ms, err := r.Mails(q)
		if len(ms) > 0 && seen == nil {
			seen = map[mailTo]bool{}
		}
		for _, m := range ms {
			id := mailTo{m.MessageID, m.Application, m.Person}
			if m.Application != f.Application.Stem && !seen[id] {
				seen[id] = true
				f.Elsewhere = append(f.Elsewhere, m)
			}
		}
		return err
	}
	for _, address := range addresses {
		if err := add(MailQuery{Person: address, Except: f.Application.Stem}); err != nil {
			return err
		}
	}
	if f.Application.Company == "" {
		return nil
	}
	return add(MailQuery{Company: f.Application.Company, Except: f.Application.Stem})
}

// adoptRenamed treats mail with the same company from a file that no longer exists as
// this application's own, from the first interview of this file on: the file was
// renamed, and neither limits nor silence start again.
func (f *Facts) adoptRenamed() {
	var first time.Time
	if len(f.Elsewhere) > 0 {
		if rounds := f.rounds(); len(rounds) > 0 {
			first = rounds[0].At
		}
	}
	f.Elsewhere = slices.DeleteFunc(f.Elsewhere, func(m Mail) bool {
		_, known := f.All[m.Application]
		own := !known && !first.IsZero() && f.sameCompany(m.Company) && !m.At.Before(first)
		if own {
			f.Mails = append(f.Mails, m)
		}
		return own
	})
	slices.SortStableFunc(f.Mails, func(a, b Mail) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.MessageID, b.MessageID)) })
}
