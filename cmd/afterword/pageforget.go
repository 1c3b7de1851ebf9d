package main

import (
	"context"
	"errors"
	"fmt"

	"afterword/internal/web"
	"afterword/scheduler"
)

// Forget implements web.Desk, as `forget` does. The page is served by the very
// program whose daemon must not be at work meanwhile: that is asked to stop, and
// begins anew without what it held in memory.
func (d *desk) Forget(ctx context.Context, stem, since string) (string, error) {
	h := d.fresh()
	if h.between == nil {
		return "", hinted{errors.New("nothing can be forgotten here"), "`afterword forget " + scheduler.ShellWord(stem) + "` does it in a profile of your own"}
	}
	if now := d.Revision(stem); now != since {
		return "", fmt.Errorf("the file of %s: %w", stem, web.ErrStale)
	}
	if _, err := h.service.Dossier(ctx, stem); err != nil {
		return "", err
	}
	return h.atRest(ctx, func(book scheduler.Ledger) (string, error) {
		// It goes on where the browser gives up: half of it would be worse.
		return h.forget(context.WithoutCancel(ctx), book, stem)
	})
}

// ForgetPerson implements web.Desk: the store forgets them, and in the files of
// their applications, which are over, a word takes the place of their name.
func (d *desk) ForgetPerson(ctx context.Context, who string) (string, error) {
	h := d.fresh()
	if h.between == nil {
		return "", hinted{errors.New("nobody can be forgotten here"), "open the page of a daemon at work: `afterword run`"}
	}
	return h.atRest(ctx, func(book scheduler.Ledger) (string, error) {
		return h.forgetPerson(context.WithoutCancel(ctx), book, who)
	})
}

// atRest does something while no daemon is at work.
func (h *house) atRest(ctx context.Context, do func(scheduler.Ledger) (string, error)) (string, error) {
	type answer struct {
		said string
		err  error
	}
	done := make(chan answer, 1)
	job := func(id identity) {
		said, err := do(id.ledger)
		done <- answer{said, err}
	}
	select {
	case h.between <- job:
	case <-ctx.Done():
		return "", fmt.Errorf("waiting for the daemon to rest: %w", context.Cause(ctx))
	}
	a := <-done
	return a.said, a.err
}
