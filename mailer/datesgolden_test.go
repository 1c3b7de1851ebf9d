package mailer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// leastPhrasings is how many phrasings the languages that are promised must
// have in testdata/returns.
const leastPhrasings = 12

// TestReturnDatesOfEachLanguage reads what absent people write in each
// language. A line is a text, then the first day back; "@DATE" before the text
// is the day of the mail where it is not Tuesday, 4 August 2026.
func TestReturnDatesOfEachLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"} {
		if n := checkReturns(t, language); n < leastPhrasings {
			t.Errorf("%s has %d phrasings, want %d", language, n, leastPhrasings)
		}
	}
	for _, language := range []string{"da", "no", "fi", "cs", "ru"} {
		if checkReturns(t, language) == 0 {
			t.Errorf("%s has no phrasing", language)
		}
	}
}

func checkReturns(t *testing.T, language string) (n int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "returns", language+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		text, want, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			continue
		}
		n++
		sent := time.Date(2026, 8, 4, 9, 0, 0, 0, time.UTC)
		if day, rest, ok := strings.Cut(strings.TrimPrefix(text, "@"), " "); ok && text[0] == '@' {
			if sent, err = time.Parse(time.DateOnly, day); err != nil {
				t.Fatal(err)
			}
			text = rest
		}
		got := "none"
		if day := ReturnDate(text, sent); !day.IsZero() {
			got = day.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%s: %q: %s, want %s", language, text, got, want)
		}
	}
	return n
}
