package proofread

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"afterword/scheduler"
	"afterword/templates/proofread/spelling"
)

// casts reports whether a mail's language puts endings to names, so that "Globexu" is
// Globex.
func (m *mail) casts() bool {
	switch baseLanguage(m.language) {
	case "pl", "cs", "sk", "hr", "sr", "sl", "fi", "et", "hu", "lt", "lv", "tr", "uk", "ru":
		return true
	}
	return false
}

// longestEnding is how many letters a language puts to a name, and shortestCast how many
// the name has at least.
const (
	longestEnding = 4
	shortestCast  = 5
)

// boundedName is bounded, also where the mail's language has put an ending to the name.
func (m *mail) boundedName(text string, at []int) bool {
	if bounded(text, at) {
		return true
	}
	behind := strings.TrimLeft(text[at[1]:], "'")
	rest := strings.TrimLeftFunc(behind, unicode.IsLower)
	ending := len([]rune(behind)) - len([]rune(rest))
	return m.casts() && at[1]-at[0] >= shortestCast && ending <= longestEnding && bounded(text, []int{at[0], len(text) - len(rest)})
}

const properName = `(\p{Lu}[\pL\d&'-]+(?: \p{Lu}[\pL\d&'-]+){0,4})`

// wantsToJoin is where a letter names whom its writer would work for. What lies behind
// ("joining Siemens in 2019 taught me") is not wanted.
var wantsToJoin = lazy(`(?:\b(?:to join|(?:of|in|about|to|consider) joining|(?:be|become|becoming|being) (?:a )?part of|(?:would|'d|hope|hoping|want|like) (?:\pL+ )?(?:to )?(?:work|working) (?:at|for)|forward to working (?:at|for)|(?:the|this|your) (?:role|position|job|opening|opportunity|vacancy|interview) at|(?:the|this|your) (?:role|position|job|opening|opportunity|vacancy) with|(?:career|future) (?:at|with))|` +
	`rejoindre|intégrer|unirme a|incorporarme a|formar parte de|entrare in|far(?:e)? parte di|fazer parte d[ao]) ` + properName + `(?:$|[^\pL\d&'])`)

// namesRole is where a letter names the role that it is about.
var namesRole = lazy(`(?i:\b(?:for|about|in|regarding|concerning|discuss\w*|to) )(?:the|your|a|an|this) ` + properName + ` (?:role|position|vacancy|opening|post|job)\b|(?i:interview(?:ed|ing)?(?: with you)? for (?:the )?)` + properName + `(?:$|[^\pL\d&'])`)

// strange finds a company or a role that the files do not know, in a letter that never
// names the right one: it was written for somebody else.
func (m *mail) strange() []scheduler.Finding {
	a := m.in.Application
	if f := m.strangeName(wantsToJoin(), a.Company, "the mail would join %q and never names %s; name the company that it goes to"); f != nil {
		return f
	}
	if f := m.strangeWish(); f != nil || baseLanguage(m.language) != "en" {
		return f
	}
	return m.strangeName(namesRole(), a.Role, "the mail speaks of %q and the role is %s; name the role")
}

// strangeName is a warning of the first name behind an expression none of whose words any
// fact knows, where the text does not hold the right one.
func (m *mail) strangeName(e *regexp.Regexp, right, format string) []scheduler.Finding {
	known := words(strings.Join(ownFacts(m), "\n"))
	if len(words(right)) == 0 || m.namesAny(right) {
		return nil
	}
	for _, p := range m.own.prose() {
		for _, at := range e.FindAllStringSubmatchIndex(p.text, -1) {
			if ofThePast().MatchString(sentenceAround(p.text, at[0]).text) {
				continue
			}
			if at[2] < 0 {
				at[2], at[3] = at[4], at[5]
			}
			name := p.text[at[2]:at[3]]
			if isKnownName(name, known, right == m.in.Application.Role) || strings.HasSuffix(name, "'s") || strings.HasPrefix(p.text[at[3]:], " and ") {
				continue
			}
			return graded(scheduler.Warning, p.at(at[2]), format, name, right)
		}
	}
	return nil
}

