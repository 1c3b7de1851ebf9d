package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

// prepJSON is what `prep --json` prints: what earlier interviews teach, those of
// the application first, then the newest.
type prepJSON struct {
	Application string       `json:"application"`
	Company     string       `json:"company"`
	Role        string       `json:"role"`
	Next        *prepRound   `json:"next"` // the next interview, null if none is planned
	WentWell    []prepNote   `json:"went_well"`
	Unprepared  []prepNote   `json:"unprepared"`
	Answers     []prepAnswer `json:"answers"` // those without a source first
	Faltered    []prepNote   `json:"faltered"`
	Questions   []prepNote   `json:"questions"`
	Feedback    []prepNote   `json:"feedback"`
	Promised    []prepNote   `json:"promised"` // of this application alone
}

type prepRound struct {
	begins string   // as people read it
	Round  string   `json:"round"`
	At     string   `json:"at"`
	With   []string `json:"with"`
}

type prepNote struct {
	Text        string  `json:"text"`
	Why         *string `json:"why"`
	Application string  `json:"application"`
	Round       string  `json:"round"`
}

type prepAnswer struct {
	Question    string  `json:"question"`
	Better      *string `json:"better"`
	Source      *string `json:"source"`
	Application string  `json:"application"`
	Round       string  `json:"round"`
}

func (p *program) prepCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "prep APP [--json]",
		Short: "One page for the next interview from all earlier debriefs: what went well, what to prepare, answers to improve, questions to ask",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: p.with(false, func(_ *cobra.Command, args []string, h *house) error {
			_, a, err := h.application(args[0])
			if err != nil {
				return err
			}
			_, apps, err := h.world.Read()
			if err != nil {
				return err
			}
			page := prepOf(a, apps, h)
			if asJSON {
				return printJSON(p.out, page)
			}
			printPrep(p.out, page)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	return c
}

// told is a meeting that was debriefed.
type told struct {
	stem string
	i    scheduler.Interview
}

// debriefed lists the meetings with a debrief: those of the application first,
// the newest first.
func debriefed(of string, apps []scheduler.Application) []told {
	var all []told
	for _, a := range apps {
		for _, i := range a.Interviews {
			if !i.Debrief.Empty() {
				all = append(all, told{a.Stem, i})
			}
		}
	}
	foreign := func(t told) int {
		if t.stem == of {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(x, y told) int {
		return cmp.Or(foreign(x)-foreign(y), y.i.At.Compare(x.i.At), cmp.Compare(x.stem+x.i.ID, y.stem+y.i.ID))
	})
	return all
}

func prepOf(a scheduler.Application, apps []scheduler.Application, h *house) prepJSON {
	page := prepJSON{Application: a.Stem, Company: a.Company, Role: a.Role, WentWell: []prepNote{}, Unprepared: []prepNote{}, Answers: []prepAnswer{},
		Faltered: []prepNote{}, Questions: []prepNote{}, Feedback: []prepNote{}, Promised: []prepNote{}}
	page.Next = nextRound(a, h)
	for _, t := range debriefed(a.Stem, apps) {
		d := t.i.Debrief
		note := func(into *[]prepNote, why string, texts ...string) {
			for _, text := range texts {
				if text = strings.TrimSpace(text); text != "" {
					*into = append(*into, prepNote{text, optional(strings.TrimSpace(why)), t.stem, t.i.ID})
				}
			}
		}
		note(&page.WentWell, d.WhyWell, d.WentWell)
		note(&page.Unprepared, "", d.Unprepared...)
		note(&page.Faltered, "", d.Faltered)
		note(&page.Questions, "", d.Questions...)
		note(&page.Feedback, "", d.Feedback)
		if t.stem == a.Stem {
			note(&page.Promised, "", d.Promised)
		}
		for _, answer := range d.Answers {
			page.Answers = append(page.Answers, prepAnswer{strings.TrimSpace(answer.Question), optional(strings.TrimSpace(answer.Better)), optional(strings.TrimSpace(answer.Source)), t.stem, t.i.ID})
		}
	}
	done := func(x prepAnswer) int {
		switch {
		case x.Source != nil:
			return 2
		case x.Better != nil:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(page.Answers, func(x, y prepAnswer) int { return done(x) - done(y) })
	return page
}

// nextRound is the first interview that is still to come.
func nextRound(a scheduler.Application, h *house) *prepRound {
	now := h.clock.Now()
	var next *prepRound
	first := now
	for _, i := range a.Interviews {
		if i.Status == scheduler.InterviewCancelled || !i.At.After(now) || next != nil && !i.At.Before(first) {
			continue
		}
		first, next = i.At, &prepRound{Round: i.ID, At: *stamp(i.At, i.Zone.String()), begins: clockTime(i.At, i.Zone.String(), h.clock.Now()), With: []string{}}
		for _, one := range i.Interviewers {
			next.With = append(next.With, one.Name)
		}
	}
	return next
}

// ofRound names an application, and of its interviews the one that has a name.
func ofRound(application, round string) string {
	return strings.TrimSpace(application + " " + scheduler.RoundName(round))
}

func printPrep(w io.Writer, page prepJSON) {
	fmt.Fprintf(w, "%s, %s\n", page.Company, page.Role)
	if n := page.Next; n != nil {
		fmt.Fprintf(w, "next: %s, with %s\n", strings.TrimPrefix(scheduler.RoundName(n.Round)+" on "+n.begins, " on "), either(strings.Join(n.With, ", "), "nobody named yet"))
	}
	empty := true
	section := func(title string, notes []prepNote) {
		if len(notes) == 0 {
			return
		}
		empty = false
		fmt.Fprintf(w, "\n%s\n", title)
		for _, n := range notes {
			fmt.Fprintf(w, "  - %s (%s)\n", n.Text, ofRound(n.Application, n.Round))
			if n.Why != nil {
				fmt.Fprintf(w, "    because: %s\n", *n.Why)
			}
		}
	}
	section("What went well", page.WentWell)
	section("What was not prepared", page.Unprepared)
	if len(page.Answers) > 0 {
		empty = false
		fmt.Fprintf(w, "\nAnswers to improve\n")
	}
	for _, a := range page.Answers {
		fmt.Fprintf(w, "  - %s (%s)\n", a.Question, ofRound(a.Application, a.Round))
		switch {
		case a.Better == nil:
			fmt.Fprintln(w, "    no better answer yet: look it up")
		case a.Source == nil:
			fmt.Fprintf(w, "    better: %s\n    no source yet: look it up\n", *a.Better)
		default:
			fmt.Fprintf(w, "    better: %s\n    source: %s\n", *a.Better, *a.Source)
		}
	}
	section("Where it faltered", page.Faltered)
	section("Questions to ask", page.Questions)
	section("Feedback", page.Feedback)
	section("Promised, and to be sent", page.Promised)
	if empty {
		fmt.Fprintln(w, "\nNo debrief yet. After an interview: afterword debrief "+scheduler.ShellWord(page.Application))
	}
}
