package proofread

import (
	"strings"
	"testing"

	"afterword/scheduler"
)

// Slang, pay and excuses are heard in the languages that mails are written in; an aunt, a
// program called XD and the salt in the soup are neither.
func TestToneAndTopicElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, "tone", thanks, "+de Eure Werkstatt fand ich echt geil.", "+de Das war mega spannend.", "-de Mein erster Chef war in der Megastadt Lagos.", "+es Me encantó la visita, jajaja.", "-es Mi tía lleva una tienda como la suya.",
		"+fr J'ai kiffé la visite.", "-fr Votre équipe est trop petite pour trois ateliers.", "+it Un'officina fighissima.", "+nl Ik vond het supervet.", "+pt Foi bué interessante.", "-pt Uso o Adobe XD e 2 TB de fotografias.", "+pl Było zajebiście.", "-pl W Narze też piecze się chleb.",
		"+cs Bylo to hustý.", "+sv Det var skitbra.", "+da Det var skidegodt.", "+nb Det var kjempefett.", "+fi Jees, se oli mukavaa.", "+tr Çok güzeldi kanka.")
	tell(t, "off-topic", thanks, "+de Wie hoch wäre das Gehalt?", "-de Der Gehalt Ihres Vortrags hat mich überzeugt.", "-de Den Salzgehalt messe ich selbst.", "+de Es tut mir leid, dass ich so nervös war.", "-de Es tut mir gut, nach so einem Gespräch zu laufen.",
		"+fr Quel est le salaire prévu ?", "-fr Vos salariés parlent bien de vous.", "+fr J'étais un peu stressée.", "+es ¿Cuál sería el sueldo?", "-es Siento mucha curiosidad por el taller.", "+es Siento haber llegado tarde.", "+it Quanto si guadagna?", "-it Mi dispiace solo non aver visto il forno.",
		"+nl Wat is het salaris?", "-nl Sorry dat ik zo lang over het brood sprak.", "+pt Qual é o salário?", "-pt O café da manhã é a alma da casa.", "+pl Jakie jest wynagrodzenie?", "+cs Jaký je plat?", "-cs Platit kartou je u vás možné všude.", "+sv Vad är lönen?", "-sv Det lönar sig att baka på natten.", "+da Hvad er lønnen?", "+nb Hva er lønnen?", "+fi Mikä on palkka?", "+tr Maaş ne kadar?")
	in := thanks(t)
	saying("de", "Dass Sie das Gehalt aller Teams offenlegen, finde ich mutig.")(&in)
	in.Application.Role = "Lohnbuchhalterin"
	if f, ok := with(New().Check(in), "off-topic"); ok {
		t.Errorf("whose work is pay may speak of it: %s", f.Text)
	}
}

// A sentence of another language is one also where it shares a word with the mail's own.
func TestSentenceOfAnotherLanguage(t *testing.T) {
	t.Parallel()
	tell(t, "wrong-language", thanks, "+es Please let me know if you need any other paper from me.", "-es Me hablaron de Clean Code y de The Pragmatic Programmer.", "+it Quedo a su disposición para cualquier pregunta que usted tenga.", "-it Mi è rimasto in mente il vostro Design for All, che ho letto.",
		"+nl Falls Sie noch Fragen haben, melden Sie sich gerne bei mir.", "-de Das Motto the show must go on kenne ich noch aus der Küche.", "-fr Le cours Team Topologies m'a beaucoup aidée dans ce travail.")
}

// What stands in brackets elsewhere and what a shell calls its variables are no fields where
// the sentence speaks of them; the fields of templates are.
func TestSpokenMarks(t *testing.T) {
	t.Parallel()
	tell(t, "placeholder", thanks, "-en I liked that a commit with [skip ci] still runs the linter.", "-en Your wiki has a [citation needed] for each claim.", "-en The script puts ${HOSTNAME} into each log line.", "-en On Windows the build reads %APPDATA% first.", "-en That the container knows its ${BUILD_ID} helped.",
		"+en I liked the talk about ${TOPIC}.", "+en The script at ${COMPANY_NAME} impressed me.", "+en I look forward to the job at ${HOST}.", "+en I liked that [skip this] still runs.", "+en The build at %COMPANY% is fast.", "+en Thank you for the talk at [your city].")
}

