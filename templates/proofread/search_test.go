package proofread

import (
	"slices"
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
