package proofread

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"afterword/scheduler"
	"afterword/templates/proofread/spelling"
)

// furtherSalutations are those of languages in which fewer letters are written.
const furtherSalutations = `benvolgu(?:t|da)|bona tarda|kaixo|egun on|arratsalde on|ola|annwyl|bore da|prynhawn da|habari|mpendwa|jambo|yth\.|kepada(?: yth\.)?|selamat (?:pagi|siang|sore|malam|petang)|salam|halo|hai|kính (?:gửi|thưa)|thân gửi|(?:xin )?chào|magandang (?:araw|umaga|hapon)(?: po)?|mahal na|spoštovan[aieo]|pozdravljen[aio]?|drag[iao]|živjo|` +
	`поштован[иа]|драг[иа]|здраво|почитуван[иа]|(?:i|e) nderuar|përshëndetje|kæri|kæra|għażiż[ao]?|geagte|liewe|moien|hörmətli|құрметті|hurmatli|exm[oa]\.|ex\.m[oa]|spett\.le|gent\.m[oa]|egr\.|հարգելի|սիրելի|բարև(?: ձեզ)?|პატივცემულო|გამარჯობა(?:თ)?|ძვირფასო|` +
	`שלום(?: רב)?|היי?|לכבוד|בוקר טוב|צהריים טובים|ערב טוב|عزيز(?:ي|تي)|مرحب[اً]+|أهلا?ً?|السلام عليكم|حضرة|تحية طيبة|سلام|با سلام|नमस्ते|नमस्कार|प्रिय|आदरणीय|माननीय|প্রিয়|নমস্কার|เรียน|สวัสดี`

// salutation is how letters begin, in the languages of the templates.
var salutation = lazy(`(?i)^\s*(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|bonjour|bonsoir|salut|chère?s?|cher|chers|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rsn]?|hola|estimad[oa]s?|querid[oa]s?|buen[oa]s(?: (?:d[ií]as|tardes|noches))?|moin|servus|grüezi|grüß (?:gott|dich)|hei|hej(?:san)?|hallå|god (?:dag|morgen|morgon|kväll|aften|kveld|eftermiddag|ettermiddag|middag)|goddag|kär[ae]|bäst[ae]|kjære|kære|hoi|dag|beste|geachte|goede(?:morgen|middag|navond)|ciao|salve|buon(?:giorno|asera)|buon pomeriggio|buona (?:sera|giornata)|gentile|gentilissim[oa]|egregi[oa]|car[oa]|olá|oi|bom dia|boa (?:tarde|noite)|prezad[oa]|cześć|witam|dzień dobry|dobry wieczór|szanown[ya](?: pan(?:ie|i))?|drog[ai]|ahoj|dobr(?:ý|é|y|e) (?:den|deň|ráno|odpoledne|popoludnie|večer|dan|jutro)|dobra večer|vážen[ýáí]|mil[ýá]|tere(?: (?:päevast|hommikust|õhtust))?|tervist|lugupeetud|austatud|hyvää (?:päivää|huomenta|iltaa)|hyvä|arvoisa|moi|poštovan[iae]|dobar dan|jó (?:napot|reggelt|estét)(?: kívánok)?|szia|kedves|tisztelt|laba diena|lab(?:as|dien)|sveik[is]|gerb(?:iamas|iama|\.)|cien[īi]jam(?:ais|ā)|góðan dag(?:inn)?|iyi (?:günler|çalışmalar)|respected|apreciad[oa]s?|distinguid[oa]s?|werte[rs]?|bun[ăa] (?:ziua|seara|dimineața|dimineata)|bună|stimat[ăe]|αγαπητ[έή]|αξιότιμ[εη]|καλημέρα(?: σας)?|καλησπέρα(?: σας)?|γεια(?: σας| σου)?|здравствуй(?:те)?|добр(?:ый|ого|ий) (?:день|дня|вечер|вечір)|уважаем\pL*|дорог\pL+|шановн\pL+|вітаю|здравейте|merhaba|sayın|namaste|aloha|howdy|g'day|kia ora|shalom|salaam|konnichiwa|` + furtherSalutations + `)(?: again| there| dear)?(?:[ ,]*$| *[,!:;.–—-]| +)`)

