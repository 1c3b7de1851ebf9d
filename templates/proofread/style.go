package proofread

import (
	"strings"
	"unicode"

	"afterword/scheduler"
	"afterword/templates/proofread/spelling"
)

// pressure finds what presses the reader. Words that deny it ("no need to
// answer by Friday") and words about oneself ("I will reply by Friday") are
// none.
func pressure(m *mail) []scheduler.Finding {
	phrase, place, ok := m.hitMeant(m.phrases().pressure)
	if !ok {
		phrase, place, ok = m.hitNotions(pressesBy)
	}
	if !ok && m.in.Kind == scheduler.Asking {
		phrase, place, ok = m.hitNotions(judges)
	}
	if ok {
		return found(place, "%q presses the reader; ask once, kindly, and leave them the time", phrase)
	}
	return nil
}

// desperate finds what begs.
func desperate(m *mail) []scheduler.Finding {
	phrase, place, ok := m.hitMeant(m.phrases().desperate)
	if !ok {
		phrase, place, ok = m.hitNotions(begsBy)
	}
	if ok {
		return found(place, "%q begs; say what you would bring instead", phrase)
	}
	return nil
}

// hitMeant finds the first phrase that is meant as it stands.
func (m *mail) hitMeant(e search) (phrase, place string, ok bool) {
	for _, p := range m.own.prose() {
		for _, s := range sentences(p.text) {
			for _, at := range e.FindAll(s.text) {
				if !m.inOwnName(s.text, at[0], at[1]) && !denied(s.text[:at[0]+1]) && !ownDeadline(s.text[:at[0]+1], s.text[at[0]:at[1]]) && !ofOthers(s.text, at[0], at[1]) && !m.toldDay(s.text, s.text[at[0]:at[1]]) && !m.awaitsOthers(s.text, at[0], at[1]) && !isKnowledge(s.text[:at[0]+1], s.text[at[0]:at[1]]) {
					text := s.text[at[0]:at[1]]
					lead := len(text) - len(strings.TrimLeft(text, " \t,.;:!?()\"'-–—_"))
					return strings.Trim(text, " \t,.;:()\"'-–—_"), p.at(s.from + at[0] + lead), true
				}
			}
		}
	}
	return "", "", false
}

var turnedRound = lazy(`(?i)\b(?:no|not|never|without|nothing|nor|cannot|rather than|instead of|\w+n't|nicht|keine?[nmrs]?|ohne|nie|ne|pas|sans|jamais|sin|nunca|non|niet|geen|não|inte|ikke)(?: [\pL']+){0,3}$`)

var announcedWords = lazy(`(?i)\b(?:I|we|you|they|he|she|team)(?:'ll|'d| will| can| would| could| shall| might| may| hoped? to| plan(?:ned)? to| want(?:ed)? to| were going to| are going to)(?: \w+)?(?: me)?$`)

var askedWords = lazy(`(?i)\b(?:could|can|would|will) you$`)

// denied reports whether the words before a phrase turn it round or say it of
// oneself or of what the reader announced.
func denied(before string) bool {
	before = strings.TrimRight(before, " \t,")
	turned := turnedRound()
	announced := announcedWords()
	asked := askedWords()
	return turned.MatchString(before) || announced.MatchString(before) && !asked.MatchString(before)
}

var ownDuty = lazy(`(?i)\b(?:I|we)(?:'ve| have| had| need| needed| must| should|'m (?:asked|due|expected)| am (?:asked|due|expected)| was asked)(?: got)?(?: to)?$`)

var answering = lazy(`(?i)^\W*(?:answer|reply|respond|confirm|decide)\b`)

// ownDeadline reports whether the writer speaks of what they have to do
// themselves, as with another offer: "which I have to answer by Friday".
func ownDeadline(before, phrase string) bool {
	duty, verb := ownDuty(), answering()
	return verb.MatchString(phrase) && duty.MatchString(strings.TrimRight(before, " \t"))
}

// isKnowledge reports whether a need to know is an object: "what I need to know today".
func isKnowledge(before, phrase string) bool {
	return needToKnow().MatchString(phrase) && objectOfNeed().MatchString(strings.TrimRight(before, " \t"))
}

