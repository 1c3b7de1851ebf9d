package scheduler

import (
	"slices"
	"strings"
	"testing"

	"afterword/mailer"
)

// queue lays a mail before the user at a time in Paris.
func (o *office) queue(f Facts, template, at string) Delivery {
	o.Helper()
	s := o.acts(f, at)
	s.Writers.Renderer = coreScribe{}
	d, err := s.Queue(o.Context(), "acme", template, "ken@acme.example")
	if err != nil {
		o.Fatal(err)
	}
	return d
}

// TestQueuedForACancelledMeeting: thanks that the user queued for a meeting do not leave
// once its file says that it was cancelled, and speak of no other meeting instead.
func TestQueuedForACancelledMeeting(t *testing.T) {
	t.Parallel()
	second := onsite(person("Mara"))
	second.ID, second.At = "second", paris("2026-11-20 14:00")
	f := acme(onsite(person("Ken")), second)
	d := newOffice(t, f).queue(f, "thank-you-late", "2026-11-24 08:30")
	d.State = Approved
	now := paris("2026-11-24 10:00")
	if v := Gate(&f, &d, now); !v.Open {
		t.Errorf("the meeting took place, and its thanks wait: %s", v.Why)
	}
	f.Application.Interviews[0].Status = InterviewCancelled
	if v := Gate(&f, &d, now); v.Open || !v.Ask || !strings.Contains(v.Why, `the interview "onsite" was cancelled`) {
		t.Errorf("the meeting was cancelled, and its thanks: %+v", v)
	}
}

// TestQueuedAfterAnAttempt: where a server may hold the bytes of a mail that was cancelled
// meanwhile, its like is another mail with a name of its own: no two texts bear one Message-ID.
func TestQueuedAfterAnAttempt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tried bool
		want  string
	}{
		{false, "acme//check-in/ken@acme.example"},
		{true, "acme//check-in-2/ken@acme.example"},
	} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		d := o.queue(f, stepCheckIn, "2026-11-24 08:30")
		d.State, d.Cause, d.AnyData, d.Edited = Cancelled, CauseAnswered, c.tried, &Edit{Subject: "Still here", Body: "My own words."}
		o.store.set(d)
		again := o.queue(f, stepCheckIn, "2026-11-25 08:30")
		if again.Key != c.want || again.Template != stepCheckIn {
			t.Errorf("tried: %v, queued anew it is %s of %s, want %s", c.tried, again.Key, again.Template, c.want)
		}
		if got := o.store.get(c.want); got.State != Review || got.Edited == nil || got.AnyData {
			t.Errorf("tried: %v, %s is %s, edited: %v, tried: %v", c.tried, c.want, got.State, got.Edited != nil, got.AnyData)
		}
	}
}

// TestSentInOtherWords: what the user queued and told to be sent asks again where its text is
// another before the hours for mail begin, under every setting, as an approved text does; told
// once more, it goes.
func TestSentInOtherWords(t *testing.T) {
	t.Parallel()
	for _, review := range []ReviewMode{ReviewFlagged, ReviewNever} {
		f := acme(onsite(person("Ken")))
		f.Policy.Review = review
		o := newOffice(t, f)
		o.writers.Renderer = scribe{}
		d, err := o.acts(f, "2026-11-24 05:00").Queue(t.Context(), "acme", stepCheckIn, "ken@acme.example")
		if err != nil {
			t.Fatal(err)
		}
		send := func(at string) {
			if _, err := o.acts(f, at).SendNow(t.Context(), d.Key); err != nil {
				t.Fatal(err)
			}
			if got := o.store.get(d.Key); got.State != Approved {
				t.Fatalf("under %s the user said send, and it is %s: %s", review, got.State, got.Why)
			}
		}
		send("2026-11-24 05:10")
		o.attend("acme", "2026-11-24 05:20")
		if got := o.store.get(d.Key); got.State != Approved {
			t.Errorf("under %s nothing changed, and it is %s: %s", review, got.State, got.Why)
		}
		f.Application.Interviews[0].Interviewers[0].Said = "the pager moves"
		o.world.Applications["acme"] = f.Application
		o.attend("acme", "2026-11-24 05:30")
		if got := o.store.get(d.Key); got.State != Review || got.Why != approvedOther {
			t.Errorf("under %s its text is another, and it is %s: %s", review, got.State, got.Why)
		}
		send("2026-11-24 05:40")
	}
}

