package mailer

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// Candidate is an application that a message may belong to.
type Candidate struct {
	Application   string
	Company, Role string
	Domains       []string // whose mail counts as the company's
	People        []Party
	OurIDs        map[string]string // Message-ID, own or learnt -> normal address it was sent to
	Subjects      []string          // of our exchanges, without "Re:"
	// From is the start of the latest interview begun: evidence 3 to 6 counts
	// from here. It is zero while no interview has begun.
	From time.Time
}

// Party is a person of an application.
type Party struct {
	Name        string
	Addresses   []string // the main one first, then aliases; may be empty
	Recruiter   bool
	Interviewer bool
}

// Strength ranks the evidence that a message belongs to an application: the lower, the
// stronger.
type Strength int

// The strengths, strongest first, as DESIGN section 6 numbers them.
const (
	ByInReplyTo  Strength = iota + 1 // In-Reply-To, or a report, names a message of ours
	ByReferences                     // References does, and the subject fits
	ByPerson                         // a person of the application writes
	ByCompany                        // the company's domain, or a service that names the application
	ByInvitation                     // a calendar invitation from any of these
	BySubject                        // only subject, quoted text or a name fit
)

// Match says that a message belongs to an application, and why.
type Match struct {
	Application string
	Strength    Strength
	Person      string // normal main address of the party concerned, "" if nobody is
	Recruiter   bool   // of Person
	Interviewer bool   // of Person
	Colleague   bool   // from the company, not from a listed person
	OurID       string // Message-ID of ours that the message names, "" if none
	Early       bool   // arrived before Candidate.From: may change the interview only
	Evidence    string // one clause
}

// MatchAll finds the applications that a message belongs to. It returns those with the
// strongest evidence, several if they tie; of these, one that the message itself names
// goes before one that it does not. Mail from one of the own addresses matches nothing.
// Arrived is the time of arrival by our mailbox, not the sender's Date.
func MatchAll(m Message, r Reading, arrived time.Time, own []string, cs []Candidate, t Tables) []Match {
	return NewMatcher(own, cs, t).Match(m, r, arrived)
}

// Matcher is MatchAll prepared for many messages: everything that depends on the
// applications alone is worked out once. It is safe for concurrent use and keeps nothing
// of the messages.
type Matcher struct {
	tables Tables
	own    []string // as given
	keys   []string // of the own addresses
	sides  []side
	// known holds what any application is recognized by: mailbox keys,
	// domains, lower-case identifiers, base subjects and words of names. These
	// cannot be mistaken for each other, and a mistake would only cost time.
	known map[string]bool
}

// NewMatcher prepares the applications. They must not change afterwards.
func NewMatcher(own []string, cs []Candidate, t Tables) *Matcher {
	x := &Matcher{tables: t, own: own, known: map[string]bool{}}
	for _, addr := range own {
		x.keys = append(x.keys, mailboxKey(addr))
	}
	for _, c := range cs {
		s := newSide(c, t)
		x.sides = append(x.sides, s)
		know(x.known, maps.Keys(s.parties))
		know(x.known, maps.Keys(s.domains))
		know(x.known, maps.Keys(s.firms))
		know(x.known, maps.Keys(s.ids))
		know(x.known, maps.Keys(s.subjects))
		for _, words := range slices.Concat(s.names...) {
			know(x.known, slices.Values(words))
		}
	}
	return x
}

func know(known map[string]bool, marks iter.Seq[string]) {
	for mark := range marks {
		known[mark] = true
	}
}

// Match finds the applications of one message, as MatchAll says.
func (x *Matcher) Match(m Message, r Reading, arrived time.Time) []Match {
	e := newEvidence(m, r, x)
	if e.isOwn() || !e.mayMatch() {
		return nil
	}
	var found []graded
	for _, match := range e.findAll() {
		e.side = match.side
		match.Application = e.side.Application
		match.Early = match.Strength >= ByPerson && (e.side.From.IsZero() || arrived.Before(e.side.From))
		found = append(found, graded{Match: match.Match, named: e.named(match.Match)})
	}
	return strongest(found)
}

// Applications lists the applications of which a message shows any evidence, however
// weak and whenever it came. Match chooses among these.
func (x *Matcher) Applications(m Message, r Reading) []string {
	e := newEvidence(m, r, x)
	if e.isOwn() || !e.mayMatch() {
		return nil
	}
	var found []string
	for _, match := range e.findAll() {
		found = append(found, match.side.Application)
	}
	return found
}

// graded is a match together with what the message names of the application.
type graded struct {
	Match
	named naming
}

// naming is what the message itself names of an application. Person is somebody other
// than the sender; writer is true if the sender is known by name while the address is
// not listed.
type naming struct{ company, role, subject, person, writer bool }

// exceeds reports whether n names all that o does, and more.
func (n naming) exceeds(o naming) bool {
	return n != o && (n.company || !o.company) && (n.role || !o.role) && (n.subject || !o.subject) &&
		(n.person || !o.person) && (n.writer || !o.writer)
}

// strongest keeps the matches that no other one outdoes. An early match may only change
// the interview, so it never hides one that counts in full.
func strongest(found []graded) []Match {
	var out []Match
	for _, g := range found {
		if !slices.ContainsFunc(found, g.isOutdoneBy) {
			out = append(out, g.Match)
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		if a.Strength != b.Strength {
			return int(a.Strength - b.Strength)
		}
		return strings.Compare(a.Application, b.Application)
	})
	return out
}

