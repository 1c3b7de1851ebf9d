package scheduler

import (
	"errors"
	"fmt"
	"time"
)

// errOnceOver ends the loop of a daemon that was to look once.
var errOnceOver = errors.New("all that is due is done")

// onceOver ends a daemon that was to look once: the mailbox was read, what is due
// has left, copies are filed, the user is told. A mailbox that cannot be read and
// a store that fails end it too, as errors; the next run tries again.
func (d *Daemon) onceOver(now time.Time) error {
	switch {
	case !d.Once || d.carrying != "":
		return nil
	case d.storeFailures > 0:
		return fmt.Errorf("using the store: %w", d.storeFault)
	case len(d.refused) > 0 || d.failures > 0:
		return errors.New(firstOf(d.world.Trouble, "the mailbox could not be read"))
	case !d.looked:
		return nil
	}
	if d.untold(now) || !d.line.empty() && d.mayCarry(now) || d.copiesDue {
		return nil
	}
	return errOnceOver
}
