package scheduler

import (
	"time"

	"afterword/scheduler/calendar"
)

// When the weekly summary comes: at the times of notify.digest in the user's
// own zone. Of those that a sleeping machine missed only the last one counts,
// and only for a week.

// metaDigest names the time up to which summaries are settled: written, or
// found to have nothing to say.
const metaDigest = "digest.last"

// digestStale is the age in days from which a missed summary is left out.
const digestStale = 7

// digestSlot is the summary that is due: the last time of the setting that is
// after what was settled, and not after now. The flag is false if none is.
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

// summary says whether a summary is due, and for which time. Where it begins, no
// summary speaks of the time before.
type summary struct {
	slot        time.Time
	due, begins bool
}

// digestDue reads what is settled and says which summary is due. Where nothing
// is settled yet, or the clock was set back, it begins with now: no summary
// speaks of the time before the program ran. Where config.yaml is broken none is
// due: it comes when the file can be read again.
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
