package calendar_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"afterword/scheduler/calendar"
)

// The dates are those of the countries' own published calendars.
func TestHolidaysOfACountry(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ code, date, name string }{
		{"US", "2026-11-26", "Thanksgiving Day"},
		{"US", "2026-11-27", ""},
		{"US", "2026-07-03", "Independence Day (observed)"},
		{"US", "2026-07-04", "Independence Day"},
		{"US", "2026-10-12", "Columbus Day"},
		{"US", "2027-12-31", "New Year's Day (observed)"}, // 1 January 2028 is a Saturday.
		{"US", "2026-12-31", ""},
		{"FR", "2026-07-14", "Fête Nationale"},
		{"FR", "2026-05-14", "Ascension"},
		{"FR", "2026-12-26", ""},
		{"fr", "2026-12-25", "Noël"},
		{"GB", "2026-12-28", "Boxing Day (observed)"},
		{"UK", "2026-08-31", "Summer Bank Holiday"},
		{"DE", "2026-10-03", "Tag der Deutschen Einheit"},
		{"DE", "2026-06-04", ""},
		{"DE-BY", "2026-06-04", "Fronleichnam"},
		{"DE-BE", "2026-03-08", "Frauentag"},
		{"CH-ZH", "2026-08-01", "Bundesfeiertag"},
		{"AU", "2026-01-26", "Australia Day"},
		{"AU", "2026-11-03", ""},
		{"AU-VIC", "2026-11-03", "Melbourne Cup"},
		{"ES", "2026-10-12", "Fiesta Nacional de España"},
		{"JP", "2026-05-06", "Constitution Memorial Day (observed)"},
		{"", "2026-12-25", ""},
	} {
		name, ok := holidays(t, test.code).Name(day(t, test.date))
		if name != test.name || ok != (test.name != "") {
			t.Errorf("%s %s: got %q (%t), want %q", test.code, test.date, name, ok, test.name)
		}
	}
}

// What the library has wrong is put right. The days are those of the laws that the amendments name; an empty name is a
// day on which people work.
func TestHolidaysThatTheLibraryHasWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ code, date, name string }{
		{"NZ", "2027-06-25", "Matariki"}, {"NZ", "2030-06-21", "Matariki"}, {"PL", "2026-12-24", "Wigilia Bożego Narodzenia"}, {"PL", "2024-12-24", ""},
		{"IT", "2027-10-04", "San Francesco d'Assisi"}, {"IT", "2025-10-04", ""}, {"BR", "2026-11-20", "Dia Nacional de Zumbi e da Consciência Negra"}, {"BR", "2023-11-20", ""},
		{"RO", "2027-01-06", "Bobotează"}, {"RO", "2027-01-07", "Sfântul Ioan"}, {"RU", "2027-01-08", "Новогодние каникулы"}, {"RU", "2027-01-11", ""},
		{"SK", "2027-09-01", ""}, {"SK", "2026-11-17", ""}, {"SK", "2026-09-15", ""}, {"SK", "2027-09-15", "Sviatok Panny Márie Sedembolestnej, patrónky Slovenska"},
		{"IE", "2027-12-27", "Christmas Day (observed)"}, {"IE", "2027-12-28", "Saint Stephen's Day (observed)"}, {"IE", "2027-12-29", ""}, {"IE", "2026-12-28", "Saint Stephen's Day (observed)"},
		{"IE", "2022-12-27", "Christmas Day (observed)"}, {"IE", "2028-01-03", "New Year's Day (observed)"}, {"IE", "2024-03-18", "Saint Patrick's Day (observed)"}, {"IE", "2026-03-18", ""},
		{"BG", "2024-05-01", "Ден на труда"}, {"DE-MV", "2027-03-08", "Frauentag"}, {"DE-SH", "2027-03-08", ""}, {"AU-NSW", "2027-04-26", "Anzac Day (additional)"},
		{"AR", "2027-03-26", "Viernes Santo"}, {"AR", "2027-03-25", "Jueves Santo"}, {"AR", "2025-11-24", "Día de la Soberanía Nacional"}, {"AR", "2025-11-20", ""},
		{"AR", "2026-06-15", "Paso a la Inmortalidad del General Güemes"}, {"AR", "2026-06-19", ""}, {"AR", "2026-04-02", "Jueves Santo"},
		{"AR", "2027-10-11", "Día del Respeto a la Diversidad Cultural"}, {"AR", "2033-06-17", "Paso a la Inmortalidad del General Güemes"},
		{"UA", "2027-01-07", ""}, {"UA", "2026-12-25", "Різдво"}, {"UA", "2026-10-01", "День захисників і захисниць України"}, {"UA", "2026-10-14", ""},
		{"UA", "2028-07-17", "День Української Державності (observed)"}, {"UA", "2026-06-01", "Трійця"}, {"UA", "2029-05-09", ""}, {"MW", "2027-03-09", "Eid al-Fitr (foreseen)"},
		{"CH-GE", "2027-09-09", "Jeûne genevois"}, {"CH-GE", "2027-05-27", ""}, {"CH-VD", "2027-09-20", "Lundi du Jeûne fédéral"}, {"CH-GL", "2026-04-09", "Näfelser Fahrt"},
		{"CH-GL", "2026-04-02", ""}, {"CH-GL", "2028-04-06", "Näfelser Fahrt"}, {"CH-ZG", "2027-05-27", "Fronleichnam"}, {"CH-NE", "2027-03-01", "Instauration de la République"},
		{"CH-TI", "2027-06-29", "Santi Pietro e Paolo"}, {"CH-OW", "2026-09-25", "Bruderklausenfest"}, {"CH-JU", "2027-06-23", "Plébiscite jurassien"}, {"CH-AI", "2027-09-22", "Mauritiustag"},
		{"CH-FR", "2027-12-08", "Immaculée Conception"},
	} {
		name, ok := holidays(t, test.code).Name(day(t, test.date))
		if name != test.name || ok != (test.name != "") {
			t.Errorf("%s %s: got %q (%t), want %q", test.code, test.date, name, ok, test.name)
		}
	}
}

