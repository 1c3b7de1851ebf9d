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
		e = `(?:` + e + `)`
		tree, err := syntax.Parse(`(?i)`+e, syntax.Perl)
		if err != nil {
			panic("reading a built-in table: " + err.Error())
		}
		s = append(s, attempt{lazy(`(?i)` + before + e + after), literals(tree)})
	}
	return s
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

// FindAll returns where the expressions match, in the order of the table.
func (s search) FindAll(text string) [][]int {
	lower := strings.ToLower(text)
	var all [][]int
	for _, a := range s {
		if a.worth(lower) {
			all = append(all, a.expression().FindAllStringIndex(text, -1)...)
		}
	}
	return all
}

// Find returns where the first expression that matches does, nil if none does.
func (s search) Find(text string) []int {
	lower := strings.ToLower(text)
	for _, a := range s {
		if a.worth(lower) {
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
