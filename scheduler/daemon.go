package scheduler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// Daemon is the program at work. One goroutine, the one that calls Run, makes all
// decisions. Three other kinds carry messages to and from it: the reader reads the
// mailboxes, a watcher for each mailbox waits for new mail, and at most one courier
// talks to the SMTP server.
//
// The exported fields are set before Run and not changed afterwards.
type Daemon struct {
	// What is kept on this machine.
	Store     Store
	Ledger    Ledger
	Spare     func()       // frees disk space reserved for recording an outcome; may be nil
	KeepSpare func() error // reserves that space again, before anything is sent; may be nil
	Machine   string       // this machine's name, to notice a copied store; "": not checked

	// What the user states, and how mail is written from it.
	Files        Files
	Writers      Writers
	Scribe       Scribe // writes answers to notices into the files; nil: files are not changed
	Compose      Composer
	ComposeDraft Composer                // of a draft: its Message-ID is never that of a mail that is sent
	Name         func(key string) string // the Message-ID of the delivery with this key

	// The mail accounts. Slices are in the order of the mailboxes: the sending
	// account first, then the watched ones.
	Sender    Sender
	Mailbox   Mailbox           // of the sending account
	Watched   []Mailbox         // of further accounts; read only, part of every look
	Called    []string          // what the user calls each account
	Login     []string          // the command that renews the OAuth grant of each; "" for an account with a password
	Mailboxes map[string]string // by account name: identity of the mailbox, to notice that the name leads elsewhere now
	Drafts    Drafts            // of the sending account; nil: no drafts are kept
	Probe     Probe
	Tables    mailer.Tables
	// Changed reports whether the files now name another account, or another way to
	// reach it. Run then ends with ErrAccountChanged. It may be nil.
	Changed func() bool

	// Telling the user.
	Channels []Channel
	Log      *slog.Logger

	// Time.
	Clock   Clock
	Watcher Watcher
	Pace    Pace
	Once    bool // Run ends when the mailbox was read and everything due is done

	// Observers; all may be nil.
	Pulse   *Pulse                           // records signs of life, for a watchdog
	Began   func()                           // called once, when the store was taken over and the helpers run
	Reading func(read, left int, ended bool) // progress of the first look: messages read, about how many remain in the folder; nil: it is logged
	Applied func(messageID string)           // called for each message that was read and applied

	// The rest belongs to the deciding goroutine unless it says otherwise.

	world   World         // what the files say, as the daemon last took it up
	read    []Application // the same applications as Files.Read returned them
	untaken *World        // the world before an edit that the store could not record yet; nil: none
	mended  time.Time     // a file that can be read now could not be read since then; zero: none

	who   string // machine and address, to spread pauses; set before the helpers start
	epoch int64  // of this run; a store with another epoch was taken over by another dispatcher
	begun bool   // the store was taken over
	lost  error  // another dispatcher took the store over

	helpers *group
	asks    chan func()     // work for this goroutine
	looks   chan lookOrder  // work for the reader
	news    chan struct{}   // to the reader: a mailbox may have changed
	rewatch []chan struct{} // to each watcher: drop the connection and dial again

	version  int64     // of the store, when it was last looked through
	wake     time.Time // earliest moment at which a delivery wants attention; zero: none
	touched  []string  // names of metaTouched that the store has
	lastTick time.Time

	line        lineup       // the mails that may leave
	carrying    string       // key of the delivery with the courier, or a name such as carryingProbe; "": none
	sendingWith string       // login (Policy.Logins) with which the transmission under way began
	notBefore   time.Time    // no mail leaves before: the mailbox, the server or the store failed
	heard       atomic.Int64 // hints of new mail so far; counted by the watchers
	copiesDue   bool         // a look has ended since copies were last filed
	probed      bool         // the probe has arrived, or none is wanted
	probeAfter  time.Time    // no probe is sent before: one failed or is on its way
	draftRound  draftSchedule

	looked      bool          // a look has ended
	lookNoted   time.Time     // when a look was last recorded in the store
	sweepAt     time.Time     // when the reader is to look without news; zero: one is under way
	failures    int           // looks that failed in a row
	unread      time.Duration // the pauses after them
	never       []neverRead   // by mailbox; belongs to the reader
	answersWait bool          // the store may hold answers of the user that were not carried out

	refused     map[int]error // by mailbox: the words in which it refused the login; it is not asked before its credential changes
	refusals    []refusal     // of logins, as far as the store and the user know
	freshLogin  bool          // the credential by which mail is sent has changed, and the store does not know it yet
	smtpRefused bool          // the SMTP server refused the login: neither probe nor mail to oneself before its credential changes
	tryAgain    bool          // a credential has changed, and the store does not know it yet

	storeFailures int            // commits and reads that failed, in a row
	storeFault    error          // the last of them
	storeTold     bool           // the user was told
	unsettled     []func() error // outcomes that the store did not take yet

	open          []Notice        // of the outbox: those that some channel has still to tell
	channelStates []*channelState // how each channel does
}

