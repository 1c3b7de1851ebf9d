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
func (d *Daemon) storeTrouble(ctx context.Context, err error) error {
	if !unusable(err) {
		return err
	}
	now := d.Clock.Now()
	d.Log.Error("the store cannot be used; nothing is sent until it can", "err", err)
	d.storeFailures++
	d.notBefore = now.Add(backoff(d.storeFailures))
	d.tellAfter = d.notBefore
	if !d.storeTold {
		d.storeTold = true
		d.helpers.start(func(*hand) { d.tellOfStore(ctx, err) })
	}
	return nil
}

// unusable reports whether the store could not be used for now.
func unusable(err error) bool { return errors.Is(err, ErrStoreFailed) || errors.Is(err, ErrStoreBusy) }

// tellOfStore tells without the outbox, which lies in the store.
func (d *Daemon) tellOfStore(ctx context.Context, err error) {
	n := Notice{Key: "store", At: d.Clock.Now(), Kind: "store", Subject: "The store cannot be written",
		Text:     "Afterword cannot write its store, so it sends nothing until it can: " + err.Error() + ". Is the disk full? `afterword check` tells more.",
		Discreet: "Afterword cannot write to its disk."}
	if err := d.Notifier.Notify(ctx, n); err != nil {
		d.Log.Warn("telling the user", "kind", n.Kind, "err", err)
		_ = d.do(context.WithoutCancel(ctx), func() error {
			d.storeTold = false // the next failure tries again
			return nil
		})
	}
}

// settleSurely commits an outcome. Where the store refuses, space kept for this
// moment is freed, and the outcome waits in memory for the next try: it is the
// one thing that must not be forgotten.
func (d *Daemon) settleSurely(ctx context.Context, commit func() error) error {
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
	return errors.Join(err, d.storeTrouble(ctx, trouble))
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
func (d *Daemon) noticeFault(ctx context.Context, err error) error {
	if unusable(err) {
		_ = d.storeTrouble(ctx, err) // nil, since the store failed
	}
	return err
}

// storeWorks ends the trouble once a write has come through. Reading proves
// nothing: a full disk is read as well as ever.
func (d *Daemon) storeWorks(ctx context.Context) error {
	if d.storeFailures == 0 || d.Clock.Now().Before(d.notBefore) {
		return nil
	}
	if d.KeepSpare != nil {
		// Sending on the space that was freed would leave none for the outcome.
		if err := d.KeepSpare(); err != nil {
			return fmt.Errorf("%w: %w", ErrStoreFailed, err)
		}
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		return tx.SetMeta(metaStoreMended, d.Clock.Now().UTC().Format(time.RFC3339Nano))
	})
	if err != nil {
		return err
	}
	d.Log.Info("the store can be used again", "failures", d.storeFailures)
	d.storeFailures, d.storeTold, d.notBefore, d.tellAfter = 0, false, time.Time{}, time.Time{}
	return nil
}

// metaStoreMended is when the store was last found to work after it had failed.
const metaStoreMended = "store.mended"
