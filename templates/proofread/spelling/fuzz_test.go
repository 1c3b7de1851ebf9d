package spelling

import (
	"testing"
	"testing/fstest"
)

// FuzzHunspell reads any two files as a dictionary of the system and asks it for
// words. It is refused, or answers in bounded time; a word that it offers it
// also knows.
func FuzzHunspell(f *testing.F) {
	f.Add("SET UTF-8\nSFX A Y 2\nSFX A 0 s .\nSFX A y ies [^aeiou]y\nPFX B Y 1\nPFX B 0 un .\n", "3\nberry/A\nkind/AB\nhouse\n", "berries")
	f.Add("SET ISO8859-1\nFLAG num\nCOMPOUNDFLAG 1\nCOMPOUNDMIN 2\nAF 1\nAF 1,2\n", "2\nhaus/1\nt\xfcr/1\n", "Haustür")
	f.Add("FLAG long\nNEEDAFFIX aa\nFORBIDDENWORD bb\nSFX cc Y 1\nSFX cc 0 0/cc .\n", "1\nx/aacc\n", "xx")
	f.Add("SET UTF-16\n", "", "")
	f.Fuzz(func(t *testing.T, aff, dic, word string) {
		if len(aff)+len(dic) > 1<<14 || len(word) > 200 {
			t.Skip()
		}
		h, err := OpenHunspell(fstest.MapFS{"xx_XX.aff": {Data: []byte(aff)}, "xx_XX.dic": {Data: []byte(dic)}}, "xx")
		if err != nil {
			return
		}
		h.Known(word)
		for _, offered := range h.Suggest(word, 5) {
			if !h.Known(offered) {
				t.Errorf("%q is offered and not known", offered)
			}
		}
	})
}
