package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"afterword/internal/config"
	"afterword/mailer"
	"afterword/scheduler"
)

// addFlags are the answers of who does not want to be asked.
type addFlags struct {
	invitation, from                                        string
	fromMailbox, confirmed, held, asJSON, taking, dismiss   bool
	choose                                                  int
	company, role, recruiter, language, country, decisionBy string
	domains                                                 []string
	round, at, ends, zone, duration, kind, lead             string
	people                                                  []string
}

// given reports whether a flag says anything of what is to be added.
func (f *addFlags) given(set *pflag.FlagSet) (given bool) {
	set.Visit(func(one *pflag.Flag) { given = given || one.Name != "config" })
	return given
}

// addition is what is to be added, in the words of the file.
type addition struct {
	name                                               string // of the file, "" if it goes by the company
	company, role, language, country, decisionBy       string
	recruiter                                          *scheduler.Person
	domains                                            []string
	round, at, ends, zone, duration, kind, uid, source string
	held                                               bool
	people                                             []scheduler.Person
	lead                                               string
}

// adding is one call of `add`, with what it found.
type adding struct {
	p      *program
	h      *house
	policy scheduler.Policy
	apps   []scheduler.Application
	a      scheduler.Application // that is there already; its Stem is "" for a new one
	what   addition
	ask    *dialogue                      // nil where nothing is asked
	form   func(question) (string, error) // asks by a form; nil: line by line
	loose  *scheduler.Invitation          // that fitted no application, and is taken in; else nil
	others []scheduler.Invitation         // what the file holds besides, offered once the first is written
	start  time.Time                      // when what was read begins
	now    time.Time
}

// add finds out what is to be added, refuses what makes no sense, writes it,
// and shows what follows.
func (p *program) add(cmd *cobra.Command, h *house, name string, f addFlags) error {
	policy, apps, err := h.readOrMake()
	if err != nil {
		return err
	}
	b := &adding{p: p, h: h, policy: policy, apps: apps, now: h.clock.Now()}
	b.what.name = name
	if _, there := terminalOf(p.in); there || !f.given(cmd.Flags()) || f.fromMailbox && f.choose == 0 {
		b.ask = p.dialogue()
		if f, draws := p.asker().(*forms); draws {
			b.form = func(q question) (string, error) { return f.ask(cmd.Context(), q) }
		}
	}
	if f.asJSON {
		return b.listJSON(cmd.Context(), f.fromMailbox)
	}
	if err := b.gather(cmd, f); err != nil {
		return err
	}
	if err := b.fromFlags(f); err != nil {
		return err
	}
	if err := b.find(); err != nil {
		return err
	}
	if b.ask != nil {
		if err := b.questions(); err != nil {
			return err
		}
		if err := b.find(); err != nil { // the company may be one that is there
			return err
		}
	}
	if err := b.check(); err != nil {
		return err
	}
	if err := b.write(); err != nil {
		return err
	}
	if b.loose != nil {
		if err := h.service.TookLoose(cmd.Context(), *b.loose, either(b.a.Stem, b.what.name)); err != nil {
			return err
		}
	}
	if err := b.offerOthers(cmd.Context(), f.from); err != nil {
		return err
	}
	return b.show(cmd.Context())
}

// readOrMake reads the files; a folder of interviews that is not there yet is
// made, since the first of them goes into it.
func (h *house) readOrMake() (scheduler.Policy, []scheduler.Application, error) {
	policy, apps, err := h.world.Read()
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.Mkdir(h.config.InterviewsDir, 0o700); err != nil {
			return policy, nil, err
		}
		policy, apps, err = h.world.Read()
	}
	return policy, apps, err
}

