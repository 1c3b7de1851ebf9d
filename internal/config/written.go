package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// What somebody wrote the way people write it, and how this file wants it: each
// function here turns such a text into the words "write ...", or "" where what is
// meant is not known for sure.

// hinted is a parser whose error says what to write, where that is known.
func hinted[T any](parse func(string) (T, error), hint func(string) string) func(string) (T, error) {
	return func(s string) (T, error) {
		t, err := parse(s)
		if h := ""; err != nil {
			if h = hint(s); h != "" {
				err = fmt.Errorf("reading value: %w", errors.New(h))
			}
		}
		return t, err
	}
}

// spelled are a number and the unit that people spell out behind it.
var spelled = regexp.MustCompile(`^(\d+)(?:[.,](\d))?\s*([a-z]+(?: days?)?)\.?(?:\s*(?:,|and|\+)\s*|\s+|$)`)

// unitOf is the unit of a span that a word stands for, "" if none.
func unitOf(word string) string {
	if word == "ms" { // thousandths of a second, or minutes
		return ""
	}
	switch strings.TrimSuffix(word, "s") {
	case "", "sec", "second": // "s" itself
		return "s"
	case "m", "min", "minute":
		return "m"
	case "h", "hr", "hour":
		return "h"
	case "d", "day":
		return "d"
	case "w", "wk", "week":
		return "w"
	case "bd", "business day", "working day", "work day", "workday":
		return "bd"
	}
	return ""
}

// spanWritten is a span as the files write it, of "20 min", "1.5h" or "4 business days".
func spanWritten(text string) string {
	rest, out := strings.ToLower(strings.TrimSpace(text)), ""
	for rest != "" {
		m := spelled.FindStringSubmatch(rest)
		if m == nil {
			return ""
		}
		unit, tenths := unitOf(m[3]), m[2]
		switch n, _ := strconv.Atoi(m[1]); {
		case unit == "":
			return ""
		case tenths == "" || tenths == "0":
			out += m[1] + unit
		case unit == "h": // six minutes are a tenth of an hour
			k, _ := strconv.Atoi(tenths)
			out += strings.TrimPrefix(m[1]+"h", "0h") + strconv.Itoa(6*k) + "m"
		case unit == "d" && tenths == "5":
			out += strconv.Itoa(24*n+12) + "h"
		default:
			return ""
		}
		rest = rest[len(m[0]):]
	}
	return out
}

// spanHint says how a wait is written.
func spanHint(text string) string {
	if n := strings.TrimSpace(text); n != "" && strings.Trim(n, "0123456789") == "" {
		return fmt.Sprintf("%q has no unit: %sm are minutes, %sh hours, %sd days, %sbd business days", n, n, n, n, n)
	}
	if span, err := calendar.ParseSpan(spanWritten(text)); err == nil {
		return "write " + span.String()
	}
	return ""
}

// durationHint says how elapsed time is written that lies within bounds. A day is 24
// hours here.
func durationHint(low, high time.Duration) func(string) string {
	return func(text string) string {
		text = strings.TrimSpace(text)
		var ways []string
		if text != "" && strings.Trim(text, "0123456789") == "" {
			for _, unit := range []string{"s", "m", "h"} {
				if d, err := calendar.ParseSpan(text + unit); err == nil && d.Elapsed >= low && d.Elapsed <= high && d.Elapsed > 0 {
					ways = append(ways, text+unit)
				}
			}
			if len(ways) == 0 {
				return ""
			}
			return fmt.Sprintf("%q has no unit; write %s", text, oneOf(ways))
		}
		span, err := calendar.ParseSpan(spanWritten(text))
		span.Elapsed += time.Duration(7*span.Weeks+span.Days) * 24 * time.Hour
		if err != nil || span.BusinessDays > 0 || span.Elapsed < low || span.Elapsed > high {
			return ""
		}
		return "write " + shortDuration(span.Elapsed)
	}
}

// oClock are the ways in which people write a time of day.
var oClock = regexp.MustCompile(`(?i)^(\d{1,2})(?:[:.h]([0-5]\d))? ?(h|uhr|o'clock|[ap]\.?m\.?)?$`)

