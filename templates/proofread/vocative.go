package proofread

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"afterword/scheduler"
)

// callsReader is callsPerson in a mail whose language may change a name when it calls
// somebody by it: "pane Dvořáku" calls Dvořák.
func (m *mail) callsReader(called string, p scheduler.Person) bool {
	return !comparable(called, p) || callsPerson(called, p) || callsPerson(m.uncalled(called, p), p)
}

// uncalled puts the person's own words in the place of those that call them.
func (m *mail) uncalled(called string, p scheduler.Person) string {
	var endings []calling
	for _, c := range callings {
		if strings.Contains(" "+c.languages+" ", " "+baseLanguage(m.language)+" ") {
			endings = append(endings, c)
		}
	}
	known := strings.Fields(plain(p.Name + " " + p.Greet))
	all := strings.Fields(called)
	for i, w := range all {
		for _, k := range known {
			if k != w && isCallOf(endings, k, w) {
				all[i] = k
			}
		}
	}
	return strings.Join(all, " ")
}

// calling is how some languages call by a name: what they take from its end, and what
// they put there.
type calling struct{ languages, from, to string }

// callings are those of the languages that have a case for it. What is not here calls by
// the name as it is.
var callings = []calling{
	{"pl cs sk hr sr bs sl", "", "e ie u iu i"}, {"pl cs sk hr sr bs sl", "a", "o u e"}, {"pl cs", "", "ě"}, {"hr sr bs", "o", "e"}, {"hr sr bs", "ac", "če"},
	{"lt", "as", "ai e"}, {"lt", "is", "i"}, {"lt", "ys", "y"}, {"lt", "us", "au"}, {"lt", "ė", "e"},
	{"lv", "s", "-"}, {"lv", "š", "-"}, {"lv", "a", "-"}, {"lv", "e", "-"}, {"lv", "a", "as"}, {"lv", "e", "es"}, {"lv", "s", "a"}, {"lv", "is", "a"},
	{"ro", "", "e ule"}, {"ro", "a", "o"},
	{"el", "ος", "ο ε"}, {"el", "ός", "ό έ"}, {"el", "ης", "η"}, {"el", "ής", "ή"}, {"el", "ας", "α"}, {"el", "άς", "ά"},
	{"sr", "", "е у"}, {"sr", "а", "о"}, {"uk be", "", "е у ю"}, {"uk be", "а", "о"}, {"uk be", "я", "ю є"}, {"uk be", "й", "ю"}, {"uk be", "о", "е"},
	{"bg mk", "", "е о"}, {"bg mk", "а", "о"}, {"bg mk", "я", "ьо"},
}

// isCallOf reports whether a word is a name with an ending by which one calls.
func isCallOf(endings []calling, name, word string) bool {
	name, word = norm.NFC.String(name), norm.NFC.String(word)
	for _, c := range endings {
		stem, ok := strings.CutSuffix(name, c.from)
		if !ok || len([]rune(stem)) < 2 || c.from == "" && endsInVowel(stem) {
			continue
		}
		for _, to := range strings.Fields(c.to) {
			called, ok := strings.CutSuffix(word, strings.Trim(to, "-"))
			if ok && (sameStem(stem, called) || sameStem(withoutLastVowel(stem), called)) {
				return true
			}
		}
	}
	return false
}

func endsInVowel(s string) bool {
	r := []rune(s)
	return isVowel(r[len(r)-1])
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyáéíóúýěůąęаеиоуяюєії", unicode.ToLower(r))
}

// sameStem compares two stems whose last consonant may be softened: Piotr and "Piotrz".
func sameStem(stem, called string) bool {
	if stem == called {
		return true
	}
	for _, soft := range [...][2]string{{"r", "ř"}, {"r", "rz"}, {"t", "c"}, {"d", "dz"}, {"ł", "l"}, {"st", "śc"}, {"k", "č"}, {"c", "č"}, {"h", "ž"}, {"g", "ž"}, {"г", "ж"}, {"к", "ч"}} {
		if hard, ok := strings.CutSuffix(stem, soft[0]); ok && hard+soft[1] == called {
			return true
		}
	}
	return false
}

// withoutLastVowel is a stem without the vowel that stands before its last consonant and
// goes when an ending comes: Marek and "Marku".
func withoutLastVowel(stem string) string {
	r := []rune(stem)
	n := len(r) - 1
	if n < 3 || isVowel(r[n]) || !strings.ContainsRune("eěaи", r[n-1]) {
		return stem
	}
	from := n - 1
	if r[from-1] == 'i' {
		from-- // Gierek: "ie" is one sound
	}
	if isVowel(r[from-1]) {
		return stem
	}
	return string(r[:from]) + string(r[n:])
}
