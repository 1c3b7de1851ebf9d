package mailer

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxAway is the longest absence that is believed where no year is named: what
// is further off may be last year's note. A parental leave and the like last
// longer. maxLeave is the longest where a year is named. Few but those on such a
// leave are away for longer than usualAway.
const (
	usualAway    = 60 * 24 * time.Hour
	maxAway      = 120 * 24 * time.Hour
	maxLongLeave = 300 * 24 * time.Hour
	maxLeave     = 550 * 24 * time.Hour
)

// How many words a cue such as "until" may stand before its date, and "back"
// behind it.
const (
	cueReach   = 6
	afterReach = 4
)

// ReturnDate finds the first day on which the sender of an out-of-office
// message is back, at midnight in sent's zone. "Back on the 17th" names that
// day; "until the 14th" names the last day away, and the day after it is meant,
// unless it is a Monday, on which people come back and hardly ever leave.
// Weekdays and dates without a year are read against sent. What is ambiguous
// (9/8 in English), past, further off than four months without a year, or no return
// date gives the zero time.
func ReturnDate(text string, sent time.Time) time.Time {
	if sent.IsZero() {
		return time.Time{}
	}
	return newDateReader(text[:min(len(text), maxNoticeBytes)], sent).best()
}

// newDateReader reads the dates of a text, which is cut by its caller.
func newDateReader(text string, sent time.Time) *dateReader {
	r := &dateReader{text: text, sent: sent}
	t := dateTables()
	r.words = t.read(text)
	r.marks = make([]sections, len(r.words))
	all := t.find(r.words, everySection())
	for len(all) > 0 {
		n := 1
		for n < len(all) && r.same(all[n].first, all[0].first) {
			n++
		}
		r.mark(all[:n])
		all = all[n:]
	}
	return r
}

// mark notes what the words of one sentence are in the language that knows most
// of them: short words mean one thing here and another there.
func (r *dateReader) mark(sentence []found) {
	known, most := map[string]int{}, 0
	ends := map[string]int{}
	for _, f := range sentence {
		if n := f.end - max(f.first, ends[f.language]); n > 0 {
			known[f.language] += n
			ends[f.language] = f.end
		}
		most = max(most, known[f.language])
	}
	if most >= 2 && most > 2*known["en"] || most > known["en"] && isCue(sentence) {
		r.foreign = append(r.foreign, r.words[sentence[0].first].sentence)
	}
	for _, f := range sentence {
		for i := f.first; i < f.end && known[f.language] == most; i++ {
			r.marks[i] = r.marks[i].with(of(f.section))
		}
	}
}

// isCue tells a sentence with a word for the end of an absence, which no other language
// has: "torno il 10/12".
func isCue(sentence []found) bool {
	return slices.ContainsFunc(sentence, func(f found) bool { return f.language != "en" && of(backCue, throughCue).has(f.section) })
}

type dateReader struct {
	text    string
	sent    time.Time
	words   []word
	marks   []sections  // by index of word
	foreign []int32     // sentences that are not English
	order   figureOrder // see ordered
	listed  []foundDate // see dates
}

// foundDate is a date, or a period such as next week, in a text.
type foundDate struct {
	day      time.Time // the first of its days
	last     time.Time // the last of its days
	first    int       // index of the first word
	end      int       // index after the last word
	from, to int       // the same in bytes
	bad      bool      // it cannot be, or may be another
	twofold  bool      // half of its readers take it for a week earlier
	bare     bool      // a mere number: needs a cue right before it
	span     bool      // a span of days: "Nov 24-27", "next week Monday to Wednesday"
	part     bool      // the beginning or the end of a period
	eastern  bool      // its cue stands behind it
	dated    bool      // its year is named
	length   bool      // it is told as a length of time from the mail on
	today    bool      // it is the day of the mail, or that and the next
	hours    bool      // it is told in hours, as an answer is promised
}

