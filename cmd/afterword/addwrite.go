package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"afterword/internal/config"
	"afterword/internal/setup"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// An interview that is added lies at most so far away: what is further has a
// mistyped year.
const (
	longestPast   = 365 * 24 * time.Hour
	longestFuture = 2 * 365 * 24 * time.Hour
)

// find chooses the application that is added to: by the name of its file, by
// what was read, or by company and role.
func (b *adding) find() error {
	w := &b.what
	if w.name != "" {
		var begins []scheduler.Application
		for _, a := range b.apps {
			if strings.EqualFold(a.Stem, w.name) {
				b.a = a
				return b.usable()
			}
			if w.company == "" && strings.HasPrefix(strings.ToLower(a.Stem), strings.ToLower(w.name)) {
				begins = append(begins, a)
			}
		}
		if len(begins) == 1 {
			b.a = begins[0]
			return b.usable()
		}
		b.a = scheduler.Application{}
		return nil
	}
	for _, a := range b.apps {
		if b.a.Stem == "" && w.company != "" && strings.EqualFold(a.Company, w.company) && strings.EqualFold(a.Role, w.role) {
			b.a = a
		}
	}
	return b.usable()
}

func (b *adding) usable() error {
	if b.a.Broken != "" {
		return hinted{errors.New(b.a.Broken), "mend the file first"}
	}
	return nil
}

// typed is a time as the file writes it.
func (b *adding) typed(text string) string {
	return typedTime(text, b.now.In(b.policy.Me.Zone), calendar.Wall{})
}

// begins reads when a meeting begins and refuses a time that cannot be meant.
func (b *adding) begins(text, zone string) (time.Time, error) {
	place := b.policy.Me.Zone
	if zone != "" {
		var err error
		if place, err = calendar.LoadZone(zone); err != nil {
			return time.Time{}, fmt.Errorf("%q is no time zone; write it as Europe/Paris", zone)
		}
	}
	wall, err := calendar.ParseWall(b.typed(text))
	if err != nil {
		return time.Time{}, fmt.Errorf("found %q, expected a date and time such as 2026-12-03 14:00", text)
	}
	at := calendar.Resolve(wall, place)
	switch {
	case at.Before(b.now.Add(-longestPast)):
		return at, fmt.Errorf("%s is more than a year ago; is the year right?", at.In(place).Format("Mon 2 Jan 2006"))
	case at.After(b.now.Add(longestFuture)):
		return at, fmt.Errorf("%s is more than two years away; is the year right?", at.In(place).Format("Mon 2 Jan 2006"))
	}
	return at, nil
}

// lasting refuses what is not how long a meeting lasts.
func lasting(text string) error {
	span, err := calendar.ParseSpan(text)
	d, elapsed := span.Duration()
	if err != nil || !elapsed || d < time.Minute || d > 24*time.Hour {
		return fmt.Errorf("found %q, expected a time from 1m to 24h such as 45m", text)
	}
	return nil
}

// check refuses what makes no sense, in the words of who typed it, before
// anything is written.
func (b *adding) check() error {
	w := &b.what
	wrong := func(err error, hint string) error { return usageError{hinted{err, hint}} }
	isNew := b.a.Stem == ""
	switch {
	case isNew && (w.company == "" || w.role == ""):
		return wrong(errors.New("nothing to add: a new application needs its company and role"), "say --company and --role, or call `afterword add` alone, which asks")
	case !isNew && w.company != "" && !strings.EqualFold(w.company, b.a.Company):
		return wrong(fmt.Errorf("%s is the application at %s, not %s", b.a.Stem, b.a.Company, w.company), "name another file: afterword add NAME --company ...")
	case !isNew && w.at == "" && len(w.people) == 0 && w.recruiter == nil && w.decisionBy == "" && len(w.domains) == 0:
		return wrong(errors.New("nothing to add"), "name an invitation: add APP --invitation KEY; or say --at, --person or --from")
	case w.at == "" && (w.ends != "" || w.duration != "" || w.kind != "" || w.held):
		return wrong(errors.New("an interview needs a time"), "say when it begins: --at '2026-12-03 14:00'")
	}
	for key, text := range map[string]string{"company": w.company, "role": w.role, "round": w.round} {
		if err := templates.CheckValue(key, text); err != nil {
			return wrong(err, "nothing was written")
		}
	}
	if isNew {
		if err := b.checkName(); err != nil {
			return err
		}
	}
	if err := b.checkPeople(); err != nil {
		return err
	}
	if w.at == "" {
		return nil
	}
	return b.checkMeeting()
}

