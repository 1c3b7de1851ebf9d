package templates_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
	"afterword/templates"
	"afterword/templates/proofread"
)

var update = flag.Bool("update", false, "write the golden files anew")

// facts are a round on Monday 23 November 2026 with so many interviewers.
func facts(t *testing.T, people int) scheduler.RenderInput {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"Ken Osei", "Mara Lindt", "Tomas Ruiz", "Ada Brandt", "Noor Haddad", "Li Wei", "Ines Moreau", "Paul Okafor"}
	said := []string{"the team moves the pager to follow-the-sun in spring", "half of the alerts were deleted last year", "every service has two owners",
		"the database is split by customer in June", "new colleagues ship on their first day", "the search index is rebuilt each night",
		"product and engineering plan together", "postmortems are read aloud on Fridays"}
	i := scheduler.Interview{ID: "onsite", At: time.Date(2026, 11, 23, 14, 0, 0, 0, zone), Zone: zone, ZoneStated: true, Duration: time.Hour, Status: scheduler.InterviewHeld}
	for n := range people {
		i.Interviewers = append(i.Interviewers, scheduler.Person{Name: names[n], Email: fmt.Sprintf("p%d@acme.example", n), Said: said[n]})
	}
	i.Debrief.BetterAnswer = "I would measure the queue first and add workers only where it grows."
	return scheduler.RenderInput{
		Template: "thank-you", Language: "en",
		Me: scheduler.Me{Name: "Dana Reyes", Email: "dana@example.org", Signature: "Dana Reyes\n+33 6 00 00 00 00\n"},
		Application: scheduler.Application{Stem: "acme-sre", Company: "Acme", Role: "Site Reliability Engineer", Domains: []string{"acme.example"}, Status: scheduler.StatusActive,
			Recruiter: &scheduler.Person{Name: "Priya Nair", Email: "priya@acme.example"}, Interviews: []scheduler.Interview{i}},
		Interview: i, Person: i.Interviewers[0], Leaves: time.Date(2026, 11, 24, 9, 41, 0, 0, zone),
	}
}

