package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// stopGrace is how long a stop waits for the server's answer to the final dot.
const stopGrace = 20 * time.Second

// The names of couriers that carry no delivery.
const (
	carryingProbe  = "(probe)"
	carryingCopies = "(copies)"
)

// dispatch gives the next thing to carry to a courier, one at a time: the
// probe, a mail that may leave, or copies for the Sent folder.
func (d *Daemon) dispatch(ctx context.Context, now time.Time) error {
	if d.carrying != "" || now.Before(d.notBefore) || d.refused || d.storeFailures > 0 || len(d.unsettled) > 0 {
		return nil
	}
	if !now.Before(d.probeAfter) && !d.probed && !d.mute {
		want, err := d.wantsProbe(ctx)
		if err != nil {
			return err
		}
		if d.probed = !want; want {
			d.carrying = carryingProbe
			d.helpers.start(func(*hand) { d.sendProbe(ctx) })
			return nil
		}
	}
	if len(d.ready) == 0 {
		return d.dispatchCopies(ctx, now)
	}
	next := slices.MinFunc(slices.Collect(values(d.ready)), func(a, b Delivery) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key))
	})
	delete(d.ready, next.Key)
	d.carrying = next.Key
	d.helpers.start(func(*hand) { d.carry(ctx, next) })
	return nil
}

// dispatchCopies files sent copies while nothing else is to be carried. It asks
// the store once for each look at the mailbox.
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
	d.helpers.start(func(*hand) { d.fileCopies(ctx, due) })
	return nil
}

// values iterates over the values of a map.
func values(m map[string]Delivery) func(func(Delivery) bool) {
	return func(yield func(Delivery) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// carry takes one delivery to the server: last look, claim, transmission with
// the mark before the final dot, and the outcome. Each decision is made on the
// deciding goroutine; this one only waits for servers.
func (d *Daemon) carry(ctx context.Context, next Delivery) {
	lasting := context.WithoutCancel(ctx)
	defer func() {
		more := false
		_ = d.do(lasting, func() error {
			d.carrying, more = "", len(d.ready) > 0
			return nil
		})
		if !more {
			d.Sender.Rest() // one connection for a batch, none while idle
		}
	}()
	looked := d.Clock.Now()
	if err := d.lastLook(ctx); err != nil {
		// noteLook has recorded why; the delivery is ready for the next try.
		_ = d.do(lasting, func() error { return d.attendAll(lasting, []string{next.Application}) })
		return
	}
	var claimed Delivery
	err := d.do(ctx, func() (err error) {
		claimed, err = d.claim(ctx, next.Key)
		return err
	})
	if err != nil {
		d.notCarried(lasting, next, err)
		return
	}
	receipt := d.transmit(ctx, claimed, looked)
	if err := d.do(lasting, func() error { return d.settle(lasting, claimed, receipt) }); err != nil {
		d.Log.Error("recording an outcome", "key", next.Key, "outcome", receipt.Outcome, "err", err)
	}
}

// lastLook orders a full look and waits for its end.
func (d *Daemon) lastLook(ctx context.Context) error {
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

// claim commits the claim.
func (d *Daemon) claim(ctx context.Context, key string) (claimed Delivery, err error) {
	now := d.Clock.Now()
	err = d.Store.Update(ctx, func(tx Tx) error {
		claimed, err = claim(tx, d.Writers, d.Compose, d.world, key, d.epoch, now)
		return err
	})
	return claimed, err
}

// notCarried attends anew to a delivery that may not leave after all. The pause
// keeps a disagreement between two rules from turning in circles.
func (d *Daemon) notCarried(ctx context.Context, next Delivery, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	d.Log.Info("not sent", "key", next.Key, "why", err)
	_ = d.do(ctx, func() error {
		if errors.Is(err, ErrLostClaim) {
			d.lost = err
			return nil
		}
		if errors.Is(err, ErrStoreFailed) { // the claim may be found stored all the same
			d.unsettled = append(d.unsettled, func() error {
				return d.Store.Update(ctx, func(tx Tx) error { return unclaim(tx, next.Key, d.epoch, d.Clock.Now()) })
			})
		}
		d.notBefore = d.Clock.Now().Add(boundedWait)
		if !errors.Is(err, ErrNotReady) && !unusable(err) {
			if err := d.setAside(ctx, next.Key, err); err != nil {
				return err
			}
		}
		return d.attendAll(ctx, []string{next.Application})
	})
}

// setAside lets the others pass a mail that cannot be made, and says so.
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
		return ask(tx, x, askedUnmade+x.Key, fmt.Sprintf("The mail to %s cannot be made: %v. Change its facts or its template, or: afterword skip %s", x.To.Name, cause, x.Key), now)
	})
}

