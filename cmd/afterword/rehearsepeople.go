package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// What people of a rehearsal write where the user names no words.
const (
	answerWords = "thank you for your mail. I will come back to you."
	rejectWords = "thank you for your time. Unfortunately we have decided to move forward with another candidate."
	offerWords  = "good news: we would like to offer you the position. I will send you the contract tomorrow."
)

// act is what one person of a rehearsal does.
type act struct {
	person scheduler.Person
	words  string // for the user
	react  mailtest.Behaviour
}

// people enters what the flags say, and returns it in words.
func (r *rehearsal) people(apps []scheduler.Application) ([]string, error) {
	f, acts := r.flags, []act(nil)
	for _, of := range []struct {
		flag, does, text string
		values           []string
	}{{"answer", "answers", answerWords, f.answer}, {"reject", "rejects", rejectWords, f.reject}, {"offer", "offers", offerWords, f.offer}} {
		for _, v := range of.values {
			one, after, words, err := personAnd(apps, of.flag, v)
			if err != nil {
				return nil, err
			}
			wait, err := waitOf(of.flag, after)
			if err != nil {
				return nil, err
			}
			acts = append(acts, act{one, fmt.Sprintf("%s %s after %s.", one.Name, of.does, after), r.once(func(m mailtest.Received) mailtest.Reaction {
				return mailtest.Reaction{After: wait, Letter: mailtest.Answer(m, either(words, of.text))}
			})})
		}
	}
	for _, v := range f.away {
		one, day, _, err := personAnd(apps, "away", v)
		if err != nil {
			return nil, err
		}
		react, err := mailtest.ParseBehaviour("out of office until " + day)
		if err != nil {
			return nil, usageError{hinted{fmt.Errorf("--away: found %q, expected a day such as 2026-12-04", day), "for example --away " + quotedFlag(v, "Ken=2026-12-04")}}
		}
		acts = append(acts, act{one, fmt.Sprintf("%s is out of office until %s.", one.Name, day), react})
	}
	for _, v := range f.bounce {
		one, err := personIn(apps, "bounce", v)
		if err != nil {
			return nil, err
		}
		react, err := mailtest.ParseBehaviour("bounces")
		if err != nil {
			return nil, err
		}
		acts = append(acts, act{one, fmt.Sprintf("Mail to %s bounces.", one.Name), react})
	}
	return r.enter(acts)
}

// enter gives each person all of what they do.
func (r *rehearsal) enter(acts []act) (words []string, err error) {
	byAddress := map[string][]act{}
	for _, a := range acts {
		words = append(words, a.words)
		byAddress[a.person.Email] = append(byAddress[a.person.Email], a)
	}
	for _, all := range byAddress {
		one := all[0].person
		err = errors.Join(err, r.box.people.ScriptFunc(fmt.Sprintf("%q <%s>", one.Name, one.Email), func(m mailtest.Received) (out []mailtest.Reaction) {
			for _, a := range all {
				out = append(out, a.react(m)...)
			}
			return out
		}))
	}
	return words, err
}

// once reacts to the first mail, and lets the rehearsal wait for it.
func (r *rehearsal) once(react func(mailtest.Received) mailtest.Reaction) mailtest.Behaviour {
	done := false
	return func(m mailtest.Received) []mailtest.Reaction {
		if done {
			return nil
		}
		done = true
		out := react(m)
		r.mu.Lock()
		if until := m.At.Add(out.After + time.Hour); until.After(r.until) {
			r.until = until
		}
		r.mu.Unlock()
		return []mailtest.Reaction{out}
	}
}

// personAnd reads PERSON=WHAT, with words behind a colon.
func personAnd(apps []scheduler.Application, flag, value string) (one scheduler.Person, what, words string, err error) {
	name, what, ok := strings.Cut(value, "=")
	if !ok || strings.TrimSpace(what) == "" {
		return one, "", "", usageError{hinted{fmt.Errorf("--%s: found %q, expected PERSON=TIME", flag, value), "for example --" + flag + " Ken=2d"}}
	}
	what, words, _ = strings.Cut(what, ":")
	one, err = personIn(apps, flag, name)
	return one, strings.TrimSpace(what), strings.TrimSpace(words), err
}

// personIn finds the one person with an address that a name fits, in any
// application.
func personIn(apps []scheduler.Application, flag, name string) (scheduler.Person, error) {
	var names []string
	found := map[string]scheduler.Person{}
	for _, a := range apps {
		for _, p := range a.People() {
			if p.Email == "" {
				continue
			}
			if who := p.Name + " <" + p.Email + ">"; !slices.Contains(names, who) {
				names = append(names, who)
			}
			if isNamed(p, strings.TrimSpace(name)) {
				found[scheduler.NormalAddress(p.Email)] = p
			}
		}
	}
	if len(found) != 1 {
		return scheduler.Person{}, usageError{hinted{fmt.Errorf("--%s: %w", flag, notOne(name, len(found), "your files")), "the people: " + either(strings.Join(names, "; "), "none yet")}}
	}
	for _, p := range found {
		return p, nil
	}
	return scheduler.Person{}, nil
}

// waitOf reads how long somebody takes to react: 2d, 36h, 90m.
func waitOf(flag, text string) (time.Duration, error) {
	span, err := calendar.ParseSpan(text)
	if err == nil {
		from := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) // a Monday; days count 24 hours here
		place := calendar.Place{Zone: time.UTC}
		if d := place.Add(from, span).Sub(from); d > 0 && d <= longestRehearsal {
			return d, nil
		}
	}
	return 0, usageError{hinted{fmt.Errorf("--%s: found %q, expected a time such as 2d, 36h or 90m", flag, text), "for example --" + flag + " Ken=2d"}}
}

func quotedFlag(value, otherwise string) string {
	if name, _, ok := strings.Cut(value, "="); ok && name != "" {
		return "'" + name + "=2026-12-04'"
	}
	return otherwise
}
