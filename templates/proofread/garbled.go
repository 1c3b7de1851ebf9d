package proofread

import (
	"strings"

	"afterword/scheduler"
)

// garbled finds what a wrong encoding makes of letters and marks, in any language: "donâ€™t"
// and "MÃ¼ller", a question mark within a word, and marks that are written for a browser.
func (m *mail) garbled() []scheduler.Finding {
	var all []scheduler.Finding
	for _, p := range m.text.everything() {
		if !strings.ContainsAny(p.text, damageMarks) {
			continue
		}
		for _, at := range garbledLetters().FindAllStringSubmatchIndex(p.text, -1) {
			from, to := at[2], at[3]
			if _, inCode := quotedAt(p.text, []int{from, to}, "`", "`"); inCode || m.inOwnName(p.text, from, to) || m.isMeant(p.text, []int{from, to}) || isPath(tokenAround(p.text, from)) || isTernary(p.text, from, to) {
				continue
			}
			return append(all, scheduler.Finding{Severity: scheduler.Error, Place: p.at(from),
				Text: "the letters at \"" + around(p.text, from, to) + "\" are damaged by a wrong encoding; type them anew"})
		}
	}
	return all
}

// garbledLetters: the first byte of a character of UTF-8 read as one of Windows-1252 is
// followed by a mark or a letter that no word has there.
var garbledLetters = lazy(`(â€[™˜œ“”–—¦\x{9d}]?|[ÃÂ][\x{80}-\x{bf}ŠŒŽšœžŸƒˆ˜€‚„…†‡‰‹‘’“”•–—™›'"]|Ã ?\x{a0}|ï»¿|\pL\?\pL|(?:=[0-9A-F]{2}){2,}|&(?:#\d{2,5}|#x[\da-fA-F]{2,5}|nbsp|amp|quot|apos|lt|gt|[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil)|szlig|rsquo|lsquo|ldquo|rdquo|ndash|mdash|hellip|euro);)`)

// damageMarks are signs of which all that was damaged so holds one.
const damageMarks = "âÃÂï?=&"

// isTernary tells the question mark of code: the word that holds it has further marks.
func isTernary(text string, from, to int) bool {
	return strings.Contains(text[from:to], "?") && strings.ContainsAny(strings.TrimRight(tokenAround(text, from), ".,;:!?)"), ":=()")
}

// tokenAround is what stands between two blanks around a byte.
func tokenAround(text string, at int) string {
	from := strings.LastIndexAny(text[:at], " \n") + 1
	if n := strings.IndexAny(text[at:], " \n"); n >= 0 {
		return text[from : at+n]
	}
	return text[from:]
}
