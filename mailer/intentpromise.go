package mailer

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxPromise is the longest time in which word is promised that is believed.
const maxPromise = 120 * 24 * time.Hour

// promise notes by which day they say that word will come.
func (s *statement) promise() {
	f, by := s.promised()
	if !by.IsZero() && !s.shows(Rejection) { // what comes after a rejection is none
		s.decideBy = by
		s.shown = append(s.shown, Hint{Decision, s.sentence(f)})
	}
}

// wordAfter is how long after a decision its word comes at most.
const wordAfter = 7 * 24 * time.Hour

// promised finds where they say by which day word will come. Where they say when
// it is decided and then when they tell it, within a week, the latter is meant.
func (s *statement) promised() (said found, by time.Time) {
	if s.sent.IsZero() {
		return said, by
	}
	var r *dateReader
	for _, f := range s.all {
		if !by.IsZero() && s.words[f.first].sentence == s.words[said.first].sentence {
			continue
		}
		if f.section != answering || s.denied(f, intentRule{intent: Decision, hoped: true}) || s.besides(f, of(replying)) || s.isWithin(f, of(replying)) {
			continue
		}
		if r == nil {
			r = newDateReader(s.text, s.sent)
		}
		day := s.promisedBy(r, f)
		if by.IsZero() || day.After(by) && day.Sub(by) <= wordAfter {
			said, by = f, day
		}
	}
	return said, by
}

// isWithin tells whether a phrase is a part of another, be it in another language:
// "decision" is a French word too.
func (s *statement) isWithin(f found, set sections) bool {
	return slices.ContainsFunc(s.all, func(g found) bool { return set.has(g.section) && g.first <= f.first && f.end <= g.end })
}

// promisedBy finds the day by which a phrase promises word.
func (s *statement) promisedBy(r *dateReader, f found) (by time.Time) {
	for _, d := range r.dates() {
		if s.promises(r, d, f) && d.last.After(by) {
			by = d.last
			if r.isFollowed(d) {
				by = nextWorkday(by)
			}
		}
	}
	if by.IsZero() {
		by = s.followedUp(r, f)
	}
	return by
}

// followedUp finds the day of the sentence before one that says that word comes
// "straight after".
func (s *statement) followedUp(r *dateReader, f found) (by time.Time) {
	start, end := s.bounds(f)
	at, then, later := -1, false, false
	for w := range r.words {
		if int(r.words[w].start) < start {
			at = w
		} else if int(r.words[w].end) <= end {
			then, later = then || r.marks[w].any(of(afterwards, nextDay)), later || r.marks[w].has(nextDay)
		}
	}
	if !then || at < 0 {
		return by
	}
	for _, d := range r.dates() {
		if r.same(d.first, at) && s.isTerm(r, d) && d.last.After(by) {
			by = d.last
		}
	}
	if later && !by.IsZero() {
		by = nextWorkday(by)
	}
	return by
}

// isFollowed tells whether "the day after" stands behind a date.
func (r *dateReader) isFollowed(d foundDate) bool {
	for w := d.end; w < len(r.words) && r.same(w, d.first); w++ {
		if r.marks[w].has(nextDay) {
			return true
		}
	}
	return false
}