// TestQueuedAndRestarted: with `interviewer: restart` a mail that the user queued and then
// sent asks again after an answer, however little the policy wants to see.
func TestQueuedAndRestarted(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Policy.Review, f.Policy.Replies.Interviewer = ReviewNever, ReplyRestarts
	o := newOffice(t, f)
	d := o.queue(f, stepCheckIn, "2026-11-24 07:30")
	if _, err := o.acts(f, "2026-11-24 07:30").SendNow(t.Context(), d.Key); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-24 07:31")
	if got := o.store.get(d.Key); got.State != Approved {
		t.Fatalf("the user said send, and it is %s: %s", got.State, got.Why)
	}
	if err := planAnew(o.store, d, "Ken Osei answered, so it is planned anew", "<theirs@acme.example>", paris("2026-11-24 07:40")); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-24 07:41")
	if got := o.store.get(d.Key); got.State != Review || !strings.Contains(got.Why, "Ken Osei answered") {
		t.Errorf("after an answer it is %s: %s", got.State, got.Why)
	}
}

// TestOwnMailWhileTheirsIsOnItsWay: what the user writes while thanks are on their way, or
// in doubt, does the thanks: they are not tried again, and the follow-ups stay.
func TestOwnMailWhileTheirsIsOnItsWay(t *testing.T) {
	t.Parallel()
	for _, state := range []State{Sending, HandedOver, InDoubt} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-11-24 07:30")
		d := o.delivery("thank-you")
		d.State = state
		o.store.set(d)
		at := paris("2026-11-24 09:31")
		m := mailer.Message{ID: "<hand@example.org>", Subject: "Our talk"}
		if err := byHand(o.store, f.Application, person("Ken"), m, "ken@acme.example", at, at); err != nil {
			t.Fatal(err)
		}
		if got := o.delivery("follow-up-1"); !got.State.Open() {
			t.Errorf("thanks are %s, and the user's own mail makes the follow-up %s: %s", state, got.State, got.Why)
		}
		d.State = Approved // the attempt failed, or the user says that it did not arrive
		o.store.set(d)
		facts, err := LoadFacts(o.store, o.world, "acme", at)
		if err != nil {
			t.Fatal(err)
		}
		if v := Gate(facts, &d, at); v.Open || !strings.Contains(v.Why, "nobody is thanked twice") {
			t.Errorf("thanks were %s when the user wrote, and are tried again: %+v", state, v)
		}
	}
}

// TestQueuedForAnotherZone: mail that was queued by hand keeps to the hours of who reads it, wherever the
// user is; where the meeting was cancelled since, to those of its place all the same.
func TestQueuedForAnotherZone(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]InterviewStatus{"held": InterviewHeld, "cancelled": InterviewCancelled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := onsite(person("Ken"))
			i.Zone, i.Status = zone("America/Los_Angeles"), status
			o := newOffice(t, acme(i))
			user := Service{Store: o.store, Files: &papers{policy: o.world.Policy, apps: []Application{o.world.Applications["acme"]}}, Writers: Writers{Renderer: coreScribe{}, Proofreader: scribe{}}, Clock: &handClock{paris("2026-11-24 19:30")}}
			d, err := user.Queue(t.Context(), "acme", stepCheckIn, "ken@acme.example")
			if err != nil {
				t.Fatal(err)
			}
			if d, err = user.Approve(t.Context(), d.Key, nil); err != nil {
				t.Fatal(err)
			}
			if want := "2026-11-24 10:30"; d.Due.In(i.Zone).Format("2006-01-02 15:04") != want {
				t.Errorf("it is due at %s, want %s where Ken is", d.Due.In(i.Zone), want)
			}
			for at, may := range map[string]bool{"2026-11-24 19:31": true, "2026-11-25 10:00": false} {
				leaves := slices.ContainsFunc(o.attend("acme", at), func(r Delivery) bool { return r.Key == d.Key })
				if leaves != may {
					t.Errorf("it is %s where Ken is, and the mail may leave: %v, want %v: %s", paris(at).In(i.Zone).Format("15:04"), leaves, may, o.store.get(d.Key).WaitingFor)
				}
			}
		})
	}
}

