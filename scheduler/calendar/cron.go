package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is a set of wall times, written as a cron expression. The zero value matches nothing.
type Cron struct {
	text     string
	schedule schedule
}

// schedule gives the first match after t. Wall times travel through it as if they were UTC. It returns the zero time
// where it finds none within some years.
type schedule interface {
	Next(t time.Time) time.Time
}

// ParseCron reads a cron expression: minute, hour, day of month, month, day of week, with an optional field for seconds
// before them. A day of month together with a day of week means either, as in crontab(5), unless one of them is * or ?.
// Days are 0 (SUN) to 6 (SAT); 7, L, W and # are refused.
//
// The descriptors @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually stand for the usual expressions.
// "@every 2h" takes a span of one minute to 24 hours and means the wall times that lie a multiple of it after each
// midnight: 00:00, 02:00, 04:00. Counting from the start of a program, as cron does, would say nothing about wall times.
//
// TZ= and CRON_TZ= are refused, since the zone is the recipient's, and so are expressions that match no date at all.
func ParseCron(expr string) (Cron, error) {
	schedule, err := parseCron(expr)
	if err != nil {
		return Cron{}, fmt.Errorf("reading cron expression: found %s, "+
			`expected five fields such as "30 9 * * MON-FRI", or @daily: %w`, found(expr), err)
	}
	return Cron{text: expr, schedule: schedule}, nil
}

func parseCron(expr string) (schedule, error) {
	text := strings.Trim(expr, " ") // Other white space is a control character, and refused.
	if err := screenCron(text); err != nil {
		return nil, err
	}
	if strings.HasPrefix(text, "@") {
		text = strings.ToLower(text)
		if name, span, _ := strings.Cut(text, " "); name == "@every" {
			return parseEvery(strings.TrimSpace(span))
		}
		if err := screenDescriptor(text); err != nil {
			return nil, err
		}
	} else if err := screenFields(strings.Fields(text)); err != nil {
		return nil, err
	}
	parsed, err := parseStandard(text)
	if err != nil {
		return nil, err
	}
	// The schedule looks five years ahead, and the five from 2023 on have a day of every kind, also a leap day.
	if parsed.Next(Date{2023, time.January, 1}.midnightUTC().Add(-time.Second)).IsZero() {
		return nil, errors.New("it never matches, because no month has such a day")
	}
	if spec, ok := parsed.(*cron.SpecSchedule); ok {
		return fields{spec.Second, spec.Minute, spec.Hour, spec.Dom, spec.Month, spec.Dow}, nil
	}
	return parsed, nil
}

// screenCron keeps from the library what it was never meant to read. It panics on some texts that begin with TZ=.
func screenCron(text string) error {
	const longest = 512 // All sixty minutes written out, with all other fields, are shorter.
	switch upper := strings.ToUpper(text); {
	case text == "":
		return errors.New("it is empty")
	case len(text) > longest:
		return fmt.Errorf("it is longer than %d characters", longest)
	case strings.Contains(upper, "TZ="):
		return errors.New("TZ= and CRON_TZ= are not allowed, because the zone is the recipient's")
	}
	for _, char := range text {
		if char < ' ' || char > '~' {
			return fmt.Errorf("character %q is not allowed", char)
		}
	}
	return nil
}

// screenFields refuses what the library reads in silence as something else: a sign before a number, a range that begins
// with a star (it drops the end), and a list with nothing between two commas (alone it would match nothing, for ever).
func screenFields(fields []string) error {
	for _, field := range fields {
		for _, item := range strings.Split(field, ",") {
			switch {
			case item == "":
				return fmt.Errorf("field %s has an empty item", found(field))
			case strings.Contains(item, "+"):
				return fmt.Errorf("field %s has a sign", found(field))
			case strings.HasPrefix(item, "*-"), strings.HasPrefix(item, "?-"):
				return fmt.Errorf("field %s has a range that begins with a star", found(field))
			}
		}
	}
	if n := len(fields); n == 5 || n == 6 {
		return cmp.Or(screenMarks(fields[n-3]), screenMarks(fields[n-1]), screenDays(fields[n-1]), screenWords(fields), screenShape(fields))
	}
	return screenShape(fields)
}

// screenMarks refuses, in a field of days, what other programs know: L for the last one, 15W for the working day near it,
// FRI#2 for the second Friday of the month.
func screenMarks(field string) error {
	for _, item := range strings.Split(strings.ToUpper(field), ",") {
		if strings.Contains(item, "#") || strings.HasSuffix(item, "L") || strings.HasSuffix(item, "W") {
			return fmt.Errorf("%s: the last day, the nearest working day and the second Friday (L, W, #) are not known here", found(item))
		}
	}
	return nil
}

// daysFrom writes a range of days one by one: from the first on, each that a step names, the last one at most. Sunday is
// 0 and 7; all the days of a week are a star.
func daysFrom(first, last int, every string) string {
	step, err := strconv.Atoi(every)
	if err != nil || step < 1 {
		step = 1
	}
	if last < first {
		last += 7
	}
	var days []string
	for n := first; n <= last && n < first+7; n += step {
		days = append(days, strings.Fields(dayNumbers)[n%7])
	}
	if len(days) == 7 {
		return "*"
	}
	return strings.Join(days, ",")
}

