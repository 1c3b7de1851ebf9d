package scheduler

import (
	"context"
	"maps"
	"slices"
)

// stood is the state of the store at one version. It depends on no moment, so that it
// stays valid until the next commit; readers apply the time themselves.
type stood struct {
	StatusReport
	all []Hold // also those that are over

	version int64
	review  ReviewMode // under which what the mails wait for was put into words
}

// Pending is Status without deliveries that are over, of which a long search has
// thousands; Over reports whether there are any. The page calls it for every view: if
// the service is Lasting, the store is not read again before the next commit.
func (s *Service) Pending(ctx context.Context) (StatusReport, error) {
	return s.report(func(review ReviewMode) (stood, error) { return s.pending(ctx, review) })
}

// report joins what the files say with what the store says, at this moment.
func (s *Service) report(stands func(ReviewMode) (stood, error)) (StatusReport, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return StatusReport{Now: now}, err
	}
	st, err := stands(w.Policy.Review)
	if err != nil {
		return StatusReport{Now: now}, err
	}
	st.Now, st.Config = now, w.Policy.Broken
	st.Clock = firstOf(st.Clock, turnedBack(st.LastSync, now))
	for _, stem := range slices.Sorted(maps.Keys(w.Applications)) {
		if b := w.Applications[stem].Broken; b != "" {
			st.Broken = append(st.Broken, b)
		}
	}
	for _, h := range st.all {
		if h.Until.IsZero() || now.Before(h.Until) {
			st.Holds = append(st.Holds, h)
		}
	}
	return st.StatusReport, nil
}

func (s *Service) pending(ctx context.Context, review ReviewMode) (stood, error) {
	if !s.Lasting {
		return s.stands(ctx, review, pendingStates()...)
	}
	// The version comes first. What is committed between the two is read as well,
	// and read once more at the next time, which does no harm; the other way
	// round it would never be read.
	version, err := s.Store.Version(ctx)
	if err != nil {
		return stood{}, err
	}
	if kept := s.kept.Load(); kept != nil && kept.version == version && kept.review == review {
		return *kept, nil
	}
	st, err := s.stands(ctx, review, pendingStates()...)
	if err != nil {
		return stood{}, err
	}
	st.version, st.review = version, review
	kept := st
	s.kept.Store(&kept)
	return st, nil
}

// pendingStates are those of mails that are not over.
func pendingStates() []State {
	return []State{Planned, Review, Approved, Sending, HandedOver, Refused, InDoubt}
}

// stands reads how things stand, with the deliveries in these states; none are all.
func (s *Service) stands(ctx context.Context, review ReviewMode, states ...State) (stood, error) {
	var st stood
	err := s.Store.View(ctx, func(r Reader) error { return st.read(r, review, states) })
	return st, err
}

func (st *stood) read(r Reader, review ReviewMode, states []State) (err error) {
	for _, read := range []struct {
		name string
		into *string
	}{{metaIMAP, &st.IMAP}, {metaLastLook, &st.LastSync}, {metaSMTP, &st.SMTP}} {
		if *read.into, err = r.Meta(read.name); err != nil {
			return err
		}
	}
	if st.Clock, err = clockWords(r); err != nil {
		return err
	}
	if st.Probe, err = probeWords(r); err != nil {
		return err
	}
	if st.Deliveries, err = r.Deliveries(DeliveryQuery{States: states, Brief: true}); err != nil {
		return err
	}
	if len(states) > 0 {
		over := slices.DeleteFunc(States(), func(s State) bool { return slices.Contains(states, s) })
		one, err := r.Deliveries(DeliveryQuery{States: over, Brief: true, Limit: 1})
		if err != nil {
			return err
		}
		st.Over = len(one) > 0
	}
	if st.all, err = r.Holds(); err != nil {
		return err
	}
	st.Questions, err = r.Questions()
	asAwaited(st.Deliveries, review)
	slices.SortStableFunc(st.Deliveries, byTime)
	st.Deliveries, st.Questions = slices.Clip(st.Deliveries), slices.Clip(st.Questions) // who appends gets a copy
	return err
}
