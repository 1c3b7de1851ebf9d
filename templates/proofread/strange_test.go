package proofread

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// A letter that names another company or role, and never the right one, was written for
// somebody else, also where no file of the user names that.
func TestLettersForSomebodyElse(t *testing.T) {
	t.Parallel()
	c := New()
	for sentence, want := range map[string]bool{
		"Thank you for the talk. I would love to join Initech as soon as I can.": true, "Thank you for the talk. I hope to be part of Initech Systems.": true,
		"I am very interested in the Data Scientist position.": true, "Thank you for the interview for Payroll Clerk.": true, "I look forward to working for Initech.": true,
		"I would love to join Initech, and Acme too.": false, "Before, I was glad to work at Siemens for years.": false, "Joining Siemens in 2019 taught me much.": false, "I would love to join Platform Engineering.": false,
		"I would love to join Ken's crew.": false, "I am keen on the SRE role.": false, "I gave up the Team Lead role at home.": false, "I am interested in the Reliability Engineer position.": false, "I hope to join Mara and the others.": false,
		"I am keen on the role at Initech.": true, "After five years I left the job at Siemens.": false, "I moved to Leeds to join Monzo in 2019.": false, "My career at Tesco began on the night shift.": false,
		"I look forward to the interview with Maria Lopez.": false, "Thank you for being part of Monday.": false, "I would love to join ACME Labs.": false, "I would love to join you.": false,
	} {
		f := func(in *scheduler.ProofInput) { says(sentence)(in); in.Text.Subject = "Thank you" }
		if f, got := told(t, c, "wrong-company", thanks, f); got != want || got && f.Severity != scheduler.Warning {
			t.Errorf("%q: found %v: %s %s", sentence, got, f.Severity, f.Text)
		}
	}
	globex := func(language, text string) change {
		return func(in *scheduler.ProofInput) {
			saying(language, text)(in)
			in.Others = func(yield func(scheduler.Application) bool) {
				yield(scheduler.Application{Stem: "globex", Company: "Globex", Role: "Planner"})
			}
		}
	}
	for name, x := range map[string]struct {
		change
		want bool
	}{
		"Polish": {globex("pl", "Chętnie dołączę do Globexu."), true}, "Finnish": {globex("fi", "Haluaisin työskennellä Globexilla."), true}, "Turkish": {globex("tr", "Globex'te çalışmak isterim."), true}, "Czech": {globex("cs", "Rád bych pracoval v Globexu."), true},
		"a longer word": {globex("pl", "Znam firmę Globexownia."), false}, "English": {globex("en", "I know the Globexes of this world."), false},
	} {
		if f, got := told(t, c, "wrong-company", thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", name, got, f.Text)
		}
	}
}

// The company that was meant in the letter that this one was copied from is seen beside the
// right one, where the writer would work; whatever else a letter names is none.
func TestWishToWorkElsewhere(t *testing.T) {
	t.Parallel()
	c := New()
	for line := range strings.Lines(strangeWishes) {
		head, sentence, _ := strings.Cut(strings.TrimSpace(line), "|")
		f, got := told(t, c, "wrong-company", thanks, saying(head[1:], "Acme. "+sentence))
		if got != (head[0] == '+') || got && f.Severity != scheduler.Warning {
			t.Errorf("%s: found %v: %s %s", line, got, f.Severity, f.Text)
		}
	}
}

