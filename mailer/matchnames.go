package mailer

import (
	"slices"
	"strings"
)

// answers reports whether the message bears the mark of a reply. A new mail may have the
// subject of an exchange by chance: "Your interview at Acme" is what a company calls all
// of its mail.
func (e *evidence) answers() bool {
	return e.prefixed || len(e.InReplyTo) > 0 || len(e.References) > 0
}

// named is what the message names of the application, by its own words and,
// where these are all the evidence, by the addresses that it comes from.
func (e *evidence) named(m Match) naming {
	byAddress := func(a sender) bool {
		return e.side.owned[a.domain] || a.service != "" && e.isTenant(a)
	}
	return naming{
		company: m.Strength == ByCompany && slices.ContainsFunc(e.senders, byAddress) || e.namesCompany(),
		role:    e.namesRole(),
		subject: e.answers() && e.side.fits(e.base),
		person:  e.namesAnother(),
		writer:  (m.Strength == ByCompany || m.Strength == BySubject) && m.isOfSomebody(),
	}
}

// namesAnother reports whether the message names somebody of the application
// who did not write it, or goes to such a person as well.
func (e *evidence) namesAnother() bool {
	for i, p := range e.side.People {
		isWriter := slices.ContainsFunc(e.senders, func(a sender) bool {
			return slices.ContainsFunc(p.Addresses, func(addr string) bool { return mailboxKey(addr) == a.key }) || holdsName(a.words, e.side.names[i])
		})
		isCopied := slices.ContainsFunc(slices.Concat(e.To, e.Cc), func(a Address) bool {
			return slices.ContainsFunc(p.Addresses, func(addr string) bool { return mailboxKey(addr) == mailboxKey(a.Addr) })
		})
		if !isWriter && (isCopied || e.fresh().namesPerson(e.side.marks[i])) {
			return true
		}
	}
	return false
}

// namesApplication reports whether automatic mail from the company is about
// this application. The company's name alone says nothing there: all its mail
// bears it.
func (e *evidence) namesApplication() bool {
	if e.namesRole() || e.namesSomebody() || e.mentionsOurs() {
		return true
	}
	return e.Kind != Bulk && e.isAboutUs()
}

// namesSomebody reports whether the message names a person of the application.
func (e *evidence) namesSomebody() bool {
	return slices.ContainsFunc(e.side.marks, e.fresh().namesPerson)
}

// mentionsOurs reports whether the message refers to a mail of ours, by its Message-ID
// or its subject.
func (e *evidence) mentionsOurs() bool {
	isOurs := func(id string) bool { return e.side.ids[strings.ToLower(id)] != "" }
	return slices.ContainsFunc(e.References, isOurs) || e.side.fits(e.base)
}

// speaksOfHiring reports whether a text speaks of the reader's own candidacy, in phrases
// that no shop uses.
func speaksOfHiring(folded string) bool {
	return slices.ContainsFunc(hiringPhrases(), func(phrase string) bool { return hasWords(folded, phrase) })
}

var hiringPhrases = foldedTable(hiringTable)

// namesCompany reports whether the message names the company or its domain.
func (e *evidence) namesCompany() bool {
	if e.isHeadedByCompany() || !e.side.company.short && e.fresh().namesCompany(e.side.company) {
		return true
	}
	return slices.ContainsFunc(e.side.webs, e.fresh().has)
}

// namesRole reports whether the message names the role. A role of one word,
// such as Engineer, stands in any text: only the subject counts for it.
func (e *evidence) namesRole() bool {
	if len(strings.Fields(e.side.role)) < 2 && !isUnspacedWord(strings.TrimSpace(e.side.role)) {
		return e.shown().has(e.side.role)
	}
	return e.fresh().has(e.side.role)
}

// isAboutUs reports whether the message speaks of the reader's own candidacy.
func (e *evidence) isAboutUs() bool {
	return e.Rejection || e.Offer || speaksOfHiring(e.fresh().folded)
}

// isHeadedByCompany reports whether the subject or the sender names the company.
func (e *evidence) isHeadedByCompany() bool { return e.shown().namesCompany(e.side.company) }

// isJobAlert reports whether the subject offers jobs to everybody, as in "Acme is hiring",
// or it or the sender calls itself an alert. It names companies but says nothing about us.
func (e *evidence) isJobAlert() bool {
	subject, called := foldWords(e.Subject), e.shown().folded
	for _, a := range e.senders {
		called += foldWords(a.Addr)
	}
	return slices.ContainsFunc(alertPhrases(), func(phrase string) bool { return hasWords(subject, phrase) }) ||
		slices.ContainsFunc(alertNames(), func(name string) bool { return hasWords(called, name) })
}

var alertNames = foldedTable(jobAlertNamesTable)

var alertPhrases = foldedTable(jobAlertsTable)

// isTenant reports whether the company's name is part of a service's address, as in
// acme@, acme-careers@ or no-reply@acme.
func (e *evidence) isTenant(a sender) bool {
	return slices.ContainsFunc(a.labels, func(label string) bool { return e.side.tenants[label] })
}

// tenantLabels are the parts of an address, with and without words such as careers that
// companies add to their name.
func tenantLabels(addr string) []string {
	var labels []string
	for _, label := range strings.FieldsFunc(NormalAddress(addr), func(r rune) bool { return r == '@' || r == '.' || r == '+' }) {
		labels = append(labels, squeeze(label), squeeze(dropDepartment(label)))
	}
	return labels
}

// dropDepartment removes such words.
func dropDepartment(label string) string {
	words := strings.FieldsFunc(label, func(r rune) bool { return !isAlphanumeric(r) })
	departments := strings.Fields("career careers hiring hr job jobs mail noreply notifications people recruiting recruitment reply talent team")
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return slices.Contains(departments, w) }), "")
}

// localWords are the words of an address before its at sign.
func localWords(addr string) []string {
	local, _, _ := strings.Cut(addr, "@")
	return nameWords(strings.Map(func(r rune) rune {
		if strings.ContainsRune("._-+", r) {
			return ' '
		}
		return r
	}, local))
}
