package mailer

import (
	"testing"
	"time"
)

// letterOf reads a letter that answers ours, as if Priya of Acme had sent it on a
// Wednesday, the 25th of November.
func letterOf(body string) Reading {
	return Classify(parse("From: Priya Nair <priya@acme.example>\nTo: Dana Reyes <dana@example.org>\nIn-Reply-To: <x@example.org>\n" +
		"Date: Wed, 25 Nov 2026 10:00:00 +0100\nSubject: Re: Thank you\n\n" + body + "\n"))
}

// A note that confirms a letter and tells the hours of an office is a program's. Who tells
// the hours of the job, or says anything besides, is somebody.
func TestOfficeHoursAloneAreAProgramsNote(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Kind{
		"Thank you for your message. Our office hours are Monday to Friday, 8 to 4.":                                  AutoReply,
		"Vielen Dank für Ihre Nachricht. Unsere Sprechzeiten: Di-Do 9-15 Uhr.":                                        AutoReply,
		"Nous avons bien reçu votre message. Nos bureaux sont ouverts du mardi au samedi de 10h à 18h.":               AutoReply,
		"Recebemos a sua mensagem. Horário de atendimento: terça a sábado, das 10h às 19h.":                           AutoReply,
		"Tack för ditt mejl. Vi svarar vardagar mellan 9 och 15.":                                                     AutoReply,
		"Dziękujemy za wiadomość. Odpowiadamy w dni robocze, od poniedziałku do czwartku w godz. 9-15.":               AutoReply,
		"Thank you for your message. Our office hours are Monday to Friday, and Ken wants to see you on one of them.": Human,
		"Vielen Dank für Ihre Nachricht. Unsere Bürozeiten sind großzügig, und Sie dürfen auch von daheim arbeiten.":  Human,
		"Merci pour votre message. Le travail commence à 9h, du lundi au vendredi.":                                   Human,
		"Hi Dana, thank you for your message. Our office hours are Monday to Friday, 8 to 4.":                         Human,
		"Our office hours are Monday to Friday, 8 to 4.":                                                              Human,
		"Tack för ditt mejl. Vi svarar vardagar mellan 9 och 15, är du ledig i morgon?":                               Human,
	} {
		if r := letterOf(body); r.Kind != want {
			t.Errorf("%s, want %s: %q", r.Kind, want, body)
		}
	}
}

// An absence and the day of the return, and nothing else, in the words of further
// languages; and somebody else's.
func TestAbsenceAloneInFurtherWords(t *testing.T) {
	t.Parallel()
	for body, back := range map[string]string{
		"I'm off sick today and will be back tomorrow.":                                                      "2026-11-26",
		"I'm away from my desk until December 16. If it's about an invoice, write to accounts@acme.example.": "2026-12-17",
		"Me encuentro de baja y me reincorporaré el 2 de diciembre. Gracias por su paciencia.":               "2026-12-02",
		"Jeg er på orlov og vender tilbage den 9. december.":                                                 "2026-12-09",
		"Jsem mimo kancelář, vracím se 9. prosince.":                                                         "2026-12-09",
		"Мене немає в офісі, повернуся 9 грудня.":                                                            "2026-12-09",
		"אני בחופשה ואחזור ב-9 בדצמבר.":                                                                      "2026-12-09",
		"أنا في إجازة وسأعود يوم 9 ديسمبر.":                                                                  "2026-12-09",
	} {
		r := letterOf(body)
		if got := r.ReturnDate.Format(time.DateOnly); r.Kind != AutoReply || got != back {
			t.Errorf("%s, back on %s, want %s: %q", r.Kind, got, back, body)
		}
	}
	for _, body := range []string{
		"Ken is off sick today and will be back tomorrow.",
		"Lena er på orlov og vender tilbage den 9. december.",
		"Ken er bortreist og er tilbake onsdag 9. desember.",
		"Ken je mimo kancelář a vrací se 9. prosince.",
		"Кена немає в офісі, повернеться 9 грудня.",
		"דנה, קן בחופשה ויחזור ב-9 בדצמבר.",
		"I'm away from my desk until December 16, and you will have our contract before.",
		"The office is closed on Friday, so come on Thursday.",
	} {
		if r := letterOf(body); r.Kind != Human {
			t.Errorf("a person is read as %s: %q", r.Kind, body)
		}
	}
}

