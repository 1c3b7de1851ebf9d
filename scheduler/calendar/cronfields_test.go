package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"pgregory.net/rapid"
)

// TestSearchLikeTheLibrary: the search with bits finds what the library's own finds, for any expression and from any
// second on.
func TestSearchLikeTheLibrary(t *testing.T) {
	t.Parallel()
	parser := cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join([]string{
			rapid.SampledFrom([]string{"", "0", "*", "30,45", "*/7"}).Draw(t, "second"),
			rapid.SampledFrom([]string{"*", "?", "0", "59", "7,37", "*/20", "5-55/10"}).Draw(t, "minute"),
			rapid.SampledFrom([]string{"*", "0", "9", "23", "8-18", "*/3", "0,23"}).Draw(t, "hour"),
			rapid.SampledFrom([]string{"*", "?", "1", "13", "29", "31", "1,15", "28-31", "*/10"}).Draw(t, "day of month"),
			rapid.SampledFrom([]string{"*", "?", "2", "FEB,APR", "JAN-JUN", "11", "*/5"}).Draw(t, "month"),
			rapid.SampledFrom([]string{"*", "?", "MON-FRI", "TUE-FRI", "SAT,SUN", "5", "*/2"}).Draw(t, "day of week"),
		}, " ")
		want, err := parser.Parse(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseCron(text)
		if err != nil {
			t.Skip("it matches no date")
		}
		from := time.Unix(rapid.Int64Range(-2_000_000_000, 4_000_000_000).Draw(t, "from"), 0).UTC()
		for range 3 {
			next := want.Next(from)
			if mine := got.Next(from); !mine.Equal(next) {
				t.Fatalf("%q after %s: found %s, the library finds %s", text, from, mine, next)
			}
			found++
			if next.IsZero() {
				return
			}
			from = next.Add(-time.Duration(rapid.IntRange(0, 1).Draw(t, "again")) * time.Second)
		}
	})
	if found == 0 {
		t.Error("no match was looked for")
	}
}
