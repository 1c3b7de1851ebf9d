package scheduler

import (
	"context"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// metaCopies lists the keys of sent mail whose copy was not seen yet, one on a
// line.
const metaCopies = "copies"

// wantCopy notes that the copy of a sent mail is to be looked for, and filed
// where the provider files none.
func wantCopy(tx Tx, key string) error {
	keys, err := pendingCopies(tx)
	if err != nil || slices.Contains(keys, key) {
		return err
	}
	return tx.SetMeta(metaCopies, strings.Join(append(keys, key), "\n"))
}

func pendingCopies(r Reader) ([]string, error) {
	text, err := r.Meta(metaCopies)
	if err != nil || text == "" {
		return nil, err
	}
	return strings.Split(text, "\n"), nil
}

// copySeen takes a delivery off the list.
func copySeen(tx Tx, key string) error {
	keys, err := pendingCopies(tx)
	if err != nil || !slices.Contains(keys, key) {
		return err
	}
	return tx.SetMeta(metaCopies, strings.Join(slices.DeleteFunc(keys, func(k string) bool { return k == key }), "\n"))
}

// copiesToFile are the sent mails whose copy is to be filed now: the provider
// is known to file none, and had time to.
func (d *Daemon) copiesToFile(ctx context.Context, now time.Time) (due []Delivery, err error) {
	err = d.Store.View(ctx, func(r Reader) error {
		if filed, err := r.Meta(metaProbeCopy); err != nil || filed != "none" {
			return err
		}
		keys, err := pendingCopies(r)
		if err != nil {
			return err
		}
		for _, key := range keys {
			x, err := r.Delivery(key)
			if err != nil {
				return ignoreMissing(err)
			}
			if now.Sub(x.SentAt) >= copyPatience && x.Frozen != nil {
				due = append(due, x)
			}
		}
		return nil
	})
	return due, err
}

// fileCopies appends copies to Sent after one more look for them. A failure
// touches nothing: the mail was sent, and the next sweep tries again.
func (d *Daemon) fileCopies(ctx context.Context, due []Delivery) {
	lasting := context.WithoutCancel(ctx)
	defer func() {
		_ = d.do(lasting, func() error { d.carrying = ""; return nil })
	}()
	if err := d.lastLook(ctx); err != nil {
		return
	}
	for _, x := range due {
		var still bool
		err := d.do(ctx, func() error {
			return d.Store.View(ctx, func(r Reader) error {
				keys, err := pendingCopies(r)
				still = slices.Contains(keys, x.Key)
				return err
			})
		})
		if err != nil || !still {
			continue
		}
		if err := d.Mailbox.FileSent(ctx, x.Frozen.Bytes, x.SentAt); err != nil {
			d.Log.Warn("filing a sent copy", "key", x.Key, "err", err)
			return
		}
		if err := d.do(lasting, func() error {
			return d.Store.Update(lasting, func(tx Tx) error { return copySeen(tx, x.Key) })
		}); err != nil {
			return
		}
	}
}

// learnFromCopy recognises a copy that a provider filed under a Message-ID of
// its own: the same reader, subject and words as a mail that has just left. The
// other ID is learnt, for answers will name it.
func learnFromCopy(tx Tx, m mailer.Message, arrived, now time.Time) (bool, error) {
	original := strings.TrimSpace(m.Header.Get("x-microsoft-original-message-id"))
	for _, to := range m.To {
		ds, err := tx.Deliveries(DeliveryQuery{Person: NormalAddress(to.Addr), States: []State{Sent, InDoubt, Bounced}})
		if err != nil {
			return false, err
		}
		for _, d := range ds {
			if d.Frozen == nil || !(d.Frozen.MessageID == original || sameMail(d, m, arrived)) {
				continue
			}
			if !slices.Contains(d.LearntIDs, m.ID) {
				d.LearntIDs = append(d.LearntIDs, m.ID)
				if err := tx.Put(d, time.Time{}); err != nil {
					return true, err
				}
			}
			if d.State == InDoubt {
				if err := settleSent(tx, d, ActorMailbox, "its copy lies in the Sent folder as "+m.ID, now); err != nil {
					return true, err
				}
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
