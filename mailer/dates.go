package mailer

import (
	"strconv"
	"strings"
	"time"
)

// maxAway is the longest absence that is believed.
const maxAway = 60 * 24 * time.Hour

// cueReach is how many words a cue such as "until" may stand before its date.
const cueReach = 6

// ReturnDate finds the day on which an out-of-office message says that its
// sender is back, at midnight in sent's zone. Weekdays and dates without a year
// are read against sent. What is ambiguous (9/8), past, further off than sixty
// days, or no return date gives the zero time.
func ReturnDate(text string, sent time.Time) time.Time {
	if sent.IsZero() {
		return time.Time{}
	}
	text = text[:min(len(text), maxNoticeBytes)]
	r := dateReader{text: text, tables: tables(), sent: sent}
	r.words = r.tables.read(text)
	r.marks = make([]sections, len(r.words))
	for _, f := range r.tables.find(r.words, dateSections()) {
		for i := f.first; i < f.end; i++ {
			r.marks[i] |= of(f.section)
		}
	}
	return r.best()
}

func dateSections() sections {
	set := of(untilCue, throughCue, rangeCue, startCue, tomorrowWord, nextWeek)
	for s := weekday1; s <= month12; s++ {
		set |= of(s)
	}
	return set
}

type dateReader struct {
	text   string
	tables *phraseTables
	sent   time.Time
	words  []word
	marks  []sections // by index of word
}

// foundDate is a date in a text.
type foundDate struct {
	day   time.Time
	first int // index of the first word
	end   int // index after the last word
	bad   bool
}

// best picks the date that the clearest cue points at.
func (r *dateReader) best() time.Time {
	dates := r.dates()
	var chosen time.Time
	score := 0
	for i, d := range dates {
		s, day := r.judge(dates, i)
		if s > score {
			score, chosen = s, day
			if d.bad {
				chosen = time.Time{}
			}
		}
	}
	if chosen.IsZero() || !chosen.After(r.sent) || chosen.Sub(r.sent) > maxAway {
		return time.Time{}
	}
	return chosen
}

// judge scores a date by the cue before it and moves it to the next day where
// it is the last day of the absence.
func (r *dateReader) judge(dates []foundDate, i int) (int, time.Time) {
	d := dates[i]
	start := 0
	if i > 0 {
		start = dates[i-1].end
	}
	cues := sections(0)
	for w := max(start, d.first-cueReach); w < d.first; w++ {
		if r.words[w].sentence == r.words[d.first].sentence {
			cues |= r.marks[w]
		}
	}
	ranged := i > 0 && dates[i-1].end >= d.first-2 && r.joins(dates[i-1], d) || r.closesSpan(d)
	switch {
	case cues.has(throughCue):
		return 3, d.day.AddDate(0, 0, 1)
	case cues.has(untilCue):
		return 3, d.day
	case ranged:
		return 2, d.day.AddDate(0, 0, 1)
	}
	return 0, time.Time{}
}

// closesSpan tells whether a date ends a span whose beginning is a mere number,
// as in "du 4 au 15 mai" and "4-15 May".
func (r *dateReader) closesSpan(d foundDate) bool {
	before := d.first - 1
	if before >= 1 && r.marks[before].has(rangeCue) {
		before--
	} else if before < 0 || !strings.ContainsAny(r.text[r.words[before].end:r.words[d.first].start], "-–—") {
		return false
	}
	_, ok := number(r.spelled(before))
	return ok
}

// joins tells whether two dates are the ends of one span.
func (r *dateReader) joins(a, b foundDate) bool {
	between := r.text[r.words[a.end-1].end:r.words[b.first].start]
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
	var list []foundDate
	for i := 0; i < len(r.words) && len(list) < 50; {
		d, ok := r.at(i)
		if !ok {
			i++
			continue
		}
		list = append(list, d)
		i = d.end
	}
	return list
}

// at reads a date that begins at word i.
func (r *dateReader) at(i int) (foundDate, bool) {
	weekday, after := r.weekday(i)
	if d, ok := r.calendarDay(after); ok {
		if weekday > 0 && !d.bad && isoWeekday(d.day) != weekday {
			d.bad = true // an old text, or a misread date
		}
		d.first = i
		return d, true
	}
	switch {
	case weekday > 0:
		return foundDate{day: r.nextWeekday(weekday), first: i, end: after}, true
	case r.marks[i].has(tomorrowWord):
		return foundDate{day: r.midnight().AddDate(0, 0, 1), first: i, end: i + 1}, true
	case r.marks[i].has(nextWeek):
		end := i + 1
		for end < len(r.words) && r.marks[end].has(nextWeek) {
			end++
		}
		return foundDate{day: r.nextWeekday(1), first: i, end: end}, true
	}
	return foundDate{}, false
}

func isoWeekday(t time.Time) int {
	if t.Weekday() == time.Sunday {
		return 7
	}
	return int(t.Weekday())
}

// weekday reads a weekday's name at word i, 1 for Monday, and returns the word
// after it and after an article such as "the" or "den".
func (r *dateReader) weekday(i int) (weekday, after int) {
	for s := weekday1; s <= weekday7; s++ {
		if !r.marks[i].has(s) {
			continue
		}
		after = i + 1
		for after < len(r.words) && r.marks[after].has(s) {
			after++ // a name of two words
		}
		if after+1 < len(r.words) && isArticle(r.spelled(after)) {
			if _, ok := r.calendarDay(after + 1); ok {
				after++
			}
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
	case "the", "den", "dem", "le", "el", "il", "dia", "día", "de", "dnia", "d":
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
	case "", "st", "nd", "rd", "th", "er", "º", "o", "e", "ste", "de", "a":
	default:
		return 0, false
	}
	n, err := strconv.Atoi(w[:digits])
	return n, err == nil
}
