package scheduler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// lookThrough reacts to a store that was written to, or to a wake time that has come.
// Most commits wake nothing.
func (d *Daemon) lookThrough(ctx context.Context, now time.Time) error {
	if err := d.noteStore(ctx); err != nil {
		return err
	}
	if err := d.attendTouched(ctx); err != nil || d.wake.IsZero() || now.Before(d.wake) {
		return err
	}
	if err := d.wakeDue(ctx, now); err != nil {
		return err
	}
	return d.noteStore(ctx)
}

// noteStore caches what the store says about the time to come: the next wake time, the
// notices that are still to be told, and what the user has touched.
func (d *Daemon) noteStore(ctx context.Context) error {
	version, err := d.Store.Version(ctx)
	if err != nil {
		return err
	}
	d.version = version
	return d.Store.View(ctx, func(r Reader) (err error) {
		if d.wake, err = r.Wake(); err != nil {
			return err
		}
		if d.open, err = r.Notices(true); err != nil {
			return err
		}
		if d.touched, err = r.MetaNames(metaTouched); err != nil {
			return err
		}
		keys, err := draftKeys(r)
		if err != nil {
			return err
		}
		d.draftRound.kept = len(keys) > 0
		return joinAbout(r, d.open)
	})
}

// wakeDue attends to the applications that have a delivery whose wake time has come.
func (d *Daemon) wakeDue(ctx context.Context, now time.Time) error {
	const batch = 200
	for {
		var woken []Delivery
		err := d.Store.View(ctx, func(r Reader) (err error) {
			woken, err = r.Woken(now, batch)
			return err
		})
		if err != nil || len(woken) == 0 {
			return err
		}
		asked := map[string][]string{}
		for _, w := range woken {
			asked[w.Application] = append(asked[w.Application], w.Key)
		}
		if d.lacksAny(asked) {
			if err := d.filesChanged(ctx); err != nil {
				return err
			}
		}
		for _, stem := range slices.Sorted(maps.Keys(asked)) {
			if err := d.attendWoken(ctx, stem, asked[stem]); err != nil {
				return fmt.Errorf("attending to %s: %w", stem, err)
			}
		}
		if len(woken) < batch {
			return nil
		}
	}
}

// attendWoken attends to an application because these deliveries asked to be woken, and
// clears their wake times, even of those that are over by now: a wake time that stayed
// due would keep the daemon busy for ever.
func (d *Daemon) attendWoken(ctx context.Context, stem string, keys []string) error {
	now := d.Clock.Now()
	return d.Store.Update(ctx, func(tx Tx) error {
		for _, key := range keys {
			if err := tx.SetWake(key, time.Time{}); err != nil {
				return err
			}
		}
		return d.attend(tx, stem, now)
	})
}

// lacksAny reports whether the file of any of them is missing. Then the folder is read
// again: it may have become readable, or unreadable.
func (d *Daemon) lacksAny(stems map[string][]string) bool {
	for stem := range stems {
		if _, there := d.world.Applications[stem]; !there {
			return true
		}
	}
	return false
}

// attendAll brings applications up to date, each in a transaction of its own.
func (d *Daemon) attendAll(ctx context.Context, stems []string) error {
	for _, stem := range stems {
		now := d.Clock.Now()
		err := d.Store.Update(ctx, func(tx Tx) error {
			return d.attend(tx, stem, now)
		})
		if err != nil {
			return fmt.Errorf("attending to %s: %w", stem, err)
		}
	}
	return nil
}

// attend brings one application up to date and puts its mails that may leave into the
// line.
func (d *Daemon) attend(tx Tx, stem string, now time.Time) error {
	ready, err := d.Writers.attend(tx, d.world, stem, now)
	d.line.replace(stem, ready)
	return err
}
