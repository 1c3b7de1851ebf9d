package scheduler

import (
	"fmt"
	"time"

	"afterword/mailer"
)

// The words of a mail that only the ledger knows: its bytes went with a
// database that was lost.
const lostBytes = "lost"

// toDoubt puts a delivery in doubt that the ledger knows to have been
// handed over although the store does not: a backup was restored, or the
// database was lost. It takes every legal step on the way, so that the table of
// moves holds. The own Message-ID is the same as ever, so that a sent copy or
// an answer still settles it.
func toDoubt(tx Tx, w World, d Delivery, why string, now time.Time) (Delivery, error) {
	from := d.State
	if d.Frozen == nil {
		d.Frozen = &mailer.Frozen{MessageID: w.Name(d.Key), From: w.Policy.Me.Email, To: d.To.Email, Bytes: []byte(lostBytes)}
	}
	way := []State{Approved, Sending, HandedOver, InDoubt}
	switch from {
	case Expired:
		way = append([]State{Review}, way...)
	case Cancelled:
		way = append([]State{Planned}, way...)
	}
	for _, s := range way {
		d.State = s
		if err := tx.Put(d, time.Time{}); err != nil {
			return d, err
		}
	}
	d.Why, d.Cause, d.WaitingFor = why, "", "you: afterword resolve "+ShellWord(d.Key)
	e := Event{Key: d.Key, Application: d.Application, Actor: ActorDaemon, What: string(InDoubt), From: string(from), To: string(InDoubt), Why: why}
	return d, put(tx, d, now, e, time.Time{})
}

// handedOverUnknown reports whether the ledger knows of a later attempt than the
// store.
func (w World) handedOverUnknown(d Delivery) bool {
	return w.Ledger != nil && w.Ledger.Attempt(d.Key) > d.Marked
}

// consultLedger puts in doubt whatever delivery of the application was handed over
// without the store knowing: one that is open, or one that ended unsent as the
// store sees it, because its time was over or its application was, and which may
// have left all the same. Nothing at all leaves until it is settled. It reports
// whether there was any.
func consultLedger(tx Tx, w World, stored []Delivery, now time.Time) (surprised bool, err error) {
	for _, d := range stored {
		unsent := d.State.Open() || d.State == Expired || d.State == Cancelled
		if !unsent || !w.handedOverUnknown(d) {
			continue
		}
		surprised = true
		why := fmt.Sprintf("the ledger says that it was handed over (attempt %d), and the store does not know of it", w.Ledger.Attempt(d.Key))
		d.Marked = w.Ledger.Attempt(d.Key)
		if d.Marked > d.Attempt {
			d.Attempt = d.Marked      // the next one must be new to the ledger too
			d.ClaimedAt = time.Time{} // that of an earlier one: nobody knows when this one left
		}
		if _, err := toDoubt(tx, w, d, why, now); err != nil {
			return true, err
		}
		h := Hold{Scope: ScopeEverything, Source: sourceLedger, Set: now,
			Reason: "the store knows less than was sent (was a backup restored?); settle what is in doubt first: afterword resolve"}
		if err := setHold(tx, h, ActorDaemon, "ledger", now); err != nil {
			return true, err
		}
		n := Notice{Key: fmt.Sprintf("doubt/%s#ledger%d", d.Key, d.Marked), Kind: "in-doubt", At: now, Subject: "In doubt: the mail to " + d.To.Name,
			Text:     fmt.Sprintf("%s. Look in your Sent folder, then say: afterword resolve %s --sent, --not-sent or --drop. Until then nothing is sent.", why, ShellWord(d.Key)),
			Discreet: "It is in doubt whether a mail was delivered."}
		if err := tellAbout(tx, n, aboutDoubt(d)); err != nil {
			return true, err
		}
	}
	return surprised, nil
}

// sourceLedger and sourceMachine mark the holds of a store that knows too
// little, or that woke up on another machine.
const (
	sourceLedger  = "ledger"
	sourceMachine = "machine"
)

// liftLedgerHold lets mail go again once nothing is in doubt any more.
func liftLedgerHold(tx Tx, now time.Time) error {
	left, err := tx.Deliveries(DeliveryQuery{States: []State{InDoubt}})
	if err != nil || len(left) > 0 {
		return err
	}
	n, err := tx.Lift(ScopeEverything, "", sourceLedger)
	if err != nil || n == 0 {
		return err
	}
	if err := wakeAll(tx, ScopeEverything, "", now); err != nil {
		return err
	}
	return tx.Log(Event{At: now, Actor: ActorDaemon, What: "resumed", Why: "nothing is in doubt any more"})
}
