package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// monday is a moment after the interview of the tests.
func monday() time.Time { return paris("2026-11-23 16:00") }

// TestThankYouTheNextMorning: 14:45 plus 8 h is 22:45 on Monday, and the first
// match of 9:30 lies on Tuesday. Four business days after that mail is Monday,
// and the follow-up leaves from Tuesday on; the second one 7 business days on.
func TestThankYouTheNextMorning(t *testing.T) {
	t.Parallel()
	checkPlan(t, acme(onsite(person("Ken"))), monday(),
		"thank-you ken@acme.example: Tue 24 Nov 09:30",
		"follow-up-1 ken@acme.example: after the step before it, Tue 1 Dec 10:00",
		"follow-up-2 ken@acme.example: after the step before it, Thu 10 Dec 10:00")
}

// TestNextStepAfterTheLast: step n+1 gets its time once n is sent.
func TestNextStepAfterTheLast(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) { f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30")) })
	checkPlan(t, f, paris("2026-11-24 12:00"),
		"thank-you ken@acme.example: Tue 24 Nov 09:30",
		"follow-up-1 ken@acme.example: Tue 1 Dec 10:00",
		"follow-up-2 ken@acme.example: after the step before it, Thu 10 Dec 10:00")
	f = with(f, func(f *Facts) { f.Stored[0].State = InDoubt })
	if d := planned(t, f, paris("2026-11-24 12:00"), "follow-up-1"); !d.Due.IsZero() {
		t.Errorf("follow-up-1 has a time although the thank-you is in doubt: %s", line(d))
	}
}

// TestSecondsOfSendingPutNothingOff: what was to leave at ten and left two seconds later leaves
// the next step its own ten o'clock, as was foretold.
func TestSecondsOfSendingPutNothingOff(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30").Add(2*time.Second))
	})
	if d := planned(t, f, paris("2026-11-24 12:00"), "follow-up-2"); d.Expected.Format("Mon 2 Jan 15:04") != "Thu 10 Dec 10:00" {
		t.Errorf("before: %s", line(d))
	}
	f = with(f, func(f *Facts) {
		f.sent("follow-up-1", "ken@acme.example", paris("2026-12-01 10:00").Add(2*time.Second))
	})
	if d := planned(t, f, paris("2026-12-01 12:00"), "follow-up-2"); d.Due.Format("Mon 2 Jan 15:04") != "Thu 10 Dec 10:00" {
		t.Errorf("after: %s", line(d))
	}
	f = with(f, func(f *Facts) { // seven days must lie between two
		f.Policy.Sequences["default"][2].After = span("2bd")
		f.Policy.Sequences["default"][2].Cron = cron("0 10 * * TUE")
	})
	if d := planned(t, f, paris("2026-12-01 12:00"), "follow-up-2"); d.Due.Format("Mon 2 Jan 15:04") != "Tue 8 Dec 10:00" {
		t.Errorf("after seven days: %s", line(d))
	}
}

// TestSilenceBeginsAtTheLastWord in either direction, of people: robots do not
// end silence.
func TestSilenceBeginsAtTheLastWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		class string
		want  string
	}{
		{"human", "Fri 4 Dec 10:00"},            // Fri 27 Nov 11:00 + 4 bd = Thu 3 Dec 11:00, after 10:00
		{"calendar_request", "Fri 4 Dec 10:00"}, // an invitation is a word
		{"auto_reply", "Tue 1 Dec 10:00"},
		{"notification", "Tue 1 Dec 10:00"},
		{"bounce", "Tue 1 Dec 10:00"},
		{"bulk", "Tue 1 Dec 10:00"},
	} {
		f := with(acme(onsite(person("Ken"))), func(f *Facts) {
			f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
			f.heardFrom("ken@acme.example", c.class, paris("2026-11-27 11:00"))
			f.Policy.Replies.Interviewer = ReplyRestarts // else the answer ends the follow-ups
		})
		d := planned(t, f, paris("2026-11-27 12:00"), "follow-up-1")
		if got := d.Due.Format("Mon 2 Jan 15:04"); got != c.want {
			t.Errorf("after a mail of class %s the follow-up leaves %s, want %s (%s)", c.class, got, c.want, d.Reason)
		}
	}
}

// TestFailedMailIsNoWord: a mail that came back restarts nothing.
func TestFailedMailIsNoWord(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"), person("Mara"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.sent("thank-you", "mara@acme.example", paris("2026-11-27 17:00"))
		f.Mails[1].Failed = true
		f.Stored[1].State = Bounced
	})
	if d := planned(t, f, paris("2026-11-30 08:00"), "follow-up-1"); !d.Due.Equal(paris("2026-12-01 10:00")) {
		t.Errorf("%s, want Tue 1 Dec 10:00 as if the mail to Mara had not left", line(d))
	}
}