// best picks the date that the clearest cue points at; of two such the later.
func (r *dateReader) best() time.Time {
	dates := r.dates()
	chosen, score, bad, longest := time.Time{}, 0, false, maxAway
	for i := range dates {
		s, day := r.judge(dates, i)
		if s > 0 && longest == maxLongLeave && r.isFar(chosen) && !dates[i].bad && day.After(r.sent) && !r.isFar(day) {
			score = 0 // the long leave is a colleague's
		} else if s >= fromScore && !chosen.IsZero() && !bad && !r.isFar(chosen) && r.isFar(day) && r.longest(dates[i]) == maxLongLeave {
			continue
		}
		if s > score || s == score && s >= fromScore && (bad || day.After(chosen)) && !dates[i].bad {
			score, chosen, bad, longest = s, day, dates[i].bad, r.longest(dates[i])
		}
	}
	if bad || chosen.IsZero() || !chosen.After(r.sent) || chosen.Sub(r.sent) > longest {
		return time.Time{}
	}
	return chosen
}

// isFar tells a day on which few but those on a long leave return.
func (r *dateReader) isFar(day time.Time) bool { return day.Sub(r.sent) > usualAway }

// longest is how far off a date is believed.
func (r *dateReader) longest(d foundDate) time.Duration {
	switch {
	case d.dated:
		return maxLeave
	case r.isLongLeave():
		return maxLongLeave
	}
	return maxAway
}

// isLongLeave tells a text about parental leave and the like.
func (r *dateReader) isLongLeave() bool {
	return slices.ContainsFunc(r.marks, func(m sections) bool { return m.has(longLeave) })
}

// How clearly a date is the end of an absence.
const (
	todayScore = iota + 1
	rangeScore
	untilScore
	afterScore // "on Monday I am back"
	fromScore  // "from Monday on I am back"
	backScore
)

// judge scores a date by the nearest cue before it, and finds the first day
// back that follows from it.
func (r *dateReader) judge(dates []foundDate, i int) (int, time.Time) {
	d, start := dates[i], 0
	if d.hours {
		return 0, time.Time{} // "an answer within 48 hours" ends no absence
	}
	if d.eastern {
		score, days := r.judgeEastern(d)
		return score, d.last.AddDate(0, 0, days)
	}
	if i > 0 {
		start = dates[i-1].end
	}
	cue, near := sections{}, 0
	if r.notBefore(d) {
		return backScore, d.day
	}
	for w := d.first - 1; w >= max(start, d.first-cueReach) && r.same(w, d.first) && cue.empty(); w-- {
		cue, near = r.marks[w].both(of(backCue, untilCue, throughCue, fromCue)), d.first-w
	}
	joined := i > 0 && dates[i-1].end >= d.first-2 && r.joins(dates[i-1], d) && !(cue.has(fromCue) && near <= 2) // "until the 11th and from the 14th ..."
	ranged := joined || r.closesSpan(d) || d.span
	next := d.last.AddDate(0, 0, 1)
	switch {
	case d.today:
		return r.judgeToday(d), next
	case d.bare && (cue.empty() || near > 2):
		return 0, time.Time{}
	case cue.has(fromCue) && i+1 < len(dates) && dates[i+1].first-d.end <= 2 && r.joins(d, dates[i+1]):
		return 0, time.Time{} // "vom 24. bis 27. November": the absence begins
	case cue.empty() && (r.thisWeek(d) || r.awayFor(d)):
		return rangeScore, next
	case r.closed(d) || cue.has(throughCue):
		return untilScore, next
	case ranged && !cue.has(backCue):
		return rangeScore, next
	case cue.has(backCue):
		return backScore, d.day
	case cue.empty() && r.endsBehind(d):
		if d.last.Weekday() == time.Monday && !d.part {
			next = d.day
		}
		return untilScore, next
	case cue.has(untilCue) && d.last.Weekday() == time.Monday && !d.part:
		return untilScore, d.day
	case cue.has(untilCue):
		return untilScore, next
	case cue.has(fromCue) && d.day.After(r.sent) && r.comesBack(d): // one that is past began the absence
		return fromScore, d.day
	case cue.empty() && r.backAfter(d):
		return afterScore, d.day
	}
	return 0, time.Time{}
}

// judgeToday believes "not in the office today" and "away today and tomorrow",
// where nothing clearer is said.
func (r *dateReader) judgeToday(d foundDate) int {
	first, end := r.sentence(d)
	for w := first; w < end; w++ {
		if r.marks[w].any(of(denial, awayWord)) {
			return todayScore
		}
	}
	return 0
}

