package calendar

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"
)

// Holidays knows the public holidays of one country or region, worked out a year at a time. A nil *Holidays has none.
// It is safe for concurrent use.
type Holidays struct {
	code string
	// lists holds the tables of the library. A date is a holiday where every one of them names it.
	lists [][]*cal.Holiday

	mu    sync.Mutex // of those who work out a year
	years atomic.Pointer[map[int]map[Date]string]
}

// ForCountry returns the holidays of a country by its ISO 3166-1 code (FR), or of a region by its ISO 3166-2 code
// (DE-BY, CH-ZH, AU-NSW), in any case. UK is taken for GB. The empty code means no holidays. Countries lists the codes.
//
// The tables are those of rickar/cal, with what is wrong in them put right (amendments). US has the eleven federal holidays; the day after Thanksgiving is a working day.
// GB is England and Wales. AU alone has the days that all its states share. CH alone, CA and SE also have days on which
// only some regions or most offices rest, since a day too many only delays a mail.
func ForCountry(code string) (*Holidays, error) {
	name := strings.ToUpper(strings.TrimSpace(code))
	if name == "UK" {
		name = "GB"
	}
	if name == "" {
		return &Holidays{}, nil
	}
	days, ok := calendars()[name]
	if !ok {
		return nil, fmt.Errorf("finding holidays: found %s, expected a country code such as DE, ES, FR, GB, NL or US, "+
			"or a region such as DE-BY, CH-ZH or AU-NSW", found(code))
	}
	return days, nil
}

// Code returns the code in capitals, empty where there are no holidays.
func (h *Holidays) Code() string {
	if h == nil {
		return ""
	}
	return h.code
}

// Name returns the name of the holiday on d, in a language of the country, and whether d is one. Both the day itself and
// the working day on which it is made up for are holidays; the latter is marked as observed.
func (h *Holidays) Name(d Date) (string, bool) {
	if h == nil || len(h.lists) == 0 {
		return "", false
	}
	name, ok := h.year(d.Year)[d]
	return name, ok
}

// year returns the holidays of one year, which nobody changes any more.
func (h *Holidays) year(year int) map[Date]string {
	if known := h.years.Load(); known != nil {
		if days, ok := (*known)[year]; ok {
			return days
		}
	}
	return h.workOut(year)
}

// workOut adds a year to those that are known.
func (h *Holidays) workOut(year int) map[Date]string {
	const mostYears = 32 // Plans look a year ahead; a wild date in a file must not fill the memory.
	h.mu.Lock()
	defer h.mu.Unlock()
	years := make(map[int]map[Date]string)
	if known := h.years.Load(); known != nil && len(*known) < mostYears {
		maps.Copy(years, *known)
	}
	if days, ok := years[year]; ok {
		return days
	}
	days := daysOfList(h.lists[0], year)
	for _, list := range h.lists[1:] {
		others := daysOfList(list, year)
		for d := range days {
			if _, shared := others[d]; !shared {
				delete(days, d)
			}
		}
	}
	amendments()[h.code].amend(days, year)
	years[year] = days
	h.years.Store(&years)
	return days
}

// daysOfList works out one table for one year. The neighbouring years count too: a New Year's Day on a Saturday is
// observed on the last day of the old year.
func daysOfList(list []*cal.Holiday, year int) map[Date]string {
	days := make(map[Date]string)
	observed := make(map[Date]string)
	for _, holiday := range list {
		for y := year - 1; y <= year+1; y++ {
			// Some of Japan's rules write into the holiday that they are asked about; a copy keeps the table untouched.
			own := *holiday
			onDay, madeUp := own.Calc(y)
			if d, ok := dateOfHoliday(onDay); ok && d.Year == year {
				days[d] = holiday.Name
			}
			if d, ok := dateOfHoliday(madeUp); ok && d.Year == year {
				observed[d] = holiday.Name + " (observed)"
			}
		}
	}
	for d, name := range observed {
		if _, known := days[d]; !known {
			days[d] = name
		}
	}
	return days
}

// dateOfHoliday reads the date of what the library answers: a day's start in the machine's own zone, or the zero time
// for a year without that holiday. Where that zone has no such midnight, the instant can be 23:00 of the day before;
// three hours later the date is right in every zone.
func dateOfHoliday(t time.Time) (Date, bool) {
	if t.IsZero() {
		return Date{}, false
	}
	return DateOf(t.Add(3 * time.Hour)), true
}
