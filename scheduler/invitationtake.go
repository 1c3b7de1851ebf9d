package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// suggestInvitation lays an invitation before the user.
func suggestInvitation(stem, from string, inv Invitation, warning string) Suggestion {
	when := inv.When()
	command := fmt.Sprintf("afterword add %s --invitation %s", ShellWord(stem), ShellWord(inv.Key))
	var text string
	switch inv.Change {
	case CancelledInterview:
		text = fmt.Sprintf("%s cancels %s of %s on %s. Is it off? Write that into the file: %s", from, TheInterview(inv.Interview), stem, when, command)
	case MovedInterview:
		text = fmt.Sprintf("%s moves %s of %s to %s. Write that into the file: %s", from, TheInterview(inv.Interview), stem, when, command)
	default:
		text = fmt.Sprintf("%s invites you for %s: %q, %s, %d minutes, with %s. Take it in as an interview: %s",
			from, stem, inv.Summary, when, int(inv.Duration.Minutes()), inv.names(), command)
	}
	if inv.Guessed {
		text += ". The invitation names no zone that is known; your own is taken"
	}
	if inv.Recurs {
		text += ". It recurs; only the first date is taken"
	}
	if inv.Further > 0 {
		text += fmt.Sprintf(". The same mail holds %d more than are offered; add those by hand", inv.Further)
	}
	return Suggestion{Key: askedInvitation + inv.Key, Text: text + ". Leave it: afterword resume " + ShellWord(stem) + warning}
}

// names lists who comes.
func (inv Invitation) names() string {
	var names []string
	for _, p := range inv.People {
		names = append(names, fmt.Sprintf("%s <%s>", p.Name, p.Email))
	}
	return firstOf(strings.Join(names, ", "), "nobody named")
}

// withdrawInvitation takes back the question about an earlier version.
func withdrawInvitation(tx Tx, stem, key string) error {
	if err := tx.SetMeta(metaOffered(stem, key), ""); err != nil {
		return err
	}
	return tx.Answer(askedInvitation + key + "/" + stem)
}

// Invitation returns the invitation to an application that a key, or the
// beginning of one, names; an empty key names the only one.
func (s *Service) Invitation(ctx context.Context, stem, key string) (Invitation, error) {
	all, err := s.Invitations(ctx, stem, key)
	switch {
	case err != nil:
		return Invitation{}, err
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0:
		return Invitation{}, refuse("`afterword` lists what waits for you", "no invitation of %s waits under %q", stem, key)
	}
	return Invitation{}, refuse("name one with --invitation KEY; `afterword` lists them", "%d invitations of %s wait", len(all), stem)
}

// Invitations lists those to an application that wait for a word of the user, of
// which the key begins so.
func (s *Service) Invitations(ctx context.Context, stem, key string) (all []Invitation, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		open, err := r.Questions()
		if err != nil {
			return err
		}
		for _, q := range open {
			rest, ok := strings.CutPrefix(q.Key, askedInvitation+strings.ToLower(key))
			if !ok || q.Application != stem {
				continue
			}
			whole, _, _ := strings.Cut(strings.ToLower(key)+rest, "/")
			inv, known, err := loadJSON[Invitation](r, metaOffered(stem, whole))
			if err != nil {
				return err
			}
			if known {
				all = append(all, inv)
			}
		}
		return nil
	})
	return all, err
}

// TakeInvitation notes that the file now says what the invitation did, as the
// interview with that id, and lifts what waited for it.
func (s *Service) TakeInvitation(ctx context.Context, inv Invitation, interview string) error {
	now := s.Clock.Now()
	return s.Store.Update(ctx, func(tx Tx) error {
		name := metaSeenEvent(inv.Application, inv.Key)
		seen, _, err := loadJSON[seenEvent](tx, name)
		if err != nil {
			return err
		}
		seen.Interview = interview
		if err := saveJSON(tx, name, seen); err != nil {
			return err
		}
		if err := withdrawInvitation(tx, inv.Application, inv.Key); err != nil {
			return err
		}
		if err := liftInvited(tx, inv.Application); err != nil {
			return err
		}
		why := fmt.Sprintf("you took the invitation in: interview %s, %s", interview, inv.Change)
		if err := tx.Log(Event{At: now, Application: inv.Application, Actor: ActorUser, What: "invitation taken", Why: why, Evidence: inv.UID}); err != nil {
			return err
		}
		return wakeAll(tx, ScopeApplication, inv.Application, now)
	})
}

// liftInvited lifts what waited for an application's invitations, once none is
// left of which the user has to say something.
func liftInvited(tx Tx, stem string) error {
	open, err := tx.QuestionsOf(stem)
	if err != nil || slices.ContainsFunc(open, func(q Question) bool { return strings.HasPrefix(q.Key, askedInvitation) }) {
		return err
	}
	for _, source := range []string{sourceInvitation, sourceCalledOff} {
		if _, err := tx.Lift(ScopeApplication, stem, source); err != nil {
			return err
		}
	}
	return nil
}

// OfferInvitations lays the further meetings of a file of which the first became
// an interview before the user, as if they had come by mail.
func (s *Service) OfferInvitations(ctx context.Context, stem, from string, all []Invitation) error {
	now := s.Clock.Now()
	return s.Store.Update(ctx, func(tx Tx) error { return offerInvitations(tx, stem, from, all, now) })
}

// offerInvitations lays meetings before the user that came with one of an
// application; those of no application are left.
func offerInvitations(tx Tx, stem, from string, all []Invitation, now time.Time) error {
	for _, inv := range all {
		if stem == "" || !inv.At.Add(inv.Duration).After(now) {
			continue
		}
		inv.Application = stem
		if err := saveJSON(tx, metaOffered(stem, inv.Key), inv); err != nil {
			return err
		}
		q := suggestInvitation(stem, from, inv, "")
		if err := ask(tx, Delivery{Application: stem}, q.Key+"/"+stem, q.Text, now); err != nil {
			return err
		}
	}
	return nil
}
