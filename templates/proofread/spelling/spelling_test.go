package spelling

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestEnglish(t *testing.T) {
	t.Parallel()
	e := BuiltIn()
	for word, want := range map[string]bool{
		"the": true, "The": true, "THE": true, "Paris": true, "PARIS": true, "paris": false, "organise": true, "organize": true, "colour": true,
		"rollouts": true, "onboarding": true, "LinkedIn": true, "don't": true, "recieve": false, "flurb": false, "": false, "alot": false,
	} {
		if got := e.Known(word)&Common != 0; got != want {
			t.Errorf("%q known: %v, want %v", word, got, want)
		}
	}
	for wrong, right := range map[string]string{
		"recieve": "receive", "teh": "the", "intreview": "interview", "oportunity": "opportunity", "Definately": "definitely", "excitted": "excited",
		"enviroments": "environments", "alot": "a lot", "calender": "calendar", "webiner": "webinar", "kuberntes": "",
	} {
		got := e.Suggest(wrong, 3)
		if right != "" && (len(got) == 0 || got[0] != right) || len(got) > 3 {
			t.Errorf("%q: suggested %q, want %q first", wrong, got, right)
		}
	}
	if c := e.Class("colour"); c&BritishForm == 0 || c&American != 0 {
		t.Errorf("colour is %b", c)
	}
	if c := e.Class("program"); c&(AmericanForm|BritishForm) != 0 {
		t.Errorf("program is %b, and both sides write it", c)
	}
}

// TestTermsAreMade: what stands in the lists is in the transducers.
func TestTermsAreMade(t *testing.T) {
	t.Parallel()
	terms, err := os.ReadFile("data/terms.txt")
	if err != nil {
		t.Fatal(err)
	}
	e, n := BuiltIn(), 0
	for line := range strings.Lines(string(terms)) {
		for _, w := range strings.Fields(line) {
			if w, _, _ = strings.Cut(w, "/"); !strings.HasPrefix(line, "#") && !isNumber(w) {
				n++
				if e.Class(w)&Term == 0 {
					t.Errorf("%q of terms.txt is not in english.fst: make it anew", w)
				}
			}
		}
	}
	if n < 500 {
		t.Errorf("%d terms prove nothing", n)
	}
	wrong, err := os.ReadFile("data/misspelt.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(wrong)) {
		if w, right, _ := strings.Cut(strings.TrimSpace(line), " "); w != "#" && !slices.Contains(e.Misspelling(w), right) {
			t.Errorf("%q of misspelt.txt is not in misspelt.fst: make it anew", w)
		}
	}
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

// system is a dictionary with every form of rule that is read.
func system(t *testing.T, language string, aff, dic string) *Hunspell {
	t.Helper()
	h, err := OpenHunspell(fstest.MapFS{language + ".aff": {Data: []byte(aff)}, language + ".dic": {Data: []byte(dic)}}, language)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHunspell(t *testing.T) {
	t.Parallel()
	aff := "SET UTF-8\nTRY abcdefghijklmnopqrstuvwxyzß\nNEEDAFFIX n\nFORBIDDENWORD f\nONLYINCOMPOUND o\nCOMPOUNDFLAG c\n" +
		"PFX U Y 1\nPFX U 0 un .\nSFX S Y 2\nSFX S y ies [^aeiou]y\nSFX S 0 s/T [^y]\nSFX T N 1\nSFX T 0 chen .\nSFX E N 1\nSFX E 0 e .\n"
	h := system(t, "xx_XX", aff, "9\nberry/S\nclear/U\nday/US\nhund/S po:noun\nstemonly/nE\nwrong/f\nfugen/o\nHaus/c\nTür/c\na priori\n")
	for word, want := range map[string]bool{
		"berry": true, "berries": true, "berrys": false, "unclear": true, "Unclear": true, "hunds": true, "hundschen": true, "hundchen": false,
		"stemonly": false, "stemonlye": true, "wrong": false, "fugen": false, "Haustür": true, "Haustürs": false, "haus": false, "HAUS": true, "": false, "a priori": true, "zzz": false,
	} {
		if got := h.Known(word); got != want {
			t.Errorf("%q known: %v, want %v", word, got, want)
		}
	}
	if got := h.Suggest("brery", 3); len(got) == 0 || got[0] != "berry" {
		t.Errorf("suggested %q", got)
	}
}

func TestHunspellForms(t *testing.T) {
	t.Parallel()
	long := system(t, "de_DE", "SET ISO8859-1\nFLAG long\nSFX Aa Y 1\nSFX Aa 0 s .\n", "1\nT\xfcr/AaBb\n")
	if !long.Known("Türs") || long.Known("Türe") {
		t.Error("flags of two letters in Latin-1 are not read")
	}
	num := system(t, "es", "FLAG num\nAF 1\nAF 12,7\nSFX 7 Y 1\nSFX 7 0 s .\n", "casa/1\n")
	if !num.Known("casas") || num.Known("casase") {
		t.Error("numbered flags behind an alias are not read")
	}
	folder := fstest.MapFS{"de_AT.aff": {Data: []byte("SET UTF-8\n")}, "de_AT.dic": {Data: []byte("1\nJänner\n")}}
	if h, err := OpenHunspell(folder, "de"); err != nil || !h.Known("Jänner") {
		t.Errorf("the only dictionary of a language: %v", err)
	}
	if _, err := OpenHunspell(folder, "fr"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no dictionary gives %v", err)
	}
	for _, aff := range []string{"SFX\nSFX A Y 1\nSFX A", "SFX A 0 s .\n", "SET klingon\n", strings.Repeat("SFX A Y 1\n", 3)} {
		_, _ = OpenHunspell(fstest.MapFS{"fr.aff": {Data: []byte(aff)}, "fr.dic": {Data: []byte("/\n\n/a\nx/\xff\n")}}, "fr") // must not panic
	}
}

func BenchmarkBuiltIn(b *testing.B) {
	for b.Loop() {
		openEnglish()
	}
}

func BenchmarkKnown(b *testing.B) {
	e := BuiltIn()
	for b.Loop() {
		e.Known("conversation")
	}
}
