package proofread

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// greeted is a good note in a language to a person, under another greeting.
func greeted(t *testing.T, language, name, greeting string) scheduler.ProofInput {
	in := thanks(t)
	in.Language, in.Application.Language = language, language
	in.Person = scheduler.Person{Name: name, Email: in.To.Email}
	in.Interview.Interviewers = []scheduler.Person{in.Person}
	in.Application.Interviews = []scheduler.Interview{in.Interview}
	in.To.Name = name
	in.Text.Body = greeting + "\n\n" + strings.Repeat("Acme. ", 6) + "\n\nDana Reyes\n"
	return in
}

// Whoever calls the reader by an office, with or without a name, calls nobody wrongly; what
// stands behind the office must still be the reader's name.
func TestReaderCalledByOffice(t *testing.T) {
	t.Parallel()
	c := New()
	for _, row := range []struct{ language, name, right, wrong string }{
		{"en", "Antoine Leclerc", "Dear Chef Leclerc,", "Dear Chef Leclair,"}, {"en", "Tom Hale", "Dear Lt. Hale,", "Dear Lt. Hall,"}, {"en", "Tom Hale", "Hi Coach,", "Hi Dean,"},
		{"en", "Tom Hale", "Dear Assistant Principal Hale,", "Dear Assistant Principal Hall,"}, {"en", "Asha Patel", "Dear Store Manager Patel,", "Dear Store Manager Patil,"}, {"en", "Asha Patel", "Dear Area Sales Manager Patel,", "Dear Manager Priya,"}, {"en", "Asha Patel", "Dear Team Lead Patel,", "Dear Team Lead Petal,"}, {"en", "Asha Patel", "Dear Hiring Manager Acme,", "Dear Tim Patel,"}, {"en", "Asha Patel", "Dear Acme Recruiter,", "Dear Recruiter Petal,"},
		{"en", "Asha Patel", "Dear Regional Supervisor Asha Patel,", "Dear Regional Supervisor Anna Patel,"}, {"en", "Asha Patel", "Hi Asha and team,", "Hi Ashley and team,"}, {"en", "Asha Patel", "Dear Asha, dear hiring team,", "Dear Ash and all,"}, {"es", "Luis Gil", "Estimado Gerente Gil:", "Estimado Gerente Gillo:"},
		{"ko", "이서연", "서연님, 안녕하세요.", "지훈님, 안녕하세요."}, {"ko", "이서연", "이서연님께", "박지훈님께"}, {"ko", "이서연", "이서연팀장님, 안녕하세요.", "김민수팀장님, 안녕하세요."}, {"ko", "이서연", "안녕하세요, 서연씨.", "안녕하세요, 도현씨."}, {"ko", "이서연", "담당자님께", "최은지님께"}, {"en", "Tom Hale", "Dear T. Hale,", "Dear L. Hale,"}, {"en", "Tom Hale", "Dear Sister Hale,", "Dear Grace Hale,"},
		{"de", "Jörg Maier", "Sehr geehrter Herr Direktor,", "Sehr geehrter Herr Richter,"}, {"de", "Eva Maier", "Sehr geehrte Frau Dipl.-Ing. Maier,", "Sehr geehrte Frau Dipl.-Ing. Mayer,"},
		{"fr", "Luc Roy", "Monsieur le Directeur,", "Monsieur le Roi,"}, {"es", "Luis Gil", "Estimado señor director:", "Estimado señor Gill:"}, {"it", "Ugo Neri", "Egr. Dott. Neri,", "Egr. Dott. Nero,"},
		{"it", "Ugo Neri", "Gentile Direttore,", "Gentile Ugolino,"}, {"pt", "Rui Sá", "Exmo. Sr. Rui Sá,", "Exmo. Sr. Rui Silva,"}, {"pl", "Marek Wójcik", "Szanowny Panie Dyrektorze,", "Szanowny Panie Macieju,"},
		{"cs", "Petr Novák", "Vážený pane inženýre Nováku,", "Vážený pane inženýre Svobodo,"}, {"sk", "Peter Kováč", "Vážený pán riaditeľ,", "Vážený pán Kováčik,"}, {"ro", "Ion Popa", "Stimate domnule director,", "Stimate domnule Popescu,"},
		{"hu", "Nagy Péter", "Tisztelt Igazgató Úr!", "Tisztelt Kiss Úr!"}, {"tr", "Mehmet Kaya", "Sayın Hocam,", "Sayın Ahmet Bey,"}, {"ru", "Иван Петров", "Уважаемый Иван Сергеевич!", "Уважаемый Игорь Сергеевич!"},
		{"el", "Νίκος Παππάς", "Αξιότιμε κύριε καθηγητά,", "Αξιότιμε κύριε Γεωργίου,"}, {"he", "רותי לוי", "שלום רותי,", "שלום דנה,"}, {"ar", "ليلى حداد", "السلام عليكم أستاذة ليلى،", "عزيزتي سارة،"},
		{"hi", "राजेश शर्मा", "आदरणीय शर्मा जी,", "प्रिय सुरेश जी,"}, {"id", "Budi Santoso", "Yth. Bapak Budi Santoso,", "Yth. Bapak Bambang,"}, {"ca", "Jordi Puig", "Benvolgut Jordi,", "Benvolgut Pere,"},
		{"tr", "Cem Yıldız", "Cem Bey merhaba,", "Can Bey merhaba,"}, {"ru", "Ольга Иванова", "Ольга, добрый день!", "Елена, добрый день!"}, {"ko", "이서연", "이서연 팀장님께", "박지훈 팀장님께"}, {"ko", "이서연", "서연 님, 안녕하세요.", "지훈 님, 안녕하세요."}, {"ko", "이서연", "인사팀장님께", "최민호 님께"},
		{"ja", "佐藤 花子", "佐藤部長", "田中部長"}, {"ja", "鈴木 恵子", "鈴木様", "佐々木様"}, {"ja", "田中 実", "営業部 田中様", "中田様"}, {"ja", "高橋花子", "高橋花子様", "大橋様"}, {"ja", "林 健", "林様", "小林様"}, {"ja", "斎藤 恵", "恵さん、", "佐藤さん、"}, {"zh", "王 丽", "小王老师：", "小李老师："}, {"zh", "王丽", "王丽女士：", "汪丽女士："}, {"zh", "王 丽", "王总，您好！", "李总，您好！"}, {"lv", "Anna Ozola", "Cienījamā Ozolas kundze,", "Cienījamā Kalniņas kundze,"},
	} {
		if f, ok := with(c.Check(greeted(t, row.language, row.name, row.right)), "wrong-name"); ok {
			t.Errorf("%s, %s to %s: %s", row.language, row.right, row.name, f.Text)
		}
		if _, ok := with(c.Check(greeted(t, row.language, row.name, row.wrong)), "wrong-name"); !ok {
			t.Errorf("%s, %s to %s: nothing is wrong", row.language, row.wrong, row.name)
		}
	}
}

