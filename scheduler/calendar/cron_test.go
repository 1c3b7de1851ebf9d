package calendar_test

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestCronMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		expr    string
		in, out []string
	}{
		{"30 9 * * MON-FRI",
			[]string{"2026-11-23 09:30", "2026-11-27 09:30"},
			[]string{"2026-11-23 09:31", "2026-11-28 09:30", "2026-11-23 09:30:01", "2026-11-23 21:30"}},
		{"0 10 * * TUE-FRI", []string{"2026-11-24 10:00"}, []string{"2026-11-23 10:00"}},
		{"*/15 8-10 * * *", []string{"2026-11-23 08:45", "2026-11-22 10:15"}, []string{"2026-11-23 11:00", "2026-11-23 08:10"}},
		{"15 30 9 * * *", []string{"2026-11-23 09:30:15"}, []string{"2026-11-23 09:30"}},
		{"0 9 29 2 *", []string{"2024-02-29 09:00"}, []string{"2026-03-01 09:00"}},
		{"0 9 1,15 jan-jun *", []string{"2026-06-15 09:00"}, []string{"2026-07-01 09:00"}},
		{"0 9 ? * 0", []string{"2026-11-22 09:00"}, []string{"2026-11-23 09:00"}},
		{"@daily", []string{"2026-11-23 00:00"}, []string{"2026-11-23 01:00"}},
		{"@midnight", []string{"2026-11-23 00:00"}, []string{"2026-11-23 12:00"}},
		{"@hourly", []string{"2026-11-23 05:00"}, []string{"2026-11-23 05:01"}},
		{"@weekly", []string{"2026-11-22 00:00"}, []string{"2026-11-23 00:00"}},
		{"@monthly", []string{"2026-11-01 00:00"}, []string{"2026-11-02 00:00"}},
		{"@Yearly", []string{"2026-01-01 00:00"}, []string{"2026-02-01 00:00"}},
		{"@annually", []string{"2026-01-01 00:00"}, []string{"2026-02-01 00:00"}},
		{"@every 2h", []string{"2026-11-23 00:00", "2026-11-23 14:00"}, []string{"2026-11-23 13:00", "2026-11-23 14:01"}},
		{"@every 90m", []string{"2026-11-23 00:00", "2026-11-23 01:30", "2026-11-23 22:30"}, []string{"2026-11-23 23:00"}},
		{"@every 7h", []string{"2026-11-23 21:00", "2026-11-24 00:00", "2026-11-24 07:00"}, []string{"2026-11-24 04:00"}},
		{"@every 24h", []string{"2026-11-23 00:00"}, []string{"2026-11-23 12:00"}},
		{"  0 9 * * *  ", []string{"2026-11-23 09:00"}, nil},
	} {
		c := expression(t, test.expr)
		for _, text := range test.in {
			if !c.Matches(wall(t, text)) {
				t.Errorf("%s does not match %s", test.expr, text)
			}
		}
		for _, text := range test.out {
			if c.Matches(wall(t, text)) {
				t.Errorf("%s matches %s", test.expr, text)
			}
		}
		if c.String() != test.expr {
			t.Errorf("%q is written as %q", test.expr, c)
		}
	}
}

func TestADayOfMonthWithADayOfWeekMeansEither(t *testing.T) {
	t.Parallel()
	c := expression(t, "0 9 13 * FRI")
	for text, want := range map[string]bool{
		"2026-11-13 09:00": true, // Friday the 13th.
		"2026-11-20 09:00": true, // A Friday.
		"2026-12-13 09:00": true, // A 13th.
		"2026-12-14 09:00": false,
	} {
		if got := c.Matches(wall(t, text)); got != want {
			t.Errorf("%s: got %t, want %t", text, got, want)
		}
	}
}

