package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// What some users do beside: they hold a person, pause everything, write a text
// themselves, queue a mail, are not to be reached for days.

// deeds are those of this plan.
func (m *maker) deeds() {
	for _, a := range m.plan.Applications {
		for range m.IntN(3) {
			m.add(Event{At: m.anyTime(), Kind: pick(m, []Kind{ChangesText, ChangesText, QueuesOne, CallsOff, FileGone, HoldsIt, ResumesIt}), Who: a.Stem, For: m.between(time.Minute, 30*time.Hour)})
		}
	}
	if m.chance(15) {
		m.add(Event{At: m.anyTime(), Kind: BreaksConfig, For: m.between(time.Minute, 30*time.Hour)})
	}
	if m.chance(20) { // nobody looks, but they do once all goes well again
		from := m.anyTime()
		to := min(from+m.between(2*24*time.Hour, 7*24*time.Hour), time.Duration(m.plan.Days-Peace)*24*time.Hour)
		m.plan.Events = slices.DeleteFunc(m.plan.Events, func(e Event) bool { return e.Kind == UserLooks && e.At > from && e.At < to })
	}
	if m.chance(10) {
		m.add(Event{At: m.between(time.Hour, 12*24*time.Hour), Kind: LeavesHome, For: m.between(24*time.Hour, 100*time.Hour)})
	}
	for range m.IntN(3) {
		m.add(Event{At: m.anyTime(), Kind: OddMail})
	}
	many := 1
	if m.plan.Restart { // where it plans anew what waits
		many = 5
	}
	for range m.IntN(many + 1) {
		m.add(Event{At: m.hour(3+m.IntN(m.plan.Days-Peace-3), 6, 13), Kind: InTime})
	}
}

// lateFiles lets the file of an application come later than the program, sometimes while
// it is off, and sometimes after its people wrote.
func (m *maker) lateFiles() {
	for _, a := range m.plan.Applications {
		if !m.chance(15) {
			continue
		}
		at := m.between(time.Hour, 12*24*time.Hour)
		m.add(Event{At: at, Kind: AddsFile, Who: a.Stem})
		if m.chance(50) {
			m.add(Event{At: at - m.between(time.Minute, time.Hour), Kind: Restarts, For: m.between(time.Hour, 30*time.Hour)})
		}
		if begins := a.Interviews[0].At.Sub(m.plan.Start); begins+time.Minute < at {
			m.add(Event{At: m.between(begins, at), Kind: Writes, Who: pick(m, a.Interviews[0].People).Email})
		}
	}
}

// comesLate reports whether the file of an application is not there from the start.
func (p Plan) comesLate(stem string) bool {
	return slices.ContainsFunc(p.Events, func(e Event) bool { return e.Kind == AddsFile && e.Who == stem })
}

// addFile writes the file of an application that comes late.
func (s *stage) addFile(e Event) {
	a, there := s.known[e.Who]
	if _, added := s.added[e.Who]; !there || added {
		return
	}
	s.files(os.WriteFile(s.interviewFile(e.Who), []byte(a.file()), 0o600))
	s.added[e.Who], s.broken[e.Who] = s.truth.Now(), false
	s.machine.saved()
}

// holding is a hold that the user set.
type holding struct {
	at, until time.Time // until is zero if only a word ends it
	on        string    // a stem or an address, "" for everything
}

// holdsIt holds an application or a person, for a time or until a word, or everything.
func (s *stage) holdsIt(e Event, chance *rand.Rand) {
	h := holding{at: s.truth.Now(), on: e.Who}
	a := s.known[e.Who]
	args := []string{"hold", e.Who}
	switch all := a.Everybody(); chance.IntN(4) {
	case 0:
		args, h.on = []string{"pause"}, ""
	case 1:
		if len(all) > 0 {
			h.on = all[chance.IntN(len(all))].Email
			args[1] = h.on
		}
	}
	if chance.IntN(2) == 0 {
		h.until = s.own.Now().Add(e.For).Truncate(time.Second)
		args = append(args, "--until", h.until.Format(time.RFC3339))
	}
	if s.command(h.on, args...) {
		s.holdings = append(s.holdings, h)
	}
}

// resumesIt resumes an application, or what was held last.
func (s *stage) resumesIt(e Event, chance *rand.Rand) {
	on := e.Who
	if n := len(s.holdings); n > 0 && chance.IntN(2) == 0 {
		on = s.holdings[n-1].on
	}
	if on == "" {
		s.command("", "resume")
		return
	}
	s.command(on, "resume", on)
}

// heldSince says since when the user holds a mail that was accepted, if no word or time
// has ended that.
func (o Outcome) heldSince(a Accepted) (since time.Time, held bool) {
	return o.heldAt(a.At, a.Delivery, a.Person.Email)
}

// heldAt says since when the user holds a mail at a moment. A store that was put back
// may not know of it.
func (o Outcome) heldAt(at time.Time, d scheduler.Delivery, email string) (since time.Time, held bool) {
	for n, h := range o.holdings {
		if h.on != "" && h.on != d.Application && h.on != email || !h.at.Add(time.Second).Before(at) {
			continue
		}
		again := slices.ContainsFunc(o.holdings[n+1:], func(x holding) bool { return x.on == h.on && !x.at.After(at) })
		lifted := slices.ContainsFunc(o.acts, func(x act) bool {
			return (x.what == "resume" || x.what == goOn) && (x.on == h.on || x.on == "") && !x.at.Before(h.at) && !x.at.After(at)
		})
		over := !h.until.IsZero() && !o.ownTime(at).Before(h.until)
		if !again && !lifted && !over && o.steady(h.at, at) {
			return h.at, true
		}
	}
	return time.Time{}, false
}

// edited is a text of the user's own.
type edited struct {
	at         time.Time
	key, words string
	began      time.Time // the meeting that the mail was for: one that is queued anew later may be for another
}

// changeText lets the user write a mail that waits.
func (s *stage) changeText(e Event, chance *rand.Rand) {
	open := s.stored(e.Who, scheduler.Planned, scheduler.Review, scheduler.Approved)
	if len(open) == 0 {
		return
	}
	d := open[chance.IntN(len(open))]
	first, _, _ := strings.Cut(d.To.Name, " ")
	words := fmt.Sprintf("page %d of your handbook", 2+chance.IntN(400))
	text := fmt.Sprintf("Hi %s,\n\nThank you for your time at %s. On the way home I read %s, and I would like to work on that with you.\n\nDana Reyes\n", first, d.Company, words)
	path := filepath.Join(s.options.Folder, "home", "own.txt")
	s.files(os.WriteFile(path, []byte(text), 0o600))
	if s.command(d.Key, "edit", d.Key, "--body-file", path) {
		s.edits = append(s.edits, edited{at: s.truth.Now(), key: d.Key, words: words, began: d.Began})
	}
}

// ownWords are those that a mail must hold, since the user wrote it; "" if it need not.
// Who sees drafts may have changed it there since.
func (o Outcome) ownWords(a Accepted) (words string) {
	for _, e := range o.edits {
		if e.key == a.Key && (a.Delivery.Interview != "" || e.began.Equal(a.Delivery.Began)) && e.at.Before(a.At) && o.steady(e.at, a.At) {
			words = e.words
		}
	}
	if o.Plan.setting("drafts") != "" {
		return ""
	}
	return words
}

// queueOne lets the user queue a mail of a template of their choice.
func (s *stage) queueOne(e Event, chance *rand.Rand) {
	a, there := s.known[e.Who]
	if !there {
		return
	}
	all := a.Everybody()
	template := []string{"check-in", "pass-on", "reply-to-rejection", "thank-you-recruiter", "thank-you-late"}[chance.IntN(5)]
	s.command(a.Stem, "queue", a.Stem, template, "--to", all[chance.IntN(len(all))].Email)
}

// writesInTime is a letter of an interviewer whose company is about to be asked.
func (s *stage) writesInTime(e Event, chance *rand.Rand) {
	waiting := slices.DeleteFunc(s.stored("", scheduler.Review, scheduler.Approved), func(d scheduler.Delivery) bool { return d.Kind != scheduler.Asking })
	if len(waiting) == 0 {
		return
	}
	a := s.known[waiting[chance.IntN(len(waiting))].Application]
	i := a.Interviews[chance.IntN(len(a.Interviews))]
	s.unasked(Event{Kind: Writes, Who: i.People[chance.IntN(len(i.People))].Email, N: e.N})
}

// fileGone takes a file away, by hand or by the command, and puts it back later.
func (s *stage) fileGone(e Event) {
	if _, there := s.known[e.Who]; !there || s.broken[e.Who] {
		return
	}
	text, err := os.ReadFile(s.interviewFile(e.Who))
	if s.files(err); err != nil {
		return
	}
	if e.N%2 == 0 {
		s.command(e.Who, "remove", e.Who)
	}
	if err := os.Remove(s.interviewFile(e.Who)); !errors.Is(err, fs.ErrNotExist) { // the command has, unless it could not
		s.files(err)
	}
	s.machine.saved()
	s.broken[e.Who] = true
	s.closed = append(s.closed, act{at: s.truth.Now(), what: unreadable, on: e.Who})
	s.after(e, func() {
		s.files(os.WriteFile(s.interviewFile(e.Who), text, 0o600))
		s.machine.saved()
		s.broken[e.Who] = false
		s.gone = append(s.gone, spanOf{span{s.truth.Now().Add(-e.For), s.truth.Now()}, e.Who})
		s.closed = append(s.closed, act{at: s.truth.Now(), what: readable, on: e.Who})
	})
}

// breakConfig leaves config.yaml as an editor does that was closed too early.
func (s *stage) breakConfig(e Event) {
	if s.wholeConfig != nil {
		return
	}
	whole, err := os.ReadFile(s.configFile())
	if s.files(err); err != nil {
		return
	}
	s.wholeConfig, s.configBroken = whole, s.truth.Now()
	s.files(os.WriteFile(s.configFile(), append(slices.Clone(whole[:len(whole)/2]), "\n  : ["...), 0o600))
	s.machine.saved()
	s.after(e, s.mendConfig)
}

// mendConfig makes config.yaml whole again, which who starts the program does before.
func (s *stage) mendConfig() {
	if s.wholeConfig == nil {
		return
	}
	s.files(os.WriteFile(s.configFile(), s.wholeConfig, 0o600))
	s.unreadable = append(s.unreadable, span{s.configBroken, s.truth.Now()})
	s.wholeConfig = nil
	s.machine.saved()
}

func (s *stage) configFile() string { return filepath.Join(s.options.Folder, "home", "config.yaml") }
