package mailer

import (
	"testing"
	"time"
)

// The mail of these tests was sent on Tuesday, 5 May 2026, at noon in Paris.
func TestReturnDateByWeeks(t *testing.T) {
	t.Parallel()
	check := checkReturn(t)
	check("Ab KW 21 bin ich wieder erreichbar.", "2026-05-18")
	check("Bis KW 20 abwesend", "2026-05-16")
	check("I am back in week 21", "2026-05-18")
	check("tillbaka vecka 21", "2026-05-18")
	check("Back in the office Monday week", "2026-05-18")
	check("I am back on Tuesday week.", "2026-05-19")
	check("Je serai de retour mardi en huit", "2026-05-19")
	check("Je serai de retour lundi en quinze", "2026-05-25")
	check("back the week of 18 May", "2026-05-18")
	check("Out May 5-8", "2026-05-09")
	check("Away May 4–15, 2026", "2026-05-16")
	check("back on May 18", "2026-05-18")
	check("until week 53", "none")
	check("I am out of the office this week", "2026-05-09")
	check("I am out this week and back on 18 May", "2026-05-18")
	check("Ich bin vom 5. bis 8. Mai nur eingeschränkt erreichbar", "2026-05-09")
	check("de 5 a 8 de mayo", "2026-05-09")
	check("I am away for 2 weeks 3 days", "none")
	check("Ich bin am Freitag in einer Woche wieder da.", "2026-05-15")
	check("Back in the office on Monday in two weeks.", "2026-05-25")
	check("Zurück bin ich Dienstag nächster Woche.", "2026-05-12")
	check("I will be back next week Wednesday", "2026-05-13")
	check("I am away next week Monday to Friday", "2026-05-16")
	check("Ich bin nächste Woche Montag bis Mittwoch nicht im Büro", "2026-05-14")
}

func TestWeeksOfTheYear(t *testing.T) {
	t.Parallel()
	check := func(sent, text, want string) {
		t.Helper()
		day, err := time.Parse(time.DateOnly, sent)
		if err != nil {
			t.Fatal(err)
		}
		dates := newDateReader(text, day).dates()
		if len(dates) != 1 || dates[0].day.Format(time.DateOnly)+"/"+dates[0].last.Format(time.DateOnly) != want {
			t.Errorf("%q on %s: %+v, want %s", text, sent, dates, want)
		}
	}
	check("2026-11-24", "KW 50", "2026-12-07/2026-12-11")
	check("2026-11-24", "in week 2", "2027-01-11/2027-01-15")
	check("2020-12-01", "KW 53", "2020-12-28/2021-01-01")
	check("2026-11-24", "in the week commencing 7 December", "2026-12-07/2026-12-11")
	check("2026-11-24", "la semaine du 7 décembre", "2026-12-07/2026-12-11")
	check("2026-11-24", "in der Woche vom 7. Dezember", "2026-12-07/2026-12-11")
	check("2026-11-24", "7 December", "2026-12-07/2026-12-07")
}

// What is half understood changes nothing.
func TestReadMovedRefusesATimeItCannotRead(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	check := func(text, want string) {
		t.Helper()
		at, timed, ok := ReadMoved(text, sent)
		got := ""
		if ok {
			got = at.Format("2006-01-02 15:04")
			if !timed {
				got = at.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	check("Thursday 3 December at half past two", "")
	check("Thu 3 Dec, 14.30", "")
	check("tomorrow at noon", "")
	check("next Thursday 2pm PT / 5pm ET", "")
	check("Tuesday week at 14:30", "2026-12-08 14:30")
	check("jeudi 3 décembre à 14h", "2026-12-03 14:00")
	check("dinsdag 1 december om 14.00 uur", "2026-12-01 14:00")
	check("Donnerstag, 3.12. um 14 Uhr", "2026-12-03 14:00")
	check("KW 50", "")
}
