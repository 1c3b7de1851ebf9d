package scheduler

import (
	"testing"
	"time"

	"afterword/mailer"
)

// TestDroppedMailMayHaveAsked: a mail in doubt that the user drops counts as one that
// asked when it was handed over: nobody knows that it did not arrive. Thanks ask nothing.
func TestDroppedMailMayHaveAsked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind Kind
		want string
	}{
		{Asking, "2026-12-01 10:00"},
		{Owed, ""},
	} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		d := Delivery{Key: "acme/onsite/step/ken@acme.example", Application: "acme", Company: "Acme", Interview: "onsite", Kind: c.kind,
			To: Recipient{"Ken Osei", "ken@acme.example"}, State: InDoubt, ClaimedAt: paris("2026-12-01 10:00"), Frozen: &mailer.Frozen{MessageID: "<ours@example.org>"}}
		o.store.set(d)
		if _, err := resolve(o.store, d, "drop", paris("2026-12-01 12:00")); err != nil {
			t.Fatal(err)
		}
		f, err := LoadFacts(o.store, o.world, "acme", paris("2026-12-02 10:00"))
		if err != nil {
			t.Fatal(err)
		}
		ken, got := person("Ken"), ""
		if at := f.lastAsked(&ken); !at.IsZero() {
			got = at.In(paris("2026-12-01 10:00").Location()).Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%s: they were asked last at %q, want %q", c.kind, got, c.want)
		}
	}
}

// TestDroppedThanksAreNotQueuedAnew: what was dropped in doubt may have arrived, so that
// its like is not queued, to no address of the person; thanks for another meeting are,
// and other mail.
func TestDroppedThanksAreNotQueuedAnew(t *testing.T) {
	t.Parallel()
	ken := person("Ken")
	ken.Aliases = []string{"k.osei@acme.example"}
	later := onsite(ken, person("Mara"))
	later.ID, later.At = "final", later.At.AddDate(0, 0, 7)
	o := newOffice(t, acme(onsite(ken, person("Mara")), later))
	began := o.world.Applications["acme"].Interviews[0].At
	o.store.set(Delivery{Key: "acme//check-in/ken@acme.example", Application: "acme", Kind: Asking, To: Recipient{"Ken Osei", "ken@acme.example"},
		State: Cancelled, Cause: CauseDropped, Began: began})
	o.store.set(Delivery{Key: "acme/onsite/thank-you/ken@acme.example", Application: "acme", Interview: "onsite", Kind: Owed, To: Recipient{"Ken Osei", "ken@acme.example"},
		State: Cancelled, Cause: CauseDropped, Began: began})
	for _, c := range []struct {
		template, to string
		kind         Kind
		began        time.Time
		refused      bool
	}{
		{"thank-you-late", "ken@acme.example", Owed, began, true},
		{"thank-you-late", "ken@acme.example", Owed, began.AddDate(0, 0, 7), false},
		{"thank-you-late", "k.osei@acme.example", Owed, began, true},
		{"thank-you-late", "mara@acme.example", Owed, began, false},
		{"reply-to-rejection", "ken@acme.example", Owed, began, false},
		{"check-in", "ken@acme.example", Asking, began, true},
		{"follow-up", "ken@acme.example", Asking, began, false},
	} {
		d := Delivery{Key: Key("acme", "", c.template, c.to), Application: "acme", Template: c.template, Kind: c.kind, To: Recipient{"", c.to}, Began: c.began}
		f, err := LoadFacts(o.store, o.world, "acme", c.began.AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		if err := notDropped(f, &d, c.began.AddDate(0, 0, 1)); (err != nil) != c.refused {
			t.Errorf("%s of %s: %v, refused: %v", d.Key, c.began, err, c.refused)
		}
	}
}

// TestOwnMailDoesTheThanksFirst: who wrote to somebody does not owe them thanks any
// more, even where a mail that asks was queued for them beside.
func TestOwnMailDoesTheThanksFirst(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	a, ken := o.world.Applications["acme"], person("Ken")
	to := Recipient{"Ken Osei", "ken@acme.example"}
	const asks, thanks = "acme//check-in/ken@acme.example", "acme/onsite/thank-you/ken@acme.example"
	o.store.set(Delivery{Key: asks, Application: "acme", Kind: Asking, To: to, State: Review, Began: a.Interviews[0].At})
	o.store.set(Delivery{Key: thanks, Application: "acme", Interview: "onsite", Kind: Owed, To: to, State: Approved, Began: a.Interviews[0].At})
	m := mailer.Message{ID: "<hand@example.org>", Subject: "Our talk"}
	at := a.Interviews[0].End()
	if err := byHand(o.store, a, ken, m, ken.Email, at, at); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]State{asks: Review, thanks: Cancelled} {
		if d, err := o.store.Delivery(key); err != nil || d.State != want {
			t.Errorf("%s is %s (%v), want %s", key, d.State, err, want)
		}
	}
}

// TestOwnMailAfterAMeetingThatIsAddedLate: the user's mail was taken for a follow-up, since
// the file named the second meeting only later; nobody is thanked for that one after it.
func TestOwnMailAfterAMeetingThatIsAddedLate(t *testing.T) {
	t.Parallel()
	first := onsite(person("Ken"))
	o := newOffice(t, acme(first))
	o.attend("acme", "2026-11-27 12:00")
	ken, at := person("Ken"), paris("2026-11-27 12:00")
	m := mailer.Message{ID: "<hand@example.org>", Subject: "Our talk"}
	if err := byHand(o.store, o.world.Applications["acme"], ken, m, ken.Email, at, at); err != nil {
		t.Fatal(err)
	}
	second := first
	second.ID, second.At = "second", paris("2026-11-27 10:00")
	o.world.Applications["acme"] = acme(first, second).Application
	o.attend("acme", "2026-11-27 13:00")
	if ready := o.attend("acme", "2026-11-30 09:30"); len(ready) > 0 {
		t.Errorf("after the user's own mail of %s leaves %s", at, ready[0].Key)
	}
}
