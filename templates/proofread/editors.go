package proofread

import (
	"strings"
	"unicode"
)

// isEditors reports whether brackets hold what an editor puts into the words of somebody
// else: a pronoun ("he said [they] use Go"), or, within a quotation that goes on around
// them, whom or what it means ("we [the nurses] decide") and that something was left out.
func (m *mail) isEditors(text string, at []int, inside string) bool {
	ws := words(inside)
	if len(ws) == 0 {
		return strings.Trim(inside, ".… ") == "" && inQuotation(text, at, inside)
	}
	if instruction().MatchString(inside) || fieldNoun().MatchString(inside) || !m.isFunction(ws[0]) {
		return false
	}
	all := true
	for _, w := range ws {
		all = all && m.isFunction(w)
	}
	return all || unicode.IsLower([]rune(inside)[0]) && inQuotation(text, at, inside)
}

// isFunction reports whether a word is one without which no sentence does, in any language.
func (m *mail) isFunction(w string) bool {
	return m.phrases().stop[w] || m.phrases().function[w] != nil
}

// instruction is how a field tells what belongs there, in function words as well.
var instruction = lazy(`(?i)\b(?:your|\w*things?|some\w*|any|one|other|what|which|who|where|when|how|or|if)\b`)

// inQuotation reports whether a bracket is a part of a quotation, and not all of it.
func inQuotation(text string, at []int, inside string) bool {
	for _, q := range quoteMarks[1:] {
		if quoted, ok := quotedAt(text, at, q[0], q[1]); ok && strings.TrimSpace(quoted) != "["+inside+"]" {
			return true
		}
	}
	return false
}

// isAcronym reports whether brackets hold an abbreviation in capitals, maybe with a
// number, as tags of tests and documents do: [CI], [WIP], [RFC 6854]. A short name of a
// field is none.
func isAcronym(inside string) bool {
	return acronym().MatchString(inside) && !shortField().MatchString(inside)
}

var acronym = lazy(`^[A-Z][A-Z0-9]{1,3}(?:[ -]\d+)?$`)

// shortField are the names of fields, and what stands for one, of up to four letters.
var shortField = lazy(`^(?:X+|Y+|Z+|XY|XYZ|ABC|TB[ACD]|TK|NAME|ROLE|DATE|JOB|DAY|TIME|CITY|TOWN|TEAM|FIRM|CO|HM|LINK|NOTE|TEXT|YEAR|WEEK|AREA|FACT|IDEA|UNIT|LAB|HERE|FILL|ADD|EDIT|ORT|TAG|ZEIT|NOM|LIEU|JOUR|DÍA|DIA|HORA|NOME|ORA|GG|MM|DD|YY|JJ|NAAM|DAG|ROL|VAGA|DATA|NAMN|NAVN|IMIĘ)\b`)

// isSpokenElement reports whether an element of HTML is spoken of: it stands within a
// sentence, behind a word, as in "a <div> soup". What was pasted from a page begins a
// line or touches its text, and is found as such.
func isSpokenElement(text string, at int) bool {
	before := strings.TrimRight(text[:at], " (\"'")
	if before == text[:at] || before == "" || strings.ContainsAny(before[len(before)-1:], ".!?") {
		return false
	}
	tag := htmlElement().FindString(text[at:])
	rest := text[at+len(tag):]
	return tag != "" && (rest == "" || !unicode.IsLetter([]rune(rest)[0]))
}

// htmlElement are those whose names no field has.
var htmlElement = lazy(`^<(?:a|abbr|article|aside|audio|b|blink|blockquote|br ?/?|button|canvas|center|code|dialog|div|dl|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|header|html|i|iframe|img|input|li|main|marquee|nav|ol|option|p|picture|pre|section|select|slot|span|svg|table|tbody|td|textarea|th|thead|tr|ul|video)>`)
