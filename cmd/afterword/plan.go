package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

func (p *program) planCommand() *cobra.Command {
	var asJSON bool
	var now, until string
	c := &cobra.Command{
		Use:   "plan [--now TIME] [--until TIME] [--json]",
		Short: "Shows every mail that is planned: when, why, or why not; sends nothing",
		Args:  usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			from, err := moment(now, h.clock.Now(), h.config.Policy.Me.Zone, h.clock.Now())
			if err != nil {
				return err
			}
			to, err := moment(until, h.clock.Now(), h.config.Policy.Me.Zone, time.Time{})
			if err != nil {
				return err
			}
			items, problems, err := h.service.Plan(cmd.Context(), from)
			if err != nil {
				return err
			}
			planned := len(items)
			items = before(items, to)
			for _, b := range problems {
				fmt.Fprintf(p.err, "afterword: held: %s\n", b)
			}
			if asJSON {
				return printJSON(p.out, items)
			}
			w := p.screen(from, h.config.Policy.Me.Zone)
			switch {
			case len(items) > 0 || len(problems) > 0 && planned == 0: // which was said
			case planned > 0:
				fmt.Fprintf(w, "Nothing is planned until %s, and %s after it.\n", until, countOf(planned, "mail"))
			default:
				fmt.Fprintln(w, "Nothing is planned. `afterword add` asks for an interview; `afterword demo` shows what is planned then.")
			}
			return printPlan(w, items)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	c.Flags().StringVar(&now, "now", "", "plan as if it were this time (RFC 3339, or 2026-11-24 09:30 in your zone)")
	c.Flags().StringVar(&until, "until", "", "leave out what is due later")
	return c
}

// before leaves out what is due after a moment.
func before(items []scheduler.PlanItem, until time.Time) []scheduler.PlanItem {
	kept := []scheduler.PlanItem{}
	for _, i := range items {
		if until.IsZero() || !i.At.After(until) {
			kept = append(kept, i)
		}
	}
	return kept
}

// printPlan prints each delivery with its time, and its reason below.
func printPlan(w *screen, items []scheduler.PlanItem) error {
	for _, i := range items {
		fmt.Fprintf(w, "%s to %s (%s): %s\n", i.Step, name(i.To), i.Application, w.state(i.State))
		fmt.Fprintf(w, "    %s\n", w.dated(i.Reason, i.At, i.Zone))
		if i.WaitingFor != nil {
			fmt.Fprintf(w, "    waits: %s\n", *i.WaitingFor)
		}
		fmt.Fprintf(w, "    key: %s\n", i.Key)
	}
	return nil
}
