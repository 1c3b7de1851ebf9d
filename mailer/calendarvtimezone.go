package mailer

import (
	"strconv"
	"strings"
	"time"
)

// An object may define its own zone (RFC 5545 section 3.6.5), under a name that
// nobody else knows: "Customized Time Zone", "(UTC+01:00) Paris", "GMT -0500".

// observance is one STANDARD or DAYLIGHT part of a VTIMEZONE.
type observance struct {
	from   time.Time // its first onset, a wall time
	offset time.Duration
	rule   map[string]string // of RRULE, nil if it began once
}

// maxObservances bounds what is read of one zone.
const maxObservances = 50

// offsetOf finds how far the zone of an object is ahead of UTC at a wall time.
// The flag is false if the object does not define it, or in a way that is not
// understood.
func offsetOf(lines []string, zone string, wall time.Time) (time.Duration, bool) {
	list := observancesOf(lines, zone)
	var latest time.Time
	offset, found := time.Duration(0), len(list) == 1
	if found {
		offset = list[0].offset
	}
	for _, o := range list {
		onset, ok := o.lastOnset(wall)
		if ok && (latest.IsZero() || onset.After(latest)) {
			latest, offset, found = onset, o.offset, true
		}
	}
	return offset, found
}

// observancesOf reads the parts of the VTIMEZONE of that name.
func observancesOf(lines []string, zone string) []observance {
	var list []observance
	var one observance
	inside, named := false, false
	for n, line := range lines {
		if n >= maxCalendarLines || len(list) >= maxObservances {
			break
		}
		name, _, value := cutProperty(line)
		switch {
		case name == "BEGIN" && strings.EqualFold(value, "VTIMEZONE"):
			inside, named = true, false
			list = nil
		case name == "END" && strings.EqualFold(value, "VTIMEZONE"):
			if named {
				return list
			}
			inside = false
		case !inside:
		case name == "TZID":
			named = strings.Trim(value, `"`) == strings.Trim(zone, `"`)
		case name == "BEGIN":
			one = observance{}
		case name == "END":
			list = append(list, one)
		default:
			one.property(name, value)
		}
	}
	return nil
}

func (o *observance) property(name, value string) {
	switch name {
	case "DTSTART":
		o.from, _, _ = calendarTime("", value)
	case "TZOFFSETTO":
		o.offset = utcOffset(value)
	case "RRULE":
		o.rule = map[string]string{}
		for _, piece := range strings.Split(value, ";") {
			if k, v, ok := strings.Cut(piece, "="); ok {
				o.rule[strings.ToUpper(k)] = strings.ToUpper(v)
			}
		}
	}
}

// lastOnset is when the observance began the last time before a wall time.
// Onsets are those that zones have: once a year, on the n-th weekday of a month.
func (o observance) lastOnset(wall time.Time) (time.Time, bool) {
	if o.rule == nil {
		return o.from, !o.from.After(wall)
	}
	for year := wall.Year(); year >= wall.Year()-1; year-- {
		if t, ok := o.onsetIn(year); ok && !t.After(wall) && !t.Before(o.from) {
			return t, true
		}
	}
	return time.Time{}, false
}

func (o observance) onsetIn(year int) (time.Time, bool) {
	month, err := strconv.Atoi(o.rule["BYMONTH"])
	if err != nil {
		month = int(o.from.Month())
	}
	at := func(day int) time.Time {
		return time.Date(year, time.Month(month), day, o.from.Hour(), o.from.Minute(), 0, 0, time.UTC)
	}
	by := o.rule["BYDAY"]
	if by == "" {
		return at(o.from.Day()), true
	}
	days := map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}
	weekday, known := days[by[max(0, len(by)-2):]]
	nth, err := strconv.Atoi(strings.TrimSuffix(by, by[max(0, len(by)-2):]))
	if !known || err != nil || nth == 0 || nth > 5 || nth < -5 {
		return time.Time{}, false
	}
	if nth > 0 {
		first := at(1)
		return first.AddDate(0, 0, (int(weekday-first.Weekday())+7)%7+7*(nth-1)), true
	}
	last := at(1).AddDate(0, 1, -1)
	return last.AddDate(0, 0, -((int(last.Weekday()-weekday)+7)%7)+7*(nth+1)), true
}

// utcOffset reads +0100 or -053000.
func utcOffset(v string) time.Duration {
	v = strings.TrimSpace(v)
	if len(v) < 5 || v[0] != '+' && v[0] != '-' {
		return 0
	}
	hours, err1 := strconv.Atoi(v[1:3])
	minutes, err2 := strconv.Atoi(v[3:5])
	if err1 != nil || err2 != nil {
		return 0
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if v[0] == '-' {
		return -d
	}
	return d
}
