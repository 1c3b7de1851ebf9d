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

// NameFits reports whether a name, or a word of it, begins as given, whatever the
// case and the accents.
func NameFits(name, given string) bool {
	want := strings.TrimSuffix(foldWords(given), " ")
	return want != "" && strings.Contains(foldWords(name), want)
}

// maxFolded is how much of a text is looked at, in bytes.
const maxFolded = 256 << 10

func foldText(s string, lower bool) string {
	if len(s) > maxFolded {
		s = s[:maxFolded]
	}
	var b strings.Builder
	blank := true
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
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
		if plain, ok := plainLetter(r); ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + " "
}

// plainLetter is the letter that stands for one which Unicode does not take
// apart, as who has another keyboard writes it.
func plainLetter(r rune) (string, bool) {
	if r < utf8.RuneSelf {
		return "", false
	}
	switch r {
	case 'ł':
		return "l", true
	case 'Ł':
		return "L", true
	case 'ø':
		return "o", true
	case 'Ø':
		return "O", true
	case 'đ', 'ð':
		return "d", true
	case 'Đ', 'Ð':
		return "D", true
	case 'æ':
		return "ae", true
	case 'Æ':
		return "Ae", true
	case 'œ':
		return "oe", true
	case 'Œ':
		return "Oe", true
	case 'ß':
		return "ss", true
	case 'ı':
		return "i", true
	}
	return "", false
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// hasWords reports whether folded text holds the folded words in a row.
// Scripts that write without blanks are sought anywhere.
func hasWords(text, words string) bool {
	if words == "" {
		return false
	}
	if !isASCII(words) && strings.ContainsFunc(words, isUnspaced) {
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
	written := strings.Fields(dropParentheses(name))
	for n, word := range written {
		if isDotted(word) {
			written[n] = strings.ReplaceAll(word, ".", "")
		}
	}
	words := strings.Fields(foldWords(strings.Join(written, " ")))
	forms := strings.Fields("ab ag as asa bv co corp corporation eg ev gbr gmbh holding inc incorporated kg kgaa " +
		"doo limited llc llp ltd mbh nv oo oy oyj plc pte pty pvt sa sarl sas sasu se sl sp spa srl sro ug z zoo")
	for len(words) > 1 && slices.Contains(forms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return foldWords(strings.Join(words, " "))
}

// tenantNames are the ways in which a company's name becomes one word of an
// address: with and without its legal form, accents dropped or written out.
func tenantNames(company string) map[string]bool {
	names := map[string]bool{}
	for _, written := range []string{company, spellOut.Replace(company)} {
		names[squeeze(foldCompany(written))] = true
		names[squeeze(foldWords(dropParentheses(written)))] = true
	}
	delete(names, "")
	return names
}

// spellOut writes letters out as their languages do where ASCII alone is at
// hand: ä is ae in German, ø is oe in Danish.
var spellOut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "å", "aa", "ø", "oe", "æ", "ae", "œ", "oe",
	"Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa", "Ø", "Oe", "Æ", "Ae", "Œ", "Oe")

// prose is a text prepared for seeking words in it many times.
type prose struct {
	folded, cased string
	words         map[string]bool // of folded
}

func newProse(s string) prose {
	t := prose{folded: foldWords(s), cased: caseWords(s), words: map[string]bool{}}
	for word := range strings.FieldsSeq(t.folded) {
		t.words[word] = true
	}
	return t
}

// has is hasWords, fast where already the first word is missing, as most are
// of many names.
func (t prose) has(words string) bool {
	if first, _, _ := strings.Cut(strings.TrimPrefix(words, " "), " "); isASCII(words) && !t.words[first] {
		return false
	}
	return hasWords(t.folded, words)
}

// isDotted reports whether a word is an abbreviation of single letters, such as
// S.r.l. or o.o.
func isDotted(word string) bool {
	letters := strings.Split(strings.TrimRight(word, ".,"), ".")
	return len(letters) > 1 && !slices.ContainsFunc(letters, func(l string) bool { return utf8.RuneCountInString(l) != 1 })
}

// companyName is a company's name prepared for seeking it in many texts.
type companyName struct {
	folded string   // without the legal form
	joined string   // of a name of several words, as one: Blue Ocean, who write themselves BlueOcean
	short  bool     // nothing but single letters, which stand in any text: C&A
	forms  []string // of a name of one word: how it is written as a name; nil if any way will do
}

// newCompanyName prepares a name. Many names are everyday words: one word by
// itself must be capitalized as a name is, where its owner writes it so.
func newCompanyName(name string) companyName {
	c := companyName{folded: foldCompany(name)}
	c.short = !slices.ContainsFunc(strings.Fields(c.folded), func(word string) bool { return utf8.RuneCountInString(word) > 1 })
	if len(strings.Fields(c.folded)) != 1 {
		if joined := squeeze(c.folded); joined != "" {
			c.joined = " " + joined + " "
		}
		return c
	}
	if written := strings.Fields(caseWords(dropParentheses(name))); len(written) > 0 && startsUpper(written[0]) {
		for _, form := range []string{written[0], strings.ToUpper(written[0]), titleCase(written[0])} {
			c.forms = append(c.forms, " "+form+" ")
		}
	}
	return c
}

// namesCompany reports whether the text speaks of the company.
func (t prose) namesCompany(c companyName) bool {
	if t.has(c.joined) {
		return true
	}
	if !t.has(c.folded) {
		return false
	}
	return c.forms == nil || slices.ContainsFunc(c.forms, func(form string) bool { return strings.Contains(t.cased, form) })
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
// full name in one of its spellings, in any order: "Osei, Ken (Acme)" is Ken
// Osei. One word is no full name.
func holdsName(shown []string, name [][]string) bool {
	return slices.ContainsFunc(name, func(words []string) bool {
		isShown := func(word string) bool { return slices.Contains(shown, word) }
		return isFullName(words) && !slices.ContainsFunc(words, func(word string) bool { return !isShown(word) })
	})
}

// spellings are the words of a name as different hands write it: without its
// accents or with its letters written out (Jörg is Jorg or Joerg), without its
// apostrophe, and in scripts without blanks as one word.
func spellings(name string) [][]string {
	written := []string{name, spellOut.Replace(name), strings.NewReplacer("'", "", "’", "").Replace(name)}
	var all [][]string
	for n, form := range written {
		if !slices.Contains(written[:n], form) {
			all = append(all, nameWords(form))
		}
	}
	if words := all[0]; len(words) > 1 && !slices.ContainsFunc(words, func(word string) bool { return !isUnspacedWord(word) }) {
		all = append(all, []string{strings.Join(words, "")})
	}
	return all
}

func isUnspacedWord(word string) bool {
	return !isASCII(word) && !strings.ContainsFunc(word, func(r rune) bool { return !isUnspaced(r) })
}

// isFullName reports whether the words are more than a first or a family name,
// which in scripts without blanks may be one word.
func isFullName(words []string) bool {
	return len(words) >= 2 || len(words) == 1 && isUnspacedWord(words[0]) && utf8.RuneCountInString(words[0]) >= 2
}

// nameWords are the words of a person's name without titles and initials.
func nameWords(name string) []string {
	titles := strings.Fields("dr prof professor mr mrs ms miss mx sir herr frau monsieur madame mme sr sra dipl ing phd")
	return slices.DeleteFunc(strings.Fields(foldWords(name)), func(word string) bool {
		return slices.Contains(titles, word) || len(word) == 1 // in bytes: a letter of the Latin alphabet
	})
}

// Akin reports whether two names may be one person's: they have a word in common that is
// no title, no initial and no particle such as "van", or one of them is not known.
func Akin(a, b string) bool {
	if a == b || strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
		return true
	}
	others := spellings(withoutParticles(b))
	return slices.ContainsFunc(spellings(withoutParticles(a)), func(words []string) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			return slices.ContainsFunc(others, func(of []string) bool { return slices.Contains(of, word) })
		})
	})
}

