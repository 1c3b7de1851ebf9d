package mailer

import (
	"testing"
	"time"
)

// The mail of these tests was sent on Friday, 20 November 2026; the first of
// December is a Tuesday.
func checkOrdinal(t *testing.T) func(text, want string) {
	t.Helper()
	sent := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	return func(text, want string) {
		t.Helper()
		got := "none"
		if day := ReturnDate(text, sent); !day.IsZero() {
			got = day.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// The nearest Monday would be a week too early.
func TestReturnDateByOrdinalWeekday(t *testing.T) {
	t.Parallel()
	check := checkOrdinal(t)
	check("I am back on the first Monday in December.", "2026-12-07")
	check("I am away and return the second Monday of December.", "2026-12-14")
	check("I'm back on the 1st Monday of December", "2026-12-07")
	check("I am back on the last Monday of November 2026.", "2026-11-30")
	check("I am out of the office until the first Friday in December.", "2026-12-05")
	check("I am out until the first Monday of next month.", "2026-12-07")
	check("I will be back on the last Monday of the month.", "2026-11-30")
	check("Back on the first Monday in January.", "2027-01-04")
	check("Back on the first Monday of the new year.", "2027-01-04")
	check("I will be back on the first working day of December.", "2026-12-01")
	check("I am back on the last business day of this month.", "2026-11-30")
	check("I am back in the second week of December.", "2026-12-14")
	check("Ich bin am ersten Montag im Dezember wieder da.", "2026-12-07")
	check("Ab dem zweiten Dienstag im Dezember bin ich wieder erreichbar.", "2026-12-08")
	check("Ich bin bis zum ersten Mittwoch im Dezember im Urlaub.", "2026-12-03")
	check("Am 1. Montag im Dezember bin ich zurück.", "2026-12-07")
	check("Ich bin am letzten Montag des Monats wieder im Büro.", "2026-11-30")
	check("Ab dem ersten Arbeitstag im Januar bin ich wieder da.", "2027-01-01")
	check("Am ersten Montag im neuen Jahr bin ich wieder da.", "2027-01-04")
	check("Je serai de retour le premier lundi de décembre.", "2026-12-07")
	check("Je serai de retour le deuxième mardi du mois prochain.", "2026-12-08")
	check("Vuelvo el primer lunes de diciembre.", "2026-12-07")
	check("Rientro il primo lunedì di dicembre.", "2026-12-07")
	check("Regresso na primeira segunda-feira de dezembro.", "2026-12-07")
	check("Regresso na segunda segunda-feira de dezembro.", "2026-12-14")
	check("Ik ben de eerste maandag van december terug.", "2026-12-07")
	check("Tillbaka första måndagen i december.", "2026-12-07")
	check("Tilbake første mandag i desember.", "2026-12-07")
	check("Tilbage første mandag i december.", "2026-12-07")
	check("Wracam w pierwszy poniedziałek grudnia.", "2026-12-07")
	check("Vrátím se první pondělí v prosinci.", "2026-12-07")
	check("Palaan joulukuun ensimmäisenä maanantaina.", "2026-12-07")
}

// A weekday may be counted from a date.
func TestReturnDateByWeekdayAfterADate(t *testing.T) {
	t.Parallel()
	check := checkOrdinal(t)
	check("I am back on the first Monday after 6 January.", "2027-01-11")
	check("I am back on the Monday after 6 January.", "2027-01-11")
	check("I am back on the Monday after 4 January.", "2027-01-11") // which is one itself
	check("I will be back the Monday after next.", "2026-11-30")
	check("Ich bin am Montag nach dem 6. Januar wieder da.", "2027-01-11")
	check("Je serai de retour le lundi après le 6 janvier.", "2027-01-11")
	check("I am back on Monday after 10 am.", "2026-11-23")
}

// What is counted from something that is not understood is no date, and what is
// past is none either; weekdays and days of the month stay what they were.
func TestOrdinalThatIsNone(t *testing.T) {
	t.Parallel()
	check := checkOrdinal(t)
	check("I am back on the first Monday after the fair.", "none")
	check("I have been away since last Monday and am back on Thursday.", "2026-11-26")
	check("I am back on the last Monday of October.", "none")
	check("Back on Monday.", "2026-11-23")
	check("Back on Tuesday, the first of December.", "2026-12-01")
	check("Ich bin am ersten Dezember wieder da.", "2026-12-01")
	check("I am back on Tuesday 1 December.", "2026-12-01")
	check("Am Dienstag, dem 1. Dezember, bin ich zurück.", "2026-12-01")
	check("Ab dem 1. bin ich wieder da. Montag ist Ruhetag.", "2026-12-01")
	check("Volto na segunda.", "2026-11-23")
	check("I am back at work on the 2nd.", "2026-12-02")
}
