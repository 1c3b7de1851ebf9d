package mailer

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// evidence is one message, prepared to be compared with each application, and the
// application that it is compared with at the moment. Expensive parts, such as folding
// texts, are lazy: most mail fits nothing.
type evidence struct {
	Message
	Reading
	matcher  *Matcher
	rules    []rule
	senders  []sender // From, Sender and Reply-To, in this order, without own addresses
	reports  []string // identifiers that a report is about
	base     string   // of the subject
	after    string   // the base of the subject behind its first colon
	prefixed bool     // the subject bears the mark of an answer
	shown    func() prose
	fresh    func() prose
	quoted   func() string
	quotesUs func() bool // the message quotes mail that bears an own address
	side     *side
}

// sender is an address that the message says it is from.
type sender struct {
	Address
	key     string   // of the mailbox
	domain  string   // registrable
	service string   // name of the tracking system or relay, "" if it is none
	words   []string // of the display name
	labels  []string // of a service's address: what may be a company's name
}

func newEvidence(m Message, r Reading, x *Matcher) *evidence {
	e := &evidence{Message: m, Reading: r, matcher: x, rules: rulesFor(r.Kind), reports: scanIDs(r.OriginalID)}
	shown := m.Subject
	for _, a := range slices.Concat(m.From, m.Sender, m.ReplyTo) {
		if key := mailboxKey(a.Addr); !slices.Contains(x.keys, key) {
			service, _ := x.tables.RelayOrATS(a.Addr)
			from := sender{Address: a, key: key, domain: RegistrableDomain(DomainOf(a.Addr)), service: service, words: slices.Concat(spellings(a.Name)...)}
			if service != "" {
				from.labels = tenantLabels(a.Addr)
			}
			e.senders = append(e.senders, from)
			shown += "\n" + a.Name
		}
	}
	e.base, e.prefixed = baseSubject(m.Subject)
	e.after = afterPhrase(m.Subject)
	e.shown = sync.OnceValue(func() prose { return newProse(shown) })
	e.fresh = sync.OnceValue(func() prose { return newProse(shown + "\n" + freshText(m)) })
	e.quoted = sync.OnceValue(func() string { return foldWords(quotedText(m, r)) })
	e.quotesUs = sync.OnceValue(func() bool {
		return slices.ContainsFunc(x.own, func(addr string) bool { return hasWords(e.quoted(), foldWords(addr)) })
	})
	return e
}

// freshText is what the sender wrote; all of the text if quotes could not be told apart.
func freshText(m Message) string {
	if m.NewText == "" && m.Quoted == "" {
		return m.Text
	}
	return m.NewText
}

// quotedText is what the message quotes. Of a report that is all of its text.
func quotedText(m Message, r Reading) string {
	if r.Kind == Bounce || r.Kind == Delay || r.Kind == Challenge {
		return m.Text
	}
	return m.Quoted
}

func (e *evidence) isOwnAddress(addr string) bool {
	return slices.Contains(e.matcher.keys, mailboxKey(addr))
}

// isOwn reports whether we wrote the message ourselves.
func (e *evidence) isOwn() bool {
	return slices.ContainsFunc(e.From, func(a Address) bool { return e.isOwnAddress(a.Addr) })
}

// mayMatch reports whether the message could belong to any application. Most mail of a
// mailbox could not, and ends here.
func (e *evidence) mayMatch() bool {
	known := e.matcher.known
	isKnownID := func(id string) bool { return known[strings.ToLower(id)] }
	isKnownSender := func(a sender) bool {
		isKnownWord := func(w string) bool { return known[w] }
		return a.service != "" || known[a.key] || known[a.domain] || slices.ContainsFunc(a.words, isKnownWord) || slices.ContainsFunc(localWords(a.Addr), isKnownWord)
	}
	switch e.Kind {
	case CalendarRequest, CalendarReply, CalendarCancel:
		return true
	}
	return len(e.reports) > 0 || len(e.Failed) > 0 || known[e.base] || known[e.after] ||
		slices.ContainsFunc(e.InReplyTo, isKnownID) || slices.ContainsFunc(e.References, isKnownID) ||
		slices.ContainsFunc(e.senders, isKnownSender) || e.quotesUs() || e.tellsOutcome()
}

// tellsOutcome reports whether somebody or a program seems to reject or offer, to arrange
// the next round, or, a person, to say by when word will come. Agencies, assistants and
// recruiting systems that no file names write so.
func (e *evidence) tellsOutcome() bool {
	tells := e.Rejection || e.Offer || e.NextStep
	return e.Kind == Notification && tells || e.Kind == Human && (tells || !e.DecideBy.IsZero())
}

