package scheduler

import (
	"strings"
	"testing"
)

// TestMailThatALimitKeptCanBeWrittenAgain: what came back since the account had sent
// all that it may did not arrive. The user is told how to write it once more, and may:
// its reader's address is as good as before.
func TestMailThatALimitKeptCanBeWrittenAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		mail [2]string
		told string
		dead string
	}{
		{"a limit", ownLimit("<ours-to-ken@example.org>"), "afterword queue acme thank-you --to ken@acme.example", ""},
		{"a dead address", report("5.1.1", "failed", "ken@acme.example", "<ours-to-ken@example.org>"), "came back", "mail to ken@acme.example came back"},
	} {
		o := desk(t, noRecruiter)
		sent := o.store.get(Key("acme", "onsite", "thank-you", "ken@acme.example"))
		sent.Template = "thank-you"
		o.store.set(sent)
		o.take("2026-11-24 11:00", o.mail(c.mail[0], c.mail[1]))
		told := ""
		for _, n := range o.store.notices {
			told += n.Text + "\n"
		}
		if !strings.Contains(told, c.told) {
			t.Errorf("%s: told %q, want %q", c.name, told, c.told)
		}
		f, err := LoadFacts(o.store, o.world, "acme", paris("2026-11-24 11:00"))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.deadAddress("ken@acme.example", "acme//thank-you/ken@acme.example"); got != c.dead {
			t.Errorf("%s: the address is %q, want %q", c.name, got, c.dead)
		}
	}
}
