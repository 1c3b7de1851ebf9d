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

// sandbox is the program at work against the mail server inside the process,
// with a clock that jumps from event to event. All of it but the clock and the
// way to the server is what `run` uses.
type sandbox struct {
	house  *house
	world  *mailtest.World
	clock  *clock.Stepping
	daemon *scheduler.Daemon
	show   func(scheduler.Event) // each event as it is committed; may be nil
	files  chan struct{}
	ran    chan struct{} // closed when the daemon has ended

	mu      sync.Mutex
	applied map[string]chan struct{}
	failed  error
	start   func() // lets the clock go once the daemon has begun
	stop    context.CancelFunc
	shown   int64
	names   map[string]string
}

// newSandbox wires a profile to a sandbox that lasts from start to end.
func newSandbox(ctx context.Context, configPath string, start, end time.Time) (*sandbox, error) {
	b := &sandbox{clock: clock.NewStepping(start, end), files: make(chan struct{}), ran: make(chan struct{}),
		applied: map[string]chan struct{}{}, names: map[string]string{}}
	b.start = b.clock.Hold()
	h, err := openHouse(ctx, configPath, outside{clock: b.clock}, true)
	if err != nil {
		return nil, err
	}
	b.house = h
	account := h.config.Account
	b.world, err = mailtest.New(mailtest.Options{Clock: b.clock, Address: h.config.Policy.Me.Email, Aliases: h.config.Policy.Me.Aliases,
		Username: account.Username, Host: account.IMAP.Host, CertHosts: []string{account.SMTP.Host},
		Delivered: b.delivered, SMTP: mailtest.SMTPOptions{FileSent: true}})
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.outside.dial, h.outside.roots, h.outside.watcher = b.world.Network().DialContext, b.world.CertPool(), b
	h.store = &tap{Store: h.store, committed: b.committed}
	h.service.Store = h.store
	b.daemon, err = h.daemon(slog.New(slog.DiscardHandler), []byte("a secret of the sandbox, 32 bytes"))
	if err != nil {
		return nil, errors.Join(err, b.world.Close(), h.Close())
	}
	b.daemon.Applied = func(id string) { b.seen(id) }
	return b, nil
}

// Files tells the daemon of edits; it implements scheduler.Watcher.
func (b *sandbox) Files() <-chan struct{} { return b.files }

// Store never tells anything: no other process works on a sandbox.
func (b *sandbox) Store() <-chan struct{} { return nil }

// edited tells the daemon that the user saved a file, and returns when it has
// begun to read it.
func (b *sandbox) edited() {
	select {
	case b.files <- struct{}{}:
	case <-b.ran:
	}
}

// patience is how long, in real time, a mail that arrived may take to be read
// before the clock goes on without it: a guard against standing still for ever.
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
	return errors.Join(err, b.world.Close(), b.house.Close())
}

// committed shows what the last commit said.
func (b *sandbox) committed(ctx context.Context) {
	b.start() // the daemon is at work and keeps the clock itself from here on
	if b.show == nil {
		return
	}
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
