package templates

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

func TestSpoken(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Noor Haddad":           "Noor Haddad",
		"Haddad, Noor":          "Noor Haddad",
		"Haddad,Noor":           "Noor Haddad",
		"von der Leyen, Ursula": "Ursula von der Leyen",
		"Osei, Ken, PhD":        "Ken Osei",
		"Ken Osei, PhD":         "Ken Osei",
		"Ken Osei, Jr.":         "Ken Osei",
		"Ken Osei, Ph.D., MBA":  "Ken Osei",
		"Ken Osei,":             "Ken Osei",
		"One, Two, Three":       "One, Two, Three",
		"Cher":                  "Cher",
		"":                      "",
	} {
		if got := spoken(name); got != want {
			t.Errorf("%q is said as %q, want %q", name, got, want)
		}
	}
}

// TestGreetingOfNamesWithAComma: an address book's order and what stands behind
// a name reach no greeting.
func TestGreetingOfNamesWithAComma(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Haddad, Noor":      "Noor",
		"Dr. Ken Osei, PhD": "Dr. Osei",
		"Osei, Dr. Ken":     "Dr. Osei",
	} {
		if got := english().greeting(scheduler.Person{Name: name}); got != want {
			t.Errorf("%q is greeted as %q, want %q", name, got, want)
		}
	}
}

// TestCompanyThatEndsInAFullStop: a sentence that ends in such a name ends once.
func TestCompanyThatEndsInAFullStop(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"joining Globex, Inc.. I know":   "joining Globex, Inc. I know",
		"joining Globex, Inc., and":      "joining Globex, Inc., and",
		"at Globex, Inc..":               "at Globex, Inc.",
		"well, Globex, Inc.... and":      "well, Globex, Inc.... and",
		"Globex, Inc.. Globex, Inc.. Ok": "Globex, Inc. Globex, Inc. Ok",
	} {
		if got := onePeriod(text, "Globex, Inc."); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	at := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	i := scheduler.Interview{ID: "talk", At: at, Interviewers: []scheduler.Person{{Name: "Haddad, Noor", Email: "noor@globex.example"}}}
	set, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range set.Names() {
		for rank := range 8 {
			made, err := set.Render(scheduler.RenderInput{Template: name, Language: "en", Me: scheduler.Me{Name: "Dana Reyes"}, Rank: rank,
				Application: scheduler.Application{Company: "Globex, Inc.", Role: "Engineer", Interviews: []scheduler.Interview{i}}, Interview: i, Person: i.Interviewers[0], Leaves: at})
			if err != nil {
				t.Fatal(err)
			}
			if twice := "Inc.."; strings.Contains(made.Body+made.Subject, twice) {
				t.Errorf("%s, %d: a sentence ends twice:\n%s", name, rank, made.Body)
			}
		}
	}
}
