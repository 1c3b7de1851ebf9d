package mailer

import (
	"slices"
	"strings"
	"time"
)

// calendarDay reads a date in figures or with a month's name at word i.
func (r *dateReader) calendarDay(i int) (foundDate, bool) {
	if i >= len(r.words) {
		return foundDate{}, false
	}
	if d, ok := r.figures(i); ok {
		return d, true
	}
	if n, ok := number(r.spelled(i)); ok {
		return r.dayFirst(i, n)
	}
	if n, spelt := r.rank(i); spelt && n < lastOne { // "the first of December"
		if d, ok := r.dayFirst(i, n); ok {
			return d, true
		}
	}
	if month := r.month(i); month > 0 {
		return r.monthFirst(i, month)
	}
	return foundDate{}, false
}

// month returns the month named at word i, 0 if none is.
func (r *dateReader) month(i int) int {
	if i >= len(r.words) {
		return 0
	}
	for s := month1; s <= month12; s++ {
		if r.marks[i].has(s) {
			return int(s-month1) + 1
		}
	}
	return 0
}

// dayFirst reads "5 May 2026", "5. Mai" and "5 de mayo de 2026".
func (r *dateReader) dayFirst(i, day int) (foundDate, bool) {
	at := i + 1
	for at < len(r.words) && at <= i+2 && (isArticle(r.spelled(at)) || r.spelled(at) == "of") {
		at++
	}
	month := r.month(at)
	if month == 0 || day < 1 || day > 31 {
		return foundDate{}, false
	}
	year, end := r.year(at + 1)
	return r.make(year, month, day, i, end), true
}

// monthFirst reads "May 5, 2026", "May 5th" and the end of "May 5-8".
func (r *dateReader) monthFirst(i, month int) (foundDate, bool) {
	at := i + 1
	if at < len(r.words) && r.spelled(at) == "the" {
		at++
	}
	if at >= len(r.words) {
		return foundDate{}, false
	}
	day, ok := number(r.spelled(at))
	if !ok || day < 1 || day > 31 {
		return foundDate{}, false
	}
	span := false
	if at+1 < len(r.words) && r.isFigure(at+1) && strings.ContainsAny(r.text[r.words[at].end:r.words[at+1].start], "-–—") {
		if last, _ := number(r.spelled(at + 1)); last > day && last <= 31 { // "Nov 24-27"
			day, at, span = last, at+1, true
		}
	}
	year, end := r.year(at + 1)
	d := r.make(year, month, day, i, end)
	d.span = span
	return d, true
}

// year reads a year at word i, or after a "de" there. It returns 0 if none is
// there, and the word after it.
func (r *dateReader) year(i int) (year, end int) {
	at := i
	if at+1 < len(r.words) && (isArticle(r.spelled(at)) || r.spelled(at) == "del") {
		at++
	}
	if at >= len(r.words) {
		return 0, i
	}
	if n, ok := number(r.spelled(at)); ok && n >= 1990 && n < 2200 {
		return n, at + 1
	}
	return 0, i
}

// figures reads 2026-05-05, 05.05.2026, 5.5. and 25/12/2026. Where both the
// first and the second number can be a month, a slash or a dash is ambiguous
// (see twoWays); full stops stand in day-month order only.
func (r *dateReader) figures(i int) (foundDate, bool) {
	a, ok := number(r.spelled(i))
	if !ok || i+1 >= len(r.words) {
		return foundDate{}, false
	}
	sep := r.separator(i)
	b, ok := number(r.spelled(i + 1))
	if !ok || sep == 0 {
		return foundDate{}, false
	}
	if a > 31 {
		return r.isoDate(i, a, b, sep)
	}
	c, end := r.thirdNumber(i+1, sep)
	if c < 0 || sep == '-' && c == 0 || sep == '.' && c == 0 && !r.dotFollows(i+1) {
		return foundDate{}, false
	}
	day, month := a, b
	switch {
	case sep != '.' && a <= 12 && b <= 12 && a != b && r.ordered(i) == eitherFirst:
		return r.twoWays(r.make(c, a, b, i, end), r.make(c, b, a, i, end), c), true
	case sep != '.' && a <= 12 && b <= 12 && r.ordered(i) == monthFirst:
		day, month = b, a
	case sep != '.' && b > 12:
		day, month = b, a
	}
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return foundDate{}, false
	}
	return r.make(c, month, day, i, end), true
}

// figureOrder is which of the figures of 9/8 is the day.
type figureOrder uint8

const (
	unread figureOrder = iota
	eitherFirst
	dayFirst
	monthFirst
)

