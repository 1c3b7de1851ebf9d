package config

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// editor knows where the nodes of a file begin and end in its text, which the
// YAML library tells only for the beginning.
type editor struct {
	source
	root    *yaml.Node
	starts  []int  // offset of each line
	newline string // how the file ends its lines
}

func newEditor(path, text string) (*editor, error) {
	r := newReader(path)
	root := r.parse([]byte(text))
	if root == nil {
		return nil, r.problems.sorted()
	}
	e := &editor{source: r.source, root: root, newline: "\n"}
	if strings.Contains(text, "\r\n") {
		e.newline = "\r\n"
	}
	at := 0
	for line := range strings.SplitSeq(text, "\n") {
		e.starts = append(e.starts, at)
		at += len(line) + 1
	}
	return e, nil
}

// start is the offset of the node's first character.
func (e *editor) start(n *yaml.Node) int {
	row := min(max(n.Line, 1), len(e.starts)) - 1
	at := e.starts[row]
	for i := 1; i < n.Column && at < len(e.text); i++ {
		_, size := utf8.DecodeRuneInString(e.text[at:])
		at += size
	}
	return at
}

// lineEnd is the offset of the line break after an offset, or of the end.
func (e *editor) lineEnd(at int) int {
	if i := strings.IndexByte(e.text[at:], '\n'); i >= 0 {
		at += i
		if at > 0 && e.text[at-1] == '\r' {
			at--
		}
		return at
	}
	return len(e.text)
}

// end is the offset after the node's last character.
func (e *editor) end(n *yaml.Node) int {
	at := e.start(n)
	switch {
	case n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle != 0:
		return e.flowEnd(n)
	case n.Kind != yaml.ScalarNode:
		if len(n.Content) == 0 {
			return at
		}
		return e.entryEnd(n, len(n.Content)-1)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return e.quoteEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return e.quoteEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return e.blockEnd(n)
	}
	return e.plainEnd(n)
}

// entryEnd is the end of child i; an absent value ends after its key's colon.
func (e *editor) entryEnd(n *yaml.Node, i int) int {
	child := n.Content[i]
	if n.Kind == yaml.MappingNode && isNothing(child) && child.Value == "" {
		return e.colonEnd(n.Content[i-1])
	}
	return e.end(child)
}

// colonEnd is the offset after the colon of a key.
func (e *editor) colonEnd(key *yaml.Node) int {
	at := e.end(key)
	if i := strings.IndexByte(e.text[at:], ':'); i >= 0 {
		return at + i + 1
	}
	return at
}

func (e *editor) quoteEnd(at int, mark byte) int {
	for i := at + 1; i < len(e.text); i++ {
		switch {
		case e.text[i] == '\\' && mark == '"':
			i++
		case e.text[i] != mark:
		case mark == '\'' && i+1 < len(e.text) && e.text[i+1] == mark:
			i++
		default:
			return i + 1
		}
	}
	return len(e.text)
}

// plainEnd follows the value through the text; line breaks became spaces.
func (e *editor) plainEnd(n *yaml.Node) int {
	at := e.start(n)
	for _, c := range n.Value {
		if unicode.IsSpace(c) {
			continue
		}
		for at < len(e.text) {
			found, size := utf8.DecodeRuneInString(e.text[at:])
			at += size
			if found == c {
				break
			}
		}
	}
	return at
}

// blockEnd is the end of the last line with text of a literal or folded block,
// or of its header where it has none.
func (e *editor) blockEnd(n *yaml.Node) int {
	value := strings.TrimRight(n.Value, "\n")
	row, last := n.Line, n.Line-1
	if value == "" {
		return e.headerEnd(n)
	}
	if n.Style&yaml.LiteralStyle != 0 {
		last = min(row+strings.Count(value, "\n"), len(e.lines)-1)
		return e.lineEnd(e.starts[last])
	}
	indent := -1
	for ; row < len(e.lines); row++ {
		line := e.lines[row]
		deep := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) == "" {
			continue
		}
		if indent < 0 {
			indent = deep
		}
		if deep < indent {
			break
		}
		last = row
	}
	return e.lineEnd(e.starts[last])
}

// headerEnd is the offset after the sign | or > and its indicators.
func (e *editor) headerEnd(n *yaml.Node) int {
	at := e.start(n)
	for at < len(e.text) && strings.IndexByte("|>+-0123456789", e.text[at]) >= 0 {
		at++
	}
	return at
}

// flowEnd is the offset after the closing bracket of a flow collection.
func (e *editor) flowEnd(n *yaml.Node) int {
	at := e.start(n) + 1
	if k := len(n.Content); k > 0 {
		at = max(at, e.entryEnd(n, k-1))
	}
	for at < len(e.text) {
		switch e.text[at] {
		case '}', ']':
			return at + 1
		case '#':
			at = e.lineEnd(at)
		default:
			at++
		}
	}
	return at
}
