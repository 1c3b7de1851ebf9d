package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"afterword/internal/config"
	"afterword/internal/oauth"
	"afterword/scheduler"
)

// work runs the daemon until ctx ends, and builds a new one whenever config.yaml names
// another account: an edit needs no restart. Before is called with the config of each
// run; it may be nil.
func (h *house) work(ctx context.Context, log *slog.Logger, id identity, before func(*config.Config) error) error {
	for {
		if before != nil {
			if err := before(h.config); err != nil {
				return err
			}
		}
		d, err := h.daemon(log, id)
		if err != nil {
			return err
		}
		between, err := h.runUntilAsked(ctx, d)
		if between != nil {
			between(id)
			if err == nil && ctx.Err() == nil {
				continue
			}
		}
		if !errors.Is(err, scheduler.ErrAccountChanged) {
			return err
		}
		h.config = h.world.files.Config()
	}
}

// runUntilAsked runs the daemon until ctx ends, or until somebody asks for something
// that cannot be done while a daemon runs; between is then done before the next one
// starts.
func (h *house) runUntilAsked(ctx context.Context, d *scheduler.Daemon) (between func(identity), err error) {
	work, stop := context.WithCancel(ctx)
	defer stop()
	asked := make(chan func(identity), 1)
	go func() {
		var f func(identity)
		select {
		case f = <-h.between:
			stop()
		case <-work.Done():
		}
		asked <- f
	}()
	err = errors.Join(d.Run(work), disconnect(d))
	stop()
	return <-asked, err // who asked just now is not left waiting
}

// disconnect ends the connections of a daemon that has ended. One that breaks
// while it is given up is no fault.
func disconnect(d *scheduler.Daemon) error {
	d.Sender.Rest()
	err := d.Mailbox.Close()
	for _, box := range d.Watched {
		err = errors.Join(err, box.Close())
	}
	return err
}

// passwordOf returns a function that reads an account's password anew each time. It
// belongs to the account of one connection, so that no account's password reaches
// another account's server.
func (h *house) passwordOf(a config.Account) func(context.Context) (string, error) {
	if h.credential != nil && a.Name == h.credentialOf {
		return h.credential
	}
	if a.Password.OAuth != nil {
		return h.tokenOf(a)
	}
	return func(ctx context.Context) (string, error) {
		s, err := a.Password.Read(ctx)
		return s.Reveal(), err
	}
}

// tokenOf returns a function that renews an account's OAuth access token. All
// connections of an account share it, because a provider may revoke the token of one
// connection when another asks for more.
func (h *house) tokenOf(a config.Account) func(context.Context) (string, error) {
	if h.tokens[a.Password.OAuth] == nil {
		if h.tokens == nil {
			h.tokens = map[*config.OAuth]func(context.Context) (string, error){}
		}
		h.tokens[a.Password.OAuth] = h.newTokens(a)
	}
	return h.tokens[a.Password.OAuth]
}

func (h *house) newTokens(a config.Account) func(context.Context) (string, error) {
	client, err := oauth.NewClient(*a.Password.OAuth)
	if err != nil {
		return func(context.Context) (string, error) { return "", err }
	}
	client.HTTP = h.outside.web
	return oauth.NewSource(client, oauth.StoreOf(*a.Password.OAuth, a.Username, h.config.StatePath), h.clock.Now).Token
}

// mailboxNames says which mailbox each account leads to, by the account's name.
func mailboxNames(c *config.Config) map[string]string {
	names := map[string]string{}
	for _, a := range c.Accounts() {
		names[a.Name] = fmt.Sprintf("%s %s:%d", a.Username, a.IMAP.Host, a.IMAP.Port)
	}
	return names
}

// loginCommands are the commands that ask for a grant of each account anew.
func loginCommands(c *config.Config) (all []string) {
	for _, a := range c.Accounts() {
		command := ""
		if a.Password.OAuth != nil {
			command = a.Password.OAuth.LoginCommand()
		}
		all = append(all, command)
	}
	return all
}

// calledAccounts are the words by which the user knows each account.
func calledAccounts(c *config.Config) []string {
	names := []string{c.Account.Username}
	for _, a := range c.Watch {
		name := watchedPrefix + a.Name
		if a.Name != a.Username {
			name += " (" + a.Username + ")"
		}
		names = append(names, name)
	}
	return names
}