// wishes of the languages that name, as their writer's own and of today, whom they would work
// for: what others want, where one works by now and what lies behind are none.
var wishesToJoin = map[string]func() *regexp.Regexp{
	"en": lazy(`(?:\bI(?:'d| would)(?: \pL+){0,3} (?:love|like|be \pL+|enjoy|welcome)(?: \pL+){0,4}?|\bI(?:'m| am| hope| want| wish| look| cannot wait| can't wait| remain)(?: \pL+){0,5}?|\b[Mm]y (?:\pL+ )?(?:interest|enthusiasm)(?: \pL+){0,3}?|\b(?:look|looking) forward)` +
		` (?:to join|(?:to|of|about|in|on) joining|to (?:come and )?work (?:at|for)|(?:to|about|in) working (?:at|for)|to (?:be|become) (?:a )?part of|(?:about|in|for) (?:the|this) (?:\pL+ ){0,4}(?:role|position|job|post|opening|opportunity|vacancy) (?:at|with)|a (?:future|career) (?:at|with)) ` + properName + `(?:$|[^\pL\d&'])`),
	"fr": lazy(`(?i:aimerais|serais|souhaite|souhaiterais|envie|plaisir|hâte|ravie?|heureu(?:x|se)|motivée?|idée|motivation|intérêt|enthousiaste)(?: [\pL']+){0,6}? (?:travailler (?:chez|pour)|poste (?:[\pL-]+ ){0,5}chez|carrière chez|l'équipe de) ` + properName + `(?:$|[^\pL\d&'])`),
	"es": lazy(`(?i:gustaría|encantaría|ilusión|interés|ganas|deseo|espero|quiero|quisiera)(?: \pL+){0,4}? (?:unirme a|incorporarme a|formar parte de|trabajar para) ` + properName + `(?:$|[^\pL\d&'])`),
	"it": lazy(`(?i:piacerebbe|vorrei|interess\pL+|entusiasta|liet[oa]|felice|desiderio)(?: \pL+){0,4}? (?:entrare in|far(?:e)? parte di|lavorare (?:per|presso)|unirmi a) ` + properName + `(?:$|[^\pL\d&'])`),
	"pt": lazy(`(?i:gostaria|adoraria|interesse|vontade|espero|quero|entusiasmad[oa])(?: \pL+){0,4}? (?:fazer parte d[aoe]|trabalhar para a?|juntar-me à|integrar a) ` + properName + `(?:$|[^\pL\d&'])`),
	"nl": lazy(`(?i:graag|zou|hoop|wil|zin)(?: \pL+){0,5}? (?:bij) ` + properName + ` (?:te )?(?:(?:komen|kunnen|mogen|willen) )?(?:werken|beginnen)(?:$|[^\pL\d&'])`),
	"de": lazy(`(?i:interess\pL+|freue|reizt|gerne?|möchte|würde|Lust|begeister\pL+|Interesse)(?: [\pL-]+){0,6}? (?:Stelle|Position)(?: als (?:\pL+ ){1,3}?)? ?bei ` + properName + `(?:$|[^\pL\d&'])`),
}

// notCalled are words with a capital that stand where a company's name may, and programs in
// which people meet.
var notCalled = lazy(`^(?:Ihnen|Ihrem|Ihrer|Ihre|Euch|Eurem|Dir|Zoom|Teams|Slack|Meet|Skype|Webex|Discord|Hangouts|WhatsApp|LinkedIn|GitHub|GitLab|Monday|Tuesday|Wednesday|Thursday|Friday)(?: |$)`)