// checkName finds the name of a new file.
func (b *adding) checkName() error {
	w := &b.what
	for _, a := range b.apps {
		if strings.EqualFold(a.Company, w.company) && strings.EqualFold(a.Role, w.role) {
			return hinted{fmt.Errorf("%s is there already, for %s at %s", a.Stem, a.Role, a.Company), "add to it: afterword add " + scheduler.ShellWord(a.Stem) + " --at '2026-12-03 14:00'"}
		}
	}
	taken := func(stem string) bool {
		return slices.ContainsFunc(b.apps, func(a scheduler.Application) bool { return strings.EqualFold(a.Stem, stem) })
	}
	if w.name == "" {
		if w.name = setup.Stem(w.company); w.name == "" || taken(w.name) {
			w.name = setup.Stem(w.company + " " + w.role)
		}
		if w.name == "" || taken(w.name) {
			return usageError{hinted{fmt.Errorf("no file name follows from %q", w.company), "name the file: afterword add NAME --company ..."}}
		}
	}
	if filepath.Base(w.name) != w.name || !config.IsInterviewFile(w.name+".yaml") || strings.ContainsFunc(w.name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return usageError{hinted{fmt.Errorf("%q is no name of a file", w.name), "a word such as acme-sre"}}
	}
	return nil
}

// checkPeople refuses who is there already, twice, or oneself.
func (b *adding) checkPeople() error {
	w := &b.what
	var there []scheduler.Person
	if w.at == "" && b.a.Stem != "" && len(w.people) > 0 {
		i, err := b.roundOf()
		if err != nil {
			return err
		}
		w.round, there = i.ID, i.Interviewers
	}
	b.knownPeople()
	for n, one := range w.people {
		for _, other := range append(slices.Clone(there), w.people[:n]...) {
			if strings.EqualFold(one.Name, other.Name) || one.Email != "" && scheduler.NormalAddress(one.Email) == scheduler.NormalAddress(other.Email) {
				return usageError{hinted{fmt.Errorf("%s is there already", one.Name), "each interviewer once; `afterword set APP email PERSON ADDRESS` corrects an address"}}
			}
		}
	}
	if w.lead != "" && !slices.ContainsFunc(w.people, func(p scheduler.Person) bool { return isNamed(p, w.lead) }) {
		return usageError{hinted{fmt.Errorf("--lead %q is none of those who are added", w.lead), "name one of the --person"}}
	}
	return nil
}

// knownPeople fills in the address of whom the application knows by name.
func (b *adding) knownPeople() {
	for n, one := range b.what.people {
		for _, known := range b.a.People() {
			if one.Email == "" && strings.EqualFold(one.Name, known.Name) {
				b.what.people[n].Name, b.what.people[n].Email, b.what.people[n].Guessed = known.Name, known.Email, known.Guessed
				b.what.people[n].Title = either(one.Title, known.Title)
			}
		}
	}
}

// roundOf is the interview that a person is added to: the one named, or the
// latest.
func (b *adding) roundOf() (scheduler.Interview, error) {
	var ids []string
	var latest scheduler.Interview
	for _, i := range b.a.Interviews {
		if strings.EqualFold(i.ID, b.what.round) {
			return i, nil
		}
		ids = append(ids, i.ID)
		if latest.ID == "" || i.At.After(latest.At) {
			latest = i
		}
	}
	if b.what.round != "" || latest.ID == "" {
		return latest, usageError{hinted{fmt.Errorf("%s has no interview %q", b.a.Stem, b.what.round), "its interviews: " + either(strings.Join(ids, ", "), "none yet; add one with --at")}}
	}
	return latest, nil
}

