package scheduler

import "testing"

// TestMeetingWasEarlier: where the file puts a meeting right that took place earlier than it
// said, what came since is an answer, and the follow-ups are cancelled; what came before it, or
// after a meeting that was put off, ends nothing.
func TestMeetingWasEarlier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, moved, wrote string
		ended              bool
	}{
		{"put right, answered since", "2026-11-23 14:00", "2026-11-24 10:00", true},
		{"put right, written to before", "2026-11-23 14:00", "2026-11-23 10:00", false},
		{"put off, written to before", "2026-11-27 14:00", "2026-11-24 10:00", false},
	} {
		i := onsite(person("Ken"))
		i.At = paris("2026-11-25 14:00")
		f := acme(i)
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 09:00")
		o.store.mails = append(o.store.mails, Mail{MessageID: "<theirs@acme.example>", Application: "acme", Person: "ken@acme.example", Class: "human", At: paris(c.wrote)})
		i.At = paris(c.moved)
		moved := acme(i)
		o.world.Applications["acme"] = moved.Application
		o.attend("acme", "2026-11-24 12:00")
		if got := o.delivery("follow-up-1"); (got.State == Cancelled && got.Cause == CauseAnswered) != c.ended {
			t.Errorf("%s: the follow-up is %s (%s): %s", c.name, got.State, got.Cause, got.Why)
		}
	}
}
