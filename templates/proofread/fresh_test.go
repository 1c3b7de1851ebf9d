package proofread

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// fresh is one mail of testdata/fresh-*.txt and what it is held against.
type fresh struct {
	name, code string // code is "" for a good mail
	kind       scheduler.Kind
	facts      map[string]string
	text       string
}

// freshMails reads a collection whose faults are planted into its good mails.
func freshMails(t *testing.T, file string) []fresh {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "\n=== ")
	good := map[string]fresh{}
	var all []fresh
	for part := range strings.SplitSeq(rest, "\n=== ") {
		head, body, _ := strings.Cut(part, "\n")
		words := strings.SplitN(head, " ", 3)
		if words[0] == "bad" {
			all = append(all, planted(t, good, words[1], strings.Join(words[2:], " "), body))
			continue
		}
		facts, text, _ := strings.Cut("\n"+body, "\n---\n")
		f := fresh{name: words[2], kind: scheduler.Kind(words[1]), facts: map[string]string{}, text: text}
		f.tell(facts)
		good[f.name] = f
		all = append(all, f)
	}
	return all
}

func (f *fresh) tell(lines string) {
	for line := range strings.SplitSeq(lines, "\n") {
		if key, value, ok := strings.Cut(line, ": "); ok {
			f.facts[key] = strings.ReplaceAll(value, `\n`, "\n")
		}
	}
}

var repeated = regexp.MustCompile(`^(\d+) (.*)`)

// planted makes a bad mail of a good one.
func planted(t *testing.T, good map[string]fresh, code, name, lines string) fresh {
	t.Helper()
	f := fresh{name: code + ": " + name, code: code, facts: map[string]string{}}
	for line := range strings.SplitSeq(lines, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		value = strings.ReplaceAll(value, `\n`, "\n")
		switch key {
		case "as":
			base, ok := good[value]
			if !ok {
				t.Fatalf("%s: no good mail is called %q", f.name, value)
			}
			f.kind, f.text = base.kind, base.text
			for k, v := range base.facts {
				f.facts[k] = v
			}
		case "swap":
			was, is, _ := strings.Cut(value, " => ")
			if !strings.Contains(f.text, was) {
				t.Fatalf("%s: %q does not stand in the mail", f.name, was)
			}
			f.text = strings.Replace(f.text, was, is, 1)
		case "keep":
			parts := strings.Split(f.text, "\n\n")
			f.text = strings.Join([]string{parts[0], parts[1], value, parts[len(parts)-1]}, "\n\n")
		case "repeat":
			m := repeated.FindStringSubmatch(value)
			n, _ := strconv.Atoi(m[1])
			parts := strings.Split(f.text, "\n\n")
			parts[2] += strings.Repeat(" "+m[2], n)
			f.text = strings.Join(parts, "\n\n")
		default:
			f.tell(line)
		}
	}
	return f
}

func (f fresh) fact(key, otherwise string) string {
	if v, ok := f.facts[key]; ok {
		return strings.TrimPrefix(v, "-")
	}
	return otherwise
}

// findings reads the mail as the program would.
func (f fresh) findings(t *testing.T, c *Checker) []scheduler.Finding {
	t.Helper()
	if len(f.facts) == 0 {
		return c.Text(f.text, f.kind, "")
	}
	return c.Check(f.input(t))
}

