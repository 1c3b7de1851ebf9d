package scheduler

import (
	"context"
	"slices"
	"testing"
	"time"
)

// TestHoldIsOfWhoReads: who asked from one address not to be written to gets nothing at the
// others, be it that another round of the file names only one of those, or that a mail was
// queued to one that is an alias by now. A bounce is of its address alone.
func TestHoldIsOfWhoReads(t *testing.T) {
	t.Parallel()
	const work, home = "ken@acme.example", "ken@osei.example"
	both := Person{Name: "Ken Osei", Email: home, Aliases: []string{work}}
	second := onsite(person("Ken"))
	second.ID, second.At = "second", paris("2026-11-30 14:00")
	for _, x := range []struct {
		name, held, source string
		rounds             []Interview
		waits              []string // the addresses that get nothing
	}{
		{"another round names the other address", home, sourceNoMore, []Interview{onsite(both), second}, []string{home, work}},
		{"an alias", work, sourceNoMore, []Interview{onsite(both)}, []string{home, work}},
		{"a bounce of the old address", work, sourceBounce, []Interview{onsite(both)}, []string{work}},
		{"somebody else", "noor@acme.example", sourceNoMore, []Interview{onsite(both), second}, nil},
	} {
		o := newOffice(t, acme(x.rounds...))
		now := paris("2026-11-24 08:00")
		h := Hold{Scope: ScopePerson, Target: x.held, Source: x.source, Reason: "they said so", Set: now}
		if err := o.store.Update(context.Background(), func(tx Tx) error { return setHold(tx, h, ActorDaemon, "", now) }); err != nil {
			t.Fatal(err)
		}
		f, err := LoadFacts(o.store, o.world, "acme", now)
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{home, work} {
			d := Delivery{Application: "acme", To: Recipient{Email: address}}
			got := slices.ContainsFunc(f.Holds, func(h Hold) bool { return h.Covers(&d, time.Time{}, now) })
			if want := slices.Contains(x.waits, address); got != want {
				t.Errorf("%s: a mail to %s waits: %v, want %v", x.name, address, got, want)
			}
		}
	}
}

// TestHoldOfAnAddressThatNoFileNames: whoever holds a whole address means its reader, also
// while the file that names them cannot be read; it held one mail of theirs alone.
func TestHoldOfAnAddressThatNoFileNames(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	o := newOffice(t, f)
	o.attend("acme", "2026-11-23 16:00")
	f.Application = Application{Stem: "acme", Broken: "line 3: found a tab"}
	h, err := o.acts(f, "2026-11-23 17:00").Hold(t.Context(), "Ken@Acme.example", time.Time{}, "")
	if err != nil || h.Scope != ScopePerson || h.Target != "ken@acme.example" {
		t.Errorf("held is the %s %q: %v", h.Scope, h.Target, err)
	}
	if h, err = o.acts(f, "2026-11-23 17:00").Hold(t.Context(), "thank-you/ken@acme.example", time.Time{}, ""); err != nil || h.Scope != ScopeDelivery {
		t.Errorf("a part of a key holds the %s %q: %v", h.Scope, h.Target, err)
	}
}
