package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// storeTrouble handles a store that cannot be written: sending stops, but the program
// goes on. Mail is still read, the user is told, and the outcome of a mail under way is
// stored as soon as possible.
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

// tellOfStoreFault tells the user once that the store failed, on the channels that may
// be used now. It is called by the loop because its context lasts; that of a look, which
// may have met the fault, ends with it.
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

// tellOfStore tells without the outbox, which is in the store.
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

// settleSurely commits an outcome. If the store refuses, the disk space reserved for
// this moment is freed; if that does not help, the outcome waits in memory for the next
// try. It is the one thing that must not be lost.
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

// settleLate commits outcomes that could not be committed before.
func (d *Daemon) settleLate() error {
	for len(d.unsettled) > 0 {
		if err := d.unsettled[0](); err != nil {
			return err
		}
		d.unsettled = d.unsettled[1:]
	}
	return nil
}

// noticeFault handles a failed store, whoever was using it, and returns the error.
func (d *Daemon) noticeFault(err error) error {
	if unusable(err) {
		_ = d.storeTrouble(err) // nil, since the store failed
	}
	return err
}

// keepSpare reserves the disk space again that was freed. Sending without it would leave
// none for an outcome.
func (d *Daemon) keepSpare() error {
	if d.KeepSpare == nil {
		return nil
	}
	if err := d.KeepSpare(); err != nil {
		return fmt.Errorf("%w: %w", ErrStoreFailed, err)
	}
	return nil
}

// storeWorks ends the trouble once a write has succeeded, and attends to every
// application. Reading proves nothing: a full disk can be read.
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
