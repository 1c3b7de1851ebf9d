package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"afterword/scheduler"
)

func deliveryKeepsEveryField(t *testing.T, open Opener) {
	s := start(t, open)
	d := filled[scheduler.Delivery](t)
	d.State = scheduler.Planned
	put(t, s, d)
	same(t, "a new delivery", delivery(t, s, d.Key), d)

	// What was empty stays empty, times as well.
	bare := scheduler.Delivery{Key: "bare", State: scheduler.Planned}
	put(t, s, bare)
	same(t, "a bare delivery", delivery(t, s, "bare"), bare)

	// A time keeps its moment; its zone is the caller's business.
	paris := time.FixedZone("", 3600)
	d.Due = noon().In(paris).Add(456 * time.Microsecond)
	put(t, s, d)
	got := delivery(t, s, d.Key).Due
	if !got.Equal(noon()) || got.Location() != time.UTC {
		t.Errorf("a due time of %v came back as %v, want %v", d.Due, got, noon())
	}
}

func deliveriesInBrief(t *testing.T, open Opener) {
	s := start(t, open)
	d := filled[scheduler.Delivery](t)
	d.State = scheduler.Planned
	put(t, s, d)
	brief := deliveries(t, s, scheduler.DeliveryQuery{Brief: true})
	if len(brief) != 1 {
		t.Fatalf("there are %d deliveries, want 1", len(brief))
	}
	frozen := *d.Frozen
	frozen.Bytes = nil
	d.Text.Body, d.Edited, d.Frozen = "", nil, &frozen
	same(t, "a brief delivery", brief[0], d)
	// What was read before is not shown again for what stands there now.
	d.Why, d.State = d.Why+", and more", scheduler.Review
	put(t, s, d)
	if brief = deliveries(t, s, scheduler.DeliveryQuery{Brief: true, States: []scheduler.State{scheduler.Review}, Limit: 1}); len(brief) != 1 {
		t.Fatalf("there are %d deliveries, want 1", len(brief))
	}
	d.Frozen = brief[0].Frozen // without its bytes it is another one by now
	same(t, "a brief delivery that changed", brief[0], d)
}

func deliveryReplaces(t *testing.T, open Opener) {
	s := start(t, open)
	full := filled[scheduler.Delivery](t)
	full.State = scheduler.Planned
	put(t, s, full)
	bare := scheduler.Delivery{Key: full.Key, State: scheduler.Review, Why: "new"}
	put(t, s, bare)
	same(t, "the second delivery", delivery(t, s, full.Key), bare)
	if all := deliveries(t, s, scheduler.DeliveryQuery{}); len(all) != 1 {
		t.Errorf("there are %d deliveries, want 1", len(all))
	}
	// Neither is it found any more by what it was.
	for _, q := range []scheduler.DeliveryQuery{{Application: full.Application}, {Person: scheduler.NormalAddress(full.To.Email)}} {
		if found := deliveries(t, s, q); len(found) != 0 {
			t.Errorf("%+v still finds %v", q, keys(found))
		}
	}
}

func deliveryNotFound(t *testing.T, open Opener) {
	s := start(t, open)
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		_, err := r.Delivery("acme/onsite/thank-you/nobody@acme.example")
		return err
	})
	if !errors.Is(err, scheduler.ErrNotFound) {
		t.Errorf("reading a delivery that is not there: %v, want ErrNotFound", err)
	}
}