// A name in another alphabet than the file's cannot be compared with it.
func TestNameInAnotherAlphabet(t *testing.T) {
	t.Parallel()
	for _, row := range [][3]string{{"ru", "Olga Ivanova", "Уважаемая Ольга,"}, {"he", "Ruti Levi", "שלום רותי,"}, {"el", "Nikos Pappas", "Αγαπητέ Νίκο,"}, {"ja", "Hanako Sato", "佐藤様"}, {"hi", "Rajesh Sharma", "नमस्ते राजेश जी,"}} {
		if f, ok := with(New().Check(greeted(t, row[0], row[1], row[2])), "wrong-name"); ok {
			t.Errorf("%s to %s: %s", row[2], row[1], f.Text)
		}
	}
}

// The word of esteem is of the gender of the form of address behind it, in every language
// that tells.
func TestGreetingOfTwoGenders(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		language, name, greeting string
		wrong                    bool
	}{
		{"pl", "Anna Nowak", "Szanowny Pani Anno,", true}, {"pl", "Anna Nowak", "Szanowna Pani Anno,", false}, {"pl", "Anna Nowak", "Szanowna Pani Profesor,", false},
		{"ro", "Ana Popa", "Stimate doamnă Popa,", true}, {"ro", "Ana Popa", "Stimată doamnă Popa,", false}, {"el", "Μαρία Παππά", "Αγαπητέ κυρία Παππά,", true}, {"el", "Μαρία Παππά", "Αγαπητή κυρία Παππά,", false},
		{"uk", "Олена Бойко", "Шановний пані Олено,", true}, {"uk", "Олена Бойко", "Шановна пані Олено,", false}, {"de", "Eva Maier", "Sehr geehrter Frau Maier,", true},
	} {
		f, ok := with(New().Check(greeted(t, row.language, row.name, row.greeting)), "grammar")
		if ok = ok && strings.Contains(f.Text, "two genders"); ok != row.wrong {
			t.Errorf("%s: two genders %v, want %v", row.greeting, ok, row.wrong)
		}
	}
}

