package calendar_test

import (
	"testing"

	"afterword/scheduler/calendar"
)

// BenchmarkNext covers what plans ask for, and what could be slow: a match every second over a month of closed days, and
// an expression that never comes.
func BenchmarkNext(b *testing.B) {
	paris := office(b, "Europe/Paris", "FR")
	from := instant(b, "2026-12-18T18:00:00+01:00") // A Friday, when the window has just closed.
	quiet, err := calendar.ParseYearlyRange("12-19..01-17")
	if err != nil {
		b.Fatal(err)
	}
	resting := func(d calendar.Date) (string, calendar.Date) {
		if quiet.Contains(d) {
			return "quiet", calendar.Date{}
		}
		return "", calendar.Date{}
	}
	for _, bench := range []struct {
		name, expr string
		blocked    calendar.Blocked
		never      bool
	}{
		{"usual", "30 9 * * MON-FRI", nil, false},
		{"sparse", "0 9 13 10 *", nil, false},
		{"dense over a closed month", "* * * * * *", resting, false},
		{"never", "0 7 * * *", nil, true},
	} {
		cron := expression(b, bench.expr)
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := paris.Next(cron, from, bench.blocked); (err != nil) != bench.never {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkResolve(b *testing.B) {
	for _, bench := range []struct{ name, zone, wall string }{
		{"ordinary", "Europe/Paris", "2026-11-23 14:00"},
		{"gap", "Europe/Paris", "2026-03-29 02:30"},
		{"missing day", "Pacific/Apia", "2011-12-30 12:00"},
	} {
		place, shown := zone(b, bench.zone), wall(b, bench.wall)
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				calendar.Resolve(shown, place)
			}
		})
	}
}

func BenchmarkAddBusinessDays(b *testing.B) {
	paris, from := office(b, "Europe/Paris", "FR"), day(b, "2026-11-23")
	for b.Loop() {
		paris.AddBusinessDays(from, 7)
	}
}
