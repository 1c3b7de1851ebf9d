package proofread

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"afterword/scheduler"
)

var emptyGreeting = lazy(`(?i)^\s*\S+(\s\S+)?\s+[,!:;]|^\s*\S+\s(?:mr|mrs|ms|mx|dr|prof)\.?\s*[,!:]|\b(undefined|null|none|nil|nan)\s*[,!:]`)

// dottedGreeting stands for a name by marks alone: "Hi ...,".
var dottedGreeting = lazy(`^\s*\pL+ (?:\.{2,}|…|\?+|-{2,}|_+)\s*[,!:]?\s*$`)

var noName = lazy(`(?i)^(undefined|null|none|nil|nan)$`)

// placeholder finds fields that nobody filled in, and the holes that empty
// ones leave.
func placeholder(m *mail) []scheduler.Finding {
	if f := emptySubject(m); f != nil {
		return f
	}
	if g := m.text.greeting; g.text != "" && emptyGreeting().MatchString(g.text) &&
		(m.text.named == "" || onlyTitles(m.text.named) || noName().MatchString(m.text.named) && !m.isFullNames(m.text.named)) {
		return found(g.at(0), "the greeting %q names nobody; fill the name in", g.text)
	}
	if line, place := m.text.firstLine(); dottedGreeting().MatchString(line) {
		return found(place, "the greeting %q names nobody; fill the name in", strings.TrimSpace(line))
	}
	if all := m.allUnfilled(); len(all) > 0 {
		return all
	}
	return holes(m)
}

