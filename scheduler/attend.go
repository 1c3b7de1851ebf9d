package scheduler

import (
	"fmt"
	"strings"
	"time"
)

// attend brings one application up to date: plan, reconcile, text, questions, expiry. A
// second call at the same moment changes nothing. It returns the deliveries that may
// leave now.
func (w Writers) attend(tx Tx, world World, stem string, now time.Time) (ready []Delivery, err error) {
	again := true
	for n := 0; n < mostPasses && again && err == nil; n++ {
		ready, again, err = w.pass(tx, world, stem, now)
	}
	return ready, err
}

// mostPasses bounds the passes of one attend.
const mostPasses = 3

// pass is one pass of attend. Again reports that another one is needed, since times follow
// from what came of it: a mail has a text again that was shown to the user before another
// text replaced it, one that is late waits for the user now or no more, or the ledger knows
// one that the store does not.
func (w Writers) pass(tx Tx, world World, stem string, now time.Time) (ready []Delivery, again bool, err error) {
	f, err := LoadFacts(tx, world, stem, now)
	if err != nil {
		return nil, false, err
	}
	if gone, err := attendGone(tx, world, f, now); gone || err != nil {
		return nil, false, err
	}
	changes := Reconcile(f, Plan(f, now))
	for _, c := range changes {
		if err := put(tx, c.Delivery, now, c.Event, c.Delivery.nextWake(f, now)); err != nil {
			return nil, false, err
		}
		if c.Delivery.State == Expired && !world.handedOverUnknown(c.Delivery) {
			if err := askExpired(tx, f, c.Delivery, now); err != nil {
				return nil, false, err
			}
		}
	}
	if len(changes) > 0 {
		if f.Stored, err = tx.Deliveries(DeliveryQuery{Application: stem}); err != nil {
			return nil, false, err
		}
	}
	surprised, err := consultLedger(tx, world, f.Stored, now)
	if err != nil {
		return nil, false, err
	}
	if surprised {
		if f.Stored, err = tx.Deliveries(DeliveryQuery{Application: stem}); err != nil {
			return nil, false, err
		}
	}
	if f.strange, err = strangeMail(tx, world.Ledger, f.Stored); err != nil {
		return nil, false, err
	}
	ready, again, err = w.attendOpen(tx, f, now)
	if err != nil {
		return nil, false, err
	}
	if err := tellAgainOfDoubt(tx, f, now); err != nil {
		return nil, false, err
	}
	return ready, again || surprised, askAll(tx, f, now)
}

// attendOpen attends to every open delivery. Again is as in pass.
func (w Writers) attendOpen(tx Tx, f *Facts, now time.Time) (ready []Delivery, again bool, err error) {
	for n := range f.Stored {
		d := &f.Stored[n]
		if !d.State.Open() {
			continue
		}
		announced, state := d.Announced, d.State
		if err := w.attendOne(tx, f, d, now); err != nil {
			return nil, false, err
		}
		again = again || announced.IsZero() && !d.Announced.IsZero() || state != d.State && d.Due.Before(now)
		if d.State == Approved && Gate(f, d, now).Open {
			ready = append(ready, *d)
		}
	}
	return ready, again, nil
}

// attendOne attends to one open delivery.
func (w Writers) attendOne(tx Tx, f *Facts, d *Delivery, now time.Time) error {
	before := *d
	var events []Event
	if f.broken() == "" {
		if v, stop := gateExpiry(f, d, now); stop {
			return expire(tx, f, d, v.Why, now)
		}
		events = w.prepare(f, d, now)
	}
	v := Gate(f, d, now)
	d.WaitingFor = waitingFor(f, d, v, now)
	if e, ended := waitEnded(&before, d, now); ended {
		events = append(events, e)
	}
	for _, e := range events {
		e.At = now
		if err := tx.Log(e); err != nil {
			return err
		}
	}
	if err := announce(tx, f, d, now); err != nil {
		return err
	}
	if err := askAndTellOf(tx, f, d, v, now); err != nil {
		return err
	}
	if len(events) == 0 && sameRow(&before, d) {
		return tx.SetWake(d.Key, d.nextWake(f, now))
	}
	return tx.Put(*d, d.nextWake(f, now))
}

// waitEnded is the event of a mail that nothing keeps any more after its time: else
// nobody could read afterwards why it left no sooner.
func waitEnded(before, d *Delivery, now time.Time) (Event, bool) {
	why := before.WaitingFor
	if why == "" || d.WaitingFor != "" || before.State != Approved || d.State != Approved || d.Due.IsZero() || now.Before(d.Due.Add(time.Minute)) || strings.HasSuffix(why, inThisMinute) {
		return Event{}, false
	}
	return Event{Key: d.Key, Application: d.Application, Actor: ActorDaemon, What: "waited", Why: fmt.Sprintf("since its time, %s: %s", moment(d.Due, d.Zone, now), why)}, true
}

// sameRow reports whether attending changed nothing worth a write.
func sameRow(a, b *Delivery) bool {
	return a.State == b.State && a.TextHash == b.TextHash && a.WaitingFor == b.WaitingFor && a.Why == b.Why &&
		a.Approved == b.Approved && a.Unsaid == b.Unsaid && len(a.Findings) == len(b.Findings) && a.Announced.Equal(b.Announced) &&
		(a.Edited == b.Edited || a.Edited != nil && b.Edited != nil && a.Edited.Changed == b.Edited.Changed)
}

