package proofread

import (
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
				n[notion] = newSearch(`(?:^|[^\pL\d_])`, []string{strings.ReplaceAll(expressions, " ", `[\s,]+`)}, `(?:$|[^\pL\d_'])`)
			}
			return n
		})
	}
	return all
})

// pressesBy and begsBy are what a sentence says when it presses or begs: all the notions
// of a line, each in words of its own, and none behind a "!".
var (
	pressesBy = [][]string{{"blame"}, {"wait", "long", "answer", "!not"}, {"yours", "due", "!not"}, {"need", "yours", "!not"}, {"none", "got", "answer"}, {"none", "got", "from"}}
	begsBy    = [][]string{{"begs"}, {"need", "badly", "work", "!not"}}
)

// says reports whether a sentence holds all that a line names, and where the first of it
// begins.
func (n notions) says(sentence string, line []string) (from, to int, ok bool) {
	from, to = len(sentence), 0
	for _, notion := range line {
		name, absent := strings.CutPrefix(notion, "!")
		e, known := n[name]
		if absent {
			if known && e.Match(sentence) {
				return 0, 0, false
			}
			continue
		}
		at := e.Find(sentence)
		if !known || at == nil {
			return 0, 0, false
		}
		from, to = min(from, at[0]), max(to, at[1])
	}
	return from, to, true
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
