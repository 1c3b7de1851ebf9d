package mailer

import "testing"

// serverMail is a report in words only, as a mail server sends it.
func serverMail(subject, text string) string {
	return "Return-Path: <>\nFrom: postmaster@mx.example\nTo: dana@example.org\nSubject: " + subject +
		"\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\nken@acme.example\n"
}

// A delay read as a failure would declare a living address dead.
func TestDelaysInEveryLanguageAreNoFailures(t *testing.T) {
	t.Parallel()
	for subject, text := range map[string]string{
		"Warning: message delayed 24 hours": "This is a warning message only. You do not need to resend your message.",
		"Zustellung verzögert":              "Die Nachricht wurde noch nicht zugestellt, es wird weiterhin versucht.",
		"Retard de remise":                  "Votre message n'a pas encore été remis. Il est inutile de renvoyer le message.",
		"Retraso en la entrega":             "El mensaje aún no se ha podido entregar. Se seguirá intentando.",
		"Ritardo nella consegna":            "La consegna è in ritardo; il server continuerà a tentare di consegnare il messaggio.",
		"Atraso na entrega":                 "A mensagem ainda não foi entregue. O servidor continuará a tentar entregar.",
		"Vertraging bij de bezorging":       "Uw bericht is nog niet bezorgd. De server blijft proberen het bericht te bezorgen.",
		"Opóźnienie dostarczenia":           "Wiadomość jeszcze nie została dostarczona. Serwer będzie próbował dostarczyć ją ponownie.",
		"Försenad leverans":                 "Meddelandet har ännu inte levererats. Servern fortsätter försöka leverera det.",
		"配信遅延のお知らせ":                         "メールはまだ配信されていません。再送を試みます。",
		"Задержка":                          "Сообщение еще не доставлено. Доставка задержана, будут продолжаться попытки.",
	} {
		if r := Classify(parse(serverMail(subject, text))); r.Kind != Delay || r.Class != "" {
			t.Errorf("%q: read as %s %s on %q", subject, r.Kind, r.Class, r.Evidence)
		}
	}
}

func TestFullMailboxesInEveryLanguagePass(t *testing.T) {
	t.Parallel()
	for subject, text := range map[string]string{
		"Undelivered mail":         "Your message could not be delivered. The mailbox is full.",
		"Unzustellbar":             "Die Nachricht konnte nicht zugestellt werden. Das Postfach ist voll.",
		"Échec de remise":          "Le message n'a pas pu être remis. La boîte est pleine.",
		"Mensaje no entregado":     "No se pudo entregar el mensaje. El buzón está lleno.",
		"Mancata consegna":         "Impossibile recapitare il messaggio. La casella è piena.",
		"Falha na entrega":         "Não foi possível entregar a mensagem. A caixa está cheia.",
		"Onbestelbaar":             "Het bericht kon niet worden bezorgd. De mailbox is vol.",
		"Niedostarczona wiadomość": "Nie można dostarczyć wiadomości. Skrzynka jest pełna.",
		"Leveransen misslyckades":  "Meddelandet kunde inte levereras. Brevlådan är full.",
		"Сообщение не доставлено":  "Не удалось доставить сообщение. Ящик переполнен.",
	} {
		r := Classify(parse(serverMail(subject, text)))
		if r.Kind != Bounce || r.Class != Transient || len(r.Failed) != 1 || r.Failed[0] != "ken@acme.example" {
			t.Errorf("%q: read as %s %s, failed %q", subject, r.Kind, r.Class, r.Failed)
		}
	}
}

// Rule-based automatic answers bear no mark at all; only their words tell them.
func TestUnmarkedAutoRepliesInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I am currently out of the office. In urgent cases please call the desk during my absence.",
		"Ich bin derzeit nicht im Büro. Während meiner Abwesenheit hilft Ihnen meine Vertretung.",
		"Je suis actuellement absente du 4 au 15 mai. Pendant mon absence, merci de contacter l'accueil.",
		"Estoy fuera de la oficina hasta el lunes. Durante mi ausencia puede contactar con recepción.",
		"Sono assente fino a lunedì. Durante la mia assenza potete contattare la segreteria.",
		"Estou ausente até segunda-feira. Durante a minha ausência contacte a receção.",
		"Ik ben tot maandag afwezig. Tijdens mijn afwezigheid kunt u contact opnemen met de receptie.",
		"Jestem do poniedziałku nieobecny. Podczas mojej nieobecności proszę o kontakt z biurem.",
		"Jag är på semester till måndag. Under min frånvaro kan ni kontakta receptionen.",
	} {
		raw := "From: ken@acme.example\nSubject: Re: Hello\nDate: Tue, 5 May 2026 09:12:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n"
		if r := Classify(parse(raw)); r.Kind != AutoReply {
			t.Errorf("%q: read as %s on %q", text, r.Kind, r.Evidence)
		}
	}
}

// A person's ordinary mail must stay a person's: a robot's mail does not stop
// the follow-ups, so this is the costly mistake.
func TestOrdinaryMailIsHuman(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Hi Dana, thank you for your message. I am travelling today but will get back to you this evening.",
		"Hi Dana, thanks for contacting me. Your booking of the room is fine; see you at ten.",
		"Dear Dana, we received your application for the role and I would like to speak with you on Friday.",
		"Hallo Dana, vielen Dank für Ihre Nachricht. Wir melden uns nächste Woche.",
		"Bonjour Dana, merci pour votre message. Je reviens vers vous lundi.",
		"Hola Dana, gracias por tu correo. Te llamo mañana.",
		"Dana, the delivery of the laptop was delayed, the courier will try again tomorrow.",
		"Dana, your mail could not be opened on my phone. Can you send it as text?",
		"Please unsubscribe me from nothing, I like your notes!",
	} {
		raw := "From: Ken <ken@acme.example>\nMessage-ID: <k@acme.example>\nSubject: Re: Thank you\nDate: Tue, 5 May 2026 09:12:00 +0200\n" +
			"Content-Type: text/plain; charset=utf-8\n\n" + text + "\n"
		if r := Classify(parse(raw)); r.Kind != Human {
			t.Errorf("%q: read as %s on %q", text, r.Kind, r.Evidence)
		}
	}
}
