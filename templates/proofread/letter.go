package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"afterword/scheduler"

	"golang.org/x/text/unicode/norm"
)

// passage is a stretch of the text that is read in one go: the subject, or a
// paragraph whose lines are joined.
type passage struct {
	line int    // number of its first line in the body, from 1; 0 for the subject
	text string // lines joined by blanks
	raw  string // the same bytes with the line ends
	item bool   // an entry of a list
}

// at names the place of a byte of the passage.
func (p passage) at(i int) string {
	if p.line == 0 {
		return "subject"
	}
	return fmt.Sprintf("line %d", p.line+strings.Count(p.raw[:min(i, len(p.raw))], "\n"))
}

// letter is a mail taken apart: what others wrote before is left out.
type letter struct {
	subject    passage
	greeting   passage // from the first word to what ends it; empty if there is none
	named      string  // what the greeting calls its reader, as written
	paragraphs []passage
	signature  []passage // the closing and what follows, line by line
	lines      []string  // the whole body without what was quoted
}

// readLetter takes a mail apart. The candidate tells the signature where no
// closing does.
func readLetter(subject, body string, me scheduler.Me) letter {
	l := letter{subject: passage{text: plain(subject), raw: plain(subject)}}
	l.lines = withoutQuoted(strings.Split(plain(body), "\n"))
	end := signatureStart(l.lines, me)
	first, rest := l.readGreeting(end)
	l.readParagraphs(first, end, rest)
	for i := end; i < len(l.lines); i++ {
		if text := strings.TrimSpace(l.lines[i]); text != "" {
			l.signature = append(l.signature, passage{line: i + 1, text: text, raw: text})
		}
	}
	return l
}

// plain gives characters that look alike one form, so that a phrase is found
// whichever keyboard wrote it.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == '\r' || r > unicode.MaxASCII }) {
		return s
	}
	return alike().Replace(norm.NFC.String(strings.ToValidUTF8(s, "\ufffd")))
}

var alike = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2018", "'", "\u2019", "'", "\u02bc", "'", "\u201c", `"`, "\u201d", `"`,
		"\u201e", `"`, "\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u200b", "", "\u200c", "", "\u2060", "", "\ufeff", "", "\u00ad", "",
		"\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u061c", "", // marks of direction
		"\u2010", "-", "\u2011", "-", "\u00b4", "'", "\u2032", "'", "\u201b", "'", "\u2007", " ", "\u2008", " ", "\u3000", " ", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n",
		"\ufb00", "ff", "\ufb01", "fi", "\ufb02", "fl", "\ufb03", "ffi", "\ufb04", "ffl")
})

// withoutQuoted empties the lines of an earlier mail, so that the others keep
// their numbers.
func withoutQuoted(lines []string) []string {
	kept := make([]string, len(lines))
	for i, l := range lines {
		t := strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(t, ">"):
		case strings.HasPrefix(t, "-----Original Message"):
			return kept
		case strings.HasSuffix(t, ":") && i+1 < len(lines) && strings.HasPrefix(strings.TrimSpace(next(lines[i+1:])), ">"):
		default:
			kept[i] = l
		}
	}
	return kept
}

// next is the first line that is not empty.
func next(lines []string) string {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return l
		}
	}
	return ""
}

// longestSignature bounds, in lines, what may follow a closing.
const longestSignature = 9

// signatureStart is the index of the closing, or of the signature where there
// is none, or the number of lines.
func signatureStart(lines []string, me scheduler.Me) int {
	for i, l := range lines {
		if l == "--" || l == "-- " {
			return min(i, closingAt(lines[:i]))
		}
	}
	if i := closingAt(lines); i < len(lines) {
		return i
	}
	return bareName(lines, me)
}

// closingAt is the index of the last line that closes a letter.
func closingAt(lines []string) int {
	below := 0
	for i := len(lines) - 1; i > 0 && below < longestSignature; i-- {
		t := strings.TrimSpace(lines[i])
		if t == "" {
			continue
		}
		if isClosing(t) || closesByForm(lines, i) {
			return i
		}
		below++
	}
	return len(lines)
}

