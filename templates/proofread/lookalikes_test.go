package proofread

import (
	"strings"
	"testing"

	"afterword/scheduler"
)

// Whoever is called by what they do is called by no wrong name, in any language; another
// name beside the office is one. Each line is "-" or "+" with a language, the reader and the
// greeting.
func TestOfficesThatAreNoNames(t *testing.T) {
	t.Parallel()
	c := New()
	for line := range strings.Lines(officeGreetings) {
		p := strings.Split(strings.TrimSpace(line), "|")
		f, ok := with(c.Check(greeted(t, p[0][1:], p[1], p[2])), "wrong-name")
		if ok = ok && f.Severity == scheduler.Error; ok != (p[0][0] == '+') {
			t.Errorf("%s: %s", line, f.Text)
		}
	}
}

// A word of esteem is no guess where nearly everybody is called with one.
func TestWordsOfEsteemAreNoGuess(t *testing.T) {
	t.Parallel()
	for _, p := range [][3]string{{"vi", "Trần Văn Nam", "Kính gửi anh Nam,"}, {"vi", "Nguyễn Thị Lan", "Thân gửi chị Lan,"}, {"th", "สมชาย ใจดี", "เรียน คุณสมชาย"}, {"hi", "राजेश शर्मा", "प्रिय राजेश जी,"}, {"ko", "이서연", "이서연 팀장님께"}} {
		if f, ok := with(New().Check(greeted(t, p[0], p[1], p[2])), "greeting-guess"); ok {
			t.Errorf("%s: %s", p[2], f.Text)
		}
	}
	if _, ok := with(New().Check(greeted(t, "vi", "Trần Văn Nam", "Kính gửi Trần,")), "greeting-guess"); !ok {
		t.Error("a bare family name is no guess")
	}
}

// Everyday sentences of many trades that only look like a fault are none, and the faults that
// they look like are found. Each line is "-" or "+" with a code and a language, and a sentence.
func TestWhatOnlyLooksAlike(t *testing.T) {
	t.Parallel()
	c := New()
	for line := range strings.Lines(lookAlikes) {
		head, text, _ := strings.Cut(strings.TrimSpace(line), "|")
		code, language, _ := strings.Cut(head[1:], " ")
		base := thanks
		if code == "pressure" {
			base = question
		}
		f, ok := told(t, c, code, base, saying(language, text))
		if code == "stale-day" || language != "en" && code == "no-attachment" { // nothing else may date or name a paper
			in := greeted(t, language, "Acme", "")
			in.Text.Body = text + "\n\nDana Reyes\n"
			f, ok = with(c.Check(in), code)
		}
		if ok != (head[0] == '+') {
			t.Errorf("%s: %s", line, f.Text)
		}
	}
}

