package templates

import "testing"

// French joins a date with its day of the week by "du", where it names one alone by "de".
func TestFrenchOfADate(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"hier": "d'hier", "lundi 23 novembre": "du lundi 23 novembre", "lundi": "de lundi", "ingénieur": "d'ingénieur"} {
		if got := french().de(s); got != want {
			t.Errorf("de %q is %q, want %q", s, got, want)
		}
	}
}
