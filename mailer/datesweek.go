package mailer

import (
	"strings"
	"time"
)

// weekNumber reads "week 50", "KW 50" and their kin: a week of the calendar (ISO
// 8601), the nearest that does not lie more than half a year before the mail.
func (r *dateReader) weekNumber(i int) (foundDate, bool) {
	if !r.marks[i].has(weekUnit) && !isWeekSign(r.spelled(i)) || i+1 >= len(r.words) || !r.same(i, i+1) {
		return foundDate{}, false
	}
	n, ok := number(r.spelled(i + 1))
	further, end := r.furtherWeeks(i+2, n)
	if !ok || n < 1 || n > 53 || !isDigit(r.text[r.words[i+1].end-1]) || r.month(i+2) > 0 || further == 0 && r.isFigure(i+2) && r.separator(i+1) != 0 {
		return foundDate{}, false
	}
	year, _ := r.sent.ISOWeek()
	monday := r.mondayOf(year, n)
	if r.sent.Sub(monday) > 183*24*time.Hour {
		monday = r.mondayOf(year+1, n)
	}
	_, real := monday.ISOWeek() // few years have a week 53
	return foundDate{day: monday, last: monday.AddDate(0, 0, 4+7*further), first: i, end: end, bad: real != n}, true
}

// mostWeeks is how many weeks a span of numbered ones has at most.
const mostWeeks = 8

// furtherWeeks reads "and 50" and "-51" behind the number of a week: how many follow it.
func (r *dateReader) furtherWeeks(i, from int) (weeks, end int) {
	at := i
	if at < len(r.words) && r.same(i-1, at) && (r.marks[at].has(rangeCue) || isAnd(r.spelled(at))) {
		at++
	}
	if !r.isFigure(at) || !r.same(i-1, at) || at == i && !strings.ContainsAny(r.text[r.words[i-1].end:r.words[i].start], "-–+&") {
		return 0, i
	}
	to, _ := number(r.spelled(at))
	if weeks = to - from; weeks < 1 || weeks > mostWeeks || r.month(at+1) > 0 || r.isMeasure(at) {
		return 0, i
	}
	return weeks, at + 1
}

// isWeekSign tells the signs that stand for a week of the calendar alone.
func isWeekSign(w string) bool {
	switch w {
	case "kw", "cw", "wk", "v", "kalenderwoche":
		return true
	}
	return false
}

func (r *dateReader) isFigure(i int) bool {
	if i >= len(r.words) {
		return false
	}
	_, ok := number(r.spelled(i))
	return ok
}

// mondayOf is the Monday of a week: the fourth of January is always in the first.
func (r *dateReader) mondayOf(year, week int) time.Time {
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, r.sent.Location())
	return fourth.AddDate(0, 0, 1-isoWeekday(fourth)+7*(week-1))
}

// weeksOn reads what puts a weekday, or tomorrow, off by weeks: "Tuesday week",
// "mardi en huit", "Freitag in zwei Wochen". It returns the weeks and the word
// after it.
func (r *dateReader) weeksOn(after int) (weeks, end int) {
	if after >= len(r.words) || !r.same(after-1, after) {
		return 0, after
	}
	switch w := r.spelled(after); {
	case w == "week" && after+1 < len(r.words) && r.isFigure(after+1):
		return 0, after // "Tuesday, week 50"
	case w == "week":
		return 1, after + 1
	case w == "fortnight":
		return 2, after + 1
	case w == "en" && after+1 < len(r.words) && r.spelled(after+1) == "huit":
		return 1, after + 2
	case w == "en" && after+1 < len(r.words) && r.spelled(after+1) == "quinze":
		return 2, after + 2
	}
	return r.weeksAhead(after)
}

// weeksAhead reads "in a week", "over twee weken" and "viikon päästä" right behind
// a day. A week may be told as eight days, and a fortnight as fourteen or fifteen.
func (r *dateReader) weeksAhead(after int) (weeks, end int) {
	if !r.adjoins(after) {
		return 0, after
	}
	if r.marks[after].has(withinWeek) {
		return 1, r.through(after, withinWeek)
	}
	at := after
	for at < len(r.words) && r.adjoins(at) && r.marks[at].has(inWord) {
		at++
	}
	if at == after || at >= len(r.words) || !r.adjoins(at) {
		return 0, after
	}
	d, ok := r.afterSome(at)
	if !ok || d.hours || d.end != at+2 || r.marks[at+1].any(of(workingWord, monthUnit)) {
		return 0, after
	}
	if days := int(d.day.Sub(r.midnight()).Hours()+12) / 24; days >= 7 && days%7 <= 1 {
		return days / 7, d.end
	}
	return 0, after
}

