package proofread

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

// A field that is spoken of is none: quoted as the facts have it, or code in
// backquotes. What a template left, and what nobody wrote, stays one everywhere.
func TestPlaceholdersThatAreMeant(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(said, sentence string, want bool) {
		t.Helper()
		in := thanks(t)
		in.Person.Said = said
		in.Text.Body = strings.Replace(goodBody, "You mentioned that the team moves the pager to follow-the-sun in spring.", sentence, 1)
		if _, got := with(c.Check(in), "placeholder"); got != want {
			t.Errorf("%q, said %q: found %v", sentence, said, got)
		}
	}
	const each = "half of the tickets are about {{#each}}"
	check(each, `I did not expect that half of the tickets are about "{{#each}}".`, false)
	check(each, `I did not expect that half of the tickets are about “{{#each}}”.`, false)
	check(each, `You mentioned that half of the tickets are about {{#each}}.`, true)
	check(each, "You mentioned that half of the tickets are about `{{#each}}`.", false)
	check(each, `Half of the tickets are about "{{#if}}".`, true)
	check(each, `Thank you for "half" of the {{#each}} and "more".`, true)
	check(each, "Half of the tickets are about `{{.Company}}`.", true)
	check(each, `Half of the tickets are about "{{.Company}}".`, true)
	check("every chart begins with {{.Values}}", `You said that every chart begins with "{{.Values}}".`, false)
	check("nobody reads TODO any more", `You said "nobody reads TODO any more".`, false)
	check("TODO what he said", "You mentioned that TODO what he said.", true)
	check(each, "You mentioned that `TODO` is everywhere.", true)
	check(each, "You mentioned that `[NAME]` is everywhere.", true)
	check(each, "You mentioned that `<no value>` is everywhere.", true)
	alone := func(text string, want bool) {
		t.Helper()
		if _, got := with(c.Text("Hi Ken,\n\n"+text+"\n\nBest,\nDana\n", scheduler.Owed, ""), "placeholder"); got != want {
			t.Errorf("%q alone: found %v", text, got)
		}
	}
	alone("Your template ended in `{{/each}}`, as mine do.", false)
	alone(`Your template ended in "{{/each}}", as mine do.`, true)
	alone("Your template ended in `{{ .Me.Name }}`, as mine do.", true)
}

// What a form of address says must be what greet says.
func TestFormOfAddress(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(greet, greeting string, want bool) {
		t.Helper()
		in := thanks(t)
		in.Person.Name, in.Person.Greet = "Ute von Hagen", greet
		in.To.Name = in.Person.Name
		in.Text.Body = strings.Replace(goodBody, "Hi Ken,", greeting, 1)
		if _, got := with(c.Check(in), "wrong-name"); got != want {
			t.Errorf("%s, greet %q: found %v", greeting, greet, got)
		}
	}
	check("Ms von Hagen", "Dear Mr von Hagen,", true)
	check("Frau Professorin von Hagen", "Sehr geehrter Herr von Hagen,", true)
	check("Frau Professorin von Hagen", "Sehr geehrte Frau von Hagen,", false)
	check("Ms von Hagen", "Dear Mrs von Hagen,", false)
	check("Dr. von Hagen", "Dear Ms von Hagen,", false)
	check("", "Dear Mr von Hagen,", false)
}

// A face is no word of any language; marks that mean something are no face.
func TestFaces(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(sentence string, want bool) {
		t.Helper()
		in := thanks(t)
		in.Text.Body = strings.Replace(goodBody, "That stayed with me,", sentence+" That stayed with me,", 1)
		f, got := with(c.Check(in), "tone")
		if got != want {
			t.Errorf("%q: found %v", sentence, got)
		}
		if again, twice := with(slices.DeleteFunc(c.Check(in), func(o scheduler.Finding) bool { return o == f }), "tone"); twice {
			t.Errorf("%q: found %q and %q", sentence, f.Text, again.Text)
		}
	}
	check("I liked it :-)", true)
	check("I liked it ;)", true)
	check("I liked it (see chapter 8:2).", false)
	check("The ratio is 1:1, and the path ends in C:\\tmp.", false)
	check("I liked two things: (1) the tests.", false)
}

