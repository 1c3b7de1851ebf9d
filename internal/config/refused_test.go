package config

import (
	"strings"
	"testing"
)

// TestRefusedSequences: mail that asks a whole panel, a step with a name of
// the program's own, and a quiet time without an end.
func TestRefusedSequences(t *testing.T) {
	t.Parallel()
	step := func(name, template, to string) string {
		return after("sequences:\n  default:\n    - {step: " + name + ", template: " + template + ", to: " + to + ", after: 4bd, cron: \"0 10 * * TUE-FRI\"}\n")
	}
	for text, want := range map[string]string{
		step("nudge", "follow-up", "interviewers"):                        "expected contact, recruiter or lead",
		step("pass-on", "thank-you", "contact"):                           "expected a name other than pass-on and check-in",
		step("Check-In-2", "follow-up", "contact"):                        "expected a name other than pass-on and check-in",
		after("sending:\n  quiet: [\"01-01..12-31\"]\n"):                  "expected ranges that leave some days of the year",
		after("sending:\n  quiet: [\"01-01..06-30\",\"07-01..12-31\"]\n"): "expected ranges that leave some days of the year",
	} {
		if err := loadConfigText(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{step("nudge", "follow-up", "lead"), step("thanks", "thank-you", "interviewers"), after("sending:\n  quiet: [\"01-01..12-30\"]\n")} {
		if err := loadConfigText(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestOwnAddressIsNobodyElses: a file that has the candidate among the people
// would write to the candidate.
func TestOwnAddressIsNobodyElses(t *testing.T) {
	t.Parallel()
	c, err := parseConfig("config.yaml", []byte(smallConfig), readingDay())
	if err != nil {
		t.Fatal(err)
	}
	p := c.Policy
	p.Me.Aliases = []string{"Dana@alias.example"}
	file := func(recruiter, interviewer string) string {
		return "company: Acme\nrole: SRE\nrecruiter: {name: Priya, email: " + recruiter + "}\ninterviews:\n  - {at: 2026-11-02 10:00, interviewers: [{name: Ken, email: " + interviewer + "}]}\n"
	}
	for _, text := range []string{file(strings.ToUpper(p.Me.Email), "ken@acme.example"), file("priya@acme.example", "dana@alias.example"),
		file("priya@acme.example", "ken@acme.example, aliases: ["+p.Me.Email+"]")} {
		if _, err := parseInterview("acme.yaml", []byte(text), p); err == nil || !strings.Contains(err.Error(), "the address of somebody else") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := parseInterview("acme.yaml", []byte(file("priya@acme.example", "ken@acme.example")), p); err != nil {
		t.Error(err)
	}
}
