package templates

import (
	"io/fs"
	"strings"
	"testing"
)

// FuzzTemplate reads any text as a template of the user. It is refused with a
// line that the file has, or renders for every sample within the bounds of a
// mail. Reading always comes to an end.
func FuzzTemplate(f *testing.F) {
	err := fs.WalkDir(builtin, "builtin", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := builtin.ReadFile(p)
		f.Add(string(text))
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{"Hi", "{{range 999999999}}{{end}}", `{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`, `{{$x := "a"}}{{range 99}}{{$x = js $x $x}}{{end}}`,
		"{{range .Panel}}{{.}}{{break}}{{else}}{{end}}", "{{with .Previous}}{{.Subject}}{{end}}", "{{slice .Role 1 2}}{{index .Panel 9}}", "{{deal}}{{deal .Role}}", "{{(("} {
		f.Add("---\nkind: follow-up\nsubject: Hello\nlanguage: de\n---\n" + body + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			t.Skip()
		}
		read, err := parse("mine.txt", "", text)
		if err != nil {
			if p := asProblem("mine.txt", err); p.Line < 1 || p.Line > strings.Count(text, "\n")+2 || p.Error() == "" {
				t.Errorf("the problem has the line %d: %v", p.Line, err)
			}
			return
		}
		tongue := tongueOf(read.language)
		for _, v := range samples(tongue)[:2] {
			got, err := read.render(v, 7, tongue)
			if err != nil {
				continue // another place in a panel may take another branch
			}
			if strings.Contains(got.Subject, "\n") || len(got.Body) > 4*maxMail {
				t.Errorf("subject %q, %d bytes", got.Subject, len(got.Body))
			}
		}
	})
}
