package mailer

import (
	"strings"
	"time"
)

// relative reads what counts from the day of the mail: tomorrow, next week, the
// end of the month, early in December, in two weeks.
func (r *dateReader) relative(i int) (foundDate, bool) {
	if d, ok := r.turnOfYear(i); ok {
		return d, true
	}
	if d, ok := r.weekend(i); ok {
		return d, true
	}
	if part := r.marks[i].both(of(earlyWord, middleWord, endWord)); !part.empty() {
		return r.partOf(i, part)
	}
	switch {
	case r.marks[i].has(todayWord):
		return r.today(i), true
	case r.marks[i].has(dayAfterWord):
		return foundDate{day: r.midnight().AddDate(0, 0, 2), first: i, end: r.through(i, dayAfterWord)}, true
	case r.marks[i].has(tomorrowWord):
		return r.putOff(foundDate{day: r.midnight().AddDate(0, 0, 1), first: i, end: r.through(i, tomorrowWord)}), true
	}
	if r.marks[i].has(withinWeek) {
		return foundDate{day: r.midnight().AddDate(0, 0, 7), first: i, end: r.through(i, withinWeek), length: true}, true
	}
	if d, ok := r.afterSome(i); ok {
		return d, true
	}
	return r.period(i)
}

// today reads "today" and "today and tomorrow".
func (r *dateReader) today(i int) foundDate {
	d := foundDate{day: r.midnight(), first: i, end: r.through(i, todayWord), today: true}
	at := d.end
	if weeks, _ := r.weeksOn(at); weeks > 0 {
		return r.putOff(d) // "today week"
	} else if at < len(r.words) && r.marks[at].has(rangeCue) {
		at++
	} else if at >= len(r.words) || !strings.ContainsAny(r.text[r.words[at-1].end:r.words[at].start], "&+/-–") {
		return d
	}
	if at < len(r.words) && r.same(i, at) && r.marks[at].has(tomorrowWord) {
		d.last, d.end = d.day.AddDate(0, 0, 1), r.through(at, tomorrowWord)
	}
	return d
}

// through returns the word after a phrase of a section that begins at word i.
func (r *dateReader) through(i int, s section) int {
	for i < len(r.words) && r.marks[i].has(s) {
		i++
	}
	return i
}

// period reads a week or a month: next week, this week, this month, next month,
// in December.
func (r *dateReader) period(i int) (foundDate, bool) {
	if r.marks[i].has(weekAfterNext) {
		return r.dayIn(r.week(i, r.through(i, weekAfterNext), 2)), true
	}
	if r.marks[i].has(nextWeek) {
		return r.dayIn(r.week(i, r.through(i, nextWeek), 1)), true
	}
	at, next, this := i, false, false
	for ; at < len(r.words) && at < i+4 && r.same(i, at); at++ {
		m := r.marks[at]
		switch {
		case m.has(nextWord):
			next = true
		case m.has(thisWord):
			this = true
		case m.has(weekUnit) || m.has(monthUnit):
			return r.unit(i, at, next, this)
		case !isArticle(r.spelled(at)):
			return r.namedMonth(i)
		}
	}
	return foundDate{}, false
}

// unit reads what is said of a week or a month at word at; in some languages
// "next" stands behind it.
func (r *dateReader) unit(i, at int, next, this bool) (foundDate, bool) {
	end := at + 1
	if !next && !this && end < len(r.words) && r.same(i, end) && r.marks[end].has(nextWord) {
		next, end = true, end+1
	}
	ahead := 0
	switch {
	case next:
		ahead = 1
	case !this:
		return foundDate{}, false
	}
	if r.marks[at].has(weekUnit) {
		return r.dayIn(r.week(i, end, ahead)), true
	}
	return r.wholeMonth(i, end, r.sent.Year(), int(r.sent.Month())+ahead), true
}

// week is a working week, this one or one ahead.
func (r *dateReader) week(first, end, ahead int) foundDate {
	monday := r.midnight().AddDate(0, 0, 1-isoWeekday(r.sent)+7*ahead)
	return foundDate{day: monday, last: monday.AddDate(0, 0, 4), first: first, end: end}
}

func (r *dateReader) wholeMonth(first, end, year, month int) foundDate {
	day := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, r.sent.Location())
	return foundDate{day: day, last: day.AddDate(0, 1, -1), first: first, end: end}
}

// namedMonth reads a month's name by itself. Some are everyday words ("may",
// "mars"), so a preposition must stand before it.
func (r *dateReader) namedMonth(i int) (foundDate, bool) {
	month := r.month(i)
	if month == 0 || i == 0 || !r.same(i-1, i) || !r.marks[i-1].any(of(inWord, untilCue, earlyWord, middleWord, endWord)) {
		return foundDate{}, false
	}
	year, end := r.year(i + 1)
	if year == 0 {
		year = r.yearOf(month, 28)
	}
	d := r.wholeMonth(i, end, year, month)
	d.dated = end > i+1
	return d, true
}

// partOf reads "early next week", "mid-December", "the end of the month".
func (r *dateReader) partOf(i int, part sections) (foundDate, bool) {
	at := i + 1
	for at < len(r.words) && at < i+5 && r.same(i, at) && (r.marks[at].any(part) || isLink(r.spelled(at)) || r.marks[at] == of(inWord)) {
		at++
	}
	if at >= len(r.words) || !r.same(i, at) {
		return foundDate{}, false
	}
	d, ok := r.partedPeriod(at, part)
	if !ok {
		return foundDate{}, false
	}
	d.first, d.part = i, true
	return parted(d, part), true
}

