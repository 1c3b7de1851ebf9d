package config

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// The functions here write what a change adds: in lines of its own (block), or
// inside the brackets and braces of an existing line (flow).

// blockForm writes a key with its value, or with the keys that lead to it.
func blockForm(rest []segment, c Change, indent int) []string {
	inline, body := valueForm(rest[1:], c, indent, false, nil)
	line := strings.Repeat(" ", indent) + rest[0].name + ":"
	if inline != "" {
		line += " " + inline
	}
	return append([]string{line}, body...)
}

// blockItem writes an entry of a list.
func blockItem(rest []segment, c Change, indent int) []string {
	pad := strings.Repeat(" ", indent)
	if len(rest) > 0 {
		lines := blockForm(rest, c, indent+2)
		lines[0] = pad + "- " + strings.TrimLeft(lines[0], " ")
		return lines
	}
	inline, body := valueForm(nil, c, indent, false, nil)
	return append([]string{pad + "- " + inline}, body...)
}

// valueForm writes a value: what stands behind the colon, and the lines under
// it. Old is the value before it, whose style is kept where that is possible.
func valueForm(rest []segment, c Change, indent int, flow bool, old *yaml.Node) (inline string, body []string) {
	switch {
	case flow && len(rest) > 0 && rest[0].entry:
		return "[" + flowItem(rest[1:], c) + "]", nil
	case flow && len(rest) > 0:
		return "{" + flowForm(rest, c) + "}", nil
	case flow && c.List != nil:
		return flowList(c.List), nil
	case flow:
		return scalarForm(c.Text, true, old), nil
	case len(rest) > 0 && rest[0].entry:
		return "", blockItem(rest[1:], c, indent+2)
	case len(rest) > 0:
		return "", blockForm(rest, c, indent+2)
	case c.List != nil:
		return listForm(c.List, indent+2)
	case c.Text != "" && (strings.Contains(c.Text, "\n") || old != nil && old.Style&yaml.LiteralStyle != 0):
		return "|", literalLines(c.Text, indent+2)
	}
	return scalarForm(c.Text, false, old), nil
}

func flowForm(rest []segment, c Change) string {
	inline, _ := valueForm(rest[1:], c, 0, true, nil)
	return rest[0].name + ": " + inline
}

func flowItem(rest []segment, c Change) string {
	if len(rest) > 0 {
		return "{" + flowForm(rest, c) + "}"
	}
	inline, _ := valueForm(nil, c, 0, true, nil)
	return inline
}

func flowList(texts []string) string {
	var all []string
	for _, t := range texts {
		all = append(all, quoted(t))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// listForm writes a list of texts with a line for each, in quotes where needed.
func listForm(texts []string, indent int) (inline string, body []string) {
	if len(texts) == 0 {
		return "[]", nil
	}
	for _, t := range texts {
		body = append(body, strings.Repeat(" ", indent)+"- "+scalarForm(t, false, nil))
	}
	return "", body
}

func literalLines(text string, indent int) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	return lines
}

// scalarForm writes a text on one line. What was in quotes stays in quotes,
// since a comment may follow it that would else cut the text.
func scalarForm(text string, flow bool, old *yaml.Node) string {
	if old != nil && isQuoted(old) || !isPlainSafe(text) || flow && strings.ContainsAny(text, ",[]{}") {
		return quoted(text)
	}
	return text
}

// isPlainSafe reports a text that every reader of YAML takes for itself when
// it stands without quotes.
func isPlainSafe(text string) bool {
	if text == "" || text == "null" || len(text) > 80 {
		return false
	}
	for i, c := range text {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c > 0x7f
		if !letter && (i == 0 || !strings.ContainsRune(" _./@+-,:()'", c)) {
			return false
		}
	}
	return !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":")
}
