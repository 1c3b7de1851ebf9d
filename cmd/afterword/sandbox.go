package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"afterword/internal/clock"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// provider is a mail provider and the people who write through it: in the process for
// demo and rehearsal, real servers in the story test. Whatever it does at a moment it
// does while the clock is held.
type provider interface {
	// At calls do at a time of the clock.
	At(at time.Time, do func())
	// WritesAt lets a letter arrive in the candidate's INBOX at a time.
	WritesAt(at time.Time, l mailtest.Letter)
	// ScriptFunc says what mail to a person leads to.
	ScriptFunc(person string, behaviour mailtest.Behaviour) error
	// AcceptedTo is what the server took for an address.
	AcceptedTo(address string) []mailtest.Accepted
	Close() error
}

// sandbox is the program running against a provider of its own, with a clock that jumps
// from event to event. Everything but the clock and the connection to the server is what
// `run` uses.
type sandbox struct {
	house  *house
	people provider
	clock  *clock.Stepping
	daemon *scheduler.Daemon
	show   func(scheduler.Event) // each event as it is committed; may be nil
	files  chan struct{}
	stored chan struct{} // commits beside the daemon's
	ran    chan struct{} // closed when the daemon has ended

	mu      sync.Mutex
	applied map[string]chan struct{}
	failed  error
	start   func() // lets the clock go once the daemon has begun
	stop    context.CancelFunc

	showing sync.Mutex // guards what follows
	shown   int64
	names   map[string]string
}

// newSandbox wires a profile to a sandbox that lasts from start to end. connect
// gives the house its way to the provider that it returns.
func newSandbox(ctx context.Context, configPath string, start, end time.Time, connect func(*sandbox) (provider, error)) (*sandbox, error) {
	b := &sandbox{clock: clock.NewStepping(start, end), files: make(chan struct{}), stored: make(chan struct{}), ran: make(chan struct{}),
		applied: map[string]chan struct{}{}, names: map[string]string{}}
	b.start = b.clock.Hold()
	h, err := openHouse(ctx, configPath, outside{clock: b.clock}, true)
	if err != nil {
		return nil, err
	}
	b.house = h
	h.outside.watcher = b
	if b.people, err = connect(b); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.store = &tap{Store: h.store, committed: b.committed}
	h.service.Store = h.store
	b.daemon, err = h.daemon(slog.New(slog.DiscardHandler), identity{secret: []byte("a secret of the sandbox, 32 bytes")})
	if err != nil {
		return nil, errors.Join(err, b.people.Close(), h.Close())
	}
	b.daemon.Applied = func(id string) { b.seen(id) }
	return b, nil
}

// inProcess connects a sandbox to the mail server inside the process.
func inProcess(b *sandbox) (provider, error) {
	me, account := b.house.config.Policy.Me, b.house.config.Account
	w, err := mailtest.New(mailtest.Options{Clock: b.clock, Address: me.Email, Aliases: me.Aliases,
		Username: account.Username, Host: account.IMAP.Host, CertHosts: []string{account.SMTP.Host},
		Delivered: b.delivered, SMTP: mailtest.SMTPOptions{FileSent: true}})
	if err != nil {
		return nil, err
	}
	b.house.outside.dial, b.house.outside.roots = w.Network().DialContext, w.CertPool()
	return w, nil
}

// Files tells the daemon of edits; it implements scheduler.Watcher.
func (b *sandbox) Files() <-chan struct{} { return b.files }

// Store tells of commits that the daemon did not make.
func (b *sandbox) Store() <-chan struct{} { return b.stored }

// acted tells the daemon that the user did something by a command, and returns
// when it has begun to look.
func (b *sandbox) acted() {
	select {
	case b.stored <- struct{}{}:
	case <-b.ran:
	}
}

// edited tells the daemon that the user saved a file, and returns when it has
// begun to read it.
func (b *sandbox) edited() {
	select {
	case b.files <- struct{}{}:
	case <-b.ran:
	}
}

// patience is how long, in real time, the clock waits for an arrived mail to be read
// before it goes on: a guard against standing still for ever.
const patience = 10 * time.Second

// delivered keeps the clock still until the daemon has read a mail that arrived.
func (b *sandbox) delivered(id string) {
	select {
	case <-b.signal(id):
	case <-b.ran:
	case <-time.After(patience):
	}
}

// seen tells delivered that a mail was read.
func (b *sandbox) seen(id string) {
	c := b.signal(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-c:
	default:
		close(c)
	}
}

func (b *sandbox) signal(id string) chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.applied[id] == nil {
		b.applied[id] = make(chan struct{})
	}
	return b.applied[id]
}

// finish ends the run before the clock has come to its end.
func (b *sandbox) finish() { b.fail(nil) }

// fail ends the run with an error of the script.
func (b *sandbox) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = errors.Join(b.failed, err)
	if b.stop != nil {
		b.stop()
	}
}

// Run plays until the clock has come to its end.
func (b *sandbox) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b.mu.Lock()
	b.stop = stop
	b.mu.Unlock()
	go func() {
		select {
		case <-b.clock.Over():
			stop()
		case <-ctx.Done():
		}
	}()
	err := b.daemon.Run(ctx)
	close(b.ran)
	b.daemon.Sender.Rest()
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(err, b.failed)
}

// Close ends the servers and the store.
func (b *sandbox) Close() error {
	err := b.daemon.Mailbox.Close()
	return errors.Join(err, b.people.Close(), b.house.Close())
}

// committed shows what the last commit said.
func (b *sandbox) committed(ctx context.Context) {
	b.start() // the daemon is at work and keeps the clock itself from here on
	if b.show == nil {
		return
	}
	b.showing.Lock()
	defer b.showing.Unlock()
	events, err := b.house.service.Events(ctx, scheduler.EventQuery{After: b.shown})
	if err != nil {
		b.fail(err)
		return
	}
	for _, e := range events {
		b.shown = e.ID
		b.show(e)
	}
}

// person names whom an event is about.
func (b *sandbox) person(e scheduler.Event) string {
	if e.Key == "" {
		return ""
	}
	if n, ok := b.names[e.Key]; ok {
		return n
	}
	if story, err := b.house.service.Why(context.Background(), e.Key); err == nil {
		b.names[e.Key] = story.Delivery.To.Name
	}
	return b.names[e.Key]
}

// tap calls committed after each commit.
type tap struct {
	scheduler.Store
	committed func(context.Context)
}

// Update commits and tells.
func (t *tap) Update(ctx context.Context, f func(scheduler.Tx) error) error {
	err := t.Store.Update(ctx, f)
	if err == nil {
		t.committed(context.WithoutCancel(ctx))
	}
	return err
}

var _ io.Closer = (*house)(nil)
