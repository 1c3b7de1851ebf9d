package scheduler

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// An incoming message is parsed, classified and matched, and its effects are written in
// the transaction that moves the cursor.

// receive applies one batch and moves its cursor. It returns the applications that
// changed. A message that was applied before changes nothing. A message dated before
// since is taken to have arrived at since: it cannot be older than the last look that
// read its folder.
func receive(tx Tx, world World, tables mailer.Tables, b mailer.Batch, since, now time.Time) ([]string, error) {
	var touched []string
	world.recall = newRecall(tx, world, tables, now)
	for _, raw := range b.Messages {
		if raw.Arrived.Before(since) {
			raw.Arrived = since
		}
		stems, err := receiveOne(tx, world, tables, raw, now)
		if err != nil {
			return nil, fmt.Errorf("applying message %d of %s: %w", raw.UID, raw.Folder, err)
		}
		touched = append(touched, stems...)
	}
	slices.Sort(touched)
	return slices.Compact(touched), tx.SetCursor(b.Cursor)
}

// receiveOne applies one message.
func receiveOne(tx Tx, world World, tables mailer.Tables, raw mailer.Fetched, now time.Time) ([]string, error) {
	if raw.Role == mailer.RoleDrafts || raw.Role == mailer.RoleApproved || raw.Draft {
		return nil, nil // not yet mail
	}
	if err := noteClock(tx, raw, time.Time{}, now); err != nil {
		return nil, err
	}
	m := mailer.Parse(raw.Header, raw.Body)
	if m.ID == "" {
		m.ID = madeUpID(raw)
	}
	arrived := raw.Arrived
	if arrived.IsZero() || arrived.After(now) {
		arrived = now
	}
	// What lies in a Sent folder is the user's own, under whatever address: a
	// further account has one that need not be named anywhere. The header is enough.
	mine := own(world.Policy.Me, m) || raw.Role == mailer.RoleSent
	if raw.Unreadable && (!mine || len(raw.Header) == 0) {
		return receiveUnreadable(tx, world, tables, m, raw, arrived, now)
	}
	if mine {
		return receiveOwn(tx, world, m, raw, arrived, now)
	}
	before, err := tx.Mails(MailQuery{MessageID: m.ID})
	if err != nil {
		return nil, err
	}
	for _, b := range before { // moved since; it arrived when it was first seen
		if b.At.Before(arrived) {
			arrived = b.At
		}
	}
	reading := mailer.Classify(m)
	matches, err := match(tx, world, tables, m, reading, arrived)
	if err != nil {
		return nil, err
	}
	if len(matches) == 0 {
		return nil, receiveLoose(tx, world, tables, m, raw, reading, now)
	}
	var stems []string
	for n, ma := range matches {
		if appliedTo(before, world, ma.Application) {
			continue
		}
		in := Incoming{Message: m, Reading: reading, Match: ma, Arrived: arrived, Suspect: mailer.FailsDMARC(m.Header, ownAddresses(world.Policy.Me)), Rivals: rivals(matches, n)}
		changed, err := react(tx, world, tables, in, now)
		if err != nil {
			return nil, err
		}
		stems = append(stems, changed...)
	}
	return stems, nil
}

// madeUpID makes an ID for a message without a Message-ID, from its header, so that it
// is applied only once.
func madeUpID(raw mailer.Fetched) string {
	sum := sha256.Sum256(raw.Header)
	return "<" + hex.EncodeToString(sum[:12]) + "@no-message-id.invalid>"
}

// own reports whether the candidate wrote the message.
func own(me Me, m mailer.Message) bool {
	return slices.ContainsFunc(m.From, func(a mailer.Address) bool {
		return slices.ContainsFunc(ownAddresses(me), func(mine string) bool { return mailer.SameMailbox(a.Addr, mine) })
	})
}

// ownAddresses are the candidate's addresses, the sending one first.
func ownAddresses(me Me) []string { return append([]string{me.Email}, me.Aliases...) }