// What crontab(5) or other programs know and this one does not is told with what to write.
func TestParseCronSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for expr, cause := range map[string]string{
		"0 9 * * 7":            "it is 0 or SUN for Sunday, not 7",
		"0 0 9 * * MON,7":      "it is 0 or SUN for Sunday, not 7",
		"0 9 * * 6-7":          "write SAT,SUN",
		"0 9 * * 1-7":          "write *",
		"0 9 L * *":            `(L, W, #) are not known here`,
		"0 9 15W * *":          `(L, W, #) are not known here`,
		"0 9 * * FRI#2":        `(L, W, #) are not known here`,
		"0 9 * * 5l":           `(L, W, #) are not known here`,
		"0 9 * * FRI-MON":      "goes over the end of the week, which begins on SUN; write FRI,SAT,SUN,MON",
		"0 9 * * sat-sun":      "write SAT,SUN",
		"0 9 * * 7-2":          "write SUN,MON,TUE",
		"0 9 * * 0-7":          "write *",
		"0 9 * * SUN-7":        "write *",
		"0 9 * * 7-7":          "write SUN",
		"0 9 * * 1-7/2":        "write MON,WED,FRI,SUN",
		"0 9 * * FRI-MON/3":    "write FRI,MON",
		"H 9 * * *":            "not known there; write numbers",
		"0 9 * * Monday":       `"Monday" is written MON here`,
		"0 9 * * mondays":      `"mondays" is written MON here`,
		"0 9 * * TUES-THURS":   `"TUES" is written TUE here`,
		"0 9 * Sept *":         `"Sept" is written SEP here`,
		"0 9 * january-june *": `"january" is written JAN here`,
		"0 9 * MON *":          "not known there; write numbers",
		"0 9 * * MONTH":        "not known there; write numbers",
		"@weekdays":            "there are @hourly, @daily",
		"9 30 * * MON-FRI":     `write "30 9 * * MON-FRI"`,
		"0 9 30 * * MON-FRI":   `write "0 30 9 * * MON-FRI"`,
		"09:30":                `write "30 9 * * *"`,
		"9:05 mon-fri":         `write "5 9 * * MON-FRI"`,
		"9 77 * * *":           "there is no hour 77; it goes from 0 to 23",
		"0 17-9 * * *":         `write 17-23,0-9`,
		"0 17-9/2 * * *":       "from the smaller number to the greater",
		"70 9 * * *":           "there is no minute 70",
		"@reboot":              "there are @hourly, @daily",
	} {
		if _, err := calendar.ParseCron(expr); err == nil || !strings.Contains(err.Error(), cause) {
			t.Errorf("%q: %v, want it to say %q", expr, err, cause)
		}
	}
}

