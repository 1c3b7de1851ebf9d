package scheduler

import (
	"context"
	"time"
)

// beginDay attends to every application once a day, in the candidate's zone. An
// application without planned mail is never woken, and only this notices when its
// silence has lasted long enough for a check-in.
func (d *Daemon) beginDay(ctx context.Context, last, now time.Time) error {
	zone := d.world.Policy.Me.zone()
	if last.IsZero() || dateIn(last, zone) == dateIn(now, zone) {
		return nil
	}
	return d.attendAll(ctx, d.stems(ctx))
}
