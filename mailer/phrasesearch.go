package mailer

import "strings"

// phrases is a text with what the tables know of it.
type phrases struct {
	text   string
	words  []word
	all    []found
	counts [mostSections]uint16 // by section
}

func (t *phraseTables) phrases(text string, wanted sections) phrases {
	text = text[:min(len(text), maxNoticeBytes)]
	return t.phrasesOf(text, t.read(text), wanted)
}

func (t *phraseTables) phrasesOf(text string, words []word, wanted sections) phrases {
	p := phrases{text: text, words: words}
	p.all = t.find(p.words, wanted)
	var ends [mostSections]int
	for _, f := range p.all {
		if f.first < ends[f.section] {
			continue // two wordings of one phrase are one piece of evidence
		}
		ends[f.section] = f.end
		p.counts[f.section]++
	}
	return p
}

// found is a phrase that a text contains.
type found struct {
	section  section
	language string
	first    int // index of the first word
	end      int // index after the last word
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

// sameClause tells whether no comma or the like stands between two words.
func (p phrases) sameClause(first, second int) bool {
	if second <= first {
		return true
	}
	return !strings.ContainsAny(p.text[p.words[first].end:p.words[second].start], ",;:–—")
}

// bounds returns where the sentence of a phrase begins and where its last word
// ends, in bytes.
func (p phrases) bounds(f found) (start, end int) {
	first, last := f.first, f.end-1
	for first > 0 && p.words[first-1].sentence == p.words[f.first].sentence {
		first--
	}
	for last+1 < len(p.words) && p.words[last+1].sentence == p.words[f.first].sentence {
		last++
	}
	return int(p.words[first].start), int(p.words[last].end)
}

// sentence returns the sentence that a phrase stands in, on one line.
func (p phrases) sentence(f found) string {
	start, end := p.bounds(f)
	if end < len(p.text) && strings.IndexByte(".!?", p.text[end]) >= 0 {
		end++
	}
	s := strings.Join(strings.Fields(p.text[start:end]), " ")
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "") + "..."
	}
	return s
}