// sentence returns the words of a date's sentence.
func (r *dateReader) sentence(d foundDate) (first, end int) {
	first, end = d.first, d.end
	for first > 0 && r.same(first-1, d.first) {
		first--
	}
	for end < len(r.words) && r.same(end, d.first) {
		end++
	}
	return first, end
}

// notBefore tells "before the 7th I cannot answer": right before the date stands
// the one, behind it in its sentence the other.
func (r *dateReader) notBefore(d foundDate) bool {
	before := d.first - 1
	for before > 0 && r.same(before, d.first) && isArticle(r.spelled(before)) && !r.marks[before].has(beforeCue) {
		before--
	}
	if before < 0 || !r.same(before, d.first) || !r.marks[before].has(beforeCue) {
		return false
	}
	for w := d.end; w < len(r.words) && r.same(w, d.first); w++ {
		if r.marks[w].has(denial) {
			return true
		}
	}
	return false
}

// thisWeek tells "this week", "all week" and the like, said of the present one.
func (r *dateReader) thisWeek(d foundDate) bool {
	return !d.part && d.last.Sub(d.day) == 4*24*time.Hour && !d.day.After(r.sent) && d.last.AddDate(0, 0, 3).After(r.sent)
}

// awayFor tells whole weeks in which the sentence says that somebody is away: "semester
// vecka 49 och 50", "on leave next week".
func (r *dateReader) awayFor(d foundDate) bool {
	if d.part || d.length || isoWeekday(d.day) != 1 || isoWeekday(d.last) != 5 {
		return false
	}
	first, end := r.sentence(d)
	for w := first; w < end; w++ {
		if r.marks[w].has(awayWord) {
			return true
		}
	}
	return false
}

// same tells whether two words stand in one sentence.
func (r *dateReader) same(a, b int) bool { return r.words[a].sentence == r.words[b].sentence }

// endsBehind tells whether "until" stands behind a date, as in Turkish: "8 Aralık'a kadar",
// "cuma gününe kadar". A case ending, and a word for the day, may stand between.
func (r *dateReader) endsBehind(d foundDate) bool {
	for w := d.end; w < min(len(r.words), d.end+3) && r.same(w, d.first); w++ {
		switch r.spelled(w) {
		case "kadar", "dek", "değin":
			return true
		case "a", "e", "ya", "ye", "na", "ne", "gününe", "tarihine", "sabahına", "akşamına":
		default:
			return false
		}
	}
	return false
}

// closed tells whether "inclusive" stands right behind a date.
func (r *dateReader) closed(d foundDate) bool {
	return d.end < len(r.words) && r.same(d.first, d.end) && r.marks[d.end].has(throughCue) && !r.marks[d.end].any(of(untilCue, rangeCue))
}

// comesBack tells whether the sentence of a date says that somebody is back.
func (r *dateReader) comesBack(d foundDate) bool {
	first, end := r.sentence(d)
	for w := first; w < end; w++ {
		if r.marks[w].has(backCue) && (w < d.first || w >= d.end) {
			return true
		}
	}
	return false
}

// backAfter tells whether the cue stands behind its date.
func (r *dateReader) backAfter(d foundDate) bool {
	for w := d.end; w < len(r.words) && w < d.end+afterReach && r.same(w, d.first); w++ {
		if r.marks[w].has(backCue) {
			return true
		}
	}
	return false
}

// closesSpan tells whether a date ends a span whose beginning is a mere number,
// as in "du 4 au 15 mai" and "4-15 May".
func (r *dateReader) closesSpan(d foundDate) bool {
	before := d.first - 1
	for skipped := 0; before > 0 && skipped < 2 && isArticle(r.spelled(before)) && !r.marks[before].has(rangeCue); skipped++ {
		before--
	}
	if before >= 1 && r.marks[before].has(rangeCue) {
		before--
	} else if before < 0 || !strings.ContainsAny(r.text[r.words[before].end:r.words[d.first].start], "-–—") {
		return false
	}
	_, ok := number(r.spelled(before))
	return ok && r.same(before, d.first)
}

// joins tells whether two dates are the ends of one span.
func (r *dateReader) joins(a, b foundDate) bool {
	between := r.text[r.words[a.end-1].end:r.words[b.first].start]
	if strings.Contains(between, "\n\n") {
		return false
	}
	if strings.ContainsAny(between, "-–—") {
		return true
	}
	for w := a.end; w < b.first; w++ {
		if r.marks[w].has(rangeCue) {
			return true
		}
	}
	return false
}