// gather reads what a file, a message or the mailbox says.
func (b *adding) gather(cmd *cobra.Command, f addFlags) error {
	switch {
	case f.fromMailbox:
		return b.fromMailbox(cmd.Context(), f.choose)
	case f.taking:
		return b.fromLoose(cmd.Context(), f.invitation)
	case f.from == "":
		return nil
	}
	raw, err := b.p.readAll(f.from)
	if err != nil {
		return err
	}
	if bytes.Contains(raw[:min(len(raw), 4096)], []byte("BEGIN:VCALENDAR")) && !bytes.Contains(raw[:min(len(raw), 4096)], []byte("\nFrom:")) {
		all := mailer.ReadMeetings(raw)
		if len(all) == 0 {
			return hinted{fmt.Errorf("reading %s: it holds no meeting", f.from), "a calendar file has a part that begins with BEGIN:VEVENT"}
		}
		return b.fromEvents(all, nil, f.from)
	}
	m := mailer.Parse(mailer.Split(raw))
	if all := m.CalendarEvents(); len(all) > 0 {
		return b.fromEvents(all, &m, f.from)
	}
	return b.fromMessage(m, f.from)
}

// fromEvents takes the first event of a file and keeps the others.
func (b *adding) fromEvents(all []mailer.Event, m *mailer.Message, source string) error {
	for _, e := range all[1:] {
		inv, ok := scheduler.ReadEvent(mailer.LoadTables(), b.policy, scheduler.Application{}, b.apps, e)
		if ok && e.UID != "" && e.Method != "CANCEL" && e.Status != "CANCELLED" {
			b.others = append(b.others, inv)
		}
	}
	return b.fromEvent(all[0], m, source)
}

// offerOthers lays what the file holds besides before the user.
func (b *adding) offerOthers(ctx context.Context, source string) error {
	if len(b.others) == 0 {
		return nil
	}
	stem := either(b.a.Stem, b.what.name)
	err := b.h.service.OfferInvitations(ctx, stem, source, b.others)
	if err != nil && !errors.Is(err, scheduler.ErrNoStore) {
		return err
	}
	for _, inv := range b.others {
		take := "--invitation " + inv.Key
		if err != nil { // nothing could be kept before the first run
			take = fmt.Sprintf("--at '%s' --timezone %s --duration %dm%s", inv.At.Format("2006-01-02 15:04"), inv.Zone, int(inv.Duration.Minutes()), personFlags(inv.People))
		}
		fmt.Fprintf(b.p.out, "  also %q, %s: afterword add %s %s\n", inv.Summary, inv.When(), scheduler.ShellWord(stem), take)
	}
	return nil
}

// personFlags name the people of an invitation as the command line takes them.
func personFlags(people []scheduler.Invited) string {
	if len(people) == 0 {
		return " --person NAME"
	}
	flags := ""
	for _, one := range people {
		who := one.Name
		if one.Email != "" {
			who = fmt.Sprintf("%s <%s>", either(one.Name, "NAME"), one.Email)
		}
		flags += " --person " + scheduler.ShellWord(who)
	}
	return flags
}

// fromEvent takes time, place and people of a calendar event.
func (b *adding) fromEvent(e mailer.Event, m *mailer.Message, source string) error {
	if e.Method == "CANCEL" || e.Status == "CANCELLED" {
		return hinted{fmt.Errorf("reading %s: it cancels the meeting %q", source, e.Summary), "where it is in a file: afterword set APP 'interviews[ID].status' cancelled"}
	}
	tables := mailer.LoadTables()
	b.a = b.fits(e, m)
	inv, ok := scheduler.ReadEvent(tables, b.policy, b.a, b.apps, e)
	if !ok {
		return hinted{fmt.Errorf("reading %s: the meeting %q has no time of day", source, e.Summary), "say it: afterword add APP --at '2026-12-03 14:00'"}
	}
	if !e.End.IsZero() && e.End.Before(e.Start) {
		return fmt.Errorf("reading %s: the meeting %q ends before it begins", source, e.Summary)
	}
	b.fromInvitation(inv, source)
	return nil
}

// fromLoose takes in what the daemon has read and found no application for.
func (b *adding) fromLoose(ctx context.Context, key string) error {
	inv, err := b.h.service.LooseInvitation(ctx, key)
	if err != nil {
		return err
	}
	e := mailer.Event{UID: inv.UID}
	for _, one := range inv.People {
		e.Attendees = append(e.Attendees, mailer.Attendee{Name: one.Name, Addr: one.Email})
	}
	b.a, b.loose = b.fits(e, nil), &inv
	b.fromInvitation(inv, "-")
	return nil
}