// react applies one message to one application. It returns the applications that it
// changed.
func react(tx Tx, world World, tables mailer.Tables, in Incoming, now time.Time) ([]string, error) {
	f, err := LoadFacts(tx, world, in.Match.Application, now)
	if err != nil {
		return nil, err
	}
	if _, err = tx.AddMail(received(f, in)); err != nil {
		return nil, err
	}
	if err = readInvitations(tx, tables, f, &in, now); err != nil {
		return nil, err
	}
	r := React(f, in, now)
	why := r.Row + ": " + sender(in)
	evidence := strings.Join([]string{in.Message.ID, in.Match.Evidence, strings.Join(in.Reading.Evidence, ", ")}, "; ")
	err = tx.Log(Event{At: now, Application: f.Application.Stem, Actor: ActorMailbox, What: "received " + string(in.Reading.Kind), Why: why, Evidence: evidence})
	if err != nil {
		return nil, err
	}
	if err := noteAsked(tx, f, in); err != nil {
		return nil, err
	}
	return carryOut(tx, f, in, r, evidence, now)
}

// received is what the store keeps of a message.
func received(f *Facts, in Incoming) Mail {
	return Mail{
		MessageID: in.Message.ID, Application: f.Application.Stem, Person: personIn(in), Name: nameIn(f.Application, in), Class: classIn(in), Company: f.Application.Company,
		Subject: in.Message.Subject, References: slices.Concat(in.Message.References, in.Message.InReplyTo), At: in.Arrived,
	}
}

// nameIn is the name of the person as the file has it, else as the mail does.
func nameIn(a Application, in Incoming) string {
	for _, p := range a.People() {
		for _, address := range p.Addresses() {
			if NormalAddress(address) == in.Match.Person {
				return p.Name
			}
		}
	}
	return sender(in)
}

// classIn is the kind of the message as the store keeps it. Mail that may be forged or
// belong to another application does not count as their word: it ends no silence and
// frees no limit.
func classIn(in Incoming) string {
	switch {
	case in.Suspect:
		return "suspect"
	case in.Match.Strength == mailer.BySubject:
		return "unsure"
	}
	return string(in.Reading.Kind)
}

// personIn is the person whom an incoming message concerns.
func personIn(in Incoming) string {
	if in.Match.Person != "" || len(in.Message.From) == 0 {
		return in.Match.Person
	}
	return NormalAddress(in.Message.From[0].Addr)
}

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
	others, err := bury(tx, f, in, r)
	if err != nil {
		return nil, err
	}
	if err := unbury(tx, f, in); err != nil {
		return nil, err
	}
	for _, d := range append(others, f.Stored...) {
		cause, why := r.cancels(d, in)
		switch {
		case cause != "":
			err = finish(tx, d, cause, why, ActorMailbox, evidence, now)
		case r.Restarts && d.Kind == Asking && d.Began.Before(in.Arrived):
			err = planAnew(tx, d, sender(in)+" answered, so it is planned anew", evidence, now)
		case f.urgedBefore(d, in):
			err = unhurry(tx, d, now)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		touched = append(touched, d.Application)
	}
	return touched, talk(tx, f.Application, in, r, now)
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

// urgedBefore reports whether the user asked to send a thank-you as it is before this
// message from its recipient was read.
func (f *Facts) urgedBefore(d Delivery, in Incoming) bool {
	i, _ := f.Application.round(d.Interview)
	return d.SendNow && d.AnyData && d.Kind == Owed && d.Application == f.Application.Stem && classIn(in) == string(mailer.Human) &&
		hasAddress(personOf(&f.Application, i, &d), personIn(in))
}

// unhurry undoes the user's `send` for a mail.
func unhurry(tx Tx, stored Delivery, now time.Time) error {
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
	d.Approved, d.ByPerson, d.Despite, d.Announced = "", false, nil, time.Time{}
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

// bury records that an address is dead, even if no mail to it is open, for later rounds
// and other applications of the person. Asking mail to it no longer counts for a limit,
// since nobody read it. It returns the deliveries of other applications to that address.
func bury(tx Tx, f *Facts, in Incoming, r Reaction) (others []Delivery, err error) {
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

// unbury undoes bury: somebody who writes from the address has read what was sent there,
// so that it counts again, except for mail that came back.
func unbury(tx Tx, f *Facts, in Incoming) error {
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

// talk writes the questions and the notice of a reaction.
func talk(tx Tx, a Application, in Incoming, r Reaction, now time.Time) error {
	if r.Question != "" {
		if err := ask(tx, Delivery{Application: a.Stem}, "mail/"+in.Message.ID+"/"+a.Stem, r.Question, now); err != nil {
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