// transmit sends the frozen bytes. A stop before the final dot closes the
// connection at once; after it the answer has stopGrace.
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

// mark commits that the dot leaves, unless the last look is too old by now.
func (d *Daemon) mark(ctx context.Context, claimed Delivery, looked time.Time) error {
	now := d.Clock.Now()
	// By the wall clock: the other one stands still while a machine sleeps. It
	// counts as a failed attempt, so that a server too slow for it is not
	// pestered, and the user hears of it.
	if age, most := now.Round(0).Sub(looked.Round(0)), d.world.Policy.LastLook; most > 0 && (age < 0 || age >= most) {
		return fmt.Errorf("the last look at the mailbox began %s ago", age.Round(time.Second))
	}
	fresh := d.worldNow()
	return d.Store.Update(ctx, func(tx Tx) error { return mark(tx, fresh, claimed, now) })
}

// worldNow is what the files say at this moment: a status that was saved just
// now stops the dot, although its edit was not taken up yet.
func (d *Daemon) worldNow() World {
	w := d.world
	policy, apps, err := d.Files.Read()
	if err != nil {
		return w
	}
	w.Policy, w.Applications = policy, map[string]Application{}
	for _, a := range apps {
		w.Applications[a.Stem] = a
	}
	return w
}

// settle commits the outcome, and only then looks at what follows from it.
func (d *Daemon) settle(ctx context.Context, claimed Delivery, r mailer.Receipt) error {
	now := d.Clock.Now()
	err := d.settleSurely(ctx, func() error {
		return d.Store.Update(ctx, func(tx Tx) error { return settle(tx, claimed, r, now) })
	})
	if err != nil || len(d.unsettled) > 0 {
		return err
	}
	d.Log.Info("attempt", "key", claimed.Key, "outcome", r.Outcome, "phase", string(r.Phase), "code", r.Code)
	if err := d.noteServer(ctx, r, now); err != nil {
		return err
	}
	return d.attendAll(ctx, []string{claimed.Application})
}

// noteServer records how the server of outgoing mail does.
func (d *Daemon) noteServer(ctx context.Context, r mailer.Receipt, now time.Time) error {
	d.mute = d.mute || r.AuthRefused
	state := "ok"
	if r.Phase == mailer.PhaseConnect || r.Phase == mailer.PhaseAuth {
		state = answer(r)
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		if r.AuthRefused {
			if err := refuseLogin(tx, "SMTP", state, now); err != nil {
				return err
			}
		}
		return tx.SetMeta(metaSMTP, state)
	})
}

// flush tells the user what waits in the outbox, on a goroutine of its own.
func (d *Daemon) flush(ctx context.Context) {
	if d.mute || d.telling || len(d.untold) == 0 || d.storeFailures > 0 || d.Clock.Now().Before(d.tellAfter) {
		return
	}
	notices := d.untold
	d.untold = nil
	d.telling = true
	d.helpers.start(func(*hand) { d.tellAll(ctx, notices) })
}

// tellAll tells notices in order. What could not be told is tried again.
func (d *Daemon) tellAll(ctx context.Context, notices []Notice) {
	lasting := context.WithoutCancel(ctx)
	var failed error
	for _, n := range notices {
		if failed = d.Notifier.Notify(ctx, n); failed != nil {
			d.Log.Warn("telling the user", "kind", n.Kind, "err", failed)
			break
		}
		if failed = d.do(lasting, func() error { return d.told(lasting, n) }); failed != nil {
			break
		}
	}
	_ = d.do(lasting, func() error {
		d.telling, d.version = false, 0 // look again what is left to tell
		if failed != nil {
			d.tellAfter = d.Clock.Now().Add(time.Minute)
			d.mute = errors.Is(failed, mailer.ErrLoginRefused)
		}
		return nil
	})
}

// told records that a notice reached the user. An announcement then counts.
func (d *Daemon) told(ctx context.Context, n Notice) error {
	now := d.Clock.Now()
	return d.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Told(n.ID, now); err != nil || n.Kind != noticeAnnounce {
			return err
		}
		return d.announced(tx, n, now)
	})
}

// announced notes on the delivery that its text was shown, if it still is that
// text.
func (d *Daemon) announced(tx Tx, n Notice, now time.Time) error {
	key := announcedKey(n.Key)
	x, err := tx.Delivery(key)
	if err != nil || announceKey(x) != n.Key || !x.State.Open() {
		return ignoreMissing(err)
	}
	x.Announced = now
	e := Event{Key: x.Key, Application: x.Application, Actor: ActorDaemon, What: "announced", From: string(x.State), To: string(x.State),
		Why: "shown to you before it leaves on " + moment(x.Due, x.Zone)}
	if err := put(tx, x, now, e, now); err != nil {
		return err
	}
	return d.attend(tx, x.Application, now)
}
