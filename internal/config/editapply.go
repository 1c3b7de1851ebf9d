package config

import (
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// apply makes one change in the text.
func apply(path, text string, segments []segment, c Change) (string, error) {
	e, err := newEditor(path, text)
	if err != nil {
		return "", err
	}
	n, flow := e.root, false
	for i, s := range segments {
		rest := segments[i:]
		flow = flow || n.Style&yaml.FlowStyle != 0
		switch {
		case s.entry && n.Kind != yaml.SequenceNode:
			return "", fmt.Errorf("%s is no list", pathOf(segments[:i]))
		case !s.entry && n.Kind != yaml.MappingNode:
			return "", fmt.Errorf("%s has no keys", pathOf(segments[:i]))
		}
		if s.appends() {
			return e.addItem(n, rest[1:], c, flow)
		}
		next := find(n, s)
		if next == nil && s.entry {
			return "", fmt.Errorf("%s has no entry %q", pathOf(segments[:i]), s.name)
		}
		if next == nil {
			return e.addKey(n, rest, c, flow)
		}
		if i == len(segments)-1 || isVoid(next) {
			return e.setValue(n, next, rest[1:], c, flow)
		}
		n = next
	}
	return "", errors.New("the path leads nowhere")
}

// pathOf writes segments as they stood in the path.
func pathOf(segments []segment) string {
	var b strings.Builder
	for i, s := range segments {
		if i > 0 && !s.entry {
			b.WriteByte('.')
		}
		b.WriteString(s.String())
	}
	if b.Len() == 0 {
		return "the file"
	}
	return b.String()
}

// isVoid reports a value that holds nothing and can be replaced as a whole:
// null, {} or [].
func isVoid(n *yaml.Node) bool {
	return isNothing(n) || n.Kind != yaml.ScalarNode && len(n.Content) == 0
}

// indentOf is how many columns stand before a node.
func indentOf(n *yaml.Node) int { return n.Column - 1 }

// addKey adds a key that is missing from a mapping.
func (e *editor) addKey(n *yaml.Node, rest []segment, c Change, flow bool) (string, error) {
	if flow {
		return e.addFlow(n, flowForm(rest, c)), nil
	}
	lines := blockForm(rest, c, indentOf(n))
	after := len(n.Content) - 2
	// A short key goes before the long lists, where one looks for it.
	if len(rest) == 1 && c.List == nil {
		for i := 0; i < len(n.Content); i += 2 {
			if v := n.Content[i+1]; v.Kind != yaml.ScalarNode && v.Style&yaml.FlowStyle == 0 {
				if i > 0 {
					after = i - 2
				}
				break
			}
		}
	}
	return e.insertLines(e.entryEnd(n, after+1), lines), nil
}

// addItem appends an entry to a list.
func (e *editor) addItem(n *yaml.Node, rest []segment, c Change, flow bool) (string, error) {
	if flow {
		return e.addFlow(n, flowItem(rest, c)), nil
	}
	lines := blockItem(rest, c, indentOf(n))
	return e.insertLines(e.entryEnd(n, len(n.Content)-1), lines), nil
}

// addFlow adds an entry at the end of a collection in brackets or braces.
func (e *editor) addFlow(n *yaml.Node, entry string) string {
	at := e.start(n) + 1
	if k := len(n.Content); k > 0 {
		at = e.entryEnd(n, k-1)
		entry = ", " + entry
	}
	return e.text[:at] + entry + e.text[at:]
}

// insertLines puts lines after the line of an offset.
func (e *editor) insertLines(after int, lines []string) string {
	at := e.lineEnd(after)
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(e.newline + line)
	}
	if at == len(e.text) {
		b.WriteString(e.newline)
	}
	return e.text[:at] + b.String() + e.text[at:]
}

// setValue replaces the value of a key or an entry. What stands behind it on
// its line, such as a comment, stays.
func (e *editor) setValue(parent, old *yaml.Node, rest []segment, c Change, flow bool) (string, error) {
	if len(rest) == 0 && c.List == nil && old.Kind != yaml.ScalarNode && !isVoid(old) {
		return "", errors.New("it holds keys or a list, no text")
	}
	from := e.start(old)
	inline, body := valueForm(rest, c, indentOf(parent), flow, old)
	if parent.Kind == yaml.MappingNode {
		key := keyOf(parent, old)
		if inline == "" || isNothing(old) && old.Value == "" || old.Line > key.Line {
			from = e.colonEnd(key)
		}
	}
	if e.text[from-1] == ':' || e.text[from-1] == '-' {
		inline = " " + inline
	}
	if inline == " " {
		inline = ""
	}
	return e.splice(old, from, inline, body), nil
}

// splice takes the old value out and puts the new one in: its first line at an
// offset, the others after that line.
func (e *editor) splice(old *yaml.Node, from int, inline string, body []string) string {
	to := e.end(old)
	if isNothing(old) && old.Value == "" {
		to = from
	}
	head, tail := e.text[:from]+inline, e.text[to:]
	block := old.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if start := e.start(old); block || start > e.lineEnd(from) {
		// The rest of the first line is kept, the lines of the value go.
		keep := from
		if block && start <= e.lineEnd(from) {
			keep = e.headerEnd(old)
		}
		head += e.text[keep:e.lineEnd(from)]
		to = max(to, e.lineEnd(from))
		tail = e.text[e.lineEnd(to):]
		if trimmed := strings.TrimRight(e.text[to:e.lineEnd(to)], " \t"); !block && trimmed != "" {
			tail = trimmed + tail
		}
	}
	if len(body) == 0 {
		return head + tail
	}
	cut := strings.IndexByte(tail, '\n')
	if cut < 0 {
		return head + tail + e.newline + strings.Join(body, e.newline) + e.newline
	}
	if cut > 0 && tail[cut-1] == '\r' {
		cut--
	}
	return head + tail[:cut] + e.newline + strings.Join(body, e.newline) + tail[cut:]
}

// keyOf is the key of a value in a mapping.
func keyOf(mapping, val *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i+1] == val {
			return mapping.Content[i]
		}
	}
	return val
}
