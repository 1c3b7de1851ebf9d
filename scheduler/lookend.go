package scheduler

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// lookEnd is the result of one look at all accounts.
type lookEnd struct {
	count *tally
	err   error // why the first account that failed was not read to its end; nil where only logins were refused
	// refused holds, by mailbox, the words in which it refused the login, now or at an
	// earlier look.
	refused map[int]error
	logins  []string // as Policy.Logins was when the look began
	gap     bool     // mail came and left unread
	news    bool     // something was read
	// leftOut are folders that could never be read.
	leftOut  []mailer.FolderTrouble
	sweep    time.Duration // how long until the next look without news
	progress *progress
}

// failed is why not everything was read, nil if everything was.
func (e lookEnd) failed() error {
	if e.err != nil || len(e.refused) == 0 {
		return e.err
	}
	return e.refused[slices.Min(slices.Collect(maps.Keys(e.refused)))]
}

// quiet reports whether the look found nothing at all. Most do; committing each would
// keep a disk awake.
func (e lookEnd) quiet() bool { return e.err == nil && !e.gap && !e.news && len(e.leftOut) == 0 }

// noteLook records how a look ended. After one that read everything it also says what
// can only be said then. An account may refuse the login for weeks: then that is done
// for the others, with a note that this one was not read.
func (d *Daemon) noteLook(ctx context.Context, end lookEnd) error {
	if err := d.recordLook(ctx, end); err != nil || end.err != nil || len(end.refused) > len(d.Watched) {
		return err
	}
	var shut []string
	for _, n := range slices.Sorted(maps.Keys(end.refused)) {
		shut = append(shut, d.called(n))
	}
	d.world.shut = strings.Join(shut, " and ")
	return d.sayDue(ctx, d.Clock.Now())
}

// sayDue tells the user what was waiting for a complete look: unanswered mail, the
// weekly summary, and invitations that are over.
func (d *Daemon) sayDue(ctx context.Context, now time.Time) error {
	var over, turns []string
	var digest summary
	err := d.Store.View(ctx, func(r Reader) (err error) { // one for all: most find nothing
		if over, err = looseOver(r, d.world, now); err != nil {
			return err
		}
		if turns, err = turnsDue(r, now); err != nil {
			return err
		}
		digest, err = digestDue(r, d.world.Policy, now)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.dropLoose(ctx, over); err != nil {
		return err
	}
	if err := d.tellTurns(ctx, turns, now); err != nil {
		return err
	}
	return d.tellDigest(ctx, digest, now)
}

// recordLook stores the state of the mailboxes for `status` and sets the pauses after
// failures.
func (d *Daemon) recordLook(ctx context.Context, end lookEnd) error {
	if end.err != nil && (ctx.Err() != nil || errors.Is(end.err, context.Canceled)) {
		return nil // the program stops; that is no trouble
	}
	now := d.Clock.Now()
	d.looked = true
	before, stale := d.world.Trouble, now.Before(d.lookNoted) || now.Sub(d.lookNoted) >= cmp.Or(d.Pace.Sweep, sweepEvery)
	state := d.judgeLook(end, now)
	news := d.refuse(end.refused, end.logins)
	if unusable(end.err) {
		return nil // it was noticed, and cannot be noted
	}
	whole := end.failed() == nil
	if end.quiet() && before == d.world.Trouble && len(news) == 0 && !stale {
		d.copiesDue = d.copiesDue || whole
		return nil
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		if err := d.noteRefusals(tx, news, now); err != nil {
			return err
		}
		return d.writeLook(tx, end, state, now)
	})
	if err != nil {
		return err
	}
	d.lookNoted = now
	d.refusals = append(d.refusals, news...)
	d.copiesDue = d.copiesDue || whole
	if before == d.world.Trouble {
		return nil
	}
	return d.attendAll(ctx, d.line.stems())
}

// judgeLook puts the state of the mailboxes into one line and sets when they are read
// again. A refused login is not a failure that leads to an early retry.
func (d *Daemon) judgeLook(end lookEnd, now time.Time) (state string) {
	d.sweepAt = now.Add(end.sweep)
	if end.err == nil {
		d.failures, d.unread = 0, 0
	} else {
		d.failures++
		pause := d.reconnect(d.failures, end.err)
		d.unread += pause
		d.notBefore = now.Add(pause)
		d.sweepAt = d.notBefore
		d.Log.Warn("reading the mailbox", "err", end.err, "again_in", pause.String())
	}
	if err := end.failed(); err != nil {
		d.world.Trouble = unreadWords + err.Error()
		return err.Error()
	}
	d.world.Trouble = ""
	return imapReads
}

// What is kept of the last look, and what mail waits for after one that failed.
const (
	imapReads   = "ok"
	unreadWords = "the mailbox could not be read first: "
)

// writeLook stores the result of a look.
func (d *Daemon) writeLook(tx Tx, end lookEnd, state string, now time.Time) error {
	if err := tx.SetMeta(metaTally, end.count.text()); err != nil {
		return err
	}
	if err := saveNumbering(tx, end.count.numbers, now); err != nil {
		return err
	}
	if end.gap {
		if err := noteGap(tx, now); err != nil {
			return err
		}
	}
	if err := tellLeftOut(tx, end.leftOut, now); err != nil {
		return err
	}
	switch waits := !d.line.empty() || d.carrying != ""; {
	case d.failures >= unreadableTold && waits:
		if err := tell(tx, unreadable(state, now)); err != nil {
			return err
		}
	case d.unread >= unreadableLong:
		if err := tell(tx, unreadForLong(state, now)); err != nil {
			return err
		}
	}
	if end.failed() == nil {
		if err := concludeProbe(tx, now); err != nil {
			return err
		}
		if err := noteAbsence(tx, now); err != nil {
			return err
		}
		if err := tx.SetMeta(metaLastLook, now.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return tx.SetMeta(metaIMAP, state)
}

// unreadableTold is how many looks in a row must fail before the user is told that due
// mail waits for the mailbox. That takes some minutes.
const unreadableTold = 5

// unreadableLong is how long they must fail before the user is told although no mail is
// due: what comes in meanwhile is not seen. It counts the pauses between them, and so not
// the time that a machine sleeps.
const unreadableLong = 12 * time.Hour

func unreadForLong(state string, now time.Time) Notice {
	return Notice{Key: "mailbox/" + now.UTC().Format(time.DateOnly), Kind: "mailbox", At: now, Subject: "The mailbox cannot be read",
		Text:     "The mailbox could not be read for hours: " + state + ". Answers are not seen meanwhile, and nothing leaves. It is tried again by itself; `afterword check` tells more.",
		Discreet: "The mailbox cannot be read."}
}

func unreadable(state string, now time.Time) Notice {
	return Notice{Key: "mailbox/" + now.UTC().Format(time.DateOnly), Kind: "mailbox", At: now, Subject: "Mail waits: the mailbox cannot be read",
		Text:     "Mail is due, and nothing leaves before the mailbox could be read: " + state + ". It is tried again by itself; `afterword check` tells more.",
		Discreet: "Mail waits for the mailbox."}
}
