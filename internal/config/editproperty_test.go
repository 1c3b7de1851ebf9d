package config

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"afterword/scheduler"
)

// drawnText is what people write, with all that is special to YAML.
func drawnText(t *rapid.T, name string) string {
	return rapid.StringOfN(rapid.SampledFrom([]rune("ab z.,:;#-'\"\\{}[]|>&*!%@`?\n\té👋01")), 0, 30, -1).Draw(t, name)
}

// drawnFile is an interview file in one of the many ways to write it, with a
// comment of its own after or above most lines.
func drawnFile(t *rapid.T) string {
	draw := func(name string, forms ...string) string { return rapid.SampledFrom(forms).Draw(t, name) }
	var b strings.Builder
	b.WriteString(draw("head", "", "# head\n", "---\n", "\n\n"))
	b.WriteString("company: Acme\n" + draw("role", "role: Engineer\n", "\"role\":   'Engineer'   # role\n", "role: >-\n  Engineer\n"))
	b.WriteString(draw("status", "", "status: active # status\n", "status:\n", "status:   active\n"))
	b.WriteString("interviews:\n" + draw("gap", "", "  # first\n", "\n"))
	in := draw("indent", "", "  ", "    ")
	b.WriteString(in + "- id: onsite\n" + in + "  at: 2026-11-23 14:00" + draw("at", "\n", "   # at\n"))
	b.WriteString(draw("debrief", "", in+"  debrief: {}\n", in+"  debrief:\n"+in+"    feedback: \"\"   # fb\n", in+"  debrief: {feedback: x}   # fb\n"))
	b.WriteString(in + "  interviewers:\n")
	b.WriteString(draw("mira", "", in+"    - {name: Mira, email: mira@acme.example}   # mira\n"))
	b.WriteString(in + "    - name: Ken\n")
	pad := in + "      "
	b.WriteString(draw("said", "", pad+"said:\n", pad+"said: \"\"   # said\n", pad+"said: one\n"+pad+"  two\n", pad+"said: |  # said\n"+pad+"  one\n\n"+pad+"   two\n",
		pad+"said: >\n"+pad+"  one\n"+pad+"  two\n", pad+"said: 'it''s'   # said\n", pad+"said: \"a\\\"b\n"+pad+"  c\"  # said\n", pad+"said:\n"+pad+"  one\n"))
	b.WriteString(pad + "email: ken@acme.example\n" + draw("tail", "", "# tail\n", "\n\n", in+"  # tail\n"))
	if rapid.Bool().Draw(t, "cr") {
		return strings.ReplaceAll(b.String(), "\n", "\r\n")
	}
	return b.String()
}

// Whatever the file looks like and whatever the user types, an edit arrives
// word for word, nothing else changes, and every comment stays.
func TestEditProperty(t *testing.T) {
	t.Parallel()
	policy := testPolicy(t)
	edits := 0
	rapid.Check(t, func(t *rapid.T) {
		text, said, well := drawnFile(t), drawnText(t, "text"), drawnText(t, "well")
		before, err := parseInterview("acme.yaml", []byte(text), policy)
		if err != nil {
			t.Fatalf("the file does not load: %v\n%s", err, text)
		}
		edited, err := applyAll("acme.yaml", text, []Change{
			{Path: "interviews[onsite].interviewers[Ken].said", Text: said},
			{Path: "interviews[onsite].debrief.went_well", Text: well},
			{Path: "interviews[onsite].debrief.unprepared", List: []string{well + "x", "y # z"}},
			{Path: "status", Text: "paused"},
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		after, err := parseInterview("acme.yaml", []byte(edited), policy)
		if err != nil {
			t.Fatalf("the result does not load: %v\n%s\nbecame\n%s", err, text, edited)
		}
		want := before
		want.Status = scheduler.StatusPaused
		want.Interviews[0].Debrief.WentWell = normalText(well)
		want.Interviews[0].Debrief.Unprepared = []string{normalText(well + "x"), "y # z"}
		people := want.Interviews[0].Interviewers
		people[len(people)-1].Said = normalText(said)
		if !reflect.DeepEqual(want, after) {
			t.Fatalf("want %+v\n got %+v\n%s\nbecame\n%s", want, after, text, edited)
		}
		for _, comment := range []string{"# head", "# role", "# status", "# first", "# at", "# fb", "# mira", "# said", "# tail"} {
			if strings.Count(text, comment) != strings.Count(edited, comment) {
				t.Fatalf("the comment %q is gone:\n%s\nbecame\n%s", comment, text, edited)
			}
		}
		edits++
	})
	if edits == 0 {
		t.Error("nothing was edited")
	}
}
