package scheduler

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// settle records the outcome of an attempt. It is the first thing that happens after the
// server's reply.
func settle(tx Tx, claimed Delivery, r mailer.Receipt, now time.Time) error {
	d, err := tx.Delivery(claimed.Key)
	if err != nil {
		return err
	}
	if d.Epoch != claimed.Epoch || d.Attempt != claimed.Attempt || !d.State.InFlight() {
		return ErrLostClaim
	}
	d.AnyData = d.AnyData || r.DataBegun
	d.Marked = d.Attempt // whatever the ledger says of it, its outcome is known
	d.LastAnswer = answer(r)
	switch r.Outcome {
	case mailer.Accepted:
		host, err := theirHost(tx)
		if err != nil {
			return err
		}
		d.LearntIDs = append(d.LearntIDs, learnt(r, d, host)...)
		return settleSent(tx, d, ActorServer, d.LastAnswer, now)
	case mailer.Refused:
		return settleRefused(tx, d, now)
	case mailer.Deferred:
		err = settleDeferred(tx, d, r, now)
	default:
		err = settleDoubt(tx, d, now)
	}
	if err != nil {
		return err
	}
	return settleBySeen(tx, d.Key, now)
}

// saidOfSender marks a reply that is not about the reader.
const saidOfSender = " (said of your own address)"

// answer is the server's reply in one line.
func answer(r mailer.Receipt) string {
	text := r.Words
	if r.Enhanced != "" {
		text = r.Enhanced + " " + text
	}
	if r.Code != 0 && r.Outcome == mailer.Refused && mailer.BlamesSender(r) {
		text += saidOfSender
	}
	if r.Code != 0 {
		return fmt.Sprintf("%d %s", r.Code, text)
	}
	if r.Err != nil {
		return firstOf(text, fmt.Sprintf("at %s: %v", r.Phase, r.Err))
	}
	return text
}

