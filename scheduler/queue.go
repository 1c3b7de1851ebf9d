package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Queue writes a mail that no step plans: thank-you-late, check-in, reply-to-rejection,
// or a template of the user's. It always waits for approval, and it belongs to no
// interview, so that it may leave after the application is over.
func (s *Service) Queue(ctx context.Context, stem, template, to string) (Delivery, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return Delivery{}, err
	}
	a, ok := w.Applications[stem]
	if !ok {
		return Delivery{}, refuse("`afterword plan` lists the applications", "there is no application %q", stem)
	}
	if a.Broken != "" {
		return Delivery{}, refuse("mend the file first", "%s", a.Broken)
	}
	kind, err := s.Writers.Renderer.Kind(template)
	if err != nil {
		return Delivery{}, refuse("", "%v", err)
	}
	p, err := personNamed(a, to)
	if err != nil {
		return Delivery{}, err
	}
	i := latestRound(&Facts{Application: a}, now)
	if met := latestWith(&Facts{Application: a}, &p, now); kind == Owed && met != nil {
		i = met // thanks are for a meeting with them
	}
	place := placeFor(&w.Policy, &a, i, &p)
	if kind == Owed { // it is late already
		place = lateWindow(&w.Policy, place)
	}
	due, err := place.NextOpen(now)
	if err != nil {
		return Delivery{}, refuse("correct sending.window", "%v", err)
	}
	d := Delivery{Key: Key(stem, "", template, p.Email), Application: stem, Company: a.Company, Step: template, Kind: kind,
		To: Recipient{Name: p.Name, Email: p.Email}, Template: template, State: Planned, Began: i.At, Zone: place.Zone.String(),
		Slot: due, Due: due, FirstDue: due, Personal: "you queued it", Reason: due.In(place.Zone).Format("Mon 2 Jan 15:04 ") + place.Zone.String() + ": you queued it; the next hour for mail at their place"}
	var queued Delivery
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		queued, err = s.queue(tx, w, d, now)
		return err
	})
	return queued, err
}

// queue stores the delivery unless its like is there, and gives it its text and, where it
// needs one, another name.
func (s *Service) queue(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
	f, err := LoadFacts(tx, w, d.Application, now)
	if err != nil {
		return d, err
	}
	if err := mayQueue(f, &d, now); err != nil {
		return d, err
	}
	before, err := tx.Delivery(d.Key)
	for n := 2; err == nil && before.State == Cancelled; n++ {
		if before.Began.Equal(d.Began) { // the user's words for this meeting
			d.Edited = before.Edited
		}
		if !before.AnyData {
			d.Attempt, d.Marked, d.LearntIDs = before.Attempt, before.Marked, before.LearntIDs
			break
		}
		// A server may hold its bytes: what is written anew is another mail, with a Message-ID of its own.
		d.Step = fmt.Sprintf("%s-%d", d.Template, n)
		d.Key = Key(d.Application, "", d.Step, d.To.Email)
		before, err = tx.Delivery(d.Key)
	}
	switch {
	case err == nil && before.State != Cancelled:
		return d, refuse("`afterword why "+ShellWord(d.Key)+"` tells more", "this mail is there already: it is %s", before.State.words())
	case ignoreMissing(err) != nil:
		return d, err
	}
	e := Event{Key: d.Key, Application: d.Application, Actor: ActorUser, What: "planned", To: string(Planned), Why: d.Reason}
	if err := put(tx, d, now, e, now); err != nil {
		return d, err
	}
	if _, err := s.Writers.attend(tx, w, d.Application, now); err != nil {
		return d, err
	}
	return d, touch(tx, d.Application)
}

// mayQueue refuses what would not leave however long it waits.
func mayQueue(f *Facts, d *Delivery, now time.Time) error {
	if err := notTooSoon(f, d, now); err != nil {
		return err
	}
	if err := notDropped(f, d, now); err != nil {
		return err
	}
	if gone := f.goneAddress(d.To.Email, d.Key); gone != "" {
		return refuse("name somebody else with --to, or write their new address into the file", "%s", gone)
	}
	return nil
}

// canBeLate reports whether late thanks can be queued in place of an expired note.
func canBeLate(f *Facts, d *Delivery, now time.Time) bool {
	i, ok := f.Application.round(d.Interview)
	p := personOf(&f.Application, i, d)
	if _, err := personNamed(f.Application, d.To.Email); err != nil || !ok || d.Kind != Owed || thanksAreOver(f, i, p, now) {
		return false
	}
	if met := latestWith(f, p, now); met != nil {
		i = met
	}
	late := Delivery{Key: Key(d.Application, "", templateLate, d.To.Email), Application: d.Application, Company: d.Company, Kind: Owed, Template: templateLate, To: d.To, Began: i.At}
	before, known := f.stored(late.Key)
	return (!known || before.State == Cancelled) && mayQueue(f, &late, now) == nil
}

// notTooSoon refuses thanks for a meeting that is still to come: they could only wait
// for it, and the step that thanks for it is planned by itself.
func notTooSoon(f *Facts, d *Delivery, now time.Time) error {
	i, ok := f.meeting(d, now)
	if !ok || d.Kind != Owed || !i.End().After(now) {
		return nil
	}
	return refuse("`afterword plan` shows the thanks that are planned for it; after it this may be queued", "%s with %s is only on %s; nobody is thanked for it before", TheInterview(i.ID), d.Company, moment(i.At, i.Zone.String(), now))
}

// notDropped refuses a mail that may have arrived already, because the user dropped it,
// or other thanks for the same meeting, while it was in doubt.
func notDropped(f *Facts, d *Delivery, now time.Time) error {
	s, known := f.stored(d.Key)
	dropped := known && s.State == Cancelled && s.Cause == CauseDropped
	if i, ok := f.meeting(d, now); !dropped && ok && d.Kind == Owed {
		s, dropped = f.perhapsThanked(personOf(&f.Application, i, d), i, d.Key)
	}
	if dropped {
		return refuse("write to them yourself, if you are sure", "%s", declinedWords(s))
	}
	return nil
}

// personNamed finds a person of the application by address or name. An empty name is the
// contact of the latest interview.
func personNamed(a Application, to string) (Person, error) {
	var found []Person
	for _, p := range a.People() {
		if to != "" && NormalAddress(p.Email) == NormalAddress(to) {
			found = []Person{p}
			break // another entry for them may have it beside its own
		}
		if to == "" || hasAddress(&p, to) || sameName(p.Name, to) || isFirstName(p, to) {
			found = append(found, p)
		}
	}
	switch {
	case len(found) == 0:
		return Person{}, refuse("name somebody of its file", "%s knows nobody called %q", a.Stem, to)
	case to != "" && slices.ContainsFunc(found, func(p Person) bool { return !samePerson(&p, &found[0]) }):
		return Person{}, refuse("give the address", "%q fits %d people of %s", to, len(found), a.Stem)
	case !found[0].Reachable():
		return Person{}, refuse("write it into the file, and remove guessed: true", "no sure address is known for %s", found[0].Name)
	}
	return found[0], nil
}

func isFirstName(p Person, name string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(p.Name), " ")
	return sameName(first, name)
}
