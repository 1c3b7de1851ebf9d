package mailer

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// eastern reads 12月1日 and 2026年12月1日, in Chinese, Japanese and Korean. Their
// digits may be full-width.
func (r *dateReader) eastern(i int) (foundDate, bool) {
	year, at := 0, i
	if n, ok := r.easternNumber(at, "年", "년"); ok && n >= 1990 && n < 2200 {
		year, at = n, at+2
	}
	month, ok := r.easternNumber(at, "月", "월")
	if !ok || month < 1 || month > 12 {
		return foundDate{}, false
	}
	day, ok := r.easternNumber(at+2, "日", "号", "號", "일")
	if !ok || day < 1 || day > 31 {
		return foundDate{}, false
	}
	d := r.make(year, month, day, i, at+4)
	d.eastern = true
	return d, true
}

// easternTerm reads 一週間以内 and 两周内, 3営業日以内, 来週 and 下周五.
func (r *dateReader) easternTerm(i int) (d foundDate, ok bool) {
	if c, _ := utf8.DecodeRuneInString(r.text[r.words[i].start:]); c < utf8.RuneSelf && !isDigit(byte(c)) {
		return d, false // most words
	}
	rest, skipped := r.text[r.words[i].start:], 0
	n, counted := number(norm.NFKC.String(r.spelled(i)))
	if n == 0 {
		n, counted = easternDigit(rest)
	}
	if counted {
		rest, skipped = r.text[r.words[i].end:], int(r.words[i].end-r.words[i].start)
	}
	for _, t := range easternTerms {
		if counted != t.counted {
			continue
		}
		for _, spelled := range t.spelled {
			if !strings.HasPrefix(rest, spelled) {
				continue
			}
			d.first, d.end = i, r.wordAt(i, int(r.words[i].start)+skipped+len(spelled))
			d = t.day(r, d, n)
			d.eastern = true
			return d, !d.day.IsZero()
		}
	}
	return d, false
}

// easternTerms are lengths of time with their "within", and weeks.
var easternTerms = []struct {
	counted bool
	spelled []string
	day     func(*dateReader, foundDate, int) foundDate
}{
	{true, []string{"週間以内", "週間のうち", "週間内", "周之内", "周以内", "周内", "週內", "週之內", "个星期内", "個星期內", "个星期之内"}, func(r *dateReader, d foundDate, n int) foundDate {
		return r.within(d, r.midnight().AddDate(0, 0, 7*n))
	}},
	{true, []string{"営業日以内", "营业日内", "个工作日内", "个工作日之内", "個工作日內", "工作日内", "영업일 이내"}, func(r *dateReader, d foundDate, n int) foundDate {
		return r.within(d, r.workingDays(n))
	}},
	{true, []string{"日以内", "天内", "天之内", "天以内", "天內", "일 이내"}, func(r *dateReader, d foundDate, n int) foundDate {
		return r.within(d, r.midnight().AddDate(0, 0, n))
	}},
	{false, []string{"再来週", "下下周", "下下週"}, func(r *dateReader, d foundDate, _ int) foundDate { return r.easternWeek(d, 2) }},
	{false, []string{"来週", "下周", "下週", "下星期", "다음 주"}, func(r *dateReader, d foundDate, _ int) foundDate { return r.easternWeek(d, 1) }},
	{false, []string{"今週中", "本周内", "这周内", "本週內", "이번 주"}, func(r *dateReader, d foundDate, _ int) foundDate { return r.easternWeek(d, 0) }},
}

// isEasternDeadline tells a term: a length, or a date with "by" behind it.
func (r *dateReader) isEasternDeadline(d foundDate) bool {
	rest := strings.TrimLeft(unwrapped(r.text[d.to:]), " 　")
	if strings.IndexAny(rest, "（(") == 0 {
		_, rest, _ = strings.Cut(rest, closing(rest))
	}
	return d.length || slices.ContainsFunc([]string{"まで", "迄", "中に", "内", "前", "之前", "以前", "까지"}, func(cue string) bool { return strings.HasPrefix(rest, cue) })
}

