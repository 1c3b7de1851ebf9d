package main

import (
	"context"
	"errors"
	"fmt"

	"afterword/internal/web"
)

// Forget implements web.Desk, as `forget` does. The page is served by the very
// program whose daemon must not be at work meanwhile: that is asked to stop, and
// begins anew without what it held in memory.
func (d *desk) Forget(ctx context.Context, stem, since string) (string, error) {
	h := d.fresh()
	if h.between == nil {
		return "", hinted{errors.New("nothing can be forgotten here"), "`afterword forget " + stem + "` does it in a profile of your own"}
	}
	if now := d.Revision(stem); now != since {
		return "", fmt.Errorf("the file of %s: %w", stem, web.ErrStale)
	}
	if _, err := h.service.Dossier(ctx, stem); err != nil {
		return "", err
	}
	type answer struct {
		said string
		err  error
	}
	done := make(chan answer, 1)
	job := func(id identity) {
		// It goes on where the browser gives up: half of it would be worse.
		said, err := h.forget(context.WithoutCancel(ctx), id.ledger, stem)
		done <- answer{said, err}
	}
	select {
	case h.between <- job:
	case <-ctx.Done():
		return "", fmt.Errorf("forgetting %s: %w", stem, context.Cause(ctx))
	}
	a := <-done
	return a.said, a.err
}
