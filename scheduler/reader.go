package scheduler

import (
	"context"
	"errors"
	"fmt"
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

// sweepEvery is how often folders other than INBOX are looked at without news;
// INBOX is looked at whenever the watching connection has any, and every folder
// before each mail that leaves.
const sweepEvery = 10 * time.Minute

// readLoop owns the looks: one at a time, on order or on news. It has no timer
// of its own; the deciding goroutine says when a sweep is due.
func (d *Daemon) readLoop(ctx context.Context, h *hand) {
	_ = d.look(ctx, false) // the first look comes at once
	for ctx.Err() == nil {
		var order lookOrder
		h.release()
		select {
		case <-ctx.Done():
		case <-d.news:
		case order = <-d.looks:
		}
		h.release = d.Clock.Hold()
		switch {
		case order.answer != nil:
			order.answer <- d.look(ctx, order.full)
		case ctx.Err() == nil:
			_ = d.look(ctx, false) // noteLook has recorded what went wrong
		}
	}
}

// backoff doubles from five seconds to five minutes.
func backoff(failures int) time.Duration {
	return min(5*time.Minute, 5*time.Second<<min(max(failures-1, 0), 10))
}

// look reads the mailbox from where the last one ended. Nil means that every
// watched folder was read to its end.
func (d *Daemon) look(ctx context.Context, full bool) error {
	var req mailer.LookRequest
	var since time.Time
	refused := false
	err := d.do(ctx, func() (err error) {
		refused = d.refused
		req, since, err = d.newLook(ctx, full)
		return err
	})
	if err != nil {
		return err
	}
	if refused {
		return fmt.Errorf("reading the mailbox: %w", mailer.ErrLoginRefused)
	}
	count := newTally(req.Cursors, since)
	gap := false
	for _, box := range d.mailboxes() {
		var left bool
		if left, err = d.lookAt(ctx, box, req, count); err != nil {
			break // what one account cannot show may be the answer
		}
		gap = gap || left
	}
	if doErr := d.do(context.WithoutCancel(ctx), func() error { return d.noteLook(ctx, gap, err) }); doErr != nil {
		return doErr
	}
	return err
}

// lookAt reads one account to its end. It reports whether mail came and left
// unread.
func (d *Daemon) lookAt(ctx context.Context, box Mailbox, req mailer.LookRequest, count *tally) (gap bool, err error) {
	result, err := box.Look(ctx, req, func(ctx context.Context, b mailer.Batch) error {
		count.add(b)
		return d.applyBatch(ctx, b, count.notBefore(b.Cursor))
	})
	if err == nil && len(result.Trouble) > 0 {
		err = fmt.Errorf("reading the folder %s: %w", result.Trouble[0].Folder, result.Trouble[0].Err)
	}
	return err == nil && count.unexplained(result), err
}

// newLook tells the mailbox where the last look ended and what to fetch, and
// when that look was.
func (d *Daemon) newLook(ctx context.Context, full bool) (mailer.LookRequest, time.Time, error) {
	req := mailer.LookRequest{Full: full, Since: d.readBackTo()}
	interest := newInterest(d.world)
	req.WantBody = interest.wants
	var last string
	err := d.Store.View(ctx, func(r Reader) (err error) {
		if req.Cursors, err = r.Cursors(); err != nil {
			return err
		}
		last, err = r.Meta(metaLastLook)
		return err
	})
	since, parseErr := time.Parse(time.RFC3339, last)
	if parseErr != nil {
		since = time.Time{} // there was none: the server's dates stand
	}
	return req, since, err
}

// readBackTo is how far back a folder that was never read is read: to the
// earliest interview of an application that is not over.
func (d *Daemon) readBackTo() time.Time {
	since := d.Clock.Now()
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
func (d *Daemon) applyBatch(ctx context.Context, b mailer.Batch, since time.Time) error {
	return d.do(ctx, func() error {
		now := d.Clock.Now()
		err := d.Store.Update(ctx, func(tx Tx) error {
			stems, err := receive(tx, d.world, d.Tables, b, since, now)
			if err != nil {
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
		return err
	})
}

// noteLook records how the look ended, for status and for the pauses.
func (d *Daemon) noteLook(ctx context.Context, gap bool, lookErr error) error {
	if lookErr != nil && (ctx.Err() != nil || errors.Is(lookErr, context.Canceled)) {
		return nil // the program stops; that is no trouble
	}
	now := d.Clock.Now()
	state, before := "ok", d.world.Trouble
	d.sweepAt = now.Add(sweepEvery)
	if lookErr != nil {
		state = lookErr.Error()
		d.failures++
		d.notBefore = now.Add(backoff(d.failures))
		d.sweepAt = d.notBefore
		d.world.Trouble = "the mailbox could not be read first: " + state
		d.Log.Warn("reading the mailbox", "err", lookErr, "again_in", backoff(d.failures).String())
	} else {
		d.failures, d.world.Trouble = 0, ""
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		if errors.Is(lookErr, mailer.ErrLoginRefused) && !d.refused {
			d.refused = true
			if err := refuseLogin(tx, "IMAP", state, now); err != nil {
				return err
			}
		}
		if gap {
			if err := noteGap(tx, now); err != nil {
				return err
			}
		}
		if d.failures >= unreadableTold && (len(d.ready) > 0 || d.carrying != "") {
			if err := tell(tx, unreadable(state, now)); err != nil {
				return err
			}
		}
		if lookErr == nil {
			d.copiesDue = true
			if err := concludeProbe(tx, now); err != nil {
				return err
			}
			if err := tx.SetMeta(metaLastLook, now.UTC().Format(time.RFC3339)); err != nil {
				return err
			}
		}
		return tx.SetMeta(metaIMAP, state)
	})
	if err != nil || before == d.world.Trouble {
		return err
	}
	return d.attendAll(ctx, d.readyStems())
}

// unreadableTold is how many looks fail, over some minutes, before the user
// hears that mail which is due waits for the mailbox.
const unreadableTold = 5

func unreadable(state string, now time.Time) Notice {
	return Notice{Key: "mailbox/" + now.UTC().Format(time.DateOnly), Kind: "mailbox", At: now, Subject: "Mail waits: the mailbox cannot be read",
		Text:     "Mail is due, and nothing leaves before the mailbox could be read: " + state + ". It is tried again by itself; `afterword check` tells more.",
		Discreet: "Mail waits for the mailbox."}
}

// readyStems are the applications with mail that could leave.
func (d *Daemon) readyStems() []string {
	var stems []string
	for _, r := range d.ready {
		stems = append(stems, r.Application)
	}
	slices.Sort(stems)
	return slices.Compact(stems)
}

// sourceLogin marks the hold of a refused password.
const sourceLogin = "login"

// refuseLogin stops the account until its credential changes.
func refuseLogin(tx Tx, protocol, words string, now time.Time) error {
	reason := "the " + protocol + " server refused the login; correct the password in config.yaml"
	h := Hold{Scope: ScopeEverything, Source: sourceLogin, Reason: reason, Set: now}
	if err := setHold(tx, h, ActorServer, words, now); err != nil {
		return err
	}
	return tell(tx, Notice{Key: "login/" + protocol + "/" + now.UTC().Format(time.DateOnly), Kind: "login", At: now,
		Subject: "The mail server refused the login", Text: reason + ". The server said: " + words, Discreet: "The mail account refuses the login."})
}

// watchLoop keeps a connection that waits for mail, and dials anew with growing
// pauses when it is lost.
func (d *Daemon) watchLoop(ctx context.Context, h *hand, box Mailbox, rewatch chan struct{}) {
	failures := 0
	for ctx.Err() == nil {
		if d.loginRefused(ctx) {
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
		err := box.Watch(watch, func() { signal(d.news) })
		h.release = d.Clock.Hold()
		close(ended)
		stop()
		if d.Clock.Now().Sub(began) > sweepEvery {
			failures = 0
		}
		failures++
		if ctx.Err() != nil {
			return
		}
		d.Log.Info("watching the mailbox ended", "err", err, "again_in", backoff(failures).String())
		if errors.Is(err, mailer.ErrLoginRefused) {
			signal(d.news) // the reader finds out too, and says so
		}
		d.pauseWatch(ctx, h, rewatch, backoff(failures))
	}
}

// loginRefused reports whether the mailbox refused the login: nobody tries
// again before the files change.
func (d *Daemon) loginRefused(ctx context.Context) (refused bool) {
	_ = d.do(ctx, func() error { refused = d.refused; return nil })
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
		h.rest(min(left, boundedWait), func(timer <-chan time.Time) {
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

// interest tells from a header whether a message may concern an application,
// so that its body is wanted. It is immutable and safe for concurrent use.
type interest struct {
	words []string // addresses, domains, companies, names, in lower case
}

func newInterest(w World) interest {
	var in interest
	add := func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); len(s) > 2 {
			in.words = append(in.words, s)
		}
	}
	add(w.Policy.Me.Email)
	for _, a := range w.Applications {
		add(a.Company)
		for _, d := range a.Domains {
			add(d)
		}
		for _, p := range a.People() {
			for _, address := range p.Addresses() {
				add(address)
				add(mailer.DomainOf(address))
			}
			add(p.Name)
		}
	}
	slices.Sort(in.words)
	in.words = slices.Compact(in.words)
	return in
}

// wants reports whether the body is worth fetching: the header names anybody
// or anything of an application, or it is an answer, a report or an invitation.
func (in interest) wants(f mailer.Fetched) bool {
	h := strings.ToLower(string(f.Header))
	for _, mark := range []string{"\nin-reply-to:", "\nreferences:", "multipart/report", "text/calendar", "mailer-daemon", "auto-submitted: auto", "postmaster"} {
		if strings.Contains(h, mark) {
			return true
		}
	}
	for _, w := range in.words {
		if strings.Contains(h, w) {
			return true
		}
	}
	return false
}
