package scheduler

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// pastAsk is an asking mail of the round that left or was settled otherwise, whatever
// its key: the file, the interview or the step may have been renamed.
type pastAsk struct {
	key, step, with string
	index           int // position in the sequence, -1 if unknown
}

// stepDone reports whether an asking step of this round was settled with somebody else
// or under another key. It is then not asked again.
func (p *planner) stepDone(n int, key string) (pastAsk, bool) {
	ask, done := p.claims()[n]
	return ask, done && ask.key != key
}

// claims assigns each past mail of the round to a step of the sequence: the one of its
// name, else the one at its place, else the first that is left.
func (p *planner) claims() map[int]pastAsk {
	steps := p.f.Policy.Sequences[p.f.Application.Sequence]
	asks := p.pastAsks()
	if len(asks) == 0 {
		return nil
	}
	claimed := map[int]pastAsk{}
	free := func(n int) bool {
		_, taken := claimed[n]
		return n >= 0 && n < len(steps) && steps[n].Kind == Asking && !taken
	}
	var strangers []pastAsk
	for _, ask := range asks {
		n := slices.IndexFunc(steps, func(s Step) bool { return strings.EqualFold(s.Name, ask.step) })
		switch {
		case n < 0:
			strangers = append(strangers, ask)
		case free(n):
			claimed[n] = ask
		}
	}
	for _, ask := range strangers {
		n := ask.index
		for k := 0; !free(n) && k < len(steps); k++ {
			n = k
		}
		if free(n) {
			claimed[n] = ask
		}
	}
	return claimed
}

// pastAsks collects the asking mails of the round: those in the store, and
// those that left for a file which has another name now. What was queued by
// hand and check-ins are no steps.
func (p *planner) pastAsks() []pastAsk {
	var asks []pastAsk
	isStep := func(interview, step string) bool { return interview != "" && !strings.HasPrefix(step, stepCheckIn) }
	for n := range p.f.Stored {
		d := &p.f.Stored[n]
		settled := d.State == Sent || d.State.InFlight() || d.State == InDoubt ||
			(d.State == Cancelled && !d.Cause.Undone() && d.Cause != CauseDead)
		if d.Kind == Asking && settled && isStep(d.Interview, d.Step) && p.ofThisRound(d) {
			asks = append(asks, pastAsk{key: d.Key, step: d.Step, with: firstOf(d.To.Name, d.To.Email), index: d.StepIndex})
		}
	}
	for n := range p.f.Former {
		d := &p.f.Former[n]
		if d.Kind == Asking && d.State == Cancelled && (d.Cause == CauseSkipped || d.Cause == CauseDropped) && isStep(d.Interview, d.Step) && p.ofThisRound(d) {
			asks = append(asks, pastAsk{key: d.Key, step: d.Step, with: firstOf(d.To.Name, d.To.Email), index: d.StepIndex})
		}
	}
	for n := range p.f.Mails {
		m := &p.f.Mails[n]
		if !m.isAsking() || m.Application == p.f.Application.Stem || m.At.Before(p.i.At) {
			continue
		}
		interview, step := partsOf(m.Key)
		if m.ByHand || isStep(interview, step) {
			asks = append(asks, pastAsk{key: firstOf(m.Key, m.MessageID), step: step, with: firstOf(m.Name, m.Person), index: -1})
		}
	}
	return asks
}

// partsOf reads the interview and the step in a key, in lower case.
func partsOf(key string) (interview, step string) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return "", ""
	}
	interview, err := url.PathUnescape(parts[1])
	if err != nil {
		return parts[1], parts[2]
	}
	if step, err = url.PathUnescape(parts[2]); err != nil {
		return interview, parts[2]
	}
	return interview, step
}

// ofThisRound reports whether a stored delivery belongs to the round under
// whatever name, or left since the round began.
func (p *planner) ofThisRound(d *Delivery) bool {
	since := func(t time.Time) bool { return !t.IsZero() && !t.Before(p.i.At) }
	return strings.EqualFold(d.Interview, p.i.ID) || since(d.Began) || since(d.SentAt) || since(d.ClaimedAt)
}

// declined returns the mail of the round that the person asked not to get, or that the
// user skipped under an earlier name. The same is not planned again under a new key.
func (p *planner) declined(d *Delivery, to *Person) (*Delivery, bool) {
	if p.wantedBefore(d.Key) {
		return nil, false
	}
	for _, all := range [...][]Delivery{p.f.Stored, p.f.Former} {
		for n := range all {
			if s := &all[n]; s.State == Cancelled && s.Kind == d.Kind && s.Interview != "" && s.Key != d.Key && p.declines(s, to) {
				return s, true
			}
		}
	}
	return nil, false
}

// declines reports whether a cancelled mail of the round rules out another one to the
// person.
func (p *planner) declines(s *Delivery, to *Person) bool {
	if !p.ofThisRound(s) {
		return false
	}
	m := s.asMail()
	same := p.f.isWith(&m, to)
	switch s.Cause {
	case CauseNoMore:
		return same || s.Kind == Asking
	case CauseSkipped, CauseDropped:
		return s.Kind == Owed && same && p.vanished(s)
	}
	return false
}

// declinedWords says why a mail that was declined is not planned again.
func declinedWords(s *Delivery) string {
	if s.Cause == CauseNoMore {
		return "they asked not to be written to any more"
	}
	if s.Cause == CauseDropped {
		return "you dropped the mail to " + firstOf(s.To.Name, s.To.Email) + " (" + s.Key + "), of which nobody knows whether it arrived"
	}
	return "you skipped the mail to " + firstOf(s.To.Name, s.To.Email) + " (" + s.Key + ")"
}

// wantedBefore reports whether the store holds the delivery for more than one
// that was cancelled for want of a wish: what it holds open stays.
func (p *planner) wantedBefore(key string) bool {
	s, known := p.f.stored(key)
	return known && (s.State != Cancelled || !s.Cause.Undone())
}

// vanished reports whether the files no longer name the delivery's interview or step.
func (p *planner) vanished(d *Delivery) bool {
	if d.Application != p.f.Application.Stem {
		return true // with its file
	}
	_, there := p.f.Application.round(d.Interview)
	steps := p.f.Policy.Sequences[p.f.Application.Sequence]
	return !there || !slices.ContainsFunc(steps, func(s Step) bool { return strings.EqualFold(s.Name, d.Step) })
}

// answered returns the answer after which a step is not asked that nobody had
// planned before: a new name for the file, the interview or the step does not
// undo an answer. What is stored and waits stays, and under `restart` so does
// everything; where the meeting took place earlier than the file said, what came
// since may be an answer after all.
func (p *planner) answered(d *Delivery) (*Mail, bool) {
	if p.f.Policy.Replies.Interviewer == ReplyRestarts {
		return nil, false
	}
	if m, ok := p.f.answeredBy(p.i); ok && p.cameTooEarly(d, m) {
		return m, true
	}
	if p.wantedBefore(d.Key) {
		return nil, false
	}
	if s, known := p.stepStored(d.Step); known && s.State.Open() {
		return nil, false
	}
	return p.f.answeredBy(p.i)
}

// cameTooEarly reports whether a mail seemed to have come before the meeting that an open
// delivery is about.
func (p *planner) cameTooEarly(d *Delivery, m *Mail) bool {
	s, known := p.f.stored(d.Key)
	return known && s.State.Open() && s.Began.After(p.i.At) && !m.At.After(s.Began)
}