// fromInvitation takes what an invitation says, and shows it.
func (b *adding) fromInvitation(inv scheduler.Invitation, source string) {
	w := &b.what
	b.start = inv.At
	w.at, w.zone, w.uid, w.source = inv.At.Format("2006-01-02 15:04"), inv.Zone, inv.UID, source
	w.duration = fmt.Sprintf("%dm", int(inv.Duration.Minutes()))
	for _, one := range inv.People {
		w.people = append(w.people, scheduler.Person{Name: one.Name, Email: one.Email, Guessed: true})
	}
	fmt.Fprintf(b.p.out, "%q, %s, %s\n", inv.Summary, inv.When(), w.duration)
	if inv.Guessed {
		fmt.Fprintln(b.p.out, "  it names no zone that is known; your own is taken")
	}
	if inv.Recurs {
		fmt.Fprintln(b.p.out, "  it recurs; only the first date is taken")
	}
	if left := inv.Further - len(b.others); left > 0 {
		fmt.Fprintf(b.p.out, "  it holds %d more that are not offered; add those by hand\n", left)
	}
	for _, one := range w.people {
		fmt.Fprintf(b.p.out, "  with %s <%s>\n", one.Name, one.Email)
	}
}

// fits is the application that an event belongs to: by its UID, its people, or
// their domain; its zero value where none does, or several.
func (b *adding) fits(e mailer.Event, m *mailer.Message) scheduler.Application {
	addresses := []string{e.Organizer}
	for _, one := range e.Attendees {
		addresses = append(addresses, one.Addr)
	}
	if m != nil {
		for _, one := range m.From {
			addresses = append(addresses, one.Addr)
		}
	}
	tables := mailer.LoadTables()
	var byPerson, byDomain []scheduler.Application
	for _, a := range b.apps {
		if a.Broken != "" {
			continue
		}
		if slices.ContainsFunc(a.Interviews, func(i scheduler.Interview) bool { return e.UID != "" && strings.EqualFold(i.UID, e.UID) }) {
			return a
		}
		if slices.ContainsFunc(addresses, func(addr string) bool { return isOf(a, addr) }) {
			byPerson = append(byPerson, a)
		}
		if slices.ContainsFunc(addresses, func(addr string) bool { return isAtCompany(tables, a, addr) }) {
			byDomain = append(byDomain, a)
		}
	}
	for _, found := range [][]scheduler.Application{byPerson, byDomain} {
		if len(found) == 1 {
			return found[0]
		}
		if len(found) > 1 {
			break
		}
	}
	return scheduler.Application{}
}

// isOf reports whether an address is one of a person of the application.
func isOf(a scheduler.Application, addr string) bool {
	for _, p := range a.People() {
		for _, own := range p.Addresses() {
			if scheduler.NormalAddress(own) == scheduler.NormalAddress(addr) {
				return true
			}
		}
	}
	return false
}

// isAtCompany reports whether an address is of a domain of the application's
// file or of its interviewers.
func isAtCompany(tables mailer.Tables, a scheduler.Application, addr string) bool {
	domain := mailer.RegistrableDomain(mailer.DomainOf(addr))
	if domain == "" || tables.FreeMail(domain) {
		return false
	}
	theirs := slices.Clone(a.Domains)
	for _, i := range a.Interviews {
		for _, p := range i.Interviewers {
			theirs = append(theirs, mailer.DomainOf(p.Email))
		}
	}
	return slices.ContainsFunc(theirs, func(d string) bool { return mailer.RegistrableDomain(d) == domain })
}

