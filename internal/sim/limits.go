package sim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"afterword/scheduler"
)

// The arithmetic of this file is the world's own: it asks neither the program's
// calendar nor what the store says of a limit or a time.

// setting is what the plan's lines of sending say, "" if nothing.
func (p Plan) setting(name string) string {
	for line := range strings.SplitSeq(p.Sending, "\n") {
		if value, is := strings.CutPrefix(line, name+": "); is {
			return value
		}
	}
	return ""
}

// set replaces one of the plan's lines of sending, or adds it.
func (p *Plan) set(name, value string) {
	lines := slices.DeleteFunc(strings.Split(p.Sending, "\n"), func(line string) bool { return strings.HasPrefix(line, name+": ") })
	p.Sending = strings.Join(append(lines, name+": "+value), "\n")
}

// insideLimits: at most two mails without an answer ask anybody of an
// application, seven days lie between two, and no more leave within an hour than
// the settings allow.
func insideLimits(o Outcome) (broken []string) {
	asked := map[string][]Accepted{}
	for _, a := range o.Accepted {
		if a.Delivery.Kind == scheduler.Asking && !o.unread(a) {
			asked[a.Delivery.Application] = append(asked[a.Delivery.Application], a)
		}
	}
	for _, stem := range slices.Sorted(maps.Keys(asked)) {
		all := asked[stem]
		for n := 1; n < len(all); n++ {
			gap := all[n].At.Sub(all[n-1].At)
			if gap < 7*24*time.Hour-2*time.Hour && len(o.skews) == 0 { // a change of the clocks may take an hour
				broken = append(broken, fmt.Sprintf("%s was asked at %s and again at %s", stem, stamp(all[n-1].At), stamp(all[n].At)))
			}
			if n >= 2 && !o.answered(stem, all[n-2].At, all[n].At) {
				broken = append(broken, fmt.Sprintf("%s was asked a third time at %s without an answer", stem, stamp(all[n].At)))
			}
		}
	}
	return append(broken, o.insideHour()...)
}

// answered reports whether somebody of an application answered between two
// moments, by mail or, as the user says, otherwise.
func (o Outcome) answered(stem string, from, to time.Time) bool {
	return slices.ContainsFunc(o.Letters, func(l Arrived) bool { return l.Stem == stem && l.Kind.Stops() && l.At.After(from) && l.At.Before(to) }) ||
		slices.ContainsFunc(o.acts, func(a act) bool {
			return a.on == stem && a.what == "answered" && a.at.After(from) && a.at.Before(to)
		})
}

// steady reports whether between two moments neither the clock was set nor an older
// store put back, which knows less of what left.
func (o Outcome) steady(from, to time.Time) bool {
	between := func(at time.Time) bool { return !at.Before(from) && !at.After(to) }
	return !slices.ContainsFunc(o.skews, func(s skew) bool { return between(s.from) }) && !slices.ContainsFunc(o.restores, between)
}

// insideHour checks per_hour. A mail in doubt does not count for the program; a minute
// is what a mail may take on its way.
func (o Outcome) insideHour() (broken []string) {
	most := 20
	if text := o.Plan.setting("per_hour"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return []string{err.Error()}
		}
		most = n
	}
	var sure []Accepted
	for _, a := range o.Accepted {
		if !slices.ContainsFunc(o.Events, func(e scheduler.Event) bool { return e.Key == a.Key && e.To == string(scheduler.InDoubt) }) {
			sure = append(sure, a)
		}
	}
	for n := most; n < len(sure); n++ {
		if within := sure[n].At.Sub(sure[n-most].At); within < time.Hour-transit && o.steady(sure[n-most].At, sure[n].At) {
			broken = append(broken, fmt.Sprintf("%d mails left within %s of %s, and %d may in an hour", most+1, within, stamp(sure[n-most].At), most))
		}
	}
	return broken
}

// notExpired: an owed mail does not leave after its time, neither the stored one
// nor the one that comes of its interview.
func notExpired(o Outcome) (broken []string) {
	for _, a := range o.Accepted {
		if a.Delivery.Kind != scheduler.Owed || o.jumped(a.At) {
			continue
		}
		at := o.ownTime(a.At)
		// A store that was put back since may have an earlier date of the interview.
		old := slices.ContainsFunc(o.restores, func(r time.Time) bool { return r.After(a.At) })
		if expires := a.Delivery.Expires; !old && !expires.IsZero() && at.After(expires.Add(transit)) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s and had expired at %s", a.Key, stamp(a.At), stamp(expires)))
		}
		if last := o.lastThanks(a); !last.IsZero() && at.After(last) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and %s is the latest that its interview leaves for it", a.Key, stamp(a.At), stamp(last)))
		}
	}
	return broken
}

// lastThanks is when thanks for an interview may leave at the latest: two days
// after half past nine of the first working day that begins eight hours after its
// end, and the spread.
func (o Outcome) lastThanks(a Accepted) time.Time {
	for _, i := range a.Application.Interviews {
		zone, err := time.LoadLocation(a.Application.Zone)
		if i.ID != a.Delivery.Interview || err != nil {
			continue
		}
		from := o.beginOf(a.Application, i).Add(time.Duration(i.Minutes)*time.Minute + 8*time.Hour).In(zone)
		day := time.Date(from.Year(), from.Month(), from.Day(), 9, 30, 0, 0, zone)
		country := o.Plan.setting("holidays")
		for day.Before(from) || isWeekend(day) || isHoliday(country, day) {
			day = day.AddDate(0, 0, 1)
		}
		return day.Add(48*time.Hour + time.Hour + transit) // an hour of the spread, and of a change of the clocks
	}
	return time.Time{}
}
