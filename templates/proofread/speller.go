package proofread

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"afterword/scheduler"
	"afterword/templates/proofread/spelling"

	"golang.org/x/text/unicode/norm"
)

// mostSlips bounds how many words of one mail are shown.
const mostSlips = 12

// suggestions are shown for a word.
const suggestions = 3

// speller reads one mail.
type speller struct {
	mail    *mail
	english *spelling.English
	system  *spelling.Hunspell // nil: the mail is English
	known   map[string]bool    // in lower case: the user's own words, names, companies
	said    map[string]bool    // in lower case: what others said, which the user wrote down
	asked   int                // of the system's dictionary: suggestions so far
}

// spellingOf finds damaged letters everywhere and words that nobody knows. The words of
// the greeting's name and of the signature are other checks' business.
func spellingOf(m *mail) []scheduler.Finding {
	return append(m.garbled(), m.misspelt()...)
}

// misspelt looks every word up.
func (m *mail) misspelt() []scheduler.Finding {
	s := speller{mail: m, english: spelling.BuiltIn(), known: m.ownWords(), said: map[string]bool{}}
	if baseLanguage(m.language) != "en" {
		if s.system = m.dictionary(m.language); s.system == nil {
			return []scheduler.Finding{{Severity: scheduler.Hint, Place: "text",
				Text: fmt.Sprintf("there is no dictionary for %q here, so the spelling was not looked at; install the Hunspell dictionary of the language", m.language)}}
		}
	}
	s.learn(m)
	var all []scheduler.Finding
	seen := map[string]bool{}
	for _, p := range m.spelt() {
		for _, w := range wordsOf(p) {
			if seen[w.text] || len(all) == mostSlips {
				continue
			}
			if f, slip := s.look(w); slip {
				seen[w.text] = true
				f.Place = p.at(w.from)
				all = append(all, f)
			}
		}
	}
	if s.system == nil {
		all = append(all, s.mixed(m)...)
	}
	return all
}

