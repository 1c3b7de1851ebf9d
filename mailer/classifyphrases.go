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

// The tables are compiled once and never changed: the phrases that tell what
// sort of message came in, those that tell what a mail about an application
// wants to say, and the words of dates.
var (
	tables       = func() *phraseTables { return allTables().phrases }
	intentTables = func() *phraseTables { return allTables().intents }
	dateTables   = func() *phraseTables { return allTables().dates }
)

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

// find lists the phrases of the wanted sections that stand in words, in order.
func (t *phraseTables) find(words []word, wanted sections) []found {
	var all []found
	for i, w := range words {
		if !t.begins(w).any(wanted) {
			continue
		}
		all = t.match(all, words, i, wanted)
		if len(all) > 1000 {
			break // a text made of phrases shows nothing more
		}
	}
	return all
}

// begins tells what can begin with a word.
func (t *phraseTables) begins(w word) sections {
	if w.stem == noWord {
		return t.beginning(w.id)
	}
	set := sections{}
	for _, id := range t.names(make([]int32, 0, 8), w) {
		set = set.with(t.beginning(id))
	}
	return set
}

// beginning tells what can begin with the word of a number.
func (t *phraseTables) beginning(id int32) sections {
	if id < 0 || int(id) >= len(t.first) {
		return sections{}
	}
	return t.first[id]
}

// match appends the phrases that begin at word i.
func (t *phraseTables) match(all []found, words []word, i int, wanted sections) []found {
	a := attempt{t, words, i}
	var here, there [8]int32
	for _, first := range t.names(here[:0], words[i]) {
		if !t.beginning(first).any(wanted) {
			continue
		}
		for _, o := range t.single[first] {
			if wanted.has(o.phrase.section) {
				all = a.complete(all, o, i+1)
			}
		}
		if !a.within(i + 1) {
			continue
		}
		for _, second := range t.names(there[:0], words[i+1]) {
			for _, o := range t.double[[2]int32{first, second}] {
				if wanted.has(o.phrase.section) {
					all = a.complete(all, o, i+2)
				}
			}
		}
	}
	return all
}

// attempt is the try to match one phrase from one word on. A phrase stays
// within the sentence of its first word.
type attempt struct {
	tables *phraseTables
	words  []word
	first  int
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
	switch {
	case e.word == anyWords:
		return a.skip(rest, after, i)
	case e.word == clauseEnd && a.endsClause(i):
		return a.follow(rest, after, i)
	}
	if !a.within(i) || !a.tables.isNamed(a.words[i], e.word) {
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
		case choice[0].word >= 0 && (!a.within(i) || !a.tables.isNamed(a.words[i], choice[0].word)):
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

// endsClause tells whether a clause ends before word i: the sentence does, or
// more than a space stands there.
func (a attempt) endsClause(i int) bool {
	return !a.within(i) || a.words[i].start-a.words[i-1].end > 1
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
	if !t.beginning(t.firstWord(text)).has(s) {
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
			id = n.id
		}
		break
	}
	return id
}
