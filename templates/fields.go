package templates

import (
	"fmt"
	"reflect"
	"strings"
	"text/template"
	syntax "text/template/parse"
)

// known checks every field that a text names against what a template may see,
// also in branches that no sample takes: a wrong name must not wait for the one
// mail whose facts lead there.
func known(path string, t *template.Template) error {
	if t.Tree == nil || t.Root == nil {
		return nil
	}
	w := &walker{path: path, top: reflect.TypeFor[View]()}
	for _, one := range t.Templates() {
		if one.Tree != nil && one.Name() != inside {
			w.unknown = true // what {{define}} is called with is not known here
		}
	}
	return w.list(t.Root, w.top, t.Tree)
}

// walker follows the types through a template. A nil type is not known.
type walker struct {
	path    string
	top     reflect.Type
	unknown bool
}

func (w *walker) list(l *syntax.ListNode, dot reflect.Type, tree *syntax.Tree) error {
	if l == nil {
		return nil
	}
	for _, n := range l.Nodes {
		if err := w.node(n, dot, tree); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) node(n syntax.Node, dot reflect.Type, tree *syntax.Tree) error {
	switch n := n.(type) {
	case *syntax.ActionNode:
		_, err := w.pipe(n.Pipe, dot, tree)
		return err
	case *syntax.IfNode:
		return w.branch(&n.BranchNode, dot, dot, tree)
	case *syntax.WithNode:
		inner, err := w.pipe(n.Pipe, dot, tree)
		if err != nil {
			return err
		}
		return w.branch(&n.BranchNode, dot, inner, tree)
	case *syntax.RangeNode:
		inner, err := w.pipe(n.Pipe, dot, tree)
		if err != nil {
			return err
		}
		if inner != nil && inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		} else {
			inner = nil
		}
		return w.branch(&n.BranchNode, dot, inner, tree)
	}
	return nil
}

func (w *walker) branch(b *syntax.BranchNode, dot, inner reflect.Type, tree *syntax.Tree) error {
	if _, err := w.pipe(b.Pipe, dot, tree); err != nil {
		return err
	}
	if err := w.list(b.List, inner, tree); err != nil {
		return err
	}
	return w.list(b.ElseList, dot, tree)
}

// pipe checks every part of a pipeline and returns its type where it is one
// field.
func (w *walker) pipe(p *syntax.PipeNode, dot reflect.Type, tree *syntax.Tree) (of reflect.Type, err error) {
	if p == nil {
		return nil, nil
	}
	for _, c := range p.Cmds {
		for _, a := range c.Args {
			if of, err = w.arg(a, dot, tree); err != nil {
				return nil, err
			}
		}
	}
	if len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return nil, nil
	}
	return of, nil
}

func (w *walker) arg(n syntax.Node, dot reflect.Type, tree *syntax.Tree) (reflect.Type, error) {
	switch n := n.(type) {
	case *syntax.DotNode:
		return dot, nil
	case *syntax.FieldNode:
		return w.chain(n, dot, n.Ident, tree)
	case *syntax.VariableNode:
		if n.Ident[0] == "$" {
			return w.chain(n, w.top, n.Ident[1:], tree)
		}
	case *syntax.PipeNode:
		return w.pipe(n, dot, tree)
	}
	return nil, nil
}

// chain follows .Person.Said from a type.
func (w *walker) chain(n syntax.Node, from reflect.Type, names []string, tree *syntax.Tree) (reflect.Type, error) {
	if w.unknown {
		return nil, nil
	}
	for _, name := range names {
		for from != nil && from.Kind() == reflect.Pointer {
			from = from.Elem()
		}
		if from == nil {
			return nil, nil
		}
		if _, ok := from.MethodByName(name); ok {
			return nil, nil
		}
		if from.Kind() != reflect.Struct {
			return nil, w.wrong(n, tree, "there is nothing below a text or a list", "")
		}
		f, ok := from.FieldByName(name)
		if !ok || !f.IsExported() {
			hint := ""
			if all := fieldsOf(from.Name()); len(all) > 0 {
				hint = "known here are " + strings.Join(all, ", ")
			}
			return nil, w.wrong(n, tree, fmt.Sprintf("there is no %s that a template may see", name), hint)
		}
		from = f.Type
	}
	return from, nil
}

func (w *walker) wrong(n syntax.Node, tree *syntax.Tree, text, hint string) error {
	place, _ := tree.ErrorContext(n)
	line, _ := cutLine(place + ": ")
	return wrong(w.path, line, fmt.Sprintf("found %s, but %s", n, text), hint)
}