const strangeWishes = `-en|I would like to join AcmeLabs, since that is where the pager lives.
-fr|J'aimerais rejoindre bientôt l'équipe de Madame Petit.
-nl|Ik zou graag bij Afdeling Noord werken.
-es|Me gustaría formar parte de Turno Noche.
+nl|Ik zou graag bij Zandvoort Logistiek werken.
+fr|J'aimerais rejoindre bientôt l'équipe de Petit Bateau.
+en|Thank you for telling me about Acme. I would love to join Initech.
+en|I am very excited about joining Hooli in spring.
+en|I remain very interested in the Site Reliability Engineer role at Initech.
+en|I'd be thrilled to work for Vandelay Industries.
+en|I would love to join Initech and learn from your team.
+en|I hope to be part of Initech soon.
+en|I can't wait to join Globotech.
+en|My interest in joining Initech has only grown.
+en|I'm looking forward to a career at Zalando.
+en|I would be delighted to join Google.
+fr|Je serais ravie de travailler chez Initech.
+es|Me encantaría formar parte de Initech.
+it|Mi piacerebbe molto lavorare per Initech.
+nl|Ik zou graag bij Initech komen werken.
+de|Die Stelle bei Initech reizt mich sehr, und ich freue mich auf die Stelle bei Initecho.
+pt|Gostaria muito de fazer parte da Initech.
-en|I would love to join Acme.
-en|I would love to join you and your team.
-en|I would love to join the Kuiper team.
-en|I would love to join Kuiper team meetings.
-en|You spoke of Kuiper. I would love to join Kuiper.
-en|I would be happy to join Zoom a little earlier.
-en|I would be glad to join Teams, Meet or Webex.
-en|I am glad that I left Initech.
-en|I am working for Initech until March, and my notice is a month.
-en|I'm currently working at Initech and look after two hundred servers.
-en|In 2019 I was thrilled to join Initech as a trainee.
-en|My sister would love to join Initech.
-en|I learned a lot about joining Initech's data with ours.
-en|I turned down an offer because I want to join Acme and not Initech.
-en|I would rather join Acme than Initech.
-en|I would love to work at Leeds.
-en|I would love to work for Maria.
-en|I would be happy to work in Barnsley.
-en|I am happy to join Toastmasters with you.
-en|I hope to join KubeCon talks next year.
-en|I would love to join Wembley and the other sites.
-en|I am keen to work on Kubernetes and Terraform.
-en|I would like to work with Initech as our customer again.
-en|I hear that you began your career at Initech.
-en|It was good to hear about your role at Initech before Acme.
-en|I would love to join Acme, as you did after Initech.
-en|I wish to join Vandelay at Acme.
-en|I studied at Grenoble, and I would love to join a team like yours.
-en|I did a project for Initech, and I would love to do the same with you.
-fr|Je serais ravie de travailler chez vous.
-fr|J'ai travaillé chez Initech, et je serais ravie de travailler chez Acme.
-es|Me encantaría trabajar en Bilbao.
-de|Die Stelle bei Ihnen reizt mich sehr.
-de|Ich freue mich auf die Position als Teil Ihres Hauses.
-de|Bei Initech habe ich gelernt, und die Stelle bei Acme reizt mich.
-nl|Ik zou graag bij Acme komen werken.
-it|Vorrei lavorare a Torino.
`

// A number of an account, a card or a passport belongs in no such mail, whatever its language.
func TestPrivateNumbers(t *testing.T) {
	t.Parallel()
	tell(t, "off-topic", thanks, "+en My account is GB82 WEST 1234 5698 7654 32.", "+de Meine IBAN ist DE89 3704 0044 0532 0130 00.", "+en Charge 4111 1111 1111 1111 for it.", "+en My passport number is C01X00T47.", "+en It is 078-05-1120.", "+de Meine Reisepassnummer lautet C01X00T478.", "+es Mi DNI es 12345678Z.", "+pl Mój PESEL to 44051401359.", "+sv Mitt personnummer är 811218-9876.",
		"-en The IMEI 490154203237518 was my example.", "-en ORCID 0000-0002-1825-0097 lists my papers.", "-en Order 1234 5678 9012 3452 came late.", "-de Mein Personalausweis kam 2019.",
		"-en We take DE89 3704 0044 0532 0130 01 as an example.", "-en The build 1234 5678 9012 3456 failed.", "-en The account 10 million users hold is yours.", "-en Call +33 6 12 34 56 78 any time.", "-en The passport photos of 1920 are lovely.", "-fr Le gehalt de la question me plaît.")
}

