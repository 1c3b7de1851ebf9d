package proofread

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// hanField is what letters without blanks between their words leave open: circles or two
// crosses for a name, and the noun of a field in the brackets of those scripts.
var hanField = lazy(`[○◯]{2,}|〇{2,}|[XxＸｘ×]{2}(?:这个|这一|这份|の)?(?:公司|职位|岗位|先生|女士|经理|老师|株式会社|会社|大学|様|さん)|[【［\[](?:貴?(?:会社|社|企業)名|お?名前|氏名|部署名?|役職名?|職種名?|担当者名?|日付|公司(?:名称?)?|您的(?:姓名|名字)|姓名|职位(?:名称)?|岗位(?:名称)?|面试官(?:姓名)?|日期)[】］\]]|(?:OO+|○○+|◯◯+) ?(?:님|씨|팀장|부장|과장|대표|담당자|회사|기업|직무)`)

// hanFields is where such fields stand. A circle beside a numeral is a nought.
func (m *mail) hanFields(text string) [][]int {
	var all [][]int
	if !hasFarSigns(text) {
		return nil
	}
	for _, at := range hanField().FindAllStringIndex(text, -1) {
		if !hanNumeral().MatchString(text[max(0, at[0]-len("二")):at[0]]) && !m.isOwnName(text, at) && !m.isMeant(text, at) {
			all = append(all, at)
		}
	}
	return all
}

// hasFarSigns reports whether a text may hold signs of East Asia or circles: in UTF-8 they
// begin with no byte below.
func hasFarSigns(text string) bool {
	for i := range len(text) {
		if text[i] >= 0xe2 {
			return true
		}
	}
	return false
}

var hanNumeral = lazy(`[一二三四五六七八九十〇]$`)

// hanCall is a first line that calls somebody in Japanese or Chinese.
var hanCall = lazy(`^\s*(?:尊敬的|亲爱的|您好[，,、]?|你好[，,、]?)?\s*([\p{Han}\p{Hiragana}\p{Katakana}ー々\s　]+?)(?:様|さま|さん|殿|先生|[部課社店室院校園所]長|主任|女士|小姐|老师|教授|经理|总监|主管|博士|医生|总)[、，,：:\s]*(?:您好|你好)?[、，,：:。！!\s]*$`)

// hanOffice are signs of which departments and offices are made and hardly a name: whoever
// is called by one of those is called by what they do.
const hanOffice = "皆各担当事長长業业務务技術术発发造質质購购採聘报報護护士厨料理校院店部課课科室項项目资資源官员員者师師試试営营広販销"

// calledInHan finds a greeting that shares no signs with the name of whom the mail goes to.
func (m *mail) calledInHan(p scheduler.Person) []scheduler.Finding {
	line, place := m.text.firstLine()
	called := hanCall().FindStringSubmatch(line)
	name := p.Name + p.Greet
	if called == nil || !hasHan(called[1]) || !hasHan(name) {
		return nil
	}
	if last := strings.Fields(called[1]); strings.ContainsAny(last[len(last)-1], hanOffice) { // behind a department a name may stand
		return nil
	}
	if sharesSigns(called[1], name, baseLanguage(m.language) == "zh") {
		return nil
	}
	return found(place, "the greeting says %q, but the mail goes to %s; write the name as they do, or set greet to the short form that they use", strings.TrimSpace(line), calledName(p))
}

// sharesSigns reports whether a call holds the name's signs: two in a row, as 鈴木 and 佐々木 do
// not, or one where either is no longer. Of a Chinese call "little Wang" the second is meant.
func sharesSigns(called, name string, chinese bool) bool {
	fields := strings.Fields(called)
	last, whole := fields[len(fields)-1], strings.Join(strings.Fields(name), "")
	if chinese {
		last = strings.TrimLeft(last, "小老阿")
	}
	if r := []rune(last); len(r) < 2 {
		return last == "" || strings.Contains(whole, last)
	} else if len([]rune(whole)) < 2 {
		return strings.Contains(last, whole)
	}
	signs := []rune(last)
	for i := 1; i < len(signs); i++ {
		if strings.Contains(whole, string(signs[i-1:i+1])) {
			return true
		}
	}
	return slices.ContainsFunc(strings.Fields(name), func(part string) bool {
		return len([]rune(part)) == 1 && strings.HasPrefix(last, part)
	})
}

