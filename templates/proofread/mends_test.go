package proofread

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// What the blind collections taught, each with what looks like it and is right.

func TestCallsInTheText(t *testing.T) {
	t.Parallel()
	check(t, "wrong-name", thanks, scheduler.Error, map[string]change{
		"thanks again":    says("It was good to meet you. Thanks again, Tim!"),
		"to start with":   says("Mara, thank you for the talk about the role."),
		"with a title":    says("I hope to hear from you. Thank you, Dr. Weber."),
		"a good day":      says("Thank you for the talk. Have a lovely day, Esther!"),
		"see you":         says("Thank you for the talk. See you soon, Kenn."),
		"the other panel": says("Thank you so much, Mara."),
	}, map[string]change{
		"their own":      says("Thanks again, Ken!"),
		"my own":         says("Thank you again, Dana"),
		"a place":        says("Thank you for the tour of Berlin, Germany."),
		"see a place":    says("See you in Lisbon, Portugal."),
		"a colleague":    says("Thank you for introducing me to your colleague, Thomas."),
		"a list":         says("Thanks to you, Mara and Tomas, I know the runbooks now."),
		"a day":          says("I would be glad to meet you again, Monday or later."),
		"a word":         says("However, thank you for the hint. Honestly, I had not thought of it."),
		"with their all": says("It was a pleasure to meet you, Ken Osei."),
	})
}

// Dates that say they are of the talk "with me" are only warned of: one may have met at a fair too.
func TestWrittenDatesOfTheTalk(t *testing.T) {
	t.Parallel()
	talk := func(when string) change {
		return body(strings.Replace(goodBody, "talk with me yesterday", "talk with me "+when, 1))
	}
	check(t, "stale-day", thanks, scheduler.Warning, map[string]change{
		"the day after":  talk("on 24 November"),
		"another year":   talk("on November 23, 2025"),
		"in figures":     talk("on 2026-11-24"),
		"German figures": talk("on 24.11.2026"),
		"meeting you":    says("It was a pleasure meeting you on 20 November."),
	}, map[string]change{
		"the day":        talk("on 23 November"),
		"its year":       talk("on November 23, 2026"),
		"in figures":     talk("on 2026-11-23"),
		"German figures": talk("on 23.11.2026"),
		"next time":      says("I look forward to meeting you on 2 December."),
		"no preposition": talk("Monday"),
		"what they told": says("You said the pager woke you Sunday."),
	})
	in := thanks(t)
	talk("Friday")(&in)
	if f, ok := with(New().Check(in), "stale-day"); !ok || f.Severity != scheduler.Error {
		t.Errorf("a talk on Monday that was said to be on Friday: %v", f)
	}
}

