package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"afterword/internal/config"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// debriefText is a question about a meeting whose answer is one text of its
// debrief.
type debriefText struct{ key, flag, question string }

func debriefTexts() []debriefText {
	return []debriefText{
		{"went_well", "went-well", "What went well?"},
		{"why_well", "why-well", "Why did it go well?"},
		{"faltered", "faltered", "Where did you falter?"},
		{"better_answer", "better-answer", "An answer you would give better now, in a sentence for them? (may go into the follow-up)"},
		{"promised", "promised", "What did you promise to send?"},
		{"feedback", "feedback", "What feedback did you get?"},
	}
}

// debrief is what the user tells of a meeting. What is empty changes nothing.
type debrief struct {
	said, asked map[int]string // by the interviewer's place
	absent      map[int]bool
	texts       map[string]string
	unprepared  []string
	questions   []string
	answers     []scheduler.Answer
	decisionBy  string
	cancelled   bool // it did not take place
}

func newDebrief() *debrief {
	return &debrief{said: map[int]string{}, asked: map[int]string{}, absent: map[int]bool{}, texts: map[string]string{}}
}

type debriefFlags struct {
	round, decisionBy                                       string
	said, asked, absent, unprepared, questions, answerLines []string
	texts                                                   map[string]*string
	cancelled, edit                                         bool
}

func (p *program) debriefCommand() *cobra.Command {
	flags := debriefFlags{texts: map[string]*string{}}
	c := &cobra.Command{
		Use:   "debrief APP [--round ID]",
		Short: "Asks how the interview went, and writes what you say into the application's file",
		Long: "Asks one question after the other; an empty answer changes nothing. With --edit all of them in $VISUAL or $EDITOR, with other flags\n" +
			"none. Without a terminal the answers are read from standard input, one on a line.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: p.with(false, func(cmd *cobra.Command, args []string, h *house) error {
			return p.debrief(cmd, h, args[0], flags)
		}),
	}
	f := c.Flags()
	f.StringVar(&flags.round, "round", "", "the interview's id; without it, the latest that has begun")
	f.BoolVar(&flags.edit, "edit", false, "answer in your editor")
	f.BoolVar(&flags.cancelled, "cancelled", false, "it did not take place")
	f.StringArrayVar(&flags.said, "said", nil, "PERSON=what they said; completes \"You mentioned that ...\"")
	f.StringArrayVar(&flags.asked, "question", nil, "PERSON=a question to them that came up afterwards; goes into the mail")
	f.StringArrayVar(&flags.absent, "absent", nil, "a PERSON who was not there; no thanks go there")
	for _, t := range debriefTexts() {
		flags.texts[t.key] = f.String(t.flag, "", t.question)
	}
	f.StringArrayVar(&flags.unprepared, "unprepared", nil, "a question that you were not prepared for")
	f.StringArrayVar(&flags.answerLines, "answer", nil, "QUESTION | BETTER ANSWER | SOURCE of an answer that failed; the last two may be left out")
	f.StringArrayVar(&flags.questions, "ask", nil, "a question to ask next time")
	f.StringVar(&flags.decisionBy, "decision-by", "", "the day by which they promised word, such as 2026-12-04")
	return c
}

func (p *program) debrief(cmd *cobra.Command, h *house, name string, flags debriefFlags) error {
	policy, a, err := h.application(name)
	if err != nil {
		return err
	}
	if a.Broken != "" {
		return hinted{errors.New(a.Broken), "mend the file first"}
	}
	i, err := debriefRound(a, flags.round, h.clock.Now())
	if err != nil {
		return err
	}
	told := newDebrief()
	given := 0
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "round" && f.Name != "edit" && f.Name != "config" {
			given++
		}
	})
	switch {
	case given > 0:
		err = told.fromFlags(i, flags)
		told.decisionBy = typedDay(told.decisionBy, h.clock.Now().In(policy.Me.Zone))
	case flags.edit:
		err = p.debriefInEditor(cmd.Context(), a, i, told)
		told.decisionBy = typedDay(told.decisionBy, h.clock.Now().In(policy.Me.Zone))
	default:
		fmt.Fprintf(p.out, "%s, %s: an empty answer changes nothing.\n\n", scheduler.Commaed(a.Company, scheduler.RoundName(i.ID)), i.At.In(i.Zone).Format("Mon 2 Jan 2006 15:04"))
		err = (&debriefing{p: p, h: h, ask: p.dialogue(), policy: policy, a: a, i: i, told: told}).run()
	}
	if err != nil {
		return err
	}
	return p.writeDebrief(cmd.Context(), h, policy, a, i, told)
}

