package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// storeTrouble takes a store that cannot be written for a reason to stop
// sending, not to stop: mail is still read, the user is told, and the outcome
// of a mail under way is written as soon as it can be.
func (d *Daemon) storeTrouble(err error) error {
	if !unusable(err) {
		return err
	}
	now := d.Clock.Now()
	d.Log.Error("the store cannot be used; nothing is sent until it can", "err", err)
	d.storeFailures++
	d.notBefore = now.Add(backoff(d.storeFailures))
	d.storeFault = err
	return nil
}

// tellOfStoreFault has the user told of a store that failed, once, by the channels
// that may be used now: one that failed is left alone for a while, and the mail
// account for good once it refused its password. It is called by the loop, whose
// context lasts: whoever met the fault, a look at the mailbox perhaps, ends by it.
func (d *Daemon) tellOfStoreFault(ctx context.Context) {
	if d.storeFault == nil || d.storeTold {
		return
	}
	now := d.Clock.Now()
	n := Notice{Key: "store", At: now, Kind: "store", Subject: "The store cannot be written",
		Text:     "Afterword cannot write its store, so it sends nothing until it can: " + d.storeFault.Error() + ". Is the disk full? `afterword check` tells more.",
		Discreet: "Afterword cannot write to its disk."}
	var free []int
	for i, c := range d.Channels {
		if c.lacks(n) && d.mayTell(i, now) {
			d.stateOf(i).begin(d.world.Policy.Logins)
			free = append(free, i)
		}
	}
	if len(free) == 0 {
		return
	}
	d.storeTold = true
	d.helpers.start(func(h *hand) {
		d.keepApart(h, tellApart, ctx.Done())
		d.tellOfStore(ctx, n, free)
	})
}

// unusable reports whether the store could not be used for now.
func unusable(err error) bool { return errors.Is(err, ErrStoreFailed) || errors.Is(err, ErrStoreBusy) }

// tellOfStore tells without the outbox, which lies in the store.
func (d *Daemon) tellOfStore(ctx context.Context, n Notice, free []int) {
	failed := make([]error, len(free))
	told := false
	for k, i := range free {
		c := d.Channels[i]
		if failed[k] = c.Notify(ctx, n); failed[k] != nil {
			d.Log.Warn("telling the user", "channel", c.Name, "kind", n.Kind, "err", failed[k])
			continue
		}
		told = true
	}
	_ = d.do(context.WithoutCancel(ctx), func() error {
		for k, i := range free {
			d.noteTry(i, failed[k])
		}
		if !told {
			d.storeTold, d.storeFault = false, nil // the next failure tries again
		}
		return nil
	})
}

// settleSurely commits an outcome. Where the store refuses, space kept for this
// moment is freed, and the outcome waits in memory for the next try: it is the
// one thing that must not be forgotten.
func (d *Daemon) settleSurely(commit func() error) error {
	err := commit()
	if !unusable(err) {
		return err
	}
	trouble := err
	if d.Spare != nil {
		d.Spare()
		err = commit()
	}
	if unusable(err) {
		d.unsettled = append(d.unsettled, commit)
		err = nil
	}
	// The trouble stays where the outcome could be written: the space for it is
	// used up.
	return errors.Join(err, d.storeTrouble(trouble))
}

// settleLate tries the outcomes again that could not be written.
func (d *Daemon) settleLate() error {
	for len(d.unsettled) > 0 {
		if err := d.unsettled[0](); err != nil {
			return err
		}
		d.unsettled = d.unsettled[1:]
	}
	return nil
}

// noticeFault takes notice of a store that failed, whoever was about to use it.
func (d *Daemon) noticeFault(err error) error {
	if unusable(err) {
		_ = d.storeTrouble(err) // nil, since the store failed
	}
	return err
}

// keepSpare keeps the space again that was freed: sending on it would leave none
// for the outcome.
func (d *Daemon) keepSpare() error {
	if d.KeepSpare == nil {
		return nil
	}
	if err := d.KeepSpare(); err != nil {
		return fmt.Errorf("%w: %w", ErrStoreFailed, err)
	}
	return nil
}

// storeWorks ends the trouble once a write has come through, and looks after all mail
// anew. Reading proves nothing: a full disk is read as well as ever.
func (d *Daemon) storeWorks(ctx context.Context) error {
	if d.storeFailures == 0 || d.Clock.Now().Before(d.notBefore) {
		return nil
	}
	if err := d.beginOnce(ctx); err != nil {
		return err
	}
	if err := d.keepSpare(); err != nil {
		return err
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		return tx.SetMeta(metaStoreMended, d.Clock.Now().UTC().Format(time.RFC3339Nano))
	})
	if err != nil {
		return err
	}
	// Mail that could leave and was looked after while it failed stands in no line now,
	// and nothing would wake it before it expires.
	if err := d.attendAll(ctx, d.stems(ctx)); err != nil {
		return err
	}
	d.Log.Info("the store can be used again", "failures", d.storeFailures)
	d.storeFailures, d.storeTold, d.storeFault, d.notBefore = 0, false, nil, time.Time{}
	return nil
}

// metaStoreMended is when the store was last found to work after it had failed.
const metaStoreMended = "store.mended"
