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

// Daemon is the program at work. One goroutine, Run's own, decides; the others
// carry messages to and from it: the reader looks at the mailbox, the watcher
// waits for news of it, and at most one courier carries a mail to the server.
type Daemon struct {
	Store   Store
	Files   Files
	Writers Writers
	Compose Composer
	// ComposeDraft makes a draft of a delivery, under a Message-ID that no mail
	// to its reader will bear.
	ComposeDraft Composer
	Sender       Sender
	Mailbox      Mailbox   // of the account that sends
	Watched      []Mailbox // of further accounts, read only, part of every look
	Called       []string  // what the user calls these accounts, in this order
	Login        []string  // the command that asks for a grant of each anew, "" where a password lets in
	Drafts       Drafts    // of the account that sends; nil: none are kept
	Channels     []Channel // the ways to tell the user
	Scribe       Scribe    // writes what the user answers; nil: files are not changed
	Watcher      Watcher
	Clock        Clock
	Tables       mailer.Tables
	Ledger       Ledger
	Name         func(key string) string // the own Message-ID of a delivery
	Probe        Probe
	Spare        func() // frees space for an outcome; may be nil
	// KeepSpare keeps that space again; nothing is sent before it is there. It
	// may be nil.
	KeepSpare func() error
	Machine   string // names this machine; "" where nothing can be moved
	// Mailboxes says, by the account's name, which mailbox it leads to.
	Mailboxes map[string]string
	// Changed reports whether the files name another account than the one that
	// is wired here, or reach it in another way; Run then ends with
	// ErrAccountChanged. It may be nil.
	Changed func() bool
	// Pace is how often it wakes without a reason; the zero value is its own.
	Pace Pace
	Log  *slog.Logger

	// Once ends Run when the mailbox was read and all that is due is done.
	Once bool
	// Pulse is told that the daemon lives; nil: nobody asks.
	Pulse *Pulse
	// Began is called when the daemon is at work. It may be nil.
	Began func()

	// Reading is told how far the first reading of the mailbox has come: messages
	// read, about how many are left in the folder, and that it has ended. It may
	// be nil: then the log tells it.
	Reading func(read, left int, ended bool)
	// Applied is called with each Message-ID that was read and applied. It may
	// be nil.
	Applied func(messageID string)

	world         World
	read          []Application // what the files said, as it was read
	who           string        // tells this profile from others; set before the helpers start
	epoch         int64
	helpers       *group
	asks          chan func()     // work for the deciding goroutine
	looks         chan lookOrder  // work for the reader
	news          chan struct{}   // the mailbox may have changed
	rewatch       []chan struct{} // for each mailbox: its watching connection is to be dropped
	line          lineup          // of the mails that may leave
	carrying      string          // key of the delivery with the courier, "" for none
	open          []Notice        // of the outbox: what some channel has still to tell
	voices        []*voice        // how each channel does
	heard         atomic.Int64    // hints that there is mail, so far
	probed        bool            // the probe has arrived, or none is wanted
	copiesDue     bool            // a look has ended since copies were last filed
	probeAfter    time.Time       // no probe is sent before, since one failed or is on its way
	draftsAt      time.Time       // when the drafts are to be read again; zero: not before the store changes
	draftsFailed  bool            // the last round with them failed
	draftsSeen    int64           // version of the store when they were last compared with it
	draftsKept    bool            // that version remembers some
	begun         bool            // the store was taken over
	looked        bool            // a look has ended since
	storeFailures int             // in a row
	storeTold     bool            // the user knows of them
	storeFault    error           // the last of them
	unsettled     []func() error  // outcomes that the store did not take
	answersWait   bool            // answers of the user may be stored that were not carried out
	lost          error           // another dispatcher has taken over
	mended        time.Time       // a file told nothing since then; zero: none does
	untaken       *World          // the files before a change that the store could not take; nil: there is none
	sendingWith   string          // what may change the credential that the transmission under way began with
	mute          bool            // the login for sending was refused: neither mail to oneself nor probe before its credential changes
	notBefore     time.Time       // the mailbox or the server failed; no mail before
	failures      int             // of looks and sessions, in a row
	refused       map[int]error   // by place among the mailboxes: it refused the login, in these words; not again before its credential changes
	refusals      []refusal       // of logins, as far as the store and the user know
	tryAgain      bool            // a credential has changed, and the store does not know it yet
	never         []neverRead     // by place among the mailboxes; belongs to the reader
	lookNoted     time.Time       // when the store last heard of a look
	lastTick      time.Time
	sweepAt       time.Time // when the reader is to look without news
	version       int64     // of the store, when it was last looked through
	wake          time.Time // the next moment that the store wants attention
}

// Pace is how often the daemon wakes without a reason. The simulation, which
// lives through years, gives a slower one.
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

// What helpers wait before they turn to a server, in units of Pace.Apart, each
// another time: no two of them do so at one instant, so that what happens in
// virtual time does not hang on which goroutine was faster.
const (
	readApart  = 3
	carryApart = 5
	watchApart = 7 // for each mailbox
	tellApart  = 11
)

// keepApart lets what sets a helper apart from the others pass, or ended come.
func (d *Daemon) keepApart(h *hand, units int, ended <-chan struct{}) {
	if apart := time.Duration(units) * d.Pace.Apart; apart > 0 {
		h.pause(apart, ended)
	}
}

// carryingPause is how long the rest may wait while a courier carries mail,
// whose own commits would else make the store be looked through after each.
const carryingPause = 100 * time.Millisecond

// The names of values in the store's meta table.
const (
	metaEpoch    = "epoch"
	metaIMAP     = "imap.state"
	metaLastLook = "imap.last_sync"
	metaSMTP     = "smtp.state"
)

// Run works until ctx ends. It returns nil after a clean stop, ErrAccountChanged
// where it is to be wired anew, and another error only if it cannot begin or the
// store fails.
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

// tick does all that is due and returns how long there is nothing to do. The
// store is asked only when somebody wrote to it or its time has come.
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
	if err := d.leave(); err != nil {
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
	for _, at := range []time.Time{d.wake, d.notBefore, d.tellAt(now), d.sweepAt, d.probeAfter, d.draftsAt} {
		if !at.IsZero() && at.After(now) {
			wait = min(wait, at.Sub(now))
		}
	}
	return max(wait, time.Millisecond), nil
}

// mailboxes are all that a look reads, the sending account's first.
func (d *Daemon) mailboxes() []Mailbox { return append([]Mailbox{d.Mailbox}, d.Watched...) }

// signal sends without blocking: one pending signal is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// do runs f on the deciding goroutine and waits for it.
func (d *Daemon) do(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	select {
	case d.asks <- func() { done <- d.noticeFault(f()) }:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-done
}

// drain runs what the helpers still ask for until all of them have ended, so
// that the outcome of a mail under way is recorded.
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
