package mailer

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

// The phrases by which mail is read stand in tables, one file for each
// language, with a section for each purpose. A line is a phrase; "(a|b)" are
// alternatives, "(a|)" an optional word, "*" stands for up to five words. Case,
// accents and punctuation do not matter.
//
//go:embed tables/phrases/*.txt
var tableFiles embed.FS

// tables compiles the files once. The result is never changed.
var tables = sync.OnceValue(func() *phraseTables {
	t, err := loadTables()
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	return t
})

func loadTables() (*phraseTables, error) {
	t := &phraseTables{
		words: map[string]int32{}, first: map[int32]sections{},
		single: map[int32][]opening{}, double: map[[2]int32][]opening{},
	}
	entries, err := tableFiles.ReadDir("tables/phrases")
	if err != nil {
		return nil, fmt.Errorf("listing phrase tables: %w", err)
	}
	for _, e := range entries {
		b, err := tableFiles.ReadFile("tables/phrases/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading phrase table: %w", err)
		}
		if err := t.load(strings.TrimSuffix(e.Name(), ".txt"), string(b)); err != nil {
			return nil, fmt.Errorf("reading phrase table %s: %w", e.Name(), err)
		}
	}
	return t, nil
}

// phraseTables finds phrases in text: words are numbered, and a phrase hangs on
// each pair of words it can begin with, so that a text is read once however many
// phrases there are.
type phraseTables struct {
	words  map[string]int32
	first  map[int32]sections  // what can begin with a word
	single map[int32][]opening // phrases whose second word is open, by their first
	double map[[2]int32][]opening
}

// opening is a phrase that was begun: what of it is left to match.
type opening struct {
	phrase *phrase
	rest   []element
	after  *remainder
}

// phrase is one compiled line of a table.
type phrase struct {
	section  section
	language string
	pattern  []element
}

// element is a word, a gap, or a choice between sequences.
type element struct {
	word    int32 // number of the word; anyWords for a gap
	choices [][]element
}

// anyWords is the element "*", which stands for up to maxGap words.
const (
	anyWords = int32(-2)
	maxGap   = 5
)

// found is a phrase that a text contains.
type found struct {
	section  section
	language string
	first    int // index of the first word
	end      int // index after the last word
}

func (t *phraseTables) load(language, file string) error {
	in := section(0)
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			s, ok := sectionNamed(strings.Trim(line, "[]"))
			if !ok {
				return fmt.Errorf("unknown section %s", line)
			}
			in = s
		default:
			pattern, rest := t.compile(line)
			if rest != "" || in == 0 {
				return fmt.Errorf("unreadable phrase %q", line)
			}
			t.add(&phrase{in, language, pattern})
		}
	}
	return nil
}

// compile reads a pattern up to its end, or up to the "|" or ")" that ends the
// choice it stands in, and returns what is left.
func (t *phraseTables) compile(line string) (pattern []element, rest string) {
	for line != "" && line[0] != '|' && line[0] != ')' {
		switch line[0] {
		case '(':
			var choices [][]element
			for line != "" && line[0] != ')' {
				var choice []element
				choice, line = t.compile(line[1:])
				choices = append(choices, choice)
			}
			line = strings.TrimPrefix(line, ")")
			pattern = append(pattern, element{choices: choices, word: noWord})
		case '*':
			line = line[1:]
			pattern = append(pattern, element{word: anyWords})
		default:
			end := strings.IndexAny(line, "(|)*")
			if end < 0 {
				end = len(line)
			}
			pattern = t.appendWords(pattern, line[:end])
			line = line[end:]
		}
	}
	return pattern, line
}

func (t *phraseTables) appendWords(pattern []element, text string) []element {
	for w := range eachWord(text) {
		id, ok := t.words[string(w.folded)]
		if !ok {
			id = int32(len(t.words))
			t.words[string(w.folded)] = id
		}
		pattern = append(pattern, element{word: id})
	}
	return pattern
}

// add hangs a phrase on every pair of words it can begin with, or on its first
// word alone where it can end or have a gap there.
func (t *phraseTables) add(p *phrase) {
	begin(p.pattern, nil, func(first int32, rest []element, after *remainder) {
		t.first[first] |= of(p.section)
		open := begin(rest, after, func(second int32, rest []element, after *remainder) {
			pair := [2]int32{first, second}
			t.double[pair] = append(t.double[pair], opening{p, rest, after})
		})
		if open {
			t.single[first] = append(t.single[first], opening{p, rest, after})
		}
	})
}

// begin calls f for every word that a pattern can begin with, and with what is
// left after it. The result tells whether the pattern can end before any word,
// or begin with any.
func begin(pattern []element, after *remainder, f func(int32, []element, *remainder)) (open bool) {
	for len(pattern) == 0 {
		if after == nil {
			return true
		}
		pattern, after = after.pattern, after.next
	}
	e, rest := pattern[0], pattern[1:]
	if e.choices == nil {
		if e.word == anyWords {
			return true
		}
		f(e.word, rest, after)
		return false
	}
	for _, choice := range e.choices {
		if begin(choice, &remainder{rest, after}, f) {
			open = true
		}
	}
	return open
}

