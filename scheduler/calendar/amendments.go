package calendar

import (
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
)

// amendment puts right what the library's table of one code has wrong. Each names the law or the decree that says so.
// A day too many delays a mail; a day too few sends one into a holiday, so in doubt a day stays.
type amendment struct {
	drops []dropped
	adds  []*cal.Holiday
}

// dropped takes away the days of a name, and those on which they are made up for, in some years.
type dropped struct {
	name        string // as the library writes it, or how it begins
	from, until int    // 0: no bound
}

// amend applies what is known of a code to the days of a year that its table gives.
func (a amendment) amend(days map[Date]string, year int) {
	for d, name := range days {
		for _, x := range a.drops {
			if strings.HasPrefix(name, x.name) && year >= x.from && (x.until == 0 || year <= x.until) {
				delete(days, d)
			}
		}
	}
	for d, name := range daysOfList(a.adds, year) {
		if _, known := days[d]; !known {
			days[d] = name
		}
	}
}

// fixed is a holiday on one day of the year, since a year; 0: as long as anybody plans.
func fixed(name string, since int, month time.Month, day int, observed ...cal.AltDay) *cal.Holiday {
	return &cal.Holiday{Name: name, StartYear: since, Month: month, Day: day, Observed: observed, Func: cal.CalcDayOfMonth}
}

// ofEaster is a holiday so many days after Easter Sunday.
func ofEaster(name string, days int, julian bool) *cal.Holiday {
	return &cal.Holiday{Name: name, Offset: days, Julian: julian, Func: cal.CalcEasterOffset}
}

// onDates is a holiday whose days a law or an announcement lists, one a year.
func onDates(name string, dates ...Date) *cal.Holiday {
	on := make(map[int]Date)
	for _, d := range dates {
		on[d.Year] = d
	}
	return &cal.Holiday{Name: name, Func: func(_ *cal.Holiday, year int) time.Time {
		d, ok := on[year]
		if !ok {
			return time.Time{}
		}
		return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.Local)
	}}
}

// nthWeekday is a holiday on a day of the week of a month, so many days later.
func nthWeekday(name string, month time.Month, weekday time.Weekday, n, later int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Weekday: weekday, Offset: n, CalcOffset: later, Func: cal.CalcWeekdayOffset}
}

// argentineMonday is one of the four days of Argentina's law 27.399, article 6, that go to a Monday: from Tuesday and
// Wednesday back, from Thursday and Friday on. 17 June on a Friday stays, since the Monday behind it is a holiday itself.
func argentineMonday(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, Func: func(h *cal.Holiday, year int) time.Time {
		on := cal.CalcDayOfMonth(h, year)
		switch on.Weekday() {
		case time.Tuesday:
			return on.AddDate(0, 0, -1)
		case time.Wednesday:
			return on.AddDate(0, 0, -2)
		case time.Thursday:
			return on.AddDate(0, 0, 4)
		case time.Friday:
			if h.Month != time.June {
				return on.AddDate(0, 0, 3)
			}
		}
		return on
	}}
}

// toMonday makes up on Monday for a weekend, as Ukraine's labour code does (article 67).
var toMonday = []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 1}}

// amendments are those of each code.
var amendments = sync.OnceValue(func() map[string]amendment {
	all := map[string]amendment{
		"BG": {adds: []*cal.Holiday{fixed("Ден на труда", 0, time.May, 1)}},                                                   // labour code, article 154: beside Easter too
		"BR": {adds: []*cal.Holiday{fixed("Dia Nacional de Zumbi e da Consciência Negra", 2024, time.November, 20)}},          // law 14.759/2023
		"IT": {adds: []*cal.Holiday{fixed("San Francesco d'Assisi", 2026, time.October, 4)}},                                  // law 151/2025
		"PL": {adds: []*cal.Holiday{fixed("Wigilia Bożego Narodzenia", 2025, time.December, 24)}},                             // law of 6 December 2024
		"RO": {adds: []*cal.Holiday{fixed("Bobotează", 2024, time.January, 6), fixed("Sfântul Ioan", 2024, time.January, 7)}}, // law 52/2023
		"RU": {adds: newYearsOfRussia()},
		"IE": ireland(),
		"SK": {drops: []dropped{ // law 241/1993 as amended for the budget: holidays on which work goes on
			{"Deň Ústavy", 2024, 0}, {"Deň boja za slobodu", 2025, 0}, {"Deň víťazstva", 2026, 2026}, {"Sviatok Panny Márie", 2026, 2026}}},
		"AR":     argentina(),
		"UA":     ukraine(),
		"NZ":     {adds: []*cal.Holiday{matariki()}},
		"MW":     {adds: []*cal.Holiday{eidOfMalawi()}},
		"DE-MV":  {adds: []*cal.Holiday{fixed("Frauentag", 2023, time.March, 8)}},                                                   // Feiertagsgesetz of Mecklenburg-Vorpommern, section 2
		"AU-NSW": {adds: []*cal.Holiday{onDates("Anzac Day (additional)", Date{2026, time.April, 27}, Date{2027, time.April, 26})}}, // order of the state for both years
	}
	for canton, a := range cantons() {
		all["CH-"+canton] = a
	}
	return all
})

// ireland: the Organisation of Working Time Act leaves open which day makes up for a holiday on a weekend. Banks and most
// offices take the next one that is none.
func ireland() amendment {
	twoLater := []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 2}} // Christmas has two days
	return amendment{adds: []*cal.Holiday{
		fixed("New Year's Day", 0, time.January, 1, toMonday...), fixed("Saint Patrick's Day", 0, time.March, 17, toMonday...),
		fixed("Christmas Day", 0, time.December, 25, twoLater...), fixed("Saint Stephen's Day", 0, time.December, 26, twoLater...),
	}}
}