// fromMessage takes who wrote a message without an invitation for the recruiter.
func (b *adding) fromMessage(m mailer.Message, source string) error {
	if len(m.From) == 0 {
		return hinted{fmt.Errorf("reading %s: it is neither a calendar file nor a message", source), "a message begins with header lines such as From: and Subject:"}
	}
	from := m.From[0]
	fmt.Fprintf(b.p.out, "%q from %s <%s>; it holds no invitation\n", m.Subject, from.Name, from.Addr)
	b.a = b.fits(mailer.Event{}, &m)
	b.what.source = source
	if !mailer.LoadTables().Robot(from.Addr) && !b.isOwn(from.Addr) && from.Name != "" && !isOf(b.a, from.Addr) {
		b.what.recruiter = &scheduler.Person{Name: from.Name, Email: from.Addr}
	}
	return nil
}

// isOwn reports whether an address is the candidate's.
func (b *adding) isOwn(addr string) bool {
	return slices.ContainsFunc(append([]string{b.policy.Me.Email}, b.policy.Me.Aliases...), func(own string) bool {
		return scheduler.NormalAddress(own) == scheduler.NormalAddress(addr)
	})
}

// fromFlags lays the flags over what was read.
func (b *adding) fromFlags(f addFlags) error {
	w := &b.what
	for _, of := range []struct {
		into *string
		flag string
	}{{&w.company, f.company}, {&w.role, f.role}, {&w.language, f.language}, {&w.country, f.country}, {&w.decisionBy, f.decisionBy}, {&w.round, f.round},
		{&w.at, f.at}, {&w.ends, f.ends}, {&w.zone, f.zone}, {&w.duration, f.duration}, {&w.kind, f.kind}, {&w.lead, f.lead}} {
		*of.into = either(strings.TrimSpace(of.flag), *of.into)
	}
	w.decisionBy, w.at = typedDay(w.decisionBy, b.now.In(b.policy.Me.Zone)), b.typed(w.at)
	w.domains, w.held = f.domains, f.held
	if f.ends != "" {
		w.duration = ""
	}
	if f.recruiter != "" {
		one, err := b.personOf("--recruiter: ", f.recruiter)
		if err != nil {
			return err
		}
		w.recruiter = &one
	}
	if len(f.people) > 0 {
		w.people = nil // who is named by hand is who comes
	}
	for _, text := range f.people {
		one, err := b.personOf("--person: ", text)
		if err != nil {
			return err
		}
		w.people = append(w.people, one)
	}
	for n := range w.people {
		w.people[n].Guessed = w.people[n].Guessed && !f.confirmed
	}
	return nil
}

// personOf reads "Ken Osei <ken@acme.example>, Staff Engineer"; address and
// title may be missing.
func (b *adding) personOf(where, text string) (scheduler.Person, error) {
	bad := func(format string, args ...any) (scheduler.Person, error) {
		return scheduler.Person{}, usageError{hinted{errors.New(where + fmt.Sprintf(format, args...)), "write it as 'Ken Osei <ken@acme.example>, Staff Engineer'; address and title may be missing"}}
	}
	text = strings.TrimSpace(text)
	head, title := text, ""
	if at := strings.LastIndexByte(text, '>'); at >= 0 {
		head, title = text[:at+1], strings.TrimLeft(text[at+1:], ", ")
	} else if name, rest, ok := strings.Cut(text, ","); ok {
		head, title = name, strings.TrimSpace(rest)
	}
	one := scheduler.Person{Name: strings.TrimSpace(head), Title: title}
	if name, addr, ok := strings.Cut(head, "<"); ok {
		one.Name, one.Email = strings.Trim(strings.TrimSpace(name), `"`), strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(addr), ">"))
		if err := config.CheckAddress(one.Email); err != nil {
			return bad("%q is no address: %v", one.Email, err)
		}
	}
	switch parsed, err := mail.ParseAddress(one.Name); {
	case err == nil && parsed.Address == one.Name:
		return bad("%q has no name", one.Name)
	case one.Name == "":
		return bad("found %q, which has no name", text)
	case strings.Contains(one.Name, "@"):
		return bad("%q is no name; put the address in angle brackets", one.Name)
	case b.isOwn(one.Email):
		return bad("%s is your own address", one.Email)
	case one.Email != "" && mailer.LoadTables().Robot(one.Email):
		return bad("nobody reads %s: a program writes from it", one.Email)
	}
	return one, nil
}
