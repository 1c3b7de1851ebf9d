package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// still is a clock on which no time passes, as a stepping one does while somebody
// else has a hand up.
type still struct{}

func (still) Now() time.Time { return time.Time{} }
func (still) Hold() func()   { return func() {} }
func (still) NewTimer(time.Duration) (<-chan time.Time, func()) {
	return make(chan time.Time), func() {}
}

// TestNobodyWaitsForAClockThatStands: a look that somebody waits for comes, and a
// courier that was just started ends with its daemon, although no time passes.
func TestNobodyWaitsForAClockThatStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Daemon{Clock: still{}, Pace: Pace{Apart: time.Microsecond}, looks: make(chan lookOrder), helpers: newGroup(still{})}
		go func() { d.looks <- lookOrder{full: true} }()
		if order := d.standApart(t.Context(), raise(d.Clock)); !order.full {
			t.Error("the order for a look was lost")
		}
		ctx, cancel := context.WithCancel(t.Context())
		d.startCourier(ctx, func() {})
		cancel()
		<-d.helpers.ended()
	})
}