// wellKnown are employers whose names stand in the dictionary, too.
var wellKnown = lazy(`^(?:Google|Microsoft|Amazon|Apple|Netflix|Spotify|Facebook|Siemens|Bosch|Tesla|Toyota|Oracle|Accenture|Nokia|Ericsson|Volkswagen|Airbus|Boeing|Philips|Unilever|Nestlé|Pfizer|Bayer|Novartis|Adobe|Intel|Cisco|Uber|Airbnb|Twitter|Stripe|Nike|Adidas|Ikea|Tesco|Walmart|Starbucks)$`)

// strangeWish finds a wish to work for a company that no fact knows, in a letter that names the
// right one elsewhere: what is left of the letter that was copied. A name that comes twice is
// spoken of (a team, a brand), one that the dictionary knows may be a place or a person, and
// behind "the" stands what a company has.
func (m *mail) strangeWish() []scheduler.Finding {
	e, known := wishesToJoin[baseLanguage(m.language)]
	right := m.in.Application.Company
	if !known || len(words(right)) == 0 {
		return nil
	}
	facts := words(strings.Join(ownFacts(m), "\n"))
	for _, p := range m.own.prose() {
		if !namesUnknown(p.text, facts) {
			continue
		}
		for _, at := range e().FindAllStringSubmatchIndex(p.text, -1) {
			name, behind, around := p.text[at[2]:at[3]], p.text[at[3]:], sentenceAround(p.text, at[0]).text
			switch {
			case ofThePast().MatchString(around) || notWished().MatchString(around) || wholeWord(around, right):
			case notCalled().MatchString(name) || baseLanguage(m.language) == "en" && !behindName().MatchString(behind) || ofSeveral().MatchString(behind):
			case isKnownName(name, facts, false) && !wellKnown().MatchString(name) || m.isOfDictionary(name) || m.times(name) > 1 || m.isOfRight(name):
			default:
				return graded(scheduler.Warning, p.at(at[2]), "the mail would join %q and goes to %s; name the company that it goes to", name, right)
			}
		}
	}
	return nil
}

// isOfRight reports whether a name is that of somebody with a title, of a part of a company,
// or one that is made with the right company's: "AcmeLabs".
func (m *mail) isOfRight(name string) bool {
	first, _, _ := strings.Cut(name, " ")
	_, titled := nameWords(name)
	made := func(w string) bool { return len([]rune(w)) > 2 && strings.HasPrefix(strings.ToLower(name), w) }
	return titled || isGroupWord(first) || partOfFirm().MatchString(first) || slices.ContainsFunc(m.contentWords(m.in.Application.Company), made)
}

// partOfFirm is what a company calls one of its parts, where that stands before its name.
var partOfFirm = lazy(`(?i)^(?:team|squad|ward|unit|plant|site|depot|branch|équipe|service|département|atelier|agence|usine|equipo|departamento|área|planta|sede|turno|reparto|ufficio|squadra|stabilimento|filiale|equipa|equipe|setor|fábrica|afdeling|ploeg|locatie|vestiging|abteilung|station|werk|schicht)$`)

// namesUnknown reports whether a word with a capital that no fact knows stands behind one
// without: most letters hold none, and are not searched for a wish.
func namesUnknown(text string, facts []string) bool {
	small := false
	for w := range strings.FieldsSeq(text) {
		r, _ := utf8.DecodeRuneInString(w)
		if small && unicode.IsUpper(r) && len(w) > 2 && !slices.ContainsFunc(words(w), func(w string) bool { return contains(facts, w) }) {
			return true
		}
		small = unicode.IsLower(r)
	}
	return false
}

