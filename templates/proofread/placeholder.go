package proofread

import (
	"regexp"
	"strings"

	"afterword/scheduler"
)

// placeholder finds fields that nobody filled in, and the holes that empty
// ones leave.
func placeholder(m *mail) []scheduler.Finding {
	if f := emptySubject(m); f != nil {
		return f
	}
	if g := m.text.greeting; g.text != "" && regexp.MustCompile(`(?i)^\s*\S+(\s\S+)?\s+[,!:]|\b(undefined|null|none|nil|nan)\s*[,!:]`).MatchString(g.text) &&
		(m.text.named == "" || regexp.MustCompile(`(?i)^(undefined|null|none|nil|nan)$`).MatchString(m.text.named)) {
		return found(g.at(0), "the greeting %q names nobody; fill the name in", g.text)
	}
	for _, p := range m.text.everything() {
		if i := m.phrases.placeholder.FindStringIndex(p.text); i != nil {
			return found(p.at(i[0]), "%q was not filled in; write what belongs there", strings.TrimSpace(p.text[i[0]:i[1]]))
		}
		if i := m.phrases.mark.FindStringIndex(p.text); i != nil {
			return found(p.at(i[0]), "%q was not filled in; write what belongs there", strings.TrimSpace(p.text[i[0]:i[1]]))
		}
	}
	return holes(m)
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
	if regexp.MustCompile(`(?i)(\b(at|with|for the|about the|the)|[,:–-])$`).MatchString(bare) {
		return found("subject", "the subject %q breaks off, as if a field were empty; complete it", s)
	}
	return nil
}

// holes finds the blanks and marks that an empty field leaves in a sentence.
func holes(m *mail) []scheduler.Finding {
	hole := regexp.MustCompile(`[^\s.!?:;…"')*•-]  +\S|[\pL\d]\s+[,.](?:\s|$)|,\s*,|(?:^|\s)(?:\(\s*\)|""|\[\s*\])(?:[\s.,]|$)`)
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
