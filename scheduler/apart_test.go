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

// TestDroppedNoteKeepsItsMinute: a note that the user dropped out of doubt may have left, and so
// another one of its panel waits for the next minute (core seed 16001478).
func TestDroppedNoteKeepsItsMinute(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken"), person("Noor")))
	claimed := paris("2026-11-24 09:43")
	f.Stored = []Delivery{{Key: "acme/onsite/thank-you/ken@acme.example", Interview: "onsite", Kind: Owed, State: Cancelled, Cause: CauseDropped, ClaimedAt: claimed}}
	d := Delivery{Key: "acme/onsite/thank-you/noor@acme.example", Interview: "onsite", Kind: Owed}
	for after, waits := range map[time.Duration]bool{20 * time.Second: true, 3 * time.Minute: false} {
		if _, got := gateApart(&f, &d, claimed.Add(after)); got != waits {
			t.Errorf("%s later it waits: %v, want %v", after, got, waits)
		}
	}
	f.Stored[0].Cause = CauseSkipped
	if v, waits := gateApart(&f, &d, claimed.Add(20*time.Second)); waits {
		t.Errorf("it waits for a note that was skipped: %s", v.Why)
	}
}

// TestNoteThatLeftAtOnceKeepsOneMinute: a note that the server took in the instant of its
// claim, as all do on a clock that stands meanwhile, keeps that minute; one whose doubt
// was settled may have left in the next one too.
func TestNoteThatLeftAtOnceKeepsOneMinute(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken"), person("Noor")))
	claimed := paris("2026-11-24 09:43")
	d := Delivery{Key: "acme/onsite/thank-you/noor@acme.example", Interview: "onsite", Kind: Owed}
	for why, waits := range map[string]bool{serverTookIt: false, "the doubt is settled: it was delivered": true} {
		f.Stored = []Delivery{{Key: "acme/onsite/thank-you/ken@acme.example", Interview: "onsite", Kind: Owed, State: Sent, ClaimedAt: claimed, SentAt: claimed, Why: why}}
		if _, got := gateApart(&f, &d, claimed.Add(time.Minute)); got != waits {
			t.Errorf("%s: a minute later the next note waits: %t, want %t", why, got, waits)
		}
		if _, got := gateApart(&f, &d, claimed.Add(59*time.Second)); !got {
			t.Errorf("%s: two notes of a panel leave in one minute", why)
		}
	}
}
