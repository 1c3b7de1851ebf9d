package proofread

import (
	"os"
	"testing"
	"testing/fstest"
	"time"

	"afterword/scheduler"
)

const (
	frenchBody  = "Bonjour Ken,\n\nMerci pour le temps que vous m'avez accordé hier et pour notre échange sur le poste. Je reste très intéressée par le poste et par votre équipe.\n\nCordialement,\nDana Reyes\n"
	germanBody  = "Guten Tag Herr Osei,\n\nvielen Dank für das Gespräch gestern und für die Zeit, die Sie sich genommen haben. Ich habe mich sehr gefreut, mit Ihnen über die Stelle zu sprechen.\n\nMit freundlichen Grüßen\nDana Reyes\n"
	spanishBody = "Hola, Ken:\n\nMuchas gracias por el tiempo que me dedicó ayer y por la conversación sobre el puesto. Me gustaría mucho formar parte de su equipo.\n\nUn saludo,\nDana Reyes\n"
)

func TestWrongLanguage(t *testing.T) {
	t.Parallel()
	in := func(language, text string) change {
		return func(in *scheduler.ProofInput) { in.Language = language; body(text)(in) }
	}
	check(t, "wrong-language", thanks, scheduler.Warning, map[string]change{
		"English for French": in("fr", goodBody), "French for English": in("en", frenchBody), "German for English": in("en-GB", germanBody),
		"Spanish for German": in("de-AT", spanishBody), "English for German": in("de", goodQuestion), "French for Spanish": in("es", frenchBody),
	}, map[string]change{
		"as it is": in("en", goodBody), "nobody says": in("", frenchBody), "French": in("fr", frenchBody), "German": in("de", germanBody), "Spanish": in("es", spanishBody),
		"Canada": in("fr-CA", frenchBody), "of no table": in("eu", goodBody), "too short": in("de", "Hi Ken,\n\nThanks!\n\nDana\n"),
		"said in English": func(in *scheduler.ProofInput) {
			in.Language = "fr"
			in.Person.Said = "the team moves to the new site and that it is what you all have to do with the data of this year"
			body("Bonjour Ken,\n\nMerci pour notre échange. Vous avez dit que " + in.Person.Said + ".\n\nCordialement,\nDana\n")(in)
		},
		"a French title": says("Thank you for the talk about Le Monde and the Tour de France, la grande boucle, and about les Misérables."),
	})
}

func TestBoilerplate(t *testing.T) {
	t.Parallel()
	bad := map[string]change{}
	for name, text := range map[string]string{
		"usual":     "Thank you for taking the time to meet with me yesterday. I enjoyed learning more about the role and the company. I am very interested in the position. Please let me know if you need any further information.",
		"briefest":  "Thank you for the interview. I look forward to hearing from you.",
		"usual two": "It was a pleasure to speak with you about the opportunity. I appreciate your time and consideration and remain very excited about joining the team. Please do not hesitate to contact me.",
		"honour":    "I want to thank you for the opportunity to interview for the position. I am confident that my skills and experience would make me a strong candidate. I look forward to your response.",
		"with name": "Thank you for speaking with me about the Site Reliability Engineer role at Acme. I am confident that I would be a great fit. Should you need anything further, let me know.",
	} {
		bad[name] = func(in *scheduler.ProofInput) { in.Person.Said = "the team is great"; says(text)(in) }
	}
	check(t, "boilerplate", thanks, scheduler.Warning, bad, map[string]change{
		"as it is":     func(*scheduler.ProofInput) {},
		"one thing":    says("Thank you for the talk. The way you label samples by hand before trusting the scanner stayed with me."),
		"a sketch":     says("Thanks for walking me through the ledger migration. I remain very interested."),
		"no said":      func(in *scheduler.ProofInput) { in.Person.Said = ""; says("Thank you for the interview.")(in) },
		"a rejection":  func(in *scheduler.ProofInput) { in.Template = "reply-to-rejection"; says("Thank you for writing.")(in) },
		"other speech": body(frenchBody),
	})
}

