package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"afterword/mailer"
	"afterword/scheduler"
)

// reviewCommands are the ways to deal with what waits.
func (p *program) reviewCommands() []*cobra.Command {
	return []*cobra.Command{p.reviewCommand(), p.approveCommand(), p.editCommand(), p.skipCommand(), p.sendCommand(), p.resolveCommand(), p.answeredCommand(), p.queueCommand()}
}

func (p *program) reviewCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "review [KEY] [--json]",
		Short: "Shows the mails that wait for your approval, with what the proofreader found; on a terminal one key each approves, edits or skips",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			fragment := ""
			if len(args) > 0 {
				fragment = args[0]
			}
			if _, there := terminalOf(p.in); !there || asJSON {
				return p.showMails(cmd, fragment, asJSON, false, func(d scheduler.Delivery) bool { return d.State == scheduler.Review })
			}
			return p.with(true, func(cmd *cobra.Command, _ []string, h *house) error {
				return (&reviewSession{p: p, h: h, ask: p.dialogue()}).run(cmd.Context(), fragment)
			})(cmd, args)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	return c
}

// act makes a command that does one thing to one delivery and says what came
// of it.
func (p *program) act(use, short string, do func(cmd *cobra.Command, h *house, fragment string) (scheduler.Delivery, string, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: usage(cobra.ExactArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			d, said, err := do(cmd, h, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s: %s\n", d.Key, said)
			return nil
		}),
	}
}

func (p *program) approveCommand() *cobra.Command {
	var despite []string
	c := &cobra.Command{
		Use:   "approve KEY|APP|APP/ROUND [--despite CODE]",
		Short: "Lets a mail leave as it stands, or all that wait of an application or a round",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			whole, err := h.service.NamesRound(args[0])
			if err != nil {
				return err
			}
			var nothing error
			if whole && len(despite) == 0 {
				all, err := h.service.ApproveRound(cmd.Context(), args[0])
				if len(all) > 0 || err != nil && !errors.Is(err, scheduler.ErrUser) {
					return errors.Join(err, p.printApprovals(cmd.Context(), h, all))
				}
				nothing = err
			}
			d, err := h.service.Approve(cmd.Context(), args[0], despite) // one mail may be called like an application
			if err != nil {
				return cmp.Or(nothing, err)
			}
			fmt.Fprintf(p.out, "%s: approved%s\n", d.Key, h.leaves(cmd.Context(), d))
			return nil
		}),
	}
	c.Flags().StringSliceVar(&despite, "despite", nil, "lift a finding of one mail by its code; it is recorded")
	return c
}

// printApprovals says what came of each mail of a round; one that still waits
// is told by the exit code.
func (p *program) printApprovals(ctx context.Context, h *house, all []scheduler.Approval) error {
	var end error
	for _, a := range all {
		if a.Refused != nil {
			explain(p.err, a.Refused)
			end = errWaiting
			continue
		}
		fmt.Fprintf(p.out, "%s: approved%s\n", a.Delivery.Key, h.leaves(ctx, a.Delivery))
	}
	return end
}

func (p *program) skipCommand() *cobra.Command {
	var reason string
	c := p.act("skip KEY", "Takes a mail off the plan for good",
		func(cmd *cobra.Command, h *house, fragment string) (scheduler.Delivery, string, error) {
			d, err := h.service.Skip(cmd.Context(), fragment, reason)
			return d, "skipped", err
		})
	c.Flags().StringVar(&reason, "reason", "", "why, as afterword why tells it later")
	return c
}

func (p *program) sendCommand() *cobra.Command {
	var test bool
	c := p.act("send KEY [--test]", "Makes a mail due now; every check still applies",
		func(cmd *cobra.Command, h *house, fragment string) (scheduler.Delivery, string, error) {
			if test {
				return h.sendTest(cmd.Context(), fragment)
			}
			d, err := h.service.SendNow(cmd.Context(), fragment)
			said := "due now; the running daemon sends it after a last look at the mailbox"
			if d.WaitingFor != "" {
				said = "due now, but it waits: " + d.WaitingFor + h.ends(cmd.Context(), d)
			} else if d.State == scheduler.Review {
				said = "due now, but it waits for your approval: " + d.Why
			}
			return d, said, err
		})
	c.Flags().BoolVar(&test, "test", false, "mail the finished text to yourself only; nothing is used up")
	return c
}

