package tidy

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// embeddedFiles are the files that the program carries, as their directives
// name them.
func embeddedFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				names, ok := strings.CutPrefix(c.Text, "//go:embed ")
				if !ok {
					continue
				}
				for _, name := range strings.Fields(names) {
					all = append(all, filesBelow(t, filepath.Join(fromRoot(s.folder), filepath.FromSlash(name)))...)
				}
			}
		}
	}
	return all
}

// filesBelow are the files that a pattern of an embed directive stands for.
func filesBelow(t *testing.T, pattern string) (files []string) {
	t.Helper()
	roots, err := filepath.Glob(pattern)
	if err != nil || len(roots) == 0 {
		t.Fatalf("finding the embedded %s: %d files, %v", pattern, len(roots), err)
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestEmbeddedFilesAreNotIgnored: a file that is ignored is missing from a fresh
// clone, and the program that carries it is then another one than here.
func TestEmbeddedFilesAreNotIgnored(t *testing.T) {
	t.Parallel()
	patterns := strings.Fields(document(t, ".gitignore"))
	files := embeddedFiles(t)
	if len(files) < 10 || len(patterns) == 0 {
		t.Fatalf("found %d embedded files and %d patterns: looking in the wrong place?", len(files), len(patterns))
	}
	for _, file := range files {
		for _, pattern := range patterns {
			if hit, err := filepath.Match(pattern, filepath.Base(file)); err != nil || hit {
				t.Errorf("%s is carried by the program, and %q in .gitignore keeps it out of the repository (begin the pattern with a slash)", file, pattern)
			}
		}
	}
}
