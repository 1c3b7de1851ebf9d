package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/scheduler"
)

func (p *program) addCommand() *cobra.Command {
	f := addFlags{}
	c := &cobra.Command{
		Use:   "add [APP]",
		Short: "Adds an application, an interview or a person: asked, by flags, from a calendar file, a message or the mailbox",
		Long: "Adds an application with its interview, a further interview to an application that is there, or a person to an interview.\n" +
			"Without flags it asks, one question after the other. APP is the name of its file, without .yaml; where it is left out,\n" +
			"the application that fits is taken, or a file named after the company is made. No file is ever overwritten.",
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return p.addOrTake(cmd, args, &f) },
	}
	c.Flags().StringVar(&f.invitation, "invitation", "", "take the invitation with this `KEY` into APP, as `afterword` shows it; empty if only one waits; without APP one that fits no application yet")
	c.Flags().BoolVar(&f.dismiss, "dismiss", false, "with --invitation: it is no interview, and nothing more of who sent it is told")
	c.Flags().StringVar(&f.from, "from", "", "read a calendar `FILE` (.ics) or a message; - is standard input")
	c.Flags().BoolVar(&f.fromMailbox, "from-mailbox", false, "list recent and coming invitations of the mailbox and take the one you choose")
	c.Flags().IntVar(&f.choose, "choose", 0, "with --from-mailbox: take the invitation with this `NUMBER` without asking")
	c.Flags().BoolVar(&f.asJSON, "json", false, "with --from-mailbox: print the list as JSON and add nothing")
	c.Flags().BoolVar(&f.confirmed, "confirm-addresses", false, "the addresses that the invitation names are right; without it nothing goes there until you confirm them")
	c.Flags().StringVar(&f.company, "company", "", "the company's `NAME`")
	c.Flags().StringVar(&f.role, "role", "", "the `ROLE` as they call it")
	c.Flags().StringVar(&f.recruiter, "recruiter", "", "`PERSON` who arranges it, such as 'Priya Nair <priya@acme.example>'")
	c.Flags().StringVar(&f.language, "language", "", "the `LANGUAGE` of the mails: en, fr, de or es")
	c.Flags().StringVar(&f.country, "country", "", "whose holidays count, such as FR")
	c.Flags().StringVar(&f.decisionBy, "decision-by", "", "the `DAY` by which they promised word, such as 2026-12-04")
	c.Flags().StringSliceVar(&f.domains, "domain", nil, "a `DOMAIN` whose mail counts as theirs")
	c.Flags().StringVar(&f.at, "at", "", "when the interview begins, such as '2026-12-03 14:00'")
	c.Flags().StringVar(&f.ends, "ends", "", "when it ends, such as 15:00; instead of --duration")
	c.Flags().StringVar(&f.zone, "timezone", "", "where the meeting's clock stands, such as Europe/Paris; without it, at your place")
	c.Flags().StringVar(&f.duration, "duration", "", "how long it lasts, such as 45m")
	c.Flags().StringVar(&f.kind, "kind", "", "phone, video, onsite, panel or group")
	c.Flags().StringVar(&f.round, "round", "", "the interview's `ID`: of a new one, or with --person alone of the one they belong to")
	c.Flags().BoolVar(&f.held, "held", false, "the interview has taken place")
	c.Flags().StringArrayVar(&f.people, "person", nil, "`PERSON` who interviews you, such as 'Ken Osei <ken@acme.example>, Staff Engineer'; the address may be missing")
	c.Flags().StringVar(&f.lead, "lead", "", "the `PERSON` among them who is written to where there is no recruiter")
	c.MarkFlagsMutuallyExclusive("invitation", "from", "from-mailbox")
	c.MarkFlagsMutuallyExclusive("ends", "duration")
	return c
}

// addOrTake opens the profile: only an invitation needs its store.
func (p *program) addOrTake(cmd *cobra.Command, args []string, f *addFlags) error {
	f.taking = cmd.Flags().Changed("invitation")
	if f.dismiss && !f.taking {
		return usageError{hinted{errors.New("--dismiss says that an invitation is no interview"), "name it: afterword add --invitation KEY --dismiss; `afterword` lists those that fit no application"}}
	}
	return p.with(f.taking, func(cmd *cobra.Command, args []string, h *house) error {
		name := strings.Join(args, "")
		if f.dismiss {
			return p.dismissInvitation(cmd.Context(), h, f.invitation)
		}
		if f.taking && name != "" {
			if _, err := h.service.LooseInvitation(cmd.Context(), f.invitation); f.invitation == "" || err != nil {
				return p.takeInvitation(cmd.Context(), h, name, f.invitation)
			}
		}
		return p.add(cmd, h, name, *f)
	})(cmd, args)
}

