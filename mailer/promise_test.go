package mailer

import (
	"testing"
	"time"
)

// readOf reads a letter of 25 November, a Wednesday, as rejects does.
func readOf(text string) *statement {
	s := readStatement(text, time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 3600)))
	s.hints()
	return s
}

func checkPromise(t *testing.T) func(want, text string) {
	t.Helper()
	return func(want, text string) {
		t.Helper()
		got := "none"
		if s := readOf(text); s.shows(Decision) {
			got = s.decideBy.Format("01-02")
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// By which day word is promised, or none. A length of time that is past is no
// promise, nor is what the reader is asked for.
func TestPromisedDays(t *testing.T) {
	t.Parallel()
	check := checkPromise(t)
	check("12-09", "We will get back to you in two weeks.")
	check("none", "It took us two weeks to get back to you.")
	check("none", "Wir haben zwei Wochen gebraucht, um uns bei Ihnen zu melden.")
	check("none", "Il nous a fallu deux semaines pour revenir vers vous.")
	check("none", "One day I'll tell you the story of that chair.")
	check("12-04", "Let us talk on Monday. You will hear from me by Friday 4 December.")
	check("none", "Please let me know by Friday whether you can come.")
	check("none", "Bitte geben Sie mir bis Freitag Bescheid.")
	check("12-15", "The board meets on the 15th of December. I'll let you know straight after.")
	check("none", "The board meets on the 15th of December. I'll let you know.")
	check("12-16", "The board meets on 15 December. You will hear from me the day after.")
	check("12-07", "The board meets on Friday 4 December, and you will be informed the day after.")
	check("12-08", "Der Rat tagt am 8. Dezember, danach hören Sie von mir.")
	check("12-01", "Anfang der Woche rufe ich Sie an.")
	check("11-27", "Ende der Woche rufe ich Sie an.")
	check("12-09", "Within a fortnight you will hear from us.")
	check("12-10", "Vous aurez une réponse d'ici quinze jours.")
	check("12-09", "Du hører fra os inden for fjorten dage.")
	check("12-02", "W ciągu tygodnia damy Pani znać.")
	check("12-09", "İki hafta içinde size haber vereceğiz.")
	check("01-08", "You will hear from us in the first full week of January.")
	check("11-27", "You will have our answer within 48 hours.")
	check("11-26", "Nous reviendrons vers vous sous 24 heures.")
	check("12-09", "You will hear from us in the next couple of weeks.")
	check("11-27", "You will hear from us this coming Friday.")
	check("12-04", "You will hear from us next Friday.")
	check("11-27", "Wir melden uns am kommenden Freitag.")
	check("12-04", "You will hear from us a week from Friday.")
	check("12-11", "You will hear from us w/c 7 December.")
	check("12-11", "Wir melden uns in der übernächsten Woche.")
	check("12-31", "You will hear from us before the end of the year.")
	check("12-31", "Sie hören noch in diesem Jahr von uns.")
	check("12-31", "Vous aurez une réponse avant la fin de l'année.")
	check("12-31", "Du hører fra os inden årets udgang.")
	check("none", "It has been a long year and you will hear from us.")
	check("12-24", "You will hear from us before Christmas.")
	check("12-24", "Du hører fra os inden jul.")
	check("01-10", "You will hear from us after the holidays.")
	check("01-15", "You will hear from us in the new year.")
	check("01-10", "You will hear from us early in the new year.")
	check("11-30", "You will hear from us after the weekend.")
	check("11-27", "Wir melden uns vor dem Wochenende.")
	check("none", "Have a good weekend and you will hear from us.")
	check("11-27", "On Friday, you will hear from us.")
	check("12-04", "Next Friday, you will hear from us.")
	check("12-15", "Bis spätestens 15. Dezember bekommen Sie unsere Entscheidung.")
	check("12-07", "Am Montag, dem 7. Dezember, teilen wir Ihnen das Ergebnis mit.")
	check("none", "On Friday, Ken is away, and you will hear from us.")
	check("none", "On Friday, the office is shut and you will hear from us.")
	check("none", "We had your note on Friday and will get back to you.")
	check("none", "Wir haben Ihre Unterlagen am Freitag erhalten und melden uns.")
	check("none", "Nous avons reçu votre dossier vendredi et reviendrons vers vous.")
	check("11-27", "We spoke to the team and on Friday you will hear from us.")
	check("11-27", "We saw the last one today and will let you know by Friday.")
	check("12-04", "We are still meeting others and will let you know by 4 December.")
	check("12-04", "Ainda não sabemos e damos uma resposta até 4 de dezembro.")
	check("none", "You were not chosen for the role. All the best for your search! I'll call you next week about another client.")
}

// An offer in words that are none of the usual ones, and what sounds like one.
func TestOffersInFreeWords(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if s := readOf(text); s.shows(Offer) != want {
			t.Errorf("%q: %v", text, s.shown)
		}
	}
	check(true, "I'm delighted to say the ward would give you the post.")
	check(false, "I'm delighted to say that you are through to the final round for the post.")
	check(false, "I'm delighted that you liked our post.")
	check(true, "You can start on 4 January.")
	check(false, "You can start on as many sides as you like.")
	check(false, "You can start on the test on 4 January.")
	check(false, "Could you start on 4 January?")
	check(true, "Du kannst am 4. Januar anfangen.")
	check(true, "Im Anhang finden Sie den Vertrag.")
	check(false, "Im Anhang finden Sie den Vertrag mit dem Hotel.")
	check(false, "Great news for you about the role, pick a slot.")
	check(true, "You have been successful at interview.")
	check(false, "You were successful in the first stage.")
	check(false, "You have been successful in your telephone interview and we invite you to meet the board.")
	check(true, "You impressed all of us in the technical interview, and we are delighted to offer you the role.")
	check(false, "I am delighted to tell you that you are on the shortlist for the position.")
	check(false, "We are pleased to inform you that you have been shortlisted for the role.")
	check(false, "Happy to share the job description with you.")
	check(false, "I'm happy to tell you that you made it to the final two for the position.")
	check(false, "We are pleased to inform you that your application for the role has moved forward.")
	check(false, "Very pleased to have met you, and I hope the role still interests you.")
	check(true, "We would be delighted to have you in the role.")
	check(false, "Então, não vai dar. A matriz cortou as contratações até o meio do ano que vem e sua vaga foi junto.")
}

// A step that is told of beside a rejection or an offer is no next step, unless
// it asks or names a day.
func TestStepsBesideAVerdict(t *testing.T) {
	t.Parallel()
	check := func(want bool, text string) {
		t.Helper()
		if s := readOf(text); s.shows(NextStep) != want {
			t.Errorf("%q: %v", text, s.shown)
		}
	}
	const no, yes = "You were not selected for the role. We wish you all the best for your search. ", "We are delighted to offer you the role. "
	check(false, no+"Six people were invited to a technical interview.")
	check(true, no+"I have two other clients: are you free on Monday for an interview?")
	check(false, "Te quedas con nosotros. Empiezas el 11 de enero si te viene bien.")
	check(false, yes+"Tell us whether that suits you.")
	check(true, yes+"Are you free on Monday for a call with our team?")
}

// A day is put off by the weeks that are told behind it, and word comes after the
// decision.
func TestPromisedDaysOfOtherWeeks(t *testing.T) {
	t.Parallel()
	check := checkPromise(t)
	check("12-04", "Sie hören Freitag in einer Woche von uns.")
	check("12-11", "Freitag in vierzehn Tagen geben wir Ihnen Bescheid.")
	check("12-03", "Morgen in acht Tagen geben wir Bescheid.")
	check("12-03", "We will tell you a week tomorrow.")
	check("12-02", "You will have our answer today week.")
	check("12-11", "You will have our answer on Friday in two weeks.")
	check("12-11", "You will have our answer on Friday fortnight.")
	check("12-04", "Vrijdag over een week hoor je van ons.")
	check("12-04", "Du hører fra os fredag om en uge.")
	check("12-04", "Dáme vám vědět v pátek za týden.")
	check("12-04", "Perjantaina viikon päästä ilmoitamme teille.")
	check("11-27", "You will have our answer on Friday. In two weeks the office moves.")
	check("12-01", "Dienstag nächster Woche melden wir uns.")
	check("12-01", "You will hear from us next week on Tuesday.")
	check("12-01", "Nous revenons vers vous mardi de la semaine prochaine.")
	check("12-08", "Wir melden uns am Dienstag der übernächsten Woche.")
	check("12-04", "You will hear from us between Monday and Friday next week.")
	check("12-15", "Bis dahin wissen wir mehr, und am 15.12.\nbekommen Sie Bescheid.")
	check("12-15", "Du hører fra os d. 15.12.")
	check("12-15", "Du hører fra oss d. 15. desember.")
	check("12-15", "Am 14.12. berät der Vorstand. 15.12. bekommen Sie Bescheid.")
	check("12-04", "You will hear from us by 4 December. A decision on the date of the move will be made by 29 January.")
	check("none", "Am Freitag in einer Woche ist Betriebsfeier.")
	check("none", "Bitte geben Sie uns Freitag in einer Woche Bescheid.")
}

// TestPromisesWithoutBlanks: by when word comes is read in Japanese and Chinese, and
// what is asked of the reader by a day is no promise.
func TestPromisesWithoutBlanks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"選考結果は12月11日までにご連絡いたします。":       "2026-12-11",
		"結果は12月11日（金）までにメールでお知らせします。":   "2026-12-11",
		"結果は1週間以内にメールにてご連絡いたします。":       "2026-12-02",
		"２週間以内にお知らせします。":                "2026-12-09",
		"三営業日以内にご連絡いたします。":              "2026-11-30",
		"来週中にご連絡いたします。":                 "2026-12-04",
		"再来週の水曜日までにご連絡いたします。":           "2026-12-09",
		"我们会在12月11日前通知您结果。":             "2026-12-11",
		"我们将在两周内给您答复。":                  "2026-12-09",
		"下周五之前会回复您。":                    "2026-12-04",
		"我们会在5个工作日内通知您。":                "2026-12-02",
		"12月11日までに書類をお送りください。":          "",
		"来週までにご返信をお願いいたします。":            "",
		"来週の面接を楽しみにしています。":              "",
		"请在12月11日前答复我们。":                "",
		"12月1日に面接を行いますので、ご案内いたします。":     "",
		"面接は12月1日に決まりましたので、詳細をお知らせします。": "",
		"您的面试安排在12月1日，具体时间会通知您。":        "",
		"結果は12月11日までに、メールでご連絡いたします。":    "2026-12-11",
		"12月11日（金）までに、担当者よりお知らせします。":    "2026-12-11",
		"1週間以内に、採否をご連絡いたします。":           "2026-12-02",
		"12月11日之前，我们会通知您结果。":            "2026-12-11",
		"请您耐心等待，我们会在12月11日前通知您结果。":      "2026-12-11",
		"我们在两周内收到了很多简历。":                "",
		"来週の面接の詳細をご連絡いたします。":            "",
		"面接日程は12月1日となりましたのでお知らせします。":    "",
		"説明会は来週開催予定ですのでご案内いたします。":       "",
		"来週の水曜日にご連絡いたします。":              "2026-12-02",
		"很高兴通知您，面试安排在下周三。":              "",
		"我们在12月1日的面试后联系您。":              "",
		"12月11日前我们不会联系您。":               "",
		"我们下周会联系您。":                     "2026-12-04",
	} {
		if got := promisedOn(text); got != want {
			t.Errorf("%q promises %q, want %q", text, got, want)
		}
	}
}

