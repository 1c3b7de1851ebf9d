package templates_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// written renders one line of a user's template in a language.
func written(t *testing.T, language, line string, change func(in *scheduler.RenderInput)) string {
	t.Helper()
	s, err := own(t, map[string]string{"mine.txt": "---\nkind: thank-you\nlanguage: " + language + "\nsubject: x\n---\n" + line + "\n"})
	if err != nil {
		t.Fatal(err)
	}
	in := factsIn(t, "en", 1)
	in.Template, in.Language = "mine", language
	change(&in)
	text, err := s.Render(in)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(text.Body, "\n")
}

// TestGreetings: who is called how, in each language.
func TestGreetings(t *testing.T) {
	t.Parallel()
	cases := []struct{ language, name, greet, want string }{
		{"en", "Ken Osei", "", "Ken"}, {"fr", "Ken Osei", "", "Ken"}, {"es", "Ken Osei", "", "Ken"}, {"de", "Ken Osei", "", "Ken Osei"},
		{"de", "Ken Osei", "Herr Osei", "Herr Osei"}, {"fr", "Ken Osei", "Monsieur Osei", "Monsieur Osei"}, {"en", "Ken Osei", "Dr. Osei", "Dr. Osei"},
		{"en", "Dr. Priya Nair", "", "Dr. Nair"}, {"de", "Frau Dr. Priya Nair", "", "Frau Dr. Nair"}, {"de", "Prof. Dr. Jan Weber", "", "Prof. Dr. Weber"},
		{"fr", "Mme Priya Nair", "", "Madame Nair"}, {"fr", "M. Ken Osei", "", "Monsieur Osei"}, {"fr", "Mlle Ana Roy", "", "Mademoiselle Roy"}, {"fr", "Dr Ana Roy", "", "Dr Roy"},
		{"es", "Sra. Ana Ruiz", "", "Sra. Ruiz"}, {"es", "Mr. Ken Osei", "", "Sr. Osei"}, {"en", "M. Night Park", "", "M."},
		{"de", "Dr. Ursula von der Linde", "", "Dr. von der Linde"}, {"en", "Ms. Mia de Vries", "", "Ms. de Vries"}, {"en", "Prince", "", "Prince"}, {"de", "Dr.", "", "Dr."},
	}
	for _, c := range cases {
		got := written(t, c.language, "{{.Person.Greeting}}", func(in *scheduler.RenderInput) { in.Person.Name, in.Person.Greet = c.name, c.greet })
		if got != c.want {
			t.Errorf("%s, %q, greet %q: got %q, want %q", c.language, c.name, c.greet, got, c.want)
		}
	}
}