// debriefRound is the interview that is spoken of: the one named, or the latest
// that has begun.
func debriefRound(a scheduler.Application, id string, now time.Time) (scheduler.Interview, error) {
	var ids []string
	var latest scheduler.Interview
	for _, i := range a.Interviews {
		ids = append(ids, i.ID)
		if i.Status != scheduler.InterviewCancelled && !i.At.After(now) && (latest.ID == "" || i.At.After(latest.At)) {
			latest = i
		}
	}
	if id == "" {
		if latest.ID == "" {
			return latest, hinted{fmt.Errorf("no interview of %s has begun yet", a.Stem), "afterwards: afterword debrief " + scheduler.ShellWord(a.Stem)}
		}
		return latest, nil
	}
	i, ok := a.Interview(id)
	switch {
	case !ok:
		return i, hinted{fmt.Errorf("%s has no interview %q", a.Stem, id), "its interviews: " + either(strings.Join(ids, ", "), "none yet")}
	case i.At.After(now):
		return i, hinted{fmt.Errorf("%s begins only on %s", scheduler.TheInterview(i.ID), i.At.In(i.Zone).Format("Mon 2 Jan 2006 15:04")), "correct `at` in " + a.File + " if it has moved"}
	}
	return i, nil
}

// fromFlags takes the answers of a script.
func (d *debrief) fromFlags(i scheduler.Interview, flags debriefFlags) error {
	d.cancelled, d.decisionBy = flags.cancelled, flags.decisionBy
	d.unprepared, d.questions = flags.unprepared, flags.questions
	for key, text := range flags.texts {
		d.texts[key] = *text
	}
	for _, line := range flags.answerLines {
		d.answers = append(d.answers, answerOf(line))
	}
	for _, of := range []struct {
		flag   string
		values []string
		into   map[int]string
	}{{"said", flags.said, d.said}, {"question", flags.asked, d.asked}} {
		for _, v := range of.values {
			who, text, ok := strings.Cut(v, "=")
			if !ok {
				return usageError{hinted{fmt.Errorf("--%s: found %q, expected PERSON=TEXT", of.flag, v), "for example --" + of.flag + " Ken=\"...\""}}
			}
			n, err := interviewerNamed(i, who)
			if err != nil {
				return err
			}
			if _, twice := of.into[n]; twice {
				return usageError{hinted{fmt.Errorf("--%s is given twice for %s", of.flag, i.Interviewers[n].Name), "put both into one text; nothing was written"}}
			}
			of.into[n] = text
		}
	}
	for _, who := range flags.absent {
		n, err := interviewerNamed(i, who)
		if err != nil {
			return err
		}
		d.absent[n] = true
	}
	return nil
}

// answerOf reads QUESTION | BETTER | SOURCE.
func answerOf(line string) scheduler.Answer {
	parts := append(strings.SplitN(line, "|", 3), "", "")
	return scheduler.Answer{Question: strings.TrimSpace(parts[0]), Better: strings.TrimSpace(parts[1]), Source: strings.TrimSpace(parts[2])}
}