func (r *dateReader) within(d foundDate, day time.Time) foundDate {
	d.day, d.last, d.length = day, day, true
	return d
}

// easternWeek is a week, or the day of it that stands behind: 下周五, 来週の水曜日.
func (r *dateReader) easternWeek(d foundDate, ahead int) foundDate {
	week := r.week(d.first, d.end, ahead)
	i := d.end
	if r.adjoins(i) && r.spelled(i) == "の" {
		i++
	}
	if !r.adjoins(i) {
		return week
	}
	c, size := utf8.DecodeRuneInString(r.text[r.words[i].start:])
	for n, names := range []string{"月一", "火二", "水三", "木四", "金五"} {
		if strings.ContainsRune(names, c) {
			week.day = week.day.AddDate(0, 0, n)
			behind := int(r.words[i].start) + size
			if strings.HasPrefix(r.text[behind:], "曜日") {
				behind += len("曜日")
			}
			week.last, week.end = week.day, r.wordAt(i, behind)
			break
		}
	}
	return week
}

// wordAt is the first word from i on that begins at an offset or behind it.
func (r *dateReader) wordAt(i, offset int) int {
	for i < len(r.words) && int(r.words[i].start) < offset {
		i++
	}
	return i
}

// easternDigit reads the number that a text begins with.
func easternDigit(text string) (int, bool) {
	c, _ := utf8.DecodeRuneInString(text)
	for n, names := range []string{"一", "二两兩", "三", "四", "五", "六", "七", "八", "九", "十"} {
		if strings.ContainsRune(names, c) {
			return n + 1, true
		}
	}
	return 0, false
}

// easternNumber reads the number at word i if one of the units stands behind it.
func (r *dateReader) easternNumber(i int, units ...string) (int, bool) {
	if i+1 >= len(r.words) || !isOneOf(r.spelled(i+1), units) {
		return 0, false
	}
	return number(norm.NFKC.String(r.spelled(i)))
}

func isOneOf(w string, list []string) bool {
	for _, other := range list {
		if w == other {
			return true
		}
	}
	return false
}

// judgeEastern scores a date whose cue stands behind it: まで is until, 以降 from
// then on. A day named as the beginning of a span is none on which anybody is back.
func (r *dateReader) judgeEastern(d foundDate) (score, days int) {
	rest := strings.TrimLeft(unwrapped(r.text[d.to:]), " 　")
	if open := strings.IndexAny(rest, "（(["); open == 0 {
		_, rest, _ = strings.Cut(rest, closing(rest))
	}
	sentence, _, _ := strings.Cut(rest, "。")
	begins := func(any ...string) bool {
		for _, s := range any {
			if strings.HasPrefix(rest, s) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("まで", "迄", "까지", "为止", "為止"):
		return untilScore, 1
	case begins("から", "より", "부터", "至", "到", "~", "～", "〜", "-") && strings.ContainsAny(sentence, "日일号號"):
		return 0, 0
	case begins("以降", "から", "より", "に出社", "に戻", "は出社", "부터", "이후", "에 복귀", "에 출근", "에 돌아", "返回", "回到", "回来", "回來", "恢复", "恢復", "上班", "返岗", "起", "以后", "以後", "之后"):
		return fromScore, 0
	case strings.HasSuffix(r.text[:d.from], "至") || strings.HasSuffix(r.text[:d.from], "到"):
		return untilScore, 1
	}
	return 0, 0
}

// unwrapped joins the lines at the beginning of a text.
func unwrapped(text string) string {
	const most = 400
	return strings.NewReplacer("\r\n", " ", "\n", " ").Replace(text[:min(len(text), most)])
}

// closing is the bracket that ends what begins with an opening one.
func closing(s string) string {
	switch {
	case strings.HasPrefix(s, "（"):
		return "）"
	case strings.HasPrefix(s, "["):
		return "]"
	}
	return ")"
}