var (
	needToKnow   = lazy(`(?i)^\W*(?:i|we) (?:\w+ )?need to know\b`)
	objectOfNeed = lazy(`(?i)\b(?:what|which|whatever|all|everything|things?|that|as)$`)
)

var attachedTo = lazy(`(?i)^to \pL|^\w* ?(?:importance|value|weight|significance|lot of|great)`)

// toThisMail is what a file is attached to: any other thing somebody may be attached to.
var toThisMail = lazy(`(?i)^to this(?: \w+)? (?:e-?mail|mail|message|note|letter)\b`)

var attachedWorth = lazy(`(?i)attach\w* (?:a|great|more|much) ?(?:lot|importance|value|weight|great)?$`)

// ofOthers reports whether a phrase is said of somebody else, whom its own clause names: of
// those of whom the reader told ("you said that customers are still waiting"), or of the
// subject before it ("why users never got an answer", "the build was desperate for a cache").
// "Anything" that goes on as a comparison is no vow either.
func ofOthers(sentence string, from, to int) bool {
	phrase := strings.Trim(sentence[from:to], " \t,.;:!?()\"'-–—_")
	from += strings.Index(sentence[from:], phrase)
	clause, before, _ := clauseAround(sentence, from, to)
	if reportedBy().MatchString(sentence) && !firstPerson().MatchString(clause) {
		return true
	}
	if comparedTo().MatchString(sentence[from:]) {
		return true
	}
	subject := strings.TrimRight(before, " \t,")
	return wantsSubject().MatchString(phrase) && subject != "" && !ownSubject().MatchString(subject)
}

// reportedBy is how a writer tells what the reader said.
var reportedBy = lazy(`(?i)(?:^|[^\pL])(?:you (?:also )?(?:said|say|told me|mentioned|explained|described|noted|put it|showed)|as you put it|sie (?:sagten|erzählten|erwähnten|meinten|sprachen|beschrieben)|sagten sie|(?:vous )?(?:disiez|m'avez[- ](?:vous )?(?:dit|expliqué|raconté)|expliquiez|racontiez|évoquiez)|(?:me |usted )?(?:dijo|contó|contaba|explicó|mencionó|comentó)|(?:ha|aveva) (?:detto|raccontato|spiegato)|(?:mi )?(?:diceva|raccontava)|(?:je |u )?(?:vertelde|zei|vertelden)|disse-me|(?:me )?(?:disse|contou|explicou|falou)|mówił\pL*|wspomniał\pL*|opowiadał\pL*|říkal\pL*|zmínil\pL*|vyprávěl\pL*|(?:sa|berättade|nämnde) du|du (?:sa|sade|berättade|nämnde)|(?:sagde|fortalte|nævnte) du|du (?:sagde|fortalte|nævnte)|(?:fortalte|nevnte) du|du (?:fortalte|nevnte))(?:$|[^\pL])`)

// firstPerson are the writer's own pronouns.
var firstPerson = lazy(`(?i)(?:^|[^\pL])(?:i|i'\pL+|me|my|mine|we|we'\pL+|us|our|ich|mir|mich|mein\pL*|uns|je|j'|moi|m'|mon|ma|mes|nous|yo|mi|mis|io|ik|mij|mijn|eu|mim|meu|minha|mnie|mi|mój|moj\pL+|mně|mě|můj|jag|mig|min|mitt|jeg|meg|mit)(?:$|[^\pL])`)

// wantsSubject are the phrases whose subject, if they have one, stands before them.
var wantsSubject = lazy(`(?i)^(?:expects?|demands?|insists?|still|never|have|haven't|has|hasn't|did|didn't|not|desperate|desperately)(?:$| )`)

// ownSubject ends what stands before such a phrase and names nobody else.
var ownSubject = lazy(`(?i)(?:^|[^\pL])(?:(?:i|we)(?:'m|'ve|'d| am| have| had| was| were| do| did| feel| felt| \pL+ly| also| still| just)*|and|but|or|so|because|as|that|however|nobody|no one|anyone|simply|just|still|yet|\pL*ly|honestly)$|[.:;!?]$`)

