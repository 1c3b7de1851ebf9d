package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

// option is one key of a file, as its example shows it.
type option struct{ key, value, line, head string }

// optionsOf lists the keys of an example in their order, those of a list's
// entries once.
func optionsOf(n *yaml.Node, path string, seen map[string]bool) (all []option) {
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			all = append(all, optionsOf(item, path+"[]", seen)...)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, val := n.Content[i], n.Content[i+1]
			name := strings.TrimPrefix(path+"."+key.Value, ".")
			if !seen[name] {
				seen[name] = true
				all = append(all, option{name, shownValue(val), commentOf(val.LineComment, key.LineComment), commentOf(key.HeadComment)})
			}
			all = append(all, optionsOf(val, name, seen)...)
		}
	}
	return all
}

// shownValue is a short value as it stands in the file.
func shownValue(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "\n"), n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0:
		return ""
	case n.Kind == yaml.ScalarNode && n.Value == "":
		return `""`
	case n.Kind == yaml.ScalarNode:
		return n.Value
	case len(n.Content) == 0 && n.Kind == yaml.SequenceNode:
		return "[]"
	}
	bare := *n
	bare.LineComment, bare.HeadComment, bare.FootComment = "", "", ""
	text, err := yaml.Marshal(&bare)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func commentOf(all ...string) string {
	var words []string
	for _, c := range all {
		for line := range strings.Lines(c) {
			if line = strings.TrimRight(strings.TrimPrefix(strings.TrimSpace(line), "#"), " "); strings.TrimSpace(line) != "" {
				words = append(words, strings.TrimPrefix(line, " "))
			}
		}
	}
	return strings.Join(words, "\n")
}

// writeOptions writes the table of a file, with the longer comments below it.
func writeOptions(b *strings.Builder, path, text string, known []string) {
	doc, _, err := decode(text)
	if err != nil || doc == nil {
		fmt.Fprintf(b, "unreadable: %v\n", err)
		return
	}
	options := optionsOf(doc.Content[0], "", map[string]bool{})
	shown := map[string]bool{}
	for _, o := range options {
		shown[o.key] = true
	}
	var further []string
	for _, k := range known {
		if !shown[k] {
			further = append(further, "`"+k+"`")
		}
	}
	cell := strings.NewReplacer("|", "\\|", "<", "&lt;", ">", "&gt;", "\n", " ").Replace
	fmt.Fprintf(b, "| option | in the example | what it is |\n| --- | --- | --- |\n")
	var notes []option
	for _, o := range options {
		value := ""
		if o.value != "" {
			value = "`" + strings.ReplaceAll(o.value, "|", "\\|") + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", o.key, value, cell(o.line))
		if o.head != "" {
			notes = append(notes, o)
		}
	}
	if len(further) > 0 {
		fmt.Fprintf(b, "\nBesides, in entries that the example leaves empty: %s.\n", strings.Join(further, ", "))
	}
	for _, o := range notes {
		fmt.Fprintf(b, "\nOf `%s`:\n\n```text\n%s\n```\n", o.key, o.head)
	}
}

// TestConfigurationIsDocumented: docs/configuration.md has every key that the
// readers know, with the value and the words of the examples, whose values are
// the defaults. After a change: go test ./internal/config -run TestConfigurationIsDocumented -update
func TestConfigurationIsDocumented(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# Configuration\n\nWritten from [config.example.yaml](../config.example.yaml) and [an interview file](examples/interviews/acme-sre.yaml) " +
		"by the test that compares them.\nUnknown keys, wrong types and impossible values are refused with file and line. `[]` stands for each entry of a list.\n" +
		"\n## config.yaml\n\nThe value in the example is the default, unless it is marked as required.\n\n")
	config := readText(t, exampleConfig)
	configKeys := everyConfigKey(t, config)
	writeOptions(&b, "config.yaml", config, configKeys)
	b.WriteString("\n## interviews/APP.yaml\n\nOne file for each application. `company`, `role`, and of each interview `at`, must be stated; all else may be left out.\n\n")
	interview := readText(t, exampleInterview)
	r := newReader(exampleInterview)
	r.application(r.parse([]byte(interview)), mustConfig(t, smallConfig).Policy)
	writeOptions(&b, "interviews", interview, knownKeys(r))
	for _, k := range slices.Concat(configKeys, knownKeys(r)) {
		if !strings.Contains(b.String(), "`"+k+"`") {
			t.Errorf("%s is in no table", k)
		}
	}
	path := filepath.Join("..", "..", "docs", "configuration.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := readText(t, path); got != b.String() {
		t.Error("docs/configuration.md is not what the examples say; write it anew with -update")
	}
}
