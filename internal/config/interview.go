package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// defaultDuration is how long a meeting lasts whose file does not say.
const defaultDuration = 45 * time.Minute

// LoadInterview reads and checks one interview file against the policy: its
// zone, its sequences. The error is Problems, with everything that is wrong in
// the file, or says why the file cannot be read at all. Two files of one
// application are LoadInterviews' concern.
func LoadInterview(path string, p scheduler.Policy) (scheduler.Application, error) {
	data, err := readFile(path)
	if err != nil {
		return scheduler.Application{}, err
	}
	return parseInterview(path, data, p)
}

func parseInterview(path string, data []byte, p scheduler.Policy) (scheduler.Application, error) {
	r := newReader(path)
	root := r.parse(data)
	if root == nil {
		return scheduler.Application{}, r.problems.sorted()
	}
	a := r.application(root, p)
	if err := r.problems.sorted(); err != nil {
		return scheduler.Application{}, err
	}
	return a, nil
}

// stemOf is the file's name without its extension, the first part of keys.
func stemOf(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// application reads the top level of an interview file.
func (r *reader) application(root *yaml.Node, p scheduler.Policy) scheduler.Application {
	f := value{r: r, node: root, near: root}.fields()
	sequence := r.sequenceName(f.get("sequence"), p)
	for _, s := range p.Sequences[sequence] {
		r.steps = append(r.steps, s.Name)
	}
	for _, address := range append([]string{p.Me.Email}, p.Me.Aliases...) {
		r.own = append(r.own, scheduler.NormalAddress(address))
	}
	a := scheduler.Application{
		Stem:      stemOf(r.file),
		File:      r.file,
		Company:   f.get("company").needed(value.line, "the company's name"),
		Role:      f.get("role").needed(value.line, "the role as they call it"),
		Domains:   parsedAll(f.get("domains"), "a domain of the company such as acme.example", hinted(companyDomain, domainHint)),
		Zone:      f.get("timezone").zone(),
		Country:   f.get("country").country(),
		Language:  f.get("language").language(""),
		Status:    scheduler.Status(f.get("status").choice(string(scheduler.StatusActive), statuses()...)),
		Recruiter: r.recruiter(f.get("recruiter")),
		Sequence:  sequence,
	}
	if v := f.get("decision_by"); !v.empty() {
		a.DecisionBy = parsed(v, "a date such as 2026-12-04", calendar.Date{}, hinted(calendar.ParseDate, dayHint))
	}
	a.Interviews = r.interviews(f.get("interviews"), p)
	r.checkDecision(f.get("decision_by"), a)
	r.checkSlots(f.get("sequence"), a, p)
	f.done()
	return a
}

func statuses() []string {
	var all []string
	for _, s := range []scheduler.Status{scheduler.StatusActive, scheduler.StatusConsidered, scheduler.StatusPaused, scheduler.StatusOffer,
		scheduler.StatusAccepted, scheduler.StatusRejected, scheduler.StatusWithdrawn, scheduler.StatusClosed} {
		all = append(all, string(s))
	}
	return all
}

// sequenceName reads which sequence follows the interviews; it must exist.
func (r *reader) sequenceName(v value, p scheduler.Policy) string {
	name := v.word("the name of a sequence")
	if name == "" {
		return defaultSequence
	}
	if _, ok := p.Sequences[name]; !ok && len(p.Sequences) > 0 {
		var names []string
		for n := range p.Sequences {
			names = append(names, n)
		}
		v.wrong("a sequence of config.yaml", DidYouMean(name, names))
	}
	return name
}

// interviews reads the rounds. From two on each needs an id, because keys must
// outlive a moved date and a reordered list.
func (r *reader) interviews(v value, p scheduler.Policy) []scheduler.Interview {
	items := v.items()
	var all []scheduler.Interview
	seen := map[string]bool{}
	for _, item := range items {
		f := item.fields()
		i := r.interview(f, p)
		id := f.get("id")
		switch {
		case i.ID == "" && len(items) > 1:
			id.missing("an id such as onsite, since there is more than one interview")
		case i.ID == "":
			i.ID = scheduler.OnlyInterview
		case seen[strings.ToLower(i.ID)]:
			id.wrong("an id that no other interview of the file has", "")
		}
		seen[strings.ToLower(i.ID)] = true
		all = append(all, i)
	}
	return all
}

// interview reads one meeting.
func (r *reader) interview(f *fields, p scheduler.Policy) scheduler.Interview {
	i := scheduler.Interview{
		ID:       f.get("id").id(),
		Zone:     f.get("timezone").zone(),
		Duration: f.get("duration").duration(time.Minute, 24*time.Hour, defaultDuration),
		Kind:     f.get("kind").choice("", "phone", "video", "onsite", "panel", "group"),
		Status: scheduler.InterviewStatus(f.get("status").choice(string(scheduler.InterviewPlanned),
			string(scheduler.InterviewPlanned), string(scheduler.InterviewHeld), string(scheduler.InterviewCancelled))),
		UID: f.get("uid").word("the UID of an invitation"),
	}
	i.ZoneStated = i.Zone != nil
	zone := i.Zone
	if zone == nil {
		zone = p.Me.Zone
	}
	if zone == nil {
		zone = time.UTC
	}
	i.Zone = zone
	i.At = r.meetingTime(f.get("at"), zone)
	i.Interviewers = r.interviewers(f.get("interviewers"))
	i.Debrief = r.debrief(f.section("debrief"))
	f.done()
	return i
}

// id reads an interview's id. It may be quoted and hold spaces, but not be
// given and empty.
func (v value) id() string {
	const expected = "an id such as onsite"
	if !v.absent() && v.empty() {
		v.wrong(expected, "leave the key out if there is one interview only")
		return ""
	}
	s := v.word(expected)
	if len(s) > 100 {
		v.wrong(expected, "at most 100 characters")
		return ""
	}
	return s
}

// meetingTime reads a wall time. One that the clocks skip is refused, since
// nobody can meet then; of one that comes twice the first is meant.
func (r *reader) meetingTime(v value, zone *time.Location) time.Time {
	const expected = "a date and time such as 2026-11-23 14:00"
	if v.empty() {
		v.missing(expected)
		return time.Time{}
	}
	before := len(r.problems)
	wall := parsed(v, expected, calendar.Wall{}, parseMeeting)
	if len(r.problems) > before {
		return time.Time{}
	}
	at := calendar.Resolve(wall, zone)
	if calendar.WallOf(at.In(zone)) != wall {
		v.wrong("a time that exists in "+zone.String(), "the clocks go forward then; the first time after it is "+at.In(zone).Format("2006-01-02 15:04"))
	}
	return at
}

// parseMeeting reads a wall time of this century, so that a mistyped year does
// not silence an application for ever.
func parseMeeting(s string) (calendar.Wall, error) {
	w, err := calendar.ParseWall(s)
	if hint := meetingHint(s); err != nil && hint != "" {
		err = fmt.Errorf("reading time: %w", errors.New(hint))
	}
	if err == nil && (w.Year < 2000 || w.Year > 2099) {
		err = fmt.Errorf("reading time: %w", errors.New("the year is not of this century"))
	}
	return w, err
}

// checkDecision refuses a promised date that lies more than a year before the
// first interview or two years after the last: the year is mistyped.
func (r *reader) checkDecision(v value, a scheduler.Application) {
	if a.DecisionBy.IsZero() {
		return
	}
	var first, last calendar.Date
	for _, i := range a.Interviews {
		if i.At.IsZero() {
			continue
		}
		day := calendar.DateOf(i.At.In(i.Zone))
		if first.IsZero() || day.Before(first) {
			first = day
		}
		if day.After(last) {
			last = day
		}
	}
	switch {
	case first.IsZero():
	case a.DecisionBy.AddDays(366).Before(first):
		v.wrong("a date near the interviews", "the first interview is on "+first.String())
	case last.AddDays(2 * 366).Before(a.DecisionBy):
		v.wrong("a date near the interviews", "the last interview is on "+last.String())
	}
}

// checkSlots makes sure that every step of the sequence can leave at the
// recipients' place, whose holidays and zone may not be the user's.
func (r *reader) checkSlots(v value, a scheduler.Application, p scheduler.Policy) {
	if len(r.problems) > 0 || p.Window.Validate() != nil {
		return
	}
	country := a.Country
	if country == "" {
		country = p.Holidays
	}
	holidays, err := calendar.ForCountry(country)
	if err != nil {
		return
	}
	for _, i := range a.Interviews {
		place := calendar.Place{Zone: i.Zone, Window: p.Window, Holidays: holidays}
		if a.Zone != nil {
			place.Zone = a.Zone
		}
		for _, s := range p.Sequences[a.Sequence] {
			var never *calendar.NeverError
			if _, err := place.Next(s.Cron, place.Add(i.End(), s.After), nil); errors.As(err, &never) {
				v.r.add(v.place(), v.key, "step "+s.Name+", whose time never comes at their place", "a sequence that fits "+place.Window.String(),
					"its cron expression is "+s.Cron.String())
				return
			}
		}
	}
}