func (f fresh) input(t *testing.T) scheduler.ProofInput {
	t.Helper()
	in := thanks(t)
	if f.kind == scheduler.Asking {
		in = question(t)
	}
	in.Template = f.fact("template", in.Template)
	at := func(key string, otherwise time.Time) time.Time {
		v, ok := f.facts[key]
		if !ok {
			return otherwise
		}
		when, err := time.ParseInLocation("2006-01-02 15:04", v, paris(t))
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	in.Interview.At, in.Leaves = at("held", in.Interview.At), at("leaves", in.Leaves)
	in.Language = f.fact("lang", "en")
	in.Application.Company, in.Application.Role = f.fact("company", "Acme"), f.fact("role", "Site Reliability Engineer")
	in.Person = scheduler.Person{Name: f.fact("person", "Ken Osei"), Email: "reader@acme.example", Said: f.fact("said", ""), Question: f.fact("question", ""),
		Greet: f.fact("greet", ""), Notes: f.fact("note", ""), Title: f.fact("title", "")}
	in.To = scheduler.Recipient{Name: in.Person.Name, Email: in.Person.Email}
	in.Interview.Interviewers = []scheduler.Person{in.Person}
	for i, name := range strings.Split(f.fact("panel", ""), ", ") {
		if name != "" {
			in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: name, Email: fmt.Sprintf("p%d@acme.example", i)})
			in.Panel = append(in.Panel, scheduler.Text{Subject: "Thank you, " + name, Body: f.fact("copy", "Hi "+name+",\n\nThank you.\n")})
		}
	}
	in.Interview.Debrief = scheduler.Debrief{BetterAnswer: f.fact("better", ""), Promised: f.fact("promised", ""), Faltered: f.fact("faltered", ""), WentWell: "fine"}
	in.Application.Interviews = []scheduler.Interview{in.Interview}
	if other := strings.Split(f.fact("other", ""), " | "); len(other) == 3 {
		in.Others = func(yield func(scheduler.Application) bool) {
			yield(scheduler.Application{Company: other[0], Role: other[1], Status: scheduler.StatusActive, Recruiter: &scheduler.Person{Name: other[2], Email: "x@other.example"}})
		}
	}
	head, text := splitHead(f.text)
	in.Text.Subject, in.Text.Body = valueOf(head, "subject"), text.text
	if _, ok := f.facts["samesubject"]; ok {
		in.Panel[0].Subject = in.Text.Subject
	}
	return in
}

// TestFreshMails holds mails that were written blind, before anybody looked at
// the tables: they stand for those that nobody has seen. What is left of the
// good ones' warnings is meant: a name of three words, a mark in what was said, a
// late thank-you, a word of Dutch. The fifth file was scored before anything was
// changed for it: 2 errors and 3 warnings in its good mails, 6 faults missed of
// 67; the sixth, on what had failed in the fifth: 2, 1 and 4 of 24; the seventh: 1, 0
// and 5 of 66, not counting a planted fault that was none.
func TestFreshMails(t *testing.T) {
	t.Parallel()
	c := New()
	for _, file := range []struct {
		name                        string
		good, bad, warnings, missed int
	}{{"fresh-1.txt", 39, 88, 4, 0}, {"fresh-2.txt", 34, 94, 2, 0}, {"fresh-3.txt", 27, 82, 1, 0}, {"fresh-4.txt", 24, 0, 1, 0}, {"fresh-5.txt", 27, 67, 1, 0}, {"fresh-6.txt", 8, 24, 0, 0}, {"fresh-7.txt", 15, 66, 0, 0}} {
		s := score{}
		for _, f := range freshMails(t, file.name) {
			s.count(t, f, f.findings(t, c))
		}
		t.Logf("%s: %+v", file.name, s)
		if s.good < file.good || s.bad < file.bad {
			t.Errorf("%s holds %d good and %d bad mails, want %d and %d", file.name, s.good, s.bad, file.good, file.bad)
		}
		if s.errors > 0 || s.warnings > file.warnings || s.missed > file.missed {
			t.Errorf("%s: %d errors and %d warnings in good mails, want 0 and at most %d; %d faults missed, want at most %d", file.name, s.errors, s.warnings, file.warnings, s.missed, file.missed)
		}
	}
}

// score is how a collection fares: what good mails are told, and which faults
// are not found.
type score struct{ good, errors, warnings, bad, missed int }

func (s *score) count(t *testing.T, f fresh, found []scheduler.Finding) {
	t.Helper()
	if f.code != "" {
		s.bad++
		if _, ok := with(found, f.code); !ok {
			s.missed++
			t.Logf("MISS %s: only %+v", f.name, codesOf(found))
		}
		return
	}
	s.good++
	for _, x := range found {
		switch x.Severity {
		case scheduler.Error:
			s.errors++
			t.Logf("ERROR %s: %+v", f.name, x)
		case scheduler.Warning:
			s.warnings++
			t.Logf("warning %s: %+v", f.name, x)
		}
	}
}

func codesOf(fs []scheduler.Finding) []string {
	var all []string
	for _, f := range fs {
		all = append(all, f.Code)
	}
	return all
}
