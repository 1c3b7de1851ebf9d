package proofread

import (
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

// TestNobodyIsOverlookedInACrowd: of the names of hundreds of applications the one that
// stands in the mail is found, wherever it stands, and what only begins like one is not.
func TestNobodyIsOverlookedInACrowd(t *testing.T) {
	t.Parallel()
	crowd := func(yield func(scheduler.Application) bool) {
		for n := range 300 {
			stem := "other-" + string(rune('a'+n%26)) + string(rune('a'+n/26))
			mark := strings.ToUpper(stem[6:])
			a := scheduler.Application{Stem: stem, Company: "Zeph" + mark + " GmbH", Role: "Keeper of " + mark,
				Recruiter: &scheduler.Person{Name: "Dr. Orla Fenwick" + strings.ToLower(mark)}}
			if !yield(a) {
				return
			}
		}
	}
	for text, want := range map[string]string{
		"I look forward to hearing from ZephKL.":               "other-kl",
		"Please say hello to Orla Fenwickkl from me.":          "other-kl",
		"The work of the Keeper of KL sounds like a fine one.": "other-kl",
		"I look forward to hearing from ZephKLM.":              "",
		"Please say hello to Orla Fenwickklara from me.":       "",
	} {
		in := thanks(t)
		in.Others = crowd
		in.Text.Body = strings.Replace(in.Text.Body, "\n\n", "\n\n"+text+"\n\n", 1)
		found := slices.ContainsFunc(New().Check(in), func(f scheduler.Finding) bool {
			return f.Code == "wrong-company" && (want == "" || strings.Contains(f.Text, want))
		})
		if found != (want != "") {
			t.Errorf("%q: found %v, want %q", text, found, want)
		}
	}
	in := thanks(t)
	in.Others = crowd
	in.Text.Body = strings.TrimSpace(in.Text.Body)
	in.Text.Body = in.Text.Body[:strings.LastIndexByte(in.Text.Body, '\n')+1] + "Orla Fenwickkl\n"
	if !slices.ContainsFunc(New().Check(in), func(f scheduler.Finding) bool { return f.Code == "wrong-name" && f.Severity == scheduler.Error }) {
		t.Errorf("signed by somebody of another application, and not found:\n%s", in.Text.Body)
	}
}
