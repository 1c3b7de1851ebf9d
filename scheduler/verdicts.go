package scheduler

import (
	"reflect"
	"slices"
)

// verdicts cache what the proofreader last said of each open mail. An application is
// attended to many times before its mail leaves, each time in a write transaction, and
// proofreading is most of that time. The result depends only on the input and the user's
// files, so the daemon starts a new cache whenever it has read these. A nil cache caches
// nothing. Not safe for concurrent use.
type verdicts struct {
	known map[string]*verdict // by key
}

// verdict is what was asked and answered.
type verdict struct {
	about    ProofInput // without the other applications, which come from the files
	findings []Finding
}

// mostVerdicts bounds how many mails are remembered: more than are written a day ahead for
// thousands of applications, in a few megabytes.
const mostVerdicts = 512

// check asks the proofreader, unless the very same was asked of this mail last.
func (v *verdicts) check(key string, in ProofInput, by Proofreader) []Finding {
	if v == nil {
		return by.Check(in)
	}
	asked := in
	asked.Others = nil
	last, known := v.known[key]
	if known && reflect.DeepEqual(&last.about, &asked) {
		return slices.Clone(last.findings)
	}
	var found []Finding
	if again, can := by.(Rechecker); can && known && onlyLater(last.about, asked) {
		found = again.Recheck(in, slices.Clone(last.findings))
	} else {
		found = by.Check(in)
	}
	if !known {
		if v.known == nil {
			v.known = map[string]*verdict{}
		}
		for other := range v.known { // any one makes room: to forget all would read each anew, again and again
			if len(v.known) < mostVerdicts {
				break
			}
			delete(v.known, other)
		}
		last = &verdict{}
		v.known[key] = last
	}
	last.about, last.findings = asked, slices.Clone(found)
	return found
}

// onlyLater reports whether two inputs differ only in when the mail leaves. An overdue
// mail is checked again and again.
func onlyLater(before, now ProofInput) bool {
	if before.Leaves.Location() != now.Leaves.Location() {
		return false
	}
	before.Leaves, before.Planned, before.TooSoon = now.Leaves, now.Planned, now.TooSoon
	return reflect.DeepEqual(&before, &now)
}