// Chinese templates leave two crosses before the noun as well.
func TestCrossesBeforeNouns(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	in.Language = "zh"
	for text, want := range map[string]bool{"OOO 팀장님께 감사드립니다.": true, "Entretien du xx novembre.": true, "The scale has xx marks.": false, "我对XX这个职位很感兴趣。": true, "我对XXL号的工作服印象很深。": false} {
		in.Text.Body = strings.Join([]string{"您好！", text, "Dana Reyes\n"}, "\n\n")
		if f, ok := with(New().Check(in), "placeholder"); ok != want {
			t.Errorf("%s: found %v: %s", text, ok, f.Text)
		}
	}
}

// What others expect, a need that is no answer, a wish for a garden, a sign in capitals and a
// writer's mark that is spoken of are no faults; what they look like is.
func TestEverydayLookAlikes(t *testing.T) {
	t.Parallel()
	tell(t, "pressure", question,
		"-en Your customers expect an answer by the evening, and they get one.", "+en I expect an answer this week.", "-en I need to hear the sea once a week, so the move would suit me.",
		"+en I need to hear from you soon.", "+en We need an answer now.",
	)
	tell(t, "desperate", thanks,
		"-en I was desperate to ask about the telescope.", "+en I am desperate to get out of my present place.", "-en I would do anything for a garden like that one.",
		"+en I would do anything for a job like this one.", "+en I would do absolutely anything.", "+en I will do anything you ask.",
		"+en I would do anything to get this role.",
	)
	tell(t, "tone", thanks,
		"-en The poster \"PLEASE WASH YOUR HANDS\" made me smile.", "+en I was PLEASED TO MEET EVERY ONE of you, PLEASE believe me.",
	)
	tell(t, "placeholder", thanks,
		"-en I liked that the team writes \"TBD\" on the board and then crosses it out.", "+en I liked the talk about TBD and the team.",
	)
}

// A text of which nothing is known is not held against the English dictionary where it is
// plainly not English; one in English is, however short.
func TestLoneTextInAnyLanguage(t *testing.T) {
	t.Parallel()
	c := New()
	for text, want := range map[string]bool{
		"Dzień dobry,\n\nza wczorajsze spotkanie i poświęcony czas składam podziękowania. Praca w Waszym zespole interesuje mnie ogromnie, a nowy rynek szczególnie.\n":     false,
		"Kære Mette,\n\ntak for en god samtale i går om stillingen. Det var rart at møde holdet og høre om oplæringen, og planen for foråret lyder spændende.\n":            false,
		"Hei Jari,\n\nolipa hieno käynti eilen korjaamolla. Uusien asentajien perehdytys parityönä jäi erityisesti mieleen, samoin siisti varasto ja iloinen kahvihuone.\n": false,
		"Hi Ken,\n\nGreat intreview yesterday.\n": true,
		"Hi Ken,\n\nGreat meeting yesterday. Loved seeing Acme's kitchen, staff lunch, new ovens. Happy to send references. Thanks agian!\n":             true,
		"Hi Ken,\n\nThank you for the intreview yesterday and for the tour of the yard; the plan for the night shift stayed with me all the way home.\n": true,
	} {
		found := c.Text("Subject: Acme\n\n"+text, "", "")
		f, ok := with(found, "spelling")
		if got := ok && f.Severity == scheduler.Error; got != want {
			t.Errorf("%q: spelling %+v", text, f)
		}
		if f, ok := with(found, "missing-part"); ok && !want {
			t.Errorf("%q: %s", text, f.Text)
		}
	}
}
