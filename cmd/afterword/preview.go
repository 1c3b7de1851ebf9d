package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/mailer"
	"afterword/scheduler"
)

// previewJSON is the contract of `preview --json` (DESIGN section 8).
type previewJSON struct {
	Key     string              `json:"key"`
	Subject string              `json:"subject"`
	Body    string              `json:"body"`
	Headers map[string]string   `json:"headers"`
	Lints   []scheduler.Finding `json:"lints"`
	Shares  []shareJSON         `json:"shares"` // with the other notes of its panel that are shown
}

func (p *program) previewCommand() *cobra.Command {
	var asJSON, all bool
	c := &cobra.Command{
		Use:   "preview [KEY|--all] [--json]",
		Short: "Shows the mails that would leave, and what the proofreader says of them",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			fragment := ""
			if len(args) > 0 && !all {
				fragment = args[0]
			}
			return p.showMails(cmd, fragment, asJSON, true, func(scheduler.Delivery) bool { return true })
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	c.Flags().BoolVar(&all, "all", false, "show every mail that is still to leave (the default without a key)")
	return c
}

// showMails prints the mails that a fragment names and that the filter keeps,
// and on wish the notes of each panel side by side.
func (p *program) showMails(cmd *cobra.Command, fragment string, asJSON, sideBySide bool, keep func(scheduler.Delivery) bool) error {
	h, err := p.open(cmd.Context(), false)
	if err != nil {
		return err
	}
	defer h.Close()
	all, err := h.service.Previews(cmd.Context(), fragment, h.clock.Now())
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(v scheduler.Preview) bool { return !keep(v.Delivery) })
	panels, me := panelsOf(all), h.config.Policy.Me
	shown := []previewJSON{}
	for _, v := range all {
		j := h.decoded(v)
		j.Shares = sharesOf(v.Delivery.Key, panels, me)
		shown = append(shown, j)
		if !asJSON {
			printMail(p.screen(h.clock.Now(), me.Zone), v, j)
		}
	}
	if asJSON {
		return printJSON(p.out, shown)
	}
	for _, panel := range panels {
		if sideBySide {
			printPanel(p.out, panel, me, p.width())
		}
	}
	if len(shown) == 0 {
		fmt.Fprintln(p.out, "No mail waits here.")
	}
	return nil
}

func previewOf(v scheduler.Preview) previewJSON {
	d := v.Delivery
	j := previewJSON{Key: d.Key, Subject: v.Text.Subject, Body: v.Text.Body, Lints: v.Findings, Shares: []shareJSON{}, Headers: map[string]string{
		"From": v.From, "To": fmt.Sprintf("%s <%s>", d.To.Name, d.To.Email), "Subject": v.Text.Subject,
	}}
	if v.Problem != "" {
		// What was found before was found in another text, or is this problem itself.
		j.Lints = []scheduler.Finding{{Code: "template", Severity: scheduler.Error, Place: d.Template, Text: v.Problem}}
	}
	if j.Lints == nil {
		j.Lints = []scheduler.Finding{}
	}
	return j
}

// decoded shows a mail as its bytes say it, read as a mail program reads them:
// those of its last attempt, or else those that would leave at its due time. A
// mail that cannot become bytes says why.
func (h *house) decoded(v scheduler.Preview) previewJSON {
	j, d := previewOf(v), v.Delivery
	if v.Problem != "" {
		return j
	}
	frozen, err := h.bytesOf(v)
	if err != nil {
		j.Lints = append(j.Lints, scheduler.Finding{Code: "template", Severity: scheduler.Error, Place: d.Template, Text: err.Error()})
		return j
	}
	m := mailer.Parse(mailer.Split(frozen.Bytes))
	for _, name := range []string{"Subject", "Date", "In-Reply-To", "References", "Message-ID"} {
		value := m.Header.Get(strings.ToLower(name))
		if value != "" && (name != "Message-ID" || d.Frozen != nil) { // before the first attempt it has none that means anything
			j.Headers[name] = value
		}
	}
	for name, who := range map[string][]mailer.Address{"From": m.From, "To": m.To} {
		if len(who) > 0 {
			j.Headers[name] = fmt.Sprintf("%s <%s>", who[0].Name, who[0].Addr)
		}
	}
	j.Subject, j.Body = m.Subject, strings.TrimRight(m.Text, "\n")+"\n"
	return j
}

func (h *house) bytesOf(v scheduler.Preview) (mailer.Frozen, error) {
	d, me := v.Delivery, h.config.Policy.Me
	if d.Frozen != nil && (d.AnyData || !d.State.Open() || d.TextHash == scheduler.TextHash(d.To, v.Text)) {
		return *d.Frozen, nil
	}
	id, err := mailer.RandomMessageID(h.outside.random, me.Email)
	if err != nil {
		return mailer.Frozen{}, err
	}
	at := d.When()
	if at.IsZero() {
		at = h.clock.Now()
	}
	return mailer.Compose(mailer.Draft{From: mailer.Address{Name: me.Name, Addr: me.Email}, To: mailer.Address{Name: d.To.Name, Addr: d.To.Email},
		Subject: v.Text.Subject, Body: v.Text.Body, Date: at.In(me.Zone), MessageID: id,
		Thread: mailer.Thread{InReplyTo: v.Text.Thread.InReplyTo, References: v.Text.Thread.References}})
}

// printMail prints a mail as its reader will see it, with the findings below.
func printMail(w *screen, v scheduler.Preview, j previewJSON) {
	d := v.Delivery
	fmt.Fprintf(w, "%s (%s)\n", j.Key, w.state(d.State))
	fmt.Fprintf(w, "  leaves:  %s\n", w.when(d.When(), d.Zone))
	fmt.Fprintf(w, "  to:      %s\n  subject: %s\n", j.Headers["To"], j.Subject)
	fmt.Fprintf(w, "\n%s\n", w.body(j.Body, "    "))
	printFindings(w, j.Lints, "  ")
	if d.State == scheduler.Review {
		key := scheduler.ShellWord(d.Key)
		ways := []string{"afterword edit " + key, "afterword skip " + key}
		if approve := scheduler.ApproveCommand(d.Key, j.Lints); approve != "" {
			ways = slices.Insert(ways, 0, approve)
		}
		fmt.Fprintf(w, "  waits:   %s\n  %s\n", d.Why, strings.Join(ways, "   or   "))
	}
	fmt.Fprintln(w)
}

func printFindings(w *screen, fs []scheduler.Finding, margin string) {
	for _, f := range fs {
		fmt.Fprintf(w, "%s%s: %s (%s): %s\n", margin, w.severity(f.Severity), f.Code, f.Place, f.Text)
	}
}
