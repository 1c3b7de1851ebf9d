package mailer

// The sections of the files in tables/dates.
const (
	_            section = iota
	backCue              // back, returning: the day that it points at is the first one back
	untilCue             // until: the day is the last one away, unless it is a Monday
	throughCue           // until and including
	fromCue              // from: the first day away, or the first one back where the sentence says so
	rangeCue             // to, between the ends of a span
	todayWord            // the day of the mail, which somebody away or a denial makes the last one
	awayWord             // out, absent
	tomorrowWord         // +1 day
	dayAfterWord         // +2 days
	nextWord             // next, coming
	thisWord
	earlyWord // the beginning of a period
	middleWord
	endWord
	workingWord // business, of days
	inWord      // the prepositions that may stand before the name of a month
	dayUnit
	weekUnit
	monthUnit
	beforeCue // before, which with a denial behind the date names the first day back
	denial    // not, no, nobody
	nextWeek  // next week, in one word or as a fixed phrase
	number1
	number10 = number1 + 9
	weekday1 = number10 + 1
	weekday7 = weekday1 + 6
	month1   = weekday7 + 1
	month12  = month1 + 11
	ordinal1 = month12 + 1  // the first
	ordinal5 = ordinal1 + 4 // the last

	number12   = ordinal5 + 3 // larger numbers that people write in words
	number14   = ordinal5 + 4
	number15   = ordinal5 + 5
	number20   = ordinal5 + 6
	fortnight  = ordinal5 + 7  // a unit of two weeks
	withinWeek = ordinal5 + 9  // within a week, in languages that count no "one"
	nextDay    = ordinal5 + 8  // the day after: what is said of follows a day after the one that was named
	afterwards = ordinal5 + 1  // then, straight after: what is said of follows the day that was named
	longLeave  = ordinal5 + 10 // parental leave and the like
	lapse      = ordinal5 + 2  // it took, ago: the time beside it is past, and no term
	pastWord   = ordinal5 + 11 // received, met: the day beside it is past, and no term

	hourUnit      = ordinal5 + 12 // of which whole days are counted
	yearEnd       = ordinal5 + 13 // the end of the year, this year
	newYear       = ordinal5 + 14 // the new year
	christmas     = ordinal5 + 15 // Christmas, the holidays
	weekendWord   = ordinal5 + 16
	comingWord    = ordinal5 + 17 // coming: the nearest, of a weekday
	weekAfterNext = ordinal5 + 18
	clockTime     = ordinal5 + 19 // o'clock, of a time of the day
)

// dateSectionNamed maps a heading to its section.
func dateSectionNamed(name string) (section, bool) {
	names := [...]string{
		backCue: "back", untilCue: "until", throughCue: "through", fromCue: "from", rangeCue: "range", tomorrowWord: "tomorrow", todayWord: "today", awayWord: "away",
		dayAfterWord: "day_after_tomorrow", nextWord: "next", thisWord: "this", earlyWord: "early", middleWord: "middle", endWord: "end",
		beforeCue: "before", denial: "denial", workingWord: "working", inWord: "in", dayUnit: "day", weekUnit: "week", monthUnit: "month", nextWeek: "next_week",
		number1: "number1", "number2", "number3", "number4", "number5", "number6", "number7", "number8", "number9", "number10",
		weekday1: "weekday1", "weekday2", "weekday3", "weekday4", "weekday5", "weekday6", "weekday7",
		month1: "month1", "month2", "month3", "month4", "month5", "month6", "month7", "month8", "month9",
		"month10", "month11", "month12",
		ordinal1: "first", "second", "third", "fourth", "last",
		afterwards: "afterwards", lapse: "lapse", pastWord: "past", number12: "number12", number14: "number14", number15: "number15", number20: "number20", fortnight: "fortnight", nextDay: "next_day", withinWeek: "within_week", longLeave: "long_leave",
		hourUnit: "hour", yearEnd: "year_end", newYear: "new_year", christmas: "christmas", weekendWord: "weekend", comingWord: "coming", weekAfterNext: "week_after_next", clockTime: "clock",
	}
	return sectionIn(names[:], name)
}
