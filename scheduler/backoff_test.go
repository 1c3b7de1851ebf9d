package scheduler

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"afterword/mailer"
)

// TestReconnect: the pauses grow to five minutes, are cut by a quarter at most,
// differ between profiles and never between two runs, and are long from the
// start where the server asked for patience.
func TestReconnect(t *testing.T) {
	d, other := &Daemon{who: "a/dana@example.org"}, &Daemon{who: "b/dana@example.org"}
	lost, busy := mailer.ErrConnectionLost, fmt.Errorf("reading: %w", mailer.ErrServerBusy)
	differs := false
	for failures := range 1200 {
		full := backoff(failures)
		got := d.reconnect(failures, lost)
		if got > full || got < full*3/4 || got > longestPause {
			t.Errorf("after %d failures the pause is %s, of %s", failures, got, full)
		}
		if got != d.reconnect(failures, lost) {
			t.Errorf("after %d failures the pause is not the same twice", failures)
		}
		differs = differs || got != other.reconnect(failures, lost)
		if patient := d.reconnect(failures, busy); patient < busyPause*3/4 || patient < got || patient > longestPatience || failures <= busyTries && patient > longestPause {
			t.Errorf("after %d failures the pause for a busy server is %s", failures, patient)
		}
	}
	if !differs {
		t.Error("two profiles come back at the same moments")
	}
	for n, want := range []time.Duration{5, 5, 10, 20, 40, 80, 160, 300, 300} {
		if got := backoff(n); got != want*time.Second {
			t.Errorf("after %d failures %s, want %ds", n, got, want)
		}
	}
	// A login that is put off for good, by the look and by the watch alike.
	tries := map[time.Duration]int{}
	for span := range map[time.Duration]bool{time.Hour: true, 24 * time.Hour: true} {
		for past := time.Duration(0); past < span; tries[span]++ {
			past += d.reconnect(tries[span]+1, busy)
		}
	}
	if tries[time.Hour] > 16 || tries[24*time.Hour] > 80 {
		t.Errorf("a server that asks for patience is asked %d times in an hour and %d times in a day", tries[time.Hour], tries[24*time.Hour])
	}
	if d.reconnect(1, errors.New("x")) > shortestPause {
		t.Error("the first pause is long without a reason")
	}
}
