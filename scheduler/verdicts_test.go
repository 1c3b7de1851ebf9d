package scheduler

import (
	"slices"
	"testing"
)

// counting is a proofreader that counts what it is asked.
type counting struct {
	asked int
	found []Finding
}

func (c *counting) Check(ProofInput) []Finding {
	c.asked++
	return slices.Clone(c.found)
}

// TestProofreadAgainOnlyWhatChanged: the daemon attends to a mail many times
// before it leaves, and proofreads it again where the text, what it is held
// against or the files have changed.
func TestProofreadAgainOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	c := &counting{found: []Finding{{Code: "tone"}}}
	v := &verdicts{}
	in := ProofInput{Text: Text{Subject: "Thank you", Body: "Dear Ken"}, Asked: 1, Others: slices.Values([]Application{{Stem: "globex"}})}
	ask := func(key string, in ProofInput, want int) {
		t.Helper()
		got := v.check(key, in, c)
		if c.asked != want || len(got) != 1 || got[0].Code != "tone" {
			t.Errorf("the proofreader was asked %d times, want %d; found %v", c.asked, want, got)
		}
		got[0].Code = "changed by who asked"
	}
	ask("acme/a", in, 1)
	ask("acme/a", in, 1)
	ask("acme/b", in, 2) // another mail
	in.Asked = 2
	ask("acme/a", in, 3)
	in.Panel = []Text{{Body: "Dear Mara"}}
	ask("acme/a", in, 4)
	ask("acme/a", in, 4)
	v = &verdicts{} // the files were read anew
	ask("acme/a", in, 5)
	v = nil // a command remembers nothing
	ask("acme/a", in, 6)
	ask("acme/a", in, 7)
}
