package config

import (
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// YAML cuts an unquoted text silently at " #" and, inside braces, at a comma.
// The functions here find the cuts by looking at the file's own lines.

// rest returns what stands on the last line of a plain scalar after its text.
func (s source) rest(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Line < 1 || n.Line > len(s.lines) {
		return ""
	}
	row := n.Line - 1
	line := []rune(s.lines[row])
	pos := min(max(n.Column-1, 0), len(line))
	for _, c := range n.Value {
		if unicode.IsSpace(c) {
			continue
		}
		for pos < len(line) && unicode.IsSpace(line[pos]) {
			pos++
		}
		for pos >= len(line) && row+1 < len(s.lines) {
			row++
			line, pos = []rune(strings.TrimSpace(s.lines[row])), 0
		}
		if pos >= len(line) || line[pos] != c {
			return ""
		}
		pos++
	}
	return string(line[pos:])
}

// cutByComment returns the whole of a plain text whose end YAML took for a
// comment.
func (s source) cutByComment(n *yaml.Node) (whole string, cut bool) {
	if n == nil || n.Kind != yaml.ScalarNode || isQuoted(n) {
		return "", false
	}
	rest := s.rest(n)
	after := strings.TrimLeft(rest, " \t")
	if !strings.HasPrefix(after, "#") || (after == rest && n.Value != "") {
		return "", false
	}
	return strings.TrimSpace(n.Value + rest), true
}

// torn reports that entry i of a flow mapping has no colon: it is the end of a
// text that was cut at a comma.
func (s source) torn(mapping *yaml.Node, i int) bool {
	name, val := mapping.Content[i], mapping.Content[i+1]
	if mapping.Style&yaml.FlowStyle == 0 || isQuoted(name) || !isNothing(val) || val.Value != "" {
		return false
	}
	return !strings.HasPrefix(strings.TrimLeft(s.rest(name), " \t"), ":")
}

// tornText puts the text of entry i and the ends that were torn off together.
func (s source) tornText(mapping *yaml.Node, i int) string {
	text := mapping.Content[i+1].Value
	for j := i + 2; j+1 < len(mapping.Content) && s.torn(mapping, j); j += 2 {
		text += ", " + mapping.Content[j].Value
	}
	return text
}

func isQuoted(n *yaml.Node) bool {
	return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// refuseCut notes a text that YAML cut at a comment, with the corrected line.
func (v value) refuseCut() bool {
	whole, cut := v.r.cutByComment(v.node)
	if !cut {
		return false
	}
	name := v.key[strings.LastIndexByte(v.key, '.')+1:]
	lead := name + ": "
	if strings.HasSuffix(name, "]") {
		lead = "- "
	}
	v.r.add(v.node, v.key, "a comment that cuts the text after "+strconv.Quote(v.node.Value), "text in quotes, or the comment on a line of its own",
		"write "+lead+quoted(whole))
	return true
}

// quoted is a text in YAML's double quotes, on one line.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch c {
		case '"', '\\':
			b.WriteRune('\\')
			b.WriteRune(c)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
