package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// ourCommands is the command tree, without what the library adds.
func ourCommands(t *testing.T) (all []*cobra.Command) {
	t.Helper()
	each(newRoot(&program{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}}), func(c *cobra.Command) {
		if isOurs(c) {
			all = append(all, c)
		}
	})
	if len(all) < 30 {
		t.Fatalf("only %d commands: looking for the wrong shape?", len(all))
	}
	return all
}

// TestEveryCommandHasExamples: each begins with the command, and its flags exist.
func TestEveryCommandHasExamples(t *testing.T) {
	t.Parallel()
	for _, c := range ourCommands(t) {
		if c.Example == "" {
			t.Errorf("%s has no example; give it one in examples.go", c.CommandPath())
		}
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("the examples of %s are of another command:\n%s", c.CommandPath(), c.Example)
		}
		for _, word := range strings.Fields(c.Example) {
			name, isFlag := strings.CutPrefix(word, "--")
			if isFlag && c.Flag(name) == nil && c.Root().PersistentFlags().Lookup(name) == nil {
				t.Errorf("an example of %s has the flag --%s, which it does not know", c.CommandPath(), name)
			}
		}
	}
}

// TestOptionsNameTheirValue: what stands behind a flag in the help is the name of
// its value. The library takes the first words in backquotes for it, a command too.
func TestOptionsNameTheirValue(t *testing.T) {
	t.Parallel()
	for _, c := range ourCommands(t) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if _, value, _ := strings.Cut(optionOf(f), " "); strings.Contains(value, " ") {
				t.Errorf("the help of %s calls the value of --%s %q", c.CommandPath(), f.Name, value)
			}
		})
	}
}

// TestCommandsAreDocumented: docs/commands.md is what the commands say of
// themselves. After a change: go test ./cmd/afterword -run TestCommandsAreDocumented -update
func TestCommandsAreDocumented(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	writeCommands(&want, ourCommands(t)[0])
	path := filepath.Join("..", "..", "docs", "commands.md")
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(want.String(), "\n")
		for n := range wantLines {
			if n >= len(gotLines) || gotLines[n] != wantLines[n] {
				t.Fatalf("docs/commands.md is not what the commands say from line %d on: %q; write it anew with -update", n+1, wantLines[n])
			}
		}
		t.Fatal("docs/commands.md says more than the commands; write it anew with -update")
	}
}

// TestManPages: each command has a page that names every option of it.
func TestManPages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, errs bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &out, err: &errs}
	if err := p.execute(t.Context(), []string{"docs", "man", dir}); err != nil {
		t.Fatal(err)
	}
	for _, c := range ourCommands(t) {
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		text := strings.ReplaceAll(string(page), `\-`, "-")
		if !strings.Contains(text, ".SH EXAMPLE") {
			t.Errorf("%s has no examples", name)
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(text, "--"+f.Name) {
				t.Errorf("%s does not name --%s", name, f.Name)
			}
		})
	}
}
