package proofread

import (
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

func TestPrivateNote(t *testing.T) {
	t.Parallel()
	leaks := says("I heard that he looked rather bored all the time, and I liked it.")
	notes := func(f func(in *scheduler.ProofInput)) change {
		return func(in *scheduler.ProofInput) { leaks(in); f(in) }
	}
	const secret = "He looked rather bored, all the time"
	debrief := func(f func(d *scheduler.Debrief)) change {
		return notes(func(in *scheduler.ProofInput) { f(&in.Interview.Debrief) })
	}
	check(t, "private-note", thanks, scheduler.Error, map[string]change{
		"notes":           notes(func(in *scheduler.ProofInput) { in.Person.Notes = secret }),
		"another's notes": notes(func(in *scheduler.ProofInput) { in.Application.Interviews[0].Interviewers[0].Notes = secret }),
		"the recruiter's": notes(func(in *scheduler.ProofInput) { in.Application.Recruiter = &scheduler.Person{Notes: secret} }),
		"faltered":        debrief(func(d *scheduler.Debrief) { d.Faltered = secret }),
		"went well":       debrief(func(d *scheduler.Debrief) { d.WentWell = "Once " + secret }),
		"why well":        debrief(func(d *scheduler.Debrief) { d.WhyWell = secret }),
		"feedback":        debrief(func(d *scheduler.Debrief) { d.Feedback = secret }),
		"unprepared":      debrief(func(d *scheduler.Debrief) { d.Unprepared = []string{"x", secret} }),
		"a question":      debrief(func(d *scheduler.Debrief) { d.Answers = []scheduler.Answer{{Question: secret}} }),
		"its answer":      debrief(func(d *scheduler.Debrief) { d.Answers = []scheduler.Answer{{Better: secret}} }),
		"its source":      debrief(func(d *scheduler.Debrief) { d.Answers = []scheduler.Answer{{Source: secret}} }),
		"over a line end": func(in *scheduler.ProofInput) {
			in.Person.Notes = secret
			says("He looked rather\nbored all the time.")(in)
		},
		"in the subject": func(in *scheduler.ProofInput) { in.Person.Notes = secret; subject("He looked rather bored all")(in) },
		"another application": notes(func(in *scheduler.ProofInput) {
			in.Others = slices.Values([]scheduler.Application{{Recruiter: &scheduler.Person{Notes: secret}}})
		}),
		"other capitals": notes(func(in *scheduler.ProofInput) { in.Person.Notes = strings.ToUpper(secret) }),
	}, map[string]change{
		"as it is":   func(in *scheduler.ProofInput) { in.Person.Notes = secret },
		"four words": notes(func(in *scheduler.ProofInput) { in.Person.Notes = "looked rather bored all week long" }),
		"also said": notes(func(in *scheduler.ProofInput) {
			in.Person.Notes = secret
			in.Person.Said = "he looked rather bored all the time"
		}),
		"a stock phrase": func(in *scheduler.ProofInput) {
			in.Person.Notes = "wrote: thank you for taking the time to talk with me"
		},
		"the role": func(in *scheduler.ProofInput) {
			in.Person.Notes = "knows about the Site Reliability Engineer role since May"
		},
		"what I promised": func(in *scheduler.ProofInput) {
			in.Interview.Debrief.Promised = "the slides of my talk on chaos"
			says("Here are the slides of my talk on chaos, as promised.")(in)
		},
		"a better answer": func(in *scheduler.ProofInput) {
			in.Interview.Debrief.BetterAnswer = "I would measure the queue before adding workers"
			in.Interview.Debrief.Faltered = "should have said that I would measure the queue before adding workers"
			says("I would measure the queue before adding workers.")(in)
		},
	})
}

func TestNotPersonal(t *testing.T) {
	t.Parallel()
	plainNote := says("Thank you for taking the time to talk with me yesterday about the role. I am still interested. Let me know if you need more.")
	check(t, "not-personal", thanks, scheduler.Error, map[string]change{
		"none of it":      plainNote,
		"one word of it":  says("Thank you for the talk about spring. I am still interested in the role, let me know."),
		"only in subject": func(in *scheduler.ProofInput) { plainNote(in); in.Text.Subject = "Moving the pager in spring" },
		"a kind of it":    says("You mentioned that nights are long. Thank you, I am interested in the role."),
		"another's words": says("You mentioned that the database shards by tenant. Thank you, I am interested in the role."),
	}, map[string]change{
		"as it is":      func(*scheduler.ProofInput) {},
		"other endings": says("Moving a pager around the sun sounds wise, thank you."),
		"one word said": func(in *scheduler.ProofInput) {
			in.Person.Said = "they use Go"
			says("You mentioned that they use Go, thank you.")(in)
		},
		"passing it on": func(in *scheduler.ProofInput) { plainNote(in); in.Template = "pass-on" },
		"asking mail":   func(in *scheduler.ProofInput) { plainNote(in); in.Kind = scheduler.Asking },
		"nobody's thanks": func(in *scheduler.ProofInput) {
			plainNote(in)
			in.Person = scheduler.Person{Name: "Priya Nair", Email: "p@acme.example"}
			in.To.Email = "p@acme.example"
		},
	})
	in := thanks(t)
	in.Person.Said = ""
	if f, ok := with(New().Check(in), "not-personal"); !ok || f.Severity != scheduler.Warning {
		t.Errorf("an interviewer without `said` gives %+v, want a warning", f)
	}
}

func TestCopyPaste(t *testing.T) {
	t.Parallel()
	other := func(text string) change {
		return func(in *scheduler.ProofInput) {
			in.Panel = []scheduler.Text{{Subject: "x", Body: "Hi Mara,\n\n" + text + "\n\nBest regards,\nDana Reyes\n"}}
		}
	}
	const core = "Thank you for taking the time to talk with me yesterday about the Site Reliability Engineer role. "
	check(t, "copy-paste", thanks, scheduler.Error, map[string]change{
		"the same":         other(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(goodBody, "Hi Ken,"), "Best regards,\nDana Reyes\n"))),
		"but for a word":   other(core + "You mentioned that the team moves the pager to follow-the-moon in spring. That stayed with me, because quiet nights make better engineers. I am glad."),
		"with another end": other("You mentioned that the team moves the pager to follow-the-sun in spring. That stayed with me, because quiet nights make better engineers. I am still very interested in joining Acme."),
		"turned round":     other("I am still very interested in joining Acme. If there is anything else you would like to know, I am happy to send it. " + core),
		"most of it":       other(core + "I liked the tea. I am still very interested in joining Acme. If there is anything else you would like to know, I am happy to send it."),
	}, map[string]change{
		"alone":          func(*scheduler.ProofInput) {},
		"one sentence":   other(core + "I liked the tea and the talk about databases, which I had hoped for. Please write whenever a question remains."),
		"greeting alone": other("It was a pleasure."),
		"an empty one":   other(""),
	})
}