func TestWrittenDates(t *testing.T) {
	t.Parallel()
	check(t, "stale-day", question, scheduler.Error, map[string]change{
		"another day":    says("Thank you for our conversation on 24 November."),
		"American":       says("Since our interview on November 22nd I have read more."),
		"short":          says("Since our interview on Nov. 22 I have read more."),
		"with its day":   says("We spoke on Tuesday, 23 November."),
		"of two lines":   says("Thank you for the interview on\n22 November."),
		"another's day":  says("I could come on Monday, 8 December."),
		"in the subject": subject("Our interview on 13 November"),
		"with its year":  says("I enjoyed the interview on 23 November 2025."),
		"French":         says("Depuis notre entretien du 13 novembre, je pense au poste."),
		"German": func(in *scheduler.ProofInput) {
			in.Language = "de"
			says("Seit unserem Gespräch vom 22. November denke ich an die Stelle.")(in)
		},
		"Spanish":              says("Desde la entrevista del 22 de noviembre pienso en el puesto."),
		"Monday of this week":  says("I enjoyed our conversation on Monday of this week."),
		"Friday, of last week": says("I enjoyed our conversation on Friday of last week."),
		"no day of any month":  says("I look forward to Monday, 31 November."),
		"and our meeting":      says("Thank you for our conversation on 31 November."),
		"the day alone":        says("Thank you for our conversation on Monday the 24th."),
		"its day, no comma":    says("Let us speak again on Thursday 4th."),
	}, map[string]change{
		"the day":             says("Thank you for our conversation on Monday, 23 November."),
		"Monday of last week": says("I enjoyed our conversation on Monday of last week."),
		"American":            says("Thank you for the interview on November 23rd, 2026."),
		"one to come":         says("I am free for a further conversation on 4 December."),
		"another's meeting":   says("I saw your talk on 12 March and enjoyed it."),
		"their conference":    says("The panel about pagers on 2 June 2019 is still online."),
		"a fair":              says("We first met on 12 October, and our talk at the fair on 13 October was short."),
		"the panel of others": says("I saw the panel discussion on 12 October and liked it."),
		"a date of the world": says("The leap second of 31 December 2016 broke our cache."),
		"what they promised": func(in *scheduler.ProofInput) {
			in.Application.DecisionBy.Year = 0
			says("You said that you would decide in May 2027.")(in)
		},
		"the round before": func(in *scheduler.ProofInput) {
			earlier(in, time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC))
			says("Since our interview on 10 November I have read more.")(in)
		},
		"a round to come": func(in *scheduler.ProofInput) {
			earlier(in, time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC))
			says("I look forward to our interview on 3 December.")(in)
		},
		"no day of any month":  says("Version 31 February was a joke."),
		"a month and people":   says("In February 30 engineers joined, in May 40 of them, and 31 may be too few."),
		"the day alone":        says("Thank you for our conversation on Monday the 23rd."),
		"the next one":         says("I am free on Friday the 4th, on Friday, the 18th of December and on Monday the 7th."),
		"of the last month":    says("I saw your post of Monday the 30th."),
		"the month before it":  says("In January I am free on Friday the 22nd, and in February, say, on Monday the 1st."),
		"a version":            says("We run 10.11.2026-b, 1.2.20261 and 2026-11-24-17 of it."),
		"a weekday and a time": says("I am free on Monday at 9 or Tuesday at 10."),
	})
}

// earlier adds another round to the application.
func earlier(in *scheduler.ProofInput, at time.Time) {
	in.Application.Interviews = append(in.Application.Interviews, scheduler.Interview{ID: "other", At: at, Zone: at.Location(), Duration: time.Hour})
}

func TestMendedGrammar(t *testing.T) {
	t.Parallel()
	check(t, "grammar", thanks, scheduler.Warning, map[string]change{
		"possessive":     says("The train and it's driver will stay with me."),
		"of it's":        says("I like the simplicity of it's design."),
		"its a":          says("I liked the pager, its such a good idea."),
		"there first":    says("New people correct the runbooks in there first week."),
		"plural":         says("Your questions was good."),
		"on the ward":    says("I liked that the nurses on 4B keeps a notebook."),
		"rather then":    says("I would rather be here then anywhere else."),
		"affect":         says("It had a big affect on the team."),
		"to late":        says("I hope it is not to late to say so."),
		"should of been": says("The answer should of been ten."),
	}, map[string]change{
		"a lowercase name":  says("I read about npm. nginx is what we use."),
		"initials":          says("I read about an skb and a tls handshake."),
		"at AT&T":           says("I worked at AT&T before."),
		"in in-house":       says("We believe in in-house training."),
		"it's what":         says("I like the pager because it's what would help us."),
		"a series":          says("The series is good. The news was better. The analysis has merit."),
		"there they":        says("I was there first, and in there I met your colleagues."),
		"one of many":       says("One of the questions was new to me. The list of names is long."),
		"first more, then":  says("I would learn more first and then try again."),
		"the effect":        says("It had an effect on the affected users."),
		"you and me":        says("It was left to you and me."),
		"mentoring classes": says("The business is sound, and physics was my subject."),
	})
}

func TestTwoAlphabets(t *testing.T) {
	t.Parallel()
	check(t, "spelling", thanks, scheduler.Error, map[string]change{
		"a":       says("Thank you for the t\u0430lk about the role."),
		"o":       says("Thank you for the c\u043enversation about the role."),
		"capital": says("Thank you, \u0410cme is great."),
		"Greek":   says("Thank you for the conversati\u03bfn about the role."),
		"wide":    says("Thank you for the t\uff41lk about the role."),
	}, map[string]change{
		"units":    says("It takes 5 \u03bcs and 3 µm of \u0394t."),
		"Russian":  says("Thank you, or спасибо, as one says there."),
		"a letter": says("The \u03b2-version and the \u03bb-calculus are fine."),
	})
}

