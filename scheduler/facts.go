package scheduler

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Facts is everything that decisions about one application look at: what the
// files say, and what the store remembers.
type Facts struct {
	Policy      Policy
	Application Application
	All         map[string]Application // every application of the candidate, by stem
	Stored      []Delivery             // of this application, all states
	Mails       []Mail                 // of this application, oldest first
	Former      []Delivery             // of files that are gone, with the same people at the same company: this one was renamed
	Elsewhere   []Mail                 // with the same people or company, in other applications
	Holds       []Hold
	Doubted     []Delivery      // in doubt, in any application
	unread      string          // why no file could be read lately, "" if they were
	shut        string          // the accounts that refuse the login and are not read, "" if all are
	Unproven    bool            // the probe was not yet seen arriving: an answer might go unseen too
	SentLately  []time.Time     // when mails were accepted within the last hour, oldest first
	Trouble     string          // why no mail can leave now: a server cannot be reached
	restored    restorations    // of the store from backups
	strange     map[string]bool // to these addresses mail was handed over that the store knows nothing of
}

// others yields the candidate's other applications, in order of their stems.
func (f *Facts) others() iter.Seq[Application] {
	return func(yield func(Application) bool) {
		for _, stem := range slices.Sorted(maps.Keys(f.All)) {
			if stem != f.Application.Stem && !yield(f.All[stem]) {
				return
			}
		}
	}
}

// broken says why nothing can be decided now, "" if it can: a file that cannot
// be read wants nothing and cancels nothing.
func (f *Facts) broken() string {
	if f.unread != "" {
		return "your files cannot be read: " + f.unread
	}
	if f.Policy.Broken != "" {
		return "config.yaml cannot be read: " + f.Policy.Broken
	}
	if f.Application.Broken != "" {
		return "its interview file cannot be read: " + f.Application.Broken
	}
	return ""
}

// stored returns the delivery with that key, or an empty one.
func (f *Facts) stored(key string) (*Delivery, bool) {
	for n := range f.Stored {
		if f.Stored[n].Key == key {
			return &f.Stored[n], true
		}
	}
	return &Delivery{}, false
}

// rounds returns the interviews that are not cancelled, in order of time,
// whatever their order in the file.
func (f *Facts) rounds() []Interview {
	var is []Interview
	for _, i := range f.Application.Interviews {
		if i.Status != InterviewCancelled {
			is = append(is, i)
		}
	}
	slices.SortStableFunc(is, func(a, b Interview) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return is
}

// lastWord is the later of our last accepted mail and the last mail of a person of
// theirs: a silence begins there.
func (f *Facts) lastWord() (time.Time, string) {
	var at time.Time
	var why string
	for n := range f.Mails {
		m := &f.Mails[n]
		if !m.Speaks() || !m.At.After(at) {
			continue
		}
		at = m.At
		who := firstOf(m.Name, m.Person, "them")
		switch {
		case m.ByHand:
			why = "your own mail to " + who
		case m.Outgoing:
			why = "the last mail to " + who
		case m.Name == "" && m.Person == "": // by phone, as the user noted
			why = "their last word"
		default:
			why = "the last mail from " + who
		}
	}
	return at, why
}

// exchange returns the newest mail with the person in this application, from either
// side. The next mail continues its thread.
func (f *Facts) exchange(p *Person) *Mail {
	for n := range slices.Backward(f.Mails) {
		if m := &f.Mails[n]; hasAddress(p, m.Person) && !m.Failed && m.MessageID != "" && (m.Outgoing || m.Speaks()) {
			return f.asTheyKnowIt(*m)
		}
	}
	return nil
}

// asTheyKnowIt returns the Message-ID under which the recipient has a mail of ours, if
// the provider is known to have replaced it.
func (f *Facts) asTheyKnowIt(m Mail) *Mail {
	d, ok := f.stored(m.Key)
	for n := range f.Former {
		if s := &f.Former[n]; s.Key == m.Key {
			d, ok = s, true
		}
	}
	if ok && len(d.LearntIDs) > 0 {
		m.References = append(slices.Clone(m.References), m.MessageID)
		m.MessageID = d.LearntIDs[len(d.LearntIDs)-1]
	}
	return &m
}

// happened reports whether the meeting is known to have taken place, as far as
// a note to this person is concerned.
func happened(i *Interview, p *Person) bool {
	return i.Status == InterviewHeld || !i.Debrief.Empty() || p.Said != ""
}

// tookPlace reports whether the round is known to have taken place at all.
func tookPlace(i *Interview) bool {
	for n := range i.Interviewers {
		if i.Interviewers[n].Said != "" {
			return true
		}
	}
	return happened(i, &Person{})
}

// met reports whether the meeting of a delivery is known to have taken place. An
// interviewer of whom nothing is noted may have been absent; for everybody else, such as
// the recruiter, a note about anybody will do.
func met(i *Interview, d *Delivery) bool {
	if d.Kind == Owed && d.Step != stepPassOn {
		to := NormalAddress(d.To.Email)
		for n := range i.Interviewers {
			if p := &i.Interviewers[n]; NormalAddress(p.Email) == to {
				return happened(i, p)
			}
		}
	}
	return tookPlace(i)
}

// firstOf is the first text that is not blank, "" if all are.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// latestWith is the latest interview with a person that has begun, nil if there is none.
func latestWith(f *Facts, p *Person, now time.Time) (latest *Interview) {
	rounds := f.rounds()
	for n := range rounds {
		i := &rounds[n]
		if !i.At.After(now) && slices.ContainsFunc(i.Interviewers, func(o Person) bool { return o.Skip == "" && samePerson(&o, p) }) {
			latest = i
		}
	}
	return latest
}

// latestRound is the latest interview that has begun, else the first.
func latestRound(f *Facts, now time.Time) *Interview {
	rounds, latest := f.rounds(), &Interview{}
	for n := range rounds {
		if i := &rounds[n]; n == 0 || !i.At.After(now) {
			latest = i
		}
	}
	return latest
}