var (
	// notWished is how a writer speaks of where they work by now, or of what they do not want.
	notWished = lazy(`(?i)\b(?:still (?:working|employed)|currently|at present|until|by now|current(?:ly)?|notice period|turn(?:ed)? down|declin\pL+|rather than|instead of|unlike|not|never|n't|as well as)\b`)
	// behindName is how a sentence goes on behind a company, and not behind what bears a name
	// ("KubeCon talks"); ofSeveral goes on behind one of several.
	behindName = lazy(`^(?:$|[.,;:!?)]| (?:as|in|because|since|from|this|next|soon|once|when|after|for|to|on|if|even|more|again|very|at|with|now|so|and|has|is|would|grew|grows|one day|someday)\b)`)
	ofSeveral  = lazy(`^,? (?:(?:and|und|et|y|e|en) (?:\p{Lu}|(?:the|her|his|its|their|your|our|my|others?|alle|les|los|gli|de)\b)|(?:or|oder|ou|o|of)\b)`)
)

// isOfDictionary reports whether the dictionary knows every word of a name, as places and
// people are, but for well-known employers.
func (m *mail) isOfDictionary(name string) bool {
	for w := range strings.FieldsSeq(name) {
		if spelling.BuiltIn().Known(w)&spelling.Common == 0 {
			return false
		}
	}
	return !wellKnown().MatchString(name)
}

// times is how often the mail says a name.
func (m *mail) times(name string) int {
	n := 0
	for _, p := range m.text.prose() {
		for _, at := range occurrences(p.text, name) {
			if bounded(p.text, at) {
				n++
			}
		}
	}
	return n
}

// ofThePast is how a writer tells of an earlier employer: with a year, or as of what ended.
var ofThePast = lazy(`(?i)\b(?:19|20)\d\d\b|\b(?:left|leaving|quit|moved|former|formerly|previous(?:ly)?|began|begun|taught|learn(?:ed|t)|used to|ago|(?:quitté|travaillé|dejé|dejar|aprendí|lasciato|imparato|deixei|aprendi|volver|retourner))(?:$|[^\pL])`)

// namesAny reports whether the text holds a word of a name, or its initials.
func (m *mail) namesAny(right string) bool {
	text := m.text.subject.text + "\n" + m.text.content()
	initials := ""
	for _, w := range strings.Fields(right) {
		if r := []rune(w)[0]; unicode.IsUpper(r) {
			initials += string(r)
		}
	}
	if wanted := m.contentWords(right); len(wanted) > 0 {
		if m.text.holds(right) && wholeWord(text, right) { // as nearly always, and the words of a whole mail cost more
			return true
		}
		written := m.contentWords(text)
		if slices.ContainsFunc(wanted, func(w string) bool { return contains(written, w) }) {
			return true
		}
	}
	return len(initials) > 1 && wholeWord(text, initials)
}

// isKnownName reports whether a name shares a word with the facts, is an abbreviation, or,
// of a company, is made of words that may mean a part of the right one.
func isKnownName(name string, known []string, role bool) bool {
	common := !role
	for _, w := range words(name) {
		if contains(known, w) || contains(known, stem(w)) || weekdays()[w] > 0 || months()[w] > 0 {
			return true
		}
		common = common && spelling.BuiltIn().Class(w)&spelling.Common != 0
	}
	return name == strings.ToUpper(name) || common || isGroupWord(strings.Fields(name)[0])
}

// bankNumber is an international account number, cardNumber one of a card, and
// ownNumber what else identifies a person, said as such.
var (
	bankNumber = lazy(`\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b`)
	cardNumber = lazy(`\b\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}\b`)
	ownNumber  = lazy(`(?i:\b(?:passport|social security|ssn|national insurance|tax (?:id|identification)|identity card|driving licence|driver's license|(?:bank )?account number)(?: (?:number|no\.?))?(?: is|:)?) ?#?[A-Z]{0,3}\d(?:[ -]?[\dA-Z]){5,}|(?i:(?:^|[^\pL])(?:reisepass\pL*|personalausweis\pL*|sozialversicherungsnummer|steuer-?id\pL*|steueridentifikationsnummer|kontonummer|numéro de (?:passeport|sécurité sociale)|pasaporte|d\.?n\.?i\.?|n\.?i\.?e\.?|codice fiscale|bsn|burgerservicenummer|pesel|personnummer|cpr(?:-nummer)?|rodné číslo|henkilötunnus|t\.?c\.? kimlik)(?: (?:nummer|nr\.?|número|number|no\.?|numero|numer))?(?: (?:ist|lautet|est|es|è|is|to|är|er|je|on))?:?) ?[A-Z]{0,3}\d(?:[ /.-]?[\dA-Z]){5,}|\b\d{3}-\d{2}-\d{4}\b`)
)

