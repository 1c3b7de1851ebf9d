package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What people write the way people write it is told with the line to write. Of what
// can be meant in two ways nothing is proposed.
func TestSlipsAreWrittenRight(t *testing.T) {
	t.Parallel()
	var all []wrong
	add := func(key, line, found, expected, hint string) {
		all = append(all, wrong{after(line), "config.yaml:6: " + key + ": found " + found + ", expected " + expected, hint})
	}
	for text, hint := range map[string]string{
		"20": `write 20s or 20m`, "20 min": "write 20m", "20 Minutes": "write 20m", "1,5 hours": "write 1h30m", "2 hours and 5 minutes": "write 2h5m", "5 apples": "whole numbers", "soon": "", "500ms": "",
	} {
		add("sending.spread", "sending: {spread: \""+text+"\"}\n", fmt.Sprintf("%q", text), "a time from 0s to 4h", hint)
	}
	for text, hint := range map[string]string{"1 day": "write 24h", "1d": "write 24h", "0.5 days": "write 12h", "18": "write 18m or 18h", "2 weeks": "whole numbers"} {
		add("sending.announce", "sending: {announce: "+text+"}\n", fmt.Sprintf("%q", text), "a time from 1m to 168h", hint)
	}
	for text, hint := range map[string]string{"7": "7d days", "2 weeks": "write 2w", "5 business days": "write 5bd", "4BD": "write 4bd", "3 working days": "write 3bd", "one week": ""} {
		add("limits.gap", "limits: {gap: "+text+"}\n", fmt.Sprintf("%q", text), "a span such as 30m, 12h, 2d, 1w or 5bd", hint)
	}
	for text, hint := range map[string]string{"8am": `write "08:00"`, "8h30": `write "08:30"`, "8": `write "08:00"`, "6 p.m.": `write "18:00"`, "18.30": `write "18:30"`, "noon": "", "25": "", "13pm": ""} {
		add("sending.window.from", "sending: {window: {from: "+text+"}}\n", fmt.Sprintf("%q", text), `a time of day such as "08:00"`, hint)
	}
	for text, hint := range map[string]string{"Monday-Friday": "write MON-FRI", "Mon to Thu": "write MON-THU", "1-5": "write MON-FRI", "Sat and Sun": `write "SAT,SUN"`, "weekdays": "write MON-FRI", "Funday": "", "M-F": "", "M W F": "", "MON-8": ""} {
		add("sending.window.days", "sending: {window: {days: "+text+"}}\n", fmt.Sprintf("%q", text), "days such as MON-FRI or SAT,SUN", hint)
	}
	add("sending.window.days", "sending: {window: {days: [MON, Tuesday]}}\n", "a list", "days such as MON-FRI or SAT,SUN", `write "MON,TUE"`)
	for text, hint := range map[string]string{
		"12-23 - 01-02": `write "12-23..01-02"`, "23-12..02-01": `the month comes first: write "12-23..01-02"`, "24.12.": `the month comes first: write "12-24"`, "2026-12-23..2027-01-02": `without a year`, "02-30..03-02": "", "Christmas": "",
	} {
		add("sending.quiet[0]", "sending: {quiet: [\""+text+"\"]}\n", fmt.Sprintf("%q", text), `days of every year such as "12-23..01-02"`, hint)
	}
	checkSlips(t, all, loadConfigText)
}

// checkSlips checks what is said of slips, and that nothing is proposed where no hint is
// expected: what is meant is not known.
func checkSlips(t *testing.T, all []wrong, load func(string) error) {
	t.Helper()
	checkWrong(t, all, load)
	for _, c := range all {
		if c.hint == "" && strings.Contains(hintOf(load(c.text)), "write ") {
			t.Errorf("%q: something is proposed for what nobody can know", c.text)
		}
	}
}

// hintOf are the hints of all that is wrong with a file.
func hintOf(err error) string {
	var hints []string
	if ps, ok := err.(Problems); ok {
		for _, p := range ps {
			hints = append(hints, p.Hint)
		}
	}
	return strings.Join(hints, "\n")
}

