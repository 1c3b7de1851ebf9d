package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// variable names the mutation that is on, for the program that was built so.
const variable = "AFTERWORD_MUTATION"

// mutate returns the text of each file with all the mutations in it, each behind
// its switch, and for each package the file that holds the switch. What is not
// switched on changes nothing, so that one build serves for all.
func mutate(all []mutation, read func(file string) (string, error)) (map[string]string, error) {
	texts := map[string]string{}
	for _, m := range all {
		for _, p := range m.places {
			text, ok := texts[p.file]
			if !ok {
				var err error
				if text, err = read(p.file); err != nil {
					return nil, err
				}
			}
			if n := strings.Count(text, p.find); n != 1 {
				return nil, fmt.Errorf("placing %q: %q stands %d times in %s, want once; if the line has changed, change the list of mutations", m.name, p.find, n, p.file)
			}
			texts[p.file] = strings.Replace(text, p.find, strings.ReplaceAll(p.put, "ON", "mutated("+strconv.Quote(m.name)+")"), 1)
		}
	}
	for file := range texts {
		texts[path.Join(path.Dir(file), "mutated.go")] = ""
	}
	for file := range texts {
		if path.Base(file) == "mutated.go" {
			texts[file] = switchOf(path.Base(path.Dir(file)))
		}
	}
	return texts, nil
}

// switchOf is the file that tells a package which mutation is on.
func switchOf(name string) string {
	return fmt.Sprintf("package %s\n\nimport \"os\"\n\nvar mutation = os.Getenv(%q)\n\nfunc mutated(name string) bool { return mutation == name }\n", name, variable)
}

// overlay writes the mutated files below a folder, and the description that `go
// build -overlay` takes. The sources themselves stay as they are.
func overlay(all []mutation, root, folder string) (description string, err error) {
	texts, err := mutate(all, func(file string) (string, error) {
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		return string(b), err
	})
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for file, text := range texts {
		to := filepath.Join(folder, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, filepath.FromSlash(file))] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	description = filepath.Join(folder, "overlay.json")
	return description, os.WriteFile(description, b, 0o600)
}

// named picks mutations by their names; none means all.
func named(all []mutation, names []string) []mutation {
	if len(names) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(m mutation) bool { return !slices.Contains(names, m.name) })
}
