package proofread

import (
	"strings"
	"testing"

	"afterword/scheduler"
)

// framed are a greeting, a sentence that any such mail has, and a goodbye.
var framed = map[string][3]string{
	"de": {"Guten Tag Ken,", "wir sprachen über die Stelle und über Ihre Arbeit.", "Viele Grüße"}, "fr": {"Bonjour Ken,", "Nous avons parlé du poste et de votre équipe.", "Cordialement,"},
	"es": {"Hola Ken:", "Hablamos del puesto y de su equipo.", "Un saludo,"}, "it": {"Gentile Ken,", "abbiamo parlato del posto.", "Cordiali saluti,"},
	"nl": {"Beste Ken,", "We spraken over de functie.", "Met vriendelijke groet,"}, "pt": {"Olá Ken,", "Falámos da vaga.", "Cumprimentos,"},
	"pl": {"Dzień dobry,", "rozmawialiśmy o tym stanowisku.", "Pozdrawiam"}, "cs": {"Dobrý den,", "mluvili jsme o této pozici.", "S pozdravem"},
	"sv": {"Hej Ken,", "Vi pratade om tjänsten.", "Vänliga hälsningar"}, "da": {"Hej Ken,", "Vi talte om stillingen.", "Venlig hilsen"},
	"nb": {"Hei Ken,", "Vi snakket om stillingen.", "Vennlig hilsen"}, "fi": {"Hei Ken,", "keskustelimme tehtävästä.", "Ystävällisin terveisin"},
	"tr": {"Merhaba Ken,", "pozisyon hakkında konuştuk.", "Saygılarımla"}, "en": {"Hi Ken,", "We spoke about the role.", "Best regards,"},
}

// saying is a mail of that language which holds a sentence.
func saying(language, sentence string) change {
	f := framed[language]
	return letterIn(language, f[0], f[1]+" "+sentence, f[2])
}

// tell holds sentences against a code: "+de ..." has to be found, "-de ..." not.
func tell(t *testing.T, code string, base func(*testing.T) scheduler.ProofInput, lines ...string) {
	t.Helper()
	c := New()
	for _, line := range lines {
		language, sentence, _ := strings.Cut(line[1:], " ")
		if f, got := told(t, c, code, base, saying(language, sentence)); got != (line[0] == '+') {
			t.Errorf("%s: found %v: %s", line, got, f.Text)
		}
	}
}