// comparedTo is an "anything" that excepts or compares.
var comparedTo = lazy(`(?i)^[\pL' ]*\banything (?:differently|different|else|but|other|except|like|about|with|in|on|only)\b`)

// noAttachment finds the promise of an attachment: the program attaches
// nothing.
func noAttachment(m *mail) []scheduler.Finding {
	for _, p := range m.own.prose() {
		for _, at := range m.phrases().attachment.FindAll(p.text) {
			after := strings.TrimLeft(p.text[max(at[0], at[1]-1):], " ,.")
			other := attachedTo().MatchString(after)
			inside := attachedWorth().MatchString(strings.TrimSpace(p.text[at[0]:at[1]]))
			if other && (inside || strings.HasPrefix(after, "to ") && !toThisMail().MatchString(after)) || denied(p.text[:at[0]+1]) || !m.isOfPaper(p.text, at) {
				continue
			}
			text := p.text[at[0]:at[1]]
			return found(p.at(at[0]+1), "%q promises an attachment, and nothing is attached; send a link or leave it out", strings.Trim(text, " \t,.;:()\"'"))
		}
	}
	if phrase, place, ok := m.attachedInHan(); ok {
		return found(place, "%q promises an attachment, and nothing is attached; send a link or leave it out", phrase)
	}
	return nil
}

// isOfPaper reports whether a word for an attachment, where it may as well be of things and
// houses ("I enclose the garden", "in der Anlage"), stands in a sentence about a paper, or
// one that sends something.
func (m *mail) isOfPaper(text string, at []int) bool {
	return !m.phrases().attachedThing.Match(text[at[0]:at[1]]) || m.phrases().paper.Match(sentenceAround(text, at[0]+1).text)
}

// emptyOpener finds openers that say nothing.
func emptyOpener(m *mail) []scheduler.Finding {
	for _, p := range m.own.prose() {
		for _, at := range m.phrases().opener.FindAll(p.text) {
			phrase := strings.Trim(p.text[at[0]:at[1]], " \t,.;:!?()\"'-–—_")
			if m.inOwnName(p.text, at[0], at[1]) || saysWhat().MatchString(p.text[at[0]:]) && !justOpens().MatchString(p.text[:at[0]+1]+phrase) {
				continue
			}
			return found(p.at(at[0]+strings.Index(p.text[at[0]:], phrase)), "%q says nothing; begin with what you write for", phrase)
		}
	}
	return nil
}

// saysWhat is how an opener goes on that says at once what it is about: "I wanted to follow
// up on my interview for the role".
var saysWhat = lazy(`(?i)^[^\pL]*(?:[\pL']+ ){0,3}follow(?:ing)?[- ]up(?: with you)? (?:(?:on|with):|(?:on|about|regarding|concerning|with|after)(?: [\pL\d'-]+){0,6} (?:interview|conversation|meeting|call|chat|discussion|application|candidacy|role|position|job|post|opening|vacancy|questions?|thing|point|topic)\b)`)

// justOpens is an opener that makes light of itself.
var justOpens = lazy(`(?i)\b(?:just|simply|only|quick)\W*(?:\pL+ to )?follow`)

// offTopic finds what a note after an interview does not speak of.
func offTopic(m *mail) []scheduler.Finding {
	if number, place, ok := m.privateNumber(); ok {
		return found(place, "%q is a number that belongs in no mail; leave it out", number)
	}
	table := m.phrases().offTopic
	if !isEnglish(m.stated, m.text.content()) {
		table = m.phrases().offTopicOf[baseLanguage(m.language)]
	}
	if phrase, place, ok := m.hit(m.own.prose(), table); ok && !m.ownMatter(phrase) {
		return found(place, "%q does not belong here; keep it for the conversation about an offer, or leave it out", phrase)
	}
	return nil
}

