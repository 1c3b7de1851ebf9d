package proofread

import (
	"strings"
	"testing"

	"afterword/scheduler"
)

func TestSpelling(t *testing.T) {
	t.Parallel()
	check(t, "spelling", thanks, scheduler.Error, map[string]change{
		"swapped":         says("Thank you for the intreview."),
		"one letter less": says("I am excited about the oportunity."),
		"often wrong":     says("I definately want to join."),
		"two in one":      says("Thank you alot for the talk."),
		"no apostrophe":   says("I didnt know that."),
		"in the subject":  subject("Thank you for your tmie"),
		"begins":          says("Recieving your mail made me glad."),
		"possessive":      says("The enviroment's shape is clear."),
		"in a hyphen":     says("It is a well-definied plan."),
		"small wensday":   says("We met on wensday."),
	}, map[string]change{
		"as it is":       func(*scheduler.ProofInput) {},
		"British":        says("I organised the programme, favour colour and travelled to the centre; I learnt a lot."),
		"American":       says("I organized the program, favor color and traveled to the center."),
		"words of work":  says("The onboarding roadmap of the backend rollout on Kubernetes, which your SRE showed on LinkedIn, uses microservices and async webhooks."),
		"names":          says("I met Mr. Szczepański of Grzegorz, and Priya from Bengaluru."),
		"code and links": says("See https://exmaple.org/abuot, dana@exmaple.org, main.go, @handel, v1.2rc and teh_name."),
		"hyphens":        says("The follow-the-sun, state-of-the-art, co-designed, first-rate re-entry is a well-thought-out one."),
		"contractions":   says("I’d say it's what they'll do; we've seen that you're right, and the team'd agree; y'all couldn't've."),
		"accents":        says("My résumé and the café are naïve clichés; résumés too."),
		"prefixes":       says("The cofounder pre-registered a multidisciplinary reanalysis of nonlinear subprocesses."),
		"own role": func(in *scheduler.ProofInput) {
			in.Application.Role = "Blorptician"
			says("The blorptician role is clear.")(in)
		},
		"what was said": func(in *scheduler.ProofInput) {
			in.Person.Said = "the flumzer is being rewriten by the gnarps"
			says("You mentioned that the flumzer is new.")(in)
		},
		"acronyms":      says("The NICU, the PACU and the KPIs; ETAs and RFCs too."),
		"other scripts": says("You wrote 東京 and Москва on the board."),
		"a name begins": says("Brzęczyszczykiewicz was in the room."),
	})
	in := thanks(t)
	says("I favor the color, and the neighbour's behaviour.")(&in)
	if f, ok := with(New().Check(in), "spelling"); !ok || f.Severity != scheduler.Hint {
		t.Errorf("American and British in one mail give %+v, want a hint", f)
	}
	says("I loved the flurbgastic approach.")(&in)
	if f, ok := with(New().Check(in), "spelling"); !ok || f.Severity != scheduler.Warning {
		t.Errorf("a word that is like none gives %+v, want a warning", f)
	}
	c := New().WithLibrary(Library{Words: func() []string { return []string{"Flurbgastic"} }})
	if f, ok := with(c.Check(in), "spelling"); ok {
		t.Errorf("a word of the user's own list gives %+v", f)
	}
}

// Words of many trades, and words that beginnings and endings make, are no slips; slips that
// only begin like one are.
func TestWordsOfManyTrades(t *testing.T) {
	t.Parallel()
	c := New()
	for sentence, want := range map[string]scheduler.Severity{
		"I have bartended and nannied, and I can repoint a wall.": "", "The cannulas, the macarons and the scaffolders were all in place.": "", "I have unlooped the hoses.": scheduler.Warning,
		"I want to infrom you that I liked the desing.": scheduler.Error, "The amuse-bouche and the voir dire have little in common.": "", "I know the shedule.": scheduler.Error, "The parcel was delived.": scheduler.Error, "I have bartended and descaled.": "",
	} {
		in := thanks(t)
		in.Text.Body = strings.Replace(goodBody, "That stayed with me,", sentence+" That stayed with me,", 1)
		if f, _ := with(c.Check(in), "spelling"); f.Severity != want {
			t.Errorf("%s: severity %q, want %q: %s", sentence, f.Severity, want, f.Text)
		}
	}
}