func nextWorkday(day time.Time) time.Time {
	for day = day.AddDate(0, 0, 1); isoWeekday(day) > 5; {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// promises tells whether a date is the one by which a phrase promises word. One
// in a clause before it tells of something else, unless it is a deadline, or word
// comes right after it.
func (s *statement) promises(r *dateReader, d foundDate, f found) bool {
	start, end := s.bounds(f)
	if d.from < start || d.to > end || !s.isTerm(r, d) {
		return false
	}
	said := int(s.words[f.first].start)
	if d.to <= said && r.isPast(d) {
		return false
	}
	if d.eastern && !r.isEasternDeadline(d) && !isDayOf(s.text, d.to, said) {
		return false
	}
	if d.to > said || !strings.ContainsAny(s.text[d.to:said], ",;:") || r.opens(d) && s.isOneClause(d.to, said) {
		return true
	}
	for w := d.first - 1; w >= 0 && w >= d.first-2; w-- {
		if r.marks[w].any(of(untilCue, throughCue)) {
			return true
		}
	}
	for w := d.end; w < len(r.words) && r.same(w, d.first); w++ {
		if r.marks[w].any(of(afterwards, nextDay)) {
			return true
		}
	}
	return false
}

// easternReach is how many characters lie at most between a day and its verb in Japanese
// and Chinese.
const easternReach = 4

// isDayOf tells whether a Japanese or Chinese day that is no term is the day of what is
// said: such a day stands right before its verb. One that belongs to a noun (12月1日の面接),
// stands further off, or behind, is the day of what word will come about.
func isDayOf(text string, day, said int) bool {
	if day > said {
		return false
	}
	between := strings.TrimSpace(text[day:said])
	return !strings.HasPrefix(between, "の") && !strings.HasPrefix(between, "的") && utf8.RuneCountInString(between) <= easternReach
}

// pastReach is how many words lie at most between a day and what happened on it.
const pastReach = 3

// isPast tells a day on which something happened, as "we received your mail on
// Friday" does. A deadline is none, and a word behind "and" tells of another.
func (r *dateReader) isPast(d foundDate) bool {
	if d.length || d.first > 0 && r.marks[d.first-1].any(of(untilCue, throughCue, nextWord)) {
		return false
	}
	for w := d.first - 1; w >= max(0, d.first-1-pastReach) && r.joined(w, w+1); w-- {
		if r.marks[w].has(pastWord) {
			return true
		}
	}
	for w := d.end; w < min(len(r.words), d.end+pastReach+1) && r.joined(w-1, w); w++ {
		if r.marks[w].has(pastWord) {
			return true
		}
	}
	return false
}

// joined tells whether two neighbours stand in one clause.
func (r *dateReader) joined(a, b int) bool {
	return r.same(a, b) && !strings.ContainsAny(r.text[r.words[a].end:r.words[b].start], ",;:–—") && !isAnd(r.spelled(a)) && !isAnd(r.spelled(b))
}

// isAnd knows the words that join two clauses.
func isAnd(w string) bool {
	switch w {
	case "and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "ed", "ma", "mas", "en", "maar", "och", "men", "og", "i", "ale", "a", "ja", "mutta", "ve":
		return true
	}
	return false
}

// openingReach is how many words, such as "on", stand at most before a day that
// begins a sentence.
const openingReach = 2

// opens tells a day with which a sentence begins: what follows the comma behind
// it happens on that day.
func (r *dateReader) opens(d foundDate) bool {
	for w := d.first - 1; w >= 0 && r.same(w, d.first); w-- {
		if d.first-w > openingReach || !isArticle(r.spelled(w)) && !r.marks[w].any(of(inWord, untilCue, fromCue, nextWord, thisWord)) && !isOn(r.spelled(w)) {
			return false
		}
	}
	return true
}

// isOn knows the words that stand before a day.
func isOn(w string) bool {
	switch w {
	case "on", "am", "op", "på", "em", "v", "w", "we", "na":
		return true
	}
	return false
}

// isOneClause tells whether no more than the comma that closes a day lies between
// it and what is said.
func (s *statement) isOneClause(from, to int) bool {
	between := strings.TrimLeft(s.text[from:to], ", ")
	return !strings.ContainsAny(between, ",;:") && !slices.ContainsFunc(strings.Fields(strings.ToLower(between)), isAnd)
}

// How many words before and behind a length of time tell that it is past.
const (
	lapseReach  = 4
	lapseBehind = 2
)

// oneDay is how long "one day" is at most.
const oneDay = 24 * time.Hour

// isTerm tells whether something can be promised by a date: it is to come, not
// too far off, and no length of time that is past.
func (s *statement) isTerm(r *dateReader, d foundDate) bool {
	if d.bad || !d.last.After(s.sent) || d.last.Sub(s.sent) > maxPromise {
		return false
	}
	if d.length && d.last.Sub(s.sent) < oneDay && (d.first == 0 || !r.marks[d.first-1].any(of(inWord, untilCue, nextWord))) {
		return false // "one day", by itself, is any
	}
	for w := max(0, d.first-lapseReach); d.length && w < min(len(r.words), d.end+lapseBehind); w++ {
		if r.same(w, d.first) && (w < d.first || w >= d.end) && r.marks[w].has(lapse) {
			return false
		}
	}
	return true
}