// salutationBehind is a first line that names its reader before it greets: "Cem Bey merhaba,".
var salutationBehind = lazy(`(?i)^\s*(\pL[\pL.'-]*(?: \pL[\pL.'-]*){0,3}),? (?:merhaba(?:lar)?|selam|iyi günler|добр(?:ый|ого|ий) (?:день|дня|вечер)|доброе утро|здравствуй(?:те)?|вітаю|dzień dobry|dobrý den|guten (?:tag|morgen)|good (?:morning|afternoon)|hello|bonjour|buongiorno|hola|olá|bom dia|שלום)[ ,!.:]*$`)

// readGreeting finds the greeting in the first line that is not empty. It
// returns the index of the line after it and what stood behind it in its line.
func (l *letter) readGreeting(end int) (first int, rest string) {
	i := 0
	for i < end && strings.TrimSpace(l.lines[i]) == "" {
		i++
	}
	if i >= end {
		return i, ""
	}
	line := l.lines[i]
	name, rest, ok := greetingOf(line)
	if !ok {
		return i, ""
	}
	l.greeting = passage{line: i + 1, text: strings.TrimSpace(line[:len(line)-len(rest)]), raw: line}
	l.named = name
	return i + 1, strings.TrimSpace(rest)
}

// greetingOf splits a first line into the name that it calls and the text that
// follows. A line such as "Ken," is a greeting too.
func greetingOf(line string) (name, rest string, ok bool) {
	head := salutation().FindString(line)
	after := line[len(head):]
	if behind := salutationBehind().FindStringSubmatch(line); head == "" && behind != nil && onlyNames(behind[1]) {
		return strings.Trim(behind[1], " ,"), "", true
	}
	if head == "" {
		return bareGreeting(line)
	}
	if strings.ContainsAny(head[len(strings.TrimRight(head, " ,!:;.–—-")):], ",!:;.–—-") && !startsWithNames(after) {
		return "", after, true // "Hi there," and "Hi ,"
	}
	cut := nameEnd(after)
	name, rest = after[:cut], strings.TrimLeft(after[cut:], " ,!:;.–—-")
	if more := strings.TrimRight(rest, " ,!:"); more != "" && len(strings.Fields(more)) <= 6 && onlyNames(more) {
		name, rest = name+", "+more, "" // "Hi Ken, Mara and Tomas,"
	}
	return strings.Trim(name, " ,!:;–—-"), rest, true
}

// startsWithNames tells "Bonjour, Ken," from "Hello, thank you for".
func startsWithNames(s string) bool {
	cut := nameEnd(s)
	return cut < len(s) && strings.TrimSpace(s[:cut]) != "" && onlyNames(s[:cut]) && len(strings.Fields(s[:cut])) <= 3
}

// nameEnd is where the name in a greeting ends: at a mark, but not at the full
// stop of "Dr." or of an initial; without a mark, at the first word in lower
// case that cannot be part of a name.
func nameEnd(s string) int {
	if i := strings.IndexAny(s, ",!:;–—"); i >= 0 && len(strings.Fields(s[:i])) <= 6 {
		return i
	}
	at := 0
	for _, word := range strings.SplitAfter(s, " ") {
		bare := strings.TrimSpace(word)
		if bare != "" && !isNameWord(bare) && at > 0 {
			return at
		}
		at += len(word)
		if strings.HasSuffix(bare, ".") && !isTitle(bare) && len([]rune(bare)) > 2 {
			return at
		}
	}
	return len(s)
}

// bareGreeting takes a first line such as "Ken," or "Dr. Osei:".
func bareGreeting(line string) (name, rest string, ok bool) {
	t := strings.TrimSpace(line)
	bare := strings.TrimRight(t, ",:!-–— ")
	if bare == t || len(strings.Fields(bare)) > 4 || !onlyNames(bare) || isClosing(bare) {
		return "", "", false
	}
	return bare, "", true
}