// putOff moves a day by the weeks that are told right behind it.
func (r *dateReader) putOff(d foundDate) foundDate {
	if weeks, end := r.weeksOn(d.end); weeks > 0 {
		d.day, d.end, d.today = d.day.AddDate(0, 0, 7*weeks), end, false
	}
	return d
}

// adjoins tells whether no mark stands before a word of the same sentence.
func (r *dateReader) adjoins(i int) bool {
	return i > 0 && i < len(r.words) && r.same(i-1, i) && strings.TrimSpace(r.text[r.words[i-1].end:r.words[i].start]) == ""
}

// ofWeek reads the week that a weekday is of, "Tuesday next week" and "Dienstag
// der nächsten Woche", and returns how many weeks it is ahead.
func (r *dateReader) ofWeek(after int) (monday time.Time, end int, ok bool) {
	at := after
	for at < len(r.words) && at < after+2 && r.adjoins(at) && (isLink(r.spelled(at)) || r.marks[at] == of(inWord)) {
		if d, ok := r.period(at); ok && r.isWeek(d) {
			return d.day, d.end, true
		}
		at++
	}
	if at >= len(r.words) || !r.adjoins(at) {
		return time.Time{}, after, false
	}
	d, ok := r.period(at)
	return d.day, d.end, ok && r.isWeek(d)
}

// isWeek tells whether a period is a working week.
func (r *dateReader) isWeek(d foundDate) bool {
	return isoWeekday(d.day) == 1 && d.last.Equal(d.day.AddDate(0, 0, 4))
}

// dayIn narrows a week to the day, or to the span of days, that is named right
// behind it: "next week Tuesday", "nächste Woche Montag bis Mittwoch".
func (r *dateReader) dayIn(d foundDate) foundDate {
	at := d.end
	if !r.isWeek(d) || !r.adjoins(at) {
		return d
	}
	if isOn(r.spelled(at)) || isArticle(r.spelled(at)) || r.marks[at].has(inWord) {
		at++
	}
	if at >= len(r.words) || !r.adjoins(at) {
		return d
	}
	weekday, end := r.weekdayName(at)
	if _, dated := r.calendarDay(end); weekday == 0 || dated {
		return d
	}
	monday := d.day
	d.day, d.end = monday.AddDate(0, 0, weekday-1), end
	d.last = d.day
	if end < len(r.words) && r.same(at, end) && r.marks[end].has(rangeCue) {
		end++
	} else if end >= len(r.words) || !strings.ContainsAny(r.text[r.words[end-1].end:r.words[end].start], "-–—") {
		return d
	}
	if end < len(r.words) && r.same(at, end) {
		if until, behind := r.weekdayName(end); until > weekday {
			d.last, d.end, d.span = monday.AddDate(0, 0, until-1), behind, true
		}
	}
	return d
}

// wholeWeek stretches the date of "the week of 7 December" to that week's Friday.
func (r *dateReader) wholeWeek(d foundDate) foundDate {
	for w, skipped := d.first-1, 0; w >= 0 && skipped < 3 && r.same(w, d.first); w, skipped = w-1, skipped+1 {
		switch {
		case r.marks[w].has(weekUnit) || r.spelled(w) == "c" && w > 0 && r.spelled(w-1) == "w": // "w/c 7 December"
			if ahead := 5 - isoWeekday(d.day); ahead > 0 {
				d.last = d.day.AddDate(0, 0, ahead)
			}
			return d
		case !isArticle(r.spelled(w)) && !opensWeek(r.spelled(w)):
			return d
		}
	}
	return d
}

// opensWeek tells the words between a week and the day that it is named by.
func opensWeek(w string) bool {
	switch w {
	case "of", "commencing", "beginning", "starting", "from", "vom", "ab", "van", "från", "fra":
		return true
	}
	return false
}