// TestPromisedDate: asking mail waits until the second business day after
// decision_by; thanks do not.
func TestPromisedDate(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"))), func(f *Facts) {
		f.Application.DecisionBy = date("2026-12-04") // a Friday
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
	})
	d := planned(t, f, monday(), "follow-up-1")
	if !d.Due.Equal(paris("2026-12-08 10:00")) { // Mon 7 is the first business day, Tue 8 the second
		t.Errorf("%s, want Tue 8 Dec 10:00", line(d))
	}
	if !strings.Contains(d.Reason, "they promised to decide by Fri 4 Dec") {
		t.Errorf("the reason does not name the promise: %s", d.Reason)
	}
}

// TestDecidedOnTheDay: thanks leave two hours after the end where they decide
// the same day, in the late window if need be, and as ever where no window is
// open any more.
func TestDecidedOnTheDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ at, want string }{
		{"2026-11-23 09:00", "2026-11-23 11:45"},
		{"2026-11-23 17:00", "2026-11-23 19:45"}, // after the window, inside the late window
		{"2026-11-23 19:00", "2026-11-24 09:30"}, // 21:45 is too late for both
		{"2026-11-28 10:00", "2026-11-30 09:30"}, // a Saturday
	} {
		i := onsite(person("Ken"))
		i.At = paris(c.at)
		f := with(acme(i), func(f *Facts) { f.Application.DecisionBy = date(c.at[:10]) })
		if d := planned(t, f, i.End(), "thank-you"); !d.Due.Equal(paris(c.want)) {
			t.Errorf("an interview at %s, decided that day: %s, want %s", c.at, line(d), c.want)
		}
	}
}

// TestQuietAndAway: asking mail rests, also over the year's end; thanks go on.
func TestQuietAndAway(t *testing.T) {
	t.Parallel()
	i := onsite(person("Ken"))
	i.At = paris("2026-12-17 14:00")
	f := with(acme(i), func(f *Facts) {
		f.Policy.Quiet = append(f.Policy.Quiet, yearly("12-18..01-05"))
		f.sent("thank-you", "ken@acme.example", paris("2026-12-18 09:30"))
	})
	if d := planned(t, f, paris("2026-12-19 08:00"), "follow-up-1"); !d.Due.Equal(paris("2027-01-06 10:00")) {
		t.Errorf("%s, want Wed 6 Jan, the first day after the quiet days (%s)", line(d), d.Reason)
	}
	f = with(acme(i), func(f *Facts) {
		f.Policy.Me.Away = append(f.Policy.Me.Away, dates("2026-12-18..2027-01-12"))
		f.sent("thank-you", "ken@acme.example", paris("2026-12-18 09:30"))
	})
	d := planned(t, f, paris("2026-12-19 08:00"), "follow-up-1")
	if !d.Due.Equal(paris("2027-01-13 10:00")) || !strings.Contains(d.Reason, "you are away 2026-12-18..2027-01-12") {
		t.Errorf("%s, want Wed 13 Jan because you are away (%s)", line(d), d.Reason)
	}
	f.Stored, f.Mails = nil, nil
	if d := planned(t, f, paris("2026-12-17 16:00"), "thank-you"); !d.Due.Equal(paris("2026-12-18 09:30")) {
		t.Errorf("thanks must not rest: %s", line(d))
	}
}

// TestHolidaysOfTheirCountry: the recipient's country counts, not one's own.
func TestHolidaysOfTheirCountry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, at, want string }{
		{"", "2026-11-10 14:00", "Thu 12 Nov 09:30"}, // 11 November rests in France
		{"DE", "2026-11-10 14:00", "Wed 11 Nov 09:30"},
		{"US", "2026-11-25 14:00", "Fri 27 Nov 09:30"}, // Thanksgiving
		{"FR", "2026-12-24 14:00", "Mon 28 Dec 09:30"}, // Christmas is a Friday
	} {
		i := onsite(person("Ken"))
		i.At = paris(c.at)
		f := with(acme(i), func(f *Facts) { f.Application.Country = c.country })
		if got := planned(t, f, i.End(), "thank-you").Due.Format("Mon 2 Jan 15:04"); got != c.want {
			t.Errorf("an interview at %s in %q: thanks leave %s, want %s", c.at, c.country, got, c.want)
		}
	}
}

