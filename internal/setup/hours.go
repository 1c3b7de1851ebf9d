package setup

import (
	"errors"
	"fmt"
	"strings"

	"afterword/scheduler/calendar"
)

// Hours are the days and times at which a computer is usually on, in its
// user's zone. From before To: a night is two of them and is not asked for.
type Hours calendar.Window

// Always is a computer that is never off, such as a small server.
func Always() Hours { return Hours(calendar.AllHours()) }

// ParseHours reads "always", or days and times such as "MON-FRI 09:00-18:00";
// without days it is every day.
func ParseHours(text string) (Hours, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "always") {
		return Always(), nil
	}
	days, times, both := strings.Cut(text, " ")
	if !both {
		days, times = "*", text
	}
	h := calendar.Window{}
	var failed [3]error
	h.Days, failed[0] = calendar.ParseWeekdays(strings.TrimSpace(days))
	from, to, ok := strings.Cut(strings.ReplaceAll(times, " ", ""), "-")
	if !ok {
		failed[1] = fmt.Errorf("found %q, expected always, or hours such as MON-FRI 09:00-18:00", text)
	} else {
		h.From, failed[1] = calendar.ParseTimeOfDay(from)
		h.To, failed[2] = calendar.ParseTimeOfDay(to)
	}
	if err := errors.Join(failed[:]...); err != nil {
		return Hours{}, fmt.Errorf("reading when the computer is on: %w", err)
	}
	if err := h.Validate(); err != nil {
		return Hours{}, fmt.Errorf("reading when the computer is on: %w", err)
	}
	return Hours(h), nil
}

// Schedule is when mail leaves, chosen so that the computer is on then.
type Schedule struct {
	ThankYou, FollowUp string // cron lines
	Window             calendar.Window
	Late               calendar.Window
	// Words say what was chosen and why, for the user to agree with.
	Words string
}

const half = 30 // minutes

// Proposal is a schedule for a computer that is on in these hours. The hours at
// which a stranger likes to get mail go before: nothing is proposed before
// 07:00 or after 21:00, nor at weekends unless the computer is on only then.
func (h Hours) Proposal() Schedule {
	s := Schedule{ThankYou: "30 9 * * MON-FRI", FollowUp: "0 10 * * TUE-FRI", Window: window("MON-FRI", "08:00", "18:00"), Late: window("MON-FRI", "07:00", "21:00")}
	days := h.Days & s.Window.Days
	if days == 0 {
		days = h.Days
		s.Window.Days, s.Late.Days = days, days
	}
	open, decent := overlap(h, s.Window.From, s.Window.To)
	if !decent {
		if open, decent = overlap(h, s.Late.From, s.Late.To); !decent {
			s.Window.Days, s.Late.Days = weekdays("MON-FRI"), weekdays("MON-FRI")
			s.Words = "Your computer is off whenever mail may decently leave (07:00 to 21:00), so that nothing could be sent in time. " +
				"The usual hours are written down: leave it on at 9:30 on working days, or let Afterword run on a small server."
			return s
		}
		s.Window.From, s.Window.To = open.From, open.To
	}
	thanks, asks := calendar.TimeOfDay(9*60+half), calendar.TimeOfDay(10*60)
	if thanks < open.From+half || asks+half > open.To {
		thanks = (open.From + half + half - 1) / half * half
		asks = min(thanks+half, open.To-half)
		thanks = min(thanks, asks)
	}
	s.ThankYou, s.FollowUp = at(thanks, days), at(asks, withoutMonday(days))
	s.Words = fmt.Sprintf("Thank-yous leave from %s on (%s), follow-ups from %s (%s): your computer is on then. The times count at the place of whom you write to.",
		thanks, days, asks, withoutMonday(days))
	return s
}

// overlap is the part of the hours that lies in a window; it is of use from one
// hour on, since notes of one panel leave minutes apart.
func overlap(h Hours, from, to calendar.TimeOfDay) (calendar.Window, bool) {
	w := calendar.Window{Days: h.Days, From: max(h.From, from), To: min(h.To, to)}
	return w, w.To-w.From >= 2*half
}

func at(t calendar.TimeOfDay, days calendar.Weekdays) string {
	return fmt.Sprintf("%d %d * * %s", int(t)%60, int(t)/60, days)
}

// withoutMonday leaves out the day on which mail that asks is lost in the heap,
// unless there is no other.
func withoutMonday(days calendar.Weekdays) calendar.Weekdays {
	if rest := days &^ weekdays("MON"); rest != 0 {
		return rest
	}
	return days
}

func weekdays(text string) calendar.Weekdays {
	d, _ := calendar.ParseWeekdays(text) // a constant of this file
	return d
}

func window(days, from, to string) calendar.Window {
	f, _ := calendar.ParseTimeOfDay(from)
	t, _ := calendar.ParseTimeOfDay(to)
	return calendar.Window{Days: weekdays(days), From: f, To: t}
}
