package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// longestSpanDays bounds what ParseSpan accepts, each business day counted as a day. It is also how far Next looks.
const longestSpanDays = 400

// Span is how long a step waits. Weeks, days and business days move the date and keep the wall time; Elapsed is time on
// a stopwatch. Place.Add applies the calendar part first. No part is negative, and business days stand alone or with
// Elapsed, never with weeks or days, since the order of the two would matter.
type Span struct {
	Weeks, Days, BusinessDays int
	Elapsed                   time.Duration
}

// spanUnit is one unit of the notation. A span names its units in the order in which spanUnits lists them.
type spanUnit struct {
	name string
	days int           // how many days one counts towards longestSpanDays
	each time.Duration // set for the units of elapsed time
}

func spanUnits() []spanUnit {
	return []spanUnit{
		{name: "w", days: 7}, {name: "d", days: 1}, {name: "bd", days: 1},
		{name: "h", each: time.Hour}, {name: "m", each: time.Minute}, {name: "s", each: time.Second},
	}
}

// ParseSpan reads a span such as 90s, 30m, 12h, 2d, 1w, 5bd or 1d12h: whole numbers, each with its unit, longest unit
// first, each unit once. Signs, fractions, spaces, a number without a unit and anything over 400 days are refused.
func ParseSpan(text string) (Span, error) {
	span, err := parseSpan(text)
	if err != nil {
		return Span{}, fmt.Errorf("reading span: found %s, expected a span such as 30m, 12h, 2d, 1w, 5bd or 1d12h: %w",
			found(text), err)
	}
	return span, nil
}

func parseSpan(text string) (Span, error) {
	if text == "" {
		return Span{}, errors.New("it is empty")
	}
	var span Span
	units := spanUnits()
	for rest := text; rest != ""; {
		count, name, after, err := cutSpanPart(rest)
		if err != nil {
			return Span{}, err
		}
		if name == "" {
			return Span{}, errors.New("it is written in whole numbers, each with its unit, such as 1h30m")
		}
		at := indexOfUnit(units, name)
		if at < 0 {
			return Span{}, fmt.Errorf("unit %s is unknown, repeated or out of order", found(name))
		}
		if span, err = span.with(units[at], count); err != nil {
			return Span{}, err
		}
		units, rest = units[at+1:], after
	}
	return span, nil
}

// cutSpanPart takes one number and its unit from the front of text.
func cutSpanPart(text string) (count int, unit, rest string, err error) {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case end < 0:
		return 0, "", "", fmt.Errorf("%s has no unit", found(text))
	case end == 0:
		return 0, "", "", fmt.Errorf("%s does not start with a digit", found(text))
	}
	count, ok := digits(text[:end])
	if !ok {
		return 0, "", "", fmt.Errorf("number %s is too large", found(text[:end]))
	}
	unit = text[end:]
	if next := strings.IndexFunc(unit, func(r rune) bool { return r < 'a' || r > 'z' }); next >= 0 {
		unit, rest = unit[:next], unit[next:]
	}
	return count, unit, rest, nil
}

func indexOfUnit(units []spanUnit, name string) int {
	for i, unit := range units {
		if unit.name == name {
			return i
		}
	}
	return -1
}

// with returns the span lengthened by count units, or says why that is no span.
func (s Span) with(unit spanUnit, count int) (Span, error) {
	const tooLong = "it is longer than 400 days"
	// The bounds come before the sums and products, which would otherwise overflow.
	if unit.days > 0 && count > longestSpanDays/unit.days ||
		unit.each > 0 && time.Duration(count) > longestSpanDays*24*time.Hour/unit.each {
		return Span{}, errors.New(tooLong)
	}
	s.Elapsed += time.Duration(count) * unit.each
	switch unit.name {
	case "w":
		s.Weeks = count
	case "d":
		s.Days = count
	case "bd":
		if s.Weeks > 0 || s.Days > 0 {
			return Span{}, errors.New("business days cannot be combined with days or weeks")
		}
		s.BusinessDays = count
	}
	left := longestSpanDays - 7*s.Weeks - s.Days - s.BusinessDays
	if s.Elapsed > time.Duration(left)*24*time.Hour {
		return Span{}, errors.New(tooLong)
	}
	return s, nil
}

// IsZero tells whether the span is empty, as 0h is.
func (s Span) IsZero() bool { return s == Span{} }

// Duration returns the span as elapsed time, and false where it has a part whose length depends on the calendar.
func (s Span) Duration() (time.Duration, bool) {
	return s.Elapsed, s.Weeks == 0 && s.Days == 0 && s.BusinessDays == 0
}

// hoursMinutesSeconds splits the elapsed part. Hours are not turned into days, which would mean something else.
func (s Span) hoursMinutesSeconds() (hours, minutes, seconds int) {
	total := int(s.Elapsed / time.Second)
	return total / 3600, total / 60 % 60, total % 60
}

// String writes the span as ParseSpan reads it: 90m as 1h30m, and an empty one as 0s.
func (s Span) String() string {
	hours, minutes, seconds := s.hoursMinutesSeconds()
	var text strings.Builder
	for i, count := range []int{s.Weeks, s.Days, s.BusinessDays, hours, minutes, seconds} {
		if count != 0 {
			text.WriteString(strconv.Itoa(count) + spanUnits()[i].name)
		}
	}
	if text.Len() == 0 {
		return "0s"
	}
	return text.String()
}

// Words writes the span for a sentence: "12 h", "4 business days", "1 day 12 h".
func (s Span) Words() string {
	hours, minutes, seconds := s.hoursMinutesSeconds()
	var words []byte
	for _, part := range []struct {
		count     int
		one, many string
	}{
		{s.Weeks, "week", "weeks"}, {s.Days, "day", "days"}, {s.BusinessDays, "business day", "business days"},
		{hours, "h", "h"}, {minutes, "m", "m"}, {seconds, "s", "s"},
	} {
		if part.count == 0 {
			continue
		}
		if len(words) > 0 {
			words = append(words, ' ')
		}
		words = append(strconv.AppendInt(words, int64(part.count), 10), ' ')
		if part.count == 1 {
			words = append(words, part.one...)
		} else {
			words = append(words, part.many...)
		}
	}
	if len(words) == 0 {
		return "0 s"
	}
	return string(words)
}