// TestRecipientsPlace: the person's zone, else the application's, else the
// interview's, else one's own.
func TestRecipientsPlace(t *testing.T) {
	t.Parallel()
	ken := person("Ken")
	i := onsite(ken) // ends 14:45 in Paris, which is 08:45 in New York and 22:45 in Tokyo
	check := func(name string, f Facts, want time.Time, zone string) {
		t.Helper()
		d := planned(t, f, monday(), "thank-you")
		if !d.Due.Equal(want) || d.Zone != zone {
			t.Errorf("%s: due %s in %s, want %s in %s", name, d.Due, d.Zone, want, zone)
		}
	}
	check("the interview's", acme(i), paris("2026-11-24 09:30"), "Europe/Paris")
	app := with(acme(i), func(f *Facts) { f.Application.Zone = zone("America/New_York") })
	check("the application's", app, in("America/New_York", "2026-11-24 09:30"), "America/New_York")
	ken.Zone = zone("Asia/Tokyo")
	own := with(acme(onsite(ken)), func(f *Facts) { f.Application.Zone = zone("America/New_York") })
	check("the person's", own, in("Asia/Tokyo", "2026-11-24 09:30"), "Asia/Tokyo")
	i.Zone = nil
	check("one's own", with(acme(i), func(f *Facts) { f.Policy.Me.Zone = zone("Asia/Kolkata") }), in("Asia/Kolkata", "2026-11-24 09:30"), "Asia/Kolkata")
}

// TestOddPlaces: weekends on Friday and Saturday, a line with seconds, a gap in
// the clocks, a step without any wait, one that never comes.
func TestOddPlaces(t *testing.T) {
	t.Parallel()
	check := func(name string, want time.Time, change func(*Facts, *Step)) {
		t.Helper()
		f := with(acme(onsite(person("Ken"))), func(f *Facts) { change(f, &f.Policy.Sequences["default"][0]) })
		if d := planned(t, f, paris("2026-03-01 08:00"), "thank-you"); !d.Due.Equal(want) {
			t.Errorf("%s: %s (%s), want %s", name, line(d), d.Reason, want)
		}
	}
	check("Friday and Saturday are the weekend", in("Asia/Riyadh", "2026-11-29 09:30"), func(f *Facts, s *Step) {
		f.Application.Zone, f.Policy.Holidays = zone("Asia/Riyadh"), ""
		f.Policy.Window = hoursOf("SUN-THU", "08:00", "18:00")
		f.Application.Interviews[0].At = in("Asia/Riyadh", "2026-11-26 14:00") // a Thursday
		s.Cron = cron("30 9 * * SUN-THU")
	})
	check("seconds", paris("2026-11-24 09:30").Add(15*time.Second), func(_ *Facts, s *Step) { s.Cron = cron("15 30 9 * * MON-FRI") })
	check("no wait at all", paris("2026-11-23 15:00"), func(_ *Facts, s *Step) { s.After, s.Cron = span("0s"), cron("0 * * * *") })
	check("a gap: 00:30 does not exist in Santiago on 6 September", in("America/Santiago", "2026-09-06 01:00"), func(f *Facts, s *Step) {
		f.Application.Zone, f.Policy.Holidays = zone("America/Santiago"), ""
		f.Policy.Window = hoursOf("*", "00:00", "24:00")
		f.Application.Interviews[0].At = in("America/Santiago", "2026-09-05 14:00")
		s.Cron = cron("30 0 * * *")
	})
	f := with(acme(onsite(person("Ken"))), func(f *Facts) { f.Policy.Sequences["default"][0].Cron = cron("30 3 * * *") })
	if d := planned(t, f, monday(), "thank-you"); d.State != Cancelled || !strings.Contains(d.Why, "never") {
		t.Errorf("a time that never comes: %s", line(d))
	}
}

// TestNoteBesideStoredOnes: a note that is added to a panel takes no minute that
// a note in the store has, in whichever zone the store gives its times.
func TestNoteBesideStoredOnes(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"Europe/Paris", "UTC"} {
		f := reconciled(t, acme(onsite(person("Ken"))), monday())
		for n := range f.Stored {
			d := &f.Stored[n]
			d.Due, d.Slot = d.Due.In(zone(place)), d.Slot.In(zone(place))
		}
		f.Application.Interviews[0].Interviewers = []Person{person("Noor"), person("Ken")}
		minutes := map[int64]string{}
		for _, d := range Plan(&f, monday()) {
			if d.Kind != Owed {
				continue
			}
			if other, taken := minutes[d.Due.Unix()]; taken {
				t.Errorf("times in %s: %s and %s leave in one minute, at %s", place, other, d.Key, d.Due)
			}
			minutes[d.Due.Unix()] = d.Key
		}
		if len(minutes) != 2 {
			t.Errorf("times in %s: %d notes are planned, want 2", place, len(minutes))
		}
	}
}