// ownMatter reports whether the facts name what a phrase speaks of: the role
// may be that of a payroll clerk.
func (m *mail) ownMatter(phrase string) bool {
	facts := m.contentWords(strings.Join([]string{m.in.Application.Role, m.in.Application.Company, m.person().Title, m.in.Interview.Debrief.BetterAnswer}, "\n"))
	facts = append(append(facts, m.contentWords(m.in.Person.Said)...), m.contentWords(m.in.Person.Question)...)
	for _, w := range m.contentWords(phrase) {
		if contains(facts, w) {
			return true
		}
	}
	pay := payMatter()
	return pay.MatchString(phrase) && pay.MatchString(m.in.Application.Role+" "+m.in.Person.Said+" "+m.person().Title)
}

// payMatter is what those speak of whose work is the pay of others.
var payMatter = lazy(`(?i)payroll|salar|compensation|remuneration|\bpay\b|\bwage|\bbonus|pension|benefits|reward|gehalt|lohn|\bpaie\b|salaire|rémunération|nómina|\bpaghe\b|stipend|loon|vencimento|ordenado|płac|wynagrodz|pensj|plat|mzd|\blön|\bløn|palk|maaş|bordro`)

// tone finds shouting, emoji, text-speak and slang, but not in quoted words. What
// is a word is English; marks and pictures say the same in every language.
func tone(m *mail) []scheduler.Finding {
	var all []scheduler.Finding
	marks, where, english := 0, "", baseLanguage(m.language) == "en"
	for _, p := range append(m.own.prose(), m.text.greeting) {
		if n := strings.Count(m.withoutNames(p.text), "!"); n > 0 {
			marks, where = marks+n, p.at(strings.Index(p.text, "!"))
		}
		if i := strings.IndexFunc(p.text, isEmoji); i >= 0 {
			all = append(all, found(p.at(i), "take the emoji out")...)
		}
		if i := emoticon().FindStringIndex(p.text); i != nil {
			all = append(all, found(p.at(i[0]), "%q is a face; leave it out", strings.Trim(p.text[i[0]:i[1]], " .,!?"))...)
		}
		if word, i := m.shouted(p.text); english && word != "" {
			all = append(all, found(p.at(i), "%q shouts; write it in small letters", word)...)
		}
	}
	if marks > mostExclamation {
		all = append(all, found(where, "there are %d exclamation marks; keep at most %d", marks, mostExclamation)...)
	}
	if p, i, ok := m.mixesAddress(); ok {
		all = append(all, found(p.at(i), "this mail says both Sie and du to its reader; choose one")...)
	}
	slang := []search{m.phrases().slang}
	if !english {
		slang = []search{m.phrases().slangOf["all"], m.phrases().slangOf[baseLanguage(m.language)]}
	}
	for _, s := range slang {
		if phrase, place, ok := m.hit(m.own.prose(), s); ok {
			all = append(all, found(place, "%q is slang; write it out", phrase)...)
			break
		}
	}
	return all
}

// formal is a German reader who is addressed as Sie, in the middle of a sentence: at its
// beginning it may be she or they. Familiar is one who is addressed as du; a bare "du" is
// French as often as not.
var (
	formal   = lazy(`[\p{Ll},] (?:Sie|Ihnen|Ihre[nmrs]?)(?:$|[^\p{L}])`)
	familiar = lazy(`(?:^|[^\p{L}])(?:[Dd]ich|[Dd]ir|[Dd]ein(?:e[nmrs]?)?|[Dd]u \p{Ll}+st|\p{Ll}+st [Dd]u)(?:$|[^\p{L}])`)
)

// mixesAddress finds where a German mail says du that says Sie elsewhere. What a name or
// the words of others hold does not count.
func (m *mail) mixesAddress() (p passage, i int, mixes bool) {
	if baseLanguage(m.language) != "de" || familiar().MatchString(plain(m.in.Application.Company+" "+m.in.Application.Role)) {
		return p, 0, false
	}
	said := false
	for _, one := range m.own.prose() {
		said = said || formal().MatchString(one.text)
		if at := familiar().FindStringIndex(one.text); at != nil && !mixes {
			p, i, mixes = one, at[0], true
		}
	}
	return p, i, mixes && said
}

// emoticon is a face made of marks. A bracket that closes behind a colon is none.
var emoticon = lazy(`(?:^|\s)(?:[:;=]['’]?-?[)(DPp]|[:;]-[/|\\*]|<3)(?:$|[\s.,!?])`)