// dismissInvitation says that an invitation without an application is none of an
// interview.
func (p *program) dismissInvitation(ctx context.Context, h *house, key string) error {
	from, err := h.service.DismissInvitation(ctx, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "dismissed; of invitations from %s you are not told again, `afterword add --from-mailbox` still lists them\n", from)
	return nil
}

// takeInvitation writes an invitation that the daemon has read into a file.
func (p *program) takeInvitation(ctx context.Context, h *house, name, key string) error {
	policy, a, err := h.application(name)
	if err != nil {
		return err
	}
	inv, err := h.service.Invitation(ctx, a.Stem, key)
	if err != nil {
		return err
	}
	id, changes, err := invitationChanges(a, inv)
	if err != nil {
		return err
	}
	if err := editFile(policy, a, changes...); err != nil {
		return err
	}
	if err := h.service.TakeInvitation(ctx, inv, id); err != nil {
		return err
	}
	p.printTaken(a, inv, id)
	left, err := h.service.Invitations(ctx, a.Stem, "")
	for _, one := range left {
		fmt.Fprintf(p.out, "  still waits: %q, %s: afterword add %s --invitation %s\n", one.Summary, one.When(), scheduler.ShellWord(a.Stem), scheduler.ShellWord(one.Key))
	}
	return err
}

func (p *program) printTaken(a scheduler.Application, inv scheduler.Invitation, id string) {
	switch inv.Change {
	case scheduler.CancelledInterview:
		fmt.Fprintf(p.out, "%s: %s is cancelled; its thank-yous are too\n", a.Stem, scheduler.TheInterview(id))
	case scheduler.MovedInterview:
		fmt.Fprintf(p.out, "%s: %s is now on %s\n", a.Stem, scheduler.TheInterview(id), inv.When())
	default:
		fmt.Fprintf(p.out, "%s: interview %s on %s, with %s\n", a.Stem, id, inv.When(), countOf(len(inv.People), "person"))
		for _, one := range inv.People {
			p.tellGuess(a.Stem, one.Name, one.Email)
		}
	}
}

// tellGuess says that an address is an invitation's word alone, and how to confirm it.
func (p *program) tellGuess(stem, name, email string) {
	fmt.Fprintf(p.out, "  %s <%s> is a guess of the invitation; nothing goes there until you confirm it: afterword set %s guessed %s false\n", name, email, scheduler.ShellWord(stem), scheduler.ShellWord(email))
}

// invitationChanges says what an invitation changes in the file, and which
// interview it becomes.
func invitationChanges(a scheduler.Application, inv scheduler.Invitation) (id string, set []config.Change, err error) {
	id = inv.Interview
	at := func(key string) string { return fmt.Sprintf("interviews[%s].%s", id, key) }
	moment := func() []config.Change {
		return []config.Change{
			{Path: at("at"), Text: inv.At.Format("2006-01-02 15:04")}, {Path: at("timezone"), Text: inv.Zone},
			{Path: at("duration"), Text: fmt.Sprintf("%dm", int(inv.Duration.Minutes()))}, {Path: at("uid"), Text: inv.UID},
		}
	}
	if id != "" {
		i, ok := a.Interview(id)
		if !ok {
			return "", nil, hinted{fmt.Errorf("%s of %s is not in its file any more", scheduler.TheInterview(id), a.Stem), "look at its file; `afterword resume " + scheduler.ShellWord(a.Stem) + "` drops the invitation"}
		}
		if inv.Change == scheduler.CancelledInterview {
			return id, []config.Change{{Path: at("status"), Text: string(scheduler.InterviewCancelled)}}, nil
		}
		set = moment()
		if i.Status == scheduler.InterviewCancelled {
			set = append(set, config.Change{Path: at("status"), Text: string(scheduler.InterviewPlanned)})
		}
		return id, set, nil
	}
	if len(a.Interviews) == 1 && a.Interviews[0].ID == scheduler.OnlyInterview {
		set = append(set, config.Change{Path: "interviews[" + scheduler.OnlyInterview + "].id", Text: scheduler.OnlyInterview})
	}
	id = freeID(a)
	set = append(append(set, config.Change{Path: "interviews[+].id", Text: id}), moment()...)
	for _, one := range inv.People {
		person := at("interviewers[" + one.Email + "].")
		set = append(set, config.Change{Path: at("interviewers[+].email"), Text: one.Email},
			config.Change{Path: person + "name", Text: one.Name}, config.Change{Path: person + "guessed", Text: "true"})
	}
	return id, set, nil
}

// freeID names a further round.
func freeID(a scheduler.Application) string {
	for n := len(a.Interviews) + 1; ; n++ {
		id := fmt.Sprintf("round-%d", n)
		if _, taken := a.Interview(id); !taken && !strings.EqualFold(id, scheduler.OnlyInterview) {
			return id
		}
	}
}
