package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"afterword/internal/config"
	"afterword/internal/web"
	"afterword/mailer"
	"afterword/scheduler"
)

// The page shows and writes the same as the commands: each method here calls the code
// behind one of them.

// quietly is a program that prints into w.
func (d *desk) quietly(w io.Writer) *program {
	return &program{in: strings.NewReader(""), out: w, err: w, clock: d.house.clock}
}

// Mail implements web.Desk, as `preview` does.
func (d *desk) Mail(v scheduler.Preview) web.Mail {
	j := d.fresh().decoded(v)
	return web.Mail{From: j.Headers["From"], To: j.Headers["To"], Subject: j.Subject, Date: j.Headers["Date"], Body: j.Body,
		Continues: j.Headers["In-Reply-To"] != "", Findings: j.Lints}
}

// Revision implements web.Desk.
func (d *desk) Revision(stem string) string {
	_, a, err := d.named(stem)
	if err != nil {
		return ""
	}
	r, err := config.RevisionOf(a.File)
	if err != nil {
		return "unreadable" // no edit fits it
	}
	return string(r)
}

// named is the application with that very name.
func (d *desk) named(stem string) (scheduler.Policy, scheduler.Application, error) {
	policy, a, err := d.fresh().application(stem)
	if err == nil && !strings.EqualFold(a.Stem, stem) {
		err = fmt.Errorf("there is no application %q any more", stem)
	}
	return policy, a, err
}

// editSince is editFile for a file that was shown at that revision; "" is any.
func editSince(policy scheduler.Policy, a scheduler.Application, since string, set ...config.Change) error {
	err := config.EditSince(a.File, config.Revision(since), config.InterviewCheck(policy), set...)
	if errors.Is(err, config.ErrChanged) {
		return fmt.Errorf("%w: %w", web.ErrStale, err)
	}
	return err
}

// Set implements web.Desk, as `set` does.
func (d *desk) Set(stem, since, key string, values ...string) (string, error) {
	policy, a, err := d.named(stem)
	if err != nil {
		return "", err
	}
	changes, err := changesFor(a, key, values)
	if err != nil {
		return "", err
	}
	if err := editSince(policy, a, since, changes...); err != nil {
		return "", err
	}
	last := changes[len(changes)-1]
	return fmt.Sprintf("%s is now %s%s.", strings.ReplaceAll(key, "_", " "), either(last.Text, "empty"), consequence(a, last, d.house.clock.Now())), nil
}

// Debrief implements web.Desk, as `debrief` does.
func (d *desk) Debrief(stem, round, since string, told web.Debrief) error {
	policy, a, err := d.named(stem)
	if err != nil {
		return err
	}
	i, err := debriefRound(a, round, d.house.clock.Now())
	if err != nil {
		return err
	}
	said := newDebrief()
	said.texts, said.unprepared, said.questions, said.answers, said.decisionBy, said.cancelled = told.Texts, told.Unprepared, told.Questions, told.Answers, told.DecisionBy, told.Cancelled
	for n := range min(len(i.Interviewers), len(told.Said), len(told.Asked), len(told.Absent)) {
		said.said[n], said.asked[n], said.absent[n] = told.Said[n], told.Asked[n], told.Absent[n]
	}
	set, err := said.changes(i)
	if err != nil {
		return err
	}
	if len(set) == 0 {
		return hinted{errors.New("nothing was said"), "write an answer into the form, or leave it"}
	}
	return editSince(policy, a, since, set...)
}

// TakeInvitation implements web.Desk, as `add --invitation` does.
func (d *desk) TakeInvitation(ctx context.Context, inv scheduler.Invitation, since string) (string, error) {
	policy, a, err := d.named(inv.Application)
	if err != nil {
		return "", err
	}
	id, changes, err := invitationChanges(a, inv)
	if err != nil {
		return "", err
	}
	if err := editSince(policy, a, since, changes...); err != nil {
		return "", err
	}
	return id, d.house.service.TakeInvitation(ctx, inv, id)
}

// adding begins what `add` does.
func (d *desk) adding(w io.Writer) (*adding, error) {
	h := d.fresh()
	policy, apps, err := h.readOrMake()
	return &adding{p: d.quietly(w), h: h, policy: policy, apps: apps, now: h.clock.Now()}, err
}

