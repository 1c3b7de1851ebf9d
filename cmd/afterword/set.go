package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"afterword/internal/config"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// fileCommands change the interview files, through the writer that keeps
// comments and order.
func (p *program) fileCommands() []*cobra.Command {
	return []*cobra.Command{p.setCommand(), p.addCommand(), p.removeCommand(), p.debriefCommand(), p.prepCommand(), p.wordsCommand()}
}

// applicationKeys are the keys that `set` takes of an application.
func applicationKeys() []string {
	return []string{"status", "decision_by", "role", "company", "timezone", "country", "language", "sequence"}
}

// personKeys are the keys that `set` takes of one of its people.
func personKeys() []string {
	return []string{"said", "question", "notes", "greet", "skip", "title", "email", "guessed"}
}

// hinted is an error with a hint of its own.
type hinted struct {
	error
	hint string
}

// Hint says what to do about it.
func (h hinted) Hint() string { return h.hint }

// Unwrap gives the cause.
func (h hinted) Unwrap() error { return h.error }

func (p *program) setCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "set APP status|decision_by|... VALUE | set APP said|question|notes|... PERSON TEXT | set APP lead PERSON | set APP recruiter NAME EMAIL",
		Short: "Writes a fact into an application's file: its status, the date they promised, what a person said",
		Long:  "Writes a fact into an application's file and keeps its comments. `decision_by none` takes the date out.",
		Args:  usage(cobra.RangeArgs(3, 4)), // see changesFor
		RunE: p.with(false, func(cmd *cobra.Command, args []string, h *house) error {
			policy, a, err := h.application(args[0])
			if err != nil {
				return err
			}
			if args[1], err = pathTyped(a, args[1]); err != nil {
				return err
			}
			changes, err := changesFor(a, args[1], typedValues(a, args[1], args[2:], h.clock.Now().In(policy.Me.Zone)))
			if err != nil {
				return err
			}
			if err := editFile(policy, a, changes...); err != nil {
				return orOfMeeting(err, args[1])
			}
			for _, c := range changes {
				fmt.Fprintf(p.out, "%s: %s is now %s%s\n", a.Stem, c.Path, either(c.Text, "empty"), consequence(a, c, h.clock.Now()))
			}
			return p.printSaid(cmd.Context(), h, a.Stem, args[1:])
		}),
	}
}

// orOfMeeting says besides what may be said of an interview, where an application
// has no such status.
func orOfMeeting(err error, key string) error {
	wrong := config.Problems(nil)
	if key != "status" || !errors.As(err, &wrong) || wrong[0].Hint != "" {
		return err
	}
	first := *wrong[0]
	first.Hint = "of an interview: " + strings.Join(meetingStates(), ", ")
	return config.Problems{&first}
}

// application finds an application by its name, or by the only one that begins
// so.
func (h *house) application(name string) (scheduler.Policy, scheduler.Application, error) {
	policy, apps, err := h.world.Read()
	if err != nil {
		return policy, scheduler.Application{}, err
	}
	var found []scheduler.Application
	var names []string
	for _, a := range apps {
		if strings.EqualFold(a.Stem, name) {
			return policy, a, nil
		}
		if name != "" && strings.HasPrefix(strings.ToLower(a.Stem), strings.ToLower(name)) {
			found = append(found, a)
		}
		names = append(names, a.Stem)
	}
	if len(found) == 1 {
		return policy, found[0], nil
	}
	slices.Sort(names)
	err = fmt.Errorf("there is no application %q", name)
	if len(found) > 1 {
		err = fmt.Errorf("%q fits %s", name, countOf(len(found), "application"))
	}
	return policy, scheduler.Application{}, hinted{err, "the applications: " + either(strings.Join(names, ", "), "none yet; `afterword add` makes one")}
}

// changesFor says what to change in the file.
func changesFor(a scheduler.Application, key string, values []string) ([]config.Change, error) {
	for _, v := range values {
		if err := templates.CheckValue(key, v); err != nil {
			return nil, usageError{err}
		}
	}
	switch {
	case key == "lead" && len(values) == 1:
		return leadChanges(a, values[0])
	case key == "recruiter" && len(values) == 1:
		return recruiterChanges(values[0])
	case key == "recruiter" && len(values) == 2:
		return []config.Change{{Path: "recruiter.name", Text: values[0]}, {Path: "recruiter.email", Text: values[1]}}, nil
	case key == "email" && len(values) == 2:
		return emailChanges(a, values[0], values[1])
	}
	c, err := changeFor(a, key, values)
	return []config.Change{c}, err
}

