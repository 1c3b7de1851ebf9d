package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
		RunE: p.look(func(cmd *cobra.Command, h *house) error {
			st, err := h.service.StatusNow(cmd.Context())
			if err != nil {
				return err
			}
			if err := lostSecret(h); err != nil {
				st.Holds = append(st.Holds, scheduler.Hold{Scope: scheduler.ScopeEverything, Source: sourceSecret, Reason: err.Error()})
			}
			if asJSON {
				return printJSON(p.out, statusOf(st, h))
			}
			return printStatus(p.screen(st.Now, h.config.Policy.Me.Zone), st)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	return c
}

// lastSync is when the mailbox was last read to its end, in the user's zone as
// all times are.
func lastSync(st scheduler.StatusReport, zone string) *string {
	at, err := time.Parse(time.RFC3339, st.LastSync)
	if err != nil {
		return optional(st.LastSync)
	}
	return stamp(at, zone)
}

func statusOf(st scheduler.StatusReport, h *house) statusJSON {
	zone := h.config.Policy.Me.Zone.String()
	j := statusJSON{Now: *stamp(st.Now, zone), Deliveries: []statusDelivery{}, Holds: []statusHold{}}
	j.Account.IMAP.State, j.Account.IMAP.LastSync, j.Account.SMTP.State = optional(st.IMAP), lastSync(st, zone), optional(st.SMTP)
	items := st.Items()
	for n, d := range st.Deliveries {
		one := statusDelivery{PlanItem: items[n], SentAt: stamp(d.SentAt, d.Zone)}
		if ids := d.MessageIDs(); len(ids) > 0 {
			one.MessageID = optional(ids[0])
		}
		j.Deliveries = append(j.Deliveries, one)
	}
	for _, b := range st.BrokenConfig() {
		j.Holds = append(j.Holds, statusHold{Scope: scheduler.ScopeEverything, Reason: b})
	}
	for _, x := range st.Holds {
		j.Holds = append(j.Holds, statusHold{x.Scope, optional(x.Target), x.Reason, stamp(x.Until, zone)})
	}
	j.Questions = append(st.Doubts(), st.Questions...)
	return j
}

// printStatus prints what stands, what waits first.
func printStatus(w *screen, st scheduler.StatusReport) error {
	zone := w.zone.String()
	fmt.Fprintf(w, "mailbox: %s%s\n", either(st.IMAP, "not read yet; `afterword run` does"), w.lastRead(st.LastSync))
	fmt.Fprintf(w, "sending: %s\n", either(st.SMTP, "nothing sent yet with this login"))
	for _, b := range st.BrokenConfig() {
		fmt.Fprintf(w, "%s: %s\n", w.warn("hold on everything"), b)
	}
	for _, b := range st.Broken {
		fmt.Fprintf(w, "%s: %s\n", w.warn("held"), b)
	}
	for _, h := range st.Holds {
		fmt.Fprintf(w, "%s: %s%s\n", w.warn("hold on "+h.What()), h.Reason, holdEnd(h, zone, w.now))
	}
	for _, q := range append(st.Doubts(), st.Questions...) {
		fmt.Fprintf(w, "%s: %s\n", w.warn("question"), q.Text)
	}
	if len(st.Deliveries) == 0 {
		fmt.Fprintln(w, "No mail is known yet. `afterword plan` shows what the files want.")
		return nil
	}
	fmt.Fprintln(w)
	return w.table(func(row func(...string)) {
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
			row(w.state(i.State), w.when(when, i.Zone), i.Step, name(i.To), i.Application, waiting)
		}
	})
}

// lastRead says when the mailbox was read to its end for the last time: nothing
// leaves on an older look.
func (w *screen) lastRead(sync string) string {
	at, err := time.Parse(time.RFC3339, sync)
	if err != nil {
		return ""
	}
	return ", last read " + w.when(at, w.zone.String())
}

func trouble(state string) bool { return state != "" && state != "ok" }