// privateNumber is a number that belongs in no mail to an interviewer, and where.
func (m *mail) privateNumber() (number, place string, ok bool) {
	for _, p := range m.own.prose() {
		if !strings.ContainsAny(p.text, "0123456789") {
			continue
		}
		for _, e := range []*regexp.Regexp{bankNumber(), cardNumber(), ownNumber()} {
			at := e.FindStringIndex(p.text)
			if at == nil {
				continue
			}
			number = p.text[at[0]:at[1]]
			if e == bankNumber() && !isIBAN(number) || e == cardNumber() && !isCard(number) {
				continue
			}
			return strings.TrimSpace(number), p.at(at[0]), true
		}
	}
	return "", "", false
}

// isIBAN checks the two digits of ISO 13616.
func isIBAN(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	var digits strings.Builder
	for _, r := range s[4:] + s[:4] {
		if unicode.IsDigit(r) {
			digits.WriteRune(r)
		} else {
			digits.WriteString(big.NewInt(int64(r-'A') + 10).String())
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}

// isCard reports whether a number is as long as those of the cards that begin like it, and
// its last digit is right: every tenth number of an order is that by chance.
func isCard(s string) bool {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(s)
	switch n := len(digits); digits[0] {
	case '2', '4', '5', '6':
		return n == 16 && isLuhn(digits)
	case '3':
		return (n == 14 || n == 15) && isLuhn(digits)
	}
	return false
}

// isLuhn checks the last digit of a card's number (ISO/IEC 7812).
func isLuhn(s string) bool {
	sum, double := 0, false
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		n := int(s[i] - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum, double = sum+n, !double
	}
	return sum%10 == 0
}

// hourly are greetings that belong to a part of the day, and the hours in which they do.
// Those that do for all of it, such as "Bonjour", are not here; noon is taken widely.
var hourly = []struct {
	greeting func() *regexp.Regexp
	from, to int
}{
	{lazy(`(?i)^(?:good morning|guten morgen|bom dia|goedemorgen|god mor[gn]+on|god morgen|dobré ráno|günaydın|hyvää huomenta|jó reggelt|bună dimineața|καλημέρα|доброе утро)(?:$|[^\pL])`), 0, 13},
	{lazy(`(?i)^(?:good afternoon|buen pomeriggio|buon pomeriggio|boa tarde|goedemiddag|god eftermiddag|god ettermiddag|dobré odpoledne)(?:$|[^\pL])`), 11, 20},
	{lazy(`(?i)^(?:good evening|guten abend|bonsoir|buonasera|boa noite|buenas noches|goedenavond|god kväll|god aften|god kveld|dobry wieczór|dobrý večer|iyi akşamlar|hyvää iltaa|jó estét|bună seara|добрый вечер)(?:$|[^\pL])`), 14, 24},
}

// staleHour finds a greeting of another part of the day than that in which the mail leaves.
// A mail may be read later, so it is only a warning.
func (m *mail) staleHour(leaves time.Time) []scheduler.Finding {
	g := m.text.greeting
	for _, h := range hourly {
		if hour := leaves.Hour(); (hour < h.from || hour >= h.to) && h.greeting().MatchString(strings.TrimSpace(g.text)) {
			return graded(scheduler.Warning, g.at(0), "%q does not fit %s, when the mail leaves; greet by name alone", g.text, leaves.Format("15:04"))
		}
	}
	return nil
}
