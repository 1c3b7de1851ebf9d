package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"afterword/mailer"
)

// lookOrder asks the reader for a look; the answer comes once.
type lookOrder struct {
	full   bool
	answer chan error
}

// How often folders other than INBOX are read without a hint. INBOX is read at each hint
// of the watcher, and every folder before each mail that leaves. The shorter interval is
// for servers that report on all folders in one answer.
const (
	sweepEvery = 10 * time.Minute
	sweepSoon  = 5 * time.Minute
)

// readLoop makes the looks, one at a time, when ordered or at a hint. It has no timer;
// the deciding goroutine says when a sweep is due.
func (d *Daemon) readLoop(ctx context.Context, h *hand) {
	defer d.Pulse.note(PartMailbox, beat{ended: true})
	d.Pulse.note(PartMailbox, beat{at: d.Clock.Now()})
	order := d.standApart(ctx, h)
	for ctx.Err() == nil {
		if order.answer != nil {
			order.answer <- d.look(ctx, order.full)
		} else {
			_ = d.look(ctx, false) // the first one comes at once; noteLook records what goes wrong
		}
		order = lookOrder{}
		d.Pulse.note(PartMailbox, beat{resting: true})
		h.release()
		select {
		case <-ctx.Done():
		case <-d.news:
		case order = <-d.looks:
		}
		h.release = d.Clock.Hold()
		d.Pulse.note(PartMailbox, beat{at: d.Clock.Now()})
		if order.answer == nil {
			order = d.standApart(ctx, h)
		}
	}
}

// standApart waits like keepApart, but returns at once with an order, if one comes: the
// courier that gave it holds the clock meanwhile.
func (d *Daemon) standApart(ctx context.Context, h *hand) (order lookOrder) {
	apart := readApart * d.Pace.Apart
	if apart == 0 {
		return order
	}
	h.rest(apart, func(timer <-chan time.Time) {
		select {
		case <-timer:
		case <-ctx.Done():
		case order = <-d.looks:
			// The news has a look of its own afterwards, as it has where the order came
			// first: of two things at one instant either may be met first.
			signal(d.news)
		}
	})
	return order
}

// look reads the mailboxes from where the last look ended. It returns nil if every
// watched folder of every account was read to its end. An account that refused the login
// is skipped until its credential changes; the look then fails, but the others are read.
func (d *Daemon) look(ctx context.Context, full bool) error {
	var req mailer.LookRequest
	var count *tally
	end := lookEnd{sweep: cmp.Or(d.Pace.Sweep, sweepSoon)}
	err := d.do(ctx, func() (err error) {
		end.refused, end.logins = maps.Clone(d.refused), d.world.Policy.Logins
		// After a failure all is read: that what failed did not grow meanwhile
		// does not say that it can be read again.
		if req, count, err = d.newLook(ctx, full || d.failures > 0); err == nil && count.again {
			end.err = d.rewind(ctx, count) // the request's cursors with it
		}
		return err
	})
	if err != nil {
		return err
	}
	end.count, end.progress = count, d.progress(count, req)
	for n, box := range d.mailboxes() {
		if end.refused[n] == nil && !count.again {
			d.lookAt(ctx, n, box, req, &end)
		}
	}
	end.progress.end(end.failed())
	if doErr := d.do(context.WithoutCancel(ctx), func() error { return d.noteLook(ctx, end) }); doErr != nil {
		return doErr
	}
	return end.failed()
}

