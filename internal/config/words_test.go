package config

import (
	"errors"
	"strings"
	"testing"

	"afterword/scheduler"
)

func TestClosest(t *testing.T) {
	t.Parallel()
	words := []string{"status", "sequence", "per_hour", "thank-you", "said"}
	for word, want := range map[string]string{
		"status":                  "status",
		"Status":                  "status",
		"sttaus":                  "status",
		"statuss":                 "status",
		"stat":                    "",
		"per-hour":                "per_hour",
		"per hour":                "per_hour",
		"perhour":                 "per_hour",
		"thankyou":                "thank-you",
		"siad":                    "said",
		"":                        "",
		"x":                       "",
		"colour":                  "",
		strings.Repeat("a", 1000): "",
	} {
		if got := closest(word, words); got != want {
			t.Errorf("%q is closest to %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "acb", 1},
		{"abc", "ab", 1},
		{"abc", "abx", 1},
		{"kitten", "sitting", 3},
		{"né", "ne", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{
		"nothing":   nil,
		"a":         {"a"},
		"a or b":    {"a", "b"},
		"a, b or c": {"a", "b", "c"},
	} {
		if got := oneOf(words); got != want {
			t.Errorf("%v reads %q, want %q", words, got, want)
		}
	}
}

func TestSummaryIsOneLine(t *testing.T) {
	t.Parallel()
	first := &Problem{File: "a.yaml", Line: 3, Key: "status", Found: `"x"`, Expected: "active", Hint: "two\nlines"}
	second := &Problem{File: "a.yaml", Found: "nothing", Expected: "something"}
	for want, ps := range map[string]Problems{
		"": nil,
		`a.yaml:3: status: found "x", expected active (two lines)`:             {first},
		`a.yaml: found nothing, expected something`:                            {second},
		`a.yaml:3: status: found "x", expected active (two lines); and 1 more`: {first, second},
		`a.yaml: found nothing, expected something; and 2 more`:                {second, first, first},
	} {
		if got := ps.Summary(); got != want {
			t.Errorf("summary %q, want %q", got, want)
		}
	}
}

// Problems come in the order of the lines, each reachable by errors.As.
func TestProblemsAreSorted(t *testing.T) {
	t.Parallel()
	err := Problems{{File: "a", Line: 3}, {File: "a", Line: 1, Column: 9}, {File: "a", Line: 1, Column: 2}}.sorted()
	var p *Problem
	if !errors.As(err, &p) || p.Line != 1 || p.Column != 2 {
		t.Errorf("the first problem is %+v", p)
	}
	if err := (Problems{}).sorted(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
}

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"ken@acme.example", "k.o+tag@mail.acme.example", "o'neil@acme.example", "kén@münchen.example", "a_b@x-y.example",
	} {
		if got, err := parseEmail(good); err != nil || got != good {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", "ken", "ken@", "@acme.example", "ken@acme", "ken acme@x.example", "<ken@acme.example>", "Ken <ken@acme.example>",
		"ken@acme.example (Ken)", "a@b@c.example", "ken@acme..example", "ken@.example", "ken@-acme.example", "ken@[127.0.0.1]",
		"ken@acme.example\n", "ken@acme.example,mo@acme.example", strings.Repeat("k", 65) + "@acme.example",
		"k@" + strings.Repeat("a", 64) + ".example", "k@" + strings.Repeat("a.", 130) + "example", "ken\u202e@acme.example", "ken@acme_x.example",
	} {
		if _, err := parseEmail(bad); err == nil {
			t.Errorf("%q counts as an address", bad)
		}
	}
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"status":                        "status",
		"sending.per_hour":              "sending|per_hour",
		"interviews[onsite].at":         "interviews|[onsite]|at",
		"a[ken.o@acme.example].said":    "a|[ken.o@acme.example]|said",
		"a[2nd round / Paris].x":        "a|[2nd round / Paris]|x",
		"a[+][0]":                       "a|[+]|[0]",
		"templates.thank-you":           "templates|thank-you",
		"interviews[x].debrief.answers": "interviews|[x]|debrief|answers",
	} {
		segments, err := parsePath(path)
		var words []string
		for _, s := range segments {
			words = append(words, s.String())
		}
		if got := strings.Join(words, "|"); err != nil || got != want {
			t.Errorf("%q: %q (%v), want %q", path, got, err, want)
		}
		if got := pathOf(segments); got != path {
			t.Errorf("%q is written back as %q", path, got)
		}
	}
}

func TestNormalText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                    "",
		" a ":                 "a",
		"a\r\nb\r\n":          "a\nb",
		"\n\n  a  \n\t\n b\n": "a\n\n b",
	} {
		if got := normalText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Every code that keeps a promise is one that the reader knows, or its refusal would
// call it a mistyped one.
func TestLintCodes(t *testing.T) {
	t.Parallel()
	for _, code := range scheduler.PromiseCodes() {
		if !contains(LintCodes(), code) {
			t.Errorf("%s is no code", code)
		}
	}
}
