package scheduler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// SourceUser marks the holds that the user set.
const SourceUser = "user"

// target resolves the word for what a hold or a resume concerns: "" for everything, an
// application or a prefix of its name, a person's address or name, or a fragment of a
// key.
func target(r Reader, w World, text string, now time.Time) (Scope, string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return ScopeEverything, "", nil
	}
	if a, ok := w.applicationNamed(text); ok {
		return ScopeApplication, a.Stem, nil
	}
	if known, err := knownAddress(r, w, text); known || err != nil {
		return ScopePerson, NormalAddress(text), err
	}
	if address := w.personCalled(text); address != "" {
		return ScopePerson, address, nil
	}
	d, err := find(r, text)
	if errors.Is(err, ErrUser) {
		d, err = foreseenIn(r, w, text, now, err) // `plan` shows its key
	}
	if errors.Is(err, ErrUser) {
		mails := strings.TrimPrefix(err.Error(), findingDelivery)
		return "", "", refuse("name an application, a person by the whole address or a name that nobody else has, or a part of a key that fits one mail alone", "no application or person is called %q, and of mails: %s", text, mails)
	}
	return ScopeDelivery, d.Key, err
}

// knownAddress reports whether a text is the whole address of somebody whom a file names,
// or to whom mail is planned or was sent: the file may be unreadable just now, and its
// people are meant all the same.
func knownAddress(r Reader, w World, text string) (bool, error) {
	if !strings.Contains(text, "@") || strings.Contains(text, "/") {
		return false, nil
	}
	for _, a := range w.Applications {
		if a.names(text) {
			return true, nil
		}
	}
	theirs, err := r.Deliveries(DeliveryQuery{Person: NormalAddress(text), Brief: true})
	return len(theirs) > 0, err
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
		scope, name, err := target(tx, w, what, now)
		if err != nil {
			return err
		}
		h = Hold{Scope: scope, Target: name, Source: SourceUser, Until: until, Set: now, Reason: firstOf(reason, "you put it on hold")}
		return hold(tx, w, h)
	})
	return h, err
}

// hold sets a hold for the user and wakes the deliveries that it covers.
func hold(tx Tx, w World, h Hold) error {
	if err := setHold(tx, h, ActorUser, "", h.Set); err != nil {
		return err
	}
	return wakeHeld(tx, w, h.Scope, h.Target, h.Set)
}

// Resume lifts the holds on a target, or all holds if none is named. It returns how many
// it lifted, and how many remain because they wait for the user's word: a hold for a
// seeming rejection or offer is lifted only if the target is named and confirmed is
// true.
func (s *Service) Resume(ctx context.Context, what string, confirmed bool) (lifted, left int, err error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return 0, 0, err
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		scope, name, err := heldTarget(tx, w, what, now)
		if err != nil {
			return err
		}
		pause, err := onlyPause(tx, scope)
		if err != nil {
			return err
		}
		if lifted, left, err = liftHolds(tx, w, scope, name, pause, confirmed, now); err != nil {
			return err
		}
		e := Event{At: now, Actor: ActorUser, What: "resumed", To: strings.TrimSpace(string(scope) + " " + name), Why: "you resumed it"}
		if scope == ScopeApplication {
			e.Application = name
		}
		if err := tx.Log(e); err != nil {
			return err
		}
		if !pause {
			if err := answerMail(tx, name, left == 0); err != nil {
				return err
			}
		}
		if scope == ScopePerson { // a bounce asks whether the address is right
			open, err := tx.Questions()
			if err != nil {
				return err
			}
			for _, address := range w.addressesOf(name) {
				if err := answerNaming(tx, open, "afterword resume "+ShellWord(address)); err != nil {
					return err
				}
			}
		}
		return wakeHeld(tx, w, scope, name, now)
	})
	return lifted, left, err
}

// heldTarget is target, except that the name of a person who is not on hold may also be
// a fragment of the key of a mail that is.
func heldTarget(r Reader, w World, text string, now time.Time) (Scope, string, error) {
	scope, name, err := target(r, w, text, now)
	if err != nil || scope != ScopePerson || strings.Contains(text, "@") {
		return scope, name, err
	}
	holds, err := r.Holds()
	if err != nil {
		return "", "", err
	}
	d, notFound := find(r, text)
	if errors.Is(notFound, ErrUser) {
		d, notFound = foreseenIn(r, w, text, now, notFound)
	}
	theirs := w.addressesOf(name)
	for _, h := range holds {
		switch {
		case h.Scope == ScopePerson && slices.Contains(theirs, h.Target):
			return scope, name, nil
		case notFound == nil && h.Scope == ScopeDelivery && h.Target == d.Key:
			return ScopeDelivery, d.Key, nil
		}
	}
	return scope, name, nil
}

// answerMail withdraws the questions about mail that came: a user who resumes has seen
// it. What seems to be an outcome is asked about as long as its hold is left.
func answerMail(tx Tx, stem string, outcome bool) error {
	open, err := tx.Questions()
	if err != nil {
		return err
	}
	kinds := []string{askedOfMail, askedGap, askedUnreadable, askedPromise, askedInvitation, askedTurn}
	if outcome {
		kinds = append(kinds, askedOutcome)
	}
	for _, q := range open {
		about := func(prefix string) bool { return strings.HasPrefix(q.Key, prefix) }
		if stem != "" && q.Application != stem || !slices.ContainsFunc(kinds, about) {
			continue
		}
		if err := tx.Answer(q.Key); err != nil {
			return err
		}
	}
	return nil
}

