package calendar

import (
	"maps"
	"slices"
	"testing"

	"github.com/rickar/cal/v2"
)

// An amendment that changes nothing is one that the library has made itself, or whose name it has changed.
func TestEveryAmendmentChangesItsTable(t *testing.T) {
	t.Parallel()
	tables := holidayTables()
	for code, a := range amendments() {
		if len(tables[code]) != 1 {
			t.Errorf("%s has %d tables, want one to amend", code, len(tables[code]))
			continue
		}
		for _, x := range a.drops {
			if list := tables[code][0]; !differ(list, amendment{}, amendment{drops: []dropped{x}}) {
				t.Errorf("%s: dropping %q changes nothing", code, x.name)
			}
		}
		for i, h := range a.adds {
			less := amendment{drops: a.drops, adds: slices.Delete(slices.Clone(a.adds), i, i+1)}
			if !differ(tables[code][0], less, a) {
				t.Errorf("%s: adding %q changes nothing", code, h.Name)
			}
		}
	}
}

// differ reports whether two amendments of a table leave other days in any of some years.
func differ(list []*cal.Holiday, one, other amendment) bool {
	for year := 2023; year < 2041; year++ {
		a, b := daysOfList(list, year), daysOfList(list, year)
		one.amend(a, year)
		other.amend(b, year)
		if !slices.Equal(slices.SortedFunc(maps.Keys(a), Date.Compare), slices.SortedFunc(maps.Keys(b), Date.Compare)) {
			return true
		}
	}
	return false
}
