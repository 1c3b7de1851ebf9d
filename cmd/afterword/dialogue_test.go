package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"
)

// TestKeysAreTakenBeforeTheQuestion: a key that is pressed the moment a question is seen is
// an answer, Ctrl-C as well; and a question of several lines begins each at the left.
func TestKeysAreTakenBeforeTheQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys string
		want rune
		err  error
	}{{"\x03", 0, errEnded}, {" y", 'y', nil}} {
		var screen strings.Builder
		d := &dialogue{in: bufio.NewReader(strings.NewReader(c.keys)), out: &screen}
		d.raw = func() (func(), error) {
			if screen.Len() > 0 {
				t.Errorf("%q was shown before single keys were taken", screen.String())
			}
			return func() {}, nil
		}
		got, err := d.key("One?\nTwo? ", "yn")
		if got != c.want || !errors.Is(err, c.err) || !strings.HasPrefix(screen.String(), "One?\r\nTwo? ") {
			t.Errorf("%q: %q, %v\n%q", c.keys, got, err, screen.String())
		}
	}
}
