package scheduler

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// The names of values that say when the store was put back from a backup, and
// from which: with a ledger that knew what had left since, and without one.
const (
	metaRestored       = "restored"
	metaRestoredUnsure = "restored.unsure"
)

// Restoration tells a store that it is a copy of an earlier moment.
type Restoration struct {
	Made time.Time // when the backup was made
	At   time.Time // when it was put back
}

// restorations are the last of each sort; zero where there was none.
type restorations struct {
	sure   Restoration // the ledger beside the store knew every mail that had left since
	unsure Restoration // only the Sent folder did, and a folder that shows no copy proves nothing
}

func (r Restoration) text() string {
	return r.Made.UTC().Format(time.RFC3339Nano) + " " + r.At.UTC().Format(time.RFC3339Nano)
}

func loadRestorations(r Reader) (all restorations, err error) {
	if all.sure, err = loadRestoration(r, metaRestored); err != nil {
		return all, err
	}
	all.unsure, err = loadRestoration(r, metaRestoredUnsure)
	return all, err
}

func loadRestoration(r Reader, name string) (was Restoration, err error) {
	text, err := r.Meta(name)
	made, at, _ := strings.Cut(text, " ")
	if err != nil || text == "" {
		return was, err
	}
	if was.Made, err = time.Parse(time.RFC3339Nano, made); err == nil {
		was.At, err = time.Parse(time.RFC3339Nano, at)
	}
	if err != nil {
		return was, fmt.Errorf("reading when the store was restored: %w", err)
	}
	return was, nil
}

// ask says why the user must look at a delivery again after a restore, "" if that is not
// needed. Without the ledger, any mail about an earlier interview may have left. With
// it, mail whose time had passed has not left, but what kept it may have been lost with
// the store: a hold, a skip, a reply by phone.
func (r restorations) ask(d Delivery) string {
	if d.Began.Before(r.unsure.At) {
		return fmt.Sprintf("it may have left after the backup of %s was made, though no copy of it was seen; look in your Sent folder first", moment(r.unsure.Made, d.Zone, time.Time{}))
	}
	due := d.When() // of a follow-up whose thanks had not left when the backup was made it is expected only
	if !d.FirstDue.IsZero() && d.FirstDue.Before(due) {
		due = d.FirstDue // since then something has put it off
	}
	last := r.sure
	if last.At.Before(r.unsure.At) {
		last = r.unsure
	}
	if !due.IsZero() && due.Before(last.At) {
		return fmt.Sprintf("its time passed before the backup of %s was put back, and what you said of it since is lost; look whether it is still to leave", moment(last.Made, d.Zone, time.Time{}))
	}
	return ""
}

// Restored is what a backup that was put back leaves to the user.
type Restored struct {
	Asked   int // mails that wait for a person once more
	Doubted int // mails that were on their way when the backup was made
}

// Restored brings a store, restored from a backup, up to date: approvals given before
// mail may have left are withdrawn, and what was being sent is in doubt. Sure says that
// the ledger beside it knows every mail that left since the backup. It is called before
// a daemon uses the store.
func (s *Service) Restored(ctx context.Context, made time.Time, sure bool) (Restored, error) {
	now := Restoration{Made: made, At: s.Clock.Now()}
	var done Restored
	err := s.Store.Update(ctx, func(tx Tx) error {
		done = Restored{}
		if err := recoverClaims(tx, now.At); err != nil {
			return err
		}
		name := metaRestored
		if !sure {
			name = metaRestoredUnsure
		}
		if err := tx.SetMeta(name, now.text()); err != nil {
			return err
		}
		all, err := loadRestorations(tx)
		if err != nil {
			return err
		}
		open, err := tx.Deliveries(DeliveryQuery{States: []State{Planned, Review, Approved}})
		if err != nil {
			return err
		}
		for _, d := range open {
			if err := done.lay(tx, all, d, now.At); err != nil {
				return err
			}
		}
		doubted, err := tx.Deliveries(DeliveryQuery{States: []State{InDoubt}})
		if err != nil {
			return err
		}
		done.Doubted = len(doubted)
		return tx.Log(Event{At: now.At, Actor: ActorUser, What: "restored", Why: "a backup of " + made.UTC().Format("2 Jan 2006 15:04 MST") + " was put back"})
	})
	return done, err
}

// lay lays an open delivery before the user once more, if that is due.
func (done *Restored) lay(tx Tx, all restorations, d Delivery, now time.Time) error {
	why := all.ask(d)
	if why == "" {
		return nil
	}
	switch tried := d.AnyData && d.Frozen != nil; {
	case tried && d.Began.Before(all.unsure.At):
		return doubtRestored(tx, d, now)
	case tried:
		return nil // the same bytes are tried again: the ledger knows that they never left
	}
	done.Asked++
	d.Approved, d.ByPerson, d.Despite = "", false, nil
	e := Event{}
	if d.State == Approved {
		e = moveEvent(d, Review, ActorDaemon, why)
		d.State, d.Why = Review, why
	}
	return put(tx, d, now, e, now)
}

// doubtRestored puts in doubt what was being sent when the backup was made.
func doubtRestored(tx Tx, d Delivery, now time.Time) error {
	const why = "it was being tried when the backup was made, and may have left since"
	if _, err := toDoubt(tx, World{}, d, why, now); err != nil {
		return err
	}
	return tellAbout(tx, Notice{Key: fmt.Sprintf("doubt/%s#restored%d", d.Key, now.UnixMilli()), Kind: "in-doubt", At: now, Subject: "In doubt: the mail to " + d.To.Name,
		Text:     fmt.Sprintf("The mail to %s <%s>: %s. Look in your Sent folder, then say: afterword resolve %s --sent, --not-sent or --drop.", d.To.Name, d.To.Email, why, ShellWord(d.Key)),
		Discreet: "It is in doubt whether a mail was delivered."}, aboutDoubt(d))
}
