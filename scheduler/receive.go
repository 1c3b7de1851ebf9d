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
// read its folder. One whose arrival the server does not tell arrived now.
func receive(tx Tx, world World, tables mailer.Tables, b mailer.Batch, since, now time.Time) ([]string, error) {
	var touched []string
	world.recall = newRecall(tx, world, tables, now)
	for _, raw := range b.Messages {
		if !raw.Arrived.IsZero() && raw.Arrived.Before(since) {
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
