package calendar

import (
	"fmt"
	"strings"
	"sync"
	"time"

	// The tz database travels with the program: a laptop or a small container may have none.
	_ "time/tzdata"
)

// LoadZone finds the time zone with the given name of the tz database, such as Europe/Paris or UTC. It refuses the
// names that mean whatever the machine is set to (Local, localtime), because the answer would change with the machine,
// and the leap-second variants (right/...), whose clocks differ from civil time.
func LoadZone(name string) (*time.Location, error) {
	const expected = "expected a name of the tz database, such as Europe/Paris, America/New_York or UTC"
	if name == "" || isMachineZone(name) {
		return nil, fmt.Errorf("loading time zone: found %s, %s", found(name), expected)
	}
	if zone, known := zones.Load(name); known {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("loading time zone: found %s, which is unknown, %s", found(name), expected)
	}
	zones.Store(name, zone)
	return zone, nil
}

// zones holds the zones that were found, by name. Reading one costs more than a plan, which names it for every time that
// people read; what the database says of it does not change while the program runs, and its names are few.
var zones sync.Map

// NamesOffset tells whether a zone of the database names no place but a distance from Greenwich that never changes, with
// the sign turned round in Etc/GMT+5: the interview files refuse these.
func NamesOffset(name string) bool {
	upper := strings.ToUpper(name)
	return upper == "EST" || upper == "MST" || strings.HasPrefix(upper, "ETC/GMT+") || strings.HasPrefix(upper, "ETC/GMT-")
}

// isMachineZone tells the names that a tz database on disk may carry although they name no place.
func isMachineZone(name string) bool {
	lower := strings.ToLower(name)
	switch lower {
	case "local", "localtime", "posixrules", "factory":
		return true
	}
	return strings.HasPrefix(lower, "right/") || strings.HasPrefix(lower, "posix/")
}

// found quotes what a reader met, for an error. It is cut short, because a whole file may stand where a word belongs.
func found(text string) string {
	const longest = 60
	if text == "" {
		return "nothing"
	}
	if len(text) > longest {
		return fmt.Sprintf("%q...", text[:longest])
	}
	return fmt.Sprintf("%q", text)
}
