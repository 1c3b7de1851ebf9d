package config

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

func testPolicy(t *testing.T) scheduler.Policy {
	t.Helper()
	return mustConfig(t, smallConfig).Policy
}

// oneInterview is an application whose interview has the lines given, from
// line 6 on.
func oneInterview(lines string) string {
	return "company: Acme\nrole: Engineer\ninterviews:\n  - id: onsite\n    at: 2026-11-23 14:00\n" + lines
}

// oneInterviewer is an application whose interviewer has the lines given, from
// line 8 on.
func oneInterviewer(lines string) string {
	return oneInterview("    interviewers:\n      - name: Ken Osei\n" + lines)
}

func loadInterviewText(t *testing.T) func(text string) error {
	p := testPolicy(t)
	return func(text string) error {
		_, err := parseInterview("acme.yaml", []byte(text), p)
		return err
	}
}

func mustInterview(t *testing.T, text string) scheduler.Application {
	t.Helper()
	a, err := parseInterview("interviews/acme.yaml", []byte(text), testPolicy(t))
	if err != nil {
		t.Fatalf("the interview does not load: %v", err)
	}
	return a
}

func TestWrongApplication(t *testing.T) {
	t.Parallel()
	const head = "company: Acme\nrole: Engineer\n"
	checkWrong(t, []wrong{
		{"", "acme.yaml:1: found an empty file, expected keys and values", ""},
		{
			text: "company: Acme\nrole:   # which?\n",
			want: "acme.yaml:2: role: found nothing, expected the role as they call it",
		},
		{"role: Engineer\n", "acme.yaml:1: company: found nothing, expected the company's name", ""},
		{"company: Acme\nrole: \"\"\n", `acme.yaml:2: role: found nothing, expected the role as they call it`, ""},
		{
			text: "company: Acme\nrole: Engineer # 2\n",
			want: `acme.yaml:2: role: found a comment that cuts the text after "Engineer", expected text in quotes, or the comment on a line of its own`,
			hint: `write role: "Engineer # 2"`,
		},
		{
			text: "company: |\n  Acme\n  Inc\nrole: x\n",
			want: `acme.yaml:1: company: found "Acme\nInc\n", expected text on one line`,
		},
		{
			text: head + "recuiter: {}\n",
			want: `acme.yaml:3: found the unknown key "recuiter", expected company, country, decision_by, domains, interviews, language, recruiter, role, sequence, status or timezone`,
			hint: "did you mean recruiter?",
		},
		{
			text: head + "status: activ\n",
			want: `acme.yaml:3: status: found "activ", expected active, considered, paused, offer, accepted, rejected, withdrawn or closed`,
			hint: "did you mean active?",
		},
		{
			text: head + "domains: [acme]\n",
			want: `acme.yaml:3: domains[0]: found "acme", expected a domain of the company such as acme.example`,
		},
		{
			text: head + "domains: [co.uk]\n",
			want: `acme.yaml:3: domains[0]: found "co.uk", expected a domain of the company such as acme.example`,
			hint: "shared by many",
		},
		{
			text: head + "domains: [acme.example, GMail.com]\n",
			want: `acme.yaml:3: domains[1]: found "GMail.com", expected a domain of the company such as acme.example`,
			hint: "everybody can have an address there",
		},
		{
			text: head + "timezone: Europe/Pariss\n",
			want: `acme.yaml:3: timezone: found "Europe/Pariss", expected a time zone such as Europe/Paris`,
		},
		{
			text: head + "country: Frankreich\n",
			want: `acme.yaml:3: country: found "Frankreich", expected a country code such as FR, DE, GB or US`,
		},
		{
			text: head + "decision_by: 2026-02-30\n",
			want: `acme.yaml:3: decision_by: found "2026-02-30", expected a date such as 2026-12-04`,
		},
		{
			text: head + "decision_by: 4.12.2026\n",
			want: `acme.yaml:3: decision_by: found "4.12.2026", expected a date such as 2026-12-04`,
		},
	}, loadInterviewText(t))
}

func TestWrongApplicationPart2(t *testing.T) {
	t.Parallel()
	const head = "company: Acme\nrole: Engineer\n"
	checkWrong(t, []wrong{
		{
			text: oneInterview("decision_by: 2006-12-04\n"),
			want: `acme.yaml:6: decision_by: found "2006-12-04", expected a date near the interviews`,
			hint: "2026-11-23",
		},
		{
			text: oneInterview("decision_by: 2206-12-04\n"),
			want: `acme.yaml:6: decision_by: found "2206-12-04", expected a date near the interviews`,
			hint: "2026-11-23",
		},
		{head + "sequence: slow\n", `acme.yaml:3: sequence: found "slow", expected a sequence of config.yaml`, ""},
		{head + "recruiter: Priya\n", `acme.yaml:3: recruiter: found "Priya", expected keys and values`, ""},
		{
			text: head + "recruiter: {email: p@acme.example}\n",
			want: "acme.yaml:3: recruiter.name: found nothing, expected the person's name",
		},
	}, loadInterviewText(t))
}

