package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// receiveOwn applies mail that the user sent: a sent copy settles a doubt, and mail
// written by hand stands for the next step to its recipient.
func receiveOwn(tx Tx, world World, m mailer.Message, raw mailer.Fetched, arrived, now time.Time) ([]string, error) {
	if isProbe, err := receiveProbe(tx, m, raw, now); err != nil || isProbe {
		return nil, err
	}
	if isAnswer, err := receiveAnswer(tx, world, m, raw, arrived); err != nil || isAnswer {
		return nil, err
	}
	if raw.Role != mailer.RoleSent && raw.Role != mailer.RoleAll {
		return nil, nil
	}
	if err := answerTurns(tx, m, arrived); err != nil {
		return nil, err
	}
	var ds []Delivery
	for _, id := range idsOf(m) {
		named, err := tx.Deliveries(DeliveryQuery{MessageID: id})
		if err != nil {
			return nil, err
		}
		ds = append(ds, named...)
	}
	for _, d := range ds {
		if !addressed(m, d.To.Email) {
			continue
		}
		if err := learnID(tx, &d, m.ID); err != nil {
			return nil, err
		}
		if stems, err := settleByCopy(tx, world, leftAt(d, arrived), "its copy lies in "+raw.Folder, now); err != nil || len(stems) > 0 {
			return stems, err
		}
	}
	if len(ds) > 0 {
		return nil, copySeen(tx, ds[0].Key)
	}
	if stems, err := ownCopy(tx, world, m, raw, arrived, now); err != nil || len(stems) > 0 {
		return stems, err
	}
	if learnt, err := learnFromCopy(tx, m, arrived, now); err != nil || learnt {
		return nil, err
	}
	return receiveByHand(tx, world, m, arrived, now)
}

// headerOriginalID is where Exchange keeps the Message-ID that it replaced.
const headerOriginalID = "x-microsoft-original-message-id"

// idsOf are the Message-ID of a copy, and the one that a provider replaced.
func idsOf(m mailer.Message) []string {
	ids := []string{m.ID}
	if original := strings.TrimSpace(m.Header.Get(headerOriginalID)); original != "" && original != m.ID {
		ids = append(ids, original)
	}
	return ids
}

// learnID notes the Message-ID under which the reader knows a delivery: answers
// name it, and a follow-up must.
func learnID(tx Tx, d *Delivery, id string) error {
	if d.Frozen == nil || slices.Contains(d.MessageIDs(), id) {
		return nil
	}
	d.LearntIDs = append(d.LearntIDs, id)
	return tx.Put(*d, time.Time{})
}

// settleByCopy handles a copy under the Message-ID of a delivery: the mail has left,
// whatever state the store has. While the server's reply is outstanding the copy is
// remembered, since it is read only once.
func settleByCopy(tx Tx, world World, d Delivery, evidence string, now time.Time) ([]string, error) {
	switch {
	case d.State.InFlight():
		return nil, tx.SetMeta(metaSeen(d), evidence)
	case d.State.Open():
		var err error
		if d, err = toDoubt(tx, world, d, evidence, now); err != nil {
			return nil, err
		}
	case d.State != InDoubt:
		return nil, nil
	}
	return []string{d.Application}, settleSent(tx, d, ActorMailbox, evidence, now)
}

// leftAt notes when a mail left of which the store knows no attempt: its copy
// tells.
func leftAt(d Delivery, arrived time.Time) Delivery {
	if d.ClaimedAt.IsZero() {
		d.ClaimedAt = arrived
	}
	return d
}

// metaSeen names the evidence that a mail under way has been delivered.
func metaSeen(d Delivery) string { return "seen/" + d.Key }

// settleBySeen settles an attempt by what the mailbox showed while the server's
// answer was still out.
func settleBySeen(tx Tx, key string, now time.Time) error {
	d, err := tx.Delivery(key)
	if err != nil {
		return err
	}
	evidence, err := tx.Meta(metaSeen(d))
	if err != nil || evidence == "" {
		return err
	}
	if err := tx.SetMeta(metaSeen(d), ""); err != nil {
		return err
	}
	_, err = settleByCopy(tx, World{}, d, evidence, now)
	return err
}

