package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// What a mail of a life was cancelled or given up for must be so: the program says why, and
// says what is true.

// heardOf is all that was ever read or said in a life, whatever store still knows it.
type heardOf struct {
	answered map[string]bool // by application: a person of it wrote, or the user heard from them
	noMore   map[string]bool // by application
	dead     map[string]bool // by address
	byHand   map[string]bool // by address, and by name: the user wrote to them
}

func newHeardOf() heardOf {
	return heardOf{answered: map[string]bool{}, noMore: map[string]bool{}, dead: map[string]bool{}, byHand: map[string]bool{}}
}

// note takes in a letter.
func (h heardOf) note(apps []Application, l letter) {
	in := l.in
	switch {
	case l.isOwn:
		to := in.Message.To[0].Addr
		h.byHand[NormalAddress(to)], h.byHand[in.Message.To[0].Name] = true, true
		for _, a := range apps {
			a.anybody(func(p *Person) bool {
				if hasAddress(p, to) {
					h.byHand[p.Name], h.byHand[NormalAddress(p.Email)] = true, true
				}
				return false
			})
		}
	case l.isCopy:
	default:
		for _, stem := range append(slices.Clone(in.Rivals), in.Match.Application) {
			h.answered[stem] = h.answered[stem] || in.Match.Person != "" || in.Match.Colleague
			h.noMore[stem] = h.noMore[stem] || in.Reading.NoMore
		}
		if l.row.onePerson {
			h.dead[in.Match.Person] = true
		}
	}
}

// checkReason looks whether what a mail was cancelled for is so.
func (c *core) checkReason(d Delivery) {
	saved := World{Policy: c.files.policy, Applications: byStem(c.files.apps)}
	why := c.whyFalse(d, c.daemon.world)
	if why != "" && c.whyFalse(d, saved) == "" {
		return // what was saved is taken up by the user's next command, and by the program soon
	}
	if why != "" {
		c.Fatalf("%s is %s: %q (%s), but %s\n%s", d.Key, d.State, d.Why, d.Cause, why, c.describe())
	}
}

// whyFalse says what is not so about a reason, "" if it may be true.
func (c *core) whyFalse(d Delivery, w World) string {
	h := c.truth.ever
	a, known := w.Applications[d.Application]
	if d.State == Expired {
		i, ok := a.Interview(d.Interview)
		if soonest := i.At.Add(2*time.Hour + 48*time.Hour); ok && c.clock.now.Before(soonest) || !ok && c.clock.now.Before(d.Expires) {
			return "its time is not over before " + soonest.String()
		}
		return ""
	}
	switch d.Cause {
	case CauseAnswered:
		former := c.hidden != nil && c.hidden.Company == a.Company && h.answered[c.hidden.Stem] // as if its file had been renamed
		if !h.answered[d.Application] && !former {
			return "nobody of the application has written"
		}
	case CauseNoMore:
		if !h.noMore[d.Application] {
			return "nobody has asked for that"
		}
	case CauseDead:
		if !h.dead[NormalAddress(d.To.Email)] {
			return "nobody has said so of the address"
		}
	case CauseByHand, CauseThanked:
		if !c.wroteEver(d) && !c.tookOwed(d) {
			return "nothing has left to them"
		}
	case CauseClosed:
		if !known || !a.Status.Over() {
			return "the application is " + string(a.Status)
		}
	case CauseSuperseded:
		return c.whyNotSuperseded(d, a)
	case CauseUnwanted:
		return c.whyStillWanted(d, a, w)
	}
	return ""
}

// wroteEver reports whether the user has ever written to the reader of a delivery.
func (c *core) wroteEver(d Delivery) bool {
	h := c.truth.ever.byHand
	return h[d.To.Name] || c.ofReader(d, func(who string) bool { return h[who] })
}

// tookOwed reports whether a server has taken, or may have, thanks to the reader of a delivery.
func (c *core) tookOwed(d Delivery) bool {
	for key, o := range c.truth.taken {
		if key != d.Key && o.Kind == Owed && (sameName(o.To.Name, d.To.Name) || slices.Contains(c.addresses(d), NormalAddress(o.To.Email))) {
			return true
		}
	}
	return false
}

// whyNotSuperseded: another meeting or another note takes the place of a mail.
func (c *core) whyNotSuperseded(d Delivery, a Application) string {
	if d.Kind == Asking {
		i, _ := a.Interview(d.Interview)
		if !slices.ContainsFunc(a.Interviews, func(o Interview) bool { return o.At.After(i.At) && o.Status != InterviewCancelled }) {
			return "there is no later interview"
		}
		return ""
	}
	for _, o := range c.store.rows {
		if o.Key != d.Key && o.Kind == Owed && (sameName(o.To.Name, d.To.Name) || slices.Contains(c.addresses(d), NormalAddress(o.To.Email))) {
			return ""
		}
	}
	if c.tookOwed(d) || c.truth.ever.byHand[d.To.Name] {
		return ""
	}
	return "there is no other note to them"
}

