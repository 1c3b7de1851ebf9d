package calendar_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// This file compares Resolve and Next with a walk that does neither arithmetic on wall times nor cron: it looks at the
// clock of the place every minute and remembers the latest wall time seen. Wall times that a minute reveals for the
// first time happen at that minute, several at once after a gap, none in the second pass of a repeated hour.

// minuteWalk is a clock on the wall and the latest time that it ever showed, both as if in UTC.
type minuteWalk struct {
	at     time.Time
	latest time.Time
}

// startWalk begins at an instant before which the clock showed nothing later; the caller keeps clear of transitions.
func startWalk(at time.Time) *minuteWalk {
	return &minuteWalk{at: at, latest: asUTC(at).Add(-time.Minute)}
}

// asUTC reads the clock at t and pretends that it shows UTC.
func asUTC(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// step returns the wall minutes that happen at the walk's instant, and goes on by a minute.
func (w *minuteWalk) step() (at time.Time, revealed []time.Time) {
	at = w.at
	for shown := asUTC(at); w.latest.Before(shown); {
		w.latest = w.latest.Add(time.Minute)
		revealed = append(revealed, w.latest)
	}
	w.at = at.Add(time.Minute)
	return at, revealed
}

// transitions finds the instants at which the offset changes, by looking every five days and then halving. The shortest
// stretch between two changes is Morocco's Ramadan.
func transitions(place *time.Location, from, to time.Time) []time.Time {
	offsetAt := func(second int64) int { _, offset := time.Unix(second, 0).In(place).Zone(); return offset }
	const stride = 5 * 24 * 60 * 60
	var found []time.Time
	for low := from.Unix(); low < to.Unix(); low += stride {
		high := low + stride
		if offsetAt(low) == offsetAt(high) {
			continue
		}
		before, after := low, high
		for after-before > 1 {
			if middle := (before + after) / 2; offsetAt(middle) == offsetAt(before) {
				before = middle
			} else {
				after = middle
			}
		}
		found = append(found, time.Unix(after, 0).In(place))
	}
	return found
}

// zoneNames lists the tz database: every zone and link of the release that Go 1.26 ships.
func zoneNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(text))
	if len(names) < 500 {
		t.Fatalf("testdata/zones.txt has %d names, want the whole database", len(names))
	}
	return names
}

func TestResolveAgreesWithTheClockAtEveryChangeInEveryZone(t *testing.T) {
	t.Parallel()
	from, to := instant(t, "2020-01-01T12:00:00Z"), instant(t, "2041-01-01T12:00:00Z")
	if testing.Short() {
		to = instant(t, "2023-01-01T12:00:00Z")
	}
	checked := map[string]bool{}
	for _, name := range zoneNames(t) {
		place := zone(t, name)
		for _, change := range transitions(place, from, to) {
			// Zones share most of their changes. Around one, Resolve can see the two offsets and the instant only.
			key := change.Add(-time.Second).Format(time.RFC3339) + change.Format(time.RFC3339)
			if !checked[key] {
				checked[key] = true
				checkResolveAround(t, place, change)
			}
		}
	}
	if len(checked) < 100 {
		t.Errorf("only %d different changes of the clocks were found", len(checked))
	}
}

// Three days that never were, and the midnight gaps and repetitions of the past.
func TestResolveAgreesWithTheClockAtOldChanges(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Pacific/Apia", "Pacific/Kiritimati", "Pacific/Kwajalein", "Pacific/Fakaofo", "America/Sao_Paulo", "America/St_Johns",
		"Asia/Gaza", "Africa/Cairo", "Asia/Pyongyang", "America/Caracas", "Antarctica/Casey", "Europe/Istanbul",
	} {
		place := zone(t, name)
		changes := transitions(place, instant(t, "1985-01-01T12:00:00Z"), instant(t, "2020-01-01T12:00:00Z"))
		if len(changes) == 0 {
			t.Errorf("%s: no change of the clocks was found", name)
		}
		for _, change := range changes {
			checkResolveAround(t, place, change)
		}
	}
}

