package mailer

import "strings"

// Question is the first sentence of a text that asks something, "" if none
// does. The text is the sender's own: quoted mail asks nothing any more. What
// is only courtesy ("How are you?", "Any questions?") is no question.
func Question(text string) string {
	text = text[:min(len(text), maxStatementBytes)]
	if at := strings.Index("\n"+text, "\n-- \n"); at >= 0 {
		text = text[:at] // a signature (RFC 3676 section 4.3)
	}
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		words := strings.Fields(paragraph)
		from := 0
		for n, w := range words {
			greeting := n < 4 && strings.HasSuffix(w, ",") // "Hi Dana,"
			if !greeting && !closesSentence(w) {
				continue
			}
			if s := words[from : n+1]; asks(w) && !courtesy(s) {
				return strings.Join(s, " ")
			}
			from = n + 1
		}
	}
	return ""
}

// closingMarks may stand behind the end of a sentence.
const closingMarks = `"')]}»”’*_`

// closesSentence reports whether a sentence may end with the word.
func closesSentence(word string) bool {
	w := strings.TrimRight(word, closingMarks)
	return strings.HasSuffix(w, ".") || strings.HasSuffix(w, "!") || strings.HasSuffix(w, "。") || asks(word)
}

// asks reports whether the word ends a question. An address of the web may hold
// a question mark, but nobody asks with it.
func asks(word string) bool {
	w := strings.TrimRight(word, closingMarks)
	for _, mark := range []string{"?", "？", "؟"} {
		if strings.HasSuffix(w, mark) {
			return !strings.Contains(w, "://")
		}
	}
	return false
}

// courtesy reports whether a question wants no answer by mail.
func courtesy(words []string) bool {
	s := strings.ToLower(strings.Join(words, " "))
	for _, phrase := range []string{"how are you", "how's it going", "how is it going", "any questions", "any further questions", "wie geht es", "wie geht's",
		"noch fragen", "comment allez-vous", "des questions", "qué tal", "cómo está", "alguna pregunta", "come sta", "hoe gaat het"} {
		if strings.Contains(s, phrase) {
			return true
		}
	}
	return false
}