// onlyNames reports whether every word could belong to names.
func onlyNames(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }) {
		if !isNameWord(w) && w != "and" && w != "&" && w != "et" && w != "und" && w != "y" {
			return false
		}
	}
	return strings.TrimSpace(s) != ""
}

// isNameWord: capitals, scripts without case, and the small words of names.
func isNameWord(w string) bool {
	r := []rune(strings.TrimLeft(w, `"'(`))
	if len(r) == 0 {
		return false
	}
	return !unicode.IsLower(r[0]) && unicode.IsLetter(r[0]) || isParticle(w) || isTitle(w) || isGroupWord(w)
}

func isParticle(w string) bool {
	switch strings.ToLower(w) {
	case "de", "del", "della", "di", "da", "do", "dos", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "ibn", "ben", "zu", "ter", "ten", "y":
		return true
	}
	return false
}

func isTitle(w string) bool {
	switch strings.TrimRight(strings.ToLower(w), ".,") {
	case "mx", "dr", "prof", "professor", "doctor", "rev", "phd", "ph.d", "md", "jr", "ii", "iii", "mba", "ing", "principal", "captain", "judge", "dean",
		"docteur", "maître", "doktor", "drs", "lic", "arq", "avv", "arch", "mgr", "mag", "inż", "eng",
		"architetto", "architetta", "ingegnere", "avvocato", "avvocata", "ragioniere", "geometra", "arquitecto", "arquitecta", "ingeniero", "ingeniera", "licenciado", "licenciada", "engenheiro", "engenheira":
		return true
	}
	return addressedAs(w) != ""
}

// isGroupWord: the words of a greeting that calls nobody by name.
func isGroupWord(w string) bool {
	switch strings.ToLower(strings.Trim(w, ".,")) {
	case "there", "again", "all", "both", "team", "everyone", "everybody", "folks", "colleagues", "hiring", "manager", "recruiter",
		"recruiting", "recruitment", "committee", "panel", "friends", "talent", "hr", "whom", "concern", "ladies", "gentlemen", "sirs":
		return true
	}
	return false
}

// wrongName compares the name in the greeting with the recipient's, letter by
// letter: a misspelt name is the one mistake that everybody sees.
func wrongName(m *mail) []scheduler.Finding {
	p := m.person()
	if p.Name == "" && p.Greet == "" {
		return nil
	}
	if line, place := m.text.firstLine(); anybody().MatchString(line) {
		return found(place, "the greeting %q is for nobody in particular, but the mail goes to %s; call them by name", strings.TrimSpace(line), calledName(p))
	}
	for _, name := range calledNames(m.text.named, m.in.Application.Company) {
		if bare := onlyTitles(name) && fullWithoutName(m.language); !bare && !m.callsReader(name, p) {
			return found(m.text.greeting.at(0), "the greeting says %q, but the mail goes to %s; write the name as they do, or set greet to the short form that they use", name, calledName(p))
		}
		if is, want := addressedAs(name), addressedAs(p.Greet); is != "" && want != "" && is != want {
			return found(m.text.greeting.at(0), "the greeting says %q, but greet is %q; call them as they want", name, p.Greet)
		}
	}
	if f := m.calledInHan(p); f != nil {
		return f
	}
	if f := m.calledInHangul(p); f != nil {
		return f
	}
	if f := m.calledInText(p); f != nil {
		return f
	}
	if f := namedInSubject(m, p); f != nil {
		return f
	}
	return m.wrongSignature(p)
}

// addressedAs is what a form of address says of whom it calls, "" if nothing.
func addressedAs(called string) string {
	for _, w := range strings.Fields(called) {
		switch strings.TrimRight(strings.ToLower(w), ".,") {
		case "mr", "sir", "herr", "herrn", "m", "monsieur", "señor", "sr", "don", "dott", "dottor", "dottore", "sig", "signor", "signore", "professore", "profesor", "doutor", "senhor", "pan", "pane", "panie", "heer", "meneer", "dhr", "pán",
			"domnule", "domnul", "härra", "herra", "gospodine", "gospodin", "gospod", "úr", "bey", "ponas", "pone", "kungs", "κύριε", "пане", "господине", "господин":
			return "man"
		case "mrs", "asszony", "ms", "miss", "madam", "ma'am", "frau", "mme", "madame", "mademoiselle", "mlle", "señora", "señorita", "sra", "srta", "doña", "dra", "doctora", "profesora", "dott.ssa", "dottoressa",
			"prof.ssa", "professoressa", "professora", "doutora", "sig.ra", "signora", "senhora", "pani", "paní", "mevrouw", "mevr", "fru",
			"doamnă", "doamna", "proua", "rouva", "gospođo", "gospođa", "gospa", "úrnő", "hanım", "ponia", "kundze", "κυρία", "пані", "госпожо", "госпожа":
			return "woman"
		}
	}
	return ""
}

