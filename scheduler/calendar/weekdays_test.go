package calendar_test

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestParseWeekdays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ days, written string }{
		"MON-FRI":             {"Mon Tue Wed Thu Fri", "MON-FRI"},
		"SAT,SUN":             {"Sat Sun", "SAT,SUN"},
		"TUE-FRI":             {"Tue Wed Thu Fri", "TUE-FRI"},
		"FRI-MON":             {"Mon Fri Sat Sun", "FRI-MON"},
		"*":                   {"Mon Tue Wed Thu Fri Sat Sun", "*"},
		"MON-SUN":             {"Mon Tue Wed Thu Fri Sat Sun", "*"},
		"SUN-SAT":             {"Mon Tue Wed Thu Fri Sat Sun", "*"},
		"wed":                 {"Wed", "WED"},
		"wed-wed":             {"Wed", "WED"},
		"MON,WED-FRI":         {"Mon Wed Thu Fri", "MON,WED-FRI"},
		"Fri, Mon , MON":      {"Mon Fri", "MON,FRI"},
		"SUN-THU":             {"Mon Tue Wed Thu Sun", "SUN-THU"},
		"MON,TUE":             {"Mon Tue", "MON,TUE"},
		"SAT-MON,WED":         {"Mon Wed Sat Sun", "WED,SAT-MON"},
		"MON-WED,THU,FRI-SUN": {"Mon Tue Wed Thu Fri Sat Sun", "*"},
	} {
		set, err := calendar.ParseWeekdays(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := daysOf(set); got != want.days {
			t.Errorf("%s contains %s, want %s", text, got, want.days)
		}
		if set.String() != want.written {
			t.Errorf("%s is written as %s, want %s", text, set, want.written)
		}
	}
}

// daysOf lists what a set contains, Monday first.
func daysOf(set calendar.Weekdays) string {
	var names []string
	for i := range time.Weekday(7) {
		if day := (time.Monday + i) % 7; set.Contains(day) {
			names = append(names, day.String()[:3])
		}
	}
	return strings.Join(names, " ")
}

func TestParseWeekdaysRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "MON-", "-FRI", "MON-FRI-SUN", "MONDAY", "LUN-VEN", "1-5", "MON FRI", "MON,,TUE", "*,MON", "**", "MON..FRI", "MO",
	} {
		set, err := calendar.ParseWeekdays(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, set)
			continue
		}
		if !strings.Contains(err.Error(), "expected days such as MON-FRI") {
			t.Errorf("%q: error %q does not say what is expected", text, err)
		}
	}
}

func TestEverySetOfWeekdaysReadsBack(t *testing.T) {
	t.Parallel()
	for set := calendar.Weekdays(1); set <= calendar.EveryDay; set++ {
		again, err := calendar.ParseWeekdays(set.String())
		if err != nil || again != set {
			t.Errorf("set %07b is written as %s, which reads as %07b (%v)", set, set, again, err)
		}
	}
}

func TestTheEmptySetContainsNothing(t *testing.T) {
	t.Parallel()
	var none calendar.Weekdays
	if got := daysOf(none); got != "" || none.String() != "" {
		t.Errorf("the empty set contains %q and is written as %q", got, none)
	}
}

func FuzzParseWeekdays(f *testing.F) {
	for _, seed := range []string{"MON-FRI", "SAT,SUN", "*", "FRI-MON", "mon, tue", "-", ","} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := calendar.ParseWeekdays(text)
		if (err == nil) == (set == 0) {
			t.Errorf("%q: set %07b and error %v", text, set, err)
		}
	})
}
