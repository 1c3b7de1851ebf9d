package templates

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Problem is one thing in a template that cannot be accepted.
type Problem struct {
	File string
	Line int    // from 1
	Text string // what was found, and what is expected
	hint string
}

// Error reads `templates/mine.txt:7: there is no .Rolle here`.
func (p *Problem) Error() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Hint says what to do about it; it may be empty.
func (p *Problem) Hint() string { return p.hint }

// Problems are the first problem of each broken template, in the order of
// their files. It is never empty when returned as an error.
type Problems []*Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Hint is that of the first problem.
func (ps Problems) Hint() string { return ps[0].hint }

func wrong(path string, line int, text, hint string) *Problem {
	return &Problem{File: path, Line: max(1, line), Text: text, hint: hint}
}

// inside is the name that the library sees: a path may hold colons.
const inside = "template"

// parseProblem reads the library's "template: template:7: unexpected EOF".
func parseProblem(path string, err error) error {
	line, rest := cutLine(err.Error())
	hint := ""
	if name, ok := quotedAfter(rest, "function "); ok {
		known := slices.Sorted(maps.Keys(functions(0, english())))
		rest = fmt.Sprintf("found the function %q, which does not exist", name)
		hint = "functions are " + strings.Join(known, ", ") + ", and those of Go's text/template"
	}
	return wrong(path, line, rest, hint)
}

// runProblem reads what a text that runs on facts fails with. The library says
// "template: template:7:9: executing \"template\" at <.Rolle>: can't evaluate
// field Rolle in type templates.View".
func runProblem(path string, err error) error {
	line, rest := cutLine(err.Error())
	if _, cause, ok := strings.Cut(rest, `: executing "`+inside+`" at `); ok {
		rest = "at " + cause
	} else if _, cause, ok := strings.Cut(rest, `executing "`+inside+`" at `); ok {
		rest = "at " + cause
	}
	field := regexp.MustCompile(`^at <([^>]*)>: can't evaluate field (\w+) in type \*?templates\.(\w+)`)
	if m := field.FindStringSubmatch(rest); m != nil {
		return wrong(path, line, fmt.Sprintf("found %s, but there is no %s that a template may see", m[1], m[2]), "known here are "+strings.Join(fieldsOf(m[3]), ", "))
	}
	absent := regexp.MustCompile(`^at <([^>]*)>: nil pointer evaluating`)
	if m := absent.FindStringSubmatch(rest); m != nil {
		whole := m[1][:max(0, strings.LastIndexByte(m[1], '.'))]
		return wrong(path, line, fmt.Sprintf("found %s, but %s is absent in some mails", m[1], whole), fmt.Sprintf("put {{if %s}} before it and {{end}} behind", whole))
	}
	return wrong(path, line, rest, "")
}

// frontProblem reads "yaml: unmarshal errors:\n  line 2: field subjct not found
// in type templates.front". The front matter begins in the file's second line.
func frontProblem(path string, err error) error {
	m := regexp.MustCompile(`line (\d+): ([^\n]*)`).FindStringSubmatch(err.Error())
	if m == nil {
		return wrong(path, 2, "reading the front matter: "+strings.TrimPrefix(err.Error(), "yaml: "), "")
	}
	n, _ := strconv.Atoi(m[1]) // digits, or 0
	text, _, unknown := strings.Cut(m[2], " not found in type")
	if unknown {
		text = "found the key " + strings.TrimPrefix(text, "field ")
		return wrong(path, n+1, text+", expected kind, subject, subjects or language", "")
	}
	return wrong(path, n+1, "reading the front matter: "+text, "put a text that holds : or # or begins with { into quotation marks")
}

// cutLine takes the number of the line off a message of the library.
func cutLine(message string) (line int, rest string) {
	m := regexp.MustCompile(`(?s)^(?:template: )?` + inside + `:(\d+)(?::\d+)?: (.*)$`).FindStringSubmatch(message)
	if m == nil {
		return 1, message
	}
	line, err := strconv.Atoi(m[1])
	if err != nil {
		return 1, m[2]
	}
	return line, m[2]
}

func quotedAfter(s, before string) (string, bool) {
	rest, ok := strings.CutPrefix(s, before)
	if !ok {
		return "", false
	}
	name, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return "", false
	}
	bare, err := strconv.Unquote(name)
	return bare, err == nil
}

// fieldsOf are the names that a template can use at a place, with their dot.
func fieldsOf(typeName string) []string {
	for _, v := range []any{View{}, MeView{}, InterviewView{}, PersonView{}, DebriefView{}, PreviousView{}} {
		t := reflect.TypeOf(v)
		if t.Name() != typeName {
			continue
		}
		var names []string
		for i := range t.NumField() {
			names = append(names, "."+t.Field(i).Name)
		}
		return names
	}
	return nil
}

// asProblem makes any error of reading a file one of its first line.
func asProblem(path string, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return wrong(path, 1, err.Error(), "")
}
