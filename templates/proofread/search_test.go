package proofread

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The alternatives of a table's line are those that no bracket encloses, and a search that
// leaves most of them untried finds what each of them would.
func TestSearchBranches(t *testing.T) {
	t.Parallel()
	for e, want := range map[string][]string{
		"a": {"a"}, "a|b": {"a", "b"}, "(?:a|b)c|d": {"(?:a|b)c", "d"}, "[a|b]|c": {"[a|b]", "c"}, `\||\(|c`: {`\|`, `\(`, "c"}, "[^]|]|x": {"[^]|]", "x"}, `[\]|]|y`: {`[\]|]`, "y"},
	} {
		if got := branches(e); !slices.Equal(got, want) {
			t.Errorf("%q parts into %q, want %q", e, got, want)
		}
	}
	s := newSearch(`(?:^|[^\pL])`, []string{"gentle (?:nudge|push)|as soon as (?:possible|you can)", "é(?:té|tude)|x", "seven|eight|nine|ten", "συνημμέν\\pL+|Ω"}, `(?:$|[^\pL])`)
	for text, want := range map[string]string{"A gentle push helps": " gentle push ", "As soon as you can, please": "As soon as you can,", "un été": " été", "at ten": " ten", "tenth of it": "", "Το συνημμένο": " συνημμένο", "an ÉTUDE": " ÉTUDE", "": ""} {
		got := ""
		if at := s.Find(text); at != nil {
			got = text[at[0]:at[1]]
		}
		if got != want || (want != "") != (len(s.FindAll(text)) > 0) {
			t.Errorf("in %q it finds %q, want %q", text, got, want)
		}
	}
}

// What is tried only where its literals may stand finds the same as trying everything, in
// texts shuffled from pieces of the tables' own words and of letters.
func TestSieveHidesNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	p := loadPhrases()
	pieces := strings.FieldsFunc(lookAlikes+" é Ω ΣΥΝΗΜΜΈΝΑ i have written you twice, ASAP please please in der Anlage sende", func(r rune) bool { return r == ' ' || r == '\n' || r == '|' })
	hits := 0
	for range 40 {
		var text strings.Builder
		for range 40 {
			at := r.IntN(len(pieces) - 4)
			part := strings.Join(pieces[at:at+4], " ")
			switch r.IntN(5) {
			case 0:
				part = strings.ToUpper(part)
			case 1:
				part = string([]rune(part)[r.IntN(3):])
			}
			text.WriteString(part + " ")
		}
		for name, s := range map[string]search{"pressure": p.pressure, "desperate": p.desperate, "attachment": p.attachment, "slang": p.slang, "placeholder": p.placeholder} {
			var plainly [][]int
			for _, a := range s {
				plainly = append(plainly, a.expression().FindAllStringIndex(text.String(), -1)...)
			}
			hits += len(plainly)
			if got := s.FindAll(text.String()); !slices.EqualFunc(got, plainly, slices.Equal) {
				t.Fatalf("%s: the sieve finds %d of %d in %q", name, len(got), len(plainly), text.String())
			}
		}
	}
	if hits < 100 {
		t.Fatalf("the shuffled texts hold %d matches, too few to tell", hits)
	}
}
