package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	syntax "text/template/parse"
)

// A template is run each time that one of the user's files is saved. One that
// counts to a thousand million, calls itself twice at each turn or doubles a
// text again and again must end too, with an error and not with the memory.

// maxSteps is how many pieces of text one template may write. Every turn of a range,
// every call of a defined template and every action counts as one, a long one as more.
const maxSteps = 20_000

// countTurns makes every turn and every action write something, if only an empty
// text, so that limited sees them all.
func countTurns(t *template.Template) {
	for _, one := range t.Templates() {
		if one.Tree != nil && one.Root != nil {
			countIn(one.Root)
		}
	}
}

// countIn puts empty texts into a list, however deep: one before each node, and as many
// more as its pipeline is long.
func countIn(l *syntax.ListNode) {
	if l == nil {
		return
	}
	empty := &syntax.TextNode{NodeType: syntax.NodeText, Pos: l.Pos}
	all := []syntax.Node{empty}
	for _, n := range l.Nodes {
		var pipe *syntax.PipeNode
		switch n := n.(type) {
		case *syntax.ActionNode:
			pipe = n.Pipe
		case *syntax.TemplateNode:
			pipe = n.Pipe
		case *syntax.IfNode:
			pipe = branch(&n.BranchNode)
		case *syntax.WithNode:
			pipe = branch(&n.BranchNode)
		case *syntax.RangeNode:
			pipe = branch(&n.BranchNode)
		}
		for range 1 + words(pipe)/wordsInStep {
			all = append(all, empty)
		}
		all = append(all, n)
	}
	l.Nodes = all
}

// branch counts in both lists of a branch and returns what it asks.
func branch(n *syntax.BranchNode) *syntax.PipeNode {
	countIn(n.List)
	countIn(n.ElseList)
	return n.Pipe
}

// wordsInStep are the words of a pipeline that count as one step.
const wordsInStep = 16

// words is how many words a pipeline has, those in parentheses included.
func words(p *syntax.PipeNode) (n int) {
	if p == nil {
		return 0
	}
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			n++
			if inner, ok := arg.(*syntax.PipeNode); ok {
				n += words(inner)
			}
		}
	}
	return n
}

// maxWork bounds the texts, in bytes, that the functions of one template make on the way
// to its mail.
const maxWork = 32 * maxMail

// work is what is left of that.
type work struct{ left int }

// spend takes n bytes of it, and some for the call.
func (w *work) spend(n int) error {
	const call = 64
	if n > w.left-call {
		return fmt.Errorf("its functions make more than %d bytes of text", maxWork)
	}
	w.left -= n + call
	return nil
}

// sized is a function of the library that is called only where its arguments leave room
// for what they may become, and whose text is no longer than any mail.
func (w *work) sized(f func(...any) string) func(...any) (string, error) {
	return func(args ...any) (string, error) {
		n := 0
		for _, a := range args {
			n += length(a)
		}
		if err := w.spend(n); err != nil {
			return "", err
		}
		return bounded(f(args...))
	}
}

func bounded(s string) (string, error) {
	if len(s) > maxMail {
		return "", fmt.Errorf("a text is longer than %d bytes", maxMail)
	}
	return s, nil
}

// length is how long an argument is as a text; what is none is short, whatever it is.
func length(arg any) int {
	if s, ok := arg.(string); ok {
		return len(s)
	}
	return len("0001-01-01 00:00:00 +0000 UTC")
}

// verb is a verb of a format, with its width and precision: each can fill a megabyte.
var verb = regexp.MustCompile(`%[-+# 0]*(?:\[\d*\])?0*(\*|\d*)(?:\.(?:\[\d*\])?0*(\*|\d*))?`)

// format is Sprintf whose verbs are no wider than any line, and together no longer than
// what is left.
func (w *work) format(format string, args ...any) (string, error) {
	longest := 0
	for _, a := range args {
		longest = max(longest, length(a))
	}
	verbs := verb.FindAllStringSubmatch(format, -1)
	for _, v := range verbs {
		if wide := strings.Join(v[1:], " "); strings.Contains(wide, "*") || len(v[1]) > 3 || len(v[2]) > 3 {
			return "", errors.New("a width of printf is no number below 1000")
		}
	}
	if err := w.spend(len(format) + len(verbs)*(longest+widest)); err != nil {
		return "", err
	}
	return bounded(fmt.Sprintf(format, args...))
}

// widest is what a verb may add to its argument.
const widest = 1000

// texts are the functions of the library by which a text grows, for one run.
func texts() template.FuncMap {
	w := &work{left: maxWork}
	return template.FuncMap{
		"print":    w.sized(fmt.Sprint),
		"println":  w.sized(fmt.Sprintln),
		"printf":   w.format,
		"html":     w.sized(template.HTMLEscaper),
		"js":       w.sized(template.JSEscaper),
		"urlquery": w.sized(template.URLQueryEscaper),
	}
}