func TestNamesWithMarks(t *testing.T) {
	t.Parallel()
	c, in := New(), thanks(t)
	in.Application.Company = "Yahoo!"
	in.Text.Body = "Hi Ken,\n\nThank you for telling me about Yahoo! and about the Site Reliability Engineer role. You mentioned that the team moves the pager to follow-the-sun in spring, as Yahoo! has long done. " +
		"That stayed with me!\n\nI am still very interested. If there is anything else you would like to know, I am happy to send it.\n\nBest regards,\nDana Reyes\n"
	for _, code := range []string{"grammar", "tone"} {
		if f, ok := with(c.Check(in), code); ok {
			t.Errorf("%+v", f)
		}
	}
}

// TestGoodbyeInAnyLanguage is no part of the text, and no list knows them all.
func TestGoodbyeInAnyLanguage(t *testing.T) {
	t.Parallel()
	c := New()
	for _, end := range []string{"Með bestu kveðju,\nDana Reyes", "Un abrazo,\nDana", "À bientôt,\nDana", "Very truly yours,\nDana Reyes", "With thanks and best wishes,\nDana", "Ystävällisin terveisin\nDana Reyes"} {
		in := thanks(t)
		in.Text.Body = goodBody[:len(goodBody)-len("Best regards,\nDana Reyes\n")] + end + "\n"
		for _, f := range c.Check(in) {
			if f.Severity != scheduler.Hint {
				t.Errorf("%q: %+v", end, f)
			}
		}
	}
}

// TestPressureInOtherLanguages: who presses, begs or says nothing does so in the
// languages of the templates as well.
func TestPressureInOtherLanguages(t *testing.T) {
	t.Parallel()
	in := func(language, text string) change {
		return func(p *scheduler.ProofInput) { p.Language = language; says(text)(p) }
	}
	check(t, "pressure", question, scheduler.Error, map[string]change{
		"fr, no answer": in("fr", "Je n'ai toujours pas de réponse de votre part."),
		"fr, in haste":  in("fr", "Je vous remercie de me répondre dans les plus brefs délais."),
		"fr, a day":     in("fr", "Je souhaite une réponse de votre équipe avant vendredi."),
		"de, no answer": in("de", "Leider habe ich noch immer keine Antwort erhalten."),
		"de, in haste":  in("de", "Bitte antworten Sie umgehend."),
		"de, a day":     in("de", "Ich bitte um Rückmeldung bis spätestens Freitag."),
		"es, no answer": in("es", "Todavía no he recibido respuesta."),
		"es, in haste":  in("es", "Necesito su decisión lo antes posible."),
	}, map[string]change{
		"fr, no haste":  in("fr", "Rien ne presse, et je comprends que votre décision demande du temps. Pourriez-vous me dire quelle est la prochaine étape ?"),
		"de, no haste":  in("de", "Sie müssen mir nicht umgehend antworten. Können Sie mir sagen, wie es weitergeht?"),
		"es, no haste":  in("es", "No hay ninguna prisa. ¿Podría decirme cuál es el siguiente paso?"),
		"fr, own haste": in("fr", "Je vous enverrai le certificat dans les plus brefs délais. Vous convient-il ?"),
		"de, own haste": in("de", "Die Zeugnisse schicke ich Ihnen umgehend. Brauchen Sie noch etwas?"),
		"es, own haste": in("es", "Le envío el certificado lo antes posible. ¿Necesita algo más?"),
		"de, a note":    in("de", "Bis Freitag bin ich gut zu erreichen. Wann fällt die Entscheidung?"),
	})
	check(t, "desperate", question, scheduler.Error, map[string]change{
		"fr, begs":  in("fr", "Je vous en supplie, donnez-moi ma chance."),
		"fr, needs": in("fr", "J'ai vraiment besoin de ce poste."),
		"de, needs": in("de", "Ich brauche diese Stelle wirklich."),
		"de, begs":  in("de", "Ich bin verzweifelt und nehme jede Stelle."),
		"es, needs": in("es", "Necesito mucho este trabajo."),
	}, map[string]change{
		"fr": in("fr", "J'aimerais beaucoup ce poste. Quelle est la prochaine étape ?"),
		"de": in("de", "Die Stelle reizt mich sehr. Wie geht es weiter?"),
	})
}
