package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// metaCopy is the prefix of the names that mark sent mail whose copy was not seen yet;
// the key follows. Each mark is a value of its own, so that noting one costs the same
// however many there are.
const metaCopy = "copy/"

// wantCopy marks a sent mail whose copy is to be looked for, and to be filed if the
// provider does not file it.
func wantCopy(tx Tx, key string) error { return tx.SetMeta(metaCopy+key, "wanted") }

// copyWanted reports whether the copy of a sent mail was not seen yet.
func copyWanted(r Reader, key string) (bool, error) {
	mark, err := r.Meta(metaCopy + key)
	return mark != "", err
}

// copySeen takes the mark off a delivery.
func copySeen(tx Tx, key string) error { return tx.SetMeta(metaCopy+key, "") }

// copiesToFile are the sent mails whose copy is to be filed now: the provider is known
// to file none, and has had time to.
func (d *Daemon) copiesToFile(ctx context.Context, now time.Time) (due []Delivery, err error) {
	err = d.Store.View(ctx, func(r Reader) error {
		if filed, err := r.Meta(metaProbeCopy); err != nil || filed != "none" {
			return err
		}
		marks, err := r.MetaNames(metaCopy)
		if err != nil {
			return err
		}
		for _, mark := range marks {
			x, err := r.Delivery(strings.TrimPrefix(mark, metaCopy))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if now.Sub(x.SentAt) >= copyPatience && x.Frozen != nil {
				due = append(due, x)
			}
		}
		return nil
	})
	slices.SortStableFunc(due, func(a, b Delivery) int { return a.SentAt.Compare(b.SentAt) })
	return due, err
}

// fileCopies looks for the copies once more and appends those that are missing to Sent.
// A failure changes nothing: the mail was sent, and the next sweep tries again.
func (d *Daemon) fileCopies(ctx context.Context, due []Delivery) {
	lasting := context.WithoutCancel(ctx)
	defer func() {
		_ = d.do(lasting, func() error { d.carrying = ""; return nil })
	}()
	if err := d.lookNow(ctx); err != nil {
		return
	}
	for _, x := range due {
		var still bool
		err := d.do(ctx, func() error {
			return d.Store.View(ctx, func(r Reader) error {
				var err error
				still, err = copyWanted(r, x.Key)
				return err
			})
		})
		if err != nil || !still {
			continue
		}
		if err := d.Mailbox.FileSent(ctx, x.Frozen.Bytes, x.SentAt); err != nil {
			d.Log.Warn("filing a sent copy", "key", x.Key, "err", err)
			if d.do(lasting, func() error { return d.copyRefused(lasting, x, err) }) != nil || !isMeant(err) {
				return
			}
			continue
		}
		if err := d.do(lasting, func() error {
			return d.Store.Update(lasting, func(tx Tx) error { return copySeen(tx, x.Key) })
		}); err != nil {
			return
		}
	}
}

// copyTried is for how long a copy is offered to a server that will not have it, say since
// the mailbox is full: each time costs a look at all of it.
const copyTried = 24 * time.Hour

// copyRefused gives up a copy that the server goes on refusing, and says so.
func (d *Daemon) copyRefused(ctx context.Context, x Delivery, cause error) error {
	now := d.Clock.Now()
	if !isMeant(cause) || now.Sub(x.SentAt) < copyTried {
		return nil
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		n := Notice{Key: "copy/" + x.Key, Kind: "mailbox", At: now, Subject: "No copy in Sent: the mail to " + x.To.Name,
			Text:     fmt.Sprintf("The mail to %s was sent, and your mail server takes no copy of it for your Sent folder: %v. It is not offered again.", x.To.Name, cause),
			Discreet: "A copy of a sent mail could not be filed."}
		if err := tell(tx, n); err != nil {
			return err
		}
		return copySeen(tx, x.Key)
	})
}

// isMeant reports a failure that is not one of the connection or of the login, which pass.
func isMeant(err error) bool {
	for _, passing := range []error{mailer.ErrConnectionLost, mailer.ErrUnreachable, mailer.ErrServerBusy, mailer.ErrLoginRefused, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, passing) {
			return false
		}
	}
	return true
}

// learnFromCopy recognises a copy that the provider filed under a Message-ID of its own:
// the same recipient, subject and words as a mail that has just left. That ID is stored,
// because replies will name it.
func learnFromCopy(tx Tx, m mailer.Message, arrived, now time.Time) (bool, error) {
	for _, to := range m.To {
		ds, err := tx.Deliveries(DeliveryQuery{Person: NormalAddress(to.Addr), States: []State{Sending, HandedOver, Sent, InDoubt, Bounced}})
		if err != nil {
			return false, err
		}
		for _, d := range ds {
			if d.Frozen == nil || !sameMail(d, m, arrived) {
				continue
			}
			if err := learnID(tx, &d, m.ID); err != nil {
				return true, err
			}
			if _, err := settleByCopy(tx, World{}, d, "its copy lies in the Sent folder as "+m.ID, now); err != nil {
				return true, err
			}
			return true, copySeen(tx, d.Key)
		}
	}
	return false, nil
}

// sameMail compares what a reader sees, and the time.
func sameMail(d Delivery, m mailer.Message, arrived time.Time) bool {
	at := d.SentAt
	if at.IsZero() {
		at = d.ClaimedAt
	}
	if arrived.Sub(at).Abs() > time.Hour || m.Subject != d.Text.Subject || m.HeaderOnly {
		return false
	}
	return strings.Join(strings.Fields(m.Text), " ") == strings.Join(strings.Fields(d.Text.Body), " ")
}