// fullWithoutName are the languages whose formal letters call their reader by a form of
// address alone: "Madame,", "Szanowna Pani,", "Estimada señora:".
func fullWithoutName(language string) bool {
	switch baseLanguage(language) {
	case "fr", "es", "it", "pt", "pl", "nl", "ro", "cs", "sk", "hr", "sr", "sl", "bg", "el", "tr", "uk", "ru", "hu", "lt", "lv", "et":
		return true
	}
	return false
}

// anybody is how letters begin whose writer does not know who reads them.
var anybody = lazy(`(?i)^\s*(?:to whom (?:it|this) may concern|(?:dear |hello |hi )?(?:sirs?|madams?|sirs? ?(?:or|and|/|&) ?madams?|madam or sir|ladies and gentlemen)|` +
	`(?:sehr geehrte |liebe )?damen und herren|(?:chers? )?(?:madame,? (?:ou |et |/ ?)?monsieur|mesdames,? (?:et )?messieurs|monsieur,? (?:ou |et |/ ?)?madame)|` +
	`a quien (?:pueda )?correspond[ae]|a quien (?:pueda )?interes(?:e|ar)|(?:muy |estimad[oa]s? )?señor(?:es|as)?(?: ?(?:o|y|/) ?señor(?:es|as?)?)?)[\s,:;.!]*$`)

// firstLine is the first line with text, and its place.
func (l *letter) firstLine() (line, place string) {
	for i, line := range l.lines {
		if strings.TrimSpace(line) != "" {
			return line, passage{line: i + 1, text: line, raw: line}.at(0)
		}
	}
	return "", ""
}

var calledAtEnd = lazy(`(?i:\b(?:thanks|you|again|much|lot|time|soon|today|yesterday|then|care|bye|regards|wishes|best)), ((?:Mr|Mrs|Ms|Dr|Prof)\.? )?(\p{Lu}[\pL'-]+)[.!]*$`)

// calledInWish is a call behind a wish, which no apposition can be.
var calledInWish = lazy(`^(?:And )?(?:Have|Enjoy|Wishing|Wish you|Take|See you|Talk|Speak|Until|Good luck|All the best)\b[^,]* \p{Ll}[\pL'-]*, ((?:Mr|Mrs|Ms|Dr|Prof)\.? )?(\p{Lu}[\pL'-]+)[.!]*$`)

var calledAtStart = lazy(`^(\p{Lu}[\pL'-]+), (?i:(?:thank|thanks|it was|i |i'm|i've|your|you |we |many thanks))`)

// calledInText finds a sentence that speaks to somebody else than the greeting
// does: "Thanks again, Tim!". Only words that cannot be anything but a call
// count, since no user can lift this finding.
func (m *mail) calledInText(p scheduler.Person) []scheduler.Finding {
	mine, _ := nameWords(m.in.Me.Name)
	for _, par := range m.text.paragraphs {
		if !strings.Contains(par.text, ", ") {
			continue
		}
		for _, s := range sentences(par.text) {
			text := strings.TrimSpace(s.text)
			called := calledIn(text)
			lower := strings.ToLower(called)
			if called == "" || contains(mine, called) || m.phrases().stop[lower] || m.phrases().stock[lower] || m.phrases().common[lower] || m.phrases().courtesy[lower] ||
				isDayOrMonth(lower) || isGroupWord(called) || spelling.BuiltIn().Class(lower)&spelling.Common != 0 || m.callsReader(called, p) {
				continue
			}
			return found(par.at(s.from), "the text speaks to %q, but the mail goes to %s; write the name as they do", called, calledName(p))
		}
	}
	return nil
}

