package main

import (
	"errors"
	"fmt"
	"strings"

	"afterword/internal/config"
	"afterword/mailer"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// questions asks for what nobody has said yet, one after the other. What does
// not fit is told and asked again.
func (b *adding) questions() error {
	w := &b.what
	isNew := b.a.Stem == ""
	if isNew {
		if w.company == "" {
			guess := b.companyGuess()
			answer, err := b.line("Which company?"+orEnter(guess), b.text(guess == ""))
			if err != nil {
				return hinted{errors.New("nothing to add: no answer came"), "say it by flags: afterword add APP --company NAME --role ROLE --at '2026-12-03 14:00'; `afterword add --help` shows more"}
			}
			w.company = either(answer, guess)
		}
		if err := b.into(&w.role, "Which role, as they call it?", b.text(true)); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(b.p.out, "%s, %s (%s)\n", b.a.Company, b.a.Role, b.a.File)
	}
	if w.at == "" && len(w.people) == 0 {
		what := "When does the interview begin, such as 2026-12-03 14:00? (Enter: not known yet)"
		if !isNew {
			what = "When does the next interview begin, such as 2026-12-03 14:00?"
		}
		answer, err := b.line(what, b.time(isNew))
		if err != nil && !isNew {
			return hinted{errors.New("nothing to add"), "name an invitation: add APP --invitation KEY; or say it by flags, such as --at '2026-12-03 14:00' or --person 'Ken Osei <ken@acme.example>'"}
		}
		if err != nil {
			return noMore(err)
		}
		w.at = b.typed(answer)
	}
	return b.meeting(isNew)
}

// meeting asks about the interview and its people.
func (b *adding) meeting(isNew bool) error {
	w := &b.what
	if w.at != "" && w.uid == "" {
		if err := b.into(&w.zone, "In which time zone does its clock stand? (Enter: "+b.policy.Me.Zone.String()+")", b.zone); err != nil {
			return err
		}
		if w.ends == "" {
			if err := b.into(&w.duration, "How long does it last? (Enter: 45m)", b.span); err != nil {
				return err
			}
		}
		if err := b.kind(); err != nil {
			return err
		}
	}
	if w.at != "" && len(w.people) == 0 {
		question := "Who interviews you? (one person, such as Ken Osei <ken@acme.example>, Staff Engineer; a name alone will do; Enter: nobody more)"
		if b.form == nil {
			fmt.Fprintln(b.p.out, "Who interviews you? One on a line, such as Ken Osei <ken@acme.example>, Staff Engineer; a name alone will do. An empty line ends")
			question = ""
		}
		for {
			one, err := b.person(question)
			if err != nil {
				return err
			}
			if one == nil {
				break
			}
			w.people = append(w.people, *one)
		}
	}
	if isNew && w.recruiter == nil && b.a.Recruiter == nil {
		one, err := b.person("Who is the recruiter, such as Priya Nair <priya@acme.example>? (Enter: none)\n")
		if err != nil {
			return err
		}
		w.recruiter = one
	}
	return b.guesses()
}

// guesses asks whether the addresses of an invitation are right.
func (b *adding) guesses() error {
	var names []string
	for _, one := range b.what.people {
		if one.Guessed {
			names = append(names, one.Name+" <"+one.Email+">")
		}
	}
	if len(names) == 0 {
		return nil
	}
	if yes, err := b.agrees("Are these the interviewers, and their addresses: " + strings.Join(names, ", ") + "?"); err != nil || !yes {
		return err
	}
	for n := range b.what.people {
		b.what.people[n].Guessed = false
	}
	return nil
}

// kind asks what sort of meeting it is.
func (b *adding) kind() error {
	kinds := []string{"phone", "video", "onsite", "panel", "group"}
	if b.form == nil || b.what.kind != "" {
		return b.into(&b.what.kind, "phone, video, onsite, panel or group? (Enter: not known)", b.oneOf(kinds...))
	}
	q := question{title: "What kind of meeting is it?", optional: true, choices: []choice{{"", "not known"}}}
	for _, k := range kinds {
		q.choices = append(q.choices, choice{k, k})
	}
	var err error
	if b.what.kind, err = b.form(q); err != nil {
		return noMore(err)
	}
	return nil
}

// agrees asks a question whose answer is no unless the user says yes.
func (b *adding) agrees(text string) (bool, error) {
	if b.form == nil {
		return b.ask.agrees(text), nil
	}
	answer, err := b.form(question{title: text, otherwise: "no", choices: []choice{{"no", "no, or not sure: nothing goes there until I confirm them"}, {"yes", "yes"}}})
	if err != nil {
		return false, noMore(err)
	}
	return answer == "yes", nil
}

// line asks until the answer passes; an empty one does where check says so. What
// stands in brackets behind the question is its help.
func (b *adding) line(asked string, check func(string) error) (string, error) {
	if b.form != nil {
		title, help, cut := strings.Cut(strings.TrimSuffix(asked, ")"), "? (")
		if !cut {
			return b.form(question{title: asked, optional: check("") == nil, check: check})
		}
		return b.form(question{title: title + "?", help: help, optional: check("") == nil, check: check})
	}
	for {
		text, err := b.ask.line(asked + "\n> ")
		if err != nil {
			return "", err
		}
		if err := check(text); err != nil {
			fmt.Fprintf(b.p.out, "  %v\n", err)
			continue
		}
		return text, nil
	}
}

func (b *adding) into(into *string, question string, check func(string) error) (err error) {
	if *into == "" {
		*into, err = b.line(question, check)
	}
	if err != nil {
		return noMore(err)
	}
	return nil
}

// noMore says that the answers ended before all was said.
func noMore(err error) error {
	return hinted{fmt.Errorf("nothing was written: %w", err), "say the rest by flags; `afterword add --help` shows them"}
}

// person asks for one person; nil is none.
func (b *adding) person(question string) (*scheduler.Person, error) {
	text, err := b.line(strings.TrimSuffix(question, "\n"), func(text string) error {
		if text == "" {
			return nil
		}
		_, err := b.personOf("", text)
		return err
	})
	switch {
	case err != nil && b.form != nil:
		return nil, noMore(err) // who stops a form wants nothing written
	case err != nil || text == "":
		return nil, nil // nobody more
	}
	one, err := b.personOf("", text)
	return &one, err
}

func (b *adding) text(needed bool) func(string) error {
	return func(text string) error {
		if text == "" && needed {
			return errors.New("it is needed")
		}
		return templates.CheckValue("the answer", text)
	}
}

func (b *adding) time(mayMiss bool) func(string) error {
	return func(text string) error {
		if text == "" && mayMiss {
			return nil
		}
		_, err := b.begins(text, "")
		return err
	}
}

func (b *adding) zone(text string) error {
	if text == "" {
		return nil
	}
	if _, err := calendar.LoadZone(text); err != nil {
		return fmt.Errorf("%q is no time zone; write it as Europe/Paris", text)
	}
	return nil
}

func (b *adding) span(text string) error {
	if text == "" {
		return nil
	}
	return lasting(text)
}

func (b *adding) oneOf(words ...string) func(string) error {
	return func(text string) error {
		for _, w := range append(words, "") {
			if text == w {
				return nil
			}
		}
		return fmt.Errorf("%q is none of %s", text, strings.Join(words, ", "))
	}
}

// companyGuess is the company's name as the domain of an invitation has it.
func (b *adding) companyGuess() string {
	tables := mailer.LoadTables()
	people := b.what.people
	if b.what.recruiter != nil {
		people = append(people[:len(people):len(people)], *b.what.recruiter)
	}
	for _, one := range people {
		domain := mailer.RegistrableDomain(mailer.DomainOf(one.Email))
		if _, relay := tables.RelayOrATS(one.Email); domain == "" || relay || tables.FreeMail(domain) || config.CheckAddress(one.Email) != nil {
			continue
		}
		label, _, _ := strings.Cut(domain, ".")
		return strings.ToUpper(label[:1]) + label[1:]
	}
	return ""
}

func orEnter(guess string) string {
	if guess == "" {
		return ""
	}
	return " (Enter: " + guess + ")"
}
