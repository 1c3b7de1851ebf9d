package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

// paths returns for every state a way of legal moves that ends there.
func paths() map[scheduler.State][]scheduler.State {
	found := map[scheduler.State][]scheduler.State{scheduler.Planned: {scheduler.Planned}}
	for grown := true; grown; {
		grown = false
		for _, from := range scheduler.States() {
			for _, to := range scheduler.States() {
				if found[from] != nil && found[to] == nil && scheduler.Legal(from, to) {
					found[to] = append(append([]scheduler.State{}, found[from]...), to)
					grown = true
				}
			}
		}
	}
	return found
}

func moves(t *testing.T, open Opener) {
	s := start(t, open)
	ways := paths()
	if len(ways) != len(scheduler.States()) {
		t.Fatalf("only %d of %d states can be reached", len(ways), len(scheduler.States()))
	}
	for _, from := range scheduler.States() {
		for _, to := range scheduler.States() {
			d := take(t, s, planned(string(from)+"-"+string(to), "acme", "ken@acme.example"), ways[from]...)
			d.State = to
			err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) })
			legal := scheduler.Legal(from, to)
			if (err == nil) != legal {
				t.Errorf("from %s to %s: error %v, but legal is %v", from, to, err, legal)
			}
			if errors.Is(err, scheduler.ErrStoreFailed) {
				t.Errorf("from %s to %s: %v is no failure of the store", from, to, err)
			}
			want := from
			if legal {
				want = to
			}
			if got := delivery(t, s, d.Key).State; got != want {
				t.Errorf("after the move from %s to %s it is %s", from, to, got)
			}
		}
	}
}

func beginsPlanned(t *testing.T, open Opener) {
	s := start(t, open)
	for _, state := range append(scheduler.States()[1:], "", "posted") {
		d := planned("a", "acme", "ken@acme.example")
		d.State = state
		err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) })
		if err == nil {
			t.Errorf("a new delivery could begin as %q", state)
		}
	}
	same(t, "what stands", keys(deliveries(t, s, scheduler.DeliveryQuery{})), nil)
}

// The state in the store decides, not the one that the caller read earlier.
func staleMove(t *testing.T, open Opener) {
	s := start(t, open)
	read := take(t, s, planned("a", "acme", "ken@acme.example"), scheduler.Planned, scheduler.Approved)
	take(t, s, read, scheduler.Cancelled)
	read.State = scheduler.Sending
	err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(read, time.Time{}) })
	if err == nil || !strings.Contains(err.Error(), "cancelled") || !strings.Contains(err.Error(), "sending") {
		t.Errorf("claiming what somebody cancelled: %v, want a refusal that names both states", err)
	}
}

func claimedMessageStays(t *testing.T, open Opener) {
	s := start(t, open)
	for name, change := range map[string]func(*mailer.Frozen){
		"Message-ID": func(f *mailer.Frozen) { f.MessageID = "<other@example.org>" },
		"bytes":      func(f *mailer.Frozen) { f.Bytes = append([]byte{}, f.Bytes[1:]...) },
		"sender":     func(f *mailer.Frozen) { f.From = "other@example.org" },
		"recipient":  func(f *mailer.Frozen) { f.To = "other@acme.example" },
		"SMTPUTF8":   func(f *mailer.Frozen) { f.UTF8 = true },
	} {
		d := take(t, s, planned(name, "acme", "ken@acme.example"), scheduler.Planned, scheduler.Approved)
		approvedChange := *d.Frozen
		change(&approvedChange)
		// A change of the text before the claim is the user's right, a change
		// while it stands, or in the move that ends it, is not.
		before := d
		before.Frozen = &approvedChange
		before.Key = name + " before the claim"
		before.Frozen.MessageID += "2"
		take(t, s, before, scheduler.Planned, scheduler.Approved, scheduler.Sending)
		d = take(t, s, d, scheduler.Sending)
		for _, to := range []scheduler.State{scheduler.Sending, scheduler.Approved, scheduler.HandedOver} {
			refuseChange(t, s, d, to, &approvedChange)
		}
		d = take(t, s, d, scheduler.HandedOver)
		for _, to := range []scheduler.State{scheduler.HandedOver, scheduler.Sent, scheduler.InDoubt, scheduler.Approved, scheduler.Refused} {
			refuseChange(t, s, d, to, &approvedChange)
			refuseChange(t, s, d, to, nil)
		}
		same(t, "the message after all attempts to change its "+name, delivery(t, s, name).Frozen, d.Frozen)
		d = take(t, s, d, scheduler.Approved)
		d.Frozen = nil
		put(t, s, d)
	}
}

func refuseChange(t *testing.T, s scheduler.Store, d scheduler.Delivery, to scheduler.State, f *mailer.Frozen) {
	t.Helper()
	was := d.State
	d.State, d.Frozen = to, f
	if err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) }); err == nil {
		t.Fatalf("%s of %s changed in the move to %s", d.Key, was, to)
	}
}

func claimHasAMessage(t *testing.T, open Opener) {
	s := start(t, open)
	d := planned("a", "acme", "ken@acme.example")
	d.Frozen = nil
	d = take(t, s, d, scheduler.Planned, scheduler.Approved)
	d.State = scheduler.Sending
	if err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) }); err == nil {
		t.Error("a claim without a frozen message was stored")
	}
}
