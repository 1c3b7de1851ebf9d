package config

import (
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler/calendar"
)

// Glimpse reads of a config.yaml that need not be usable where the store and the
// other files are, and the user's zone. What cannot be read has its default, the
// zone UTC.
func Glimpse(path string) *Config {
	r := newReader(path)
	c := &Config{Path: path}
	for _, of := range glimpsed(c) {
		*of.into = r.path(value{r: r}, of.otherwise)
	}
	c.Policy.Me.Zone = time.UTC
	data, err := readFile(path)
	if err != nil {
		c.StatePath = absolute(c.StatePath)
		return c
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	if doc, _, err := decode(string(data)); err == nil && doc != nil && len(doc.Content) > 0 && doc.Content[0].Kind == yaml.MappingNode {
		root = doc.Content[0]
	} else {
		root = topLines(string(data))
	}
	for _, of := range glimpsed(c) {
		section := root
		if at := entryAt(root, of.section); at >= 0 {
			section = root.Content[at+1]
		}
		if at := entryAt(section, of.key); at >= 0 {
			*of.into = r.path(value{r: r, node: section.Content[at+1]}, of.otherwise)
		}
	}
	c.StatePath = absolute(c.StatePath)
	if at := entryAt(root, "me"); at >= 0 {
		if in := entryAt(root.Content[at+1], "timezone"); in >= 0 {
			if zone, err := calendar.LoadZone(root.Content[at+1].Content[in+1].Value); err == nil {
				c.Policy.Me.Zone = zone
			}
		}
	}
	return c
}

// glimpsedPath is a path of config.yaml.
type glimpsedPath struct {
	section, key, otherwise string
	into                    *string
}

func glimpsed(c *Config) []glimpsedPath {
	return []glimpsedPath{{"", "state", "afterword.db", &c.StatePath}, {"", "interviews", "interviews", &c.InterviewsDir},
		{"", "templates", "templates", &c.TemplatesDir}, {"proofread", "words", "words.txt", &c.WordsPath}}
}

// topLines reads the lines "key: word" that begin at the margin of a text that
// is no YAML.
func topLines(text string) *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for line := range strings.Lines(text) {
		one := yaml.Node{}
		if key, _, ok := strings.Cut(line, ":"); !ok || !isName(key) || yaml.Unmarshal([]byte(line), &one) != nil || len(one.Content) == 0 {
			continue
		}
		root.Content = append(root.Content, one.Content[0].Content...)
	}
	return root
}
