package scheduler

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

// start takes over the store and reserves disk space for an outcome. A disk that is full
// or failing stops the sending but not the program: mail is read, the user is told, and
// the start is completed once the disk works.
func (d *Daemon) start(ctx context.Context) error {
	err := d.beginOnce(ctx)
	if err == nil {
		err = d.keepSpare()
	}
	if err != nil {
		return d.storeTrouble(err)
	}
	return nil
}

func (d *Daemon) beginOnce(ctx context.Context) error {
	if d.begun {
		return nil
	}
	err := d.begin(ctx)
	d.begun = err == nil
	return err
}

// begin takes over the store: it raises the epoch, so that only this run's claims count,
// and repairs what an earlier run left unfinished.
func (d *Daemon) begin(ctx context.Context) error {
	if err := d.readFiles(); err != nil {
		return err
	}
	now := d.Clock.Now()
	err := d.Store.Update(ctx, func(tx Tx) error {
		text, err := tx.Meta(metaEpoch)
		if err != nil {
			return err
		}
		last, _ := strconv.ParseInt(text, 10, 64)
		d.epoch = last + 1
		if err := tx.SetMeta(metaEpoch, strconv.FormatInt(d.epoch, 10)); err != nil {
			return err
		}
		if _, err := tx.Lift(ScopeEverything, "", sourceLogin); err != nil {
			return err
		}
		if err := d.knowMachine(tx, now); err != nil {
			return err
		}
		if err := d.Probe.begin(tx); err != nil {
			return err
		}
		if err := knowMailboxes(tx, d.Mailboxes); err != nil {
			return err
		}
		return recoverClaims(tx, now)
	})
	if err != nil {
		return err
	}
	if err := d.completeLedger(ctx, now); err != nil {
		return err
	}
	if err := d.attendAll(ctx, d.stems(ctx)); err != nil {
		return err
	}
	if err := d.tellOfBroken(ctx); err != nil {
		return err
	}
	if err := d.noteNew(ctx); err != nil {
		return err
	}
	d.answersWait = true // one that was read just before the end of the last run
	if err := d.answerAll(ctx); err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx Tx) error { return countStrangers(tx, d.Ledger, now) })
}

// stems are the applications of the files and those with open deliveries in the store.
func (d *Daemon) stems(ctx context.Context) []string {
	all := map[string]bool{}
	for s := range d.world.Applications {
		all[s] = true
	}
	err := d.Store.View(ctx, func(r Reader) error {
		ds, err := r.Deliveries(DeliveryQuery{States: []State{Planned, Review, Approved}})
		for _, x := range ds {
			all[x.Application] = true
		}
		return err
	})
	if err != nil {
		d.Log.Error("listing applications", "err", err)
	}
	return slices.Sorted(maps.Keys(all))
}
