package proofread

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// search finds any of many expressions. Each is tried only on texts that hold
// a literal part of it, since most texts hold none.
type search []attempt

// attempt is one expression, compiled when a text first calls for it.
type attempt struct {
	expression func() *regexp.Regexp
	needs      []choice // in lower case
	capitals   []choice // as they are written, where the expression regards case
	first      choice   // with which a word begins where a match does, none if there is no telling
	last       choice   // with which one ends
}

// newSearch prepares expressions that disregard case and stand between before
// and after. These hold no literal part and are compiled with what they enclose,
// not read for each: their classes cost ten times what it costs.
func newSearch(before string, expressions []string, after string) search {
	var s search
	for _, e := range expressions {
		for _, branch := range branches(e) { // each needs literals of its own, so that fewer are tried
			s = append(s, newAttempt(before, branch, after))
		}
	}
	return s
}

// branches are the alternatives of an expression that no bracket encloses.
func branches(e string) []string {
	var all []string
	from, depth, class := 0, 0, false
	for i := 0; i < len(e); i++ {
		switch c := e[i]; {
		case c == '\\':
			i++
		case c == '[' && !class:
			class = true
			i += len(opened().FindString(e[i:])) - 1 // what stands first in a class is no end of it
		case class:
			class = c != ']'
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			all, from = append(all, e[from:i]), i+1
		}
	}
	return append(all, e[from:])
}

var opened = lazy(`^\[\^?\\?.?`)

// newAttempt is one expression as a whole.
func newAttempt(before, e, after string) attempt {
	tree, err := syntax.Parse(`(?i)(?:`+e+`)`, syntax.Perl)
	if err != nil {
		panic("reading a built-in table: " + err.Error())
	}
	a := attempt{expression: lazy(`(?i)` + before + `(?:` + e + `)` + after), needs: literals(tree, lowerLiteral), capitals: literals(tree, capitalLiteral)}
	if before == wordBegins && after == wordEnds {
		a.first, a.last = edge(tree, true), edge(tree, false)
	}
	return a
}

// wordBegins and wordEnds enclose the expressions of tables of phrases.
const (
	wordBegins = `(?:^|[^\pL\d_])`
	wordEnds   = `(?:$|[^\pL\d_'])`
)