// calledIn is whom a sentence calls, "" if nobody.
func calledIn(text string) string {
	_, end, ok := cutLast(text, ", ")
	if !ok {
		return ""
	}
	if len(strings.Fields(end)) <= 2 { // a name and a form of address: nothing longer is tried, since most sentences end so
		if at := calledAtEnd().FindStringSubmatch(text); at != nil {
			return at[2]
		}
		if at := calledInWish().FindStringSubmatch(text); at != nil {
			return at[2]
		}
	}
	if at := calledAtStart().FindStringSubmatch(text); at != nil {
		return at[1]
	}
	return ""
}

func calledName(p scheduler.Person) string {
	if p.Greet != "" {
		return p.Greet
	}
	return p.Name
}

var nameJoint = lazy(`\s*(?:,|/|&|\band\b|\bet\b|\bund\b)\s*`)

// calledNames are the people whom a greeting names; groups are nobody.
func calledNames(named, company string) []string {
	split := nameJoint()
	own := words(company)
	var names []string
	for _, part := range split.Split(named, -1) {
		group, office, behind := false, false, 0
		var kept []string
		for _, w := range strings.Fields(part) {
			switch {
			case !isGroupWord(w):
				kept = append(kept, w)
			case isOffice(w):
				office, behind = true, len(kept)
				fallthrough
			default:
				group = true
			}
		}
		if len(kept) == 0 || group && allIn(words(strings.Join(kept, " ")), own) {
			continue
		}
		if office && behind < len(kept) { // "Store Manager Patel": whom the office belongs to
			kept = strings.Fields(part)
		}
		if name := strings.TrimRightFunc(strings.Trim(strings.Join(kept, " "), " ,!:;-"), isPicture); name != "" && hasLetter(name) {
			names = append(names, name)
		}
	}
	return names
}

// isPicture is what may stand behind a name and belongs to none.
func isPicture(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) || unicode.IsSpace(r) || r == '\ufe0f' || r == '\u200d'
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func allIn(some, all []string) bool {
	for _, s := range some {
		if !contains(all, s) {
			return false
		}
	}
	return true
}

// callsPerson reports whether a name is one by which the person may be called:
// greet, the whole name, a title with a part of it, or, where greet says
// nothing else, a part of it.
func callsPerson(called string, p scheduler.Person) bool {
	if p.Greet != "" && sameName(strings.Join(strings.Fields(plain(p.Greet)), " "), called) {
		return true
	}
	asked, titled := nameWords(called)
	if byOffice(called) {
		return true
	}
	if rest, ok := withoutOffice(called, p); ok {
		asked, titled = rest, true
	}
	whole, _ := nameWords(p.Name)
	if len(asked) == 0 {
		return bearsTitle(called, p.Name)
	}
	if p.Greet != "" && !titled && len(asked) < 2 {
		greet, _ := nameWords(p.Greet)
		return partOf(asked, greet)
	}
	return partOf(asked, whole) || sharesScript(called, p.Name) || sharesWord(called, asked, whole)
}

// bearsTitle reports whether a name that is a title in some language is the person's
// own behind at most a form of address: Ms. Pan, Dean.
func bearsTitle(called, name string) bool {
	asked, own := strings.Fields(called), strings.Fields(plain(name))
	for len(asked) > 0 && !partOf(asked, own) {
		if !isTitle(asked[0]) {
			return false
		}
		asked = asked[1:]
	}
	return len(asked) > 0
}

// partOf reports whether every word stands in the name, in its order.
func partOf(some, name []string) bool {
	n := 0
	for _, w := range some {
		for n < len(name) && !sameName(name[n], w) {
			n++
		}
		if n == len(name) {
			return false
		}
		n++
	}
	return len(some) > 0
}

// sameName compares letters, accents and capitals. Where the file writes a name
// all in small or all in large letters, capitals say nothing.
func sameName(known, written string) bool {
	known, written = norm.NFC.String(known), norm.NFC.String(written)
	if known == written {
		return true
	}
	oneCase := known == strings.ToLower(known) || known == strings.ToUpper(known) && len([]rune(known)) > 1
	return oneCase && strings.EqualFold(known, written)
}

