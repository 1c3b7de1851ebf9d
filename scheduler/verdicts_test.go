package scheduler

import (
	"slices"
	"strconv"
	"testing"
	"time"
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

// TestVerdictsMakeRoom: of more mails than are remembered the latest is, and one of the
// others makes room for it; were all forgotten, each would be read anew again and again.
func TestVerdictsMakeRoom(t *testing.T) {
	t.Parallel()
	c, v := &counting{}, &verdicts{}
	key := func(n int) string { return "acme/" + strconv.Itoa(n) }
	for n := range 3 * mostVerdicts {
		v.check(key(n), ProofInput{Asked: n}, c)
		if len(v.known) > mostVerdicts {
			t.Fatalf("after %d mails %d are remembered", n+1, len(v.known))
		}
	}
	asked := c.asked
	last := 3*mostVerdicts - 1
	if v.check(key(last), ProofInput{Asked: last}, c); c.asked != asked {
		t.Error("the latest mail is read again")
	}
	for n := range 3 * mostVerdicts {
		if v.known[key(n)] != nil {
			v.check(key(n), ProofInput{Asked: n}, c)
		}
	}
	if c.asked != asked || len(v.known) != mostVerdicts {
		t.Errorf("%d of the remembered mails are read again, and %d are remembered", c.asked-asked, len(v.known))
	}
}

// unhurried is a proofreader that can look at the time alone.
type unhurried struct {
	counting
	again int
}

func (p *unhurried) Recheck(_ ProofInput, before []Finding) []Finding {
	p.again++
	return append(before, Finding{Code: "bad-hour"})
}

// TestOverdueMailIsNotReadAgain: where only the time goes on, the text is not
// proofread again; where anything else differs with it, it is.
func TestOverdueMailIsNotReadAgain(t *testing.T) {
	t.Parallel()
	p, v := &unhurried{counting: counting{found: []Finding{{Code: "tone"}}}}, &verdicts{}
	at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	in := ProofInput{RenderInput: RenderInput{Leaves: at}, Text: Text{Body: "Dear Ken"}, Planned: at}
	check := func(asked, again, found int) {
		t.Helper()
		if got := v.check("acme/a", in, p); p.asked != asked || p.again != again || len(got) != found {
			t.Errorf("read %d times, want %d, and looked at the time %d times, want %d; found %v", p.asked, asked, p.again, again, got)
		}
	}
	check(1, 0, 1)
	in.Leaves = at.Add(time.Minute)
	check(1, 1, 2)
	check(1, 1, 2)
	in.Planned, in.TooSoon = at.Add(time.Hour), "the gap is seven days"
	check(1, 2, 3)
	in.Leaves, in.Text.Body = at.Add(time.Hour), "Dear Mara"
	check(2, 2, 1)
	in.Leaves = in.Leaves.In(time.FixedZone("", 3600))
	check(3, 2, 1) // days are others there
}