// itWasTheirs settles the doubts whether a mail was the answer of an application, now that
// the user has said so.
func itWasTheirs(tx Tx, stem string) error {
	for _, source := range []string{sourceUnsure, sourceSuspect, sourceUnreadable} {
		if _, err := tx.Lift(ScopeApplication, stem, source); err != nil {
			return err
		}
	}
	open, err := tx.QuestionsOf(stem)
	if err != nil {
		return err
	}
	return answerNaming(tx, open, "afterword answered "+ShellWord(stem))
}

// answerNaming answers the questions about a mail that name the command which was carried
// out.
func answerNaming(tx Tx, open []Question, command string) error {
	for _, q := range open {
		if !strings.HasPrefix(q.Key, askedOfMail) || !q.Names(command) {
			continue
		}
		if err := tx.Answer(q.Key); err != nil {
			return err
		}
	}
	return nil
}

// onlyPause reports whether `resume` without a target means only the user's own pause.
// Somebody who paused everything for an hour does not want to lift the hold of a reply
// that came before.
func onlyPause(r Reader, scope Scope) (bool, error) {
	holds, err := r.Holds()
	return scope == ScopeEverything && slices.ContainsFunc(holds, func(h Hold) bool {
		return h.Scope == ScopeEverything && h.Source == SourceUser
	}), err
}

// liftHolds lifts the holds on a target, or only the user's own pause, except those that
// wait for another decision.
func liftHolds(tx Tx, w World, scope Scope, name string, pause, confirmed bool, now time.Time) (lifted, left int, err error) {
	holds, err := tx.Holds()
	if err != nil {
		return 0, 0, err
	}
	var theirs []string
	if scope == ScopePerson {
		theirs = w.addressesOf(name)
	}
	for _, h := range holds {
		if pause && h.Scope != ScopeEverything {
			continue
		}
		named := h.Scope == scope && (h.Target == name || slices.Contains(theirs, h.Target))
		if scope != ScopeEverything && !named {
			continue
		}
		if h.Stays() || h.AsksOutcome() && !(confirmed && named) || h.Source == sourceNoMore && !named {
			left++
			continue
		}
		n, err := tx.Lift(h.Scope, h.Target, h.Source)
		if err != nil {
			return 0, 0, err
		}
		lifted += n
		if scope != ScopeEverything || h.Scope != ScopeApplication || n == 0 {
			continue
		}
		// `why` reads the events of an application: a mail left although it says "held".
		e := Event{At: now, Application: h.Target, Actor: ActorUser, What: "resumed", To: "application " + h.Target, Why: "you resumed everything; it was held: " + h.Reason}
		if err := tx.Log(e); err != nil {
			return 0, 0, err
		}
	}
	return lifted, left, nil
}

// wakeHeld wakes the deliveries that a hold covers, under every address of a person, and
// lets the questions after an offer be looked at anew.
func wakeHeld(tx Tx, w World, scope Scope, name string, now time.Time) error {
	for stem, a := range w.Applications {
		if a.Status != StatusOffer {
			continue
		}
		if err := touch(tx, stem); err != nil { // its question names whose mail still goes on
			return err
		}
	}
	if scope != ScopePerson {
		return wakeAll(tx, scope, name, now)
	}
	for _, address := range w.addressesOf(name) {
		if err := wakeAll(tx, scope, address, now); err != nil {
			return err
		}
	}
	return nil
}

// addressesOf are all addresses of the person with this address, according to the files.
func (w World) addressesOf(address string) []string {
	theirs := []string{NormalAddress(address)}
	for _, a := range w.Applications {
		for _, other := range a.addressesOf(address)[1:] {
			if !slices.Contains(theirs, other) {
				theirs = append(theirs, other)
			}
		}
	}
	return theirs
}

// addressesOf are an address and the others of whoever has it, in any entry.
func (a *Application) addressesOf(address string) []string {
	theirs := []string{NormalAddress(address)}
	a.anybody(func(p *Person) bool {
		if hasAddress(p, address) {
			for _, other := range p.Addresses() {
				if other = NormalAddress(other); !slices.Contains(theirs, other) {
					theirs = append(theirs, other)
				}
			}
		}
		return false
	})
	return theirs
}

// wakeAll wakes the deliveries that a hold covers.
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

// Adopt records that the profile now belongs to this machine. It returns how many holds
// that lifted.
func (s *Service) Adopt(ctx context.Context, machine string) (lifted int, err error) {
	now := s.Clock.Now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		lifted, err = acceptMachine(tx, machine, now)
		return err
	})
	return lifted, err
}

// Paused is the user's own pause of everything, if there is one.
func (s *Service) Paused(ctx context.Context) (h Hold, ok bool, err error) {
	now := s.Clock.Now()
	err = s.Store.View(ctx, func(r Reader) error {
		all, err := r.Holds()
		for _, x := range all {
			if x.Scope == ScopeEverything && x.Source == SourceUser && (x.Until.IsZero() || now.Before(x.Until)) {
				h, ok = x, true
			}
		}
		return err
	})
	return h, ok, err
}
