package mailer

import (
	"embed"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// The phrases by which mail is read stand in tables, one file for each
// language, with a section for each purpose. A line is a phrase; "(a|b)" are
// alternatives, "(a|)" an optional word, "*" stands for up to five words, "a~"
// for any word that begins with a, "$" for the end of a clause. Case, accents
// and other punctuation do not matter.
//
//go:embed tables/phrases/*.txt tables/intents/*.txt tables/dates/*.txt
var tableFiles embed.FS

// The tables are compiled once and never changed.

// tables are the phrases that tell what sort of message came in.
func tables() *phraseTables { return allTables().phrases }

// intentTables are the phrases that tell what a mail about an application says.
func intentTables() *phraseTables { return allTables().intents }

// dateTables are the words of dates.
func dateTables() *phraseTables { return allTables().dates }

// allTables number words alike, so that a text that is read once can be searched
// with each. The smallest comes first: a table has a place for each number up to
// its own highest.
var allTables = sync.OnceValue(func() (all struct{ dates, phrases, intents *phraseTables }) {
	v := newVocabulary()
	all.dates = mustLoad(v, "dates", dateSectionNamed)
	all.phrases = mustLoad(v, "phrases", sectionNamed)
	all.intents = mustLoad(v, "intents", intentSectionNamed)
	v.linkStems()
	return all
})

func mustLoad(v *vocabulary, folder string, named func(string) (section, bool)) *phraseTables {
	t, err := loadTables(v, folder, named)
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	return t
}

func newPhraseTables(v *vocabulary, named func(string) (section, bool)) *phraseTables {
	return &phraseTables{vocabulary: v, named: named, single: map[int32][]opening{}, double: map[[2]int32][]opening{}}
}

// loadTables reads a folder; the vocabulary is to be linked after the last.
func loadTables(v *vocabulary, folder string, named func(string) (section, bool)) (*phraseTables, error) {
	t := newPhraseTables(v, named)
	entries, err := tableFiles.ReadDir("tables")
	if err != nil {
		return nil, fmt.Errorf("listing phrase tables: %w", err)
	}
	for _, e := range entries {
		if e.Name() != folder && e.Name() != sharedTables {
			continue
		}
		if err := t.loadFolder("tables/"+e.Name(), e.Name() == folder); err != nil {
			return nil, err
		}
	}
	t.pack()
	return t, nil
}

// pack lays the openings side by side. The tables live as long as the program,
// and the garbage collector goes through their pieces each time.
func (t *phraseTables) pack() {
	n := 0
	for _, openings := range t.double {
		n += len(openings)
	}
	all := make([]opening, 0, n)
	for pair, openings := range t.double {
		from := len(all)
		all = append(all, openings...)
		t.double[pair] = slices.Clip(all[from:])
	}
}

// sharedTables is the folder some of whose sections the other tables know too,
// by the same name.
const sharedTables = "intents"

// loadFolder reads the files of a folder. Where it is not the table's own,
// sections that the table does not know are passed over.
func (t *phraseTables) loadFolder(folder string, own bool) error {
	entries, err := tableFiles.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("listing phrase tables: %w", err)
	}
	for _, e := range entries {
		b, err := tableFiles.ReadFile(folder + "/" + e.Name())
		if err != nil {
			return fmt.Errorf("reading phrase table: %w", err)
		}
		text := string(b)
		if !own {
			text = t.knownSections(text)
		}
		if err := t.load(strings.TrimSuffix(e.Name(), ".txt"), text); err != nil {
			return fmt.Errorf("reading phrase table %s: %w", e.Name(), err)
		}
	}
	return nil
}

