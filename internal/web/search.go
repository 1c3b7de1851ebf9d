package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// searchView is the search as a whole.
type searchView struct {
	Stages  []bar
	Silence []applicationRow
	Over    []applicationRow
	Weeks   []weekBar
	Max     int
	Sent    int
	Replies int
	Nothing bool
}

// bar is one bar of the picture, in a unit of its own.
type bar struct {
	Name  string
	Count int
	Width int // of 100
}

// applicationRow is one application of the list.
type applicationRow struct {
	Stem, Href, Company, Role, Status, Stage string
	Quiet                                    string // how long nobody has written
	days                                     int
	Days, Width                              int // of silence; Width of 100
	Next                                     string
	Broken                                   bool
}

// weekBar is one week: mails that left and answers that came. The heights are
// of 100, X is the bar's place.
type weekBar struct {
	Week               string
	Sent, Came         int
	SentH, CameH       int
	X, XC, SentY, CamY int
}

// The picture of replies over time: so many weeks, so wide a bar.
const (
	searchWeeks = 12
	weekWidth   = 26
	weekHeight  = 100
	barHeight   = 90
)

func (p *Page) applications(r *http.Request, f *frame) (string, error) {
	s, err := p.Service.Search(r.Context())
	if err != nil {
		return "", err
	}
	w := p.words()
	v := searchView{Nothing: len(s.Applications) == 0}
	stages := map[string]int{}
	for _, a := range s.Applications {
		row := rowOf(w, a, s)
		stages[row.Stage]++
		if a.Status.Over() {
			v.Over = append(v.Over, row)
		} else {
			v.Silence = append(v.Silence, row)
		}
	}
	slices.SortStableFunc(v.Silence, func(a, b applicationRow) int { return cmp.Or(b.days-a.days, cmp.Compare(a.Company, b.Company)) })
	longest := 1
	for _, row := range v.Silence {
		longest = max(longest, row.days)
	}
	for n := range v.Silence {
		v.Silence[n].Width = percent(v.Silence[n].days, longest)
	}
	v.Stages = stageBars(stages)
	v.Weeks, v.Max = weekBars(w, s.Mails)
	for _, m := range s.Mails {
		if m.Outgoing {
			v.Sent++
		} else if m.Speaks() {
			v.Replies++
		}
	}
	f.Title, f.Section, f.Data = "Applications", "applications", v
	return "applications", nil
}

func percent(part, whole int) int {
	if part == 0 {
		return 0
	}
	return max(2, 100*part/max(1, whole))
}

func rowOf(w words, a scheduler.Application, s scheduler.SearchReport) applicationRow {
	row := applicationRow{Stem: a.Stem, Href: applicationHref(a.Stem), Company: cmp.Or(a.Company, a.Stem), Role: a.Role, Status: statusName(a.Status), Stage: stageOf(w, a), Broken: a.Broken != ""}
	last := lastWord(a, s.Mails, w.now)
	if !last.IsZero() {
		row.days = int(w.now.Sub(last).Hours()) / 24
		row.Days, row.Quiet = row.days, "quiet for "+plural(row.days, "day")
		if row.days == 0 {
			row.Quiet = "met or heard today"
		}
	}
	for _, d := range s.Deliveries {
		if d.Application == a.Stem && d.State.Open() && !when(d).IsZero() {
			row.Next = fmt.Sprintf("%s to %s, %s", kindName(d), personName(d), w.moment(when(d)).Text)
			if d.State == scheduler.Review {
				row.Next = kindName(d) + " to " + personName(d) + " waits for you"
			}
			break
		}
	}
	return row
}

// lastWord is when anybody last wrote or met.
func lastWord(a scheduler.Application, mails []scheduler.Mail, now time.Time) time.Time {
	var last time.Time
	for _, m := range mails {
		if m.Application == a.Stem && m.Speaks() && m.At.After(last) {
			last = m.At
		}
	}
	for _, i := range a.Interviews {
		if i.Status != scheduler.InterviewCancelled && i.End().After(last) && !i.End().After(now) {
			last = i.End()
		}
	}
	return last
}

// stageOf says how far an application has come.
func stageOf(w words, a scheduler.Application) string {
	switch {
	case a.Broken != "":
		return "file cannot be read"
	case a.Status != scheduler.StatusActive:
		return statusName(a.Status)
	}
	met, ahead := 0, 0
	for _, i := range a.Interviews {
		switch {
		case i.Status == scheduler.InterviewCancelled:
		case i.At.After(w.now):
			ahead++
		default:
			met++
		}
	}
	switch {
	case ahead > 0:
		return "interview ahead"
	case met == 0:
		return "no interview yet"
	case met == 1:
		return "after 1 interview"
	}
	return "after " + fmt.Sprint(met) + " interviews"
}

func stageBars(stages map[string]int) []bar {
	var bars []bar
	most := 0
	for name, n := range stages {
		bars = append(bars, bar{Name: name, Count: n})
		most = max(most, n)
	}
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name)) })
	for n := range bars {
		bars[n].Width = percent(bars[n].Count, most)
	}
	return bars
}

// weekBars counts the mails that left and the answers that came in each of the
// last weeks.
func weekBars(w words, mails []scheduler.Mail) (bars []weekBar, most int) {
	here := w.now.In(w.zone)
	monday := time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, w.zone).AddDate(0, 0, -(int(here.Weekday())+6)%7)
	first := monday.AddDate(0, 0, -7*(searchWeeks-1))
	bars = make([]weekBar, searchWeeks)
	for n := range bars {
		bars[n].Week, bars[n].X, bars[n].XC = first.AddDate(0, 0, 7*n).Format("2 Jan"), n*weekWidth+3, n*weekWidth+13
	}
	for _, m := range mails {
		for n := range bars {
			from := first.AddDate(0, 0, 7*n)
			if m.At.Before(from) || !m.At.Before(from.AddDate(0, 0, 7)) {
				continue
			}
			if m.Outgoing {
				bars[n].Sent++
			} else if m.Speaks() {
				bars[n].Came++
			}
		}
	}
	for _, b := range bars {
		most = max(most, b.Sent, b.Came)
	}
	for n := range bars {
		b := &bars[n]
		b.SentH, b.CameH = barHeight*b.Sent/max(1, most), barHeight*b.Came/max(1, most)
		b.SentY, b.CamY = weekHeight-b.SentH, weekHeight-b.CameH
	}
	return bars, most
}
