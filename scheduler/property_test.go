package scheduler

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"afterword/scheduler/calendar"
)

// somewhere draws a place with its odd sides: half-hour clocks, midnight gaps,
// a weekend on Friday and Saturday.
func somewhere(t *rapid.T) (string, string, calendar.Window) {
	at := rapid.SampledFrom([]string{"Europe/Paris", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Gaza", "Africa/Casablanca",
		"Pacific/Kiritimati", "Antarctica/Troll", "Asia/Kathmandu", "UTC"}).Draw(t, "zone")
	country := rapid.SampledFrom([]string{"", "FR", "US", "DE-BY", "GB"}).Draw(t, "country")
	window := rapid.SampledFrom([]calendar.Window{hoursOf("MON-FRI", "08:00", "18:00"), hoursOf("SUN-THU", "07:30", "20:00"), hoursOf("*", "00:00", "24:00"),
		hoursOf("TUE,THU", "09:00", "11:00")}).Draw(t, "window")
	return at, country, window
}

// sometime draws a moment within two years, on the minute.
func sometime(t *rapid.T, label string) time.Time {
	return time.Unix(0, 0).UTC().AddDate(56, 0, 0).Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(t, label)) * time.Minute)
}

// anything draws the facts of an application that nobody answered yet.
func anything(t *rapid.T) Facts {
	at, country, window := somewhere(t)
	pol := policy()
	pol.Window, pol.Holidays = window, country
	pol.Spread = time.Duration(rapid.IntRange(0, 300).Draw(t, "spread")) * time.Minute
	if rapid.Bool().Draw(t, "quiet") {
		pol.Quiet = []calendar.YearlyRange{yearly("12-23..01-02"), yearly("08-01")}
	}
	for n, c := range []string{"thanks", "first", "second"} {
		pol.Sequences["default"][n].Cron = cron(rapid.SampledFrom([]string{"30 9 * * *", "0,15,40 9-10 * * *", "*/7 10 * * SUN-FRI", "15 45 9 * * *", "0 10 1-28 * *"}).Draw(t, c))
	}
	a := Application{Stem: "acme", Company: "Acme", Status: StatusActive, Sequence: "default", Zone: zone(at)}
	begins := sometime(t, "interview")
	for n := range rapid.IntRange(1, 3).Draw(t, "rounds") {
		i := Interview{ID: fmt.Sprintf("r%d", n), At: begins.Add(time.Duration(rapid.IntRange(0, 9*24).Draw(t, "apart")) * time.Hour), Zone: zone("Europe/Paris"),
			Duration: time.Hour, Status: InterviewHeld}
		for k := range rapid.IntRange(1, 8).Draw(t, "panel") {
			i.Interviewers = append(i.Interviewers, Person{Name: fmt.Sprintf("P%d", k), Email: fmt.Sprintf("p%d@acme.example", k)})
		}
		a.Interviews = append(a.Interviews, i)
	}
	if rapid.Bool().Draw(t, "promise") {
		a.DecisionBy = calendar.DateOf(begins).AddDays(rapid.IntRange(0, 40).Draw(t, "decision"))
	}
	return Facts{Policy: pol, Application: a, All: map[string]Application{"acme": a}}
}

// TestPlanKeepsItsPromises over random facts.
func TestPlanKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anything(t)
		now := f.Application.Interviews[0].At.Add(time.Duration(rapid.IntRange(-48, 24*30).Draw(t, "now")) * time.Hour)
		minutes := map[string]string{}
		for _, d := range Plan(&f, now) {
			if d.State != Planned {
				if d.Why == "" {
					t.Fatalf("%s is %s without a reason", d.Key, d.State)
				}
				continue
			}
			at := d.When()
			checkPlace(t, f, d, at)
			minute := d.Interview + at.Truncate(time.Minute).String()
			if other, taken := minutes[minute]; taken && d.Kind == Owed {
				t.Fatalf("%s and %s leave in the minute %s", other, d.Key, at)
			}
			minutes[minute] = d.Key
		}
		g := f
		g.Stored = apply(t, f.Stored, Reconcile(&f, Plan(&f, now)))
		for _, c := range Reconcile(&g, Plan(&g, now)) {
			t.Fatalf("reconciling twice changes %s: %+v", c.Delivery.Key, c.Event)
		}
	})
}

// checkPlace says whether a mail may leave at that moment at all.
func checkPlace(t *rapid.T, f Facts, d Delivery, at time.Time) {
	place := placeOf(&f, &d, at)
	by := f.Application.DecisionBy
	i, _ := f.Application.Interview(d.Interview)
	today := d.Kind == Owed && !by.IsZero() && (by == dateIn(i.At, place.Zone) || by == dateIn(i.At, i.Zone))
	if !place.InWindow(at) && !(today && lateWindow(&f.Policy, place).InWindow(at)) {
		t.Fatalf("%s leaves at %s, outside %s or on a holiday: %s", d.Key, at.In(place.Zone), place.Window, d.Reason)
	}
	if at.Before(i.End()) {
		t.Fatalf("%s leaves at %s, before the interview's end", d.Key, at)
	}
	if d.Kind != Asking {
		return
	}
	if !by.IsZero() && at.Before(place.StartOfDay(place.AddBusinessDays(by, 2))) {
		t.Fatalf("%s leaves at %s although they decide by %s", d.Key, at, by)
	}
	if why, _ := f.Policy.resting(dateIn(at, place.Zone)); why != "" {
		t.Fatalf("%s leaves at %s although %s", d.Key, at, why)
	}
}

// apply puts changes into a list of stored deliveries.
func apply(t *rapid.T, stored []Delivery, changes []Change) []Delivery {
	stored = slices.Clone(stored)
	for _, c := range changes {
		n := slices.IndexFunc(stored, func(d Delivery) bool { return d.Key == c.Delivery.Key })
		if n < 0 {
			stored = append(stored, c.Delivery)
			continue
		}
		if !Legal(stored[n].State, c.Delivery.State) {
			t.Fatalf("%s moves from %s to %s", c.Delivery.Key, stored[n].State, c.Delivery.State)
		}
		stored[n] = c.Delivery
	}
	return stored
}

// TestPlanIsMonotoneInNow: as time goes by nothing becomes due earlier. What a
// step expects that waits for another one is a forecast and may change.
func TestPlanIsMonotoneInNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anything(t)
		now := f.Application.Interviews[0].At
		dues := map[string]time.Time{}
		for range 8 {
			now = now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "hours")) * time.Hour)
			wanted := Plan(&f, now)
			for _, d := range wanted {
				if d.State != Planned || d.Due.IsZero() {
					continue
				}
				if d.Due.Before(dues[d.Key]) {
					t.Fatalf("at %s %s is due %s, and before it was %s", now, d.Key, d.Due, dues[d.Key])
				}
				dues[d.Key] = d.Due
			}
			f.Stored = apply(t, f.Stored, Reconcile(&f, wanted))
		}
	})
}
