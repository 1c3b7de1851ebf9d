package mailer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidyText ends lines with LF, cuts the text at its bound and drops what a
// reader does not see, at line ends and within words. The "-- " of a signature keeps its space
// (RFC 3676 section 4.3).
func tidyText(s string) string {
	if len(s) > maxTextBytes {
		s = strings.ToValidUTF8(s[:maxTextBytes], "")
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	for _, unseen := range []string{"\u200b", "\u200c", "\ufeff", "\u00ad"} { // not U+200D, which joins emoji
		if strings.Contains(s, unseen) {
			s = strings.ReplaceAll(s, unseen, "")
		}
	}
	return strings.TrimLeft(strings.TrimRight(s, "\n\t "), "\n")
}

// splitQuoted tells what the sender wrote from what was quoted. Signatures and
// the marks of mobile programs belong to neither. What the header says, whom the
// mail is for and its subject, shows where a quote begins in languages of which
// no table knows a word.
func splitQuoted(text string, m *Message) (fresh, quoted string) {
	q := &quoteSplitter{lines: strings.Split(text, "\n"), tables: tables(), subject: foldedSubject(m.Subject)}
	if len(m.InReplyTo)+len(m.References) == 0 && withoutReplyMarks(withoutLabels(m.Subject)) == withoutLabels(m.Subject) {
		q.subject = "" // it answers nothing: what bears its subject is of its own matter
	}
	for _, a := range append(append([]Address{}, m.To...), m.Cc...) {
		q.readers = append(q.readers, strings.ToLower(a.Addr))
	}
	q.fresh = make([]string, 0, len(q.lines))
	for q.at < len(q.lines) {
		q.step()
	}
	return strings.TrimSpace(strings.Join(q.fresh, "\n")), strings.TrimSpace(strings.Join(q.quoted, "\n"))
}

type quoteSplitter struct {
	tables    *phraseTables
	lines     []string
	at        int
	fresh     []string
	quoted    []string
	signature bool

	readers []string // addresses of those whom the mail is for
	subject string   // see foldedSubject
}

// foldedSubject is what answers and forwards of a mail have in common.
func foldedSubject(s string) string { return foldWords(BareSubject(withoutLabels(s))) }

// step takes one line, or the lines of one mark, and puts them where they belong.
func (q *quoteSplitter) step() {
	line := q.lines[q.at]
	trimmed := strings.TrimSpace(line)
	begins := q.tables.beginning(q.tables.firstWord(trimmed)) // most lines begin like no mark
	switch {
	case strings.HasPrefix(trimmed, ">") || strings.HasPrefix(trimmed, "&gt;"):
		q.quote(1)
		q.signature = false
	case line == "-- " || line == "--":
		q.signature = true
		q.at++
	case q.isDivider(trimmed, begins):
		q.quoteRest()
	case begins.has(replyField) && q.headerBlock(q.at) > 0 || q.opensParagraph() && q.repeatsSubject(q.at, q.readers) ||
		isRule(trimmed) && (q.headerBlock(q.nextLine(q.at+1)) > 0 || q.repeatsSubject(q.nextLine(q.at+1), []string{"@"})):
		q.quoteRest()
	case q.takeAttribution():
	case q.cutAtDivider(line):
	case q.signature:
		q.at++
	case len(trimmed) < 120 && (begins.has(mobileSignature) && q.tables.starts(trimmed, mobileSignature) || strings.Contains(trimmed, "<https://aka.ms/") && strings.Contains(trimmed, "Outlook")):
		q.at++
	case trimmed == "" && len(q.fresh) > 0 && q.fresh[len(q.fresh)-1] == "":
		q.at++ // where a quote was, one empty line is left
	default:
		q.fresh = append(q.fresh, strings.TrimRight(line, " \t"))
		q.at++
	}
}

func (q *quoteSplitter) quote(n int) {
	q.quoted = append(q.quoted, q.lines[q.at:q.at+n]...)
	q.at += n
}

// quoteRest quotes the header of the mail replied to and all that follows. Where
// nothing stands above it and marked lines stand right below, the answer is to be
// looked for beneath these.
func (q *quoteSplitter) quoteRest() {
	n := len(q.lines) - q.at
	above := slices.ContainsFunc(q.fresh, func(line string) bool { return line != "" })
	for i := q.at + 1; i < len(q.lines) && !above && i-q.at <= maxBlockLines; i++ {
		if q.marked(i) {
			n = i - q.at
			break
		}
		if trimmed := strings.TrimSpace(q.lines[i]); trimmed != "" && !isLabelled(trimmed) {
			break
		}
	}
	q.quote(n)
}

// takeAttribution quotes "On ... wrote:". Where marked lines follow, whoever
// answers below them is still heard; where none do, all that follows is the
// mail replied to.
func (q *quoteSplitter) takeAttribution() bool {
	n := q.attribution()
	if n == 0 {
		return false
	}
	q.quote(n)
	next := q.nextLine(q.at)
	if next < len(q.lines) && !strings.HasPrefix(strings.TrimSpace(q.lines[next]), ">") {
		q.quote(len(q.lines) - q.at)
	}
	return true
}

// nextLine returns the first line from i on that is not empty.
func (q *quoteSplitter) nextLine(i int) int {
	for i < len(q.lines) && strings.TrimSpace(q.lines[i]) == "" {
		i++
	}
	return i
}

// isDivider knows "-----Original Message-----" and its translations, "Begin
// forwarded message:", and attributions between dashes.
func (q *quoteSplitter) isDivider(trimmed string, begins sections) bool {
	if len(trimmed) > 200 {
		return false
	}
	if intro, ok := strings.CutSuffix(trimmed, ":"); ok && begins.has(originalMessage) && len(intro) < 60 && q.tables.is(intro, originalMessage) {
		return true
	}
	if !strings.HasPrefix(trimmed, "--") && !strings.HasPrefix(trimmed, "__") && !strings.HasPrefix(trimmed, "==") {
		return false
	}
	text := strings.Trim(trimmed, "-_= ")
	return q.tables.starts(text, originalMessage) || strings.HasSuffix(trimmed, "--") && q.isAttribution(text)
}

// cutAtDivider takes a line in the midst of which a divider stands: some programs
// lose the ends of lines. What stands before it is the sender's.
func (q *quoteSplitter) cutAtDivider(line string) bool {
	at := strings.Index(line, "-----")
	if at <= 0 || q.signature {
		return false
	}
	rest := strings.TrimLeft(line[at:], "- ")
	end := strings.Index(rest, "-----")
	if end < 0 || end > 60 || !q.tables.is(rest[:end], originalMessage) {
		return false
	}
	q.fresh = append(q.fresh, strings.TrimSpace(line[:at]))
	q.quote(len(q.lines) - q.at)
	return true
}

// isRule tells a line across the page, be there words in its midst: the words by
// which programs announce a forwarded mail are of many languages.
func isRule(trimmed string) bool {
	if len(trimmed) < 5 || len(trimmed) > 200 {
		return false
	}
	return strings.Trim(trimmed, "_") == "" || strings.HasPrefix(trimmed, "---") && strings.HasSuffix(trimmed, "---")
}

// opensParagraph tells a line above which nothing or an empty line stands.
func (q *quoteSplitter) opensParagraph() bool {
	return q.at == 0 || strings.TrimSpace(q.lines[q.at-1]) == ""
}

// headerBlock returns the length of an Outlook header block (From, Sent, To,
// Subject) that begins at a line, 0 if none does.
func (q *quoteSplitter) headerBlock(at int) int {
	if at >= len(q.lines) || !q.isReplyField(q.lines[at]) {
		return 0
	}
	known, wordy, n := 0, 0, 0
	address := false
	for i := at; i < len(q.lines) && n < maxBlockLines; i++ {
		n++
		if strings.TrimSpace(q.lines[i]) == "" {
			if known > 0 && i+1 < len(q.lines) && q.isReplyField(q.lines[i+1]) {
				continue // HTML bodies put each field in a paragraph of its own
			}
			break
		}
		if q.isReplyField(q.lines[i]) {
			known++
			if !strings.ContainsAny(q.lines[i], "0123456789") {
				wordy++
			}
		}
		address = address || strings.Contains(q.lines[i], "@")
	}
	if known < 3 || !address && (known < 4 || wordy < 2) {
		return 0 // "Date: 1 December, From: 14:00, To: 15:00" are of a meeting
	}
	return n
}

// maxBlockLines bounds the header of a quoted mail.
const maxBlockLines = 12

// repeatsSubject tells a header block whose labels no table knows: a run of lines
// with a label each, of which one bears the subject of this mail and another one
// of the addresses. Lines about a post or a meeting look alike, but for those.
func (q *quoteSplitter) repeatsSubject(at int, addresses []string) bool {
	if at >= len(q.lines) || q.subject == "" || !isLabelled(q.lines[at]) {
		return false
	}
	lines, subject, address := 0, false, false
	for i := at; i < len(q.lines) && lines < maxBlockLines; i++ {
		line := q.lines[i]
		if strings.TrimSpace(line) == "" && i+1 < len(q.lines) && isLabelled(q.lines[i+1]) {
			continue // HTML bodies put each field in a paragraph of its own
		}
		if !isLabelled(line) {
			break
		}
		_, value, _ := cutLabelled(line)
		lines++
		subject = subject || foldedSubject(strings.TrimSpace(value)) == q.subject
		value = strings.ToLower(value)
		address = address || slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(value, a) })
	}
	return lines >= 3 && subject && address
}

