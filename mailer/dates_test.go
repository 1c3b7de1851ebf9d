package mailer

import (
	"testing"
	"time"
)

// The mail of these tests was sent on Tuesday, 5 May 2026, at noon in Paris.
// checkReturn compares the date that a text names with the one wanted, "none"
// for one that is not believed.
func checkReturn(t *testing.T) func(text, want string) {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	sent := time.Date(2026, 5, 5, 12, 0, 0, 0, paris)
	return func(text, want string) {
		t.Helper()
		got := ReturnDate(text, sent)
		day := "none"
		if !got.IsZero() {
			day = got.Format(time.DateOnly)
			if got.Hour() != 0 || got.Location() != paris {
				t.Errorf("%q: %s is no midnight of the sender's zone", text, got)
			}
		}
		if day != want {
			t.Errorf("%q: %s, want %s", text, day, want)
		}
	}
}

func TestReturnDate(t *testing.T) {
	t.Parallel()
	check := checkReturn(t)
	// English
	check("I am away until 18 May.", "2026-05-18")
	check("I will return on May 18th, 2026.", "2026-05-18")
	check("Back in the office on Monday the 18th of May", "2026-05-18")
	check("out until Monday", "2026-05-11")
	check("back on Tuesday", "2026-05-12")
	check("back tomorrow", "2026-05-06")
	check("I'll be back next week", "2026-05-11")
	check("away from 4 May to 15 May", "2026-05-16")
	check("away 4 May - 15 May", "2026-05-16")
	check("on leave through 15 May", "2026-05-16")
	check("returning 2026-05-20", "2026-05-20")
	check("I am out of the office until 25/05/2026", "2026-05-25")
	check("I am out of the office until 05/25/2026", "2026-05-25")
	// Believed by nobody
	check("I am out of the office until 9/8", "none")
	check("I am out of the office until 06/07/2026", "none")
	check("until 10/6", "none")
	check("until 06-10-2026", "none")
	check("until 4 May 2026", "none")
	check("until 20 August", "2026-08-21")
	check("I am away until 15 May and from 18 May available again", "2026-05-18")
	check("Ik ben afwezig tot en met 15 mei en vanaf 18 mei weer bereikbaar", "2026-05-18")
	check("Ich werde am 18. Mai zurückkehren", "2026-05-18")
	check("Я в отпуске до 18 мая", "2026-05-18")
	check("Я в отпуске по 15 мая включительно", "2026-05-16")
	check("Вернусь в понедельник", "2026-05-11")
	check("Отсутствую с 4 по 15 мая", "2026-05-16")
	check("until 20 September", "none")
	check("until 20 April", "none")
	check("until 20 August 2026", "2026-08-21")
	check("until Monday, 19 May 2026", "none")
	check("until 31 June", "none")
	check("I have been away since 1 May.", "none")
	check("My number is 18 05 2026 and the meeting of 20 May was moved.", "none")
	check("", "none")
	// German
	check("Ich bin bis 18. Mai 2026 abwesend.", "2026-05-18")
	check("Ab dem 18.05.2026 bin ich wieder da.", "2026-05-18")
}

func TestReturnDateFurther(t *testing.T) {
	t.Parallel()
	check := checkReturn(t)
	check("Ich bin bis zum 18.5. nicht erreichbar.", "2026-05-18")
	check("bis einschließlich 15. Mai", "2026-05-16")
	check("vom 4. bis 15. Mai im Urlaub", "2026-05-16")
	check("ab Montag wieder erreichbar", "2026-05-11")
	check("morgen wieder zurück", "2026-05-06")
	// French
	check("Je suis absente jusqu'au 18 mai 2026 inclus.", "2026-05-19")
	check("De retour le lundi 18 mai", "2026-05-18")
	check("absent du 4 au 15 mai", "2026-05-16")
	check("en congés 4-15 mai", "2026-05-16")
	// Spanish, Italian, Portuguese
	check("Estoy fuera hasta el 18 de mayo de 2026", "2026-05-18")
	check("vuelvo el lunes", "2026-05-11")
	check("Sono assente fino al 18 maggio", "2026-05-18")
	check("rientro lunedì 18 maggio", "2026-05-18")
	check("Estou ausente até 18 de maio de 2026", "2026-05-18")
	check("regresso na segunda-feira", "2026-05-11")
	// Dutch, Polish, Swedish
	check("afwezig tot en met 15 mei", "2026-05-16")
	check("ik ben maandag 18 mei terug; weer aanwezig vanaf 18 mei", "2026-05-18")
	check("na urlopie do 18 maja 2026", "2026-05-18")
	check("wracam w poniedziałek", "2026-05-11")
	check("tillbaka den 18 maj", "2026-05-18")
	check("åter på måndag", "2026-05-11")
}