// TestPanel: everybody gets a note of their own, no two of them in one minute,
// whatever the spread.
func TestPanel(t *testing.T) {
	t.Parallel()
	names := []string{"Ann", "Ben", "Cyd", "Dov", "Eva", "Fay", "Gus", "Hal"}
	for _, spread := range []time.Duration{0, time.Minute, 20 * time.Minute, 4 * time.Hour, 20 * time.Hour} {
		var people []Person
		for _, n := range names {
			people = append(people, person(n))
		}
		f := with(acme(onsite(people...)), func(f *Facts) { f.Policy.Spread = spread })
		minutes := map[time.Time]string{}
		for _, d := range Plan(&f, monday()) {
			if d.Kind != Owed {
				continue
			}
			if before, taken := minutes[d.Due]; taken {
				t.Errorf("spread %s: %s and %s leave in the minute %s", spread, before, d.To.Email, d.Due)
			}
			minutes[d.Due] = d.To.Email
			if d.Due.Before(paris("2026-11-24 09:30")) || !d.Due.Before(paris("2026-11-24 18:00")) {
				t.Errorf("spread %s: %s leaves at %s, outside the window", spread, d.To.Email, d.Due)
			}
		}
		if len(minutes) != len(names) {
			t.Errorf("spread %s: %d notes for %d people", spread, len(minutes), len(names))
		}
	}
}

// TestPanelLargerThanTheWindow: where the window has fewer minutes than the panel
// has people, the others are thanked in the next one, and stay there.
func TestPanelLargerThanTheWindow(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ann"), person("Ben"), person("Cyd"), person("Dov"))), func(f *Facts) {
		f.Policy.Window = hoursOf("MON-FRI", "09:30", "09:32")
	})
	want := []string{"ann@acme.example Tue 24 Nov 09:30", "ben@acme.example Tue 24 Nov 09:31", "cyd@acme.example Wed 25 Nov 09:30", "dov@acme.example Wed 25 Nov 09:31"}
	for range 2 {
		var got []string
		for _, d := range Plan(&f, monday()) {
			if d.Kind == Owed {
				got = append(got, d.To.Email+" "+d.Due.Format("Mon 2 Jan 15:04"))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("the plan is %q, want %q", got, want)
		}
		f = reconciled(t, f, monday())
	}
}

// TestSpreadIsAssignedOnce: neither a newcomer nor another setting moves a
// minute that was given.
func TestSpreadIsAssignedOnce(t *testing.T) {
	t.Parallel()
	f := with(acme(onsite(person("Ken"), person("Mara"))), func(f *Facts) { f.Policy.Spread = 20 * time.Minute })
	f = reconciled(t, f, monday())
	before := map[string]time.Time{}
	for _, d := range f.Stored {
		before[d.Key] = d.Due
	}
	f = with(f, func(f *Facts) {
		f.Policy.Spread = 3 * time.Minute
		f.Application.Interviews = []Interview{onsite(person("Tom"), person("Mara"), person("Ken"))}
	})
	for _, d := range reconciled(t, f, monday()).Stored {
		if was, ok := before[d.Key]; ok && !d.Due.Equal(was) {
			t.Errorf("%s moved from %s to %s", d.Key, was, d.Due)
		}
	}
	f.Policy.Window = hoursOf("MON-FRI", "08:00", "09:31")
	for _, d := range reconciled(t, f, monday()).Stored {
		if d.Kind == Owed && !d.Due.Before(paris("2026-11-24 09:31")) {
			t.Errorf("%s keeps %s although the window closes before", d.Key, d.Due)
		}
	}
}

// TestMovedInterviewMovesItsMail under the same keys.
func TestMovedInterviewMovesItsMail(t *testing.T) {
	t.Parallel()
	f := reconciled(t, acme(onsite(person("Ken"))), paris("2026-11-20 08:00"))
	moved := onsite(person("Ken"))
	moved.At = paris("2026-11-25 10:00")
	f = with(f, func(f *Facts) { f.Application.Interviews = []Interview{moved} })
	g := reconciled(t, f, paris("2026-11-20 09:00"))
	if len(g.Stored) != 3 || !g.Stored[0].Due.Equal(paris("2026-11-26 09:30")) {
		t.Errorf("after the move the store holds %d deliveries, the first %s", len(g.Stored), line(g.Stored[0]))
	}
}