func TestParseCronRefuses(t *testing.T) {
	t.Parallel()
	for expr, cause := range map[string]string{
		"":                                  "it is empty",
		"   ":                               "it is empty",
		"* * * *":                           "there are five fields, and it has 4: minute",
		"* * * * * * *":                     "there are five fields, and it has 7: minute",
		"0 9,25 * * *":                      "there is no hour 25",
		"-1 9 * * *":                        `"-1" lacks a number`,
		"0 9-,12 * * *":                     `"9-" lacks a number`,
		"9 30 * * MON":                      `write "30 9 * * MON"`,
		"TZ=":                               "the zone is the recipient's",
		"TZ=UTC":                            "the zone is the recipient's",
		"CRON_TZ=UTC":                       "the zone is the recipient's",
		"CRON_TZ=UTC 0 9 * * *":             "the zone is the recipient's",
		"TZ=Europe/Paris 0 9 * * *":         "the zone is the recipient's",
		" tz=UTC 0 9 * * *":                 "the zone is the recipient's",
		"Cron_Tz=UTC 0 9 * * *":             "the zone is the recipient's",
		"0 9 * * *\n":                       "is not allowed",
		"0 9\n* * *":                        "is not allowed",
		"0\t9 * * *":                        "is not allowed",
		"0 9 * * *\x00":                     "is not allowed",
		"0 9 * * \u00a0*":                   "is not allowed",
		"0 9 * * \u202eMON":                 "is not allowed",
		"60 9 * * *":                        "there is no minute 60",
		"0 24 * * *":                        "midnight is 0",
		"0 9 0 * *":                         "there is no day of the month 0",
		"0 9 32 * *":                        "there is no day of the month 32",
		"0 9 * 13 *":                        "there is no month 13",
		"0 9 * * 8":                         "there is no day of the week 8; it goes from 0 to 6",
		"*/0 * * * *":                       "a step of nothing",
		"*/-1 * * * *":                      "",
		"-5 * * * *":                        "",
		"+5 * * * *":                        "has a sign",
		"1,,2 * * * *":                      "has an empty item",
		", * * * *":                         "has an empty item",
		"0 9 ,MON * *":                      "has an empty item",
		"*-5 * * * *":                       "begins with a star",
		"0 ?-9 * * *":                       "begins with a star",
		"1/2/3 * * * *":                     "too many slashes",
		"1-2-3 * * * *":                     "too many hyphens",
		"0 9 30 2 *":                        "it never matches",
		"0 9 31 2,4,6,9,11 *":               "it never matches",
		"99999999999999999999 * * * *":      "failed to parse",
		"@":                                 "unrecognized descriptor",
		"@noon":                             "unrecognized descriptor",
		"@every":                            "@every takes a span",
		"@every 0s":                         "one minute to 24 hours",
		"@every -1h":                        "one minute to 24 hours",
		"@every 59s":                        "one minute to 24 hours",
		"@every 1ns":                        "one minute to 24 hours",
		"@every 25h":                        "one minute to 24 hours",
		"@every 61500ms":                    "whole seconds",
		"@every 1d":                         "@every takes a span",
		"@every 9999999999h":                "@every takes a span",
		"at nine every working day":         "not known there; write numbers",
		strings.Repeat("0,", 300) + "0 * *": "longer than 512 characters",
		strings.Repeat("*", 100_000):        "longer than 512 characters",
	} {
		got, err := calendar.ParseCron(expr)
		if err == nil {
			t.Errorf("%.60q was accepted as %q, want an error", expr, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "reading cron expression: found ") || !strings.Contains(err.Error(), cause) {
			t.Errorf("%.60q: error %q, want it to say %q", expr, err, cause)
		}
	}
}

func TestTheZeroCronMatchesNothing(t *testing.T) {
	t.Parallel()
	var none calendar.Cron
	if !none.IsZero() || none.Matches(wall(t, "2026-11-23 09:00")) || none.String() != "" {
		t.Error("the zero value matches, or does not say that it is zero")
	}
	if expression(t, "@daily").IsZero() {
		t.Error("@daily is zero")
	}
}

func FuzzParseCron(f *testing.F) {
	for _, seed := range []string{
		"30 9 * * MON-FRI", "0 18 * * SUN", "*/15 8-18/2 1,15 JAN-JUN ?", "15 30 9 * * *", "@daily", "@every 90m", "@every 0s",
		"TZ=", "TZ=UTC", "CRON_TZ=X", "CRON_TZ=UTC * * * * *", "@every -1h", ", , , , ,", "*-*/9 * * * *", "0 0 30 2 *",
		"9/9999999999999999999 * * * *", "* * * * *\x00", "0 0 29 2 *", "?/1 ?/2 ?/3 ?/4 ?/5 ?/6",
	} {
		f.Add(seed)
	}
	place := calendar.Place{Zone: zone(f, "America/Sao_Paulo"), Window: calendar.AllHours()}
	from := instant(f, "2018-11-03T12:00:00-03:00")
	f.Fuzz(func(t *testing.T, expr string) {
		c, err := calendar.ParseCron(expr)
		if err != nil {
			return
		}
		slot, err := place.Next(c, from, nil)
		if err != nil {
			return // Leap days lie further away than Next looks.
		}
		if slot.At.Before(from) || slot.At.After(from.Add(400*24*time.Hour)) || !c.Matches(slot.Asked) {
			t.Errorf("%q: got %s for the wall time %s", expr, slot.At, slot.Asked)
		}
	})
}
