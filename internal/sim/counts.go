package sim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// Counts are what one play, or many, came to.
type Counts struct {
	Seeds      int
	Days       int
	Events     map[Kind]int
	Crashes    int
	Broken     int // connections that met a fault
	Asleep     time.Duration
	Operations int            // of the disk
	Accepted   int            // mails that the server took for somebody else
	Lost       int            // of these, whose final answer did not reach the program
	Notices    int            // mails that the server took for the user
	Answers    map[string]int // to notices, by their word
	Letters    map[Letter]int
	Moves      map[string]int // of the state table, "from -> to"
}

func newCounts() Counts {
	return Counts{Events: map[Kind]int{}, Letters: map[Letter]int{}, Answers: map[string]int{}, Moves: map[string]int{}}
}

// NewCounts returns the sum of no plays.
func NewCounts() Counts { return newCounts() }

// Add adds another play's.
func (c *Counts) Add(o Counts) {
	c.Seeds, c.Days, c.Crashes, c.Broken = c.Seeds+o.Seeds, c.Days+o.Days, c.Crashes+o.Crashes, c.Broken+o.Broken
	c.Asleep, c.Operations, c.Accepted, c.Lost = c.Asleep+o.Asleep, c.Operations+o.Operations, c.Accepted+o.Accepted, c.Lost+o.Lost
	for k, n := range o.Events {
		c.Events[k] += n
	}
	c.Notices += o.Notices
	for k, n := range o.Answers {
		c.Answers[k] += n
	}
	for k, n := range o.Letters {
		c.Letters[k] += n
	}
	for k, n := range o.Moves {
		c.Moves[k] += n
	}
}

// finish counts what is known at the end.
func (c *Counts) finish(s *stage) {
	c.Seeds, c.Days, c.Broken = 1, s.plan.Days, s.wires.broken
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Moves = s.moves
}

// Untaken are the legal moves of the state table that no play has taken.
func (c Counts) Untaken() (all []string) {
	for _, from := range scheduler.States() {
		for _, to := range scheduler.States() {
			if move := moveName(string(from), string(to)); from != to && scheduler.Legal(from, to) && c.Moves[move] == 0 {
				all = append(all, move)
			}
		}
	}
	return all
}

// rarest are so many of the moves that were taken, the rarest first.
func (c Counts) rarest(most int) (all []string) {
	moves := slices.SortedFunc(maps.Keys(c.Moves), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.Moves[a], c.Moves[b]), strings.Compare(a, b))
	})
	for _, m := range moves[:min(most, len(moves))] {
		all = append(all, fmt.Sprintf("%s %d", m, c.Moves[m]))
	}
	return all
}

// LegalMoves is how many moves the state table allows.
func LegalMoves() (n int) {
	for _, from := range scheduler.States() {
		for _, to := range scheduler.States() {
			if from != to && scheduler.Legal(from, to) {
				n++
			}
		}
	}
	return n
}

func moveName(from, to string) string { return from + " -> " + to }

// String tells the counts to somebody who ran many seeds.
func (c Counts) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d seeds, %d simulated days (%.1f years), %d of the nights' hours asleep\n", c.Seeds, c.Days, float64(c.Days)/365.25, int(c.Asleep.Hours()))
	fmt.Fprintf(&b, "%d mails accepted, %d of them with the final answer lost; %d crashes, %d connections broken, %d operations of the disk\n", c.Accepted, c.Lost, c.Crashes, c.Broken, c.Operations)
	for _, k := range slices.Sorted(maps.Keys(c.Events)) {
		fmt.Fprintf(&b, "  %7d %s\n", c.Events[k], k)
	}
	for _, k := range slices.Sorted(maps.Keys(c.Letters)) {
		fmt.Fprintf(&b, "  %7d letters: %s\n", c.Letters[k], k)
	}
	fmt.Fprintf(&b, "  %7d notices by mail\n", c.Notices)
	for _, k := range slices.Sorted(maps.Keys(c.Answers)) {
		fmt.Fprintf(&b, "  %7d answers to notices: %s\n", c.Answers[k], k)
	}
	untaken := c.Untaken()
	fmt.Fprintf(&b, "%d of %d legal moves taken", LegalMoves()-len(untaken), LegalMoves())
	if len(untaken) > 0 {
		fmt.Fprintf(&b, "; not: %s", strings.Join(untaken, ", "))
	}
	fmt.Fprintf(&b, "; seldom: %s\n", strings.Join(c.rarest(6), ", "))
	return b.String()
}
