package mailer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leavingReach is how many words lie at most between "have left" and the name
// of the company.
const leavingReach = 2

// leftByName notes a sender who says to have left the company whose mail this
// is, by its name: "I have left Acme". Of what else was left (the building, a
// meeting) the word says nothing.
func (c *classifier) leftByName() {
	firm := c.firm()
	if c.reading.LeftFirm {
		return
	}
	s := c.statement()
	for _, f := range s.all {
		if f.section != leaving || firm == "" {
			continue
		}
		for w := max(f.first, f.end-leavingReach-2); w < min(len(s.words), f.end+leavingReach); w++ {
			if word := s.words[w]; word.sentence == s.words[f.first].sentence && strings.EqualFold(s.text[word.start:word.end], firm) {
				c.reading.LeftFirm = true
				c.reading.Hints = append(c.reading.Hints, Hint{LeftFirm, s.sentence(f)})
				c.reading.Sentence = c.reading.Hints[0].Sentence
				return
			}
		}
	}
}

// leftAnother takes back that the sender of an automatic answer has left where
// every sentence that says so is about somebody else: "Ken Mori has left us; I am
// back on Monday". Nobody writes any more to whom it is believed of. An address that is
// nobody's own can only tell of others.
func (c *classifier) leftAnother() {
	if !c.reading.LeftFirm || c.robot || c.isRole() {
		return
	}
	s := c.statement()
	rule := intentRules()[slices.IndexFunc(intentRules(), func(r intentRule) bool { return r.intent == LeftFirm })]
	for n, f := range s.all {
		if rule.key.has(f.section) && s.fits(rule, n) && !c.isOfAnother(s, f) {
			return
		}
	}
	c.reading.LeftFirm = false
	c.reading.Hints = slices.DeleteFunc(c.reading.Hints, func(h Hint) bool { return h.Intent == LeftFirm })
	c.reading.Sentence = ""
	if len(c.reading.Hints) > 0 {
		c.reading.Sentence = c.reading.Hints[0].Sentence
	}
}

// isOfAnother tells of whom a phrase such as "has left the company" is said: of
// whoever stands closest before it, the sender (I, or their name) or somebody
// else. Where nobody does, somebody who says when they are back has not left.
func (c *classifier) isOfAnother(s *statement, left found) bool {
	for w := left.end - 1; w >= 0 && s.words[w].sentence == s.words[left.first].sentence; w-- {
		if w < left.first && dropsPronouns(left.language) && !s.sameClause(w, left.first) {
			break
		}
		switch word := s.text[s.words[w].start:s.words[w].end]; {
		case isMyself(strings.ToLower(word), w >= left.first), c.isOwnName(word):
			return false
		case w < left.first && s.isName(w, left) && !c.isFirm(word) && !c.isTransliterated(word):
			return true
		}
	}
	return !c.reading.ReturnDate.IsZero()
}

// isMyself knows the words by which people speak of themselves; within the phrase
// that is "my last day" too.
func isMyself(w string, within bool) bool {
	switch w {
	case "i", "ich", "je", "j", "yo", "eu", "io", "ik", "jag", "jeg", "ja", "minä", "я":
		return true
	case "my", "mein", "mon", "mi", "meu", "mio", "mijn", "min", "mój", "můj":
		return within
	}
	return false
}

// dropsPronouns knows the languages whose verbs say who is meant.
func dropsPronouns(language string) bool {
	switch language {
	case "es", "it", "pt", "pl", "cs", "fi", "tr":
		return true
	}
	return false
}

// isName tells a word that names somebody: with a capital, and neither a day nor a
// month. One that begins a sentence is none by its capital, unless the phrase,
// "who" or another part of the name follows; nor is a German noun without a title.
func (s *statement) isName(w int, left found) bool {
	if !s.isCapital(w) {
		return false
	}
	opens := w == 0 || s.words[w-1].sentence != s.words[w].sentence
	before, behind := !opens && (s.isCapital(w-1) || isTitle(s.text[s.words[w-1].start:s.words[w-1].end])), w+1 < left.first && s.isCapital(w+1)
	switch {
	case before || behind:
		return true
	case opens:
		return w+1 == left.first && !isThatOne(s.lower(w)) || isWho(s.lower(w+1))
	}
	return left.language != "de"
}

func (s *statement) lower(w int) string {
	return strings.ToLower(s.text[s.words[w].start:s.words[w].end])
}

// isWho knows the words that tell more of whoever was named before.
func isWho(w string) bool {
	switch w {
	case "who", "whom", "whose", "der", "die", "den", "qui", "que", "quien", "che", "som", "który", "která", "która", "joka", "jota":
		return true
	}
	return false
}

// isCapital tells a word with a capital that is no date.
func (s *statement) isCapital(w int) bool {
	word := s.text[s.words[w].start:s.words[w].end]
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first) && len(word) > 1 && len(dateTables().find(dateTables().read(word), everySection())) == 0
}

// isThatOne knows the words that stand for whoever was written to.
func isThatOne(w string) bool {
	switch w {
	case "he", "she", "they", "this", "that", "it", "er", "sie", "diese", "dieser", "il", "elle", "ella", "él", "lei", "lui", "hij", "zij", "hon", "han", "hun", "on", "ona", "ele", "ela", "он", "она", "він", "вона", "ya", "non", "já", "już":
		return true
	}
	return false
}

// isOwnName tells whether a word is part of the name or of the address of the
// sender.
func (c *classifier) isOwnName(word string) bool {
	if len(c.m.From) == 0 || len(word) < 2 {
		return false
	}
	local, _, _ := strings.Cut(c.m.From[0].Addr, "@")
	return slices.ContainsFunc(strings.FieldsFunc(c.m.From[0].Name+" "+local, func(r rune) bool { return !unicode.IsLetter(r) }),
		func(part string) bool { return strings.EqualFold(part, word) })
}

// isTransliterated tells a word in other letters than the sender's name: it may well be
// that name, and a mailbox tells of its own reader.
func (c *classifier) isTransliterated(word string) bool {
	if len(c.m.From) == 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(word)
	isLatin := func(r rune) bool { return unicode.Is(unicode.Latin, r) }
	return !isLatin(first) && strings.ContainsFunc(c.m.From[0].Name, isLatin)
}

// isFirm tells the name of the company whose mail this is.
func (c *classifier) isFirm(word string) bool { return strings.EqualFold(c.firm(), word) }

// firm is the name of the company in the sender's address.
func (c *classifier) firm() string {
	if len(c.m.From) == 0 {
		return ""
	}
	_, domain, _ := strings.Cut(c.m.From[0].Addr, "@")
	firm, _, _ := strings.Cut(RegistrableDomain(domain), ".")
	return firm
}
