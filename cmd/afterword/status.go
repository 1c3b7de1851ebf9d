package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

// statusJSON is the contract of `status --json` (DESIGN section 8).
type statusJSON struct {
	Now     string `json:"now"`
	Account struct {
		IMAP struct {
			State    *string `json:"state"`
			LastSync *string `json:"last_sync"`
		} `json:"imap"`
		SMTP struct {
			State *string `json:"state"`
		} `json:"smtp"`
	} `json:"account"`
	Deliveries []statusDelivery     `json:"deliveries"`
	Holds      []statusHold         `json:"holds"`
	Questions  []scheduler.Question `json:"questions"`
}

type statusDelivery struct {
	scheduler.PlanItem
	SentAt    *string `json:"sent_at"`
	MessageID *string `json:"message_id"`
}

type statusHold struct {
	Scope  scheduler.Scope `json:"scope"`
	Target *string         `json:"target"`
	Reason string          `json:"reason"`
	Until  *string         `json:"until"`
}

func (p *program) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [--json]",
		Short: "Shows what stands: the account, the mails, the holds, the questions",
		Args:  usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			st, err := h.service.Status(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.out, statusOf(st, h))
			}
			return printStatus(p.out, st, h.config.Policy.Me.Zone.String())
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	return c
}

func statusOf(st scheduler.StatusReport, h *house) statusJSON {
	zone := h.config.Policy.Me.Zone.String()
	j := statusJSON{Now: *stamp(st.Now, zone), Deliveries: []statusDelivery{}, Holds: []statusHold{}, Questions: st.Questions}
	j.Account.IMAP.State, j.Account.IMAP.LastSync, j.Account.SMTP.State = optional(st.IMAP), optional(st.LastSync), optional(st.SMTP)
	items := st.Items()
	for n, d := range st.Deliveries {
		one := statusDelivery{PlanItem: items[n], SentAt: stamp(d.SentAt, d.Zone)}
		if ids := d.MessageIDs(); len(ids) > 0 {
			one.MessageID = optional(ids[0])
		}
		j.Deliveries = append(j.Deliveries, one)
	}
	for _, x := range st.Holds {
		j.Holds = append(j.Holds, statusHold{x.Scope, optional(x.Target), x.Reason, stamp(x.Until, zone)})
	}
	if j.Questions == nil {
		j.Questions = []scheduler.Question{}
	}
	return j
}

// printStatus prints what stands, what waits first.
func printStatus(w io.Writer, st scheduler.StatusReport, zone string) error {
	fmt.Fprintf(w, "mailbox: %s\n", either(st.IMAP, "not read yet; `afterword run` does"))
	fmt.Fprintf(w, "sending: %s\n", either(st.SMTP, "nothing sent yet"))
	for _, b := range st.Broken {
		fmt.Fprintf(w, "held: %s\n", b)
	}
	for _, h := range st.Holds {
		fmt.Fprintf(w, "hold on %s: %s%s\n", holdTarget(h), h.Reason, holdEnd(h, zone))
	}
	for _, q := range st.Questions {
		fmt.Fprintf(w, "question: %s\n", q.Text)
	}
	if len(st.Deliveries) == 0 {
		fmt.Fprintln(w, "No mail is known yet. `afterword plan` shows what the files want.")
		return nil
	}
	fmt.Fprintln(w)
	return table(w, func(row func(...string)) {
		row("STATE", "WHEN", "STEP", "TO", "APPLICATION", "WAITS")
		for n, i := range st.Items() {
			when := i.At
			if d := st.Deliveries[n]; !d.SentAt.IsZero() {
				when = d.SentAt
			}
			waiting := ""
			if i.WaitingFor != nil {
				waiting = *i.WaitingFor
			}
			row(string(i.State), clockTime(when, i.Zone), i.Step, name(i.To), i.Application, waiting)
		}
	})
}

func either(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func holdTarget(h scheduler.Hold) string {
	if h.Scope == scheduler.ScopeEverything {
		return "everything"
	}
	text := h.Target
	if h.Asking {
		text += " (mail that asks)"
	}
	return text
}

func holdEnd(h scheduler.Hold, zone string) string {
	switch {
	case h.Source == "login" || h.Source == "ledger" || h.Source == "strangers" || h.Source == "machine":
		return "" // the reason says what ends it
	case h.Source == "outcome":
		return "; if it is none: afterword resume " + h.Target + " --confirm"
	case h.Until.IsZero():
		return "; `" + strings.TrimSpace("afterword resume "+h.Target) + "` ends it"
	}
	return ", until " + clockTime(h.Until, zone)
}

func trouble(state string) bool { return state != "" && state != "ok" }

// adviceOn says what to do about a server that cannot be used. What it knows
// are the words of this program's own errors.
func adviceOn(state, protocol string) string {
	switch {
	case strings.Contains(state, "login refused") || strings.HasPrefix(state, "535") || strings.HasPrefix(state, "534"):
		return "check account.username and account.password in config.yaml; Gmail, iCloud, Yahoo and Fastmail want an app password"
	case strings.Contains(state, "no such host"):
		return "check account." + protocol + ".host in config.yaml, and that this machine is online"
	case strings.Contains(state, "certificate"):
		return "the server's certificate does not fit account." + protocol + ".host in config.yaml"
	case strings.Contains(state, "cannot be reached") || strings.Contains(state, "connect"):
		return "check that this machine is online, and account." + protocol + " in config.yaml; it is tried again by itself"
	}
	return "it is tried again by itself; `afterword events` tells more"
}

// today is `afterword` alone: what needs the user, in order, with the command
// for each.
func (p *program) today(cmd *cobra.Command, _ []string) error {
	h, err := p.open(cmd.Context(), false)
	if err != nil {
		return err
	}
	defer h.Close()
	st, err := h.service.Status(cmd.Context())
	if err != nil {
		return err
	}
	needs := 0
	need := func(format string, args ...any) {
		needs++
		fmt.Fprintf(p.out, format+"\n", args...)
	}
	for _, b := range st.Broken {
		need("A file cannot be read: %s", b)
	}
	if trouble(st.IMAP) {
		need("The mailbox cannot be read, so nothing leaves: %s\n  hint: %s", st.IMAP, adviceOn(st.IMAP, "imap"))
	}
	if trouble(st.SMTP) {
		need("The last mail could not be handed over: %s\n  hint: %s", st.SMTP, adviceOn(st.SMTP, "smtp"))
	}
	for _, d := range st.Waiting() {
		switch d.State {
		case scheduler.InDoubt:
			need("In doubt: %s to %s. afterword resolve %s --sent|--not-sent|--drop", d.Step, d.To.Name, d.Key)
		case scheduler.Refused:
			need("Refused: %s to %s: %s", d.Step, d.To.Name, d.LastAnswer)
		default:
			need("Waits for you: %s to %s (%s). afterword review %s", d.Step, d.To.Name, d.Why, d.Key)
		}
	}
	for _, q := range st.Questions {
		need("%s", q.Text)
	}
	for _, x := range st.Holds {
		if x.Until.IsZero() {
			need("On hold: %s: %s%s", holdTarget(x), x.Reason, holdEnd(x, h.config.Policy.Me.Zone.String()))
		}
	}
	if needs == 0 {
		fmt.Fprintln(p.out, "Nothing needs you. `afterword plan` shows what comes next.")
		return nil
	}
	return errWaiting
}
