package templates_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
	"afterword/templates"
	"afterword/templates/proofread"
)

// mostShared is the share of five-word runs that two notes of a panel may have
// in common.
const mostShared = 0.25

// panel is a panel of eight, with what varies from one application to another.
type panel struct {
	language       string
	said, question bool
	names          [2]string // of role and company
	late           bool      // the day is written out
	size           int
}

func (p panel) String() string {
	return fmt.Sprintf("%d in %s, said %v, question %v, %q, late %v", p.size, p.language, p.said, p.question, p.names, p.late)
}

// member is what the note to one of them is written from. The question is the
// same for all: it is the candidate's own.
func (p panel) member(t *testing.T, rank int) scheduler.RenderInput {
	t.Helper()
	in := factsIn(t, p.language, 8)
	for n := 8; n < p.size; n++ {
		in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: fmt.Sprintf("Guest %c", 'A'+n), Email: fmt.Sprintf("g%d@acme.example", n), Said: fmt.Sprintf("release train number %d was rebuilt after the great outage", n)})
	}
	in.Person, in.Rank = in.Interview.Interviewers[rank], rank
	if !p.said {
		in.Person.Said = ""
	}
	if p.question {
		in.Person.Question = asks()[p.language][0]
	}
	if p.names[0] != "" {
		in.Application.Role, in.Application.Company = p.names[0], p.names[1]
	}
	if p.late {
		in.Leaves = in.Leaves.AddDate(0, 0, 1)
	}
	return in
}

func (p panel) notes(t *testing.T, s *templates.Set) []scheduler.Text {
	t.Helper()
	var notes []scheduler.Text
	for rank := range p.size {
		text, err := s.Render(p.member(t, rank))
		if err != nil {
			t.Fatal(err)
		}
		notes = append(notes, text)
	}
	return notes
}

// TestPanelOfEight: no two notes of a panel share a subject or much of their
// text, in any language, whoever was heard to say something, and whatever the
// candidate still wants to know.
func TestPanelOfEight(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for language := range languages() {
		for _, names := range [][2]string{{"Engineer", "Acme"}, {"Senior Site Reliability Engineer", "Banco Industrial del Norte"}} {
			for bits := range 8 {
				p := panel{language: language, said: bits&1 == 0, question: bits&2 == 0, late: bits&4 == 0, names: names, size: 8}
				notes := p.notes(t, s)
				comparePanel(t, p, notes)
				proofPanel(t, p, notes)
			}
		}
	}
}

func comparePanel(t *testing.T, p panel, notes []scheduler.Text) {
	t.Helper()
	for i, a := range notes {
		own := runs(a.Body)
		if len(own) < 20 {
			t.Fatalf("%v: note %d has %d runs: too few to compare", p, i, len(own))
		}
		for j, b := range notes {
			if i == j {
				continue
			}
			if strings.EqualFold(a.Subject, b.Subject) {
				t.Errorf("%v: notes %d and %d share the subject %q", p, i, j, a.Subject)
			}
			if share := shared(own, runs(b.Body)); share > mostShared {
				t.Errorf("%v: notes %d and %d share %.0f %% of their runs", p, i, j, 100*share)
			}
		}
	}
}

// shared is the part of some runs that others have too.
func shared(own, other map[string]bool) float64 {
	n := 0
	for r := range own {
		if other[r] {
			n++
		}
	}
	return float64(n) / float64(len(own))
}

// proofPanel holds each note against the others.
func proofPanel(t *testing.T, p panel, notes []scheduler.Text) {
	t.Helper()
	c := proofread.New()
	for rank, text := range notes {
		in := proof(p.member(t, rank), scheduler.Owed, text)
		in.Panel = slices.Delete(slices.Clone(notes), rank, rank+1)
		for _, f := range c.Check(in) {
			meant := f.Code == "not-personal" && !p.said || f.Code == "late-thanks" && p.late
			if f.Severity != scheduler.Hint && !meant {
				t.Errorf("%v, rank %d: %s, %s: %s\n%s", p, rank, f.Code, f.Place, f.Text, text.Body)
			}
		}
	}
}

// TestPanelOfTwelve: past the eighth, notes share sentences but are no copies.
func TestPanelOfTwelve(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	const mostOfALargePanel = 0.40 // as copy-paste counts
	for language := range languages() {
		p := panel{language: language, said: true, size: 12}
		notes := p.notes(t, s)
		for i, a := range notes {
			for _, b := range notes[:i] {
				if share := shared(runs(a.Body), runs(b.Body)); share > mostOfALargePanel {
					t.Errorf("%v: note %d shares %.0f %% of its runs:\n%s\n%s", p, i, 100*share, a.Body, b.Body)
				}
			}
		}
	}
}

// TestPanelKeepsItsWordings: somebody who is added changes no other note.
func TestPanelKeepsItsWordings(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for language := range languages() {
		few, many := panel{language: language, said: true, size: 3}, panel{language: language, said: true, size: 8}
		for rank, note := range few.notes(t, s) {
			in := many.member(t, rank)
			if text, err := s.Render(in); err != nil || text.Subject != note.Subject || text.Body != note.Body {
				t.Errorf("%s, rank %d: got %q, %v, want %q", language, rank, text.Body, err, note.Body)
			}
		}
	}
}

// TestPanelGolden pins the eight wordings, with every fact and with none.
func TestPanelGolden(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for language := range languages() {
		var b strings.Builder
		for _, p := range []panel{{language: language, said: true, question: true, size: 8}, {language: language, late: true, size: 8}} {
			for rank, text := range p.notes(t, s) {
				fmt.Fprintf(&b, "===== rank %d\nSubject: %s\n\n%s\n", rank, text.Subject, text.Body)
			}
		}
		golden(t, filepath.Join("testdata", language, "panel-of-eight.golden"), b.String())
	}
}

// runs are the five-word runs between greeting and closing.
func runs(body string) map[string]bool {
	_, body, _ = strings.Cut(body, "\n")
	body = body[:strings.LastIndex(body, "\n\n")]
	ws := strings.FieldsFunc(strings.ToLower(body), func(r rune) bool { return strings.ContainsRune(" \u00a0\n.,;:!?¿", r) })
	all := map[string]bool{}
	for i := 0; i+5 <= len(ws); i++ {
		all[strings.Join(ws[i:i+5], " ")] = true
	}
	return all
}