const officeGreetings = `-en|Ada Okafor|Dear Nurse Manager Okafor,
-en|Ana Lopez|Dear Fire Chief Lopez,
-en|Tom Doyle|Dear Sgt. Doyle,
-en|Eve Adams|Dear Principal Adams,
-en|Jo Morris|Dear Deputy Head Morris,
-en|Luc Martin|Dear Sous Chef Martin,
-en|Luc Martin|Dear Executive Chef Martin,
-en|Ann Cole|Dear General Manager Cole,
-en|Laura Fox|Dear Dean Fox,
-en|Ian Abbott|Dear Judge Abbott,
-en|Michael Byrne|Dear Father Michael,
-en|Dan Reed|Hi Coach Dan,
-en|Ian Ortiz|Dear Foreman Ortiz,
-en|Sam Hughes|Dear Captain Hughes,
+en|Sam Hughes|Dear Captain Rhodes,
+en|Grace Hughes|Dear Sister Joy,
-de|Ralf Krüger|Sehr geehrter Herr Oberbürgermeister Krüger,
-de|Ute Vogt|Sehr geehrte Frau Rechtsanwältin Vogt,
-de|Monika Braun|Liebe Schwester Monika,
-de|Karl Lang|Sehr geehrter Herr Pfarrer Lang,
-de|Eva Braun|Sehr geehrte Frau Stationsleiterin Braun,
-de|Max Huber|Lieber Herr Küchenchef Huber,
-de|Jan Jansen|Sehr geehrter Herr Kapitän Jansen,
-de|Ute Vogt|Sehr geehrte Frau Schulleiterin,
-de|Karl Gruber|Sehr geehrter Herr Hofrat Gruber,
-de|Jan Peters|Lieber Herr Bäckermeister Peters,
+de|Jörg Ruf|Sehr geehrter Herr Hofmeister,
-fr|Anne Roy|Madame la Directrice,
-fr|Anne Dubois|Chère Maître Dubois,
-fr|Luc Petit|Cher Docteur Petit,
-fr|Luc Petit|Monsieur le Maire,
-fr|Luc Petit|Cher Chef Petit,
-es|Eva Ruiz|Estimada Dra. Ruiz:
-es|Luis Soto|Estimado Ing. Soto:
-es|Carmen Soto|Estimada doña Carmen:
-es|Luis Soto|Estimado chef Soto:
-es|Eva Ruiz|Estimada señora directora:
-it|Ada Conti|Gentile Dott.ssa Conti,
-it|Ada Conti|Gentile Avv. Conti,
-it|Ugo Conti|Egregio Ingegner Conti,
-it|Ugo Conti|Gentile Architetto Conti,
-it|Ada Conti|Gentile Chef Conti,
-pt|Ana Lima|Prezada Profa. Lima,
-pt|Ana Lima|Cara Chef Lima,
-nl|Jan Smit|Beste dokter Smit,
-nl|Jan Smit|Beste chef Smit,
-nl|Piet de Vries|Geachte heer De Vries,
-pl|Ewa Nowak|Szanowna Pani Dyrektor,
-pl|Ewa Nowak|Szanowna Pani Mecenas,
-pl|Jan Nowak|Szanowny Panie Kierowniku,
-cs|Eva Nováková|Vážená paní ředitelko,
-cs|Eva Nováková|Vážená paní doktorko Nováková,
-cs|Petr Novák|Vážený pane primáři,
-sv|Eva Lind|Bästa rektor Lind,
-da|Eva Holm|Kære køkkenchef Holm,
-nb|Eva Berg|Kjære rektor Berg,
-fi|Eva Virtanen|Hyvä rehtori Virtanen,
-hu|Nagy Péter|Kedves Péter!
-hu|Nagy Anna|Tisztelt Főorvos Asszony!
-tr|Ayşe Kaya|Ayşe Hanım merhaba,
-tr|Ayşe Kaya|Sayın Müdürüm,
-ru|Анна Смирнова|Уважаемая Анна Петровна!
-ru|Иван Петров|Уважаемый господин Петров!
-ru|Иван Петров|Уважаемый доктор Петров!
-ja|佐藤 花子|佐藤先生
-ja|佐藤 花子|採用ご担当者様
-ja|佐藤 花子|人事部長様
-ja|佐藤 花子|営業部長
-ja|佐藤 花子|校長先生
-ja|佐藤 花子|店長様
-ja|佐藤 花子|総料理長様
-ja|佐藤 花子|看護部長様
-ja|佐藤 花子|佐藤店長
+ja|佐藤 花子|鈴木店長
+ja|佐藤 花子|鈴木様
-zh|王 丽|尊敬的王主任：
-zh|王 丽|尊敬的招聘经理：
-zh|王 丽|尊敬的项目经理您好：
-zh|王 丽|尊敬的人力资源总监：
-zh|王 丽|尊敬的面试官老师：
-zh|王 丽|王医生，您好！
-zh|王 丽|尊敬的院长：
-zh|王 丽|尊敬的护士长：
+zh|王 丽|尊敬的李主任：
+zh|王 丽|张伟先生：
-ko|이서연|이서연 원장님께
-ko|이서연|채용 담당자님께
-ko|이서연|셰프님께
-ko|이서연|점장님께
-ko|이서연|주방장님께
-ko|이서연|영업 본부장님께
-ko|이서연|총괄 셰프님께
-ko|이서연|간호부 수간호사님께
-ko|이서연|목사님께
-ko|이서연|마케팅 이사님께
-ko|김지훈|김 선생님, 안녕하세요.
+ko|이서연|박지훈 점장님께
+ko|이서연|김민호 님께
-id|Sari Dewi|Yth. Ibu Sari,
-vi|Trần Văn Nam|Kính gửi anh Nam,
-vi|Nguyễn Thị Lan|Thân gửi chị Lan,
-th|สมชาย ใจดี|เรียน คุณสมชาย
-hi|राजेश शर्मा|प्रिय राजेश जी,
`