// clockWritten is a time of day as the files write it, of "8am", "18h00", "8.30" or "9".
func clockWritten(text string) string {
	m := oClock.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return ""
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch half := strings.ToLower(strings.ReplaceAll(m[3], ".", "")); {
	case (half == "am" || half == "pm") && (hour < 1 || hour > 12), hour > 24, hour == 24 && minute > 0:
		return ""
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	return fmt.Sprintf("%02d:%02d", hour, minute)
}

func clockHint(text string) string {
	if clock := clockWritten(text); clock != "" {
		return fmt.Sprintf("write %q", clock)
	}
	return ""
}

// daysWritten are days of the week as the files write them, of "Monday to Friday", "1-5" or "Sat and Sun".
func daysWritten(text string) string {
	switch strings.ToLower(strings.Trim(text, " s")) {
	case "weekday", "workday", "working day", "work day", "business day":
		return "MON-FRI"
	case "weekend":
		return "SAT,SUN"
	case "every day", "everyday", "daily", "all", "all day", "any":
		return "*"
	}
	text = regexp.MustCompile(`(?i)\s*(?:\bto\b|\bthrough\b|[-–—])\s*`).ReplaceAllString(strings.TrimSpace(text), "-")
	text = regexp.MustCompile(`(?i)\s*(?:\band\b|[,;&+/])\s*|\s+`).ReplaceAllString(text, ",")
	out := regexp.MustCompile(`\pL+|\d`).ReplaceAllStringFunc(text, func(word string) string {
		if n, err := strconv.Atoi(word); err == nil && n <= 7 { // as cron counts them, 7 is Sunday too
			return []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}[n]
		}
		for d := time.Sunday; d <= time.Saturday; d++ {
			long, short := strings.ToLower(d.String()), strings.ToLower(strings.TrimSuffix(word, "s"))
			if len(short) > 2 && (strings.HasPrefix(long, short) || strings.HasPrefix(long, strings.ToLower(word))) {
				return strings.ToUpper(long[:3])
			}
		}
		return word
	})
	if days, err := calendar.ParseWeekdays(out); err == nil && out != "" {
		return days.String()
	}
	return ""
}

func daysHint(text string) string {
	if days := daysWritten(text); days != "" {
		return "write " + yamlText(days)
	}
	return ""
}

// yamlText is a setting as it may stand behind a key.
func yamlText(text string) string {
	if strings.ContainsAny(text, "*,") { // a comma ends a value within braces
		return strconv.Quote(text)
	}
	return text
}

// dateWritten is a day as the files write it, and the time of day if there is one. A
// date without its year is left alone, and so is one that can be read in two ways.
func dateWritten(text string) (day, clock string) {
	if !regexp.MustCompile(`\b\d{4}\b`).MatchString(text) {
		return "", ""
	}
	// The year is stated, so that nothing is counted from this day.
	at, timed, ok := mailer.ReadMoved(strings.TrimSpace(text), time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC))
	if !ok {
		return "", ""
	}
	if timed {
		clock = at.Format("15:04")
	}
	return at.Format(time.DateOnly), clock
}

// dayHint says how a date is written, or what is wrong with it.
func dayHint(text string) string {
	if parts := regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`).FindStringSubmatch(strings.TrimSpace(text)); parts != nil {
		month, _ := strconv.Atoi(parts[2])
		day, _ := strconv.Atoi(parts[3])
		if iso := fmt.Sprintf("%s-%02d-%02d", parts[1], month, day); iso != text {
			if _, err := calendar.ParseDate(iso); err == nil {
				return "write " + iso
			}
		}
		return "there is no such day; it is year-month-day"
	}
	day, clock := dateWritten(text)
	switch {
	case day == "":
		return ""
	case clock != "":
		return "it is a day, without a time: write " + day
	}
	return "write " + day
}

// zoneSaid is a zone behind a time of day.
var zoneSaid = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d{1,2}:\d\d ?\(?(?:[A-Z]{2,5}|[A-Z][a-z]+/\w+)\)?$`)