// A year that is not said is the nearest: around New Year it is not this one.
func TestReturnDateAroundNewYear(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 12, 21, 9, 0, 0, 0, time.UTC)
	got := ReturnDate("back on 4 January", sent)
	if want := time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// A long leave is believed where its year is named: without one it may be the
// note of a year ago.
func TestLongLeave(t *testing.T) {
	t.Parallel()
	check := func(text, want string) {
		t.Helper()
		got := ReturnDate(text, time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC))
		if s := got.Format(time.DateOnly); s != want && !(got.IsZero() && want == "") {
			t.Errorf("%q: %s, want %q", text, s, want)
		}
	}
	check("I am on parental leave and back on 1 June 2027.", "2027-06-01")
	check("I am on leave from October 2026 to the end of February 2027.", "2027-03-01")
	check("In Elternzeit bis einschließlich 30.06.2027.", "2027-07-01")
	check("Ich bin bis Ende März 2027 nicht im Haus.", "2027-04-01")
	check("I am back on 1 June.", "")
	check("Back on 1 June 2029.", "")
}

// Who is away on the day of the mail alone, or on that and the next, is back on
// the day after.
func TestAwayTodayAndTomorrow(t *testing.T) {
	t.Parallel()
	check := func(text string, day int) {
		t.Helper()
		got := ReturnDate(text, time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC))
		if day == 0 && !got.IsZero() || day != 0 && !got.Equal(time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%q: %s, want the %d", text, got.Format(time.DateOnly), day)
		}
	}
	check("Heute und morgen bin ich nicht im Büro.", 27)
	check("I am out of the office today and tomorrow.", 27)
	check("Our office is closed today & tomorrow.", 27)
	check("Je suis absente aujourd'hui et demain.", 27)
	check("Hoy y mañana estoy fuera de la oficina.", 27)
	check("Oggi e domani sono fuori ufficio.", 27)
	check("Vandaag en morgen ben ik afwezig.", 27)
	check("Hoje e amanhã estou ausente.", 27)
	check("Dziś i jutro jestem nieobecny.", 27)
	check("Idag och imorgon är jag borta.", 27)
	check("Ich bin heute nicht im Haus.", 26)
	check("I'm off sick today, please write to Tom.", 26)
	check("I am out today and back on Monday.", 30)
	check("Ab heute bin ich bis Freitag im Urlaub.", 28)
	check("Thank you for writing to me today. I read my mail twice a week.", 0)
}

func TestReturnDateNeedsTheDayOfTheMail(t *testing.T) {
	t.Parallel()
	if got := ReturnDate("until 18 May 2026", time.Time{}); !got.IsZero() {
		t.Errorf("%s without a day to read it against", got)
	}
}

// Whatever the text: never in the past, never further ahead than the longest leave.
func FuzzReturnDate(f *testing.F) {
	for _, s := range []string{"until 5 May", "bis 5.5.", "5/5/2026", "until Monday the 3rd", "2026-05-05 - 2026-06-01", "le 5 de mai de 99", "31 31 31."} {
		f.Add(s, int64(1778000000))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		sent := time.Unix(seconds%4e9, 0).UTC()
		got := ReturnDate(text, sent)
		if !got.IsZero() && (!got.After(sent) || got.Sub(sent) > maxLeave) {
			t.Fatalf("%q on %s gave %s", text, sent, got)
		}
	})
}