// allUnfilled finds every field that nobody filled in, in the order of the text, so
// that all of them can be mended at once; at most as many as a person does.
func (m *mail) allUnfilled() []scheduler.Finding {
	const most = 6
	var all []scheduler.Finding
	for _, p := range m.text.everything() {
		places, end := append(m.unfilled(p.text), ownLines(p.raw)...), -1
		slices.SortFunc(places, func(a, b []int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
		for _, i := range places {
			if i[0] < end || len(all) == most {
				continue
			}
			end = i[1] - 1 // what stands behind a field may begin the next
			all = append(all, found(p.at(i[0]), "%q was not filled in; write what belongs there, or set it in `backquotes` where these very letters are meant", strings.TrimRight(strings.TrimSpace(p.text[i[0]:i[1]]), ",;"))...)
		}
	}
	return all
}

// ownLine is a line that says only whose name, number or address belongs there.
var ownLine = lazy(`(?im)^[ \t]*(?:(?:(?:your|ihr|dein|votre|ton|su|tu|il tuo|il suo|(?:o )?seu|uw|jouw|vaše|twoje|ditt|dit) (?:(?:full|first|last) )?(?:name|nom|nombre|nome|naam|namn|navn|jméno|imię(?: i nazwisko)?|signature|unterschrift|firma)|` +
	`company name|first name|last name|nom|prénom nom|nom prénom|nombre y apellidos?|nome e? ?cognome|vor- und (?:nach|zu)name|vorname (?:nachname|name)|imię i nazwisko|jméno a příjmení|` +
	`(?:your|ihre|votre|su|tu|uw) (?:e-?mail(?: ?-?address?e?)?|phone(?: number)?|telephone(?: number)?|contact (?:information|details)|address|telefonnummer|numéro de téléphone|teléfono|telefoonnummer|linkedin(?: profile)?))[ \t]*[,.]?[ \t]*$|name[ \t]*\z)`)

// ownLines are those of a text: none where every line is longer than such a one.
func ownLines(raw string) [][]int {
	const longest = 40 // bytes
	for line := range strings.SplitSeq(raw, "\n") {
		if len(line) <= longest || len(strings.Trim(line, " \t")) <= longest {
			return ownLine().FindAllStringIndex(raw, -1)
		}
	}
	return nil
}

// isFullNames reports whether a word is a part of the recipient's full name: some
// people are called Null.
func (m *mail) isFullNames(word string) bool {
	p := m.person()
	return len(strings.Fields(p.Name)) > 1 && callsPerson(word, p)
}

// onlyTitles reports whether a greeting names a title and nobody.
func onlyTitles(named string) bool {
	parts, titled := nameWords(named)
	return titled && len(parts) == 0
}

// brokenOff is how a subject ends behind which a field stayed empty: with a mark, an
// article or a preposition. Some prepositions of English may end a sentence.
var brokenOff = map[string]func() *regexp.Regexp{
	"en": lazy(`(?i)(\b(?:at|with|for the|about the|the|as an?|and|your|our)|[,:–-])$`),
	"de": lazy(`(?i)[\s](?:am|vom|für(?: die| das| den)?|als|bei|der|die|das|den|dem|und|unser(?:e[nmrs]?)?|ihre?[nmrs]?)$`),
	"fr": lazy(`(?i)[\s'](?:du|au|aux|de(?: la| l')?|des|pour|chez|le|la|les|avec|votre|notre|et)$`),
	"es": lazy(`(?i)\s(?:del?|para(?: el| la)?|en|con|el|la|los|las|al|su|nuestr[oa]|y)$`),
	"it": lazy(`(?i)\s(?:di|del(?:la|lo)?|per(?: il| la)?|con|presso|il|la|lo|al|e)$`),
	"nl": lazy(`(?i)\s(?:van|voor(?: de| het)?|met|de|het|een|bij|en)$`),
	"pt": lazy(`(?i)\s(?:de|d[oa]|para(?: o| a)?|com|em|n[oa]|o|a|e)$`),
}

// breaksOff reports whether a subject ends as if a field were empty.
func (m *mail) breaksOff(subject string) bool {
	own, known := brokenOff[baseLanguage(m.language)]
	return brokenOff["en"]().MatchString(subject) || known && own().MatchString(subject)
}

// unwrittenMark is what writers leave for themselves, in capitals.
var unwrittenMark = lazy(`\b(?:TODO|FIXME|TBD|TK TK|XX+|INSERT_\w+)\b|(?:FIRST|LAST|FULL|COMPANY|ROLE|JOB|POSITION|INTERVIEWER|RECIPIENT|MANAGER)[_ ](?:NAME|TITLE|HERE)\b|\b(?:FIRST|LAST)NAME\b`)

// unwrittenNoun is what a field is called, in capitals, where a sentence wants
// what it holds. A name of the facts is none.
var unwrittenNoun = lazy(`\b(?:at|with|of|on|the|for|about|to|from|and|in|as|by|Hi|Dear|Hello|your|an?|[Dd]iscuss(?:ing|ed)?|[Jj]oin(?:ing)?|[Mm]eet(?:ing)?|[Mm]ention(?:ing|ed)?|[Ee]njoy(?:ing|ed)?|liked?) (?:NAME|DATE|DAY|TIME|COMPANY|EMPLOYER|ROLE|POSITION|TOPIC|TITLE|INTERVIEWER|RECRUITER|MANAGER|PROJECT|DEPARTMENT|CITY|PLACE|DETAIL|ANECDOTE|SUBJECT)\b`)

// unfilled is where fields stand that nobody filled in, those of one kind behind
// each other. Most texts hold none of their marks, and are not searched for them.
func (m *mail) unfilled(text string) [][]int {
	var all [][]int
	if strings.ContainsAny(text, "<>{}[]%$«*_…#@~+|") || strings.Contains(text, "....") {
		for _, i := range m.phrases().placeholder.FindAll(text) {
			if !m.isOwnName(text, i) && !m.isMeant(text, i) && !m.isNoField(text, i) && !isToldOf(text, i) {
				all = append(all, i)
			}
		}
	}
	if !hasCapitals(text) {
		return m.otherUnfilled(text, all)
	}
	for _, i := range unwrittenMark().FindAllStringIndex(text, -1) {
		if isQuotedMark(text, i) || isToldOf(text, i) {
			continue
		}
		if !m.isOwnName(text, i) && !m.isMeant(text, i) {
			all = append(all, i)
		}
	}
	own := strings.Join(ownFacts(m), "\n")
	for _, i := range unwrittenNoun().FindAllStringIndex(text, -1) {
		if !strings.Contains(own, text[strings.LastIndexByte(text[:i[1]], ' ')+1:i[1]]) {
			all = append(all, i)
		}
	}
	return m.otherUnfilled(text, all)
}

// hasCapitals reports whether two capitals stand together, as in every field that is called
// by capitals: an expression for those costs more than most rules.
func hasCapitals(text string) bool {
	for i := 1; i < len(text); i++ {
		if isCapitalByte(text[i]) && isCapitalByte(text[i-1]) {
			return true
		}
	}
	return false
}

func isCapitalByte(b byte) bool { return 'A' <= b && b <= 'Z' }

// otherUnfilled adds the fields that need no capitals.
func (m *mail) otherUnfilled(text string, all [][]int) [][]int {
	for _, i := range m.phrases().unwritten.FindAll(text) {
		if !m.isOwnName(text, i) && !m.isMeant(text, i) {
			all = append(all, i)
		}
	}
	if strings.Contains(strings.ToLower(text), "xx") {
		all = append(all, crossedDay().FindAllStringIndex(text, -1)...)
	}
	all = slices.DeleteFunc(all, func(i []int) bool { return continuesWord(text, i[0]) })
	return append(all, m.hanFields(text)...)
}

// crossedDay is a date whose day is two crosses: "du xx novembre".
var crossedDay = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bxx\.?(?: de| of)? (?:` + strings.ReplaceAll(strings.ReplaceAll(monthNames, " ", "|"), "||", "|") + `)(?:$|[^\pL])`)
})

// isQuotedMark reports whether a writer's mark stands alone in quotation marks: it is spoken of.
func isQuotedMark(text string, at []int) bool {
	quoted, ok := quotedAt(text, at, `"`, `"`)
	return ok && ownMark().MatchString(quoted)
}

// isToldOf reports whether a field is spoken of: that of a name where no name could stand, as in
// "your {name} joke", or one in a quotation that says more than it, within a sentence about what
// some program wrote: "the mail that began with "Dear {name}"".
func isToldOf(text string, at []int) bool {
	for _, field := range nameField().FindAllStringIndex(text, -1) {
		if field[0] < at[1] && at[0] < field[1] && toldBefore().MatchString(text[:field[0]]) && toldBehind().MatchString(text[field[1]:]) {
			return true
		}
	}
	quoted, ok := quotedAt(text, at, `"`, `"`)
	return ok && beginsWithWord().MatchString(quoted) && writtenByProgram().MatchString(strings.Replace(sentenceAround(text, at[0]+1).text, quoted, "", 1))
}

// toldBefore and toldBehind are what stands around the field of a name that is spoken of, and
// could not stand around a name: "your {name} joke", "the Dear {name} mail".
var (
	toldBefore = lazy(`(?i)\b(?:the|that|your|this|a|those|these|our|my|der|die|das|den|dem|ihre?[mnrs]?|euer|eure|la|le|votre|cette|el|su|il|lo|o)(?: "?(?:dear|hi|hello|liebe[rs]?|hallo|cher|chère|bonjour|hola|estimad[oa]))? $`)
	toldBehind = lazy(`(?i)^"?[ -](?:jokes?|bugs?|e-?mails?|mails?|mailings?|letters?|newsletters?|incidents?|disasters?|fiascos?|mishaps?|slips?|typos?|stor(?:y|ies)|anecdotes?|mail merge|placeholders?|blunders?|errors?|gaffes?|panne|witz|mail|fehler|geschichte)\b`)
	nameField  = lazy(`(?i)[{\[<]+\s*\.?(?:(?:first|last|full|recipient|customer|user|candidate|vor|nach)[ _-]?)?name\s*[}\]>]+`)
)

var (
	beginsWithWord   = lazy(`^\pL\pL`)
	writtenByProgram = lazy(`(?i)\b(?:jokes?|bugs?|newsletters?|e-?mails?|mails?|mailings?|letters?|templates?|mail merge|error|page|banner|poster|by mistake)\b`)
)

var ownMark = lazy(`^(?:TODO|FIXME|TBD)$`)

// continuesWord reports whether a letter stands on both sides of a place: an expression
// takes a letter with an accent for the end of a word.
func continuesWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	here, _ := utf8.DecodeRuneInString(text[at:])
	return unicode.IsLetter(before) && unicode.IsLetter(here)
}

// quoteMarks are those that may stand around what is quoted, the opening one
// first.
var quoteMarks = [...][2]string{{"`", "`"}, {`"`, `"`}, {"“", "”"}, {"„", "“"}, {"« ", " »"}, {"«", "»"}, {"»", "«"}}

// ownField is how a field of a template begins, and what Go writes where a value
// is missing: these are never meant.
var ownField = lazy("(?i)\\{\\{-?\\s*\\.|<no value>|<nil>|%!")

// codeMark is what is known as code by its marks.
var codeMark = lazy(`[{}$%<>*#@~]`)

// isMeant reports whether what looks like a field is spoken of: it is quoted, in
// the words of the facts ("half of the tickets are about {{#each}}"), or it is code
// in backquotes. A field that nobody filled in stands in no quotation of a fact.
func (m *mail) isMeant(text string, at []int) bool {
	for n, q := range quoteMarks {
		quoted, ok := quotedAt(text, at, q[0], q[1])
		if !ok {
			continue
		}
		if n == 0 && codeMark().MatchString(quoted) && !ownField().MatchString(quoted) {
			return true
		}
		d := m.in.Interview.Debrief
		for _, fact := range append([]string{m.in.Person.Said, m.in.Person.Question, d.BetterAnswer}, d.Questions...) {
			if strings.Contains(strings.Join(strings.Fields(plain(fact)), " "), quoted) {
				return true
			}
		}
	}
	return false
}

// quotedAt is what stands between two marks around a place, on the same line. Where
// both marks are one, an odd number of them stands before it.
func quotedAt(text string, at []int, opens, closes string) (quoted string, ok bool) {
	line := strings.LastIndexByte(text[:at[0]+1], '\n') + 1
	from := strings.LastIndex(text[line:at[0]+1], opens)
	if from < 0 || opens == closes && strings.Count(text[line:at[0]+1], opens)%2 == 0 {
		return "", false
	}
	from += line + len(opens)
	rest, to := text[max(from, at[1]-1):], max(from, at[1]-1)
	end := strings.Index(rest, closes)
	if strings.Contains(text[from:to], closes) || end < 0 || strings.Contains(rest[:end], "\n") {
		return "", false
	}
	quoted = text[from : to+end]
	return quoted, quoted != ""
}

// isOwnName reports whether what looks like a field is a part of a longer name
// that the facts give the company, such as TBD Media, or no field could be called
// so: [x+1]. A fact that is nothing but a field was never filled in itself.
func (m *mail) isOwnName(text string, at []int) bool {
	field := strings.Trim(text[at[0]:at[1]], " ,.;:!?()\"'")
	if !m.inOwnName(text, at[0], at[1]) || !strings.ContainsFunc(field, unicode.IsLetter) {
		return false
	}
	rest := strings.Replace(plain(m.in.Application.Company), field, "", 1)
	isOdd := func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("[]{}<>«»%$*#@ _-/'", r) }
	return strings.ContainsFunc(rest, unicode.IsLetter) || strings.ContainsFunc(field, isOdd)
}

