package web

import (
	"fmt"
	"strings"
	"time"
)

// words writes times and counts for the user.
type words struct {
	now  time.Time
	zone *time.Location // the user's own
}

func (p *Page) words() words {
	return words{now: p.Service.Clock.Now(), zone: p.Desk.Zone()}
}

// moment is a time as it is shown. Text is empty for none.
type moment struct {
	ISO  string // for machines, with the offset
	Text string // in the user's zone
	In   string // how long until then, or since
	Past bool
	// There is the wall time at the recipient's place, where that is another.
	There string
}

// moment shows a time in the user's zone.
func (w words) moment(t time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	here := t.In(w.zone)
	layout := "Mon 2 Jan 15:04"
	if here.Year() != w.now.In(w.zone).Year() {
		layout = "Mon 2 Jan 2006 15:04"
	}
	return moment{ISO: here.Format(time.RFC3339), Text: here.Format(layout), In: w.distance(t), Past: t.Before(w.now)}
}

// momentAt is moment, with the wall time of the zone that is named.
func (w words) momentAt(t time.Time, zone string) moment {
	m := w.moment(t)
	loc, err := time.LoadLocation(zone)
	if t.IsZero() || zone == "" || err != nil {
		return m
	}
	if there := t.In(loc).Format("Mon 15:04"); there != t.In(w.zone).Format("Mon 15:04") {
		m.There = there + " " + placeName(zone)
	}
	return m
}

// placeName is the town of a zone's name.
func placeName(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}

// distance says how far a time is from now, in the two largest units.
func (w words) distance(t time.Time) string {
	d := t.Sub(w.now)
	if d < 0 && d > -time.Minute {
		return "just now"
	}
	if d < 0 {
		return duration(-d) + " ago"
	}
	if d < time.Minute {
		return "now"
	}
	return "in " + duration(d)
}

func duration(d time.Duration) string {
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days >= 14:
		return fmt.Sprintf("%d weeks", days/7)
	case days >= 3 || days > 0 && hours == 0:
		return plural(days, "day")
	case days > 0:
		return fmt.Sprintf("%s %d h", plural(days, "day"), hours)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d min", minutes)
}

// plural counts things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "y") && !strings.HasSuffix(thing, "ay") {
		thing = strings.TrimSuffix(thing, "y") + "ie"
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
