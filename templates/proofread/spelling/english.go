package spelling

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"
)

// Class says what is known of a word.
type Class uint64

// A word may be of several classes.
const (
	American Class = 1 << iota // of the dictionary of the United States
	British                    // of the dictionary of Great Britain
	// AmericanForm and BritishForm are spelt otherwise on the other side:
	// color and colour.
	AmericanForm
	BritishForm
	Term // of the technical and business words that ship with the program
	Rare // of a larger list only, which also holds words that are mostly slips
)

// Common are the classes that need no second look.
const Common = American | British | Term

// Both automata are used where they lie in the program: nothing is unpacked.
//
//go:embed data/english.fst
var englishFST []byte

//go:embed data/misspelt.fst
var misspeltFST []byte

// English is the dictionary that is built into the program: American and
// British together. It is immutable and safe for concurrent use.
type English struct {
	words    *vellum.FST // word -> Class
	misspelt *vellum.FST // wrong, a zero byte, right
	near     *levenshtein.LevenshteinAutomatonBuilder
	far      func() *levenshtein.LevenshteinAutomatonBuilder
}

// BuiltIn opens the dictionary when it is first asked for.
var BuiltIn = sync.OnceValue(openEnglish)

func openEnglish() *English {
	return &English{
		words: mustLoad(englishFST), misspelt: mustLoad(misspeltFST), near: builder(1),
		far: sync.OnceValue(func() *levenshtein.LevenshteinAutomatonBuilder { return builder(2) }),
	}
}

func mustLoad(data []byte) *vellum.FST {
	fst, err := vellum.Load(data)
	if err != nil {
		panic("loading a built-in dictionary: " + err.Error())
	}
	return fst
}

// builder takes the swap of two neighbours for one edit.
func builder(distance uint8) *levenshtein.LevenshteinAutomatonBuilder {
	b, err := levenshtein.NewLevenshteinAutomatonBuilder(distance, true)
	if err != nil {
		panic("building an automaton: " + err.Error())
	}
	return b
}

// Class is what is known of exactly this writing, 0 for nothing.
func (e *English) Class(word string) Class {
	v, ok, err := e.words.Get([]byte(word))
	if !ok || err != nil {
		return 0
	}
	return Class(v)
}

// Known is the class of a word as it stands in a text: "The" is known where
// "the" is, and "PARIS" where "Paris" is, but "paris" is not.
func (e *English) Known(word string) Class {
	all := e.Class(word)
	lower := strings.ToLower(word)
	if lower != word {
		all |= e.Class(lower)
	}
	if rest := tail(word); rest != "" && rest == strings.ToUpper(rest) && rest != strings.ToLower(rest) {
		all |= e.Class(titled(lower))
	}
	return all
}

// tail is a word without its first letter.
func tail(word string) string {
	_, n := utf8.DecodeRuneInString(word)
	return word[n:]
}

// titled gives a word in lower case a capital.
func titled(lower string) string {
	_, n := utf8.DecodeRuneInString(lower)
	return strings.ToUpper(lower[:n]) + lower[n:]
}

// Misspelling is what a word that people often write wrongly should be, the
// likeliest first; none if the list does not know it.
func (e *English) Misspelling(word string) []string {
	lower := strings.ToLower(word)
	var right []string
	it, err := e.misspelt.Iterator([]byte(lower+"\x00"), []byte(lower+"\x01"))
	for ; err == nil; err = it.Next() {
		key, _ := it.Current()
		right = append(right, string(key[len(lower)+1:]))
	}
	return right
}

// longestWord bounds, in bytes, what neighbours are looked for.
const longestWord = 32

// Near are the common words one edit away from a word in lower case, the
// likeliest first: one letter more, less or other, or two that changed places.
func (e *English) Near(lower string) []string {
	return e.neighbours(lower, e.near, Common)
}

// Suggest are at most n likely spellings, the likeliest first.
func (e *English) Suggest(word string, n int) []string {
	lower := strings.ToLower(word)
	all := e.Misspelling(lower)
	if len(all) == 0 {
		all = e.Near(lower)
	}
	if len(all) == 0 && utf8.RuneCountInString(word) > 4 {
		all = e.neighbours(lower, e.far(), American|British)
	}
	return all[:min(n, len(all))]
}

func (e *English) neighbours(lower string, b *levenshtein.LevenshteinAutomatonBuilder, of Class) []string {
	if len(lower) > longestWord {
		return nil
	}
	dfa, err := b.BuildDfa(lower, b.MaxDistance())
	if err != nil {
		return nil
	}
	var all []string
	it, err := e.words.Search(dfa, nil, nil)
	for ; err == nil; err = it.Next() {
		key, v := it.Current()
		if w := string(key); Class(v)&of != 0 && w != lower && w == strings.ToLower(w) {
			all = append(all, w)
		}
	}
	sortByLikelihood(lower, all)
	return all
}

// sortByLikelihood puts first what people are likeliest to have meant: hands
// swap two letters or double one more often than they miss the first one.
func sortByLikelihood(wrong string, all []string) {
	slices.SortStableFunc(all, func(a, b string) int { return unlikeliness(wrong, a) - unlikeliness(wrong, b) })
}

func unlikeliness(wrong, right string) int {
	n := 0
	if wrong[:1] != right[:1] {
		n += 4
	}
	switch {
	case len(wrong) == len(right) && sameLetters(wrong, right): // swapped
	case undoubled(wrong) == undoubled(right): // one letter doubled, or not
		n++
	case len(wrong) < len(right): // a letter missed
		n += 2
	default:
		n += 3
	}
	if strings.HasSuffix(right, "'s") || strings.Contains(right, "'") && !strings.Contains(wrong, "'") {
		n += 3
	}
	return n
}

func sameLetters(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y)
}

func undoubled(s string) string { return string(slices.Compact([]byte(s))) }