// closesByForm knows a goodbye in any language by its place: a few words and a
// comma on a line of their own, and below them nothing but a short name.
func closesByForm(lines []string, i int) bool {
	t := strings.TrimSpace(lines[i])
	if !strings.HasSuffix(t, ",") || len(strings.Fields(t)) > 7 || strings.TrimSpace(lines[i-1]) != "" || strings.TrimSpace(next(lines[:i])) == "" {
		return false
	}
	name := strings.TrimSpace(next(lines[i+1:]))
	if name == "" || len(strings.Fields(name)) > 4 || strings.ContainsAny(name[len(name)-1:], ".,;:!?") || !unicode.IsUpper([]rune(name)[0]) {
		return false
	}
	return unicode.IsUpper([]rune(t)[0])
}

// isClosing knows "Best regards," also with the name in the same line.
func isClosing(line string) bool {
	head, name, ok := strings.Cut(line, ",")
	if ok && strings.TrimSpace(name) != "" && (len(strings.Fields(name)) > 3 || !unicode.IsUpper([]rune(strings.TrimSpace(name))[0])) {
		return false
	}
	head = strings.ToLower(strings.TrimRight(strings.TrimSpace(head), "!.,"))
	switch strings.TrimSuffix(strings.TrimPrefix(head, "with "), " again") {
	case "best regards", "kind regards", "regards", "warm regards", "warmest regards", "kindest regards", "warmly", "best", "best wishes",
		"all the best", "all best", "sincerely", "yours sincerely", "sincerely yours", "yours truly", "yours", "yours faithfully",
		"respectfully", "cheers", "thanks", "many thanks", "thank you", "thanks so much", "thank you so much", "thank you very much",
		"gratitude", "appreciation", "gratefully", "cordially", "take care", "talk soon", "speak soon", "see you soon",
		"kind wishes", "cordialement", "bien cordialement", "bien à vous", "sincères salutations", "mit freundlichen grüßen",
		"viele grüße", "beste grüße", "herzliche grüße", "freundliche grüße", "saludos", "un saludo", "saludos cordiales", "atentamente",
		"med vennlig hilsen", "med venlig hilsen", "med vänlig hälsning", "vennlig hilsen", "met vriendelijke groet", "cordiali saluti", "saluti",
		"un caro saluto", "atenciosamente", "com os melhores cumprimentos", "pozdrawiam", "ystävällisin terveisin", "mit besten grüßen", "liebe grüße":
		return true
	}
	return strings.HasSuffix(strings.TrimSpace(line), ",") && closesWith(head) || len(strings.Fields(head)) <= 6 && !strings.HasSuffix(strings.TrimSpace(line), ".") && closingLanguage(head) != ""
}

// closesWith reports whether a line says nothing but goodbye: "With thanks and
// best wishes", "Very truly yours". Only a comma behind it tells it from a
// sentence.
func closesWith(head string) bool {
	heart := false
	for _, w := range strings.Fields(head) {
		switch strings.Trim(w, "-–&") {
		case "best", "regards", "wishes", "sincerely", "yours", "truly", "faithfully", "respectfully", "cheers", "thanks", "thank", "gratitude",
			"gratefully", "appreciation", "cordially", "warmly", "fondly", "soon", "greetings", "care", "luck":
			heart = true
		case "", "with", "and", "my", "our", "all", "the", "very", "most", "many", "so", "much", "a", "lot", "you", "again", "kind", "kindest", "warm", "warmest",
			"good", "great", "sincere", "sincerest", "deep", "deepest", "respectful", "friendly", "take", "talk", "speak", "see", "until", "in", "advance", "for", "your", "time",
			"consideration", "once", "more", "bright", "sunny", "from", "to", "everyone":
		default:
			return false
		}
	}
	return heart
}

// bareName is the index where the text ends with the candidate's name or
// signature and nothing that closes it.
func bareName(lines []string, me scheduler.Me) int {
	mine := map[string]bool{strings.ToLower(strings.TrimSpace(me.Name)): true}
	for l := range strings.Lines(me.Signature) {
		mine[strings.ToLower(strings.TrimSpace(plain(l)))] = true
	}
	if first := strings.Fields(strings.ToLower(me.Name)); len(first) > 0 {
		mine[first[0]] = true
	}
	delete(mine, "")
	end := len(lines)
	for i := len(lines) - 1; i > 0; i-- {
		t := strings.ToLower(strings.TrimSpace(lines[i]))
		if t != "" && !mine[strings.TrimLeft(t, "-– ")] {
			break
		}
		if t != "" {
			end = i
		}
	}
	return end
}