// Waiting, asking for an answer by a day, and complaining of silence press in every
// language; what others wait for, and what the writer does by a day, does not.
func TestPressureInMoreLanguages(t *testing.T) {
	t.Parallel()
	tell(t, "pressure", question,
		"+de Ich warte seit drei Wochen auf eine Nachricht.", "+de Ich muss Ihre Entscheidung bald kennen, ich brauche Ihre Antwort.", "+de Ich stelle fest, dass Sie sich nicht gemeldet haben.",
		"-de Sie sagten, dass Ihre Gäste bis Montag eine Antwort bekommen.", "-de Ich gebe Ihnen bis Montag Bescheid, ob ich kommen kann.", "-de So etwas habe ich noch nie gehört.",
		"+fr Voilà deux semaines que j'attends votre décision.", "+fr J'ai besoin de connaître votre décision.", "-fr J'attends votre réponse avec plaisir.", "-fr Vos abonnés attendent une réponse sous 24 heures, m'avez-vous dit.",
		"+es Necesito conocer su decisión.", "-es Sus alumnos llevan semanas esperando, me dijo.", "-es Puedo responder hoy mismo a sus preguntas.",
		"+it Non ho ancora avuto nessuna risposta.", "+it Sono dieci giorni che attendo una risposta.", "-it I vostri ospiti aspettano una risposta per giorni, mi ha detto.",
		"+nl Ik heb nog niets van jullie gehoord.", "-nl De kinderen wachten nog op een antwoord, zei je.", "+pt Há dez dias que aguardo uma resposta.", "-pt Não preciso de uma resposta já.",
		"+pl Wciąż czekam na decyzję.", "+pl Proszę o odpowiedź do środy.", "-pl Odpowiedź wyślę do środy.", "-pl Czekam na Państwa odpowiedź.",
		"+cs Stále čekám na odpověď.", "+cs Prosím o vyjádření do středy.", "-cs Rozhodnutí nespěchá.", "+sv Jag väntar fortfarande på besked.", "+sv Jag behöver ert besked senast onsdag.", "-sv Jag ger gärna besked senast onsdag.",
		"+da Jeg venter stadig på besked.", "-da Det har jeg aldrig hørt før.", "+nb Jeg venter fortsatt på et svar.", "-nb Det har jeg aldri hørt om.", "+fi Odotan edelleen päätöstä.", "-fi Minulla ei ole kiire.", "+tr Hâlâ kararınızı bekliyorum.",
		"-en You told me that the schools are still waiting for their books.", "-en I liked the part about why guests never got an answer.", "+en As I still have not received a reply, I write again.")
	tell(t, "pressure", question, // what the reader announced presses nobody; what was promised and did not come does
		"-de Sie wollten mir bis Ende November Bescheid geben.", "-de Sie hatten eine Antwort bis Freitag in Aussicht gestellt.", "-fr Vous pensiez prendre votre décision d'ici vendredi.", "-es Me comentó que tomarían su decisión antes del viernes.",
		"-it Mi diceva che la vostra decisione sarebbe arrivata entro venerdì.", "-sv Du nämnde att jag skulle få besked senast på fredag.", "-da Du nævnte, at jeg ville få svar inden fredag.", "-tr Kararınızı cuma gününe kadar vereceğinizi söylemiştiniz.",
		"+de Sie wollten mir bis Freitag Bescheid geben, aber ich habe keine Antwort erhalten.", "+fr Votre silence est regrettable.", "+es Su silencio me decepciona.", "+pl Brak odpowiedzi uważam za nieprofesjonalny.", "+cs Odpovězte mi prosím nejpozději do pátku.",
		"+en I would have thought a short answer was possible.", "+en It cannot take two weeks to answer a mail.")
	tell(t, "pressure", thanks, // nor does an answer that the writer owed, a promise of the writer's own, a hope, or a word of judgement about something else
		"-de Auf Ihre Frage nach dem Lager hatte ich keine Antwort; heute weiß ich sie.", "-nl Op uw vraag over de planning had ik geen antwoord, maar nu wel.", "-it Alla sua domanda sui forni non ho trovato nessuna risposta, oggi sì.",
		"-de Sagen Sie mir einfach Bescheid, ich sende sie spätestens am nächsten Tag.", "-it Se le serve altro, mi faccia sapere e glielo invio entro domani.", "-nl Laat me weten wat u nog mist, dan stuur ik het uiterlijk morgen.", "-cs Pokud něco chybí, dejte mi vědět a pošlu to ještě dnes.",
		"-fr Si besoin, vous pouvez me rappeler, je suis libre avant vendredi.", "-it L'aspetto che ancora mi colpisce è la decisione di tenere il forno.", "-es Espero que aún recuerde nuestra charla sobre la decisión de cambiar de horno.", "-pt Espero que ainda se lembre da decisão de mudar o forno.",
		"-sv Jag har aldrig hört ett så ärligt svar.", "-fi En ole koskaan saanut niin rehellistä vastausta.", "-nl Ik heb nog nooit zo'n antwoord gehoord, niets was ingestudeerd.", "-de Ich habe selten eine Entscheidung so gut begründet gehört, nichts wirkte zufällig.",
		"-fr Vous avez raison d'insister sur la qualité.", "-fr Quand un soin est urgent, tout le service aide.", "-nl Dat een late leverancier onbeleefd is, zie ik net zo.", "-it Mi è piaciuta la sala di lettura e il suo silenzio.", "-cs Zaujalo mě mlčení v sále.", "-de Auf das Zeugnis warte ich noch.",
		"-en I would have thought a kitchen of that size needs ten cooks.", "-en It cannot be easy to answer for sixty beds.", "-en Surely you find that the night shift answers its own questions.", "+de Ich brauche Ihre Entscheidung bis Freitag.", "+it La prego di rispondermi entro venerdì.")
	tell(t, "desperate", thanks,
		"-de Danke, dass Sie mir eine Chance geben.", "-sv Tack för att ni vill ge mig en chans.", "-de Für diese Stelle brauche ich den Führerschein, den ich sehr gern nachreiche.", "-es Para este puesto necesito mejorar mi inglés, y practico mucho.",
		"-fr Ma dernière chance de voir le fournil était hier soir.", "-pl Zrobię wszystko, aby podtrzymać ten poziom obsługi.", "-it Farei di tutto per imparare quella sfoglia.", "-cs Udělám všechno, co bude při nástupu potřeba.", "-nl Voor deze functie heb ik alleen nog het rijbewijs nodig.",
		"+it Farei di tutto per questo lavoro.", "+cs Udělám cokoli pro tu práci.", "+tr Bu iş için her şeyi yaparım.", "+pt Esta vaga é a minha última chance.", "+de Ich würde wirklich alles tun, um bei Ihnen zu arbeiten.",
		"+de Bitte, könnten Sie mir noch eine Chance geben.", "+sv Snälla, ge mig en chans.", "+de Ich brauche diese Stelle dringend.")
	tell(t, "desperate", question,
		"+it Ho veramente bisogno di questo lavoro.", "+nl Ik heb deze baan hard nodig.", "+pt Imploro uma oportunidade.", "+pl Błagam o tę pracę.", "+sv Jag behöver verkligen jobbet.", "+fi Tarvitsen todella tätä työtä.",
		"-de Ich würde alles anders ordnen als bisher.", "-fr Je suis prête à tout relire avec vous.", "-es Haría cualquier cosa distinta al principio.", "-en The old server was desperate for memory.", "-en I would do anything else first.", "+en I would do anything for this job.")
}

