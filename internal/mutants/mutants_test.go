package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/internal/sim"
)

// TestEveryMutationHasItsPlace: the list stays true while the program changes,
// and what comes out is Go.
func TestEveryMutationHasItsPlace(t *testing.T) {
	t.Parallel()
	texts, err := mutate(list(), func(file string) (string, error) {
		b, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
		return string(b), err
	})
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range texts {
		if _, err := parser.ParseFile(token.NewFileSet(), file, text, 0); err != nil {
			t.Errorf("with its mutations %s is no Go: %v", file, err)
		}
	}
	known, promises := map[string]bool{}, map[string]int{}
	for _, m := range list() {
		if known[m.name] {
			t.Errorf("two mutations are called %q", m.name)
		}
		known[m.name] = true
		promises[m.breaks]++
		if _, there := suites()[m.suite]; !there {
			t.Errorf("%q is to be killed by %q, which is no suite", m.name, m.suite)
		}
		for _, p := range m.places {
			if !strings.Contains(p.put, "ON") {
				t.Errorf("%q changes %s without its switch", m.name, p.file)
			}
		}
	}
	for _, i := range sim.Invariants() {
		if promises[i.Name] < 2 {
			t.Errorf("%d mutations are to be noticed by %q of the simulation, want at least 2", promises[i.Name], i.Name)
		}
	}
	if len(known) < 40 {
		t.Errorf("there are %d mutations, want at least 40", len(known))
	}
}
