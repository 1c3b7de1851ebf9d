package scheduler

import (
	"context"
	"errors"
	"time"
)

// On the page the user approves or edits a text that was shown some time ago. It counts
// only if the text is still the same: another tab, an edited file or the daemon may have
// changed it.

// ErrStale is wrapped by the refusal of what was said about an older text.
var ErrStale = errors.New("shown text has changed")

// stale refuses what was said about an older text.
type stale struct{ key string }

func (s *stale) Error() string { return "the mail " + s.key + " says something else by now" }

// Hint says what to do about it.
func (*stale) Hint() string { return "read it as it is now, then say it again" }

// Is makes it known as a refusal, and as this one.
func (*stale) Is(target error) bool { return target == ErrUser || target == ErrStale }

// unchanged refuses an action on a mail whose text would no longer be the one with the
// TextHash seen.
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

// ApproveSeen is Approve for a user who was shown the text with this TextHash. The error
// wraps ErrStale if the text is another one now.
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

// EditSeen is Edit for a user who was shown the text with this TextHash. The error wraps
// ErrStale if the text is another one now.
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