// nameMarks are the marks that may stand around a word of a name.
const nameMarks = `"'(),.;:!،؛।`

// nameWords splits a name into its words, without titles and punctuation.
func nameWords(name string) (parts []string, titled bool) {
	for _, w := range strings.Fields(plain(name)) {
		if isTitle(w) {
			titled = true
			continue
		}
		w = strings.Trim(w, nameMarks)
		if w != "" {
			parts = append(parts, w)
		}
	}
	return parts, titled
}

// sharesScript accepts names of scripts that put no space between their words.
func sharesScript(called, name string) bool {
	for _, r := range called {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			return strings.ContainsRune(name, r)
		}
	}
	return false
}

// sharesWord accepts a greeting in an alphabet without capitals that holds a word of the
// name: nothing tells the words of esteem around it from names.
func sharesWord(called string, asked, name []string) bool {
	for _, a := range alphabets(called) {
		switch a {
		case unicode.Hebrew, unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Georgian:
			return slices.ContainsFunc(asked, func(w string) bool { return slices.Contains(name, w) })
		case unicode.Thai:
			return slices.ContainsFunc(name, func(w string) bool { return strings.Contains(called, w) })
		}
	}
	return false
}

// namedInSubject finds a subject that ends by calling another of the panel.
func namedInSubject(m *mail, p scheduler.Person) []scheduler.Finding {
	_, called, ok := cutLast(m.text.subject.text, ", ")
	called = strings.Trim(called, " .!")
	if !ok || called == "" || m.callsReader(called, p) {
		return nil
	}
	for _, other := range others(m) {
		if m.callsReader(called, other) {
			return found("subject", "the subject calls %q, but the mail goes to %s", called, calledName(p))
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// others are the people of the application and the interview but the recipient.
func others(m *mail) []scheduler.Person {
	var all []scheduler.Person
	for _, p := range append(m.in.Application.People(), m.in.Interview.Interviewers...) {
		if p.Name != m.person().Name && !sameAddress(p.Email, m.in.To.Email) {
			all = append(all, p)
		}
	}
	return all
}

// greetingGuess says where the greeting rests on a guess which part of a name
// one calls.
func greetingGuess(m *mail) []scheduler.Finding {
	p := m.person()
	called := calledNames(m.text.named, m.in.Application.Company)
	if p.Greet != "" || len(called) == 0 {
		return nil
	}
	if plainName(p.Name) || m.plainHere(p.Name) {
		return oddForm(m, p, called[0])
	}
	if m.byTitleAndFamily(called[0], p) || m.byWordOfEsteem(called[0], p) {
		return nil
	}
	if _, titled := nameWords(p.Name); !titled && sameName(plain(p.Name), called[0]) && (latin(p.Name) || !latin(m.text.content())) {
		return nil
	}
	return found(m.text.greeting.at(0), "%q is a guess at how to call %s; set greet to what stands after \"Hi\"", called[0], p.Name)
}

// byTitleAndFamily reports whether a greeting calls somebody by a title and the last of two
// plain names behind the titles that the file gives: Dr. Pryce, for Dr. Alan Pryce.
func (m *mail) byTitleAndFamily(called string, p scheduler.Person) bool {
	asked, titled := nameWords(called)
	whole, known := nameWords(p.Name)
	return titled && known && len(asked) == 1 && len(whole) == 2 && plainName(strings.Join(whole, " ")) && sameName(whole[1], asked[0])
}

// byWordOfEsteem reports whether a greeting holds a word of the name beside such as respect
// puts there, in languages that call nearly everybody so: "anh Nam", "คุณสมชาย", "राजेश जी".
func (m *mail) byWordOfEsteem(called string, p scheduler.Person) bool {
	asked, _ := nameWords(called)
	whole, _ := nameWords(p.Name)
	rest, ok := withoutOffice(called, p)
	return sharesWord(called, asked, whole) || ok && m.familyFirst() && partOf(rest, whole)
}

// oddForm finds a plain name that is called in a way in which few people are: "Mr. Ken" by the first
// name behind a form of address, or "Osei" by the bare family name.
func oddForm(m *mail, p scheduler.Person, called string) []scheduler.Finding {
	asked, titled := nameWords(called)
	whole, _ := nameWords(p.Name)
	if len(asked) != 1 || len(whole) != 2 || sameName(whole[0], whole[1]) {
		return nil
	}
	switch {
	case titled && !m.titlesFirstNames() && !sameName(whole[0], strings.Fields(called)[0]) && addressedAs(called) != "" && !ofFirstNames().MatchString(called) && sameName(whole[0], asked[0]):
		return found(m.text.greeting.at(0), "%q seems to put a form of address before a first name; write %s, or set greet to what they are called", called, whole[0])
	case !titled && !m.familyFirst() && sameName(whole[1], asked[0]) && !strings.HasPrefix(strings.ToLower(m.text.greeting.text), "sayın "):
		return found(m.text.greeting.at(0), "%q seems to be the family name of %s alone; write %s, or set greet to what they are called", called, p.Name, whole[0])
	}
	return nil
}

// familyFirst reports whether the mail's language puts family names first.
func (m *mail) familyFirst() bool {
	switch baseLanguage(m.language) {
	case "hu", "ja", "zh", "ko", "vi":
		return true
	}
	return false
}

// ofFirstNames are the forms of address that stand before first names: "don Carlos", "Sir Ken".
var ofFirstNames = lazy(`(?i)^(?:sir|don|doña) `)

// titlesFirstNames reports whether the mail's language puts forms of address before first
// names: "Panie Marku", "Mehmet Bey".
func (m *mail) titlesFirstNames() bool {
	switch baseLanguage(m.language) {
	case "pl", "tr", "pt", "ro", "uk", "el":
		return true
	}
	return false
}

// plainName: two words in Latin letters, the first of which is what one calls.
func plainName(name string) bool {
	parts := withoutParticles(strings.Fields(name))
	if len(parts) == 1 && !isTitle(name) {
		return latin(name)
	}
	if len(parts) != 2 || isTitle(parts[0]) || isParticle(parts[0]) || isFamilyFirst(parts[0]) {
		return false
	}
	for i, r := range strings.Join(parts, "") {
		if !unicode.Is(unicode.Latin, r) && (i == 0 || !strings.ContainsRune("-'’", r)) {
			return false
		}
	}
	return true
}

// plainHere reports whether a name is a plain one of an alphabet in which the mail itself
// is written.
func (m *mail) plainHere(name string) bool {
	if len(strings.Fields(name)) != 2 || latin(name) || latin(m.text.content()) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Arabic, unicode.Armenian, unicode.Georgian)
	})
}

