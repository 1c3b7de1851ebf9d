package scheduler

import (
	"context"
	"strings"
	"time"
)

// sourceUser marks the holds that the user set.
const sourceUser = "user"

// target reads what a hold or a resume is about: nothing for everything, an
// application, a person's address, or a fragment of a key.
func target(r Reader, w World, text string) (Scope, string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return ScopeEverything, "", nil
	}
	if _, ok := w.Applications[text]; ok {
		return ScopeApplication, text, nil
	}
	if strings.Contains(text, "@") && !strings.Contains(text, "/") {
		for _, a := range w.Applications {
			for _, p := range a.People() {
				for _, address := range p.Addresses() {
					if NormalAddress(address) == NormalAddress(text) {
						return ScopePerson, NormalAddress(text), nil
					}
				}
			}
		}
	}
	d, err := find(r, text)
	if err != nil {
		return "", "", refuse("name an application, a person's address or a part of a key", "nothing is called %q", text)
	}
	return ScopeDelivery, d.Key, nil
}

// Hold keeps mail from leaving: everything, an application, a person or one
// delivery, until a time or until it is resumed. The hold is returned.
func (s *Service) Hold(ctx context.Context, what string, until time.Time, reason string) (Hold, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return Hold{}, err
	}
	if !until.IsZero() && !until.After(now) {
		return Hold{}, refuse("give a time in the future", "a hold until %s would be over already", until.Format(time.DateTime))
	}
	var h Hold
	err = s.Store.Update(ctx, func(tx Tx) error {
		scope, name, err := target(tx, w, what)
		if err != nil {
			return err
		}
		h = Hold{Scope: scope, Target: name, Source: sourceUser, Until: until, Set: now, Reason: firstOf(reason, "you put it on hold")}
		if err := setHold(tx, h, ActorUser, "", now); err != nil {
			return err
		}
		return wakeAll(tx, scope, name, now)
	})
	return h, err
}

// Resume lifts every hold of a target, and all holds where none is named. It
// returns how many it lifted.
func (s *Service) Resume(ctx context.Context, what string) (int, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return 0, err
	}
	lifted := 0
	err = s.Store.Update(ctx, func(tx Tx) error {
		scope, name, err := target(tx, w, what)
		if err != nil {
			return err
		}
		if scope == ScopeEverything {
			lifted, err = liftAll(tx)
		} else {
			lifted, err = tx.Lift(scope, name, "")
		}
		if err != nil {
			return err
		}
		e := Event{At: now, Actor: ActorUser, What: "resumed", To: strings.TrimSpace(string(scope) + " " + name), Why: "you resumed it"}
		if scope == ScopeApplication {
			e.Application = name
		}
		if err := tx.Log(e); err != nil {
			return err
		}
		return wakeAll(tx, scope, name, now)
	})
	return lifted, err
}

// liftAll lifts the holds of every scope.
func liftAll(tx Tx) (int, error) {
	holds, err := tx.Holds()
	if err != nil {
		return 0, err
	}
	lifted := 0
	for _, h := range holds {
		switch h.Source {
		case sourceLedger, sourceStrangers, sourceMachine:
			continue // `resolve` and `adopt` end these: they guard against a second mail
		}
		n, err := tx.Lift(h.Scope, h.Target, h.Source)
		if err != nil {
			return 0, err
		}
		lifted += n
	}
	return lifted, nil
}

// wakeAll makes the daemon look again at what a hold touches.
func wakeAll(tx Tx, scope Scope, name string, now time.Time) error {
	q := DeliveryQuery{States: []State{Planned, Review, Approved}}
	switch scope {
	case ScopeApplication:
		q.Application = name
	case ScopePerson:
		q.Person = name
	case ScopeDelivery:
		q.Fragment = name
	}
	ds, err := tx.Deliveries(q)
	if err != nil {
		return err
	}
	for _, d := range ds {
		if err := tx.SetWake(d.Key, now); err != nil {
			return err
		}
	}
	return nil
}

// Adopt accepts that the profile lives on this machine now. It returns how many
// holds that lifted.
func (s *Service) Adopt(ctx context.Context, machine string) (lifted int, err error) {
	now := s.Clock.Now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		lifted, err = acceptMachine(tx, machine, now)
		return err
	})
	return lifted, err
}