// A greeting of another part of the day is told of; those of the whole day are not.
func TestGreetingsOfTheHour(t *testing.T) {
	t.Parallel()
	c := New()
	for _, x := range []struct {
		language, greeting string
		hour               int
		want               bool
	}{
		{"en", "Good morning Ken,", 9, false}, {"en", "Good morning Ken,", 15, true}, {"en", "Good evening Ken,", 9, true}, {"en", "Good evening, Ken,", 18, false}, {"en", "Good afternoon Ken,", 9, true}, {"en", "Good morning Ken,", 12, false},
		{"de", "Guten Morgen Ken,", 16, true}, {"de", "Guten Tag Ken,", 16, false}, {"fr", "Bonsoir Ken,", 9, true}, {"fr", "Bonjour Ken,", 17, false}, {"pt", "Bom dia Ken,", 16, true}, {"sv", "God morgon Ken,", 9, false}, {"sv", "God kväll Ken,", 9, true},
		{"it", "Buongiorno Ken,", 16, false}, {"pl", "Dobry wieczór,", 8, true}, {"en", "Hi Ken,", 23, false},
	} {
		f := func(in *scheduler.ProofInput) {
			letterIn(x.language, x.greeting, framed[x.language][1], framed[x.language][2])(in)
			in.Leaves = time.Date(2026, 11, 24, x.hour, 20, 0, 0, in.Leaves.Location())
		}
		if found, got := told(t, c, "stale-day", thanks, f); got != x.want || got && found.Severity != scheduler.Warning {
			t.Errorf("%s at %d: found %v: %s %s", x.greeting, x.hour, got, found.Severity, found.Text)
		}
	}
}

// What is said in a script without blanks is known in the text, and names of other
// alphabets are plain ones in mails that are written in them.
func TestFactsInOtherScripts(t *testing.T) {
	t.Parallel()
	c := New()
	japanese := func(text string) change {
		return func(in *scheduler.ProofInput) {
			letterIn("ja", "田中様", text, "よろしくお願いいたします。")(in)
			in.Person = scheduler.Person{Name: "田中 実", Greet: "田中様", Said: "毎朝みんなで体操をする"}
		}
	}
	russian := func(name string) change {
		return func(in *scheduler.ProofInput) {
			letterIn("ru", "Здравствуйте, Анна!", "Спасибо за разговор о работе.", "С уважением,")(in)
			in.Person.Name, in.To.Name = name, name
		}
	}
	for _, x := range []struct {
		name, code string
		change
		want bool
	}{
		{"said and used", "not-personal", japanese("毎朝みんなで体操をするというお話が心に残りました。"), false}, {"said and not used", "not-personal", japanese("面接のお時間をいただき、ありがとうございました。"), true}, {"its form", "said-form", japanese("お話が心に残りました。"), false},
		{"two Russian words", "greeting-guess", russian("Анна Белова"), false}, {"three Russian words", "greeting-guess", russian("Анна Ивановна Белова"), true},
	} {
		if f, got := told(t, c, x.code, thanks, x.change); got != x.want {
			t.Errorf("%s: found %v: %s", x.name, got, f.Text)
		}
	}
}

// An accent ends no word, and code that is set as code holds no field.
func TestWhatIsNoFieldInOtherWords(t *testing.T) {
	t.Parallel()
	check := func(language, sentence string, want bool) {
		t.Helper()
		if f, got := told(t, New(), "placeholder", thanks, saying(language, sentence)); got != want {
			t.Errorf("%q: found %v: %s", sentence, got, f.Text)
		}
	}
	check("fi", "Tänan sinua.", false)
	check("en", "It was nan, as ever.", true)
	check("en", "We ran `tar czf b-$(date +%F).tgz .` each night.", false)
	check("en", "I was there on (date, to be told).", true)
	tell(t, "stale-day", thanks, "+en I enjoyed our 20 November interview.", "-en I enjoyed our 23 November interview.", "-en I read of the 20 November meeting of the board.", "+tr 20 Kasım tarihindeki görüşme için teşekkür ederim.", "-tr 23 Kasım tarihindeki görüşme için teşekkür ederim.")
	tell(t, "no-attachment", thanks, "+sv Bifogat finns mitt intyg.")
	tell(t, "wrong-name", thanks, "-sv Bästa är att alla får ordet.")
}
