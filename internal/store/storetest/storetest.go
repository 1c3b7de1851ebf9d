// Package storetest is the one suite that every scheduler.Store passes.
package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

// Opener opens the store of one place; called again it opens a further handle
// to the same place.
type Opener func(t *testing.T) scheduler.Store

// Run runs the suite. Fresh names a place where no store is yet and returns
// what opens it; the suite closes what it opens.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Opener){
		"delivery keeps every field":       deliveryKeepsEveryField,
		"deliveries in brief":              deliveriesInBrief,
		"delivery replaces":                deliveryReplaces,
		"delivery not found":               deliveryNotFound,
		"deliveries selects":               deliveriesSelects,
		"deliveries in order":              deliveriesInOrder,
		"message IDs":                      messageIDs,
		"message IDs follow the delivery":  messageIDsFollowTheDelivery,
		"learnt IDs may clash":             learntIDsMayClash,
		"own IDs may not clash":            ownIDsMayNotClash,
		"wake":                             wake,
		"set wake":                         setWake,
		"wake only what is open":           wakeOnlyWhatIsOpen,
		"woken never early":                wokenNeverEarly,
		"moves":                            moves,
		"begins planned":                   beginsPlanned,
		"stale move":                       staleMove,
		"claimed message stays":            claimedMessageStays,
		"claim has a message":              claimHasAMessage,
		"holds":                            holds,
		"lift":                             lift,
		"questions":                        questions,
		"notices":                          notices,
		"tellings":                         tellings,
		"mails":                            mails,
		"mails select":                     mailsSelect,
		"events":                           events,
		"cursors":                          cursors,
		"meta":                             meta,
		"error rolls back":                 errorRollsBack,
		"panic rolls back":                 panicRollsBack,
		"own writes are seen":              ownWritesAreSeen,
		"half a write is not committed":    halfAWriteIsNotCommitted,
		"transaction ends":                 transactionEnds,
		"snapshot":                         snapshot,
		"view in an update, and in a view": viewInUpdate,
		"reopen":                           reopen,
		"no update is lost":                noUpdateIsLost,
		"waiting ends with the context":    waitingEndsWithTheContext,
		"context that has ended":           contextThatHasEnded,
		"version":                          version,
		"close":                            closing,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

// noon is the moment from which the tests count.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 123e6, time.UTC) }

// start opens a store that is closed when the test ends.
func start(t *testing.T, open Opener) scheduler.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

func update(t *testing.T, s scheduler.Store, f func(scheduler.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// put stores deliveries that never wake.
func put(t *testing.T, s scheduler.Store, ds ...scheduler.Delivery) {
	t.Helper()
	update(t, s, func(tx scheduler.Tx) error {
		for _, d := range ds {
			if err := tx.Put(d, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// view returns what get reads in a transaction of its own.
func view[T any](t *testing.T, s scheduler.Store, get func(scheduler.Reader) (T, error)) (got T) {
	t.Helper()
	err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
		got, err = get(r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func delivery(t *testing.T, s scheduler.Store, key string) scheduler.Delivery {
	t.Helper()
	return view(t, s, func(r scheduler.Reader) (scheduler.Delivery, error) { return r.Delivery(key) })
}

func deliveries(t *testing.T, s scheduler.Store, q scheduler.DeliveryQuery) []scheduler.Delivery {
	t.Helper()
	return view(t, s, func(r scheduler.Reader) ([]scheduler.Delivery, error) { return r.Deliveries(q) })
}

// planned is a new delivery with a message that a claim could send.
func planned(key, application, person string) scheduler.Delivery {
	return scheduler.Delivery{
		Key: key, Application: application, Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed,
		To: scheduler.Recipient{Name: "Ken Osei", Email: person}, State: scheduler.Planned,
		Frozen: &mailer.Frozen{
			MessageID: "<" + key + "@example.org>", From: "dana@example.org", To: person,
			Bytes: []byte("Subject: " + key + "\r\n\r\nThank you.\r\n"),
		},
	}
}

// take puts a delivery through the states.
func take(t *testing.T, s scheduler.Store, d scheduler.Delivery, states ...scheduler.State) scheduler.Delivery {
	t.Helper()
	for _, state := range states {
		d.State = state
		put(t, s, d)
	}
	return d
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	if w.Kind() != reflect.Struct || w.Type() == reflect.TypeFor[time.Time]() {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
		return
	}
	for i := range w.NumField() {
		if g, w := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(g, w) {
			t.Errorf("%s: its %s is %+v, want %+v", what, reflect.TypeOf(want).Field(i).Name, g, w)
		}
	}
}

// filled returns a value in which every field, however deep, has something to
// lose, so that a field that a store forgets is noticed the day it is added.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	n := 0
	fill(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(noon().Add(time.Duration(*n) * time.Millisecond)))
	case v.Type() == reflect.TypeFor[[]byte]():
		v.SetBytes([]byte("\x00caf\xc3\xa9 \xff\r\n" + string(rune('A'+*n%26))))
	case v.Kind() == reflect.String:
		v.SetString("Zoë 🙂 \"'%\\\n" + string(rune('A'+*n%26)) + string(rune('a'+*n/26)))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(int64(1000 + *n))
	case v.CanUint():
		v.SetUint(4_000_000_000 + uint64(*n))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("filling a value of type %s: not known how", v.Type())
	}
}

// ended is a context that is over.
func ended(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
