package proofread

import (
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// paris is the zone in which the sample interview took place.
func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

const goodBody = `Hi Ken,

Thank you for taking the time to talk with me yesterday about the Site Reliability Engineer role. You mentioned that the team moves the pager to follow-the-sun in spring. That stayed with me, because quiet nights make better engineers.

I am still very interested in joining Acme. If there is anything else you would like to know, I am happy to send it.

Best regards,
Dana Reyes
`

const goodQuestion = `Hi Ken,

I enjoyed our interview for the Site Reliability Engineer role, and I am still very interested in joining Acme. Hiring takes time, so there is no hurry on my side.

Could you tell me what the next step is?

Best regards,
Dana Reyes
`

// thanks is a good note, the day after a meeting on Monday 23 November 2026.
func thanks(t *testing.T) scheduler.ProofInput {
	zone := paris(t)
	ken := scheduler.Person{Name: "Ken Osei", Email: "ken@acme.example", Said: "the team moves the pager to follow-the-sun in spring"}
	held := scheduler.Interview{ID: "onsite", At: time.Date(2026, 11, 23, 14, 0, 0, 0, zone), Zone: zone, ZoneStated: true, Duration: time.Hour,
		Status: scheduler.InterviewHeld, Interviewers: []scheduler.Person{ken}}
	return scheduler.ProofInput{
		RenderInput: scheduler.RenderInput{
			Template: "thank-you", Me: scheduler.Me{Name: "Dana Reyes", Email: "dana@example.org", Signature: "Dana Reyes\n"},
			Application: scheduler.Application{Stem: "acme-sre", Company: "Acme", Role: "Site Reliability Engineer", Domains: []string{"acme.example"},
				Status: scheduler.StatusActive, Interviews: []scheduler.Interview{held}},
			Interview: held, Person: ken, Leaves: time.Date(2026, 11, 24, 9, 41, 0, 0, zone),
		},
		Kind: scheduler.Owed, To: scheduler.Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, From: "dana@example.org",
		Text: scheduler.Text{Subject: "Thank you for the conversation about the Site Reliability Engineer role", Body: goodBody},
	}
}

// question is a good follow-up, a week after.
func question(t *testing.T) scheduler.ProofInput {
	in := thanks(t)
	in.Template, in.Kind = "follow-up", scheduler.Asking
	in.Leaves = in.Leaves.AddDate(0, 0, 7)
	in.Text = scheduler.Text{Subject: "The Site Reliability Engineer role, after our interview on 23 November", Body: goodQuestion}
	return in
}

// change is what a case does to a good mail.
type change = func(in *scheduler.ProofInput)

// body puts another text in.
func body(text string) change {
	return func(in *scheduler.ProofInput) { in.Text.Body = text }
}

// says puts sentences between the greeting and the closing.
func says(text string) change {
	return body("Hi Ken,\n\n" + text + "\n\nBest regards,\nDana Reyes\n")
}

func subject(s string) change { return func(in *scheduler.ProofInput) { in.Text.Subject = s } }

// with finds the finding of a code.
func with(fs []scheduler.Finding, code string) (scheduler.Finding, bool) {
	i := slices.IndexFunc(fs, func(f scheduler.Finding) bool { return f.Code == code })
	if i < 0 {
		return scheduler.Finding{}, false
	}
	return fs[i], true
}

// check tries a code on mails that are bad and on mails that are good.
func check(t *testing.T, code string, base func(*testing.T) scheduler.ProofInput, want scheduler.Severity, bad, good map[string]change) {
	t.Helper()
	if len(bad) < 5 || len(good) < 2 {
		t.Fatalf("%s: %d bad and %d good mails prove nothing", code, len(bad), len(good))
	}
	c := New()
	for name, f := range bad {
		in := base(t)
		f(&in)
		got, ok := with(rechecked(t, c, in), code)
		if !ok {
			t.Errorf("%s, %s: found nothing in\n%s", code, name, in.Text.Body)
		} else if got.Severity != want || got.Place == "" || !strings.Contains(got.Text, " ") {
			t.Errorf("%s, %s: %+v, want severity %s, a place and a sentence", code, name, got, want)
		}
	}
	for name, f := range good {
		in := base(t)
		f(&in)
		if got, ok := with(rechecked(t, c, in), code); ok {
			t.Errorf("%s, %s: %s: %s\n%s", code, name, got.Place, got.Text, in.Text.Body)
		}
	}
}

// rechecked is what is found in a mail, and must be found as well where it was
// read as if it left on another day.
func rechecked(t *testing.T, c *Checker, in scheduler.ProofInput) []scheduler.Finding {
	t.Helper()
	found, other := c.Check(in), in
	if !in.Leaves.IsZero() {
		other.Leaves, other.TooSoon = in.Leaves.AddDate(0, 0, 40).Add(9*time.Hour), "of another day"
		if again := c.Recheck(in, c.Check(other)); !slices.Equal(again, found) {
			t.Errorf("read first for another day, it has %+v, else %+v", again, found)
		}
	}
	return found
}

func TestGoodMailsPass(t *testing.T) {
	t.Parallel()
	for _, in := range []scheduler.ProofInput{thanks(t), question(t)} {
		for _, f := range New().Check(in) {
			if f.Severity != scheduler.Hint {
				t.Errorf("%s: %+v", in.Template, f)
			}
		}
	}
}
