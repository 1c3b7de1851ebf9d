package proofread

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// letterIn is a mail of that language, with those sentences between greeting and goodbye.
func letterIn(language, greeting, text, closing string) change {
	return func(in *scheduler.ProofInput) {
		in.Language, in.Application.Language = language, language
		in.Text.Body = greeting + "\n\n" + text + "\n\n" + closing + "\nDana Reyes\n"
	}
}

// told reports whether a code is found in the changed mail.
func told(t *testing.T, c *Checker, code string, base func(*testing.T) scheduler.ProofInput, f change) (scheduler.Finding, bool) {
	t.Helper()
	in := base(t)
	f(&in)
	return with(rechecked(t, c, in), code)
}

// A field that nobody filled in is found whatever language it is in and however its
// sample marks it.
func TestFieldsOfEveryLanguageAndForm(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(sentence string, want bool) {
		t.Helper()
		if f, got := told(t, c, "placeholder", thanks, says(sentence)); got != want {
			t.Errorf("%q: found %v: %s", sentence, got, f.Text)
		}
	}
	for _, s := range []string{
		"El puesto de [puesto] me gusta mucho.", "Le poste en [domaine] me plaît.", "De functie van [functie] past bij mij.", "W firmie [nazwa firmy] jest miło.",
		"I liked [a thing that they told you, e.g. \"the rota\" or \"the new lab\"] best.", "We spoke on [Monday, or the day itself].", "I know {skill_2} well.", "The post of {job['name']} suits me.",
		"I hope to work at <Firma> soon.", "I hope to work at <nombre de la empresa> soon.", "I hope to join (whatever office) soon.", "I would fit into (organization's name).",
		"I look forward to XYZ Company and its plans.", "I look forward to working with Company XYZ.", "Ich freue mich auf die Musterfirma GmbH.", "J'aimerais rejoindre Nom de l'entreprise.",
		"Ich würde gern bei Name der Firma arbeiten.", "I saw you at Company Name on Monday.", "We met on DD/MM/YYYY.", "Wir sprachen am TT.MM.JJJJ.", "Je suis très motivé(e) par ce poste.",
		"I look forward to joining |COMPANY| in May.", "I bring xx years of work.", "Mir gefiel (hier Einzelheit einfügen).", "J'ai aimé (préciser le sujet).", "I heard much of the (Position) role.",
		"You can call me at (phone) any time.", "Here is [2–3 sentences with a result] of it.",
		"Estoy muy motivado/a por el puesto.", "Grüßen Sie Herr/Frau Brandt.", "My best to M./Mme Brandt.", "I liked $COMPANY_NAME best.",
	} {
		check(s, true)
	}
	for _, s := range []string{
		"It grew (phone calls aside) by half.", "You have ten years (or more) of data.", "J'ai aimé le projet (à préciser ensemble).", "The note [1] was new to me.",
		"The name of the company is easy to keep in mind.", "Your build reads $HOME and $PATH twice.", "The %d in your log format gave it away.", "He [sic] was right about it.",
		"Your page [the one](https://example.org) helped.", "Der Name der Firma gefällt mir.", "Nous avons parlé des candidat(e)s.", "The list[i] of your sketch stays with me.",
		"You set it in `[mysqld]`, as I do.", "Write to <ken@acme.example> if you like.", "I like the tea/coffee choice.", "The XYZ axis was new to me.",
	} {
		check(s, false)
	}
	for line, want := range map[string]bool{"Your Name": true, "[uw naam]": true, "Vaše jméno": true, "Nombre y apellidos": true, "Your phone number": true, "Dana Reyes": false, "+33 6 00 00 00 00": false} {
		f := func(in *scheduler.ProofInput) { in.Text.Body = strings.Replace(goodBody, "Dana Reyes\n", line+"\n", 1) }
		if _, got := told(t, c, "placeholder", thanks, f); got != want {
			t.Errorf("signed %q: found %v", line, got)
		}
	}
	for s, want := range map[string]bool{"[Role] – thank you": true, "[Acme] Thank you": false, "Unser Gespräch am": true, "Entrevista para el puesto de": true, "The role that we spoke of": false} {
		f := func(in *scheduler.ProofInput) {
			switch s[:1] {
			case "U":
				letterIn("de", "Guten Tag Ken,", "vielen Dank für das Gespräch und für die Zeit, die Sie sich genommen haben.", "Viele Grüße")(in)
			case "E":
				letterIn("es", "Hola Ken:", "muchas gracias por la entrevista y por el tiempo que me dedicó para hablar del puesto.", "Saludos")(in)
			}
			in.Text.Subject = s
		}
		if _, got := told(t, c, "placeholder", thanks, f); got != want {
			t.Errorf("subject %q: found %v", s, got)
		}
	}
}

