package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// lookOrder asks the reader for a look; the answer comes once.
type lookOrder struct {
	full   bool
	answer chan error
}

// How often folders other than INBOX are looked at without news; INBOX is looked
// at whenever the watching connection has any, and every folder before each mail
// that leaves. The short pace is for servers that tell of all folders at once.
const (
	sweepEvery = 10 * time.Minute
	sweepSoon  = 5 * time.Minute
)

// steadyAfter is how long a watching connection must have lived to count as no
// failure.
const steadyAfter = 10 * time.Minute

// readLoop owns the looks: one at a time, on order or on news. It has no timer
// of its own; the deciding goroutine says when a sweep is due.
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

// standApart keeps the reader apart, but not while somebody waits for a look: the
// courier keeps its hand up meanwhile.
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

// look reads the mailboxes from where the last look ended. Nil means that every
// watched folder of every account was read to its end. An account that refused
// the login is not asked again before the files change: the look fails, and the
// others are read all the same.
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

// lookEnd is how a look at all accounts ended.
type lookEnd struct {
	count *tally
	err   error // why the first account that failed was not read to its end; nil where only logins were refused
	// refused says of the accounts whose login was refused, by their place among
	// the mailboxes, in what words; now or by an earlier look.
	refused map[int]error
	logins  []string // as Policy.Logins was when the look began
	gap     bool     // mail came and left unread
	news    bool     // something was read
	// leftOut are folders that could never be read.
	leftOut  []mailer.FolderTrouble
	sweep    time.Duration // how long until the next look without news
	progress *progress
}

// failed is why not all was read, nil where all was.
func (e lookEnd) failed() error {
	if e.err != nil || len(e.refused) == 0 {
		return e.err
	}
	return e.refused[slices.Min(slices.Collect(maps.Keys(e.refused)))]
}

// quiet reports whether the look found nothing at all. Most do, and a commit for
// each would keep a disk awake.
func (e lookEnd) quiet() bool { return e.err == nil && !e.gap && !e.news && len(e.leftOut) == 0 }

// lookAt reads the n-th account to its end. What one account cannot show may be the
// answer, so that its failure is that of the look; the others are read all the same.
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

// newLook tells the mailbox where the last look ended and what to fetch, and
// begins to count.
func (d *Daemon) newLook(ctx context.Context, full bool) (mailer.LookRequest, *tally, error) {
	req := mailer.LookRequest{Full: full}
	req.WantBody = d.world.interest().wants
	var last, carried, again string
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
		last, err = r.Meta(metaLastLook)
		return err
	})
	since, parseErr := time.Parse(time.RFC3339, last)
	if parseErr != nil {
		since = time.Time{} // there was none: the server's dates stand
	}
	req.Since = d.readBackTo(since)
	count := newTally(req.Cursors, since, carried)
	count.again = again != ""
	return req, count, err
}

// overlap is how far back a folder without a usable cursor is read beyond what may
// be new: servers date by a clock of their own, and the mail to oneself that shows
// what the account does may lie there since `init`.
const overlap = 24 * time.Hour

// readBackTo is how far back a folder without a usable cursor is read: to the
// earliest interview of an application that is not over, and in any case to the last
// whole look, which is zero if there was none. The folder may be an old one that was
// renumbered, and what came since was read nowhere.
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

// applyBatch hands what was read to the deciding goroutine. The cursor moves in
// the transaction that applies the messages.
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

// noteLook records how a look ended. After one that read everything, what can
// only be said then is said. An account that refuses the login may do so for weeks: then
// it is said of the others, and that this one was not read.
func (d *Daemon) noteLook(ctx context.Context, end lookEnd) error {
	if err := d.recordLook(ctx, end); err != nil || end.err != nil || len(end.refused) > len(d.Watched) {
		return err
	}
	var shut []string
	for _, n := range slices.Sorted(maps.Keys(end.refused)) {
		shut = append(shut, d.called(n))
	}
	d.world.shut = strings.Join(shut, " and ")
	return d.sayDue(ctx, d.Clock.Now())
}

