package mailer

import "testing"

// Who wants no more of something else (files, delays, excuses, time) does not ask
// to be left alone, which would end all mail to the company.
func TestWhoAsksNotToBeWrittenTo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Please stop sending drafts as PDF, use Google Docs.",
		"Please remove the photo from your file.",
		"No need to write again before Friday, we meet on Thursday.",
		"Merci de ne plus m'écrire avant lundi.",
		"Please do not reply to this address, write to Mara.",
		"We have taken your name off the list of those who still owe us a form.",
		"No thanks needed. Do follow up if the form is late.",
		"Please stop sending the slides in parts, one file is enough.",
		"Please refrain from sending attachments over 10 MB.",
		"Stop writing the exercise when the bell rings.",
		"Don't email me the draft, just share a link.",
		"Do not contact us about travel, Mara books everything.",
		"Merci de ne pas nous envoyer de pièces jointes.",
		"Merci de ne pas m'écrire avant lundi, je suis en déplacement.",
		"Nous ne souhaitons pas recevoir de photos avec le dossier.",
		"Leider gibt es noch keine weiteren Nachrichten, der Vorstand tagt erst am Montag.",
		"Ich habe keine Mails von Ihnen bekommen, vielleicht hängt es am Filter.",
		"Wir veröffentlichen keine Nachrichten mehr über das Projekt.",
		"Por favor, deje de enviar los archivos por separado.",
		"No me envíe más documentos, ya tenemos todo.",
		"No quiero que me malinterprete, su entrevista fue muy buena.",
		"No queremos más demoras, así que la llamo hoy.",
		"Non mandare altri documenti, abbiamo tutto.",
		"Non vogliamo essere pressanti, ma il direttore aspetta.",
		"Non voglio sentire scuse, venga a trovarci!",
		"Não queremos receber anexos, basta o link.",
		"Não quero mais tomar o seu tempo, falamos na segunda.",
		"Pare de enviar os ficheiros em partes, por favor.",
		"Ik heb nog geen verdere berichten, maandag weet ik meer.",
		"Haal me maar van het station, dan praten we verder.",
		"Vi vill inte ha mer tid, vi bestämmer oss på fredag.",
		"Vi vil ikke få flere svar før fredag.",
	} {
		if s := readOf(text); s.shows(NoMore) {
			t.Errorf("taken for a wish to be left alone: %q", text)
		}
	}
	for _, text := range []string{
		"Please stop sending me these emails.",
		"Stop sending follow-ups, please.",
		"Please stop writing to me.",
		"Please remove my email id from your mailing list.",
		"Could I ask that you take us off your email list?  No, really: take us off your email list.",
		"Please do not respond again.",
		"Stop bothering me.",
		"Kindly delete our contact details from your records.",
		"Please refrain from sending any further messages.",
		"Please stop emailing us.",
		"Merci de ne plus m'écrire.",
		"Merci de ne plus nous envoyer de messages.",
		"Veuillez ne pas nous recontacter.",
		"Je ne souhaite plus recevoir vos messages.",
		"Bitte keine weiteren Nachrichten mehr.",
		"Ich möchte keine Mails mehr von Ihnen.",
		"Wir wünschen keine weiteren Nachrichten.",
		"Bitte schicken Sie uns keine Nachrichten mehr.",
		"Por favor, deje de enviarme correos.",
		"No quiero recibir más correos.",
		"No me envíe más mensajes.",
		"No quiero que me escriba más.",
		"Non desidero ricevere altri messaggi.",
		"Non vogliamo essere contattati.",
		"Per favore, non inviare altre mail.",
		"Não quero receber mais mensagens.",
		"Pare de me enviar emails.",
		"Stuur me geen berichten meer.",
		"Ik wil geen mails meer ontvangen.",
		"Haal me van uw lijst.",
		"Jag vill inte få fler mejl.",
		"Jeg ønsker ikke at modtage flere mails.",
	} {
		if s := readOf(text); !s.shows(NoMore) {
			t.Errorf("not left alone: %q", text)
		}
	}
}