// checkMeeting refuses a time that cannot be, and a meeting that is there.
func (b *adding) checkMeeting() error {
	w := &b.what
	at, err := b.begins(w.at, w.zone)
	if err != nil {
		return usageError{hinted{fmt.Errorf("reading the time: %w", err), strings.TrimPrefix(config.TimeHint(typedDay(w.at, b.now.In(b.policy.Me.Zone)))+"; nothing was written", "; ")}}
	}
	if w.ends != "" {
		ends := w.ends
		if !strings.Contains(ends, "-") {
			ends = at.Format(time.DateOnly) + " " + ends
		}
		end, err := b.begins(ends, w.zone)
		if err != nil {
			return usageError{hinted{fmt.Errorf("reading the end: %w", err), "write it as 15:00"}}
		}
		if !end.After(at) {
			return usageError{hinted{fmt.Errorf("it ends on %s, and begins only on %s", end.Format("Mon 2 Jan 2006 15:04"), at.Format("Mon 2 Jan 2006 15:04")), "nothing was written"}}
		}
		w.duration = fmt.Sprintf("%dm", int(end.Sub(at).Minutes()))
	}
	if w.duration != "" {
		if err := lasting(w.duration); err != nil {
			return usageError{hinted{fmt.Errorf("reading the duration: %w", err), "nothing was written"}}
		}
	}
	for _, a := range b.apps {
		for _, i := range a.Interviews {
			same := w.uid != "" && strings.EqualFold(i.UID, w.uid) || a.Stem == b.a.Stem && i.At.Equal(at) && i.Status != scheduler.InterviewCancelled
			if same {
				return hinted{fmt.Errorf("%s has that interview already: %s on %s", a.Stem, i.ID, clockTime(i.At, i.Zone.String(), b.now)), "if it has moved: afterword set " + scheduler.ShellWord(a.Stem) + " " + scheduler.ShellWord("interviews["+i.ID+"].at") + " '2026-12-03 14:00'"}
			}
			if a.Stem == b.a.Stem && strings.EqualFold(i.ID, w.round) {
				return usageError{hinted{fmt.Errorf("%s has an interview %q already", a.Stem, i.ID), "give the new one another --round"}}
			}
		}
	}
	return nil
}

// changes are what is written, in the order of the file.
func (b *adding) changes() (set []config.Change) {
	w := &b.what
	put := func(path, text string) {
		if text != "" {
			set = append(set, config.Change{Path: path, Text: text})
		}
	}
	put("language", w.language)
	put("country", strings.ToUpper(w.country))
	if w.recruiter != nil {
		put("recruiter.name", w.recruiter.Name)
		put("recruiter.email", w.recruiter.Email)
		put("recruiter.title", w.recruiter.Title)
	}
	put("decision_by", w.decisionBy)
	if len(w.domains) > 0 {
		set = append(set, config.Change{Path: "domains", List: append(slices.Clone(b.a.Domains), w.domains...)})
	}
	people := 0
	at := "interviews[" + w.round + "]."
	if w.at != "" {
		set, at = b.meetingChanges(set)
	} else if len(w.people) > 0 {
		i, _ := b.roundOf()
		people = len(i.Interviewers)
	}
	for n, one := range w.people {
		person := fmt.Sprintf("%sinterviewers[%d].", at, people+n)
		put(at+"interviewers[+].name", one.Name)
		put(person+"email", one.Email)
		put(person+"title", one.Title)
		if one.Guessed {
			put(person+"guessed", "true")
		}
		if w.lead != "" && isNamed(one, w.lead) {
			put(person+"lead", "true")
		}
	}
	return set
}