// whyStillWanted: the files do not want a mail any more.
func (c *core) whyStillWanted(d Delivery, a Application, w World) string {
	i, there := a.Interview(d.Interview)
	named := slices.ContainsFunc(i.Interviewers, func(p Person) bool { return p.Email == d.To.Email && p.Skip == "" && !p.Guessed }) ||
		a.Recruiter != nil && a.Recruiter.Email == d.To.Email
	switch {
	case strings.Contains(d.Why, "removed the application"), strings.Contains(d.Why, "gone for an hour"):
		if a.Stem != "" {
			return "its file is there"
		}
	case strings.Contains(d.Why, "is not in the file any more"):
		if there {
			return "its file names the interview"
		}
	case strings.Contains(d.Why, "was cancelled"):
		if i.Status != InterviewCancelled {
			return "the interview is " + string(i.Status)
		}
	case strings.Contains(d.Why, "has no step"):
		if slices.ContainsFunc(w.Policy.Sequences[a.Sequence], func(s Step) bool { return s.Name == d.Step }) {
			return "the sequence has the step"
		}
	case strings.Contains(d.Why, "is not for") && d.Kind == Owed && d.Step == "thank-you":
		if named && slices.ContainsFunc(i.Interviewers, func(p Person) bool { return p.Email == d.To.Email }) {
			return "the interview names them"
		}
	case strings.Contains(d.Why, "came back"), strings.Contains(d.Why, "has left"), strings.Contains(d.Why, "refused"):
		if !c.truth.ever.dead[NormalAddress(d.To.Email)] && !strings.Contains(d.Why, "refused") {
			return "nobody has said so of the address"
		}
	}
	return ""
}

// checkWaits looks whether what keeps approved mail from leaving is so. The program has just
// looked at everything, and knows what the files say.
func (c *core) checkWaits() {
	if c.stepped || c.flight != nil || c.files.policy.Broken != "" {
		return // no minute is sure
	}
	now := c.clock.now
	for _, r := range c.store.rows {
		d := *r.Delivery
		a := c.files.find(d.Application)
		if d.State != Approved || d.Due.IsZero() || d.Due.After(now) || d.RetryAt.After(now) || a.Stem == "" || a.Broken != "" {
			continue
		}
		why := c.whyNoWait(d, a, now)
		f, err := LoadFacts(c.store, c.daemon.world, d.Application, now)
		c.must(err)
		v := Gate(f, &d, now)
		if d.WaitingFor == "" && !slices.ContainsFunc(c.daemon.line.turns, func(t turn) bool { return t.key == d.Key }) {
			why = fmt.Sprintf("nobody is to carry it: %+v", v)
		}
		if why != "" {
			c.Fatalf("%s is approved, was due on %s and waits: %q, but %s\n%s", d.Key, d.Due, d.WaitingFor, why, c.describe())
		}
	}
}

// whyNoWait says what is not so about what a mail waits for, "" if it may be true.
func (c *core) whyNoWait(d Delivery, a Application, now time.Time) string {
	asked, toPerson, _ := c.asked(d, now)
	says := func(words string) bool { return strings.Contains(d.WaitingFor, words) }
	pol := c.files.policy
	day := dateIn(now, c.zoneOf(a))
	i, _ := a.Interview(d.Interview)
	// What the user wrote asks too, what they dropped in doubt may have, and the mail of a
	// file that is not there any more is taken for that of this one, renamed.
	goneFile := func(key string) bool {
		return !slices.ContainsFunc(c.files.apps, func(a Application) bool { return a.Stem == c.truth.taken[key].Application })
	}
	sure := !slices.ContainsFunc(c.truth.order, goneFile) && len(c.truth.ever.byHand) == 0 && !slices.ContainsFunc(c.store.rows, func(o stored) bool { return o.Cause == CauseDropped })
	switch {
	case says("outside the hours") && c.inHours(d, now) && c.isBusinessDay(a, now.In(c.zoneOf(a))):
		return "these are the hours for mail there"
	case says("is in doubt") && !slices.ContainsFunc(c.store.rows, func(o stored) bool { return o.State == InDoubt }):
		return "nothing is in doubt"
	case says("was already written to") && !c.wroteEver(d) && !c.tookOwed(d):
		return "nothing has left to them"
	case says("limit for one application") && sure && asked < min(pol.Limits.PerApplication, 3):
		return fmt.Sprintf("%d have asked there", asked)
	case says("limit for one person") && sure && toPerson < min(pol.Limits.PerPerson, 3):
		return fmt.Sprintf("%d have asked them", toPerson)
	case says("asking mail rests") && !slices.ContainsFunc(pol.Me.Away, func(r calendar.DateRange) bool { return r.Contains(day) }) &&
		!slices.ContainsFunc(pol.Quiet, func(r calendar.YearlyRange) bool { return r.Contains(day) }):
		return "the user is there"
	case says("promised to decide") && (a.DecisionBy.IsZero() || !now.Before(c.patience(a))):
		return "that is over"
	case says("has not ended yet") && d.Interview != "" && !now.Before(i.End()):
		return "it has"
	case says("file says paused") && a.Status != StatusPaused, says("there is an offer") && a.Status != StatusOffer:
		return "it is " + string(a.Status)
	}
	return ""
}
