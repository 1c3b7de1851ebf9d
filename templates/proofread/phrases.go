package proofread

import (
	"cmp"
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"afterword/scheduler"
)

// tables hold what is known about words in general: one expression per line,
// # begins a comment.
//
//go:embed tables
var tables embed.FS

// phrases are the tables, ready to search with.
type phrases struct {
	pressure, desperate, opener, attachment, slang, offTopic search
	attachedThing, paper                                     search // what may be joined to a thing, and what a mail would carry
	thanks, interest, offer, role, request                   search
	borrowed                                                 search
	confusions                                               map[string]search // by language
	slangOf, offTopicOf                                      map[string]search // by language, but English
	placeholder, unwritten, html, watching                   search
	tracking, counting                                       search // parameters and hosts of links
	shorteners                                               map[string]bool
	stop, stock, courtesy, common, vowels, consonants        map[string]bool
	function                                                 map[string][]string // word -> languages that cannot do without it
	languages                                                map[string]bool     // those of function
}

// builtin is read once, when the first mail is checked.
var builtin = sync.OnceValue(loadPhrases)

func loadPhrases() *phrases {
	p := &phrases{
		pressure: spoken("pressure"), desperate: spoken("desperate"), opener: spoken("opener"), attachment: spoken("attachment"), attachedThing: spoken("attachment-thing"), paper: spoken("paper"),
		slang: spoken("slang"), offTopic: spoken("offtopic"), thanks: spoken("thanks"), interest: spoken("interest"),
		borrowed: spoken("borrowed"), offer: spoken("offer"), role: spoken("role"), request: spoken("request"), confusions: map[string]search{"en": spoken("confusions"), "de": spoken("confusions-de")},
		placeholder: expressions("placeholder", ""), unwritten: expressions("unwritten", ""),
		html: expressions("html", ""), watching: expressions("watching", ""),
		tracking: expressions("parameters", "^"), counting: expressions("hosts", "^"),
		shorteners: wordSet("shorteners"), stop: wordSet("stop"), stock: wordSet("stock"), courtesy: wordSet("courtesy"), common: wordSet("common"),
		vowels: wordSet("vowels"), consonants: wordSet("consonants"),
	}
	p.slangOf, p.offTopicOf = spokenOf("slang-other"), spokenOf("offtopic-other")
	p.function, p.languages = functionWords("function")
	return p
}

// phrases are known to every checker.
func (c *Checker) phrases() *phrases { return builtin() }

// functionWords reads a table whose lines begin with a language.
func functionWords(name string) (words map[string][]string, languages map[string]bool) {
	words, languages = map[string][]string{}, map[string]bool{}
	for _, line := range entries(name) {
		fields := strings.Fields(line)
		languages[fields[0]] = true
		for _, w := range fields[1:] {
			words[w] = append(words[w], fields[0])
		}
	}
	return words, languages
}

// entries are the lines of a table.
func entries(name string) []string {
	text, err := tables.ReadFile("tables/" + name + ".txt")
	if err != nil {
		panic("reading a built-in table: " + err.Error())
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "# ")
		if line = strings.TrimSpace(line); line != "" && line != "#" {
			all = append(all, line)
		}
	}
	return all
}

// spoken finds any phrase of a table as whole words; a blank in it stands for
// any blanks, and one with ? for any or none.
func spoken(name string) search {
	all := entries(name)
	blanks := strings.NewReplacer(" ?", `[\s,]*`, " ", `[\s,]+`)
	for i, e := range all {
		all[i] = blanks.Replace(e)
	}
	return newSearch(wordBegins, all, wordEnds)
}

// spokenOf is spoken for a table whose lines begin with a language.
func spokenOf(name string) map[string]search {
	lines := map[string][]string{}
	for _, line := range entries(name) {
		language, expressions, _ := strings.Cut(line, " ")
		lines[language] = append(lines[language], strings.ReplaceAll(expressions, " ", `[\s,]+`))
	}
	all := map[string]search{}
	for language, own := range lines {
		all[language] = newSearch(wordBegins, own, wordEnds)
	}
	return all
}

// expressions finds any expression of a table.
func expressions(name, prefix string) search {
	return newSearch(prefix, entries(name), "")
}

