package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"afterword/scheduler"
)

// calendarView is one month over all applications.
type calendarView struct {
	Month      string
	Prev, Next string // pages
	PrevName   string
	NextName   string
	Weekdays   []string
	Weeks      [][]dayView
}

// dayView is one day of the month.
type dayView struct {
	Number  int
	Name    string // for who hears the page
	ISO     string
	Outside bool // of another month
	Today   bool
	Entries []dayEntry
}

// dayEntry is one thing of a day.
type dayEntry struct {
	at               time.Time
	Time, Text, Href string
	Kind             string // interview | sent | planned | decision
}

func (p *Page) calendar(r *http.Request, f *frame) (string, error) {
	w := p.words()
	month, err := time.ParseInLocation("2006-01", r.URL.Query().Get("month"), w.zone)
	if err != nil {
		here := w.now.In(w.zone)
		month = time.Date(here.Year(), here.Month(), 1, 0, 0, 0, 0, w.zone)
	}
	st, err := p.Service.Status(r.Context())
	if err != nil {
		return "", err
	}
	_, apps, err := p.Service.Files.Read()
	if err != nil {
		return "", err
	}
	f.Title, f.Section, f.Data = month.Format("January 2006"), "calendar", monthOf(w, month, entriesOf(w, st.Deliveries, apps))
	return "calendar", nil
}

// entriesOf puts what happens on the days of the user's own zone.
func entriesOf(w words, ds []scheduler.Delivery, apps []scheduler.Application) map[string][]dayEntry {
	days := map[string][]dayEntry{}
	add := func(at time.Time, e dayEntry) {
		here := at.In(w.zone)
		e.at = at
		if e.Time == "" && e.Kind != "decision" {
			e.Time = here.Format("15:04")
		}
		day := here.Format(time.DateOnly)
		days[day] = append(days[day], e)
	}
	for _, a := range apps {
		for _, i := range a.Interviews {
			if i.Status != scheduler.InterviewCancelled {
				add(i.At, dayEntry{Kind: "interview", Text: cmp.Or(a.Company, a.Stem) + ": " + i.ID, Href: applicationHref(a.Stem)})
			}
		}
		if !a.DecisionBy.IsZero() {
			d := a.DecisionBy
			add(time.Date(d.Year, d.Month, d.Day, 23, 59, 0, 0, w.zone), dayEntry{Kind: "decision", Text: cmp.Or(a.Company, a.Stem) + " decides by today", Href: applicationHref(a.Stem)})
		}
	}
	for _, d := range ds {
		text := kindName(d) + " to " + personName(d)
		switch {
		case !d.SentAt.IsZero():
			add(d.SentAt, dayEntry{Kind: "sent", Text: text, Href: mailHref(d.Key)})
		case (d.State.Open() || d.State.InFlight()) && !when(d).IsZero():
			add(when(d), dayEntry{Kind: "planned", Text: text, Href: mailHref(d.Key)})
		}
	}
	for _, all := range days {
		slices.SortStableFunc(all, func(a, b dayEntry) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.Text, b.Text)) })
	}
	return days
}

// monthOf lays out whole weeks from Monday on.
func monthOf(w words, month time.Time, days map[string][]dayEntry) calendarView {
	v := calendarView{Month: month.Format("January 2006"), Prev: "/calendar?month=" + month.AddDate(0, -1, 0).Format("2006-01"), Next: "/calendar?month=" + month.AddDate(0, 1, 0).Format("2006-01"),
		PrevName: month.AddDate(0, -1, 0).Format("January"), NextName: month.AddDate(0, 1, 0).Format("January"),
		Weekdays: []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}}
	day := month.AddDate(0, 0, -(int(month.Weekday())+6)%7)
	today := w.now.In(w.zone).Format(time.DateOnly)
	for day.Before(month.AddDate(0, 1, 0)) {
		var week []dayView
		for range 7 {
			iso := day.Format(time.DateOnly)
			week = append(week, dayView{Number: day.Day(), Name: day.Format("Monday 2 January"), ISO: iso, Outside: day.Month() != month.Month(), Today: iso == today, Entries: days[iso]})
			day = day.AddDate(0, 0, 1)
		}
		v.Weeks = append(v.Weeks, week)
	}
	return v
}
