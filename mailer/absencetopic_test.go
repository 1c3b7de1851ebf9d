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
		{"Out of office: quick answer", "Hi,\n\nyes, the sum you named is fine with our finance people.\n\nKen", Human},
		{"Congés : un mot avant", "Bonjour,\n\nle jury a été conquis, Tom a le dossier.\n\nKen", Human},
		{"Out of office: Re: our talk", "Gone fishing. Back in spring.", AutoReply},
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

// TestAbsenceBesideAWordOfPraise: an absence and a word about what is the reader's are an
// answer; with a role's address, or without that word, they are a program's.
func TestAbsenceBesideAWordOfPraise(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Kind{
		"Hallo,\n\nich bin bis Montag im Urlaub. Ihre Aufgabe fanden alle gut.\n\nKen":                Human,
		"Hej,\n\njag är på semester till måndag. Alla gillade din uppgift.\n\nKen":                    Human,
		"Здравствуйте,\n\nя в отпуске до понедельника. Ваше задание всем понравилось.\n\nКен":         Human,
		"Hallo,\n\nich bin bis Montag im Urlaub. Ihr Schreiben bleibt bis dahin liegen.\n\nKen":       AutoReply,
		"Здравствуйте,\n\nя в отпуске до понедельника. Ваше письмо увижу потом.\n\nКен":               AutoReply,
		"Hoi,\n\nik ben met vakantie tot 18 mei. Uw bericht lees ik daarna.\n\nKen":                   AutoReply,
		"Hi,\n\nI am away until Monday and will read your portfolio on the train.\n\nKen":             Human,
		"Hallo,\n\nich bin bis Montag im Urlaub und habe Ihre Mappe im Gepäck.\n\nKen":                Human,
		"Bonjour,\n\nje suis absent jusqu'à lundi et j'emporte votre dossier avec moi.\n\nKen":        Human,
		"I am on vacation until 18 May. Thank you for your patience and understanding.\n\nKen":        AutoReply,
		"Ich bin bis zum 18. Mai nicht im Büro. Ihre Ansprechpartnerin ist Frau Klein.\n\nKen":        AutoReply,
		"Je suis absent jusqu'à lundi et répondrai à votre message à mon retour.\n\nKen":              AutoReply,
		"Hej,\n\njag är på semester till måndag.\n\nKen":                                              AutoReply,
		"Здравствуйте,\n\nя в отпуске до понедельника. По срочным вопросам пишите Тому.\n\nКен":       AutoReply,
		"Hi,\n\nI am out of the office until Monday and will answer your mail when I am back.\n\nKen": AutoReply,
	} {
		if r := Classify(parse("From: Ken Osei <ken@acme.example>\nTo: Dana Reyes <dana@example.org>\nSubject: Thanks\nDate: Tue, 5 May 2026 09:12:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n" + text)); r.Kind != want {
			t.Errorf("%q is %s, want %s, on %q", text, r.Kind, want, r.Evidence)
		}
	}
}

