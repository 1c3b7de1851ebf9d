package proofread

import (
	"strings"
	"unicode"

	"afterword/scheduler"
)

// Share is how much of a note another note has too: the part, from 0 to 1, of
// its runs of five words. Greeting, signature and what was quoted do not count.
// It is what copy-paste judges.
func Share(note, other scheduler.Text, me scheduler.Me) float64 {
	return shareOf(contentRuns(note, me), contentRuns(other, me))
}

func contentRuns(t scheduler.Text, me scheduler.Me) map[string]int {
	return runs(words(readLetter(t.Subject, t.Body, me).content()))
}

func shareOf(own, other map[string]int) float64 {
	if len(own) == 0 {
		return 0
	}
	shared := 0
	for run := range own {
		if _, too := other[run]; too {
			shared++
		}
	}
	return float64(shared) / float64(len(own))
}

// Mark returns the body of a note with what any of the others has too between
// two marks: every word that stands in a run of five words of theirs.
func Mark(note scheduler.Text, others []scheduler.Text, me scheduler.Me, opens, closes string) string {
	found := placedWords(note.Body)
	shared := make([]bool, len(found))
	for _, o := range others {
		theirs := contentRuns(o, me)
		for i := 0; i+runLength <= len(found); i++ {
			var run []string
			for _, w := range found[i : i+runLength] {
				run = append(run, w.word)
			}
			if _, too := theirs[strings.Join(run, " ")]; too {
				for n := range runLength {
					shared[i+n] = true
				}
			}
		}
	}
	var b strings.Builder
	at := 0
	for i := 0; i < len(found); i++ {
		if !shared[i] {
			continue
		}
		last := i
		for last+1 < len(found) && shared[last+1] && !strings.Contains(note.Body[found[last].to:found[last+1].from], "\n") {
			last++
		}
		b.WriteString(note.Body[at:found[i].from] + opens + note.Body[found[i].from:found[last].to] + closes)
		at, i = found[last].to, last
	}
	return b.String() + note.Body[at:]
}

// placed is a word and where it stands, in bytes.
type placed struct {
	word     string
	from, to int
}

// placedWords cuts a text as words does.
func placedWords(s string) []placed {
	var all []placed
	from := -1
	add := func(to int) {
		if from >= 0 {
			if ws := words(s[from:to]); len(ws) > 0 {
				all = append(all, placed{strings.Join(ws, " "), from, to})
			}
		}
		from = -1
	}
	for i, r := range s {
		switch inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' || r == '\u2019'; {
		case inWord && from < 0:
			from = i
		case !inWord:
			add(i)
		}
	}
	add(len(s))
	return all
}
