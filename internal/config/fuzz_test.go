package config

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// mustBeProblems checks that a refusal names the file and a line of it.
func mustBeProblems(t *testing.T, data string, err error) {
	t.Helper()
	var ps Problems
	if !errors.As(err, &ps) || len(ps) == 0 {
		t.Fatalf("refused without a problem: %v", err)
	}
	lines := strings.Count(data, "\n") + 1
	for _, p := range ps {
		if p.Line < 1 || p.Line > lines || p.Found == "" || p.Expected == "" || strings.Contains(p.Error(), "\n") {
			t.Errorf("problem %+v of a file of %d lines", *p, lines)
		}
	}
}

func FuzzConfig(f *testing.F) {
	example, err := os.ReadFile(exampleConfig)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(example), smallConfig, documentedConfig, "", "~", "a: &a [*a]", "me: {name: a, b}", "\ufeff" + smallConfig,
		after("watch: [{}]\n"), after("sequences: {default: [{}]}\n"), "me:\n  signature: |2-\n    x\n", "? a\n: b\n", "\"a\\u202e\": b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseConfig("config.yaml", []byte(text), readingDay())
		if err != nil {
			mustBeProblems(t, text, err)
			return
		}
		p := c.Policy
		if l := p.Limits; l.PerPerson > scheduler.HardLimit || l.PerApplication > scheduler.HardLimit || l.PerPerson < 0 || shorterThanDay(l.Gap) {
			t.Errorf("limits %+v", l)
		}
		if p.PerHour < 1 || p.PerHour > 100 || p.LastLook <= 0 || p.LastLook > time.Minute || p.Spread < 0 || p.Window.Validate() != nil || p.Late.Validate() != nil {
			t.Errorf("policy %+v", p)
		}
		if p.Me.Zone == nil || p.Me.Name == "" || strings.ContainsFunc(p.Me.Name+p.Me.Email, unfit) || len(p.Sequences[defaultSequence]) == 0 {
			t.Errorf("policy %+v", p)
		}
		for _, s := range []Server{c.Account.SMTP, c.Account.IMAP} {
			if s.Host == "" || s.Port < 1 || s.Security == Insecure && !isLoopback(s.Host) {
				t.Errorf("server %+v", s)
			}
		}
		if c.Account.Password.sources() != 1 {
			t.Errorf("password from %+v", c.Account.Password)
		}
	})
}

func fuzzPolicy(f *testing.F) scheduler.Policy {
	c, err := parseConfig("config.yaml", []byte(smallConfig), readingDay())
	if err != nil {
		f.Fatal(err)
	}
	return c.Policy
}

func FuzzInterview(f *testing.F) {
	example, err := os.ReadFile(exampleInterview)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(example), editBefore, oneInterview(""), oneInterviewer("        said: a # b\n"), application("A", "B"),
		oneInterview("    debrief: {answers: [{question: a, b}]}\n"), "company: \"A\\u0000\"\n", "company: 0000\nrole:  #"} {
		f.Add(s)
	}
	policy := fuzzPolicy(f)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := parseInterview("acme.yaml", []byte(text), policy)
		if err != nil {
			mustBeProblems(t, text, err)
			return
		}
		if a.Company == "" || a.Role == "" || strings.ContainsFunc(a.Company+a.Role, unfit) {
			t.Errorf("company %q, role %q", a.Company, a.Role)
		}
		ids := map[string]bool{}
		for _, i := range a.Interviews {
			if i.ID == "" || ids[strings.ToLower(i.ID)] || i.At.IsZero() || i.Zone == nil || !i.End().After(i.At) {
				t.Errorf("interview %+v", i)
			}
			ids[strings.ToLower(i.ID)] = true
		}
		for _, p := range a.People() {
			for _, s := range append(p.Addresses(), p.Name, p.Title, p.Greet) {
				if strings.ContainsFunc(s, unfit) {
					t.Errorf("person %+v", p)
				}
			}
		}
	})
}

// An edit changes what it was asked to change and nothing else, or it fails.
func FuzzEdit(f *testing.F) {
	example, err := os.ReadFile(exampleInterview)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(example), editBefore, oneInterviewer(""), strings.ReplaceAll(editBefore, "\n", "\r\n")} {
		for _, said := range []string{"", "one", "one # two", "one\n\ntwo: three", "'\"\\", "- x", "a, b}", "é\t."} {
			f.Add(s, said)
		}
	}
	policy := fuzzPolicy(f)
	f.Fuzz(func(t *testing.T, text, said string) {
		before, err := parseInterview("acme.yaml", []byte(text), policy)
		if err != nil || len(before.Interviews) == 0 || len(before.Interviews[0].Interviewers) == 0 {
			return
		}
		edited, err := applyAll("acme.yaml", text, set("interviews[0].interviewers[0].said", said))
		if err != nil {
			return
		}
		after, err := parseInterview("acme.yaml", []byte(edited), policy)
		if err != nil {
			return // Edit would refuse it
		}
		if got := find0(after).Said; got != normalText(said) {
			t.Errorf("%q became %q in\n%s", said, got, edited)
		}
		find0(after).Said = find0(before).Said
		if !reflect.DeepEqual(before, after) {
			t.Errorf("more than the text changed:\n%s\nbecame\n%s", text, edited)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if strings.HasPrefix(line, "#") && !strings.Contains(edited, line) {
				t.Errorf("the comment %q is gone from\n%s", line, edited)
			}
		}
	})
}

func find0(a scheduler.Application) *scheduler.Person { return &a.Interviews[0].Interviewers[0] }
