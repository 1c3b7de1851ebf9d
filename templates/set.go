package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
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
	byName   map[string]*file // by "language/name"; the user's own by "/name"
	revision string
}

// maxFile bounds a template in bytes.
const maxFile = 64 << 10

// Load reads the built-in templates and the user's own from dir, which may be
// missing or "". A file of the user takes the place of a built-in one of the
// same name. The error names the file and the line.
func Load(dir string) (*Set, error) {
	ours, err := ourTemplates()
	if err != nil {
		return nil, fmt.Errorf("loading the built-in templates: %w", err)
	}
	s := &Set{byName: maps.Clone(ours.byName)}
	sum := sha256.New()
	_, _ = sum.Write([]byte(ours.revision)) // a hash never fails
	if err := s.loadOwn(dir, sum.Write); err != nil {
		return nil, err
	}
	s.revision = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

// ourTemplates are the built-in ones, parsed and tried once for all: the user's
// folder is read again with every change in it.
var ourTemplates = sync.OnceValues(loadBuiltin)

func loadBuiltin() (*Set, error) {
	s := &Set{byName: map[string]*file{}}
	sum := sha256.New()
	err := fs.WalkDir(builtin, "builtin", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := builtin.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parse(p, string(text))
		if err != nil {
			return err
		}
		_, _ = sum.Write(slices.Concat([]byte(p), []byte{0}, text))
		s.byName[path.Base(path.Dir(p))+"/"+nameOf(p)] = f
		return nil
	})
	s.revision = hex.EncodeToString(sum.Sum(nil))
	return s, err
}

// loadOwn reads the user's folder.
func (s *Set) loadOwn(dir string, note func([]byte) (int, error)) error {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("loading templates: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".txt") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		at := filepath.Join(dir, e.Name())
		if info, err := e.Info(); err == nil && info.Size() > maxFile {
			return fmt.Errorf("loading templates: %s has %d bytes, the most is %d", at, info.Size(), maxFile)
		}
		text, err := os.ReadFile(at)
		if err != nil {
			return fmt.Errorf("loading templates: %w", err)
		}
		f, err := parse(at, string(text))
		if err != nil {
			return err
		}
		s.byName["/"+nameOf(at)] = f
		_, _ = note(slices.Concat([]byte(at), []byte{0}, text))
	}
	return nil
}

// nameOf is the file's name without its ending.
func nameOf(p string) string { return strings.TrimSuffix(filepath.Base(filepath.FromSlash(p)), ".txt") }

// Revision is a hash that changes with the text of any template.
func (s *Set) Revision() string { return s.revision }

// find chooses the user's own template, else the built-in one of the language,
// else the English one.
func (s *Set) find(name, language string) (*file, error) {
	for _, key := range []string{"/" + name, strings.ToLower(language) + "/" + name, fallback + "/" + name} {
		if f := s.byName[key]; f != nil {
			return f, nil
		}
	}
	return nil, fmt.Errorf("finding the template %q: there is none; known are %s", name, strings.Join(s.Names(), ", "))
}

// Names lists every template once, in order.
func (s *Set) Names() []string {
	var names []string
	for key := range s.byName {
		names = append(names, key[strings.LastIndexByte(key, '/')+1:])
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

// Render writes the mail. The error says which fact or which line is wrong.
func (s *Set) Render(in scheduler.RenderInput) (scheduler.Text, error) {
	name := in.Template
	if name == plainThanks && len(in.Interview.Interviewers) > 1 && s.byName["/"+plainThanks] == nil {
		name = panelThanks
	}
	f, err := s.find(name, in.Language)
	if err != nil {
		return scheduler.Text{}, err
	}
	v, err := newView(in)
	if err != nil {
		return scheduler.Text{}, fmt.Errorf("rendering %s: %w", name, err)
	}
	return f.render(v, in.Rank)
}
