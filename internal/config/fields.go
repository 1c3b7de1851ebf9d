package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// fields is a mapping of the file while it is read. A key counts as known
// once it was asked for, so that no list of keys can fall behind the reader.
type fields struct {
	r       *reader
	key     string     // path of the mapping, "" at the top
	at      *yaml.Node // nil if the mapping is absent
	entries map[string]*yaml.Node
	names   []*yaml.Node
	cut     map[string]bool // keys that are the torn-off end of a text
	asked   map[string]bool
	secret  bool // what stands here is not repeated in a problem
}

// value is one value of the file with its path; node is nil if it is absent.
type value struct {
	r    *reader
	key  string
	node *yaml.Node
	// near is where a missing value would stand.
	near   *yaml.Node
	secret bool
}

func (v value) fields() *fields {
	f := &fields{r: v.r, key: v.key, at: v.near, secret: v.secret,
		entries: map[string]*yaml.Node{}, asked: map[string]bool{}, cut: map[string]bool{}}
	if v.absent() {
		return f
	}
	f.at = v.node
	if v.node.Kind != yaml.MappingNode {
		hint := ""
		if v.node.Kind == yaml.ScalarNode && !v.secret {
			hint = shapeHint(v.key, v.node.Value)
		}
		v.wrong("keys and values", hint)
		return f
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		f.enter(i)
	}
	return f
}

// enter takes over the entry at position i of the node's content.
func (f *fields) enter(i int) {
	name, val := f.at.Content[i], f.at.Content[i+1]
	if name.Kind != yaml.ScalarNode {
		f.r.add(name, f.key, "a key that is no word", "a key", "put text that contains ? or brackets in double quotes")
		return
	}
	if f.r.torn(f.at, i) {
		f.cut[name.Value] = true
		f.reportTorn(i)
		return
	}
	if first, twice := f.entries[name.Value]; twice {
		f.r.add(name, f.path(f.shown(name.Value)), "the key a second time", "each key once", "it stands in line "+strconv.Itoa(first.Line)+" already")
		return
	}
	f.entries[name.Value] = val
	f.names = append(f.names, name)
}

// reportTorn explains a key without a colon inside braces: the end of a text
// that holds a comma.
func (f *fields) reportTorn(i int) {
	name := f.at.Content[i]
	if f.secret {
		f.r.add(name, f.key, "a key without a value", "key: value", "put a blank behind the colon")
		return
	}
	hint := "put text that contains a comma in double quotes"
	key := f.key
	if i >= 2 {
		before := f.at.Content[i-2]
		key = f.path(before.Value)
		hint += ": " + before.Value + ": " + quoted(f.r.tornText(f.at, i-2))
	}
	f.r.add(name, key, "a comma that cuts the text before "+strconv.Quote(name.Value), "key: value", hint)
}

// shown is a key as it may be repeated to the user.
func (f *fields) shown(name string) string {
	if f.secret {
		return "(key)"
	}
	if r := []rune(name); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return name
}

func (f *fields) path(name string) string {
	if f.key == "" {
		return name
	}
	return f.key + "." + name
}

// get returns the value of a key and makes the key a known one.
func (f *fields) get(name string) value {
	f.asked[name] = true
	f.r.known[withoutPositions(f.path(name))] = true
	near := f.at
	return value{r: f.r, key: f.path(name), node: f.entries[name], near: near, secret: f.secret}
}

// section returns the mapping under a key, an empty one if it is absent.
func (f *fields) section(name string) *fields { return f.get(name).fields() }

// unknownKey begins what is found of such a key.
const unknownKey = "the unknown key"

// done reports the keys that nobody asked for.
func (f *fields) done() {
	known := slices.Sorted(maps.Keys(f.asked))
	for _, name := range f.names {
		if f.asked[name.Value] {
			continue
		}
		hint := DidYouMean(name.Value, known)
		found := unknownKey + " " + strconv.Quote(f.shown(name.Value))
		if f.secret {
			hint, found = "", "an unknown key"
		} else if place := f.elsewhere(name.Value); place != "" {
			hint = place
		} else if hint == "" && f.at.Style&yaml.FlowStyle != 0 {
			hint = "put text that contains a comma in double quotes"
		}
		f.r.add(name, f.key, found, oneOf(known), hint)
	}
}

// withoutPositions turns interviews[0].at into interviews[].at.
func withoutPositions(key string) string {
	var b strings.Builder
	inside := false
	for _, c := range key {
		inside = inside && c != ']'
		if !inside {
			b.WriteRune(c)
		}
		inside = inside || c == '['
	}
	return b.String()
}

// items returns the entries of a list.
func (v value) items() []value {
	if v.absent() {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		hint := "begin each entry with a dash on a line of its own"
		if v.node.Kind == yaml.ScalarNode && !v.secret {
			hint = "write [" + strings.TrimSpace(v.node.Value) + "]"
		}
		v.wrong("a list", hint)
		return nil
	}
	var all []value
	for i, n := range v.node.Content {
		all = append(all, value{r: v.r, key: v.key + "[" + strconv.Itoa(i) + "]", node: n, near: n, secret: v.secret})
	}
	return all
}

// absent reports a missing, empty or null value. An empty text in quotes is a
// value: it switches a default off.
func (v value) absent() bool { return isNothing(v.node) }

// empty reports an absent value or an empty text.
func (v value) empty() bool {
	return v.absent() || v.node.Kind == yaml.ScalarNode && strings.TrimSpace(v.node.Value) == ""
}

// place is the node that a problem of the value points at.
func (v value) place() *yaml.Node {
	if v.node != nil {
		return v.node
	}
	return v.near
}

// wrong notes that the value is not what is expected.
func (v value) wrong(expected, hint string) {
	v.r.add(v.place(), v.key, v.found(), expected, hint)
}

// missing notes that a required value is not there.
func (v value) missing(expected string) { v.r.add(v.place(), v.key, "nothing", expected, "") }

// found names the value for a problem, shortened, and a secret not at all.
func (v value) found() string {
	switch {
	case v.absent():
		return "nothing"
	case v.secret:
		return "something else"
	case v.node.Kind == yaml.MappingNode:
		return "keys and values"
	case v.node.Kind == yaml.SequenceNode:
		return "a list"
	}
	text := []rune(v.node.Value)
	if len(text) > 60 {
		return strconv.Quote(string(text[:60]) + "...")
	}
	return strconv.Quote(string(text))
}