// sendTest mails the finished message to the candidate alone, through the real
// path and under a Message-ID of its own.
func (h *house) sendTest(ctx context.Context, fragment string) (scheduler.Delivery, string, error) {
	all, err := h.service.Previews(ctx, fragment, h.clock.Now())
	if err != nil {
		return scheduler.Delivery{}, "", err
	}
	if len(all) != 1 {
		return scheduler.Delivery{}, "", fmt.Errorf("choosing a mail to test: %q fits %d mails; give more of the key", fragment, len(all))
	}
	v, me := all[0], h.config.Policy.Me
	if v.Problem != "" {
		return v.Delivery, "", fmt.Errorf("writing the mail: %s", v.Problem)
	}
	id, err := mailer.RandomMessageID(h.outside.random, me.Email)
	if err != nil {
		return v.Delivery, "", err
	}
	self := mailer.Address{Name: me.Name, Addr: me.Email}
	frozen, err := mailer.Compose(mailer.Draft{From: self, To: self, Subject: v.Text.Subject, Body: v.Text.Body, Date: h.clock.Now().In(me.Zone), MessageID: id})
	if err != nil {
		return v.Delivery, "", err
	}
	sender, err := h.sender()
	if err != nil {
		return v.Delivery, "", err
	}
	r := sender.Send(ctx, frozen, func(context.Context) error { return nil })
	sender.Rest()
	if r.Outcome != mailer.Accepted {
		return v.Delivery, "", fmt.Errorf("sending the test: %s at %s: %d %s %w", r.Outcome, r.Phase, r.Code, r.Words, errOr(r.Err))
	}
	return v.Delivery, "a test of it was mailed to " + me.Email + "; the mail itself is untouched", nil
}

// errNoWords stands where the server's reply says it all.
var errNoWords = errors.New("")

func errOr(err error) error {
	if err == nil {
		return errNoWords
	}
	return err
}

func (p *program) resolveCommand() *cobra.Command {
	var sent, notSent, drop bool
	c := p.act("resolve KEY --sent|--not-sent|--drop", "Says what became of a mail that is in doubt",
		func(cmd *cobra.Command, h *house, fragment string) (scheduler.Delivery, string, error) {
			verdict := map[bool]string{sent: "sent"}[true] + map[bool]string{notSent: "not-sent"}[true] + map[bool]string{drop: "drop"}[true]
			d, err := h.service.Resolve(cmd.Context(), fragment, verdict)
			return d, string(d.State) + ": " + d.Why, err
		})
	c.Flags().BoolVar(&sent, "sent", false, "it arrived")
	c.Flags().BoolVar(&notSent, "not-sent", false, "it never arrived: the same bytes may leave again")
	c.Flags().BoolVar(&drop, "drop", false, "leave it at that")
	c.MarkFlagsMutuallyExclusive("sent", "not-sent", "drop")
	c.MarkFlagsOneRequired("sent", "not-sent", "drop")
	return c
}

func (p *program) queueCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "queue APPLICATION TEMPLATE [--to PERSON]", Short: "Lays a mail before you that no step names, such as thank-you-late or reply-to-rejection", Args: usage(cobra.ExactArgs(2)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			_, a, err := h.application(args[0])
			if err != nil {
				return err
			}
			d, err := h.service.Queue(cmd.Context(), a.Stem, args[1], to)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s: waits for your approval. afterword review %s\n", d.Key, scheduler.ShellWord(d.Key))
			return nil
		}),
	}
	c.Flags().StringVar(&to, "to", "", "address or name of the person; without it, the contact")
	return c
}

func (p *program) answeredCommand() *cobra.Command {
	return &cobra.Command{
		Use: "answered APPLICATION", Short: "Says that they answered by phone or elsewhere: follow-ups are cancelled", Args: usage(cobra.ExactArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			_, a, err := h.application(args[0])
			if err != nil {
				return err
			}
			if err := h.service.Answered(cmd.Context(), a.Stem); err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s: noted; follow-ups of the interviews so far are cancelled\n", a.Stem)
			return nil
		}),
	}
}