const lookAlikes = `-stale-day hu|Köszönöm a beszélgetést; a keddi piacról szóló története velem marad.
-stale-day hu|Köszönöm, hogy mesélt a péntek esti műszakról.
-stale-day hu|A szombati műszak nem gond, köszönöm a beszélgetést.
-stale-day ro|Mulțumesc pentru discuție; tura de vineri îmi convine.
-stale-day ro|Mulțumesc că mi-ați povestit despre târgul de sâmbătă.
-stale-day el|Ευχαριστώ για τη συζήτηση· η βάρδια της Κυριακής δεν με πειράζει.
-stale-day el|Ευχαριστώ που μου μιλήσατε για τη λαϊκή της Παρασκευής.
+stale-day el|Ευχαριστώ για τη συζήτηση που κάναμε προχθές.
-stale-day hr|Hvala na razgovoru; u petak mogu doći na probni dan.
-stale-day hr|Sviđa mi se što tržnica radi i u nedjelju, hvala na razgovoru.
-stale-day et|Aitäh vestluse eest; laupäevane turg kõlas toredalt.
-stale-day ru|Спасибо за встречу; мне понравилось, что в субботу вы печёте хлеб для соседей.
-stale-day ru|Спасибо за разговор о том, как в пятницу вечером закрывают кассу.
-stale-day ru|Спасибо за рассказ о дежурствах в воскресенье.
-stale-day uk|Дякую за розмову; мені сподобалося, що в суботу ви працюєте до обіду.
-stale-day sk|Ďakujem za rozhovor; trhy v sobotu by som zvládla.
-stale-day de|Danke, dass Sie mir vom Markt am Samstag erzählt haben.
-stale-day de|Danke, dass Sie mir gezeigt haben, wie Sie am Freitag die Küche übergeben.
-stale-day tr|Cuma günü pazara da bakabilirim, görüşme için teşekkür ederim.
-stale-day ja|土曜日の営業についてのお話、ありがとうございました。
-stale-day ja|水曜日は定休日とのご説明をいただき、ありがとうございました。
-stale-day ja|今日の教育についてのお話が心に残りました。
-stale-day ja|金曜日の夜勤のご説明、とても分かりやすかったです。
-stale-day ja|日曜日の礼拝についてのお話、ありがとうございました。
+stale-day ja|金曜日はお時間をいただき、ありがとうございました。
+stale-day ja|金曜日に面接のお時間をいただき、ありがとうございました。
-stale-day zh|感谢您介绍周六的亲子活动，与您交流很愉快。
-stale-day zh|您提到的周五晚班的安排，我在面试后又想了想。
-stale-day zh|今天我还在想我们面谈时的话题。
-stale-day zh|周日的儿童手工课，您聊得很生动。
+stale-day zh|感谢您周五抽空与我面谈。
-stale-day ko|토요일 근무에 대한 말씀 감사합니다.
-stale-day ko|오늘도 면접에서 나눈 이야기를 생각하고 있습니다.
-stale-day ko|일요일 예배에 관한 말씀이 기억에 남습니다.
+stale-day ko|금요일에 면접 시간을 내주셔서 감사합니다.
-stale-day en|Thank you for Saturday market tips that I can use at once.
-stale-day en|Thanks for Sunday roast advice that no book has.
-stale-day en|Thank you for Friday night rota details in the leaflet.
+stale-day en|Thank you for Friday.
+stale-day en|Thanks again for Thursday afternoon.
-no-attachment en|At my last place I enclose the garden every winter.
-no-attachment en|We enclose the play area with willow, and the children love it.
-no-attachment en|I enclosed the patio with a trellis of my own.
-no-attachment en|I attach the harness before anything else.
-no-attachment en|I attached the brackets the way you showed me.
-no-attachment en|The garden is enclosed by an old wall.
-no-attachment en|The kitchen is attached to the dining hall.
-no-attachment en|I attach the labels by hand.
-no-attachment en|We attached the two trailers in the rain.
+no-attachment en|I enclose the certificates.
+no-attachment en|I attach my portfolio.
+no-attachment en|I attached two references.
+no-attachment en|I have enclosed a copy of my licence.
-no-attachment de|Im Anhang des Gebäudes liegt die Werkstatt.
-no-attachment de|Der Pflegebereich im Anhang des Krankenhauses hat mir gefallen.
-no-attachment de|Die Führung in der Anlage war spannend.
-no-attachment de|In der Anlage arbeiten zwölf Leute.
-no-attachment de|In der Anlage Ihres Werks habe ich viel gelernt.
-no-attachment de|Den Wohnwagen habe ich selbst angehängt.
+no-attachment de|Im Anhang finden Sie meine Zeugnisse.
+no-attachment de|Meine Zeugnisse sende ich Ihnen im Anhang.
+no-attachment de|In der Anlage sende ich Ihnen meine Zeugnisse.
+no-attachment de|Im Anhang dieser Mail liegt mein Lebenslauf.
-no-attachment fr|Le bâtiment en annexe abrite la cuisine.
-no-attachment fr|La visite de la salle en annexe m'a plu.
+no-attachment fr|Mon CV est en annexe.
-no-attachment pt|O ateliê no edifício em anexo é lindo.
+no-attachment pt|Segue em anexo o meu currículo.
-no-attachment nl|Uw recept stond in de bijlage van de krant.
+no-attachment nl|In de bijlage vindt u mijn cv.
-no-attachment ro|M-am atașat repede de echipa dumneavoastră.
+no-attachment ro|Am atașat CV-ul meu.
-no-attachment ru|Я прилагаю все усилия, чтобы смена прошла спокойно.
-no-attachment ru|К ушибу я сначала прикладываю холод.
-no-attachment ru|Полку я прикрепила к стене сама.
+no-attachment ru|Прилагаю резюме и рекомендации.
+no-attachment ru|К письму прикладываю портфолио.
-no-attachment uk|Полицю я прикріпила до стіни сама.
+no-attachment uk|Прикріплюю резюме до листа.
-no-attachment cs|Váš recept vyšel v příloze novin.
+no-attachment cs|V příloze posílám životopis.
-no-attachment hr|Vašu pekaru vidjela sam u prilogu na televiziji.
+no-attachment hr|U prilogu šaljem životopis.
-no-attachment ar|أعجبتني زيارة المرفق الصحي الجديد.
+no-attachment ar|تجدون السيرة الذاتية في الملف المرفق.
-no-attachment ja|添付ファイルを開かないという社内のルールが印象に残りました。
-no-attachment ko|첨부된 문서를 검사하는 업무가 흥미로웠습니다.
-no-attachment zh|合同附件里有很多细节，这项工作很有意思。
-pressure en|I have written twice about on-call for the local paper.
-pressure en|I have written three times about bread for a trade magazine and would do it again.
-pressure en|I have called twice and your colleague at the desk was very kind.
-pressure en|As a porter I left two messages and a card for every guest who came late.
-pressure en|These letters lay in the archive for years, many of them unread.
-pressure en|I need to know soon after a shift begins who is on call, and your board shows it.
-pressure en|The courtesy of a call before each visit is something I keep too.
-pressure en|In the night shift we need to know today what the ovens do tomorrow.
+pressure en|I have written twice and heard nothing.
+pressure en|I've called three times without an answer.
+pressure en|I left two messages and nobody called back.
-pressure de|In meiner Schicht hat sich niemand krank gemeldet.
-pressure de|Für die Nachtschicht hat sich niemand freiwillig gemeldet, also habe ich sie übernommen.
-pressure de|An der Rezeption haben Gäste oft mehrmals angerufen, bevor sie kamen.
-pressure de|Eine Kundin hat dreimal nachgefragt, und ich blieb freundlich.
-pressure de|Niemand hat mir so klar geantwortet wie Sie.
+pressure de|Es hat sich niemand gemeldet.
+pressure de|Ich habe schon zweimal bei Ihnen nachgefragt.
-pressure fr|Personne ne m'a répondu aussi clairement que vous.
-pressure fr|J'ai plusieurs fois écrit sur ce sujet pour le journal.
-pressure fr|Nos clients ont trois fois appelé avant de venir.
+pressure fr|Personne ne m'a répondu depuis.
-pressure es|Nadie me ha respondido con tanta claridad.
-pressure es|He escrito varias veces sobre panadería.
+pressure es|He escrito dos veces y nadie me ha respondido.
-pressure it|Nessuno mi ha risposto con tanta chiarezza.
-pressure it|Ho scritto più volte di cucina per il giornale.
+pressure it|Nessuno mi ha risposto.
-pressure nl|Niemand heeft mij ooit zo eerlijk geantwoord.
+pressure nl|Niemand heeft nog gereageerd.
-pressure pt|Ninguém me respondeu com tanta clareza.
-pressure pt|Escrevi várias vezes sobre o tema.
-pressure pl|Nikt wcześniej nie odpowiedział tak jasno na to pytanie.
-pressure cs|Nikdo mi ještě neodpověděl tak jasně.
-pressure sv|Ingen har svarat så tydligt på den frågan förut.
-pressure da|Ingen har svaret så klart på det før.
-pressure nb|Ingen har svart så tydelig på det før.
+pressure de|Bisher hat sich leider niemand gemeldet.
-pressure it|Nessuno mi ha chiamata per nome così volentieri come voi.
-desperate en|I have three children to support with their reading each week at the library.
-desperate de|Die Ehrenamtlichen sind bereit, umsonst zu arbeiten, das hat mich beeindruckt.
-desperate de|Ich würde niemanden umsonst arbeiten lassen.
-desperate de|Unsere Lehrlinge sind auf die Arbeit angewiesen.
+desperate de|Ich wäre bereit, einen Monat umsonst zu arbeiten.
-desperate fr|Je peux gratuitement vous prêter mes fiches.
-desperate fr|J'ai besoin de ce travail d'équipe pour progresser.
-desperate fr|Les bénévoles sont prêts à travailler gratuitement, et cela force le respect.
-desperate es|Podría probar gratis su aplicación.
-desperate es|Podría ofrecer gratis un taller de pan a los vecinos.
-desperate es|Los voluntarios están dispuestos a trabajar gratis.
+desperate es|Podría trabajar gratis el primer mes.
-desperate it|Potrei offrire gratis un corso di pane.
+desperate it|Sono disposto a lavorare gratis.
-desperate pt|Os voluntários estão dispostos a trabalhar de graça.
-desperate nl|Niemand wil gratis werken, en dat vindt u ook.
-desperate fi|Tarvitsen tämän työn tekemiseen vain tietokoneen.
+desperate fi|Tarvitsen tämän työn kipeästi.
-desperate en|I worked with three kids to support their reading.
-desperate en|I worked with a family to support their move.
-desperate en|The allergy list is on paper because I honestly need it there.
-desperate en|In the clinic I was used to patients who were desperate to start.
+desperate en|I am alone with two kids to feed.
+desperate en|I have a family to support.
-placeholder en|I liked your story of the newsletter that began with "Dear {name}".
-placeholder en|The "Hello {name}" joke on your wall made me laugh.
-placeholder en|Your error page says "Sorry, [object Object]", and you laughed about it.
-placeholder en|You told me of the mail that went out to "Dear [NAME]" by mistake.
-placeholder en|The bug that greeted everyone as "Hi {first_name}" is a good story.
+placeholder en|I liked your story about {topic}.
+placeholder en|I would love to work as a "{role}" with you.
+placeholder en|The team of "[COMPANY]" was kind.
+placeholder en|Thank you for the letter about [topic].
-surveillance en|I liked your story about the stray <br> in the newsletter.
-surveillance en|You said that nobody should need a <br> for that.
-surveillance en|The talk on the <img> tag and its lazy loading was new to me.
+surveillance en|Thank you.<br>I liked the talk.
+surveillance en|<p>Thank you for the talk.</p>
-tone es|El sacristán me enseñó dónde se guarda la hostia.
-tone it|Il concerto di raga indiano che organizzate mi incuriosisce.
-tone cs|Na chirurgii jsem se naučila, jak se operuje vole.
-tone nl|De kat bij de chirurg heette Chill.
-tone pt|Queria que a receita se fixe bem na memória.
-off-topic pl|Pensjonat nad jeziorem bardzo mi się spodobał.
-off-topic fi|Palkankorotuksista en kysy mitään.
-off-topic tr|Geç saatte çalışmak sorun değil.
-off-topic fr|Vos stagiaires apprennent vite.
-off-topic sv|Det är en bra lönnsirap ni har.
-wrong-language de|Das Buch The Art of Bread and Butter steht seit Jahren in meiner Küche.
-wrong-language en|The song Je ne regrette rien was playing in the kitchen.
-wrong-language es|El lema de la casa es All you need is love and bread.
`