func interviewerNamed(i scheduler.Interview, who string) (int, error) {
	var names []string
	var found []int
	for n, one := range i.Interviewers {
		names = append(names, one.Name)
		if isNamed(one, strings.TrimSpace(who)) {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		return 0, usageError{hinted{notOne(who, len(found), scheduler.TheInterview(i.ID)), "its people: " + either(strings.Join(names, "; "), "none yet")}}
	}
	return found[0], nil
}

// notOne says that a name fits n people, and not one.
func notOne(name string, n int, of string) error {
	if n == 0 {
		return fmt.Errorf("nobody of %s is called %q", of, name)
	}
	return fmt.Errorf("%q names %s of %s, not one", name, countOf(n, "person"), of)
}

// changes says what the answers change in the file.
func (d *debrief) changes(i scheduler.Interview) ([]config.Change, error) {
	if err := d.contradiction(i); err != nil {
		return nil, err
	}
	at := "interviews[" + i.ID + "]."
	var set []config.Change
	put := func(path, text string) {
		if text = strings.TrimSpace(text); text != "" {
			set = append(set, config.Change{Path: path, Text: text})
		}
	}
	if d.cancelled {
		put(at+"status", string(scheduler.InterviewCancelled))
		put("decision_by", d.decisionBy)
		return set, d.check(set)
	}
	if i.Status != scheduler.InterviewHeld {
		put(at+"status", string(scheduler.InterviewHeld))
	}
	for n, one := range i.Interviewers {
		person := at + "interviewers[" + either(one.Email, one.Name) + "]."
		put(person+"said", d.said[n])
		put(person+"question", d.asked[n])
		if d.absent[n] {
			put(person+"skip", "was not there")
		}
	}
	for _, t := range debriefTexts() {
		put(at+"debrief."+t.key, d.texts[t.key])
	}
	list := func(key string, was, more []string) {
		more = slices.DeleteFunc(slices.Clone(more), func(s string) bool { return strings.TrimSpace(s) == "" })
		if len(more) > 0 {
			set = append(set, config.Change{Path: at + "debrief." + key, List: append(slices.Clone(was), more...)})
		}
	}
	list("unprepared", i.Debrief.Unprepared, d.unprepared)
	list("questions", i.Debrief.Questions, d.questions)
	count := len(i.Debrief.Answers)
	for _, answer := range d.answers {
		if strings.TrimSpace(answer.Question) == "" {
			continue
		}
		put(at+"debrief.answers[+].question", answer.Question)
		entry := fmt.Sprintf("%sdebrief.answers[%d].", at, count)
		put(entry+"better", answer.Better)
		put(entry+"source", answer.Source)
		count++
	}
	put("decision_by", d.decisionBy)
	return set, d.check(set)
}

// contradiction refuses what cannot be true together: of two things that the user
// says, nobody else knows which one is meant.
func (d *debrief) contradiction(i scheduler.Interview) error {
	told := slices.ContainsFunc(slices.Concat(d.unprepared, d.questions), notBlank) ||
		slices.ContainsFunc(d.answers, func(a scheduler.Answer) bool { return notBlank(a.Question) })
	was := map[string]string{"went_well": i.Debrief.WentWell, "why_well": i.Debrief.WhyWell, "faltered": i.Debrief.Faltered,
		"better_answer": i.Debrief.BetterAnswer, "promised": i.Debrief.Promised, "feedback": i.Debrief.Feedback}
	for key, text := range d.texts {
		told = told || isNews(text, was[key])
	}
	for n, one := range i.Interviewers {
		spoke := isNews(d.said[n], one.Said) || isNews(d.asked[n], one.Question)
		if d.absent[n] && spoke {
			return usageError{hinted{fmt.Errorf("%s was not there, and something is told of them", one.Name), "leave out the one that is wrong; nothing was written"}}
		}
		told = told || spoke || d.absent[n]
	}
	if d.cancelled && told {
		return usageError{hinted{fmt.Errorf("%s did not take place, and something is told of it", scheduler.TheInterview(i.ID)), "leave out the one that is wrong; nothing was written"}}
	}
	return nil
}

// isNews reports whether something is told that the file does not say already: a form
// begins with what it says.
func isNews(told, was string) bool {
	return notBlank(told) && strings.TrimSpace(told) != strings.TrimSpace(was)
}

func notBlank(s string) bool { return strings.TrimSpace(s) != "" }

// check refuses what has no place in a mail or a file, with the place.
func (d *debrief) check(set []config.Change) error {
	if d.decisionBy != "" {
		if _, err := calendar.ParseDate(strings.TrimSpace(d.decisionBy)); err != nil {
			return usageError{hinted{fmt.Errorf("decision_by: found %q, expected a date such as 2026-12-04", d.decisionBy), "nothing was written"}}
		}
	}
	for _, c := range set {
		for _, text := range append([]string{c.Text}, c.List...) {
			if err := templates.CheckValue(c.Path, text); err != nil {
				return usageError{hinted{err, "nothing was written"}}
			}
		}
	}
	return nil
}

// writeDebrief writes the answers into the file and says what follows.
func (p *program) writeDebrief(ctx context.Context, h *house, policy scheduler.Policy, a scheduler.Application, i scheduler.Interview, told *debrief) error {
	set, err := told.changes(i)
	if err != nil {
		return err
	}
	if len(set) == 0 {
		fmt.Fprintf(p.out, "%s: nothing changed\n", a.Stem)
		return nil
	}
	if err := editFile(policy, a, set...); err != nil {
		fmt.Fprintln(p.err, "nothing was written; what you said:")
		for _, c := range set {
			fmt.Fprintf(p.err, "  %s: %s\n", c.Path, either(c.Text, strings.Join(c.List, " | ")))
		}
		return err
	}
	if told.cancelled {
		fmt.Fprintf(p.out, "%s: %s is cancelled; its thank-yous are too\n", a.Stem, scheduler.TheInterview(i.ID))
		return nil
	}
	fmt.Fprintf(p.out, "%s: written into %s. `afterword preview %s` shows the mails, `afterword prep` what to work on\n", a.Stem, a.File, scheduler.ShellWord(strings.TrimRight(scheduler.Key(a.Stem, i.ID, "", ""), "/")))
	if notBlank(told.decisionBy) {
		fmt.Fprintf(p.out, "  decision_by is now %s\n", strings.TrimSpace(told.decisionBy))
	}
	all, err := h.service.Previews(ctx, a.Stem+"/"+i.ID+"/", h.clock.Now())
	if err != nil {
		return nil // nothing is planned for it: there is nothing to say of the mails
	}
	for _, v := range all {
		for _, f := range v.Findings {
			if f.Place == "said" && f.Severity != scheduler.Hint && f.Code != "not-personal" {
				fmt.Fprintf(p.out, "  %s: %s: %s\n", v.Delivery.To.Name, f.Code, f.Text)
			}
		}
	}
	return nil
}