// isEmoji knows pictures, not typographic marks such as ✓ or ™ of a text.
func isEmoji(r rune) bool {
	return r >= 0x1F300 && r <= 0x1FAFF || r >= 0x1F000 && r <= 0x1F2FF || r >= 0x2600 && r <= 0x27BF || r == 0xFE0F || r == 0x2B50 || r == 0x2B55
}

// withoutNames takes the company's name out where it has a mark of its own.
func (m *mail) withoutNames(text string) string {
	name := plain(strings.TrimSpace(m.in.Application.Company))
	if !strings.Contains(name, "!") {
		return text
	}
	return strings.ReplaceAll(text, name, "")
}

var capitalWord = lazy(`\b[A-Z][A-Z']+[A-Z]\b`)

// shouted finds an ordinary word in capitals. What nobody knows as a word is
// taken for an acronym.
func (m *mail) shouted(text string) (word string, at int) {
	own := strings.Join(ownFacts(m), "\n")
	capitals := capitalWord()
	for _, i := range capitals.FindAllStringIndex(text, -1) {
		w := text[i[0]:i[1]]
		lower := strings.ToLower(w)
		ordinary := m.phrases().stop[lower] || m.phrases().stock[lower] || m.phrases().common[lower] || isEmphatic(lower)
		if _, quoted := quotedAt(text, i, `"`, `"`); quoted {
			continue // a sign, or a slogan
		}
		if ordinary && spelling.BuiltIn().Class(lower)&spelling.Common != 0 && !asAcronym(text, i) && lower != "us" && lower != "it" && lower != "core" && !strings.Contains(own, w) {
			return w, i[0]
		}
	}
	return "", 0
}

var acronymBehind = lazy(`^ (?:bus|requests?|endpoints?|handlers?|calls?|methods?|verbs?)\b`)

// asAcronym reports whether capitals that spell a word are the name of a thing:
// the WHO, a CAN bus, a GET request, what stands alone in brackets.
func asAcronym(text string, at []int) bool {
	before, after := strings.ToLower(text[max(0, at[0]-len("the ")):at[0]]), text[at[1]:]
	alone := strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")")
	return alone || text[at[0]:at[1]] == "WHO" && strings.HasSuffix(before, "the ") || acronymBehind().MatchString(after)
}

// isEmphatic: words that people shout.
func isEmphatic(w string) bool {
	switch w {
	case "amazing", "awesome", "absolutely", "definitely", "extremely", "totally", "incredible", "incredibly", "excellent", "fantastic", "perfect",
		"important", "immediately", "urgent", "must", "please", "super", "truly", "wonderful", "passionate", "loved", "huge", "super-excited",
		"honored", "honoured", "sure", "hard", "every", "everything", "exactly", "right", "sorry", "free", "full", "fully", "highly", "completely":
		return true
	}
	return false
}

// grammar finds simple slips that no good prose has. What is no matter of
// English is looked for in every language.
func grammar(m *mail) []scheduler.Finding {
	var all []scheduler.Finding
	for _, p := range m.own.paragraphs {
		all = append(all, m.doubled(p)...)
		all = append(all, unmatched(p)...)
	}
	all = append(all, m.hits(m.own.prose(), m.phrases().confusions[baseLanguage(m.language)])...)
	all = append(all, m.disagrees()...)
	if baseLanguage(m.language) != "fr" {
		all = append(all, m.spaced()...)
	}
	if baseLanguage(m.language) != "en" {
		for n, p := range m.own.paragraphs {
			if (n < len(m.own.paragraphs)-1 || len(strings.Fields(p.text)) >= leastSentence) && !leadsOn().MatchString(p.text) { // a last line may be a goodbye
				all = append(all, ends(p)...)
			}
		}
		return all
	}
	for _, p := range m.own.paragraphs {
		all = append(all, m.article(p)...)
		all = append(all, m.possessive(p)...)
		all = append(all, m.agreement(p)...)
		all = append(all, ends(p)...)
		all = append(all, m.starts(p)...)
	}
	return all
}

// leastSentence is how many words a last paragraph has that is no goodbye.
const leastSentence = 8