// meetingHint says how the time of a meeting is written, "" where that is not known.
func meetingHint(text string) string {
	day, clock := dateWritten(text)
	switch known := TimeHint(text); {
	case clock != "":
		return "write " + day + " " + clock
	case known != "":
		return known
	case day != "":
		return "the time of day is missing: write such as " + day + " 14:00"
	case zoneSaid.MatchString(strings.TrimSpace(text)):
		return zoneApart
	}
	return ""
}

// zoneApart is what is said of a meeting's time that names its zone.
const zoneApart = "it is the time that the clock there shows; the zone stands under timezone"

// rangeMark is what people put between the ends of a range of days.
var rangeMark = regexp.MustCompile(`(?i)\s*(?:\.\.+|…|\bto\b|\buntil\b|\btill\b|\bthrough\b|/|\s[-–—]\s|[–—])\s*`)

// awayHint says how days of absence are written.
func awayHint(text string) string {
	ends := rangeMark.Split(strings.TrimSpace(text), -1)
	if len(ends) > 2 || len(ends) == 0 {
		return ""
	}
	for n, end := range ends {
		if _, err := calendar.ParseDate(end); err == nil {
			continue
		}
		day, clock := dateWritten(end)
		if day == "" || clock != "" {
			return ""
		}
		ends[n] = day
	}
	if whole := strings.Join(ends, ".."); len(ends) == 2 && ends[1] < ends[0] {
		return fmt.Sprintf("it ends before it begins; did you mean %q?", ends[1]+".."+ends[0])
	} else if _, err := calendar.ParseDateRange(whole); err == nil {
		return fmt.Sprintf("write %q", whole)
	}
	return ""
}

// quietHint says how days of every year are written.
func quietHint(text string) string {
	ends := rangeMark.Split(strings.TrimSpace(text), -1)
	if len(ends) > 2 {
		return ""
	}
	why := ""
	for n, end := range ends {
		if m := regexp.MustCompile(`^\d{4}-(\d\d-\d\d)$`).FindStringSubmatch(end); m != nil {
			ends[n], why = m[1], ", without a year, for it is every year; one year's days stand under me.away"
		}
	}
	if whole := strings.Join(ends, ".."); whole != text {
		if _, err := calendar.ParseYearlyRange(whole); err == nil {
			return fmt.Sprintf("write %q%s", whole, why)
		}
	}
	for n, end := range ends {
		m := regexp.MustCompile(`^(\d{1,2})[-./](\d{1,2})\.?$`).FindStringSubmatch(end)
		if m == nil {
			return ""
		}
		day, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		ends[n] = fmt.Sprintf("%02d-%02d", month, day)
	}
	if whole := strings.Join(ends, ".."); whole != text {
		if _, err := calendar.ParseYearlyRange(whole); err == nil {
			return fmt.Sprintf("the month comes first: write %q", whole)
		}
	}
	return ""
}

// domainHint is the domain in an address of a page or of a person.
func domainHint(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	_, after, isPage := strings.Cut(text, "://")
	if isPage {
		text = after
	}
	text, _, _ = strings.Cut(text, "/")
	text = text[strings.LastIndexByte(text, '@')+1:]
	if isPage {
		text = strings.TrimPrefix(text, "www.")
	}
	text = strings.Trim(text, "*.")
	if domain, err := companyDomain(text); err == nil {
		return "write " + domain
	}
	return ""
}

// addressHint is the address that was meant, or says that there are two.
func addressHint(text string) string {
	if strings.ContainsFunc(text, unfit) {
		return ""
	}
	plain := strings.NewReplacer("mailto:", "", "(at)", "@", "[at]", "@", " at ", "@").Replace(strings.TrimSpace(text))
	if strings.Count(plain, "@") > 1 && strings.ContainsAny(plain, ",; /") {
		return "it is one address; others of the same person stand under aliases, and each person has an entry"
	}
	plain = strings.Trim(strings.NewReplacer(" @", "@", "@ ", "@").Replace(plain), " .,;:<>'\"")
	if _, err := parseEmail(plain); err == nil && plain != text {
		return "write " + plain
	}
	return ""
}
