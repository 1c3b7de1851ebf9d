package proofread

import (
	"regexp"
	"strings"
	"sync"

	"afterword/scheduler"
)

// strangeFrame finds a greeting or a goodbye of another language than the mail's. A mere
// hello is understood everywhere, and many an English mail ends in the reader's language
// on purpose.
func (m *mail) strangeFrame() []scheduler.Finding {
	own, closed := baseLanguage(m.language), ""
	if !builtin().languages[own] {
		return nil
	}
	if len(m.text.signature) > 0 {
		closed = closingLanguage(strings.ToLower(m.text.signature[0].text))
	}
	first, _, _ := strings.Cut(m.text.greeting.text, " ")
	is := greetingLanguages(m.text.greeting.text)
	if is != "" && !strings.Contains(is, own) && !(own == "en" && is == closed) && !callsPerson(first, m.person()) {
		return found(m.text.greeting.at(0), "the greeting %q is %s and the mail is %s; greet in the language of the mail", m.text.greeting.text, languageName(is[:2]), languageName(own))
	}
	if closed != "" && own != "en" && !strings.Contains(closed, own) {
		closing := m.text.signature[0]
		return found(closing.at(0), "%q is %s and the mail is %s; close in the language of the mail", strings.TrimRight(closing.text, ","), languageName(closed[:2]), languageName(own))
	}
	return nil
}

// esteem are the words with which formal letters call their reader, and whose they are.
var esteem = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for languages, words := range map[string]string{
		"en": "dear", "de": "sehr liebe lieber liebes werte werter", "fr": "cher chère chers chères", "es pt": "estimado estimada estimados estimadas querido querida",
		"es": "apreciado apreciada distinguido distinguida", "it": "gentile gentilissimo gentilissima egregio egregia spettabile", "pt": "prezado prezada",
		"nl": "geachte beste", "pl": "szanowny szanowna", "cs sk": "vážený vážená", "sv": "bästa kära", "da": "kære", "nb no": "kjære", "hu": "tisztelt kedves", "tr": "sayın", "ro": "stimate stimată", "et": "lugupeetud austatud", "fi": "hyvä arvoisa", "hr": "poštovani poštovana",
	} {
		for _, w := range strings.Fields(words) {
			all[w] = languages
		}
	}
	return all
})

// greetingLanguages are those to which the word of esteem of a greeting belongs, "" if
// it has none.
func greetingLanguages(greeting string) string {
	first, more, _ := strings.Cut(strings.ToLower(strings.TrimSpace(greeting)), " ")
	if more == "" || first == "sehr" && !strings.HasPrefix(more, "geehrte") {
		return ""
	}
	return esteem()[first]
}

// goodbyes are the words by which letters close, in the languages that have them.
var goodbyes = []struct {
	languages string
	word      func() *regexp.Regexp
}{
	{"en", lazy(`\b(?:regards|sincerely|yours (?:truly|faithfully)|best wishes)\b`)}, {"de", lazy(`gr(?:ü|ue)(?:ß|ss)en?(?:$|[^\pL])|hochachtungsvoll`)},
	{"fr", lazy(`\b(?:cordialement|salutations|bien à vous)(?:$|[^\pL])`)}, {"es", lazy(`\b(?:saludos?|atentamente)\b`)}, {"it", lazy(`\b(?:saluti|cordialità)(?:$|[^\pL])`)},
	{"nl", lazy(`\bgroet(?:en|jes)?\b`)}, {"pt", lazy(`\b(?:cumprimentos|atenciosamente)\b`)}, {"pl", lazy(`poważaniem|\bpozdrawiam\b|pozdrowienia`)},
	{"cs sk", lazy(`pozdrav(?:em|om)(?:$|[^\pL])`)}, {"sv", lazy(`\bhälsning(?:ar)?\b`)}, {"da nb no", lazy(`\bhilsen\b`)}, {"fi", lazy(`terveisin`)}, {"hu", lazy(`üdvözlettel`)}, {"et", lazy(`lugupidamisega`)},
	{"tr", lazy(`saygılarımla`)}, {"ro", lazy(`cu stimă|cu respect`)}, {"hr", lazy(`štovanjem`)},
}

// closingLanguage is whose goodbye a line holds, "" if none.
func closingLanguage(lower string) string {
	for _, g := range goodbyes {
		if g.word().MatchString(lower) {
			return g.languages
		}
	}
	return ""
}

// disagrees finds a word of esteem that is of another gender than the form of address
// behind it: "Sehr geehrter Frau Keller".
func (m *mail) disagrees() []scheduler.Finding {
	is := genderOf(m.text.greeting.text)
	words := strings.Fields(m.text.greeting.text)
	if len(words) > 1 && strings.EqualFold(words[0], "sehr") {
		words = words[1:]
	}
	if len(words) < 2 {
		return nil
	}
	if named := addressedAs(strings.Trim(words[1], ",:!")); is != "" && named != "" && is != named {
		return found(m.text.greeting.at(0), "%q is of two genders; look at its words again", m.text.greeting.text)
	}
	return nil
}

// genderOf is the gender of the word of esteem that begins a greeting, "" if it tells
// none.
func genderOf(greeting string) string {
	first, more, _ := strings.Cut(strings.ToLower(greeting), " ")
	if first == "sehr" {
		first, _, _ = strings.Cut(more, " ")
	}
	switch first {
	case "geehrter", "lieber", "werter", "cher", "estimado", "querido", "apreciado", "distinguido", "prezado", "caro", "egregio", "szanowny", "vážený", "stimate", "αγαπητέ", "αξιότιμε", "уважаемый", "шановний", "gerbiamas", "exmo.", "spoštovani":
		return "man"
	case "geehrte", "liebe", "werte", "chère", "estimada", "querida", "apreciada", "distinguida", "prezada", "cara", "egregia", "szanowna", "vážená", "stimată", "αγαπητή", "αξιότιμη", "уважаемая", "шановна", "gerbiama", "exma.", "spoštovana", "poštovana":
		return "woman"
	}
	return ""
}