// TestQueuedIsAnsweredWithoutAMeeting: a check-in that was queued after the only meeting
// was called off does not leave once somebody of the company has written.
func TestQueuedIsAnsweredWithoutAMeeting(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	f.Application.Interviews[0].Status = InterviewCancelled
	o := newOffice(t, f)
	d := o.queue(f, "check-in", "2026-11-24 08:30")
	o.take("2026-11-24 09:00", o.mail("From: Ken Osei <ken@acme.example>", "We shall find another day."))
	if got, err := o.store.Delivery(d.Key); err != nil || got.State != Cancelled || got.Cause != CauseAnswered {
		t.Errorf("it is %s: %s (%v)", got.State, got.Why, err)
	}
}

// TestQueuedAndEdited: what the user queued leaves as they approved it, or not before they
// approve it anew; an edit is no approval.
func TestQueuedAndEdited(t *testing.T) {
	t.Parallel()
	for _, review := range []ReviewMode{ReviewFlagged, ReviewNever} {
		f := acme(onsite(person("Ken")))
		f.Policy.Review = review
		o := newOffice(t, f)
		d := o.queue(f, "thank-you-late", "2026-11-24 08:30")
		s := o.acts(f, "2026-11-24 08:31")
		s.Writers.Renderer = coreScribe{}
		for _, body := range []string{"My own words.", "Other words of mine."} {
			if got, err := s.Approve(t.Context(), d.Key, nil); err != nil || got.State != Approved {
				t.Fatalf("approved under %s it is %s: %v", review, got.State, err)
			}
			if got, err := s.Edit(t.Context(), d.Key, "Thank you", body); err != nil || got.State != Review {
				t.Errorf("edited since under %s it is %s, %s: %v", review, got.State, got.Why, err)
			}
		}
	}
}

// TestQueuedWhoseFactsComeBack: the user's own words in a mail that they queued and approved
// wait for another approval once the facts below them changed, also if those are the old
// ones again.
func TestQueuedWhoseFactsComeBack(t *testing.T) {
	t.Parallel()
	for _, review := range []ReviewMode{ReviewFlagged, ReviewNever} {
		f := acme(onsite(person("Ken")))
		f.Policy.Review = review
		o := newOffice(t, f)
		o.writers.Renderer = coreScribe{}
		d := o.queue(f, "thank-you-late", "2026-11-24 08:30")
		s := o.acts(f, "2026-11-24 08:31")
		s.Writers.Renderer = coreScribe{}
		if _, err := s.Edit(t.Context(), d.Key, "Thank you", "My own words."); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Approve(t.Context(), d.Key, nil); err != nil || got.State != Approved {
			t.Fatalf("approved under %s it is %s: %v", review, got.State, err)
		}
		for n, said := range []string{"there are two teams", ""} {
			a := f.Application
			ken := person("Ken")
			ken.Said = said
			a.Interviews = []Interview{onsite(ken)}
			o.world.Applications["acme"], o.world.Policy = a, f.Policy
			o.attend("acme", "2026-11-24 08:4"+string(rune('0'+n)))
			got := o.store.get(d.Key)
			if want := []string{"the facts changed since you edited it: ", approvedBefore}[n]; got.State != Review || !strings.HasPrefix(got.Why, want) {
				t.Errorf("under %s with %q it is %s: %s", review, said, got.State, got.Why)
			}
		}
		if got, err := s.Approve(t.Context(), d.Key, nil); err != nil || got.State != Approved {
			t.Errorf("approved again under %s it is %s: %v", review, got.State, err)
		}
	}
}