func deliveriesSelects(t *testing.T, open Opener) {
	s := start(t, open)
	put(t, s,
		planned("acme/onsite/thank-you/ken@acme.example", "acme", "Ken@Acme.example"),
		planned("acme/onsite/thank-you/ida@acme.example", "acme", "ida@acme.example"),
		planned("zeta/phone/thank-you/ken@acme.example", "zeta", "ken@acme.example"),
	)
	take(t, s, delivery(t, s, "zeta/phone/thank-you/ken@acme.example"), scheduler.Review)
	ken := scheduler.NormalAddress("Ken@Acme.example")
	for _, c := range []struct {
		name string
		q    scheduler.DeliveryQuery
		want []string
	}{
		{"all", scheduler.DeliveryQuery{}, []string{"acme/onsite/thank-you/ida@acme.example", "acme/onsite/thank-you/ken@acme.example", "zeta/phone/thank-you/ken@acme.example"}},
		{"application", scheduler.DeliveryQuery{Application: "acme"}, []string{"acme/onsite/thank-you/ida@acme.example", "acme/onsite/thank-you/ken@acme.example"}},
		{"person", scheduler.DeliveryQuery{Person: ken}, []string{"acme/onsite/thank-you/ken@acme.example", "zeta/phone/thank-you/ken@acme.example"}},
		{"person of an application", scheduler.DeliveryQuery{Person: ken, Application: "zeta"}, []string{"zeta/phone/thank-you/ken@acme.example"}},
		{"person of other applications", scheduler.DeliveryQuery{Person: ken, Except: "zeta"}, []string{"acme/onsite/thank-you/ken@acme.example"}},
		{"state", scheduler.DeliveryQuery{States: []scheduler.State{scheduler.Review}}, []string{"zeta/phone/thank-you/ken@acme.example"}},
		{"states", scheduler.DeliveryQuery{Person: ken, States: []scheduler.State{scheduler.Review, scheduler.Sent, scheduler.Planned, scheduler.Review}}, []string{"acme/onsite/thank-you/ken@acme.example", "zeta/phone/thank-you/ken@acme.example"}},
		{"no such state", scheduler.DeliveryQuery{States: []scheduler.State{scheduler.Sent}}, nil},
		{"fragment", scheduler.DeliveryQuery{Fragment: "Phone/"}, []string{"zeta/phone/thank-you/ken@acme.example"}},
		{"fragment is no pattern", scheduler.DeliveryQuery{Fragment: "a%e"}, nil},
		{"message ID", scheduler.DeliveryQuery{MessageID: "<zeta/phone/thank-you/ken@acme.example@example.org>"}, []string{"zeta/phone/thank-you/ken@acme.example"}},
		{"limit", scheduler.DeliveryQuery{Limit: 2}, []string{"acme/onsite/thank-you/ida@acme.example", "acme/onsite/thank-you/ken@acme.example"}},
		{"nobody", scheduler.DeliveryQuery{Person: "nobody@acme.example"}, nil},
	} {
		same(t, c.name, keys(deliveries(t, s, c.q)), c.want)
	}
}

func keys(ds []scheduler.Delivery) []string {
	var list []string
	for _, d := range ds {
		list = append(list, d.Key)
	}
	return list
}

func deliveriesInOrder(t *testing.T, open Opener) {
	s := start(t, open)
	for _, d := range []struct {
		key string
		due time.Time
	}{{"undated", time.Time{}}, {"late", noon().Add(time.Hour)}, {"b", noon()}, {"a", noon()}, {"ancient", time.Unix(-1, 0)}} {
		put(t, s, scheduler.Delivery{Key: d.key, State: scheduler.Planned, Due: d.due})
	}
	same(t, "the order", keys(deliveries(t, s, scheduler.DeliveryQuery{})), []string{"ancient", "a", "b", "late", "undated"})
}

func named(t *testing.T, s scheduler.Store, id string) []string {
	t.Helper()
	return keys(deliveries(t, s, scheduler.DeliveryQuery{MessageID: id}))
}

func messageIDs(t *testing.T, open Opener) {
	s := start(t, open)
	d := planned("a", "acme", "ken@acme.example")
	d.LearntIDs = []string{"<0100-learnt@email.example>", "<second@email.example>", "<a@example.org>"}
	put(t, s, d, planned("b", "acme", "ida@acme.example"))
	for _, id := range d.MessageIDs() {
		same(t, "who bears "+id, named(t, s, id), []string{"a"})
	}
	same(t, "what was learnt", delivery(t, s, "a").LearntIDs, d.LearntIDs)
	same(t, "who bears an unknown ID", named(t, s, "<A@example.org>"), nil)
}

func messageIDsFollowTheDelivery(t *testing.T, open Opener) {
	s := start(t, open)
	d := planned("a", "acme", "ken@acme.example")
	d.LearntIDs = []string{"<learnt@email.example>"}
	put(t, s, d)
	d.Why = "something else changed"
	put(t, s, d)
	same(t, "who bears the learnt ID", named(t, s, "<learnt@email.example>"), []string{"a"})
	d.Frozen, d.LearntIDs = nil, []string{"<other@email.example>"}
	put(t, s, d)
	same(t, "who bears the old own ID", named(t, s, "<a@example.org>"), nil)
	same(t, "who bears the old learnt ID", named(t, s, "<learnt@email.example>"), nil)
	same(t, "who bears the new one", named(t, s, "<other@email.example>"), []string{"a"})
}

// What a server says must never keep an outcome from being stored.
func learntIDsMayClash(t *testing.T, open Opener) {
	s := start(t, open)
	a, b := planned("a", "acme", "ken@acme.example"), planned("b", "acme", "ida@acme.example")
	a.LearntIDs = []string{"<same@email.example>", "<same@email.example>"}
	b.LearntIDs = []string{"<same@email.example>", "<a@example.org>"}
	put(t, s, a, b)
	same(t, "who bears a learnt ID", named(t, s, "<same@email.example>"), []string{"a", "b"})
}