// A form of address alone is a whole greeting in some languages; a title in front of a
// name is known in all, and so is a name that is a title elsewhere.
func TestFormsOfAddressOfMoreLanguages(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(language, name, greet, greeting, code string, want bool) {
		t.Helper()
		f := func(in *scheduler.ProofInput) {
			in.Language = language
			in.Person.Name, in.Person.Greet, in.To.Name = name, greet, name
			in.Text.Body = greeting + "\n\nMerci, grazie, gracias, danke.\n\nDana Reyes\n"
		}
		if found, got := told(t, c, code, thanks, f); got != want {
			t.Errorf("%s to %s (greet %q): found %s %v: %s", greeting, name, greet, code, got, found.Text)
		}
	}
	check("fr", "Anne Roche", "", "Madame,", "wrong-name", false)
	check("fr", "Anne Roche", "Madame Roche", "Monsieur,", "wrong-name", true)
	check("en", "Anne Roche", "", "Dear Madam,", "wrong-name", true)
	check("it", "Lia Conti", "", "Gentile Dott.ssa Conti,", "wrong-name", false)
	check("it", "Lia Conti", "", "Gentile Dott.ssa Ponti,", "wrong-name", true)
	check("cs", "Jan Novák", "", "Vážený pane Novotný,", "wrong-name", true)
	check("en", "Wei Pan", "", "Dear Ms. Pan,", "wrong-name", false)
	check("en", "Dean Ives", "", "Hi Dean,", "wrong-name", false)
	check("en", "Ravi Iyer", "", "Dear Ravi Sir,", "greeting-guess", false)
	check("en", "Ravi Iyer", "", "Dear Mr. Ravi,", "greeting-guess", true)
	check("de", "Ute Lang", "", "Sehr geehrter Frau Lang,", "grammar", true)
	check("de", "Ute Lang", "", "Sehr geehrte Frau Lang,", "grammar", false)
	check("it", "Lia Conti", "", "Gentile Ingegnere Conti,", "wrong-name", false)
	check("en", "Asha Rao", "", "Dear Asha Ma'am,", "wrong-name", false)
	check("en", "Dr. Alan Pryce", "", "Dear Dr. Pryce,", "greeting-guess", false)
	check("en", "Dr. Nair", "", "Dear Nair,", "greeting-guess", true)
	check("de", "Jan Ruf", "", "Sehr geehrter Herr Abteilungsleiter Ruf,", "wrong-name", false)
	check("de", "Jan Ruf", "", "Sehr geehrter Herr Abteilungsleiter Rust,", "wrong-name", true)
	check("en", "Jan Ruf", "", "Dear ;", "placeholder", true)
	check("es", "Eva Ruiz", "", "Estimado Sra. Ruiz:", "grammar", true)
	check("fr", "Luc Petit", "", "Chère Monsieur Petit,", "grammar", true)
}

