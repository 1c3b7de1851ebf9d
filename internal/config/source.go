package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxFile is the largest file that is read, in bytes. A year of interviews
// with one company stays far under it.
const maxFile = 1 << 20

// maxDepth is how deep lists and mappings may nest; the files need six.
const maxDepth = 20

// source is the text of a file and where its lines begin.
type source struct {
	file  string
	text  string // without byte order mark
	lines []string
}

// reader reads one file and gathers its problems.
type reader struct {
	source
	problems Problems
	known    map[string]bool // every key that was asked for, without list positions
	own      []string        // normal addresses of the candidate; empty if they are not known
	steps    []string        // of the application's sequence; empty if they are not known
}

func newReader(file string) *reader {
	return &reader{source: source{file: file}, known: map[string]bool{}}
}

// add notes a problem at a node; n may be nil for the file as a whole.
func (r *reader) add(n *yaml.Node, key, found, expected, hint string) {
	p := &Problem{File: r.file, Key: key, Found: found, Expected: expected, Hint: hint}
	if n != nil {
		p.Line, p.Column = n.Line, n.Column
	}
	r.problems = append(r.problems, p)
}

// readFile returns the content of a regular file of at most maxFile bytes. A
// pipe or a device in the folder is refused before it can block the reader.
func readFile(path string) ([]byte, error) {
	refuse := func(found, expected, hint string) error {
		return Problems{{File: path, Found: found, Expected: expected, Hint: hint}}
	}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", path, os.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, refuse("a "+kindOfFile(info.Mode()), "a file", "")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(data) > maxFile {
		return nil, refuse("more than 1 MiB", "a file of at most 1 MiB", "is it the right file?")
	}
	return data, nil
}

func kindOfFile(m os.FileMode) string {
	if m.IsDir() {
		return "folder"
	}
	return "device or pipe"
}

// parse turns the bytes into the one mapping of the file. It returns nil if
// that is impossible, with the reasons among the problems.
func (r *reader) parse(data []byte) *yaml.Node {
	if !r.takeText(data) {
		return nil
	}
	doc, second, err := decode(r.text)
	if err != nil {
		r.syntax(err)
		return nil
	}
	if doc == nil || len(doc.Content) == 0 {
		r.problems = append(r.problems, &Problem{File: r.file, Line: 1, Found: "an empty file", Expected: "keys and values"})
		return nil
	}
	if second > 0 {
		r.problems = append(r.problems, &Problem{File: r.file, Line: second, Column: 1, Found: "a second YAML document",
			Expected: "one document", Hint: "remove the line ---: what follows it would be ignored"})
	}
	root := doc.Content[0]
	r.plainOnly(root, 0)
	if root.Kind == yaml.ScalarNode && isNothing(root) {
		r.add(root, "", "an empty file", "keys and values", "")
		return nil
	}
	if len(r.problems) > 0 {
		return nil
	}
	return root
}

// takeText checks the characters and splits the lines. Characters that show
// nothing, reorder what is shown, or end lines for YAML alone are refused.
func (r *reader) takeText(data []byte) bool {
	r.text = strings.TrimPrefix(string(data), "\ufeff")
	r.lines = strings.Split(r.text, "\n")
	for i, line := range r.lines {
		line = strings.TrimSuffix(line, "\r")
		r.lines[i] = line
		if !utf8.ValidString(line) {
			r.problems = append(r.problems, &Problem{File: r.file, Line: i + 1, Found: "bytes that are no UTF-8", Expected: "UTF-8 text",
				Hint: "save the file as UTF-8"})
			return false
		}
		column := 0
		for _, c := range line {
			column++
			if c != '\t' && unfit(c) {
				r.problems = append(r.problems, &Problem{File: r.file, Line: i + 1, Column: column,
					Found: fmt.Sprintf("the invisible character %U", c), Expected: "printable text", Hint: "delete the character and type the text anew"})
				return false
			}
		}
	}
	return true
}

// unfit reports a character that must not stand in a file or a value: control
// characters, separators that only some programs take for line ends, and
// controls that turn the direction of text (Unicode TR 9).
func unfit(c rune) bool {
	switch {
	case unicode.IsControl(c), c == '\u2028', c == '\u2029', c == '\ufeff', c == utf8.RuneError:
		return true
	case c == '\u061c', c == '\u200e', c == '\u200f', c >= '\u202a' && c <= '\u202e', c >= '\u2066' && c <= '\u2069':
		return true
	}
	return false
}

// decode returns the first document and the line of the second, 0 if there is
// none. The library must not end the program, so its panics become errors.
func decode(text string) (doc *yaml.Node, second int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("yaml: the text cannot be read")
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var first, next yaml.Node
	if err := dec.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, 0, nil
		}
		return nil, 0, err
	}
	switch err := dec.Decode(&next); {
	case errors.Is(err, io.EOF):
		return &first, 0, nil
	case err != nil:
		return nil, 0, err
	}
	return &first, max(next.Line, 1), nil
}

// syntax reports what the YAML library could not read. Its words are kept but
// for names, which might be a password that begins with an asterisk.
func (r *reader) syntax(err error) {
	words := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(words); m != nil {
		line, _ = strconv.Atoi(m[1])
		words = words[len(m[0]):]
	}
	if strings.Contains(words, "did not find expected") && !strings.Contains(words, "alphabetic") {
		line++ // the library counts these from 0
	}
	hint := ""
	if strings.Contains(words, "anchor") {
		line = r.lineOfAlias(words)
		words, hint = "an unknown anchor", "put text that begins with * in double quotes"
	} else {
		hint, line = r.syntaxHint(words, line)
	}
	line = min(max(line, 1), len(r.lines))
	for line > 1 && strings.TrimSpace(r.lines[line-1]) == "" {
		line-- // the library stopped at the end
	}
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Found: "a text that is no YAML (" + words + ")",
		Expected: "keys and values", Hint: hint})
}

// lineOfAlias finds the alias that the library names without its line.
func (r *reader) lineOfAlias(words string) int {
	_, name, _ := strings.Cut(words, "'")
	name, _, _ = strings.Cut(name, "'")
	for i, line := range r.lines {
		if name != "" && strings.Contains(line, "*"+name) {
			return i + 1
		}
	}
	return 1
}

// plainOnly refuses what makes YAML mean something else than what stands
// there: anchors, aliases, merge keys and tags.
func (r *reader) plainOnly(n *yaml.Node, depth int) {
	const quote = "put text that begins with &, * or ! in double quotes"
	switch {
	case depth > maxDepth:
		r.add(n, "", "lists or mappings nested deeper than "+strconv.Itoa(maxDepth), "a flat file", "")
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.add(n, "", "an anchor or an alias", "every value written out", quote)
		return
	case n.Style&yaml.TaggedStyle != 0:
		r.add(n, "", "a tag", "a plain value", quote)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!merge":
		r.add(n, "", "a merge key (<<)", "every value written out", "")
	}
	for _, c := range n.Content {
		r.plainOnly(c, depth+1)
	}
}

// isNothing reports an absent value: empty, ~ or null, unquoted. A person may
// be called Null.
func isNothing(n *yaml.Node) bool {
	if n == nil {
		return true
	}
	plain := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	return n.Kind == yaml.ScalarNode && plain && (n.Value == "" || n.Value == "~" || n.Value == "null")
}
