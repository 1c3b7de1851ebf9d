package scheduler

import (
	"log/slog"
	"time"

	"afterword/mailer"
)

// progress tells how far the first reading of the mailbox has come, which may
// take minutes. Of later ones nothing is told: a nil progress is silent.
type progress struct {
	log   *slog.Logger
	clock Clock
	shown func(read, left int, ended bool) // where somebody watches; else lines of the log tell it
	read  int
	next  time.Time // not before
}

// progressEvery keeps the lines few.
const progressEvery = 5 * time.Second

// progress begins the story of a look, if it is the first.
func (d *Daemon) progress(count *tally, req mailer.LookRequest) *progress {
	if !count.since.IsZero() {
		return nil
	}
	d.Log.Info("reading the mailbox for the first time", "back_to", req.Since.Format(time.DateOnly))
	return &progress{log: d.Log, clock: d.Clock, shown: d.Reading, next: d.Clock.Now().Add(progressEvery)}
}

// note counts a batch.
func (p *progress) note(b mailer.Batch) {
	if p == nil {
		return
	}
	p.read += len(b.Messages)
	if p.shown != nil {
		p.shown(p.read, b.Left, false)
		return
	}
	if now := p.clock.Now(); !now.Before(p.next) {
		p.next = now.Add(progressEvery)
		p.log.Info("reading the mailbox", "read", p.read, "left_in_folder", b.Left)
	}
}

// end tells that all was read. A failure is told elsewhere.
func (p *progress) end(err error) {
	if p != nil && p.shown != nil {
		p.shown(p.read, 0, true)
	}
	if p != nil && err == nil {
		p.log.Info("the mailbox was read", "messages", p.read)
	}
}
