package scheduler

import (
	"fmt"
	"time"

	"afterword/mailer"
)

// receiveUnreadable sets a message aside that neither the server nor any bound
// lets us read. Where its header came, it holds the applications that it fits;
// where nothing came, nobody knows whose answer it was, and all that asks waits.
// It is not remembered as mail: a copy in another folder may be readable.
func receiveUnreadable(tx Tx, world World, tables mailer.Tables, m mailer.Message, raw mailer.Fetched, arrived, now time.Time) ([]string, error) {
	if len(raw.Header) == 0 {
		m.ID = fmt.Sprintf("<%s/%s/%d/%d>", raw.Account, raw.Folder, raw.UIDValidity, raw.UID)
	}
	seen := "unreadable/" + m.ID
	if known, err := tx.Meta(seen); err != nil || known != "" {
		return nil, err
	}
	if err := tx.SetMeta(seen, now.UTC().Format(time.RFC3339)); err != nil {
		return nil, err
	}
	where := fmt.Sprintf("message %d of %s", raw.UID, raw.Folder)
	e := Event{At: now, Actor: ActorMailbox, What: "passed over", Why: where + " cannot be read", Evidence: m.ID}
	if err := tx.Log(e); err != nil {
		return nil, err
	}
	if len(raw.Header) == 0 {
		return nil, holdForUnreadable(tx, where, now)
	}
	reading := mailer.Classify(m)
	matches, err := match(tx, world, tables, m, reading, arrived)
	if err != nil {
		return nil, err
	}
	before, err := tx.Mails(MailQuery{MessageID: m.ID})
	if err != nil {
		return nil, err
	}
	var stems []string
	for _, ma := range matches {
		if appliedTo(before, world, ma.Application) {
			continue // a copy of it was read
		}
		in := Incoming{Message: m, Reading: reading, Match: ma, Arrived: arrived, Unseen: true, Suspect: mailer.FailsDMARC(m.Header, ownAddresses(world.Policy.Me))}
		f, err := LoadFacts(tx, world, ma.Application, now)
		if err != nil {
			return nil, err
		}
		touched, err := carryOut(tx, f, in, React(f, in, now), where+"; "+m.ID, now)
		if err != nil {
			return nil, err
		}
		stems = append(stems, touched...)
	}
	return stems, nil
}

// reactUnreadable: what a mail says that cannot be read may be anything.
func reactUnreadable(f *Facts, in Incoming) Reaction {
	return Reaction{Row: "it cannot be read",
		Holds:    []Hold{applicationHold(f, sourceUnreadable, true, in.Arrived, "a mail from "+sender(in)+" cannot be read here")},
		Question: fmt.Sprintf("The mail %q from %s cannot be read here. Look at it in your mail program: is it an answer? Then: afterword answered %s. If not: afterword resume %s", in.Message.Subject, senderInFull(in), ShellWord(f.Application.Stem), ShellWord(f.Application.Stem))}
}

// holdForUnreadable holds all that asks, for a message of which not even the
// sender is known.
func holdForUnreadable(tx Tx, where string, now time.Time) error {
	h := Hold{Scope: ScopeEverything, Source: sourceUnreadable, Asking: true, Set: now,
		Reason: where + " cannot be read; was it an answer? Then: afterword answered APPLICATION. Go on with: afterword resume"}
	if err := setHold(tx, h, ActorMailbox, where, now); err != nil {
		return err
	}
	return ask(tx, Delivery{}, askedUnreadable+now.UTC().Format(time.DateOnly),
		"Not even the sender of "+where+" can be read here. Look at it in your mail program: is it an answer from one of your applications? Then: afterword answered APPLICATION. Follow-ups wait until: afterword resume", now)
}
