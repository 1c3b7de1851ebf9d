package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Weekdays is a set of days of the week. The zero value is empty.
type Weekdays uint8

// EveryDay is the set of all seven days.
const EveryDay Weekdays = 1<<7 - 1

// ParseWeekdays reads a set of days: names (MON, TUE, WED, THU, FRI, SAT, SUN, in any case) and ranges of names,
// separated by commas. A range may wrap the week, as FRI-MON does. A lone * means every day.
func ParseWeekdays(text string) (Weekdays, error) {
	if text == "*" {
		return EveryDay, nil
	}
	var days Weekdays
	for _, part := range strings.Split(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, okFrom := weekdayOfText(first)
		to, okTo := weekdayOfText(last)
		if !okFrom || !okTo {
			return 0, fmt.Errorf("reading weekdays: found %s, expected days such as MON-FRI, SAT,SUN or *", found(text))
		}
		days |= weekdayRange(from, to)
	}
	return days, nil
}

func weekdayOfText(text string) (time.Weekday, bool) {
	name := strings.ToUpper(strings.TrimSpace(text))
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name == weekdayCode(day) {
			return day, true
		}
	}
	return 0, false
}

// weekdayCode is the name of a day in the notation of cron: MON.
func weekdayCode(day time.Weekday) string { return strings.ToUpper(day.String()[:3]) }

// weekdayRange is the set of the days from the first to the last, over the end of the week where need be.
func weekdayRange(from, to time.Weekday) Weekdays {
	var days Weekdays
	for day := from; ; day = (day + 1) % 7 {
		days |= 1 << day
		if day == to {
			return days
		}
	}
}

// Contains tells whether day is in the set.
func (w Weekdays) Contains(day time.Weekday) bool { return w&(1<<day) != 0 }

// String writes the set as ParseWeekdays reads it, from Monday on, with ranges for three days and more.
func (w Weekdays) String() string {
	if w&EveryDay == EveryDay {
		return "*"
	}
	var parts []string
	for _, run := range w.runs() {
		first, last := weekdayCode(run.first), weekdayCode(run.last())
		switch run.length {
		case 1:
			parts = append(parts, first)
		case 2:
			parts = append(parts, first, last)
		default:
			parts = append(parts, first+"-"+last)
		}
	}
	return strings.Join(parts, ",")
}

// weekdayRun is a stretch of days that follow one another.
type weekdayRun struct {
	first  time.Weekday
	length int
}

func (r weekdayRun) last() time.Weekday { return (r.first + time.Weekday(r.length) - 1) % 7 }

// runs lists the stretches of the set in the order of their first days, Monday first. The set is not the full week.
func (w Weekdays) runs() []weekdayRun {
	var runs []weekdayRun
	for i := range time.Weekday(7) {
		day := (time.Monday + i) % 7
		if !w.Contains(day) || w.Contains((day+6)%7) {
			continue // It is no day of the set, or the day before already began the stretch.
		}
		run := weekdayRun{first: day, length: 1}
		for w.Contains((run.last() + 1) % 7) {
			run.length++
		}
		runs = append(runs, run)
	}
	return runs
}
