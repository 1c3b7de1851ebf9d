package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// segment is one step of a path: a key, or an entry of a list.
type segment struct {
	name  string
	entry bool // name stood in brackets
}

// appends reports the segment [+], which makes a new entry.
func (s segment) appends() bool { return s.entry && s.name == "+" }

func (s segment) String() string {
	if s.entry {
		return "[" + s.name + "]"
	}
	return s.name
}

// parsePath splits a path such as interviews[onsite].status. A name in
// brackets may hold dots.
func parsePath(path string) ([]segment, error) {
	var all []segment
	rest := path
	for rest != "" {
		if len(all) > 0 && rest[0] == '.' {
			rest = rest[1:]
			if rest == "" || rest[0] == '[' {
				return nil, fmt.Errorf("reading path %q: a key is missing after a dot", path)
			}
		}
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 2 || len(all) == 0 {
				return nil, fmt.Errorf("reading path %q: brackets hold an entry of the list before them", path)
			}
			all = append(all, segment{name: rest[1:end], entry: true})
			rest = rest[end+1:]
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if !isName(strings.ReplaceAll(rest[:end], "_", "-")) {
			return nil, fmt.Errorf("reading path %q: %q is no key", path, rest[:end])
		}
		all = append(all, segment{name: rest[:end]})
		rest = rest[end:]
	}
	if len(all) == 0 {
		return nil, errors.New("reading path: it is empty")
	}
	return all, nil
}

// find returns the node that a segment leads to, nil if there is none.
func find(n *yaml.Node, s segment) *yaml.Node {
	if !s.entry {
		if at := entryAt(n, s.name); at >= 0 {
			return n.Content[at+1]
		}
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil
	}
	for _, item := range n.Content {
		if isCalled(item, s.name) {
			return item
		}
	}
	if s.name == scheduler.OnlyInterview && len(n.Content) == 1 && entryAt(n.Content[0], "id") < 0 {
		return n.Content[0]
	}
	if i, err := strconv.Atoi(s.name); err == nil && i >= 0 && i < len(n.Content) {
		return n.Content[i]
	}
	return nil
}

// isCalled reports whether an entry of a list bears the name.
func isCalled(item *yaml.Node, name string) bool {
	for _, key := range []string{"id", "email", "name", "step"} {
		if at := entryAt(item, key); at >= 0 && strings.EqualFold(strings.TrimSpace(item.Content[at+1].Value), name) {
			return true
		}
	}
	return false
}

// entryAt returns the position of a key in a mapping's content, -1 if it has
// none or is no mapping.
func entryAt(n *yaml.Node, name string) int {
	if n == nil || n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return i
		}
	}
	return -1
}