// pathTyped is a key as it is typed: interviews.onsite.at names the same as
// interviews[onsite].at.
func pathTyped(a scheduler.Application, key string) (string, error) {
	rest, ofMeeting := strings.CutPrefix(key, "interviews.")
	if !ofMeeting {
		return key, nil
	}
	var ways []string
	for _, i := range a.Interviews {
		of, inner, ok := strings.Cut(rest, ".")
		if ok && strings.EqualFold(of, i.ID) {
			return "interviews[" + i.ID + "]." + inner, nil
		}
		ways = append(ways, "interviews["+i.ID+"].at")
	}
	return "", usageError{hinted{fmt.Errorf("%q names no interview of %s", key, a.Stem), "an interview is named in brackets, such as " + either(strings.Join(ways, ", "), "interviews[onsite].at")}}
}

// typedValues are values as the files write them, where one of them is a day or a
// time that may be typed in other ways.
func typedValues(a scheduler.Application, key string, values []string, now time.Time) []string {
	if len(values) != 1 {
		return values
	}
	if key == "decision_by" {
		return []string{typedDay(values[0], now)}
	}
	for _, i := range a.Interviews {
		if key == "at" && len(a.Interviews) == 1 || strings.EqualFold(key, "interviews["+i.ID+"].at") {
			return []string{typedTime(values[0], now, calendar.WallOf(i.At.In(i.Zone)))}
		}
	}
	return values
}

// leadChanges makes a person the lead of the latest interview with them, and
// nobody else.
func leadChanges(a scheduler.Application, who string) ([]config.Change, error) {
	path, err := pathOfPerson(a, who)
	if err != nil {
		return nil, err
	}
	if path == "recruiter" {
		return nil, usageError{hinted{fmt.Errorf("%q is the recruiter", who), "a recruiter is written to before any lead; name an interviewer"}}
	}
	var set []config.Change
	for _, i := range a.Interviews {
		at := fmt.Sprintf("interviews[%s].interviewers[", i.ID)
		if !strings.HasPrefix(path, at) {
			continue
		}
		for _, one := range i.Interviewers {
			if other := at + either(one.Email, one.Name) + "]"; one.Lead && other != path {
				set = append(set, config.Change{Path: other + ".lead", Text: "false"})
			}
		}
	}
	return append(set, config.Change{Path: path + ".lead", Text: "true"}), nil
}

// emailChanges gives a person another address, in every interview with them.
// The path names them by their place: the address by which they are known is
// the one that goes.
func emailChanges(a scheduler.Application, who, email string) ([]config.Change, error) {
	path, err := pathOfPerson(a, who)
	if err != nil {
		return nil, err
	}
	if path == "recruiter" {
		return []config.Change{{Path: "recruiter.email", Text: email}}, nil
	}
	var set []config.Change
	for _, i := range a.Interviews {
		for n, one := range i.Interviewers {
			if !isNamed(one, who) {
				continue
			}
			at := fmt.Sprintf("interviews[%s].interviewers[%d].", i.ID, n)
			set = append(set, config.Change{Path: at + "email", Text: email})
			if one.Guessed {
				set = append(set, config.Change{Path: at + "guessed", Text: "false"})
			}
		}
	}
	return set, nil
}

// printSaid shows what a person said in its sentence of the mail, and what the
// proofreader says of it.
func (p *program) printSaid(ctx context.Context, h *house, stem string, args []string) error {
	if args[0] != "said" || len(args) < 3 || args[2] == "" {
		return nil
	}
	policy, a, err := h.application(stem)
	if err != nil {
		return err
	}
	for _, i := range slices.Backward(a.Interviews) {
		for n, one := range i.Interviewers {
			if !isNamed(one, args[1]) || one.Said == "" {
				continue
			}
			if s := h.saidSentence(policy, a, i, n, one.Said); s != "" {
				fmt.Fprintf(p.out, "  in the mail: %s\n", s)
			}
			return p.printSaidFindings(ctx, h, scheduler.Key(a.Stem, i.ID, "", one.Email))
		}
	}
	return nil
}