// Pace is how often the daemon wakes without an event. The simulation, which plays
// years, uses a slower one.
type Pace struct {
	Wait  time.Duration // the longest wait; zero: boundedWait
	Sweep time.Duration // between two looks without news; zero: sweepEvery, or sweepSoon
	// Drafts is between two readings of the drafts while there are any; zero: draftsEvery.
	Drafts time.Duration
	// Apart is the unit by which helpers keep apart; zero: they do not. It is for
	// virtual time that runs by itself: a stepping clock, which stands while a mail
	// is on its way to being read, would not let it pass.
	Apart time.Duration
}

// longest is the longest wait: sleep and clock steps are noticed within it.
func (p Pace) longest() time.Duration { return cmp.Or(p.Wait, boundedWait) }

// boundedWait is the longest wait of a daemon at its own pace.
const boundedWait = 20 * time.Second

// How long each kind of helper waits before it talks to a server, in units of
// Pace.Apart. The numbers differ so that in virtual time no two helpers act at the same
// instant, and the result does not depend on the goroutine scheduler.
const (
	readApart  = 3
	carryApart = 5
	watchApart = 7 // for each mailbox
	tellApart  = 11
)

// keepApart waits so many units of Pace.Apart, or until ended is closed.
func (d *Daemon) keepApart(h *hand, units int, ended <-chan struct{}) {
	if apart := time.Duration(units) * d.Pace.Apart; apart > 0 {
		h.pause(apart, ended)
	}
}

// carryingPause is the pause between two ticks while a courier carries mail: each of its
// commits would otherwise trigger a look through the store.
const carryingPause = 100 * time.Millisecond

// The names of values in the store's meta table.
const (
	metaEpoch    = "epoch"
	metaIMAP     = "imap.state"
	metaLastLook = "imap.last_sync"
	metaSMTP     = "smtp.state"
)

// Run works until ctx ends. It returns nil after a clean stop, ErrAccountChanged if a
// new Daemon must be built, and another error only if it cannot begin or the store fails
// for good.
func (d *Daemon) Run(ctx context.Context) error {
	d.asks, d.looks = make(chan func()), make(chan lookOrder)
	d.news = make(chan struct{}, 1)
	for range d.mailboxes() {
		d.rewatch = append(d.rewatch, make(chan struct{}, 1))
	}
	d.helpers = newGroup(d.Clock)
	h := raise(d.Clock)
	defer func() { h.release() }()
	if err := d.start(ctx); err != nil {
		return unlessStopped(ctx, err)
	}
	d.who = d.Machine + "/" + d.world.Policy.Me.Email
	work, stop := context.WithCancel(ctx)
	d.Pulse.note(PartMailbox, beat{at: d.Clock.Now()}) // it lives from here on, whoever asks first
	d.helpers.start(func(h *hand) { d.readLoop(work, h) })
	for n, box := range d.mailboxes() {
		if d.Once {
			break // nobody waits for news
		}
		d.helpers.start(func(h *hand) { d.watchLoop(work, h, n, box) })
	}
	if d.Began != nil {
		d.Began()
	}
	err := d.loop(work, h)
	stop()
	d.drain()
	if errors.Is(err, errOnceOver) {
		return nil
	}
	return unlessStopped(ctx, err)
}

