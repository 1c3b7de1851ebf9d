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

// NamesRound reports whether a target names a whole application ("acme") or a
// round of it ("acme/onsite"), as the keys of deliveries begin.
func (s *Service) NamesRound(target string) (bool, error) {
	w, err := s.world()
	if err != nil {
		return false, err
	}
	stem, round, inner := strings.Cut(strings.ToLower(strings.Trim(target, "/ ")), "/")
	for _, a := range w.Applications {
		if !strings.EqualFold(a.Stem, stem) {
			continue
		}
		_, known := a.Interview(round)
		return !inner || known, nil
	}
	return false, nil
}

// ApproveRound approves every mail of an application, or of a round of it, that
// waits in review, in one commit. One that has errors keeps waiting and says
// why: an error is lifted for one mail by name only.
func (s *Service) ApproveRound(ctx context.Context, target string) ([]Approval, error) {
	return s.approveRound(ctx, target, func(Tx, World, Delivery, time.Time) error { return nil })
}

// ApproveRoundSeen is ApproveRound by somebody who saw the texts with these
// TextHashes. One that says something else by now keeps waiting.
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
	prefix := strings.ToLower(strings.Trim(target, "/ ")) + "/"
	var all []Approval
	err = s.Store.Update(ctx, func(tx Tx) error {
		waiting, err := tx.Deliveries(DeliveryQuery{States: []State{Review}, Fragment: prefix})
		if err != nil {
			return err
		}
		waiting = slices.DeleteFunc(waiting, func(d Delivery) bool { return !strings.HasPrefix(d.Key, prefix) })
		all, err = s.approveAll(tx, w, waiting, allow, now)
		return err
	})
	if err == nil && len(all) == 0 {
		err = refuse("`afterword status` shows what waits, `afterword plan` what is to come", "nothing of %s waits for your approval", strings.TrimSuffix(prefix, "/"))
	}
	return all, err
}

func (s *Service) approveAll(tx Tx, w World, waiting []Delivery, allow func(Tx, World, Delivery, time.Time) error, now time.Time) ([]Approval, error) {
	var all []Approval
	for _, d := range waiting {
		approved, err := d, allow(tx, w, d, now)
		if err == nil {
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
