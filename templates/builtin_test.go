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

// languages are those that every built-in template is written in, with what the
// people of a panel say in them: each is a clause that goes on after "You
// mentioned that".
func languages() map[string][]string {
	return map[string][]string{
		"en": {"the team moves the pager to follow-the-sun in spring", "half of the alerts were deleted last year", "every service has two owners",
			"the database is split by customer in June", "new colleagues ship on their first day", "the search index is rebuilt each night",
			"product and engineering plan together", "postmortems are read aloud on Fridays"},
		"fr": {"l'équipe partagera l'astreinte avec Montréal au printemps", "la moitié des alertes ont été supprimées l'an dernier", "il y a deux responsables par service",
			"la base sera découpée par client en juin", "les nouveaux livrent dès leur premier jour", "un index de recherche est reconstruit chaque nuit",
			"le produit et la technique planifient ensemble", "on relit les incidents à voix haute le vendredi"},
		"de": {"das Team die Bereitschaft im Frühjahr mit Toronto teilt", "die Hälfte der Alarme letztes Jahr gelöscht wurde", "jeder Dienst zwei Verantwortliche hat",
			"die Datenbank im Juni nach Kunden geteilt wird", "neue Leute am ersten Tag ausliefern", "der Suchindex jede Nacht neu gebaut wird",
			"Produkt und Technik gemeinsam planen", "Störungsberichte freitags vorgelesen werden"},
		"es": {"el equipo repartirá las guardias con México en primavera", "la mitad de las alertas se eliminaron el año pasado", "cada servicio tiene dos responsables",
			"la base de datos se dividirá por cliente en junio", "quien llega publica código el primer día", "el índice de búsqueda se reconstruye cada noche",
			"producto e ingeniería planifican juntos", "los incidentes se leen en voz alta los viernes"},
	}
}

// asks are questions and better answers as users write them.
func asks() map[string][2]string {
	return map[string][2]string{
		"en": {"how large is the team", "I would measure the queue first and add workers only where it grows."},
		"fr": {"quelle est la taille de l'équipe ?", "je mesurerais d'abord la file d'attente et n'ajouterais des machines que là où elle grandit."},
		"de": {"wie groß ist das Team", "Ich würde zuerst die Warteschlange messen und nur dort aufstocken, wo sie wächst."},
		"es": {"cuántas personas forman el equipo", "mediría primero la cola y añadiría máquinas solo donde crezca."},
	}
}

// facts are a round on Monday 23 November 2026 with so many interviewers, in
// English.
func facts(t *testing.T, people int) scheduler.RenderInput {
	t.Helper()
	return factsIn(t, "en", people)
}

func factsIn(t *testing.T, language string, people int) scheduler.RenderInput {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"Ken Osei", "Mara Lindt", "Tomas Ruiz", "Ada Brandt", "Noor Haddad", "Li Wei", "Ines Moreau", "Paul Okafor"}
	i := scheduler.Interview{ID: "onsite", At: time.Date(2026, 11, 23, 14, 0, 0, 0, zone), Zone: zone, ZoneStated: true, Duration: time.Hour, Status: scheduler.InterviewHeld}
	for n := range people {
		i.Interviewers = append(i.Interviewers, scheduler.Person{Name: names[n], Email: fmt.Sprintf("p%d@acme.example", n), Said: languages()[language][n]})
	}
	i.Debrief.BetterAnswer = asks()[language][1]
	return scheduler.RenderInput{
		Template: "thank-you", Language: language,
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

// absent takes one optional fact away.
type absent struct {
	name string
	take func(*scheduler.RenderInput)
}

// optional are the facts that may be absent.
func optional() []absent {
	return []absent{
		{"said", func(in *scheduler.RenderInput) { in.Person.Said = "" }},
		{"question", func(in *scheduler.RenderInput) { in.Person.Question = "" }},
		{"signature", func(in *scheduler.RenderInput) { in.Me.Signature = "" }},
		{"leaving the next day", func(in *scheduler.RenderInput) { in.Leaves = in.Leaves.AddDate(0, 0, 1) }},
		{"better answer", func(in *scheduler.RenderInput) { in.Interview.Debrief.BetterAnswer = "" }},
	}
}

// combination is the mail of a template with some facts absent, by the bits of
// n, and the words for what is absent.
func combination(t *testing.T, language, template string, n int) (scheduler.RenderInput, string) {
	t.Helper()
	in := factsIn(t, language, 2)
	in.Template, in.Person.Question = template, asks()[language][0]
	if template == "thank-you" {
		in.Interview.Interviewers = in.Interview.Interviewers[:1]
	}
	if template == "pass-on" {
		in.Interview.Interviewers[1].Email = ""
		in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: "Ines Moreau"})
		in.Person = *in.Application.Recruiter
	}
	var without []string
	for bit, fact := range optional() {
		if n&(1<<bit) != 0 {
			fact.take(&in)
			without = append(without, fact.name)
		}
	}
	if without == nil {
		return in, "every fact"
	}
	return in, "no " + strings.Join(without, ", no ")
}

// TestEveryBuiltInReadsWell renders each template in every language and
// combination of facts: none has an error, and no warning but that a note
// without `said` is not personal, or that a mail is late when it is meant to be.
func TestEveryBuiltInReadsWell(t *testing.T) {
	t.Parallel()
	s, c := builtins(t), proofread.New()
	for language := range languages() {
		for _, name := range s.Names() {
			for n := range 1 << len(optional()) {
				in, without := combination(t, language, name, n)
				check(t, s, c, in, without)
			}
		}
	}
}

func check(t *testing.T, s *templates.Set, c *proofread.Checker, in scheduler.RenderInput, without string) {
	t.Helper()
	kind, err := s.Kind(in.Template)
	if err != nil {
		t.Fatal(err)
	}
	p := proof(in, kind, scheduler.Text{})
	text, err := s.Render(p.RenderInput)
	if err != nil {
		t.Fatalf("%s in %s, %s: %v", in.Template, in.Language, without, err)
	}
	p.Text = text
	meant := []string{"not-personal", "late-thanks"}
	for _, f := range c.Check(p) {
		if f.Severity == scheduler.Error || f.Severity == scheduler.Warning && !slices.Contains(meant, f.Code) {
			t.Errorf("%s in %s, %s: %s, %s: %s\n%s\n\n%s", in.Template, in.Language, without, f.Code, f.Place, f.Text, text.Subject, text.Body)
		}
	}
}

// TestGolden pins each template as its reader sees it, in every language and
// with every fact absent that it uses. Texts that are the same stand once.
func TestGolden(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	for language := range languages() {
		for _, name := range s.Names() {
			var b strings.Builder
			seen := map[string]bool{}
			for n := range 1 << len(optional()) {
				in, without := combination(t, language, name, n)
				text, err := s.Render(in)
				if err != nil {
					t.Fatal(err)
				}
				if shown := fmt.Sprintf("Subject: %s\n\n%s", text.Subject, text.Body); !seen[shown] {
					seen[shown] = true
					fmt.Fprintf(&b, "===== %s\n%s\n", without, shown)
				}
			}
			golden(t, filepath.Join("testdata", language, name+".golden"), b.String())
		}
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