// ordered tells in which order a date in figures at word i is written: another one
// of the text shows it, or the language of its sentence. In English both are usual.
func (r *dateReader) ordered(i int) figureOrder {
	if r.order == unread {
		r.order = r.shownOrder()
	}
	if r.order == eitherFirst && slices.Contains(r.foreign, r.words[i].sentence) {
		return dayFirst
	}
	return r.order
}

// shownOrder looks for dates of which one figure can be no month.
func (r *dateReader) shownOrder() figureOrder {
	days, months := 0, 0
	for i := 0; i+1 < len(r.words); i++ {
		a, first := number(r.spelled(i))
		b, second := number(r.spelled(i + 1))
		if !first || !second || r.separator(i) != '/' {
			continue
		}
		switch {
		case a > 12 && a <= 31 && b <= 12:
			days++
		case b > 12 && b <= 31 && a <= 12:
			months++
		}
	}
	switch {
	case days > 0 && months == 0:
		return dayFirst
	case months > 0 && days == 0:
		return monthFirst
	}
	return eitherFirst
}

// twoWays chooses between the readings of 01/12/2026: where one is past and the
// other soon, or one is close and the other far off, the former is meant, unless
// somebody is on a long leave. Else the date is bad, as it is where the year is a
// guess.
func (r *dateReader) twoWays(a, b foundDate, year int) foundDate {
	isSoon := func(d foundDate) bool { return !d.bad && d.day.After(r.sent) && d.day.Sub(r.sent) <= maxAway }
	beats := func(d, other foundDate) bool {
		past, apart := !other.day.After(r.sent), d.day.Sub(r.sent) <= closeBy && other.day.Sub(r.sent) > farOff && !r.isLongLeave()
		return year > 0 && isSoon(d) && (past || apart)
	}
	switch {
	case beats(a, b):
		return a
	case beats(b, a):
		return b
	}
	a.bad = true
	return a
}

// Most absences end within closeBy, and hardly one lasts until farOff.
const (
	closeBy = 21 * 24 * time.Hour
	farOff  = 90 * 24 * time.Hour
)

// isoDate reads the rest of 2026-05-05 (ISO 8601).
func (r *dateReader) isoDate(i, year, month int, sep byte) (foundDate, bool) {
	if year < 1990 || year > 2200 || i+2 >= len(r.words) || r.separator(i+1) != sep {
		return foundDate{}, false
	}
	day, ok := number(r.spelled(i + 2))
	if !ok || month < 1 || month > 12 || day < 1 || day > 31 {
		return foundDate{}, false
	}
	return r.make(year, month, day, i, i+3), true
}

// separator returns the mark between word i and the next, 0 if something else
// stands there.
func (r *dateReader) separator(i int) byte {
	between := strings.TrimRight(r.text[r.words[i].end:r.words[i+1].start], " ")
	if len(between) == 1 && strings.Contains("./-", between) {
		return between[0]
	}
	return 0
}

// thirdNumber reads the year of a date in figures: 0 if none stands there, -1
// if what stands there is no year.
func (r *dateReader) thirdNumber(i int, sep byte) (year, end int) {
	if i+1 >= len(r.words) || r.separator(i) != sep {
		return 0, i + 1
	}
	n, ok := number(r.spelled(i + 1))
	switch {
	case !ok && sep == '.':
		return 0, i + 1
	case !ok:
		return -1, i + 1
	case n < 100:
		return 2000 + n, i + 2
	case n >= 1990 && n < 2200:
		return n, i + 2
	}
	return -1, i + 1
}

// dotFollows tells whether a full stop stands right after word i, as in "5.5.".
func (r *dateReader) dotFollows(i int) bool {
	return strings.HasPrefix(r.text[r.words[i].end:], ".")
}

// make builds a date. Without a year it is the one nearest to the mail's own
// day that does not lie more than half a year before it.
func (r *dateReader) make(year, month, day, first, end int) foundDate {
	d := foundDate{first: first, end: end, dated: year != 0}
	if year == 0 {
		year = r.yearOf(month, day)
	}
	d.day = time.Date(year, time.Month(month), day, 0, 0, 0, 0, r.sent.Location())
	d.bad = d.day.Day() != day // the 31st of a shorter month
	return d
}

// yearOf chooses the year of a date that is written without one.
func (r *dateReader) yearOf(month, day int) int {
	year := r.sent.Year()
	if t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, r.sent.Location()); r.sent.Sub(t) > 183*24*time.Hour {
		year++
	}
	return year
}
