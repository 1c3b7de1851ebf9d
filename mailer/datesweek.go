package mailer

import "time"

// weekNumber reads "week 50", "KW 50" and their kin: a week of the calendar (ISO
// 8601), the nearest that does not lie more than half a year before the mail.
func (r *dateReader) weekNumber(i int) (foundDate, bool) {
	if !r.marks[i].has(weekUnit) && !isWeekSign(r.spelled(i)) || i+1 >= len(r.words) || !r.same(i, i+1) {
		return foundDate{}, false
	}
	n, ok := number(r.spelled(i + 1))
	if !ok || n < 1 || n > 53 || !isDigit(r.text[r.words[i+1].end-1]) || r.month(i+2) > 0 || r.isFigure(i+2) && r.separator(i+1) != 0 {
		return foundDate{}, false
	}
	year, _ := r.sent.ISOWeek()
	monday := r.mondayOf(year, n)
	if r.sent.Sub(monday) > 183*24*time.Hour {
		monday = r.mondayOf(year+1, n)
	}
	_, real := monday.ISOWeek() // few years have a week 53
	return foundDate{day: monday, last: monday.AddDate(0, 0, 4), first: i, end: i + 2, bad: real != n}, true
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

// weeksOn reads what puts a weekday off by weeks: "Tuesday week", "mardi en
// huit". It returns the weeks and the word after it.
func (r *dateReader) weeksOn(after int) (weeks, end int) {
	if after >= len(r.words) || !r.same(after-1, after) {
		return 0, after
	}
	switch w := r.spelled(after); {
	case w == "week" || w == "fortnight":
		if after+1 < len(r.words) && r.isFigure(after+1) {
			return 0, after // "Tuesday, week 50"
		}
		return 1, after + 1
	case w == "en" && after+1 < len(r.words) && r.spelled(after+1) == "huit":
		return 1, after + 2
	case w == "en" && after+1 < len(r.words) && r.spelled(after+1) == "quinze":
		return 2, after + 2
	}
	return 0, after
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
