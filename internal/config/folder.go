package config

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/cases"

	"afterword/scheduler"
)

// LoadInterviews reads every interview file of a folder, sorted by stem. A
// broken file is an application with Broken set; only a folder that cannot be
// read is an error.
func LoadInterviews(dir string, p scheduler.Policy) ([]scheduler.Application, error) {
	return loadInterviews(dir, func(path string) (scheduler.Application, error) { return LoadInterview(path, p) })
}

// loadInterviews reads each file of the folder by load.
func loadInterviews(dir string, load func(path string) (scheduler.Application, error)) ([]scheduler.Application, error) {
	names, err := interviewFiles(dir)
	if err != nil {
		return nil, err
	}
	var all []scheduler.Application
	for _, name := range names {
		path := filepath.Join(dir, name)
		a, err := load(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // gone since the folder was listed
		}
		if err != nil {
			a = scheduler.Application{Stem: stemOf(path), File: path, Broken: brokenWords(err)}
		}
		all = append(all, a)
	}
	markTwins(all)
	slices.SortStableFunc(all, func(a, b scheduler.Application) int {
		return cmp.Or(cmp.Compare(a.Stem, b.Stem), cmp.Compare(a.File, b.File))
	})
	return all, nil
}

// brokenWords is an error as it stands beside a broken file.
func brokenWords(err error) string {
	var ps Problems
	if errors.As(err, &ps) {
		return ps.Summary()
	}
	return err.Error()
}

// interviewFiles lists the names of the interview files of a folder. What
// editors leave there is passed over.
func interviewFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &noFolder{err}
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && IsInterviewFile(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// noFolder says that the folder of interviews cannot be read.
type noFolder struct{ error }

func (n *noFolder) Error() string { return "reading the folder of interviews: " + n.error.Error() }
func (n *noFolder) Unwrap() error { return n.error }

// Hint says what to do about it. Nothing is cancelled for a folder that is gone:
// it may lie on a disk that is not there at the moment.
func (n *noFolder) Hint() string {
	return "put the folder back, or let `interviews` in config.yaml name the right one; until then nothing leaves and nothing is cancelled"
}

// IsInterviewFile reports whether a file of that name is read: *.yaml and
// *.yml, but no editor's temporary (.#x, #x#, x~, .x.swp) and no name that
// begins with a dot or an underscore.
func IsInterviewFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return (ext == ".yaml" || ext == ".yml") && !strings.ContainsAny(name[:1], "._#~")
}

// markTwins breaks the files that stand for one application, and those whose
// keys would be the same: each of them names the others.
func markTwins(all []scheduler.Application) {
	fold := cases.Fold()
	byPlace, byStem := map[string][]int{}, map[string][]int{}
	for i, a := range all {
		byStem[strings.ToLower(a.Stem)] = append(byStem[strings.ToLower(a.Stem)], i)
		if a.Broken == "" {
			place := fold.String(oneSpace(a.Company) + "\x00" + oneSpace(a.Role))
			byPlace[place] = append(byPlace[place], i)
		}
	}
	breakTwins(all, byPlace, "the same company and role as", "one file for each application")
	breakTwins(all, byStem, "the same name as", "file names that differ in more than case and extension")
}

// breakTwins marks every group of more than one.
func breakTwins(all []scheduler.Application, groups map[string][]int, found, expected string) {
	for _, group := range groups {
		for _, i := range group {
			var others []string
			for _, j := range group {
				if j != i {
					others = append(others, filepath.Base(all[j].File))
				}
			}
			if len(others) == 0 || all[i].Broken != "" {
				continue
			}
			p := Problem{File: all[i].File, Line: 1, Found: found + " " + strings.Join(others, ", "), Expected: expected}
			all[i].Broken = p.Error()
		}
	}
}

// oneSpace folds runs of white space.
func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }
