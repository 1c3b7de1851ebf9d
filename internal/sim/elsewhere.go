package sim

import (
	"slices"
	"time"

	"afterword/internal/store/faultfs"
	"afterword/scheduler"
)

// copyElsewhere stops the program and starts it on a copy of its profile on another
// machine, where it may read and tell and nothing else. The user goes back later.
func (s *stage) copyElsewhere(e Event) {
	image, ended := s.leaveHome()
	if !ended {
		return
	}
	s.restart, s.downSince, s.host = true, s.truth.Now(), s.home+", another one"
	s.boot(image)
	from := s.truth.Now()
	s.after(e, func() { s.goBack(image, from) })
}

// leaveHome ends the program where the profile is at home, and gives what its disk
// holds. It is false where nothing runs there, or where it died just then.
func (s *stage) leaveHome() (left faultfs.Image, ended bool) {
	if s.program == nil || s.restart || s.machine.Dead() || s.host != s.home {
		return nil, false
	}
	left = s.halt()
	if s.machine.Dead() {
		s.died()
		return nil, false
	}
	return left, true
}

// goBack goes on with the profile as it was before it was copied.
func (s *stage) goBack(image faultfs.Image, from time.Time) {
	if s.program == nil || s.restart || s.machine.Dead() {
		s.after(Event{For: time.Hour}, func() { s.goBack(image, from) })
		return
	}
	s.halt()
	now := s.truth.Now()
	s.elsewhere, s.down, s.restores = append(s.elsewhere, span{from, now}), append(s.down, span{from, now}), append(s.restores, now)
	s.host, s.restart, s.downSince = s.home, true, now
	s.note("back on the old machine")
	s.boot(image)
}

// moveHouse stops the program for good where it is and starts it on another machine,
// where nothing may leave before the user says `adopt`.
func (s *stage) moveHouse(e Event) {
	image, ended := s.leaveHome()
	if !ended {
		return
	}
	now := s.truth.Now()
	s.restart, s.downSince = true, now
	s.home += ", a new one"
	s.host, s.moving = s.home, now
	s.boot(image)
	s.after(e, s.adopt)
}

// adopt says that the profile lives here, as soon as there is a program to say it to.
// An older store that is put back later knows nothing of that, and is told again.
func (s *stage) adopt() {
	held := s.heldByMachine()
	running := s.program != nil && !s.restart && !s.machine.Dead()
	done := s.adopting && running && !held // the program died behind the commit of the last try
	if !done && (!held || !s.command("", "adopt")) {
		s.adopting = s.adopting || held
		if !s.moving.IsZero() {
			s.after(Event{For: time.Hour}, s.adopt)
		}
		return
	}
	s.adopted, s.adopting = s.truth.Now(), false
	if !s.moving.IsZero() {
		s.elsewhere, s.moving = append(s.elsewhere, span{s.moving, s.truth.Now()}), time.Time{}
	}
}

// heldByMachine reports whether everything is held because the store comes from
// elsewhere, and the user means to stay.
func (s *stage) heldByMachine() (held bool) {
	s.view(func(r scheduler.Reader) error {
		holds, err := r.Holds()
		held = s.host == s.home && slices.ContainsFunc(holds, func(h scheduler.Hold) bool { return h.Source == "machine" })
		return err
	})
	return held
}