func TestWrongInterview(t *testing.T) {
	t.Parallel()
	const head = "company: Acme\nrole: Engineer\ninterviews:\n"
	checkWrong(t, []wrong{
		{
			text: head + "  - {}\n",
			want: "acme.yaml:4: interviews[0].at: found nothing, expected a date and time such as 2026-11-23 14:00",
		},
		{
			text: head + "  - {at: 2026-11-23}\n",
			want: `acme.yaml:4: interviews[0].at: found "2026-11-23", expected a date and time such as 2026-11-23 14:00`,
		},
		{
			text: head + "  - {at: 2026-02-30 14:00}\n",
			want: `acme.yaml:4: interviews[0].at: found "2026-02-30 14:00", expected a date and time such as 2026-11-23 14:00`,
		},
		{
			text: head + "  - {at: 1926-11-23 14:00}\n",
			want: `acme.yaml:4: interviews[0].at: found "1926-11-23 14:00", expected a date and time such as 2026-11-23 14:00`,
			hint: "century",
		},
		{
			text: head + "  - {at: 2026-03-29 02:30}\n",
			want: `acme.yaml:4: interviews[0].at: found "2026-03-29 02:30", expected a time that exists in Europe/Paris`,
			hint: "2026-03-29 03:00",
		},
		{
			text: head + "  - {id: a, at: 2026-11-23 14:00}\n  - {at: 2026-11-24 14:00}\n",
			want: "acme.yaml:5: interviews[1].id: found nothing, expected an id such as onsite, since there is more than one interview",
		},
		{
			text: head + "  - {id: onsite, at: 2026-11-23 14:00}\n  - {id: OnSite, at: 2026-11-24 14:00}\n",
			want: `acme.yaml:5: interviews[1].id: found "OnSite", expected an id that no other interview of the file has`,
		},
		{
			text: head + "  - {id: \"\", at: 2026-11-23 14:00}\n",
			want: `acme.yaml:4: interviews[0].id: found "", expected an id such as onsite`,
			hint: "leave the key out",
		},
		{
			text: oneInterview("    duration: 0m\n"),
			want: `acme.yaml:6: interviews[0].duration: found "0m", expected a time from 1m to 24h`,
		},
		{
			text: oneInterview("    duration: -45m\n"),
			want: `acme.yaml:6: interviews[0].duration: found "-45m", expected a time from 1m to 24h`,
		},
		{
			text: oneInterview("    duration: 45\n"),
			want: `acme.yaml:6: interviews[0].duration: found "45", expected a time from 1m to 24h`,
			hint: "unit",
		},
		{
			text: oneInterview("    duration: 2d\n"),
			want: `acme.yaml:6: interviews[0].duration: found "2d", expected a time from 1m to 24h`,
		},
	}, loadInterviewText(t))
}

func TestWrongInterviewPart2(t *testing.T) {
	t.Parallel()
	const head = "company: Acme\nrole: Engineer\ninterviews:\n"
	checkWrong(t, []wrong{
		{
			text: oneInterview("    kind: zoom\n"),
			want: `acme.yaml:6: interviews[0].kind: found "zoom", expected phone, video, onsite, panel or group`,
		},
		{
			text: oneInterview("    status: canceled\n"),
			want: `acme.yaml:6: interviews[0].status: found "canceled", expected planned, held or cancelled`,
			hint: "did you mean cancelled?",
		},
		{
			text: oneInterview("    timezone: CET+1\n"),
			want: `acme.yaml:6: interviews[0].timezone: found "CET+1", expected a time zone such as Europe/Paris`,
		},
		{
			text: oneInterview("    debrief: went fine\n"),
			want: `acme.yaml:6: interviews[0].debrief: found "went fine", expected keys and values`,
		},
		{
			text: oneInterview("    debrief:\n      unprepared: the CAP theorem\n"),
			want: `acme.yaml:7: interviews[0].debrief.unprepared: found "the CAP theorem", expected a list`,
			hint: "[the CAP theorem]",
		},
		{head + "  onsite: {}\n", "acme.yaml:4: interviews: found keys and values, expected a list", "dash"},
		{head + "  - text\n", `acme.yaml:4: interviews[0]: found "text", expected keys and values`, ""},
	}, loadInterviewText(t))
}

