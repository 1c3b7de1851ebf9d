package mailer

import (
	_ "embed" // for the table below
	"strings"
	"time"
)

// setStart reads DTSTART. A zone name that the time library does not know, such
// as Windows names, leaves a floating wall time, and Zone says what stood
// there: whoever knows the names better can place it.
func (e *Event) setStart(params map[string]string, value string) {
	e.Zone = params["TZID"]
	e.Start, e.Floating, e.AllDay = calendarTime(e.Zone, value)
}

// calendarTime reads a DATE or DATE-TIME value (RFC 5545 sections 3.3.4 and
// 3.3.5).
func calendarTime(zone, value string) (t time.Time, floating, allDay bool) {
	value = strings.TrimSpace(value)
	if t, err := time.Parse("20060102", value); err == nil {
		return t, true, true
	}
	if t, err := time.Parse("20060102T150405Z", value); err == nil {
		return t, false, false
	}
	wall, err := time.Parse("20060102T150405", value)
	if err != nil {
		wall, err = time.Parse("20060102T1504", value) // some leave the seconds out
	}
	if err != nil {
		return time.Time{}, false, false
	}
	location, known := calendarZone(zone)
	if !known {
		return wall, true, false
	}
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, location), false, false
}

// calendarZone finds a zone by its IANA name, by the last two parts of the
// paths that some programs put before it, or by Windows' name for it.
func calendarZone(name string) (*time.Location, bool) {
	name = strings.Trim(name, `"`)
	if name == "" || name == "Local" || len(name) > 100 {
		return nil, false
	}
	if iana, ok := windowsZone(name); ok {
		name = iana
	}
	if location, err := time.LoadLocation(name); err == nil {
		return location, true
	}
	parts := strings.Split(name, "/")
	if len(parts) < 3 {
		return nil, false
	}
	location, err := time.LoadLocation(strings.Join(parts[len(parts)-2:], "/"))
	return location, err == nil
}

// calendarDuration reads a DURATION value (RFC 5545 section 3.3.6).
func calendarDuration(v string) (time.Duration, bool) {
	v, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(v), "+"), "P")
	if !ok {
		return 0, false
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	total, n, read := time.Duration(0), time.Duration(0), false
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case isDigit(c):
			n = n*10 + time.Duration(c-'0')
		case c == 'T':
		case units[c] > 0:
			total += n * units[c]
			n, read = 0, true
		default:
			return 0, false
		}
		if n > 100000 || total > 366*24*time.Hour {
			return 0, false
		}
	}
	return total, read
}

//go:embed tables/windowszones.txt
var windowsZoneTable string

// windowsZone maps a zone name of Windows, which Outlook writes, to the IANA
// name of its main territory.
func windowsZone(name string) (string, bool) {
	for _, line := range tableLines(windowsZoneTable) {
		if windows, iana, ok := strings.Cut(line, " = "); ok && strings.EqualFold(windows, name) {
			return iana, true
		}
	}
	return "", false
}