// withoutParticles joins to the family name the words that stand before no part of a first
// one: van, von, Le. A capital Van may be a middle name of Vietnam, and what Spanish puts
// there (del) may stand in a first name.
func withoutParticles(parts []string) []string {
	if len(parts) < 3 {
		return parts
	}
	rest := parts[1:]
	for len(rest) > 1 && familyParticle().MatchString(rest[0]) {
		rest = rest[1:]
	}
	return append([]string{parts[0]}, rest...)
}

var familyParticle = lazy(`^(?:van|von|vom|zu|zum|zur|de|der|den|dem|het|'t|ter|ten|te|[Ll]e|[Dd]u|af|av|bin|binti|ibn|[Aa]l|[Ee]l|Mac|Mc)$`)

// latin reports whether a text is written in Latin letters, at least for the most
// part: a name in others has no first name that an English mail could call.
func latin(text string) bool {
	letters, others := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Latin, r):
			letters++
		case unicode.IsLetter(r):
			others++
		}
	}
	return letters >= others
}

// isFamilyFirst knows the commonest family names that stand first.
func isFamilyFirst(w string) bool {
	switch strings.ToLower(w) {
	case "nguyen", "nguyễn", "tran", "trần", "pham", "phạm", "hoang", "hoàng", "wang", "zhang", "liu", "huang", "zhao", "zhou":
		return true
	}
	return false
}
