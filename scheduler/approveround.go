package scheduler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Approval is what came of approving one mail of several.
type Approval struct {
	Delivery Delivery
	Refused  error // why it still waits, nil if it is approved
}

// NamesRound reports whether a target names a whole application ("acme") or one of its
// interviews ("acme/onsite"). A prefix of the application's name will do.
func (s *Service) NamesRound(target string) (bool, error) {
	w, err := s.world()
	if err != nil {
		return false, err
	}
	_, named := w.roundNamed(target)
	return named, nil
}

// applicationNamed finds an application by its name, in any case, or by the only one
// that begins so.
func (w World) applicationNamed(name string) (a Application, found bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	n := 0
	for _, one := range w.Applications {
		stem := strings.ToLower(one.Stem)
		if stem == name {
			return one, true
		}
		if name != "" && strings.HasPrefix(stem, name) {
			a, n = one, n+1
		}
	}
	return a, n == 1
}

// roundNamed is how the keys of an application's mails begin, or of those of its round,
// where the target names one of them.
func (w World) roundNamed(target string) (prefix string, named bool) {
	name, round, inner := strings.Cut(strings.Trim(target, "/ "), "/")
	a, found := w.applicationNamed(name)
	switch i, known := a.Interview(round); {
	case !found || inner && !known:
		return "", false
	case inner:
		return keyPart(a.Stem) + "/" + keyPart(i.ID) + "/", true
	}
	return keyPart(a.Stem) + "/", true
}

// ApproveRound approves every mail of an application, or of one of its interviews, that
// is in review, in one transaction. A mail with findings of severity error stays in
// review and says why: an error can be overruled for one mail by name only.
func (s *Service) ApproveRound(ctx context.Context, target string) ([]Approval, error) {
	return s.approveRound(ctx, target, func(Tx, World, Delivery, time.Time) error { return nil })
}

// ApproveRoundSeen is ApproveRound for a user who was shown the texts with these
// TextHashes. A mail whose text has changed since stays in review.
func (s *Service) ApproveRoundSeen(ctx context.Context, target string, seen []string) ([]Approval, error) {
	return s.approveRound(ctx, target, func(tx Tx, w World, d Delivery, now time.Time) error {
		hash, err := s.hashNow(tx, w, d, now)
		if err == nil && !slices.Contains(seen, hash) {
			err = &stale{d.Key}
		}
		return err
	})
}

func (s *Service) approveRound(ctx context.Context, target string, allow func(Tx, World, Delivery, time.Time) error) ([]Approval, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return nil, err
	}
	prefix, named := w.roundNamed(target)
	if !named {
		prefix = strings.ToLower(strings.Trim(target, "/ ")) + "/"
	}
	waiting, err := s.waitingIn(ctx, w, target, prefix, now)
	if err != nil {
		return nil, err
	}
	var all []Approval
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		if all, err = s.approveAll(tx, w, waiting, allow, now); err != nil {
			return err
		}
		for _, x := range all {
			err = errors.Join(err, touch(tx, x.Delivery.Application))
		}
		return err
	})
	if err == nil && len(all) == 0 {
		err = refuse("`afterword status` shows what waits, `afterword plan` what is to come", "nothing of %s waits for your approval", strings.TrimSuffix(prefix, "/"))
	}
	return all, err
}

// waitingIn are the mails whose keys begin so and that wait for approval: those that
// did when they were last attended to, and those that do by now.
func (s *Service) waitingIn(ctx context.Context, w World, target, prefix string, now time.Time) (all []Delivery, err error) {
	look := func(r Reader) error {
		waiting, err := r.Deliveries(DeliveryQuery{States: []State{Review}, Fragment: prefix, Brief: true})
		for _, d := range waiting {
			if strings.HasPrefix(d.Key, prefix) && !slices.ContainsFunc(all, func(o Delivery) bool { return o.Key == d.Key }) {
				all = append(all, d)
			}
		}
		return err
	}
	if err := s.Store.View(ctx, look); err != nil {
		return nil, err
	}
	name, _, _ := strings.Cut(strings.Trim(target, "/ "), "/")
	a, _ := w.applicationNamed(name)
	return all, s.asOf(ctx, w, now, []string{a.Stem}, look)
}

func (s *Service) approveAll(tx Tx, w World, waiting []Delivery, allow func(Tx, World, Delivery, time.Time) error, now time.Time) ([]Approval, error) {
	var all []Approval
	for _, d := range waiting {
		d, err := tx.Delivery(d.Key) // an approval before it may have taken up an edit of the file
		if errors.Is(err, ErrNotFound) {
			d, err = s.foreseen(tx, w, d.Key, now)
		}
		if err != nil {
			return nil, err
		}
		approved := d
		if err = allow(tx, w, d, now); err == nil {
			approved, err = s.approve(tx, w, d, nil, now)
		}
		if err != nil && !errors.Is(err, ErrUser) {
			return nil, err
		}
		if err != nil {
			approved = d
		}
		all = append(all, Approval{Delivery: approved, Refused: err})
	}
	return all, nil
}