// Who is addressed as Sie is not addressed as du in the same mail; what only looks so is
// no finding.
func TestSieAndDu(t *testing.T) {
	t.Parallel()
	c := New()
	for body, want := range map[string]bool{
		"vielen Dank für Ihre Zeit. Es war schön, dich kennenzulernen.":                         true,
		"ich danke Ihnen für das Gespräch. Wenn du möchtest, schicke ich mehr.":                 true,
		"vielen Dank, dass Sie sich Zeit nahmen. Dein Hinweis half mir.":                        true,
		"vielen Dank für Ihre Zeit. Sie haben mir geholfen, und ich freue mich.":                false,
		"vielen Dank für deine Zeit. Sie war knapp. Das Team hat mir von ihren Plänen erzählt.": false,
		"vielen Dank für Ihre Zeit. Die Banque du Nord und das Café du Monde gefallen mir.":     false,
		"danke dir für das Gespräch. Ihre Kollegin war auch dabei.":                             false,
	} {
		in := thanks(t)
		in.Language, in.Text.Body = "de", "Guten Tag Ken,\n\n"+body+"\n\nViele Grüße\nDana\n"
		found := false
		for _, f := range c.Check(in) {
			found = found || f.Code == "tone" && strings.Contains(f.Text, "both Sie and du")
		}
		if found != want {
			t.Errorf("%q: found %v", body, found)
		}
	}
}

// A long text costs in proportion to its length, whatever it consists of. What is
// allocated tells it without a clock.
func TestLongTextsCostInProportion(t *testing.T) { // not parallel: it counts what is allocated
	c := New()
	pieces := map[string]string{"items": "- x\n", "links": "https://a.example/x ", "short words": "Go is up. ", "abbreviations": "e.g. Dr. ", "capitals": "THE GET ",
		"names": "Acme asap ", "lines": "I like it.\n"}
	if testing.Short() { // what is allocated is no matter for the race detector
		pieces = map[string]string{"links": pieces["links"]}
	}
	for name, piece := range pieces {
		cost := func(bytes int) uint64 {
			in := thanks(t)
			in.Text.Body = "Hi Ken,\n\n" + strings.Repeat(piece, bytes/len(piece)) + "\n\nBest regards,\nDana Reyes\n"
			c.Check(in) // what is read once is read
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			c.Check(in)
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		if short, long := cost(4000), cost(32000); long > 16*short {
			t.Errorf("%s: %d bytes are allocated for 4,000, %d for 32,000", name, short, long)
		}
	}
}

// Fields that nobody filled in are found all at once, so that one look mends them.
func TestAllPlaceholdersAtOnce(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	in.Text.Subject = "Thank you for the [ROLE] interview"
	in.Text.Body = strings.Replace(goodBody, "That stayed with me,", "I enjoyed discussing TOPIC with you, <company> and (your name) at $COMPANY, and the %s, TODO.", 1)
	var got []string
	for _, f := range New().Check(in) {
		if f.Code == "placeholder" {
			word, _, _ := strings.Cut(f.Text, " was not filled in")
			got = append(got, f.Place+": "+word)
		}
	}
	want := []string{`subject: "[ROLE]"`, `line 3: "discussing TOPIC"`, `line 3: "<company>"`, `line 3: "(your name)"`, `line 3: "$COMPANY"`, `line 3: "%s"`}
	if !slices.Equal(got, want) {
		t.Errorf("found %q\nwant %q", got, want)
	}
	check(t, "placeholder", thanks, scheduler.Error, map[string]change{
		"what Go formats":  says("Thank you, the %s was great."),
		"a variable":       says("Thank you for the interview at $COMPANY."),
		"in brackets":      says("Thank you for your time. (your name)"),
		"the job title":    says("I like the position of (job title)."),
		"joining a field":  says("I look forward to joining COMPANY."),
		"their first name": says("Thank you, (interviewer's first name), for the talk."),
	}, map[string]change{
		"percent":  says("Your build takes 20 % of the time, and 100% s."),
		"money":    says("It costs $40, or $USD in your notes."),
		"a title":  says("The role (as its title says) is about pagers."),
		"capitals": says("I enjoyed discussing SRE with you."),
	})
}
