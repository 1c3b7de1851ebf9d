package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/notify"
	"afterword/mailer"
	"afterword/scheduler"
)

// channels are the channels that config.yaml enables, and the log. Mail has its own
// connection, so that a server that takes minutes over one mail delays no notice, and no
// quiet hours, because mail wakes nobody.
func (h *house) channels(log *slog.Logger, id identity) (all []scheduler.Channel, err error) {
	n := h.config.Notify
	add := func(name string, via scheduler.Notifier) {
		all = append(all, scheduler.Channel{Name: name, Notifier: noted{via, log}, Only: n.Only[name], Quiet: n.Quiet, Shows: n.Details})
	}
	client := notify.NewClient(h.outside.dial, h.outside.roots)
	if n.Mail {
		sender, err := h.sender()
		if err != nil {
			return nil, err
		}
		me := h.config.Policy.Me
		mail := &notify.Mail{Sender: sender, Me: mailer.Address{Name: me.Name, Addr: me.Email}, Rand: h.outside.random, Now: h.clock.Now,
			Name:   func(key string) string { return id.name(scheduler.NoticeName(key), me.Email) },
			Thread: func(key string) string { return id.name(scheduler.NoticeThread(key), me.Email) }}
		all = append(all, scheduler.Channel{Name: "mail", Notifier: mail, Only: n.Only["mail"], Shows: true, Account: true})
	}
	if n.Desktop {
		add("desktop", &notify.Desktop{Details: n.Details, Show: h.outside.screen})
	}
	if !n.Ntfy.Empty() {
		add("ntfy", &notify.Ntfy{HTTP: client, URL: n.Ntfy.Reveal(), Token: secretFrom(n.NtfyToken), Details: n.Details})
	}
	if !n.Webhook.Empty() {
		add("webhook", &notify.Webhook{HTTP: client, URL: n.Webhook.Reveal(), Secret: secretFrom(n.WebhookSecret), Now: h.clock.Now, Details: n.Details})
	}
	return all, nil
}

// noted writes into the log what another channel than mail told: of mail the
// server keeps a copy.
type noted struct {
	scheduler.Notifier
	log *slog.Logger
}

// Notify tells and notes.
func (c noted) Notify(ctx context.Context, n scheduler.Notice) error {
	if err := c.Notifier.Notify(ctx, n); err != nil {
		return err
	}
	return notify.Log{Log: c.log}.Notify(ctx, n)
}

// secretFrom reads a channel's secret anew each time, nil where there is none.
func secretFrom(p config.PasswordSource) func(context.Context) (string, error) {
	if p.Empty() {
		return nil
	}
	return func(ctx context.Context) (string, error) {
		s, err := p.Read(ctx)
		return s.Reveal(), err
	}
}

// channels looks at each way to tell the user, without telling anything; with
// send it tells a test notice by each.
func (c *checklist) channels(ctx context.Context, h *house, send bool) {
	ctx, cancel := context.WithTimeout(ctx, patienceWithServers)
	defer cancel()
	channels, err := h.channels(slog.New(slog.DiscardHandler), identity{})
	if err != nil {
		c.note("notices", "", err, "")
		return
	}
	shown := false
	for _, ch := range channels {
		found, err := h.readiness(ctx, ch.Name)
		if err == nil && send {
			found, err = "the test notice was taken; look whether it arrived", ch.Notify(ctx, h.testNotice())
		}
		c.note("notices by "+ch.Name, found+kindsOf(ch), err, adviceOnChannel(ch.Name, err))
		shown = shown || ch.Shows
	}
	if !shown {
		c.tell("%s", "no channel carries whole texts: mail that asks is not announced and waits for your approval (notify.mail or notify.details)")
	}
}

// readiness is what can be known of a channel without using it.
func (h *house) readiness(ctx context.Context, name string) (string, error) {
	n := h.config.Notify
	switch name {
	case "mail":
		return "to " + h.config.Policy.Me.Email, nil
	case "desktop":
		if h.outside.screen != nil {
			return "the screen of this machine", nil
		}
		return "the screen of this machine", notify.CheckDesktop(ctx)
	case "ntfy":
		return withSecret(ctx, "a topic", "token", n.NtfyToken)
	}
	found, err := withSecret(ctx, "an address", "secret", n.WebhookSecret)
	if n.WebhookSecret.Empty() {
		found += ", unsigned"
	}
	return found, err
}

// withSecret reads the secret of a channel and tells nothing of it.
func withSecret(ctx context.Context, found, what string, p config.PasswordSource) (string, error) {
	if p.Empty() {
		return found + " is set", nil
	}
	if _, err := p.Read(ctx); err != nil {
		return "", fmt.Errorf("the %s: %w", what, err)
	}
	return found + " and a " + what + " are set", nil
}

// kindsOf says which kinds a channel is for, where not for all.
func kindsOf(ch scheduler.Channel) string {
	if len(ch.Only) == 0 {
		return ""
	}
	return "; only " + strings.Join(ch.Only, ", ")
}

func adviceOnChannel(name string, err error) string {
	switch {
	case err == nil:
		return ""
	case name == "mail":
		return adviceFor(err, "smtp")
	case name == "desktop":
		return "a notice needs a desktop session of yours on this machine; on a server use ntfy or mail"
	}
	return "docs/notices.md shows how to set " + name + " up"
}

// testNotice is what `check --notify` tells.
func (h *house) testNotice() scheduler.Notice {
	return scheduler.Notice{At: h.clock.Now(), Kind: "test", Subject: "A test notice", Text: "This is how Afterword tells you. You need not do anything.",
		Discreet: "This is a test notice."}
}

// notifyFlag adds the flag of check.
func notifyFlag(c *cobra.Command, send *bool) {
	c.Flags().BoolVar(send, "notify", false, "tells a test notice by each channel that is on")
}
