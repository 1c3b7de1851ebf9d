package proofread

import (
	"slices"
	"strings"
	"sync"
)

// notions are what the sentences of one language are searched for, by name.
type notions map[string]search

// pressing holds the notions of each language, built when a mail in it is checked.
var pressing = sync.OnceValue(func() map[string]func() notions {
	lines := map[string]map[string]string{}
	for _, line := range entries("pressing") {
		head, expressions, _ := strings.Cut(line, ": ")
		language, notion, _ := strings.Cut(head, " ")
		if lines[language] == nil {
			lines[language] = map[string]string{}
		}
		lines[language][notion] = expressions
	}
	all := map[string]func() notions{}
	for language, own := range lines {
		all[language] = sync.OnceValue(func() notions {
			n := notions{}
			for notion, expressions := range own {
				n[notion] = newSearch(wordBegins, []string{strings.ReplaceAll(expressions, " ", `[\s,]+`)}, wordEnds)
			}
			return n
		})
	}
	return all
})

// pressesBy and begsBy are what a sentence says when it presses or begs: all the notions
// of a line, each in words of its own, and none behind a "!", in the same clause none
// behind a "~". Those of a line that begins with "+" stand in one clause: "tell me what is missing, and I send it by Friday" asks
// for nothing by Friday.
var (
	pressesBy = [][]string{{"blame", "!praise"}, {"judged", "none"}, {"judged", "answer"}, {"wait", "long", "answer", "!not", "!hope", "!theirs"}, {"+", "wait", "long", "answer", "~not", "!hope", "!theirs"}, {"+", "yours", "due", "!not", "!told"}, {"+", "need", "yours", "!not"},
		{"none", "got", "answer", "!asked", "!theirs"}, {"none", "got", "from"}}
	begsBy = [][]string{{"begs", "!thanks"}, {"vow", "work"}, {"+", "need", "badly", "work", "!not", "!for"}}
)

// judges is what presses a reader of whom something was asked.
var judges = [][]string{{"judged"}}

// says reports whether a sentence holds all that a line names, and where the first of it
// begins.
func (n notions) says(sentence string, line []string) (from, to int, ok bool) {
	var wanted, absent []search
	var denies search
	for _, notion := range line {
		switch {
		case notion == "+":
		case notion[0] == '~':
			denies = n[notion[1:]]
		case notion[0] == '!':
			absent = append(absent, n[notion[1:]])
		default:
			wanted = append(wanted, n[notion])
		}
	}
	from, to, ok = holdsAll(sentence, wanted) // what a clause holds, the sentence does; most hold nothing
	if !ok || slices.ContainsFunc(absent, func(e search) bool { return e.Match(sentence) }) {
		return 0, 0, false
	}
	if line[0] != "+" {
		return from, to, true
	}
	for _, at := range n.clauses(sentence) {
		if denies.Match(sentence[at[0]:at[1]]) {
			continue
		}
		if from, to, ok := holdsAll(sentence[at[0]:at[1]], wanted); ok {
			return at[0] + from, at[0] + to, true
		}
	}
	return 0, 0, false
}

// holdsAll reports whether each search finds something, and from where to where.
func holdsAll(text string, wanted []search) (from, to int, ok bool) {
	from = len(text)
	for _, e := range wanted {
		at := e.Find(text)
		if at == nil {
			return 0, 0, false
		}
		from, to = min(from, at[0]), max(to, at[1])
	}
	return from, to, true
}

// clauses are the parts of a sentence between its marks and the words that join them.
func (n notions) clauses(sentence string) [][2]int {
	var all [][2]int
	from := 0
	for _, at := range slices.SortedFunc(slices.Values(append(clauseMark().FindAllStringIndex(sentence, -1), n["and"].FindAll(sentence)...)), func(a, b []int) int { return a[0] - b[0] }) {
		if at[0] > from {
			all = append(all, [2]int{from, at[0]})
		}
		from = max(from, at[1])
	}
	return append(all, [2]int{from, len(sentence)})
}

var clauseMark = lazy(`[,;:–—]`)

// toldDay reports whether a phrase is of the day by which the reader wanted to answer, in
// a sentence that only says so: "you told me that your decision would fall by Friday".
func (m *mail) toldDay(sentence, phrase string) bool {
	read, known := pressing()[baseLanguage(m.language)]
	return known && read()["told"].Match(sentence) && read()["due"].Match(phrase)
}

// awaitsOthers reports whether a phrase is of an answer that the writer's own customers or
// colleagues owe: "I am still waiting for our customer's answer".
func (m *mail) awaitsOthers(sentence string, from, to int) bool {
	read, known := pressing()[baseLanguage(m.language)]
	if !known {
		return false
	}
	const near = 30
	for _, at := range read()["theirs"].FindAll(sentence) {
		if at[1] > from && at[0] < to+near {
			return true
		}
	}
	return false
}

// hitNotions finds the first sentence of the mail, in its own language, that says one of
// the lines.
func (m *mail) hitNotions(lines [][]string) (phrase, place string, ok bool) {
	read, known := pressing()[baseLanguage(m.language)]
	if !known {
		return "", "", false
	}
	own := read()
	for _, p := range m.own.prose() {
		for _, s := range sentences(p.text) {
			for _, line := range lines {
				from, to, ok := own.says(s.text, line)
				if !ok || m.inOwnName(s.text, from, to) || ofOthers(s.text, from, to) {
					continue
				}
				text := s.text[from:to]
				lead := len(text) - len(strings.TrimLeft(text, " \t,.;:!?()\"'-–—_"))
				return strings.Trim(text, " \t,.;:()\"'-–—_"), p.at(s.from + from + lead), true
			}
		}
	}
	return "", "", false
}
