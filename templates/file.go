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
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// file is one template, parsed and tried.
type file struct {
	name     string
	path     string
	text     string
	kind     scheduler.Kind
	language string // as its front matter says; "" for every language
	subjects []*template.Template
	body     *template.Template
}

// front is the YAML at the top of a template.
type front struct {
	Kind     yaml.Node   `yaml:"kind"`
	Subject  yaml.Node   `yaml:"subject"`
	Subjects []yaml.Node `yaml:"subjects"`
	Language yaml.Node   `yaml:"language"`
}

// parse reads a template and tries it on sample facts, each optional one once
// there and once not. Folder is the language of the folder it stands in, "" if
// that has none.
func parse(path, folder, text string) (*file, error) {
	f, bodyLine, err := parseOnly(path, folder, text)
	if err != nil {
		return nil, err
	}
	return f, f.try(bodyLine)
}

// parseOnly is parse without the try. The line is where the body begins.
func parseOnly(path, folder, text string) (f *file, bodyLine int, err error) {
	f = &file{name: nameOf(path), path: path, text: text}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	if err := readable(path, text); err != nil {
		return nil, 0, err
	}
	head, body, bodyLine, err := split(path, text)
	if err != nil {
		return nil, 0, err
	}
	if err := f.readFront(head, folder); err != nil {
		return nil, 0, err
	}
	subjects := head.Subjects
	if k := head.Subject.Kind; k == yaml.SequenceNode || k == yaml.MappingNode {
		return nil, 0, wrong(path, head.Subject.Line+1, "subject: found brackets, expected a line", "put a subject that begins with a bracket in double quotes")
	}
	if head.Subject.Value != "" {
		subjects = append([]yaml.Node{head.Subject}, subjects...)
	}
	for _, s := range subjects {
		t, err := compile(path, s.Line+1, s.Value)
		if err != nil {
			return nil, 0, err
		}
		f.subjects = append(f.subjects, t)
	}
	if len(subjects) == 0 {
		return nil, 0, wrong(path, 1, "subject: found nothing, expected a line", "add a line such as `subject: Thank you for the conversation about the {{.Role}} role` between the two ---")
	}
	if f.body, err = compile(path, bodyLine, body); err != nil {
		return nil, 0, err
	}
	return f, bodyLine, nil
}

// readFront takes kind and language over.
func (f *file) readFront(head front, folder string) error {
	f.kind = scheduler.Kind(head.Kind.Value)
	if f.kind != scheduler.Owed && f.kind != scheduler.Asking {
		return wrong(f.path, head.Kind.Line+1, fmt.Sprintf("kind: found %q, expected thank-you or follow-up", head.Kind.Value),
			"`kind: thank-you` for mail that thanks, `kind: follow-up` for mail that asks: they stop for different reasons")
	}
	f.language = strings.ToLower(head.Language.Value)
	switch {
	case f.language == "":
		f.language = folder
	case !isTag(f.language):
		return wrong(f.path, head.Language.Line+1, fmt.Sprintf("language: found %q, expected a language code such as en, fr, de or es", head.Language.Value), "")
	case folder != "" && base(folder) != base(f.language):
		return wrong(f.path, head.Language.Line+1, fmt.Sprintf("language: found %q in the folder %q, expected one language", head.Language.Value, folder), "move the file, or take the line out")
	}
	return nil
}

