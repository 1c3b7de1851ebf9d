package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/scheduler/calendar"
)

// The people and places of the tests: one application, Acme in Paris, whose
// onsite is on Monday 23 November 2026 from 14:00 to 14:45. Tests change what
// they are about. There is no spread unless a test asks for it, so that every
// time can be computed by hand.

func zone(name string) *time.Location {
	z, err := calendar.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return z
}

// in reads a wall time in a zone.
func in(place, text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, zone(place))
	if err != nil {
		panic(err)
	}
	return t
}

// paris reads a wall time in Paris.
func paris(text string) time.Time { return in("Europe/Paris", text) }

func span(text string) calendar.Span {
	s, err := calendar.ParseSpan(text)
	if err != nil {
		panic(err)
	}
	return s
}

func cron(text string) calendar.Cron {
	c, err := calendar.ParseCron(text)
	if err != nil {
		panic(err)
	}
	return c
}

func date(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func hoursOf(days, from, to string) calendar.Window {
	w, err := calendar.ParseWeekdays(days)
	if err != nil {
		panic(err)
	}
	a, err := calendar.ParseTimeOfDay(from)
	if err != nil {
		panic(err)
	}
	b, err := calendar.ParseTimeOfDay(to)
	if err != nil {
		panic(err)
	}
	return calendar.Window{Days: w, From: a, To: b}
}

// policy is config.example.yaml without the spread.
func policy() Policy {
	return Policy{
		Me:     Me{Name: "Dana Reyes", Email: "dana@example.org", Zone: zone("Europe/Paris")},
		Review: ReviewFlagged, Announce: 18 * time.Hour, Holidays: "FR",
		Window: hoursOf("MON-FRI", "08:00", "18:00"), Late: hoursOf("MON-FRI", "07:00", "21:00"),
		PerHour: 20, LastLook: time.Minute,
		Limits:  Limits{PerPerson: 2, PerApplication: 2, Gap: span("7d")},
		Replies: Replies{Recruiter: PauseAll, Interviewer: ReplyCancels},
		Sequences: map[string][]Step{"default": {
			{Name: "thank-you", Template: "thank-you", To: ToInterviewers, After: span("8h"), Cron: cron("30 9 * * MON-FRI"), Expires: span("48h"), Kind: Owed},
			{Name: "follow-up-1", Template: "follow-up", To: ToContact, After: span("4bd"), Cron: cron("0 10 * * TUE-FRI"), Kind: Asking},
			{Name: "follow-up-2", Template: "follow-up-2", To: ToContact, After: span("7bd"), Cron: cron("0 10 * * TUE-FRI"), Kind: Asking},
		}},
		Language: "en",
	}
}

// person makes somebody at Acme out of a first name.
func person(first string) Person {
	return Person{Name: first + " Osei", Email: strings.ToLower(first) + "@acme.example"}
}

// onsite is the round of the tests, held, with the given interviewers.
func onsite(people ...Person) Interview {
	return Interview{ID: "onsite", At: paris("2026-11-23 14:00"), Zone: zone("Europe/Paris"), Duration: 45 * time.Minute,
		Status: InterviewHeld, Interviewers: people}
}

// acme is the facts of an application nobody knows anything else of.
func acme(rounds ...Interview) Facts {
	a := Application{Stem: "acme", Company: "Acme", Role: "Engineer", Status: StatusActive, Sequence: "default", Interviews: rounds}
	return Facts{Policy: policy(), Application: a, All: map[string]Application{"acme": a}}
}

// with changes facts.
func with(f Facts, change func(*Facts)) Facts {
	change(&f)
	f.All = map[string]Application{}
	f.All[f.Application.Stem] = f.Application
	return f
}

// sent is what the store remembers of a mail that left.
func (f *Facts) sent(step, email string, at time.Time) {
	kind := Owed
	for _, s := range f.Policy.Sequences["default"] {
		if s.Name == step {
			kind = s.Kind
		}
	}
	key := Key(f.Application.Stem, "onsite", step, email)
	f.Stored = append(f.Stored, Delivery{Key: key, Application: f.Application.Stem, Interview: "onsite", Step: step, Kind: kind,
		To: Recipient{Email: email}, State: Sent, SentAt: at, Due: at, Slot: at, Began: paris("2026-11-23 14:00")})
	f.Mails = append(f.Mails, Mail{MessageID: "<" + key + ">", Application: f.Application.Stem, Key: key, Outgoing: true, Person: email,
		Company: f.Application.Company, Asking: kind == Asking, At: at})
}

// heardFrom adds a mail of theirs.
func (f *Facts) heardFrom(email, class string, at time.Time) {
	f.Mails = append(f.Mails, Mail{MessageID: fmt.Sprintf("<%d@them>", at.Unix()), Application: f.Application.Stem, Person: email, Class: class, At: at})
}

// line writes what matters of a planned delivery: its step, its reader, and
// when it leaves at its reader's place, or why it does not.
func line(d Delivery) string {
	who := d.Step + " " + firstOf(d.To.Email, d.To.Name)
	switch {
	case d.State != Planned:
		return who + ": " + string(d.State) + ", " + d.Why
	case d.Due.IsZero():
		return who + ": after " + strings.TrimPrefix(d.WaitingFor, "for ") + ", " + inZone(d.Expected, d.Zone).Format("Mon 2 Jan 15:04")
	}
	text := who + ": " + inZone(d.Due, d.Zone).Format("Mon 2 Jan 15:04")
	if d.Personal != "" {
		text += ", in review: " + d.Personal
	}
	return text
}

// checkPlan compares the whole plan, line by line.
func checkPlan(t *testing.T, f Facts, now time.Time, want ...string) {
	t.Helper()
	var got []string
	for _, d := range Plan(&f, now) {
		got = append(got, line(d))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("at %s the plan is\n%s\nwant\n%s", now.Format("Mon 2 Jan 15:04"), g, w)
	}
}

// planned returns the one delivery of a step.
func planned(t *testing.T, f Facts, now time.Time, step string) Delivery {
	t.Helper()
	for _, d := range Plan(&f, now) {
		if d.Step == step {
			return d
		}
	}
	t.Fatalf("at %s no %s is planned", now, step)
	return Delivery{}
}

// store applies a reconciliation to the facts, as a store does.
func reconciled(t testing.TB, f Facts, now time.Time) Facts {
	t.Helper()
	stored := append([]Delivery{}, f.Stored...)
	f.Stored = stored
	for _, c := range Reconcile(&f, Plan(&f, now)) {
		at := -1
		for n, d := range stored {
			if d.Key == c.Delivery.Key {
				at = n
			}
		}
		before := State("")
		if at >= 0 {
			before = stored[at].State
		}
		if !Legal(before, c.Delivery.State) {
			t.Fatalf("%s moves from %q to %s", c.Delivery.Key, before, c.Delivery.State)
		}
		if at >= 0 {
			stored[at] = c.Delivery
		} else {
			stored = append(stored, c.Delivery)
		}
	}
	f.Stored = stored
	return f
}

func yearly(text string) calendar.YearlyRange {
	r, err := calendar.ParseYearlyRange(text)
	if err != nil {
		panic(err)
	}
	return r
}

func dates(text string) calendar.DateRange {
	r, err := calendar.ParseDateRange(text)
	if err != nil {
		panic(err)
	}
	return r
}
