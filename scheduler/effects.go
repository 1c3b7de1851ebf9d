package scheduler

import (
	"slices"
	"time"

	"afterword/mailer"
)

// carryOut writes the effects of a reaction and returns the applications that they
// touch.
func carryOut(tx Tx, f *Facts, in Incoming, r Reaction, evidence string, now time.Time) ([]string, error) {
	touched := []string{f.Application.Stem}
	if err := settleByAnswer(tx, in, now); err != nil {
		return nil, err
	}
	for _, h := range r.Holds {
		if err := setHold(tx, h, ActorMailbox, evidence, now); err != nil {
			return nil, err
		}
	}
	if err := bounced(tx, r, evidence, now); err != nil {
		return nil, err
	}
	others, err := markDead(tx, f, in, r)
	if err != nil {
		return nil, err
	}
	if err := unmarkDead(tx, f, in); err != nil {
		return nil, err
	}
	for _, d := range append(others, f.Stored...) {
		cause, why := r.cancels(d, in)
		switch {
		case cause != "":
			err = finish(tx, d, cause, why, ActorMailbox, evidence, now)
		case r.Restarts && d.Kind == Asking && d.Began.Before(in.Arrived):
			err = planAnew(tx, d, sender(in)+" answered, so it is planned anew", evidence, now)
		case f.sendAskedBefore(d, in):
			err = undoSendNow(tx, d, now)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		touched = append(touched, d.Application)
	}
	return touched, askAndTell(tx, f.Application, in, r, now)
}

// cancels returns the cause for which the reaction cancels a delivery, "" if it does
// not, and the reason in words.
func (r Reaction) cancels(d Delivery, in Incoming) (Cause, string) {
	to := NormalAddress(d.To.Email)
	switch {
	case r.Dead != "" && to == r.Dead:
		return CauseDead, r.Row + ": " + r.Dead
	case d.Application != in.Match.Application:
		return "", "" // of another application, it is the address alone that ends
	case r.NoMore && (d.Kind == Asking || to == in.Match.Person):
		return CauseNoMore, r.Row
	case r.Answered && d.Kind == Asking && d.Began.Before(in.Arrived):
		return CauseAnswered, sender(in) + " answered"
	case r.Restarts && d.Kind == Asking && d.Began.Before(in.Arrived) && (d.State.InFlight() || d.State == InDoubt || d.AnyData):
		return CauseAnswered, sender(in) + " answered"
	}
	return "", ""
}

// sendAskedBefore reports whether the user asked to send a thank-you as it is before
// this message from its recipient was read.
func (f *Facts) sendAskedBefore(d Delivery, in Incoming) bool {
	i, _ := f.Application.round(d.Interview)
	return d.SendNow && d.AnyData && d.Kind == Owed && d.Application == f.Application.Stem && classIn(in) == string(mailer.Human) &&
		hasAddress(personOf(&f.Application, i, &d), personIn(in))
}

// undoSendNow undoes the user's `send` for a mail.
func undoSendNow(tx Tx, stored Delivery, now time.Time) error {
	d, err := tx.Delivery(stored.Key)
	if err != nil || !d.State.Open() {
		return err
	}
	d.SendNow = false
	return put(tx, d, now, Event{}, now)
}

// planAnew returns a delivery to planned, without its approval, because a reply
// restarted the silence: the approval was given in another situation.
func planAnew(tx Tx, stored Delivery, why, evidence string, now time.Time) error {
	d, err := tx.Delivery(stored.Key)
	if err != nil || !d.State.Open() || d.State == Planned && !d.SendNow {
		return err
	}
	e := moveEvent(d, Planned, ActorMailbox, why)
	e.Evidence = evidence
	d.State, d.Why, d.WaitingFor = Planned, why, ""
	d.Approved, d.ByPerson, d.Unsaid, d.Despite, d.Announced = "", false, false, nil, time.Time{}
	d.SendNow, d.RetryAt, d.Failures = false, time.Time{}, 0
	if d.Interview == "" {
		d.Personal = why // what is queued is not planned: nothing else lets it ask again
	}
	return put(tx, d, now, e, now)
}

// bounced marks the delivery that came back and the mail that failed.
func bounced(tx Tx, r Reaction, evidence string, now time.Time) error {
	if r.Bounced == "" {
		return nil
	}
	ds, err := tx.Deliveries(DeliveryQuery{MessageID: r.Bounced})
	if err != nil {
		return err
	}
	for _, d := range ds {
		if d.State != Sent {
			continue
		}
		e := moveEvent(d, Bounced, ActorMailbox, r.Row)
		e.Evidence = evidence
		d.State, d.Why = Bounced, r.Row
		if err := put(tx, d, now, e, time.Time{}); err != nil {
			return err
		}
		if _, err := tx.AddMail(Mail{MessageID: d.Frozen.MessageID, Application: d.Application, Interview: d.Interview, Key: d.Key,
			Outgoing: true, Person: NormalAddress(d.To.Email), Name: d.To.Name, Company: d.Company, Asking: d.Kind == Asking,
			Subject: d.Text.Subject, At: d.SentAt, Failed: true}); err != nil {
			return err
		}
	}
	return nil
}

// markDead records that an address is dead, even if no mail to it is open, for later rounds
// and other applications of the person. Asking mail to it no longer counts for a limit,
// since nobody read it. It returns the deliveries of other applications to that address.
func markDead(tx Tx, f *Facts, in Incoming, r Reaction) (others []Delivery, err error) {
	if r.Dead == "" {
		return nil, nil
	}
	word := received(f, in)
	word.Person, word.Failed = r.Dead, true
	if _, err := tx.AddMail(word); err != nil {
		return nil, err
	}
	mails := slices.Concat(f.Mails, f.Elsewhere)
	alive := slices.ContainsFunc(mails, func(m Mail) bool {
		return !m.Outgoing && m.Person == r.Dead && m.Class == string(mailer.Human) && m.At.After(in.Arrived)
	})
	for _, m := range mails {
		if alive || !m.isAsking() || m.Person != r.Dead {
			continue
		}
		m.Failed = true
		if _, err := tx.AddMail(m); err != nil {
			return nil, err
		}
	}
	all, err := tx.Deliveries(DeliveryQuery{Person: r.Dead})
	return slices.DeleteFunc(all, func(d Delivery) bool { return d.Application == f.Application.Stem }), err
}

// settleByAnswer settles a delivery in doubt as sent: a reply or bounce that names it
// proves that it was delivered.
func settleByAnswer(tx Tx, in Incoming, now time.Time) error {
	if in.Match.OurID == "" {
		return nil
	}
	ds, err := tx.Deliveries(DeliveryQuery{MessageID: in.Match.OurID, States: []State{Sending, HandedOver, InDoubt}})
	for _, d := range ds {
		if d.State.InFlight() {
			if err := tx.SetMeta(metaSeen(d), "a message names it: "+in.Message.ID); err != nil {
				return err
			}
			continue
		}
		if err := settleSent(tx, d, ActorMailbox, "a message names it: "+in.Message.ID, now); err != nil {
			return err
		}
	}
	return err
}

// setHold writes a hold with its event, and wakes what it may touch.
func setHold(tx Tx, h Hold, actor, evidence string, now time.Time) error {
	if h.Set.IsZero() {
		h.Set = now
	}
	if err := tx.SetHold(h); err != nil {
		return err
	}
	until := "until it is lifted"
	if !h.Until.IsZero() {
		until = "until " + moment(h.Until, h.Until.Location().String(), now)
	}
	e := Event{At: now, Actor: actor, What: "held", Why: h.Reason + ", " + until, Evidence: evidence, To: string(h.Scope) + " " + h.Target}
	if h.Scope == ScopeApplication {
		e.Application = h.Target
	}
	return tx.Log(e)
}

// unmarkDead undoes markDead: somebody who writes from the address has read what was
// sent there, so that it counts again, except for mail that came back.
func unmarkDead(tx Tx, f *Facts, in Incoming) error {
	from := personIn(in)
	word, _ := f.buried(from)
	if classIn(in) != string(mailer.Human) || word.MessageID == "" || !in.Arrived.After(word.At) {
		return nil
	}
	for _, m := range slices.Concat(f.Mails, f.Elsewhere) {
		if !m.Outgoing || !m.Asking || !m.Failed || m.Person != from {
			continue
		}
		if d, err := tx.Delivery(m.Key); ignoreMissing(err) != nil {
			return err
		} else if d.State == Bounced {
			continue
		}
		m.Failed = false
		if _, err := tx.AddMail(m); err != nil {
			return err
		}
	}
	return nil
}

// askAndTell writes the questions and the notice of a reaction.
func askAndTell(tx Tx, a Application, in Incoming, r Reaction, now time.Time) error {
	if r.Question != "" {
		if err := ask(tx, Delivery{Application: a.Stem}, askedOfMail+in.Message.ID+"/"+a.Stem, r.Question, now); err != nil {
			return err
		}
	}
	for _, q := range r.Suggest {
		if err := ask(tx, Delivery{Application: a.Stem}, q.Key+"/"+a.Stem, q.Text, now); err != nil {
			return err
		}
	}
	if r.Tell == "" {
		return nil
	}
	return tellAbout(tx, Notice{Key: "reply/" + in.Message.ID + "/" + a.Stem, Kind: "reply", At: now,
		Subject: "News from " + a.Company, Text: r.Tell, Discreet: "Something came in about one of your applications."}, aboutNews(a, now))
}