// The same of an interview file.
func TestSlipsOfInterviewsAreWrittenRight(t *testing.T) {
	t.Parallel()
	var all []wrong
	for text, hint := range map[string]string{
		"23.11.2026 14:00": "write 2026-11-23 14:00", "11/23/2026 2:30 pm": "write 2026-11-23 14:30", "23 November 2026, 14:00": "write 2026-11-23 14:00", "2026-11-23 14:00 CET": "the zone stands under timezone",
		"23.11.2026": "the time of day is missing", "23-11-2026": "the time of day is missing", "2026-11-23T14:00+01:00": "the zone stands under timezone", "4/5/2026 14:00": "",
	} {
		all = append(all, wrong{"company: Acme\nrole: Engineer\ninterviews:\n  - at: \"" + text + "\"\n", fmt.Sprintf("acme.yaml:4: interviews[0].at: found %q, expected a date and time such as 2026-11-23 14:00", text), hint})
	}
	top := func(line string) string { return "company: Acme\nrole: Engineer\n" + line }
	for text, hint := range map[string]string{"04.12.2026": "write 2026-12-04", "4 Dec 2026": "write 2026-12-04", "2026-12-04 12:00": "without a time: write 2026-12-04", "2026-02-30": "there is no such day", "2026-12-4": "write 2026-12-04", "next friday": ""} {
		all = append(all, wrong{top("decision_by: " + text + "\n"), fmt.Sprintf("acme.yaml:3: decision_by: found %q, expected a date such as 2026-12-04", text), hint})
	}
	for text, hint := range map[string]string{"@acme.example": "write acme.example", "https://www.acme.example/jobs": "write acme.example", "ken@acme.example": "write acme.example", "com": "", "Acme": ""} {
		all = append(all, wrong{top("domains: [\"" + text + "\"]\n"), fmt.Sprintf("acme.yaml:3: domains[0]: found %q, expected a domain of the company such as acme.example", text), hint})
	}
	for text, hint := range map[string]string{
		"mailto:ken@acme.example": "write ken@acme.example", "ken @acme.example": "write ken@acme.example", "ken@acme.example.": "write ken@acme.example", "ken(at)acme.example": "write ken@acme.example",
		"ken@acme.example, mo@acme.example": "it is one address", "ken.acme.example": "not of the form", "Ken Osei at acme.example": "", "ken osei@acme.example": "",
	} {
		all = append(all, wrong{top("recruiter: {name: Ken Osei, email: \"" + text + "\"}\n"), fmt.Sprintf("acme.yaml:3: recruiter.email: found %q, expected an address such as ken@acme.example", text), hint})
	}
	for text, hint := range map[string]string{"IN": "the holidays of IN are not known", "FRA": "write FR", "US-CA": "write US", "Atlantis": ""} {
		all = append(all, wrong{top("country: " + text + "\n"), fmt.Sprintf("acme.yaml:3: country: found %q, expected a country code such as FR, DE, GB or US", text), hint})
	}
	checkSlips(t, all, loadInterviewText(t))
}

// What stands in the wrong shape or at the wrong place is told where it belongs.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{after("sending:\n  review:always\n"), `config.yaml:7: sending: found "review:always", expected keys and values`, "put a blank behind the colon: review: always"},
		{after("sending: {window: \"08:00-18:00\"}\n"), `config.yaml:6: sending.window: found "08:00-18:00", expected keys and values`, `write {days: MON-FRI, from: "08:00", to: "18:00"}`},
		{after("review: always\n"), `config.yaml:6: found the unknown key "review", expected account, interviews, limits, me, notify, proofread, replies, sending, sequences, state, templates, watch or web`, "it belongs under sending"},
		{after("sending: {review: manual}\n"), `config.yaml:6: sending.review: found "manual", expected always, flagged or never`, "did you mean always?"},
	}, loadConfigText)
	person := func(keys string) string {
		return oneInterview("    interviewers:\n      - {name: Ken Osei, " + keys + "}\n")
	}
	const keys = "aliases, email, greet, guessed, lead, name, notes, question, said, skip, templates, timezone or title"
	checkWrong(t, []wrong{
		{"company: Acme\nrole: Engineer\nrecruiter: Priya Nair\n", `acme.yaml:3: recruiter: found "Priya Nair", expected keys and values`, "write {name: Priya Nair}"},
		{person("templates: thank-you"), `acme.yaml:7: interviews[0].interviewers[0].templates: found "thank-you", expected keys and values`, "write {thank-you: thank-you}"},
		{person("kind: video"), `acme.yaml:7: interviews[0].interviewers[0]: found the unknown key "kind", expected ` + keys, "it belongs in each entry of interviews"},
		{person("company: Acme"), `acme.yaml:7: interviews[0].interviewers[0]: found the unknown key "company", expected ` + keys, "at the top of the file"},
		{person("skip: false"), `acme.yaml:7: interviews[0].interviewers[0].skip: found "false", expected a reason not to thank this person, in words`, "leave skip out, and this person is thanked"},
		{person("skip: yes"), `acme.yaml:7: interviews[0].interviewers[0].skip: found "yes", expected a reason not to thank this person, in words`, "write why"},
		{oneInterview("    status: done\n"), `acme.yaml:6: interviews[0].status: found "done", expected planned, held or cancelled`, "did you mean held?"},
		{oneInterview("    kind: zoom\n"), `acme.yaml:6: interviews[0].kind: found "zoom", expected phone, video, onsite, panel or group`, "did you mean video?"},
	}, loadInterviewText(t))
}

// What a hint proposes is taken where it stands, so that nobody is sent from one
// refusal to the next.
func TestProposedTextsAreTaken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"90 sec": "90s", "1 hr 30 min": "1h30m", "2 wks": "2w", "3 days": "3d", "1.5 days": "36h", "0.5h": "30m", "10 bds": "10bd", "1.2 days": "", "-1h": "", "h": "", "8 h 8": "",
	} {
		if got := spanWritten(text); got != want {
			t.Errorf("spanWritten(%q) = %q, want %q", text, got, want)
		}
	}
	if got := durationHint(time.Minute, time.Hour)("3 hours"); got != "" {
		t.Errorf("3 hours are proposed as %q where an hour is the most", got)
	}
}
