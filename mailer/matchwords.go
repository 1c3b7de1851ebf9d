package mailer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldWords reduces text to its words: lower case, without accents, each
// separated by one blank, with a blank at both ends so that whole words can be
// sought. Text without words is "".
func foldWords(s string) string { return foldText(s, true) }

// caseWords is foldWords with the case kept.
func caseWords(s string) string { return foldText(s, false) }

// maxFolded is how much of a text is looked at, in bytes.
const maxFolded = 256 << 10

func foldText(s string, lower bool) string {
	if len(s) > maxFolded {
		s = s[:maxFolded]
	}
	var b strings.Builder
	blank := true
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			continue // accents, and marks that nobody sees
		case !isAlphanumeric(r):
			blank = true
			continue
		case blank:
			b.WriteByte(' ')
			blank = false
		}
		if lower {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + " "
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// hasWords reports whether folded text holds the folded words in a row.
// Scripts that write without blanks are sought anywhere.
func hasWords(text, words string) bool {
	if words == "" {
		return false
	}
	if strings.ContainsFunc(words, isUnspaced) {
		return strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(words, " ", ""))
	}
	return strings.Contains(text, words)
}

func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// foldCompany folds a company's name without its legal form, which mail hardly
// ever repeats.
func foldCompany(name string) string {
	words := strings.Fields(foldWords(dropParentheses(name)))
	forms := strings.Fields("ab ag as asa bv co corp corporation eg ev gbr gmbh holding inc incorporated kg kgaa " +
		"limited llc llp ltd mbh nv oy oyj plc pte pty pvt sa sarl sas sasu se sl sp spa srl sro ug zoo")
	for len(words) > 1 && slices.Contains(forms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return foldWords(strings.Join(words, " "))
}

// prose is a text prepared for seeking words in it many times.
type prose struct{ folded, cased string }

func newProse(s string) prose { return prose{folded: foldWords(s), cased: caseWords(s)} }

// namesCompany reports whether the text speaks of the company. Many names are
// everyday words: one word by itself must be capitalized as a name is, where
// its owner writes it so.
func (t prose) namesCompany(name string) bool {
	folded := foldCompany(name)
	if !hasWords(t.folded, folded) {
		return false
	}
	written := strings.Fields(caseWords(dropParentheses(name)))
	if len(strings.Fields(folded)) != 1 || len(written) == 0 || !startsUpper(written[0]) {
		return true
	}
	for _, form := range []string{written[0], strings.ToUpper(written[0]), titleCase(written[0])} {
		if strings.Contains(t.cased, " "+form+" ") {
			return true
		}
	}
	return false
}

func startsUpper(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

func titleCase(word string) string {
	runes := []rune(strings.ToLower(word))
	runes[0] = unicode.ToUpper(runes[0])
	return string(runes)
}

// holdsName reports whether the words of a display name hold all those of a
// full name, in any order: "Osei, Ken (Acme)" is Ken Osei. One word is no full
// name.
func holdsName(shown, name []string) bool {
	if len(name) < 2 {
		return false
	}
	for _, word := range name {
		if !slices.Contains(shown, word) {
			return false
		}
	}
	return true
}

// nameWords are the words of a person's name without titles and initials.
func nameWords(name string) []string {
	titles := strings.Fields("dr prof professor mr mrs ms miss mx sir herr frau monsieur madame mme sr sra dipl ing phd")
	return slices.DeleteFunc(strings.Fields(foldWords(name)), func(word string) bool {
		return slices.Contains(titles, word) || len(word) == 1
	})
}

// namesPerson reports whether a folded text holds the full name, given by its
// words, or an address of the person.
func namesPerson(folded string, name []string, p Party) bool {
	if len(name) >= 2 && hasWords(folded, " "+strings.Join(name, " ")+" ") {
		return true
	}
	return slices.ContainsFunc(p.Addresses, func(addr string) bool { return hasWords(folded, foldWords(addr)) })
}

// dropParentheses removes "(m/f/d)" and the like.
func dropParentheses(s string) string {
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			return s
		}
		length := strings.IndexByte(s[open:], ')')
		if length < 0 {
			return s[:open]
		}
		s = s[:open] + " " + s[open+length+1:]
	}
}

// baseSubject is a subject without what mail programs put in front of it,
// folded for comparing (RFC 5256 section 2.1 in spirit; the prefixes of other
// languages are many). It also tells whether there was a prefix.
func baseSubject(subject string) (base string, prefixed bool) {
	subject = strings.TrimSpace(strings.ReplaceAll(subject, "：", ":"))
	for {
		shorter := strings.TrimSpace(dropPrefix(subject))
		if shorter == subject || shorter == "" {
			return foldWords(subject), prefixed
		}
		subject, prefixed = shorter, true
	}
}

// dropPrefix removes one "Re:", "AW [2]:", "[External]" or "*EXT*" from the front.
func dropPrefix(s string) string {
	for _, pair := range []string{"[]", "**", "【】"} {
		marks := []rune(pair)
		rest, found := strings.CutPrefix(s, string(marks[0]))
		if !found {
			continue
		}
		if label, after, closed := strings.Cut(strings.TrimLeft(rest, "*"), string(marks[1])); closed && len(label) <= 40 {
			return strings.TrimLeft(after, "*")
		}
	}
	prefix, rest, found := strings.Cut(s, ":")
	if !found || len(prefix) > 24 {
		return s
	}
	word, _, _ := strings.Cut(strings.TrimSpace(prefix), "[")
	word, _, _ = strings.Cut(word, "(")
	word = strings.TrimRight(strings.TrimSpace(strings.ToLower(word)), "0123456789^ ")
	if slices.Contains(replyPrefixes(), word) {
		return rest
	}
	return s
}

// replyPrefixes are the marks of answers and of forwarded mail in the mail
// programs' languages.
func replyPrefixes() []string {
	return []string{
		"re", "fw", "fwd", "aw", "antw", "antwort", "wg", "sv", "vs", "vb", "vl", "ré", "rép", "rif", "r", "i", "tr",
		"rv", "res", "resp", "enc", "odp", "pd", "ynt", "ilt", "bls", "doorst", "vá", "továbbítás", "atb", "απ", "πρθ",
		"отв", "ответ", "на", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送", "답장", "회신", "external", "ext", "extern",
	}
}

// afterPhrase is the base of what follows the first colon of a subject, since
// automatic answers of every language put a phrase and a colon in front. It is
// "" without a colon.
func afterPhrase(subject string) string {
	_, rest, _ := strings.Cut(strings.ReplaceAll(subject, "：", ":"), ":")
	base, _ := baseSubject(rest)
	return base
}