// rule is one kind of evidence.
type rule func(*evidence) (Match, bool)

// rulesFor lists the kinds of evidence that apply to a kind of mail, the strongest
// first. A mail server's report is about a message or an address; that it came from the
// company's server says nothing.
func rulesFor(kind Kind) []rule {
	rules := []rule{(*evidence).reported, (*evidence).inReplyTo, (*evidence).references, (*evidence).failed}
	if kind != Bounce && kind != Delay {
		rules = append(rules, (*evidence).person, (*evidence).company, (*evidence).service, (*evidence).invitation)
	}
	return append(rules, (*evidence).subject)
}

// sided is a match with the side that it is of.
type sided struct {
	Match
	side *side
}

// findAll returns the strongest evidence for each application that shows any. Where a
// name is all that speaks for one, its bearer may be a namesake: an application that the
// message names is then as likely.
func (e *evidence) findAll() []sided {
	var found []sided
	byName := false
	for i := range e.matcher.sides {
		e.side = &e.matcher.sides[i]
		if match, ok := e.find(); ok {
			found = append(found, sided{match, e.side})
			byName = byName || match.Strength == BySubject && match.isOfSomebody()
		}
	}
	for i := range e.matcher.sides {
		if e.side = &e.matcher.sides[i]; byName && !e.isAmong(found) && (e.namesCompany() || e.namesRole()) {
			found = append(found, sided{Match{Strength: BySubject, Evidence: "it names the application, under the name of a person of another one"}, e.side})
		}
	}
	return found
}

func (e *evidence) isAmong(found []sided) bool {
	return slices.ContainsFunc(found, func(f sided) bool { return f.side == e.side })
}

// isOfSomebody reports whether a match concerns a listed person, other than as the one
// for whom a colleague wrote.
func (m Match) isOfSomebody() bool {
	return !m.Colleague && (m.Person != "" || m.Recruiter || m.Interviewer)
}

// find returns the strongest evidence.
func (e *evidence) find() (Match, bool) {
	for _, rule := range e.rules {
		if match, ok := rule(e); ok {
			return match, true
		}
	}
	return Match{}, false
}

// reported is the message of ours that a bounce, a delay notice or a receipt
// is about.
func (e *evidence) reported() (Match, bool) {
	return e.ofOurs(e.reports, ByInReplyTo, "the report names our message")
}

func (e *evidence) inReplyTo() (Match, bool) {
	return e.ofOurs(e.InReplyTo, ByInReplyTo, "In-Reply-To names our message")
}

// references accepts References only with a fitting subject, since people reuse an old
// mail to start a new subject.
func (e *evidence) references() (Match, bool) {
	if !e.side.fits(e.base) {
		return Match{}, false
	}
	ids := slices.Clone(e.References)
	slices.Reverse(ids) // the newest of ours is the one that was answered
	return e.ofOurs(ids, ByReferences, "References names our message, and the subject fits")
}

// ofOurs matches by Message-IDs. If somebody who is not listed replies in place of the
// person we wrote to, the reply concerns that person.
func (e *evidence) ofOurs(ids []string, strength Strength, why string) (Match, bool) {
	for _, id := range ids {
		// Some servers change the case of what they quote.
		id, ours := e.side.ids[strings.ToLower(id)]
		if !ours {
			continue
		}
		sentTo := e.side.OurIDs[id]
		match := Match{Strength: strength, OurID: id, Evidence: why + " to " + NormalAddress(sentTo)}
		isReport := e.Kind == Bounce || e.Kind == Delay
		if who, listed := e.writer(); listed && !isReport {
			return match.concern(who), true
		}
		if who, isNamed := e.namesakeOfTheirs(); isNamed && !isReport {
			return match.concern(who), true
		}
		match.Colleague = !isReport && len(e.senders) > 0 && e.isTheirs(e.senders[0])
		who, listed := e.side.parties[mailboxKey(sentTo)]
		match = match.concern(who)
		if !listed || match.Person == "" {
			match.Person = NormalAddress(sentTo)
		}
		return match, true
	}
	return Match{}, false
}

// writer is the listed person who sent the message: by From, else by Sender,
// else by Reply-To.
func (e *evidence) writer() (Party, bool) {
	for _, a := range e.senders {
		if who, listed := e.side.parties[a.key]; listed {
			return who, true
		}
	}
	return Party{}, false
}

// namesakeOfTheirs is the listed person whose name the first sender bears, at
// an address of the company that the file does not list.
func (e *evidence) namesakeOfTheirs() (Party, bool) {
	if len(e.senders) == 0 || !e.isTheirs(e.senders[0]) {
		return Party{}, false
	}
	return e.side.namesake(e.senders[0].words)
}