// cutLabelled cuts a line at its colon, which is wider in Chinese and Japanese.
func cutLabelled(line string) (label, value string, ok bool) {
	at := strings.IndexAny(line, ":：")
	if at < 0 {
		return "", "", false
	}
	return line[:at], strings.TrimLeft(line[at:], ":："), true
}

// isLabelled tells a line such as "Naslov: Hello" or "Від кого: Dana".
func isLabelled(line string) bool {
	label, _, ok := cutLabelled(line)
	label = strings.Trim(label, " \t*_|\u00a0")
	return ok && label != "" && len(label) < 40 && strings.Count(label, " ") < 3 && !strings.ContainsAny(label, "@<>/")
}

func (q *quoteSplitter) isReplyField(line string) bool {
	name, _, ok := cutLabelled(line)
	name = strings.Trim(name, " \t*_|\u00a0")
	return ok && len(name) > 0 && len(name) < 30 && q.tables.is(name, replyField)
}

// attribution returns how many lines "On ... wrote:" takes here, 0 if none.
// Mail programs wrap it, so up to four lines are joined.
func (q *quoteSplitter) attribution() int {
	size := 0
	for n := 1; n <= 4 && q.at+n <= len(q.lines); n++ {
		line := strings.TrimSpace(q.lines[q.at+n-1])
		size += len(line)
		if line == "" || size > 400 || line[0] == '>' {
			return 0
		}
		line = strings.TrimRightFunc(line, isInvisible)
		if strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：") {
			if q.introduces(q.at, q.at+n) && !q.beginsLater(n) {
				return n
			}
			return 0
		}
	}
	return 0
}

