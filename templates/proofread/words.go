package proofread

import (
	"slices"
	"strings"
	"unicode"
)

// words are the words of a text in lower case, without marks. Hyphens part
// words, apostrophes do not.
func words(s string) []string {
	var all []string
	for _, w := range strings.FieldsFunc(strings.ToLower(plain(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	}) {
		if w = strings.Trim(w, "'"); w != "" {
			all = append(all, w)
		}
	}
	return all
}

func contains(all []string, s string) bool { return slices.Contains(all, s) }

// runs are the stretches of runLength words in a row, each once, with the index of
// its first word.
func runs(ws []string) map[string]int {
	all := make(map[string]int, len(ws))
	joined, from, to := strings.Join(ws, " "), 0, -1
	for n, w := range ws {
		to += 1 + len(w)
		i := n + 1 - runLength
		if i < 0 {
			continue
		}
		run := joined[from:to]
		from += len(ws[i]) + 1
		if _, known := all[run]; !known {
			all[run] = i
		}
	}
	return all
}

// stem cuts the endings that a word changes in a sentence, so that "moves" and
// "moving" are one. It need not give a word, only the same for both.
func stem(w string) string {
	w = strings.TrimSuffix(w, "'s")
	for _, ending := range []string{"ings", "ing", "ies", "ied", "es", "ed", "ly", "s", "e", "y"} {
		if cut, ok := strings.CutSuffix(w, ending); ok && len([]rune(cut)) >= 3 {
			return cut
		}
	}
	return w
}

// span is a sentence in its passage.
type span struct {
	text string
	from int
}

// sentences splits a text at its marks, but not behind "Dr." and its kin.
func sentences(s string) []span {
	var all []span
	from := 0
	for i := 0; i < len(s); i++ {
		if !strings.ContainsRune(".!?…", rune(s[i])) || i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '"' && s[i+1] != ')' || isAbbreviation(s[from:i+1]) {
			continue
		}
		all = append(all, span{s[from : i+1], from})
		from = i + 1
	}
	if strings.TrimSpace(s[from:]) != "" {
		all = append(all, span{s[from:], from})
	}
	return all
}

// isAbbreviation reports whether the full stop at the end belongs to a word.
func isAbbreviation(s string) bool {
	if !strings.HasSuffix(s, ".") {
		return false
	}
	whole := s[strings.LastIndexAny(s, " \t\n")+1:]
	last := strings.ToLower(strings.TrimRight(whole, "."))
	switch last {
	case "dr", "mr", "mrs", "ms", "mx", "prof", "st", "e.g", "i.e", "vs", "no", "approx", "dept", "u.s", "u.k", "cf", "a.m", "p.m":
		return true
	}
	r := []rune(strings.TrimRight(whole, "."))
	return len(r) == 1 && unicode.IsUpper(r[0]) && r[0] != 'I'
}

// isEnglish judges by the language that is stated, else and where another is
// stated by the words themselves: without a template in a language the English
// one is used.
func isEnglish(language, text string) bool {
	if language == "" && strings.TrimSpace(text) == "" || strings.HasPrefix(strings.ToLower(language), "en") {
		return true
	}
	if !latin(text) {
		return false
	}
	ws := words(text)
	n, foreign := 0, 0
	for _, w := range ws {
		switch w {
		case "the", "and", "of", "to", "for", "is", "i", "you", "with", "that", "it", "your", "about", "would", "have", "this", "from", "my":
			n++
		case "der", "die", "und", "ich", "sie", "für", "das", "le", "les", "et", "je", "vous", "pour", "que", "el", "los", "por", "con", "una", "de":
			foreign++
		}
	}
	if language == "" {
		return n >= foreign
	}
	return n*8 >= len(ws) && n > foreign
}
