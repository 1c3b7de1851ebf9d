package proofread

import (
	"strings"

	"afterword/scheduler"
)

var emptyGreeting = lazy(`(?i)^\s*\S+(\s\S+)?\s+[,!:]|\b(undefined|null|none|nil|nan)\s*[,!:]`)

var noName = lazy(`(?i)^(undefined|null|none|nil|nan)$`)

// placeholder finds fields that nobody filled in, and the holes that empty
// ones leave.
func placeholder(m *mail) []scheduler.Finding {
	if f := emptySubject(m); f != nil {
		return f
	}
	if g := m.text.greeting; g.text != "" && emptyGreeting().MatchString(g.text) &&
		(m.text.named == "" || noName().MatchString(m.text.named)) {
		return found(g.at(0), "the greeting %q names nobody; fill the name in", g.text)
	}
	for _, p := range m.text.everything() {
		if i := m.unfilled(p.text); i != nil {
			return found(p.at(i[0]), "%q was not filled in; write what belongs there", strings.TrimSpace(p.text[i[0]:i[1]]))
		}
	}
	return holes(m)
}

var brokenOff = lazy(`(?i)(\b(at|with|for the|about the|the)|[,:–-])$`)

// unwrittenMark is what writers leave for themselves, in capitals.
var unwrittenMark = lazy(`\b(?:TODO|FIXME|TBD|TK TK|XX+|INSERT_\w+)\b|(?:FIRST|LAST|FULL|COMPANY|ROLE|JOB|POSITION|INTERVIEWER|RECIPIENT|MANAGER)[_ ](?:NAME|TITLE|HERE)\b`)

// unfilled is where a field stands that nobody filled in. Most texts hold none
// of its marks, and are not searched for them.
func (m *mail) unfilled(text string) []int {
	if strings.ContainsAny(text, "<>{}[]%$«*_…") || strings.Contains(text, "....") {
		if i := m.phrases.placeholder.Find(text); i != nil {
			return i
		}
	}
	if i := unwrittenMark().FindStringIndex(text); i != nil {
		return i
	}
	return m.phrases.unwritten.Find(text)
}

// emptySubject finds a subject that is missing or breaks off.
func emptySubject(m *mail) []scheduler.Finding {
	s := strings.TrimSpace(m.text.subject.text)
	if m.in.To.Email == "" && m.in.Text.Body == "" && s == "" {
		return nil // a text without a header has no subject to miss
	}
	bare := strings.TrimSpace(strings.TrimPrefix(s, mark(s)))
	if bare == "" && (m.in.Thread == nil || m.in.Thread.Subject != "") {
		return found("subject", "the subject is empty; say what the mail is about")
	}
	if brokenOff().MatchString(bare) {
		return found("subject", "the subject %q breaks off, as if a field were empty; complete it", s)
	}
	return nil
}

var holeMarks = lazy(`[^\s.!?:;…"')*•-]  +\S|[\pL\d]\s+[,.](?:\s|$)|,\s*,|(?:^|\s)(?:\(\s*\)|""|\[\s*\])(?:[\s.,]|$)`)

// holes finds the blanks and marks that an empty field leaves in a sentence.
func holes(m *mail) []scheduler.Finding {
	hole := holeMarks()
	for _, p := range m.text.prose() {
		for _, i := range hole.FindAllStringIndex(p.raw, -1) {
			if part := p.raw[i[0]:i[1]]; !strings.Contains(part, "\n") {
				return found(p.at(i[0]), "there is a hole at %q, as if a field were empty; fill it or close it", around(p.raw, i[0], i[1]))
			}
		}
	}
	return nil
}

// around shows a few letters on both sides.
func around(s string, from, to int) string {
	from, to = max(0, from-12), min(len(s), to+12)
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s[from:to], "\n", " "), ""))
}
