package mailer

import "testing"

// What a job is called is no other matter: a refusal "for the Software Engineer
// role" stays one, and an offer of it as well.
func TestJobNamesAreNoOtherMatter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Intent{
		"Acme has decided not to go on with your Software Developer application.":            Rejection,
		"You will not be proceeding in our search for a Hotel Manager.":                      Rejection,
		"Nous ne donnerons pas suite à votre candidature d'ingénieur logiciel.":              Rejection,
		"Wir haben uns gegen Ihre Bewerbung als Software Engineer entschieden.":              Rejection,
		"We are pleased to offer you a Software Engineer position.":                          Offer,
		"Nous aimerions vous recruter comme développeuse logiciel.":                          Offer,
		"I'm delighted to tell you that the board would like you in the Test Engineer role.": Offer,
		"I'm delighted to tell you that the board liked your test for the role.":             "",
		"We have decided not to go on with the hotel manager's caterer for the evening.":     "",
		"The hotel cannot offer you the room with a view of the hiring fair.":                "",
	} {
		s := readOf(text)
		if want == "" && (s.shows(Rejection) || s.shows(Offer)) || want != "" && !s.shows(want) {
			t.Errorf("%q: %v, want %q", text, s.shown, want)
		}
	}
}

// Kind words behind a refusal do not say that things go on, nor does what is
// promised of its reasons.
func TestFarewellsAndReasonsKeepNothingOpen(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if why, ok := rejects(text); ok != want {
			t.Errorf("%q: %v on %q", text, ok, why)
		}
	}
	const no = "We have chosen to move ahead with candidates whose work is nearer to ours. "
	check(true, no+"We look forward to your name when a future role comes up. In the meantime, we wish you luck with your search.")
	check(false, "The post has been filled. In the meantime another one is open, and we look forward to Monday. Shall we say ten?")
	check(true, "Leider müssen wir Ihnen absagen. Wir melden uns bis Freitag mit einer ausführlichen Begründung.")
	check(true, "Leider müssen wir Ihnen absagen. Am Donnerstag schicke ich Ihnen noch das Feedback der Runde.")
	check(false, "Leider müssen wir Ihnen absagen. Wir melden uns bis Freitag mit einem neuen Vorschlag.")
	check(false, "Leider muss ich unser Gespräch absagen, weil ich krank bin. Sie bekommen einen neuen Vorschlag von mir.")
	check(false, "I have to cancel our call, I have lost my voice. A new suggestion follows.")
	check(true, "I am keeping your resume with me. We have picked the other candidate.")
	check(true, "It came down to the other candidate, whose years on stage gave her the edge. It was a hard decision, and we all loved meeting you.")
	check(true, "Wir haben uns nach langem Abwägen anders entschieden.")
	check(true, "Sorry for the wait. The others had their way and we have made the offer to somebody else.")
	check(true, "You did well, but please try again with us in about six months.")
	check(false, "You did well, and I will try your number again in about six minutes.")
	check(true, "Votre parcours nous plaît, mais nous n'avons pas le budget. Recontactez-nous dans six mois.")
	check(true, "Absage auf Ihre Bewerbung.")
	check(true, "Bohužel jste do dalšího kola nepostoupil.")
	check(true, "Maalesef başvurunuz olumlu sonuçlanmadı.")
}

// Who still meets others has chosen nobody.
func TestMeetingOthersIsNoChoice(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"To make the right hiring decision we are still having interviews with other candidates.",
		"We speak to two more candidates and then decide whom to hire.",
		"Um uns gut zu entscheiden, führen wir noch Gespräche mit anderen Bewerbern.",
		"Pour bien choisir, nous rencontrons encore d'autres candidats.",
		"Para elegir bien estamos entrevistando a otras personas.",
		"Per scegliere bene stiamo incontrando altri candidati.",
		"Om goed te kiezen spreken we nog andere kandidaten.",
	} {
		if why, ok := rejects(text); ok {
			t.Errorf("%q rejects: %q", text, why)
		}
	}
	if _, ok := rejects("After interviews with other candidates, we have hired somebody else."); !ok {
		t.Error("somebody else is hired, and nobody is told")
	}
}

