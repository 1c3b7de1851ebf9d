package sim

import (
	"slices"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// TestEaster by what calendars print.
func TestEaster(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "1981-04-19", "2049-04-18", "1954-04-18"} {
		day, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easterSunday(day.Year()).Format(time.DateOnly); got != want {
			t.Errorf("Easter is on %s, want %s", got, want)
		}
	}
}

// TestHolidays: two tables that know nothing of each other name the same working
// days, in the years of the plans.
func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, country := range countries() {
		theirs, err := calendar.ForCountry(country)
		if err != nil {
			t.Fatal(err)
		}
		for day := time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
			name, want := theirs.Name(calendar.DateOf(day))
			if got := isHoliday(country, day); !isWeekend(day) && got != want {
				t.Errorf("%s, %s: a holiday: %v; the program says %v (%s)", country, day.Format("Mon 2006-01-02"), got, want, name)
			}
		}
	}
}

// TestPlansMeetHolidays: many plans have one in their first weeks, and of all
// kinds: not only those of a fixed date.
func TestPlansMeetHolidays(t *testing.T) {
	t.Parallel()
	met := map[string]bool{}
	for seed := range uint64(300) {
		p := Make(seed)
		for day := range 12 {
			if at := p.Start.AddDate(0, 0, day); isHoliday(p.setting("holidays"), at) && !isWeekend(at) {
				met[p.setting("holidays")+at.Format(" 01-02")] = true
			}
		}
	}
	if len(met) < 20 || !slices.ContainsFunc([]string{"US 11-26", "US 11-25", "FR 04-06", "DE 03-29"}, func(day string) bool { return met[day] }) {
		t.Errorf("300 plans meet only %v", met)
	}
}