// edge are the literals of which every match begins, or ends, with one.
func edge(e *syntax.Regexp, first bool) choice {
	switch e.Op {
	case syntax.OpLiteral:
		return choice{lowerLetters(e.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return edge(e.Sub[0], first)
	case syntax.OpRepeat:
		if e.Min > 0 {
			return edge(e.Sub[0], first)
		}
	case syntax.OpConcat:
		if first {
			return edge(e.Sub[0], first)
		}
		return edge(e.Sub[len(e.Sub)-1], first)
	case syntax.OpAlternate:
		var all choice
		for _, sub := range e.Sub {
			found := edge(sub, first)
			if found == nil {
				return nil
			}
			all = append(all, found...)
		}
		return all
	}
	return nil
}

func lowerLetters(letters []rune) string {
	return greekLetters.Replace(strings.ToLower(string(letters)))
}

// lowerLiteral and capitalLiteral are what is looked for of a literal, "" if nothing: a
// single small letter stands in every text.
func lowerLiteral(e *syntax.Regexp) string {
	if len(e.Rune) > 1 || !unicode.IsLetter(e.Rune[0]) {
		return lowerLetters(e.Rune)
	}
	return ""
}

func capitalLiteral(e *syntax.Regexp) string {
	if e.Flags&syntax.FoldCase == 0 && slices.ContainsFunc(e.Rune, unicode.IsUpper) {
		return string(e.Rune)
	}
	return ""
}

// choice are texts of which every match holds at least one.
type choice []string

// literals are the choices that every match of an expression makes of what is looked for of
// a literal, none if there is no telling.
func literals(e *syntax.Regexp, sought func(*syntax.Regexp) string) []choice {
	switch e.Op {
	case syntax.OpLiteral:
		if s := sought(e); s != "" {
			return []choice{{s}}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(e.Sub[0], sought)
	case syntax.OpRepeat:
		if e.Min > 0 && e.Sub[0].Op == syntax.OpLiteral { // several of them are one literal
			times := *e.Sub[0]
			times.Rune = slices.Repeat(times.Rune, e.Min)
			return literals(&times, sought)
		}
		if e.Min > 0 {
			return literals(e.Sub[0], sought)
		}
	case syntax.OpConcat:
		var all []choice
		for _, sub := range e.Sub {
			all = append(all, literals(sub, sought)...)
		}
		return all
	case syntax.OpAlternate:
		return alternatives(e.Sub, sought)
	}
	return nil
}

// greekLetters are those that the parser names by the first sign of their class: an iota by
// the mark below a vowel, a my by that of a millionth, and either sigma by its capital.
var greekLetters = strings.NewReplacer("\u0345", "ι", "\u00b5", "μ", "ς", "σ")

// lowerIn is a text in which literals are looked for: in lower case, with one sigma.
func lowerIn(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ς", "σ") }

// alternatives make one choice, the rarest literal of each branch, and those that all
// branches make.
func alternatives(branches []*syntax.Regexp, sought func(*syntax.Regexp) string) []choice {
	var rarest choice
	var common []choice
	for n, sub := range branches {
		found := literals(sub, sought)
		if len(found) == 0 {
			return nil
		}
		rarest = append(rarest, slices.MaxFunc(found, func(a, b choice) int { return cmp.Compare(shortest(a), shortest(b)) })...)
		if n == 0 {
			common = found
		}
		common = slices.DeleteFunc(slices.Clone(common), func(c choice) bool {
			return !slices.ContainsFunc(found, func(o choice) bool { return slices.Equal(c, o) })
		})
	}
	return append(common, rarest)
}

// shortest is the length of the shortest text: longer ones are rarer.
func shortest(c choice) int {
	return len(slices.MinFunc(c, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
}

// worth reports whether the text, given by lowerIn too, can hold a match.
func (a attempt) worth(text, lower string) bool {
	for _, c := range a.needs {
		if !slices.ContainsFunc(c, func(n string) bool { return strings.Contains(lower, n) }) {
			return false
		}
	}
	for _, c := range a.capitals {
		if !slices.ContainsFunc(c, func(n string) bool { return strings.Contains(text, n) }) {
			return false
		}
	}
	return a.first.edges(lower, true) && a.last.edges(lower, false)
}

// edges reports whether a word of the text begins, or ends, with one of the literals.
func (c choice) edges(lower string, first bool) bool {
	if len(c) == 0 {
		return true
	}
	for _, literal := range c {
		for from := 0; ; {
			i := strings.Index(lower[from:], literal)
			if i < 0 {
				break
			}
			at := from + i
			if first && (at == 0 || !isSmall(lower[at-1])) {
				return true
			}
			if end := at + len(literal); !first && (end == len(lower) || !isSmall(lower[end])) {
				return true
			}
			from = at + 1
		}
	}
	return false
}

// isSmall reports whether a byte is a letter beside which no word begins or ends.
func isSmall(b byte) bool { return 'a' <= b && b <= 'z' }

// sieve remembers which three bytes follow each other in a text: most literals of a table
// fall through it without being looked for.
type sieve [64]uint64

// sieve is that of a text, nil where a search is too short for one to be worth it.
func (s search) sieve(lower string) *sieve {
	const least = 8
	if len(s) < least {
		return nil
	}
	held := &sieve{}
	for i := 0; i+3 <= len(lower); i++ {
		n := triple(lower[i:])
		held[n/64] |= 1 << (n % 64)
	}
	return held
}

func triple(s string) uint32 {
	return (uint32(s[0])*31*31 + uint32(s[1])*31 + uint32(s[2])) * 2654435761 >> 20
}

// mayHold reports whether each choice of an attempt may be in the text.
func (held *sieve) mayHold(a attempt) bool {
	if held == nil {
		return true
	}
	for _, c := range a.needs {
		if !slices.ContainsFunc(c, held.may) {
			return false
		}
	}
	return true
}

// may reports whether a literal may be in the text, always for one of less than three bytes.
func (held *sieve) may(literal string) bool {
	for i := 0; i+3 <= len(literal); i++ {
		if n := triple(literal[i:]); held[n/64]&(1<<(n%64)) == 0 {
			return false
		}
	}
	return true
}

// FindAll returns where the expressions match, in the order of the table.
func (s search) FindAll(text string) [][]int {
	lower := lowerIn(text)
	held := s.sieve(lower)
	var all [][]int
	for _, a := range s {
		if held.mayHold(a) && a.worth(text, lower) {
			all = append(all, a.expression().FindAllStringIndex(text, -1)...)
		}
	}
	return all
}

// Find returns where the first expression that matches does, nil if none does.
func (s search) Find(text string) []int {
	lower := lowerIn(text)
	held := s.sieve(lower)
	for _, a := range s {
		if held.mayHold(a) && a.worth(text, lower) {
			if at := a.expression().FindStringIndex(text); at != nil {
				return at
			}
		}
	}
	return nil
}

// Match reports whether any expression matches.
func (s search) Match(text string) bool { return s.Find(text) != nil }

// lazy compiles an expression when it is first needed.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
