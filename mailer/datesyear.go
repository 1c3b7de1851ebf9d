package mailer

import "time"

// The days that are named by the turn of the year: Christmas Eve, and how far
// into January "in the new year" reaches.
const (
	christmasEve = 24
	newYearDays  = 15
	newYearEarly = 10
)

// turnOfYear reads "the end of the year", "before Christmas" and "in the new
// year", of the one that comes next.
func (r *dateReader) turnOfYear(i int) (foundDate, bool) {
	year, month := r.sent.Year(), r.sent.Month()
	date := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, r.sent.Location())
	}
	switch m := r.marks[i]; {
	case m.has(yearEnd):
		return foundDate{day: date(year, time.December, 31), first: i, end: r.through(i, yearEnd)}, true
	case m.has(newYear) && month > time.June:
		last := newYearDays
		if r.follows(i, of(earlyWord)) {
			last = newYearEarly
		}
		return foundDate{day: date(year+1, time.January, 2), last: date(year+1, time.January, last), first: i, end: r.through(i, newYear)}, true
	case m.has(christmas) && month > time.June && r.isBehind(i):
		return foundDate{day: date(year+1, time.January, 2), last: date(year+1, time.January, newYearEarly), first: i, end: r.through(i, christmas)}, true
	case m.has(christmas) && month > time.June && r.follows(i, of(untilCue, beforeCue)):
		return foundDate{day: date(year, time.December, christmasEve), first: i, end: r.through(i, christmas)}, true
	}
	return foundDate{}, false
}

// cueBefore is how many words a cue stands at most before what it points at.
const cueBefore = 3

// follows tells whether a mark of a set stands closely before word i.
func (r *dateReader) follows(i int, set sections) bool {
	for w := i - 1; w >= max(0, i-cueBefore) && r.same(w, i); w-- {
		if r.marks[w].any(set) {
			return true
		}
	}
	return false
}

// isBehind tells whether "after" stands before word i, and maybe an article.
func (r *dateReader) isBehind(i int) bool {
	at := i - 1
	for at > 0 && r.same(at, i) && isArticle(r.spelled(at)) {
		at--
	}
	return at >= 0 && r.same(at, i) && isAfter(r.spelled(at))
}

// weekend reads "after the weekend", a Monday, and "before the weekend", a
// Friday. By itself it is a wish: "have a nice weekend".
func (r *dateReader) weekend(i int) (foundDate, bool) {
	if !r.marks[i].has(weekendWord) {
		return foundDate{}, false
	}
	friday := r.midnight().AddDate(0, 0, max(0, 5-isoWeekday(r.sent)))
	switch end := r.through(i, weekendWord); {
	case r.isBehind(i):
		return foundDate{day: r.nextWeekday(1), first: i, end: end}, true
	case r.follows(i, of(untilCue, beforeCue)) && friday.After(r.sent):
		return foundDate{day: friday, first: i, end: end}, true
	}
	return foundDate{}, false
}