// dayNumbers are the days of the week as crontab(5) writes them.
const dayNumbers = "SUN MON TUE WED THU FRI SAT"

// screenDays says how to write the days of the week that crontab(5) knows and the library does not: 7 for Sunday, and a
// range over the week's end.
func screenDays(field string) error {
	number := func(name string) int {
		if i := strings.Index(dayNumbers, name); len(name) == 3 && i >= 0 {
			return i / 4
		}
		if len(name) == 1 {
			return strings.Index("01234567", name)
		}
		return -1
	}
	for _, item := range strings.Split(strings.ToUpper(field), ",") {
		span, every, _ := strings.Cut(item, "/")
		from, to, ranged := strings.Cut(span, "-")
		first, last := number(from), number(to)
		switch {
		case from == "7" && !ranged:
			return errors.New("it is 0 or SUN for Sunday, not 7")
		case ranged && first >= 0 && last == 7, ranged && last >= 0 && last < first:
			return fmt.Errorf("%s goes over the end of the week, which begins on SUN; write %s", found(item), daysFrom(first, last, every))
		}
	}
	return nil
}

// parseStandard hands the text to the library, whose panics become errors: the text comes from a file that a person wrote.
func parseStandard(text string) (parsed schedule, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			parsed, err = nil, fmt.Errorf("it cannot be read: %v", reason)
		}
	}()
	const fields = cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor
	return cron.NewParser(fields).Parse(text)
}

// fields are the sets of an expression, as the library reads them: bit n stands for the number n, and the highest bit
// for a star. The library's own search goes through time.Date for each step; a plan asks for several matches of each
// mail, so this one counts with the bits.
type fields struct {
	second, minute, hour, dom, month, dow uint64
}

// Next returns the first match after t, the zero time where there is none in this year and the five after it.
func (f fields) Next(t time.Time) time.Time {
	first := t.UTC().Add(time.Second)
	midnight := DateOf(first).midnightUTC()
	last := first.Year() + 5
	for from := int(first.Sub(midnight) / time.Second); midnight.Year() <= last; from, midnight = 0, midnight.Add(24*time.Hour) {
		if !f.matchesDay(midnight) {
			continue
		}
		if clock, ok := f.clock(from); ok {
			return midnight.Add(time.Duration(clock) * time.Second)
		}
	}
	return time.Time{}
}

// matchesDay tells whether the expression matches on a date at all: a day of month together with a day of week means
// either, unless one of them is a star.
func (f fields) matchesDay(t time.Time) bool {
	const star = 1 << 63
	_, month, day := t.Date()
	if f.month&(1<<uint(month)) == 0 {
		return false
	}
	dom, dow := f.dom&(1<<uint(day)) != 0, f.dow&(1<<uint(t.Weekday())) != 0
	if f.dom&star != 0 || f.dow&star != 0 {
		return dom && dow
	}
	return dom || dow
}

// clock returns the first match of a day, in seconds, that is not before from, and false where there is none left.
func (f fields) clock(from int) (int, bool) {
	hour, minute, second := from/3600, from/60%60, from%60
	for h := atLeast(f.hour, hour); h < 24; h = atLeast(f.hour, h+1) {
		if h > hour {
			minute, second = 0, 0
		}
		for m := atLeast(f.minute, minute); m < 60; m = atLeast(f.minute, m+1) {
			if m > minute {
				second = 0
			}
			if s := atLeast(f.second, second); s < 60 {
				return h*3600 + m*60 + s, true
			}
		}
	}
	return 0, false
}

// atLeast returns the first number of a set that is not below n, or one beyond all clocks.
func atLeast(set uint64, n int) int {
	return bits.TrailingZeros64(set &^ (1 << 63) >> uint(n) << uint(n))
}

// everySchedule matches the multiples of a step after each midnight.
type everySchedule struct {
	step time.Duration
}

func parseEvery(text string) (schedule, error) {
	step, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("@every takes a span such as 2h or 90m: %w", err)
	case step < time.Minute || step > 24*time.Hour:
		return nil, fmt.Errorf("@every takes a span of one minute to 24 hours, found %s", found(text))
	case step%time.Second != 0:
		return nil, fmt.Errorf("@every takes whole seconds, found %s", found(text))
	}
	return everySchedule{step}, nil
}

// Next returns the first multiple after t, at the latest the next midnight.
func (s everySchedule) Next(t time.Time) time.Time {
	midnight := DateOf(t).midnightUTC()
	next := midnight.Add((t.Sub(midnight)/s.step + 1) * s.step)
	if tomorrow := DateOf(t).AddDays(1).midnightUTC(); next.After(tomorrow) {
		return tomorrow
	}
	return next
}

// next returns the first matching wall time that is not before w, and false where there is none within years.
func (c Cron) next(w Wall) (Wall, bool) {
	if c.schedule == nil {
		return Wall{}, false
	}
	match := c.schedule.Next(w.asUTC().Add(-time.Second))
	return WallOf(match), !match.IsZero()
}

// IsZero tells whether c is the zero value, which matches nothing.
func (c Cron) IsZero() bool { return c.schedule == nil }

// String returns the text that ParseCron read.
func (c Cron) String() string { return c.text }