func (g graded) isOutdoneBy(other graded) bool {
	switch {
	case other.Early && !g.Early:
		return false
	case other.Strength != g.Strength:
		return other.Strength < g.Strength
	}
	return g.Strength >= ByPerson && other.named.exceeds(g.named)
}

// side is a candidate prepared for comparing.
type side struct {
	Candidate
	company  companyName
	role     string            // folded, without what stands in parentheses
	tenants  map[string]bool   // the company's name as one word, as services put it into addresses
	domains  map[string]bool   // registrable domains of the company and of its interviewers
	owned    map[string]bool   // those that the user's file names as the company's
	firms    map[string]bool   // of agencies: recruiters whose domain is not the company's
	webs     []string          // the owned domains as folded words, in ASCII and in Unicode
	parties  map[string]Party  // by mailbox key
	names    [][][]string      // words of the names of People, each in all its spellings
	marks    [][]string        // full names and addresses of People, folded
	sentTo   map[string]bool   // mailbox keys that mail of ours went to
	subjects map[string]bool   // base subjects of our exchanges
	ids      map[string]string // OurIDs by lower-case identifier
}

func newSide(c Candidate, t Tables) side {
	s := &side{
		Candidate: c,
		company:   newCompanyName(c.Company),
		role:      foldWords(dropParentheses(c.Role)),
		tenants:   tenantNames(c.Company),
		domains:   map[string]bool{},
		owned:     map[string]bool{},
		firms:     map[string]bool{},
		parties:   map[string]Party{},
		sentTo:    map[string]bool{},
		subjects:  map[string]bool{},
		ids:       map[string]string{},
	}
	s.addDomains(t)
	for _, p := range c.People {
		s.names = append(s.names, spellings(p.Name))
		s.marks = append(s.marks, personMarks(p))
		for _, addr := range p.Addresses {
			s.addParty(mailboxKey(addr), p)
		}
	}
	for _, subject := range c.Subjects {
		if base, _ := baseSubject(subject); base != "" {
			s.subjects[base] = true
		}
	}
	for id, addr := range c.OurIDs {
		s.ids[strings.ToLower(id)] = id
		s.sentTo[mailboxKey(addr)] = true
	}
	return *s
}

// addDomains collects the domains that speak for the application: those named in its
// file and those of the interviewers. If the recruiter's domain is another one, an
// agency's, it speaks for many companies and is kept apart; it counts as the company's
// only if no other is known. Free mail and recruiting services never count.
func (s *side) addDomains(t Tables) {
	for _, domain := range s.Domains {
		domain = RegistrableDomain(domain)
		service, isService := t.RelayOrATS("x@" + domain)
		isOwn := !isService || hasWords(s.company.folded, foldWords(service))
		if domain != "" && !t.FreeMail(domain) && isOwn {
			s.domains[domain], s.owned[domain] = true, true
			s.webs = append(s.webs, foldWords(domain))
			if unicode, err := idna.ToUnicode(domain); err == nil && unicode != domain {
				s.webs = append(s.webs, foldWords(unicode))
			}
		}
	}
	for _, p := range s.People {
		if !p.Recruiter {
			s.addDomainsOf(p, s.domains, t)
		}
	}
	for _, p := range s.People {
		if p.Recruiter {
			s.addDomainsOf(p, s.firms, t)
		}
	}
	if len(s.domains) == 0 {
		s.domains, s.firms = s.firms, map[string]bool{}
	}
	maps.DeleteFunc(s.firms, func(domain string, _ bool) bool { return s.domains[domain] })
}

func (s *side) addDomainsOf(p Party, to map[string]bool, t Tables) {
	for _, addr := range p.Addresses {
		_, isService := t.RelayOrATS(addr)
		if domain := RegistrableDomain(DomainOf(addr)); domain != "" && !t.FreeMail(DomainOf(addr)) && !isService {
			to[domain] = true
		}
	}
}

// addParty adds a person under an address. A person listed as recruiter and as
// interviewer is both.
func (s side) addParty(key string, p Party) {
	if earlier, there := s.parties[key]; there {
		earlier.Recruiter = earlier.Recruiter || p.Recruiter
		earlier.Interviewer = earlier.Interviewer || p.Interviewer
		p = earlier
	}
	s.parties[key] = p
}

// fits reports whether a base subject is that of an exchange with us.
func (s side) fits(base string) bool { return s.subjects[base] }

// namesake returns the listed person whose full name is among the words of a display
// name.
func (s side) namesake(shown []string) (Party, bool) {
	for i, words := range s.names {
		if holdsName(shown, words) {
			return s.People[i], true
		}
	}
	return Party{}, false
}

// concern fills in the person of a match.
func (m Match) concern(p Party) Match {
	if len(p.Addresses) > 0 {
		m.Person = NormalAddress(p.Addresses[0])
	}
	m.Recruiter, m.Interviewer = p.Recruiter, p.Interviewer
	return m
}

// SameMailbox reports whether two addresses surely reach one mailbox: they may
// differ in case, in a plus tag, in the spelling of the domain and, at Gmail, in
// dots.
func SameMailbox(a, b string) bool { return mailboxKey(a) == mailboxKey(b) }

// mailboxKey is equal for two spellings of one mailbox. Only for Gmail are dots, and the
// second domain, certain to make no difference.
func mailboxKey(addr string) string {
	local, domain, _ := strings.Cut(BaseAddress(addr), "@")
	if domain == "gmail.com" || domain == "googlemail.com" {
		return strings.ReplaceAll(local, ".", "") + "@gmail.com"
	}
	return local + "@" + domain
}
