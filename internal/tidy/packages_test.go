package tidy

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestPackagesSayWhatTheyAreFor: each package has one comment that says so.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	said := map[string]int{}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") && s.folder != "internal/tidy" {
			continue
		}
		if said[s.folder] += 0; s.file.Doc != nil {
			said[s.folder]++
		}
	}
	for folder, times := range said {
		if times != 1 {
			t.Errorf("%s has %d package comments, want one", folder, times)
		}
	}
}

// TestSchedulerHasAMap: the largest package names each of its files once, by
// what it does, and no file that is not there.
func TestSchedulerHasAMap(t *testing.T) {
	t.Parallel()
	named, there := map[string]int{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.folder != "scheduler" || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		there[path.Base(s.path)] = true
		if path.Base(s.path) != "doc.go" {
			continue
		}
		for line := range strings.Lines(s.file.Doc.Text()) {
			if !strings.HasPrefix(line, "\t") {
				continue // a sentence, and no line of the map
			}
			for _, file := range regexp.MustCompile(`\w+\.go\b`).FindAllString(line, -1) {
				named[file]++
			}
		}
	}
	delete(there, "doc.go")
	for file := range there {
		if named[file] != 1 {
			t.Errorf("scheduler/doc.go names %s %d times, want once", file, named[file])
		}
		delete(named, file)
	}
	for file := range named {
		t.Errorf("scheduler/doc.go names %s, which is not there", file)
	}
}
