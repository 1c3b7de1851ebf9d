package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestSpreadIsTheSameForeverAndStaysBelow(t *testing.T) {
	t.Parallel()
	// A changed value would move mails that are already planned: these three are frozen.
	for key, want := range map[string]int{
		"acme-sre/onsite/thank-you/ken@acme.example":  11,
		"acme-sre/onsite/thank-you/lena@acme.example": 10,
		"": 12,
	} {
		if got := calendar.Spread(key, 20*time.Minute); got != want {
			t.Errorf("%q: got minute %d, want %d", key, got, want)
		}
	}
}

func TestSpreadReachesEveryMinute(t *testing.T) {
	t.Parallel()
	counts := map[int]int{}
	for i := range 2000 {
		counts[calendar.Spread(fmt.Sprintf("acme/onsite/thank-you/p%d@acme.example", i), 20*time.Minute)]++
	}
	for minute, count := range counts {
		if minute < 0 || minute >= 20 || count < 50 || count > 160 {
			t.Errorf("minute %d got %d of 2000 keys, want about 100 in each of 0 to 19", minute, count)
		}
	}
	if len(counts) != 20 {
		t.Errorf("2000 keys reached %d of 20 minutes", len(counts))
	}
}

func TestSpreadOfLessThanAMinuteIsNone(t *testing.T) {
	t.Parallel()
	for _, spread := range []time.Duration{0, 59 * time.Second, -time.Hour} {
		if got := calendar.Spread("some key", spread); got != 0 {
			t.Errorf("%s: got %d, want 0", spread, got)
		}
	}
	if got := calendar.Spread("some key", 119*time.Second); got != 0 {
		t.Errorf("a spread of one whole minute has only minute 0, got %d", got)
	}
}

// takenAt tells the minutes after slot that other notes of the round have.
func takenAt(slot time.Time, minutes ...int) func(time.Time) bool {
	return func(t time.Time) bool {
		for _, minute := range minutes {
			if t.Equal(slot.Add(time.Duration(minute) * time.Minute)) {
				return true
			}
		}
		return false
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "")
	morning := instant(t, "2026-11-24T09:30:00+01:00")
	evening := instant(t, "2026-11-24T17:55:00+01:00")
	for _, test := range []struct {
		what   string
		slot   time.Time
		offset int
		taken  []int
		want   string
	}{
		{"nobody else", morning, 7, nil, "2026-11-24T09:37:00+01:00"},
		{"no offset", morning, 0, nil, "2026-11-24T09:30:00+01:00"},
		{"a negative offset", morning, -5, nil, "2026-11-24T09:30:00+01:00"},
		{"the next free minute", morning, 7, []int{7, 8}, "2026-11-24T09:39:00+01:00"},
		{"the last minute of the window", evening, 4, nil, "2026-11-24T17:59:00+01:00"},
		{"past the end", evening, 5, nil, "2026-11-24T17:59:00+01:00"},
		{"far past the end", evening, 500, nil, "2026-11-24T17:59:00+01:00"},
		{"past the end, last minute taken", evening, 19, []int{4}, "2026-11-24T17:58:00+01:00"},
		{"back from the end", evening, 3, []int{3, 4}, "2026-11-24T17:57:00+01:00"},
		{"back to the slot", evening, 3, []int{1, 2, 3, 4}, "2026-11-24T17:55:00+01:00"},
		{"all taken", evening, 3, []int{0, 1, 2, 3, 4}, "2026-11-24T17:55:00+01:00"},
	} {
		got := paris.Assign(test.slot, test.offset, takenAt(test.slot, test.taken...))
		wantInstant(t, test.what, got, instant(t, test.want))
	}
}

func TestAssignWithoutOthersOrOutsideTheWindow(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "")
	wantInstant(t, "nil taken", paris.Assign(instant(t, "2026-11-24T09:30:00+01:00"), 3, nil),
		instant(t, "2026-11-24T09:33:00+01:00"))
	saturday := instant(t, "2026-11-28T09:30:00+01:00")
	wantInstant(t, "outside the window", paris.Assign(saturday, 3, nil), saturday)
	seconds := instant(t, "2026-11-24T17:59:30+01:00")
	wantInstant(t, "half a minute before the end", paris.Assign(seconds, 3, nil), seconds)
}

func TestAPanelOfTwentyGetsTwentyMinutes(t *testing.T) {
	t.Parallel()
	paris := office(t, "Europe/Paris", "")
	slot := instant(t, "2026-11-24T17:35:00+01:00")
	seen := map[time.Time]bool{}
	for i := range 25 {
		offset := calendar.Spread(fmt.Sprintf("acme/panel/thank-you/p%d@acme.example", i), 20*time.Minute)
		at := paris.Assign(slot, offset, func(t time.Time) bool { return seen[t] })
		if seen[at] || !paris.InWindow(at) || at.Before(slot) {
			t.Errorf("note %d leaves at %s, which is taken or outside the window", i, at)
		}
		seen[at] = true
	}
}
