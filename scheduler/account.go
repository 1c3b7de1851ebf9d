package scheduler

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"afterword/mailer"
)

// ErrAccountChanged is returned by Run when the files name another account than the one
// the daemon is connected to. No mail is under way then; the caller builds a new Daemon
// and runs that.
var ErrAccountChanged = errors.New("config.yaml names another account now")

// changed reports whether the connections lead elsewhere than the files say.
func (d *Daemon) changed() bool { return d.Changed != nil && d.Changed() }

// endIfOtherAccount ends the run once the files name another account and no mail is
// under way. A mail whose final dot was sent keeps its connection until the reply.
func (d *Daemon) endIfOtherAccount() error {
	if d.carrying != "" || !d.changed() {
		return nil
	}
	d.Log.Info("the account in config.yaml changed; its connections are made anew")
	return ErrAccountChanged
}

// refuseOtherAccount refuses to send a mail once the files name another account.
func (d *Daemon) refuseOtherAccount() error {
	if d.changed() {
		return fmt.Errorf("%w: %w", ErrNotReady, ErrAccountChanged)
	}
	return nil
}

// knowMailboxes drops the cursors of an account whose name now leads to another mailbox:
// UIDs of one server mean nothing on another.
func knowMailboxes(tx Tx, leadTo map[string]string) error {
	cursors, err := tx.Cursors()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(leadTo)) {
		before, err := tx.Meta(metaMailbox + name)
		if err != nil {
			return err
		}
		if before == leadTo[name] {
			continue
		}
		if before != "" {
			if err := forgetFolders(tx, cursors, name); err != nil {
				return err
			}
		}
		if err := tx.SetMeta(metaMailbox+name, leadTo[name]); err != nil {
			return err
		}
	}
	return nil
}

func forgetFolders(tx Tx, cursors []mailer.Cursor, account string) error {
	for _, c := range cursors {
		if c.Account != account {
			continue
		}
		c.UIDValidity = 0
		if err := tx.SetCursor(c); err != nil {
			return err
		}
	}
	return forgetTally(tx, account)
}

// metaMailbox and an account's name tell which mailbox the account's folders
// were read in.
const metaMailbox = "mailbox."

// freeze makes the message of a delivery, or returns the one made before. Bytes that a
// server may know never change (DESIGN section 5, point 3); if they name an address that
// is no longer the candidate's, the mail may not leave.
func freeze(compose Composer, f *Facts, d Delivery, now time.Time) (mailer.Frozen, error) {
	if d.Frozen != nil && NormalAddress(d.Frozen.From) == NormalAddress(f.Policy.Me.Email) {
		return *d.Frozen, nil
	}
	if d.Frozen != nil && d.AnyData {
		return mailer.Frozen{}, fmt.Errorf("a server may know it as a mail from %s, and me.email is %s now; write it by hand, or set me.email back", d.Frozen.From, f.Policy.Me.Email)
	}
	return compose(f, d, now)
}
