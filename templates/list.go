package templates

import (
	"maps"
	"slices"
	"strings"

	"afterword/scheduler"
)

// Info is one template in one language, for those who choose among them.
type Info struct {
	Name     string         `json:"name"`
	Kind     scheduler.Kind `json:"kind"`
	Language string         `json:"language"` // "" for every language
	File     string         `json:"file"`     // the user's; "" for a built-in one
}

// List tells of all templates, by name, then language, the user's first.
func (s *Set) List() []Info {
	var all []Info
	for _, name := range s.Names() {
		for _, f := range s.versions(name) {
			i := Info{Name: name, Kind: f.kind, Language: f.language}
			if s.isOwn(f) {
				i.File = f.path
			}
			all = append(all, i)
		}
	}
	return all
}

// Source returns the text of the template that is used for a language, and the
// user's file that it stands in, "" if it is built in. With builtIn the user's
// own are passed over.
func (s *Set) Source(name, language string, builtIn bool) (text, file string, err error) {
	from := s
	if builtIn {
		from = &Set{ours: s.ours}
	}
	f, err := from.find(name, language)
	if err != nil {
		return "", "", err
	}
	if from.isOwn(f) {
		file = f.path
	}
	return f.text, file, nil
}

// Languages lists those that the built-in templates are in.
func (s *Set) Languages() []string {
	all := map[string]bool{}
	for key := range s.ours {
		language, _, _ := strings.Cut(key, "/")
		all[language] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// Sentence is the sentence of a text in which a phrase stands, "" if it stands
// in none: what a word of the user reads like in its mail.
func Sentence(body, phrase string) string {
	phrase = strings.ToLower(strings.TrimRight(oneLine(phrase), ".!? "))
	for line := range strings.Lines(body) {
		at := strings.Index(strings.ToLower(line), phrase)
		if phrase == "" || at < 0 || len(strings.ToLower(line)) != len(line) {
			continue
		}
		from, to := 0, len(line)
		for _, end := range []string{". ", "! ", "? "} {
			if i := strings.LastIndex(line[:at], end); i >= 0 {
				from = max(from, i+len(end))
			}
			if i := strings.Index(line[at+len(phrase):], end); i >= 0 {
				to = min(to, at+len(phrase)+i+1)
			}
		}
		return strings.TrimSpace(line[from:to])
	}
	return ""
}
