package sqlite

import (
	"testing"
	"time"

	"afterword/scheduler"
)

// What was decoded once is given again only while the row says the same, whoever
// changed it, and nobody sees what another reader made of it.
func TestDecodedOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := openStore(t, path)
	put := func(in *Store, body string) {
		t.Helper()
		d := example("a")
		d.Text.Body, d.Findings = body, []scheduler.Finding{{Code: "length"}, {Code: "spelling"}, {Code: "grammar"}}
		if err := in.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) }); err != nil {
			t.Fatal(err)
		}
	}
	read := func() (d scheduler.Delivery) {
		t.Helper()
		err := s.View(t.Context(), func(r scheduler.Reader) (err error) {
			d, err = r.Delivery("a")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	put(s, "one")
	first, again := read(), read()
	_ = append(first.Findings, scheduler.Finding{Code: "tone"})
	grown := append(again.Findings, scheduler.Finding{Code: "dense"})
	_ = append(again.Findings, scheduler.Finding{Code: "pressure"})
	if len(read().Findings) != 3 || grown[3].Code != "dense" || again.Text.Body != "one" {
		t.Errorf("two readers share what they add: %v, %v", read().Findings, grown)
	}
	put(openStore(t, path), "two") // another process
	if got := read().Text.Body; got != "two" {
		t.Errorf("read %q, want what stands there now", got)
	}
	put(s, "three")
	if got := read().Text.Body; got != "three" {
		t.Errorf("read %q, want what was written last", got)
	}
}
