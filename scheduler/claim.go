package scheduler

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"afterword/mailer"
)

// ErrNotReady means that a delivery that was about to be sent may not be: a hold, a
// reply or the user came in between.
var ErrNotReady = errors.New("the delivery may not leave now")

// ErrLostClaim means that another daemon has taken over the store.
var ErrLostClaim = errors.New("another dispatcher has taken over")

// Composer makes the message of a delivery: RFC 5322 header and body, with Date and
// Message-ID.
type Composer func(f *Facts, d Delivery, now time.Time) (mailer.Frozen, error)

// claimable checks once more whether an approved delivery may leave and returns it as
// the claim would store it, with its event. It writes nothing. It reads everything anew,
// because the last look may have changed it.
func (d *Daemon) claimable(r Reader, next turn, now time.Time) (Delivery, Event, error) {
	if err := sameEpoch(r, d.epoch); err != nil {
		return Delivery{}, Event{}, err
	}
	f, err := LoadFacts(r, d.world, next.application, now)
	if err != nil {
		return Delivery{}, Event{}, err
	}
	stored, known := f.stored(next.key)
	if !known {
		return Delivery{}, Event{}, fmt.Errorf("claiming %s: %w", next.key, ErrNotFound)
	}
	x := *stored
	if x.State != Approved {
		return x, Event{}, fmt.Errorf("%w: it is %s", ErrNotReady, x.State)
	}
	// The day may have changed since the text was read: "yesterday" is checked
	// again at the moment it leaves.
	fresh := x
	if d.Writers.prepare(f, &fresh, now); fresh.State != Approved || fresh.TextHash != x.TextHash {
		return x, Event{}, fmt.Errorf("%w: %s", ErrNotReady, firstOf(fresh.Why, "its text changed"))
	}
	if v := Gate(f, &x, now); !v.Open {
		return x, Event{}, fmt.Errorf("%w: %s", ErrNotReady, v.Why)
	}
	frozen, err := freeze(d.Compose, f, x, now)
	if err != nil {
		return x, Event{}, err
	}
	x.Frozen = &frozen
	x.Attempt++
	x.Epoch, x.ClaimedAt = d.epoch, now
	e := moveEvent(x, Sending, ActorDaemon, attemptWords(&x, now))
	e.Evidence = x.Frozen.MessageID
	x.State, x.Why, x.WaitingFor = Sending, "it is on its way", ""
	return x, e, nil
}

// mark commits, just before the final dot of DATA, that the server may have the message
// from now on. It reads holds, files and status anew, so that any change committed
// before it keeps the dot from being sent.
func mark(tx Tx, world World, claimed Delivery, now time.Time) error {
	f, err := LoadFacts(tx, world, claimed.Application, now)
	if err != nil {
		return err
	}
	d, known := f.stored(claimed.Key)
	if !known || d.State != Sending || d.Epoch != claimed.Epoch || d.Attempt != claimed.Attempt {
		return ErrLostClaim
	}
	if err := sameEpoch(tx, d.Epoch); err != nil {
		return err
	}
	if d.Stopped != "" {
		return fmt.Errorf("%w: %s", ErrNotReady, d.StoppedWhy)
	}
	if v := Gate(f, d, now); !v.Open {
		return fmt.Errorf("%w: %s", ErrNotReady, v.Why)
	}
	if why := unwantedBy(f, d, now); why != "" {
		return fmt.Errorf("%w: %s", ErrNotReady, why)
	}
	if world.Ledger != nil {
		// Before the commit: a ledger that knows too much costs a question, one
		// that knows too little a second mail.
		if err := world.Ledger.Append(d.Key, NormalAddress(d.To.Email), d.Attempt, now); err != nil {
			return fmt.Errorf("%w: %w", ErrStoreFailed, err)
		}
	}
	e := moveEvent(*d, HandedOver, ActorDaemon, "the final dot leaves")
	d.State, d.Why, d.Marked = HandedOver, "handed to the server", d.Attempt
	return put(tx, *d, now, e, time.Time{})
}

// sameEpoch returns ErrLostClaim once another daemon has taken over the store.
func sameEpoch(r Reader, epoch int64) error {
	now, err := r.Meta(metaEpoch)
	if err != nil {
		return err
	}
	if now != strconv.FormatInt(epoch, 10) {
		return ErrLostClaim
	}
	return nil
}

// unclaim takes back a claim of this run whose dot has not left.
func unclaim(tx Tx, key string, epoch int64, now time.Time) error {
	d, err := tx.Delivery(key)
	if err != nil || d.State != Sending || d.Epoch != epoch {
		return err
	}
	e := moveEvent(d, Approved, ActorDaemon, "the store failed while it was claimed: surely not delivered")
	d.State, d.Why = Approved, e.Why
	return put(tx, d, now, e, now)
}

// recoverClaims repairs claims of an earlier run: before the final dot the delivery is
// approved again, after it the delivery is in doubt.
func recoverClaims(tx Tx, now time.Time) error {
	ds, err := tx.Deliveries(DeliveryQuery{States: []State{Sending, HandedOver}})
	if err != nil {
		return err
	}
	for _, d := range ds {
		d.AnyData = true // nobody knows how far it had come: the server may know these bytes
		if d.State == HandedOver {
			d.LastAnswer = "the program ended before the server's answer"
			if err := settleDoubt(tx, d, now); err != nil {
				return err
			}
			if err := settleBySeen(tx, d.Key, now); err != nil {
				return err
			}
			continue
		}
		e := moveEvent(d, Approved, ActorDaemon, "the program ended before the final dot: surely not delivered")
		d.State, d.Why = Approved, e.Why
		if err := put(tx, d, now, e, now); err != nil {
			return err
		}
	}
	return nil
}

// attemptWords say which attempt it is, and when its time was if it comes late.
func attemptWords(d *Delivery, now time.Time) string {
	words := fmt.Sprintf("attempt %d", d.Attempt)
	if now.Sub(d.Due) >= 10*time.Minute {
		words += "; its time was " + moment(d.Due, d.Zone, now)
	}
	return words
}
