package config

import "strings"

// closest returns the candidate that the word was probably meant to be, or ""
// if none is near: at most a third of its letters, and three, may be wrong.
func closest(word string, candidates []string) string {
	word = strings.ToLower(word)
	best, bound := "", min(max(1, len(word)/3), 3)+1
	for _, c := range candidates {
		if strings.ReplaceAll(strings.ReplaceAll(word, "-", "_"), " ", "_") == c {
			return c
		}
		if d := distance(word, strings.ToLower(c)); d < bound {
			best, bound = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b. Long words are not compared: nobody mistypes
// a key into a hundred letters.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 100 || len(t) > 100 {
		return 100
	}
	before, above, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(t)]
}

// DidYouMean is the hint for a word that is not one of the candidates.
func DidYouMean(word string, candidates []string) string {
	if c := closest(word, candidates); c != "" {
		return "did you mean " + c + "?"
	}
	return ""
}

// oneOf lists words for a sentence: "a, b or c".
func oneOf(words []string) string {
	switch len(words) {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