// wordSet holds the words of a table, however many stand in a line.
func wordSet(name string) map[string]bool {
	set := map[string]bool{}
	for _, line := range entries(name) {
		for _, w := range strings.Fields(line) {
			set[w] = true
		}
	}
	return set
}

// hit finds the first phrase in the passages, with its place.
func (m *mail) hit(ps []passage, e search) (phrase, place string, ok bool) {
	for _, p := range ps {
		for _, i := range e.FindAll(p.text) {
			if m.inOwnName(p.text, i[0], i[1]) || isHalved(p.text, i[1]) {
				continue
			}
			text := p.text[i[0]:i[1]]
			lead := len(text) - len(strings.TrimLeft(text, " \t,.;:!?()\"'-–—_"))
			return strings.Trim(text, " \t,.;:!?()\"'-–—_"), p.at(i[0] + lead), true
		}
	}
	return "", "", false
}

// isHalved reports whether a phrase ends within a word that a hyphen joins, such as
// "salary-slip". The stretch may hold the hyphen.
func isHalved(text string, to int) bool {
	at := to - 1
	return at >= 0 && text[at] == '-' && to < len(text) && unicode.IsLetter([]rune(text[to:])[0])
}

// hits finds every place of some phrases, but for what lies within another, in the
// order of the text and at most as many as a person mends at once.
func (m *mail) hits(ps []passage, e search) []scheduler.Finding {
	const most = 6
	var all []scheduler.Finding
	for _, p := range ps {
		places, end := e.FindAll(p.text), -1
		slices.SortFunc(places, func(a, b []int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
		for _, i := range places {
			if i[0] < end || len(all) == most || m.inOwnName(p.text, i[0], i[1]) {
				continue
			}
			end = i[1] - 1 // what stands around a phrase may begin the next
			text := p.text[i[0]:i[1]]
			lead := len(text) - len(strings.TrimLeft(text, " \t,.;:!?()\"'-–—_"))
			phrase := strings.Trim(text, " \t,.;:!?()\"'-–—_")
			all = append(all, found(p.at(i[0]+lead), "%q is probably wrong; %s", phrase, instead(phrase))...)
		}
	}
	return all
}

// instead says what to write for a phrase of the confusions: its first word that is taken
// for another one.
func instead(phrase string) string {
	ws := strings.Fields(phrase)
	for i, w := range ws {
		right := ""
		switch strings.ToLower(w) {
		case "your":
			right = "you're"
		case "you're":
			right = "your"
		case "its", "its'":
			right = "it's or its"
		case "it's":
			right = "its"
		case "there", "they're", "their":
			if right = "their"; i+1 < len(ws) && isVerb().MatchString(ws[i+1]) && !strings.EqualFold(w, "there") {
				right = "there"
			}
		case "who's":
			right = "whose"
		case "alot":
			right = "a lot"
		case "then":
			right = "than"
		case "of":
			if i > 0 && modalVerb().MatchString(ws[i-1]) {
				right = "have"
			}
		case "loose":
			right = "lose"
		case "das":
			right = "dass"
		case "wie":
			right = "als"
		case "seid":
			right = "seit"
		case "ihnen", "ihre", "ihrer", "ihren", "ihr":
			if w == strings.ToLower(w) {
				right = strings.ToUpper(w[:1]) + w[1:]
			}
		}
		if right != "" {
			return "write " + right + " for " + w
		}
	}
	return "look at each word and its capitals"
}

var isVerb = lazy(`(?i)^(?:is|are|was|were|will|would|has)$`)

var modalVerb = lazy(`(?i)^(?:could|should|would|might|must)$`)

// inOwnName reports whether what was found belongs to the name of the company,
// such as ASAP Logistics: names mean nothing.
func (m *mail) inOwnName(text string, from, to int) bool {
	name := plain(strings.TrimSpace(m.in.Application.Company))
	for from < to && strings.IndexByte(" \t,.;:!?()\"'-_", text[from]) >= 0 {
		from++
	}
	for from < to && strings.IndexByte(" \t,.;:!?()\"'-_", text[to-1]) >= 0 {
		to--
	}
	if name == "" || from >= to {
		return false
	}
	end := min(len(text), from+len(name))
	for at := max(0, to-len(name)); at <= from; at++ { // the name cannot begin elsewhere
		if strings.HasPrefix(text[at:end], name) {
			return true
		}
	}
	return false
}