// knownSections drops the sections of a file that the table does not know.
func (t *phraseTables) knownSections(file string) string {
	var kept strings.Builder
	known := false
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "[") {
			_, known = t.named(strings.Trim(strings.TrimSpace(line), "[]"))
		}
		if known {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// phraseTables finds phrases in text: words are numbered, and a phrase hangs on
// each pair of words it can begin with, so that a text is read once however many
// phrases there are.
type phraseTables struct {
	*vocabulary
	named  func(heading string) (section, bool)
	first  []sections          // what can begin with a word
	single map[int32][]opening // phrases whose second word is open, by their first
	double map[[2]int32][]opening
}

// vocabulary numbers the words and the beginnings of words that phrases consist
// of.
type vocabulary struct {
	words   map[string]numbered
	stems   map[string]int32 // numbers of the beginnings of words; they are the words' own kind of number
	shorter map[int32]int32  // of a stem: the longest stem that it begins with
	longest int              // bytes of the longest stem
	lengths [1 << 10]uint64  // by stemSlot: which lengths of stems begin so, a bit for each
	numbers int32            // how many numbers are given
}

// numbered is a word that phrases consist of: its number, and that of the longest
// stem that it begins with, noWord if none.
type numbered struct{ id, stem int32 }

func newVocabulary() *vocabulary {
	return &vocabulary{words: map[string]numbered{}, stems: map[string]int32{}, shorter: map[int32]int32{}}
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
	word    int32 // number of the word; anyWords for a gap, clauseEnd for an end
	choices [][]element
}

// anyWords is the element "*", which stands for up to maxGap words, clauseEnd
// the element "$".
const (
	anyWords  = int32(-2)
	clauseEnd = int32(-3)
	maxGap    = 5
)

func (t *phraseTables) load(language, file string) error {
	in := section(0)
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			s, ok := t.named(strings.Trim(line, "[]"))
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

// linkStems finds for each stem the next shorter one, since a word that begins
// with the one begins with the other.
func (t *vocabulary) linkStems() {
	for stem := range t.stems {
		t.longest = max(t.longest, len(stem))
		t.lengths[stemSlot(stem)] |= 1 << len(stem)
		for second := 0; second < 256 && len(stem) == 1; second++ {
			t.lengths[stemSlot(stem+string([]byte{byte(second)}))] |= 1 << 1
		}
	}
	for stem, id := range t.stems {
		t.shorter[id] = t.stem(stem[:len(stem)-1])
	}
	for w, n := range t.words {
		t.words[w] = numbered{n.id, t.stem(w)}
	}
}

// number finds or gives the number of a word, or of a stem.
func (t *vocabulary) number(folded string, stem bool) int32 {
	if n, ok := t.words[folded]; ok && !stem {
		return n.id
	}
	if id, ok := t.stems[folded]; ok && stem {
		return id
	}
	id := t.numbers
	t.numbers++
	if stem {
		t.stems[folded] = id
	} else {
		t.words[folded] = numbered{id, noWord}
	}
	return id
}

// stem returns the number of the longest stem that a folded word begins with,
// noWord if there is none.
func (t *vocabulary) stem(folded string) int32 {
	if len(folded) == 0 {
		return noWord
	}
	lengths := t.lengths[stemSlot(folded)]
	for n := min(len(folded), bits.Len64(lengths)-1); n > 0; n-- {
		if lengths&(1<<n) == 0 {
			continue // most words begin like no stem; this spares the look
		}
		if id, ok := t.stems[folded[:n]]; ok {
			return id
		}
	}
	return noWord
}

// stemSlot numbers the first two bytes of a word; a few pairs share a number.
func stemSlot(word string) int {
	second := byte(0)
	if len(word) > 1 {
		second = word[1]
	}
	return (int(word[0])*37 + int(second)) & (1<<10 - 1)
}

// names appends the numbers under which a word of a text can be sought.
func (t *phraseTables) names(list []int32, w word) []int32 {
	if w.id != noWord {
		list = append(list, w.id)
	}
	for id, ok := w.stem, true; ok && id != noWord; id, ok = t.shorter[id] {
		list = append(list, id)
	}
	return list
}

// isNamed tells whether a word of a text can be sought under a number.
func (t *phraseTables) isNamed(w word, number int32) bool {
	if w.id == number {
		return true
	}
	for id, ok := w.stem, true; ok && id != noWord; id, ok = t.shorter[id] {
		if id == number {
			return true
		}
	}
	return false
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
		case '$':
			line = line[1:]
			pattern = append(pattern, element{word: clauseEnd})
		default:
			end := strings.IndexAny(line, "(|)*$")
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
		id := t.number(string(w.folded), strings.HasPrefix(text[w.end:], "~"))
		pattern = append(pattern, element{word: id})
	}
	return pattern
}

// add hangs a phrase on every pair of words it can begin with, or on its first
// word alone where it can end or have a gap there.
func (t *phraseTables) add(p *phrase) {
	begin(p.pattern, nil, func(first int32, rest []element, after *remainder) {
		for int(first) >= len(t.first) {
			t.first = append(t.first, sections{})
		}
		t.first[first] = t.first[first].with(of(p.section))
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
		if e.word == anyWords || e.word == clauseEnd {
			return true
		}
		f(e.word, rest, after)
		return false
	}
	then := &remainder{rest, after}
	for _, choice := range e.choices {
		if begin(choice, then, f) {
			open = true
		}
	}
	return open
}

// remainder is what of a pattern is still to match after a choice.
type remainder struct {
	pattern []element
	next    *remainder
}
