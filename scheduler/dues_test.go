package scheduler

import (
	"os"
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// TestDuesByAnotherArithmetic compares dues with those of testdata/dues.tsv,
// which were computed by another program, day by day: sixteen zones on both
// sides of the date line and beside the hour, both changes of the clocks,
// Christmas, Easter, leap days, windows that end at midnight, and cron lines of
// which a day of the month and of the week both count.
func TestDuesByAnotherArithmetic(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/dues.tsv")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for row := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(row), "\t"); len(f) == 9 && !strings.HasPrefix(row, "#") {
			compared++
			checkDue(t, f)
		}
	}
	if compared < 280 {
		t.Errorf("compared %d dues, want 280", compared)
	}
}

// TestAsksByAnotherArithmetic does the same for mail that asks: business days,
// the date they promised, quiet times and days away.
func TestAsksByAnotherArithmetic(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/asks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for row := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(row), "\t"); len(f) == 12 && !strings.HasPrefix(row, "#") {
			compared++
			checkAsk(t, f)
		}
	}
	if compared < 15 {
		t.Errorf("compared %d dues, want 15", compared)
	}
}

// checkAsk takes the fields of one row.
func checkAsk(t *testing.T, row []string) {
	t.Helper()
	f := dueFacts(t, row, Step{Name: "follow-up-1", Template: "follow-up", To: ToContact, Kind: Asking})
	f = with(f, func(f *Facts) {
		if row[8] != "-" {
			f.Application.DecisionBy = date(row[8])
		}
		if row[9] != "-" {
			quiet, err := calendar.ParseYearlyRange(row[9])
			if err != nil {
				t.Fatal(err)
			}
			f.Policy.Quiet = []calendar.YearlyRange{quiet}
		}
		if row[10] != "-" {
			away, err := calendar.ParseDateRange(row[10])
			if err != nil {
				t.Fatal(err)
			}
			f.Policy.Me.Away = []calendar.DateRange{away}
		}
	})
	want, err := time.Parse(time.RFC3339, row[11])
	if err != nil {
		t.Fatal(err)
	}
	if d := planned(t, f, in(row[1], row[0]), "follow-up-1"); !d.Due.Equal(want) || d.State != Planned {
		t.Errorf("%q: %s %s, want %s\n%s", row, d.State, d.Due.Format(time.RFC3339), row[11], d.Reason)
	}
}

// dueFacts are the facts of a row whose one step has the times of the row.
func dueFacts(t *testing.T, row []string, step Step) Facts {
	t.Helper()
	lasts, err := time.ParseDuration(row[2])
	if err != nil {
		t.Fatal(err)
	}
	hours := strings.Fields(row[4])
	step.After, step.Cron = span(row[6]), cron(row[7])
	return with(acme(onsite(person("Ken"))), func(f *Facts) {
		i := &f.Application.Interviews[0]
		i.At, i.Zone, i.Duration = in(row[1], row[0]), zone(row[1]), lasts
		f.Application.Zone = zone(row[3])
		f.Policy.Window, f.Policy.Holidays = hoursOf(hours[0], hours[1], hours[2]), strings.Trim(row[5], "-")
		f.Policy.Sequences["default"] = []Step{step}
	})
}

// checkDue takes the fields of one row.
func checkDue(t *testing.T, row []string) {
	t.Helper()
	f := dueFacts(t, row, Step{Name: "thank-you", Template: "thank-you", To: ToInterviewers, Kind: Owed})
	want, err := time.Parse(time.RFC3339, row[8])
	if err != nil {
		t.Fatal(err)
	}
	if d := planned(t, f, paris("2026-01-02 10:00"), "thank-you"); !d.Due.Equal(want) || d.State != Planned {
		t.Errorf("%q: %s %s, want %s\n%s", row, d.State, d.Due.Format(time.RFC3339), row[8], d.Reason)
	}
}
