package config

import (
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// sending reads when and how mail leaves.
func (r *reader) sending(f *fields, p *scheduler.Policy) {
	p.Review = scheduler.ReviewMode(f.get("review").choice(string(scheduler.ReviewFlagged),
		string(scheduler.ReviewAlways), string(scheduler.ReviewFlagged), string(scheduler.ReviewNever)))
	p.Announce = f.get("announce").duration(time.Minute, 7*24*time.Hour, 18*time.Hour)
	p.Window = r.window(f.section("window"), "08:00", "18:00")
	p.Late = r.window(f.section("late_window"), "07:00", "21:00")
	p.Holidays = f.get("holidays").country()
	p.Quiet = parsedAll(f.get("quiet"), `days of every year such as "12-23..01-02"`, hinted(calendar.ParseYearlyRange, quietHint))
	if coversYear(p.Quiet) {
		f.get("quiet").wrong("ranges that leave some days of the year", "mail that asks would never leave")
	}
	p.Spread = f.get("spread").duration(0, 4*time.Hour, 20*time.Minute)
	p.PerHour = f.get("per_hour").number(1, 100, 20)
	p.LastLook = f.get("last_look").duration(time.Second, time.Minute, time.Minute)
	p.Drafts = f.get("drafts").flag(false)
	f.done()
}

// coversYear reports whether every day of an ordinary year lies in some range.
func coversYear(quiet []calendar.YearlyRange) bool {
	first, last := calendar.Date{Year: 2026, Month: time.January, Day: 1}, calendar.Date{Year: 2026, Month: time.December, Day: 31}
	for day := first; !last.Before(day); day = day.AddDays(1) {
		if !slices.ContainsFunc(quiet, func(r calendar.YearlyRange) bool { return r.Contains(day) }) {
			return false
		}
	}
	return true
}

// window reads the days and hours in which mail may leave.
func (r *reader) window(f *fields, from, to string) calendar.Window {
	before := len(r.problems)
	if days := f.get("days"); !days.absent() && days.node.Kind == yaml.SequenceNode {
		days.wrong("days such as MON-FRI or SAT,SUN", daysHint(strings.Join(days.list(), ",")))
		f.entries["days"] = nil
	}
	const hours = `a time of day such as "08:00"`
	w := calendar.Window{
		Days: parsed(f.get("days"), "days such as MON-FRI or SAT,SUN", workdays(), hinted(calendar.ParseWeekdays, daysHint)),
		From: parsed(f.get("from"), hours, timeOfDay(from), hinted(calendar.ParseTimeOfDay, clockHint)),
		To:   parsed(f.get("to"), hours, timeOfDay(to), hinted(calendar.ParseTimeOfDay, clockHint)),
	}
	if err := w.Validate(); err != nil && len(r.problems) == before {
		r.add(f.at, f.key, w.String(), "an end after the start on the same day, on one day at least", "")
	}
	f.done()
	return w
}

// workdays and timeOfDay turn the defaults into values; they are well formed,
// as the test of the example file shows.
func workdays() calendar.Weekdays {
	days, _ := calendar.ParseWeekdays("MON-FRI")
	return days
}

func timeOfDay(text string) calendar.TimeOfDay {
	t, _ := calendar.ParseTimeOfDay(text)
	return t
}

func spanOf(text string) calendar.Span {
	s, _ := calendar.ParseSpan(text)
	return s
}

func dateRanges(v value) []calendar.DateRange {
	return parsedAll(v, `dates such as "2026-12-20..2027-01-03"`, hinted(calendar.ParseDateRange, awayHint))
}

// limits reads the bounds of asking mail, which can only be made stricter than
// the hard limit.
func (r *reader) limits(f *fields) scheduler.Limits {
	l := scheduler.Limits{
		PerPerson:      f.get("per_person").number(0, scheduler.HardLimit, 2),
		PerApplication: f.get("per_application").number(0, scheduler.HardLimit, 2),
		Gap:            spanOf("7d"),
	}
	if gap := f.get("gap"); !gap.absent() {
		before := len(r.problems)
		l.Gap = gap.span()
		if len(r.problems) == before && shorterThanDay(l.Gap) {
			gap.wrong("a span of 1d or more", "asking twice within a day is never right")
		}
	}
	f.done()
	return l
}

// shorterThanDay measures a span from a Monday noon, where no clock changes.
func shorterThanDay(s calendar.Span) bool {
	noon := time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
	place := calendar.Place{Zone: time.UTC, Window: calendar.AllHours()}
	return place.Add(noon, s).Before(noon.Add(24 * time.Hour))
}

func (r *reader) replies(f *fields) scheduler.Replies {
	p := scheduler.Replies{
		Recruiter:   f.get("recruiter").choice(scheduler.PauseAll, scheduler.PauseAll, scheduler.PauseFollowUps),
		Interviewer: f.get("interviewer").choice(scheduler.ReplyCancels, scheduler.ReplyCancels, scheduler.ReplyRestarts),
	}
	f.done()
	return p
}