func TestSaidForm(t *testing.T) {
	t.Parallel()
	said := func(s string) change { return func(in *scheduler.ProofInput) { in.Person.Said = s } }
	check(t, "said-form", thanks, scheduler.Warning, map[string]change{
		"that that":     said("that the pager moves"),
		"we":            said("we move the pager in spring"),
		"he said":       said("he said the pager moves"),
		"about":         said("about the pager in spring"),
		"capital":       said("The team moves the pager"),
		"two sentences": said("the team moves the pager. It is planned for spring"),
		"a question":    said("who moves the pager?"),
		"a fragment":    said("pager rotation"),
		"a list":        said("- the pager moves"),
	}, map[string]change{
		"as it is":       func(*scheduler.ProofInput) {},
		"a full stop":    said("the team moves the pager in spring."),
		"a line end":     said("the team moves the pager\nto follow-the-sun in spring\n"),
		"a name":         said("Grafana dashboards are reviewed weekly"),
		"about me":       said("I would hear from you by Friday"),
		"abbreviation":   said("the team, i.e. all five, moves the pager with Dr. Lindt"),
		"what counts is": said("what counts is the number of pages"),
		"nothing":        said(""),
	})
}

func TestWrongCompany(t *testing.T) {
	t.Parallel()
	others := func(o ...scheduler.Application) change {
		return func(in *scheduler.ProofInput) { in.Others = slices.Values(o) }
	}
	globex := scheduler.Application{Stem: "globex", Company: "Globex GmbH", Role: "Backend Engineer", Recruiter: &scheduler.Person{Name: "Noor Haddad", Email: "n@globex.example"}}
	sister := scheduler.Application{Stem: "acme-data", Company: "Acme", Role: "Data Engineer"}
	common := scheduler.Application{Stem: "indeed", Company: "Indeed", Role: "Engineer"}
	both := func(f change, o ...scheduler.Application) change {
		return func(in *scheduler.ProofInput) { others(o...)(in); f(in) }
	}
	check(t, "wrong-company", thanks, scheduler.Error, map[string]change{
		"company":           both(says("I would love to join Globex GmbH."), globex),
		"without its form":  both(says("I would love to join Globex soon."), globex),
		"begins a sentence": both(says("Thank you. Globex impressed me."), globex),
		"possessive":        both(says("I like Globex's culture."), globex),
		"in the subject":    both(subject("Thank you from a friend of Globex"), globex),
		"role":              both(says("Thank you for the talk about the Backend Engineer role."), globex),
		"person":            both(says("Noor Haddad asked me about it."), globex),
		"in the greeting":   both(body("Hi Noor,\n\nThank you.\n"), globex),
		"sister role":       both(says("I am interested in the Data Engineer role."), sister),
		"position of":       both(says("I am interested in the position of Data Engineer."), sister),
		"sister in subject": both(subject("Thank you: Data Engineer"), sister),
		"a common word":     both(says("I would love to join Indeed soon."), common),
	}, map[string]change{
		"as it is":           others(globex, sister, common),
		"small letters":      both(says("The globex of the brain, indeed."), globex, common),
		"common at start":    both(says("I agree. Indeed, it is so."), common),
		"part of a word":     both(says("Globexit is something else."), globex),
		"part of own role":   both(says("The Site Reliability Engineer role fits."), common),
		"in own facts":       both(func(in *scheduler.ProofInput) { in.Person.Said = "the team left Globex last year" }, globex),
		"sister mentioned":   both(says("I met a Data Engineer on the way."), sister),
		"a first name alone": both(says("I heard of Noor before."), globex),
		"Staff Engineer":     both(says("Ken is a Staff Engineer."), scheduler.Application{Company: "Z Corp", Role: "Engineer"}),
	})
}
