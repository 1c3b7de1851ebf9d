package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// cronPart is one field of a cron expression: what it counts, and from where to where.
type cronPart struct {
	name        string
	first, last int
}

// cronParts are the fields of an expression of so many, five or six.
func cronParts(count int) []cronPart {
	parts := []cronPart{{"second", 0, 59}, {"minute", 0, 59}, {"hour", 0, 23}, {"day of the month", 1, 31}, {"month", 1, 12}, {"day of the week", 0, 6}}
	return parts[len(parts)-count:]
}

// screenShape says what to write instead of a time of day, of too few or too many fields, and of numbers that a field
// does not have. What the library says of these counts fields and bits.
func screenShape(fields []string) error {
	if clock := regexp.MustCompile(`^(\d{1,2})[:h](\d\d)$`).FindStringSubmatch(fields[0]); clock != nil {
		hour, _ := strconv.Atoi(clock[1])
		minute, _ := strconv.Atoi(clock[2])
		days := "*"
		if len(fields) == 2 {
			days = strings.ToUpper(fields[1])
		}
		if _, err := ParseWeekdays(days); err == nil && len(fields) <= 2 && hour < 24 && minute < 60 {
			return fmt.Errorf(`the minute comes first, then hour, day, month and weekday; write "%d %d * * %s"`, minute, hour, days)
		}
	}
	if n := len(fields); n != 5 && n != 6 {
		return fmt.Errorf("there are five fields, and it has %d: minute, hour, day of the month, month, day of the week (30 9 * * MON-FRI)", n)
	}
	for n, part := range cronParts(len(fields)) {
		err := part.screen(fields[n])
		if err == nil {
			continue
		}
		if swapped := minuteFirst(fields, n); swapped != "" {
			return fmt.Errorf("the minute comes before the hour; write %q", swapped)
		}
		return err
	}
	return nil
}

// minuteFirst is the expression with minute and hour changed over, if field n is the hour, is out of its bounds, and
// the two make sense that way. Of lists and ranges nobody knows which number is the slip.
func minuteFirst(fields []string, n int) string {
	hour := len(fields) - 4
	parts := cronParts(len(fields))
	if _, err := strconv.Atoi(fields[hour]); err != nil || n != hour || strings.HasPrefix(fields[hour], "24") || parts[hour].screen(fields[hour-1]) != nil || parts[hour-1].screen(fields[hour]) != nil {
		return ""
	}
	changed := append([]string{}, fields...)
	changed[hour-1], changed[hour] = fields[hour], fields[hour-1]
	return strings.Join(changed, " ")
}

// screen refuses numbers that the field does not have, ranges that run backwards, and steps of nothing. What is not made
// of numbers is left to others.
func (p cronPart) screen(field string) error {
	for item := range strings.SplitSeq(field, ",") {
		span, step, stepped := strings.Cut(item, "/")
		if stepped && strings.Trim(step, "0") == "" {
			return fmt.Errorf("%s has a step of nothing; a step is 1 or more", found(item))
		}
		var ends []int
		for end := range strings.SplitSeq(span, "-") {
			if end == "" {
				return fmt.Errorf("%s lacks a number", found(item))
			}
			n, err := strconv.Atoi(end)
			if err != nil {
				break
			}
			if n == 24 && p.name == "hour" {
				return errors.New("there is no hour 24; midnight is 0")
			}
			if n < p.first || n > p.last {
				return fmt.Errorf("there is no %s %d; it goes from %d to %d", p.name, n, p.first, p.last)
			}
			ends = append(ends, n)
		}
		if len(ends) != 2 || ends[0] <= ends[1] || p.name == "day of the week" { // which has its own words
			continue
		}
		if stepped {
			return errors.New("a range runs from the smaller number to the greater one")
		}
		return fmt.Errorf("%s runs backwards; write %d-%d,%d-%d", found(item), ends[0], p.last, p.first, ends[1])
	}
	return nil
}