// spelt are the passages whose words are looked up.
func (m *mail) spelt() []passage {
	all := m.text.prose()
	if g := m.text.greeting; g.text != "" && salutation().FindString(g.text) == "" {
		first, _, _ := strings.Cut(g.text, " ")
		g.text = strings.TrimRight(first, ",:!")
		all = append(all, g)
	}
	for i := range all {
		all[i].text = quotation().ReplaceAllStringFunc(all[i].text, m.foreignTitle)
		for _, at := range m.phrases().borrowed.FindAll(all[i].text) {
			all[i].text = all[i].text[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + all[i].text[at[1]:]
		}
	}
	return all
}

var quotation = lazy(`"[^"]+"`)

// foreignTitle blanks a quotation in another language, such as the title of a
// book.
func (m *mail) foreignTitle(quoted string) string {
	own, other := 0, 0
	for _, w := range words(quoted) {
		for _, language := range builtin().function[w] {
			if language == baseLanguage(m.language) {
				own++
			} else {
				other++
			}
		}
	}
	if own > 0 || other < leastTitleWords {
		return quoted
	}
	return strings.Repeat(" ", len(quoted))
}

// learn takes the names and words of the facts.
func (s *speller) learn(m *mail) {
	a, d := m.in.Application, m.in.Interview.Debrief
	names := []string{a.Company, a.Role, strings.Join(a.Domains, " "), m.in.Me.Name, m.in.Me.Signature, m.in.Me.Email, m.in.To.Name, m.in.To.Email, m.text.named}
	for _, p := range append(a.People(), m.in.Person) {
		names = append(names, p.Name, p.Title, p.Greet, p.Email)
	}
	if m.in.Thread != nil {
		names = append(names, m.in.Thread.Subject)
	}
	for i, p := range m.text.signature {
		if i > 0 {
			names = append(names, p.text)
		}
	}
	learnFrom(s.known, names)
	learnFrom(s.said, append(quotedWords(m.in), d.Questions...))
	learnFrom(s.said, []string{d.BetterAnswer, d.Promised})
}

func learnFrom(set map[string]bool, facts []string) {
	for _, f := range facts {
		for _, w := range lettersOf(f) {
			set[strings.ToLower(w)] = true
		}
	}
}

// lettersOf are the words of a fact, with their parts.
func lettersOf(s string) []string {
	return strings.FieldsFunc(plain(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && !unicode.IsMark(r) })
}

// spelled is one word of a passage.
type spelled struct {
	text   string
	from   int
	begins bool   // a sentence
	joined bool   // by a hyphen to the next one
	whole  string // the word of which it is a part between hyphens, else ""
}

// wordsOf are the words of a passage that a dictionary can know: no addresses,
// links, file names, tags, numbers or words in other scripts.
func wordsOf(p passage) []spelled {
	var all []spelled
	starts := true
	for at := 0; at < len(p.text); {
		n := strings.IndexAny(p.text[at:], " \t\n")
		if n < 0 {
			n = len(p.text) - at
		}
		token := p.text[at : at+n]
		if !isPath(token) {
			all = append(all, wordsOfToken(token, at, starts)...)
		}
		if bare := strings.TrimRight(token, "\"')]"); strings.Trim(bare, "\"'([*-–—") != "" {
			starts = strings.HasSuffix(bare, ".") && !isAbbreviation(bare) || strings.ContainsAny(bare[len(bare)-1:], "!?:")
		}
		at += n + 1
	}
	return all
}

// isPath tells links and places in a file system.
func isPath(token string) bool {
	return strings.Contains(token, "://") || strings.HasPrefix(token, "www.") || strings.Contains(token, "/") && strings.ContainsAny(strings.TrimRight(token, ".,;:!?"), ".~") ||
		strings.Count(token, "/") > 2
}

// wordsOfToken parts what a slash or a dash joins.
func wordsOfToken(token string, at int, starts bool) []spelled {
	var all []spelled
	for part := range strings.FieldsFuncSeq(token, func(r rune) bool { return strings.ContainsRune("/—–…", r) }) {
		from := at + strings.Index(token, part)
		if !isCode(part) {
			all = append(all, pieces(part, from, starts && from == at)...)
		}
	}
	return all
}

// isCode tells what is written for machines.
func isCode(token string) bool {
	bare := strings.Trim(token, "\"'()[],;:!?.*")
	switch {
	case strings.ContainsAny(bare, "@#_\\=<>{}$%&+|~^`"), strings.ContainsFunc(bare, unicode.IsDigit), strings.Contains(bare, "://"):
		return true
	}
	return strings.Contains(bare, ".") // example.org, e.g, main.go, Node.js
}

// pieces are the words of a token, parted at hyphens and the like.
func pieces(token string, from int, starts bool) []spelled {
	var all []spelled
	begin, whole := -1, ""
	if strings.Contains(token, "-") {
		whole = base(strings.ToLower(strings.Trim(token, "\"'()[],;:!?.*")))
	}
	for i, r := range token + " " {
		letter := unicode.IsLetter(r) || unicode.IsMark(r) || r == '\'' && begin >= 0
		switch {
		case letter && begin < 0:
			begin = i
		case !letter && begin >= 0:
			if w := strings.TrimRight(token[begin:i], "'"); w != "" {
				all = append(all, spelled{w, from + begin, starts, r == '-', whole})
			}
			begin, starts = -1, starts && i == 0
		}
	}
	return all
}

// look judges one word.
func (s *speller) look(w spelled) (scheduler.Finding, bool) {
	lower := strings.ToLower(w.text)
	if f, mixed := twoAlphabets(w.text); mixed {
		return f, true
	}
	if w.joined && (len(lower) <= 3 || slices.Contains(beginnings(), lower)) {
		return scheduler.Finding{}, false
	}
	if !isLatin(w.text) || len([]rune(w.text)) < 2 || isMixed(w.text) || s.known[lower] || s.known[base(lower)] {
		return scheduler.Finding{}, false
	}
	if s.system != nil {
		return s.foreign(w)
	}
	if (s.english.Class(base(lower))|s.english.Class(w.whole))&spelling.Common != 0 {
		return scheduler.Finding{}, false // no word of the dictionary is on the list of misspellings
	}
	if right := s.english.Misspelling(base(lower)); len(right) > 0 {
		severity := scheduler.Error
		if w.text != lower && !w.begins || s.said[lower] {
			severity = scheduler.Warning
		}
		return slip(severity, w.text, right[:min(suggestions, len(right))]), true
	}
	capital := unicode.IsUpper([]rune(w.text)[0])
	if name := s.almostFirm(base(w.text)); capital && name != "" && !s.exists(w.text) {
		return slip(scheduler.Warning, w.text, []string{name}), true
	}
	if s.exists(w.text) || capital && (!w.begins || strings.ToUpper(w.text) == w.text) || s.said[lower] || s.said[base(lower)] {
		return scheduler.Finding{}, false // unknown capitals inside a sentence are names
	}
	if !strings.ContainsAny(unaccented(lower), "aeiouy") {
		return scheduler.Finding{}, false // spelt out, not spoken: pnpm, tsx
	}
	near := s.english.Near(base(lower))
	two, one := s.mail.composed(s.english, base(lower))
	switch {
	case one && len(near) == 0:
		return scheduler.Finding{}, false
	case s.english.Known(base(w.text))&spelling.Rare != 0 || s.derived(base(lower)):
		return scheduler.Finding{}, false
	case capital && len(near) == 0:
		return scheduler.Finding{}, false // a name at the start of a sentence
	case len(near) > 0 && !capital && len([]rune(lower)) > 3 && !two && !s.made(base(lower), sureBase):
		return slip(scheduler.Error, w.text, near[:min(suggestions, len(near))]), true
	}
	return slip(scheduler.Warning, w.text, s.english.Suggest(base(lower), suggestions)), true
}

func slip(severity scheduler.Severity, word string, right []string) scheduler.Finding {
	advice := "look it up, or add it with `afterword words add`"
	if len(right) > 0 {
		advice = "write " + strings.Join(right, " or ") + ", or add it with `afterword words add`"
	}
	return scheduler.Finding{Severity: severity, Text: fmt.Sprintf("%q is no word that the dictionary knows; %s", word, advice)}
}

// base is a word without its possessive or what a verb left of itself.
func base(w string) string {
	for _, ending := range []string{"'s", "'ll", "'d", "'ve", "'re", "'"} {
		if cut, ok := strings.CutSuffix(w, ending); ok && cut != "" {
			return cut
		}
	}
	return w
}

// exists reports whether a word is common, with or without its accents.
func (s *speller) exists(w string) bool {
	for _, form := range []string{w, base(w), unaccented(w), unaccented(base(w))} {
		if s.english.Known(form)&spelling.Common != 0 {
			return true
		}
	}
	return false
}

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// isLatin reports whether every letter is Latin: other scripts are not looked
// up.
func isLatin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
}

