package templates

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// file is one template, parsed and tried.
type file struct {
	path     string
	kind     scheduler.Kind
	language string
	subjects []*template.Template
	body     *template.Template
}

// front is the YAML at the top of a template.
type front struct {
	Kind     yaml.Node   `yaml:"kind"`
	Subject  yaml.Node   `yaml:"subject"`
	Subjects []yaml.Node `yaml:"subjects"`
	Language string      `yaml:"language"`
}

// parse reads a template and tries it on sample facts, each optional one once
// there and once not.
func parse(path, text string) (*file, error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	head, body, bodyLine, err := split(path, text)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, kind: scheduler.Kind(head.Kind.Value), language: head.Language}
	if f.kind != scheduler.Owed && f.kind != scheduler.Asking {
		return nil, fmt.Errorf("%s:%d: kind: found %q, expected thank-you or follow-up", path, head.Kind.Line+1, head.Kind.Value)
	}
	subjects := head.Subjects
	if head.Subject.Value != "" {
		subjects = append([]yaml.Node{head.Subject}, subjects...)
	}
	if len(subjects) == 0 {
		return nil, fmt.Errorf("%s:1: subject: found nothing, expected a line", path)
	}
	for _, s := range subjects {
		t, err := compile(path, s.Line+1, s.Value)
		if err != nil {
			return nil, err
		}
		f.subjects = append(f.subjects, t)
	}
	if f.body, err = compile(path, bodyLine, body); err != nil {
		return nil, err
	}
	return f, f.try()
}

// split cuts the front matter off. The line is where the body begins.
func split(path, text string) (head front, body string, line int, err error) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return head, "", 0, fmt.Errorf("%s:1: found no front matter, expected --- on the first line", path)
	}
	matter, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return head, "", 0, fmt.Errorf("%s:1: found no end of the front matter, expected a second ---", path)
	}
	d := yaml.NewDecoder(strings.NewReader(matter))
	d.KnownFields(true)
	if err := d.Decode(&head); err != nil && !errors.Is(err, io.EOF) {
		return head, "", 0, fmt.Errorf("%s: reading the front matter: %w", path, shiftLines(err, 1))
	}
	return head, body, strings.Count(matter, "\n") + 4, nil
}

// compile parses one text. Leading empty lines make the library count lines as
// the file does.
func compile(path string, line int, text string) (*template.Template, error) {
	t, err := template.New(path).Option("missingkey=error").Funcs(functions(0)).Parse(strings.Repeat("\n", line-1) + text)
	if err != nil {
		return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return t, nil
}

// shiftLines moves the line numbers of a YAML error by the lines above it.
func shiftLines(err error, by int) error {
	number := regexp.MustCompile(`line (\d+)`)
	return errors.New(number.ReplaceAllStringFunc(err.Error(), func(s string) string {
		var n int
		if _, scanErr := fmt.Sscanf(s, "line %d", &n); scanErr != nil {
			return s
		}
		return fmt.Sprintf("line %d", n+by)
	}))
}

// functions are what a template can call beside View. Rank is the recipient's
// place in the panel, from 0.
func functions(rank int) template.FuncMap {
	return template.FuncMap{
		"firstName": firstName,
		"date":      func(t time.Time) string { return t.Format("2 January") },
		"weekday":   func(t time.Time) string { return t.Format("Monday") },
		"sentence":  sentence,
		"default": func(otherwise, value string) string {
			if value == "" {
				return otherwise
			}
			return value
		},
		// deal gives each note of a panel another wording.
		"deal": func(wordings ...string) string {
			if len(wordings) == 0 {
				return ""
			}
			return wordings[rank%len(wordings)]
		},
	}
}

// maxMail bounds a rendered mail in bytes.
const maxMail = 32 << 10

// render writes subject and body for the person of that rank.
func (f *file) render(v View, rank int) (scheduler.Text, error) {
	subject, err := execute(f.subjects[rank%len(f.subjects)], v, rank)
	if err != nil {
		return scheduler.Text{}, err
	}
	body, err := execute(f.body, v, rank)
	if err != nil {
		return scheduler.Text{}, err
	}
	return scheduler.Text{Subject: oneLine(subject), Body: tidy(body)}, nil
}

func execute(t *template.Template, v View, rank int) (string, error) {
	own, err := t.Clone()
	if err != nil {
		return "", fmt.Errorf("rendering: %w", err)
	}
	var b bytes.Buffer
	if err := own.Funcs(functions(rank)).Execute(&limited{to: &b, left: maxMail}, v); err != nil {
		return "", fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return b.String(), nil
}

// limited refuses a text without end.
type limited struct {
	to   *bytes.Buffer
	left int
}

// Write writes while there is room.
func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, fmt.Errorf("the mail is longer than %d bytes", maxMail)
	}
	return l.to.Write(p)
}

// tidy removes blanks at line ends and what is left of absent paragraphs.
func tidy(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	var kept []string
	for _, l := range lines {
		l = strings.TrimRight(l, " \t")
		if l == "" && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n") + "\n"
}

// try renders sample facts: every optional fact there, and none.
func (f *file) try() error {
	for _, v := range samples() {
		for rank := range f.subjects {
			if _, err := f.render(v, rank); err != nil {
				return err
			}
		}
	}
	return nil
}

// samples are facts as empty and as full as they come, and with each optional
// one alone there or alone missing.
func samples() []View {
	day := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	bare := View{
		Me: MeView{Name: "Dana Reyes", Email: "dana@example.org", Signature: "Dana Reyes"}, Company: "Acme", Role: "Engineer",
		Interview: InterviewView{ID: "onsite", At: day}, Person: PersonView{Name: "Ken Osei", Greeting: "Ken"},
		When: "yesterday", InterviewDate: "23 November",
	}
	optional := []func(*View){
		func(v *View) { v.Interview.Kind = "panel" },
		func(v *View) { v.Person.Title = "Staff Engineer" },
		func(v *View) { v.Person.Said = "the team grows" },
		func(v *View) { v.Person.Question = "How large is it?" },
		func(v *View) { v.Panel = []string{"Mara Lindt"} },
		func(v *View) { v.Unreachable = "Ada and Grace" },
		func(v *View) { v.Debrief.BetterAnswer = "I would measure first." },
		func(v *View) { v.Debrief.Questions = []string{"How large is it?"} },
		func(v *View) { v.Previous = &PreviousView{Subject: "Thank you", At: day} },
	}
	full := bare
	for _, there := range optional {
		there(&full)
	}
	all := []View{bare, full}
	for i, there := range optional {
		one, others := bare, bare
		there(&one)
		for j, also := range optional {
			if i != j {
				also(&others)
			}
		}
		all = append(all, one, others)
	}
	return all
}
