package scheduler

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// Facts is everything that decisions about one application look at: what the
// files say, and what the store remembers.
type Facts struct {
	Policy      Policy
	Application Application
	Others      []Application // the candidate's other applications
	Stored      []Delivery    // of this application, all states
	Mails       []Mail        // of this application, oldest first
	Elsewhere   []Mail        // with the same people or company, in other applications
	Holds       []Hold
	Doubted     map[string]bool // normal addresses with a delivery in doubt
	SentLately  int             // mails accepted within the last hour
	Trouble     string          // why no mail can leave now: a server cannot be reached
}

// stored returns the delivery with that key.
func (f Facts) stored(key string) (Delivery, bool) {
	for _, d := range f.Stored {
		if d.Key == key {
			return d, true
		}
	}
	return Delivery{}, false
}

// rounds returns the interviews that are not cancelled, in order of time.
func (f Facts) rounds() []Interview {
	var is []Interview
	for _, i := range f.Application.Interviews {
		if i.Status != InterviewCancelled {
			is = append(is, i)
		}
	}
	slices.SortStableFunc(is, func(a, b Interview) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return is
}

// lastWord is the later of our last accepted mail and their last own mail:
// silence begins there. Robots do not end silence.
func (f Facts) lastWord() (time.Time, string) {
	var at time.Time
	var why string
	for _, m := range f.Mails {
		if !m.Speaks() || !m.At.After(at) {
			continue
		}
		at = m.At
		switch {
		case m.ByHand:
			why = "your own mail to " + m.Person
		case m.Outgoing:
			why = "the last mail to " + m.Person
		default:
			why = "the last mail from " + m.Person
		}
	}
	return at, why
}

// lastHeard is when they last wrote or met: unanswered asking mail counts from
// there.
func (f Facts) lastHeard(now time.Time) time.Time {
	var at time.Time
	for _, i := range f.rounds() {
		if end := i.End(); !end.After(now) && end.After(at) {
			at = end
		}
	}
	for _, m := range f.Mails {
		if !m.Outgoing && m.Speaks() && m.At.After(at) {
			at = m.At
		}
	}
	return at
}

// asked counts the unanswered asking mails of this application.
func (f Facts) asked(now time.Time) int {
	heard, n := f.lastHeard(now), 0
	for _, m := range f.Mails {
		if m.Outgoing && m.Asking && !m.Failed && m.At.After(heard) {
			n++
		}
	}
	return n
}

// askedPerson counts the unanswered asking mails to one person in all
// applications.
func (f Facts) askedPerson(address string, now time.Time) int {
	var heard time.Time
	all := slices.Concat(f.Mails, f.Elsewhere)
	for _, m := range all {
		if !m.Outgoing && m.Speaks() && m.Person == address && m.At.After(heard) {
			heard = m.At
		}
	}
	for _, i := range f.rounds() {
		if end := i.End(); !end.After(now) && end.After(heard) {
			heard = end
		}
	}
	n := 0
	for _, m := range all {
		if m.Outgoing && m.Asking && !m.Failed && m.Person == address && m.At.After(heard) {
			n++
		}
	}
	return n
}

// lastAsked is the newest asking mail to the person or to anyone of the
// company, in any application: the gap counts from it.
func (f Facts) lastAsked(address string) time.Time {
	var at time.Time
	consider := func(m Mail, company bool) {
		if m.Outgoing && m.Asking && !m.Failed && (company || m.Person == address) && m.At.After(at) {
			at = m.At
		}
	}
	for _, m := range f.Mails {
		consider(m, true)
	}
	same := map[string]bool{}
	for _, o := range f.Others {
		same[o.Stem] = strings.EqualFold(o.Company, f.Application.Company)
	}
	for _, m := range f.Elsewhere {
		consider(m, same[m.Application])
	}
	return at
}

// thanked reports whether the person got an owed mail, or one by the user's own
// hand, since the interview began: whatever the key says, nobody is thanked twice.
func (f Facts) thanked(p Person, i Interview, key string) (Mail, bool) {
	mine := f.addressesOf(p)
	for _, m := range slices.Concat(f.Mails, f.Elsewhere) {
		namesake := p.Name != "" && strings.EqualFold(m.Name, p.Name) && strings.EqualFold(m.Company, f.Application.Company)
		if m.Outgoing && !m.Asking && !m.Failed && m.Key != key && !m.At.Before(i.At) && (mine[m.Person] || namesake) {
			return m, true
		}
	}
	return Mail{}, false
}

// wroteFirst reports whether the person wrote since the interview began.
func (f Facts) wroteFirst(p Person, i Interview) bool {
	mine := f.addressesOf(p)
	for _, m := range f.Mails {
		if !m.Outgoing && m.Class == string(mailer.Human) && m.At.After(i.At) && mine[m.Person] {
			return true
		}
	}
	return false
}

// addressesOf is every address under which the person is known.
func (f Facts) addressesOf(p Person) map[string]bool {
	mine := map[string]bool{}
	for _, a := range p.Addresses() {
		mine[NormalAddress(a)] = true
	}
	return mine
}

// exchange returns the newest mail with the person in this application,
// whoever wrote it: a further mail continues it.
func (f Facts) exchange(address string) *Mail {
	for _, m := range slices.Backward(f.Mails) {
		if m.Person == address && !m.Failed && m.MessageID != "" && (m.Outgoing || m.Speaks()) {
			return &m
		}
	}
	return nil
}

// happened reports whether the meeting is known to have taken place, as far as
// a note to this person is concerned.
func happened(i Interview, p Person) bool {
	return i.Status == InterviewHeld || !i.Debrief.Empty() || p.Said != ""
}

// tookPlace reports whether the round is known to have taken place at all.
func tookPlace(i Interview) bool {
	for _, p := range i.Interviewers {
		if p.Said != "" {
			return true
		}
	}
	return happened(i, Person{})
}