// meetingChanges adds the interview itself, and says where it stands.
func (b *adding) meetingChanges(set []config.Change) ([]config.Change, string) {
	w := &b.what
	count := len(b.a.Interviews)
	if count == 1 && b.a.Interviews[0].ID == scheduler.OnlyInterview {
		set = append(set, config.Change{Path: "interviews[" + scheduler.OnlyInterview + "].id", Text: scheduler.OnlyInterview})
	}
	if w.round == "" && count > 0 {
		w.round = freeID(b.a)
	}
	at := fmt.Sprintf("interviews[%d].", count)
	begin := config.Change{Path: "interviews[+].at", Text: strings.Replace(w.at, "T", " ", 1)}
	if w.round != "" {
		set = append(set, config.Change{Path: "interviews[+].id", Text: w.round})
		at = "interviews[" + w.round + "]."
		begin.Path = at + "at"
	}
	set = append(set, begin, config.Change{Path: at + "timezone", Text: either(w.zone, b.policy.Me.Zone.String())})
	for _, of := range []struct{ key, text string }{{"duration", w.duration}, {"kind", w.kind}, {"uid", w.uid}} {
		if of.text != "" {
			set = append(set, config.Change{Path: at + of.key, Text: of.text})
		}
	}
	if w.held {
		set = append(set, config.Change{Path: at + "status", Text: string(scheduler.InterviewHeld)})
	}
	return set, at
}

// write makes the file or changes it.
func (b *adding) write() error {
	set := b.changes()
	if b.a.Stem != "" {
		return editFile(b.policy, b.a, set...)
	}
	path := filepath.Join(b.h.config.InterviewsDir, b.what.name+".yaml")
	from := ""
	if b.what.source != "" && b.what.source != "-" {
		from = " from " + filepath.Base(b.what.source)
	}
	comment := "Added" + from + " by `afterword add` on " + b.now.In(b.policy.Me.Zone).Format(time.DateOnly) + ". What may stand here: docs/configuration.md."
	err := config.CreateInterview(path, config.InterviewCheck(b.policy), comment, b.what.company, b.what.role, set...)
	if errors.Is(err, os.ErrExist) {
		return hinted{fmt.Errorf("%s is there already", path), "nothing was written; give the new one another name: afterword add NAME"}
	}
	return err
}

// show says what was written and which plan follows from it.
func (b *adding) show(ctx context.Context) error {
	stem := either(b.a.Stem, b.what.name)
	_, a, err := b.h.application(stem)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.p.out, "%s: written into %s\n", a.Stem, a.File)
	for _, one := range b.what.people {
		if one.Guessed {
			b.p.tellGuess(a.Stem, one.Name, one.Email)
		}
	}
	b.askYear(a)
	items, _, err := b.h.service.Plan(ctx, b.now)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(i scheduler.PlanItem) bool { return i.Application != a.Stem })
	if len(items) == 0 {
		fmt.Fprintf(b.p.out, "No mail follows from it yet: afterword add %s --at '2026-12-03 14:00' --person 'Ken Osei <ken@acme.example>' adds an interview\n", scheduler.ShellWord(a.Stem))
		return nil
	}
	fmt.Fprintln(b.p.out)
	return printPlan(b.p.screen(b.now, b.policy.Me.Zone), items)
}

// askYear doubts a date that lies most of a year back or ahead: at the turn of a
// year people write the wrong one.
func (b *adding) askYear(a scheduler.Application) {
	at, err := b.begins(b.what.at, b.what.zone)
	if b.what.at == "" || err != nil {
		return
	}
	const long = 270 * 24 * time.Hour
	meant := at.AddDate(1, 0, 0)
	switch away := at.Sub(b.now); {
	case away > long:
		meant = at.AddDate(-1, 0, 0)
	case away > -long:
		return
	}
	for _, i := range a.Interviews {
		if i.At.Equal(at) {
			fmt.Fprintf(b.p.out, "  is the year right? If not: afterword set %s %s '%s'\n", scheduler.ShellWord(a.Stem),
				scheduler.ShellWord("interviews["+i.ID+"].at"), meant.In(i.Zone).Format("2006-01-02 15:04"))
			return
		}
	}
}
