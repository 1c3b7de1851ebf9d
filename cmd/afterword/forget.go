package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/profile"
	"afterword/scheduler"
)

func (p *program) forgetCommand() *cobra.Command {
	var person string
	var yes bool
	cmd := &cobra.Command{
		Use:   "forget APP | forget --person ADDRESS",
		Short: "Removes an application for good: its file, its mails, its people; keeps that it happened, and thanks nobody twice",
		Args: func(cmd *cobra.Command, args []string) error {
			if person != "" {
				return usage(cobra.NoArgs)(cmd, args)
			}
			return usage(cobra.ExactArgs(1))(cmd, args)
		},
		RunE: p.with(false, func(cmd *cobra.Command, args []string, h *house) (err error) {
			if person != "" {
				err = p.forget(h, p.sureToForget(yes, person, "What is known of them, their mails among it,"), func(book scheduler.Ledger) (string, error) {
					said, err := h.forgetPerson(cmd.Context(), book, person)
					return said + "\n", err
				})
			} else if stem, unknown := h.forgettable(cmd.Context(), args[0]); unknown != nil {
				err = unknown
			} else {
				err = p.forget(h, p.sureToForget(yes, stem, "Its file, its mails and the people that no other application knows"),
					func(book scheduler.Ledger) (string, error) { return h.forget(cmd.Context(), book, stem) })
			}
			if err != nil {
				return fmt.Errorf("forgetting: %w", err)
			}
			return nil
		}),
	}
	cmd.Flags().StringVar(&person, "person", "", "remove one person, by address or, without one, by name; every application of theirs must be over")
	cmd.Flags().BoolVar(&yes, "yes", false, "asks nothing, also on a terminal")
	return cmd
}

// sureToForget asks whoever sits at a terminal: nothing brings back what is removed. A
// script has said what it wants.
func (p *program) sureToForget(yes bool, name, what string) (asked func() bool) {
	return func() bool {
		_, terminal := terminalOf(p.in)
		return yes || !terminal || p.dialogue().agrees(fmt.Sprintf("Forget %s for good? %s are removed, and nothing brings them back.", name, what))
	}
}

// forget removes something while no daemon runs, which would hold what is removed
// in memory and in its log, and where its user is sure.
func (p *program) forget(h *house, sure func() bool, do func(scheduler.Ledger) (string, error)) (err error) {
	unlock, err := profile.Lock(h.config.StatePath)
	if errors.Is(err, profile.ErrHeld) {
		err = hinted{err, "stop it first; nothing was removed"}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	var book scheduler.Ledger
	if _, none := h.store.(scheduler.NoStore); !none {
		id, closeLedger, err := openIdentity(h.config.StatePath)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, closeLedger()) }()
		book = id.ledger
	}
	if !sure() {
		return errors.New("you did not say yes, so nothing was removed")
	}
	said, err := do(book)
	if err != nil {
		return err
	}
	fmt.Fprint(p.out, said)
	return nil
}

// forget removes an application and says what is gone and where its traces may
// still lie. No daemon may run meanwhile.
func (h *house) forget(ctx context.Context, book scheduler.Ledger, stem string) (said string, err error) {
	var done scheduler.Forgotten
	if _, none := h.store.(scheduler.NoStore); !none {
		if done, err = h.service.Forget(ctx, book, stem); err != nil {
			return "", err
		}
	}
	removed, err := removeAll(h.config.InterviewsDir, stem)
	if err != nil {
		return "", hinted{err, "the store has forgotten it; remove the file by hand"}
	}
	h.world.files.Forget(removed...)
	return h.tellForgotten(stem, done, removed), nil
}

// forgettable finds the application by its name, among the files and, where its
// file is gone, in the store.
func (h *house) forgettable(ctx context.Context, name string) (stem string, err error) {
	_, a, err := h.application(name)
	if err == nil {
		return a.Stem, nil
	}
	found := strings.ToLower(name)
	events, eventsErr := h.service.Events(ctx, scheduler.EventQuery{Application: found, Limit: 1})
	kept, filesErr := filesOf(h.config.InterviewsDir, found)
	if len(events) > 0 || len(kept) > 0 {
		return found, errors.Join(eventsErr, filesErr)
	}
	return "", err
}

// filesOf are the files of an application: the one that is read, and what was
// set aside of it under other endings.
func filesOf(folder, stem string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		name := strings.ToLower(strings.TrimLeft(e.Name(), ".#~_"))
		if strings.HasPrefix(name, stem+".yaml") || strings.HasPrefix(name, stem+".yml") {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	return paths, err
}

func removeAll(folder, stem string) ([]string, error) {
	paths, err := filesOf(folder, stem)
	for _, path := range paths {
		err = errors.Join(err, os.Remove(path))
	}
	return paths, err
}

// tellForgotten says what is gone, and where its traces may still lie.
func (h *house) tellForgotten(stem string, done scheduler.Forgotten, removed []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is forgotten: %s removed; what stays: %q\n", stem, countOf(len(removed), "file"), done)
	for _, path := range olderCopies(h.config) {
		fmt.Fprintf(&b, "An older copy of the store still knows it: %s\n", path)
	}
	b.WriteString("Backups, your mailbox and the system's log are yours to clear. The ledger keeps a hash of each key and address, so that nobody is thanked twice.\n")
	return b.String()
}

// olderCopies are what restorations have set aside beside the store.
func olderCopies(c *config.Config) []string {
	found, err := filepath.Glob(c.StatePath + ".before-restore-*")
	if err != nil {
		return nil
	}
	slices.Sort(found)
	return found
}
