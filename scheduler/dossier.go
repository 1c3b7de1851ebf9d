package scheduler

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Dossier is everything about one application, for display.
type Dossier struct {
	Now         time.Time
	Application Application
	Deliveries  []Delivery // stored, and what the files want besides; by time
	Mails       []Mail     // oldest first
	Holds       []Hold     // that touch any of it now
	Questions   []Question
	Events      []Event // oldest first
}

// Dossier reads one application; ErrNotFound if neither a file nor the store
// knows it.
func (s *Service) Dossier(ctx context.Context, stem string) (Dossier, error) {
	o := Dossier{Now: s.Clock.Now()}
	w, err := s.world()
	if err != nil {
		return o, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		f, err := LoadFacts(r, w, stem, o.Now)
		if err != nil {
			return err
		}
		if _, known := w.Applications[stem]; !known && len(f.Stored) == 0 && len(f.Mails) == 0 {
			return ErrNotFound
		}
		o.Application, o.Mails, o.Deliveries = f.Application, f.Mails, preview(f, o.Now)
		asAwaited(o.Deliveries, w.Policy.Review)
		o.Holds = f.touching(o.Deliveries, o.Now)
		if o.Questions, err = r.QuestionsOf(stem); err != nil {
			return err
		}
		o.Events, err = r.Events(EventQuery{Application: stem})
		return err
	})
	slices.SortStableFunc(o.Deliveries, byTime)
	return o, err
}

// touching are the holds that keep any of the deliveries now, and those of the
// application itself.
func (f *Facts) touching(ds []Delivery, now time.Time) []Hold {
	var all []Hold
	for _, h := range f.Holds {
		over := !h.Until.IsZero() && !now.Before(h.Until)
		its := h.Scope == ScopeApplication && h.Target == f.Application.Stem
		if !over && (its || slices.ContainsFunc(ds, func(d Delivery) bool { return d.State.Open() && h.Covers(&d, d.Began, now) })) &&
			!slices.ContainsFunc(all, func(o Hold) bool { return o.ID == h.ID }) {
			all = append(all, h)
		}
	}
	return all
}

// applicationOf returns the stem of the application that a key belongs to, ""
// if no file and no delivery has such a key.
func applicationOf(r Reader, w World, key string) string {
	if d, err := r.Delivery(key); err == nil {
		return d.Application
	}
	for stem := range w.Applications {
		if strings.HasPrefix(key, strings.TrimRight(Key(stem, "", "", ""), "/")+"/") {
			return stem
		}
	}
	return ""
}

// foreseenBy reads a mail by its whole key, as it stands or as the files want it,
// with the facts of its application. It is ErrNotFound if neither knows it.
func foreseenBy(r Reader, w World, key string, now time.Time) (*Facts, *Delivery, error) {
	stem := applicationOf(r, w, key)
	if stem == "" {
		return nil, nil, ErrNotFound
	}
	f, err := LoadFacts(r, w, stem, now)
	if err != nil {
		return nil, nil, err
	}
	f.Stored = preview(f, now)
	d, ok := f.stored(key)
	if !ok {
		return nil, nil, ErrNotFound
	}
	return f, d, nil
}

// Open reads one mail by its whole key, as it would be written now if it is still to
// leave. Round are the notes of its interview and step, itself included, in the order of
// the panel.
func (s *Service) Open(ctx context.Context, key string) (v Preview, round []Preview, err error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return v, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		f, d, err := foreseenBy(r, w, key, now)
		if err != nil {
			return err
		}
		v = s.previewOne(f, *d, now)
		round = s.roundOf(f, *d, now)
		return nil
	})
	return v, round, err
}

// roundOf previews the notes of a delivery's round and step.
func (s *Service) roundOf(f *Facts, d Delivery, now time.Time) []Preview {
	var all []Preview
	for _, o := range f.Stored {
		if o.Interview == d.Interview && o.Step == d.Step && o.Kind == d.Kind && (o.State.Open() || o.Key == d.Key) {
			all = append(all, s.previewOne(f, o, now))
		}
	}
	slices.SortStableFunc(all, func(a, b Preview) int { return cmp.Compare(a.Delivery.Rank, b.Delivery.Rank) })
	return all
}

// Round reads the mails of a round that are still to leave, by step and the
// order of the panel.
func (s *Service) Round(ctx context.Context, stem, interview string) ([]Preview, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return nil, err
	}
	var all []Preview
	err = s.Store.View(ctx, func(r Reader) error {
		f, err := LoadFacts(r, w, stem, now)
		if err != nil {
			return err
		}
		f.Stored = preview(f, now)
		for _, d := range f.Stored {
			if strings.EqualFold(d.Interview, interview) && d.State.Open() {
				all = append(all, s.previewOne(f, d, now))
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Preview) int {
		return cmp.Or(cmp.Compare(a.Delivery.StepIndex, b.Delivery.StepIndex), cmp.Compare(a.Delivery.Rank, b.Delivery.Rank), cmp.Compare(a.Delivery.Key, b.Delivery.Key))
	})
	return all, err
}

// CheckEdit says what the proofreader would say of a text in the place of a
// mail's. It changes nothing.
func (s *Service) CheckEdit(ctx context.Context, key, subject, body string) ([]Finding, error) {
	now := s.Clock.Now()
	subject, body, err := editable(subject, body)
	if err != nil {
		return nil, err
	}
	w, err := s.world()
	if err != nil {
		return nil, err
	}
	var found []Finding
	err = s.Store.View(ctx, func(r Reader) error {
		f, d, err := foreseenBy(r, w, key, now)
		if err != nil {
			return err
		}
		d.Edited = &Edit{Subject: subject, Body: body}
		_, found, err = s.Writers.Draft(f, *d, now)
		return err
	})
	return found, err
}

// SearchReport is the search as a whole.
type SearchReport struct {
	Applications []Application // by stem
	Deliveries   []Delivery    // by time
	Mails        []Mail        // oldest first
	Holds        []Hold
}

// Search reads all applications with what was exchanged.
func (s *Service) Search(ctx context.Context) (SearchReport, error) {
	var o SearchReport
	_, apps, err := s.Files.Read()
	if err != nil {
		return o, err
	}
	o.Applications = apps
	err = s.Store.View(ctx, func(r Reader) (err error) {
		if o.Mails, err = r.Mails(MailQuery{}); err != nil {
			return err
		}
		if o.Holds, err = r.Holds(); err != nil {
			return err
		}
		o.Deliveries, err = r.Deliveries(DeliveryQuery{})
		return err
	})
	slices.SortStableFunc(o.Deliveries, byTime)
	return o, err
}
