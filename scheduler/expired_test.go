package scheduler

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// acts is the service on an office's store and files.
func (o *office) acts(f Facts, at string) *Service {
	return &Service{Store: o.store, Files: &papers{policy: f.Policy, apps: []Application{f.Application}}, Writers: o.writers, Clock: &handClock{paris(at)}}
}

// moves are the moves that the events of a mail tell, oldest first.
func (o *office) moves(key string) (all []string) {
	for _, e := range o.store.events {
		if e.Key == key && e.From != e.To && e.From != "" {
			all = append(all, e.From+" "+e.To)
		}
	}
	return all
}

// TestSendAfterItsTime: mail that asks and that was seen too late to leave by itself
// leaves if its user says so, through every gate; not after an answer or a later step,
// and thanks and what the sequence itself ends not at all.
func TestSendAfterItsTime(t *testing.T) {
	t.Parallel()
	const now = "2026-12-22 11:00"
	for name, c := range map[string]struct {
		step    string
		change  func(f *Facts, o *office)
		refused string // "" if it leaves
	}{
		"asks": {step: "follow-up-1"},
		"answered": {"follow-up-1", func(_ *Facts, o *office) {
			o.store.mails = append(o.store.mails, Mail{MessageID: "<theirs@acme.example>", Application: "acme", Person: "ken@acme.example", Class: "human", At: paris("2026-12-22 10:00")})
		}, "answered"},
		"a later step": {"follow-up-1", func(_ *Facts, o *office) {
			d := o.delivery("follow-up-2")
			d.State, d.SentAt = Sent, paris("2026-12-22 10:00")
			o.store.set(d)
		}, "comes before"},
		"ends": {"follow-up-1", func(_ *Facts, o *office) {
			d := o.delivery("follow-up-1")
			d.Expires = paris("2026-12-22 09:00")
			o.store.set(d)
		}, "expired"},
		"thanks": {"thank-you", nil, "expired"},
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", now)
		if got := o.delivery(c.step); got.State != Expired {
			t.Fatalf("%s: it is %s before", name, got.State)
		}
		if c.change != nil {
			c.change(&f, o)
		}
		key := o.delivery(c.step).Key
		_, err := o.acts(f, now).SendNow(t.Context(), key)
		got := o.delivery(c.step)
		if c.refused != "" {
			if !errors.Is(err, ErrUser) || !strings.Contains(err.Error(), c.refused) || got.State != Expired {
				t.Errorf("%s: it is %s, and the answer is %v", name, got.State, err)
			}
			continue
		}
		if err != nil || got.State == Expired || !got.Due.Equal(paris(now)) || !slices.Equal(o.moves(key)[:2], []string{"planned expired", "expired review"}) {
			t.Errorf("%s: %v, it is %s, due %s, after %q", name, err, got.State, got.Due, o.moves(key))
		}
		if strings.Contains(o.asked(), askedExpired+key) {
			t.Errorf("%s: it is still asked about as one whose time is over", name)
		}
		before := len(o.store.events)
		o.attend("acme", now)
		if again := o.delivery(c.step); again.State != got.State || len(o.store.events) != before {
			t.Errorf("%s: looked after again it is %s, with %d events more", name, again.State, len(o.store.events)-before)
		}
	}
}

// TestExpiredIsAskedAbout names the command that sends it all the same, where there is one.
func TestExpiredIsAskedAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.attend("acme", "2026-12-22 11:00")
	for step, want := range map[string]bool{"thank-you": false, "follow-up-1": true} {
		key := o.delivery(step).Key
		if got := strings.Contains(o.question(askedExpired+key).Text, "afterword send "+key); got != want {
			t.Errorf("%s: the question names send: %v\n%s", step, got, o.question(askedExpired+key).Text)
		}
	}
}

// TestMovedAfterItsTime: a meeting that is moved to a later day after the time of its
// mail was over is thanked for and followed up like any other; one whose new time is
// over too, or that is said to have been earlier, is not.
func TestMovedAfterItsTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at    string // the new time
		state State
		due   string
	}{
		{"2026-12-21 14:00", Planned, "2026-12-22"}, {"2026-12-14 14:00", Expired, "2026-11-24"}, {"2026-11-20 14:00", Expired, "2026-11-24"}, {"2026-11-23 14:00", Expired, "2026-11-24"},
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-12-20 11:00")
		before := o.delivery("thank-you")
		if before.State != Expired {
			t.Fatalf("it is %s before", before.State)
		}
		f.Application.Interviews = slices.Clone(f.Application.Interviews)
		f.Application.Interviews[0].At = paris(c.at)
		o.world.Applications = map[string]Application{"acme": f.Application}
		o.attend("acme", "2026-12-20 12:00")
		got := o.delivery("thank-you")
		if got.State != c.state || got.Due.Format("2006-01-02") != c.due {
			t.Errorf("moved to %s: it is %s, due %s", c.at, got.State, got.Due)
		}
		if moves := o.moves(got.Key); (c.state == Planned) != slices.Equal(moves[max(len(moves)-2, 0):], []string{"expired review", "review planned"}) {
			t.Errorf("moved to %s: the moves are %q", c.at, moves)
		}
		count := len(o.store.events)
		o.attend("acme", "2026-12-20 12:00")
		if more := len(o.store.events) - count; more != 0 {
			t.Errorf("moved to %s: looked after again, %d events more", c.at, more)
		}
	}
}

