package proofread

import (
	"time"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// placeOf is where and when the recipient reads mail: the usual office hours
// where the facts do not say.
func placeOf(in scheduler.ProofInput) calendar.Place {
	p := in.Place
	if p.Zone == nil {
		p.Zone = in.Leaves.Location()
	}
	if p.Holidays == nil {
		p.Holidays, _ = calendar.ForCountry(in.Application.Country) // unknown: none
	}
	if p.Window.Days == 0 {
		p.Window = usualHours(in.Kind)
	}
	return p
}

// usualHours are those of config.example.yaml; owed mail has the wider ones.
func usualHours(k scheduler.Kind) calendar.Window {
	days, err := calendar.ParseWeekdays("MON-FRI")
	if err != nil {
		panic("reading constant weekdays: " + err.Error())
	}
	if k == scheduler.Owed {
		return calendar.Window{Days: days, From: 7 * 60, To: 21 * 60}
	}
	return calendar.Window{Days: days, From: 8 * 60, To: 18 * 60}
}

// closed finds asking mail where nothing is left to ask.
func closed(m *mail) []scheduler.Finding {
	if s := m.in.Application.Status; s.Over() {
		return found("application", "the application is %s; nothing more is to be asked", s)
	}
	return nil
}

// tooOften finds asking mail beyond the limits, and a second person asked in
// the place of the first.
func tooOften(m *mail) []scheduler.Finding {
	in := m.in
	switch {
	case in.TooSoon != "":
		return found("schedule", "%s; wait, or let it rest", in.TooSoon)
	case in.Asked >= scheduler.HardLimit:
		return found("schedule", "%d mails that ask are unanswered already; let it rest", in.Asked)
	case in.Asked > 0 && !askedHere(in.Thread):
		return found("to", "somebody else of this application was asked already and has not answered; do not ask a second person")
	}
	return nil
}

// askedHere reports whether the unanswered asking mail may be part of the
// exchange with this very person.
func askedHere(t *scheduler.Mail) bool { return t != nil && t.Outgoing && (t.Asking || t.ByHand) }

// leavesOn is the day on which the mail leaves, at the recipient's place.
func (m *mail) leavesOn() calendar.Date { return calendar.DateOf(m.in.Leaves.In(m.place.Zone)) }

// timed reports whether the facts say when the interview was and the mail
// leaves.
func (m *mail) timed() bool { return !m.in.Leaves.IsZero() && !m.in.Interview.At.IsZero() }

// plannedOn is the day for which the mail was planned. A machine that was off,
// or a server that put it off, does not make it a plan that comes too late.
func (m *mail) plannedOn() calendar.Date {
	if m.in.Planned.IsZero() {
		return m.leavesOn()
	}
	return calendar.DateOf(m.in.Planned.In(m.place.Zone))
}

// lateThanks counts business days at the recipient's place.
func lateThanks(m *mail) []scheduler.Finding {
	if !m.timed() || m.in.Template == "reply-to-rejection" {
		return nil
	}
	held, on := calendar.DateOf(m.in.Interview.End().In(m.place.Zone)), m.leavesOn()
	switch {
	case on.After(m.place.AddBusinessDays(held, tooLateDays)):
		return graded(scheduler.Error, "schedule", "it would leave more than %d business days after the interview; that is too late for thanks of their own; leave them, or say it in your next mail", tooLateDays)
	case m.plannedOn().After(m.place.AddBusinessDays(held, lateDays)):
		return found("schedule", "it would leave later than the next business day after the interview; send it sooner")
	}
	return nil
}

// hastyThanks finds thanks that must have been written beforehand.
func hastyThanks(m *mail) []scheduler.Finding {
	i := m.in.Interview
	if !m.timed() || m.in.Template == "reply-to-rejection" || m.in.Application.DecisionBy == calendar.DateOf(i.End().In(m.place.Zone)) {
		return nil
	}
	if m.in.Leaves.Before(i.End().Add(hastyHours * time.Hour)) {
		return found("schedule", "it would leave within %d hours of the interview's end and look prepared; send it later", hastyHours)
	}
	return nil
}

// beforeDecision keeps to the date that they promised.
func beforeDecision(m *mail) []scheduler.Finding {
	by := m.in.Application.DecisionBy
	if by.IsZero() || m.in.Leaves.IsZero() {
		return nil
	}
	switch on := m.leavesOn(); {
	case on.Before(by):
		return found("schedule", "they promised to decide by %s; do not ask before", by.Words())
	case on.Before(m.place.AddBusinessDays(by, decisionDays)):
		return graded(scheduler.Warning, "schedule", "they promised to decide by %s; give them %d business days more", by.Words(), decisionDays)
	}
	return nil
}

// tooSoon counts the silence from the interview or their last mail.
func tooSoon(m *mail) []scheduler.Finding {
	if !m.timed() {
		return nil
	}
	since := m.in.Interview.End()
	if t := m.in.Thread; t != nil && !t.Outgoing && t.Speaks() && t.At.After(since) {
		since = t.At
	}
	from, on := calendar.DateOf(since.In(m.place.Zone)), m.leavesOn()
	switch {
	case on.Before(m.place.AddBusinessDays(from, tooQuietDays)):
		return found("schedule", "it asks after less than %d business days of silence; wait", tooQuietDays)
	case on.Before(m.place.AddBusinessDays(from, quietDays)):
		return graded(scheduler.Warning, "schedule", "it asks after less than %d business days of silence; wait a little", quietDays)
	}
	return nil
}

// badHour finds mail that would arrive when nobody works.
func badHour(m *mail) []scheduler.Finding {
	if m.in.Leaves.IsZero() || m.place.InWindow(m.in.Leaves) {
		return nil
	}
	on := m.leavesOn()
	if name, holiday := m.place.Holidays.Name(on); holiday {
		return found("schedule", "%s is a holiday there (%s); choose a working day", on.Words(), name)
	}
	return found("schedule", "%s is outside the hours in which people read mail there", m.in.Leaves.In(m.place.Zone).Format("Mon 2 Jan 15:04"))
}

// zoneAssumed says that the recipient's clock is a guess.
func zoneAssumed(m *mail) []scheduler.Finding {
	i := m.in.Interview
	if (i.Kind == "phone" || i.Kind == "video") && !i.ZoneStated && m.in.Application.Zone == nil && m.in.Person.Zone == nil {
		return found("timezone", "nobody stated %s's time zone; yours is assumed", m.person().Name)
	}
	return nil
}

// noDebrief and noDate remind of notes that fade.
func noDebrief(m *mail) []scheduler.Finding {
	if m.in.Interview.Status == scheduler.InterviewHeld && m.in.Interview.Debrief.Empty() {
		return found("debrief", "the interview has no debrief yet; write down what went well and what did not")
	}
	return nil
}

func noDate(m *mail) []scheduler.Finding {
	if m.in.Interview.Status == scheduler.InterviewHeld && m.in.Application.DecisionBy.IsZero() {
		return found("decision_by", "nobody noted when they promised to decide; set decision_by if they did")
	}
	return nil
}