// A greeting or a goodbye that stayed behind from a mail in another language is found; an
// English mail may close as its reader does.
func TestFramesOfOtherLanguages(t *testing.T) {
	t.Parallel()
	c := New()
	const german = "vielen Dank für das Gespräch über die Stelle und für die Zeit, die Sie sich genommen haben."
	const english = "Thank you for the talk about the role and for the time that you took."
	for name, x := range map[string]struct {
		change
		want bool
	}{
		"English greeting":            {letterIn("de", "Dear Ken,", german, "Viele Grüße"), true},
		"English goodbye":             {letterIn("de", "Guten Tag Ken,", german, "Kind regards,"), true},
		"all German":                  {letterIn("de", "Lieber Ken,", german, "Viele Grüße aus Lyon"), false},
		"a hello":                     {letterIn("de", "Hi Ken,", german, "Beste Grüße"), false},
		"German greeting":             {letterIn("en", "Lieber Ken,", english, "Best regards,"), true},
		"framed in German on purpose": {letterIn("en", "Lieber Ken,", english, "Viele Grüße"), false},
		"a German goodbye":            {letterIn("en", "Hi Ken,", english, "Viele Grüße"), false},
		"a Spanish hello":             {letterIn("en", "Hola Ken,", english, "Best regards,"), false},
	} {
		if f, got := told(t, c, "wrong-language", thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", name, got, f.Text)
		}
	}
}

// A mail that somebody else seems to have signed is told of, and refused where the reader
// signs it or somebody of another application.
func TestSignatureOfSomebodyElse(t *testing.T) {
	t.Parallel()
	c := New()
	for signed, want := range map[string]scheduler.Severity{
		"Best regards,\nTom Becker": scheduler.Warning, "Best regards,\nOlga": scheduler.Warning, "Best, Ken": scheduler.Error, "Best regards,\nKen Osei": scheduler.Error,
		"Best regards,\nMara Lindt\n+33 6 00 00 00 00": scheduler.Error, "Viele Grüße aus Lyon\nTom Becker": scheduler.Warning, "Tom Becker": scheduler.Warning,
		"I hope to see you again soon,\nTom Becker": scheduler.Warning,
		"Best regards,\nDana":                       "", "Best regards,\nDany R.": "", "Best regards,\nD. Reyes": "", "Best regards,\nDR": "", "Best regards,\n+33 6 00 00 00 00": "",
		"Best regards,\nDana Reyes\nTom Becker Street 4": "", "Best regards,\nSite Reliability Engineer": "", "Best regards": "",
	} {
		f := func(in *scheduler.ProofInput) {
			in.Text.Body = strings.Replace(goodBody, "Best regards,\nDana Reyes", signed, 1)
			in.Others = func(yield func(scheduler.Application) bool) {
				yield(scheduler.Application{Company: "Globex", Role: "Planner", Recruiter: &scheduler.Person{Name: "Mara Lindt", Email: "mara@globex.example"}})
			}
		}
		if got, ok := told(t, c, "wrong-name", thanks, f); ok != (want != "") || got.Severity != want {
			t.Errorf("%q: found %q %s, want %q", signed, got.Severity, got.Text, want)
		}
	}
}

// What a wrong encoding makes of a letter is no word of any language.
func TestDamagedLetters(t *testing.T) {
	t.Parallel()
	check(t, "spelling", thanks, scheduler.Error, map[string]change{
		"an apostrophe": says("I donâ€™t forget it."), "an umlaut": says("I met MÃ¼ller there."), "an accent": letterIn("fr", "Bonjour Ken,", "J'ai aimÃ© notre Ã©change.", "Cordialement,"),
		"an entity": says("Research &amp; tests went well."), "a blank": says("I liked it&nbsp;there."), "a question mark": says("I didn?t forget it."), "quoted-printable": says("I don=E2=80=99t forget it."),
		"in the subject": subject("Thank you for yesterdayâ€™s talk"),
	}, map[string]change{
		"accents": says("I met Müller at the café, and Élodie too."), "names": says("R&D and AT&T were named."), "a link": says("It stands at https://a.example/?q=1&amp=2 now."),
		"a question": says("Is it so? I think it is."), "in code": says("Your page shows `&nbsp;` as I wrote it."), "a choice in code": says("I like the form ready?stop:go of your scripts."),
	})
}

