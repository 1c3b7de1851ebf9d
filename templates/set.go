package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"afterword/scheduler"
)

// builtin holds the templates of the program, a folder for each language.
//
//go:embed builtin
var builtin embed.FS

// The language that is there for every built-in template.
const fallback = "en"

// Set is the built-in templates and the user's own, read and checked. It
// implements scheduler.Renderer, is immutable, and safe for concurrent use.
type Set struct {
	ours     map[string]*file    // by "language/name"
	own      map[string]*file    // by "language/name", "/name" for every language
	broken   map[string]*Problem // by name: what stands in the user's file now
	revision string
}

// Load reads the built-in templates and the user's own from dir, which may be
// missing or "". A file of the user takes the place of a built-in one of the
// same name and language. The error is Problems where templates are broken.
func Load(dir string) (*Set, error) {
	s, err := (*Set)(nil).Reload(dir)
	if err == nil && len(s.broken) > 0 {
		return nil, s.Problems()
	}
	return s, err
}

// Reload reads the folder again. A file that is broken now keeps its last good version
// from s, which may be nil, and is reported by Broken. The error concerns the folder
// only.
func (s *Set) Reload(dir string) (*Set, error) {
	fresh, err := ourTemplates()
	if err != nil {
		return nil, fmt.Errorf("loading the built-in templates: %w", err)
	}
	found, err := ownFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("loading templates: %w", err)
	}
	next := &Set{ours: fresh.ours, own: map[string]*file{}, broken: map[string]*Problem{}}
	sum := sha256.New()
	_, _ = sum.Write([]byte(fresh.revision)) // a hash never fails
	for _, f := range found {
		next.add(f, s)
		_, _ = sum.Write(slices.Concat([]byte(f.path), []byte{0}, []byte(f.text)))
	}
	next.agree()
	next.revision = hex.EncodeToString(sum.Sum(nil))
	return next, nil
}

// ourTemplates are the built-in templates, parsed once: the user's folder is read again
// at every change in it. That each of them renders is tried by a test; doing so at each
// start took most of a command's time.
var ourTemplates = sync.OnceValues(loadBuiltin)

func loadBuiltin() (*Set, error) {
	s := &Set{ours: map[string]*file{}}
	sum := sha256.New()
	err := fs.WalkDir(builtin, "builtin", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := builtin.ReadFile(p)
		if err != nil {
			return err
		}
		f, _, err := parseOnly(p, path.Base(path.Dir(p)), string(text))
		if err != nil {
			return err
		}
		_, _ = sum.Write(slices.Concat([]byte(p), []byte{0}, text))
		s.ours[f.language+"/"+f.name] = f
		return nil
	})
	s.revision = hex.EncodeToString(sum.Sum(nil))
	return s, err
}

// add takes one file of the user in, or the last good version of it.
func (s *Set) add(f found, last *Set) {
	parsed, err := f.parse()
	if err != nil {
		s.broken[nameOf(f.path)] = asProblem(f.path, err)
		if last == nil {
			return
		}
		for key, old := range last.own {
			if old.path == f.path {
				s.own[key] = old
			}
		}
		return
	}
	key := base(parsed.language) + "/" + parsed.name
	if twin := s.own[key]; twin != nil {
		s.broken[parsed.name] = wrong(f.path, 1, fmt.Sprintf("found a second template %q for the same language, beside %s", parsed.name, twin.path), "remove one of the two")
		return
	}
	s.own[key] = parsed
}

// agree refuses templates of one name and different kinds: whether a step is
// owed or asks cannot hang on the language.
func (s *Set) agree() {
	for _, key := range slices.Sorted(maps.Keys(s.own)) {
		f := s.own[key]
		for _, other := range s.versions(f.name) {
			if other.kind != f.kind && s.broken[f.name] == nil {
				s.broken[f.name] = wrong(f.path, 1, fmt.Sprintf("kind: found %q, but %s has %q", f.kind, other.path, other.kind), "give the file another name, or both one kind")
			}
		}
	}
}