// printSaidFindings names what the proofreader finds in what somebody said. The
// key is that of a mail to them but for its step.
func (p *program) printSaidFindings(ctx context.Context, h *house, key string) error {
	round, address, _ := strings.Cut(key, "//")
	all, err := h.service.Previews(ctx, "", h.clock.Now())
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.Delivery.Kind != scheduler.Owed || !strings.HasPrefix(v.Delivery.Key, round+"/") || !strings.HasSuffix(v.Delivery.Key, "/"+address) {
			continue
		}
		for _, f := range v.Findings {
			if f.Place == "said" && f.Severity != scheduler.Hint {
				fmt.Fprintf(p.out, "  %s: %s\n", f.Severity, f.Text)
			}
		}
	}
	return nil
}

// changeFor says what to change in the file.
func changeFor(a scheduler.Application, key string, values []string) (config.Change, error) {
	value := values[len(values)-1]
	switch {
	case strings.ContainsAny(key, "[."):
		if len(values) == 1 {
			return config.Change{Path: key, Text: value}, nil
		}
	case slices.Contains(personKeys(), key) && len(values) == 2:
		path, err := pathOfPerson(a, values[0])
		return config.Change{Path: path + "." + key, Text: value}, err
	case key == "status" && len(values) == 1 && slices.Contains(meetingStates(), strings.ToLower(value)):
		return meetingChange(a, key, strings.ToLower(value))
	case slices.Contains(meetingKeys(), key) && len(values) == 1:
		return meetingChange(a, key, value)
	case slices.Contains(applicationKeys(), key) && len(values) == 1:
		if key == "decision_by" && strings.EqualFold(value, "none") {
			value = ""
		}
		return config.Change{Path: key, Text: value}, nil
	}
	return config.Change{}, usageError{hinted{fmt.Errorf("%q with %s cannot be set", key, countOf(len(values), "value")), keyHint(a, key, len(values))}}
}

// keyHint says how something is set, where a key is not known or lacks its person.
func keyHint(a scheduler.Application, key string, values int) string {
	if slices.Contains(personKeys(), key) && values == 1 {
		var names []string
		for _, p := range a.People() {
			names = append(names, p.Name)
		}
		return fmt.Sprintf("say of whom: afterword set %s %s PERSON TEXT; its people: %s", scheduler.ShellWord(a.Stem), key, either(strings.Join(names, "; "), "none yet"))
	}
	if meant := config.DidYouMean(key, slices.Concat(applicationKeys(), personKeys(), meetingKeys(), []string{"lead", "recruiter"})); meant != "" {
		return meant
	}
	return fmt.Sprintf("set APP KEY VALUE, with KEY one of %s; or set APP KEY PERSON TEXT, with KEY one of %s; all else is written into its file, %s",
		strings.Join(applicationKeys(), ", "), strings.Join(personKeys(), ", "), a.File)
}

// meetingStates are what can be said of an interview and of no application.
func meetingStates() []string { return []string{"planned", "held", "cancelled"} }

// meetingKeys are the keys of an interview that its application does not have.
func meetingKeys() []string { return []string{"at", "duration", "kind"} }

// meetingChange says something of the only interview, such as whether it takes
// place: where there is one it is plain which one is meant.
func meetingChange(a scheduler.Application, key, value string) (config.Change, error) {
	if len(a.Interviews) == 1 {
		return config.Change{Path: "interviews[" + a.Interviews[0].ID + "]." + key, Text: value}, nil
	}
	var lines []string
	for _, i := range a.Interviews {
		lines = append(lines, fmt.Sprintf("afterword set %s %s %s", scheduler.ShellWord(a.Stem), scheduler.ShellWord("interviews["+i.ID+"]."+key), scheduler.ShellWord(value)))
	}
	return config.Change{}, usageError{hinted{fmt.Errorf("%q is said of an interview, and %s has %s", value, a.Stem, countOf(len(lines), "interview")), strings.Join(lines, "   or   ")}}
}

// recruiterChanges takes a recruiter as an address book writes one.
func recruiterChanges(who string) ([]config.Change, error) {
	p, err := (&adding{}).personOf("", who)
	if err != nil || p.Email == "" {
		return nil, usageError{hinted{fmt.Errorf("%q names no recruiter with an address", who), "set APP recruiter 'Priya Nair' priya@acme.example"}}
	}
	return []config.Change{{Path: "recruiter.name", Text: p.Name}, {Path: "recruiter.email", Text: p.Email}}, nil
}