func TestWrongPerson(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: oneInterviewer("        email: ken\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].email: found "ken", expected an address such as ken@acme.example`,
		},
		{
			text: oneInterviewer("        email: ken@acme\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].email: found "ken@acme", expected an address such as ken@acme.example`,
			hint: "domain",
		},
		{
			text: oneInterviewer("        email: a@x.example, b@x.example\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].email: found "a@x.example, b@x.example", expected an address such as ken@acme.example`,
		},
		{
			text: oneInterviewer("        email: \"ken@acme.example\\r\\nBcc: x@y.example\"\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].email: found "ken@acme.example\r\nBcc: x@y.example", expected an address such as ken@acme.example`,
			hint: "invisible",
		},
		{
			text: oneInterviewer("        title: \"Engineer\\nBcc: x@y.example\"\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].title: found "Engineer\nBcc: x@y.example", expected text on one line`,
		},
		{
			text: oneInterviewer("        greet: \"Ken\\u202e\"\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].greet: found "Ken\u202e", expected text without invisible characters`,
			hint: "U+202E",
		},
		{
			text: oneInterview("    interviewers:\n      - {name: \"Ken\\u0000\"}\n"),
			want: `acme.yaml:7: interviews[0].interviewers[0].name: found "Ken\x00", expected text without invisible characters`,
		},
		{
			text: oneInterview("    interviewers:\n      - {email: k@acme.example}\n"),
			want: "acme.yaml:7: interviews[0].interviewers[0].name: found nothing, expected the person's name",
		},
		{
			text: oneInterview("    interviewers:\n      -\n"),
			want: "acme.yaml:7: interviews[0].interviewers[0].name: found nothing, expected the person's name",
		},
		{
			text: oneInterviewer("        guessed: true\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].guessed: found "true", expected an email that was guessed`,
		},
		{
			text: oneInterviewer("        email: k@acme.example\n      - name: Kenneth\n        email: K@Acme.example\n"),
			want: "acme.yaml:9: interviews[0].interviewers[1]: found the same person as in interviews[0].interviewers[0], expected each interviewer once",
			hint: "Ken Osei has that address already; where two people share a mailbox, leave the email of one of them out",
		},
		{
			text: oneInterviewer("        aliases: [k@acme.example]\n      - name: Kenneth\n        email: k@acme.example\n"),
			want: "acme.yaml:9: interviews[0].interviewers[1]: found the same person as in interviews[0].interviewers[0], expected each interviewer once",
		},
	}, loadInterviewText(t))
}

func TestWrongPersonPart2(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: oneInterviewer("      - name: ken osei\n"),
			want: "acme.yaml:8: interviews[0].interviewers[1]: found the same person as in interviews[0].interviewers[0], expected each interviewer once",
		},
		{
			text: oneInterviewer("        lead: true\n      - {name: Mo, lead: true}\n"),
			want: `acme.yaml:9: interviews[0].interviewers[1].lead: found "true", expected one lead in an interview`,
		},
		{
			text: oneInterviewer("        templates: {thankyou: mine}\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].templates.thankyou: found "thankyou", expected a step of the sequence: thank-you, follow-up-1 or follow-up-2`,
			hint: "did you mean thank-you?",
		},
		{
			text: oneInterviewer("        lead: True!\n"),
			want: `acme.yaml:8: interviews[0].interviewers[0].lead: found "True!", expected true or false`,
		},
	}, loadInterviewText(t))
}

// Texts that YAML would cut are refused, and the hint shows the line as it
// should be.
func TestCutTexts(t *testing.T) {
	t.Parallel()
	const person, debrief = "interviews[0].interviewers[0].", "interviews[0].debrief."
	const cut = ", expected text in quotes, or the comment on a line of its own"
	in := func(lines string) string { return oneInterview("    debrief:\n" + lines) }
	checkWrong(t, []wrong{
		{
			text: oneInterviewer("        said: we use C # and Go\n"),
			want: "acme.yaml:8: " + person + `said: found a comment that cuts the text after "we use C"` + cut,
			hint: `write said: "we use C # and Go"`,
		},
		{
			text: oneInterviewer("        said: #1 is reliability\n"),
			want: "acme.yaml:8: " + person + `said: found a comment that cuts the text after ""` + cut,
			hint: `write said: "#1 is reliability"`,
		},
		{
			text: oneInterviewer("        said: a \"b\" \\ # c\n"),
			want: "acme.yaml:8: " + person + `said: found a comment that cuts the text after "a \"b\" \\"` + cut,
			hint: `write said: "a \"b\" \\ # c"`,
		},
		{
			text: oneInterviewer("        said: one\n          two # three\n"),
			want: "acme.yaml:8: " + person + `said: found a comment that cuts the text after "one two"` + cut,
			hint: `write said: "one two # three"`,
		},
		{
			text: oneInterviewer("        notes: été naïve # plus\n"),
			want: "acme.yaml:8: " + person + `notes: found a comment that cuts the text after "été naïve"` + cut,
			hint: `"été naïve # plus"`,
		},
		{
			text: oneInterviewer("        question: why # 5\n"),
			want: "acme.yaml:8: " + person + `question: found a comment that cuts the text after "why"` + cut,
		},
		{
			text: oneInterviewer("        skip: ill # today\n"),
			want: "acme.yaml:8: " + person + `skip: found a comment that cuts the text after "ill"` + cut,
		},
		{
			text: oneInterviewer("        greet: Dr. Osei # formal\n"),
			want: "acme.yaml:8: " + person + `greet: found a comment that cuts the text after "Dr. Osei"` + cut,
		},
		{
			text: in("      went_well: C # and\n"),
			want: "acme.yaml:7: " + debrief + `went_well: found a comment that cuts the text after "C"` + cut,
		},
		{
			text: in("      unprepared:\n        - CAP # theorem\n"),
			want: "acme.yaml:8: " + debrief + `unprepared[0]: found a comment that cuts the text after "CAP"` + cut,
			hint: `write - "CAP # theorem"`,
		},
		{
			text: in("      answers: [{question: a, b}]\n"),
			want: "acme.yaml:7: " + debrief + `answers[0].question: found a comma that cuts the text before "b", expected key: value`,
			hint: `question: "a, b"`,
		},
	}, loadInterviewText(t))
}

// A name in quotation marks as a whole would stand so in the mail; around a part of it
// they belong there.
func TestWrappedNames(t *testing.T) {
	t.Parallel()
	load := loadInterviewText(t)
	named := func(name string) string {
		return "company: Acme\nrole: SRE\ninterviews:\n  - at: 2026-11-23 14:00\n    interviewers:\n      - name: " + name + "\n"
	}
	const quoted = "interviews[0].interviewers[0].name: found %q, expected text without quotation marks of its own"
	for _, name := range []string{"“Ken Osei”", "„Ken Osei“", "‘Ken Osei’", "”Ken Osei”", `'"Ken Osei"'`, `"'Ken Osei'"`} {
		checkWrong(t, []wrong{{text: named(name), want: "acme.yaml:6: " + strings.Replace(quoted, "%q", strconv.Quote(strings.Trim(name, map[bool]string{true: name[:1]}[name[0] < 0x80])), 1), hint: "write Ken Osei"}}, load)
	}
	checkWrong(t, []wrong{
		{text: "company: “Acme”\nrole: SRE\n", want: `acme.yaml:1: company: found "“Acme”", expected text without quotation marks of its own`, hint: "write Acme"},
		{text: strings.Replace(named("x"), "- name: x", "- Mara Lindt", 1), want: `acme.yaml:6: interviews[0].interviewers[0]: found "Mara Lindt", expected keys and values`, hint: "write {name: Mara Lindt}"},
	}, load)
	for _, name := range []string{"Robert “Bob” Reed", "“Bob” Reed", "Bob “Reed”", "O’Neil", `"'t Hart"`, "«Спутник»", "“A” and “B”", `"Ken Osei"`, "'Ken Osei'"} {
		if err := load(named(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCutTextsPart2(t *testing.T) {
	t.Parallel()
	const person, debrief = "interviews[0].interviewers[0].", "interviews[0].debrief."
	const cut = ", expected text in quotes, or the comment on a line of its own"
	in := func(lines string) string { return oneInterview("    debrief:\n" + lines) }
	checkWrong(t, []wrong{
		{
			text: in("      answers: [{question: a, b, c, better: d}]\n"),
			want: "acme.yaml:7: " + debrief + `answers[0].question: found a comma that cuts the text before "b", expected key: value`,
			hint: `question: "a, b, c"`,
		},
		{
			text: in("      answers: [{question: how, better}]\n"),
			want: "acme.yaml:7: " + debrief + `answers[0].question: found a comma that cuts the text before "better", expected key: value`,
			hint: `question: "how, better"`,
		},
		{
			text: in("      answers: [{question: a, because: b}]\n"),
			want: "acme.yaml:7: " + debrief + `answers[0]: found the unknown key "because", expected better, question or source`,
			hint: "double quotes",
		},
		{
			text: in("      answers:\n        - {question: a # b\n          }\n"),
			want: "acme.yaml:8: " + debrief + `answers[0].question: found a comment that cuts the text after "a"` + cut,
			hint: `question: "a # b"`,
		},
	}, loadInterviewText(t))
}

// What looks similar and cuts nothing is fine.
func TestUncutTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"said: we use C# and Go":                                 "we use C# and Go",
		"said: \"we use C # and Go\" # a comment":                "we use C # and Go",
		"said: 'it''s # fine' # a comment":                       "it's # fine",
		"said: | # a comment\n          C # and\n\n          Go": "C # and\n\nGo",
		"said: >\n          C # and\n          Go":               "C # and Go",
		"said: one\n          two":                               "one two",
		"said: yes":                                              "yes",
		"said: 0025":                                             "0025",
		"said: 1_000":                                            "1_000",
		"said: 2026-12-04":                                       "2026-12-04",
		"said: Null":                                             "Null",
		"said: \"null\"":                                         "null",
		"said: ~":                                                "",
		"said: a, b":                                             "a, b",
		"# said: x\n        said: y":                             "y",
	} {
		a := mustInterview(t, oneInterviewer("        "+text+"\n"))
		if got := a.Interviews[0].Interviewers[0].Said; got != want {
			t.Errorf("%q reads as %q, want %q", text, got, want)
		}
	}
}

// Names and roles may have a comment at the distance that comments keep.
func TestCommentsAfterNames(t *testing.T) {
	t.Parallel()
	a := mustInterview(t, "company: Acme   # in Oslo\nrole: C# Engineer  # so they call it\nrecruiter:\n  name: Priya # by phone\n")
	if a.Company != "Acme" || a.Role != "C# Engineer" || a.Recruiter.Name != "Priya" {
		t.Errorf("read %+v, recruiter %+v", a, a.Recruiter)
	}
}

func TestInterviewDefaults(t *testing.T) {
	t.Parallel()
	a := mustInterview(t, "company: Acme\nrole: Engineer\ninterviews:\n  - at: 2026-11-23 14:00\n")
	i := a.Interviews[0]
	if i.ID != scheduler.OnlyInterview || i.Duration != 45*time.Minute || i.Status != scheduler.InterviewPlanned || i.ZoneStated {
		t.Errorf("interview %+v", i)
	}
	if i.Zone.String() != "Europe/Paris" || a.Zone != nil || a.Status != scheduler.StatusActive || a.Sequence != "default" || a.Recruiter != nil {
		t.Errorf("application %+v", a)
	}
}

// The first of the two instants that a repeated wall time names is meant.
func TestRepeatedWallTime(t *testing.T) {
	t.Parallel()
	a := mustInterview(t, "company: Acme\nrole: Engineer\ninterviews:\n  - {at: 2026-10-25 02:30, timezone: Europe/Berlin}\n")
	if got := a.Interviews[0].At.UTC().Format(time.RFC3339); got != "2026-10-25T00:30:00Z" {
		t.Errorf("at = %s, want the first 02:30", got)
	}
	if !a.Interviews[0].ZoneStated {
		t.Error("the zone counts as the user's own although it is stated")
	}
}

// An id becomes part of keys, which escape what it holds.
func TestOddIds(t *testing.T) {
	t.Parallel()
	a := mustInterview(t, "company: Acme\nrole: Engineer\ninterviews:\n  - {id: 2nd round / Paris, at: 2026-11-23 14:00}\n")
	if got := scheduler.Key(a.Stem, a.Interviews[0].ID, "thank-you", "k@acme.example"); strings.Count(got, "/") != 3 {
		t.Errorf("key %s", got)
	}
}

// Steps that can never leave at the recipients' place are told when the file
// is read, not when the day has come.
func TestSequenceThatNeverFits(t *testing.T) {
	t.Parallel()
	c := mustConfig(t, after(`sending: {window: {days: MON-FRI}}
sequences:
  default: [{step: one, template: thank-you, to: contact, after: 8h, cron: "30 9 14 7 *"}]
`))
	text := oneInterview("country: FR\n")
	_, err := parseInterview("acme.yaml", []byte(text), c.Policy)
	if err == nil || !strings.Contains(err.Error(), "step one, whose time never comes at their place") {
		t.Errorf("14 July in France: %v", err)
	}
	if _, err := parseInterview("acme.yaml", []byte(oneInterview("country: DE\n")), c.Policy); err != nil {
		t.Errorf("14 July in Germany: %v", err)
	}
}
