package config

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"afterword/scheduler/calendar"
)

// TestWhatIsProposedIsTaken: whatever stands in a file, the line that a hint tells to
// write is one that the same setting takes.
func TestWhatIsProposedIsTaken(t *testing.T) {
	t.Parallel()
	taken := map[string]struct {
		hint func(string) string
		take func(string) error
	}{
		"span":     {spanHint, errOf(calendar.ParseSpan)},
		"duration": {durationHint(time.Minute, 24*time.Hour), errOf(calendar.ParseSpan)},
		"clock":    {clockHint, errOf(calendar.ParseTimeOfDay)},
		"days":     {daysHint, errOf(calendar.ParseWeekdays)},
		"day":      {dayHint, errOf(calendar.ParseDate)},
		"meeting":  {meetingHint, errOf(parseMeeting)},
		"away":     {awayHint, errOf(calendar.ParseDateRange)},
		"quiet":    {quietHint, errOf(calendar.ParseYearlyRange)},
		"domain":   {domainHint, errOf(companyDomain)},
		"address":  {addressHint, errOf(parseEmail)},
	}
	rapid.Check(t, func(t *rapid.T) {
		text := slip(t)
		for setting, c := range taken {
			hint := c.hint(text)
			_, proposed, ok := strings.Cut(hint, "write ")
			if !ok || strings.HasPrefix(proposed, "such as ") || strings.Contains(hint, "has no unit") {
				continue
			}
			if quoted := strings.Split(proposed, `"`); len(quoted) > 2 {
				proposed = quoted[1]
			}
			if err := c.take(proposed); err != nil {
				t.Fatalf("%s: %q is told to be written %q, which is refused: %v", setting, text, proposed, err)
			}
		}
	})
}

// slip is a text as somebody may write it who does not know the form: pieces of dates,
// times, spans, ranges and addresses, and what stands between them.
func slip(t *rapid.T) string {
	one := func(label string, words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
	number := func() string { return one("number", "0", "1", "4", "08", "9", "12", "23", "24", "30", "31", "45") }
	day := func() string {
		sep := one("separator", "-", ".", "/", " ")
		return one("day", number()+sep+number()+sep+"2026", "2026"+sep+number()+sep+number(), number()+" "+one("month", "Dec", "November", "feb")+" 2026", number()+sep+number())
	}
	clock := func() string {
		return number() + one("minutes", "", ":00", ":30", ".15", "h", "h45") + one("half", "", "am", " pm", " p.m.")
	}
	shapes := map[string]func() string{
		"day": day, "clock": clock, "both": func() string { return day() + one("between", " ", ", ", "T", " at ") + clock() },
		"span": func() string {
			return number() + one("tenths", "", ".5", ",1") + one("unit", "", "m", " min", " hours", "bd", " business days", "D", " weeks", " moons")
		},
		"range": func() string { return day() + one("to", "..", " - ", " to ", "–", "-") + day() },
		"days": func() string {
			return one("first", "Mon", "friday", "1", "7", "SUN", "xx") + one("to", "-", " to ", ",", " and ", "+") + one("last", "Thu", "sundays", "5", "MON")
		},
		"address": func() string {
			return one("scheme", "", "mailto:", "https://", "www.", "@", "ken@", "ken (at) ") + one("host", "acme.example", "acme", "co.uk", "acme.example, mo@acme.example") + one("end", "", ".", "/jobs", " ")
		},
	}
	return shapes[one("shape", "day", "clock", "both", "span", "range", "days", "address")]() + one("after", "", " ", "x")
}

func errOf[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}
