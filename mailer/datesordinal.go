package mailer

import (
	"strings"
	"time"
)

// lastOne stands for "last" where the first to the fourth are counted.
const lastOne = 5

// ordinal reads "the first Monday in December", "the last working day of the
// month" and "the second week of January". A counted weekday whose month cannot
// be told ("the first Monday after the fair") is bad: the nearest is not meant.
func (r *dateReader) ordinal(i int) (foundDate, bool) {
	n, spelt := r.rank(i)
	if n == 0 || i+1 >= len(r.words) || !r.same(i, i+1) || r.spelled(i+1) == "feira" { // "segunda-feira" is Monday
		return foundDate{}, false
	}
	at := i + 1
	if isWhole(r.spelled(at)) && at+1 < len(r.words) && r.same(i, at+1) {
		at++
	}
	fits, after := r.ranked(at)
	if fits == nil {
		return foundDate{}, false
	}
	d, ok := r.monthAround(i, after)
	weekday, _ := r.weekdayName(at)
	switch {
	case ok:
		d.day = nth(d.day, n, fits)
		d.last = d.day
		if weekday == 0 && r.marks[at].has(weekUnit) {
			d.last = d.day.AddDate(0, 0, 4)
		}
		return d, true
	case weekday == 0 || !spelt:
		return foundDate{}, false
	case n < lastOne:
		day, end, ok := r.after(after, weekday, n)
		return foundDate{day: day, first: i, end: max(after, end), bad: !ok}, true
	}
	return foundDate{day: r.nextWeekday(weekday).AddDate(0, 0, -7), first: i, end: after}, true // it lies behind us
}

// isWhole tells the words between "first" and its week, "the first full week".
func isWhole(w string) bool {
	switch w {
	case "full", "whole", "complete", "volle", "vollen", "ganze", "ganzen", "hele", "hela", "pełny", "pełnym":
		return true
	}
	return false
}

// after reads "after 6 January" and "after next" behind a weekday, of which the
// n-th is meant, and returns the word after it.
func (r *dateReader) after(i, weekday, n int) (day time.Time, end int, ok bool) {
	if i+1 >= len(r.words) || !r.same(i-1, i+1) || !isAfter(r.spelled(i)) {
		return time.Time{}, i, false
	}
	at := i + 1
	if r.spelled(at) == "next" {
		return r.nextWeekday(weekday).AddDate(0, 0, 7*n), at + 1, true
	}
	for at < len(r.words) && at < i+3 && isArticle(r.spelled(at)) {
		at++
	}
	d, ok := r.calendarDay(at)
	if !ok || d.bad {
		return time.Time{}, i, false
	}
	ahead := (weekday - isoWeekday(d.day) + 7) % 7
	if ahead == 0 {
		ahead = 7
	}
	return d.day.AddDate(0, 0, ahead+7*(n-1)), d.end, true
}

func isAfter(w string) bool {
	switch w {
	case "after", "following", "nach", "après", "suivant", "después", "dopo", "depois", "na", "efter", "etter", "po":
		return true
	}
	return false
}

// rank reads "first", "1st" and "1." at word i, lastOne for "last", and tells
// whether it is spelt out.
func (r *dateReader) rank(i int) (n int, spelt bool) {
	for s := ordinal1; s <= ordinal5; s++ {
		if r.marks[i].has(s) {
			return int(s-ordinal1) + 1, true
		}
	}
	w := r.spelled(i)
	n, ok := number(w)
	if !ok || n < 1 || n >= lastOne || isDigit(w[len(w)-1]) && !r.dotFollows(i) {
		return 0, false
	}
	return n, false
}

// ranked reads what is counted at word i, a weekday, a working day or a week:
// which days fit, and the word behind it. A week is counted by its Monday.
func (r *dateReader) ranked(i int) (fits func(time.Time) bool, after int) {
	if weekday, after := r.weekdayName(i); weekday > 0 {
		return func(t time.Time) bool { return isoWeekday(t) == weekday }, after
	}
	if r.marks[i].has(weekUnit) {
		return func(t time.Time) bool { return isoWeekday(t) == 1 }, i + 1
	}
	if !r.marks[i].any(of(workingWord, dayUnit)) || i+1 >= len(r.words) || !r.same(i, i+1) {
		return nil, i
	}
	working := r.marks[i].has(workingWord) && r.marks[i+1].has(dayUnit) || r.marks[i].has(dayUnit) && r.marks[i+1].has(workingWord)
	isWorking := func(t time.Time) bool { return isoWeekday(t) < 6 }
	switch {
	case working:
		return isWorking, i + 2
	case r.marks[i].has(dayUnit) && r.marks[i].has(workingWord): // "Arbeitstag"
		return isWorking, i + 1
	}
	return nil, i
}

// monthAround reads the month whose days are counted, from word after on or
// right before word i, where Finnish has it.
func (r *dateReader) monthAround(i, after int) (foundDate, bool) {
	at, next := after, false
	for at < len(r.words) && at < after+4 && r.same(i, at) {
		m := r.marks[at]
		switch {
		case r.month(at) > 0:
			return r.namedAt(i, at), true
		case m.has(monthUnit):
			next = next || at+1 < len(r.words) && r.same(at, at+1) && r.marks[at+1].has(nextWord)
			ahead := 0
			if next {
				ahead = 1
			}
			return r.wholeMonth(i, at+1, r.sent.Year(), int(r.sent.Month())+ahead), true
		case m.has(nextWord):
			next = true
		case !m.any(of(inWord, thisWord)) && !isLink(r.spelled(at)):
			return r.newYear(i, at)
		}
		at++
	}
	if i > 0 && r.same(i-1, i) && r.month(i-1) > 0 {
		d := r.namedAt(i-1, i-1)
		d.end = after
		return d, true
	}
	return foundDate{}, false
}

// namedAt is the month that is named at a word, with its year.
func (r *dateReader) namedAt(first, at int) foundDate {
	month := r.month(at)
	year, end := r.year(at + 1)
	dated := year > 0
	if !dated {
		year = r.yearOf(month, 28)
	}
	d := r.wholeMonth(first, end, year, month)
	d.dated = dated
	return d
}

// newYear reads "in the new year", whose days are those of January.
func (r *dateReader) newYear(i, at int) (foundDate, bool) {
	if at >= len(r.words) || !r.same(i, at) {
		return foundDate{}, false
	}
	end := at + 1
	switch two := end < len(r.words) && r.same(at, end); {
	case two && isNewYear(r.spelled(at)+" "+r.spelled(end)):
		end++
	case !isNewYear(r.spelled(at)):
		return foundDate{}, false
	}
	return r.wholeMonth(i, end, r.sent.Year()+1, 1), true
}

func isNewYear(words string) bool {
	switch strings.TrimSuffix(words, "s") {
	case "new year", "neuen jahr", "neuen jahre", "nouvelle année", "nouvel an", "año nuevo", "nuevo año", "anno nuovo", "nuovo anno", "nieuwe jaar", "nya året", "nye år":
		return true
	}
	return false
}

// nth is the n-th day that fits of the month whose first day is given, or the
// last one.
func nth(first time.Time, n int, fits func(time.Time) bool) time.Time {
	found := time.Time{}
	if n == lastOne {
		n = 31
	}
	for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
		if !fits(day) {
			continue
		}
		found = day
		if n--; n == 0 {
			break
		}
	}
	return found
}