// Words for a day are read in more languages, and behind the post that a meeting was for.
func TestDaysOfMeetingsAsLettersSayThem(t *testing.T) {
	t.Parallel()
	c := New()
	later := func(days int, f change) change {
		return func(in *scheduler.ProofInput) { f(in); in.Leaves = in.Leaves.AddDate(0, 0, days) }
	}
	for name, x := range map[string]struct {
		change
		want bool
	}{
		"Italian, next day":  {letterIn("it", "Gentile Ken,", "la ringrazio per il colloquio di ieri.", "Cordiali saluti"), false},
		"Italian, late":      {later(2, letterIn("it", "Gentile Ken,", "la ringrazio per il colloquio di ieri.", "Cordiali saluti")), true},
		"Italian, its day":   {letterIn("it", "Gentile Ken,", "la ringrazio per il colloquio di lunedì.", "Cordiali saluti"), false},
		"Dutch, its day":     {letterIn("nl", "Beste Ken,", "bedankt voor het gesprek van maandag.", "Met vriendelijke groet"), false},
		"Dutch, another day": {letterIn("nl", "Beste Ken,", "bedankt voor het gesprek van vrijdag.", "Met vriendelijke groet"), true},
		"Dutch, late":        {later(2, letterIn("nl", "Beste Ken,", "bedankt voor het gesprek van gisteren.", "Met vriendelijke groet")), true},
		"Polish, late":       {later(2, letterIn("pl", "Dzień dobry,", "dziękuję za wczorajszą rozmowę.", "Pozdrawiam")), true},
		"Portuguese, late":   {later(2, letterIn("pt", "Olá Ken,", "obrigado pela conversa de ontem.", "Com os melhores cumprimentos")), true},
		"for the post":       {says("Thank you for the interview for the Site Reliability Engineer position on 24 November."), true},
		"its true day":       {says("Thank you for the interview for the Site Reliability Engineer position on 23 November."), false},
		"that we had":        {says("I am writing about the interview that we had on 24 November."), true},
		"with courtesy":      {says("I would like to thank you for our talk on 24 November."), true},
		"accorded":           {letterIn("fr", "Bonjour Ken,", "Merci pour l'entretien que vous m'avez accordé le 24 novembre.", "Cordialement"), true},
		"the day first":      {says("On 24 November we met to talk about the role."), true},
		"the day of another": {says("On 24 November I read your report on pagers."), false},
		"today, with me":     {says("Thank you for taking the hour to go through the role, the rota and the plans with me today."), true},
		"had today":          {says("I would like to thank you for the interview that we had today."), true},
		"thanks for today":   {says("I would like to express my thanks for your call today."), true},
		"with two people":    {says("I interviewed with you and Ms. Doyle on 24 November."), true},
		"a rendez-vous":      {letterIn("fr", "Bonjour Ken,", "Merci pour notre rendez-vous du 24 novembre.", "Cordialement"), true},
		"another weekday":    {says("It was lovely to meet you and the team on Thursday."), true},
		"today in general":   {says("You explained to me how the team works today."), false},
	} {
		if f, got := told(t, c, "stale-day", thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", name, got, f.Text)
		}
	}
	if day := thanks(t).Leaves.Weekday(); day != time.Tuesday {
		t.Errorf("the mail leaves on a %s", day)
	}
}

