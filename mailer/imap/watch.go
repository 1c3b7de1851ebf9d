package imap

import (
	"cmp"
	"context"
	"fmt"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Times of the watch, on the Clock.
const (
	// idleFor is how long one IDLE lasts. RFC 2177 allows 29 minutes, but home
	// routers and large providers drop a quiet connection after 5 to 10.
	idleFor = 5 * time.Minute
	// pollEvery is the pace where IDLE is not offered.
	pollEvery = time.Minute
	// longestWait bounds every wait, so that a clock that was stepped or a
	// machine that slept is noticed.
	longestWait = 20 * time.Second
)

// watch is one connection that waits for mail in INBOX.
type watch struct {
	*session
	clock   Clock
	pace    time.Duration
	idles   bool
	changed func()
}

// Watch waits on a connection of its own until INBOX may have changed and says
// so by changed, once after connecting and then at every sign; changed must not
// block. It is a hint only: Look tells what there is. Watch returns the reason
// when ctx ends or the connection is lost, and the caller connects anew.
func (m *Mailbox) Watch(ctx context.Context, changed func()) error {
	ctx, cancel := m.live(ctx)
	defer cancel()
	if err := m.watch(ctx, changed); err != nil {
		return fmt.Errorf("watching the inbox: %w", err)
	}
	return nil
}

func (m *Mailbox) watch(ctx context.Context, changed func()) error {
	w := &watch{clock: m.cfg.Clock, pace: m.cfg.Pace, changed: changed}
	if err := w.begin(ctx, m); err != nil {
		return err
	}
	defer w.close()
	for first := true; ; first = false {
		idle, err := w.settle(ctx)
		if first && w.idles && ctx.Err() == nil {
			m.noteIdle(err)
		}
		if err != nil {
			return err
		}
		if first {
			w.hear() // what opening the folder said is no news
			changed()
		}
		waited := w.wait(ctx)
		if err := w.rouse(ctx, idle); waited != nil || err != nil {
			return reason(waited, err)
		}
	}
}

// mostDeaf is how many watches may fail at their first IDLE before the server is taken
// not to know it, whatever it offers. NOOP asks instead until the program starts anew.
const mostDeaf = 2

// noteIdle counts the watches that ended where they began to idle.
func (m *Mailbox) noteIdle(err error) {
	if err == nil {
		m.deaf.Store(0)
	} else {
		m.deaf.Add(1)
	}
}

func reason(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// begin connects and opens INBOX.
func (w *watch) begin(ctx context.Context, m *Mailbox) error {
	defer w.clock.Hold()()
	s, err := m.enter(ctx) // a look tries a refused password once more, and says so
	if err != nil {
		return err
	}
	if _, err := s.examine(ctx, "INBOX"); err != nil {
		s.close()
		return err
	}
	w.session, w.idles = s, s.caps.Has(goimap.CapIdle) && m.deaf.Load() < mostDeaf
	return nil
}

// settle starts IDLE. Where the server refuses it, nil is returned and NOOP
// asks instead.
func (w *watch) settle(ctx context.Context) (*imapclient.IdleCommand, error) {
	if !w.idles {
		return nil, nil
	}
	defer w.clock.Hold()()
	var idle *imapclient.IdleCommand
	err := w.within(ctx, promptTime, "starting to idle", func(c *imapclient.Client) (err error) {
		idle, err = c.Idle()
		return err
	})
	if isAnswer(err) {
		w.idles = false
		return nil, nil
	}
	return idle, err
}

// wait passes signs on until it is time to hear whether the server still lives.
func (w *watch) wait(ctx context.Context) error {
	period := pollEvery
	if w.idles {
		period = idleFor
	}
	period, step := cmp.Or(w.pace, period), cmp.Or(w.pace, longestWait)
	start := w.clock.Now()
	for left := period; left > 0 && left <= period; left = period - w.clock.Now().Sub(start) {
		if err := w.tick(ctx, min(left, step)); err != nil {
			return err
		}
	}
	return nil
}

// tick waits for one sign, at most d.
func (w *watch) tick(ctx context.Context, d time.Duration) error {
	timer, stop := w.clock.NewTimer(d)
	defer stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.client.Closed():
		if ctx.Err() != nil { // which may have closed it
			return context.Cause(ctx)
		}
		return w.guard.loss()
	case <-w.guard.news:
		w.changed()
	case <-timer:
	}
	return nil
}

// rouse ends IDLE, or asks with NOOP, which also shows that the server lives.
func (w *watch) rouse(ctx context.Context, idle *imapclient.IdleCommand) error {
	defer w.clock.Hold()()
	if idle == nil {
		if err := w.noop(ctx); err != nil {
			return err
		}
	} else if err := w.endIdle(ctx, idle); err != nil {
		return err
	}
	if w.hear() {
		w.changed()
	}
	return nil
}

// hear reports whether there was a sign since it was last asked.
func (w *watch) hear() bool {
	select {
	case <-w.guard.news:
		return true
	default:
		return false
	}
}

// endIdle sends DONE. It does so on a dead connection too, which frees the
// library's goroutine.
func (w *watch) endIdle(ctx context.Context, idle *imapclient.IdleCommand) error {
	if w.dead() {
		_ = idle.Close() // it cannot be sent any more
		return fmt.Errorf("ending idle: %w", w.guard.loss())
	}
	return w.within(ctx, promptTime, "ending idle", func(*imapclient.Client) error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}
