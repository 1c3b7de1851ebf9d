package proofread

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"afterword/scheduler"
)

// lines are how many a paragraph fills on a screen.
func (p passage) lines() int {
	return max(1, (utf8.RuneCountInString(strings.TrimSpace(p.text))+lineWidth-1)/lineWidth)
}

// length compares the mail with what people read to its end.
func length(m *mail) []scheduler.Finding {
	n, lines := len(strings.Fields(m.text.content())), 0
	much := max(n, m.asEnglishWords())
	for _, p := range m.text.paragraphs {
		lines += p.lines()
	}
	least, most := thanksMinWords, thanksMaxWords
	if m.kind == scheduler.Asking {
		least, most = askingMinWords, askingMaxWords
	}
	switch {
	case n > mostWords:
		return graded(scheduler.Error, "text", "the text has %d words; nobody reads more than %d, so cut it", n, mostWords)
	case much < least:
		return found("text", "the text has %d words; %d to %d read well", n, least, most)
	case n > most:
		return found("text", "the text has %d words; %d to %d read well, so shorten it", n, least, most)
	case m.kind == scheduler.Owed && (lines < thanksMinLines || lines > thanksMaxLines):
		return found("text", "the text fills %d lines of about %d characters; %d to %d read well", lines, lineWidth, thanksMinLines, thanksMaxLines)
	}
	return nil
}

// asEnglishWords is how many words an English text of that length has, 0 for an English
// one: some languages say in one word what it says in three, and some put no blank
// between words.
func (m *mail) asEnglishWords() int {
	const letters, signs = 5, 2 // for each word, with its blank; of Chinese and Japanese
	if baseLanguage(m.language) == "en" {
		return 0
	}
	whole := 0
	text := m.text.content()
	for _, r := range text {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			whole++
		}
	}
	return max(utf8.RuneCountInString(text)/letters, whole/signs)
}

// dense finds paragraphs that look like work.
func dense(m *mail) []scheduler.Finding {
	for _, p := range m.text.paragraphs {
		if n := len(strings.Fields(p.text)); n > denseWords || p.lines() > denseLines {
			return found(p.at(0), "the paragraph has %d words on %d lines; split or shorten it", n, p.lines())
		}
	}
	return nil
}

// missingPart looks for the four things that a thank-you says.
func missingPart(m *mail) []scheduler.Finding {
	switch m.in.Template {
	case "reply-to-rejection":
		return nil // nothing is left to offer
	}
	content := m.text.content()
	var missing []string
	for _, part := range []struct {
		name string
		e    search
	}{{"the thanks", m.phrases().thanks}, {"the role", m.phrases().role}, {"your continued interest", m.phrases().interest}, {"the offer of more information", m.phrases().offer}} {
		there := part.e.Match(content) || part.name == "the thanks" && len(m.text.signature) > 0 && part.e.Match(m.text.signature[0].text)
		if part.name == "the role" {
			there = there || m.in.Application.Role != "" && wholeWord(content, strings.Join(strings.Fields(plain(m.in.Application.Role)), " "))
		}
		if !there {
			missing = append(missing, part.name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return found("text", "the note lacks %s", strings.Join(missing, ", "))
}

var questionMarks = lazy(`\?+`)

// noQuestion wants one clear question in a mail that asks.
func noQuestion(m *mail) []scheduler.Finding {
	marks := 0
	for _, p := range m.own.paragraphs {
		marks += len(questionMarks().FindAllString(withoutLinks(p.text), -1))
	}
	switch {
	case marks > 1:
		return found("text", "there are %d questions; one is answered sooner", marks)
	case marks == 0 && !m.phrases().request.Match(m.own.content()):
		return found("text", "the mail asks nothing; put one clear question")
	}
	return nil
}

var webLinks = lazy(`https?://\S+`)

// withoutLinks takes the question marks of web addresses out.
func withoutLinks(s string) string { return webLinks().ReplaceAllString(s, "") }