// dates lists the dates of the text in order.
func (r *dateReader) dates() []foundDate {
	if r.listed == nil {
		r.listed = r.list()
	}
	return r.listed
}

func (r *dateReader) list() []foundDate {
	list := []foundDate{}
	for i := 0; i < len(r.words) && len(list) < 50; {
		d, ok := r.at(i)
		if !ok {
			i++
			continue
		}
		if d.last.IsZero() {
			d.last = d.day
		}
		d.from, d.to = int(r.words[d.first].start), int(r.words[d.end-1].end)
		list = append(list, d)
		i = d.end
	}
	return list
}

// at reads a date that begins at word i.
func (r *dateReader) at(i int) (foundDate, bool) {
	if d, ok := r.eastern(i); ok {
		return d, true
	}
	if d, ok := r.easternTerm(i); ok {
		return d, true
	}
	if d, ok := r.ordinal(i); ok {
		return d, true
	}
	weekday, after := r.weekday(i)
	if d, ok := r.calendarDay(after); ok {
		if weekday > 0 && !d.bad && isoWeekday(d.day) != weekday {
			d.bad = true // an old text, or a misread date
		}
		d.first = i
		return r.wholeWeek(d), true
	}
	if weekday > 0 {
		return r.onWeekday(i, after, weekday), true
	}
	if d, ok := r.weekNumber(i); ok {
		return d, true
	}
	if d, ok := r.relative(i); ok {
		return d, true
	}
	return r.dayOfMonth(i)
}

func isoWeekday(t time.Time) int {
	if t.Weekday() == time.Sunday {
		return 7
	}
	return int(t.Weekday())
}

// onWeekday reads "Friday", "Friday 14", "Friday the 14th" and "next Friday".
func (r *dateReader) onWeekday(i, after, weekday int) foundDate {
	at := after
	if at < len(r.words) && isArticle(r.spelled(at)) {
		at++
	}
	if at < len(r.words) && r.same(i, at) {
		if day, ok := number(r.spelled(at)); ok && day >= 1 && day <= 31 && !r.isMeasure(at) {
			d := foundDate{day: r.nextDay(day), first: i, end: at + 1}
			if month := d.day.AddDate(0, 1, 0); isoWeekday(d.day) != weekday && month.Day() == day && isoWeekday(month) == weekday {
				d.day = month // "Monday the 4th", said on the 25th of November, is in January
			}
			d.bad = isoWeekday(d.day) != weekday
			return d
		}
	}
	d := foundDate{day: r.nextWeekday(weekday), first: i, end: after}
	if day, end, ok := r.after(after, weekday, 1); ok {
		d.day, d.end = day, end
		return d
	}
	if weeks, end := r.weeksOn(after); weeks > 0 {
		d.day, d.end = d.day.AddDate(0, 0, 7*weeks), end
		return d
	}
	if monday, end, ok := r.ofWeek(after); ok {
		d.day, d.end = monday.AddDate(0, 0, weekday-1), end
		return d
	}
	next := i > 0 && r.marks[i-1].has(nextWord) && !r.marks[i-1].has(comingWord) || after < len(r.words) && r.same(i, after) && r.marks[after].has(nextWord)
	if next && weekday > isoWeekday(r.sent) {
		d.day, d.twofold = d.day.AddDate(0, 0, 7), true // said on a Tuesday, "next Friday" is not this week's
	}
	return d
}

// dayOfMonth reads "the 17th" and "le 17", which need a cue.
func (r *dateReader) dayOfMonth(i int) (foundDate, bool) {
	w := r.spelled(i)
	day, ok := number(w)
	if !ok || day < 1 || day > 31 || r.isMeasure(i) {
		return foundDate{}, false
	}
	article := i > 0 && r.same(i-1, i) && isArticle(r.spelled(i-1))
	ordinal := !isDigit(w[len(w)-1]) || r.dotFollows(i) && !r.beginsLine(i) && !r.endsRange(i)
	if !article && !ordinal {
		return foundDate{}, false
	}
	first := i
	if article {
		first--
	}
	return foundDate{day: r.nextDay(day), first: first, end: i + 1, bare: true}, true
}