// twoAlphabets finds a word in which letters of another alphabet stand for Latin
// ones that look the same: no keyboard writes it so, and a search does not find
// it. A unit or a formula may hold a Greek letter.
func twoAlphabets(word string) (scheduler.Finding, bool) {
	latin, other, greek := 0, 0, 0
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Cyrillic, r), r >= 0xFF21 && r <= 0xFF5A:
			other++
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Greek, r):
			greek++
		}
	}
	if latin == 0 || other == 0 && (greek == 0 || latin < 4) {
		return scheduler.Finding{}, false
	}
	return scheduler.Finding{Severity: scheduler.Error, Text: fmt.Sprintf("%q has letters of two alphabets that look the same; type the word anew", word)}, true
}

// isMixed tells words such as iOS and LinkedIn by a capital inside.
func isMixed(s string) bool {
	r := []rune(s)
	small, large := false, false
	for _, c := range r[1:] {
		small = small || unicode.IsLower(c)
		large = large || unicode.IsUpper(c)
	}
	return large && (small || unicode.IsLower(r[0]))
}

// beginnings make words of words; a list cannot hold all of them.
func beginnings() []string {
	return []string{"anti", "auto", "bio", "co", "counter", "cross", "cyber", "de", "dis", "electro", "geo", "hyper", "immuno", "in", "inter", "intra",
		"macro", "mega", "meta", "micro", "mis", "mono", "multi", "nano", "neuro", "non", "out", "over", "photo", "post", "pre", "pro", "pseudo",
		"psycho", "re", "self", "semi", "socio", "sub", "super", "tele", "thermo", "trans", "ultra", "un", "under", "up", "down"}
}

// endings likewise.
func endings() []string {
	return []string{"able", "ability", "less", "like", "ness", "wise", "ship", "hood", "proof", "free"}
}

// shortestBase is the least, in letters, of what a beginning or an ending is
// put to.
const shortestBase = 4

// sureBase is the least of a base that makes a word which is near to another rather one of its
// own than a slip: "repointed", not "infrom".
const sureBase = 6

// derived reports whether a word is made of a common one and a beginning or an
// ending, and is no slip of another.
func (s *speller) derived(lower string) bool {
	return s.made(lower, shortestBase) && len(s.english.Near(lower)) == 0
}

// made reports whether a word is a common one of at least so many letters with a beginning or
// an ending, or the verb of one in -er: "bartended".
func (s *speller) made(lower string, least int) bool {
	near := s.english.Near(lower)
	slip := func(cut, e string) bool { // "specificly", "consided": the dictionary has the word itself
		return slices.ContainsFunc(near, func(n string) bool { return strings.HasPrefix(n, cut) && strings.HasSuffix(n, e) }) || s.english.Known(cut+"er"+e) != 0
	}
	whole := func(w string) bool { return len(w) >= least && s.english.Class(w)&spelling.Common != 0 }
	return slices.ContainsFunc(beginnings(), func(b string) bool { cut, ok := strings.CutPrefix(lower, b); return ok && whole(cut) }) ||
		slices.ContainsFunc(endings(), func(e string) bool { cut, ok := strings.CutSuffix(lower, e); return ok && whole(cut) && !slip(cut, e) }) ||
		slices.ContainsFunc([]string{"ed", "ing", "s"}, func(e string) bool {
			cut, ok := strings.CutSuffix(lower, e)
			return ok && whole(cut+"er") && !slip(cut, e)
		})
}