// isTag knows a language tag by its form: en, pt-br.
func isTag(s string) bool {
	return regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`).MatchString(s)
}

// base is the language of a tag, without region.
func base(tag string) string {
	b, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return b
}

// readable refuses what no editor shows: a template goes into mail as it is.
func readable(path, text string) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if !utf8.ValidString(line) {
			return wrong(path, n, "found bytes that are no UTF-8 text", "save the file as UTF-8")
		}
		for _, r := range strings.TrimRight(line, "\n") {
			if r != '\t' && r != '\ufeff' && r != '\u00ad' && r != '\u200b' && misplaced(r) {
				return wrong(path, n, fmt.Sprintf("found the character %U, which has no place in a mail", r), "delete it; it may be invisible in your editor")
			}
		}
	}
	return nil
}

// split cuts the front matter off. The line is where the body begins.
func split(path, text string) (head front, body string, line int, err error) {
	const hint = "a template begins with ---, then kind and subject, then --- and the text; `afterword templates show thank-you` is an example"
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return head, "", 0, wrong(path, 1, "found no front matter, expected --- on the first line", hint)
	}
	matter, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return head, "", 0, wrong(path, 1, "found no end of the front matter, expected a second ---", hint)
	}
	d := yaml.NewDecoder(strings.NewReader(matter))
	d.KnownFields(true)
	if err := d.Decode(&head); err != nil && !errors.Is(err, io.EOF) {
		return head, "", 0, frontProblem(path, err)
	}
	return head, body, strings.Count(matter, "\n") + 4, nil
}

// compile parses one text. Leading empty lines make the library count lines as
// the file does.
func compile(path string, line int, text string) (*template.Template, error) {
	t, err := template.New(inside).Option("missingkey=error").Funcs(texts()).Funcs(functions(0, english())).Parse(strings.Repeat("\n", line-1) + text)
	if err != nil {
		return nil, parseProblem(path, err)
	}
	if err := known(path, t); err != nil {
		return nil, err
	}
	countTurns(t)
	return t, nil
}

// functions are what a template can call beside View. Rank is the recipient's
// place in the panel, from 0.
func functions(rank int, t tongue) template.FuncMap {
	dealt := 0
	return template.FuncMap{
		"firstName": firstName,
		"date":      func(at time.Time) string { return t.date(t, at) },
		"weekday":   t.weekday,
		"sentence":  sentence,
		"default": func(otherwise, value string) string {
			if value == "" {
				return otherwise
			}
			return value
		},
		"de":  t.de,
		"que": t.que,
		// deal gives each note of a panel another wording. Past the last one it
		// begins anew, each sentence one further than the one before it, so that
		// no two notes of a large panel have all their sentences in common.
		"deal": func(wordings ...string) string {
			n := len(wordings)
			if n == 0 {
				return ""
			}
			dealt++
			return wordings[(rank+rank/n*dealt)%n]
		},
	}
}

// maxMail bounds a rendered mail in bytes.
const maxMail = 32 << 10

// render writes subject and body for the person of that rank.
func (f *file) render(v View, rank int, t tongue) (scheduler.Text, error) {
	subject, err := f.execute(f.subjects[rank%len(f.subjects)], v, rank, t)
	if err != nil {
		return scheduler.Text{}, err
	}
	body, err := f.execute(f.body, v, rank, t)
	if err != nil {
		return scheduler.Text{}, err
	}
	return scheduler.Text{Subject: t.typeset(oneLine(subject)), Body: t.typeset(tidy(visible(body)))}, nil
}

func (f *file) execute(compiled *template.Template, v View, rank int, t tongue) (string, error) {
	own, err := compiled.Clone()
	if err != nil {
		return "", fmt.Errorf("rendering: %w", err)
	}
	var b bytes.Buffer
	if err := own.Funcs(texts()).Funcs(functions(rank, t)).Execute(&limited{to: &b, left: maxMail}, v); err != nil {
		return "", runProblem(f.path, err)
	}
	return onePeriod(b.String(), append([]string{v.Company, v.Role, v.Person.Name, v.Unreachable}, v.Panel...)...), nil
}

// limited refuses a text without end, and one that comes in pieces without end.
type limited struct {
	to    *bytes.Buffer
	left  int // bytes
	steps int // so far
}

// Write writes while there is room.
func (l *limited) Write(p []byte) (int, error) {
	if l.steps++; l.steps > maxSteps {
		return 0, fmt.Errorf("the template takes more than %d steps", maxSteps)
	}
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

// try renders sample facts: every optional fact there, and none. Body is the
// line where the text begins.
func (f *file) try(body int) error {
	t := tongueOf(f.language)
	for _, v := range samples(t) {
		for rank := range f.subjects {
			text, err := f.render(v, rank, t)
			if err != nil {
				return err
			}
			if text.Subject == "" {
				return wrong(f.path, 1, "the subject is empty where a fact is absent", "name only facts that are always there, or write {{default \"...\" .Person.Title}}")
			}
			if strings.TrimSpace(text.Body) == "" {
				return wrong(f.path, body, "the text is empty where a fact is absent", "write something outside of {{if}} ... {{end}}")
			}
		}
	}
	return nil
}

// samples are facts as empty and as full as they come, and with each optional
// one alone there or alone missing.
func samples(t tongue) []View {
	day := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	bare := View{
		Me: MeView{Name: "Dana Reyes", Email: "dana@example.org", Signature: "Dana Reyes"}, Company: "Acme", Role: "Engineer",
		Interview: InterviewView{ID: "onsite", At: day}, Person: PersonView{Name: "Ken Osei", Greeting: "Ken"},
		When: t.yesterday, InterviewDate: t.date(t, day),
	}
	optional := []func(*View){
		func(v *View) { v.Interview.Kind = "panel" },
		func(v *View) { v.Interview.Kind = "phone" },
		func(v *View) { v.Interview.Kind = "video" },
		func(v *View) { v.Interview.Kind = "onsite" },
		func(v *View) { v.Interview.Kind = "group" },
		func(v *View) { v.Person.Title = "Staff Engineer" },
		func(v *View) { v.Person.Said = "the team grows" },
		func(v *View) { v.Person.Question = "How large is it?" },
		func(v *View) { v.Panel = []string{"Mara Lindt"} },
		func(v *View) { v.Unreachable = t.list([]string{"Ada", "Grace"}) },
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