// A span of hours at the end of a sentence names no day of the month, and a weekday with a
// day of the month is the next such day that there is.
func TestHoursAreNoDay(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"Dana, vi svarar dig på vardagar mellan 8 och 16.",
		"Dana, odpowiemy Pani między 8-16.",
	} {
		if r := letterOf(body); !r.DecideBy.IsZero() {
			t.Errorf("%q promises word by %s", body, r.DecideBy)
		}
	}
	if r := letterOf("Dana, du får besked den 16."); r.DecideBy.Day() != 16 {
		t.Errorf("the 16th is read as %s", r.DecideBy)
	}
	sent := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	if back := ReturnDate("Fermeture annuelle du 24 décembre au 3 janvier. Reprise le lundi 4.", sent); back.Format(time.DateOnly) != "2027-01-04" {
		t.Errorf("Monday the 4th is read as %s", back)
	}
	if back := ReturnDate("Je suis absent. Reprise le lundi 5.", sent); !back.IsZero() {
		t.Errorf("there is no Monday the 5th soon, and it is read as %s", back)
	}
}

// What is said of an offer that may come, or of another's rejection, pauses nothing.
func TestNoVerdictForTheReader(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"We're not in a position to make you an offer before the references are in.",
		"When we make an offer we ring a bell.",
		"We could make you an offer only after the vote.",
		"Once you're hired you get a bicycle.",
		"If Ken agrees, you're hired, as he likes to say.",
		"We decided to go with the long table, because the other candidate brings a dog.",
		"Marcus has been promoted and won't be there. We wish him all the best in his new role!",
		"Mocht het een nee worden, dan bel ik je. Zover is het niet.",
		"Stanowisko w Łodzi jest już obsadzone, Pani rekrutacja w Gdańsku trwa.",
		"Pozice v Plzni už je obsazená, ale vaše v Praze ne.",
		"Вакансия аналитика закрыта, а ваша открыта.",
		"不採用の場合もご連絡いたします。",
		"Der Einstellungsstopp ist seit gestern aufgehoben, es geht weiter.",
		"Пожалуйста, больше мне не пишите на старый адрес, только сюда.",
	} {
		if r := letterOf(body); r.Rejection || r.Offer || r.NoMore {
			t.Errorf("%q is read as %q", body, r.Hints)
		}
	}
}

// Verdicts in plain words that were missed, and in languages that had no words at all.
func TestVerdictInFurtherWords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"We're going to pass. Thanks for coming in.",
		"We couldn't get to a yes, sorry.",
		"Der Kunde hat sich gegen Ihr Profil entschieden.",
		"Увы, вакансию закрыли.",
		"Pozisyonu başka bir adayla doldurduk.",
		"На жаль, ми обрали іншого кандидата.",
		"내부 논의 결과 다른 후보자를 채용하기로 했습니다.",
		"للأسف اخترنا مرشحا آخر.",
		"לצערנו בחרנו במועמד אחר, החלטנו להמשיך עם מועמדת אחרת.",
		"We decided to go with another candidate, because she has more experience.",
	} {
		if r := letterOf(body); !r.Rejection {
			t.Errorf("no rejection: %q", body)
		}
	}
	for _, body := range []string{
		"Short version: you're hired.",
		"We'd be thrilled to have you join us as a tester.",
		"Ми раді запропонувати вам цю посаду.",
		"최종 합격하셨습니다.",
		"يسعدنا أن نعرض عليك الوظيفة.",
		"נשמח להציע לך את התפקיד.",
	} {
		if r := letterOf(body); !r.Offer {
			t.Errorf("no offer: %q", body)
		}
	}
	for body, by := range map[string]string{"Відповімо вам до п'ятниці, 4 грудня.": "2026-12-04", "12월 4일까지 결과를 알려드리겠습니다.": "2026-12-04"} {
		if got := letterOf(body).DecideBy.Format(time.DateOnly); got != by {
			t.Errorf("promised by %s, want %s: %q", got, by, body)
		}
	}
	for _, body := range []string{
		"Я больше не работаю в компании.", "This is the mailbox of a former employee.", "Прия Наир больше не работает в нашей компании.",
		"Frau Nair ist nicht mehr in unserem Hause beschäftigt.", "Priya Nair ei ole enää palveluksessamme.", "Priya Nair artık şirketimizde çalışmamaktadır.",
		"لم تعد بريا تعمل لدى الشركة.",
	} {
		r := Classify(parse("From: Priya Nair <priya@acme.example>\nAuto-Submitted: auto-replied\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nSubject: Re: Thank you\n\n" + body + "\n"))
		if !r.LeftFirm {
			t.Errorf("nobody has left: %q", body)
		}
	}
}

