package calendar_test

import (
	"strings"
	"testing"

	"afterword/scheduler/calendar"
)

func TestParseTimeOfDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		minutes calendar.TimeOfDay
		written string
	}{
		"00:00": {0, "00:00"}, "08:00": {480, "08:00"}, "8:00": {480, "08:00"}, "23:59": {1439, "23:59"}, "24:00": {1440, "24:00"},
	} {
		got, err := calendar.ParseTimeOfDay(text)
		if err != nil || got != want.minutes || got.String() != want.written {
			t.Errorf("%s: got %d (%s) and error %v, want %d", text, got, got, err, want.minutes)
		}
	}
}

func TestParseTimeOfDayRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "8", "08", "0800", "08:0", "08:60", "24:01", "25:00", "99:00", "-1:00", "+8:00", "08:00:30", "8 am", "8:00am", "08.00",
		" 08:00", "08:00 ", "008:00", "08:", ":00", "480", "０８:00",
	} {
		got, err := calendar.ParseTimeOfDay(text)
		if err == nil {
			t.Errorf("%q was read as %s, want an error", text, got)
			continue
		}
		if !strings.Contains(err.Error(), "expected hours and minutes such as 08:00") {
			t.Errorf("%q: error %q does not say what is expected", text, err)
		}
	}
}

func TestWindowValidate(t *testing.T) {
	t.Parallel()
	const weekdays = calendar.Weekdays(0b0111110)
	for _, test := range []struct {
		window calendar.Window
		cause  string
	}{
		{calendar.Window{Days: weekdays, From: 480, To: 1080}, ""},
		{calendar.Window{Days: weekdays, From: 0, To: 1440}, ""},
		{calendar.Window{Days: weekdays, From: 0, To: 1}, ""},
		{calendar.AllHours(), ""},
		{calendar.Window{}, "no days"},
		{calendar.Window{From: 480, To: 1080}, "no days"},
		{calendar.Window{Days: weekdays, From: 480, To: 480}, "an end after the start"},
		{calendar.Window{Days: weekdays, From: 1080, To: 480}, "an end after the start"},
		{calendar.Window{Days: weekdays, From: 1440, To: 1440}, "an end after the start"},
		{calendar.Window{Days: weekdays, From: -60, To: 480}, "between 00:00 and 24:00"},
		{calendar.Window{Days: weekdays, From: 480, To: 1441}, "between 00:00 and 24:00"},
	} {
		err := test.window.Validate()
		if test.cause == "" {
			if err != nil {
				t.Errorf("%s is refused: %v", test.window, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.cause) {
			t.Errorf("%s: error %v, want it to say %q", test.window, err, test.cause)
		}
	}
}

func TestWindowIsWrittenForASentence(t *testing.T) {
	t.Parallel()
	if got := window(t, "MON-FRI", "08:00", "18:00").String(); got != "MON-FRI 08:00-18:00" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseTimeOfDay(f *testing.F) {
	for _, seed := range []string{"08:00", "24:00", "24:01", "8:5", "::", "-8:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := calendar.ParseTimeOfDay(text)
		if err != nil {
			return
		}
		if at < 0 || at > calendar.EndOfDay {
			t.Errorf("%q was read as minute %d of the day", text, at)
		}
		if again, err := calendar.ParseTimeOfDay(at.String()); err != nil || again != at {
			t.Errorf("%q is written as %q, which reads as %s (%v)", text, at, again, err)
		}
	})
}