// partedPeriod reads the period whose part was named; "the week" and "the
// month" by themselves are the present ones.
func (r *dateReader) partedPeriod(at int, part sections) (foundDate, bool) {
	if month := r.month(at); month > 0 {
		year, end := r.year(at + 1)
		if year == 0 {
			year = r.yearOf(month, 28)
		}
		d := r.wholeMonth(at, end, year, month)
		d.dated = end > at+1
		return d, true
	}
	if d, ok := r.period(at); ok {
		return d, true
	}
	var this, next foundDate
	switch {
	case r.marks[at].has(weekUnit):
		this, next = r.week(at, at+1, 0), r.week(at, at+1, 1)
	case r.marks[at].has(monthUnit):
		this = r.wholeMonth(at, at+1, r.sent.Year(), int(r.sent.Month()))
		next = r.wholeMonth(at, at+1, r.sent.Year(), int(r.sent.Month())+1)
	default:
		return foundDate{}, false
	}
	if parted(this, part).last.Before(r.midnight()) {
		return next, true
	}
	return this, true
}

// parted narrows a period to its part.
func parted(d foundDate, part sections) foundDate {
	if d.last.Sub(d.day) < 7*24*time.Hour {
		return partOfWeek(d, part)
	}
	return partOfMonth(d, part)
}

func partOfWeek(d foundDate, part sections) foundDate {
	switch {
	case part.has(earlyWord):
		d.last = d.day.AddDate(0, 0, 1)
	case part.has(middleWord):
		d.day, d.last = d.day.AddDate(0, 0, 2), d.day.AddDate(0, 0, 3)
	default:
		d.day = d.last
	}
	return d
}

func partOfMonth(d foundDate, part sections) foundDate {
	switch {
	case part.has(earlyWord):
		d.last = d.day.AddDate(0, 0, 9)
	case part.has(middleWord):
		d.day, d.last = d.day.AddDate(0, 0, 9), d.day.AddDate(0, 0, 19)
	default:
		d.day = d.last
	}
	return d
}

// isLink tells the words that join a part to its period.
func isLink(w string) bool {
	switch w {
	case "of", "to", "von", "des", "la", "les", "della", "degli", "da", "do", "dos", "van", "av", "this", "va", "fra", "aux", "w", "i":
		return true
	}
	return isArticle(w)
}

// hoursOfDay is how many hours are counted as a day.
const hoursOfDay = 24

// afterSome reads "two weeks", "10 days", "the next five working days". The
// day that is named is the last of them.
func (r *dateReader) afterSome(i int) (foundDate, bool) {
	n, ok := r.count(i)
	if !ok {
		return foundDate{}, false
	}
	working := false
	for at := i + 1; at < len(r.words) && at <= i+4 && r.same(i, at); at++ {
		m := r.marks[at]
		if again, ok := r.count(at); ok {
			n = again // "two to three weeks"
			continue
		}
		var day time.Time
		switch {
		case m.has(workingWord) && !m.has(dayUnit):
			working = true
			continue
		case m.has(nextWord) || m.has(rangeCue) || m.has(inWord) || r.spelled(at) == "or":
			continue
		case m.has(dayUnit) && (working || m.has(workingWord) || r.workingBehind(at)):
			day = r.workingDays(n)
		case m.has(dayUnit):
			day = r.midnight().AddDate(0, 0, n)
		case m.has(hourUnit) && n >= hoursOfDay:
			return foundDate{day: r.midnight().AddDate(0, 0, (n+hoursOfDay-1)/hoursOfDay), first: i, end: at + 1, length: true, hours: true}, true
		case m.has(weekUnit):
			day = r.midnight().AddDate(0, 0, 7*n)
			if next := at + 1; r.adjoins(next) && r.marks[next].has(tomorrowWord) { // "a week tomorrow"
				return foundDate{day: day.AddDate(0, 0, 1), first: i, end: r.through(next, tomorrowWord)}, true
			}
			if from := at + 2; from < len(r.words) && r.same(i, from) && r.spelled(at+1) == "from" {
				if weekday, end := r.weekdayName(from); weekday > 0 { // "a week from Friday"
					return foundDate{day: r.nextWeekday(weekday).AddDate(0, 0, 7*n), first: i, end: end}, true
				}
			}
		case m.has(fortnight):
			day = r.midnight().AddDate(0, 0, 14*n)
		case m.has(monthUnit):
			day = r.midnight().AddDate(0, n, 0)
		default:
			return foundDate{}, false
		}
		return foundDate{day: day, first: i, end: at + 1, length: true}, true
	}
	return foundDate{}, false
}

// workingBehind knows the languages in which "working" stands behind "days".
func (r *dateReader) workingBehind(at int) bool {
	return at+1 < len(r.words) && r.same(at, at+1) && r.marks[at+1].has(workingWord)
}

// maxCount is the largest number of days, or of hours, that is believed.
const maxCount = 100

// count reads a small number in figures or in words.
func (r *dateReader) count(i int) (int, bool) {
	if n, ok := number(r.spelled(i)); ok && n >= 1 && n <= maxCount && isDigit(r.text[r.words[i].end-1]) {
		return n, true
	}
	for s := number1; s <= number10; s++ {
		if r.marks[i].has(s) {
			return int(s-number1) + 1, true
		}
	}
	switch m := r.marks[i]; {
	case m.has(number12):
		return 12, true
	case m.has(number14):
		return 14, true
	case m.has(number15):
		return 15, true
	case m.has(number20):
		return 20, true
	}
	return 0, false
}

func (r *dateReader) workingDays(n int) time.Time {
	day := r.midnight()
	for ; n > 0; n-- {
		day = day.AddDate(0, 0, 1)
		for isoWeekday(day) > 5 {
			day = day.AddDate(0, 0, 1)
		}
	}
	return day
}