// isNoField reports whether what stands in brackets or begins with a mark of code is
// known or spoken of: a tag in front of a subject, as with "[Acme] Thank you", what
// the facts put into brackets too, an address of mail, a tag of HTML, [sic], and the
// %d of a sentence about formats.
func (m *mail) isNoField(text string, at []int) bool {
	found := strings.TrimLeft(text[at[0]:at[1]], " ,(\"'`\n–—-")
	switch {
	case found == "":
		return false
	case found[0] == '[':
		inside, _, _ := strings.Cut(found[1:], "]")
		quoted, inCode := quotedAt(text, at, "`", "`")
		return isTag(text, at) && !fieldNoun().MatchString(inside) || strings.EqualFold(inside, "sic") || m.holdsFact(inside) || inCode && quoted == strings.ToLower(quoted) ||
			isAcronym(inside) || m.isEditors(text, at, inside) || setPhrase().MatchString(inside)
	case found[0] == '{':
		return strings.Contains(found, "=\"") // a selector: {severity="page"}
	case found[0] == '<':
		return m.phrases().html.Match(text[at[0]:]) || isSpokenElement(text, strings.IndexByte(text[at[0]:], '<')+at[0])
	case found[0] == '$', variable().MatchString(found):
		return variable().MatchString(found) && ofVariables().MatchString(strings.Replace(sentenceAround(text, at[0]+1).text, found, "", 1))
	case found[0] == '%':
		return ofFormats().MatchString(sentenceAround(text, at[0]+1).text)
	}
	return false
}

