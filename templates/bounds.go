package templates

import (
	"fmt"
	"text/template"
	syntax "text/template/parse"
)

// A template is run each time that one of the user's files is saved. One that
// counts to a thousand million, calls itself twice at each turn or doubles a
// text again and again must end too, with an error and not with the memory.

// maxSteps is how many pieces of text one template may write. Every turn of a
// range and every call of a defined template counts as one.
const maxSteps = 20_000

// countTurns makes every turn and every call write something, if only an empty
// text, so that limited sees them all.
func countTurns(t *template.Template) {
	for _, one := range t.Templates() {
		if one.Tree != nil && one.Root != nil {
			countIn(one.Root)
			counted(one.Root)
		}
	}
}

// countIn looks for ranges, however deep.
func countIn(l *syntax.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *syntax.IfNode:
			countIn(n.List)
			countIn(n.ElseList)
		case *syntax.WithNode:
			countIn(n.List)
			countIn(n.ElseList)
		case *syntax.RangeNode:
			countIn(n.List)
			countIn(n.ElseList)
			counted(n.List)
		}
	}
}

// counted puts an empty text before a list.
func counted(l *syntax.ListNode) {
	l.Nodes = append([]syntax.Node{&syntax.TextNode{NodeType: syntax.NodeText, Pos: l.Pos}}, l.Nodes...)
}

// bounded is a text of one of the library's functions, or an error where it is
// longer than any mail.
func bounded(s string) (string, error) {
	if len(s) > maxMail {
		return "", fmt.Errorf("a text is longer than %d bytes", maxMail)
	}
	return s, nil
}

// texts are the functions of the library by which a text grows.
func texts() template.FuncMap {
	return template.FuncMap{
		"print":    func(args ...any) (string, error) { return bounded(fmt.Sprint(args...)) },
		"println":  func(args ...any) (string, error) { return bounded(fmt.Sprintln(args...)) },
		"printf":   func(format string, args ...any) (string, error) { return bounded(fmt.Sprintf(format, args...)) },
		"html":     func(args ...any) (string, error) { return bounded(template.HTMLEscaper(args...)) },
		"js":       func(args ...any) (string, error) { return bounded(template.JSEscaper(args...)) },
		"urlquery": func(args ...any) (string, error) { return bounded(template.URLQueryEscaper(args...)) },
	}
}
