package proofread

import (
	"afterword/templates/proofread/spelling"
	"strings"

	"afterword/scheduler"
)

// What a language must show in a text before it is believed.
const (
	leastFunctionWords = 5    // function words of it
	functionShare      = 0.15 // of all words
	functionLead       = 2    // times as many as of the next language
	strangeLead        = 3    // times as many of it as of the one stated
	tellingWords       = 12   // of a text that tells whether it is English
	fewestEnglish      = 10   // words of such a text for each that is a function word of English
	leastTitleWords    = 2    // function words of other languages in a quotation that holds none of the mail's own
	leastStrangeWords  = 4    // function words of one language in a paragraph, for each of the one stated
)

// languageOf is the language in which words are plainly written, "" if there
// is no telling.
func languageOf(ws []string) string {
	count := map[string]int{}
	for _, w := range ws {
		for _, language := range builtin().function[w] {
			count[language]++
		}
	}
	best, next := "", 0
	for language, n := range count {
		switch {
		case n > count[best] || n == count[best] && language < best:
			best, next = language, max(next, count[best])
		default:
			next = max(next, n)
		}
	}
	if n := count[best]; n < leastFunctionWords || float64(n) < functionShare*float64(len(ws)) || n < functionLead*next {
		return ""
	}
	return best
}

// otherLanguage is the language in which the mail is plainly written where
// another is stated, else "".
func (m *mail) otherLanguage() string {
	is := languageOf(words(m.own.content()))
	if m.stated == "" || is == "" || baseLanguage(m.stated) == is || !builtin().languages[baseLanguage(m.stated)] {
		return ""
	}
	return is
}

// unknownLanguage is that of a text of which nothing else is known: English, or, where
// most of it is written in other letters, none.
func unknownLanguage(text string) string {
	if latin(text) {
		return "en"
	}
	return "und"
}

// loneLanguage is unknownLanguage of a text that belongs to no application, which may be in
// any language: one that has too few of the words that every English text has is in none, unless
// most of its words are English.
func loneLanguage(text string) string {
	ws, english := words(text), 0
	for _, w := range ws {
		if own := builtin().function[w]; len(own) == 1 && own[0] == "en" {
			english++
		}
	}
	known := 0
	for _, w := range ws {
		if spelling.BuiltIn().Class(w)&spelling.Common != 0 {
			known++
		}
	}
	if len(ws) >= tellingWords && english*fewestEnglish < len(ws) && known*2 < len(ws) {
		return "und"
	}
	return unknownLanguage(text)
}

// baseLanguage is "de" of "de-AT". Norwegian without further word is Bokmål.
func baseLanguage(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if base == "no" {
		return "nb"
	}
	return base
}

// wrongLanguage finds a mail in another language than the application's.
func wrongLanguage(m *mail) []scheduler.Finding {
	if is := m.otherLanguage(); is != "" {
		return found("text", "the mail is written in %s and the application's language is %s; write it anew, or set `language`", languageName(is), languageName(baseLanguage(m.stated)))
	}
	for _, p := range m.own.paragraphs {
		text := quotation().ReplaceAllStringFunc(p.text, func(quoted string) string { return strings.Repeat(" ", len(quoted)) })
		if is := m.strangeLanguage(text); is != "" {
			return found(p.at(0), "this paragraph is written in %s and the application's language is %s; write it anew", languageName(is), languageName(baseLanguage(m.stated)))
		}
		for _, s := range sentences(text) {
			if is := m.strangeLanguage(s.text); is != "" {
				return found(p.at(s.from+1), "%q is written in %s and the application's language is %s; write it anew", strings.TrimSpace(s.text), languageName(is), languageName(baseLanguage(m.stated)))
			}
		}
	}
	return m.strangeFrame()
}

// strangeLanguage is the language of a paragraph that holds hardly a function word of
// the one that is stated, "" if there is no telling.
func (m *mail) strangeLanguage(text string) string {
	stated := baseLanguage(m.stated)
	if !builtin().languages[stated] {
		return ""
	}
	count, ws := map[string]int{}, words(text)
	for _, w := range ws {
		for _, language := range builtin().function[w] {
			count[language]++
		}
	}
	for language, n := range count {
		leads := true
		for other, k := range count {
			leads = leads && (other == language || n >= functionLead*k)
		}
		if leads && count[stated]*strangeLead < n && n >= leastStrangeWords && float64(n) >= functionShare*float64(len(ws)) {
			return language
		}
	}
	return ""
}

func languageName(code string) string {
	switch code {
	case "en":
		return "English"
	case "fr":
		return "French"
	case "de":
		return "German"
	case "es":
		return "Spanish"
	case "it":
		return "Italian"
	case "pt":
		return "Portuguese"
	case "nl":
		return "Dutch"
	case "pl":
		return "Polish"
	case "cs":
		return "Czech"
	case "sv":
		return "Swedish"
	case "da":
		return "Danish"
	case "nb":
		return "Norwegian"
	case "fi":
		return "Finnish"
	case "sk":
		return "Slovak"
	case "hr":
		return "Croatian"
	case "hu":
		return "Hungarian"
	case "et":
		return "Estonian"
	case "tr":
		return "Turkish"
	case "ro":
		return "Romanian"
	}
	return code
}
