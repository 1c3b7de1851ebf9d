package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// screenWords says what to write instead of a word that a field does not take: a day or a month written out, an H of
// other programs, or a descriptor that there is not. What the library says of these speaks of its own code.
func screenWords(fields []string) error {
	if len(fields) != 5 && len(fields) != 6 {
		return nil
	}
	for n, field := range fields {
		names := ""
		switch len(fields) - n {
		case 1:
			names = dayNumbers
		case 2:
			names = monthNumbers
		}
		for _, word := range strings.FieldsFunc(field, func(r rune) bool { return !unicode.IsLetter(r) }) {
			short := strings.ToUpper(word[:min(3, len(word))])
			known := len(short) == 3 && strings.Contains(names, short)
			switch {
			case known && len(word) == 3:
			case known && isWrittenOut(word):
				return fmt.Errorf("%s is written %s here", found(word), short)
			default:
				return fmt.Errorf("field %s has a word that is not known there; write numbers, or names such as MON and JAN", found(field))
			}
		}
	}
	return nil
}

// monthNumbers are the months as crontab(5) writes them.
const monthNumbers = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"

// isWrittenOut reports whether a word begins a day or a month as English writes it, such as Tues, Monday, Mondays or Sept.
func isWrittenOut(word string) bool {
	lower := strings.ToLower(strings.TrimSuffix(word, "s"))
	for n := range 12 {
		if strings.HasPrefix(strings.ToLower(time.Month(n+1).String()), strings.ToLower(word)) {
			return true
		}
		if day := strings.ToLower(time.Weekday(n % 7).String()); strings.HasPrefix(day, lower) || strings.HasPrefix(day, strings.ToLower(word)) {
			return true
		}
	}
	return false
}

// screenDescriptor names the descriptors that there are.
func screenDescriptor(name string) error {
	switch name {
	case "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually":
		return nil
	}
	return errors.New("unrecognized descriptor; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually and @every 2h")
}
