package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// TestFreeze: bytes that were tried go out again as they are, whichever way the
// candidate's domain is written. From another address they are made anew as long
// as no server can know them, and do not leave afterwards.
func TestFreeze(t *testing.T) {
	t.Parallel()
	compose := func(f *Facts, _ Delivery, _ time.Time) (mailer.Frozen, error) {
		return mailer.Frozen{From: f.Policy.Me.Email, Bytes: []byte("new")}, nil
	}
	for _, c := range []struct {
		name, from, me string // from: of the bytes, "" for none
		known          bool   // to a server
		want           string // "" for a refusal
	}{
		{"first attempt", "", "dana@example.org", false, "new"},
		{"tried", "dana@example.org", "dana@example.org", false, "old"},
		{"known", "dana@example.org", "Dana@Example.org", true, "old"},
		{"a domain in Unicode", "dana@xn--bcher-kva.example", "dana@b\u00fccher.example", true, "old"},
		{"tried from another address", "dana@old.example", "dana@example.org", false, "new"},
		{"known from another address", "dana@old.example", "dana@example.org", true, ""},
	} {
		d := Delivery{AnyData: c.known}
		if c.from != "" {
			d.Frozen = &mailer.Frozen{From: c.from, Bytes: []byte("old")}
		}
		got, err := freeze(compose, &Facts{Policy: Policy{Me: Me{Email: c.me}}}, d, time.Time{})
		if string(got.Bytes) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: got %q, %v; want %q", c.name, got.Bytes, err, c.want)
		}
		if err != nil && !strings.Contains(err.Error(), "set me.email back") {
			t.Errorf("%s: %v does not say what to do", c.name, err)
		}
	}
}