// A day that was not the meeting's is seen in the languages whose weekdays bear endings, and
// in those that put no blank between words. The interview was on Monday, the mail leaves on
// Tuesday.
func TestDaysOfFurtherLanguages(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		language, text string
		wrong          bool
	}{
		{"uk", "Дякую за співбесіду у п'ятницю.", true}, {"uk", "Дякую за співбесіду в понеділок.", false}, {"uk", "Дякую за розмову. Можу зустрітися у п'ятницю.", false},
		{"ru", "Спасибо за встречу в четверг.", true}, {"ru", "Спасибо за встречу в понедельник.", false}, {"ru", "Буду рада новой встрече в пятницу.", false}, {"ru", "Если удобно, могу подойти в среду на встречу.", false},
		{"hu", "Köszönöm a csütörtöki interjút.", true}, {"hu", "Köszönöm a hétfői interjút.", false}, {"hu", "Szívesen jövök pénteken egy interjúra.", false},
		{"ro", "Vă mulțumesc pentru interviul de vineri.", true}, {"ro", "Vă mulțumesc pentru interviul de luni.", false}, {"ro", "Vă mulțumesc pentru interviu; am trei luni de experiență.", false},
		{"el", "Σας ευχαριστώ για τη συνέντευξη της Πέμπτης.", true}, {"el", "Σας ευχαριστώ για τη συνέντευξη της Δευτέρας.", false}, {"el", "Σας ευχαριστώ για τη συζήτηση και για την πέμπτη ερώτηση.", false},
		{"hr", "Hvala na razgovoru u petak.", true}, {"hr", "Hvala na razgovoru u ponedjeljak.", false}, {"et", "Aitäh reedese vestluse eest.", true}, {"et", "Aitäh esmaspäevase vestluse eest.", false},
		{"sk", "Ďakujem za stretnutie vo štvrtok.", true}, {"sk", "Ďakujem za stretnutie v pondelok.", false},
		{"de", "Danke, dass Sie sich heute so viel Zeit für mich genommen haben.", true}, {"de", "Danke, dass Sie sich gestern so viel Zeit für mich genommen haben.", false}, {"de", "Danke, dass ich heute noch schreiben darf.", false},
		{"de", "Für die Aufnahme in Ihrem Haus am vergangenen Freitag bedanke ich mich.", true}, {"de", "Für ein weiteres Gespräch könnte ich am Freitag kommen.", false},
		{"ja", "本日はお忙しい中、面接のお時間をいただきありがとうございました。", true}, {"ja", "昨日はお忙しい中、面接のお時間をいただきありがとうございました。", false}, {"ja", "本日は面接のお礼を申し上げたくご連絡いたしました。", false},
		{"ja", "金曜日の面接ではありがとうございました。", true}, {"ja", "月曜日の面接ではありがとうございました。", false}, {"ja", "毎週金曜日の面談のお話が印象に残りました。", false}, {"ja", "次回の面接は金曜日に伺えます。", false},
		{"zh", "感谢您今天抽出时间与我面谈。", true}, {"zh", "感谢您昨天抽出时间与我面谈。", false}, {"zh", "今天写信是为了感谢您的面试机会。", false}, {"zh", "感谢您周五与我交流。", true}, {"zh", "您介绍的每周五的交流会很有意思。", false},
		{"tr", "Bugün bana zaman ayırdığınız için teşekkür ederim.", true}, {"tr", "Dün bana zaman ayırdığınız için teşekkür ederim.", false}, {"tr", "Bugün hâlâ aynı ilgiyle yazıyorum, zaman ayırdığınız için teşekkür ederim.", false},
		{"en", "Thank you for the chance to spend Wednesday morning with your staff.", true}, {"en", "Thank you for the chance to spend Monday morning with your staff.", false}, {"en", "Thank you so much for Thursday.", true}, {"en", "I liked how you spend Friday afternoons on the backlog.", false}, {"en", "You mentioned the Thursday morning stand-up.", false},
		{"ko", "오늘 면접 시간을 내주셔서 감사합니다.", true}, {"ko", "어제 면접 시간을 내주셔서 감사합니다.", false},
	} {
		in := greeted(t, row.language, "Acme", "")
		in.Text.Body = row.text + "\n\nDana Reyes\n"
		if f, ok := with(New().Check(in), "stale-day"); ok != row.wrong {
			t.Errorf("%s %q: stale %v, want %v: %s", row.language, row.text, ok, row.wrong, f.Text)
		}
	}
	in := question(t)
	in.Text.Body = "Hi Ken,\n\nI am following up on my interview on 23 October for the Site Reliability Engineer role. Is there any news?\n\nBest,\nDana Reyes\n"
	if _, ok := with(New().Check(in), "stale-day"); !ok {
		t.Error("a follow-up that names a day on which nobody met passes")
	}
	in.Interview.At, in.Application.Interviews[0].At = in.Interview.At.AddDate(0, 0, 0), in.Interview.At
	in.Text.Body = strings.Replace(in.Text.Body, "23 October", in.Interview.At.Format("2 January"), 1)
	if f, ok := with(New().Check(in), "stale-day"); ok {
		t.Errorf("the day of the interview is said to be wrong: %s (%s)", f.Text, in.Interview.At.Format(time.DateOnly))
	}
}

