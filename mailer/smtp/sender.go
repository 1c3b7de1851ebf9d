package smtp

import (
	"context"
	"fmt"
	"time"

	"afterword/mailer"
)

// idleLimit is how long a session is kept between two messages. It is short
// because a link that a laptop slept through looks alive for minutes.
const idleLimit = 30 * time.Second

// Sender transmits messages of one account, one at a time. Its methods are safe
// for concurrent use; a second Send waits for the first.
type Sender struct {
	config Config
	turn   chan struct{} // holds one token: whoever took it owns idle
	idle   *session      // logged in, its last message accepted; nil if there is none
}

// New returns a sender for the account. It opens no connection.
func New(config Config) (*Sender, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	s := &Sender{config: config.withDefaults(), turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s, nil
}

// Send transmits m and says what became of it. The outcome is always one of
// the four, and the Err of the receipt holds no secret.
//
// BeforeDot is called at most once, when everything but the final dot was
// written; nil means that nobody asks. If it fails, or ctx ends before it was
// called, the connection is closed without the dot and the outcome is deferred,
// with the cause in Err. Once it returned nil, only a complete reply can make
// the outcome anything but in doubt, and ctx ends the wait for that reply.
//
// A message that no server could take unchanged is refused before anything is
// sent, with Err set and Code 0.
func (s *Sender) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	if err := checkFrozen(m); err != nil {
		return (&failure{phase: mailer.PhaseConnect, err: err, local: true}).receipt()
	}
	if failed := s.take(ctx); failed != nil {
		return failed.receipt()
	}
	defer s.give()
	if reused := s.takeIdle(); reused != nil {
		receipt := s.attempt(ctx, reused, m, beforeDot)
		if !wasStale(receipt) || ctx.Err() != nil {
			return receipt
		}
	}
	opened, failed := s.open(ctx)
	if failed != nil {
		return failed.receipt()
	}
	return s.attempt(ctx, opened, m, beforeDot)
}

// wasStale says that a reused session took no part of the message: it had ended, or
// would have no second mail, or another login first. The same message may go out on a
// fresh one at once, which says what it thinks of the message itself.
func wasStale(r mailer.Receipt) bool {
	return r.Phase == mailer.PhaseMail && (r.Code != 0 || r.Outcome == mailer.Deferred)
}

// attempt transmits on one session, and keeps it only after an acceptance.
func (s *Sender) attempt(ctx context.Context, on *session, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	stop := context.AfterFunc(ctx, on.close)
	keep := false
	defer func() {
		if !stop() || !keep {
			on.close()
			return
		}
		on.settledAt = time.Now()
		s.idle = on
	}()
	receipt := on.transmit(ctx, m, beforeDot, s.config.AnswerTimeout)
	keep = receipt.Outcome == mailer.Accepted && on.quiet()
	return receipt
}

// takeIdle returns the session to reuse, nil if there is none that is fresh.
// The wall clock is asked, since the monotonic one stands still while a machine
// sleeps; one that was set back counts as a long time.
func (s *Sender) takeIdle() *session {
	idle := s.idle
	s.idle = nil
	if idle == nil {
		return nil
	}
	rested := time.Now().Round(0).Sub(idle.settledAt.Round(0))
	if rested < 0 || rested > idleLimit {
		idle.close()
		return nil
	}
	return idle
}

// Rest closes an idle connection. It waits a few seconds at most, does nothing
// while a message is under way, and touches no outcome.
func (s *Sender) Rest() {
	select {
	case <-s.turn:
	default:
		return
	}
	defer s.give()
	if s.idle != nil {
		s.idle.quit()
		s.idle = nil
	}
}

func (s *Sender) take(ctx context.Context) *failure {
	if ctx.Err() == nil {
		select {
		case <-s.turn:
			return nil
		case <-ctx.Done():
		}
	}
	return &failure{phase: mailer.PhaseConnect, err: fmt.Errorf("waiting for the sender: %w", context.Cause(ctx))}
}

func (s *Sender) give() { s.turn <- struct{}{} }
