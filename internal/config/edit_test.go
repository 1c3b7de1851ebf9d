package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/scheduler"
)

const editBefore = `# Acme, found by Mo.
company: Acme   # the one in Lyon? No: "Acme" in Oslo
role:   Engineer

status: active                 # active | paused
interviews:
  # The long day.
  - id: onsite
    at: 2026-11-23 14:00       # after lunch
    interviewers:
      - name: Ken Osei
        email: ken@acme.example    # from his card
        said: |                # goes into the mail
          the pager
          moves

        notes: ""              # private
      - {name: Mira Solberg, email: mira@acme.example}   # short

    # Nothing noted yet.
  - id: final
    at: 2026-11-30 10:00
# The end.
`

// looseCheck parses only: the table below is about text.
func looseCheck(path string, data []byte) error {
	_, err := newEditor(path, string(data))
	return err
}

// checkEdit applies changes to editBefore and compares with the text in which
// only the replaced pieces differ.
func checkEdit(t *testing.T, name string, set []Change, pieces ...string) {
	t.Helper()
	want := strings.NewReplacer(pieces...).Replace(editBefore)
	if want == editBefore {
		t.Fatalf("%s: the expectation changes nothing", name)
	}
	got, err := applyAll("acme.yaml", editBefore, set)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func set(path, text string) []Change { return []Change{{Path: path, Text: text}} }

func TestEditReplacesAValue(t *testing.T) {
	t.Parallel()
	const ken = "interviews[onsite].interviewers[ken@acme.example]."
	checkEdit(t, "a word before a comment", set("status", "paused"), "status: active  ", "status: paused  ")
	checkEdit(t, "a time", set("interviews[onsite].at", "2026-11-24 15:30"), "2026-11-23 14:00", "2026-11-24 15:30")
	checkEdit(t, "after spaces", set("role", "Staff Engineer"), "role:   Engineer", "role:   Staff Engineer")
	checkEdit(t, "special characters", set("role", "C # and: more"), "role:   Engineer", `role:   "C # and: more"`)
	checkEdit(t, "in quotes before a comment", set(ken+"notes", "met in 2019"), `notes: ""  `, `notes: "met in 2019"  `)
	checkEdit(t, "quotes and backslashes", set(ken+"notes", `a "b" \c`), `notes: ""  `, `notes: "a \"b\" \\c"  `)
	checkEdit(t, "a line in a block", set(ken+"said", "the on-call # book"), "          the pager\n          moves\n", "          the on-call # book\n")
	checkEdit(t, "a block by a longer one", set(ken+"said", "one\n\n  two\nthree"), "          the pager\n          moves\n", "          one\n\n            two\n          three\n")
	checkEdit(t, "a block emptied", set(ken+"said", ""), "said: |                # goes", `said: ""                # goes`, "          the pager\n          moves\n", "")
	checkEdit(t, "quotes by a block", set(ken+"notes", "one\ntwo"), "notes: \"\"              # private\n", "notes: |              # private\n          one\n          two\n")
	checkEdit(t, "in braces", set("interviews[onsite].interviewers[1].name", "Solberg, Mira"), "name: Mira Solberg", `name: "Solberg, Mira"`)
	checkEdit(t, "by name", set("interviews[ONSITE].interviewers[Mira Solberg].email", "m@acme.example"), "mira@", "m@")
}

func TestEditAddsWhatIsMissing(t *testing.T) {
	t.Parallel()
	const ken, mira = "interviews[onsite].interviewers[ken@acme.example].", "interviews[onsite].interviewers[mira@acme.example]."
	const short, notes, lunch = "mira@acme.example}   # short\n", "# private\n", "# active | paused\n"
	checkEdit(t, "a key of the file", set("decision_by", "2026-12-04"), lunch, lunch+"decision_by: 2026-12-04\n")
	checkEdit(t, "a key of an entry", set(ken+"question", "Who reviews?"), notes, notes+"        question: \"Who reviews?\"\n")
	checkEdit(t, "several lines", set(ken+"question", "Who?\nWhen?"), notes, notes+"        question: |\n          Who?\n          When?\n")
	checkEdit(t, "a key in braces", set(mira+"said", "one, two"), "mira@acme.example}", `mira@acme.example, said: "one, two"}`)
	checkEdit(t, "lines in braces", set(mira+"said", "one\ntwo"), "mira@acme.example}", `mira@acme.example, said: "one\ntwo"}`)
	checkEdit(t, "a section", set("interviews[onsite].debrief.went_well", "the design"), short, short+"    debrief:\n      went_well: the design\n")
	checkEdit(t, "a section in braces", set(mira+"templates.thank-you", "mine"), "mira@acme.example}", "mira@acme.example, templates: {thank-you: mine}}")
	checkEdit(t, "in the last entry", set("interviews[final].status", "held"), "2026-11-30 10:00\n", "2026-11-30 10:00\n    status: held\n")
	checkEdit(t, "a list", []Change{{Path: "interviews[final].debrief.unprepared", List: []string{"CAP", "why # us"}}},
		"2026-11-30 10:00\n", "2026-11-30 10:00\n    debrief:\n      unprepared:\n        - CAP\n        - \"why # us\"\n")
	checkEdit(t, "an empty list", []Change{{Path: "domains", List: []string{}}}, lunch+"interviews:", lunch+"interviews:",
		"# The end.\n", "# The end.\n", "    at: 2026-11-30 10:00\n", "    at: 2026-11-30 10:00\ndomains: []\n")
	checkEdit(t, "an entry", []Change{
		{Path: "interviews[onsite].interviewers[+].name", Text: "Mo Diaz"},
		{Path: "interviews[onsite].interviewers[Mo Diaz].email", Text: "mo@acme.example"},
	}, short, short+"      - name: Mo Diaz\n        email: mo@acme.example\n")
	checkEdit(t, "a list of answers", []Change{
		{Path: "interviews[final].debrief.answers[+].question", Text: "CAP?"},
		{Path: "interviews[final].debrief.answers[0].better", Text: "P"},
	}, "2026-11-30 10:00\n", "2026-11-30 10:00\n    debrief:\n      answers:\n        - question: \"CAP?\"\n          better: P\n")
}

// check(before, change, after) for shapes that editBefore does not have.
func TestEditOddShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before string
		change Change
		after  string
	}{
		{"a: 1", Change{Path: "b", Text: "2"}, "a: 1\nb: 2\n"},
		{"a: 1", Change{Path: "a", Text: "x\ny"}, "a: |\n  x\n  y\n"},
		{"a:\nb: 1\n", Change{Path: "a", Text: "2"}, "a: 2\nb: 1\n"},
		{"a:   # why\nb: 1\n", Change{Path: "a", Text: "2"}, "a: 2   # why\nb: 1\n"},
		{"a: ~\nb: 1\n", Change{Path: "a", Text: "2"}, "a: 2\nb: 1\n"},
		{"a: {}\n", Change{Path: "a.b", Text: "2"}, "a:\n  b: 2\n"},
		{"a: {}   # why\n", Change{Path: "a.b", Text: "2"}, "a:   # why\n  b: 2\n"},
		{"a: {b: }\n", Change{Path: "a.b", Text: "2"}, "a: {b: 2 }\n"},
		{"a: {b: , c: 1}\n", Change{Path: "a.b", Text: "2"}, "a: {b: 2 , c: 1}\n"},
		{"a: [x, y]\n", Change{Path: "a[+]", Text: "z, w"}, "a: [x, y, \"z, w\"]\n"},
		{"a: []\n", Change{Path: "a[+]", Text: "z"}, "a:\n  - z\n"},
		{"a: [x]  # why\n", Change{Path: "a", List: []string{"p", "q"}}, "a:  # why\n  - p\n  - q\n"},
		{"a: # why\n  - x\n  # gone with the list\n  - y\nb: 1\n", Change{Path: "a", List: []string{"p"}}, "a: # why\n  - p\nb: 1\n"},
		{"a:\n- x\n- y\nb: 1\n", Change{Path: "a[+]", Text: "z"}, "a:\n- x\n- y\n- z\nb: 1\n"},
		{"a:\n- x\n- y\nb: 1\n", Change{Path: "a[1]", Text: "z"}, "a:\n- x\n- z\nb: 1\n"},
		{"a: one\n  two # three\nb: 1\n", Change{Path: "a", Text: "z"}, "a: z # three\nb: 1\n"},
		{"a: \"one\n  two\" # three\nb: 1\n", Change{Path: "a", Text: "z"}, "a: \"z\" # three\nb: 1\n"},
		{"a:\n  one # two\nb: 1\n", Change{Path: "a", Text: "z"}, "a: z # two\nb: 1\n"},
		{"a: 'it''s' # x\n", Change{Path: "a", Text: "z"}, "a: \"z\" # x\n"},
		{"a: >\n  one\n  two\n\nb: 1\n", Change{Path: "a", Text: "z"}, "a: \"z\"\n\nb: 1\n"},
		{"a: |\nb: 1\n", Change{Path: "a", Text: "z"}, "a: |\n  z\nb: 1\n"},
		{"a: |2-\n    one\n  two\nb: 1\n", Change{Path: "a", Text: "z"}, "a: |\n  z\nb: 1\n"},
		{"a: |\n  one\n  two", Change{Path: "a", Text: "z"}, "a: |\n  z\n"},
		{"é: 1\r\na: \"ü\" # é\r\nb: 1\r\n", Change{Path: "a", Text: "ö\nö"}, "é: 1\r\na: | # é\r\n  ö\r\n  ö\r\nb: 1\r\n"},
		{"a: 1\r\nb: 2\r\n", Change{Path: "c", Text: "3"}, "a: 1\r\nb: 2\r\nc: 3\r\n"},
		{"\ufeffa: 1\n", Change{Path: "a", Text: "2"}, "\ufeffa: 2\n"},
		{"{a: 1, b: 2}\n", Change{Path: "c", Text: "3"}, "{a: 1, b: 2, c: 3}\n"},
		{"a: {b: 1 # x\n  }\n", Change{Path: "a.c", Text: "3"}, "a: {b: 1, c: 3 # x\n  }\n"},
		{"a: 1\n# end\n", Change{Path: "b", Text: "null"}, "a: 1\nb: \"null\"\n# end\n"},
		{"\"a\": 1\n", Change{Path: "a", Text: "2"}, "\"a\": 2\n"},
		{"a: 1\n...\n", Change{Path: "b", Text: "2"}, "a: 1\nb: 2\n...\n"},
	} {
		got, err := applyAll("x.yaml", c.before, []Change{c.change})
		if err != nil || got != c.after {
			t.Errorf("%q with %+v:\n got %q (%v)\nwant %q", c.before, c.change, got, err, c.after)
		}
	}
}

func TestEditRefusesBadPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"":                                "reading path: it is empty",
		"a.":                              "a key is missing after a dot",
		"a..b":                            "is no key",
		"[a]":                             "brackets hold an entry",
		"a[]":                             "brackets hold an entry",
		"a[b":                             "brackets hold an entry",
		"a b":                             "is no key",
		"a: b\nc":                         "is no key",
		"status.x":                        "status has no keys",
		"status[x]":                       "status is no list",
		"interviews[none].at":             `interviews has no entry "none"`,
		"interviews[7].at":                `interviews has no entry "7"`,
		"interviews":                      "it holds keys or a list, no text",
		"interviews[onsite]":              "it holds keys or a list, no text",
		"interviews.onsite":               "interviews has no keys",
		"interviews[onsite].debrief[x].y": "did not arrive",
	} {
		_, err := applyAll("acme.yaml", editBefore, set(path, "x"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", path, err, want)
		}
	}
}

// editedFile writes an interview file and returns its path.
func editedFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acme.yaml")
	write(t, path, text)
	return path
}

func TestEditFile(t *testing.T) {
	t.Parallel()
	p := testPolicy(t)
	path := editedFile(t, editBefore)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	err := Edit(path, InterviewCheck(p), Change{Path: "status", Text: "paused"},
		Change{Path: "interviews[onsite].interviewers[ken@acme.example].said", Text: "we use C # and Go\r\nor so  "})
	if err != nil {
		t.Fatal(err)
	}
	a, err := LoadInterview(path, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Interviews[0].Interviewers[0].Said; got != "we use C # and Go\nor so" || a.Status != scheduler.StatusPaused {
		t.Errorf("said %q, status %s", got, a.Status)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v (%v), want it kept", info.Mode(), err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
}

// A result that would not load leaves the file as it is, and says why.
func TestEditRefusesWhatWouldNotLoad(t *testing.T) {
	t.Parallel()
	path := editedFile(t, editBefore)
	for _, c := range []Change{
		{Path: "status", Text: "activ"}, {Path: "colour", Text: "red"}, {Path: "interviews[onsite].at", Text: "2026-02-30 10:00"},
		{Path: "interviews[onsite].interviewers[+].email", Text: "x@acme.example"}, {Path: "role", Text: "a\u202eb"},
	} {
		err := Edit(path, InterviewCheck(testPolicy(t)), c)
		var p *Problem
		if !errors.As(err, &p) {
			t.Errorf("%+v: %v, want a problem", c, err)
		}
		if got := readText(t, path); got != editBefore {
			t.Fatalf("%+v changed the file to\n%s", c, got)
		}
	}
}

func TestEditRefusesAChangedFile(t *testing.T) {
	t.Parallel()
	path := editedFile(t, editBefore)
	seen, err := RevisionOf(path)
	if err != nil {
		t.Fatal(err)
	}
	other := editBefore + "# somebody was here\n"
	write(t, path, other)
	if err := EditSince(path, seen, looseCheck, Change{Path: "status", Text: "paused"}); !errors.Is(err, ErrChanged) {
		t.Errorf("an edit of what is not there any more: %v", err)
	}
	// Somebody writes between the reading and the replacing.
	meanwhile := func(string, []byte) error { write(t, path, other+"# again\n"); return nil }
	if err := Edit(path, meanwhile, Change{Path: "status", Text: "paused"}); !errors.Is(err, ErrChanged) {
		t.Errorf("an edit across another: %v", err)
	}
	if got := readText(t, path); got != other+"# again\n" {
		t.Errorf("the other's text is lost:\n%s", got)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestEditKeepsALink(t *testing.T) {
	t.Parallel()
	path := editedFile(t, editBefore)
	link := filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := Edit(link, looseCheck, Change{Path: "status", Text: "paused"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
	if !strings.Contains(readText(t, path), "status: paused") {
		t.Error("the file behind the link is unchanged")
	}
}

func TestEditConfig(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.yaml")
	before := readText(t, exampleConfig)
	write(t, path, before)
	if err := Edit(path, ConfigCheck(readingDay()), Change{Path: "sending.review", Text: "always"}, Change{Path: "account.smtp.port", Text: "466"}); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("review: flagged ", "review: always ", "port: 465  ", "port: 466  ").Replace(before)
	if got := readText(t, path); got != want {
		t.Errorf("got\n%s", got)
	}
	if err := Edit(path, ConfigCheck(readingDay()), Change{Path: "limits.per_person", Text: "9"}); err == nil {
		t.Error("the limits are raised past the hard limit")
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "acme.yaml")
	loads := InterviewCheck(testPolicy(t))
	if err := Create(path, loads, []byte("company: Acme\n")); err == nil {
		t.Error("a file is created that does not load")
	}
	if err := Create(path, loads, []byte(application("Acme", "SRE"))); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, loads, []byte(application("Beta", "SRE"))); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second one over it: %v", err)
	}
	if got := readText(t, path); got != application("Acme", "SRE") {
		t.Errorf("the file holds %q", got)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
