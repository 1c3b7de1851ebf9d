package proofread

import (
	"strings"
	"unicode"

	"afterword/scheduler"
)

// hanField is what letters without blanks between their words leave open: circles or two
// crosses for a name, and the noun of a field in the brackets of those scripts.
var hanField = lazy(`[○◯]{2,}|〇{2,}|[XxＸｘ×]{2}(?:公司|职位|岗位|先生|女士|经理|老师|株式会社|会社|大学|様|さん)|[【［\[](?:貴?(?:会社|社|企業)名|お?名前|氏名|部署名?|役職名?|職種名?|担当者名?|日付|公司(?:名称?)?|您的(?:姓名|名字)|姓名|职位(?:名称)?|岗位(?:名称)?|面试官(?:姓名)?|日期)[】］\]]`)

// hanFields is where such fields stand. A circle beside a numeral is a nought.
func (m *mail) hanFields(text string) [][]int {
	var all [][]int
	for _, at := range hanField().FindAllStringIndex(text, -1) {
		if !hanNumeral().MatchString(text[max(0, at[0]-len("二")):at[0]]) && !m.isOwnName(text, at) && !m.isMeant(text, at) {
			all = append(all, at)
		}
	}
	return all
}

var hanNumeral = lazy(`[一二三四五六七八九十〇]$`)

// hanCall is a first line that calls somebody in Japanese or Chinese.
var hanCall = lazy(`^\s*(?:尊敬的|亲爱的|您好[，,、]?|你好[，,、]?)?\s*([\p{Han}\p{Hiragana}\p{Katakana}ー々\s　]+?)(?:様|さま|さん|先生|女士|小姐|老师|教授|经理)\s*(?:您好|你好)?[、，,：:。！!\s]*$`)

// calledInHan finds a greeting that shares no sign with the name of whom the mail goes to.
func (m *mail) calledInHan(p scheduler.Person) []scheduler.Finding {
	line, place := m.text.firstLine()
	called := hanCall().FindStringSubmatch(line)
	name := p.Name + p.Greet
	if called == nil || !hasHan(called[1]) || !hasHan(name) || strings.ContainsAny(called[1], "皆各担") {
		return nil
	}
	for _, r := range called[1] {
		if unicode.Is(unicode.Han, r) && strings.ContainsRune(name, r) {
			return nil
		}
	}
	return found(place, "the greeting says %q, but the mail goes to %s; write the name as they do, or set greet to the short form that they use", strings.TrimSpace(line), calledName(p))
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
