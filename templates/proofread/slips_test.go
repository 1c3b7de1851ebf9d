package proofread

import (
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

// slips are the phrases that the grammar check finds in a text.
func slips(text, language string) string {
	var all []string
	for _, f := range New().Text(text, scheduler.Owed, language) {
		if _, phrase, quoted := strings.Cut(f.Text, `"`); quoted && f.Code == "grammar" {
			phrase, _, _ = strings.Cut(phrase, `"`)
			all = append(all, phrase)
		}
	}
	return strings.Join(all, "|")
}

// TestEachSlipIsNamed: who mends a text is told all at once, not one at a time.
func TestEachSlipIsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Thank you for you're time. I enjoyed to hear about you team, and its a great place. I look forward to hear more then that.": "you're time|enjoyed to hear|about you team|its a|look forward to hear|more then",
		"I am very exited !": "very exited|!",
		"No need to thank me, your welcome. It was a pleasure.":         "your welcome",
		"They have did it. I would of liked it, and I could of stayed.": "have did|would of liked|could of stayed",
	} {
		if got := slips("Hi Ken,\n\n"+text+"\n\nBest regards\nDana Reyes\n", "en"); got != want {
			t.Errorf("%q: found %s, want %s", text, got, want)
		}
	}
}

// TestGoodEnglishIsLeftAlone: words that only look like a slip. A false alarm costs
// the trust in the others.
func TestGoodEnglishIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I would of course be happy to send references, and could of course start in January.",
		"The tools you use to test releases are the ones I use too.",
		"It's a pleasure to see its results, and who's on call was well explained.",
		"You're right that there are two ways, and your way is the better one.",
		"More than once you said then is better than never, and then we laughed.",
		"The effect of the change affects everyone, and your advice helped me to decide.",
		"I have read what you wrote and have been there: the team led by Ken has led the field.",
		"I exited the shell, as you do, and the job exited cleanly.",
		"What you team members do at night is impressive; I look forward to hearing more.",
		"Your welcome at the front desk was warm.",
		"I am used to working on call, and we used to rotate weekly.",
	} {
		if got := slips("Hi Ken,\n\n"+text+"\n\nBest regards\nDana Reyes\n", "en"); got != "" {
			t.Errorf("%q: found %s", text, got)
		}
	}
}

// TestPromiseOfTheReader: what the reader announced presses nobody.
func TestPromiseOfTheReader(t *testing.T) {
	t.Parallel()
	for text, presses := range map[string]bool{
		"You said you'd let me know by the end of the week, which is fine.": false,
		"Could you let me know by the end of the week?":                     true,
		"I'd like to know by the end of the week.":                          true,
	} {
		all := New().Text("Hi Ken,\n\n"+text+"\n\nBest regards\nDana Reyes\n", scheduler.Asking, "en")
		if got := slices.ContainsFunc(all, func(f scheduler.Finding) bool { return f.Code == "pressure" }); got != presses {
			t.Errorf("%q: pressure %v, want %v", text, got, presses)
		}
	}
}

// TestSlipsOfGerman: what is wrong wherever it stands is found, capitals that
// politeness asks for too.
func TestSlipsOfGerman(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"vielen Dank das Sie sich gestern Zeit genommen haben.":                             "Dank das Sie",
		"ich freue mich sehr, das ich das Team kennenlernen durfte.":                        "freue mich sehr, das ich",
		"falls Sie noch fragen haben, stehe ich ihnen gern zur verfügung.":                  "noch fragen haben|stehe ich ihnen|zur verfügung",
		"ich arbeite seid drei Jahren daran, und es ging besser wie gedacht.":               "seid drei|besser wie gedacht",
		"das ist warscheinlich die einzigste Stelle, die mich so interressiert.":            "warscheinlich|einzigste|interressiert",
		"vielen Dank für ihre Zeit. Ich freue mich auf ihre Antwort.":                       "vielen Dank für ihre Zeit|freue mich auf ihre Antwort",
		"vielen Dank für das Gespräch , das mir viel gezeigt hat.":                          ",",
		"vielen Dank für Ihre Zeit. Ich weiß, dass Sie viel zu tun haben.":                  "",
		"Sie haben ein Werkzeug gezeigt, das Sie selbst gebaut haben.":                      "",
		"bitte richten Sie auch Frau Lindt meinen Dank für ihre Zeit aus.":                  "",
		"das ging schneller, wie ich finde, und besser als erwartet.":                       "",
		"ich freue mich, das Projekt zu sehen. Ihr seid ein gutes Team.":                    "",
		"Kunden können Sie anrufen, wenn sie Fragen haben; ich stehe ihnen dann bei.":       "",
		"bei Fragen erreichen Sie mich gern. Es hat mich sehr gefreut, Sie kennenzulernen.": "",
	} {
		if got := slips("Sehr geehrter Herr Osei,\n\n"+text+"\n\nMit freundlichen Grüßen\nDana Reyes\n", "de"); got != want {
			t.Errorf("%q: found %s, want %s", text, got, want)
		}
	}
	if got := slips("Bonjour Ken,\n\nMerci pour votre temps ; c'était passionnant !\n\nCordialement\nDana Reyes\n", "fr"); got != "" {
		t.Errorf("French has blanks before its marks, and %s was found", got)
	}
}