// leadsOn ends a paragraph that the goodbye below it completes: "verbleibe ich".
var leadsOn = lazy(`(?i)\b(?:verbleib\pL*|grüß\pL*|grüss\pL*|zeichne)(?: ich)?\s*$`)

var blankBefore = lazy(`\pL[ ]([,.!?;])(?:\s|$)`)

// spaced finds a blank before a mark of punctuation, which only French has.
func (m *mail) spaced() []scheduler.Finding {
	for _, p := range m.own.prose() {
		if at := blankBefore().FindStringSubmatchIndex(p.text); at != nil && !m.inOwnName(p.text, at[2], at[3]) {
			return found(p.at(at[2]), "a blank stands before %q; take it out", p.text[at[2]:at[3]])
		}
	}
	return nil
}

var wordsOnly = lazy(`[\pL']+`)

// doubled finds the same word twice, but for words that may stand so.
func (m *mail) doubled(p passage) []scheduler.Finding {
	pair := wordsOnly()
	all := pair.FindAllStringIndex(p.text, -1)
	for i := 1; i < len(all); i++ {
		a, b := p.text[all[i-1][0]:all[i-1][1]], p.text[all[i][0]:all[i][1]]
		if !strings.EqualFold(a, b) || strings.TrimSpace(p.text[all[i-1][1]:all[i][0]]) != "" {
			continue
		}
		if m.inOwnName(p.text, all[i-1][0], all[i][1]) || joinsOn(p.text, all[i-1][0], all[i][1]) || unicode.IsLower([]rune(a)[0]) && unicode.IsUpper([]rune(b)[0]) {
			continue // "in in-house courses", "at AT&T"
		}
		switch strings.ToLower(a) {
		case "had", "that", "very", "so", "is", "bye", "blah", "walla", "duran", "knock":
			continue
		}
		if baseLanguage(m.language) != "en" && mayStandTwice(strings.ToLower(a)) {
			continue
		}
		if unicode.IsUpper([]rune(a)[0]) && unicode.IsUpper([]rune(b)[0]) && !m.phrases().stop[strings.ToLower(a)] {
			continue // a name
		}
		return found(p.at(all[i][0]), "%q stands twice", b)
	}
	return nil
}

// mayStandTwice: words of other languages that mean two things, as in "vous vous
// souvenez" and "die, die die Schicht planen".
func mayStandTwice(w string) bool {
	switch w {
	case "nous", "vous", "die", "der", "das", "sie", "den", "dem", "ihr", "es", "dat", "zij", "piano", "så", "que", "no":
		return true
	}
	return false
}

// joinsOn reports whether what stands between the two bytes is joined to more
// before or behind it.
func joinsOn(text string, from, to int) bool {
	const marks = "-&/@_"
	return to < len(text) && strings.IndexByte(marks, text[to]) >= 0 || from > 0 && strings.IndexByte(marks, text[from-1]) >= 0
}

var articleBefore = lazy(`(?:^|[\s("])([Aa]n?) ([\pL][\pL\d'-]*)`)

// article compares a and an with the sound that follows, as far as the letters
// tell it.
func (m *mail) article(p passage) []scheduler.Finding {
	article := articleBefore()
	for _, i := range article.FindAllStringSubmatchIndex(p.text, -1) {
		a, next := strings.ToLower(p.text[i[2]:i[3]]), p.text[i[4]:i[5]]
		if strings.Contains(plain(m.in.Application.Company), p.text[i[2]:i[5]]) {
			continue // An Post
		}
		if want := m.articleFor(next); want != "" && a != want && !(a == "a" && p.text[i[2]] == 'A' && len(next) == 1) {
			return found(p.at(i[2]), "%q should be %q", p.text[i[2]:i[5]], want+" "+next)
		}
	}
	return nil
}

