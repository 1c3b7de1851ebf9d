package scheduler

import (
	"log/slog"
	"testing"
	"time"
)

// stopped is a clock that stands at one moment.
type stopped struct{ at time.Time }

func (s stopped) Now() time.Time                                  { return s.at }
func (stopped) NewTimer(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }
func (stopped) Hold() func()                                      { return func() {} }

// TestBeginDay: the day on which a silence has lasted long enough brings the
// check-in, although no delivery asked to be woken; the same day does nothing.
func TestBeginDay(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(f *Facts) {
		f.Policy.Sequences["default"] = f.Policy.Sequences["default"][:1]
		f.heardFrom("ken@acme.example", "human", paris("2026-11-26 09:00"))
	})
	o := newOffice(t, f)
	o.store.set(f.Stored[0])
	o.store.mails = f.Mails
	for _, c := range []struct {
		last, now string
		want      bool
	}{
		{"2026-12-07 08:00", "2026-12-07 23:59", false}, // the same day
		{"2026-12-04 23:59", "2026-12-05 00:00", false}, // too soon
		{"2026-12-07 23:59", "2026-12-08 00:00", true},
	} {
		d := &Daemon{Store: o.store, Writers: o.writers, Clock: stopped{paris(c.now)}, Log: slog.New(slog.DiscardHandler), world: o.world}
		if err := d.beginDay(t.Context(), paris(c.last), paris(c.now)); err != nil {
			t.Fatal(err)
		}
		if _, err := o.store.Delivery("acme/onsite/check-in/ken@acme.example"); (err == nil) != c.want {
			t.Errorf("from %s to %s: a check-in is there: %v, want %v", c.last, c.now, err == nil, c.want)
		}
	}
}