// Past the years that the tz database lists, package time applies a rule, and errs on the last day of leap years. No zone
// changes its clocks around New Year, so what a clock shows at the resolved instant must be what was asked for.
func TestResolveIsRightAroundEveryNewYear(t *testing.T) {
	t.Parallel()
	for _, name := range zoneNames(t) {
		place := zone(t, name)
		for _, year := range []int{2021, 2024, 2025, 2029, 2033, 2037, 2038, 2041, 2045, 2097, 2101} {
			for hour := -48; hour <= 24; hour += 12 {
				asked := calendar.WallOf(time.Date(year, time.January, 1, hour, 30, 0, 0, time.UTC))
				if shown := calendar.WallOf(calendar.Resolve(asked, place)); shown != asked {
					t.Fatalf("%s: %s resolves to an instant at which the clock shows %s", name, asked, shown)
				}
			}
		}
	}
}

// checkResolveAround walks from four hours before a change to four hours after it.
func checkResolveAround(t *testing.T, place *time.Location, change time.Time) {
	t.Helper()
	walk := startWalk(change.Truncate(time.Minute).Add(-4 * time.Hour).In(place))
	for range 8 * 60 {
		at, revealed := walk.step()
		for _, shown := range revealed {
			if got := calendar.Resolve(calendar.WallOf(shown), place); !got.Equal(at) {
				t.Errorf("%s: wall time %s resolves to %s, but the clock shows or passes it at %s",
					place, calendar.WallOf(shown), got, at)
				return
			}
		}
	}
}

// scenario is one expression and one window, the expression also as plain Go.
type scenario struct {
	expr    string
	matches func(shown time.Time) bool
	window  calendar.Window
}

func scenarios(t *testing.T) []scenario {
	always := func(time.Time) bool { return true }
	clock := func(hour, minute int) func(time.Time) bool {
		return func(shown time.Time) bool { return shown.Hour() == hour && shown.Minute() == minute }
	}
	weekday := func(shown time.Time) bool { return shown.Weekday() != time.Saturday && shown.Weekday() != time.Sunday }
	usual, all, night := window(t, "MON-FRI", "08:00", "18:00"), calendar.AllHours(), window(t, "*", "00:15", "02:45")
	return []scenario{
		{"30 9 * * MON-FRI", func(s time.Time) bool { return clock(9, 30)(s) && weekday(s) }, usual},
		{"* * * * *", always, night},
		{"* * * * *", always, usual},
		{"15 2 * * *", clock(2, 15), all},
		{"15 2 * * *", clock(2, 15), night},
		{"0 0 * * *", clock(0, 0), all},
		{"45 23 * * *", clock(23, 45), all},
		{"*/20 * * * *", func(s time.Time) bool { return s.Minute()%20 == 0 }, window(t, "SAT-MON", "00:00", "24:00")},
		{"7,37 0-3 * * *", func(s time.Time) bool { return s.Minute()%30 == 7 && s.Hour() <= 3 }, all},
		{"@hourly", func(s time.Time) bool { return s.Minute() == 0 }, window(t, "SUN", "01:30", "03:00")},
		{"@every 25m", func(s time.Time) bool { return (s.Hour()*60+s.Minute())%25 == 0 }, night},
		{"0 12 13 * FRI", func(s time.Time) bool {
			return clock(12, 0)(s) && (s.Day() == 13 || s.Weekday() == time.Friday)
		}, usual},
	}
}

// allows judges a window by the clock alone. It holds for instants at which a wall time happens for the first time.
func (s scenario) allows(at time.Time) bool {
	minute := calendar.TimeOfDay(at.Hour()*60 + at.Minute())
	return s.window.Days.Contains(at.Weekday()) && minute >= s.window.From && minute < s.window.To
}

func walkedZones() []string {
	return []string{
		"America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Gaza", "Antarctica/Troll",
		"Africa/Casablanca", "Pacific/Kiritimati", "Pacific/Apia", "America/Nuuk", "America/Havana", "UTC",
	}
}

