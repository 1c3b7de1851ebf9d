package calendar_test

import (
	"strings"
	"testing"

	"afterword/scheduler/calendar"
)

func TestLoadZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+5"} {
		loaded, err := calendar.LoadZone(name)
		if err != nil || loaded.String() != name {
			t.Errorf("%s: got %v and error %v", name, loaded, err)
		}
	}
}

func TestLoadZoneRefusesWhatNamesNoPlace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "Local", "local", "LOCAL", "localtime", "posixrules", "Factory", "right/Europe/Paris", "posix/Europe/Paris",
		"Europe/Atlantis", "Paris", "CEST", "UTC+1", "+01:00", "../etc/passwd", "/etc/localtime", "Europe\\Paris",
		"Europe/Paris\x00", "W. Europe Standard Time", strings.Repeat("x", 100_000),
	} {
		got, err := calendar.LoadZone(name)
		if err == nil {
			t.Errorf("%.40q was loaded as %s, want an error", name, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "loading time zone: found ") || !strings.Contains(err.Error(), "Europe/Paris") {
			t.Errorf("%.40q: error %q names neither what was found nor an example", name, err)
		}
		if len(err.Error()) > 300 {
			t.Errorf("%.40q: the error has %d characters", name, len(err.Error()))
		}
	}
}

func FuzzLoadZone(f *testing.F) {
	for _, seed := range []string{"Europe/Paris", "Local", "../../etc/passwd", "Etc/", ".", "zone.tab"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		loaded, err := calendar.LoadZone(name)
		if (loaded == nil) != (err != nil) {
			t.Errorf("%q: zone %v and error %v", name, loaded, err)
		}
	})
}