// learnt are the Message-IDs named in the reply to the final dot: whole ones in angle
// brackets that are no address of the envelope and, if the provider is known to make its
// IDs from queue IDs and one host, those made so.
func learnt(r mailer.Receipt, d Delivery, host string) []string {
	var ids []string
	if d.Frozen == nil {
		return nil
	}
	known := append(d.MessageIDs(), "<"+d.Frozen.From+">", "<"+d.Frozen.To+">")
	for _, id := range r.QueueIDs {
		if id != "" && id[0] != '<' && host != "" && !strings.Contains(id, "@") {
			id = "<" + id + "@" + host + ">"
		}
		if len(id) > 2 && id[0] == '<' && !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, id) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// serverTookIt is why a mail is sent whose time of leaving is known, unlike that of one
// whose doubt was settled.
const serverTookIt = "the server accepted it"

// settleSent records an accepted mail, and the mail of the exchange with it.
func settleSent(tx Tx, d Delivery, actor, evidence string, now time.Time) error {
	e := moveEvent(d, Sent, actor, serverTookIt)
	e.Evidence = evidence
	left := later(now, d.ClaimedAt) // the clock may have been set back meanwhile
	if d.State == InDoubt {
		e.Why = "the doubt is settled: it was delivered"
		if !d.ClaimedAt.IsZero() {
			left = d.ClaimedAt // silence began then, whenever the doubt was settled
		}
	}
	d.State, d.Why, d.SentAt, d.Failures, d.WaitingFor = Sent, e.Why, left, 0, ""
	d.Stopped, d.StoppedWhy = "", "" // too late
	if err := put(tx, d, now, e, time.Time{}); err != nil {
		return err
	}
	if _, err := tx.AddMail(outgoing(d, left)); err != nil {
		return err
	}
	if err := wakeAll(tx, ScopePerson, NormalAddress(d.To.Email), now); err != nil {
		return err // what waited behind it
	}
	if actor == ActorServer {
		if err := wantCopy(tx, d.Key); err != nil {
			return err
		}
	}
	return liftLedgerHold(tx, now)
}

// outgoing is the record of a delivery in the exchange with its recipient.
func outgoing(d Delivery, left time.Time) Mail {
	m := Mail{Application: d.Application, Interview: d.Interview, Key: d.Key, Outgoing: true, Person: NormalAddress(d.To.Email),
		Name: d.To.Name, Company: d.Company, Asking: d.Kind == Asking, Subject: d.Text.Subject, References: d.Text.Thread.References, At: left}
	if d.Frozen != nil {
		m.MessageID = d.Frozen.MessageID
	}
	return m
}

// Answered reports whether the last attempt ended with an answer of the server, which
// begins with its code.
func (d Delivery) Answered() bool {
	return d.LastAnswer != "" && d.LastAnswer[0] >= '0' && d.LastAnswer[0] <= '9'
}

// AfterRefusal says what the user can do about a refused mail. A mail that no server was
// asked to take, for example because the server does not support SMTPUTF8, is not
// offered to be sent again.
func (d Delivery) AfterRefusal() string {
	if strings.HasSuffix(d.LastAnswer, saidOfSender) {
		return fmt.Sprintf("the account may not send as me.email: make config.yaml agree with what your provider allows, then afterword send %s; or leave it, afterword skip %s", ShellWord(d.Key), ShellWord(d.Key))
	}
	address := fmt.Sprintf("afterword set %s email %s ADDRESS", ShellWord(d.Application), ShellWord(d.To.Name))
	if !d.Answered() {
		return fmt.Sprintf("another address of theirs, %s; or leave it, afterword skip %s", address, ShellWord(d.Key))
	}
	return fmt.Sprintf("where the address is wrong, %s; else try again, afterword send %s; or leave it, afterword skip %s", address, ShellWord(d.Key), ShellWord(d.Key))
}

func settleRefused(tx Tx, d Delivery, now time.Time) error {
	why := "the server refused it"
	if !d.Answered() {
		why = "it cannot be handed to the server"
	}
	e := moveEvent(d, Refused, ActorServer, why)
	e.Evidence = d.LastAnswer
	d.State, d.Why, d.WaitingFor = Refused, why+": "+d.LastAnswer, "you"
	d.Stopped, d.StoppedWhy = "", "" // whether it leaves is the user's to say
	if err := put(tx, d, now, e, time.Time{}); err != nil {
		return err
	}
	return tellAbout(tx, Notice{Key: fmt.Sprintf("refused/%s#%d", d.Key, d.Attempt), Kind: "refused", At: now,
		Subject: "Refused: the mail to " + d.To.Name, Text: fmt.Sprintf("The mail to %s <%s> was refused: %s\nWhat helps: %s.", d.To.Name, d.To.Email, d.LastAnswer, d.AfterRefusal()),
		Discreet: "A mail was refused."}, aboutMail(d, ""))
}

// settleDeferred keeps the frozen bytes for another attempt. After the last pause it
// gives up and asks.
func settleDeferred(tx Tx, d Delivery, r mailer.Receipt, now time.Time) error {
	e := moveEvent(d, Approved, ActorServer, "surely not taken; the same bytes are tried again")
	e.Evidence = d.LastAnswer
	d.State, d.Why = Approved, "the last attempt was deferred: "+d.LastAnswer
	wake := now.Add(time.Minute)
	if stopped := errors.Is(r.Err, ErrNotReady) || errors.Is(r.Err, ErrStoreFailed) || r.AuthRefused; !stopped {
		d.Failures++
		pause, again := retryPause(d.Failures, r)
		if !again {
			d.Personal = "it was deferred too often"
			q := fmt.Sprintf("The mail to %s was deferred %d times, lastly: %s. Try again with: afterword send %s", d.To.Name, d.Failures, d.LastAnswer, ShellWord(d.Key))
			if err := ask(tx, d, askedDeferred+d.Key, q, now); err != nil {
				return err
			}
			pause = 100 * 365 * 24 * time.Hour // only `send` brings it back
		}
		d.RetryAt = now.Add(pause)
		wake = d.RetryAt
	}
	return put(tx, d, now, e, wake)
}

func settleDoubt(tx Tx, d Delivery, now time.Time) error {
	why, told := doubtWords(&d)
	e := moveEvent(d, InDoubt, ActorServer, why+"; nobody resends it but you")
	e.Evidence = d.LastAnswer
	d.State, d.Why, d.WaitingFor = InDoubt, e.Why, "you: afterword resolve "+ShellWord(d.Key)
	if err := put(tx, d, now, e, d.remindOfDoubt(now)); err != nil {
		return err
	}
	return tellAbout(tx, Notice{Key: fmt.Sprintf("doubt/%s#%d", d.Key, d.Attempt), Kind: "in-doubt", At: now,
		Subject: "In doubt: the mail to " + d.To.Name,
		Text: fmt.Sprintf("%s It is not sent again by itself. Look in your Sent folder, ask them, then say: afterword resolve %s --sent, --not-sent or --drop",
			told, ShellWord(d.Key)),
		Discreet: "It is in doubt whether a mail was delivered."}, aboutDoubt(d))
}

// doubtWords say, briefly and in a sentence, why it is not known whether the server took
// a mail: there was no reply, or one that some servers give although they deliver.
func doubtWords(d *Delivery) (short, long string) {
	if d.LastAnswer != "" && d.LastAnswer[0] >= '2' && d.LastAnswer[0] <= '5' {
		return fmt.Sprintf("the server answered %q when it was handed over, and may have taken it all the same", d.LastAnswer),
			fmt.Sprintf("When the mail to %s <%s> was handed over the server answered %q. Some servers that say so deliver all the same.", d.To.Name, d.To.Email, d.LastAnswer)
	}
	return "the server may or may not have taken it", fmt.Sprintf("The connection ended after the mail to %s <%s> was handed over and before the server said that it took it (%s).",
		d.To.Name, d.To.Email, firstOf(d.LastAnswer, "no answer"))
}

// remindOfDoubt is when the user is reminded of a mail in doubt, while it could still be
// sent in time; zero if that has passed.
func (d Delivery) remindOfDoubt(now time.Time) time.Time {
	if at := d.Expires.Add(-askBeforeExpiry); !d.Expires.IsZero() && at.After(now) {
		return at
	}
	return time.Time{}
}

// noteAbsence records for each mail in doubt that a later look found no copy of it. That
// is a hint for the user and settles nothing: an accepted mail may surface later.
func noteAbsence(tx Tx, now time.Time) error {
	ds, err := tx.Deliveries(DeliveryQuery{States: []State{InDoubt}})
	if err != nil || len(ds) == 0 {
		return err
	}
	filed, err := tx.Meta(metaProbeCopy)
	if err != nil {
		return err
	}
	words := "no copy of it was seen in your mailbox since, and your provider is not known to file any, so that says nothing"
	if filed == "filed" {
		words = "no copy of it was seen in your Sent folder since, although your provider files one of what it takes: it has probably not left"
	}
	for _, d := range ds {
		if d.ClaimedAt.IsZero() || now.Sub(d.ClaimedAt) < copyPatience || strings.Contains(d.Why, words) {
			continue
		}
		e := Event{Key: d.Key, Application: d.Application, Actor: ActorMailbox, What: "not seen", From: string(InDoubt), To: string(InDoubt), Why: words}
		d.Why += "; " + words
		if err := put(tx, d, now, e, d.remindOfDoubt(now)); err != nil {
			return err
		}
	}
	return nil
}

// tellAgainOfDoubt reminds the user of mails in doubt that could soon no longer be sent
// in time.
func tellAgainOfDoubt(tx Tx, f *Facts, now time.Time) error {
	for _, d := range f.Stored {
		if d.State != InDoubt || d.Expires.IsZero() || now.Before(d.Expires.Add(-askBeforeExpiry)) {
			continue
		}
		if err := tx.SetWake(d.Key, time.Time{}); err != nil {
			return err
		}
		if !now.Before(d.Expires) {
			continue // its time is over, and nothing hurries any more
		}
		n := Notice{Key: fmt.Sprintf("doubt-again/%s#%d", d.Key, d.Attempt), Kind: "in-doubt", At: now, Subject: "Still in doubt: the mail to " + d.To.Name,
			Text: fmt.Sprintf("It is still not known whether the mail to %s <%s> arrived, and its time ends on %s. What is known: %s. Settle it with: afterword resolve %s --sent, --not-sent or --drop",
				d.To.Name, d.To.Email, moment(d.Expires, d.Zone, now), d.Why, ShellWord(d.Key)),
			Discreet: "It is still in doubt whether a mail was delivered."}
		if err := tellAbout(tx, n, aboutDoubt(d)); err != nil {
			return err
		}
	}
	return nil
}