// waitingFor says what keeps a delivery now, "" if only its time does.
func waitingFor(f *Facts, d *Delivery, v Verdict, now time.Time) string {
	switch {
	case f.broken() != "":
		return v.Why
	case d.State == Review:
		return "for your approval: " + d.Why
	case v.Open:
		return f.Trouble
	case d.Due.IsZero():
		if v, doubt := gateDoubt(f, d, now); doubt {
			return v.Why
		}
		if v, stop := gateStatus(f, d, now); stop {
			return v.Why
		}
		return f.inLine(d, now)
	case v.Until.Equal(d.Due):
		return ""
	}
	return v.Why
}

// expire ends a delivery whose time is over, and asks what to do.
func expire(tx Tx, f *Facts, d *Delivery, why string, now time.Time) error {
	asked := *d
	c := end(*d, why)
	*d = c.Delivery
	if err := put(tx, c.Delivery, now, c.Event, time.Time{}); err != nil {
		return err
	}
	asked.State, asked.Why = d.State, d.Why
	return askExpired(tx, f, asked, now)
}

// announce shows an asking mail that no person approved to the user before it leaves.
// Delivery.Announced is set once the notice has reached a channel.
func announce(tx Tx, f *Facts, d *Delivery, now time.Time) error {
	if d.State != Approved || d.Due.IsZero() || !d.Announced.IsZero() || !needsAnnouncing(&f.Policy, d) ||
		now.Before(d.Due.Add(-f.Policy.Announce)) || heldBack(f, d, later(now, d.Due)) { // a hold may end before its time
		return nil
	}
	leaves := moment(f.leaves(d, now), d.Zone, now)
	isNew, err := notifyAbout(tx, Notice{Key: announceKey(d), Kind: noticeAnnounce, At: now,
		Subject: fmt.Sprintf("Leaves %s: to %s", leaves, d.To.Name),
		Text: fmt.Sprintf("This mail to %s <%s> leaves on %s unless you stop it (afterword skip %s).\nHeard from them by phone? Then: afterword answered %s\n\nSubject: %s\n\n%s",
			d.To.Name, d.To.Email, leaves, ShellWord(d.Key), ShellWord(d.Application), d.Text.Subject, d.Text.Body),
		Discreet: "A follow-up leaves soon."}, aboutMail(*d, d.TextHash))
	if err != nil || isNew {
		return err
	}
	// The same text was shown before, and another one in between.
	told, err := tx.Notices(false)
	for _, n := range told {
		if strings.HasPrefix(n.Key, announceKey(d)) && !n.shown().IsZero() {
			d.Announced = n.shown()
		}
	}
	return err
}

// announceKey names the announcement of one text of one delivery.
func announceKey(d *Delivery) string { return noticeAnnounce + "/" + d.Key + "#" + d.TextHash }

// announcedKey is the delivery that an announcement is about.
func announcedKey(noticeKey string) string {
	key := strings.TrimPrefix(noticeKey, noticeAnnounce+"/")
	if n := strings.LastIndexByte(key, '#'); n >= 0 {
		return key[:n]
	}
	return key
}

// put writes a delivery and its event.
func put(tx Tx, d Delivery, now time.Time, e Event, wake time.Time) error {
	if err := tx.Put(d, wake); err != nil {
		return err
	}
	if e.What != "" {
		e.At = now
		if err := tx.Log(e); err != nil {
			return err
		}
	}
	if d.State != Approved || d.Stopped == "" {
		return nil
	}
	// What should have ended it came while it was on its way: it is free now.
	c := cancel(d, d.Stopped, d.StoppedWhy)
	c.Delivery.Stopped, c.Delivery.StoppedWhy = "", ""
	return put(tx, c.Delivery, now, c.Event, time.Time{})
}

// finish cancels an open delivery. One that is claimed or in doubt is stopped instead:
// its final dot is not sent, and it never leaves again.
func finish(tx Tx, stored Delivery, cause Cause, why, actor, evidence string, now time.Time) error {
	d, err := tx.Delivery(stored.Key) // the same message may just have settled a doubt
	switch {
	case err != nil:
		return err
	case d.State.InFlight():
		d.Stopped, d.StoppedWhy = cause, why
		return tx.Put(d, time.Time{})
	case d.State == InDoubt:
		d.Stopped, d.StoppedWhy = cause, why
		return tx.Put(d, d.remindOfDoubt(now))
	}
	if !d.State.Open() {
		return nil
	}
	c := cancel(d, cause, why)
	c.Event.Actor, c.Event.Evidence = actor, evidence
	return put(tx, c.Delivery, now, c.Event, time.Time{})
}

// nextWake is the next moment at which time alone may change the delivery, stored in an
// index. Zero: only an event can.
func (d *Delivery) nextWake(f *Facts, now time.Time) time.Time {
	if !d.State.Open() {
		return time.Time{}
	}
	var next time.Time
	at := func(t time.Time) {
		if !t.IsZero() && t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if i, ok := f.Application.round(d.Interview); ok && !tookPlace(i) {
		at(i.End().Add(askAfterEnd))
		if !d.Due.IsZero() {
			at(d.Due.Add(-askBeforeSlot))
		}
	}
	if !d.Due.IsZero() {
		at(d.Due.Add(-ahead(&f.Policy, d)))
		at(d.Due.Add(-f.Policy.Announce))
		at(d.Due)
		at(d.RetryAt)
		at(closing(placeOf(f, d, now), d.Due))
		if !now.Before(d.Due) {
			if v := Gate(f, d, now); !v.Open {
				at(v.Until)
			}
		}
	}
	if !d.Expires.IsZero() {
		at(d.Expires.Add(-askBeforeExpiry))
		at(d.Expires)
	}
	return next
}
