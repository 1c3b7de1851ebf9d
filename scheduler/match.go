package scheduler

import (
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// Whose mail it is: which applications a message belongs to, by what the files say
// and what we wrote. The evidence is weighed in mailer; here is gathered what it is
// weighed against.

// match finds the applications that a message belongs to.
func match(r Reader, world World, tables mailer.Tables, m mailer.Message, reading mailer.Reading, arrived time.Time) ([]mailer.Match, error) {
	known, err := exchangesNamed(r, m, reading)
	if err != nil {
		return nil, err
	}
	known = underTheirNewNames(known, world)
	stems, err := shown(world, m, reading, known)
	if err != nil || len(stems) == 0 {
		return nil, err
	}
	if known, err = world.recall.with(known); err != nil {
		return nil, err
	}
	var cs []mailer.Candidate
	for _, stem := range stems {
		if a, there := world.Applications[stem]; there {
			cs = append(cs, candidate(a, known[stem].ids, known[stem].subjects, arrived))
		}
	}
	return mailer.MatchAll(m, reading, arrived, ownAddresses(world.Policy.Me), cs, tables), nil
}

// shown lists the applications of which a message shows anything: by the files,
// by our mail of late, or by what it names of ours. Only these are compared
// closely, for most mail belongs to none.
func shown(world World, m mailer.Message, reading mailer.Reading, known map[string]exchange) ([]string, error) {
	stems := slices.Collect(maps.Keys(known))
	if world.sieve == nil {
		stems = slices.Collect(maps.Keys(world.Applications))
	} else {
		stems = append(stems, world.sieve().Applications(m, reading)...)
	}
	recalled, err := world.recall.shown(m, reading)
	stems = append(stems, recalled...)
	slices.Sort(stems)
	return slices.Compact(stems), err
}

// sieve sets aside mail that cannot belong to any application, without asking
// the store for each. It is made once for what the files say.
func sieve(w World, tables mailer.Tables) *mailer.Matcher {
	var cs []mailer.Candidate
	for _, a := range w.Applications {
		cs = append(cs, candidate(a, nil, nil, time.Time{}))
	}
	return mailer.NewMatcher(ownAddresses(w.Policy.Me), cs, tables)
}

// candidate is what matching needs to know of an application.
func candidate(a Application, ours map[string]string, subjects []string, arrived time.Time) mailer.Candidate {
	c := mailer.Candidate{Application: a.Stem, Company: a.Company, Role: a.Role, Domains: a.Domains, OurIDs: ours, Subjects: subjects}
	for _, i := range a.Interviews {
		if !i.At.After(arrived) && i.At.After(c.From) && i.Status != InterviewCancelled {
			c.From = i.At
		}
	}
	for _, p := range a.People() {
		c.People = append(c.People, mailer.Party{Name: p.Name, Addresses: p.Addresses(),
			Recruiter:   a.Recruiter != nil && samePerson(&p, a.Recruiter), // as for their mail in the plan
			Interviewer: isInterviewer(a, p)})
	}
	return c
}

func isInterviewer(a Application, p Person) bool {
	for _, i := range a.Interviews {
		for _, q := range i.Interviewers {
			if NormalAddress(q.Email) == NormalAddress(p.Email) && q.Name == p.Name {
				return true
			}
		}
	}
	return false
}

// exchange is what the store knows of our mail that a message names.
type exchange struct {
	ids      map[string]string // Message-ID -> normal address it went to
	subjects []string
	company  string
}

// mostIDs bounds how many Message-IDs of one message are looked up.
const mostIDs = 50

// exchangesNamed looks up, by application, the mail of ours that a message
// answers, refers to or reports on.
func exchangesNamed(r Reader, m mailer.Message, reading mailer.Reading) (map[string]exchange, error) {
	ids := slices.Concat(m.InReplyTo, m.References)
	if reading.OriginalID != "" {
		ids = append(ids, reading.OriginalID)
	}
	known := map[string]exchange{}
	for _, id := range ids[max(0, len(ids)-mostIDs):] {
		ms, err := r.Mails(MailQuery{MessageID: id})
		if err != nil {
			return nil, err
		}
		ds, err := r.Deliveries(DeliveryQuery{MessageID: id})
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			ms = append(ms, Mail{Application: d.Application, Company: d.Company, Outgoing: true, Person: NormalAddress(d.To.Email), Subject: d.Text.Subject})
		}
		for _, o := range ms {
			if !o.Outgoing {
				continue
			}
			x := known[o.Application]
			x.add(o, id)
			known[o.Application] = x
		}
	}
	return known, nil
}

// underTheirNewNames gives what a file that is gone had written to the file of
// the same company: it was renamed, and answers to it still count.
func underTheirNewNames(known map[string]exchange, w World) map[string]exchange {
	for stem, x := range known {
		if _, there := w.Applications[stem]; there {
			continue
		}
		for _, a := range w.Applications {
			if x.company == "" || !strings.EqualFold(a.Company, x.company) {
				continue
			}
			merged := known[a.Stem]
			merged.ids = union(merged.ids, x.ids)
			merged.subjects = append(merged.subjects, x.subjects...)
			known[a.Stem] = merged
		}
	}
	return known
}

// union is what either map has; of a key that both have, what the second says.
func union(a, b map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// rivals are the other applications that a message fits by who wrote it alone.
// Where it names mails of ours in several, it is about them all.
func rivals(matches []mailer.Match, n int) []string {
	var stems []string
	for k, m := range matches {
		if k != n && m.Strength > mailer.ByInReplyTo && !m.Early && !matches[n].Early {
			stems = append(stems, m.Application)
		}
	}
	return stems
}

// appliedTo reports whether the message was applied to the application before,
// also under an earlier name of its file.
func appliedTo(before []Mail, world World, stem string) bool {
	return slices.ContainsFunc(before, func(m Mail) bool {
		if m.Application == stem {
			return true
		}
		_, there := world.Applications[m.Application]
		return !there && m.Company != "" && strings.EqualFold(oneSpace(m.Company), oneSpace(world.Applications[stem].Company))
	})
}