// An offer that is only spoken of, or that goes to everybody, is none.
func TestOffersThatAreSpokenOf(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if s := readOf(text); s.shows(Offer) != want {
			t.Errorf("%q: %v", text, s.shown)
		}
	}
	check(false, "I'd like you to have the job profile before Tuesday.")
	check(true, "We'd all like you to have the job.")
	check(true, "We'd like you to have the post from January.")
	check(false, "The contract will be sent to every finalist, so that all can read it.")
	check(true, "The contract will be sent to you on Monday.")
	check(false, "The checks come before any formal offer is made.")
	check(false, "An offer can only be made once your papers are here.")
	check(false, "You will have received another offer from a firm in Lyon, I hear.")
	check(false, "On vous engage à lire le dossier avant mardi.")
	check(true, "On vous engage.")
	check(true, "Happy to say that we meet your salary expectations.")
	check(true, "Ihr Vertragsangebot liegt bei.")
	check(false, "Você foi selecionada para a próxima e última fase.")
	check(true, "Rádi bychom vám nabídli místo.")
}

// Refusals as people of other trades and places put them.
func TestRefusalsInOtherRegisters(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"The jury's preference was for a different candidate.",
		"We're holding off on filling the post.",
		"Your journey with us ends here.",
		"Leider endet Ihre Bewerbung hier.",
		"Your trial day was fine, but others delivered something stronger. It was not what you hoped for, I know.",
		"There was one seat, and that seat has now gone.",
		"There is no place for you in the kitchen just now.",
		"Your talents lie elsewhere, and I would encourage you to look at smaller houses.",
		"I have to end your run with us.",
		"Wir haben leider keine passende Stelle für dich.",
		"Nous n'allons pas continuer ensemble.",
		"No vamos a contratar a nadie.",
		"The panel noted that other applicants scored higher against the criteria.",
		"Kindly note that your candidature stands declined.",
		"Your application for Night Porter at the Grand has been moved to: Rejected.",
		"You have not cleared the second round.",
		"We do not think that we are the right home for you.",
		"They need somebody more seasoned, so I will wrap things up with you here.",
		"We have been told to release all candidates.",
		"The lab has run out of money for the post. I am sorry, and good luck with your search.",
		"Given the rate you named we have agreed to stop here.",
		"No need to come in on Monday after all, the job has been given to another applicant.",
		"I had better tell you that we're passing.",
		"The references do not hold, and we will not be able to proceed.",
		"No ha sido usted la persona seleccionada.",
		"Pozici jsme nakonec obsadili z vlastních lidí.",
		"Maalesef ikinci tura geçemediniz.",
	} {
		if s := readOf(text); !s.shows(Rejection) {
			t.Errorf("%q: %v, want rejection", text, s.shown)
		}
	}
}

// Who is not among the chosen, or is not invited, or whose way ends, is refused in
// every language.
func TestRefusalsByStructure(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Vous n'êtes hélas pas parmi les personnes retenues.",
		"No figuras entre los elegidos.",
		"Non rientra tra i prescelti.",
		"Je zit niet bij de laatste drie.",
		"Sie gehören nicht zu den drei, die wir wählten.",
		"We nodigen u niet uit voor een tweede ronde.",
		"Nous ne vous convoquerons pas.",
		"No te convocaremos a la siguiente prueba.",
		"Wir laden Sie nicht zur zweiten Runde ein.",
		"The outcome is unfavourable.",
		"La réponse est hélas défavorable.",
		"El resultado ha sido negativo.",
		"L'esito è negativo.",
		"Die Antwort fällt leider negativ aus.",
		"Decyzja jest negatywna.",
		"Your application ends here.",
		"Le parcours s'arrête ici.",
		"La candidatura acaba aquí.",
		"La selezione si ferma qui.",
		"Die Reise ist hier zu Ende.",
		"El jurado ha propuesto a otro candidato.",
		"Not this one, sorry.",
		"You are not through to the last day.",
		"The requirement has been kept on hold by the client.",
		"Du kommst leider nicht in die Endrunde.",
		"Das Gremium hat leider anders entschieden.",
		"No hemos podido elegirte.",
		"The unit is no more.",
		"The budget just isn't there.",
	} {
		if s := readOf(text); !s.shows(Rejection) {
			t.Errorf("%q: %v, want rejection", text, s.shown)
		}
	}
}