// asleep says that no daemon looks after mail that is to leave within a day, or
// was to have left: without one nothing is asked and nothing leaves. It is "" where
// the mailbox was read of late, or could not be, which is said elsewhere.
func (h *house) asleep(ctx context.Context, st scheduler.StatusReport) (string, error) {
	const long = 24 * time.Hour
	now := h.clock.Now()
	last, err := time.Parse(time.RFC3339, st.LastSync)
	held := slices.ContainsFunc(st.Holds, func(x scheduler.Hold) bool { return x.Scope == scheduler.ScopeEverything })
	if err == nil && now.Sub(last) < long || trouble(st.IMAP) || held {
		return "", nil
	}
	items, _, err := h.service.Plan(ctx, now)
	if err != nil {
		return "", err
	}
	items = slices.DeleteFunc(items, func(i scheduler.PlanItem) bool {
		return !i.State.Open() || i.At.IsZero() || i.At.After(now.Add(long))
	})
	if len(items) == 0 {
		return "", nil
	}
	i := slices.MinFunc(items, func(a, b scheduler.PlanItem) int { return a.At.Compare(b.At) })
	since := "`afterword run` was never started here"
	if !last.IsZero() {
		since = "`afterword run` last read your mail on " + clockTime(last, h.config.Policy.Me.Zone.String(), now)
	}
	return fmt.Sprintf("Nothing leaves: %s, and the %s to %s is due on %s. Start it: afterword run", since, i.Step, either(i.To.Name, i.To.Email), clockTime(i.At, i.Zone, now)), nil
}

// idle reports whether a hold has nothing to keep and never will: its application is
// over, and nothing of it is to leave.
func (h *house) idle(st scheduler.StatusReport, x scheduler.Hold) bool {
	if x.Scope != scheduler.ScopeApplication {
		return false
	}
	_, a, err := h.application(x.Target)
	return err == nil && a.Stem == x.Target && a.Status.Over() &&
		!slices.ContainsFunc(st.Deliveries, func(d scheduler.Delivery) bool { return d.Application == a.Stem && d.State.Open() })
}

// askedAbout reports whether a question names the command that ends the hold that it came with.
func askedAbout(qs []scheduler.Question, x scheduler.Hold) bool {
	if !x.Asks() && !strings.Contains(x.Reason, x.EndCommand()) {
		return false
	}
	return slices.ContainsFunc(qs, func(q scheduler.Question) bool { return q.Names(x.EndCommand()) })
}

// today is `afterword` alone: what needs the user, in order, with the command
// for each.
func (p *program) today(cmd *cobra.Command, h *house) error {
	st, err := h.service.StatusNow(cmd.Context())
	if err != nil {
		return err
	}
	asleep, err := h.asleep(cmd.Context(), st)
	if err != nil {
		return err
	}
	needs := 0
	need := func(format string, args ...any) {
		needs++
		fmt.Fprintf(p.out, format+"\n", args...)
	}
	if err := lostSecret(h); err != nil {
		need("Everything is on hold: %v", err)
	}
	for _, b := range st.BrokenConfig() {
		need("Everything is on hold: %s", b)
	}
	for _, b := range st.Broken {
		need("A file cannot be read: %s\n  hint: `afterword check` shows all that is wrong in it; its mail waits meanwhile", b)
	}
	if trouble(st.IMAP) {
		need("The mailbox cannot be read, so nothing leaves: %s\n  hint: %s", st.IMAP, adviceOn(st.IMAP, "imap"))
	}
	if asleep != "" {
		need("%s", asleep)
	}
	if st.Clock != "" {
		need("Mail leaves by a wrong clock: %s\n  hint: %s", st.Clock, adviceOnClock)
	}
	if trouble(st.SMTP) {
		need("The last mail could not be handed over: %s\n  hint: %s", st.SMTP, adviceOn(st.SMTP, "smtp"))
	}
	for _, d := range st.Waiting() {
		switch d.State {
		case scheduler.InDoubt:
			need("In doubt: %s to %s: %s. afterword resolve %s --sent|--not-sent|--drop", d.Step, d.To.Name, d.Why, scheduler.ShellWord(d.Key))
		case scheduler.Refused:
			need("Refused: %s to %s: %s\n  what helps: %s", d.Step, d.To.Name, d.LastAnswer, d.AfterRefusal())
		default:
			need("Waits for you: %s to %s (%s). afterword review %s", d.Step, d.To.Name, d.Why, scheduler.ShellWord(d.Key))
		}
	}
	for _, q := range st.Questions {
		need("%s", q.Text)
	}
	for _, x := range st.Holds {
		if x.Until.IsZero() && !h.idle(st, x) && !askedAbout(st.Questions, x) {
			need("On hold: %s: %s%s", x.What(), x.Reason, holdEnd(x, h.config.Policy.Me.Zone.String(), h.clock.Now()))
		}
	}
	if needs == 0 {
		fmt.Fprintln(p.out, "Nothing needs you. `afterword plan` shows what comes next.")
		return nil
	}
	return errWaiting
}