// hangulCall is a first line that calls somebody in Korean by a name before an honorific, and
// hangulOffice what stands there instead of one. Before "님" alone a blank shows that it is a
// name; before a title a family name does, which departments ("영업 본부장님") do not bear.
var (
	hangulCall   = lazy(`^\s*(?:안녕하세요[,.!]?\s*)?(?:(\p{Hangul}{2,4}) (?:님|씨)|([` + hangulFamilies + `]\p{Hangul}{2}) \p{Hangul}{2,5}님)(?:께)?[,.!\s]*(?:안녕하세요[.!]?)?\s*$`)
	hangulOffice = lazy(`[팀부과실국점장]$|대리|대표|이사|교수|선생|담당|면접|채용|인사|매니저|여러분|관계자`)
)

// Without a blank, "님" stands behind offices more often than behind names: what is a name is
// known by the syllables in which given names end, behind three by the family's, too.
var (
	hangulJoined  = lazy(`^\s*(?:안녕하세요[,.!]?\s*)?(?:(\p{Hangul}[` + hangulEndings + `])|([` + hangulFamilies + `]\p{Hangul}[` + hangulEndings + `진미경정주호성선지원수인하나라])(?:팀장|부장|차장|과장|대리|이사|교수|선생|매니저|원장|실장|본부장|점장|지점장|사장|대표)?)(?:님|씨)(?:께)?[,.!\s]*(?:안녕하세요[.!]?)?\s*$`)
	hangulNoNames = lazy(`배우$|비서$|수석$|스승$|사범$|성우$|[시주국도농군구어난]민$|[직임위의회합구사요무내대수]원$|[점업건물]주$|[교조선가군]수$|[주장상법노군연예치타본부]인$|선생|간호$|변호$|변리사|대표|담당|면접|채용|팀$|지점$|상급|전문|주임|행정$|공정$|보호$|기관지$|매장$|감정$|요정$|개정$`)
)

const hangulEndings = "훈영희연은현우준민서아윤빈석철숙혜린람솔율욱환규태재승별찬혁섭일균범식용"

const hangulFamilies = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄원천방공현함변염여추도석선설길연위표명기라왕금옥육맹제모탁국어은편용"

// calledInHangul finds a Korean greeting that shares no syllable with the reader's name.
func (m *mail) calledInHangul(p scheduler.Person) []scheduler.Finding {
	line, place := m.text.firstLine()
	called := hangulCall().FindStringSubmatch(line)
	if joined := hangulJoined().FindStringSubmatch(line); called == nil && joined != nil && !hangulNoNames().MatchString(joined[1]+joined[2]) {
		called = joined
	}
	name := p.Name + p.Greet
	if called == nil || hangulOffice().MatchString(called[1]+called[2]) || !strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) || strings.ContainsAny(called[1]+called[2], name) {
		return nil
	}
	return found(place, "the greeting says %q, but the mail goes to %s; write the name as they do, or set greet to the short form that they use", strings.TrimSpace(line), calledName(p))
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// hanDays are the words of Japanese, Chinese and Korean for a day, by how many days ago it
// is, and for a day of the week. Between their words stands no blank.
var hanDays = []struct {
	word func() *regexp.Regexp
	ago  int
}{
	{lazy(`本日|今日|今朝|今天|今早|今晚|오늘`), 0}, {lazy(`昨日|昨晩|昨天|昨晚|어제`), 1}, {lazy(`一昨日|おととい|前天|그저께`), 2},
}

var hanWeekday = lazy(`([月火水木金土日])曜日?|(?:周|星期|礼拜)([一二三四五六日天])|([월화수목금토일])요일`)

// hanMet is how a clause goes on behind a day that it dates a meeting with, and hanWrites
// behind one on which only this mail is written.
var (
	hanMet    = lazy(`面接|面談|面试|面谈|交谈|交流|会面|见面|抽出|抽空|抽时间|お時間|お話|ご説明|お会い|通话|聊|면접|면담|시간|만나|뵙|말씀`)
	hanWrites = lazy(`お礼|御礼|写信|来信|发(?:邮件|信)|致信|ご連絡|メール|連絡|이메일|메일|연락`)
	hanNext   = lazy(`次回|来週|下周|下次|可能|伺え|都合|如果|若|ご検討|方便|可以|までに|までは|之前|다음`)
)

// farFromDay is how many signs more than such a clause may stand there: particles, and whom
// one met.
const farFromDay = 4

// hanBusy is the clause that may stand between a day and the meeting, and hanEach makes a
// day of the week one of every week.
var (
	hanBusy = lazy(`は?[、,，]?(?:大変|ご|お|在)?(?:忙しい?|多忙|百忙)の?(?:中|ところ|之中)?に?[もを]?[、,，]?|貴重な|귀한|바쁘신? ?(?:중에도?|와중에도?)?|午前中?|午後|上午|下午|晚上|오전|오후`)
	// hanTopic makes a day one that is spoken of: "the work on Fridays", "today I still think".
	hanTopic = lazy(`の[^面お]|的|について|介绍|[도还또]`)
	hanEach  = lazy(`[每毎][周週]?$|매주 ?$`)
)

