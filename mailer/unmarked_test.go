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
