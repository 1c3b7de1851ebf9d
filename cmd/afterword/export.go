package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

// exportVersion is that of the lines of `export`. Fields are added under the
// same version; one that changes its meaning gets another.
const exportVersion = 1

func (p *program) exportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Prints everything that the program knows, one line of JSON for each thing",
		Args:  usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			e := &exporting{program: p, house: h, zone: h.config.Policy.Me.Zone.String()}
			e.line("export", exportHead{Version: exportVersion, Made: *stamp(p.clock.Now(), e.zone)})
			if err := e.files(); err != nil {
				return fmt.Errorf("exporting: %w", err)
			}
			if err := h.store.View(cmd.Context(), e.store); err != nil {
				return fmt.Errorf("exporting: %w", err)
			}
			if e.err != nil {
				return fmt.Errorf("exporting, what was written is not all: %w", e.err)
			}
			return nil
		}),
	}
	c.Flags().Bool("json", true, "JSON is the only form")
	return c
}

// exporting is one export under way; the first error ends it.
type exporting struct {
	*program
	house *house
	zone  string
	err   error
}

// line prints one thing under its type, which comes first.
func (e *exporting) line(kind string, of any) {
	if e.err != nil {
		return
	}
	var text strings.Builder
	if e.err = printLine(&text, of); e.err != nil {
		return
	}
	_, e.err = fmt.Fprintf(e.out, "{\"type\":%q,%s", kind, strings.TrimPrefix(text.String(), "{"))
}

// files prints the user's files as they are, but for addresses that are secrets
// themselves.
func (e *exporting) files() error {
	names, err := userFiles(e.house.config)
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(placeOf(e.house.config, name))
		if err != nil {
			return err
		}
		shown := string(text)
		for _, secret := range []string{e.house.config.Notify.Ntfy.Reveal(), e.house.config.Notify.Webhook.Reveal()} {
			if secret != "" {
				shown = strings.ReplaceAll(shown, secret, "(not exported)")
			}
		}
		e.line("file", exportFile{Name: name, Text: shown})
	}
	return nil
}

// store prints what the store holds, all of one moment.
func (e *exporting) store(r scheduler.Reader) error {
	for _, part := range []func(scheduler.Reader) error{e.deliveries, e.mails, e.events, e.rest, e.metas} {
		if err := part(r); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporting) deliveries(r scheduler.Reader) error {
	ds, err := r.Deliveries(scheduler.DeliveryQuery{})
	for _, d := range ds {
		e.line("delivery", exportedDelivery(d))
	}
	return err
}

func (e *exporting) mails(r scheduler.Reader) error {
	ms, err := r.Mails(scheduler.MailQuery{})
	for _, m := range ms {
		e.line("mail", exportMail{Application: m.Application, Company: m.Company, Interview: optional(m.Interview), Key: optional(m.Key), Outgoing: m.Outgoing, ByHand: m.ByHand,
			Person: optional(m.Person), Name: optional(m.Name), Asking: m.Asking, Class: optional(m.Class), Subject: m.Subject,
			At: e.stamp(m.At), MessageID: m.MessageID, References: append([]string{}, m.References...), Failed: m.Failed})
	}
	return err
}

func (e *exporting) events(r scheduler.Reader) error {
	events, err := r.Events(scheduler.EventQuery{})
	for _, v := range events {
		e.line("event", eventOf(v, e.zone))
	}
	return err
}

// rest prints what stands: holds, questions, notices, how far folders were read.
func (e *exporting) rest(r scheduler.Reader) error {
	holds, err := r.Holds()
	if err != nil {
		return err
	}
	for _, h := range holds {
		e.line("hold", exportHold{Scope: string(h.Scope), Target: optional(h.Target), Reason: h.Reason, Source: h.Source, Asking: h.Asking,
			Before: e.stamp(h.Before), Set: e.stamp(h.Set), Until: e.stamp(h.Until)})
	}
	questions, err := r.Questions()
	if err != nil {
		return err
	}
	for _, q := range questions {
		e.line("question", exportQuestion{Key: q.Key, Application: optional(q.Application), Text: q.Text, Asked: e.stamp(q.Asked), Command: optional(q.Command)})
	}
	notices, err := r.Notices(false)
	if err != nil {
		return err
	}
	for _, n := range notices {
		e.line("notice", exportNotice{Key: optional(n.Key), Kind: n.Kind, At: e.stamp(n.At), Subject: n.Subject, Text: n.Text, Discreet: n.Discreet, Told: e.stamp(n.Told), Channels: e.tellings(n)})
	}
	cursors, err := r.Cursors()
	for _, c := range cursors {
		e.line("folder", exportFolder{Account: optional(c.Account), Folder: c.Folder, UIDValidity: c.UIDValidity, UID: c.UID})
	}
	return err
}

func (e *exporting) metas(r scheduler.Reader) error {
	names, err := r.MetaNames("")
	if err != nil {
		return err
	}
	for _, name := range names {
		value, err := r.Meta(name)
		if err != nil {
			return err
		}
		e.line("value", exportValue{Name: name, Value: value})
	}
	return nil
}

func (e *exporting) stamp(t time.Time) *string { return stamp(t, e.zone) }

// tellings are what became of a notice on each channel.
func (e *exporting) tellings(n scheduler.Notice) []exportTelling {
	all := []exportTelling{}
	for _, t := range n.Tellings {
		all = append(all, exportTelling{Channel: t.Channel, At: e.stamp(t.At), Why: optional(t.Why)})
	}
	return all
}