// staleInHan finds a day of a meeting that it was not on.
func (m *mail) staleInHan(leaves calendar.Date) []scheduler.Finding {
	days := meetingDays(m)
	if len(days) == 0 || !hasEastern(m.text.content()) {
		return nil
	}
	for _, p := range m.own.prose() {
		from := 0
		for _, s := range strings.SplitAfter(strings.NewReplacer("。", "。\x00", "！", "！\x00", "？", "？\x00", ". ", ". \x00").Replace(p.text), "\x00") {
			s = strings.TrimSuffix(s, "\x00")
			if word := staleWord(s, days, leaves); word != "" {
				return found(p.at(from), "%q is not true on %s, when the mail leaves: the interview was on %s; write the day", word, leaves.Words(), days[0].Words())
			}
			from += len(s)
		}
	}
	return nil
}

// staleWord is the one word for a day that a sentence about a meeting names and on which
// none was, "" if there is none or it names another, too.
func staleWord(s string, days []calendar.Date, leaves calendar.Date) string {
	word, behind, wrong := "", "", false
	for _, d := range hanDays {
		if at := d.word().FindStringIndex(s); at != nil && !(d.ago == 1 && strings.HasSuffix(s[:at[0]], "一")) {
			if word != "" {
				return ""
			}
			word, behind, wrong = s[at[0]:at[1]], s[at[1]:], !holds(days, leaves.AddDays(-d.ago))
		}
	}
	if at := hanWeekday().FindStringIndex(s); at != nil && !hanEach().MatchString(s[:at[0]]) {
		if word != "" {
			return ""
		}
		word, behind, wrong = s[at[0]:at[1]], s[at[1]:], true
		for _, d := range days {
			wrong = wrong && d.Weekday() != hanWeekdayOf(s[at[0]:at[1]])
		}
	}
	met := hanMet().FindStringIndex(behind)
	if !wrong || met == nil || hanNext().MatchString(s) || hanWrites().MatchString(behind) {
		return ""
	}
	if between := hanBusy().ReplaceAllString(behind[:met[0]], ""); len([]rune(between)) > farFromDay || hanTopic().MatchString(between) {
		return ""
	}
	return word
}

// hanWeekdayOf is the day of the week that a word names.
func hanWeekdayOf(word string) time.Weekday {
	for _, names := range []string{"日月火水木金土", "日一二三四五六", "天一二三四五六", "일월화수목금토"} {
		n := 0
		for _, r := range names {
			if strings.ContainsRune(strings.TrimSuffix(strings.TrimSuffix(word, "曜日"), "요일"), r) {
				return time.Weekday(n)
			}
			n++
		}
	}
	return time.Sunday
}

// hasEastern reports whether a text holds signs of Chinese, Japanese or Korean.
func hasEastern(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana) })
}

// hanAttached is how those languages, without blanks between the words, promise an
// attachment, and hanUnattached what denies one. What a medicine comes with is none.
var (
	hanAttached   = lazy(`添付(?:いた|致|し(?:ま|て)|させ|の(?:とおり|通り|資料|履歴書|職務|ファイル|書類)|ファイル|資料)|附件(?:是|为)|附件[中里内]?[有含附][上了含]?(?:我|本人|简历|作品|推荐)|(?:见|查收|查看|参见|查阅|在)附件|随(?:信|邮件|函)附|附上|附带了|첨부(?:합|하|해|했|드)|첨부(?:된 )?(?:파일|이력서|문서)(?:을|를)? (?:확인|참고|보내)`)
	hanUnattached = lazy(`(?:没有|未|不|无|无需|如需)$`)
)

// attachedInHan finds such a promise.
func (m *mail) attachedInHan() (phrase, place string, ok bool) {
	if !hasEastern(m.text.content()) {
		return "", "", false
	}
	for _, p := range m.own.prose() {
		if at := hanAttached().FindStringIndex(p.text); at != nil && !hanUnattached().MatchString(p.text[:at[0]]) && !hanNot().MatchString(p.text[at[1]:]) {
			return p.text[at[0]:at[1]], p.at(at[0]), true
		}
	}
	return "", "", false
}

var hanNot = lazy(`^[^。！？.]{0,8}(?:ません|ない|しなく|않|못|链接|网址|リンク|URL|링크)`)