// introduces tells lines that stand before a quote.
func (q *quoteSplitter) introduces(from, to int) bool {
	joined := strings.Join(q.lines[from:to], " ")
	return q.isAttribution(joined) || namesWriter(joined) && q.marked(q.nextLine(to)) || from == q.at && q.opensParagraph() && q.namesReader(joined)
}

// beginsLater tells that of the n lines the first is what the sender wrote: those
// below it say all that an attribution does, and nothing of it shows a date, or it
// ends a sentence, or the date is whole without it.
func (q *quoteSplitter) beginsLater(n int) bool {
	first := strings.TrimSpace(q.lines[q.at])
	for from := 1; from < n; from++ {
		rest := withoutAddress(strings.Join(q.lines[q.at+from:q.at+n], " "))
		if !q.introduces(q.at+from, q.at+n) || !strings.ContainsFunc(rest, unicode.IsDigit) {
			continue
		}
		if !strings.ContainsFunc(first, unicode.IsDigit) || strings.ContainsAny(first[len(first)-1:], ".!?") || wholeDate.MatchString(rest) {
			return true
		}
	}
	return false
}

// wholeDate finds a year or a time of day.
var wholeDate = regexp.MustCompile(`\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d`)

// withoutAddress cuts what stands in angle brackets.
func withoutAddress(line string) string {
	open := strings.IndexByte(line, '<')
	if open < 0 {
		return line
	}
	_, rest, _ := strings.Cut(line[open:], ">")
	return line[:open] + rest
}

// isAttribution asks for a verb of the tables and for a date or an address.
func (q *quoteSplitter) isAttribution(line string) bool {
	return strings.ContainsAny(line, "0123456789@") && q.tables.has(line, attribution)
}

// namesWriter tells a line with a date and an address behind it, which introduces
// a quote without a verb in some languages.
func namesWriter(line string) bool {
	at := strings.LastIndexByte(line, '@')
	return at > 0 && strings.ContainsAny(line[:strings.LastIndexAny(line[:at], " <(")+1], "0123456789")
}

// namesReader tells a line with a date, and with a name and the address behind it of
// somebody whom the mail is for: so programs of any language introduce what they quote.
func (q *quoteSplitter) namesReader(line string) bool {
	digits := 0
	for _, r := range withoutAddress(line) {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits < dateDigits {
		return false
	}
	line = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, line)
	for _, addr := range q.readers {
		for _, bracketed := range []string{"<" + addr + ">", "(" + addr + ")"} {
			if at := strings.Index(strings.ToLower(line), bracketed); at >= 0 && !endsLower(line[:min(at, len(line))]) {
				return true
			}
		}
	}
	return false
}

// dateDigits is how many digits a date with its year or a time of day has at least;
// "2 mails" and "24 November" have fewer.
const dateDigits = 3

// endsLower tells text whose last word begins with a small letter: an address
// behind it stands in a sentence, and not behind a name.
func endsLower(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(words[len(words)-1], "\"'“„(<"))
	return unicode.IsLower(first)
}

// isInvisible tells the marks of direction and the like.
func isInvisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

// marked tells a line of a quote.
func (q *quoteSplitter) marked(i int) bool {
	return i < len(q.lines) && strings.HasPrefix(strings.TrimSpace(q.lines[i]), ">")
}
