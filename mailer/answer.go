package mailer

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// AnswerWord is what the user says to a notice.
type AnswerWord string

// The words of an answer (DESIGN section 6).
const (
	AnswerOK    AnswerWord = "ok"    // what the notice asks about, as it was shown
	AnswerStop  AnswerWord = "stop"  // nothing leaves any more
	AnswerSkip  AnswerWord = "skip"  // that mail does not leave
	AnswerHeard AnswerWord = "heard" // they spoke to the user elsewhere
	// What became of a mail in doubt: it arrived, it never did, it is let be.
	AnswerSent    AnswerWord = "sent"
	AnswerNotSent AnswerWord = "not sent"
	AnswerDrop    AnswerWord = "drop"
	AnswerMoved   AnswerWord = "moved" // the meeting is at another time
	AnswerSaid    AnswerWord = "said"  // what each person said; no word of a mail, its lines begin with names
)

// Answer is what a mail in answer to a notice says.
type Answer struct {
	Word AnswerWord
	Rest string       // what stands behind moved: a date, perhaps a time
	Said []SaidAnswer // in the order of the mail; also behind an ok
}

// SaidAnswer is one line such as "Ken: what he said".
type SaidAnswer struct{ Name, Text string }

// The bounds of an answer: what is longer is another mail.
const (
	mostAnswerBytes = 16 << 10
	mostAnswerLines = 60
	mostNameWords   = 4
)

// ReadAnswer reads the user's reply to a notice. Text is without quoted mail, as in
// Message.NewText; endings are the lines of a signature, which are ignored. The flag is
// false unless the text surely is one of the answers. Only "stop", which does no harm,
// may be followed by more words.
func ReadAnswer(text string, endings []string) (Answer, bool) {
	if len(text) > mostAnswerBytes {
		return Answer{}, false
	}
	lines := answerLines(text, endings)
	if len(lines) == 0 || len(lines) > mostAnswerLines {
		return Answer{}, false
	}
	first := answerWords(lines[0])
	if len(first) == 0 {
		return Answer{}, false
	}
	word := AnswerWord(first[0])
	switch {
	case word == "okay":
		word = AnswerOK
	case word == "not" && len(first) > 1 && first[1] == string(AnswerSent):
		word, first = AnswerNotSent, first[1:]
	}
	switch word {
	case AnswerStop:
		return Answer{Word: AnswerStop}, true
	case AnswerMoved:
		_, rest, _ := strings.Cut(strings.TrimLeftFunc(lines[0], func(r rune) bool { return !unicode.IsLetter(r) })+" ", " ")
		rest = strings.TrimSpace(rest)
		return Answer{Word: AnswerMoved, Rest: rest}, rest != "" && saysNoMore(lines[1:])
	case AnswerOK, AnswerSkip, AnswerHeard, AnswerSent, AnswerNotSent, AnswerDrop:
		if _, _, named := saidLine(lines[0], true); named || !isEmpty(first[1:], word) {
			return Answer{}, false
		}
		if saysNoMore(lines[1:]) {
			return Answer{Word: word}, true
		}
		said, ok := readSaid(lines[1:])
		return Answer{Word: word, Said: said}, ok && word == AnswerOK
	}
	said, ok := readSaid(lines)
	if !ok {
		return Answer{}, false
	}
	return Answer{Word: AnswerSaid, Said: said}, true
}

// answerLines are the lines that say something, without the signature at their
// end.
func answerLines(text string, endings []string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\t':
				return -1 // zero width, marks of direction
			case unicode.IsSpace(r):
				return ' '
			}
			return r
		}, line)
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	isEnding := func(line string) bool {
		return slices.ContainsFunc(endings, func(e string) bool {
			e = strings.TrimSpace(e)
			return e != "" && strings.EqualFold(e, strings.TrimRight(line, ",. "))
		})
	}
	for len(lines) > 1 && isEnding(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// answerWords are the words of a line in lower case, without marks around them.
func answerWords(line string) []string {
	words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '-'
	})
	return slices.DeleteFunc(words, func(w string) bool { return strings.Trim(w, "'-") == "" })
}

// courtesies may stand around a word of an answer and change nothing.
func courtesies() []string {
	return []string{"thanks", "thank", "you", "please", "thx", "cheers", "danke", "bitte", "merci", "gracias", "best", "regards", "lg", "vg", "mfg",
		"viele", "liebe", "grüße", "gruß"}
}

// isEmpty reports whether the words add nothing to a word of an answer.
func isEmpty(words []string, to AnswerWord) bool {
	may := courtesies()
	switch to {
	case AnswerSkip, AnswerDrop:
		may = append(may, "it", "this", "that", "one", "mail")
	case AnswerHeard:
		may = append(may, "from", "them", "back", "by", "phone")
	case AnswerOK, AnswerStop, AnswerMoved, AnswerSaid, AnswerSent, AnswerNotSent:
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(may, w) })
}