// lookAt reads the n-th account to its end. Its failure is the failure of the look,
// since the missing mail may be the reply; the other accounts are read all the same.
func (d *Daemon) lookAt(ctx context.Context, n int, box Mailbox, req mailer.LookRequest, end *lookEnd) {
	result, err := box.Look(ctx, req, func(ctx context.Context, b mailer.Batch) error {
		d.Pulse.note(PartMailbox, beat{at: d.Clock.Now()})
		end.count.add(b)
		err := d.applyBatch(ctx, b, end.count)
		end.progress.note(b)
		end.news = true
		return err
	})
	if !result.AtOnce {
		end.sweep = cmp.Or(d.Pace.Sweep, sweepEvery)
	}
	trouble, leftOut := d.neverReadOf(n).sort(result.Trouble, req.Cursors)
	end.leftOut = append(end.leftOut, leftOut...)
	switch {
	case err == nil && len(trouble) > 0:
		err = fmt.Errorf("reading the folder %s: %w", trouble[0].Folder, trouble[0].Err)
	case err == nil && end.count.conclude(result):
		end.gap = true
	}
	if err == nil {
		return
	}
	if len(d.Watched) > 0 {
		err = fmt.Errorf("%s: %w", d.called(n), err) // else it is clear whose it is
	}
	if errors.Is(err, mailer.ErrLoginRefused) {
		if end.refused == nil {
			end.refused = map[int]error{}
		}
		end.refused[n] = err
	} else if end.err == nil {
		end.err = err
	}
}

// newLook prepares the request for a look, from where the last one ended, and the tally
// that detects mail which vanished unread.
func (d *Daemon) newLook(ctx context.Context, full bool) (mailer.LookRequest, *tally, error) {
	req := mailer.LookRequest{Full: full}
	req.WantBody = d.world.interest().wants
	var last, carried, again string
	var numbers map[string]numbering
	err := d.Store.View(ctx, func(r Reader) (err error) {
		if req.Cursors, err = r.Cursors(); err != nil {
			return err
		}
		if carried, err = r.Meta(metaTally); err != nil {
			return err
		}
		if again, err = r.Meta(metaAgain); err != nil {
			return err
		}
		if numbers, err = loadNumbering(r); err != nil {
			return err
		}
		last, err = r.Meta(metaLastLook)
		return err
	})
	since, parseErr := time.Parse(time.RFC3339, last)
	if parseErr != nil {
		since = time.Time{} // there was none: the server's dates stand
	}
	req.Since = d.readBackTo(since)
	count := newTally(req.Cursors, since, carried)
	count.again, count.numbers = again != "", numbers
	return req, count, err
}

// overlap is how much further back than necessary a folder without a usable cursor is
// read: servers use their own clocks, and the probe may have arrived as early as `init`.
const overlap = 24 * time.Hour

// readBackTo is how far back a folder without a usable cursor is read: to the last
// complete look (zero if there was none), or to the earliest interview of an application
// that is not over, if that is earlier. Such a folder may be an old one that was
// renumbered, whose new mail was read nowhere.
func (d *Daemon) readBackTo(last time.Time) time.Time {
	since := d.Clock.Now()
	if !last.IsZero() && last.Before(since) {
		since = last
	}
	if !d.mended.IsZero() && d.mended.Before(since) {
		since = d.mended // of a file that could not be read nobody knew whose mail it is
	}
	since = since.Add(-overlap)
	for _, a := range d.world.Applications {
		for _, i := range a.Interviews {
			if !a.Status.Over() && i.At.Before(since) {
				since = i.At
			}
		}
	}
	return since
}

// applyBatch applies what was read, on the deciding goroutine. The cursor moves in the
// same transaction.
func (d *Daemon) applyBatch(ctx context.Context, b mailer.Batch, count *tally) error {
	return d.do(ctx, func() error {
		now := d.Clock.Now()
		err := d.Store.Update(ctx, func(tx Tx) error {
			stems, err := receive(tx, d.world, d.Tables, b, count.notBefore(b.Cursor), now)
			if err != nil {
				return err
			}
			if err := tx.SetMeta(metaTally, count.text()); err != nil {
				return err
			}
			for _, stem := range stems {
				if err := d.attend(tx, stem, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil && d.Applied != nil {
			for _, m := range b.Messages {
				d.Applied(mailer.Parse(m.Header, nil).ID)
			}
		}
		if err != nil || !fromSent(b) {
			return err
		}
		d.answersWait = true
		return d.answerAll(ctx)
	})
}