// pathOfPerson leads to a person in the file: the latest interview with them,
// or the recruiter. They are named by address, by name or by a part of it.
func pathOfPerson(a scheduler.Application, name string) (string, error) {
	path, who := "", map[string]bool{}
	for _, i := range a.Interviews {
		for _, p := range i.Interviewers {
			if isNamed(p, name) {
				path = fmt.Sprintf("interviews[%s].interviewers[%s]", i.ID, either(p.Email, p.Name))
				who[strings.ToLower(p.Name)] = true
			}
		}
	}
	if r := a.Recruiter; r != nil && isNamed(*r, name) && len(who) == 0 {
		return "recruiter", nil
	}
	if len(who) == 1 {
		return path, nil
	}
	var names []string
	for _, p := range a.People() {
		names = append(names, p.Name)
	}
	return "", hinted{notOne(name, len(who), a.Stem), "its people: " + either(strings.Join(names, "; "), "none yet")}
}

// isNamed reports whether a word of the command line names a person: an address
// or what stands before its @, the name or a word of it, with or without accents.
func isNamed(p scheduler.Person, name string) bool {
	if name == "" {
		return false
	}
	local, _, _ := strings.Cut(p.Email, "@")
	if strings.EqualFold(p.Email, name) || strings.EqualFold(local, name) {
		return true
	}
	want := bareLetters(name)
	return want == bareLetters(p.Name) || slices.ContainsFunc(strings.Fields(p.Name), func(word string) bool { return want == bareLetters(strings.Trim(word, ",")) })
}

// bareLetters is a text without accents, in lower case: not every keyboard has
// the letters of every name.
func bareLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}

// editFile writes changes, or says why the file would not load with them.
func editFile(policy scheduler.Policy, a scheduler.Application, set ...config.Change) error {
	err := config.Edit(a.File, config.InterviewCheck(policy), set...)
	if errors.Is(err, config.ErrChanged) {
		return hinted{err, "somebody else wrote it at the same moment; try again"}
	}
	return err
}

// consequence says what follows from a change, in few words.
func consequence(a scheduler.Application, c config.Change, now time.Time) string {
	value, key := c.Text, c.Path[strings.LastIndexByte(c.Path, '.')+1:]
	switch inMeeting := strings.HasPrefix(c.Path, "interviews["); {
	case inMeeting && key == "status":
		return meetingConsequence(a, c, now)
	case inMeeting && key == "at":
		return "; `afterword plan` shows what moves with it"
	}
	switch key {
	case "status":
		switch status := scheduler.Status(value); {
		case status.Over():
			return "; nothing more is sent to " + a.Company + " but what you queue yourself, and what was planned is cancelled"
		case status == scheduler.StatusOffer:
			return "; mail that asks " + a.Company + " rests, thanks go on"
		case status == scheduler.StatusPaused:
			return "; its mail waits until the status changes"
		case status == scheduler.StatusConsidered:
			return "; a check-in is laid before you when it has been quiet for long"
		}
		return "; its mail goes on as planned"
	case "decision_by":
		if value == "" {
			return "; follow-ups wait for no date"
		}
		return "; mail that asks waits for it and two business days more"
	case "said":
		if value == "" {
			return "; the thank-you says nothing of it"
		}
		return "; it goes into the thank-you, if that has not left yet"
	case "skip":
		return "; no thanks go there"
	}
	return ""
}

// meetingConsequence says what follows from what is said of an interview.
func meetingConsequence(a scheduler.Application, c config.Change, now time.Time) string {
	switch strings.ToLower(c.Text) {
	case "cancelled":
		return "; nothing is sent about it"
	case "planned":
		return "; its thanks wait for your word that it took place"
	}
	for _, i := range a.Interviews {
		if c.Path == "interviews["+i.ID+"].status" && i.End().After(now) {
			return fmt.Sprintf("; it is only on %s: if it does not take place, say `afterword set %s %s cancelled`", clockTime(i.At, i.Zone.String(), now), scheduler.ShellWord(a.Stem), scheduler.ShellWord(c.Path))
		}
	}
	return "; its thanks go on as planned"
}