// withoutParticles is a name without the words that stand in small letters beside others.
func withoutParticles(name string) string {
	if !strings.ContainsFunc(name, unicode.IsUpper) {
		return name
	}
	return strings.Join(slices.DeleteFunc(strings.Fields(name), func(word string) bool {
		first, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLower(first)
	}), " ")
}

// namesPerson reports whether the text holds one of the marks of a person.
func (t prose) namesPerson(marks []string) bool { return slices.ContainsFunc(marks, t.has) }

// personMarks are the full names and addresses of a person, as folded text has
// them. One word is no full name.
func personMarks(p Party) []string {
	var marks []string
	for _, words := range spellings(p.Name) {
		if isFullName(words) {
			marks = append(marks, " "+strings.Join(words, " ")+" ")
		}
	}
	for _, addr := range p.Addresses {
		marks = append(marks, foldWords(addr))
	}
	return marks
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
	rest, found := cutReplyMark(s)
	if label, after, colon := strings.Cut(s, ":"); !found && colon && slices.Contains([]string{"external", "ext", "extern"}, strings.ToLower(label)) {
		return after
	}
	return rest
}

// cutReplyMark removes one "Re:", "RE :" or "AW [2]:" from the front.
func cutReplyMark(s string) (rest string, found bool) {
	colon := strings.IndexAny(s, ":：")
	if colon < 0 || colon > 24 {
		return s, false
	}
	word, _, _ := strings.Cut(strings.TrimSpace(s[:colon]), "[")
	word, _, _ = strings.Cut(word, "(")
	word = strings.TrimRight(strings.TrimSpace(strings.ToLower(word)), "0123456789^ ")
	if !slices.Contains(replyPrefixes(), word) {
		return s, false
	}
	_, width := utf8.DecodeRuneInString(s[colon:])
	return s[colon+width:], true
}

