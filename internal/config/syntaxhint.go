package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// What people write who do not know that YAML has its own marks: an apostrophe or
// a quotation mark within the like, and a second colon with a blank behind it.
var (
	innerApostrophe = regexp.MustCompile(`^[^'"#]*[:,\[-]\s+'[^']*'[^\s',}\]#]`)
	innerQuote      = regexp.MustCompile(`^[^'"#]*[:,\[-]\s+"[^"\\]*"[^\s",}\]#]`)
	twoColons       = regexp.MustCompile(`:\s.*:(\s|$)`)
)

const sameColumn = "begin the keys of one entry in the same column, with the colon and a blank behind each"

// syntaxHint says what probably is wrong where the YAML library gave up, and in
// which line: the library may name the beginning of the entry.
func (r *reader) syntaxHint(words string, line int) (hint string, at int) {
	if n := r.oddIndent(line + 1); n > 0 {
		return "the line begins with a blank that is none, as some editors and web pages have; type it anew", n
	}
	switch {
	case strings.Contains(words, "mapping values are not allowed"):
		if line >= 1 && line <= len(r.lines) && !twoColons.MatchString(r.lines[line-1]) {
			return sameColumn, line
		}
		return `put text that contains ": " in double quotes`, line
	case strings.Contains(words, "cannot start any token"):
		return "indent with spaces, not tabs, and put text that begins with @, ` or % in double quotes", line
	case strings.Contains(words, "unexpected end of stream"):
		return "a quotation mark or a bracket is not closed", line
	case strings.Contains(words, "alphabetic or numeric character"):
		return "put text that begins with * or & in double quotes", line
	case strings.Contains(words, "did not find expected ','"):
		return `a comma or a closing bracket is missing, or text within brackets that contains ": " or a bracket must stand in double quotes`, line
	case strings.Contains(words, "node content"):
		return "a bracket is not closed, or closes what was never opened", line
	case strings.Contains(words, "block sequence entries"):
		return "begin each entry of a list with a dash on a line of its own", line
	case strings.Contains(words, "did not find expected"):
		return r.quoteHint(line)
	}
	return "", line
}

// quoteHint looks for a quotation mark that ends a text too soon.
func (r *reader) quoteHint(line int) (hint string, at int) {
	for n := max(line, 1); n <= len(r.lines); n++ {
		switch text := r.lines[n-1]; {
		case innerApostrophe.MatchString(text):
			return "an apostrophe ends text that stands in single quotes; put the text in double quotes", n
		case innerQuote.MatchString(text):
			return `a double quote ends text that stands in double quotes; write \" within it`, n
		}
	}
	return sameColumn, line
}

// oddIndent is the first line up to one, the last there is, whose indentation has
// another blank than a space or a tab; 0 if none has.
func (r *reader) oddIndent(last int) int {
	for n, text := range r.lines[:min(max(last, 0), len(r.lines))] {
		indent := text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsSpace))]
		if strings.Trim(indent, " \t") != "" {
			return n + 1
		}
	}
	return 0
}

// TimeHint says what a time of a meeting lacks, "" where that is not known.
func TimeHint(text string) string {
	lower := strings.ToLower(strings.TrimSpace(text))
	switch {
	case regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`).MatchString(lower):
		return "the time of day is missing"
	case regexp.MustCompile(`\d ?[ap]\.?m\.?$`).MatchString(lower):
		return "the hours count from 00 to 23"
	case regexp.MustCompile(`:\d\d(z|[+-]\d\d:?\d\d)$`).MatchString(lower):
		return zoneApart
	case strings.HasSuffix(lower, " 24:00"):
		return "midnight is 00:00 of the day after"
	}
	return ""
}

// personHint shows how a person is written who stands there as in an address book.
func personHint(text string) string {
	m := regexp.MustCompile(`^"?([^<>"]*?)"?\s*<([^<>\s]+@[^<>\s]+)>$`).FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || m[1] == "" {
		return ""
	}
	return fmt.Sprintf("write {name: %s, email: %s}", yamlWord(m[1]), m[2])
}

// yamlWord is a text as it may stand within braces.
func yamlWord(text string) string {
	if strings.ContainsAny(text, `,:#[]{}'"*&!|>%@`+"`") {
		return fmt.Sprintf("%q", text)
	}
	return text
}