// Calendar weeks of an absence, short forms with dots, and days in figures beside one word
// that tells the language.
func TestAbsenceInWeeksAndFigures(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"Jag har semester vecka 50.":                                                  "2026-12-12",
		"Jag är ledig v. 49-50.":                                                      "2026-12-12",
		"Jeg har ferie i uge 49 og 50.":                                               "2026-12-12",
		"Ich bin in KW 49 und 50 im Urlaub.":                                          "2026-12-12",
		"I'm on leave next week.":                                                     "2026-12-05",
		"I'm on leave next week, back 8 December.":                                    "2026-12-08",
		"Tjänstledig t.o.m. 8/12.":                                                    "2026-12-09",
		"In ferie, torno il 10/12.":                                                   "2026-12-10",
		"Erster Arbeitstag nach dem Urlaub: 8. Dezember.":                             "2026-12-08",
		"我将于12月10日回到办公室。":                                                             "2026-12-10",
		"سأعود إلى العمل يوم الخميس 10 ديسمبر.":                                       "2026-12-10",
		"З 30 листопада по 9 грудня я у відпустці.":                                   "2026-12-10",
		"8 Aralık'a kadar yıllık izindeyim. Acil durumlarda Lena'ya ulaşabilirsiniz.": "2026-12-09",
		"Cuma gününe kadar ofis dışındayım.":                                          "2026-11-28",
		"Our office move is in week 50.":                                              "0001-01-01",
		"Mässan är vecka 50. Ring växeln.":                                            "0001-01-01",
		"We hire in weeks 49 and 50.":                                                 "0001-01-01",
		"I am on leave. The move is next week, rooms 49-50.":                          "0001-01-01",
	} {
		if got := ReturnDate(text, sent).Format(time.DateOnly); got != want {
			t.Errorf("back on %s, want %s: %q", got, want, text)
		}
	}
}

// What is said of a day, of somebody who declined, or on a condition is no verdict.
func TestNoVerdictOfADayOrOfSomebody(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"It's a no for Tuesday, but a yes for Wednesday!",
		"The person we offered it to has declined, so we look at you again.",
		"This is not going to happen before Christmas, I'm afraid.",
		"다른 지원자를 채용하기로 결정하면 알려드리겠습니다.",
		"其他岗位已经有人选了，您的还没有。",
		"Если решим взять вас на работу, позвоним.",
		"Якщо оберемо іншого кандидата, повідомимо вас.",
		"אם נבחר במועמד אחר נעדכן אותך.",
		"إذا اخترنا مرشحا آخر سنخبرك.",
	} {
		if r := letterOf(body); r.Rejection || r.Offer {
			t.Errorf("%q is read as %q", body, r.Hints)
		}
	}
	for _, body := range []string{"I'll be honest, this one's not going to happen.", "抱歉，这个岗位已经有合适的人选了。"} {
		if r := letterOf(body); !r.Rejection {
			t.Errorf("no rejection: %q", body)
		}
	}
	if r := letterOf("Мы решили взять вас в команду!"); !r.Offer {
		t.Error("no offer to join the team in Russian")
	}
}

// A condition in the order of a question, a verdict that nobody gave or that the reader only
// thinks of, an offer that comes after something else, and a French question.
func TestNoVerdictInThought(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"Had we picked another candidate, we would have told you by now.",
		"Had we picked another candidate you would know.",
		"Hätten wir uns anders entschieden, wüssten Sie das.",
		"If the board agrees, the position will be filled by another candidate.",
		"The position is filled if the board agrees.",
		"Niemand hat sich gegen Sie entschieden.",
		"Ken feared you'd think the position had been filled. It hasn't.",
		"We made an offer to another candidate for the junior job, not yours.",
		"Ein Angebot können wir Ihnen erst nach der Sitzung machen.",
		"We kunnen je pas een aanbod doen na de vergadering.",
		"No podemos hacerte una oferta hasta la reunión de mayo.",
		"Avez-vous eu une réponse négative de Globex ?",
		"另一位候选人退出了。",
		"我们还没有录用任何人。",
		"아직 다른 지원자를 채용하지 않았습니다.",
	} {
		if r := letterOf(body); r.Rejection || r.Offer {
			t.Errorf("%q is read as %q", body, r.Hints)
		}
	}
	for _, body := range []string{
		"Gern hätten wir Sie eingestellt, aber wir haben uns für einen anderen Bewerber entschieden.",
		"We had a long talk and we've decided to go with another candidate.",
		"Had a long talk with the team: we decided to go with another candidate.",
		"I'm afraid the position has been filled.",
		"You may think little of it, but we decided to go with another candidate.",
		"Your application as a candidate has been declined.",
		"今回は採用を見送らせていただくことになりましたが、また募集の際はぜひご応募ください。",
		"今回は見送らせていただきますが、別の機会がある場合はご連絡いたします。",
		"이번에는 모시지 못하게 되었으나 기회가 되면 다시 뵙기를 바랍니다.",
		"很遗憾您未能通过面试，欢迎关注我们其他职位。",
		"К сожалению, вакансия закрыта, но если откроется новая, напишу.",
		"На жаль, вакансію закрили, але якщо відкриється нова, напишемо.",
		"아직 부족한 점이 있어 이번에는 불합격하셨음을 알려드립니다.",
	} {
		if r := letterOf(body); !r.Rejection {
			t.Errorf("no rejection: %q", body)
		}
	}
}