// A name changes when some languages call by it.
func TestNamesAsLanguagesCallThem(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(language, name, greeting string, want bool) {
		t.Helper()
		f := func(in *scheduler.ProofInput) {
			in.Language, in.Application.Language = language, language
			in.Person.Name, in.To.Name = name, name
			in.Text.Body = greeting + "\n\n" + framed["en"][1] + "\n\nDana Reyes\n"
		}
		if found, got := told(t, c, "wrong-name", thanks, f); got != want {
			t.Errorf("%s to %s in %s: found %v: %s", greeting, name, language, got, found.Text)
		}
	}
	for _, x := range [][3]string{
		{"pl", "Paweł Lis", "Dzień dobry Panie Pawle,"}, {"pl", "Piotr Sowa", "Szanowny Panie Piotrze,"}, {"pl", "Robert Kot", "Panie Robercie,"}, {"pl", "Jacek Mak", "Witam Panie Jacku,"}, {"pl", "Ewa Kos", "Pani Ewo,"},
		{"cs", "Petr Vlček", "Vážený pane Vlčku,"}, {"cs", "Karel Novák", "Milý Karle,"}, {"cs", "Lenka Malá", "Milá Lenko,"}, {"cs", "Jan Němec", "Dobrý den, pane Němče,"}, {"hr", "Marko Novak", "Poštovani gospodine Novače,"},
		{"lt", "Jonas Kazlauskas", "Gerbiamas Jonai,"}, {"lv", "Andris Kalns", "Sveiki, Andri,"}, {"ro", "Ion Popa", "Bună ziua, domnule Popa,"}, {"el", "Νίκος Παππάς", "Αγαπητέ κύριε Παππά,"}, {"et", "Mart Saar", "Tere päevast, Mart,"},
		{"tr", "Elif Kaya", "Sayın Elif Hanım,"}, {"it", "prof.ssa Anna Ferri", "Gentile professoressa Ferri,"}, {"it", "Luca Ferri", "Gentile professore Ferri,"}, {"pt", "Ana Reis", "Cara professora Reis,"}, {"pt", "Rui Reis", "Caro doutor Reis,"}, {"es", "Juan Gil", "Estimado profesor Gil:"},
	} {
		check(x[0], x[1], x[2], false)
	}
	for _, x := range [][3]string{
		{"pl", "Paweł Lis", "Dzień dobry Panie Piotrze,"}, {"cs", "Petr Vlček", "Vážený pane Vlku,"}, {"cs", "Jan Dvořák", "Vážený pane Dvoráku,"}, {"cs", "Jan Malý", "Milá Jano,"}, {"en", "Karel Novák", "Dear Karle,"},
		{"ro", "Ion Popa", "Bună ziua, domnule Popescu,"}, {"lt", "Jonas Kazlauskas", "Gerbiamas Tomai,"}, {"et", "Mart Saar", "Tere päevast, Marta,"},
	} {
		check(x[0], x[1], x[2], true)
	}
	for name, want := range map[string]bool{"Marieke de Wit": false, "Loïc Le Bihan": false, "Karl von Stein": false, "Bui Van Nam": true, "Maria del Carmen": true, "Le Van Duc": true} {
		f := func(in *scheduler.ProofInput) {
			in.Person.Name, in.To.Name = name, name
			in.Text.Body = "Hi " + strings.Fields(name)[0] + ",\n\n" + framed["en"][1] + "\n\nDana Reyes\n"
		}
		if found, got := told(t, c, "greeting-guess", thanks, f); got != want {
			t.Errorf("%s: found %v: %s", name, got, found.Text)
		}
	}
}