// builtins loads the built-in templates alone.
func builtins(t *testing.T) *templates.Set {
	t.Helper()
	s, err := templates.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proof is what the daemon would hold the text against.
func proof(in scheduler.RenderInput, k scheduler.Kind, text scheduler.Text) scheduler.ProofInput {
	if k == scheduler.Asking {
		in.Leaves = in.Leaves.AddDate(0, 0, 8)
	}
	return scheduler.ProofInput{RenderInput: in, Kind: k, To: scheduler.Recipient{Name: in.Person.Name, Email: in.Person.Email}, Text: text, From: in.Me.Email}
}

// optional are the facts that may be absent, each with what takes it away.
func optional() []func(*scheduler.RenderInput) {
	return []func(*scheduler.RenderInput){
		func(in *scheduler.RenderInput) { in.Person.Said = "" },
		func(in *scheduler.RenderInput) { in.Person.Question = "" },
		func(in *scheduler.RenderInput) { in.Me.Signature = "" },
		func(in *scheduler.RenderInput) { in.Leaves = in.Leaves.AddDate(0, 0, 1) },
		func(in *scheduler.RenderInput) { in.Interview.Debrief.BetterAnswer = "" },
	}
}

// TestEveryBuiltInReadsWell renders each template in every combination of
// facts: none has an error, and no warning but that a note without `said` is
// not personal, or that a mail is late when it is meant to be.
func TestEveryBuiltInReadsWell(t *testing.T) {
	t.Parallel()
	s, c := builtins(t), proofread.New()
	for _, name := range s.Names() {
		for combination := range 1 << len(optional()) {
			in := facts(t, 2)
			in.Template, in.Person.Question = name, "how large is the team"
			if name == "thank-you" {
				in.Interview.Interviewers = in.Interview.Interviewers[:1]
			}
			if name == "pass-on" {
				in.Interview.Interviewers[1].Email = ""
				in.Person = *in.Application.Recruiter
			}
			for bit, absent := range optional() {
				if combination&(1<<bit) != 0 {
					absent(&in)
				}
			}
			check(t, s, c, in, combination)
		}
	}
}

func check(t *testing.T, s *templates.Set, c *proofread.Checker, in scheduler.RenderInput, combination int) {
	t.Helper()
	kind, err := s.Kind(in.Template)
	if err != nil {
		t.Fatal(err)
	}
	p := proof(in, kind, scheduler.Text{})
	text, err := s.Render(p.RenderInput)
	if err != nil {
		t.Fatalf("%s, combination %d: %v", in.Template, combination, err)
	}
	p.Text = text
	meant := []string{"not-personal", "late-thanks"}
	for _, f := range c.Check(p) {
		if f.Severity == scheduler.Error || f.Severity == scheduler.Warning && !slices.Contains(meant, f.Code) {
			t.Errorf("%s, combination %d: %s, %s: %s\n%s\n\n%s", in.Template, combination, f.Code, f.Place, f.Text, text.Subject, text.Body)
		}
	}
}

// TestGolden pins each template as its reader sees it, bare and full.
func TestGolden(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for _, name := range s.Names() {
		var b strings.Builder
		for _, full := range []bool{true, false} {
			in := facts(t, 2)
			in.Template, in.Person.Question = name, "how large is the team"
			in.Interview.Interviewers[1].Email = ""
			if !full {
				in.Person.Said, in.Person.Question, in.Me.Signature, in.Interview.Debrief.BetterAnswer = "", "", "", ""
				in.Leaves = in.Leaves.AddDate(0, 0, 2)
			}
			if name == "thank-you" {
				in.Interview.Interviewers = in.Interview.Interviewers[:1]
			}
			text, err := s.Render(in)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "Subject: %s\n\n%s\n=====\n", text.Subject, text.Body)
		}
		golden(t, filepath.Join("testdata", "en", name+".golden"), b.String())
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}

// mostShared is the share of five-word runs that two notes of a panel may have
// in common.
const mostShared = 0.25

// TestPanelOfEight: no two notes of a panel share a subject or much of their
// text, whoever was heard to say something.
func TestPanelOfEight(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for _, said := range []bool{true, false} {
		var notes []scheduler.Text
		for rank := range 8 {
			in := facts(t, 8)
			in.Person, in.Rank = in.Interview.Interviewers[rank], rank
			if !said {
				in.Person.Said = ""
			}
			text, err := s.Render(in)
			if err != nil {
				t.Fatal(err)
			}
			notes = append(notes, text)
		}
		comparePanel(t, notes, said)
		proofPanel(t, notes, said)
	}
}

func comparePanel(t *testing.T, notes []scheduler.Text, said bool) {
	t.Helper()
	for i, a := range notes {
		own := runs(a.Body)
		if len(own) < 20 {
			t.Fatalf("note %d has %d runs: too few to compare", i, len(own))
		}
		for j, b := range notes {
			if i == j {
				continue
			}
			if strings.EqualFold(a.Subject, b.Subject) {
				t.Errorf("notes %d and %d share the subject %q", i, j, a.Subject)
			}
			shared, other := 0, runs(b.Body)
			for r := range own {
				if other[r] {
					shared++
				}
			}
			if share := float64(shared) / float64(len(own)); share > mostShared {
				t.Errorf("said %v: notes %d and %d share %.0f %% of their runs", said, i, j, 100*share)
			}
		}
	}
}

// proofPanel holds each note against the others.
func proofPanel(t *testing.T, notes []scheduler.Text, said bool) {
	t.Helper()
	c := proofread.New()
	for rank, text := range notes {
		in := facts(t, 8)
		in.Person, in.Rank = in.Interview.Interviewers[rank], rank
		if !said {
			in.Person.Said = ""
		}
		p := proof(in, scheduler.Owed, text)
		p.Panel = slices.Delete(slices.Clone(notes), rank, rank+1)
		for _, f := range c.Check(p) {
			if f.Severity != scheduler.Hint && (said || f.Code != "not-personal") {
				t.Errorf("rank %d: %s, %s: %s\n%s", rank, f.Code, f.Place, f.Text, text.Body)
			}
		}
	}
}

// runs are the five-word runs between greeting and closing.
func runs(body string) map[string]bool {
	_, body, _ = strings.Cut(body, "\n")
	body, _, _ = strings.Cut(body, "Best regards")
	ws := strings.FieldsFunc(strings.ToLower(body), func(r rune) bool { return strings.ContainsRune(" \n.,;:!?", r) })
	all := map[string]bool{}
	for i := 0; i+5 <= len(ws); i++ {
		all[strings.Join(ws[i:i+5], " ")] = true
	}
	return all
}
