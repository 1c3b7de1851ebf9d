package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// Change sets one value of a file.
type Change struct {
	// Path leads to the value: status, interviews[onsite].duration,
	// interviews[onsite].interviewers[ken@acme.example].said. An entry of a
	// list is named by its id, email, name or step, or by its position from 0;
	// [+] appends one. What is missing on the way is added.
	Path string
	// Text is the new value. Text of several lines becomes a literal block.
	Text string
	// List, if not nil, sets a list of texts instead.
	List []string
}

// Revision names the content of a file at the moment it was read.
type Revision string

// ErrChanged is wrapped when the file is not the one that was read.
var ErrChanged = errors.New("the file was changed meanwhile")

// Check refuses a content that would not load.
type Check func(path string, data []byte) error

// InterviewCheck loads the content as an interview file.
func InterviewCheck(p scheduler.Policy) Check {
	return func(path string, data []byte) error {
		_, err := parseInterview(path, data, p)
		return err
	}
}

// ConfigCheck loads the content as config.yaml; now is as in Load.
func ConfigCheck(now time.Time) Check {
	return func(path string, data []byte) error {
		_, err := parseConfig(path, data, now)
		return err
	}
}

// RevisionOf reads a file's revision, for EditSince.
func RevisionOf(path string) (Revision, error) {
	data, err := readFile(path)
	if err != nil {
		return "", err
	}
	return revision(data), nil
}

func revision(data []byte) Revision {
	sum := sha256.Sum256(data)
	return Revision(hex.EncodeToString(sum[:]))
}

// Edit applies the changes in their order and replaces the file at once, or
// leaves it as it is: where the result would not load, or where somebody else
// changed it meanwhile (ErrChanged). Comments, order and indentation of all
// that is not set stay byte for byte.
func Edit(path string, loads Check, set ...Change) error { return EditSince(path, "", loads, set...) }

// EditSince is Edit for a file that was shown to the user at that revision.
func EditSince(path string, since Revision, loads Check, set ...Change) error {
	data, err := readFile(path)
	if err != nil {
		return err
	}
	read := revision(data)
	if since != "" && since != read {
		return fmt.Errorf("editing %s: %w", path, ErrChanged)
	}
	edited, err := applyAll(path, string(data), set)
	if err != nil {
		return fmt.Errorf("editing %s: %w", path, err)
	}
	if err := loads(path, []byte(edited)); err != nil {
		return fmt.Errorf("editing %s: the result would not load: %w", path, err)
	}
	return replace(path, read, []byte(edited))
}

// applyAll returns the text with all changes made.
func applyAll(path, text string, set []Change) (string, error) {
	const bom = "\ufeff"
	mark := ""
	if strings.HasPrefix(text, bom) {
		mark, text = bom, text[len(bom):]
	}
	for _, c := range set {
		segments, err := parsePath(c.Path)
		if err != nil {
			return "", err
		}
		c = c.normal()
		next, err := apply(path, text, segments, c)
		if err != nil {
			return "", fmt.Errorf("setting %s: %w", c.Path, err)
		}
		if err := holds(path, next, segments, c); err != nil {
			return "", fmt.Errorf("setting %s: %w", c.Path, err)
		}
		text = next
	}
	return mark + text, nil
}

// normal is the change with the texts as the readers will return them.
func (c Change) normal() Change {
	c.Text = normalText(c.Text)
	for i := range c.List {
		if i == 0 {
			c.List = append([]string{}, c.List...)
		}
		c.List[i] = normalText(c.List[i])
	}
	return c
}

// normalText has LF line ends and no space at the end of a line or around the
// whole, which a literal block could not keep.
func normalText(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// holds makes sure that the text now says what was asked for. Should a file
// be written in a way that the editing does not understand, it stays as it is.
func holds(path, text string, segments []segment, c Change) error {
	last := segments[len(segments)-1]
	for _, s := range segments {
		if s.appends() {
			return nil // checked by the loader: its position is not known here
		}
	}
	e, err := newEditor(path, text)
	if err != nil {
		return err
	}
	n := e.root
	for _, s := range segments {
		if n = find(n, s); n == nil {
			return fmt.Errorf("%s did not arrive in the file", last)
		}
	}
	if c.List == nil && (n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) != c.Text) {
		return errors.New("the file is written in a way that cannot be changed here; edit it by hand")
	}
	if c.List != nil && len(n.Content) != len(c.List) {
		return errors.New("the file is written in a way that cannot be changed here; edit it by hand")
	}
	return nil
}
