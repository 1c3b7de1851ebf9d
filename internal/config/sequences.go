package config

import (
	"errors"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// defaultSequence is the name of the sequence of an application that names
// none.
const defaultSequence = "default"

// defaultSteps stand where the file has no sequences.
const defaultSteps = `
default:
  - {step: thank-you,   template: thank-you,   to: interviewers, after: 8h,  cron: "30 9 * * MON-FRI", expires: 48h}
  - {step: follow-up-1, template: follow-up,   to: contact,      after: 4bd, cron: "0 10 * * TUE-FRI"}
  - {step: follow-up-2, template: follow-up-2, to: contact,      after: 7bd, cron: "0 10 * * TUE-FRI"}
`

// sequences reads the mails that follow an interview. Each step must be able
// to leave within the policy's window, seen from now. Window is where the
// window stands, for the case that the default steps do not fit it.
func (r *reader) sequences(v value, window *yaml.Node, p scheduler.Policy, now time.Time) map[string][]scheduler.Step {
	if !v.absent() {
		return r.readSequences(v, p, now)
	}
	own := newReader(r.file)
	doc, _, err := decode(defaultSteps)
	if err != nil {
		return nil
	}
	all := own.readSequences(value{r: own, key: v.key, node: doc.Content[0], near: doc}, p, now)
	if len(own.problems) > 0 {
		r.add(window, "sending.window", p.Window.String(), "a window that the default sequence fits",
			"it sends at 9:30 and 10:00; write sequences of your own")
	}
	return all
}

func (r *reader) readSequences(v value, p scheduler.Policy, now time.Time) map[string][]scheduler.Step {
	f := v.fields()
	all := map[string][]scheduler.Step{}
	for _, name := range f.names {
		list := f.get(name.Value)
		if !isName(name.Value) {
			r.add(name, f.key, list.quotedName(name.Value), "a name of letters, digits and dashes", "")
		}
		all[name.Value] = r.sequence(list, p, now)
	}
	if _, ok := all[defaultSequence]; !ok && v.node.Kind == yaml.MappingNode {
		r.add(f.at, f.key, "no sequence named default", "one that applications use which name none", "")
	}
	f.done()
	return all
}

func (v value) quotedName(name string) string {
	return value{node: &yaml.Node{Kind: yaml.ScalarNode, Value: name, Style: yaml.DoubleQuotedStyle}}.found()
}

// isName reports whether a word can be a step's or a sequence's name.
func isName(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "-") == s &&
		strings.TrimLeft(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

func (r *reader) sequence(list value, p scheduler.Policy, now time.Time) []scheduler.Step {
	var steps []scheduler.Step
	seen := map[string]bool{}
	items := list.items()
	if len(items) == 0 && (list.absent() || list.node.Kind == yaml.SequenceNode) {
		list.missing("a list of steps")
	}
	for _, item := range items {
		f := item.fields()
		s := r.step(f, p, now)
		name := strings.ToLower(s.Name)
		if name != "" && seen[name] {
			f.get("step").wrong("a name that no other step of the sequence has", "")
		}
		seen[name] = true
		steps = append(steps, s)
	}
	return steps
}

// step reads one mail of a sequence.
func (r *reader) step(f *fields, p scheduler.Policy, now time.Time) scheduler.Step {
	s := scheduler.Step{
		Name:     requiredName(f.get("step"), "a name such as thank-you"),
		Template: requiredName(f.get("template"), "the name of a template"),
		To: f.get("to").choice("", scheduler.ToInterviewers, scheduler.ToContact,
			scheduler.ToRecruiter, scheduler.ToLead),
		After:   f.get("after").span(),
		Expires: f.get("expires").span(),
	}
	if f.get("to").absent() {
		f.get("to").missing("interviewers, contact, recruiter or lead")
	}
	if f.get("after").absent() {
		f.get("after").missing("a span such as 8h or 4bd")
	}
	if v := f.get("expires"); !v.absent() && v.node.Kind == yaml.ScalarNode && s.Expires.IsZero() && isSpan(v.node.Value) {
		v.wrong("a span longer than nothing", "leave it out for mail that does not expire")
	}
	checkStep(f, s)
	s.Cron = r.cron(f.get("cron"), p, now)
	f.done()
	return s
}

func isSpan(text string) bool {
	_, err := calendar.ParseSpan(strings.TrimSpace(text))
	return err == nil
}

// checkStep refuses a name that the program gives steps of its own, and mail
// that asks a whole panel: one person is asked in each round.
func checkStep(f *fields, s scheduler.Step) {
	switch name := strings.ToLower(s.Name); {
	case name == "pass-on", strings.HasPrefix(name, "check-in"):
		f.get("step").wrong("a name other than pass-on and check-in", "the program plans these itself")
	}
	switch strings.ToLower(s.Template) {
	case "follow-up", "follow-up-2", "follow-up-answer", "check-in":
		if s.To == scheduler.ToInterviewers {
			f.get("to").wrong("contact, recruiter or lead", "mail that asks goes to one person in each round")
		}
	}
}

func requiredName(v value, expected string) string {
	name := v.word(expected)
	switch {
	case v.empty():
		v.missing(expected)
	case name != "" && !isName(name):
		v.wrong(expected, "use letters, digits and dashes")
	}
	return name
}

// cron reads a step's schedule and makes sure that it ever comes.
func (r *reader) cron(v value, p scheduler.Policy, now time.Time) calendar.Cron {
	const expected = `a cron expression such as "30 9 * * MON-FRI"`
	if v.empty() {
		v.missing(expected)
		return calendar.Cron{}
	}
	c := parsed(v, expected, calendar.Cron{}, calendar.ParseCron)
	if c.IsZero() || p.Me.Zone == nil || p.Window.Validate() != nil {
		return c // what is wrong was reported where it stands
	}
	holidays, err := calendar.ForCountry(p.Holidays)
	if err != nil {
		return c // reported where the country stands
	}
	place := calendar.Place{Zone: p.Me.Zone, Window: p.Window, Holidays: holidays}
	var never *calendar.NeverError
	if _, err := place.Next(c, now, nil); errors.As(err, &never) {
		v.wrong("a time within sending.window in the next 400 days", "the window is "+p.Window.String())
	}
	return c
}
