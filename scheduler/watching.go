package scheduler

import (
	"context"
	"errors"
	"time"

	"afterword/mailer"
)

// steadyAfter is how long a watching connection must have lasted for its loss not to
// count as a failure.
const steadyAfter = 10 * time.Minute

// hearNews handles a hint that new mail may be there: the reader looks, and no mail
// leaves on the strength of a look begun before the hint.
func (d *Daemon) hearNews() {
	d.heard.Add(1)
	signal(d.news)
}

// watchLoop keeps one connection that waits for new mail, and reconnects with growing
// pauses.
func (d *Daemon) watchLoop(ctx context.Context, h *hand, n int, box Mailbox) {
	apart, rewatch := watchApart*(n+1), d.rewatch[n]
	d.keepApart(h, apart, ctx.Done())
	failures := 0
	for ctx.Err() == nil {
		if d.loginRefused(ctx, n) {
			d.pauseWatch(ctx, h, rewatch, 24*time.Hour) // until the files change
			continue
		}
		watch, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			select {
			case <-rewatch:
				stop()
			case <-ended:
			}
		}()
		began := d.Clock.Now()
		// The adapter keeps the clock still while it talks to the server.
		h.release()
		err := box.Watch(watch, d.hearNews)
		h.release = d.Clock.Hold()
		dropped := watch.Err() != nil
		close(ended)
		stop()
		if ctx.Err() != nil {
			return
		}
		rest := time.Duration(apart) * d.Pace.Apart
		if dropped { // by this program, which wants another one at once: no failure of the server's
			d.pauseWatch(ctx, h, rewatch, rest)
			continue
		}
		if d.Clock.Now().Sub(began) > steadyAfter {
			failures = 0
		}
		failures++
		pause := d.reconnect(failures, err)
		d.Log.Info("watching the mailbox ended", "err", err, "again_in", pause.String())
		if errors.Is(err, mailer.ErrLoginRefused) {
			signal(d.news) // the reader finds out too, and says so
		}
		d.pauseWatch(ctx, h, rewatch, pause+rest)
	}
}

// loginRefused reports whether the n-th mailbox refused the login. It is not tried again
// before the credential changes.
func (d *Daemon) loginRefused(ctx context.Context, n int) (refused bool) {
	_ = d.do(ctx, func() error { refused = d.refused[n] != nil; return nil })
	return refused
}

// pauseWatch waits, in steps no longer than Pace.longest, or until the connection is to
// be dropped.
func (d *Daemon) pauseWatch(ctx context.Context, h *hand, rewatch chan struct{}, pause time.Duration) {
	until := d.Clock.Now().Add(pause)
	for ctx.Err() == nil {
		left := until.Sub(d.Clock.Now())
		if left <= 0 {
			return
		}
		woken := false
		h.rest(min(left, d.Pace.longest()), func(timer <-chan time.Time) {
			select {
			case <-timer:
			case <-ctx.Done():
			case <-rewatch:
				woken = true
			}
		})
		if woken {
			return
		}
	}
}

// dropWatches makes every watcher reconnect.
func (d *Daemon) dropWatches() {
	for _, c := range d.rewatch {
		signal(c)
	}
}