// setPhrase is what stands in brackets in other texts, of which a mail may speak.
var setPhrase = lazy(`(?i)^(?:skip ci|ci skip|no ci|skip actions|citation needed|clarification needed|by whom|deleted|redacted)$`)

// variable is the name of a variable of a shell, such as no template gives a field, and
// ofVariables what sentences say that speak of one.
var (
	variable    = lazy(`^(?:\$\{?|%)(?:HOST(?:NAME)?|HOME|PATH|USER|PWD|SHELL|LANG|TE?MP(?:DIR)?|EDITOR|TERM|IFS|CI|PORT|ENV|DEBUG|VERSION|TAG|BRANCH|COMMIT|SHA|REGION|NAMESPACE|APPDATA|USERPROFILE|PROGRAMFILES|WINDIR|GOPATH|KUBECONFIG|[A-Z]+_(?:URL|HOST|PORT|HOME|PATH|DIR|ID|SHA|TOKEN|ENV|DB|DSN))[}%]?$`)
	ofVariables = lazy(`(?i)\b(?:variables?|shell|scripts?|pipelines?|env(?:ironment)?|config\w*|charts?|helm|bash|containers?|deploy\w*|logs?|builds?|yaml|docker\w*|prompt|servers?|hosts?|metrics?|labels?)\b`)
)