func TestHolidaysNameTheCodeTheyStandFor(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"": "", " fr ": "FR", "uk": "GB", "de-by": "DE-BY"} {
		if got := holidays(t, code).Code(); got != want {
			t.Errorf("%q: got code %q, want %q", code, got, want)
		}
	}
	var none *calendar.Holidays
	if none.Code() != "" {
		t.Errorf("no holidays have the code %q", none.Code())
	}
}

func TestNoHolidaysIsANilPointerToo(t *testing.T) {
	t.Parallel()
	var none *calendar.Holidays
	if name, ok := none.Name(day(t, "2026-12-25")); ok {
		t.Errorf("a nil *Holidays knows %s", name)
	}
}

func TestAnUnknownCountryIsRefusedWithExamples(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"XX", "FRA", "France", "DE-XX", "DE-", "-", "FR\x00", strings.Repeat("F", 10_000)} {
		got, err := calendar.ForCountry(code)
		if err == nil {
			t.Errorf("%.20q was found as %s, want an error", code, got.Code())
			continue
		}
		if !strings.Contains(err.Error(), "such as DE, ES, FR, GB, NL or US") || len(err.Error()) > 300 {
			t.Errorf("%.20q: error %q names no examples, or is too long", code, err)
		}
	}
}

func TestEveryCountryRestsOnNewYearsDayAndWorksInBetween(t *testing.T) {
	t.Parallel()
	codes := calendar.Countries()
	if !slices.IsSorted(codes) || len(codes) < 80 {
		t.Fatalf("got %d codes, want at least 80 in order", len(codes))
	}
	for _, code := range codes {
		country := holidays(t, code)
		// 1 January 2023 was a Sunday, so the day itself must count besides any day that makes up for it.
		for _, date := range []string{"2023-01-01", "2026-01-01", "2030-01-01"} {
			if _, ok := country.Name(day(t, date)); !ok {
				t.Errorf("%s works on %s", code, date)
			}
		}
		rests := 0
		for d := day(t, "2026-01-01"); d.Year == 2026; d = d.AddDays(1) {
			if name, ok := country.Name(d); ok {
				rests++
				if strings.TrimSpace(name) == "" {
					t.Errorf("%s: the holiday of %s has no name", code, d)
				}
			}
		}
		if rests < 5 || rests > 25 {
			t.Errorf("%s rests on %d days of 2026, want 5 to 25", code, rests)
		}
	}
}

func TestHolidaysMayBeAskedByManyAtOnce(t *testing.T) {
	t.Parallel()
	country := holidays(t, "FR")
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for year := range 60 {
				d := calendar.Date{Year: 2000 + (year+i*7)%60, Month: 12, Day: 25}
				if name, _ := country.Name(d); name != "Noël" {
					t.Errorf("%s: got %q, want Noël", d, name)
				}
			}
		})
	}
	wait.Wait()
}

// Some of the library's rules write into its tables. The race detector sees it if that ever happens to shared ones.
func TestManyMayAskForTheSameCountryEachForThemselves(t *testing.T) {
	t.Parallel()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			country, err := calendar.ForCountry("JP")
			if err != nil {
				t.Error(err)
				return
			}
			for year, want := range map[int]int{2024: 20, 2025: 20, 2026: 20, 2027: 21} {
				d := calendar.Date{Year: year, Month: 3, Day: want}
				if name, _ := country.Name(d); name != "Vernal Equinox Day" {
					t.Errorf("%s: got %q, want Vernal Equinox Day", d, name)
				}
			}
		})
	}
	wait.Wait()
}

func TestHolidaysOfAWildYearDoNotFail(t *testing.T) {
	t.Parallel()
	for _, code := range calendar.Countries() {
		country := holidays(t, code)
		for _, year := range []int{1, 1582, 9999} {
			country.Name(calendar.Date{Year: year, Month: 12, Day: 25})
		}
	}
}