// What an editor, a commit or a page puts into brackets is no field, wherever it is spoken of.
func TestBracketsThatAreMeant(t *testing.T) {
	t.Parallel()
	tell(t, "placeholder", thanks,
		"-en He wrote that [they] would keep the old parser.", "-en Your rule \"it [the pager] rings once\" is a good one.", "-de Ihr Satz »sie [die Gäste] kommen wieder« gefällt mir.", "-fr Vous citiez « il [le chef] goûte tout ».",
		"-en Half of the commits say [WIP] or [FIX].", "-en I know [RFC 9110] by heart.", "-en Your <table> within a <table> made me smile.", "-es Ese <div> tiene nombre.", "-de Das alte <frameset> bleibt.", "-en We dropped {severity=\"page\"} from it.", "+en We dropped {severity} from it.", "-en You quoted \"the night [...] belongs to us\" to me.",
		"+en I liked [the project] best.", "+en You said \"[something they said]\" to me.", "+en I look forward to [JOB] and to [CITY].", "+en You said that \"the [topic] is hard\" to me.", "+en <Company> is where I want to be.",
		"+en I hope to join <team> soon.", "+de Die Arbeit bei [FIRMA] reizt mich.", "+en He told me of [a thing that he told you].")
}

// The days of meetings are read in more languages, as words and as dates; a day by which
// something is to happen dates none.
func TestDaysInMoreLanguages(t *testing.T) {
	t.Parallel()
	tell(t, "stale-day", thanks,
		"+it Grazie per il colloquio del 25 novembre.", "-it Grazie per il colloquio del 23 novembre.", "+nl Bedankt voor het gesprek van 25 november.", "+pt Obrigada pela entrevista de 25 de novembro.", "+pt Obrigada pela conversa de sexta-feira.",
		"-pt Obrigada pela conversa de segunda-feira.", "+pl Dziękuję za rozmowę 25 listopada.", "+pl Dziękuję za piątkowe spotkanie.", "-pl Dziękuję za poniedziałkowe spotkanie.", "+cs Děkuji za dnešní schůzku.", "+cs Děkuji za setkání 25. listopadu.",
		"+sv Tack för mötet i onsdags.", "-sv Tack för mötet i måndags.", "-sv På onsdag går jag på mässan.", "+da Tak for samtalen den 25. november.", "+nb Takk for møtet på onsdag.", "+fi Kiitos keskiviikkoisesta haastattelusta.", "-fi Kiitos eilisestä haastattelusta.",
		"+tr Bugünkü görüşme için teşekkür ederim.", "-tr Dünkü görüşme için teşekkür ederim.", "-fr Merci de me le dire avant vendredi.", "-es Gracias por responderme antes del viernes.", "-cs Děkuji za setkání 23. listopadu.", "-en I read your mail 2 days after the talk.")
}