// composed reports whether a word is two common words without their blank, and
// whether that makes a word, as two nouns do ("gameplay"), or a missing blank
// ("withthe").
func (m *mail) composed(e *spelling.English, lower string) (two, one bool) {
	part := func(w string) bool {
		return e.Class(w)&spelling.Common != 0 && (len(w) >= shortestBase || m.phrases().stop[w])
	}
	for i := shortestBase - 1; i+shortestBase-1 <= len(lower); i++ {
		left, right := lower[:i], lower[i:]
		if !part(left) || !part(right) {
			continue
		}
		two = true
		small := m.phrases().stop[left] || m.phrases().stop[right] || m.isStock(left) || m.isStock(right)
		if !small && len(left) >= shortestBase && len(right) >= shortestBase {
			return true, true
		}
	}
	return two, false
}

// foreign judges a word by the system's dictionary. The program ships no list
// of technical words in that language, so a slip is never more than a warning;
// and a capital may be a name or a noun that the dictionary lacks.
func (s *speller) foreign(w spelled) (scheduler.Finding, bool) {
	lower := strings.ToLower(w.text)
	known := func(part string) bool {
		part = strings.ToLower(part)
		return len(part) < 3 || s.known[part] || s.said[part] || s.system.Known(part)
	}
	name := unicode.IsUpper([]rune(w.text)[0]) && !w.begins
	if firm := s.almostFirm(w.text); firm != "" && !s.system.Known(w.text) && !s.said[lower] {
		return slip(scheduler.Warning, w.text, []string{firm}), true
	}
	switch {
	case name, s.said[lower], s.system.Known(w.text), s.english.Class(lower)&spelling.Term != 0:
		return scheduler.Finding{}, false
	case strings.Contains(w.text, "'") && !slices.ContainsFunc(strings.Split(w.text, "'"), func(p string) bool { return !known(p) }):
		return scheduler.Finding{}, false // l'entretien, geht's
	}
	var right []string
	if s.asked++; s.asked <= mostForeignAsked {
		right = s.system.Suggest(lower, suggestions)
	}
	return slip(scheduler.Warning, w.text, right), true
}

// mostForeignAsked bounds for how many words of a mail the neighbours are
// tried: the affixes of a foreign language take milliseconds for each.
const mostForeignAsked = 4

// mixed finds American and British spelling in one mail.
func (s *speller) mixed(m *mail) []scheduler.Finding {
	var american, british, place string
	for _, p := range m.own.prose() {
		for _, w := range wordsOf(p) {
			lower := strings.ToLower(w.text)
			switch c := s.english.Class(lower); {
			case s.known[lower] || s.said[lower]:
			case c&spelling.AmericanForm != 0 && c&spelling.British == 0 && american == "":
				american, place = w.text, p.at(w.from)
			case c&spelling.BritishForm != 0 && c&spelling.American == 0 && british == "":
				british, place = w.text, p.at(w.from)
			}
		}
	}
	if american == "" || british == "" || strings.Contains(american, "iz") || strings.Contains(american, "yz") {
		return nil // Oxford writes -ize
	}
	return graded(scheduler.Hint, place, "%q is American and %q is British; spell both one way", american, british)
}

// almostFirm is the word of the company's name that a word misses by one letter,
// "" if there is none. Nobody forgives that slip, and no dictionary knows it.
func (s *speller) almostFirm(word string) string {
	for _, name := range lettersOf(s.mail.in.Application.Company) {
		if len([]rune(name)) >= shortestBase && unicode.IsUpper([]rune(name)[0]) && word != name+"s" && oneSlip([]rune(strings.ToLower(name)), []rune(strings.ToLower(word))) {
			return name
		}
	}
	return ""
}

// oneSlip reports whether two words differ by one letter that is wrong, missing
// or too many, or by two neighbours that changed places.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	from := 0
	for from < len(a) && a[from] == b[from] {
		from++
	}
	switch {
	case slices.Equal(a, b) || len(b)-len(a) > 1:
		return false
	case len(a) < len(b):
		return slices.Equal(a[from:], b[from+1:])
	}
	swapped := from+1 < len(a) && a[from] == b[from+1] && a[from+1] == b[from] && slices.Equal(a[from+2:], b[from+2:])
	return swapped || slices.Equal(a[from+1:], b[from+1:])
}