func TestPromiseKept(t *testing.T) {
	t.Parallel()
	promise := func(what, text string) change {
		return func(in *scheduler.ProofInput) { in.Interview.Debrief.Promised = what; says(text)(in) }
	}
	const nothing = "Thank you for the talk about the role. I liked the part on quiet nights."
	check(t, "promise-kept", thanks, scheduler.Warning, map[string]change{
		"references": promise("two references from the lab", nothing),
		"a link":     promise("the link to my talk on queues", nothing),
		"a sample":   promise("a writing sample", nothing),
		"code":       promise("the patch for the parser", nothing),
		"in French":  promise("le portfolio en ligne", nothing),
		"nobody does": func(in *scheduler.ProofInput) {
			promise("the slides", nothing)(in)
			in.Panel = []scheduler.Text{{Body: goodBody}}
		},
	}, map[string]change{
		"as it is":  func(*scheduler.ProofInput) {},
		"spoken of": promise("two references from the lab", "Thank you. Both references will write to you this week."),
		"another note": func(in *scheduler.ProofInput) {
			promise("the slides", nothing)(in)
			in.Panel = []scheduler.Text{{Body: "Hi Mara,\n\nThe slides are at https://slides.example.\n"}}
		},
		"sent by hand": func(in *scheduler.ProofInput) {
			promise("the slides", nothing)(in)
			in.Thread = &scheduler.Mail{Outgoing: true, ByHand: true, At: in.Interview.At.Add(time.Hour)}
		},
		"the lead answers for it": func(in *scheduler.ProofInput) {
			promise("the slides", nothing)(in)
			in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: "Mara Lindt", Email: "mara@acme.example", Lead: true})
		},
	})
}

// hunspellFiles is a small dictionary in the form of Hunspell.
func hunspellFiles() fstest.MapFS {
	return fstest.MapFS{
		"fr.aff": {Data: []byte("SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\nSFX S Y 1\nSFX S 0 s [^s]\n")},
		"fr.dic": {Data: []byte("22\nbonjour\nque\nmerci\npour\nle/S\ntemps\nvous\nm'avez\navez\naccordé\nhier\net\nnotre\néchange/S\nsur\nposte/S\nje\nreste\ntrès\nintéressée\npar\nvotre\néquipe\n")},
	}
}

func TestSpellingOfOtherLanguages(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	in.Language = "fr"
	subject("Merci pour notre échange")(&in)
	body(frenchBody)(&in)
	if f, ok := with(New().Check(in), "spelling"); !ok || f.Severity != scheduler.Hint {
		t.Errorf("without a dictionary there is %+v, want a hint", f)
	}
	c := New().WithLibrary(Library{Hunspell: hunspellFiles()})
	if f, ok := with(c.Check(in), "spelling"); ok {
		t.Errorf("a good text: %+v", f)
	}
	body("Bonjour Ken,\n\nMerci pour le tmeps que vous m'avez accordé hier et pour notre échange sur le backend.\n\nCordialement,\nDana Reyes\n")(&in)
	if f, ok := with(c.Check(in), "spelling"); !ok || f.Severity != scheduler.Warning || f.Place != "line 3" {
		t.Errorf("a slip: %+v, want a warning in line 3", f)
	}
}

// TestSystemDictionaries reads those that this machine has.
func TestSystemDictionaries(t *testing.T) {
	t.Parallel()
	folder := os.DirFS("/usr/share/hunspell")
	c := New().WithLibrary(Library{Hunspell: folder})
	for language, text := range map[string]string{"fr": frenchBody, "de": germanBody, "es": spanishBody} {
		t.Run(language, func(t *testing.T) {
			if c.dictionary(language) == nil {
				t.Skip("no Hunspell dictionary of this language is installed")
			}
			for _, f := range c.Text(text, scheduler.Owed, language) {
				if f.Code == "spelling" {
					t.Errorf("a good text: %+v", f)
				}
			}
		})
	}
}
