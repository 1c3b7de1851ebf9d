package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// stopGrace is how long a stop waits for the server's reply to the final dot.
const stopGrace = 20 * time.Second

// The names of couriers that carry no delivery.
const (
	carryingProbe  = "(probe)"
	carryingCopies = "(copies)"
	carryingDrafts = "(drafts)"
)

// dispatch starts a courier for the next errand, if none is under way: the probe, a mail
// that may leave, copies for the Sent folder, or drafts.
func (d *Daemon) dispatch(ctx context.Context, now time.Time) error {
	if d.carrying != "" || !d.mayCarry(now) {
		return nil
	}
	if !now.Before(d.probeAfter) && !d.probed && !d.smtpRefused {
		want, again, err := d.wantsProbe(ctx, now)
		if err != nil {
			return err
		}
		d.probed, d.probeAfter = !want && again.IsZero(), again
		if want {
			d.carrying = carryingProbe
			d.startCourier(ctx, func() { d.sendProbe(ctx) })
			return nil
		}
	}
	next, waiting := d.line.front()
	if !waiting {
		if err := d.dispatchCopies(ctx, now); err != nil || d.carrying != "" {
			return err
		}
		return d.dispatchDrafts(ctx, now)
	}
	d.line.drop(next)
	d.carrying = next.key
	d.startCourier(ctx, func() { d.carry(ctx, next) })
	return nil
}

// startCourier runs an errand on a goroutine of its own. Once ctx has ended it does not
// wait first: the caller is then waiting for the helpers with its clock hold up, and a
// stepping clock would never move.
func (d *Daemon) startCourier(ctx context.Context, carry func()) {
	d.helpers.start(func(h *hand) {
		d.keepApart(h, carryApart, ctx.Done())
		carry()
	})
}

// mayCarry reports whether no general reason keeps mail from leaving: a failed server or
// store, a refused login, another daemon or another account.
func (d *Daemon) mayCarry(now time.Time) bool {
	return !now.Before(d.notBefore) && len(d.refused) == 0 && d.storeFailures == 0 && len(d.unsettled) == 0 && d.lost == nil && !d.changed()
}