// holdsFact reports whether a fact says what stands in brackets, as the name of [solidcore]
// does. One that is nothing but the field was never filled in itself.
func (m *mail) holdsFact(inside string) bool {
	return len(inside) > 1 && slices.ContainsFunc(ownFacts(m), func(fact string) bool {
		fact = strings.TrimSpace(plain(fact))
		return strings.Contains(fact, inside) && (fact != "["+inside+"]" || !fieldNoun().MatchString(inside))
	})
}

// fieldNoun is what templates call their fields.
var fieldNoun = lazy(`(?i)\b(?:your|name|company|employer|role|position|job|title|interviewer|recruiter|manager|date|topic|subject|insert)\b`)

// ofFormats is what sentences say that speak of %d and its like.
var ofFormats = lazy(`(?i)\b(?:formats?|formatting|[sf]?printf|verbs?|specifiers?|placeholders?|directives?|conversions?|(?:format |log )?strings?|logg(?:er|ing)|logs?|linters?|vet)\b`)

// isTag reports whether a bracket stands at the very beginning and text goes on
// behind it, as with "[Acme] Thank you".
func isTag(text string, at []int) bool { return at[0] == 0 && text[0] == '[' && at[1] < len(text) }

// emptySubject finds a subject that is missing or breaks off.
func emptySubject(m *mail) []scheduler.Finding {
	s := strings.TrimSpace(m.text.subject.text)
	if m.in.To.Email == "" && m.in.Text.Body == "" && s == "" {
		return nil // a text without a header has no subject to miss
	}
	bare := strings.TrimSpace(strings.TrimPrefix(s, mark(s)))
	if bare == "" && (m.in.Thread == nil || m.in.Thread.Subject != "") {
		return found("subject", "the subject is empty; say what the mail is about")
	}
	if m.breaksOff(bare) {
		return found("subject", "the subject %q breaks off, as if a field were empty; complete it", s)
	}
	return nil
}

var holeMarks = lazy(`[^\s.!?:;…"')*•-]  +\S|[\pL\d]\s+[,.](?:\s|$)|,\s*,|(?:^|\s)(?:\(\s*\)|""|\[\s*\])(?:[\s.,]|$)`)

// holes finds the blanks and marks that an empty field leaves in a sentence.
func holes(m *mail) []scheduler.Finding {
	hole := holeMarks()
	for _, p := range m.text.prose() {
		if !mayHole(p.raw) {
			continue
		}
		for _, i := range hole.FindAllStringIndex(p.raw, -1) {
			if part := p.raw[i[0]:i[1]]; !strings.Contains(part, "\n") {
				return found(p.at(i[0]), "there is a hole at %q, as if a field were empty; fill it or close it", around(p.raw, i[0], i[1]))
			}
		}
	}
	return nil
}

// mayHole reports whether a text holds what every hole has: two blanks, one before a mark, two
// marks, or an empty pair of them.
func mayHole(raw string) bool {
	for i := 1; i < len(raw); i++ {
		blank := strings.IndexByte(" \t\n\r\f\v", raw[i-1]) >= 0
		if blank && strings.IndexByte(" \t\n\r\f\v,.", raw[i]) >= 0 || raw[i-1] == ',' && raw[i] == ',' || raw[i-1] == '"' && raw[i] == '"' {
			return true
		}
	}
	return strings.ContainsAny(raw, "([")
}

// around shows a few letters on both sides.
func around(s string, from, to int) string {
	from, to = max(0, from-12), min(len(s), to+12)
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s[from:to], "\n", " "), ""))
}
