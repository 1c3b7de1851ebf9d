package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/profile"
	"afterword/scheduler"
)

// holdCommands keep mail from leaving, and let it go again.
func (p *program) holdCommands() []*cobra.Command {
	return []*cobra.Command{p.holdCommand(), p.resumeCommand(), p.pauseCommand(), p.adoptCommand()}
}

func (p *program) adoptCommand() *cobra.Command {
	return &cobra.Command{
		Use: "adopt", Short: "Says that this profile lives on this machine now, and nowhere else", Args: usage(cobra.NoArgs),
		RunE: p.with(true, func(cmd *cobra.Command, _ []string, h *house) error {
			n, err := h.service.Adopt(cmd.Context(), cmp.Or(h.outside.machine, profile.Machine(h.config.StatePath)))
			if err != nil {
				return err
			}
			if n == 0 {
				fmt.Fprintln(p.out, "adopted: this profile lives here; nothing was held for another machine")
				return nil
			}
			fmt.Fprintf(p.out, "adopted; %s lifted\n", countOf(n, "hold"))
			return nil
		}),
	}
}

func (p *program) holdCommand() *cobra.Command {
	var until, reason string
	c := &cobra.Command{
		Use:   "hold APPLICATION|PERSON|KEY [--until TIME]",
		Short: "Keeps the mail of an application, to a person, or one mail from leaving",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.hold(cmd, args[0], until, reason)
		},
	}
	c.Flags().StringVar(&until, "until", "", "when the hold ends by itself, a `TIME` such as 2026-12-01; without it, afterword resume ends it")
	c.Flags().StringVar(&reason, "reason", "", "why, as afterword why tells it later")
	return c
}

func (p *program) pauseCommand() *cobra.Command {
	var until string
	c := &cobra.Command{
		Use: "pause [--until TIME]", Short: "Keeps everything from leaving; replies are still read", Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.hold(cmd, "", until, "you paused everything") },
	}
	c.Flags().StringVar(&until, "until", "", "when the pause ends by itself, a `TIME` such as 2026-12-01; without it, afterword resume ends it")
	return c
}

func (p *program) hold(cmd *cobra.Command, what, until, reason string) error {
	h, err := p.open(cmd.Context(), true)
	if err != nil {
		return err
	}
	defer h.Close()
	end, err := moment(until, h, time.Time{})
	if err != nil {
		return err
	}
	held, err := h.service.Hold(cmd.Context(), what, end, reason)
	if err != nil {
		return err
	}
	words := "until `" + strings.TrimSpace("afterword resume "+scheduler.ShellWord(held.Target)) + "`"
	if !end.IsZero() {
		words = "until " + clockTime(end, h.config.Policy.Me.Zone.String(), h.clock.Now())
	}
	fmt.Fprintf(p.out, "on hold: %s, %s\n", holdTarget(held), words)
	return nil
}

func (p *program) resumeCommand() *cobra.Command {
	var confirm bool
	c := &cobra.Command{
		Use: "resume [APPLICATION|PERSON|KEY] [--confirm]", Short: "Lifts the holds of a target, ends a pause, or lifts all holds where there is none", Args: usage(cobra.MaximumNArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			lifted, left, err := h.service.Resume(cmd.Context(), strings.Join(args, ""), confirm)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s lifted\n", countOf(lifted, "hold"))
			if left > 0 {
				fmt.Fprintf(p.out, "%s left, which only another word ends; `afterword status` names it\n", countOf(left, "hold"))
			}
			return p.printStillHeld(cmd, h, strings.Join(args, ""))
		}),
	}
	c.Flags().BoolVar(&confirm, "confirm", false, "what seemed to be a rejection or an offer is none")
	return c
}

// printStillHeld says that the target stays on hold because everything does, or
// what stays on hold where only a pause has ended.
func (p *program) printStillHeld(cmd *cobra.Command, h *house, what string) error {
	st, err := h.service.Status(cmd.Context())
	for _, x := range st.Holds {
		if x.Scope == scheduler.ScopeEverything || what == "" {
			fmt.Fprintf(p.out, "still on hold: %s: %s%s\n", holdTarget(x), x.Reason, holdEnd(x, h.config.Policy.Me.Zone.String(), h.clock.Now()))
		}
	}
	return err
}