// isTheirs reports whether an address belongs to the company.
func (e *evidence) isTheirs(a sender) bool { return e.side.domains[a.domain] }

// failed matches a report that names an address we wrote to but no message.
func (e *evidence) failed() (Match, bool) {
	for _, addr := range e.Failed {
		match := Match{Strength: ByPerson, Evidence: "the report names the address " + NormalAddress(addr)}
		if who, listed := e.side.parties[mailboxKey(addr)]; listed {
			return match.concern(who), true
		}
		if e.side.sentTo[mailboxKey(addr)] {
			match.Person = NormalAddress(addr)
			return match, true
		}
	}
	return Match{}, false
}

// person matches mail from a listed person, except for their posts to a mailing list
// that are not addressed to us.
func (e *evidence) person() (Match, bool) {
	who, listed := e.writer()
	if !listed || e.isList() && !e.isToUs() {
		return Match{}, false
	}
	return Match{Strength: ByPerson, Evidence: "a person of the application wrote"}.concern(who), true
}

func (e *evidence) isList() bool {
	return e.Header.Get("list-id") != "" || e.Header.Get("list-post") != ""
}

func (e *evidence) isToUs() bool {
	return slices.ContainsFunc(slices.Concat(e.To, e.Cc), func(a Address) bool { return e.isOwnAddress(a.Addr) })
}

// company matches mail from the company's domain. Robots and lists there write about
// many things, so that their mail must name this application.
func (e *evidence) company() (Match, bool) {
	i := slices.IndexFunc(e.senders, e.isTheirs)
	if i < 0 {
		return Match{}, false
	}
	domain := e.senders[i].domain
	isAutomatic := e.isAutomatic()
	if _, listed := e.writer(); listed && e.isList() && !e.isToUs() && !e.namesRole() && !e.mentionsOurs() {
		return Match{}, false // what they tell a list is not said to us
	}
	who, isNamed := e.side.namesake(e.senders[i].words)
	if isNamed && (e.Kind == Human || !isAutomatic || isPassedOn(e.senders[i].Name)) {
		evidence := "mail from " + domain + " under the name of a person of the application"
		return Match{Strength: ByCompany, Evidence: evidence}.concern(who), true
	}
	match := Match{Strength: ByCompany, Colleague: true, Evidence: "mail from " + domain}
	if isAutomatic {
		match.Evidence = "automatic mail from " + domain + " that names the application"
		return match, e.namesApplication()
	}
	return match, true
}

// isPassedOn reports whether a mailing list rewrote the From line because of DMARC, as
// in "'Ken Osei' via Hiring".
func isPassedOn(name string) bool { return strings.Contains(strings.ToLower(name), " via ") }

// isAutomatic reports whether a program or a list wrote, not a person.
func (e *evidence) isAutomatic() bool {
	switch e.Kind {
	case Bulk, Notification, Other:
		return true
	}
	return e.isList() || len(e.From) > 0 && e.matcher.tables.Robot(e.From[0].Addr)
}

// service matches mail of a recruiting system or relay. It speaks for many companies, so
// that it must name the company, the role or a person. Mail to many, such as a job
// alert, must also speak of the reader's own candidacy or have the company in its
// subject or sender.
func (e *evidence) service() (Match, bool) {
	for _, a := range e.senders {
		name := a.service
		if name == "" || e.isTheirs(a) { // the service may be the company itself
			continue
		}
		match := Match{Strength: ByCompany}
		who, isNamed := e.side.namesake(a.words)
		switch {
		case isNamed:
			match.Evidence = fmt.Sprintf("%s passes on mail from a person of the application", name)
			return match.concern(who), true
		case e.isTenant(a) || e.namesCompany() && (!e.isToMany() || e.isHeadedByCompany() && !e.isJobAlert() || e.isAboutUs()):
			match.Evidence = fmt.Sprintf("%s names the company", name)
		case e.namesSomebody():
			match.Evidence = fmt.Sprintf("%s names a person of the application", name)
		case e.namesRole() && (!e.isToMany() || e.isAboutUs()):
			match.Evidence = fmt.Sprintf("%s names the role", name)
		default:
			continue
		}
		return match, true
	}
	return Match{}, false
}

// isToMany reports whether a service sent the same to many.
func (e *evidence) isToMany() bool {
	return e.Kind == Bulk || e.isList() || e.Header.Get("list-unsubscribe") != ""
}

