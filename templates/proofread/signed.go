package proofread

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"afterword/scheduler"
	"afterword/templates/proofread/spelling"
)

// wrongSignature finds a mail that is signed by somebody else than the candidate, as
// one that was copied may be. Some people sign by a name that no file knows, so it is a
// warning; where the reader signs, or somebody of another application, it is wrong.
func (m *mail) wrongSignature(p scheduler.Person) []scheduler.Finding {
	signed, place := m.signedBy()
	if signed == "" || m.in.Me.Name == "" || latin(signed) != latin(m.in.Me.Name) || m.isMine(signed) {
		return nil
	}
	severity := scheduler.Warning
	if callsPerson(signed, p) || m.isStranger(signed) {
		severity = scheduler.Error
	}
	return graded(severity, place, "the mail is signed %q, and you are %s; sign it by your own name", signed, m.in.Me.Name)
}

// signedBy is the line below the closing that looks like a name, "" if there is none.
// Without a closing it is the last line of the text, where it can be nothing else.
func (m *mail) signedBy() (name, place string) {
	for n, s := range m.text.signature {
		line := strings.TrimLeft(strings.TrimSpace(s.text), "-–— ")
		if n == 0 && (isClosing(line) || strings.HasSuffix(line, ",")) {
			if _, behind, ok := strings.Cut(line, ","); ok && m.maySign(behind) {
				return strings.TrimSpace(behind), s.at(0)
			}
			continue
		}
		if m.isMine(line) || m.maySign(line) {
			return strings.TrimRight(line, ".,! "), s.at(0)
		}
		return "", ""
	}
	if n := len(m.text.paragraphs) - 1; n > 0 && len(m.text.signature) == 0 {
		last := m.text.paragraphs[n]
		if line := strings.TrimSpace(last.text); len(strings.Fields(line)) > 1 && (m.isMine(line) || m.maySign(line)) && !isClosing(line) {
			return line, last.at(0)
		}
	}
	return "", ""
}

// maySign reports whether a line looks like a name, or is that of somebody whom the files
// know, who are asked last: they may be thousands.
func (m *mail) maySign(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (looksLikeName(line) || callsPerson(line, m.person()) || m.isStranger(line))
}

// looksLikeName: up to four words with a capital, one of which at least no dictionary
// has, and nothing that belongs to an address, a number or a title of work.
func looksLikeName(line string) bool {
	line = strings.TrimRight(strings.TrimSpace(line), ".,! ")
	ws := strings.Fields(line)
	if len(ws) == 0 || len(ws) > 4 || strings.ContainsAny(line, "@:/|,;()\"+&0123456789") {
		return false
	}
	names := 0
	for _, w := range ws {
		bare := strings.Trim(w, ".")
		if isParticle(w) || isTitle(w) || len([]rune(bare)) == 1 {
			continue
		}
		if !unicode.IsUpper([]rune(bare)[0]) {
			return false
		}
		if spelling.BuiltIn().Class(strings.ToLower(bare))&spelling.Common == 0 || len(ws) == 1 {
			names++
		}
	}
	return names > 0
}

// isMine reports whether a signature holds a word of the candidate's name, a short form
// of one, or a line of the signature that the settings give.
func (m *mail) isMine(signed string) bool {
	const shortForm = 3 // letters that a short form shares
	own := letters(m.in.Me.Name + " " + m.in.Me.Signature)
	for _, w := range letters(signed) {
		for _, mine := range own {
			if w == mine || len(w) >= shortForm && len(mine) >= shortForm && (strings.HasPrefix(mine, w[:shortForm]) || strings.HasPrefix(w, mine[:shortForm])) {
				return true
			}
		}
	}
	initials := ""
	for _, mine := range letters(m.in.Me.Name) {
		initials += mine[:1]
	}
	return strings.EqualFold(strings.ReplaceAll(signed, ".", ""), initials)
}

// letters are the words of a name without accents, in lower case.
func letters(name string) []string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(plain(name)))
	return strings.FieldsFunc(bare, func(r rune) bool { return !unicode.IsLetter(r) })
}

// isStranger reports whether a name is that of somebody of another application, or of
// another person of this one.
func (m *mail) isStranger(signed string) bool {
	if slices.ContainsFunc(others(m), func(p scheduler.Person) bool { return callsPerson(signed, p) }) {
		return true
	}
	for o := range m.others() {
		for p := range everybody(&o) {
			if callsPerson(signed, *p) {
				return true
			}
		}
	}
	return false
}
