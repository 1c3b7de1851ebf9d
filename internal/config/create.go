package config

import (
	"errors"
	"fmt"
	"strings"
)

// CheckAddress says why a text is no address that mail can be sent to, nil if
// it is one.
func CheckAddress(s string) error {
	_, err := parseEmail(s)
	if cause := errors.Unwrap(err); cause != nil {
		return cause
	}
	return err
}

// CreateInterview writes a new interview file under a comment that says where
// it comes from, with the changes made in their order. It never replaces a
// file: the error wraps os.ErrExist if there is one.
func CreateInterview(path string, loads Check, comment, company, role string, set ...Change) error {
	text := fmt.Sprintf("# %s\ncompany: %s\nrole: %s\n", strings.Join(strings.Fields(comment), " "), scalarForm(company, false, nil), scalarForm(role, false, nil))
	text, err := applyAll(path, text, set)
	if err != nil {
		return fmt.Errorf("creating %s: %w", path, err)
	}
	return Create(path, loads, []byte(text))
}
