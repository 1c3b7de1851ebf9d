package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// When asking mail rests: days on which the user is away, quiet days of the year, and
// the time until the company decides.

// rests lets some users be away, or keep quiet days, and some companies name a day.
func (m *maker) rests() {
	day := func(from, to int) time.Time {
		return m.plan.Start.In(m.location(m.plan.Zone)).AddDate(0, 0, from+m.IntN(to-from))
	}
	if m.chance(15) {
		first := day(2, 15)
		m.plan.Away = append(m.plan.Away, days{first, first.AddDate(0, 0, m.IntN(5))})
	}
	if m.chance(15) {
		first := day(2, 15)
		m.plan.Quiet = append(m.plan.Quiet, days{first, first.AddDate(0, 0, m.IntN(5))})
		m.plan.set("quiet", "["+m.plan.Quiet[0].named(ofTheYear)+"]")
	}
	for n, a := range m.plan.Applications {
		if m.chance(20) {
			m.plan.Applications[n].DecisionBy = a.Interviews[0].At.AddDate(0, 0, m.IntN(9)).Format(time.DateOnly)
		}
		if m.chance(15) {
			m.add(Event{At: m.anyTime(), Kind: Decides, Who: a.Stem})
		}
	}
}

// ofTheYear is how a day of every year is written.
const ofTheYear = "01-02"

// days are those from one to another, both of them.
type days struct{ from, to time.Time }

// named writes them as the settings do.
func (d days) named(layout string) string {
	return fmt.Sprintf("%q", d.from.Format(layout)+".."+d.to.Format(layout))
}

// hold reports whether a moment is on one of the days, wherever it is read.
func (d days) hold(at time.Time) bool {
	day := at.Format(time.DateOnly)
	return day >= d.from.Format(time.DateOnly) && day <= d.to.Format(time.DateOnly)
}

// away is what `me` in config.yaml says of it.
func (p Plan) away() string {
	if len(p.Away) == 0 {
		return ""
	}
	return "away: [" + p.Away[0].named(time.DateOnly) + "], "
}

// resting says why nothing that asks may leave at a moment of the recipient's day, ""
// if it may.
func (o Outcome) resting(a Accepted, at time.Time) string {
	if a.Delivery.Kind != scheduler.Asking {
		return ""
	}
	for _, d := range slices.Concat(o.Plan.Away, o.Plan.Quiet) {
		if d.hold(at) {
			return "on which asking mail rests"
		}
	}
	by := a.Application.DecisionBy
	for _, d := range o.decides {
		if d.on == a.Application.Stem && d.at.Add(time.Second).Before(a.At) {
			by = d.what
		}
	}
	if first, known := patient(by, o.Plan.setting("holidays")); known && at.Format(time.DateOnly) < first {
		return "and they decide by " + by
	}
	return ""
}

// patient is the first day on which mail may ask a company that decides by a day: two
// working days are theirs.
func patient(by, country string) (first string, known bool) {
	day, err := time.Parse(time.DateOnly, by)
	if err != nil {
		return "", false // "" and none
	}
	for n := 0; n < 2; {
		if day = day.AddDate(0, 0, 1); !isWeekend(day) && !isHoliday(country, day) {
			n++
		}
	}
	return day.Format(time.DateOnly), true
}

// decide notes in the file by when they decide, or that they have not said.
func (s *stage) decide(e Event) {
	day := s.truth.Now().AddDate(0, 0, int(e.N%8)).Format(time.DateOnly)
	if e.N%5 == 0 {
		day = "none"
	}
	if s.command(e.Who, "set", e.Who, "decision_by", day) {
		s.decides = append(s.decides, act{at: s.truth.Now(), what: day, on: e.Who})
	}
}

// calledOff says since when an interview is called off in its file.
func (o Outcome) calledOff(a Accepted) (since time.Time, off bool) {
	for _, c := range o.off {
		if c.on == a.Delivery.Application+"/"+a.Delivery.Interview && c.at.Add(time.Second).Before(a.At) {
			return c.at, true
		}
	}
	return time.Time{}, false
}

// callOff notes in a file that an interview does not take place.
func (s *stage) callOff(e Event) {
	a, there := s.known[e.Who]
	if !there || s.broken[e.Who] {
		return
	}
	i := a.Interviews[e.N%uint64(len(a.Interviews))]
	s.rewrite(e.Who, func(text string) string {
		before, it, after := round(text, i.ID)
		if it == "" || strings.Contains(it, "    status: cancelled\n") {
			return text
		}
		s.off = append(s.off, act{at: s.truth.Now(), on: e.Who + "/" + i.ID})
		it = strings.Replace(it, "    status: held\n", "", 1)
		head, rest, _ := strings.Cut(it, "\n")
		return before + head + "\n    status: cancelled\n" + rest + after
	})
}
