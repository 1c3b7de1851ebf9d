package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// user does what the plan says of the user.
func (s *stage) user(e Event, chance *rand.Rand) {
	switch e.Kind {
	case UserLooks:
		s.lookAtAll(e, chance)
	case Notes:
		if a, p, found := s.personOf(e.Who, ""); found {
			s.command(a.Stem, "set", a.Stem, "said", p.Email, p.Said)
		}
	case Status:
		s.setStatus(e.Who, chance)
	case HoldsIt:
		s.holdsIt(e, chance)
	case ResumesIt:
		s.resumesIt(e, chance)
	case HeardByPhone:
		s.command(e.Who, "answered", e.Who)
	case SkipsOne, SendsNow:
		if open := s.stored(e.Who, scheduler.Planned, scheduler.Review, scheduler.Approved, scheduler.Refused, scheduler.Expired); len(open) > 0 {
			word := map[Kind]string{SkipsOne: "skip", SendsNow: "send"}[e.Kind]
			key := open[chance.IntN(len(open))].Key
			s.command(key, word, key)
		}
	case ChangesText:
		s.changeText(e, chance)
	case QueuesOne:
		s.queueOne(e, chance)
	case Decides:
		s.decide(e)
	case WroteByHand:
		s.writeByHand(e, chance)
	}
}

// stored are the deliveries of an application, or of all, in some states.
func (s *stage) stored(stem string, states ...scheduler.State) (all []scheduler.Delivery) {
	s.view(func(r scheduler.Reader) (err error) {
		all, err = r.Deliveries(scheduler.DeliveryQuery{Application: stem, States: states})
		return err
	})
	slices.SortFunc(all, func(a, b scheduler.Delivery) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// lookAtAll is the user going through what waits.
func (s *stage) lookAtAll(e Event, chance *rand.Rand) {
	s.unpause(e, chance)
	s.logsInAnew()
	if s.moving.IsZero() && s.heldByMachine() {
		s.adopt()
	}
	for _, d := range s.stored("", scheduler.Review, scheduler.InDoubt, scheduler.Refused, scheduler.Expired) {
		switch {
		case d.State == scheduler.InDoubt:
			s.resolve(d, chance)
		case d.State == scheduler.Refused:
			s.command(d.Key, []string{"skip", "send"}[chance.IntN(2)], d.Key)
		case d.State == scheduler.Expired:
			s.expired(d, chance)
		case chance.IntN(10) < 8:
			s.command(d.Key, "approve", d.Key)
		case chance.IntN(2) == 0:
			s.command(d.Key, "skip", d.Key)
		}
	}
	held := s.held()
	for _, a := range s.plan.Applications {
		// Who sees no hold says so now and then all the same.
		if chance.IntN(8) == 0 && (held || chance.IntN(8) == 0) {
			s.command(a.Stem, "resume", a.Stem)
		}
	}
}

// expired is what the user makes of a mail whose time is over: thanks that come late,
// or nothing at all. Some leave it as it is.
func (s *stage) expired(d scheduler.Delivery, chance *rand.Rand) {
	switch what := chance.IntN(6); {
	case what < 2 && d.Kind == scheduler.Owed:
		s.command(d.Key, "queue", d.Application, "thank-you-late", "--to", d.To.Email)
	case what == 2:
		s.command(d.Key, "skip", d.Key)
	}
}

// held reports whether anything is on hold.
func (s *stage) held() (any bool) {
	s.view(func(r scheduler.Reader) error {
		holds, err := r.Holds()
		any = len(holds) > 0
		return err
	})
	return any
}

// resolve says what became of a mail that is in doubt: the user asks the person,
// who knows, and sometimes gives the mail up.
func (s *stage) resolve(d scheduler.Delivery, chance *rand.Rand) {
	word := "--not-sent"
	if s.acceptedID(s.program.MessageID(d.Key)) > 0 {
		word = "--sent"
	}
	if chance.IntN(10) == 0 {
		word = "--drop"
	}
	s.command(d.Key, "resolve", d.Key, word)
}

// acceptedID counts the mails with a Message-ID that the server took.
func (s *stage) acceptedID(id string) (n int) {
	for _, a := range s.servers.Accepted() {
		if a.MessageID == id {
			n++
		}
	}
	return n
}

func (s *stage) setStatus(stem string, chance *rand.Rand) {
	if _, there := s.known[stem]; !there || s.program == nil {
		return
	}
	status := []string{"closed", "rejected", "withdrawn", "accepted", "paused", "considered", "offer", "active", "active"}[chance.IntN(9)]
	if s.command(stem, "set", stem, "status", status) {
		s.closed = append(s.closed, act{at: s.truth.Now(), what: status, on: stem})
	}
}

// writeByHand puts a mail of the user's own into Sent, as another mail program
// does.
func (s *stage) writeByHand(e Event, chance *rand.Rand) {
	a, there := s.known[e.Who]
	if !there {
		return
	}
	all := a.Everybody()
	p, now := all[chance.IntN(len(all))], s.truth.Now()
	w := s.either(e)
	raw := fmt.Sprintf("From: Dana Reyes <%s>\r\nTo: %s <%s>\r\nSubject: Our talk\r\nMessage-ID: <by-hand-%d@example.org>\r\nDate: %s\r\n\r\nHello,\r\n\r\nthank you for the talk.\r\n\r\nDana\r\n",
		s.ownAddress(w), p.Name, p.address(e.N), e.N, now.Format(time.RFC1123Z))
	s.files(w.Deliver(mailtest.Sent, []byte(raw), now))
	s.byHand = append(s.byHand, byHand{at: now, to: p.Email})
}
