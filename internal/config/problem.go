package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing in a file that cannot be accepted.
type Problem struct {
	File   string // path as it was given
	Line   int    // from 1; 0 if the file as a whole is meant
	Column int    // in characters, from 1; 0 if unknown
	Key    string // such as sending.per_hour or interviews[1].at; "" for the file
	Found  string // `"many"`, nothing, a list ...
	// Expected completes "expected ...".
	Expected string
	// Hint says what to do about it; it may be empty. It is no part of Error.
	Hint string
}

// Error reads `config.yaml:12: sending.per_hour: found "many", expected a
// whole number from 1 to 100`.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	fmt.Fprintf(&b, "found %s, expected %s", p.Found, p.Expected)
	return b.String()
}

// Problems are all problems of one file, in the order of its lines. It is
// never empty when returned as an error; errors.As finds the first *Problem.
type Problems []*Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems for errors.Is and errors.As.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Summary is the first problem with its hint, and how many more there are, on
// one line: what is shown beside a broken application. A key that is missing may
// be the one that is mistyped, which says more.
func (ps Problems) Summary() string {
	if len(ps) == 0 {
		return ""
	}
	first := ps[0]
	if n := slices.IndexFunc(ps, func(p *Problem) bool { return strings.HasPrefix(p.Found, unknownKey) }); n > 0 && first.Found == "nothing" {
		first = ps[n]
	}
	s := first.Error()
	if first.Hint != "" {
		s += " (" + strings.ReplaceAll(first.Hint, "\n", " ") + ")"
	}
	if n := len(ps) - 1; n > 0 {
		s += fmt.Sprintf("; and %d more", n)
	}
	return s
}

// sorted returns the problems as an error, or nil if there are none.
func (ps Problems) sorted() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return ps
}