// TestMovedAfterTheyWereThanked: thanks that were not wanted, because their reader had
// just got some about another meeting, are wanted once theirs is moved behind those.
func TestMovedAfterTheyWereThanked(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]State{"2026-11-23 10:00": Cancelled, "2026-11-23 14:00": Cancelled, "2026-11-24 09:00": Cancelled, "2026-11-24 11:00": Planned, "2026-11-25 14:00": Planned} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 16:00")
		o.store.mails = []Mail{{MessageID: "<elsewhere@example.org>", Application: "globex", Outgoing: true, Person: "ken@acme.example", Company: "Acme", At: paris("2026-11-24 09:10")}}
		o.attend("acme", "2026-11-24 09:15")
		if d := o.delivery("thank-you"); d.State != Cancelled || d.Cause != CauseThanked {
			t.Fatalf("it is %s for %q before", d.State, d.Cause)
		}
		f.Application.Interviews = slices.Clone(f.Application.Interviews)
		f.Application.Interviews[0].At = paris(at)
		o.world.Applications = map[string]Application{"acme": f.Application}
		for range 2 {
			o.attend("acme", "2026-11-24 09:20")
		}
		if d := o.delivery("thank-you"); d.State != want || want == Planned && !d.Began.Equal(paris(at)) {
			t.Errorf("moved to %s: it is %s (%s), want %s", at, d.State, d.Why, want)
		}
	}
}

// TestMovedAndOverByNow: where the new time is over too by the time that the file is
// read, the user is asked about those thanks like about any others.
func TestMovedAndOverByNow(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	o.store.mails = []Mail{{MessageID: "<elsewhere@example.org>", Application: "globex", Outgoing: true, Person: "ken@acme.example", Company: "Acme", At: paris("2026-11-24 09:10")}}
	o.attend("acme", "2026-11-24 09:15")
	f.Application.Interviews = slices.Clone(f.Application.Interviews)
	f.Application.Interviews[0].At = paris("2026-11-26 14:00")
	o.world.Applications = map[string]Application{"acme": f.Application}
	o.attend("acme", "2026-12-02 12:00")
	if d := o.delivery("thank-you"); d.State != Expired || !strings.Contains(o.asked(), askedExpired+d.Key) {
		t.Errorf("it is %s (%s), and asked is %q", d.State, d.Why, o.asked())
	}
}

// TestSupersededByANoteThatExpired: of thanks in whose place another note was to leave, and
// did not, nothing is said that is not so.
func TestSupersededByANoteThatExpired(t *testing.T) {
	t.Parallel()
	early, late := onsite(person("Ken")), onsite(person("Ken"))
	early.ID, early.At, late.At = "morning", paris("2026-11-23 09:00"), paris("2026-11-23 16:00")
	early.Status, late.Status = InterviewHeld, InterviewHeld
	f := acme(late)
	f.Policy.Review = ReviewAlways
	o := newOffice(t, f)
	o.attend("acme", "2026-11-20 09:00")
	f.Application.Interviews = []Interview{early, late}
	o.world.Applications = map[string]Application{"acme": f.Application}
	superseded := false
	for _, at := range []string{"2026-11-20 09:01", "2026-11-23 17:00", "2026-11-24 09:00", "2026-12-01 12:00"} {
		o.attend("acme", at)
		d := o.delivery("thank-you")
		superseded = superseded || d.Cause == CauseSuperseded
		note, err := o.store.Delivery("acme/morning/thank-you/ken@acme.example")
		if err != nil {
			t.Fatal(err)
		}
		if d.State == Cancelled && note.State == Expired && strings.Contains(d.Why, "reaches") {
			t.Errorf("%s: the thanks are %s: %s; and that note is %s", at, d.State, d.Why, note.State)
		}
	}
	if !superseded {
		t.Error("no note took the place of another, so that this shows nothing")
	}
}

// TestLateThanksAreOfferedWhileTheyCanLeave: the offer says until when it holds, the
// mail that it names may leave that very evening, and then it is not made any more. At
// an hour at which no mail could leave in time it is not made.
func TestLateThanksAreOfferedWhileTheyCanLeave(t *testing.T) {
	t.Parallel()
	const key = askedExpired + "acme/onsite/thank-you/ken@acme.example"
	const offer = "late, until Thu 26 Nov: afterword queue acme thank-you-late --to ken@acme.example. Or leave it: afterword skip acme/onsite/thank-you/ken@acme.example"
	f := acme(onsite(person("Ken"))) // Mon 23 Nov: the third business day is Thu 26
	for at, offered := range map[string]bool{"2026-11-26 19:00": true, "2026-11-26 21:30": false} {
		o := newOffice(t, f)
		o.attend("acme", at)
		if text := o.question(key).Text; text == "" || strings.Contains(text, offer) != offered || strings.Contains(text, "thank-you-late") != offered {
			t.Errorf("at %s the question is %q", at, text)
		}
		if !offered {
			continue
		}
		d := o.queue(f, "thank-you-late", at) // the window of other mail closed at 18:00
		if !d.Due.Equal(paris(at)) {
			t.Errorf("what is offered at %s would leave at %s", at, d.Due)
		}
		if strings.Contains(o.asked(), key) {
			t.Errorf("late thanks are before the user, and are still offered: %s", o.asked())
		}
	}
}

// TestRefusedAfterItsTime: thanks that the server refused, and whose time is over since,
// are not tried again, and the answer says what can be done.
func TestRefusedAfterItsTime(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-24 08:00")
	d := o.delivery("thank-you")
	d.State, d.LastAnswer = Refused, "550 no such user"
	o.store.set(d)
	_, err := o.acts(f, "2026-11-26 18:00").SendNow(t.Context(), d.Key)
	var refused interface{ Hint() string }
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "was to leave by") || !strings.Contains(refused.Hint(), "thank-you-late") {
		t.Errorf("the answer is %v", err)
	}
	if got := o.delivery("thank-you"); got.State != Refused {
		t.Errorf("it is %s", got.State)
	}
}