// readParagraphs groups the lines from first on. What stood behind the
// greeting in its own line is rest.
func (l *letter) readParagraphs(first, end int, rest string) {
	var open []string
	start := first
	flush := func() {
		if raw := strings.Join(open, "\n"); strings.TrimSpace(raw) != "" {
			l.paragraphs = append(l.paragraphs, passage{line: start + 1, raw: raw, text: strings.ReplaceAll(raw, "\n", " "), item: isItem(raw)})
		}
		open = nil
	}
	if rest != "" {
		open, start = []string{rest}, first-1
	}
	for i := first; i < end; i++ {
		line := strings.TrimRight(l.lines[i], " \t")
		if strings.TrimSpace(line) == "" || isItem(line) {
			flush()
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if open == nil {
			start = i
		}
		open = append(open, line)
	}
	flush()
}

// isItem tells an entry of a list.
func isItem(line string) bool {
	t := strings.TrimSpace(line)
	return strings.HasPrefix(t, "- ") || strings.HasPrefix(t, "* ") || strings.HasPrefix(t, "• ")
}

// prose is what the candidate wrote to be read: subject and paragraphs.
func (l letter) prose() []passage {
	if l.subject.text == "" {
		return l.paragraphs
	}
	return append([]passage{l.subject}, l.paragraphs...)
}

// holds reports whether the prose reads so somewhere, be it within a word.
func (l letter) holds(part string) bool {
	return strings.Contains(l.subject.text, part) ||
		slices.ContainsFunc(l.paragraphs, func(p passage) bool { return strings.Contains(p.text, part) })
}

// content is the text of the paragraphs, without greeting and signature.
func (l letter) content() string {
	var b strings.Builder
	for _, p := range l.paragraphs {
		b.WriteString(p.text)
		b.WriteString("\n")
	}
	return b.String()
}

// everything is all that the recipient sees, in order.
func (l letter) everything() []passage {
	all := []passage{l.subject, l.greeting}
	return append(append(all, l.paragraphs...), l.signature...)
}

// shift counts lines from the top of a text that has a header.
func (l *letter) shift(by int) {
	if l.greeting.text != "" {
		l.greeting.line += by
	}
	for i := range l.paragraphs {
		l.paragraphs[i].line += by
	}
	for i := range l.signature {
		l.signature[i].line += by
	}
}

// without returns the letter with those texts blanked out in its paragraphs,
// byte by byte, so that places stay.
func (l letter) without(texts []string) letter {
	var masked []passage
	for _, p := range l.paragraphs {
		for _, t := range texts {
			t = strings.Join(strings.Fields(plain(t)), " ")
			if t = strings.TrimRight(t, ". "); t != "" {
				p.text = blank(p.text, t)
			}
		}
		masked = append(masked, p)
	}
	l.paragraphs = masked
	return l
}

// blank puts underscores in the place of every occurrence, whatever its case.
func blank(text, part string) string {
	found := regexp.MustCompile(`(?i)` + strings.ReplaceAll(regexp.QuoteMeta(part), " ", `\s+`))
	return found.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("_", len(s)) })
}

var mailField = lazy(`(?i)^(subject|to|from|cc|bcc|date|reply-to|sender|message-id|in-reply-to|references|mime-version|content-[a-z-]+|list-[a-z-]+|precedence|return-[a-z-]+|disposition-notification-to|received|x-[a-z-]+) ?:`)

// splitHead cuts header fields off. Only a text whose first line is a field of
// mail has a header: "Note: ..." has none.
func splitHead(text string) ([]field, numbered) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	lines := strings.Split(text, "\n")
	known := mailField()
	if !known.MatchString(lines[0]) {
		return nil, numbered{text: text}
	}
	var head []field
	for i, l := range lines {
		name, value, ok := strings.Cut(l, ":")
		switch {
		case strings.TrimSpace(l) == "":
			return head, numbered{strings.Join(lines[i+1:], "\n"), i + 1}
		case l[0] == ' ' || l[0] == '\t':
			head[len(head)-1].value += " " + strings.TrimSpace(l)
		case !ok || strings.ContainsAny(strings.TrimSpace(name), " \t"):
			return head, numbered{strings.Join(lines[i:], "\n"), i}
		default:
			head = append(head, field{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return head, numbered{"", len(lines)}
}

// numbered is a text and the number of lines above it.
type numbered struct {
	text string
	line int
}
