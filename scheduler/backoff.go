package scheduler

import (
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"afterword/mailer"
)

// The pauses before a server is tried again.
const (
	shortestPause = 5 * time.Second
	longestPause  = 5 * time.Minute
	// busyPause is the shortest pause after a server asked for patience: a limit,
	// maintenance, a BYE.
	busyPause = time.Minute
	// busyTries are the failures after which a server that asks for patience gets as much
	// as longestPatience: each try of a login may prolong what locks the account.
	busyTries       = 12
	longestPatience = 30 * time.Minute
)

// backoff doubles from five seconds to five minutes.
func backoff(failures int) time.Duration {
	return min(longestPause, shortestPause<<min(max(failures-1, 0), 10))
}

// reconnect is the pause before the mailbox is tried again. It is shortened by up to a
// quarter, depending on the profile and the attempt, so that programs that lost the same
// server do not all return at once.
func (d *Daemon) reconnect(failures int, cause error) time.Duration {
	pause := backoff(failures)
	if errors.Is(cause, mailer.ErrServerBusy) {
		pause = max(pause, min(longestPause, busyPause<<min(max(failures-1, 0), 10)))
		if failures > busyTries {
			pause = longestPatience
		}
	}
	return pause - jitter(pause/4, d.who, failures)
}

// jitter is a part of most that depends on nothing but its arguments.
func jitter(most time.Duration, who string, attempt int) time.Duration {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", who, attempt)
	whole := h.Sum64() >> 11 // 53 bits
	return time.Duration(float64(most) * float64(whole) / (1 << 53)).Truncate(time.Millisecond)
}

// retryPause is the pause before a deferred mail is tried again, after so many failures
// in a row; false once only the user can retry it (DESIGN section 5, point 3). At a
// sending limit it is one hour, for one day: such limits last a day at most and end at
// an unknown hour. A limit that the server calls transient may end sooner.
func retryPause(failures int, r mailer.Receipt) (time.Duration, bool) {
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour}
	within := failures >= 1 && failures <= len(pauses)
	if r.Limited && failures <= 24 && (r.Code/100 == 5 || !within) {
		return time.Hour, true
	}
	if !within {
		return 0, false
	}
	return pauses[failures-1], true
}
