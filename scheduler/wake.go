package scheduler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// lookThrough takes notice of a store that was written to, or whose time has come.
// Most commits wake nobody.
func (d *Daemon) lookThrough(ctx context.Context, now time.Time) error {
	if err := d.noteStore(ctx); err != nil || d.wake.IsZero() || now.Before(d.wake) {
		return err
	}
	if err := d.wakeDue(ctx, now); err != nil {
		return err
	}
	return d.noteStore(ctx)
}

// noteStore remembers what the store says of the time to come.
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
		keys, err := draftKeys(r)
		if err != nil {
			return err
		}
		d.draftRound.kept = len(keys) > 0
		return joinAbout(r, d.open)
	})
}

// wakeDue attends to the applications that asked to be woken by now.
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

// attendWoken attends to an application of which these deliveries asked for it. Their
// asking is done with then, even if one of them is over by now: what stayed due would
// keep the daemon at it for ever.
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

// lacksAny reports whether the file of one of them is missing: its folder may have
// come back, or have become unreadable, which is seen by reading.
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

// attend brings one application up to date and notes what may leave.
func (d *Daemon) attend(tx Tx, stem string, now time.Time) error {
	ready, err := d.Writers.attend(tx, d.world, stem, now)
	d.line.replace(stem, ready)
	return err
}
