package mailer

import (
	"strings"
	"testing"
	"time"
)

// rejects reads a letter of 25 November, a Wednesday.
func rejects(text string) (why string, ok bool) {
	s := readStatement(text, time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 3600)))
	for _, h := range s.hints() {
		if h.Intent == Rejection {
			return h.Sentence, true
		}
	}
	return "", false
}

// What would follow if the job were open again goes on with nothing, unless the job
// is what goes on.
func TestReopeningIsNoHope(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"The role was cut from our budget. If the role is reopened in the next cycle, I would like to get back to you.": true,
		"We are not moving forward with your application. Should the position reopen in spring, we will be in touch.":   true,
		"Die Stelle wurde gestrichen. Falls die Stelle im Frühjahr wieder geöffnet wird, melden wir uns.":               true,
		"The budget for the role was cut for this year, but the role reopens in January.":                               false,
		"We paused the search. If the position is still open in January, your interview takes place as agreed.":         false,
	} {
		if _, ok := rejects(text); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
}

// Signs that say little by themselves make a rejection together, and the one that
// says most is quoted.
func TestWeakSignsRejectTogether(t *testing.T) {
	t.Parallel()
	check := func(want, text string) {
		t.Helper()
		if why, ok := rejects(text); ok != (want != "") || !strings.Contains(why, want) {
			t.Errorf("%q: %v on %q, want %q", text, ok, why, want)
		}
	}
	check("somebody with more experience", "Thank you for the time you gave us. In the end it is somebody with more experience of banks. Good luck out there.")
	check("", "Thank you for the time you gave us.")
	check("", "Good luck out there.")
	check("", "It is somebody with more experience of banks.")
	check("mehr Erfahrung", "Danke für Ihre Zeit. Gesucht wird jemand mit mehr Erfahrung im Netzbetrieb. Viel Glück und Kopf hoch!")
	check("", "Danke für Ihre Zeit. Für Ihren weiteren Weg zu uns: Ausgang Nord, dann links.")
	check("vamos a avanzar", "Hablé con el equipo y no vamos a avanzar. Mucha suerte con las otras entrevistas.")
	check("the job is going to Piotr", "Thanks for your patience: the job is going to Piotr, who you met. You were great.")
	check("", "Thanks for your patience: the job is going to start in May. You were great.")
	check("Cem'de karar", "Ekipçe Cem'de karar kıldık. Zaman ayırdığın için teşekkürler, bol şans.")
	check("", "Ekipçe çayda karar kıldık. Zaman ayırdığın için teşekkürler, bol şans.")
	check("", "Thanks for coming! In the end it was Harriet who found your scarf. Good luck with the vet!")
	check("", "Takk for praten! Det blir Roger som viser deg rundt på mandag. Lykke til med flyttingen!")
}

// What says that things go on speaks against a rejection, and a farewell against
// that.
func TestWhatGoesOnIsNoRejection(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if why, ok := rejects(text); ok != want {
			t.Errorf("%q: %v on %q", text, ok, why)
		}
	}
	const filled = "The post has been filled."
	check(true, filled)
	check(true, filled+" We thank you for your interest.")
	check(false, filled+" Could you come on Thursday for the other one?")
	check(false, filled+" Would you like to hear more of the sister team over there?")
	check(false, filled+" Yours stays open until spring.")
	check(false, filled+" Ken will explain it on Friday.")
	check(true, filled+" Ken decided it two days ago.")
	check(true, filled+" Ines can begin on Monday.")
	check(true, filled+" To receive feedback, please fill in our form within 14 days.")
	check(true, filled+" Beer next time you are in Lyon?")
	check(true, filled+" I have two other clients: free for a chat tomorrow? We wish you all the best for your search.")
	check(false, "The role is on hold. We expect to pick up the hiring again in February.")
	check(false, "Le poste a été pourvu. En attendant, je vous propose un échange : seriez-vous disponible jeudi ?")
}

// Who tells of another letter, of other people or of former times rejects nobody.
func TestARejectionIsMeant(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if why, ok := rejects(text); ok != want {
			t.Errorf("%q: %v on %q", text, ok, why)
		}
	}
	check(true, "We will not be taking your application any further.")
	check(false, `I got mine today, "we will not be taking your application any further" and no name.`)
	check(false, "Meine Freundin schreibt: „Wir haben uns für einen anderen Bewerber entschieden.“")
	check(true, "„Acme“ ist raus, „Birch“ auch: Wir haben uns für einen anderen Bewerber entschieden.")
	check(false, "At first we had decided on another candidate.")
	check(false, "Un des finalistes s'est désisté et la direction ne veut pas choisir aussi vite.")
	check(false, "A mobilidade interna ficou sem candidatos, portanto avançamos com o seu nome.")
	check(true, "Die Stelle ist anderweitig vergeben.")
	check(true, "Der Gemeinderat hat die Stelle an Frau Dr. Pohl vergeben.")
	check(false, "Someone else has been chosen to run your second round.")
	check(false, "On n'a pas retenu la salle du haut, rendez-vous à l'atelier.")
	check(false, "We lost our funding for the choir, not for your post.")
	check(false, "Den Raum haben wir nicht bekommen, der ist anderweitig vergeben.")
	check(false, "Herr Kern hat unser Haus verlassen und kann Ihr Verfahren nicht weiterführen.")
	check(true, "Your proposal was not supported by the board.")
	check(false, "Your proposal has not been forgotten.")
	check(false, "Your proposal is here, do not worry.")
	check(false, "Unfortunately your proposal cannot be read without the diploma.")
}

// A notice below the letter is in a language of its own, and weighs nothing.
func TestNoticesWeighNothing(t *testing.T) {
	t.Parallel()
	const notice = "\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, " +
		"informieren Sie bitte den Absender und vernichten Sie diese Mail. Acme GmbH, Sitz der Gesellschaft: Berlin"
	const letter, weak = "They loved meeting you but they are not taking it any further. I have two other clients I'd like to talk to you about: free tomorrow?", "No vamos a avanzar. Fue una decisión difícil. Mucha suerte."
	for _, text := range []string{letter, letter + notice, weak, weak + notice} {
		if _, ok := rejects(text); !ok {
			t.Errorf("%q: no rejection", text)
		}
	}
	if why, ok := rejects("Please send us your diploma.\n\nAny views expressed do not constitute an offer of any contract. Unfortunately we cannot accept liability for viruses. This mail is confidential."); ok {
		t.Errorf("a notice rejects: %q", why)
	}
}

// Going with somebody else, and closing the search, refuse in Polish too.
func TestPolishGoesWithAnother(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Poszliśmy z innym kandydatem.":                                        true,
		"Zamykamy rekrutację na to stanowisko.":                                true,
		"Idziemy z inną grupą na lunch.":                                       false,
		"Zamykamy biuro o 18.":                                                 false,
		"Idziemy z innym kandydatem, dziękujemy za rozmowę.":                   true,
		"Ruszamy z innym kandydatem w czwartek, a z panem w piątek.":           false,
		"Zostajemy z inną osobą w biurze do 18.":                               false,
		"Zamykamy rekrutację na to stanowisko w piątek, zostały dwie rozmowy.": false,
	} {
		if _, ok := rejects(text); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
}
