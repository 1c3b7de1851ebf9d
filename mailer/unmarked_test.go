package mailer

import "testing"

// An absence note without a mark of its program, and somebody who is away and
// writes to the reader all the same: by name, though only their address tells it.
func TestAbsenceWithoutAMark(t *testing.T) {
	t.Parallel()
	check := func(want Kind, body string) {
		t.Helper()
		r := Classify(parse("From: Priya Nair <priya@acme.example>\nTo: dana@example.org\nIn-Reply-To: <x@example.org>\nDate: Tue, 29 Sep 2026 10:00:00 +0200\nSubject: Re: Thank you\n\n" + body))
		if r.Kind != want {
			t.Errorf("%s, want %s: %q", r.Kind, want, body)
		}
	}
	check(AutoReply, "Ik ben afwezig tot 5 oktober.")
	check(AutoReply, "Jag är ledig till 5 oktober.")
	check(AutoReply, "Jeg er bortrejst til 5. oktober.")
	check(AutoReply, "Jsem na dovolené do 5. října.")
	check(AutoReply, "5 Ekim'e kadar izindeyim.")
	check(AutoReply, "I'm on leave until Monday and will answer then.")
	check(Human, "Hi Dana, I'm on leave until Monday, then I'll call you about round two.")
	check(Human, "Hoi Dana, ik ben op vakantie tot maandag, daarna bel ik je over de tweede ronde.")
	check(Human, "Dana, jeg er på ferie til 5. oktober og ringer derefter.")
	check(Human, "Ik ben morgen afwezig, kan het donderdag?")

	// nothing but an absence and its end
	check(AutoReply, "Ich bin im Urlaub bis zum 5. Oktober.")
	check(AutoReply, "Hello, I'm currently OOO until Monday.")
	check(AutoReply, "Ik ben op vakantie en ben op 5 oktober weer terug.")
	check(AutoReply, "Jeg er på ferie og er tilbage den 5. oktober.")
	check(AutoReply, "Thank you for your email. I'm on annual leave, back 5 October.")
	check(Human, "I will be back in touch by Friday.")
	check(Human, "Thanks for your email. I will return to this on Friday.")
	check(Human, "Ken is on holiday until Monday.")
	check(Human, "Our director is out of office until Monday.")
	check(Human, "Ken är på semester till måndag.")
	check(Human, "Ken est absent jusqu'à lundi.")
	check(AutoReply, "Tot 5 oktober ben ik met vakantie. Voor dringende zaken: bel Inge.")
	check(AutoReply, "Я в отпуске до 5 октября.")

	// an absence, and something that only concerns the reader
	check(Human, "I'm on vacation until Monday. The team liked you.")
	check(Human, "I am out of the office until Monday. We are still interviewing.")
	check(Human, "I'm out of the office until Monday, but the panel has your application and decides next week.")
	check(Human, "I'm on vacation until Monday, let's talk on Tuesday.")
	check(Human, "I am on leave until 7 October; Priya will send you the contract.")
	check(Human, "Je suis absent jusqu'à lundi. Votre profil nous intéresse beaucoup.")
	check(Human, "Estoy de vacaciones hasta el lunes, hablamos el martes.")
	check(AutoReply, "I am out of the office until Monday. For urgent matters call the front desk at office@team.example.")
	check(AutoReply, "I am out of the office until Monday. For recruitment questions, contact hiring@team.example.")
	check(AutoReply, "Estoy de vacaciones hasta el 5 de octubre. Para entrevistas contacte con Ana.")
	check(Human, "I am on leave until Monday. For the second interview, Ken will contact you.")
	check(Human, "Estoy de vacaciones hasta el lunes. Sobre la segunda entrevista le contactará Ana.")
	check(AutoReply, "I am away from the office until Monday. Otherwise I look forward to speaking with you then!")
	check(AutoReply, "I am on parental leave until 7 October. My colleague Jo Wu takes care of my projects.")
	check(AutoReply, "Thank you for your email. I am on leave until Monday. I will have limited email access during this time.\n\nKind regards\nPriya")
}

// TestLabelOfAProgram: a label in brackets that only an answering machine writes is no
// label of a gateway.
func TestLabelOfAProgram(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]Kind{
		"[Auto-Reply] Re: Thank you":    AutoReply,
		"[Out of office] Re: Thank you": AutoReply,
		"[EXTERNAL] Re: Thank you":      Human,
		"[Acme] Re: Thank you":          Human,
	} {
		if r := Classify(parse("From: priya@acme.example\nTo: dana@example.org\nIn-Reply-To: <x@example.org>\nSubject: " + subject + "\n\nTravelling this week.")); r.Kind != want {
			t.Errorf("%q is %s, want %s", subject, r.Kind, want)
		}
	}
}

func TestReportsByTheirSubjectAlone(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{"Não é possível entregar: Thank you", "Kan inte leverera: Thank you", "Ei toimitettu: Thank you"} {
		if r := Classify(parse("From: postmaster@acme.example\nTo: dana@example.org\nSubject: " + subject + "\n\nx")); r.Kind != Bounce {
			t.Errorf("%s: %q", r.Kind, subject)
		}
		if r := Classify(parse("From: priya@acme.example\nTo: dana@example.org\nIn-Reply-To: <x@example.org>\nSubject: Re: " + subject + "\n\nIt is here now.")); r.Kind != Human {
			t.Errorf("a person's is %s: %q", r.Kind, subject)
		}
	}
}

// TestAbsenceInTheSubject: a person may put their absence into the subject as well; a
// program does not know whom it answers.
func TestAbsenceInTheSubject(t *testing.T) {
	t.Parallel()
	check := func(want Kind, subject, body string) {
		t.Helper()
		r := Classify(parse("From: Priya Nair <priya@acme.example>\nTo: Dana Reyes <dana@example.org>\nDate: Tue, 29 Sep 2026 10:00:00 +0200\nSubject: " + subject + "\n\n" + body))
		if r.Kind != want {
			t.Errorf("%q is %s, want %s: %q", subject, r.Kind, want, body)
		}
	}
	check(Human, "Out of office next week", "Hi Dana, just so you know: I'm out next week, but Ken will send you the case study.")
	check(Human, "On leave until Monday", "Dear Dana, I am on leave until Monday. The panel meets on Tuesday and I will call you.")
	check(Human, "Urlaub", "Liebe Frau Reyes, ich bin ab morgen im Urlaub, Herr Maier meldet sich bei Ihnen.")
	check(AutoReply, "Out of office", "I am out of the office until Monday.")
	check(AutoReply, "Automatic reply: Thank you", "Hi Dana, I am out of the office until Monday.")
	check(AutoReply, "Abwesenheitsnotiz", "Ich bin bis Montag nicht im Büro.")
	check(AutoReply, "Out of office: Thank you, Dana", "Hello, I'm on leave until Monday. Please contact Jo Wu.")
}
