package mailer

import (
	"strings"

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
	case begins("以降", "から", "より", "に出社", "に戻", "は出社", "부터", "이후", "에 복귀", "에 출근", "에 돌아", "返回", "回来", "回來", "恢复", "恢復", "上班", "返岗", "起", "以后", "以後", "之后"):
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
