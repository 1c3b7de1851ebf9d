package sim

import (
	"strings"
	"testing"
)

// TestShrinkKeepsWhatIsNeeded: of many parts the three that make a plan fail
// are left.
func TestShrinkKeepsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	p := Make(7)
	if len(p.Events) < 20 {
		t.Fatalf("seed 7 has only %d events", len(p.Events))
	}
	needed := []uint64{p.Events[3].N, p.Events[11].N, p.Events[17].N}
	tries := 0
	fails := func(q Plan) bool {
		tries++
		found := 0
		for _, e := range q.Events {
			for _, n := range needed {
				if e.N == n {
					found++
				}
			}
		}
		return found == len(needed)
	}
	dropped, left := Shrink(p, 1000, fails)
	if len(left.Events) != 3 || len(left.Applications) != 0 || len(dropped) != len(p.Parts())-3 {
		t.Errorf("after %d tries %d events and %d applications are left, want 3 and 0", tries, len(left.Events), len(left.Applications))
	}
}

// TestShrinkEnds: it stops after the plays that it may make.
func TestShrinkEnds(t *testing.T) {
	t.Parallel()
	tries := 0
	Shrink(Make(7), 5, func(Plan) bool { tries++; return false })
	if tries != 5 {
		t.Errorf("made %d plays, may make 5", tries)
	}
}

// TestPeopleOfAFile: who comes into a file stands there once, who leaves does not,
// and nobody leaves an interview empty.
func TestPeopleOfAFile(t *testing.T) {
	t.Parallel()
	ken, mara := Person{Name: "Ken Osei", Email: "ken@acme.example", Said: "a"}, Person{Name: "Mara Lindt", Email: "mara@acme.example", Said: "b"}
	a := Application{Stem: "acme", Company: "Acme", Domain: "acme.example", Zone: "Europe/Paris",
		Interviews: []Interview{{ID: "round-1", People: []Person{ken}}, {ID: "round-2", People: []Person{ken}}}}
	both := join(a.file(), "round-1", mara)
	_, first, _ := round(both, "round-1")
	if !strings.Contains(first, mara.named()) || join(both, "round-1", mara) != both || strings.Count(both, mara.named()) != 1 {
		t.Errorf("Mara has not come into round-1 once:\n%s", both)
	}
	if got := leave(both, "round-1", mara); got != a.file() {
		t.Errorf("after Mara left it is\n%s\nwant\n%s", got, a.file())
	}
	if got := leave(a.file(), "round-2", ken); got != a.file() {
		t.Errorf("round-2 is empty:\n%s", got)
	}
}
