package scheduler

import (
	"errors"
	"strings"
	"testing"
)

// legalMoves is DESIGN section 3 once more, in its own words: whatever is not
// named here is illegal.
const legalMoves = `
planned: review approved cancelled expired
review: approved planned cancelled expired
approved: review planned sending cancelled expired
sending: handed_over refused approved
handed_over: sent refused in_doubt approved
in_doubt: sent approved cancelled
refused: review cancelled
expired: review cancelled
cancelled: planned
sent: bounced
bounced:
`

// TestLegalMoves checks every pair of states.
func TestLegalMoves(t *testing.T) {
	t.Parallel()
	may := map[State]string{}
	for _, l := range strings.Split(strings.TrimSpace(legalMoves), "\n") {
		from, to, _ := strings.Cut(l, ":")
		may[State(from)] = to + " "
	}
	if len(may) != len(States()) {
		t.Fatalf("the table has %d states, the program %d", len(may), len(States()))
	}
	for _, from := range States() {
		for _, to := range States() {
			want := from == to || strings.Contains(may[from], " "+string(to)+" ")
			if Legal(from, to) != want {
				t.Errorf("from %s to %s: legal is %v, want %v", from, to, !want, want)
			}
		}
		if Legal("", from) != (from == Planned) {
			t.Errorf("a new delivery may begin %s: %v", from, Legal("", from))
		}
	}
}

// TestEveryStateHasOneNature: open, in flight or settled.
func TestEveryStateHasOneNature(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		open := s == Planned || s == Review || s == Approved
		flight := s == Sending || s == HandedOver
		if s.Open() != open || s.InFlight() != flight {
			t.Errorf("%s is open: %v, in flight: %v", s, s.Open(), s.InFlight())
		}
	}
}

// TestKey: lower case, escaped parts, no date.
func TestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ stem, id, step, address, want string }{
		{"Acme-SRE", "Onsite", "thank-you", " Ken@Acme.example ", "acme-sre/onsite/thank-you/ken@acme.example"},
		{"a/b", "round 1", "x%y", "o'neil+jobs@acme.example", "a%2Fb/round%201/x%25y/o%27neil+jobs@acme.example"},
		{"acme", "onsite", "thank-you", "", "acme/onsite/thank-you/"},
	} {
		if got := Key(c.stem, c.id, c.step, c.address); got != c.want {
			t.Errorf("Key(%q, %q, %q, %q) = %q, want %q", c.stem, c.id, c.step, c.address, got, c.want)
		}
	}
}

// TestFindKey: a unique fragment serves, a whole key always names itself.
func TestFindKey(t *testing.T) {
	t.Parallel()
	keys := []string{"acme/onsite/thank-you/ken@acme.example", "acme/onsite/thank-you/ken@acme.example.com", "globex/video/thank-you/noor@globex.example"}
	for _, c := range []struct{ fragment, want, problem string }{
		{"noor", keys[2], ""},
		{keys[0], keys[0], ""},
		{"ACME/ONSITE/THANK-YOU/KEN@ACME.EXAMPLE", keys[0], ""},
		{"ken", "", "fits 2 deliveries"},
		{"nobody", "", "nothing matches"},
		{" ", "", "the key is empty"},
	} {
		got, err := findKey(keys, c.fragment)
		if got != c.want || (err == nil) != (c.problem == "") || (err != nil && !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("findKey(%q) = %q, %v; want %q, %q", c.fragment, got, err, c.want, c.problem)
		}
	}
}

// TestUndone: only what nobody wanted comes back by itself.
func TestUndone(t *testing.T) {
	t.Parallel()
	for _, c := range []Cause{CauseAnswered, CauseSkipped, CauseByHand, CauseThanked, CauseDead, CauseNoMore, CauseDropped} {
		if c.Undone() {
			t.Errorf("what was cancelled as %q comes back by itself", c)
		}
	}
	for _, c := range []Cause{CauseSuperseded, CauseUnwanted, CauseClosed} {
		if !c.Undone() {
			t.Errorf("what was cancelled as %q does not come back", c)
		}
	}
	if ignoreMissing(ErrNotFound) != nil || !errors.Is(ignoreMissing(ErrStoreFailed), ErrStoreFailed) {
		t.Error("only what is missing is nothing to do")
	}
}
