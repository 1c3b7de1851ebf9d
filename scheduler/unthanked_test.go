package scheduler

import (
	"strings"
	"testing"
)

// TestNobodyIsLeftUnthankedInSilence: after a meeting whose people have no sure
// address the user is asked for it, with the commands, until it is given, a
// reason is, or thanks would come too late.
func TestNobodyIsLeftUnthankedInSilence(t *testing.T) {
	t.Parallel()
	guess := person("Ken")
	guess.Guessed = true
	absent := Person{Name: "Ada Lin"}
	for _, c := range []struct {
		name   string
		change func(*Facts)
		at     string
		want   string // parts of the question, divided by "|"; "" for none
	}{
		{"guessed", func(*Facts) {}, "2026-11-24 08:00", "No thank-you leaves to Ken|if ken@acme.example is right: afterword set acme guessed ken@acme.example false"},
		{"no address", func(f *Facts) { f.Application.Interviews[0].Interviewers[0] = absent }, "2026-11-24 08:00", "afterword set acme email 'Ada Lin' ADDRESS|afterword set acme skip 'Ada Lin' REASON"},
		{"confirmed", func(f *Facts) { f.Application.Interviews[0].Interviewers[0].Guessed = false }, "2026-11-24 08:00", ""},
		{"a reason", func(f *Facts) { f.Application.Interviews[0].Interviewers[0].Skip = "did not come" }, "2026-11-24 08:00", ""},
		{"a recruiter passes it on", func(f *Facts) { f.Application.Recruiter = &Person{Name: "Priya Nair", Email: "priya@acme.example"} }, "2026-11-24 08:00", ""},
		{"a recruiter who gets a note of their own", func(f *Facts) {
			priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
			f.Application.Recruiter = &priya
			f.Application.Interviews[0].Interviewers = []Person{absent, priya}
		}, "2026-11-24 08:00", "No thank-you leaves to Ada Lin |afterword set acme email 'Ada Lin' ADDRESS"},
		{"a recruiter who interviews and is not thanked passes it on", func(f *Facts) {
			priya := Person{Name: "Priya Nair", Email: "priya@acme.example"}
			f.Application.Recruiter = &priya
			silent := priya
			silent.Skip = "we met last week"
			f.Application.Interviews[0].Interviewers = []Person{absent, silent}
		}, "2026-11-24 08:00", ""},
		{"not known to have taken place", func(f *Facts) { f.Application.Interviews[0].Status = InterviewPlanned }, "2026-11-24 08:00", ""},
		{"too late", func(*Facts) {}, "2026-12-01 08:00", ""},
		{"over", func(f *Facts) { f.Application.Status = StatusRejected }, "2026-11-24 08:00", ""},
	} {
		held := onsite(guess)
		held.Status = InterviewHeld
		f := acme(held)
		c.change(&f)
		o := newOffice(t, f)
		o.attend("acme", c.at)
		text := o.question(askedAddress + "acme/onsite").Text
		for part := range strings.SplitSeq(c.want, "|") {
			if !strings.Contains(text, part) || c.want == "" && text != "" {
				t.Errorf("%s: asked %q, want %q in it", c.name, text, part)
			}
		}
	}
	f := acme(onsite(guess))
	f.Application.Interviews[0].Status = InterviewHeld
	o := newOffice(t, f)
	o.attend("acme", "2026-11-24 08:00")
	if !strings.Contains(o.asked(), askedAddress) {
		t.Fatalf("asked %q, want the address", o.asked())
	}
	o.world.Applications["acme"].Interviews[0].Interviewers[0].Guessed = false
	o.attend("acme", "2026-11-24 08:10")
	if strings.Contains(o.asked(), askedAddress) {
		t.Errorf("still asked once the address is sure: %q", o.asked())
	}
}
