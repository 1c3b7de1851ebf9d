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
	return attempt{lazy(`(?i)` + before + `(?:` + e + `)` + after), literals(tree)}
}

// choice are texts of which every match holds at least one.
type choice []string

// literals are the choices that every match of an expression makes, none if
// there is no telling.
func literals(e *syntax.Regexp) []choice {
	switch e.Op {
	case syntax.OpLiteral:
		if len(e.Rune) > 1 || !unicode.IsLetter(e.Rune[0]) {
			return []choice{{greekLetters.Replace(strings.ToLower(string(e.Rune)))}}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return literals(e.Sub[0])
		}
	case syntax.OpConcat:
		var all []choice
		for _, sub := range e.Sub {
			all = append(all, literals(sub)...)
		}
		return all
	case syntax.OpAlternate:
		return alternatives(e.Sub)
	}
	return nil
}

// greekLetters are those that the parser names by the first sign of their class: an iota by
// the mark below a vowel, a my by that of a millionth.
var greekLetters = strings.NewReplacer("\u0345", "ι", "\u00b5", "μ")

// alternatives make one choice: the rarest literal of each branch.
func alternatives(branches []*syntax.Regexp) []choice {
	var all choice
	for _, sub := range branches {
		found := literals(sub)
		if len(found) == 0 {
			return nil
		}
		best := slices.MaxFunc(found, func(a, b choice) int { return cmp.Compare(shortest(a), shortest(b)) })
		all = append(all, best...)
	}
	return []choice{all}
}

// shortest is the length of the shortest text: longer ones are rarer.
func shortest(c choice) int {
	return len(slices.MinFunc(c, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
}

// worth reports whether the text, in lower case, can hold a match.
func (a attempt) worth(lower string) bool {
	for _, c := range a.needs {
		if !slices.ContainsFunc(c, func(n string) bool { return strings.Contains(lower, n) }) {
			return false
		}
	}
	return true
}

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
	lower := strings.ToLower(text)
	held := s.sieve(lower)
	var all [][]int
	for _, a := range s {
		if held.mayHold(a) && a.worth(lower) {
			all = append(all, a.expression().FindAllStringIndex(text, -1)...)
		}
	}
	return all
}

// Find returns where the first expression that matches does, nil if none does.
func (s search) Find(text string) []int {
	lower := strings.ToLower(text)
	held := s.sieve(lower)
	for _, a := range s {
		if held.mayHold(a) && a.worth(lower) {
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
