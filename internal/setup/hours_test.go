package setup

import (
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

func TestHoursAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"always": "* 00:00-24:00", " Always ": "* 00:00-24:00", "MON-FRI 09:00-18:00": "MON-FRI 09:00-18:00",
		"19:00 - 23:00": "", "19:00-23:00": "* 19:00-23:00", "sat,sun 10:00-24:00": "SAT,SUN 10:00-24:00",
		"": "", "never": "", "09:00": "", "MON-FRI": "", "MON-FRI 18:00-09:00": "", "MON-FRI 25:00-26:00": "", "DAYS 09:00-18:00": "",
	} {
		h, err := ParseHours(text)
		got := ""
		if err == nil {
			got = calendar.Window(h).String()
		}
		if got != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestProposalsSuitTheComputer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ hours, thanks, asks, window string }{
		{"always", "30 9 * * MON-FRI", "0 10 * * TUE-FRI", "MON-FRI 08:00-18:00"},
		{"MON-FRI 09:00-18:00", "30 9 * * MON-FRI", "0 10 * * TUE-FRI", "MON-FRI 08:00-18:00"},
		{"MON-FRI 10:00-17:00", "30 10 * * MON-FRI", "0 11 * * TUE-FRI", "MON-FRI 08:00-18:00"},
		{"MON-FRI 12:00-13:00", "30 12 * * MON-FRI", "30 12 * * TUE-FRI", "MON-FRI 08:00-18:00"},
		{"TUE-THU 08:15-12:00", "30 9 * * TUE-THU", "0 10 * * TUE-THU", "MON-FRI 08:00-18:00"},
		{"MON-FRI 06:00-09:15", "30 8 * * MON-FRI", "45 8 * * TUE-FRI", "MON-FRI 08:00-18:00"},
		{"MON-FRI 19:00-23:00", "30 19 * * MON-FRI", "0 20 * * TUE-FRI", "MON-FRI 19:00-21:00"},
		{"SAT,SUN 10:00-16:00", "30 10 * * SAT,SUN", "0 11 * * SAT,SUN", "SAT,SUN 08:00-18:00"},
		{"MON 08:00-18:00", "30 9 * * MON", "0 10 * * MON", "MON-FRI 08:00-18:00"},
		{"MON-FRI 22:00-24:00", "30 9 * * MON-FRI", "0 10 * * TUE-FRI", "MON-FRI 08:00-18:00"},
	} {
		h, err := ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		if s := h.Proposal(); s.ThankYou != c.thanks || s.FollowUp != c.asks || s.Window.String() != c.window {
			t.Errorf("%s: %q, %q, %s; want %q, %q, %s", c.hours, s.ThankYou, s.FollowUp, s.Window, c.thanks, c.asks, c.window)
		}
	}
}

// TestProposalsHoldForAllHours: whatever the hours, what is proposed lies in
// the window at a decent time, and while the computer is on where that can be.
func TestProposalsHoldForAllHours(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, days := range []string{"*", "MON-FRI", "MON", "SAT,SUN", "FRI-MON", "SUN"} {
		for from := calendar.TimeOfDay(0); from < calendar.EndOfDay; from += 30 {
			for to := from + 30; to <= calendar.EndOfDay; to += 30 {
				tried++
				checkProposal(t, Hours{Days: weekdays(days), From: from, To: to})
			}
		}
	}
	if tried < 5_000 {
		t.Fatalf("only %d hours were tried", tried)
	}
}

func checkProposal(t *testing.T, h Hours) {
	t.Helper()
	s := h.Proposal()
	off := strings.Contains(s.Words, "off whenever")
	for _, line := range []string{s.ThankYou, s.FollowUp} {
		cron, err := calendar.ParseCron(line)
		if err != nil {
			t.Fatalf("%v proposes %q: %v", h, line, err)
		}
		slot, err := (calendar.Place{Zone: time.UTC, Window: s.Window}).Next(cron, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), nil)
		if err != nil {
			t.Fatalf("%v proposes %q, which never leaves: %v", h, line, err)
		}
		at := calendar.TimeOfDay(slot.At.Hour()*60 + slot.At.Minute())
		if at < 7*60 || at > 21*60 || !off && (at < h.From || at >= h.To || !h.Days.Contains(slot.At.Weekday())) {
			t.Errorf("%v proposes %q, which leaves on %s", h, line, slot.At.Format("Mon 15:04"))
		}
	}
	if err := s.Window.Validate(); err != nil {
		t.Errorf("%v: %v", h, err)
	}
	if s.Words == "" {
		t.Errorf("%v: nothing is said of the proposal", h)
	}
}