// Offers as people of other trades and places put them.
func TestOffersInOtherRegisters(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I am drafting your contract.",
		"We are glad to confirm your appointment as a verger.",
		"We'd love to bring you on board.",
		"Nous avons le plaisir de confirmer votre recrutement.",
		"Hiermit bestätigen wir Ihre Anstellung.",
		"We'd like to move you to the offer stage.",
		"They want to offer! Ring me.",
		"I can make you a conditional offer.",
		"Wir wären glücklich, wenn Sie im März bei uns beginnen.",
		"Nous serions ravis que vous rejoigniez notre équipe en mars.",
		"Nos gustaría que te incorporases en marzo.",
		"Vorremmo che si unisse alla squadra.",
		"Queremos que se junte à nossa equipa.",
		"Het zou leuk zijn als u in maart bij ons komt werken.",
		"Chcemy, aby dołączył pan do naszego biura.",
		"The governors have approved your appointment.",
		"We would be over the moon if you joined us as a cook.",
		"You have been duly appointed as Reader.",
		"Vous êtes engagée.",
		"Sie sind eingestellt!",
		"Estás contratada.",
		"Abbiamo deciso di assumerti.",
		"U bent aangenomen.",
		"Du er ansat.",
		"We are honoured to have you as our next cantor.",
		"The vote was for you.",
		"Tu as le poste !",
		"And the name on the list? It's you!",
		"We confirm your appointment as head nurse.",
	} {
		if s := readOf(text); !s.shows(Offer) {
			t.Errorf("%q: %v, want offer", text, s.shown)
		}
	}
}

// What sounds like a verdict in other registers and is none.
func TestWhatOnlySoundsLikeAVerdict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I confirm your appointment on Monday at ten.",
		"There is no room for you to park, take the train.",
		"We are holding off on the agenda until you tell us what you like.",
		"The first train has now gone, take the next.",
		"I'd encourage you to look at the plan of the site before you come.",
		"Wir würden uns freuen, wenn Sie am Dienstag zu uns kommen.",
		"Nous aimerions que vous rejoigniez la visio à dix heures.",
		"Chcemy, aby dołączył pan jutro o dziesiątej.",
		"We closed the application portal last night and start to read now.",
		"I'm sorry that I could not give you more notice of the lift.",
		"The post is advertised until filled, and you are on the list.",
		"Should the board approve, an offer can only follow in spring.",
		"It would be a shame to lose you to another offer.",
		"You did not clear the table, so I did.",
		"We are passing through Lyon on Monday and would love a coffee.",
		"We need somebody more senior at the meeting, so Ken joins us.",
		"Everything else as agreed: Monday at ten.",
		"The other candidates scored the talk as well.",
		"The ticket with your travel claim was moved to closed.",
		"We cannot proceed without your certificates.",
		"The team would hate it if you joined the call from a train.",
		"We ran out of coffee during your interview, sorry.",
		"I have to stop here, my train leaves.",
		"You may reapply the sticker after a wash.",
		"The test of the water was negative.",
		"Nous ne vous inviterons pas à payer le train, c'est pour nous.",
		"Your tour ends here, the exit is on the left.",
		"The old advertisement is no more, look at the new one.",
		"Is it you?",
		"Vous avez le poste informatique au fond de la salle.",
		"The requirement of a degree was dropped years ago.",
		"Wir laden Sie nicht nur zum Gespräch, sondern auch zum Essen ein.",
	} {
		if s := readOf(text); s.shows(Rejection) || s.shows(Offer) {
			t.Errorf("%q: %v, want none", text, s.shown)
		}
	}
}