// The frame and single sentences of a mail are in its language, in more languages.
func TestLanguagesOfFramesAndSentences(t *testing.T) {
	t.Parallel()
	c := New()
	swedish := "Tack för samtalet om tjänsten, jag är mycket intresserad och hör gärna av dig."
	polish := "bardzo dziękuję za rozmowę, która przez cały dzień była dla mnie bardzo ważna."
	czech := "velmi děkuji za rozhovor, který byl pro mě důležitý, a také za vaši otevřenost."
	for name, x := range map[string]struct {
		change
		want bool
	}{
		"English greeting, Swedish": {letterIn("sv", "Dear Ken,", swedish, "Vänliga hälsningar"), true}, "English goodbye, Swedish": {letterIn("sv", "Hej Ken,", swedish, "Kind regards,"), true}, "all Swedish": {letterIn("sv", "Hej Ken,", swedish, "Vänliga hälsningar"), false},
		"English greeting, Polish": {letterIn("pl", "Dear Ken,", polish, "Z poważaniem"), true}, "German goodbye, Polish": {letterIn("pl", "Dzień dobry,", polish, "Viele Grüße"), true}, "all Polish": {letterIn("pl", "Dzień dobry,", polish, "Z poważaniem"), false},
		"English goodbye, Czech": {letterIn("cs", "Dobrý den,", czech, "Kind regards,"), true}, "all Czech": {letterIn("cs", "Vážený Ken,", czech, "S pozdravem"), false}, "Czech for Polish": {letterIn("pl", "Dobrý den,", czech, "S pozdravem"), true},
		"English thanks, Swedish":  {letterIn("sv", "Hej Ken,", "Thank you for taking the time to talk with me. "+swedish, "Vänliga hälsningar"), true},
		"a quoted title":           {letterIn("sv", "Hej Ken,", "Jag läste \"Thank you for the time of your life\" igen. "+swedish, "Vänliga hälsningar"), false},
		"Danish is Danish":         {letterIn("da", "Kære Ken,", "mange tak for samtalen, som jeg har tænkt meget på, og jeg vil gerne høre fra jer.", "Venlig hilsen"), false},
		"Norwegian by its old tag": {letterIn("no", "Kjære Ken,", "takk for samtalen, som jeg har tenkt mye på, og jeg vil gjerne høre fra dere.", "Vennlig hilsen"), false},
	} {
		if f, got := told(t, c, "wrong-language", thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", name, got, f.Text)
		}
	}
}

// A text in a language of long words, or without blanks, is not short for that.
func TestLengthOfOtherLanguages(t *testing.T) {
	t.Parallel()
	c := New()
	for name, x := range map[string]struct {
		change
		want bool
	}{
		"Finnish":          {letterIn("fi", "Hei Ken,", "kiitos eilisestä keskustelustamme. Se, että jokainen huonekalu tarkastetaan kahdesti ennen myyntiä, jäi mieleeni koko illaksi.\n\nOlen edelleen kiinnostunut puusepän tehtävästä, ja lähetän mielelläni työnäytteitä.", "Terveisin"), false},
		"Japanese":         {letterIn("ja", "佐藤様", "昨日は面接のお時間をいただき、誠にありがとうございました。毎朝全員で店の前を掃くというお話が心に残りました。\n\nぜひ一緒に働かせていただきたく存じます。ご不明な点がございましたら、いつでもお知らせください。", "よろしくお願いいたします。"), false},
		"short in Finnish": {letterIn("fi", "Hei Ken,", "kiitos keskustelusta. Olen kiinnostunut.", "Terveisin"), true},
		"short in English": {says("Thank you for the conversation about the reliability engineering apprenticeship programme, whose characteristically straightforward documentation impressed me tremendously throughout yesterday's extraordinarily comprehensive introduction."), true},
	} {
		if f, got := told(t, c, "length", thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", name, got, f.Text)
		}
	}
}

// What is attached to something else, a compound and a borrowed word are no findings.
func TestNearMissesOfMoreCodes(t *testing.T) {
	t.Parallel()
	tell(t, "no-attachment", thanks, "-es El taller adjunto me gustó.", "-es La directora adjunta fue amable.", "+es Adjunto mi informe.", "+es Le envío adjunto el informe.", "+nl Bijgaand mijn diploma.", "+pt Anexo o meu currículo.", "+de Ich habe Ihnen ein Zeugnis beigelegt.", "-de Der Streit war bald beigelegt.")
	tell(t, "off-topic", thanks, "-en I liked the salary-slip form.", "+en What does the role pay?", "+en Sorry again for arriving so late.")
	tell(t, "spelling", thanks, "-en The crème brûlée and the sous-vide bath stay with me.")
	tell(t, "no-question", question, "-tr Süreç hakkında bilgi almak istiyorum.", "-sv Jag undrar hur det går.", "-pl Chciałabym zapytać, kiedy mogę liczyć na wiadomość.", "+sv Jag är glad.")
}