func TestNextAgreesWithTheClock(t *testing.T) {
	t.Parallel()
	for _, name := range walkedZones() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := zone(t, name)
			changes := transitions(place, instant(t, "2020-01-01T12:00:00Z"), instant(t, "2041-01-01T12:00:00Z"))
			changes = append(changes, oldChanges(t, name, place)...)
			for range 12 { // Ordinary weeks beside the changes. The seed is fixed: a failure must come again.
				changes = append(changes, ordinaryDay(place, len(changes)))
			}
			all := scenarios(t)
			for i, change := range changes {
				if testing.Short() && i%5 != 0 {
					continue
				}
				checkNextAround(t, place, change, all[i%len(all)])
				checkNextAround(t, place, change, all[(i*5+3)%len(all)])
			}
		})
	}
}

// oldChanges adds what happened before 2020: the missing days, and Brazil's last summer times.
func oldChanges(t *testing.T, name string, place *time.Location) []time.Time {
	years := map[string][2]string{
		"Pacific/Apia":       {"2011-01-01T12:00:00Z", "2013-01-01T12:00:00Z"},
		"Pacific/Kiritimati": {"1994-06-01T12:00:00Z", "1995-06-01T12:00:00Z"},
		"America/Sao_Paulo":  {"2008-01-01T12:00:00Z", "2020-01-01T12:00:00Z"},
	}[name]
	if years[0] == "" {
		return nil
	}
	found := transitions(place, instant(t, years[0]), instant(t, years[1]))
	if len(found) == 0 {
		t.Fatalf("%s: no old change of the clocks was found", name)
	}
	return found
}

// ordinaryDay picks a day of the years 2020 to 2040 for each seed.
func ordinaryDay(place *time.Location, seed int) time.Time {
	random := rand.New(rand.NewPCG(uint64(seed), 42))
	return time.Unix(1577880000+random.Int64N(7600)*24*60*60, 0).In(place)
}

// checkNextAround walks from a day before a change to five days after it and asks Next from many instants between.
func checkNextAround(t *testing.T, zone *time.Location, change time.Time, s scenario) {
	t.Helper()
	begin := change.Truncate(time.Minute).Add(-24 * time.Hour).In(zone)
	end := begin.Add(6 * 24 * time.Hour)
	fires := firesBetween(begin, end, s)
	place := calendar.Place{Zone: zone, Window: s.window}
	cron := expression(t, s.expr)
	for from := begin; from.Before(end); from = from.Add(stepNear(from, change)) {
		for len(fires) > 0 && fires[0].Before(from) {
			fires = fires[1:]
		}
		slot, err := place.Next(cron, from, nil)
		if len(fires) == 0 {
			if err == nil && slot.At.Before(end) {
				t.Errorf("%s %q %s from %s: got %s, but nothing happens before %s", zone, s.expr, s.window, from, slot.At, end)
				return
			}
			continue
		}
		if err != nil || !slot.At.Equal(fires[0]) {
			t.Errorf("%s %q %s from %s: got %s (%v), want %s", zone, s.expr, s.window, from, slot.At, err, fires[0])
			return
		}
	}
}

// stepNear asks often around the change and seldom elsewhere, at instants that are no whole minutes.
func stepNear(from, change time.Time) time.Duration {
	if distance := from.Sub(change).Abs(); distance < 4*time.Hour {
		return 3*time.Minute + 30*time.Second
	}
	return 4*time.Hour + 17*time.Minute
}

// firesBetween lists the instants at which the scenario has something to send.
func firesBetween(begin, end time.Time, s scenario) []time.Time {
	var fires []time.Time
	// The walk starts early: at its first minute it cannot know whether the wall time is a repetition.
	for walk := startWalk(begin.Add(-6 * time.Hour)); walk.at.Before(end); {
		at, revealed := walk.step()
		matched := false
		for _, shown := range revealed {
			matched = matched || s.matches(shown)
		}
		if matched && s.allows(at) && !at.Before(begin) {
			fires = append(fires, at)
		}
	}
	return fires
}
