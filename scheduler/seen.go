package scheduler

import (
	"context"
	"errors"
	"time"
)

// Who approves or edits a mail on a page has seen a text that stood there some
// time ago. What follows acts only where that is still the text: two tabs, an
// edited file or the daemon may have changed it meanwhile.

// ErrStale is wrapped by the refusal of what was said about an older text.
var ErrStale = errors.New("shown text has changed")

// stale refuses what was said about an older text.
type stale struct{ key string }

func (s *stale) Error() string { return "the mail " + s.key + " says something else by now" }

// Hint says what to do about it.
func (*stale) Hint() string { return "read it as it is now, then say it again" }

// Is makes it known as a refusal, and as this one.
func (*stale) Is(target error) bool { return target == ErrUser || target == ErrStale }

// unchanged refuses a change of a mail that would not be written now as it was
// seen. Seen is the TextHash of what was shown.
func (s *Service) unchanged(tx Tx, w World, d Delivery, seen string, now time.Time) error {
	hash, err := s.hashNow(tx, w, d, now)
	if err == nil && hash != seen {
		err = &stale{d.Key}
	}
	return err
}

// hashNow is the TextHash of a mail as it would be written now.
func (s *Service) hashNow(tx Tx, w World, d Delivery, now time.Time) (string, error) {
	f, err := s.changeable(tx, w, d, now)
	if err != nil {
		return "", err
	}
	made, err := s.Writers.write(f, &d, now)
	if err != nil {
		return "", refuse("mend the template or the facts", "writing the mail: %v", err)
	}
	return TextHash(d.To, made.text), nil
}

// ApproveSeen is Approve by somebody who saw the text with that TextHash. The
// refusal wraps ErrStale if it is another one now.
func (s *Service) ApproveSeen(ctx context.Context, key, seen string, despite []string) (Delivery, error) {
	if err := liftable(despite); err != nil {
		return Delivery{}, err
	}
	return s.change(ctx, key, func(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
		if err := s.unchanged(tx, w, d, seen, now); err != nil {
			return d, err
		}
		return s.approve(tx, w, d, despite, now)
	})
}

// EditSeen is Edit by somebody who saw the text with that TextHash. The refusal
// wraps ErrStale if it is another one now.
func (s *Service) EditSeen(ctx context.Context, key, seen, subject, body string) (Delivery, error) {
	subject, body, err := editable(subject, body)
	if err != nil {
		return Delivery{}, err
	}
	return s.change(ctx, key, func(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
		if err := s.unchanged(tx, w, d, seen, now); err != nil {
			return d, err
		}
		return s.edit(tx, w, d, Edit{Subject: subject, Body: body}, now)
	})
}
