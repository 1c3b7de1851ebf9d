package proofread

import (
	"os"
	"strings"
	"testing"

	"afterword/scheduler"
)

// letterOf is one mail of a collection.
type letterOf struct {
	kind       scheduler.Kind
	name, text string
	want       string // of bad ones: the code to find
}

// collection reads mails that begin with "=== kind name", or, where codes are
// wanted, "=== kind code name".
func collection(t *testing.T, file string, coded bool) []letterOf {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n=== ")
	var all []letterOf
	for part := range strings.SplitSeq(rest, "\n=== ") {
		head, body, _ := strings.Cut(part, "\n")
		kind, name, _ := strings.Cut(head, " ")
		l := letterOf{kind: scheduler.Kind(kind), name: name, text: body}
		if coded {
			l.want, l.name, _ = strings.Cut(name, " ")
		}
		all = append(all, l)
	}
	return all
}

// TestGoodCollections: what people write well raises no error and few warnings.
func TestGoodCollections(t *testing.T) {
	t.Parallel()
	c := New()
	for _, file := range []struct {
		name            string
		least, warnings int
	}{{"good.txt", 50, 10}, {"more-good.txt", 30, 6}} {
		all, warnings := collection(t, file.name, false), 0
		if len(all) < file.least {
			t.Errorf("%s has %d mails, want %d", file.name, len(all), file.least)
		}
		for _, l := range all {
			for _, f := range c.Text(l.text, l.kind, "en") {
				switch f.Severity {
				case scheduler.Error:
					t.Errorf("%s, %s: %+v", l.kind, l.name, f)
				case scheduler.Warning:
					warnings++
					t.Logf("%s, %s: %s, %s: %s", l.kind, l.name, f.Code, f.Place, f.Text)
				}
			}
		}
		if t.Logf("%s: %d warnings", file.name, warnings); warnings > file.warnings {
			t.Errorf("%s: %d warnings, want at most %d", file.name, warnings, file.warnings)
		}
	}
}

// TestBadCollection: each mail has the finding it was written for.
func TestBadCollection(t *testing.T) {
	t.Parallel()
	c, missed := New(), 0
	all := collection(t, "bad.txt", true)
	for _, l := range all {
		if _, ok := with(c.Text(l.text, l.kind, "en"), l.want); !ok {
			missed++
			t.Errorf("%s %s: not found in\n%s", l.want, l.name, l.text)
		}
	}
	if len(all) < 40 {
		t.Errorf("%d mails, want 40", len(all))
	}
	t.Logf("%d of %d found", len(all)-missed, len(all))
}
