package scheduler

import (
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// book is a ledger that knows the attempts it was given.
type book map[string]int

func (b book) Append(string, string, int, time.Time) error { return nil }
func (b book) Attempt(key string) int                      { return b[key] }
func (b book) HandedOver(string) time.Time                 { return paris("2026-11-24 11:00") }
func (b book) Strangers([]string) int                      { return 0 }

// TestExpiredIsNoExcuseForTheLedger: an old store that is put back after the
// time of a mail is over does not say that the mail was not sent, if the ledger
// says that it was handed over.
func TestExpiredIsNoExcuseForTheLedger(t *testing.T) {
	t.Parallel()
	const key = "acme/onsite/thank-you/ken@acme.example"
	for _, planned := range []bool{false, true} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		o.world.Name = func(string) string { return "<ours@example.org>" }
		if planned { // when the backup was made
			o.attend("acme", "2026-11-23 16:00")
		}
		o.world.Ledger = book{key: 1}
		// Not o.attend: what follows the thanks is planned anew after the doubt.
		if ready, err := o.writers.attend(o.store, o.world, "acme", paris("2026-11-30 10:00")); len(ready) > 0 || err != nil {
			t.Errorf("planned before: %v: %d mails may leave, %v", planned, len(ready), err)
		}
		d := o.delivery("thank-you")
		if d.State != InDoubt || d.Frozen == nil || d.Frozen.MessageID != "<ours@example.org>" {
			t.Errorf("planned before: %v: the thank-you is %s: %s", planned, d.State, d.Why)
		}
		if strings.Contains(o.asked(), "expired/") || len(o.told("doubt/")) != 1 {
			t.Errorf("planned before: %v: the user is asked %q and told of a doubt %d times", planned, o.asked(), len(o.told("doubt/")))
		}
	}
}

// TestCancelledIsNoExcuseForTheLedger: an old store is put back, and the file says
// meanwhile that the application is withdrawn. Thanks that the ledger knows to have
// been handed over were not cancelled for that; they are in doubt.
func TestCancelledIsNoExcuseForTheLedger(t *testing.T) {
	t.Parallel()
	const key = "acme/onsite/thank-you/ken@acme.example"
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.world.Name = func(string) string { return "<ours@example.org>" }
	o.attend("acme", "2026-11-23 16:00")
	withdrawn := o.world.Applications["acme"]
	withdrawn.Status = StatusWithdrawn
	o.world.Applications["acme"] = withdrawn
	o.world.Ledger = book{key: 1}
	if ready, err := o.writers.attend(o.store, o.world, "acme", paris("2026-11-24 16:00")); len(ready) > 0 || err != nil {
		t.Errorf("%d mails may leave, %v", len(ready), err)
	}
	if d := o.delivery("thank-you"); d.State != InDoubt || d.Cause != "" || d.Frozen == nil {
		t.Errorf("the thank-you is %s (%s): %s", d.State, d.Cause, d.Why)
	}
	if n := len(o.told("doubt/")); n != 1 {
		t.Errorf("the doubt is told %d times", n)
	}
}

// TestRefusedIsNoExcuseForTheLedger: in an old store that is put back a server has refused the
// thanks, and the ledger knows that the user sent them all the same since (core seed 9990039056).
func TestRefusedIsNoExcuseForTheLedger(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	o.world.Name = func(string) string { return "<ours@example.org>" }
	o.attend("acme", "2026-11-23 16:00")
	d := o.delivery("thank-you")
	d.State, d.Attempt, d.Marked, d.Why = Refused, 1, 1, "the server refused it"
	o.store.set(d)
	o.world.Ledger = book{d.Key: 1}
	o.attend("acme", "2026-11-24 15:00")
	if d = o.delivery("thank-you"); d.State != Refused {
		t.Errorf("whose attempts the store knows is %s: %s", d.State, d.Why)
	}
	o.world.Ledger = book{d.Key: 2}
	o.attend("acme", "2026-11-24 16:00")
	if d = o.delivery("thank-you"); d.State != InDoubt || d.Attempt != 2 || len(o.told("doubt/")) != 1 {
		t.Errorf("the thank-you is %s (attempt %d): %s", d.State, d.Attempt, d.Why)
	}
}

// TestLedgerKnowsALaterAttempt: a mail of which only the ledger knows a later
// attempt counts from when its doubt ends, since nobody knows when that attempt was;
// one whose last attempt the store knows counts from it (core seed 7006006617).
func TestLedgerKnowsALaterAttempt(t *testing.T) {
	t.Parallel()
	const key = "acme/onsite/thank-you/ken@acme.example"
	claimed, settled := paris("2026-11-24 09:30"), paris("2026-11-30 12:00")
	for attempt, want := range map[int]time.Time{1: claimed, 2: book{}.HandedOver(key)} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		o.world.Name = func(string) string { return "<ours@example.org>" }
		o.attend("acme", "2026-11-23 16:00")
		d := o.delivery("thank-you")
		d.Attempt, d.ClaimedAt = 1, claimed
		o.store.set(d)
		o.world.Ledger = book{key: attempt}
		if _, err := o.writers.attend(o.store, o.world, "acme", paris("2026-11-24 16:00")); err != nil {
			t.Fatal(err)
		}
		if err := settleSent(o.store, o.delivery("thank-you"), ActorUser, "", settled); err != nil {
			t.Fatal(err)
		}
		if d := o.delivery("thank-you"); !d.SentAt.Equal(want) {
			t.Errorf("the ledger knows attempt %d, and it counts from %s, want %s", attempt, d.SentAt, want)
		}
	}
}