// dispatchCopies files copies of sent mail while there is nothing else to carry. It asks
// the store once after each look at the mailbox.
func (d *Daemon) dispatchCopies(ctx context.Context, now time.Time) error {
	if !d.copiesDue {
		return nil
	}
	d.copiesDue = false
	due, err := d.copiesToFile(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	d.carrying = carryingCopies
	d.startCourier(ctx, func() { d.fileCopies(ctx, due) })
	return nil
}

// lastLook is one reading of all mailboxes. Mail may leave on its strength for a short
// time only.
type lastLook struct {
	began time.Time
	heard int64 // of the hints that there is mail: a later one makes it worthless
}

// lookServes is how long, from its beginning, one look serves several mails that were
// due before it.
const lookServes = 2 * time.Second

// carry sends mails, one after the other, as long as one last look serves them. For
// each: claim, transmission with the mark before the final dot, outcome. Every decision
// is made on the deciding goroutine; this one only waits for servers.
func (d *Daemon) carry(ctx context.Context, first turn) {
	lasting := context.WithoutCancel(ctx)
	defer func() {
		more := false
		_ = d.do(lasting, func() error {
			d.carrying, more = "", !d.line.empty()
			return nil
		})
		if !more {
			d.Sender.Rest() // one connection for a batch, none while idle
		}
	}()
	look := lastLook{began: d.Clock.Now(), heard: d.heard.Load()}
	if err := d.lookNow(ctx); err != nil {
		// noteLook has recorded why; the delivery is ready for the next try.
		_ = d.do(lasting, func() error { return d.attendAll(lasting, []string{first.application}) })
		return
	}
	var claimed Delivery
	err := d.do(ctx, func() (err error) {
		claimed, err = d.claim(ctx, first)
		return err
	})
	if err != nil {
		d.notCarried(lasting, first, err)
		return
	}
	for another := true; another; {
		receipt := d.transmit(ctx, claimed, look.began)
		err := d.do(lasting, func() (err error) {
			claimed, another, err = d.settle(ctx, claimed, receipt, look)
			return err
		})
		if err != nil {
			d.Log.Error("recording an outcome", "key", claimed.Key, "outcome", receipt.Outcome.String(), "err", err)
			return
		}
	}
}

// lookNow orders a look at every folder and waits for its result.
func (d *Daemon) lookNow(ctx context.Context) error {
	order := lookOrder{full: true, answer: make(chan error, 1)}
	select {
	case d.looks <- order:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-order.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// claim claims a mail from the line. It is called on the deciding goroutine.
func (d *Daemon) claim(ctx context.Context, next turn) (claimed Delivery, err error) {
	if err := d.refuseOtherAccount(); err != nil {
		return claimed, err
	}
	if err := d.answerAll(ctx); err != nil {
		return claimed, err
	}
	now := d.Clock.Now()
	d.sendingWith = loginOf(d.world.Policy.Logins, 0)
	err = d.Store.Update(ctx, func(tx Tx) error {
		x, e, err := d.claimable(tx, next, now)
		if err != nil {
			return err
		}
		claimed = x
		return put(tx, claimed, now, e, time.Time{})
	})
	return claimed, err
}

// notCarried handles a mail that could not be claimed. The pause prevents a loop where
// the planning rules and the gate disagree.
func (d *Daemon) notCarried(ctx context.Context, next turn, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	d.Log.Info("not sent", "key", next.key, "why", whyNotSent(err))
	_ = d.do(ctx, func() error {
		if errors.Is(err, ErrLostClaim) {
			d.lost = err
			return nil
		}
		if errors.Is(err, ErrStoreFailed) {
			d.takeBack(ctx, next.key)
		}
		d.notBefore = d.Clock.Now().Add(boundedWait)
		if !errors.Is(err, ErrNotReady) && !unusable(err) {
			if err := d.setAside(ctx, next.key, err); err != nil {
				return err
			}
		}
		return d.attendAll(ctx, []string{next.application})
	})
}

// whyNotSent is the reason for the log. The reasons of the gate contain names of people,
// which `afterword why` shows and the log must not.
func whyNotSent(err error) string {
	switch {
	case errors.Is(err, ErrAccountChanged) || errors.Is(err, ErrLostClaim) || unusable(err):
		return err.Error()
	case errors.Is(err, ErrNotReady):
		return "it may not leave any more; afterword why says what speaks against it"
	}
	return "it cannot be made; afterword why says what is wrong"
}

// setAside postpones a mail that cannot be composed, so that others are not kept
// waiting, and asks the user.
func (d *Daemon) setAside(ctx context.Context, key string, cause error) error {
	now := d.Clock.Now()
	return d.Store.Update(ctx, func(tx Tx) error {
		x, err := tx.Delivery(key)
		if err != nil || !x.State.Open() {
			return ignoreMissing(err)
		}
		x.RetryAt = now.Add(time.Hour)
		if err := tx.Put(x, x.RetryAt); err != nil {
			return err
		}
		return ask(tx, x, askedUnmade+x.Key, fmt.Sprintf("The mail to %s cannot be made: %v. Change its facts or its template, or: afterword skip %s", x.To.Name, cause, ShellWord(x.Key)), now)
	})
}

// transmit sends the frozen message. If the program is stopped before the final dot, the
// connection is closed at once; after it, the server has stopGrace to reply.
func (d *Daemon) transmit(ctx context.Context, claimed Delivery, looked time.Time) mailer.Receipt {
	session, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var handedOver atomic.Bool
	unwatch := context.AfterFunc(ctx, func() {
		if handedOver.Load() {
			raise(d.Clock).pauseThenDrop(stopGrace, session.Done())
		}
		cancel()
	})
	defer unwatch()
	return d.Sender.Send(session, *claimed.Frozen, func(context.Context) error {
		if ctx.Err() != nil {
			return fmt.Errorf("%w: the program stops", ErrNotReady)
		}
		handedOver.Store(true)
		err := d.do(context.WithoutCancel(ctx), func() error { return d.mark(ctx, claimed, looked) })
		if err != nil {
			handedOver.Store(false)
		}
		return err
	})
}

// pauseThenDrop rests once and puts the hand down for good.
func (h *hand) pauseThenDrop(d time.Duration, ended <-chan struct{}) {
	h.pause(d, ended)
	h.release()
}

// mark commits that the final dot is about to be sent, unless the last look is too old
// by now.
func (d *Daemon) mark(ctx context.Context, claimed Delivery, looked time.Time) error {
	now := d.Clock.Now()
	// By the wall clock: the other one stands still while a machine sleeps. It
	// counts as a failed attempt, so that a server too slow for it is not
	// pestered, and the user hears of it.
	if age, most := now.Round(0).Sub(looked.Round(0)), d.world.Policy.LastLook; most > 0 && (age < 0 || age >= most) {
		return fmt.Errorf("the last look at the mailbox began %s ago", age.Round(time.Second))
	}
	fresh := d.worldNow()
	if err := d.refuseOtherAccount(); err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx Tx) error { return mark(tx, fresh, claimed, now) })
}

// worldNow reads the files once more: a status saved a moment ago must stop the dot even
// though the daemon has not taken up the edit yet.
func (d *Daemon) worldNow() World {
	w := d.world
	policy, apps, err := d.Files.Read()
	if err != nil {
		w.Unread = err.Error()
		return w
	}
	w.Policy = policy
	if len(apps) > 0 && len(apps) == len(d.read) && &apps[0] == &d.read[0] {
		return w // the very same as when they were taken up
	}
	w.Applications = byStem(apps)
	return w
}

// settle commits the outcome of an attempt. After an acceptance, the same transaction
// claims the next mail if the last look serves it too; another reports whether it did,
// and next is that mail.
func (d *Daemon) settle(ctx context.Context, claimed Delivery, r mailer.Receipt, look lastLook) (next Delivery, another bool, err error) {
	lasting, now := context.WithoutCancel(ctx), d.Clock.Now()
	if after, served := d.served(ctx, look, now); r.Outcome == mailer.Accepted && served {
		next, another, err = d.settleAndClaim(lasting, claimed, r, after, now)
		if err == nil {
			return next, another, nil
		}
		d.Log.Warn("recording an outcome and the next claim", "key", claimed.Key, "next", after.key, "err", err)
		_ = d.noticeFault(err)
		if errors.Is(err, ErrStoreFailed) {
			defer d.takeBack(lasting, after.key) // once the outcome is recorded
		}
	}
	err = d.settleSurely(func() error {
		return d.Store.Update(lasting, func(tx Tx) error { return settle(tx, claimed, r, now) })
	})
	if err != nil || len(d.unsettled) > 0 {
		return claimed, false, err
	}
	d.logAttempt(claimed, r)
	if errors.Is(r.Err, ErrNotReady) {
		d.notBefore = now.Add(boundedWait) // as in notCarried: the server is not dialled for each turn of a disagreement
	}
	if err := d.noteServer(lasting, r, now); err != nil {
		return claimed, false, err
	}
	return claimed, false, d.attendAll(lasting, []string{claimed.Application})
}

// served returns the next mail in line if the look made for an earlier one serves it as
// well: the look is recent, it began after the mail fell due, and no watcher has hinted
// at new mail since.
func (d *Daemon) served(ctx context.Context, look lastLook, now time.Time) (turn, bool) {
	after, waiting := d.line.front()
	age, serves := now.Round(0).Sub(look.began.Round(0)), lookServes
	if most := d.world.Policy.LastLook; most > 0 {
		serves = min(serves, most/2)
	}
	served := waiting && ctx.Err() == nil && age >= 0 && age < serves && !after.due.After(look.began) && d.heard.Load() == look.heard && d.mayCarry(now)
	return after, served
}

// takeBack cancels a claim whose commit failed, as soon as the store can be written: the
// claim may be found stored all the same.
func (d *Daemon) takeBack(ctx context.Context, key string) {
	d.unsettled = append(d.unsettled, func() error {
		return d.Store.Update(ctx, func(tx Tx) error { return unclaim(tx, key, d.epoch, d.Clock.Now()) })
	})
}

// settleAndClaim commits an acceptance, what follows from it, and the claim of the next
// mail. The gate is asked again for that mail, with the outcome just recorded. If it may
// not leave, only the outcome is committed and the next courier finds out why.
func (d *Daemon) settleAndClaim(ctx context.Context, claimed Delivery, r mailer.Receipt, after turn, now time.Time) (next Delivery, another bool, err error) {
	err = d.Store.Update(ctx, func(tx Tx) error {
		if err := settle(tx, claimed, r, now); err != nil {
			return err
		}
		if err := tx.SetMeta(metaSMTP, "ok"); err != nil {
			return err
		}
		if err := d.attend(tx, claimed.Application, now); err != nil {
			return err
		}
		var e Event
		var refused error
		if next, e, refused = d.claimable(tx, after, now); refused != nil {
			return nil
		}
		another = true
		return put(tx, next, now, e, time.Time{})
	})
	if err != nil {
		return next, false, err
	}
	d.logAttempt(claimed, r)
	if another {
		d.line.drop(after)
		d.carrying, d.sendingWith = next.Key, loginOf(d.world.Policy.Logins, 0)
	}
	return next, another, nil
}

func (d *Daemon) logAttempt(claimed Delivery, r mailer.Receipt) {
	d.Log.Info("attempt", "key", claimed.Key, "outcome", r.Outcome.String(), "phase", string(r.Phase), "code", r.Code)
}

// noteServer records the state of the SMTP server. A refusal of a credential that the
// user has changed since says nothing about the new one.
func (d *Daemon) noteServer(ctx context.Context, r mailer.Receipt, now time.Time) error {
	refused := r.AuthRefused && d.sendingWith == loginOf(d.world.Policy.Logins, 0)
	d.smtpRefused = d.smtpRefused || refused
	state := "ok"
	if r.Phase == mailer.PhaseConnect || r.Phase == mailer.PhaseAuth || r.AuthRefused {
		state = answer(r)
	}
	var news []refusal
	if refused {
		news = []refusal{{protocol: "SMTP", said: state + remedy(r.Err), gone: errors.Is(r.Err, mailer.ErrGrantGone)}}
	}
	return d.noteSMTP(ctx, state, news, now)
}

// noteSMTP stores the state of the SMTP server in its own words, and any refused login.
func (d *Daemon) noteSMTP(ctx context.Context, state string, news []refusal, now time.Time) error {
	err := d.Store.Update(ctx, func(tx Tx) error {
		if err := d.noteRefusals(tx, news, now); err != nil {
			return err
		}
		return tx.SetMeta(metaSMTP, state)
	})
	if err == nil {
		d.refusals = append(d.refusals, news...)
	}
	return err
}