// TestWordsOfAVerdictThatTellNone: everyday sentences that hold the words of an offer, of
// a rejection, of a promise or of a wish for silence; behind each stands one that is meant.
func TestWordsOfAVerdictThatTellNone(t *testing.T) {
	t.Parallel()
	const none = Intent("")
	for _, one := range []struct {
		text string
		want Intent
	}{
		{"You will hear from the landlord by Friday.", none},
		{"You will hear from the bank within a week about your travel costs.", none},
		{"Sie hören von der Bank bis Freitag.", none},
		{"You will hear from Priya by Friday.", Decision},
		{"It was a tough decision between Tuesday and Thursday, but Tuesday it is.", none},
		{"It was a hard decision between the Thai and the Greek place. We chose the Greek one.", none},
		{"It was a tough decision between you and another finalist, and in the end we chose the other candidate.", Rejection},
		{"We expect a decision between Tuesday and Thursday.", Decision},
		{"The client is over its budget, so the role has been put on hold.", Rejection},
		{"Du bist ab sofort bei uns eingestellt!", Offer},
		{"They will pass for now on the office tour; you see it next time.", none},
		{"We are going to pass this time.", Rejection},
		{"The mailbox is over its quota, so please send the form by post.", none},
		{"An offer is coming your way from our canteen: lunch is free.", none},
		{"Some days you think you are hired.", none},
		{"You are hired!", Offer},
		{"Sie sind hiermit angestellt zu sagen, welcher Tag passt.", none},
		{"Sie sind hiermit eingestellt.", Offer},
		{"Vous êtes engagé dans beaucoup de projets, à ce que je vois.", none},
		{"Vous êtes embauché !", Offer},
		{"Je bent aangenomen bij de universiteit, las ik.", none},
		{"Je bent aangenomen!", Offer},
		{"Du er ansat hos Vestas nu, så jeg kan se.", none},
		{"Du er ansat!", Offer},
		{"The tool has a button that says \"unsubscribe me\".", none},
		{"Please unsubscribe me.", NoMore},
		{"Gelieve mij niet meer te bellen op dit nummer.", none},
		{"Gelieve mij niet meer te bellen.", NoMore},
		{"Пожалуйста, больше не пишите мне на старый адрес.", none},
		{"Пожалуйста, больше не пишите мне.", NoMore},
		{"Просимо більше не надсилати нам файли у Word, лише PDF.", none},
		{"Будь ласка, більше не пишіть мені.", NoMore},
		{"더 이상 메일을 보내지 마시고 전화 주세요.", none},
		{"더 이상 메일을 보내지 마세요.", NoMore},
		{"Älkää enää lähettäkö viestejä vanhaan osoitteeseen.", none},
		{"Älkää enää lähettäkö viestejä.", NoMore},
		{"Nikt nie powiedział, że wybraliśmy innego kandydata.", none},
		{"Wybraliśmy innego kandydata.", Rejection},
		{"다른 지원자와 함께 진행되는 그룹 면접입니다.", none},
		{"다른 지원자와 진행하기로 했습니다.", Rejection},
		{"아쉽게도 저는 면접에 함께하지 못하게 되었습니다. 대신 톰이 들어갑니다.", none},
		{"아쉽게도 이번에는 함께하지 못하게 되었습니다.", Rejection},
		{"面试时会有其他候选人在场。", none},
		{"这个职位已有其他人选在面试，您的面试在周二。", none},
		{"للأسف لن نتمكن من المتابعة يوم الاثنين.", none},
		{"للأسف لن نتمكن من المتابعة معك.", Rejection},
		{"The mailbox of a former colleague got your CV, which is why I only write now.", none},
		{"This is the mailbox of a former employee.", LeftFirm},
	} {
		r := Classify(parse("From: Ken Osei <ken@acme.example>\nTo: Dana Reyes <dana@example.org>\nSubject: News\nDate: Tue, 5 May 2026 09:12:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n" + one.text))
		seen := none
		for _, h := range r.Hints {
			if h.Intent != NextStep && h.Intent != Request {
				seen = h.Intent
			}
		}
		if seen != one.want {
			t.Errorf("%q seems to be %q, want %q", one.text, seen, one.want)
		}
	}
}

// TestWhomAProbeReachedHasNotFailed: Postfix tells of each recipient of a probe by itself,
// with an action of its own; only the one whom it did not reach has a dead address.
func TestWhomAProbeReachedHasNotFailed(t *testing.T) {
	t.Parallel()
	r := Classify(parse("Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nTo: dana@example.org\nSubject: Mail Delivery Status Report\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\nContent-Type: text/plain\n\nEnclosed is the report.\n\n" +
		"--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n" +
		"Final-Recipient: rfc822; ken@acme.example\nAction: deliverable\nStatus: 2.0.0\n\n" +
		"Final-Recipient: rfc822; tom@acme.example\nAction: failed\nStatus: 5.1.1\n\n--B--\n"))
	if r.Kind != Bounce || len(r.Failed) != 1 || r.Failed[0] != "tom@acme.example" {
		t.Errorf("%s, failed %q, want a bounce of tom@acme.example alone", r.Kind, r.Failed)
	}
}
