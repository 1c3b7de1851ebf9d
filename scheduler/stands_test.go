package scheduler

import (
	"errors"
	"strings"
	"testing"

	"afterword/mailer"
)

// TestApprovedAsItStands: what a server may hold and waits for the user leaves as it
// stands once the user says so, and waits again for who writes after that.
func TestApprovedAsItStands(t *testing.T) {
	t.Parallel()
	f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
	d := draft(t, f, w, thanks(t, f), "2026-11-23 16:00")
	d.AnyData, d.ClaimedAt = true, paris("2026-11-24 09:30")
	for _, c := range []struct {
		name, wrote, urged string
		state              State
	}{
		{"nobody wrote", "", "", Approved},
		{"it was known when it was claimed", "2026-11-24 09:20", "", Approved},
		{"its reader wrote since", "2026-11-24 09:35", "", Review},
		{"the user said send after that", "2026-11-24 09:35", "2026-11-24 09:40", Approved},
		{"its reader wrote after the user said send", "2026-11-24 09:45", "2026-11-24 09:40", Review},
	} {
		f, d := f, d
		if c.wrote != "" {
			f.heardFrom("ken@acme.example", "human", paris(c.wrote))
		}
		if c.urged != "" {
			d.State, d.SendNow, d.Due = Review, true, paris(c.urged)
		}
		got := d
		w.prepare(&f, &got, paris("2026-11-24 09:50"))
		if got.State != c.state || got.State == Review && c.urged == "" && !strings.Contains(got.Why, "a server may hold its text") {
			t.Errorf("%s: it is %s: %s, want %s", c.name, got.State, got.Why, c.state)
		}
		if c.urged != "" && c.state == Approved && (!got.ByPerson || got.Approved != got.TextHash) {
			t.Errorf("%s: it leaves, and the user has not approved it", c.name)
		}
	}
}

// TestReadAfterTheUserSaidSend: a letter that had arrived before the user asked to
// send thanks as they stand, and was read after, is asked about all the same.
func TestReadAfterTheUserSaidSend(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	d := o.delivery("thank-you")
	d.AnyData, d.ClaimedAt = true, paris("2026-11-24 09:30")
	d.State, d.SendNow, d.Due = Approved, true, paris("2026-11-24 09:40")
	o.store.set(d)
	in := Incoming{Arrived: paris("2026-11-24 09:35"), Match: mailer.Match{Application: "acme", Strength: 3, Person: "ken@acme.example", Interviewer: true}}
	in.Message.ID, in.Reading.Kind, in.Reading.Class = "<theirs@acme.example>", mailer.Human, mailer.Unknown
	if _, err := react(o.store, o.world, mailer.Tables{}, in, paris("2026-11-24 09:41")); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-24 09:41")
	if got := o.delivery("thank-you"); got.State != Review || got.SendNow {
		t.Errorf("its reader wrote, and it is %s", got.State)
	}
}

// TestRefusedAndAnswered: mail that asks, and that a server refused, is not taken up
// again once somebody has answered: the answer cancelled only what was open.
func TestRefusedAndAnswered(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		f, answered := acme(onsite(person("Ken"))), n%2 > 0
		if n > 1 {
			f.Policy.Replies.Interviewer = ReplyRestarts
		}
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 16:00")
		d := o.delivery("follow-up-1")
		d.State, d.Due, d.ClaimedAt = Refused, paris("2026-12-01 10:00"), paris("2026-12-01 10:00")
		o.store.set(d)
		if answered {
			o.store.mails = []Mail{{MessageID: "<theirs@acme.example>", Application: "acme", Person: "ken@acme.example", Class: string(mailer.Human), At: paris("2026-12-01 12:00")}}
		}
		user := Service{Store: o.store, Files: &papers{policy: f.Policy, apps: []Application{f.Application}}, Writers: o.writers, Clock: &handClock{paris("2026-12-02 09:00")}}
		_, err := user.SendNow(t.Context(), d.Key)
		if got := o.delivery("follow-up-1"); errors.Is(err, ErrUser) != answered || (got.State == Refused) != answered {
			t.Errorf("answered: %v, and after send it is %s: %v", answered, got.State, err)
		}
	}
}

// TestTriedBeforeEverythingIsSeen: where the user wants to see every mail from now on, one that was
// tried before waits for them too, and leaves as it stands once they approve it.
func TestTriedBeforeEverythingIsSeen(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	d := o.delivery("thank-you")
	if d.State != Approved {
		t.Fatalf("it is %s before", d.State)
	}
	d.AnyData, d.Frozen, d.ClaimedAt = true, &mailer.Frozen{MessageID: "<ours@example.org>", Bytes: []byte("Subject: Thanks\r\n")}, paris("2026-11-24 09:30")
	o.store.set(d)
	f.Policy.Review, o.world.Policy.Review = ReviewAlways, ReviewAlways
	o.attend("acme", "2026-11-24 09:35")
	if got := o.delivery("thank-you"); got.State != Review || got.Why != seeAllWords {
		t.Fatalf("it is %s: %s", got.State, got.Why)
	}
	if _, err := o.acts(f, "2026-11-24 09:40").Approve(t.Context(), d.Key, nil); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-24 09:41")
	if got := o.delivery("thank-you"); got.State != Approved || !got.ByPerson || got.Frozen == nil {
		t.Errorf("approved, it is %s: %s", got.State, got.Why)
	}
}
