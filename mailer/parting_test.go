package mailer

import "testing"

// Who keeps papers, hires nobody just now, takes an offer back or wishes luck has
// refused only where the letter shows it: so write also those whom somebody signed
// up with, the law, successors and whoever looks forward to the next meeting.
func TestWhatOnlySoundsLikeTheEnd(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"We reserve the right to withdraw the offer if your references cannot be reached.",
		"The offer may be withdrawn if the form is not returned.",
		"We would have to withdraw the offer if you cannot start in May, so please tell us.",
		"You can withdraw your application at any time.",
		"We have withdrawn the offer that we had made to the other candidate.",
		"Wir ziehen das Angebot natürlich nicht zurück.",
		"Nous ne retirons pas notre offre, prenez votre temps.",
		"No retiramos la oferta, tómate tu tiempo.",
		"We will not withdraw our offer because of this.",
		"If we withdrew the offer you would hear it from me first.",
		"I've taken over from Ken, and your interview stays as planned.",
		"The search is now run by Mara, who takes over from me.",
		"Ken was chosen to lead this process, so he will call you.",
		"Welcome! We keep your CV on file and write to you when a role opens.",
		"You joined our talent pool last week, thank you for your interest. We will keep your profile on file.",
		"Thanks for signing up for our newsletter. We are not hiring at the moment.",
		"We are not hiring at the moment for the Paris office, Berlin is where your team will be.",
		"We will keep your application on file until the panel meets.",
		"Die Unterlagen bewahren wir bis zur Entscheidung auf, vielen Dank für Ihre Zeit.",
		"Nous conservons votre dossier jusqu'à la décision, merci pour votre patience.",
		"We are still talking about who takes over Ken's role; you are one of two.",
		"We keep your details on file for two years as the law asks.",
		"Mara takes over from me next week, so I wish you all the best with the next round.",
		"Desejo-lhe uma boa semana.",
		"Desejamos-lhe boa sorte na próxima entrevista.",
		"Te deseo mucha suerte en la entrevista del jueves.",
		"Bonne chance pour la suite du processus !",
		"Viel Erfolg für Ihre weitere Vorbereitung auf das zweite Gespräch.",
		"Succes met je verdere voorbereiding op het gesprek.",
		"Good luck with the next round!",
		"Best of luck for your next interview with Tom on Thursday.",
		"We wish you all the best for the next stage, Mara will write to you.",
		"Ken won't be joining us on Monday, he is ill.",
		"Vi har besluttet at invitere dig til en anden samtale.",
		"Vi har valgt en annen dato, det blir tirsdag.",
		"Herr Mori ist leider nicht mehr für die Stelle zuständig, ich kümmere mich.",
		"Unfortunately Ken is no longer in charge of the role, I look after it.",
		"The old form is no longer active, but the role is.",
		"The page that you mentioned does not exist any more, but the post is open.",
		"Onze keuze voor een datum is op dinsdag gevallen, past dat?",
		"Do dalšího kola postoupili tři uchazeči a Vy jste mezi nimi.",
	} {
		if s := readOf(text); s.shows(Rejection) {
			t.Errorf("taken for a rejection: %q", text)
		}
	}
	for _, text := range []string{
		"We must withdraw our offer. I am sorry.",
		"Unfortunately we have had to rescind the offer we made last week.",
		"Leider müssen wir unser Angebot zurückziehen.",
		"Nous sommes contraints de retirer notre offre d'embauche.",
		"Lamentablemente debemos retirar la oferta de empleo.",
		"Helaas trekken we ons aanbod in.",
		"I've taken over from Ken and have to tell you that the position has been filled.",
		"The position has been taken over by an internal colleague.",
		"Thank you for your time on Monday. We will keep your CV on file.",
		"Unfortunately we are not hiring right now.",
		"It was a pleasure to meet you. We're not hiring at the moment, but do stay in touch.",
		"Merci pour votre temps. Nous ne recrutons pas en ce moment.",
		"Gracias por tu tiempo. Guardaremos tu CV en nuestra base de datos.",
		"Tack för din tid. Vi sparar ditt CV.",
		"Bedankt voor je tijd. Je cv bewaren we.",
		"Dziękujemy za poświęcony czas. Zachowamy Pani CV.",
		"We wish you all the best in your job search.",
		"Best of luck for your next role.",
		"Wir wünschen Ihnen für Ihren weiteren Weg alles Gute.",
		"Te deseamos mucha suerte en tu búsqueda.",
		"Bonne continuation dans vos recherches.",
		"Desejamos-lhe boa sorte para o futuro.",
		"We have withdrawn our offer since the background check found something.",
		"The role has been reviewed and is no longer active.",
		"Onze keus is niet op u gevallen.",
		"I'm sorry to say that you won't be joining us.",
		"We will not be working with you on this one.",
		"Vi har valgt en anden til stillingen.",
		"Vi har valgt en annen.",
		"Leider können wir Ihnen die Stelle nicht anbieten.",
		"Do dalšího kola postoupili jiní uchazeči.",
	} {
		if s := readOf(text); !s.shows(Rejection) {
			t.Errorf("no rejection: %q", text)
		}
	}
}