// articleFor is a or an, or "" where the letters do not tell.
func (m *mail) articleFor(next string) string {
	lower := strings.ToLower(strings.Split(next, "-")[0])
	letters := next == strings.ToUpper(next) && len(next) <= 4
	switch {
	case m.phrases().consonants[lower]:
		return "an"
	case letters || lower == "" || !strings.ContainsAny(lower, "aeiouy"):
		return "" // spelt out or read as a word: "an MRI", "a NASA"
	}
	for v := range m.phrases().vowels {
		if lower == v || len(v) > 2 && strings.HasPrefix(lower, v) && !strings.HasPrefix(lower, "unin") && !strings.HasPrefix(lower, "unim") {
			return "a"
		}
	}
	r := []rune(lower)[0]
	switch {
	case strings.ContainsRune("aeio", r), r == 'u' && !strings.HasPrefix(lower, "uni"):
		return "an"
	case r < unicode.MaxASCII && r != 'u' && r != 'h' && !unicode.IsDigit(r):
		return "a"
	case r == 'h' && !m.phrases().consonants[lower] && !strings.HasPrefix(lower, "heir") && !strings.HasPrefix(lower, "hon") && !strings.HasPrefix(lower, "hour") && !strings.HasPrefix(lower, "hist"):
		return "a"
	}
	return ""
}

var itsBefore = lazy(`\b[Ii]t's (\p{Ll}+) (?:will|would|can|could|should|has|had|was|were|is|are|does|did)\b`)

// possessive finds "it's driver will": what is said of a thing of its own.
func (m *mail) possessive(p passage) []scheduler.Finding {
	for _, i := range itsBefore().FindAllStringSubmatchIndex(p.text, -1) {
		if w := p.text[i[2]:i[3]]; !m.phrases().stop[w] && !strings.HasSuffix(w, "ing") && !strings.HasSuffix(w, "ed") && !isPredicate(w) {
			return found(p.at(i[0]), "%q should begin with its", p.text[i[0]:i[1]])
		}
	}
	return nil
}

// isPredicate: words behind "it is" after which a sentence may go on with a verb,
// as in "what it's like is hard to say".
func isPredicate(w string) bool {
	switch w {
	case "like", "done", "worth", "about", "for", "missing", "been", "become", "taken", "given", "shown", "seen", "known", "there", "here", "clear", "true", "time":
		return true
	}
	return false
}

var pluralIs = lazy(`(?:^|[.!?:;] |\b(?:and|but|because|that|since) )(?:[Yy]our|[Tt]he|[Tt]hese|[Tt]hose|[Mm]y|[Aa]ll|[Ss]everal|[Mm]any) (?:\pL+ )?(\p{Ll}+s)(?: (?:at|on|in|of|from) (?:the |your |my )?[\pL\d]+s?)? (is|was|has|keeps|makes|needs|takes|comes|goes|looks|works)\b`)

// agreement finds a subject in the plural with a verb in the singular, where
// the subject stands at the beginning and can be nothing else.
func (m *mail) agreement(p passage) []scheduler.Finding {
	for _, i := range pluralIs().FindAllStringSubmatchIndex(p.text, -1) {
		noun, verb := p.text[i[2]:i[3]], p.text[i[4]:i[5]]
		if isSingular(noun) || spelling.BuiltIn().Class(strings.TrimSuffix(noun, "s"))&spelling.Common == 0 || strings.HasPrefix(p.text[i[5]:], "-") {
			continue
		}
		return found(p.at(i[2]), "%q does not go with %q; look at it again", noun, verb)
	}
	return nil
}

// isSingular: words that end in s and are one thing, or may be.
func isSingular(w string) bool {
	for _, ending := range []string{"ss", "us", "is", "ics", "ous"} {
		if strings.HasSuffix(w, ending) {
			return true
		}
	}
	switch w {
	case "news", "series", "species", "means", "works", "headquarters", "crossroads", "lens", "gas", "bias", "canvas", "atlas", "alias", "always", "perhaps", "sometimes",
		"sales", "operations", "human", "goods", "thanks", "logs", "plans", "days", "weeks", "months", "years", "hours", "minutes", "states", "nations", "christmas", "yes", "as", "has", "was",
		"this", "does", "analytics", "diabetes", "hers", "yours", "theirs", "ours", "data", "systems", "towards", "afterwards", "besides", "els", "apps", "barracks", "mews", "chaos", "pros", "ops", "devops":
		return true
	}
	return false
}

var smiley = lazy(`[:;]-?[()]`)