// An attachment is promised in every alphabet; what a medicine comes with, an app or a link
// is none.
func TestAttachmentsOfFurtherLanguages(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		language, text string
		promised       bool
	}{
		{"ja", "履歴書を添付いたします。", true}, {"ja", "医薬品の添付文書の話が印象に残りました。", false}, {"ja", "資料は添付しておりません。", false}, {"zh", "附件是我的简历。", true}, {"zh", "随信附上我的作品。", true}, {"zh", "附上我的作品链接。", false}, {"zh", "没有附件。", false},
		{"ko", "이력서를 첨부합니다.", true}, {"ru", "Во вложении мои рекомендации.", true}, {"ru", "Ваши вложения в обучение впечатляют.", false}, {"uk", "Резюме у вкладенні.", true}, {"uk", "Мені сподобалася нова кнопка у додатку.", false},
		{"tr", "Referanslarım ektedir.", true}, {"tr", "Ekibiniz ekte değil, sahada çalışıyor.", false}, {"el", "Επισυνάπτω το βιογραφικό μου.", true}, {"hu", "Csatolom az önéletrajzomat.", true}, {"hu", "Szívesen csatlakozom a csapathoz.", false}, {"he", "מצורף קובץ קורות החיים.", true}, {"ar", "تجدون في المرفق سيرتي الذاتية.", true},
	} {
		in := greeted(t, row.language, "Acme", "")
		in.Text.Body = row.text + "\n\nDana Reyes\n"
		if f, ok := with(New().Check(in), "no-attachment"); ok != row.promised {
			t.Errorf("%s %q: promised %v, want %v: %s", row.language, row.text, ok, row.promised, f.Text)
		}
	}
}

// Whoever is called in Korean by what they do, without a blank, is called by no name.
func TestKoreanOfficesJoined(t *testing.T) {
	t.Parallel()
	for _, called := range strings.Fields("팀장님 부장님 과장님 대표님 이사님 이사장님 교수님 선생님 담당자님 채용담당자님 매니저님 원장님 고객님 면접관님 실장님 본부장님 지점장님 대리님 주임님 간호사님 변호사님 변리사님 수석님 책임님 선임님 비서님 배우님 감독님 코치님 셰프님 멘토님 리더님 작가님 기자님 스승님 선배님 위원님 심사위원님 연구원님 조합원님 전문의님 전공의님 주치의님 조리사님 점주님 관계자님 운영팀장님 경영본부장님 강남역점장님 홍보실장님 원무과장님 성우님 시민님 공무원님 기획자님 노무사님 사범님 편집장님 전문가님 여러분 아저씨 손님") {
		if f, ok := with(New().Check(greeted(t, "ko", "박도겸", called+", 안녕하세요.")), "wrong-name"); ok {
			t.Errorf("%s: %s", called, f.Text)
		}
	}
}
