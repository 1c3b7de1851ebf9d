package mailer

import "testing"

// TestAnswersUnderTheSubjectOfAProgram: what a person writes to this reader is an answer,
// though its subject, or its first sentence, is that of an automatic one. Read as a
// machine's, a follow-up would leave after the answer.
func TestAnswersUnderTheSubjectOfAProgram(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		subject, text string
		want          Kind
	}{
		{"I am away next week", "Hi,\n\nlet us talk before that. Thursday or Friday is fine with me.\n\nKen", Human},
		{"I am away next week", "Hi,\n\nthanks for the note. My colleague Tom will take over from here; expect a call from him.\n\nKen", Human},
		{"On leave", "Hi,\n\nfrom Friday on I go fishing and wanted to thank you before. Tom will take care of you.\n\nKen", Human},
		{"Urlaub", "Hallo,\n\nSie fragten nach den Urlaubstagen. Es sind dreißig.\n\nKen", Human},
		{"Urlop", "Dzień dobry,\n\npytała Pani o urlop. To 26 dni.\n\nKen", Human},
		{"Absent cette semaine", "Bonjour,\n\nje vous appelle quand même demain, je suis curieux de la suite.\n\nKen", Human},
		{"Automatic reply to your application", "Hi,\n\nsorry about the automatic reply. It should not have gone out. When could you talk?\n\nKen", Human},
		{"Automatic reply", "Hi,\n\nplease ignore the automatic reply that our system sent you this morning. We are still thinking.\n\nKen", Human},
		{"Réponse automatique", "Bonjour,\n\nveuillez ignorer la réponse automatique de ce matin. Nous réfléchissons encore à votre dossier.\n\nKen", Human},
		{"Automatische Antwort auf Ihre Bewerbung", "Hallo,\n\nbitte beachten Sie die automatische Antwort nicht. Wir möchten mit Ihnen sprechen.\n\nKen", Human},
		{"自動返信について", "ダナ様\n\n自動返信が届いたかと思いますが、誤りです。火曜日にお話ししましょう。\n\nケン", Human},
		{"Out of office", "I am out of the office until Monday. In urgent cases please call the front desk.\n\nKen", AutoReply},
		{"Out of office reply: our talk", "Gone fishing. Back in spring.", AutoReply},
		{"Automatic reply: our talk", "Gone fishing. Back in spring.", AutoReply},
		{"Automatic reply", "This is an automatic reply. Ken is hiking.", AutoReply},
		{"自動返信：面接について", "このメールは自動送信です。お問い合わせを受け付けました。", AutoReply},
		{"Betriebsferien", "unser Büro ist vom 12.05.2026 bis zum 20.05.2026 geschlossen. Ab dem 21. Mai 2026 sind wir wieder für Sie da.", AutoReply},
	} {
		if r := Classify(parse("From: Ken Osei <ken@acme.example>\nTo: Dana Reyes <dana@example.org>\nSubject: " + one.subject + "\nDate: Tue, 5 May 2026 09:12:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n" + one.text)); r.Kind != one.want {
			t.Errorf("%q, %q is %s, want %s, on %q", one.subject, one.text, r.Kind, one.want, r.Evidence)
		}
	}
}

// TestHoursThatAPersonTells: an answer to a question about hours, or a choice of them,
// is no note of an office.
func TestHoursThatAPersonTells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Kind{
		"Thank you for your message. We are available from 9 to 11 on Monday or Tuesday.\n\nKen":                          Human,
		"Hi,\n\nthank you for your message. The office is open Monday to Friday from 9 to 17. Just ring the bell.\n\nKen": Human,
		"Merci pour votre message. Nos bureaux sont ouverts de 9h à 18h. Passez lundi à 10h.\n\nKen":                      Human,
		"Merci pour votre message. Nous sommes ouverts à une rencontre lundi ou mardi.\n\nKen":                            Human,
		"Gracias por su mensaje. Respondemos de lunes a viernes. Le llamo mañana.\n\nKen":                                 Human,
		"Grazie per il messaggio. L'orario di lavoro è dalle 9 alle 18, come chiedeva.\n\nKen":                            Human,
		"Tack för ditt mejl. Vi har öppet på måndag, kom klockan tio.\n\nKen":                                             Human,
		"شكرا لرسالتك. ساعات العمل مرنة ويبدأ معظمنا في العاشرة.\n\nKen":                                                  Human,
		"Thank you for your message. Our office hours are Monday to Friday, 9 am to 5 pm.\n\nAcme":                        AutoReply,
		"Thank you for your message. The office is open Monday to Friday from 9 to 17.\n\nAcme":                           AutoReply,
		"Merci pour votre message. Nos bureaux sont ouverts du lundi au vendredi de 9h à 18h.\n\nAcme":                    AutoReply,
		"Thank you for your email. We are available Monday to Friday from 9 to 17.\n\nAcme":                               AutoReply,
	} {
		if r := Classify(parse("From: Ken Osei <ken@acme.example>\nTo: Dana Reyes <dana@example.org>\nSubject: Hours\nDate: Tue, 5 May 2026 09:12:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n" + text)); r.Kind != want {
			t.Errorf("%q is %s, want %s, on %q", text, r.Kind, want, r.Evidence)
		}
	}
}