// invitation matches a calendar message by the people that it names, since scheduling
// services send under their own name.
func (e *evidence) invitation() (Match, bool) {
	switch e.Kind {
	case CalendarRequest, CalendarReply, CalendarCancel:
	default:
		return Match{}, false
	}
	theirs := false
	for _, addr := range e.calendarAddresses() {
		if who, listed := e.side.parties[mailboxKey(addr)]; listed {
			return Match{Strength: ByInvitation, Evidence: "the invitation names a person of the application"}.concern(who), true
		}
		theirs = theirs || e.side.domains[RegistrableDomain(DomainOf(addr))]
	}
	return Match{Strength: ByInvitation, Colleague: true, Evidence: "the invitation names somebody of the company"}, theirs
}

// calendarAddresses are organizer and attendees of the invitation (RFC 5545
// sections 3.8.4.1 and 3.8.4.3), without ourselves.
func (e *evidence) calendarAddresses() []string {
	var out []string
	for _, part := range e.Parts {
		if part.Type != "text/calendar" {
			continue
		}
		text := strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "").Replace(string(part.Content))
		for line := range strings.Lines(text) {
			line = strings.ToLower(line)
			_, addr, found := strings.Cut(line, "mailto:")
			isPerson := strings.HasPrefix(line, "organizer") || strings.HasPrefix(line, "attendee")
			addr = strings.Trim(addr, " \r\n\"")
			if found && isPerson && !e.isOwnAddress(addr) && len(out) < maxScanIDs {
				out = append(out, addr)
			}
		}
	}
	return out
}

// subject is the weakest evidence: no trace of our mail in the header, and an address
// that nobody knows. It only leads to a question.
func (e *evidence) subject() (Match, bool) {
	switch e.Kind {
	case Bulk, Other:
		return Match{}, false
	case Notification:
		if e.isOfAgency() && (e.Rejection || e.Offer) {
			return Match{Strength: BySubject, Evidence: byAgency}, true
		}
		unlisted := Match{Strength: BySubject, Evidence: "a program that no table knows tells an outcome under the company's name"}
		return unlisted, e.tellsOutcome() && e.isHeadedByCompany() && (e.namesRole() || speaksOfHiring(e.fresh().folded))
	}
	for _, a := range e.senders {
		who, ok := e.side.namesake(a.words)
		if !ok {
			who, ok = e.side.namesake(localWords(a.Addr)) // Ken O. <ken.osei.home@gmail.com>
		}
		if ok && e.Kind == Human {
			return Match{Strength: BySubject, Evidence: "the sender bears the name of a person of the application"}.concern(who), true
		}
	}
	switch {
	case e.isOfAgency() && (e.namesCompany() || e.namesRole() || e.namesAnother()):
		return Match{Strength: BySubject, Evidence: "mail from the recruiter's firm that names the application"}, true
	case e.isOfAgency() && (e.Rejection || e.Offer || !e.DecideBy.IsZero()):
		return Match{Strength: BySubject, Evidence: byAgency}, true
	case e.tellsOutcome() && e.isHeadedByCompany() && (e.Rejection || e.Offer || e.namesRole() || e.namesSomebody() || speaksOfHiring(e.fresh().folded)):
		return Match{Strength: BySubject, Evidence: "somebody unknown tells an outcome, or what comes next, under the company's name"}, true
	case e.subjectFits():
		return Match{Strength: BySubject, Evidence: "only the subject fits"}, true
	case e.quotesOurs():
		return Match{Strength: BySubject, Evidence: "only the quoted text fits"}, true
	}
	return Match{}, false
}

const byAgency = "the recruiter's firm tells an outcome, and not of which application"

// isOfAgency reports whether somebody of the recruiter's firm wrote.
func (e *evidence) isOfAgency() bool {
	return slices.ContainsFunc(e.senders, func(a sender) bool { return e.side.firms[a.domain] })
}

// subjectFits accepts a short subject such as "Thank you" only with another sign that
// the message is a reply.
func (e *evidence) subjectFits() bool {
	if e.side.fits(e.base) {
		return e.prefixed || len(strings.Fields(e.base)) >= 3 || e.quotesUs()
	}
	return e.side.fits(e.after)
}

// quotesOurs reports whether the quoted mail is ours to a person of the application: it
// contains one of our addresses, and theirs or our subject.
func (e *evidence) quotesOurs() bool {
	if !e.quotesUs() {
		return false
	}
	for _, p := range e.side.People {
		if slices.ContainsFunc(p.Addresses, func(addr string) bool { return hasWords(e.quoted(), foldWords(addr)) }) {
			return true
		}
	}
	for base := range e.side.subjects {
		if len(strings.Fields(base)) >= 3 && hasWords(e.quoted(), base) {
			return true
		}
	}
	return false
}
