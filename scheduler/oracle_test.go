package scheduler

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// A second reckoning of a step's time, from the rules of DESIGN section 4 and from
// nothing of package calendar: slow and plain, day by day. Wall times are written as
// times in UTC here.

// oracle is a place where mail is read.
type oracle struct {
	zone     *time.Location
	days     map[time.Weekday]bool
	from, to int // minutes of the day
	holidays bool
}

// isBusinessDay knows the holidays of France from 2026 to the spring of 2028.
func (o oracle) isBusinessDay(day time.Time) bool {
	if !o.days[day.Weekday()] || !o.holidays {
		return o.days[day.Weekday()]
	}
	fixed := []string{"01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"}
	movable := []string{"2026-04-06", "2026-05-14", "2026-05-25", "2027-03-29", "2027-05-06", "2027-05-17", "2028-04-17"}
	return !slices.Contains(fixed, day.Format("01-02")) && !slices.Contains(movable, day.Format(time.DateOnly))
}

// wall is what a clock in the zone shows, as a time in UTC.
func (o oracle) wall(t time.Time) time.Time {
	t = t.In(o.zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// day is the date there.
func (o oracle) day(t time.Time) time.Time { return o.wall(t).Truncate(24 * time.Hour) }

// instant is the first moment at which the clock shows a wall time, and where it never
// does, the first moment after the gap.
func (o oracle) instant(wall time.Time) (first time.Time) {
	tried := map[int]bool{}
	for h := -50; h <= 50; h++ {
		_, offset := wall.Add(time.Duration(h) * time.Hour).In(o.zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if !tried[offset] && o.wall(t).Equal(wall) && (first.IsZero() || t.Before(first)) {
			first = t
		}
		tried[offset] = true
	}
	for t := wall.Add(-40 * time.Hour); first.IsZero(); t = t.Add(time.Minute) {
		if o.wall(t).After(wall) {
			return t
		}
	}
	return first
}

// businessDays is the n-th business day after a day.
func (o oracle) businessDays(day time.Time, n int) time.Time {
	for n > 0 {
		if day = day.AddDate(0, 0, 1); o.isBusinessDay(day) {
			n--
		}
	}
	return day
}

// add: elapsed time is exact, days and business days keep the wall time.
func (o oracle) add(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "m":
		return t.Add(time.Duration(n) * time.Minute)
	case "h":
		return t.Add(time.Duration(n) * time.Hour)
	case "d":
		return o.instant(o.wall(t).AddDate(0, 0, n))
	}
	return o.instant(o.businessDays(o.wall(t), n))
}

// next is the first moment from one on at which a line of one minute, hour and set of
// weekdays matches inside the window on a day that is not left out.
func (o oracle) next(from time.Time, minute, hour int, on map[time.Weekday]bool, leftOut func(day time.Time) bool) time.Time {
	start := o.day(from).AddDate(0, 0, -2)
	for n := range 400 {
		day := start.AddDate(0, 0, n)
		at := o.instant(day.Add(time.Duration(hour*60+minute) * time.Minute))
		shown := o.wall(at)
		of := shown.Hour()*60 + shown.Minute()
		if on[day.Weekday()] && !at.Before(from) && of >= o.from && of < o.to && o.isBusinessDay(shown) && !leftOut(o.day(at)) {
			return at
		}
	}
	return time.Time{}
}

// errand is a plan drawn by chance: one interview, thanks and one follow-up.
type errand struct {
	oracle
	facts        Facts
	minute, hour int
	on           map[time.Weekday]bool
	waits        [2]wait // of the thanks, and of the follow-up
	away         [2]time.Time
	promised     time.Time
	words        string
}

type wait struct {
	n    int
	unit string
}

// edges are days on which, or near which, some clock is set, and holidays.
func edges() []string {
	return []string{"2026-03-07", "2026-03-21", "2026-03-28", "2026-04-02", "2026-04-04", "2026-04-24", "2026-09-05", "2026-09-26", "2026-10-03", "2026-10-24", "2026-10-30", "2026-12-24", "2026-12-31", "2027-03-27", "2027-04-03", "2027-05-05", "2011-12-28"}
}

func oracleZones() []string {
	return []string{"Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "Antarctica/Troll", "Europe/Paris", "America/New_York", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca",
		"America/Santiago", "Asia/Gaza", "Europe/Dublin", "Pacific/Kiritimati", "America/Nuuk", "Africa/Cairo", "Asia/Beirut"}
}

// place draws where mail is read, and when the line fires there.
func (e *errand) place(r *rand.Rand) (ok bool) {
	names := []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
	first := r.IntN(7)
	last := first + r.IntN(7-first)
	if r.IntN(3) > 0 {
		first, last = 1, 5
	}
	e.oracle = oracle{zone: zone(oracleZones()[r.IntN(len(oracleZones()))]), days: map[time.Weekday]bool{}, holidays: r.IntN(2) == 0,
		from: []int{0, 60, 120, 480, 570}[r.IntN(5)], to: []int{1440, 180, 1080, 1260, 600}[r.IntN(5)]}
	e.minute, e.hour, e.on = []int{0, 15, 30, 45, 59}[r.IntN(5)], []int{0, 1, 2, 3, 9, 9, 10, 23}[r.IntN(8)], map[time.Weekday]bool{}
	var open, fires []string
	for d, name := range names {
		if d >= first && d <= last {
			e.days[time.Weekday(d)], open = true, append(open, name)
		}
		if r.IntN(4) > 0 {
			e.on[time.Weekday(d)], fires = true, append(fires, name)
			ok = ok || e.days[time.Weekday(d)]
		}
	}
	if of := e.hour*60 + e.minute; !ok || of < e.from || of >= e.to {
		return false
	}
	line := fmt.Sprintf("%d %d * * %s", e.minute, e.hour, strings.Join(fires, ","))
	p := &e.facts.Policy
	p.Window = hoursOf(strings.Join(open, ","), calendar.TimeOfDay(e.from).String(), calendar.TimeOfDay(e.to).String())
	p.Late = p.Window
	if !e.holidays {
		p.Holidays = ""
	}
	waits := []wait{{90, "m"}, {8, "h"}, {12, "h"}, {49, "h"}, {1, "d"}, {2, "d"}, {1, "bd"}, {3, "bd"}, {5, "bd"}}
	for n := range e.waits {
		e.waits[n] = waits[r.IntN(len(waits))]
	}
	after := func(n int) calendar.Span { return span(fmt.Sprintf("%d%s", e.waits[n].n, e.waits[n].unit)) }
	p.Sequences = map[string][]Step{"default": {
		{Name: "thank-you", Template: "thank-you", To: ToInterviewers, After: after(0), Cron: cron(line), Expires: span("1000h"), Kind: Owed},
		{Name: "follow-up-1", Template: "follow-up", To: ToContact, After: after(1), Cron: cron(line), Kind: Asking}}}
	e.words = fmt.Sprintf("at %s in %s, holidays %v, on %q after %v", e.zone, p.Window, e.holidays, line, e.waits)
	return true
}

// newErrand draws all of it; ok is false where the line never fires.
func newErrand(seed uint64) (e errand, ok bool) {
	r := rand.New(rand.NewPCG(seed, 7))
	there := zone(oracleZones()[r.IntN(len(oracleZones()))])
	at := in(there.String(), fmt.Sprintf("%s %02d:%02d", edges()[r.IntN(len(edges()))], r.IntN(24), 15*r.IntN(4)))
	e.facts = acme(Interview{ID: "onsite", At: at, Zone: there, ZoneStated: true, Duration: time.Duration(15*(1+r.IntN(12))) * time.Minute, Status: InterviewHeld, Interviewers: []Person{person("Ken")}})
	if !e.place(r) {
		return e, false
	}
	e.facts.Application.Zone = e.zone
	if r.IntN(3) == 0 {
		e.away[0] = e.day(at).AddDate(0, 0, r.IntN(8))
		e.away[1] = e.away[0].AddDate(0, 0, r.IntN(9))
		e.facts.Policy.Me.Away = []calendar.DateRange{dates(e.away[0].Format(time.DateOnly) + ".." + e.away[1].Format(time.DateOnly))}
	}
	if r.IntN(3) == 0 {
		e.promised = e.day(at).AddDate(0, 0, 3+r.IntN(14))
		e.facts.Application.DecisionBy = date(e.promised.Format(time.DateOnly))
	}
	e.facts = with(e.facts, func(*Facts) {})
	e.words = fmt.Sprintf("seed %d: met %s, %s, away %v, promised %s", seed, at, e.words, e.away, e.promised)
	return e, true
}

// TestPlanAgainstAnotherReckoning: thanks and follow-ups leave when the rules say, in
// sixteen zones, around the days on which clocks are set, over holidays and year's end.
func TestPlanAgainstAnotherReckoning(t *testing.T) {
	t.Parallel()
	checked := 0
	for seed := uint64(1); seed <= 3000; seed++ {
		e, ok := newErrand(seed)
		if !ok {
			continue
		}
		end := e.facts.Application.Interviews[0].End()
		never := func(time.Time) bool { return false }
		want := e.next(e.add(end, e.waits[0].n, e.waits[0].unit), e.minute, e.hour, e.on, never)
		if d := planned(t, e.facts, end, "thank-you"); !want.IsZero() && (d.State != Planned || !d.Due.Equal(want)) {
			t.Errorf("%s: thanks are %s, due %s, want %s", e.words, d.State, d.Due.In(e.zone), want.In(e.zone))
		}
		if want.IsZero() {
			continue
		}
		sent := want.Add(time.Duration(seed%200) * time.Minute)
		e.facts.sent("thank-you", "ken@acme.example", sent)
		e.facts.Stored[0].Began = e.facts.Application.Interviews[0].At
		from := e.add(sent, e.waits[1].n, e.waits[1].unit)
		if !e.promised.IsZero() {
			if patient := e.instant(e.businessDays(e.promised, 2)); patient.After(from) {
				from = patient
			}
		}
		isAway := func(day time.Time) bool {
			return !e.away[0].IsZero() && !day.Before(e.away[0]) && !day.After(e.away[1])
		}
		want = e.next(from, e.minute, e.hour, e.on, isAway)
		if d := planned(t, e.facts, sent, "follow-up-1"); !want.IsZero() && (d.State != Planned || !d.Due.Equal(want)) {
			t.Errorf("%s, thanked %s: the follow-up is %s, due %s, want %s", e.words, sent.In(e.zone), d.State, d.Due.In(e.zone), want.In(e.zone))
		}
		checked++
	}
	if checked < 1000 {
		t.Errorf("only %d plans were compared", checked)
	}
}