// find lists the phrases of the wanted sections that stand in words, in order.
func (t *phraseTables) find(words []word, wanted sections) []found {
	var all []found
	for i, w := range words {
		if w.id < 0 || t.first[w.id]&wanted == 0 {
			continue
		}
		all = t.match(all, words, i, wanted)
		if len(all) > 1000 {
			break // a text made of phrases shows nothing more
		}
	}
	return all
}

// match appends the phrases that begin at word i.
func (t *phraseTables) match(all []found, words []word, i int, wanted sections) []found {
	a := attempt{words, i}
	for _, o := range t.single[words[i].id] {
		if wanted.has(o.phrase.section) {
			all = a.complete(all, o, i+1)
		}
	}
	if !a.within(i+1) || words[i+1].id < 0 {
		return all
	}
	for _, o := range t.double[[2]int32{words[i].id, words[i+1].id}] {
		if wanted.has(o.phrase.section) {
			all = a.complete(all, o, i+2)
		}
	}
	return all
}

// attempt is the try to match one phrase from one word on. A phrase stays
// within the sentence of its first word.
type attempt struct {
	words []word
	first int
}

// remainder is what of a pattern is still to match after a choice.
type remainder struct {
	pattern []element
	next    *remainder
}

// complete appends a phrase if its rest matches from word i on. A phrase that
// matches in two ways from one word on is found once.
func (a attempt) complete(all []found, o opening, i int) []found {
	end := a.follow(o.rest, o.after, i)
	if end < 0 {
		return all
	}
	f := found{o.phrase.section, o.phrase.language, a.first, end}
	if n := len(all); n > 0 && all[n-1] == f {
		return all
	}
	return append(all, f)
}

// follow matches a pattern and what comes after it from word i on and returns
// the index after the last word, -1 if it does not match.
func (a attempt) follow(pattern []element, after *remainder, i int) int {
	for len(pattern) == 0 {
		if after == nil {
			return i
		}
		pattern, after = after.pattern, after.next
	}
	e, rest := pattern[0], pattern[1:]
	if e.choices != nil {
		return a.choose(e.choices, rest, after, i)
	}
	if e.word == anyWords {
		return a.skip(rest, after, i)
	}
	if !a.within(i) || a.words[i].id != e.word {
		return -1
	}
	return a.follow(rest, after, i+1)
}

// choose tries the choices of an element in turn. Most fail at their first
// word, which is looked at before anything is allocated.
func (a attempt) choose(choices [][]element, rest []element, after *remainder, i int) int {
	for _, choice := range choices {
		end := -1
		switch {
		case len(choice) == 0:
			end = a.follow(rest, after, i)
		case choice[0].word >= 0 && (!a.within(i) || a.words[i].id != choice[0].word):
		case choice[0].word >= 0 && len(choice) == 1:
			end = a.follow(rest, after, i+1)
		default:
			end = a.follow(choice, &remainder{rest, after}, i)
		}
		if end >= 0 {
			return end
		}
	}
	return -1
}

// skip tries the rest of a pattern after each possible length of a gap.
func (a attempt) skip(rest []element, after *remainder, i int) int {
	for gap := 0; gap <= maxGap && a.within(i+gap); gap++ {
		if end := a.follow(rest, after, i+gap); end >= 0 {
			return end
		}
	}
	return -1
}

func (a attempt) within(i int) bool {
	return i < len(a.words) && a.words[i].sentence == a.words[a.first].sentence
}

// has tells whether a short text contains a phrase of a section.
func (t *phraseTables) has(text string, s section) bool {
	return len(t.find(t.read(text), of(s))) > 0
}

// starts tells whether a short text begins with a phrase of a section.
func (t *phraseTables) starts(text string, s section) bool {
	return t.prefix(text, s, false)
}

// is tells whether a short text is a phrase of a section and nothing else.
func (t *phraseTables) is(text string, s section) bool {
	return t.prefix(text, s, true)
}

func (t *phraseTables) prefix(text string, s section, whole bool) bool {
	if !t.first[t.firstWord(text)].has(s) {
		return false
	}
	words := t.read(text)
	for _, f := range t.match(nil, words, 0, of(s)) {
		if !whole || f.end == len(words) {
			return true
		}
	}
	return false
}

// firstWord returns the number of a text's first word, noWord if it is unknown.
func (t *phraseTables) firstWord(text string) int32 {
	id := noWord
	for w := range eachWord(text) {
		if n, ok := t.words[string(w.folded)]; ok {
			id = n
		}
		break
	}
	return id
}