// What coaches print is nothing to complain of, and what they warn of is found.
func TestPhrasesThatCoachesPrint(t *testing.T) {
	t.Parallel()
	c := New()
	for _, x := range []struct {
		code     string
		base     func(*testing.T) scheduler.ProofInput
		sentence string
		want     bool
	}{
		{"spelling", thanks, "The pro bono work and the ad hoc teams are a raison d'être.", false},
		{"spelling", thanks, "The bono is per dien.", true},
		{"pressure", thanks, "I would bring my patience to the team.", false},
		{"pressure", thanks, "My patience is at its end.", true},
		{"pressure", thanks, "My patience has grown with two kids.", false},
		{"pressure", thanks, "I liked the story of why you never got the old rack back.", false},
		{"pressure", question, "May I ask why you never got an answer to me?", true},
		{"pressure", question, "Could you tell me why I haven't heard anything?", true},
		{"pressure", question, "Kindly revert to me at the earliest.", true},
		{"pressure", question, "I could begin in May at the earliest.", false},
		{"empty-opener", question, "I wanted to follow up on our interview for the role. What is next?", false},
		{"empty-opener", question, "I am writing to follow up on my application. What is next?", false},
		{"empty-opener", question, "I just wanted to follow up on our call. What is next?", true},
		{"empty-opener", question, "I wanted to follow up. What is next?", true},
		{"no-question", question, "I would like to find out whether you have decided.", false},
		{"grammar", thanks, "I hope your doing well after the talk.", true},
		{"grammar", thanks, "I liked the tools your working on.", true},
		{"grammar", thanks, "I liked your working hours and your looking after juniors.", false},
		{"grammar", thanks, "I would add to it's success.", true},
		{"grammar", thanks, "I liked the talk with you're staff.", true},
		{"grammar", thanks, "I can tell that your proud of it.", true},
		{"grammar", thanks, "I met the man who's idea it was.", true},
		{"grammar", thanks, "I met the man who's running the lab, and I hope to be there soon.", false},
		{"empty-opener", question, "One thing I wanted to follow up on: which rota do you use?", false},
		{"grammar", thanks, "I know what you're after, and that you're hiring.", false},
		{"grammar", thanks, "I think it's good for the team, and of course it's late.", false},
		{"missing-part", thanks, "Thank you for the talk. This role is exactly the type of opportunity I am seeking. Let me know if you need more.", false},
	} {
		if f, got := told(t, c, x.code, x.base, says(x.sentence)); got != x.want {
			t.Errorf("%s in %q: found %v: %s", x.code, x.sentence, got, f.Text)
		}
	}
	for _, x := range []struct {
		code string
		change
		want bool
	}{
		{"no-question", letterIn("de", "Guten Tag Ken,", "ich möchte gern nachfragen, ob Sie sich schon entschieden haben.", "Viele Grüße"), false},
		{"no-question", letterIn("de", "Guten Tag Ken,", "ich fand unser Gespräch sehr schön.", "Viele Grüße"), true},
		{"no-question", letterIn("de", "Guten Tag Ken,", "gern wüsste ich, wie es um meine Bewerbung steht.", "Viele Grüße"), false},
		{"no-question", letterIn("de", "Guten Tag Ken,", "da wüsste ich gern, wie es weitergeht.", "Viele Grüße"), false},
		{"desperate", letterIn("es", "Hola Ken:", "Haría cualquier cosa por este puesto.", "Saludos"), true},
		{"pressure", letterIn("it", "Gentile Ken,", "mi serve una risposta entro venerdì.", "Cordiali saluti"), true},
		{"pressure", letterIn("fr", "Bonjour Ken,", "Je suis déçue de n'avoir reçu aucune réponse.", "Cordialement"), true},
		{"no-attachment", letterIn("cs", "Dobrý den,", "v příloze posílám životopis.", "S pozdravem"), true},
		{"grammar", letterIn("de", "Guten Tag Ken,", "vielen Dank für das Gespräch über die Stelle\n\nIch freue mich auf das Team.", "Viele Grüße"), true},
		{"grammar", letterIn("de", "Guten Tag Ken,", "Ich freue mich auf das Team und verbleibe\n\nmit freundlichen Grüßen", "Dana"), false},
	} {
		if f, got := told(t, c, x.code, question, x.change); got != x.want {
			in := question(t)
			x.change(&in)
			t.Errorf("%s: found %v: %s\n%s", x.code, got, f.Text, in.Text.Body)
		}
	}
}