// TestPatienceAskedFor: who asks for time promises word by its end.
func TestPatienceAskedFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Give us until Monday, please.":                                   "2026-11-30",
		"Laissez-nous encore deux semaines.":                              "2026-12-09",
		"Give us your address by Friday.":                                 "",
		"Give us a call on Friday.":                                       "",
		"Please give us another week.":                                    "2026-12-02",
		"Please give us a few days' notice if you can't make Friday.":     "",
		"Give us a few days before you call; the interview is on Friday.": "",
		"Please allow us two weeks to refund your travel costs.":          "",
		"Laissez-nous un peu de place vendredi, nous serons trois.":       "",
		"Accordez-moi quelques minutes vendredi.":                         "",
		"Geben Sie uns bis Freitag Bescheid.":                             "",
		"Donnez-nous votre réponse avant vendredi.":                       "",
	} {
		if got := promisedOn(text); got != want {
			t.Errorf("%q promises %q, want %q", text, got, want)
		}
	}
}

// promisedOn is the day by which a text of Wednesday 25 November 2026 promises word, "" if it
// promises none.
func promisedOn(text string) string {
	s := readStatement(text, time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 3600)))
	s.hints()
	if s.decideBy.IsZero() {
		return ""
	}
	return s.decideBy.Format(time.DateOnly)
}