// ownCopy handles a copy in Sent with the Message-ID of a delivery that the store holds
// as unsent: it was sent by another machine with this profile, or by this one before its
// database was lost.
func ownCopy(tx Tx, world World, m mailer.Message, raw mailer.Fetched, arrived, now time.Time) ([]string, error) {
	if world.Name == nil {
		return nil, nil
	}
	for _, to := range m.To {
		ds, err := tx.Deliveries(DeliveryQuery{Person: NormalAddress(to.Addr), States: []State{Planned, Review, Approved}})
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if !slices.Contains(idsOf(m), world.Name(d.Key)) {
				continue
			}
			d.Frozen = nil
			d, err := toDoubt(tx, world, leftAt(d, arrived), "a mail with its Message-ID lies in "+raw.Folder, now)
			if err == nil {
				err = learnID(tx, &d, m.ID)
			}
			if err != nil {
				return nil, err
			}
			return []string{d.Application}, settleSent(tx, d, ActorMailbox, "its copy lies in "+raw.Folder, now)
		}
	}
	return nil, nil
}

// addressed reports whether the address stands in To.
func addressed(m mailer.Message, address string) bool {
	for _, a := range m.To {
		if NormalAddress(a.Addr) == NormalAddress(address) {
			return true
		}
	}
	return false
}

// receiveByHand treats mail that the user wrote to a person of an application since the
// interview began as the next step to that person.
func receiveByHand(tx Tx, world World, m mailer.Message, arrived, now time.Time) ([]string, error) {
	before, err := tx.Mails(MailQuery{MessageID: m.ID})
	if err != nil {
		return nil, err
	}
	var stems []string
	for _, stem := range slices.Sorted(maps.Keys(world.Applications)) {
		a, done := world.Applications[stem], map[string]bool{}
		for _, p := range a.People() {
			address := readAs(m, p)
			if address == "" || done[NormalAddress(p.Email)] || !begunBefore(a, arrived) || appliedTo(from(before, address), world, stem) {
				continue // the last: the copy in another folder
			}
			for _, own := range p.Addresses() { // two entries of the file may be one person
				done[NormalAddress(own)] = true
			}
			if err := byHand(tx, a, p, m, address, arrived, now); err != nil {
				return nil, err
			}
			stems = append(stems, stem)
		}
	}
	return slices.Compact(stems), nil
}

// readAs is the address of the person in To or Cc, "" if there is none: one
// mail may thank a whole panel.
func readAs(m mailer.Message, p Person) string {
	for _, a := range slices.Concat(m.To, m.Cc) {
		if hasAddress(&p, a.Addr) {
			return NormalAddress(a.Addr)
		}
	}
	return ""
}

// from picks the mails with one address.
func from(ms []Mail, address string) []Mail {
	return slices.DeleteFunc(slices.Clone(ms), func(m Mail) bool { return m.Person != address })
}

// begunBefore reports whether any interview of the application had begun.
func begunBefore(a Application, at time.Time) bool {
	for _, i := range a.Interviews {
		if !i.At.After(at) && i.Status != InterviewCancelled {
			return true
		}
	}
	return false
}

// goesBefore reports whether a step is done before another one by mail of the user's
// own: thanks first, which are not owed to somebody whom the user has written to, even
// where a mail that asks was queued beside them.
func goesBefore(d, than *Delivery) bool {
	if (d.Kind == Owed) != (than.Kind == Owed) {
		return d.Kind == Owed
	}
	return d.StepIndex < than.StepIndex
}

// byHand records the mail and marks the person's next step as done by hand. A step that
// is claimed or in doubt cannot be ended here, but it is not tried again.
func byHand(tx Tx, a Application, p Person, m mailer.Message, address string, arrived, now time.Time) error {
	stored, err := tx.Deliveries(DeliveryQuery{Application: a.Stem})
	if err != nil {
		return err
	}
	var next *Delivery
	for _, d := range stored {
		if (d.State.Open() || d.State.InFlight() || d.State == InDoubt) && hasAddress(&p, d.To.Email) && d.Began.Before(arrived) && (next == nil || goesBefore(&d, next)) {
			next = &d
		}
	}
	mail := Mail{MessageID: m.ID, Application: a.Stem, Outgoing: true, ByHand: true, Person: address, Name: p.Name, Company: a.Company,
		Subject: m.Subject, References: append(m.References, m.InReplyTo...), At: arrived, Asking: next != nil && next.Kind == Asking}
	if _, err := tx.AddMail(mail); err != nil || next == nil || !next.State.Open() {
		return err
	}
	c := cancel(*next, CauseByHand, fmt.Sprintf("you wrote to %s yourself on %s", p.Name, moment(arrived, next.Zone, now)))
	c.Event.Actor, c.Event.Evidence = ActorMailbox, m.ID
	return put(tx, c.Delivery, now, c.Event, time.Time{})
}