// endsRange tells a number that ends a span of plain ones, "between 8 and 16.": the dot
// behind it ends the sentence, and the span is one of hours.
func (r *dateReader) endsRange(i int) bool {
	from := i - 1
	if from > 0 && r.same(from, i) && (r.marks[from].has(rangeCue) || isAnd(r.spelled(from))) {
		from--
	}
	if from < 0 || !r.same(from, i) || r.dotFollows(from) {
		return false
	}
	_, plain := number(r.spelled(from))
	return plain
}

// beginsLine tells the number of an item in a list, "2. Stay in touch", from a
// day of the month.
func (r *dateReader) beginsLine(i int) bool {
	before := strings.TrimRight(r.text[:r.words[i].start], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// isMeasure tells a number that counts something, is a time of the day, or is
// part of a longer number.
func (r *dateReader) isMeasure(i int) bool {
	if i > 0 && strings.HasSuffix(r.text[:r.words[i].start], ":") {
		return true
	}
	rest := r.text[r.words[i].end:]
	if rest != "" && strings.IndexByte(":/%€$£", rest[0]) >= 0 || len(rest) > 1 && rest[0] == '.' && isDigit(rest[1]) {
		return true
	}
	if i+1 >= len(r.words) || !r.same(i, i+1) {
		return false
	}
	switch r.spelled(i + 1) {
	case "uhr", "h", "hours", "hour", "am", "pm", "uur", "heures", "horas", "ore", "minutes", "percent", "people", "o":
		return true
	}
	_, isNumber := number(r.spelled(i + 1))
	return isNumber || r.marks[i+1].any(of(dayUnit, weekUnit, monthUnit))
}

// nextDay is the next day of that number after the one on which the mail was
// sent.
func (r *dateReader) nextDay(day int) time.Time {
	for month := range 3 {
		t := time.Date(r.sent.Year(), r.sent.Month()+time.Month(month), day, 0, 0, 0, 0, r.sent.Location())
		if t.Day() == day && t.After(r.sent) {
			return t
		}
	}
	return time.Time{}
}

// weekday reads a weekday's name at word i, 1 for Monday, and returns the word
// after it and after an article such as "the" or "den".
func (r *dateReader) weekday(i int) (weekday, after int) {
	weekday, after = r.weekdayName(i)
	if weekday > 0 && after+1 < len(r.words) && isArticle(r.spelled(after)) {
		if _, ok := r.calendarDay(after + 1); ok {
			after++
		}
	}
	return weekday, after
}

// weekdayName reads a weekday's name alone.
func (r *dateReader) weekdayName(i int) (weekday, after int) {
	for s := weekday1; s <= weekday7; s++ {
		if !r.marks[i].has(s) {
			continue
		}
		after = i + 1
		for after < len(r.words) && r.marks[after].has(s) {
			after++ // a name of two words
		}
		return int(s-weekday1) + 1, after
	}
	return 0, i
}

// spelled returns a word in lower case.
func (r *dateReader) spelled(i int) string {
	return strings.ToLower(r.text[r.words[i].start:r.words[i].end])
}

func isArticle(w string) bool {
	switch w {
	case "the", "den", "dem", "der", "le", "el", "il", "al", "au", "o", "ao", "dia", "día", "de", "dnia", "d", "du", "del", "dal", "l", "het":
		return true
	}
	return false
}

func (r *dateReader) midnight() time.Time {
	return time.Date(r.sent.Year(), r.sent.Month(), r.sent.Day(), 0, 0, 0, 0, r.sent.Location())
}

// nextWeekday is the next such day after the one on which the mail was sent.
func (r *dateReader) nextWeekday(weekday int) time.Time {
	ahead := (weekday - isoWeekday(r.sent) + 7) % 7
	if ahead == 0 {
		ahead = 7
	}
	return r.midnight().AddDate(0, 0, ahead)
}

// number reads a number of at most four digits with its ordinal ending.
func number(w string) (int, bool) {
	digits := 0
	for digits < len(w) && isDigit(w[digits]) {
		digits++
	}
	if digits == 0 || digits > 4 {
		return 0, false
	}
	switch w[digits:] {
	case "", "st", "nd", "rd", "th", "er", "º", "o", "e", "ste", "de", "a", "go":
	default:
		return 0, false
	}
	n, err := strconv.Atoi(w[:digits])
	return n, err == nil
}