// versions are the files of one name in all languages, the user's first.
func (s *Set) versions(name string) []*file {
	var all []*file
	for _, files := range []map[string]*file{s.own, s.ours} {
		for _, key := range slices.Sorted(maps.Keys(files)) {
			if files[key].name == name {
				all = append(all, files[key])
			}
		}
	}
	return all
}

// nameOf is the file's name without its ending.
func nameOf(p string) string { return strings.TrimSuffix(filepath.Base(filepath.FromSlash(p)), ending) }

// Revision is a hash that changes with the text of any template.
func (s *Set) Revision() string { return s.revision }

// Broken says what is wrong with the user's template of that name, nil if it is
// good or there is none.
func (s *Set) Broken(name string) error {
	for _, n := range []string{name, s.panelOf(name)} {
		if p := s.broken[n]; p != nil {
			return p
		}
	}
	return nil
}

// Problems are those of all broken templates, in the order of their files.
func (s *Set) Problems() Problems {
	all := slices.Collect(maps.Values(s.broken))
	slices.SortFunc(all, func(a, b *Problem) int { return strings.Compare(a.File, b.File) })
	return all
}

// find chooses the user's own template of the language, the one for every
// language, the built-in one of the language, the English one, and at last the
// user's own of whatever language.
func (s *Set) find(name, language string) (*file, error) {
	for _, f := range []*file{s.own[base(language)+"/"+name], s.own["/"+name], s.ours[base(language)+"/"+name], s.ours[fallback+"/"+name]} {
		if f != nil {
			return f, nil
		}
	}
	if all := s.versions(name); len(all) > 0 {
		return all[0], nil
	}
	if p := s.broken[name]; p != nil {
		return nil, p
	}
	return nil, fmt.Errorf("finding the template %q: there is none; known are %s", name, strings.Join(s.Names(), ", "))
}

// Names lists every template once, in order.
func (s *Set) Names() []string {
	var names []string
	for _, files := range []map[string]*file{s.own, s.ours} {
		for _, f := range files {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Kind tells whether a template is owed or asks.
func (s *Set) Kind(name string) (scheduler.Kind, error) {
	f, err := s.find(name, fallback)
	if err != nil {
		return "", err
	}
	return f.kind, nil
}

// The panel's thank-you takes the place of the plain one where two or more
// interviewers are thanked.
const (
	plainThanks = "thank-you"
	panelThanks = "thank-you-panel"
)

// panelOf is the template that takes the place of another one for a panel.
func (s *Set) panelOf(name string) string {
	if name == plainThanks {
		return panelThanks
	}
	return name
}

// chosen is the template that is used: the panel's for a panel, unless only the
// plain one was written by the user.
func (s *Set) chosen(in scheduler.RenderInput) (*file, error) {
	if panel := s.panelOf(in.Template); panel != in.Template && len(in.Interview.Interviewers) > 1 {
		plain, err := s.find(in.Template, in.Language)
		if err != nil {
			return nil, err
		}
		if f, err := s.find(panel, in.Language); err == nil && (!s.isOwn(plain) || s.isOwn(f)) {
			return f, nil
		}
		return plain, nil
	}
	return s.find(in.Template, in.Language)
}

func (s *Set) isOwn(f *file) bool { return s.own[base(f.language)+"/"+f.name] == f }

// Render writes the mail. The error says which fact or which line is wrong.
func (s *Set) Render(in scheduler.RenderInput) (scheduler.Text, error) {
	f, err := s.chosen(in)
	if err != nil {
		return scheduler.Text{}, err
	}
	language := f.language
	if language == "" {
		language = in.Language
	}
	t := tongueOf(language)
	v, err := newView(in, t)
	if err != nil {
		return scheduler.Text{}, fmt.Errorf("rendering %s: %w", f.name, err)
	}
	return f.render(v, in.Rank, t)
}