// ReadCalendar implements web.Desk, as `add --from` does. A meeting that is called off or
// has no time is left out where others remain.
func (d *desk) ReadCalendar(file []byte) (list []web.Found, note string, err error) {
	all := mailer.ReadMeetings(file)
	if len(all) == 0 {
		return nil, "", hinted{errors.New("this file holds no meeting"), "choose the .ics file that came with the invitation"}
	}
	left := all[0].Further + 1 - len(all)
	var wrong error
	for _, e := range all {
		e.Further = 0 // each is listed
		one, err := d.readMeeting(e)
		if err != nil {
			left++
			wrong = cmp.Or(wrong, err)
			continue
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, "", wrong
	}
	if left > 0 {
		note = fmt.Sprintf("The file holds %d more that cannot be offered here: those that are called off or have no time of day, and what lies beyond the first %d.", left, len(all))
	}
	return list, note, nil
}

// readMeeting reads one meeting of a calendar file, with what `add` says of it.
func (d *desk) readMeeting(e mailer.Event) (web.Found, error) {
	var said bytes.Buffer
	b, err := d.adding(&said)
	if err == nil {
		err = b.fromEvent(e, nil, "the calendar file")
	}
	if err != nil {
		return web.Found{}, err
	}
	var notes []string
	for line := range strings.Lines(said.String()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "it ") {
			notes = append(notes, strings.ToUpper(line[:1])+line[1:]+".")
		}
	}
	return web.Found{Interview: b.interview(), Summary: e.Summary, At: b.start, Note: strings.Join(notes, " ")}, nil
}

// interview is what was read, as the page's form states it.
func (b *adding) interview() web.Interview {
	w := b.what
	day, clock, _ := strings.Cut(w.at, " ")
	n := web.Interview{Application: b.a.Stem, Date: day, Time: clock, Zone: w.zone, Minutes: strings.TrimSuffix(w.duration, "m"), UID: w.uid, Guessed: true}
	if b.a.Stem == "" {
		n.Company = b.companyGuess()
	}
	for _, one := range w.people {
		n.People = append(n.People, web.NewPerson{Name: one.Name, Email: one.Email})
	}
	return n
}

// FromMailbox implements web.Desk, as `add --from-mailbox` does.
func (d *desk) FromMailbox(ctx context.Context) ([]web.Found, error) {
	reader, err := d.adding(io.Discard)
	if err != nil {
		return nil, err
	}
	all, err := reader.invitations(ctx)
	var list []web.Found
	for _, one := range all {
		b, err := d.adding(io.Discard)
		if err == nil {
			err = b.fromEvent(one.event, &one.message, "the mailbox")
		}
		if err == nil {
			list = append(list, web.Found{Interview: b.interview(), Summary: one.inv.Summary, At: one.inv.At})
		}
	}
	return list, err
}

// Add implements web.Desk, as `add` does.
func (d *desk) Add(n web.Interview, since string) (stem, round string, err error) {
	b, err := d.adding(io.Discard)
	if err != nil {
		return "", "", err
	}
	if err := b.fromForm(n); err != nil {
		return "", "", err
	}
	if err := b.find(); err != nil {
		return "", "", err
	}
	if err := b.check(); err != nil {
		return "", "", err
	}
	if b.a.Stem != "" {
		set := b.changes() // names the round
		return b.a.Stem, b.what.round, editSince(b.policy, b.a, since, set...)
	}
	err = b.write()
	return b.what.name, either(b.what.round, scheduler.OnlyInterview), err
}

// fromForm takes the answers of the page's form.
func (b *adding) fromForm(n web.Interview) error {
	w := &b.what
	w.name = n.Application
	if w.name == "" {
		w.company, w.role = strings.TrimSpace(n.Company), strings.TrimSpace(n.Role)
	}
	w.at, w.zone, w.kind, w.uid = strings.TrimSpace(n.Date+" "+n.Time), strings.TrimSpace(n.Zone), n.Kind, n.UID
	if minutes := strings.TrimSpace(n.Minutes); minutes != "" {
		w.duration = strings.TrimSuffix(minutes, "m") + "m"
	}
	person := func(one web.NewPerson) (scheduler.Person, error) {
		text := strings.TrimSpace(one.Name)
		if email := strings.TrimSpace(one.Email); email != "" {
			text += " <" + email + ">"
		}
		p, err := b.personOf("", text)
		p.Title = strings.TrimSpace(one.Title)
		return p, err
	}
	if n.Recruiter != (web.NewPerson{}) && w.name == "" {
		one, err := person(n.Recruiter)
		if err != nil {
			return err
		}
		w.recruiter = &one
	}
	for _, p := range n.People {
		if p == (web.NewPerson{}) {
			continue
		}
		one, err := person(p)
		if err != nil {
			return err
		}
		one.Guessed = n.Guessed && one.Email != ""
		w.people = append(w.people, one)
	}
	return nil
}

// Proofread implements web.Desk, as `proofread` does.
func (d *desk) Proofread(text string, kind scheduler.Kind, language string) []scheduler.Finding {
	return proofreader(d.fresh().config.WordsPath).Text(text, kind, language)
}

// AddWord implements web.Desk, as `words add` does.
func (d *desk) AddWord(word string) error {
	return d.quietly(io.Discard).addWords(d.fresh().config.WordsPath, []string{strings.TrimSpace(word)})
}