// unlessStopped is nil for an error that only says that ctx has ended.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// loop is the deciding goroutine.
func (d *Daemon) loop(ctx context.Context, h *hand) error {
	for ctx.Err() == nil {
		d.Pulse.note(PartDispatcher, beat{at: d.Clock.Now()})
		wait, err := d.tick(ctx)
		if err != nil {
			wait = d.Pace.longest()
			if err = d.storeTrouble(err); err != nil {
				return err
			}
		}
		d.tellOfStoreFault(ctx)
		if over := d.onceOver(d.Clock.Now()); over != nil {
			return over
		}
		var ask func()
		changed := false
		h.rest(wait, func(timer <-chan time.Time) {
			select {
			case <-ctx.Done():
			case <-timer:
			case ask = <-d.asks:
			case <-d.Watcher.Files():
				changed = true
			case <-d.Watcher.Store(): // the tick finds what was woken
			}
		})
		if ask != nil {
			ask()
		}
		if changed {
			if err := d.filesChanged(ctx); err != nil {
				if err = d.storeTrouble(err); err != nil {
					return err
				}
			}
		}
	}
	return ctx.Err()
}

// tick does everything that is due and returns how long there is nothing to do. The
// store is read only if somebody wrote to it or a delivery's wake time has come.
func (d *Daemon) tick(ctx context.Context) (time.Duration, error) {
	if d.lost != nil {
		return 0, d.lost
	}
	now := d.Clock.Now()
	if since := now.Sub(d.lastTick); d.carrying != "" && since >= 0 && since < carryingPause {
		return carryingPause - since, nil
	}
	d.noticeSleep(now)
	last := d.lastTick
	d.lastTick = now
	if err := d.settleLate(); err != nil {
		return 0, err
	}
	if err := d.endIfOtherAccount(); err != nil {
		return 0, err
	}
	if err := d.beginDay(ctx, last, now); err != nil {
		return 0, err
	}
	version, err := d.Store.Version(ctx)
	if err != nil {
		return 0, err
	}
	if version != d.version || (!d.wake.IsZero() && !now.Before(d.wake)) {
		if err := d.lookThrough(ctx, now); err != nil {
			return 0, err
		}
	}
	if !d.sweepAt.IsZero() && !now.Before(d.sweepAt) {
		d.sweepAt = time.Time{} // the look sets the next one
		signal(d.news)
	}
	if err := d.storeWorks(ctx); err != nil {
		return 0, err
	}
	if d.untaken != nil && d.storeFailures == 0 {
		if err := d.filesChanged(ctx); err != nil {
			return 0, err
		}
	}
	if err := d.dispatch(ctx, now); err != nil {
		return 0, err
	}
	if err := d.flush(ctx, now); err != nil {
		return 0, err
	}
	wait := d.Pace.longest()
	for _, at := range []time.Time{d.wake, d.notBefore, d.tellAt(now), d.sweepAt, d.probeAfter, d.draftRound.at} {
		if !at.IsZero() && at.After(now) {
			wait = min(wait, at.Sub(now))
		}
	}
	return max(wait, time.Millisecond), nil
}

// mailboxes are those that a look reads: the sending account's, then the watched ones.
func (d *Daemon) mailboxes() []Mailbox { return append([]Mailbox{d.Mailbox}, d.Watched...) }

// signal sends without blocking: one pending signal is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// do runs f on the deciding goroutine, waits for it and returns its error. It is how
// helpers read or change anything of the daemon.
func (d *Daemon) do(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	select {
	case d.asks <- func() { done <- d.noticeFault(f()) }:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-done
}

// drain serves the helpers until all of them have ended, so that the outcome of a mail
// under way is still recorded.
func (d *Daemon) drain() {
	for {
		select {
		case ask := <-d.asks:
			ask()
		case <-d.helpers.ended():
			return
		}
	}
}