// Everyday words of arrangements, questions and thanks are no verdict.
func TestEverydayWordsAreNoVerdict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Thanks but no need to bring your laptop, we have one here for you.",
		"There is no need for you to prepare anything.",
		"I don't think this is the right person to ask, please write to Ken.",
		"Let's close things out with you on a call on Friday, when we can talk about the start.",
		"We decided to stop here for today and go on with the second part on Thursday.",
		"Your profile stands out, and we closed the window so that nobody else applies.",
		"Your diploma is missing, so we can't proceed.",
		"The interview process ends there with a lunch, so plan until three.",
		"Another person will show you the office; I would pick the tram to get there.",
		"The hiring manager has declined this invitation.",
		"Please hold off from filling in the form until Monday.",
		"The role has now gone live on our page, and you are the first to be interviewed.",
		"Come back in a year and tell us how you like it here.",
		"Please confirm your appointment as soon as possible.",
		"Please confirm your appointment from the link below.",
		"To confirm your employment we will call your referees.",
		"We approved your hire car for Monday.",
		"After the references we move to the offer stage in January.",
		"We would be thrilled if you joined us for lunch on Monday.",
		"We are lucky to have you with us on Thursday, as Ken flies out on Friday.",
		"The decision is for you to make, train or plane.",
		"You were appointed to the committee at your present firm, I read; tell me more on Monday.",
		"We are meeting your terms for the travel costs.",
		"We would like to bring you into the loop on the second round.",
		"Wir laden Sie nicht zu früh ein, da der Chef noch im Urlaub ist.",
		"Ich habe mich anders entschieden: nehmen wir doch den Montag.",
		"Die Absage zu Ihrer Bewerbung war ein Versehen, bitte entschuldigen Sie.",
		"Sie sind engagiert und neugierig, das gefällt uns.",
		"Bitte bestätigen Sie Ihre Einstellung zum Thema.",
		"Ein Vertragsangebot bekommen Sie, falls alles klappt, im Januar.",
		"Nous ne vous invitons pas à déjeuner cette fois, mais l'entretien reste lundi.",
		"Vous êtes pris en charge à la gare lundi.",
		"Nous serions heureux que vous nous rejoigniez lundi à 10 h sur Teams.",
		"Votre profil est retenu pour notre poste et nous souhaitons vous rencontrer.",
		"No la llamaremos antes del lunes.",
		"El proceso termina aquí a las cinco con una comida.",
		"Nos gustaría que se incorporara a la llamada del lunes.",
		"Ci piacerebbe che si unisse alla chiamata di lunedì.",
		"De procedure loopt op dit moment nog, u hoort vrijdag meer.",
		"De procedure loopt hier anders, we bellen maandag.",
		"Kom over een jaar nog eens langs.",
		"U bent benoemd in het bestuur van de club, las ik.",
		"Wynik testu językowego negatywnie wpłynął na terminarz, spotkajmy się we wtorek.",
		"O processo fica por aqui hoje, continuamos na terça.",
	} {
		if s := readOf(text); s.shows(Rejection) || s.shows(Offer) {
			t.Errorf("%q: %v, want none", text, s.shown)
		}
	}
}

// Others of whom the reader stood out take no offer back, nor is it a rejection; a
// "but" does take it back.
func TestOffersAheadOfOthers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"You stood out from the other applicants and we'd like to hire you for the role.":                true,
		"You have been chosen to fill the position of Executive Director.":                               true,
		"Sie haben sich von den anderen Bewerbern abgehoben, und wir möchten Ihnen die Stelle anbieten.": true,
		"Te destacaste entre los demás candidatos y queremos ofrecerte el puesto.":                       true,
		"Vous vous êtes démarquée des autres candidats et nous vous proposons le poste.":                 true,
		"We would like to hire you a car for the day.":                                                   false,
		"We'd love to hire you, but the board has not met yet.":                                          false,
		"We'd love to have you over for lunch on Friday.":                                                false,
		"We would like to have you meet Tom before we decide.":                                           false,
		"We are pleased to have you with us for a tour on Monday.":                                       false,
		"We'd love to have you on our team.":                                                             true,
		"We would be happy to have you as our new editor.":                                               true,
		"Ken has been chosen to fill the position of team lead, so he will meet you.":                    false,
		"If you are chosen to fill the position, we will send you a contract.":                           false,
		"We chose another candidate and would like to offer her the role.":                               false,
	} {
		s := readOf(text)
		if s.shows(Offer) != want || want && s.shows(Rejection) {
			t.Errorf("offer is %v, want %v, rejection is %v: %q", s.shows(Offer), want, s.shows(Rejection), text)
		}
	}
}
