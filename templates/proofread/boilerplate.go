package proofread

import (
	"slices"
	"strings"
	"unicode"

	"afterword/scheduler"
)

// ownThoughts are how many different words, beyond those of every such letter,
// show that a note was written for one reader.
const ownThoughts = 3

// boilerplate finds notes that could go to anybody: nothing but stock phrases,
// names and the role.
func boilerplate(m *mail) []scheduler.Finding {
	switch m.in.Template {
	case "pass-on", "reply-to-rejection":
		return nil // they are short, and everybody's
	}
	if len(words(m.text.content())) == 0 || interviewed(m) && strings.TrimSpace(m.in.Person.Said) == "" {
		return nil // not-personal says the same of a note without `said`
	}
	names := words(strings.Join([]string{m.in.Application.Company, m.in.Application.Role, m.person().Name, m.in.Me.Name}, " "))
	var own []string
	for _, p := range m.text.paragraphs {
		for _, w := range wordsOf(p) {
			lower := strings.ToLower(base(w.text))
			name := !w.begins && unicode.IsUpper([]rune(w.text)[0])
			if !name && !m.isStock(lower) && !contains(names, lower) && !contains(own, stem(lower)) {
				own = append(own, stem(lower))
			}
		}
	}
	if len(own) >= ownThoughts {
		return nil
	}
	return found("text", "these are stock phrases that could go to anybody; add one thing that only this conversation had")
}

func (m *mail) isStock(lower string) bool {
	p := m.phrases()
	return len([]rune(lower)) < 3 || p.stop[lower] || p.stock[lower] || p.courtesy[lower] || p.stock[stem(lower)] || p.function[lower] != nil
}

// promiseKept compares the notes of a round with what the candidate promised
// to send. One note that speaks of it will do, and so will a mail by hand; the
// first interviewer's is the one that lacks it.
func promiseKept(m *mail) []scheduler.Finding {
	promised := strings.TrimSpace(m.in.Interview.Debrief.Promised)
	wanted := m.contentWords(promised)
	if len(wanted) == 0 || m.in.Template == "pass-on" || !m.answersForPanel() {
		return nil
	}
	if t := m.in.Thread; t != nil && t.Outgoing && t.ByHand && t.At.After(m.in.Interview.At) {
		return nil
	}
	texts := []string{m.text.content()}
	for _, o := range m.in.Panel {
		texts = append(texts, readLetter(o.Subject, o.Body, m.in.Me).content())
	}
	for _, text := range texts {
		if written := m.contentWords(text); slices.ContainsFunc(wanted, func(w string) bool { return contains(written, w) && !m.phrases().stock[w] }) {
			return nil
		}
	}
	return found("text", "you promised %q, and no note speaks of it; send it, or say when it comes", promised)
}

// answersForPanel reports whether the recipient is the one whose note is held
// to account for the round: the lead, or the first.
func (m *mail) answersForPanel() bool {
	all := m.in.Interview.Interviewers
	i := max(0, slices.IndexFunc(all, func(p scheduler.Person) bool { return p.Lead }))
	return len(all) == 0 || sameAddress(all[i].Email, m.in.To.Email) || !slices.ContainsFunc(all, func(p scheduler.Person) bool { return sameAddress(p.Email, m.in.To.Email) })
}