// countOf writes a number of things.
func countOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func (p *program) whyCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "why KEY [--json]", Short: "Tells the story of one mail: what happened, when, why, on what evidence", Args: usage(cobra.ExactArgs(1)),
		RunE: p.with(false, func(cmd *cobra.Command, args []string, h *house) error {
			story, err := h.service.Why(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return p.printEvents(p.screen(h.clock.Now(), h.config.Policy.Me.Zone), orForeseen(story, h.clock.Now()), true, h.config.Policy.Me.Zone.String())
			}
			p.printStory(p.screen(h.clock.Now(), h.config.Policy.Me.Zone), story)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the events as JSON, one on a line")
	return c
}

// orForeseen are the events of a mail, or one line that says what is planned where
// none is stored: no daemon has seen it yet.
func orForeseen(s scheduler.Story, now time.Time) []scheduler.Event {
	d := s.Delivery
	if slices.ContainsFunc(s.Events, func(e scheduler.Event) bool { return e.Key == d.Key }) {
		return s.Events
	}
	why := either(d.WaitingFor, either(d.Reason, d.Why))
	return append(slices.Clone(s.Events), scheduler.Event{At: now, Key: d.Key, Application: d.Application, Actor: scheduler.ActorDaemon, What: "foreseen", To: string(d.State), Why: why})
}

func (p *program) printStory(w *screen, s scheduler.Story) {
	d := s.Delivery
	fmt.Fprintf(w, "%s to %s <%s>: %s\n", d.Step, d.To.Name, d.To.Email, w.state(d.State))
	if d.Why != "" {
		fmt.Fprintf(w, "  because: %s\n", d.Why)
	}
	if d.State.Open() {
		fmt.Fprintf(w, "  due:     %s\n", w.when(later(d), d.Zone))
		fmt.Fprintf(w, "  reason:  %s\n", d.Reason)
	}
	if d.WaitingFor != "" {
		fmt.Fprintf(w, "  waits:   %s\n", d.WaitingFor)
	}
	for _, h := range s.Holds {
		fmt.Fprintf(w, "  held:    %s%s\n", h.Reason, holdEnd(h, d.Zone, w.now))
	}
	fmt.Fprintln(w)
	_ = p.printEvents(w, s.Events, false, d.Zone)
}

// later is the due time, or the expected one.
func later(d scheduler.Delivery) time.Time {
	if d.Due.IsZero() {
		return d.Expected
	}
	return d.Due
}

func (p *program) eventsCommand() *cobra.Command {
	var asJSON bool
	var limit int
	var application string
	c := &cobra.Command{
		Use: "events [--application APP] [--limit N] [--json]", Short: "Shows what happened, oldest first", Args: usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			events, err := h.service.Events(cmd.Context(), scheduler.EventQuery{Application: application, Limit: limit})
			if err != nil {
				return err
			}
			return p.printEvents(p.screen(h.clock.Now(), h.config.Policy.Me.Zone), events, asJSON, h.config.Policy.Me.Zone.String())
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, one event on a line")
	c.Flags().IntVar(&limit, "limit", 0, "only the newest so many")
	c.Flags().StringVar(&application, "application", "", "only this application's")
	return c
}

// eventJSON is the contract of `events --json` (DESIGN section 8).
type eventJSON struct {
	At          string  `json:"at"`
	Key         *string `json:"key"`
	Application *string `json:"application"`
	Actor       string  `json:"actor"`
	What        string  `json:"what"`
	From        *string `json:"from"`
	To          *string `json:"to"`
	Why         *string `json:"why"`
	Evidence    *string `json:"evidence"`
}

func eventOf(e scheduler.Event, zone string) eventJSON {
	return eventJSON{At: *stamp(e.At, zone), Key: optional(e.Key), Application: optional(e.Application), Actor: e.Actor, What: e.What,
		From: optional(e.From), To: optional(e.To), Why: optional(e.Why), Evidence: optional(e.Evidence)}
}

func (p *program) printEvents(w *screen, events []scheduler.Event, asJSON bool, zone string) error {
	for _, e := range events {
		if asJSON {
			if err := printLine(p.out, eventOf(e, zone)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%s  %s  %s: %s\n", w.when(e.At, zone), either(e.Key, either(e.Application, e.To)), e.What, e.Why)
		if e.Evidence != "" {
			fmt.Fprintf(w, "    evidence: %s\n", e.Evidence)
		}
	}
	return nil
}
