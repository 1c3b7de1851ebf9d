package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"afterword/mailer"
)

// The words of a mail that only the ledger knows: its bytes went with a
// database that was lost.
const lostBytes = "lost"

// toDoubt puts a delivery in doubt that was handed over according to the ledger but not
// the store: a backup was restored, or the database was lost. It makes only legal moves.
// The Message-ID is the same as before, so that a sent copy or a reply still settles the
// doubt.
func toDoubt(tx Tx, w World, d Delivery, why string, now time.Time) (Delivery, error) {
	from := d.State
	if d.Frozen == nil {
		d.Frozen = &mailer.Frozen{MessageID: w.Name(d.Key), From: w.Policy.Me.Email, To: d.To.Email, Bytes: []byte(lostBytes)}
	}
	way := []State{Approved, Sending, HandedOver, InDoubt}
	switch from {
	case Expired, Refused:
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

// consultLedger puts in doubt every delivery of the application that the ledger knows to
// be handed over and the store holds as open, or as ended without being sent. Then
// nothing leaves until the user settles it. It reports whether there was any.
func consultLedger(tx Tx, w World, stored []Delivery, now time.Time) (surprised bool, err error) {
	for _, d := range stored {
		unsent := d.State.Open() || d.State == Expired || d.State == Refused || d.State == Cancelled
		if !unsent || !w.handedOverUnknown(d) {
			continue
		}
		surprised = true
		left := w.Ledger.HandedOver(d.Key)
		why := fmt.Sprintf("the ledger says that it was handed over%s (attempt %d), and the store does not know of it", onMoment(left, d.Zone, now), w.Ledger.Attempt(d.Key))
		d.Marked = w.Ledger.Attempt(d.Key)
		if d.Marked > d.Attempt {
			d.Attempt = d.Marked // the next one must be new to the ledger too
			d.ClaimedAt = left   // the store's is that of an earlier one
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

// onMoment is when something was, in words, "" where nobody knows.
func onMoment(at time.Time, zone string, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " on " + moment(at, zone, now)
}

// Sources of holds: a store that knows less than the ledger, and a store on another
// machine.
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

// completeLedger adds to the ledger what only the store knows to have been handed over,
// because the ledger was lost or is an old one. Otherwise, after a restored backup or a
// `forget`, nothing would remember that mail.
func (d *Daemon) completeLedger(ctx context.Context, now time.Time) error {
	if d.Ledger == nil {
		return nil
	}
	var gone []Delivery
	err := d.Store.View(ctx, func(r Reader) (err error) {
		gone, err = r.Deliveries(DeliveryQuery{States: []State{HandedOver, InDoubt, Sent, Bounced, Cancelled}})
		return err
	})
	if err != nil {
		return err
	}
	added := 0
	for _, x := range gone {
		if x.Marked <= d.Ledger.Attempt(x.Key) || x.State == Cancelled && x.Cause != CauseDropped {
			continue
		}
		if err := d.Ledger.Append(x.Key, NormalAddress(x.To.Email), x.Marked, cmp.Or(x.ClaimedAt, x.SentAt)); err != nil {
			d.Log.Warn("the ledger cannot be completed", "error", err) // no mail leaves without it either
			return nil
		}
		added++
	}
	if added == 0 {
		return nil
	}
	why := fmt.Sprintf("the ledger lacked what the database knows to have left, or may have (was it lost?); written into it again, mails: %d", added)
	return d.Store.Update(ctx, func(tx Tx) error {
		return tx.Log(Event{At: now, Actor: ActorDaemon, What: "ledger", Why: why})
	})
}

// metaStrangers is how many deliveries unknown to the store the user has accepted.
const metaStrangers = "ledger.strangers"

// sourceStrangers marks the hold for deliveries that only the ledger knows.
const sourceStrangers = "strangers"

// countStrangers holds everything if the ledger names deliveries that neither the store
// nor the files know: a database was lost, and the files changed.
func countStrangers(tx Tx, l Ledger, now time.Time) error {
	if l == nil {
		return nil
	}
	all, err := tx.Deliveries(DeliveryQuery{})
	if err != nil {
		return err
	}
	keys := make([]string, len(all))
	for n, d := range all {
		keys[n] = d.Key
	}
	strangers := l.Strangers(keys)
	text, err := tx.Meta(metaStrangers)
	if err != nil {
		return err
	}
	accepted, _ := strconv.Atoi(text)
	switch {
	case strangers == accepted:
		return nil
	case strangers < accepted: // of a ledger that was lost, or known again: others are not accepted by that
		return tx.SetMeta(metaStrangers, strconv.Itoa(strangers))
	}
	if err := tx.SetMeta(metaStrangers+".found", strconv.Itoa(strangers)); err != nil {
		return err
	}
	reason := fmt.Sprintf("the ledger names %d mails that the store does not know (was the database lost?); look in your Sent folder, then say: afterword adopt", strangers-accepted)
	return setHold(tx, Hold{Scope: ScopeEverything, Source: sourceStrangers, Reason: reason, Set: now}, ActorDaemon, "", now)
}

// A mail to somebody whom only the ledger knows needs the user's approval: an
// application was forgotten, or the database was lost and its files were renamed.

// addressLedger is a ledger that also knows to whom it handed mail over.
type addressLedger interface {
	// HandedTo counts the deliveries that were handed over to an address.
	HandedTo(address string) int
}

// strangeMail finds the recipients of open deliveries who, according to the ledger
// alone, already got mail.
func strangeMail(r Reader, l Ledger, stored []Delivery) (map[string]bool, error) {
	book, ok := l.(addressLedger)
	if !ok {
		return nil, nil
	}
	strange := map[string]bool{}
	for _, d := range stored {
		to := NormalAddress(d.To.Email)
		handed := book.HandedTo(to)
		if _, done := strange[to]; !d.State.Open() || done || handed == 0 {
			continue
		}
		known, err := r.Deliveries(DeliveryQuery{Person: to})
		if err != nil {
			return nil, err
		}
		for _, k := range known {
			if l.Attempt(k.Key) > 0 {
				handed--
			}
		}
		strange[to] = handed > 0
	}
	return strange, nil
}

// acceptStrangers raises the number of deliveries unknown to the store that the user has
// accepted.
func acceptStrangers(tx Tx, more int) error {
	text, err := tx.Meta(metaStrangers)
	if err != nil || more == 0 {
		return err
	}
	accepted, _ := strconv.Atoi(text)
	return tx.SetMeta(metaStrangers, strconv.Itoa(accepted+more))
}
