package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Slot is a time found by Place.Next, with what a person wants to know about it.
type Slot struct {
	At      time.Time // in the place's zone, whole seconds
	Asked   Wall      // the wall time that matched; At shows another one where a gap moved it
	Skipped []Skip    // the matches that were passed over, in order of date
}

// Skip is a date on which the expression matched and mail could not leave, or the first of several such dates.
type Skip struct {
	Date  Date
	Until Date   // the first date that the same reason leaves free; the next day, where it speaks of one day
	Why   string // reads on after "is": "outside MON-FRI", "a holiday (Noël)", "left out (away)"
}

// String says the whole sentence: "Wed 25 Nov is a holiday (Thanksgiving Day)".
func (s Skip) String() string { return s.words(s.Date.Year) }

// words says the sentence beside a time of the given year; dates of another one name theirs.
func (s Skip) words(year int) string {
	if s.Until.After(s.Date.AddDays(1)) {
		return fmt.Sprintf("%s is %s until %s", s.Date.WordsIn(year), s.Why, s.Until.WordsIn(year))
	}
	return fmt.Sprintf("%s is %s", s.Date.WordsIn(year), s.Why)
}

// Reason says in one line why the slot is where it is, for a plan. It names at most three dates that were passed over, with
// the year where that is not the slot's.
func (s Slot) Reason(c Cron) string {
	const most = 3
	parts := []string{"first match of " + strconv.Quote(c.String())}
	for i, skip := range s.Skipped {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more passed over", len(s.Skipped)-most))
			break
		}
		parts = append(parts, skip.words(s.At.Year()))
	}
	if shown := WallOf(s.At); shown != s.Asked {
		parts = append(parts, fmt.Sprintf("%s does not exist there, so %s", s.Asked, shown))
	}
	return strings.Join(parts, "; ")
}

// NeverError says that an expression has no time that the place allows.
type NeverError struct {
	Cron   string
	Window Window
	From   Date
}

func (e *NeverError) Error() string {
	return fmt.Sprintf("finding a time for %q: it never matches inside %s within %d days of %s",
		e.Cron, e.Window, longestSpanDays, e.From)
}

// Blocked tells whether asking mail rests on a date: a reason, empty where it does not, and the first date after it that
// is free again, zero for the next day. It is asked only about days of the window that are no holidays.
type Blocked = func(Date) (reason string, until Date)

// Next returns the first instant not before from that matches c and lies inside the window, on one of its days, on no
// holiday and on no blocked date. All of this is judged at the instant itself: a wall time in a gap is the first instant
// after it, and must be allowed there. One that exists twice counts the first time only. blocked may be nil.
//
// Where nothing is found within 400 days the error is a *NeverError. The effort grows with the number of closed days on
// which c matches, not with the number of matches on them.
func (p Place) Next(c Cron, from time.Time, blocked Blocked) (Slot, error) {
	earliest := ceilSecond(from).In(p.zone())
	limit := earliest.Add(longestSpanDays * 24 * time.Hour)
	var skipped []Skip
	for {
		wall, ok := c.next(earliestWall(earliest))
		at := Resolve(wall, p.zone())
		if !ok || at.After(limit) {
			return Slot{}, &NeverError{Cron: c.String(), Window: p.Window, From: DateOf(from.In(p.zone()))}
		}
		if skip, closed := p.closedOn(DateOf(at), blocked); closed {
			skipped = append(skipped, skip)
			earliest = p.StartOfDay(skip.Until)
			continue
		}
		opens, closes := p.opening(DateOf(at))
		switch {
		case at.Before(opens):
			earliest = opens
		case !at.Before(closes):
			earliest = p.StartOfDay(DateOf(at).AddDays(1))
		default:
			return Slot{At: at, Asked: wall, Skipped: skipped}, nil
		}
	}
}

// ceilSecond returns the first whole second that is not before t. Wall times have no fractions.
func ceilSecond(t time.Time) time.Time {
	whole := time.Unix(t.Unix(), 0)
	if t.Nanosecond() > 0 {
		return whole.Add(time.Second)
	}
	return whole
}

// closedOn tells why no mail leaves on d, if so. Its Until lies after d, so that the search always goes forward.
func (p Place) closedOn(d Date, blocked Blocked) (Skip, bool) {
	if !p.Window.Days.Contains(d.Weekday()) {
		return Skip{d, d.AddDays(1), "outside " + p.Window.Days.String()}, true
	}
	if name, holiday := p.Holidays.Name(d); holiday {
		return Skip{d, d.AddDays(1), fmt.Sprintf("a holiday (%s)", name)}, true
	}
	if blocked == nil {
		return Skip{}, false
	}
	reason, until := blocked(d)
	if reason == "" {
		return Skip{}, false
	}
	if !until.After(d) {
		until = d.AddDays(1)
	}
	return Skip{d, until, fmt.Sprintf("left out (%s)", reason)}, true
}
