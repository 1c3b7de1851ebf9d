package templates_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
	"afterword/templates"
)

// own loads the built-in templates with files of the user beside them.
func own(t *testing.T, files map[string]string) (*templates.Set, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return templates.Load(dir)
}

const head = "---\nkind: thank-you\nsubject: Thank you\n---\n"

// doublings are templates of which each calls the next twice.
func doublings() string {
	all := ""
	for c := 'b'; c < 'z'; c++ {
		all += fmt.Sprintf("{{define %q}}{{template %q}}{{template %q}}{{end}}", string(c), string(c+1), string(c+1))
	}
	return all + "{{define \"z\"}}{{end}}"
}

func TestBrokenTemplatesAreRefusedWithTheirLine(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"no front matter":       {"Hi {{.Person.Name}}\n", "mine.txt:1: found no front matter"},
		"no end":                {"---\nkind: thank-you\n", "mine.txt:1: found no end of the front matter"},
		"no kind":               {"---\nsubject: x\n---\nHi\n", `kind: found "", expected thank-you or follow-up`},
		"wrong kind":            {"---\nsubject: x\nkind: thanks\n---\nHi\n", `mine.txt:3: kind: found "thanks"`},
		"no subject":            {"---\nkind: thank-you\n---\nHi\n", "subject: found nothing"},
		"subject in brackets":   {"---\nkind: thank-you\nsubject: [Thanks]\n---\nHi\n", "mine.txt:3: subject: found brackets, expected a line"},
		"unknown key":           {"---\nkind: thank-you\nsubjct: x\n---\nHi\n", "mine.txt:3: found the key subjct"},
		"broken subject":        {"---\nkind: thank-you\nsubject: \"{{.Role\"\n---\nHi\n", "mine.txt:3"},
		"syntax":                {head + "Hi\n{{if .Role}}\nno end\n", "mine.txt:8"},
		"unknown function":      {head + "Hi\n{{shout .Role}}\n", "mine.txt:6"},
		"rare branch":           {head + "Hi\n{{if eq .Company \"Zeta\"}}\n{{.Interview.Zone}}{{end}}\n", "mine.txt:7"},
		"rare list":             {head + "Hi\n{{range .Panel}}{{if eq . \"Zoe\"}}\n{{$.Persn}}{{end}}{{end}}\n", "mine.txt:7"},
		"below a text":          {head + "Hi {{if eq .Role \"x\"}}{{.Person.Name.First}}{{end}}\n", "mine.txt:5"},
		"rare kind":             {head + "Hi\n\n{{if eq .Interview.Kind \"phone\"}}{{.Previous.Subject}}{{end}}\n", "mine.txt:7"},
		"unknown field":         {head + "Hi\n\n{{.Rolle}}\n", "mine.txt:7"},
		"private notes":         {head + "{{.Person.Notes}}\n", "mine.txt:5"},
		"private debrief":       {head + "{{.Debrief.Faltered}}\n", "mine.txt:5"},
		"absent thread":         {head + "{{.Previous.Subject}}\n", "mine.txt:5"},
		"only with one fact":    {head + "{{if .Person.Said}}{{.Previous.Subject}}{{end}}\n", "mine.txt:5"},
		"only without a fact":   {head + "{{if not .Person.Said}}{{.Previous.Subject}}{{end}}\n", "mine.txt:5"},
		"without end":           {head + "{{define \"a\"}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{template \"a\"}}{{end}}{{template \"a\"}}\n", "longer than"},
		"counts for ever":       {head + "Hi\n{{range 9999999999}}{{end}}\n", "more than 20000 steps"},
		"counts in a branch":    {head + "Hi\n{{if .Role}}{{range 9999999999}}{{continue}}{{end}}{{end}}\n", "more than 20000 steps"},
		"calls without end":     {head + "Hi\n{{define \"a\"}}{{template \"b\"}}{{template \"b\"}}{{end}}" + doublings() + "{{template \"a\"}}\n", "more than 20000 steps"},
		"doubles for ever":      {head + "Hi\n{{$x := .Role}}{{range 60}}{{$x = printf \"%s%s\" $x $x}}{{end}}\n", "a text is longer than 32768 bytes"},
		"wide for ever":         {head + "Hi\n{{printf \"" + strings.Repeat("%0999999[1]d", 4000) + "\" 1}}\n", "no number below 1000"},
		"wide by its argument":  {head + "Hi\n{{printf \"%*d\" 999999 1}}\n", "no number below 1000"},
		"exact for ever":        {head + "Hi\n{{printf \"%.999999f\" 1.5}}\n", "no number below 1000"},
		"many verbs":            {head + "Hi\n{{printf \"" + strings.Repeat("%0999[1]d", 6000) + "\" 1}}\n", "more than 1048576 bytes of text"},
		"long arguments":        {head + "Hi\n{{$x := printf \"%0999d%0999d%0999d\" 1 1 1}}{{$y := print " + strings.Repeat("$x ", 2000) + "}}\n", "more than 1048576 bytes of text"},
		"busy for ever":         {head + "Hi\n{{range 19000}}{{if printf \"%0900d\" 1 | html | js | urlquery}}{{end}}{{end}}\n", "more than 1048576 bytes of text"},
		"asks for ever":         {head + "Hi\n{{range 19000}}" + strings.Repeat("{{if eq 1 1}}{{end}}", 2500) + "{{end}}\n", "more than 20000 steps"},
		"answers for ever":      {head + "Hi\n{{range 900}}" + strings.Repeat("{{$x := eq 1 1}}", 2500) + "{{end}}\n", "more than 20000 steps"},
		"one long question":     {head + "Hi\n{{range 19000}}{{$x := and " + strings.Repeat("(eq 1 1) ", 5000) + "}}{{end}}\n", "more than 20000 steps"},
		"broken second subject": {"---\nkind: thank-you\nsubjects:\n  - Fine\n  - \"{{end}}\"\n---\nHi\n", "mine.txt:5"},
	}
	for name, c := range cases {
		if _, err := own(t, map[string]string{"mine.txt": c.text}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}

// TestFunctionsServe: the bounds on what functions make are far from what a mail needs.
func TestFunctionsServe(t *testing.T) {
	t.Parallel()
	body := "{{range 100}}{{printf \"%s%%, %-20s|%5.2f|%03d|20260000000\" $.Role $.Company 1.5 7}}\n{{end}}{{print .Role \" \" .Company | html}}\n"
	s, err := own(t, map[string]string{"thank-you.txt": head + body})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := s.Render(facts(t, 1)); err != nil || strings.Count(text.Body, "| 1.50|007|20260000000") != 100 {
		t.Errorf("%v\n%s", err, text.Body)
	}
}

func TestTheUsersOwnTakesPrecedence(t *testing.T) {
	t.Parallel()
	s, err := own(t, map[string]string{
		"thank-you.txt": head + "Hi {{.Person.Greeting}},\n\nMine, {{firstName .Me.Name}}, on a {{weekday .Interview.At}}, {{date .Interview.At}}. {{sentence \"so be it\"}} {{default \"none\" .Person.Title}}\n",
		"nudge.txt":     strings.Replace(head, "thank-you", "follow-up", 1) + "Hi\n",
		".hidden.txt":   "broken", "note.md": "broken",
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Render(facts(t, 3))
	if want := "Hi Ken,\n\nMine, Dana, on a Monday, 23 November. So be it. none\n"; err != nil || text.Body != want || text.Subject != "Thank you" {
		t.Errorf("got %q, %q, %v, want %q: a user's thank-you holds for panels too", text.Subject, text.Body, err, want)
	}
	if k, err := s.Kind("nudge"); err != nil || k != scheduler.Asking {
		t.Errorf("nudge is %q, %v, want follow-up", k, err)
	}
	if _, err := s.Kind("nugde"); err == nil || !strings.Contains(err.Error(), "nudge") {
		t.Errorf("an unknown template gives %v, want the known ones", err)
	}
}

func TestMissingFolderAndUnknownLanguage(t *testing.T) {
	t.Parallel()
	s, err := templates.Load(filepath.Join(t.TempDir(), "absent"))
	if err != nil {
		t.Fatal(err)
	}
	in := facts(t, 1)
	want, err := s.Render(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Language = "xx"
	if got, err := s.Render(in); err != nil || got.Body != want.Body {
		t.Errorf("an unknown language gives %q, %v, want the English text", got.Body, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := templates.Load(file); err == nil {
		t.Error("a file in the folder's place is no error")
	}
}

func TestRevisionFollowsTheTexts(t *testing.T) {
	t.Parallel()
	revision := func(files map[string]string) string {
		s, err := own(t, files)
		if err != nil {
			t.Fatal(err)
		}
		return s.Revision()
	}
	base := builtins(t).Revision()
	if base == "" || base != builtins(t).Revision() {
		t.Errorf("the revision %q is empty or changes by itself", base)
	}
	one, two := revision(map[string]string{"a.txt": head + "Hi\n"}), revision(map[string]string{"a.txt": head + "Ho\n"})
	if one == base || one == two {
		t.Errorf("revisions %q, %q, %q should all differ", base, one, two)
	}
}

func TestHostileValuesAreRefused(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	places := map[string]func(in *scheduler.RenderInput, v string){
		"said":      func(in *scheduler.RenderInput, v string) { in.Person.Said = v },
		"question":  func(in *scheduler.RenderInput, v string) { in.Person.Question = v },
		"name":      func(in *scheduler.RenderInput, v string) { in.Person.Name = v },
		"greet":     func(in *scheduler.RenderInput, v string) { in.Person.Greet = v },
		"role":      func(in *scheduler.RenderInput, v string) { in.Application.Role = v },
		"company":   func(in *scheduler.RenderInput, v string) { in.Application.Company = v },
		"signature": func(in *scheduler.RenderInput, v string) { in.Me.Signature = v },
		"me.name":   func(in *scheduler.RenderInput, v string) { in.Me.Name = v },
		"panel":     func(in *scheduler.RenderInput, v string) { in.Interview.Interviewers[1].Name = v },
	}
	values := map[string]string{
		"CR": "a\rBcc: x@y.example", "NUL": "a\x00b", "escape": "a\x1bb", "line separator": "a\u2028b", "paragraph separator": "a\u2029b",
		"turned": "a\u202eb", "isolate": "a\u2066b", "delete": "a\x7fb", "invalid": "a\ufffdb", "long": strings.Repeat("word ", 2000),
	}
	for place, put := range places {
		for name, v := range values {
			in := facts(t, 2)
			put(&in, v)
			if text, err := s.Render(in); err == nil {
				t.Errorf("%s in %s is let through: %q", name, place, text.Body)
			}
		}
	}
}

func TestValuesReadInTheirPlace(t *testing.T) {
	t.Parallel()
	s := builtins(t)
	cases := []struct {
		name   string
		change func(in *scheduler.RenderInput)
		want   string
	}{
		{"lines fold", func(in *scheduler.RenderInput) { in.Person.Said = "the team\n  moves\nit\n" }, "You mentioned that the team moves it. That"},
		{"full stop", func(in *scheduler.RenderInput) { in.Person.Said = "it moves." }, "You mentioned that it moves. That"},
		{"question", func(in *scheduler.RenderInput) { in.Person.Question = "how large is it" }, "One question came up afterwards: How large is it?\n"},
		{"question mark", func(in *scheduler.RenderInput) { in.Person.Question = "Is it large?" }, "afterwards: Is it large?\n"},
		{"greet", func(in *scheduler.RenderInput) { in.Person.Greet = "Dr. Osei" }, "Hi Dr. Osei,\n"},
		{"titled", func(in *scheduler.RenderInput) { in.Person.Name = "Dr. Priya Nair" }, "Hi Dr. Nair,\n"},
		{"markup stays text", func(in *scheduler.RenderInput) { in.Person.Said = `a < b && "{{.Role}}"` }, `You mentioned that a < b && "{{.Role}}". That`},
		{"the day before", func(*scheduler.RenderInput) {}, "talk with me yesterday about"},
		{"two days before", func(in *scheduler.RenderInput) { in.Leaves = in.Leaves.AddDate(0, 0, 1) }, "talk with me on Monday 23 November about"},
		{"across a zone", func(in *scheduler.RenderInput) {
			in.Leaves = in.Leaves.In(time.FixedZone("far", 11*3600)).AddDate(0, 0, 2)
		}, "on Tuesday 24 November about"},
		{"no signature", func(in *scheduler.RenderInput) { in.Me.Signature = " \n" }, "Best regards,\nDana Reyes\n"},
	}
	for _, c := range cases {
		in := facts(t, 1)
		c.change(&in)
		if got, err := s.Render(in); err != nil || !strings.Contains(got.Body, c.want) {
			t.Errorf("%s: got %q, %v, want %q in it", c.name, got.Body, err, c.want)
		}
	}
}
