package scheduler

import (
	"context"
	"time"
)

// Removed is what became of the mail of an application that the user removed.
type Removed struct {
	Cancelled int
	// Unsettled are the mails that nothing can take back any more: on their way,
	// or in doubt.
	Unsettled []Delivery
}

// Remove cancels the open mail of an application whose file the user removed, and
// withdraws its questions. If the file returns, its mail is planned again.
func (s *Service) Remove(ctx context.Context, stem string) (Removed, error) {
	now := s.Clock.Now()
	var done Removed
	err := s.Store.Update(ctx, func(tx Tx) error {
		done = Removed{}
		all, err := tx.Deliveries(DeliveryQuery{Application: stem})
		if err != nil {
			return err
		}
		for _, d := range all {
			switch {
			case d.State.Open():
				c := cancel(d, CauseUnwanted, "you removed the application")
				c.Event.Actor = ActorUser
				if err := put(tx, c.Delivery, now, c.Event, time.Time{}); err != nil {
					return err
				}
				done.Cancelled++
			case d.State.InFlight() || d.State == InDoubt:
				done.Unsettled = append(done.Unsettled, d)
			}
		}
		open, err := tx.Questions()
		if err != nil {
			return err
		}
		for _, q := range open {
			if q.Application != stem {
				continue
			}
			if err := tx.Answer(q.Key); err != nil {
				return err
			}
		}
		return tx.Log(Event{At: now, Application: stem, Actor: ActorUser, What: "removed", Why: "you removed the application"})
	})
	return done, err
}
