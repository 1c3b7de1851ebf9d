package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"afterword/mailer"
)

// receiveOwn reads mail of the candidate's own: a sent copy settles a doubt,
// and mail written by hand does the step that is next for its reader.
func receiveOwn(tx Tx, world World, m mailer.Message, raw mailer.Fetched, arrived, now time.Time) ([]string, error) {
	if isProbe, err := receiveProbe(tx, m, raw, now); err != nil || isProbe {
		return nil, err
	}
	if raw.Role != mailer.RoleSent && raw.Role != mailer.RoleAll {
		return nil, nil
	}
	ds, err := tx.Deliveries(DeliveryQuery{MessageID: m.ID})
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		if !addressed(m, d.To.Email) {
			continue
		}
		if stems, err := settleByCopy(tx, world, d, "its copy lies in "+raw.Folder, now); err != nil || len(stems) > 0 {
			return stems, err
		}
	}
	if len(ds) > 0 {
		return nil, copySeen(tx, ds[0].Key)
	}
	if stems, err := ownCopy(tx, world, m, raw, now); err != nil || len(stems) > 0 {
		return stems, err
	}
	if learnt, err := learnFromCopy(tx, m, arrived, now); err != nil || learnt {
		return nil, err
	}
	return receiveByHand(tx, world, m, arrived, now)
}

// settleByCopy takes a copy under the own Message-ID for what it is: the mail
// has left, whatever the store holds of it. While the server's answer is out
// the copy is remembered, since it is read only once.
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

// ownCopy takes a copy in Sent that bears the Message-ID of a delivery which the
// store still holds for unsent: another machine with this profile, or this one
// before its database was lost, has sent it.
func ownCopy(tx Tx, world World, m mailer.Message, raw mailer.Fetched, now time.Time) ([]string, error) {
	if world.Name == nil {
		return nil, nil
	}
	for _, to := range m.To {
		ds, err := tx.Deliveries(DeliveryQuery{Person: NormalAddress(to.Addr), States: []State{Planned, Review, Approved}})
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if world.Name(d.Key) != m.ID {
				continue
			}
			d.Frozen = nil
			d, err := toDoubt(tx, world, d, "a mail with its Message-ID lies in "+raw.Folder, now)
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

// receiveByHand takes the user's own mail to a person of an application, since
// the interview began, for the step that is next for that person.
func receiveByHand(tx Tx, world World, m mailer.Message, arrived, now time.Time) ([]string, error) {
	before, err := tx.Mails(MailQuery{MessageID: m.ID})
	if err != nil || len(before) > 0 {
		return nil, err // the copy in another folder
	}
	var stems []string
	for _, stem := range slices.Sorted(maps.Keys(world.Applications)) {
		a, done := world.Applications[stem], map[string]bool{}
		for _, p := range a.People() {
			for _, address := range p.Addresses() {
				address = NormalAddress(address)
				if done[address] || !readBy(m, address) || !begunBefore(a, arrived) {
					continue
				}
				done[address] = true
				if err := byHand(tx, a, p, m, address, arrived, now); err != nil {
					return nil, err
				}
				stems = append(stems, stem)
			}
		}
	}
	return slices.Compact(stems), nil
}

// readBy reports whether the address stands in To or Cc: one mail may thank a
// whole panel.
func readBy(m mailer.Message, address string) bool {
	return slices.ContainsFunc(slices.Concat(m.To, m.Cc), func(a mailer.Address) bool { return NormalAddress(a.Addr) == address })
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

// byHand records the mail and does the next step for the person.
func byHand(tx Tx, a Application, p Person, m mailer.Message, address string, arrived, now time.Time) error {
	stored, err := tx.Deliveries(DeliveryQuery{Application: a.Stem})
	if err != nil {
		return err
	}
	var next *Delivery
	for _, d := range stored {
		if d.State.Open() && NormalAddress(d.To.Email) == address && d.Began.Before(arrived) && (next == nil || d.StepIndex < next.StepIndex) {
			next = &d
		}
	}
	mail := Mail{MessageID: m.ID, Application: a.Stem, Outgoing: true, ByHand: true, Person: address, Name: p.Name, Company: a.Company,
		Subject: m.Subject, References: append(m.References, m.InReplyTo...), At: arrived, Asking: next != nil && next.Kind == Asking}
	if _, err := tx.AddMail(mail); err != nil || next == nil {
		return err
	}
	c := cancel(*next, CauseByHand, fmt.Sprintf("you wrote to %s yourself on %s", p.Name, moment(arrived, next.Zone)))
	c.Event.Actor, c.Event.Evidence = ActorMailbox, m.ID
	return put(tx, c.Delivery, now, c.Event, time.Time{})
}
