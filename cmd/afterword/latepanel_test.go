package main

import (
	"testing"
	"time"
)

// TestLatePanel: the notes of a panel whose time found the machine off leave once it
// is on again, and no two of them in one minute.
func TestLatePanel(t *testing.T) {
	t.Parallel()
	perform(t, "", panel(), func(s *stage) {
		s.open()
		s.until(2, 20, 0)
		s.close()
		s.until(3, 19, 0)
		s.open()
		s.until(3, 20, 0)
		var minutes []time.Time
		for address := range panelSaid() {
			for _, a := range s.world.AcceptedTo(address) {
				minutes = append(minutes, a.At.Truncate(time.Minute))
			}
		}
		if len(minutes) != 3 || minutes[0].Equal(minutes[1]) || minutes[1].Equal(minutes[2]) || minutes[0].Equal(minutes[2]) {
			t.Errorf("the notes left at %s\n%s", minutes, s.story())
		}
	})
}