// Verdicts in everyday words of each language, and sentences that begin like them.
func TestVerdictInEverydayWords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"We've chosen a different direction for this role.",
		"My boss wants somebody senior, so I have to say no, sorry.",
		"Статус: по вашему отклику принято решение: отказ.",
		"今回は別の方を採用することになりました。",
		"選考の結果、不合格となりました。",
		"בחרנו במישהי אחרת לתפקיד.",
	} {
		if r := letterOf(body); !r.Rejection {
			t.Errorf("no rejection: %q", body)
		}
	}
	for _, body := range []string{
		"Everyone loved you, and an offer is coming your way tomorrow!",
		"Der Vorstand hat Ihrer Einstellung gestern zugestimmt.",
		"Поздравляю, работа ваша!",
		"Мы готовы сделать вам предложение, вышлю его вечером.",
		"Вітаю, посада ваша!",
		"恭喜您被录用！",
		"מזל טוב, התפקיד שלך!",
		"مبروك، الوظيفة لك!",
	} {
		if r := letterOf(body); !r.Offer {
			t.Errorf("no offer: %q", body)
		}
	}
	for _, body := range []string{
		"I have to say no to Tuesday, but Wednesday is fine.",
		"We've taken a different direction with the onboarding, you'll like it.",
		"No contract is on its way to you yet.",
		"Работа ваша нам понравилась, ждём вас в среду.",
		"不合格となった場合もご連絡します。",
		"別の方を面接官としてご紹介します。",
		"התפקיד שלך בצוות ייקבע בשיחה הבאה.",
		"Ons contract is van maandag tot vrijdag.",
		"The office in Leeds was put on hold, not your role.",
		"Готовы сделать вам предложение встретиться ещё раз.",
	} {
		if r := letterOf(body); r.Rejection || r.Offer {
			t.Errorf("%q is read as %q", body, r.Hints)
		}
	}
}

// Who asks for silence is heard in further languages, and who only asks for another way to
// be written to is not.
func TestSilenceIsAskedForInFurtherLanguages(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		"Ikke kontakt meg igjen.":                         true,
		"Älkää enää kirjoittako minulle.":                 true,
		"Už mi prosím nepište.":                           true,
		"今後のご連絡はお控えください。":                                 true,
		"더 이상 연락하지 말아 주세요.":                               true,
		"Більше мені не пишіть.":                          true,
		"בבקשה לא לפנות אליי יותר.":                       true,
		"يرجى عدم مراسلتي مرة أخرى.":                      true,
		"Unsubscribe me.":                                 true,
		"Please do not write to me again about this job.": true,
		"No need to write again about the travel costs.":  false,
		"お電話でのご連絡はお控えください。":                               false,
		"더 이상 기다리지 않으셔도 됩니다.":                             false,
		"Už mi nepište na starou adresu.":                 false,
		"Ikke kontakt meg igjen på mobil.":                false,
	} {
		if r := letterOf(body); r.NoMore != want {
			t.Errorf("asks for silence: %v, want %v: %q", r.NoMore, want, body)
		}
	}
}

// A robot's word that somebody has left is told, since it can mean nobody else.
func TestARobotTellsWhoHasLeft(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"Guten Tag, Herr Osei ist nicht mehr für unser Unternehmen tätig. Ihre Nachricht wurde nicht weitergeleitet.",
		"Frau Nair ist seit dem 1. November nicht mehr in unserem Hause beschäftigt. Ihre Nachricht wurde nicht weitergeleitet.",
	} {
		r := Classify(parse("From: Acme <no-reply@acme.example>\nTo: Dana Reyes <dana@example.org>\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nSubject: Ihre Nachricht\n\n" + body + "\n"))
		if !r.LeftFirm {
			t.Errorf("%s, and nobody has left: %q", r.Kind, body)
		}
	}
}