// sayDue says what a look at the whole mailbox lets be said, if anything is.
func (d *Daemon) sayDue(ctx context.Context, now time.Time) error {
	var over, turns []string
	var digest summary
	err := d.Store.View(ctx, func(r Reader) (err error) { // one for all: most find nothing
		if over, err = looseOver(r, d.world, now); err != nil {
			return err
		}
		if turns, err = turnsDue(r, now); err != nil {
			return err
		}
		digest, err = digestDue(r, d.world.Policy, now)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.dropLoose(ctx, over); err != nil {
		return err
	}
	if err := d.tellTurns(ctx, turns, now); err != nil {
		return err
	}
	return d.tellDigest(ctx, digest, now)
}

// recordLook is for status and for the pauses.
func (d *Daemon) recordLook(ctx context.Context, end lookEnd) error {
	if end.err != nil && (ctx.Err() != nil || errors.Is(end.err, context.Canceled)) {
		return nil // the program stops; that is no trouble
	}
	now := d.Clock.Now()
	d.looked = true
	before, stale := d.world.Trouble, now.Before(d.lookNoted) || now.Sub(d.lookNoted) >= cmp.Or(d.Pace.Sweep, sweepEvery)
	state := d.judgeLook(end, now)
	news := d.refuse(end.refused, end.logins)
	if unusable(end.err) {
		return nil // it was noticed, and cannot be noted
	}
	whole := end.failed() == nil
	if end.quiet() && before == d.world.Trouble && len(news) == 0 && !stale {
		d.copiesDue = d.copiesDue || whole
		return nil
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		if err := d.noteRefusals(tx, news, now); err != nil {
			return err
		}
		return d.writeLook(tx, end, state, now)
	})
	if err != nil {
		return err
	}
	d.lookNoted = now
	d.refusals = append(d.refusals, news...)
	d.copiesDue = d.copiesDue || whole
	if before == d.world.Trouble {
		return nil
	}
	return d.attendAll(ctx, d.line.stems())
}

// judgeLook says in one line how the mailboxes do, and sets when they are read
// again. A refused login is none of the failures after which that is soon.
func (d *Daemon) judgeLook(end lookEnd, now time.Time) (state string) {
	d.sweepAt = now.Add(end.sweep)
	if end.err == nil {
		d.failures = 0
	} else {
		d.failures++
		pause := d.reconnect(d.failures, end.err)
		d.notBefore = now.Add(pause)
		d.sweepAt = d.notBefore
		d.Log.Warn("reading the mailbox", "err", end.err, "again_in", pause.String())
	}
	if err := end.failed(); err != nil {
		d.world.Trouble = "the mailbox could not be read first: " + err.Error()
		return err.Error()
	}
	d.world.Trouble = ""
	return "ok"
}

// writeLook notes how a look ended.
func (d *Daemon) writeLook(tx Tx, end lookEnd, state string, now time.Time) error {
	if err := tx.SetMeta(metaTally, end.count.text()); err != nil {
		return err
	}
	if end.gap {
		if err := noteGap(tx, now); err != nil {
			return err
		}
	}
	if err := tellLeftOut(tx, end.leftOut, now); err != nil {
		return err
	}
	if d.failures >= unreadableTold && (!d.line.empty() || d.carrying != "") {
		if err := tell(tx, unreadable(state, now)); err != nil {
			return err
		}
	}
	if end.failed() == nil {
		if err := concludeProbe(tx, now); err != nil {
			return err
		}
		if err := noteAbsence(tx, now); err != nil {
			return err
		}
		if err := tx.SetMeta(metaLastLook, now.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return tx.SetMeta(metaIMAP, state)
}

// unreadableTold is how many looks fail, over some minutes, before the user
// hears that mail which is due waits for the mailbox.
const unreadableTold = 5

func unreadable(state string, now time.Time) Notice {
	return Notice{Key: "mailbox/" + now.UTC().Format(time.DateOnly), Kind: "mailbox", At: now, Subject: "Mail waits: the mailbox cannot be read",
		Text:     "Mail is due, and nothing leaves before the mailbox could be read: " + state + ". It is tried again by itself; `afterword check` tells more.",
		Discreet: "Mail waits for the mailbox."}
}

// hearNews takes a hint that there may be mail: the reader looks, and no look
// that was begun before it lets another mail leave.
func (d *Daemon) hearNews() {
	d.heard.Add(1)
	signal(d.news)
}

// watchLoop keeps a connection that waits for mail, and dials anew with growing
// pauses when it is lost.
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

// loginRefused reports whether the n-th mailbox refused the login: nobody tries
// again before the files change.
func (d *Daemon) loginRefused(ctx context.Context, n int) (refused bool) {
	_ = d.do(ctx, func() error { refused = d.refused[n] != nil; return nil })
	return refused
}

// pauseWatch rests in bounded steps.
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
