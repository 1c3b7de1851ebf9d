package proofread

import (
	"embed"
	"regexp"
	"strings"
)

// tables hold what is known about words in general: one expression per line,
// # begins a comment.
//
//go:embed tables
var tables embed.FS

// phrases are the tables, ready to search with.
type phrases struct {
	pressure, desperate, opener, attachment, slang, offTopic *regexp.Regexp
	thanks, interest, offer, role, request                   *regexp.Regexp
	placeholder                                              *regexp.Regexp
	mark                                                     *regexp.Regexp // that stands for itself, in capitals
	html, watching, tracking, counting                       *regexp.Regexp
	confusions                                               *regexp.Regexp
	shorteners                                               map[string]bool
	stop, stock, common, vowels, consonants                  map[string]bool
}

func loadPhrases() phrases {
	return phrases{
		pressure: spoken("pressure"), desperate: spoken("desperate"), opener: spoken("opener"), attachment: spoken("attachment"),
		slang: spoken("slang"), offTopic: spoken("offtopic"), thanks: spoken("thanks"), interest: spoken("interest"),
		offer: spoken("offer"), role: spoken("role"), request: spoken("request"), confusions: spoken("confusions"),
		placeholder: expression("placeholder", `(?i)`),
		mark:        regexp.MustCompile(`\b(?:TODO|FIXME|TBD|TK TK|XXX+|XX|INSERT_\w+|\[TBC\])\b|(?:FIRST|LAST|FULL|COMPANY|ROLE|JOB|POSITION|INTERVIEWER|RECIPIENT|MANAGER)[_ ](?:NAME|TITLE|HERE)\b`),
		html:        expression("html", `(?i)`), watching: expression("watching", `(?i)`),
		tracking: expression("parameters", `^`), counting: expression("hosts", `^`),
		shorteners: wordSet("shorteners"), stop: wordSet("stop"), stock: wordSet("stock"), common: wordSet("common"),
		vowels: wordSet("vowels"), consonants: wordSet("consonants"),
	}
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
// any blanks.
func spoken(name string) *regexp.Regexp {
	all := entries(name)
	return regexp.MustCompile(`(?i)(?:^|[^\pL\d_])(?:` + strings.ReplaceAll(strings.Join(all, "|"), " ", `[\s,]+`) + `)(?:$|[^\pL\d_'])`)
}

// expression finds any expression of a table.
func expression(name, prefix string) *regexp.Regexp {
	return regexp.MustCompile(prefix + `(?:` + strings.Join(entries(name), "|") + `)`)
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
func hit(ps []passage, e *regexp.Regexp) (phrase, place string, ok bool) {
	for _, p := range ps {
		if i := e.FindStringIndex(p.text); i != nil {
			text := p.text[i[0]:i[1]]
			lead := len(text) - len(strings.TrimLeft(text, " \t,.;:!?()\"'-–—_"))
			return strings.Trim(text, " \t,.;:!?()\"'-–—_"), p.at(i[0] + lead), true
		}
	}
	return "", "", false
}