// What a blind set of letters held that was not seen, and what looks like it.
func TestFaultsOfTheBlindSet(t *testing.T) {
	t.Parallel()
	tell(t, "off-topic", thanks, "+en I would need at least 42,000 euros a year.", "+en I'm looking for around £28 an hour.", "+en I expect 4,500 CHF per month.", "-en I would need 40 credits a year.", "-en Your clinic saves 42,000 euros a year.", "-en I raised 42,000 euros a year for the choir.", "-en I'd want 20 calls a week.")
	tell(t, "grammar", thanks, "+en I liked that you're claims team sits with the customers.", "+en I was happy hear that.", "-en I liked that you're one team.", "-en You're new here, too.", "-en I was happy to hear that.", "-en I am glad, you see.")
	tell(t, "missing-part", thanks, "-en Thank you. I am very keen on the Site Reliability Engineer role. If the medical board needs more of my papers, I have them ready.", "-en Thank you. I am very keen on the Site Reliability Engineer role, and I can send my forklift papers at once if you wish.", "+en Thank you. I am very keen on the Site Reliability Engineer role. If it rains, I have a coat.")
	tell(t, "stale-day", thanks, "+de Danke, dass ich letzten Donnerstag in Ihrer Backstube probearbeiten durfte.", "-de Danke, dass ich letzten Montag in Ihrer Backstube probearbeiten durfte.", "-de Mich freut, dass ich letzten Donnerstag den Kurs abschließen konnte.", "-de Danke, dass ich am Freitag noch einmal kommen darf.")
	tell(t, "pressure", question, "+pl Oczekuję odpowiedzi najpóźniej do piątku.", "+pl Wciąż nie otrzymałam odpowiedzi na moje wiadomości.", "-pl Nie otrzymałam jeszcze terminu drugiej rozmowy.", "-pl Z radością oczekuję kolejnej rozmowy w piątek.")
}

// The field of a name is one also where a joke is told of it, but not where it is spoken of.
func TestFieldThatIsSpokenOf(t *testing.T) {
	t.Parallel()
	tell(t, "placeholder", thanks, "-en Your {name} joke made my evening.", "-en That Dear {name} mail of yours went to nine thousand people.", "-en I still laugh about the [first name] newsletter.", "-en The {{name}} bug was my favourite story.", "-de Der {Name}-Witz war gut.",
		"+en Your talk about {name} was a joke of a kind.", "+en Thank you for the {company} newsletter.", "+en {name} jokes a lot.", "+en I enjoyed the {role} story.", "+en Thank you for your {name} insight.", "+en As {name} mailed, it is so.")
}
