package calendar

import (
	"errors"
	"fmt"
)

// TimeOfDay counts the minutes since midnight on the wall clock, 0 to 1440. 1440, written 24:00, is an end only.
type TimeOfDay int

// EndOfDay is 24:00, the end of a window that lasts until midnight.
const EndOfDay TimeOfDay = 24 * 60

// ParseTimeOfDay reads a time such as 08:00. It accepts 24:00, which Window.Validate refuses as a start.
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	hour, minute, second, ok := clockOfText(text)
	at := TimeOfDay(hour*60 + minute)
	if !ok || second != 0 || minute > 59 || at > EndOfDay {
		return 0, fmt.Errorf("reading time of day: found %s, expected hours and minutes such as 08:00", found(text))
	}
	return at, nil
}

// String writes the time as ParseTimeOfDay reads it.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// on is the wall time t of a date. 24:00 becomes an hour of 24, which Resolve reads as the next midnight.
func (t TimeOfDay) on(d Date) Wall { return Wall{Date: d, Hour: int(t) / 60, Minute: int(t) % 60} }

// Window says on which days, and between which times of those days, mail may leave: from From up to, but not at, To.
type Window struct {
	Days     Weekdays
	From, To TimeOfDay
}

// AllHours is the window that is always open. With it Place.Next is a plain cron that knows daylight saving.
func AllHours() Window { return Window{Days: EveryDay, From: 0, To: EndOfDay} }

// Validate refuses a window through which nothing could ever leave.
func (w Window) Validate() error {
	switch {
	case w.Days&EveryDay == 0:
		return errors.New("checking window: found no days, expected days such as MON-FRI")
	case w.From < 0 || w.To > EndOfDay:
		return fmt.Errorf("checking window: found %s to %s, expected times between 00:00 and 24:00", w.From, w.To)
	case w.To <= w.From:
		return fmt.Errorf("checking window: found %s to %s, expected an end after the start on the same day", w.From, w.To)
	}
	return nil
}

// String writes the window for a sentence, such as "MON-FRI 08:00-18:00".
func (w Window) String() string { return fmt.Sprintf("%s %s-%s", w.Days, w.From, w.To) }