// TestDays: the day of the interview as each language writes it.
func TestDays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		language string
		month    time.Month
		day      int
		want     string
	}{
		{"en", 11, 23, "on Monday 23 November, 23 November, Monday"},
		{"fr", 11, 23, "lundi 23 novembre, 23 novembre, lundi"}, {"fr", 12, 1, "mardi 1er décembre, 1er décembre, mardi"}, {"fr", 8, 2, "dimanche 2 août, 2 août, dimanche"},
		{"de", 11, 23, "am Montag, dem 23. November, 23. November, Montag"}, {"de", 3, 7, "am Samstag, dem 7. März, 7. März, Samstag"},
		{"es", 11, 23, "el lunes 23 de noviembre, 23 de noviembre, lunes"}, {"es", 9, 2, "el miércoles 2 de septiembre, 2 de septiembre, miércoles"},
		{"it", 11, 23, "on Monday 23 November, 23 November, Monday"},
	}
	for _, c := range cases {
		got := written(t, c.language, "{{.When}}, {{date .Interview.At}}, {{weekday .Interview.At}}", func(in *scheduler.RenderInput) {
			in.Interview.At = time.Date(2026, c.month, c.day, 14, 0, 0, 0, in.Interview.Zone)
			in.Leaves = in.Interview.At.AddDate(0, 0, 3)
		})
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.language, got, c.want)
		}
	}
	for language, want := range map[string]string{"en": "yesterday", "fr": "hier", "de": "gestern", "es": "ayer", "fr-CA": "hier"} {
		if got := written(t, language, "{{.When}}", func(*scheduler.RenderInput) {}); got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

// TestWordsThatJoin: words that change with what follows them.
func TestWordsThatJoin(t *testing.T) {
	t.Parallel()
	cases := []struct{ language, function, value, want string }{
		{"fr", "de", "Ingénieur", "d'Ingénieur"}, {"fr", "de", "développeuse", "de développeuse"}, {"fr", "de", "Édith", "d'Édith"}, {"fr", "de", "Hambourg", "de Hambourg"},
		{"fr", "de", "hier", "d'hier"}, {"fr", "de", "onze", "de onze"}, {"fr", "de", "UX Designer", "d'UX Designer"}, {"fr", "que", "il pleut", "qu'il pleut"},
		{"fr", "que", "l'équipe grandit", "que l'équipe grandit"}, {"fr", "que", "on recrute", "qu'on recrute"}, {"fr", "de", "yaourts", "de yaourts"},
		{"es", "de", "el lunes 2", "del lunes 2"}, {"es", "de", "ayer", "de ayer"}, {"es", "de", "El Corte", "de El Corte"},
		{"de", "de", "gestern", "von gestern"}, {"en", "de", "it", "of it"}, {"de", "que", "es regnet", "dass es regnet"}, {"en", "que", "it rains", "that it rains"}, {"es", "que", "llueve", "que llueve"},
	}
	for _, c := range cases {
		if got := written(t, c.language, fmt.Sprintf("{{%s %q}}", c.function, c.value), func(*scheduler.RenderInput) {}); got != c.want {
			t.Errorf("%s: %s %q is %q, want %q", c.language, c.function, c.value, got, c.want)
		}
	}
	for names, want := range map[string]string{"Ada, Ines": "Ada e Ines", "Ada, Hilda": "Ada e Hilda", "Ada, Bo": "Ada y Bo", "Ada, Bo, Yves": "Ada, Bo y Yves", "Bo, Iago": "Bo y Iago", "Bo": "Bo"} {
		got := written(t, "es", "{{default \"-\" .Unreachable}}", func(in *scheduler.RenderInput) {
			for name := range strings.SplitSeq(names, ", ") {
				in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: name})
			}
		})
		if got != want {
			t.Errorf("%s: got %q, want %q", names, got, want)
		}
	}
}

// TestWhatWasSaidAndAsked: how a user's words are fitted in.
func TestWhatWasSaidAndAsked(t *testing.T) {
	t.Parallel()
	const keep = "\u00a0"
	cases := []struct{ language, said, question, want string }{
		{"en", "it grows.", "how large is it", "it grows | How large is it?"},
		{"en", "that team grows", "Tell me more.", "that team grows | Tell me more."},
		{"fr", "que l'équipe grandit.", "quelle est sa taille", "l'équipe grandit | quelle est sa taille" + keep + "?"},
		{"fr", "qu'il pleut", "Quelle est sa taille ?", "il pleut | Quelle est sa taille" + keep + "?"},
		{"fr", "l'équipe est « mixte » : surprenant", "", "l'équipe est «" + keep + "mixte" + keep + "»" + keep + ": surprenant |"},
		{"de", "dass das Team wächst", "wie groß ist es", "das Team wächst | Wie groß ist es?"},
		{"es", "que el equipo crece", "cuántos son", "el equipo crece | ¿cuántos son?"},
		{"es", "el equipo crece", "Hablamos del equipo. Cuántos son?", "el equipo crece | Hablamos del equipo. ¿Cuántos son?"},
		{"es", "el equipo crece", "¿Cuántos son?", "el equipo crece | ¿Cuántos son?"},
	}
	for _, c := range cases {
		got := written(t, c.language, "{{.Person.Said}} | {{.Person.Question}}", func(in *scheduler.RenderInput) { in.Person.Said, in.Person.Question = c.said, c.question })
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.language, got, c.want)
		}
	}
}
