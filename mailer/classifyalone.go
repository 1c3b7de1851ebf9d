package mailer

import (
	"slices"
	"strings"
	"time"
)

// A note without any mark of its program is believed where it speaks of one thing alone: an
// absence and its end, or the hours of an office. Every clause is then one of these, or a
// courtesy such as everybody gets. Legal notices are no part of it.

// mostOfAbsence is how many words such a note has at most.
const mostOfAbsence = 60

// aloneSections are what the clauses of such notes consist of.
var aloneSections = of(autoText, autoOnly, autoSelf, autoSubject, officeHours)

// bare gives the sender's own words without notices, false where they are too many.
func (c *classifier) bare() (phrases, bool) {
	p := c.tables.phrases(withoutNotices(c.fresh().text), aloneSections)
	return p, len(p.words) <= mostOfAbsence
}

// tellsAbsenceAlone reports whether the text says that its writer is away, and until
// when, and nothing else. A person who has no more to say is away just the same.
func (c *classifier) tellsAbsenceAlone() bool {
	if c.fresh().counts[autoText]+c.fresh().counts[autoOnly] == 0 {
		return false
	}
	q, short := c.bare()
	if !short || !tellsOwnAbsence(q) {
		return false
	}
	back := ReturnDate(q.text, c.m.Date)
	if back.IsZero() || c.tellsMore(back) {
		return false
	}
	says, besides := c.plainly(q, of(backCue)), c.courtesies(q)
	_, without := q.clauses(of(autoText, autoOnly, autoSubject), func(w int) bool { return says(w) || besides(w) })
	return without == 0 && !q.tellsOfYours(of(autoText, autoOnly, autoSubject))
}

// tellsOwnAbsence reports whether a phrase says of the writer that they are away. English
// and the languages of the north have phrases without a pronoun: "Ken is out of office".
func tellsOwnAbsence(q phrases) bool {
	return slices.ContainsFunc(q.all, func(f found) bool {
		opens := !slices.Contains([]string{"en", "sv", "da", "no"}, f.language) && !isCopula(q, f.first) || f.first == 0 || isSelf(q, f.first) ||
			q.words[f.first-1].sentence != q.words[f.first].sentence || !q.sameClause(f.first-1, f.first)
		return of(autoText, autoOnly).has(f.section) && opens && slices.ContainsFunc(q.all, func(g found) bool {
			return g.section == autoSubject && g.first < f.end && f.first < g.end
		})
	})
}

// tellsMore reports whether the text says anything of an application. Word that is
// promised for the day of the return is none: "er på barsel og vender tilbage den 7."
func (c *classifier) tellsMore(back time.Time) bool {
	s := c.statement()
	return s.speaksOf(NextStep, Request, Rejection, Offer) || s.speaksOf(Decision) && !s.decideBy.Equal(back)
}

// tellsHoursAlone reports whether the text confirms that a letter came and says when
// letters are answered, and nothing else.
func (c *classifier) tellsHoursAlone() bool {
	if c.fresh().counts[autoText] == 0 || c.fresh().counts[officeHours] == 0 || c.statement().speaksOf(NextStep, Rejection, Offer) {
		return false
	}
	p, short := c.bare()
	confirms := slices.ContainsFunc(p.all, func(f found) bool {
		return f.section == autoText && !slices.ContainsFunc(p.all, func(g found) bool {
			return g.section == officeHours && g.first < f.end && f.first < g.end
		})
	})
	if !short || !confirms {
		return false
	}
	hours := c.plainly(p, weekdays().with(of(hourUnit, clockTime)))
	told := func(w int) bool { return hours(w) || isClock(p.text[p.words[w].start:p.words[w].end]) }
	_, without := p.clauses(of(autoText, autoOnly, autoSelf, officeHours), told)
	return without == 0 && !p.goesOn(of(autoText, autoOnly, autoSelf, officeHours), told)
}

// mostBesides is how many words stand beside what a clause of such a note says.
const mostBesides = 3

// goesOn reports whether a sentence says more than its phrases: more words than a few stand
// beside them, or it is a short one in the midst of a line, where no name and no greeting stands.
func (p phrases) goesOn(wanted sections, asGood func(w int) bool) bool {
	bearing := make([]bool, len(p.words))
	for _, f := range p.all {
		for i := f.first; wanted.has(f.section) && i < f.end; i++ {
			bearing[i] = true
		}
	}
	for i := 0; i < len(p.words); {
		first, phrased, beside := i, false, 0
		for ; i < len(p.words) && p.words[i].sentence == p.words[first].sentence; i++ {
			w := strings.ToLower(p.text[p.words[i].start:p.words[i].end])
			phrased = phrased || bearing[i]
			if !bearing[i] && !asGood(i) && len([]rune(w)) > 3 && strings.Trim(w, "0123456789") != "" {
				beside++
			}
		}
		if phrased && beside > mostBesides || !phrased && beside > 0 && first > 0 && !strings.Contains(p.text[p.words[first-1].end:p.words[first].start], "\n") {
			return true
		}
	}
	return false
}

// isClock reports whether a word is a time of the day: 9h, 9h30.
func isClock(w string) bool {
	figures := strings.FieldsFunc(w, func(r rune) bool { return r == 'h' })
	return strings.Contains(w, "h") && len(figures) > 0 && !slices.ContainsFunc(figures, func(s string) bool { return strings.Trim(s, "0123456789") != "" })
}

// plainly gives a test of words: whether one means any of what is given, in a clause
// that says nothing to the reader or of an application.
func (c *classifier) plainly(q phrases, meant sections) func(w int) bool {
	s, r := readStatement(q.text, c.m.Date), newDateReader(q.text, c.m.Date)
	return func(w int) bool {
		return w < len(r.marks) && r.marks[w].any(meant) && !slices.ContainsFunc(s.all, func(f found) bool {
			return matters.with(of(reader)).has(f.section) && f.language == s.language() && s.words[f.first].sentence == s.words[w].sentence && s.sameClause(min(f.end-1, w), max(f.first, w))
		})
	}
}

// courtesies gives a test of words: whether one thanks the reader, or stands in a sentence
// that sends everybody to another address.
func (c *classifier) courtesies(q phrases) func(w int) bool {
	s := readStatement(q.text, c.m.Date)
	return func(w int) bool {
		return w < len(s.words) && slices.ContainsFunc(s.all, func(f found) bool {
			from, to := s.bounds(f)
			return f.section == effort && f.first <= w && w < f.end && !s.besides(f, matters) ||
				f.section == elsewhere && s.words[f.first].sentence == s.words[w].sentence && strings.Contains(s.text[from:to], "@")
		})
	}
}

// weekdays is the set of their names.
func weekdays() (set sections) {
	for day := weekday1; day <= weekday7; day++ {
		set = set.with(of(day))
	}
	return set
}

// isCopula reports whether a word is a verb that, without its pronoun, may be anybody's.
func isCopula(p phrases, i int) bool {
	return strings.ToLower(p.text[p.words[i].start:p.words[i].end]) == "er"
}

// isSelf reports whether a word means the writer, or the writer's office.
func isSelf(p phrases, i int) bool {
	switch strings.ToLower(p.text[p.words[i].start:p.words[i].end]) {
	case "i", "we", "jag", "jeg", "vi":
		return true
	}
	return false
}
