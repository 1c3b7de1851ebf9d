package scheduler

import (
	"time"

	"afterword/scheduler/calendar"
)

// When the weekly summary is sent: at the times of notify.digest in the user's zone. Of
// the times that a sleeping machine missed only the last one counts, and only for a
// week.

// metaDigest is the time up to which summaries are done: sent, or found to have nothing
// to say.
const metaDigest = "digest.last"

// digestStale is the age in days from which a missed summary is left out.
const digestStale = 7

// digestSlot is the summary that is due: the last configured time after the one that is
// done and not after now. The flag is false if there is none.
func digestSlot(pol Policy, settled, now time.Time) (time.Time, bool) {
	home := calendar.Place{Zone: pol.Me.Zone, Window: calendar.AllHours()}
	from := settled.Add(time.Second)
	if oldest := now.AddDate(0, 0, -digestStale); from.Before(oldest) {
		from = oldest
	}
	var due time.Time
	for !pol.Digest.IsZero() {
		slot, err := home.Next(pol.Digest, from, nil)
		if err != nil || slot.At.After(now) {
			break
		}
		due, from = slot.At, slot.At.Add(time.Second)
	}
	return due, !due.IsZero()
}

// summary says whether a summary is due, and for which time. Begins: none was ever due,
// so that this one sets the start.
type summary struct {
	slot        time.Time
	due, begins bool
}

// digestDue returns the summary that is due. If none was done yet, or the clock was set
// back, counting begins now. While config.yaml is broken none is due.
func digestDue(r Reader, pol Policy, now time.Time) (summary, error) {
	if pol.Broken != "" || pol.Digest.IsZero() {
		return summary{}, nil
	}
	text, err := r.Meta(metaDigest)
	if err != nil {
		return summary{}, err
	}
	settled, parseErr := time.Parse(time.RFC3339, text)
	if parseErr != nil || settled.After(now) {
		return summary{slot: now, begins: true}, nil
	}
	slot, due := digestSlot(pol, settled, now)
	return summary{slot: slot, due: due}, nil
}