func ownIDsMayNotClash(t *testing.T, open Opener) {
	s := start(t, open)
	a, b := planned("a", "acme", "ken@acme.example"), planned("b", "acme", "ida@acme.example")
	b.Frozen.MessageID = a.Frozen.MessageID
	put(t, s, a)
	err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(b, time.Time{}) })
	if err == nil || errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("a second delivery with the same own Message-ID: %v, want a refusal that is no failure of the store", err)
	}
	same(t, "what stands", keys(deliveries(t, s, scheduler.DeliveryQuery{})), []string{"a"})
}

func putAt(t *testing.T, s scheduler.Store, key string, wake time.Time) {
	t.Helper()
	update(t, s, func(tx scheduler.Tx) error { return tx.Put(planned(key, "acme", "ken@acme.example"), wake) })
}

func nextWake(t *testing.T, s scheduler.Store) time.Time {
	t.Helper()
	return view(t, s, scheduler.Reader.Wake)
}

func woken(t *testing.T, s scheduler.Store, now time.Time, limit int) []string {
	t.Helper()
	return keys(view(t, s, func(r scheduler.Reader) ([]scheduler.Delivery, error) { return r.Woken(now, limit) }))
}

func wake(t *testing.T, open Opener) {
	s := start(t, open)
	if got := nextWake(t, s); !got.IsZero() {
		t.Errorf("an empty store wakes at %v", got)
	}
	putAt(t, s, "never", time.Time{})
	if got := nextWake(t, s); !got.IsZero() {
		t.Errorf("a delivery that wants no attention wakes at %v", got)
	}
	putAt(t, s, "c", noon().Add(time.Minute))
	putAt(t, s, "b", noon())
	putAt(t, s, "a", noon())
	putAt(t, s, "d", noon().Add(time.Hour))
	same(t, "the next wake-up", nextWake(t, s), noon())
	same(t, "too early", woken(t, s, noon().Add(-time.Millisecond), 10), nil)
	same(t, "at noon", woken(t, s, noon(), 10), []string{"a", "b"})
	same(t, "after a minute", woken(t, s, noon().Add(time.Minute), 10), []string{"a", "b", "c"})
	same(t, "one at a time", woken(t, s, noon().Add(time.Minute), 1), []string{"a"})
	same(t, "without a limit", woken(t, s, noon().Add(time.Hour), 0), []string{"a", "b", "c", "d"})
	putAt(t, s, "a", noon().Add(2*time.Hour))
	putAt(t, s, "b", time.Time{})
	same(t, "the next wake-up after the change", nextWake(t, s), noon().Add(time.Minute))
}

func setWake(t *testing.T, open Opener) {
	s := start(t, open)
	set := func(key string, wake time.Time) error {
		return s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.SetWake(key, wake) })
	}
	putAt(t, s, "a", noon())
	before := delivery(t, s, "a")
	for _, at := range []time.Time{noon().Add(time.Hour), noon().Add(-time.Hour), noon().Add(-time.Hour), {}} {
		if err := set("a", at); err != nil {
			t.Fatal(err)
		}
		same(t, "the next wake-up", nextWake(t, s), at)
	}
	same(t, "the delivery", delivery(t, s, "a"), before)
	take(t, s, before, scheduler.Cancelled)
	if err := set("a", noon()); err != nil {
		t.Fatal(err)
	}
	same(t, "the next wake-up of what is cancelled", nextWake(t, s), time.Time{})
	if err := set("b", noon()); !errors.Is(err, scheduler.ErrNotFound) {
		t.Errorf("waking what is not there: %v, want ErrNotFound", err)
	}
}

func wakeOnlyWhatIsOpen(t *testing.T, open Opener) {
	s := start(t, open)
	for state, path := range paths() {
		d := planned(string(state), "acme", "ken@acme.example")
		for _, step := range path {
			d.State = step
			update(t, s, func(tx scheduler.Tx) error { return tx.Put(d, noon()) })
		}
	}
	got := woken(t, s, noon(), 100)
	slices.Sort(got)
	same(t, "what wakes", got, []string{"approved", "in_doubt", "planned", "review"})
}

// A moment between two milliseconds must not be cut off: the dispatcher would
// wake, find nothing due, and wake again without end.
func wokenNeverEarly(t *testing.T, open Opener) {
	s := start(t, open)
	at := noon().Add(300 * time.Microsecond)
	putAt(t, s, "a", at)
	next := nextWake(t, s)
	if next.Before(at) || next.Sub(at) > time.Millisecond {
		t.Errorf("a delivery that wakes at %v is announced for %v", at, next)
	}
	same(t, "too early", woken(t, s, at.Add(-200*time.Microsecond), 10), nil)
	same(t, "then", woken(t, s, next, 10), []string{"a"})
}