// TestStartCompletesTheLedger: what the store knows to have left, or may have, stands in the
// ledger once the program has started; what surely did not leave does not.
func TestStartCompletesTheLedger(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	at := paris("2026-11-24 09:30")
	want := map[string]int{}
	for name, d := range map[string]Delivery{
		"sent":       {State: Sent, Marked: 2},
		"bounced":    {State: Bounced, Marked: 1},
		"in doubt":   {State: InDoubt, Marked: 1},
		"dropped":    {State: Cancelled, Cause: CauseDropped, Marked: 1},
		"called off": {State: Cancelled, Cause: CauseAnswered, Marked: 1}, // its attempt came to an end before the dot
		"by hand":    {State: Sent},
		"refused":    {State: Refused, Marked: 1},
	} {
		d.Key, d.Application, d.Kind, d.To, d.ClaimedAt = "acme//"+name+"/ken@acme.example", "acme", Owed, Recipient{Name: "Ken Osei", Email: "Ken@acme.example"}, at
		d.Frozen, d.Began = &mailer.Frozen{MessageID: "<" + name + "@example.org>"}, paris("2026-11-23 14:00")
		o.store.set(d)
		if name == "sent" || name == "bounced" || name == "in doubt" || name == "dropped" {
			want[d.Key] = d.Marked
		}
	}
	p := newPaper()
	files := &papers{policy: o.world.Policy, apps: []Application{o.world.Applications["acme"]}}
	d := &Daemon{Store: o.store, Files: files, Writers: o.writers, Clock: &handClock{at}, Ledger: p, Name: ownName, Machine: "laptop", Log: slog.New(slog.DiscardHandler)}
	if err := d.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(p.attempts, want) {
		t.Errorf("the ledger knows %v, want %v", p.attempts, want)
	}
	for key, reader := range p.readers {
		if reader != "ken@acme.example" {
			t.Errorf("%s is sealed under %q", key, reader)
		}
	}
}

// strange is a ledger that names so many mails which nobody knows.
type strange struct {
	book
	mails int
}

func (s strange) Strangers([]string) int { return s.mails }

// TestStrangersOfALostLedger: what the user accepted was in a ledger that is lost. As many mails
// of which the new one alone knows are not accepted by that: a backup was put back since.
func TestStrangersOfALostLedger(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	for _, x := range []struct {
		mails int
		holds bool
		what  string
	}{{3, false, "accepted"}, {0, false, "the ledger is lost"}, {2, true, "a backup lacks two mails of the new one"}} {
		if x.what == "accepted" {
			if err := acceptStrangers(o.store, 3); err != nil {
				t.Fatal(err)
			}
		}
		if err := countStrangers(o.store, strange{mails: x.mails}, monday()); err != nil {
			t.Fatal(err)
		}
		if holds, err := o.store.Holds(); err != nil || len(holds) > 0 != x.holds {
			t.Errorf("%s: holds %v, %v, want one: %v", x.what, holds, err, x.holds)
		}
	}
	// They are accepted; that ledger is lost as well, and the profile moves to another machine.
	if _, err := acceptMachine(o.store, "one", monday()); err != nil {
		t.Fatal(err)
	}
	lost := countStrangers(o.store, strange{}, monday())
	_, moved := acceptMachine(o.store, "another", monday())
	if err := errors.Join(lost, moved, countStrangers(o.store, strange{mails: 2}, monday())); err != nil {
		t.Fatal(err)
	}
	if holds, err := o.store.Holds(); err != nil || len(holds) == 0 {
		t.Errorf("who moved to another machine accepted what was found before (%v)", err)
	}
}

// TestLookKnowsTheLedger: where no daemon runs, what is shown of a mail that the ledger
// alone knows to have left is what a daemon would make of it; nothing of that is kept, and
// a ledger that cannot be read keeps nobody from looking.
func TestLookKnowsTheLedger(t *testing.T) {
	t.Parallel()
	const key = "acme/onsite/thank-you/ken@acme.example"
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	stored := o.delivery("thank-you").State
	for want, read := range map[State]func() (Ledger, error){
		InDoubt: func() (Ledger, error) { return book{key: 1}, nil },
		stored:  func() (Ledger, error) { return nil, errors.New("the ledger is damaged") },
	} {
		s := o.acts(f, "2026-11-24 12:00")
		s.Book = read
		st, err := s.StatusNow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		shown := slices.IndexFunc(st.Deliveries, func(d Delivery) bool { return d.Key == key })
		if shown < 0 || st.Deliveries[shown].State != want || o.delivery("thank-you").State != stored {
			t.Errorf("it is shown as %+v, and kept as %s; want %s and %s", st.Deliveries, o.delivery("thank-you").State, want, stored)
		}
	}
}
