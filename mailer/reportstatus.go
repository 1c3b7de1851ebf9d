package mailer

import "strings"

// firstStatus finds the first enhanced status code of a text (RFC 3463 section
// 2): class, subject and detail. A version number or an address of four
// numbers is none.
func firstStatus(s string) string { return findStatus(s, "245") }

// firstFailure finds the first enhanced status code that speaks of failure.
func firstFailure(s string) string { return findStatus(s, "45") }

func findStatus(s, classes string) string {
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(classes, s[i]) < 0 {
			continue
		}
		if i > 0 && (isDigit(s[i-1]) || s[i-1] == '.' || isLetter(s[i-1])) {
			continue
		}
		if end := statusEnd(s[i:]); end > 0 {
			return s[i : i+end]
		}
	}
	return ""
}

// statusEnd returns the length of the code at the start of s, 0 if none is there.
func statusEnd(s string) int {
	at := 1
	for range 2 {
		if at >= len(s) || s[at] != '.' {
			return 0
		}
		at++
		digits := at
		for at < len(s) && isDigit(s[at]) {
			at++
		}
		if at == digits || at-digits > 3 {
			return 0
		}
	}
	if at < len(s) && (isLetter(s[at]) || s[at] == '.' && at+1 < len(s) && isDigit(s[at+1])) {
		return 0
	}
	return at
}

// replyClass finds SMTP reply codes in a server's words (RFC 5321 section 4.2)
// and returns the class digit of the last one that speaks of failure, 0 if
// there is none: the last answer is the one that the server gave up on.
func replyClass(s string) byte {
	class := byte(0)
	for i := 0; i+3 <= len(s); i++ {
		if s[i] != '4' && s[i] != '5' || !isDigit(s[i+1]) || !isDigit(s[i+2]) || s[i+1] > '5' {
			continue
		}
		if i > 0 && !strings.ContainsRune(" \n\t:;(<>[\"'#=-", rune(s[i-1])) {
			continue
		}
		if i+3 < len(s) && !strings.ContainsRune(" -\n", rune(s[i+3])) {
			continue
		}
		if isReplyPlace(s, i) {
			class = s[i]
		}
	}
	return class
}

// isReplyPlace tells a reply code from any other number: what follows is a
// status code or text in the style of servers, and what precedes it ends a
// clause or begins a line.
func isReplyPlace(s string, i int) bool {
	rest := strings.TrimLeft(s[i+3:min(len(s), i+12)], " -")
	if rest == "" {
		return true
	}
	if statusEnd(rest) > 0 || rest[0] == '<' || rest[0] == '#' {
		return true
	}
	before := strings.TrimRight(s[max(0, i-12):i], " ")
	if before == "" {
		return true
	}
	for _, end := range []string{"\n", ":", ">", "<", ";", "said", "was", "error"} {
		if strings.HasSuffix(before, end) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