// newYearsOfRussia are the days between New Year and Christmas (labour code, article 112).
func newYearsOfRussia() (all []*cal.Holiday) {
	for _, day := range []int{2, 3, 4, 5, 6, 8} {
		all = append(all, fixed("Новогодние каникулы", 2013, time.January, day))
	}
	return all
}

// argentina: the library takes Maundy Thursday for Good Friday, and moves the days of law 27.399 as others move theirs.
func argentina() amendment {
	return amendment{
		drops: []dropped{{"Viernes Santo", 0, 0}, {"Aniversario paso a la inmortalidad del General", 0, 0}, {"Día del respeto a la diversidad cultural", 0, 0}, {"Día de la Soberanía Nacional", 0, 0}},
		adds: []*cal.Holiday{
			ofEaster("Jueves Santo", -3, false), ofEaster("Viernes Santo", -2, false),
			argentineMonday("Paso a la Inmortalidad del General Güemes", time.June, 17), fixed("Paso a la Inmortalidad del General Belgrano", 0, time.June, 20),
			argentineMonday("Paso a la Inmortalidad del General San Martín", time.August, 17),
			argentineMonday("Día del Respeto a la Diversidad Cultural", time.October, 12), argentineMonday("Día de la Soberanía Nacional", time.November, 20),
		},
	}
}

// ukraine: laws 3258-IX and 2862-IX moved or changed some days in 2023 and 2024. While martial law lasts people work on
// all of them; here they rest, since a day too many only delays a mail.
func ukraine() amendment {
	return amendment{
		drops: []dropped{{"День захисника", 2023, 0}, {"День перемоги", 2024, 0}, {"Різдво", 2023, 0}}, // Christmas on 7 January, and 25 December with it
		adds: []*cal.Holiday{
			ofEaster("Трійця", 50, true), fixed("День пам'яті та перемоги", 2024, time.May, 8, toMonday...), fixed("День Української Державності", 2024, time.July, 15, toMonday...),
			fixed("День захисників і захисниць України", 2023, time.October, 1, toMonday...), fixed("Різдво", 2023, time.December, 25, toMonday...),
		},
	}
}

// matariki is the holiday of the Māori New Year, on the days of the schedule to New Zealand's Matariki Act 2022.
func matariki() *cal.Holiday {
	day := func(year int, month time.Month, day int) Date { return Date{year, month, day} }
	return onDates("Matariki", day(2024, 6, 28), day(2025, 6, 20), day(2026, 7, 10), day(2027, 6, 25), day(2028, 7, 14), day(2029, 7, 6), day(2030, 6, 21), day(2031, 7, 11),
		day(2032, 7, 2), day(2033, 6, 24), day(2034, 7, 7), day(2035, 6, 29), day(2036, 7, 18), day(2037, 7, 10), day(2038, 6, 25), day(2039, 7, 15), day(2040, 7, 6))
}

// eidOfMalawi is as astronomers foresee it; the moon is seen a day earlier or later.
func eidOfMalawi() *cal.Holiday {
	return onDates("Eid al-Fitr (foreseen)", Date{2024, time.April, 10}, Date{2025, time.March, 31}, Date{2026, time.March, 20}, Date{2027, time.March, 9}, Date{2028, time.February, 28},
		Date{2029, time.February, 14}, Date{2030, time.February, 4}, Date{2031, time.January, 24})
}

// cantons are Switzerland's own days of rest that the library lacks, after the list of the Federal Office of Justice.
func cantons() map[string]amendment {
	adds := func(days ...*cal.Holiday) amendment { return amendment{adds: days} }
	geneva := adds(nthWeekday("Jeûne genevois", time.September, time.Sunday, 1, 4), fixed("Restauration de la République", 0, time.December, 31))
	geneva.drops = []dropped{{"Fronleichnam", 0, 0}}
	return map[string]amendment{
		"AI": adds(fixed("Mauritiustag", 0, time.September, 22)),
		"FR": adds(fixed("Immaculée Conception", 0, time.December, 8)),
		"GE": geneva,
		"GL": adds(glarus()),
		"JU": adds(fixed("Plébiscite jurassien", 0, time.June, 23)),
		"NE": adds(fixed("Instauration de la République", 0, time.March, 1), ofEaster("Lundi de Pâques", 1, false)),
		"OW": adds(fixed("Bruderklausenfest", 0, time.September, 25)),
		"TI": adds(fixed("Santi Pietro e Paolo", 0, time.June, 29)),
		"VD": adds(nthWeekday("Lundi du Jeûne fédéral", time.September, time.Sunday, 3, 1)),
		"ZG": adds(ofEaster("Fronleichnam", 60, false), fixed("Mariä Himmelfahrt", 0, time.August, 15), fixed("Mariä Empfängnis", 0, time.December, 8)),
	}
}

// glarus remembers Näfels on the first Thursday of April, a week later where that is Maundy Thursday.
func glarus() *cal.Holiday {
	return &cal.Holiday{Name: "Näfelser Fahrt", Func: func(_ *cal.Holiday, year int) time.Time {
		on := cal.WeekdayN(year, time.April, time.Thursday, 1)
		if maundy, _ := ofEaster("", -3, false).Calc(year); maundy.YearDay() == on.YearDay() {
			return on.AddDate(0, 0, 7)
		}
		return on
	}}
}
