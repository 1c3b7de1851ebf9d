package scheduler

import (
	"slices"
	"sync"
	"time"
)

// The parts of a daemon whose life is watched: the goroutine that decides, and
// the one that reads the mailbox.
const (
	PartDispatcher = "dispatcher"
	PartMailbox    = "mailbox"
)

// How long a part may be at work without a sign of life. The dispatcher waits 20
// seconds at most; a look may wait for a server that answers slowly, and the
// adapter ends what takes longer.
const (
	dispatcherSilence = 5 * time.Minute
	mailboxSilence    = 15 * time.Minute
)

// Pulse is what the parts of a daemon show of their lives, for a watchdog and for
// whoever asks. Its methods are safe for concurrent use, and do nothing on nil.
type Pulse struct {
	mu    sync.Mutex
	parts map[string]beat
}

// beat is the last sign of life of a part.
type beat struct {
	at      time.Time
	resting bool // it waits for work: silence means nothing
	ended   bool // its goroutine has returned
}

func (p *Pulse) note(part string, b beat) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil {
		p.parts = map[string]beat{}
	}
	p.parts[part] = b
}

// Dead lists the parts that do not live: silent for too long while at work, or
// ended, or not yet begun.
func (p *Pulse) Dead(now time.Time) (dead []string) {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for part, silence := range map[string]time.Duration{PartDispatcher: dispatcherSilence, PartMailbox: mailboxSilence} {
		b, begun := p.parts[part]
		if !begun || b.ended || !b.resting && now.Sub(b.at) > silence {
			dead = append(dead, part)
		}
	}
	slices.Sort(dead)
	return dead
}
