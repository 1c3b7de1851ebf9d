package scheduler

import (
	"fmt"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// The sentences that plan and why print. Rules: times stand at the recipient's
// place, with its zone named once; the date is left out where it is the day on
// which the mail leaves, and the year where it is that in which it leaves; each part is true by itself.

// reason says why a mail is due when it is:
// "Tue 24 Nov 09:37 Europe/Paris: 12 h after the interview's end is 02:45; first match of ...".
func reason(why []string, cron calendar.Cron, slot calendar.Slot, due time.Time, place calendar.Place, panel int) string {
	at, parts := due.In(place.Zone), append(why, slotWords(cron, slot))
	if plus := int(due.Sub(slot.At) / time.Minute); plus > 0 && panel > 1 {
		parts = append(parts, fmt.Sprintf("+%d m so that the panel's notes do not leave together", plus))
	} else if plus > 0 {
		parts = append(parts, fmt.Sprintf("+%d m of spread", plus))
	}
	today := at.Format("Mon 2 Jan ")
	told := strings.ReplaceAll(strings.Join(parts, "; "), yearMark+at.Format("2006"), "")
	told = strings.ReplaceAll(strings.ReplaceAll(told, yearMark, " "), " is "+today, " is ")
	return today + at.Format("15:04") + " " + place.Zone.String() + ": " + told
}

// yearMark stands before the year of a date within a part of a reason, until it is known in which year the mail leaves: the
// parts are written before that. No text of a file holds this character.
const yearMark = "\x00"

// since says where a wait ends that begins at some event: "12 h after the
// interview's end is Tue 24 Nov 02:45".
func since(after calendar.Span, what string, at time.Time, place calendar.Place, base time.Time) string {
	switch {
	case at.Equal(base) && what == interviewEnd:
		return what + " is " + shortMoment(at, place)
	case at.Equal(base):
		return "the time of " + strings.TrimSuffix(what, ",") + " is " + shortMoment(at, place)
	}
	return after.Words() + " after " + what + " is " + shortMoment(at, place)
}

// interviewEnd is the event that most waits begin at.
const interviewEnd = "the interview's end"

// slotWords says which match was taken. A line that matches every minute is
// the program's own and is not shown.
func slotWords(cron calendar.Cron, slot calendar.Slot) string {
	words := slot.Reason(cron)
	if cron.String() == everyMinute {
		return strings.Replace(words, fmt.Sprintf("first match of %q", everyMinute), "the first minute from then at which mail may leave", 1)
	}
	return words
}

// shortMoment writes a time at the place, without its zone, for a part of a reason.
func shortMoment(t time.Time, place calendar.Place) string {
	return t.In(place.Zone).Format("Mon 2 Jan" + yearMark + "2006 15:04")
}

// shortDay writes a date for a part of a reason.
func shortDay(d calendar.Date) string { return fmt.Sprintf("%s%s%d", d.Words(), yearMark, d.Year) }

// hours writes a duration of the settings for people: "18 h", "1 h 30 m".
func hours(d time.Duration) string { return calendar.Span{Elapsed: d}.Words() }

// moment writes a time for people, at the place that the zone names, in a sentence
// that is said now: the year is named where it is another one.
func moment(t time.Time, zone string, now time.Time) string {
	if loc, err := calendar.LoadZone(zone); err == nil {
		t = t.In(loc)
	}
	if t.Year() != now.In(t.Location()).Year() {
		return t.Format("Mon 2 Jan 2006 15:04 MST")
	}
	return t.Format("Mon 2 Jan 15:04 MST")
}

// brief cuts a text for a sentence about it to so many characters.
func brief(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
