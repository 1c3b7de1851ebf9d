package main

import (
	"context"
	"errors"
	"fmt"

	"afterword/scheduler"
)

// reviewKey is one thing that can be done to a mail in review with one key.
type reviewKey struct {
	key  rune
	name string
	// does it, and reports whether the mail is dealt with. A refusal that the
	// user can mend is shown, and the mail again.
	does func(ctx context.Context, v scheduler.Preview) (done bool, err error)
}

// reviewSession goes through what waits, mail by mail.
type reviewSession struct {
	p                       *program
	h                       *house
	ask                     *dialogue
	approved, skipped, left int
}

// keys is the table of what the keys do.
func (s *reviewSession) keys() []reviewKey {
	return []reviewKey{
		{'a', "[a]pprove", func(ctx context.Context, v scheduler.Preview) (bool, error) {
			d, err := s.h.service.Approve(ctx, v.Delivery.Key, nil)
			if err == nil {
				s.approved++
				fmt.Fprintf(s.p.out, "approved%s\n\n", s.h.leaves(ctx, d))
			}
			return err == nil, err
		}},
		{'e', "[e]dit", func(ctx context.Context, v scheduler.Preview) (bool, error) {
			subject, body, err := s.p.editByHand(ctx, v)
			if err != nil {
				return false, err
			}
			return false, s.p.takeEdit(ctx, s.h, v, subject, body, func() bool { return s.ask.agrees("The text is empty. Take the mail off the plan for good?") })
		}},
		{'s', "[s]kip", func(ctx context.Context, v scheduler.Preview) (bool, error) {
			_, err := s.h.service.Skip(ctx, v.Delivery.Key, "")
			if err == nil {
				s.skipped++
				fmt.Fprintf(s.p.out, "skipped\n\n")
			}
			return err == nil, err
		}},
		{'w', "add a [w]ord", func(context.Context, scheduler.Preview) (bool, error) {
			word, err := s.ask.line("Which word is spelt right? ")
			if err != nil || word == "" {
				return false, nil
			}
			return false, s.p.addWords(s.h.config.WordsPath, []string{word})
		}},
		{'n', "[n]ext", func(context.Context, scheduler.Preview) (bool, error) {
			s.left++
			return true, nil
		}},
	}
}

// run shows each mail and asks what to do with it, until all are dealt with or
// the user quits.
func (s *reviewSession) run(ctx context.Context, fragment string) error {
	all, err := s.h.service.Previews(ctx, fragment, s.h.clock.Now())
	if err != nil {
		return err
	}
	var keys []string
	for _, v := range all {
		if v.Delivery.State == scheduler.Review {
			keys = append(keys, v.Delivery.Key)
		}
	}
	for n, key := range keys {
		fmt.Fprintf(s.p.out, "%d of %d\n", n+1, len(keys))
		quit, err := s.one(ctx, key)
		if err != nil {
			return err
		}
		if quit {
			s.left += len(keys) - n
			break
		}
	}
	if len(keys) == 0 {
		fmt.Fprintln(s.p.out, "No mail waits here.")
		return nil
	}
	fmt.Fprintf(s.p.out, "%d approved, %d skipped, %d left\n", s.approved, s.skipped, s.left)
	return nil
}

// one deals with one mail; an edit shows it anew.
func (s *reviewSession) one(ctx context.Context, key string) (quit bool, err error) {
	for {
		all, err := s.h.service.Previews(ctx, key, s.h.clock.Now())
		if err != nil {
			return false, err
		}
		var v scheduler.Preview
		for _, one := range all {
			if one.Delivery.Key == key {
				v = one
			}
		}
		if v.Delivery.State != scheduler.Review {
			return false, nil // somebody else dealt with it, or the edit did
		}
		printMail(s.p.screen(s.h.clock.Now(), s.h.config.Policy.Me.Zone), v, s.h.decoded(v))
		question, letters := "", "q"
		for _, k := range s.keys() {
			question, letters = question+k.name+"  ", letters+string(k.key)
		}
		pressed, err := s.ask.key(question+"[q]uit: ", letters)
		if errors.Is(err, errEnded) || pressed == 'q' {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		for _, k := range s.keys() {
			if k.key != pressed {
				continue
			}
			done, err := k.does(ctx, v)
			if done {
				return false, nil
			}
			if err := s.shown(err); err != nil {
				return false, err
			}
		}
	}
}

// shown shows what the user can mend and passes on what nobody can.
func (s *reviewSession) shown(err error) error {
	h, u := hinter(nil), usageError{}
	if err == nil || !errors.Is(err, scheduler.ErrUser) && !errors.As(err, &h) && !errors.As(err, &u) {
		return err
	}
	explain(s.p.err, err)
	return nil
}

// leaves says when an approved mail leaves.
func (h *house) leaves(ctx context.Context, d scheduler.Delivery) string {
	switch {
	case d.WaitingFor != "":
		return ", but it waits: " + d.WaitingFor + h.ends(ctx, d)
	case !d.When().After(h.clock.Now()):
		return "; it leaves now if nothing comes in between"
	}
	return "; it leaves " + clockTime(d.When(), d.Zone, h.clock.Now()) + " if nothing comes in between"
}

// ends says what ends the hold for which a mail waits, "" if it waits for something else.
func (h *house) ends(ctx context.Context, d scheduler.Delivery) string {
	story, err := h.service.Why(ctx, d.Key)
	if err != nil {
		return "" // the mail is approved all the same
	}
	for _, x := range story.Holds {
		if x.Reason == d.WaitingFor {
			return holdEnd(x, d.Zone, h.clock.Now())
		}
	}
	return ""
}
