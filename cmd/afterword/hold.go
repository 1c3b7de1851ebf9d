package main

import (
	"cmp"
	"fmt"
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
	end, err := moment(until, h.clock.Now(), h.config.Policy.Me.Zone, time.Time{})
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
	fmt.Fprintf(p.out, "on hold: %s, %s\n", held.What(), words)
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
				fmt.Fprintf(p.out, "%s left, which only another word ends\n", countOf(left, "hold"))
			}
			return p.printStillHeld(cmd, h, strings.Join(args, ""), left > 0)
		}),
	}
	c.Flags().BoolVar(&confirm, "confirm", false, "what seemed to be a rejection or an offer is none")
	return c
}

// printStillHeld says that the target stays on hold because everything does or because
// an outcome is to be confirmed, or what stays on hold where only a pause has ended.
func (p *program) printStillHeld(cmd *cobra.Command, h *house, what string, outcome bool) error {
	st, err := h.service.Status(cmd.Context())
	for _, x := range st.Holds {
		if x.Scope == scheduler.ScopeEverything || what == "" || outcome && x.AsksOutcome() && strings.Contains(x.Target, strings.ToLower(what)) {
			fmt.Fprintf(p.out, "still on hold: %s: %s%s\n", x.What(), x.Reason, holdEnd(x, h.config.Policy.Me.Zone.String(), h.clock.Now()))
		}
	}
	return err
}

// sourceSecret marks the hold that is shown where the profile's secret is lost.
const sourceSecret = "secret"

// holdEnd says what ends a hold, or when it ends.
func holdEnd(h scheduler.Hold, zone string, now time.Time) string {
	switch {
	case h.Stays() || h.Source == sourceSecret || strings.Contains(h.Reason, "afterword resume"):
		return "" // the reason says what ends it
	case h.AsksOutcome():
		return "; if it is none: " + h.EndCommand()
	case h.Until.IsZero():
		return "; `" + h.EndCommand() + "` ends it"
	}
	return ", until " + clockTime(h.Until, zone, now)
}