// enumerator is what a bracket alone closes, as in "a) the rota, b) the pager".
var enumerator = lazy(`(?:^|\s)(?:\d{1,2}|\pL|[ivx]{1,4})$`)

var inchMark = lazy(`\d"`)

// unmatched finds brackets and quotation marks without their partner.
func unmatched(p passage) []scheduler.Finding {
	bare := smiley().ReplaceAllString(p.text, "")
	for _, pair := range []string{"()", "[]", "«»"} {
		if r := []rune(pair); !paired(bare, r[0], r[1]) {
			return found(p.at(0), "a bracket %s has no partner", pair)
		}
	}
	if strings.Count(inchMark().ReplaceAllString(bare, ""), `"`)%2 == 1 {
		return found(p.at(0), "a quotation mark has no partner")
	}
	return nil
}

// paired reports whether each bracket has its partner.
func paired(text string, opening, closing rune) bool {
	depth := 0
	for i, r := range text {
		switch {
		case r == opening:
			depth++
		case r == closing && depth > 0:
			depth--
		case r == closing && !enumerator().MatchString(text[:i]):
			return false
		}
	}
	return depth == 0
}

// ends finds a paragraph without a mark at its end. Entries of lists and links
// need none.
func ends(p passage) []scheduler.Finding {
	t := strings.TrimRight(p.text, " \"')]»_")
	if p.item || len(strings.Fields(t)) < 4 || strings.ContainsAny(t[max(0, len(t)-1):], ".!?:;,-") || strings.HasSuffix(t, "…") {
		return nil
	}
	if last := strings.Fields(t); strings.Contains(last[len(last)-1], "/") || strings.IndexFunc(p.text, isEmoji) >= 0 || strings.HasSuffix(p.text, "_") {
		return nil
	}
	return found(p.at(len(p.text)-1), "the paragraph ends without a full stop")
}

var smallI = lazy(`(?:^|[\s("])i(?:[ ,]|'(?:m|d|ll|ve)\b)`)

// starts finds sentences that begin with a small letter, and a small "i".
func (m *mail) starts(p passage) []scheduler.Finding {
	if at := smallI().FindStringIndex(p.text); at != nil {
		return found(p.at(at[0]), "write \"I\" with a capital")
	}
	for n, s := range sentences(p.text) {
		t := strings.TrimLeft(s.text, " \"'(")
		first, _, _ := strings.Cut(t, " ")
		bare := strings.TrimRight(first, ",.;:")
		known := m.phrases().stop[bare] || m.phrases().stock[bare] || m.phrases().common[bare] // else it may be a name such as npm
		known = known && !m.endsInName(p.text[:s.from]) && !titleAsks().MatchString(p.text[:s.from])
		goesOn := n == 0 && (p.line == m.text.greeting.line || m.isFirst(p)) // "Hi Ken - thanks for"
		if !known || goesOn || p.item || n > 0 && strings.HasSuffix(strings.TrimSpace(p.text[:s.from]), "…") || strings.HasSuffix(strings.TrimSpace(p.text[:s.from]), "...") {
			continue
		}
		return found(p.at(s.from), "the sentence beginning %q lacks its capital", first)
	}
	return nil
}

// titleAsks finds a question mark behind a capital: it may belong to the title
// of a film or a book.
var titleAsks = lazy(`\p{Lu}[\pL']*\?\s*$`)

// endsInName reports whether the mark before a sentence belongs to a name of the
// facts, as in Yahoo! and St. Mary's Inc.
func (m *mail) endsInName(before string) bool {
	for _, name := range []string{m.in.Application.Company, m.in.Application.Role, m.in.Person.Title} {
		name = plain(strings.TrimSpace(name))
		if name != "" && strings.ContainsAny(name[len(name)-1:], ".!?") && strings.HasSuffix(strings.TrimSpace(before), name) {
			return true
		}
	}
	return false
}

// isFirst reports whether a paragraph goes on after a greeting that ends in a
// comma, behind which many of Europe write a small letter.
func (m *mail) isFirst(p passage) bool {
	return p.line == m.text.paragraphs[0].line && strings.HasSuffix(strings.TrimSpace(m.text.greeting.text), ",")
}
