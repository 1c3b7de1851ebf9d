package mailer

import "testing"

// Of an automatic answer by Priya Nair: who has left, she or somebody else? Nobody
// writes any more to whom it is believed of.
func TestWhoHasLeft(t *testing.T) {
	t.Parallel()
	check := func(want bool, body string) {
		t.Helper()
		r := Classify(parse("From: Priya Nair <priya.nair@acme.example>\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nAuto-Submitted: auto-replied\nSubject: Re: Thank you\n\n" + body))
		if r.LeftFirm != want || r.Kind != AutoReply {
			t.Errorf("left is %v, %s: %q", r.LeftFirm, r.Kind, body)
		}
		if !want && r.Sentence != "" {
			t.Errorf("%q is told of: %q", r.Sentence, body)
		}
	}
	check(true, "I have left the company.")
	check(true, "Priya has left the company. Her desk is looked after by Ken Mori.")
	check(true, "Please write to Ken Mori, I have left the company.")
	check(true, "Thank you. The person you are trying to reach has left the company.")
	check(true, "She has left the company.")
	check(true, "Unfortunately, she has left the company. Ken Mori will help you.")
	check(true, "Ich habe das Unternehmen verlassen. Ken Mori ist am 7. Dezember wieder da.")
	check(true, "Frau Nair hat unser Unternehmen verlassen.")
	check(true, "Je ne travaille plus chez Acme. Ken Mori sera de retour le 7 décembre.")
	check(true, "Por favor, escriba a Ken Mori, ya no trabajo en la empresa.")
	check(true, "Nie pracuję już w firmie.")
	check(true, "Ik werk niet meer bij Acme.")

	check(false, "Ken Mori has left the company.")
	check(false, "I am away this week. Please note that Ken Mori has left the company.")
	check(false, "I am back on 7 December. My colleague has left the company, so nobody reads this.")
	check(false, "Ken, whom you may know, is no longer with us. Write to jobs@acme.example.")
	check(false, "Ich bin bis 7. Dezember im Urlaub. Frau Roth hat unser Unternehmen verlassen.")
	check(false, "Kollege Mori arbeitet nicht mehr für uns. Ich bin gerade auf Reisen.")
	check(false, "Je suis absente. M. Mori a quitté l'entreprise.")
	check(false, "Estoy de vacaciones. Ken Mori ya no trabaja en la empresa.")
	check(false, "Sono in ferie. Ken Mori non lavora più con noi.")
	check(false, "Ik ben op vakantie. Ken Mori werkt niet meer bij ons.")
	check(false, "Jestem na urlopie. Ken Mori nie pracuje już w firmie.")

	// Who is back, has a free day or left a thing somewhere works there still.
	check(false, "I am back on 7 December and no longer working on Fridays.")
	check(false, "I am travelling. I have left the company phone with Ken Mori.")
	check(false, "From Monday I am no longer on leave; mail is read then.")
	check(false, "Min sidste arbejdsdag før ferien var fredag, jeg er tilbage den 7. december.")
	check(false, "Můj poslední pracovní den před dovolenou byl pátek.")
	check(true, "Min sidste arbejdsdag var den 20. november.")
}