// BareSubject is a subject without what programs put before it where a mail is
// answered or forwarded, in any language: what an answer writes its own "Re:" before.
// A subject that consists of such marks alone stays as it is.
func BareSubject(subject string) string {
	subject = strings.TrimSpace(subject)
	if bare := withoutReplyMarks(subject); bare != "" {
		return bare
	}
	return subject
}

// withoutReplyMarks removes all of them.
func withoutReplyMarks(subject string) string {
	for {
		rest, found := cutReplyMark(subject)
		if !found {
			return subject
		}
		subject = strings.TrimSpace(rest)
	}
}

// withoutLabels removes what a gateway puts in front of a subject, such as
// "[EXTERNAL]", and any other label in brackets before the mark of an answer. What
// stands in brackets elsewhere may be what a program calls its mail.
func withoutLabels(subject string) string {
	for {
		label, rest, found := cutLabel(subject)
		rest = strings.TrimSpace(rest)
		_, answers := cutReplyMark(rest)
		bracketed := !strings.HasPrefix(subject, label) // else a phrase such as "Out of office: Re: ..."
		if !found || rest == "" || !(answers && bracketed) && !slices.Contains(gatewayLabels(), squeeze(strings.ToLower(label))) {
			return subject
		}
		subject = rest
	}
}

// cutLabel parts "[External] Re: Thank you", "*EXT* ..." and "EXTERNAL: ...".
func cutLabel(s string) (label, rest string, found bool) {
	for _, pair := range []string{"[]", "()", "**", "【】", "{}", "<>"} {
		marks := []rune(pair)
		if inner, opened := strings.CutPrefix(s, string(marks[0])); opened {
			label, rest, found = strings.Cut(strings.TrimLeft(inner, "*"), string(marks[1]))
			return label, strings.TrimLeft(rest, "*"), found && len(label) <= 40
		}
	}
	return strings.Cut(s, ":")
}

// gatewayLabels are how gateways mark what comes from outside.
func gatewayLabels() []string {
	return []string{"external", "externalemail", "externalmail", "externalsender", "externalmessage", "ext", "extern", "externe", "externemail", "externeemail", "externo", "correoexterno",
		"esterno", "mailesterna", "emailexterne", "expediteurexterne", "caution", "cautionexternal", "cautionexternalemail", "warningexternalemail", "unverified", "outside", "spam", "suspectedspam",
		"secure", "encrypted", "verschlüsselt", "zewnetrzny", "zewnętrzny", "extrn", "externt", "外部", "外部メール", "外部邮件"}
}

// replyPrefixes are the marks of answers and of forwarded mail in the mail
// programs' languages.
func replyPrefixes() []string {
	return []string{
		"re", "fw", "fwd", "aw", "antw", "antwort", "wg", "sv", "vs", "vb", "vl", "ré", "rép", "rif", "r", "i", "tr",
		"rv", "res", "resp", "enc", "odp", "pd", "ynt", "ilt", "bls", "doorst", "vá", "továbbítás", "atb", "απ", "πρθ",
		"отв", "ответ", "на", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送", "답장", "회신",
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