// saysNoMore reports whether lines hold nothing but courtesies.
func saysNoMore(lines []string) bool {
	return !slices.ContainsFunc(lines, func(line string) bool { return !isEmpty(answerWords(line), "") })
}

// readSaid reads lines that begin with a name; a line without one goes on with
// what the person before it said.
func readSaid(lines []string) ([]SaidAnswer, bool) {
	var all []SaidAnswer
	for n, line := range lines {
		name, text, ok := saidLine(line, n == 0)
		switch {
		case ok:
			all = append(all, SaidAnswer{name, text})
		case len(all) == 0:
			return nil, false
		case n == len(lines)-1 && isEmpty(answerWords(line), ""):
		default:
			last := &all[len(all)-1]
			last.Text = strings.TrimSpace(last.Text + " " + line)
		}
	}
	return all, !slices.ContainsFunc(all, func(s SaidAnswer) bool { return s.Text == "" })
}

// saidLine cuts "Ken Osei: what he said". In the midst of a mail a name of several
// words begins with a capital letter, so that a sentence with a colon is none.
func saidLine(line string, first bool) (name, text string, ok bool) {
	line = strings.TrimLeft(line, "-*•– ")
	name, text, ok = strings.Cut(line, ":")
	name = strings.Trim(name, "*_ ")
	words := strings.Fields(name)
	if !ok || len(words) == 0 || len(words) > mostNameWords || text != "" && text[0] != ' ' && text[0] != '*' {
		return "", "", false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-@_+", r) && !(strings.Contains(name, "@") && unicode.IsDigit(r)) {
			return "", "", false
		}
	}
	if r := []rune(words[0])[0]; !first && len(words) > 1 && unicode.IsLower(r) {
		return "", "", false
	}
	return name, strings.TrimSpace(strings.Trim(text, "* ")), true
}

// clockInText is a time of day in a text: 14:00, 14h30, 14 h, 14.30 Uhr, 2 pm,
// 2:30 pm.
var clockInText = regexp.MustCompile(`(?i)(?:\b(?:at|um|à|om|kl|alle|a las)\.?\s+)?\b(\d{1,2})(?:(?:[:h](\d{2})|\.(\d{2})\s*(?:uhr|uur))\s*([ap]m)?|\s*([ap]m)|\s*(?:uhr|uur|h))\b`)

// unreadClock matches what may be a time of day that clockInText cannot read.
var unreadClock = regexp.MustCompile(`(?i)\d|\b(?:half|halb|quarter|viertel|kwart|demie|media|mezza|noon|midday|midnight|mittags?|midi|minuit|mediodía|mezzogiorno|middag|o'?clock)\b`)

// clockElsewhere names the zone of a time of day, as people write it: in capitals,
// since "est" is also a word. At which hour that is at the meeting's place nobody
// said.
var clockElsewhere = regexp.MustCompile(`\b[A-Z][a-z]+/[A-Z][a-z]|\b(?:UTC|GMT|WES?T|CES?T|EES?T|BST|[ACEMP][SD]T|[CEMP]T|IST|JST|KST|AES?T|AEDT|NZ[SD]T)\b|\d ?Z\b`)

// ReadMoved reads the new time of a meeting as people write it: a date with or without a
// time of day. Weekdays and dates without a year are resolved from sent. TimeSaid
// reports whether a time of day was given; its hour and minute are then in at. Ok is
// false unless exactly one day can be meant and no zone is named.
func ReadMoved(text string, sent time.Time) (at time.Time, timeSaid, ok bool) {
	if len(text) > 200 || sent.IsZero() || clockElsewhere.MatchString(text) {
		return time.Time{}, false, false
	}
	if day, clock, iso := strings.Cut(text, "T"); iso && strings.HasPrefix(strings.TrimLeft(clock, "0123456789"), ":") {
		text = day + " " + clock // 2026-12-03T14:00
	}
	hour, minute := 0, 0
	if m := clockInText.FindStringSubmatchIndex(text); m != nil {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		hour, _ = number(group(1))
		minute, _ = number(group(2) + group(3))
		switch half := strings.ToLower(group(4) + group(5)); {
		case half != "" && (hour < 1 || hour > 12):
			return time.Time{}, false, false
		case half == "pm" && hour < 12:
			hour += 12
		case half == "am" && hour == 12:
			hour = 0
		}
		if hour > 23 || minute > 59 {
			return time.Time{}, false, false
		}
		text, timeSaid = text[:m[0]]+" "+text[m[1]:], true
		if clockInText.MatchString(text) {
			return time.Time{}, false, false // two times: a span is not read
		}
	}
	dates := newDateReader(text, sent).dates()
	if len(dates) != 1 || dates[0].bad || dates[0].twofold || dates[0].bare || dates[0].part || !dates[0].last.Equal(dates[0].day) {
		return time.Time{}, false, false
	}
	if unreadClock.MatchString(text[:dates[0].from] + " " + text[dates[0].to:]) {
		return time.Time{}, false, false // half of it was not understood, and what was not changes nothing
	}
	day := dates[0].day
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location()), timeSaid, true
}
