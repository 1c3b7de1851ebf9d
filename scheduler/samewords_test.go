package scheduler

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSameWords: names and companies are one where only capitals and white space differ,
// as their words joined by single blanks are.
func TestSameWords(t *testing.T) {
	t.Parallel()
	check := func(a, b string, want bool) {
		t.Helper()
		if got := sameWords(a, b); got != want || sameWords(b, a) != want {
			t.Errorf("%q and %q: %v, want %v", a, b, got, want)
		}
	}
	check("Ken Osei", " ken\u00a0\tOSEI\n", true)
	check("Ken Osei", "Ken Oseis", false)
	check("Ken Osei", "KenOsei", false)
	check("Ken", "Ken Osei", false)
	check("", " ", true)
	check("Straße", "STRASSE", false)
	check("Σοφία", "ΣΟΦΊΑ", true)
	pieces := []string{"Ken", "ken", "K", "Osei", " ", "  ", "\t", "\u2003", "é", "É", "\xff", "ſ", "S"}
	random := rand.New(rand.NewPCG(7, 7))
	text := func() string {
		var b strings.Builder
		for range random.IntN(5) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	alike := 0
	for range 20000 {
		a, b := text(), text()
		want := strings.EqualFold(oneSpace(a), oneSpace(b))
		check(a, b, want)
		if want {
			alike++
		}
	}
	if alike < 100 {
		t.Errorf("only %d of the pairs were alike", alike)
	}
}
