package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

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
		fmt.Fprintf(w, "  due:     %s\n", w.when(d.When(), d.Zone))
		fmt.Fprintf(w, "  reason:  %s\n", d.Reason)
	}
	said := func(h scheduler.Hold) bool { return h.Reason == d.WaitingFor } // the hold is told with its end
	if d.WaitingFor != "" && !slices.ContainsFunc(s.Holds, said) {
		fmt.Fprintf(w, "  waits:   %s\n", d.WaitingFor)
	}
	for _, h := range s.Holds {
		if !d.State.Open() {
			break // it keeps nothing from leaving
		}
		fmt.Fprintf(w, "  held:    %s%s\n", h.Reason, holdEnd(h, d.Zone, w.now))
	}
	fmt.Fprintln(w)
	_ = p.printEvents(w, s.Events, false, d.Zone)
}

func (p *program) eventsCommand() *cobra.Command {
	var asJSON bool
	var limit int
	var application string
	c := &cobra.Command{
		Use: "events [--application APP] [--limit N] [--json]", Short: "Shows what happened, oldest first", Args: usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			asked := scheduler.EventQuery{Application: application, Limit: limit}
			events, err := h.service.Events(cmd.Context(), asked) // it may be one whose file is gone
			if err == nil && len(events) == 0 && application != "" {
				var a scheduler.Application
				if _, a, err = h.application(application); err != nil {
					return err
				}
				asked.Application = a.Stem
				events, err = h.service.Events(cmd.Context(), asked)
			}
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
